"""Work on many items at once: the same results in the same order, whoever does it."""

import itertools
import multiprocessing
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from toolkit import errors, workers
from toolkit.errors import OtherFormError, ToolkitError, UnreadableError, UsageError
from toolkit.workers import spread


def squared(number: int) -> int:
    return number * number


def own_process(_number: int) -> int:
    return os.getpid()


def refusing(number: int) -> int:
    if number == 21:
        raise UnreadableError("密码打不开。", "0021.xlsx")
    return number


def broken(number: int) -> int:
    return 1 // (number - 3)


def greedy(number: int) -> int:
    if number == 5:
        raise MemoryError
    return number


def deadly(number: int) -> int:
    if number == 21:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def deadly_once(mark: Path, number: int) -> int:
    if number == 21 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def resting(_number: int) -> bool:
    import gc  # noqa: PLC0415 -- asked of the worker

    return gc.isenabled()


def results_until_error(results):
    """What comes before the error, and the error."""
    got = []
    try:
        got.extend(results)  # keeps what it has when one raises
    except Exception as error:  # noqa: BLE001 -- whichever it is
        return got, error
    return got, None


def children() -> list[int]:
    return [child.pid for child in multiprocessing.active_children()]


kills = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")

# -- the same results in the same order


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("items", [0, 1, 8, 50])
def test_any_number_of_workers_gives_the_serial_results_in_order(count, items):
    assert list(spread(squared, range(items), workers=count)) == [n * n for n in range(items)]


def test_started_anew_processes_give_the_same(monkeypatch):
    monkeypatch.setattr(workers, "_start_method", lambda: "spawn")
    assert list(spread(squared, range(20), workers=2)) == [n * n for n in range(20)]


def test_one_worker_is_this_process():
    assert set(spread(own_process, range(20), workers=1)) == {os.getpid()}


def test_several_workers_are_other_processes_which_are_gone_afterwards():
    who = set(spread(own_process, range(20), workers=2))
    assert os.getpid() not in who
    assert not who & set(children())


@pytest.mark.parametrize(
    ("method", "items", "apart"),
    [("fork", 15, False), ("fork", 16, True), ("spawn", 63, False), ("spawn", 64, True)],
)
def test_untold_processes_are_made_where_they_repay_their_start(monkeypatch, method, items, apart):
    monkeypatch.setattr(workers, "_start_method", lambda: method)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    who = set(spread(own_process, range(items)))
    assert (os.getpid() not in who) is apart


