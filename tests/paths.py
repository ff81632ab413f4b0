"""Where the suite finds what lies beside it."""

import importlib.util
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED = CHECKOUT.parent / "shared"
SEED = SHARED / "seed" / "整顿方案-2022.txt"
EXAMPLES = CHECKOUT / "examples" / "青石镇"

needs_seed = pytest.mark.skipif(
    not SEED.exists(), reason="the real plan is not beside the checkout"
)


def office() -> str:
    """Return the office suite's program; skips the test, or in CI fails it, where it is missing."""
    program = shutil.which("soffice")
    if program is None:
        message = "LibreOffice is not installed"
        if os.environ.get("ZHENGDUN_OFFICE") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return program


@cache
def tool(name: str) -> ModuleType:
    """Return a script of the shared tools as a module; skips the test where it is missing."""
    path = SHARED / "tools" / f"{name}.py"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module
