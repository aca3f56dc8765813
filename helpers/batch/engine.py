"""The warm engine as a papermill engine: `papermill --engine warm IN OUT`, or `execute_notebook(..., engine_name="warm")`.

In a loop over many runs the second and every later one costs a fork. Where forking is not safe, or the notebook is not
Python, the plain engine does the work.
"""

import atexit
import functools
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine

from helpers.batch.fate import Limits, judged
from helpers.batch.perform import Job
from helpers.batch.privacy import Private, kernel_environment
from helpers.batch.warm import WarmEngine, available


class WarmPapermillEngine(NBClientEngine):  # type: ignore[misc] # papermill is untyped
    """papermill engine that forks each run from a warm process."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, execution_timeout: float | None = None, **options: Any) -> Any:
        """Execute the notebook of a papermill run and put outputs and errors where papermill expects them.

        Raises DeadKernelError or CellTimeoutError as the plain engine does. The environment is this process's own.
        """
        if not available() or nb_man.nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
            return super().execute_managed_notebook(nb_man, kernel_name, execution_timeout=execution_timeout, **options)
        limits = Limits(run_s=float("inf"), cell_s=execution_timeout or float("inf"))
        job = Job("papermill", json.dumps(nb_man.nb), {}, {}, Private())
        folder = Path(tempfile.mkdtemp(prefix="reverse-imports-"))
        try:
            fate = _processes(os.getpid()).execute(job, folder, limits)
            outcome = judged(folder, fate, job.private, 0.0)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _take_over(nb_man, outcome.files)
        if outcome.state == "kernel-died":
            raise DeadKernelError(outcome.message)
        if outcome.state == "timeout":
            raise CellTimeoutError(outcome.message)
        return nb_man.nb


@functools.cache
def _processes(_process: int) -> WarmEngine:
    """The warm processes of this process, kept until it exits; after a fork the child makes its own."""
    processes = WarmEngine({**os.environ, **kernel_environment()})
    atexit.register(processes.stop)
    return processes


def _take_over(nb_man: Any, files: dict[str, bytes]) -> None:
    """Copy outputs and counts of the executed notebook, complete or partial, cell by cell."""
    content = next(iter(files.values()), None)
    if content is None:
        return
    executed = nbformat.reads(content.decode(), as_version=4)
    nb_man.nb.metadata["language_info"] = executed.metadata.get("language_info", {"name": "python"})
    for index, (cell, done) in enumerate(zip(nb_man.nb.cells, executed.cells, strict=True)):
        nb_man.cell_start(cell, index)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
            if any(output.output_type == "error" for output in done.outputs) and "raises-exception" not in cell.metadata.get("tags", []):
                nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                return
        nb_man.cell_complete(cell, cell_index=index)
