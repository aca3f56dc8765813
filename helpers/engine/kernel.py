"""The plain engine: papermill with a kernel process of its own per run. Works everywhere; the
reference for the other.

The standard input of a run's process is its lifeline: when it closes, which it does with the batch,
everything of the run ends.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from helpers.engine.journal import Journal
from helpers.engine.outcome import JOB, Job, Limits, Passed, ProcessEnd
from helpers.engine.perform import perform, scratch, suite_named
from helpers.engine.processes import (
    STOPPED,
    adopt_orphans,
    children_of,
    end_after,
    end_children,
    end_tree,
    state_of,
    watch_this_kernel,
)
from helpers.engine.watch import GRACE_S, POLL_S, Watch

START_UP = (
    f"__import__({watch_this_kernel.__module__!r}, "
    f"fromlist=['']).{watch_this_kernel.__name__}({{folder!r}})\n"
)


class KernelEngine:
    """Starts one process per run; it runs papermill, which starts the kernel. suite: name of the
    suite's module, or empty.
    """

    def __init__(self, environment: dict[str, str], suite: str = ""):
        self._environment, self._suite = environment, suite
        self._live: set[int] = set()
        self._stopped = False
        self.refusals: list[str] = []

    def start(self) -> None:
        """Nothing is shared between runs."""

    def execute(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd:
        """Run the job in `folder` and wait for the end of its process. Kills it with all below it
        when a limit is passed.
        """
        (folder / JOB).write_text(job.to_json())
        with (folder / "log.txt").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, os.fspath(folder), self._suite],
                env=self._environment | scratch(folder),
                cwd=job.directory or folder / "work",
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert process.stdin is not None
        self._live.add(process.pid)
        watch, passed, note = Watch(folder, limits), None, ""
        kill_at = float("inf")
        try:
            while process.poll() is None and not self._stopped and time.monotonic() < kill_at:
                try:
                    process.wait(POLL_S)
                except subprocess.TimeoutExpired:
                    note = note or _woken(process.pid)
                    if passed is None and (passed := watch.passed(process.pid)):
                        kill_at = _interrupted(process.pid, passed)
            if process.poll() is None:
                end_tree(process.pid)
        finally:
            self._live.discard(process.pid)
            process.stdin.close()
        return ProcessEnd(process.wait(), passed, self._stopped, note)

    def stop(self) -> None:
        """End every run at once."""
        self._stopped = True
        for process_id in list(self._live):
            end_tree(process_id)


def _woken(process_id: int) -> str:
    """Let a stopped process go on; a note when it was."""
    if sys.platform != "linux" or state_of(process_id)[0] != STOPPED:
        return ""
    os.kill(process_id, signal.SIGCONT)
    return "the process that started the kernel was stopped; it was woken"


def _interrupted(process_id: int, passed: Passed) -> float:
    """When to kill a run that has passed a limit: of time, after its kernel had a moment to say
    where it was; any other at once.
    """
    if passed.state != "timeout":
        return time.monotonic()
    for kernel in children_of(process_id):
        with contextlib.suppress(OSError):
            os.kill(kernel, signal.SIGINT)
    return time.monotonic() + GRACE_S


def _main(folder: Path, name: str) -> None:
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from traitlets.config import Config

    class ThisPython(AsyncKernelManager):
        """The kernel of this very interpreter, whatever kernel specifications lie on the search
        path.
        """

        is_recorded = False

        @property
        def kernel_spec(self) -> Any:
            return KernelSpec(**get_kernel_dict())

        async def is_alive(self) -> bool:  # type: ignore[override] # as AsyncKernelManager has it
            """Whether the kernel runs; how it ended is put on record once."""
            status: Any = await self.provisioner.poll() if self.provisioner else None
            if status is not None and not self.is_recorded:
                self.is_recorded = True
                Journal(folder).kernel_ended(status)
            return bool(await super().is_alive())

    adopt_orphans()
    end_after(lambda: os.read(0, 1))
    start_up = folder / "ipython" / "profile_default" / "startup" / "00-watch.py"
    start_up.parent.mkdir(parents=True)
    start_up.write_text(START_UP.format(folder=os.fspath(folder)))
    config = Config({"KernelManager": {"transport_encryption": "required"}})
    job = Job.from_json((folder / JOB).read_text())
    perform(
        job, folder, "nbclient", suite_named(name), kernel_manager_class=ThisPython, config=config
    )
    end_children()


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
