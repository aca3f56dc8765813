"""Processes and their descendants: adopt, list, end. Nothing a run starts may outlive it."""

import asyncio
import atexit
import contextlib
import ctypes
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from helpers.engine.journal import Journal
from helpers.engine.meter import Meter
from helpers.engine.outcome import WRITES_TOO_MUCH

FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""Variables of a process that runs cells: outputs repeat, and no library starts a thread that a
fork would lose.
"""
_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def adopt_orphans() -> None:
    """From now on a descendant whose parent ends becomes a child of this process, even after a
    double fork (Linux).
    """
    _prctl(_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """End this process at once when its parent ends (Linux)."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _prctl(option: int, argument: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, argument, 0, 0, 0)


def end_after(wait: Callable[[], Any]) -> None:
    """End this process and everything below it when `wait` returns, as it does when somebody else
    has ended, in whatever way.

    The parent-death signal would not do: it follows the thread that started this process, and
    spares grandchildren.
    """

    def watch() -> None:
        wait()
        end_children()
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="lifeline").start()


def end_with_parent(parent: int) -> bool:
    """End this process and everything below it when its parent ends, and at once when that has
    ended already. False where the system does not offer the watch (Linux does) or a sandbox
    forbids it.
    """
    if not hasattr(os, "pidfd_open"):
        return False
    watches = False
    with contextlib.suppress(OSError):  # the parent is gone, or the sandbox forbids it
        descriptor = os.pidfd_open(parent)
        end_after(lambda: select.select([descriptor], [], []))
        watches = True
    if os.getppid() != parent:
        os._exit(1)
    return watches


def children() -> dict[int, str]:
    """Running direct children of this process: id → name."""
    running = {}
    for process_id in children_of():
        try:
            process = psutil.Process(process_id)
            if process.status() != psutil.STATUS_ZOMBIE:
                running[process_id] = process.name()
        except psutil.NoSuchProcess:
            continue
    return running


