"""Faults that a notebook client cannot see: exceptions in threads and tasks, processes left behind.

Installed where the cells run: in a plain kernel by a start-up file, in the warm engine directly.
Findings go to the journal of the run.
"""

import asyncio
import atexit
import threading
from pathlib import Path
from typing import Any

from helpers.engine.journal import Journal
from helpers.engine.processes import children


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
    """Watch the kernel of this process until it exits. Called by the start-up file of a plain
    kernel.
    """
    from IPython import get_ipython

    atexit.register(FaultMonitor(Path(folder), get_ipython()).finish)
