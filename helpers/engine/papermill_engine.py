"""The warm engine as a papermill engine: `papermill --engine warm IN OUT`, or
`execute_notebook(..., engine_name="warm")`.

In a loop over many runs the second and every later one costs a fork. Where forking is not safe, or
the notebook is not Python, the plain engine does the work.
"""

import atexit
import json
import os
import shutil
from pathlib import Path
from typing import Any, ClassVar

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine

from helpers.engine.folders import new_folder
from helpers.engine.journal import EXECUTED, read
from helpers.engine.outcome import Job, Limits, judged
from helpers.engine.processes import FIXED
from helpers.engine.warm import WarmEngine, available

SEARCH_PATH = Path(__file__).parents[2]  # where the processes find this engine


class WarmPapermillEngine(NBClientEngine):  # type: ignore[misc] # papermill is untyped
    """papermill engine that forks each run from a warm process."""

    _warm: ClassVar[tuple[Any, WarmEngine] | None] = None

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: float | None = None, **options: Any
    ) -> Any:
        """Execute the notebook of a papermill run and put outputs and errors where papermill
        expects them.

        Cells run in this process's working directory and environment; variables that it does not
        set are as in a batch. Raises DeadKernelError or CellTimeoutError as the plain engine does,
        and RuntimeError for what else kept a cell from running to its end.
        """
        if (
            not available()
            or nb_man.nb.metadata.get("kernelspec", {}).get("language", "python") != "python"
        ):
            return super().execute_managed_notebook(
                nb_man, kernel_name, execution_timeout=execution_timeout, **options
            )
        limits = Limits(run_s=float("inf"), cell_s=execution_timeout or float("inf"))
        job = Job("papermill", json.dumps(nb_man.nb), {}, {}, os.fspath(Path.cwd()), True)
        folder = new_folder("run")
        try:
            outcome = judged(folder, cls._processes().execute(job, folder, limits), 0.0)
            broken, whole = set(read(folder).broken), folder / EXECUTED
            content = whole.read_bytes() if whole.exists() else outcome.files.get(".failed.ipynb")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        told = (
            _take_over(nb_man, content, broken, outcome.state in ("done", "failed"))
            if content is not None
            else False
        )
        if outcome.state == "kernel-died":
            raise DeadKernelError(outcome.message)
        if outcome.state == "timeout":
            raise CellTimeoutError(outcome.message)
        if outcome.state != "done" and not told:
            raise RuntimeError(outcome.message)
        return nb_man.nb

    @classmethod
    def _processes(cls) -> WarmEngine:
        """The warm processes of this process and environment, kept until it exits; after a fork the
        child makes its own.
        """
        search = filter(None, [os.fspath(SEARCH_PATH), os.environ.get("PYTHONPATH")])
        environment = {**FIXED, **os.environ, "PYTHONPATH": os.pathsep.join(search)}
        key = (os.getpid(), environment)
        if cls._warm is None or cls._warm[0] != key:
            if cls._warm is not None and cls._warm[0][0] == os.getpid():
                cls._warm[1].stop()
            cls._warm = key, WarmEngine(environment)
            atexit.register(cls._warm[1].stop)
        return cls._warm[1]


def _take_over(nb_man: Any, content: bytes, broken: set[int], is_whole: bool) -> bool:
    """Copy outputs, counts and times of the executed notebook, complete or partial, cell by cell.
    Whether it stops at one that ended with an error. broken: places of such cells. is_whole:
    whether it ran to its end, which is when a kernel is asked for its language.
    """
    executed = nbformat.reads(content.decode(), as_version=4)
    for key in ("language_info", "widgets") if is_whole else ():
        if key in executed.metadata:
            nb_man.nb.metadata[key] = executed.metadata[key]
    for index, (cell, done) in enumerate(zip(nb_man.nb.cells, executed.cells, strict=True)):
        nb_man.cell_start(cell, index)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = done.outputs, done.execution_count
        if "execution" in done.metadata:
            cell.metadata["execution"] = done.metadata["execution"]
        if index in broken and "raises-exception" not in cell.metadata.get("tags", []):
            nb_man.cell_exception(cell, cell_index=index)
        nb_man.cell_complete(cell, cell_index=index)
        if index in broken:
            return True
    return False