def children_of(process_id: int | str = "self") -> list[int]:
    """Child ids, on Linux from the kernel's own list: microseconds, where a scan of all processes
    takes milliseconds.
    """
    if sys.platform != "linux":
        own = psutil.Process(None if process_id == "self" else int(process_id))
        return [process.pid for process in own.children()]
    listed: list[int] = []
    for path in Path(f"/proc/{process_id}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has ended
            listed += map(int, path.read_text().split())
    return listed


def private_bytes(process_id: int, enough: float) -> int:
    """Memory that a process and all below it share with nobody: what would be free without them.

    Pages that a fork shares with its parent do not count, nor does address space that is not used.
    Where even an upper bound, which is quick to tell, is not above `enough`, it is the bound.
    """
    family, waiting = [], [process_id]
    while waiting:
        family.append(waiting.pop())
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            waiting += children_of(family[-1])
    bound = sum(map(_unshared_at_most, family))
    return bound if bound <= enough else sum(map(_unshared, family))


def _unshared_at_most(process_id: int) -> int:
    if sys.platform != "linux":
        return _unshared(process_id)
    try:
        _, resident, of_files, *_ = Path(f"/proc/{process_id}/statm").read_text().split()
    except OSError:  # gone meanwhile
        return 0
    return (int(resident) - int(of_files)) * PAGE


def _unshared(process_id: int) -> int:
    try:
        return int(psutil.Process(process_id).memory_full_info().uss)
    except psutil.Error:
        return 0


STOPPED = "T"  # the state of a process that stands still until somebody wakes it


def state_of(process_id: int) -> tuple[str, int]:
    """One letter for the state of a process, as the system writes it (Z has ended),
    and the exit code of one that has ended; empty where there is no such process (Linux).
    """
    try:
        text = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return "", 0
    fields = text.rpartition(")")[2].split()  # a name may hold blanks and brackets
    return fields[0], os.waitstatus_to_exitcode(int(fields[-1])) if fields[0] == "Z" else 0


def end_tree(process_id: int) -> bool:
    """Kill a process and everything below it. False where the system refuses to kill the process
    itself, as it does for one of another user.
    """
    refused = False
    try:
        root = psutil.Process(process_id)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return True
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied:
            refused = refused or process is root
    return not refused


def end_children(spare: set[int] | None = None) -> None:
    """Kill and reap every child of this process but those to spare, including orphans adopted
    meanwhile.
    """
    spared = set(spare or ())
    while leftover := set(children_of()) - spared:
        for process_id in leftover:
            if not end_tree(process_id):
                spared.add(process_id)
                continue
            try:
                os.waitpid(process_id, 0)
            except ChildProcessError:
                continue


def threads() -> int:
    """Number of threads of this process, counted by the system."""
    return len(list(Path("/proc/self/task").iterdir()))


class FaultMonitor:
    """Watches one kernel from its first cell to its end; `finish` reports what only the end can
    tell.
    """

    def __init__(self, folder: Path, shell: Any):
        self._journal, self._shell = Journal(folder), shell
        # of the cell that runs or ran last; IPython's own runs ahead of it
        self._count = shell.execution_count - 1
        self._loop: Any = None
        self._tasks: list[tuple[int, Any]] = []
        self._first_seen: dict[int, int] = {}
        self._before = set(children())
        self._left: dict[int, str] = {}
        self._previous_hook = threading.excepthook
        threading.excepthook = self._thread_failed
        shell.events.register("pre_run_cell", self._cell_starts)
        shell.events.register("post_run_cell", self._cell_ended)

    def _cell_starts(self, _info: Any) -> None:
        self._count += 1
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            loop.set_task_factory(self._task)
            self._loop = loop

    def _cell_ended(self, _result: Any) -> None:
        self._left = {
            process: name for process, name in children().items() if process not in self._before
        }
        for process in self._left:
            self._first_seen.setdefault(process, self._count)

    def _thread_failed(self, fault: Any) -> None:
        if fault.exc_type is not SystemExit:
            self._journal.trouble(
                f"an exception in a thread: {_in_words(fault.exc_value)}", count=self._count
            )
        self._previous_hook(fault)

    def writes_too_much(self) -> None:
        """Put on record that the cell which runs has written too much."""
        self._journal.trouble(WRITES_TOO_MUCH, count=self._count)

    def _task(self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> Any:
        task: Any = asyncio.Task(coroutine, loop=loop, **options)
        self._tasks.append((self._count, task))
        return task

    def finish(self) -> None:
        """Report tasks whose exception nobody fetched and processes that outlived the last cell."""
        for count, task in self._tasks:
            # asyncio itself uses this flag to complain about a fault that nobody fetched; to ask
            # for the exception first would clear it
            if task.done() and not task.cancelled() and getattr(task, "_log_traceback", False):
                self._journal.trouble(
                    f"an exception in a task: {_in_words(task.exception())}", count=count
                )
        for process, name in self._left.items():
            self._journal.note(
                f"left the process {name} running; it was ended", count=self._first_seen[process]
            )


def _in_words(fault: BaseException | None) -> str:
    return f"{type(fault).__name__}: {fault}".split("\n")[0]


def watch_this_kernel(folder: str) -> None:
    """Watch the kernel of this process until it exits, which it does with its parent. Called by the
    start-up file of a plain kernel.
    """
    from IPython import get_ipython

    adopt_orphans()
    kernel = get_ipython().kernel
    if end_with_parent(kernel.parent.parent_handle):
        kernel.parent.poller = None  # it would end the kernel alone, before its children have ended
    shut_down = kernel.do_shutdown

    def do_shutdown(restart: bool) -> Any:
        end_children()  # ipykernel waits for those that nobody reaps, until it is killed itself
        return shut_down(restart)

    kernel.do_shutdown = do_shutdown
    monitor = FaultMonitor(Path(folder), get_ipython())
    atexit.register(monitor.finish)
    meter = Meter(monitor.writes_too_much)
    get_ipython().events.register("pre_run_cell", meter.reset)
    for stream in (sys.stdout, sys.stderr):
        meter.attach(stream)
