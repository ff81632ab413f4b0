"""What is said where an open workbook cannot be got at."""

import subprocess
import sys

import pytest

from toolkit.errors import LiveError
from toolkit.live import states

PARTS = {"SYSTEM", "NEVER_SAVED", "IN_CLOUD", "NOT_SAVED", "MARKS_SAVED", "CLEARING_SAVED"}
SENTENCES = {
    name: sentence
    for name, sentence in vars(states).items()
    if name.isupper() and name not in PARTS
}


@pytest.mark.usefixtures("windows")
def test_windows_is_what_is_asked_for():
    states.require_windows()


@pytest.mark.parametrize(
    ("system", "sentence"), [("linux", states.NOT_WINDOWS), ("darwin", states.MACOS)]
)
def test_another_system_is_told_what_it_can_use_instead(system, sentence, monkeypatch):
    monkeypatch.setattr(states, "SYSTEM", system)
    with pytest.raises(LiveError, match="zhengdun watch 文件夹") as refused:
        states.require_windows()
    assert str(refused.value) == sentence
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_a_state_is_one_line_that_says_what_to_do(sentence):
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert any(word in sentence for word in ("请", "不做标记", "按默认参数"))


def test_the_system_is_asked_before_xlwings_is_there():
    code = (
        "import sys; from toolkit.live.states import require_windows\n"
        "assert 'xlwings' not in sys.modules\n"
        "require_windows('win32')\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
