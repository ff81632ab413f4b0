"""Work on many items at once: in processes of this machine, or on a Dask cluster.

Results come in the order of the items, whoever worked, and no more of them are held than a few
chunks ahead. Where a process dies, what it had is worked on again item by item, so that the one
at fault can be named.
"""

import itertools
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from multiprocessing.connection import wait
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from toolkit import __version__
from toolkit.errors import ToolkitError, UsageError
from toolkit.garbage import uncollected

T = TypeVar("T")
R = TypeVar("R")

_CHUNK, _CHUNK_OF_CLUSTER = 4, 16  # items a task: each costs a pipe 0.2 ms, a scheduler 2.5
_REPAYING = 8  # items, each some 20 ms, that repay one process its start
_AHEAD = 4  # chunks that each worker may be ahead of whoever takes the results
_ENOUGH = {"fork": 16, "spawn": 64}  # items from which on processes repay their start
_MOST_PROCESSES = 61  # as many as Windows can wait for
_PATIENCE = 10  # seconds, after which a cluster that does not answer is none


def spread(
    work: Callable[[T], R],
    items: Iterable[T],
    *,
    workers: int | None = None,
    cluster: str = "",
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[R]:
    """Yield what `work` makes of each item, in the items' order.

    `work` is a function that can be pickled, and so are items and results. `workers` None decides
    by the number of items, 1 works in this process. `cluster` is a Dask scheduler's address.
    `meanwhile` is done here while processes have their first items; without any it is not done.
    Raises UsageError where the cluster cannot be used, ToolkitError where an item ends its worker,
    and what `work` raises, each after the results of the items before.
    """
    if cluster:
        return _on_cluster(work, items, cluster)
    method = _start_method()
    cores = min(os.cpu_count() or 1, _MOST_PROCESSES)
    rest = iter(items)
    head = list(itertools.islice(rest, max(_ENOUGH[method], _REPAYING * cores)))
    if workers is None:
        workers = min(cores, -(-len(head) // _REPAYING)) if len(head) >= _ENOUGH[method] else 1
    every = itertools.chain(head, rest)
    if workers == 1:
        return _here(work, every)
    size = _Size(min(workers, _MOST_PROCESSES), _CHUNK)
    return _steadily(work, every, partial(_processes, method), size, _KILLED, meanwhile)


class _Size(NamedTuple):
    """How many work at once, and how many items each is given at a time."""

    workers: int
    chunk: int


class _Mishaps(NamedTuple):
    """What is raised where a worker is lost, and what to say of the item that it was lost with."""

    kinds: tuple[type[Exception], ...]
    said: str


class _Done(NamedTuple):
    """What became of a chunk: its results, and the error that ended it early."""

    results: Sequence[Any]
    error: ToolkitError | None = None


def _worked(work: Callable[[T], R], chunk: Sequence[T]) -> _Done:
    """Return what becomes of a chunk; runs in the worker."""
    results: list[R] = []
    with uncollected():
        for item in chunk:
            try:
                results.append(work(item))
            except ToolkitError as error:
                return _Done(results, error)
            except MemoryError:
                said = f"{item}：内存不够，没有处理完。请关闭其他程序后再试。"
                return _Done(results, ToolkitError(said))
    return _Done(results)


def _given(done: _Done) -> Iterator[Any]:
    """Yield a chunk's results, then raise its error."""
    yield from done.results
    if done.error:
        raise done.error


def _here(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    for item in items:
        yield from _given(_worked(work, (item,)))


def _chunks(items: Iterator[T], size: int) -> Iterator[Sequence[T]]:
    return iter(lambda: tuple(itertools.islice(items, size)), ())


def _ordered(  # noqa: PLR0913, PLR0917 -- what a queue is made of
    pool: Executor,
    work: Callable[[T], R],
    chunks: Iterator[Sequence[T]],
    ahead: int,
    unfinished: deque[Sequence[T]],
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[R]:
    """Yield the results of chunks in order; those without any yet are in `unfinished`."""
    futures: deque[Future[_Done]] = deque()
    while True:
        for chunk in itertools.islice(chunks, ahead - len(futures)):
            unfinished.append(chunk)
            futures.append(pool.submit(_worked, work, chunk))
        if not futures:
            return
        if meanwhile:
            meanwhile()
            meanwhile = None
        done = futures[0].result()
        futures.popleft()
        unfinished.popleft()
        yield from _given(done)


def _steadily(  # noqa: PLR0913, PLR0917 -- as above
    work: Callable[[T], R],
    items: Iterable[T],
    pools: Callable[[int], AbstractContextManager[Executor]],
    size: _Size,
    mishaps: _Mishaps,
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[R]:
    """Yield results in order; chunks that a mishap has left unfinished are done item by item."""
    rest = iter(items)
    while True:
        unfinished: deque[Sequence[T]] = deque()
        try:
            with pools(size.workers) as pool:
                ahead = size.workers * _AHEAD
                chunks = _chunks(rest, size.chunk)
                yield from _ordered(pool, work, chunks, ahead, unfinished, meanwhile)
        except mishaps.kinds:
            again = itertools.chain.from_iterable(unfinished)
        else:
            return
        alone: deque[Sequence[T]] = deque()
        try:
            with pools(1) as pool:
                yield from _ordered(pool, work, _chunks(again, 1), 1, alone)
        except mishaps.kinds:
            raise ToolkitError(f"{alone[0][0]}：{mishaps.said}") from None


# -- processes of this machine --------------------------------------------------------------------

_KILLED = _Mishaps(
    (BrokenProcessPool,),
    "处理到这里时程序被系统中止，可能是内存不够。请关闭其他程序后再试；"
    "如果还停在这里，请先把它移走，单独核对。",
)


def _start_method() -> str:
    """Return how processes start: as copies of this one where that is quick and safe."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


@contextmanager
def _processes(method: str, workers: int) -> Iterator[Executor]:
    """Yield processes to work in; whatever ends the work early ends them as well."""
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context(method)
    pool = ProcessPoolExecutor(workers, context, initializer=_begin)
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the process that we work for, and end with it, even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


# -- a Dask cluster -------------------------------------------------------------------------------


def _on_cluster(work: Callable[[T], R], items: Iterable[T], address: str) -> Iterator[R]:
    """Yield results as a cluster sends them."""
    with _client(address) as client:
        from distributed import KilledWorker  # noqa: PLC0415 -- an extra, slow to load
        from distributed.comm import CommClosedError  # noqa: PLC0415 -- as above

        mishaps = _Mishaps(
            (KilledWorker, CommClosedError, CancelledError),
            "集群处理到这里时中断。请查看集群的内存和网络后再试，或去掉 --cluster 在本机处理。",
        )
        size = _Size(sum(client.nthreads().values()), _CHUNK_OF_CLUSTER)
        pool = client.get_executor(pure=False)  # a file may have changed under its name
        yield from _steadily(work, items, lambda _: nullcontext(pool), size, mishaps)


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Yield a connection to a cluster whose workers all have this program in this version."""
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra, slow to load
    except ImportError:
        raise UsageError(
            "本机没有安装 --cluster 要用的 Dask。请运行 pip install 'zhengdun[cluster]'，"
            "或去掉 --cluster 在本机处理。"
        ) from None
    _knock(address)
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except OSError:
        raise UsageError(f"{address}：{_UNREACHABLE}") from None
    with client:
        versions = client.run(_version, on_error="return")
        if not versions:
            raise UsageError(f"{address}：集群里没有工作进程。请先启动 dask worker 再试。")
        for worker, version in versions.items():
            if version != __version__:
                told = f"是 {version} 版" if isinstance(version, str) else "没有安装本程序"
                raise UsageError(
                    f"集群的工作进程 {worker} {told}，本机是 {__version__} 版。请装成同一版再试。"
                )
        yield client


_UNREACHABLE = "连不上 Dask 集群。请核对地址和网络，或去掉 --cluster 在本机处理。"


def _knock(address: str) -> None:
    """Refuse an address that is none, or where nobody listens: Dask would say so at length."""
    told = urlsplit(address)
    try:
        if told.scheme != "tcp" or not told.hostname or not told.port:
            raise UsageError(f"集群地址“{address}”读不出来。请写成 tcp://主机名:8786 的样子。")
        socket.create_connection((told.hostname, told.port), timeout=_PATIENCE).close()
    except ValueError:  # a port that is no number
        raise UsageError(
            f"集群地址“{address}”读不出来。请写成 tcp://主机名:8786 的样子。"
        ) from None
    except OSError:
        raise UsageError(f"{address}：{_UNREACHABLE}") from None


def _version() -> str:
    """Return which version of this program a worker has; runs there."""
    return __version__