def test_a_single_core_is_not_shared_among_processes(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert set(spread(own_process, range(100))) == {os.getpid()}


def test_processes_start_anew_where_threads_run(monkeypatch):
    monkeypatch.setattr(workers.threading, "active_count", lambda: 2)
    assert workers._start_method() == "spawn"  # noqa: SLF001 -- what decides


@pytest.mark.parametrize("count", [1, 2])
def test_the_collector_rests_while_a_chunk_is_worked_on(count):
    assert set(spread(resting, range(20), workers=count)) == {False}


# -- no more than a few ahead


def drawn_ahead(count: int | None) -> int:
    """How many of a million items are drawn before the first result is taken."""
    drawn = itertools.count()
    items = (next(drawn) for _ in range(1_000_000))
    results = spread(squared, items, workers=count)
    assert next(results) == 0
    ahead = next(drawn)
    results.close()
    return ahead


def test_items_are_drawn_a_few_chunks_ahead_of_the_results():
    assert drawn_ahead(2) <= 2 * 4 * 8 + 16 + 8
    assert drawn_ahead(1) <= 8 * (os.cpu_count() or 1) + 16


def test_results_nobody_wants_any_more_end_the_processes():
    results = spread(squared, range(1_000), workers=2)
    next(results)
    assert len(children()) == 2
    results.close()
    assert children() == []


# -- errors


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_comes_after_the_results_before_it(count):
    got, error = results_until_error(spread(refusing, range(100), workers=count))
    assert got == list(range(21))
    assert isinstance(error, UnreadableError)
    assert (str(error), error.reason) == ("0021.xlsx：密码打不开。", "密码打不开。")


def test_every_error_of_ours_travels_whole():
    ours = [each for each in vars(errors).values() if isinstance(each, type)]
    assert OtherFormError in ours
    for kind in ours:
        more = ("0203.xlsx",) if issubclass(kind, UnreadableError) else ()
        error = kind("读不出来。", *more)
        error.add_note("第 7 行")
        back = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes
        assert type(back) is kind
        assert (str(back), back.reason, back.exit_code) == (
            str(error),
            "读不出来。",
            error.exit_code,
        )
        assert back.__notes__ == ["第 7 行"]


@pytest.mark.parametrize("count", [1, 2])
def test_an_error_in_the_program_stays_what_it_is(count):
    _, error = results_until_error(spread(broken, range(20), workers=count))
    assert isinstance(error, ZeroDivisionError)


@pytest.mark.parametrize("count", [1, 2])
def test_want_of_memory_names_the_item(count):
    got, error = results_until_error(spread(greedy, range(20), workers=count))
    assert got == [0, 1, 2, 3, 4]
    assert type(error) is ToolkitError
    assert str(error) == "5：内存不够，没有处理完。请关闭其他程序后再试。"


@kills
def test_a_worker_that_is_killed_twice_names_the_item_that_it_had():
    got, error = results_until_error(spread(deadly, range(100), workers=2))
    assert got == list(range(21))
    assert type(error) is ToolkitError
    assert str(error).startswith("21：处理到这里时程序被系统中止")
    assert children() == []


@kills
def test_a_worker_that_is_killed_once_costs_nothing_but_time(tmp_path):
    work = partial(deadly_once, tmp_path / "killed")
    assert list(spread(work, range(100), workers=2)) == list(range(100))
    assert (tmp_path / "killed").exists()


SLOW = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite run with & has it ignored
from test_workers import slow
from toolkit.workers import spread
if __name__ == "__main__":
    for result in spread(slow, range(1000), workers=2):
        print(result, flush=True)
"""


def slow(number: int) -> str:
    time.sleep(0.05)
    return f"{number} {os.getpid()}"


def interrupted(tmp_path, number: signal.Signals) -> tuple[subprocess.CompletedProcess, list[int]]:
    """Run slow work in a group of its own, stop it after some results; who worked, what it said."""
    script = tmp_path / "slow.py"
    script.write_text(SLOW)
    running = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
    )
    who = {int(running.stdout.readline().split()[1]) for _ in range(20)}
    if number is signal.SIGINT:
        os.killpg(running.pid, number)  # as a terminal does
    else:
        running.send_signal(number)
    out, err = running.communicate(timeout=20)
    return subprocess.CompletedProcess([], running.returncode, out, err), sorted(who)


def gone(pids: list[int]) -> bool:
    """Whether processes have ended within some seconds."""
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_the_run_however_it_ends(tmp_path, number):
    done, who = interrupted(tmp_path, number)
    assert done.returncode != 0
    assert len(who) == 2
    assert gone(who)
    assert done.stderr.count("Traceback") <= 1  # the run's own, none of a worker's


# -- a cluster


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as local:
        yield local.scheduler_address


@pytest.mark.parametrize("items", [0, 5, 100])
def test_a_cluster_gives_the_serial_results_in_order(cluster, items):
    assert list(spread(squared, range(items), cluster=cluster)) == [n * n for n in range(items)]


def test_a_cluster_works_in_processes_of_its_own(cluster):
    who = set(spread(own_process, range(100), cluster=cluster))
    assert os.getpid() not in who


def test_an_error_on_a_cluster_comes_after_the_results_before_it(cluster):
    got, error = results_until_error(spread(refusing, range(100), cluster=cluster))
    assert got == list(range(21))
    assert isinstance(error, UnreadableError)
    assert error.reason == "密码打不开。"


def test_an_item_is_worked_on_anew_on_a_cluster_that_has_seen_it(cluster, tmp_path):
    seen = tmp_path / "0203.xlsx"
    for text in ("旧", "新"):
        seen.write_text(text, encoding="utf-8")
        assert list(spread(content, [seen], cluster=cluster)) == [text]


def content(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_items_are_drawn_a_few_chunks_ahead_of_a_cluster(cluster):
    drawn = itertools.count()
    results = spread(squared, (next(drawn) for _ in range(1_000_000)), cluster=cluster)
    assert next(results) == 0
    assert next(drawn) <= 2 * 4 * 16 + 16
    results.close()


@kills
def test_a_cluster_whose_workers_die_names_the_item_that_they_had():
    distributed = pytest.importorskip("distributed")
    once = {"distributed.scheduler.allowed-failures": 0}  # not three times more
    with (
        pytest.importorskip("dask").config.set(once),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as local,
    ):
        got, error = results_until_error(spread(deadly, range(40), cluster=local.scheduler_address))
    assert got == list(range(21))
    assert type(error) is ToolkitError
    assert str(error).startswith("21：集群处理到这里时中断。")


def test_a_cluster_that_is_closed_meanwhile_ends_the_run_in_a_sentence(monkeypatch):
    monkeypatch.setattr(workers, "_PATIENCE", 1)
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as local:
        results = spread(slow, range(1000), cluster=local.scheduler_address)
        assert next(results).startswith("0 ")
    got, error = results_until_error(results)
    assert got[-1].startswith(f"{len(got)} ")
    assert type(error) is ToolkitError
    assert str(error).startswith(f"{len(got) + 1}：集群处理到这里时中断。")


def test_a_cluster_without_workers_is_refused():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as local,
        pytest.raises(UsageError, match="集群里没有工作进程"),
    ):
        list(spread(squared, range(3), cluster=local.scheduler_address))


def other_version() -> str:
    return "0.0.9"


def no_version() -> str:
    raise ModuleNotFoundError


@pytest.mark.parametrize(
    ("version", "said"), [(other_version, "是 0.0.9 版"), (no_version, "没有安装本程序")]
)
def test_a_cluster_with_another_version_of_the_program_is_refused(
    cluster, monkeypatch, version, said
):
    monkeypatch.setattr(workers, "_version", version)
    with pytest.raises(UsageError, match=said):
        list(spread(squared, range(3), cluster=cluster))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_cluster_that_is_not_there_is_refused():
    pytest.importorskip("distributed")
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(UsageError, match="连不上 Dask 集群"):
        list(spread(squared, range(3), cluster=address))


def test_a_cluster_that_hangs_up_is_refused(monkeypatch):
    distributed = pytest.importorskip("distributed")

    def hang_up(*_, **__):
        raise OSError

    monkeypatch.setattr(distributed, "Client", hang_up)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(UsageError, match="连不上 Dask 集群"),
    ):
        list(spread(squared, [1], cluster=f"tcp://127.0.0.1:{server.getsockname()[1]}"))


@pytest.mark.parametrize("address", ["8786", "主机", "http://a:1", "tcp://a", "tcp://a:b"])
def test_an_address_that_is_none_is_refused(address):
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="请写成 tcp://主机名:8786 的样子"):
        list(spread(squared, range(3), cluster=address))


def test_without_dask_a_cluster_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'zhengdun\[cluster\]'"):
        list(spread(squared, range(3), cluster="tcp://127.0.0.1:8786"))


def test_what_is_to_be_done_meanwhile_is_done_once_and_only_beside_processes():
    done = []
    many = list(range(40))
    assert list(spread(abs, many, workers=2, meanwhile=lambda: done.append("here"))) == many
    assert done == ["here"]
    assert list(spread(abs, many, workers=1, meanwhile=lambda: done.append("again"))) == many
    assert done == ["here"]
