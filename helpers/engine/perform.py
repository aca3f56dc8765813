"""One run, inside the process that is given to it: execute through papermill, judge, write what is
left behind.

The same code serves every engine. Whoever started the process reads the journal and watches the
process's fate.
"""

import importlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import nbformat

from helpers.engine.cells import label, runs, stable_bytes, tags
from helpers.engine.journal import EXECUTED, PREPARED, Journal, sha256
from helpers.engine.meter import WritesTooMuch
from helpers.engine.outcome import CELL_OUTPUT_LIMIT, WRITES_TOO_MUCH, Job


@dataclass(frozen=True)
class Finished:
    """What a suite makes of an executed notebook. files: name → content of each report. results,
    headings: plain values for whoever keeps the run.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    headings: Mapping[str, str] = field(default_factory=dict)


class UnfinishedError(Exception):
    """The suite cannot accept the executed notebook. The message says why."""


class Suite(Protocol):
    """What a suite of notebooks adds to an engine: a module that is imported where the cells
    run.
    """

    def warm_up(self) -> None:
        """Import and make once what every run needs."""
        ...

    def finish(self, notebook: Any, job: Job) -> Finished:
        """Read an executed notebook and make its reports. Raises `UnfinishedError`."""
        ...


def suite_named(name: str) -> Suite | None:
    """The suite's module by its name; None for an empty name."""
    return cast(Suite, importlib.import_module(name)) if name else None


def prepared(job: Job) -> Any:
    """The notebook with its parameters injected by papermill."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    # checked and upgraded there
    notebook = load_notebook_node(nbformat.from_dict(json.loads(job.source)))
    return parameterize_notebook(notebook, dict(job.parameters)) if job.parameters else notebook


def perform(
    job: Job,
    folder: Path,
    engine: str,
    suite: Suite | None,
    at_end: Callable[[], None] = lambda: None,
    **engine_options: Any,
) -> None:
    """Execute the job with a papermill engine and leave journal, executed notebook and reports in
    `folder`.

    at_end: called after the last cell, before the outcome is judged. Never raises for what a
    notebook does: that goes to the journal.
    """
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines

    journal = Journal(folder)
    notebook = prepared(job)
    (folder / PREPARED).write_text(json.dumps(notebook))
    hooks = Hooks(journal, notebook)
    try:
        papermill_engines.execute_notebook_with_engine(
            engine,
            notebook,
            "python3",
            progress_bar=False,
            autosave_cell_every=0,
            record_timing=job.as_papermill,
            on_cell_start=hooks.cell_starts,
            on_cell_executed=hooks.cell_executed,
            **engine_options,
        )
        at_end()
        if job.as_papermill:  # papermill keeps a failed notebook as it is too
            (folder / EXECUTED).write_text(json.dumps(notebook))
        if not hooks.failed:
            _close(job, notebook, folder, journal, hooks, suite)
    except DeadKernelError:
        journal.trouble("the kernel died", label=hooks.current, died=True)
    # a fault of the machinery still ends as a failed run with its reason
    except Exception as error:
        journal.trouble(f"{type(error).__name__}: {error}".split("\n")[0], label=hooks.current)


class Hooks:
    """Counts what really ran: papermill marks never-run cells as completed."""

    def __init__(self, journal: Journal, notebook: nbformat.NotebookNode):
        self._journal, self._notebook = journal, notebook
        self.current = ""
        self.executed: set[int] = set()
        self.failed = False

    def cell_starts(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        if runs(cell):
            self.current = label(self._notebook, cell_index)
            self._journal.cell(cell_index, self.current)

    def cell_executed(
        self, cell: nbformat.NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]
    ) -> None:
        reply = execute_reply["content"]
        left = any(payload.get("source") == "ask_exit" for payload in reply.get("payload", []))
        if reply.get("ename") == WritesTooMuch.__name__:
            self._fail(WRITES_TOO_MUCH)
        elif left or reply.get("ename") == "SystemExit":
            self._fail("stopped early: the cell ends the kernel (exit, quit or SystemExit)")
        elif reply["status"] != "ok" and "raises-exception" not in tags(cell):
            self._fail(
                re.sub(
                    r"\x1b\[[0-9;]*m",
                    "",
                    f"{reply.get('ename', 'error')}: {reply.get('evalue', '')}",
                ).split("\n")[0]
            )
        else:
            self.executed.add(cell_index)
            self._journal.executed(
                cell_index, self.current, cell.get("execution_count"), cell.outputs
            )

        if cell_index not in self.executed:
            self._journal.broken(cell_index, cell.get("execution_count"), cell.outputs)

    def _fail(self, message: str) -> None:
        self._journal.trouble(message, label=self.current)
        self.failed = True


def _close(
    job: Job,
    notebook: nbformat.NotebookNode,
    folder: Path,
    journal: Journal,
    hooks: Hooks,
    suite: Suite | None,
) -> None:
    """Check the outcome, write it, and put the closing line into the journal."""
    for index, cell in enumerate(notebook.cells):
        if not runs(cell):
            continue
        cell_label = label(notebook, index)
        if fault := "never ran" if index not in hooks.executed else _output_fault(cell.outputs):
            journal.trouble(fault, label=cell_label)
            return
        if any(output.get("name") == "stderr" for output in cell.outputs):
            journal.note(f"{cell_label} wrote to stderr")
    try:
        finished = suite.finish(notebook, job) if suite else Finished()
    except UnfinishedError as error:
        journal.trouble(str(error))
        return
    whole = json.dumps(notebook).encode() if job.as_papermill else stable_bytes(notebook)
    left = {EXECUTED: whole, **finished.files}
    for name, content in left.items():
        (folder / name).write_bytes(content)
    hashes = {name: sha256(content) for name, content in left.items()}
    journal.end(results=finished.results, headings=dict(finished.headings), files=hashes)


def _output_fault(outputs: list[Any]) -> str:
    """What is wrong with the outputs of a cell, or an empty string."""
    text = json.dumps(outputs, ensure_ascii=False)
    if len(text) > CELL_OUTPUT_LIMIT:
        return WRITES_TOO_MUCH
    # the words are what a kernel's own socket makes of such text
    is_broken = re.search(r"[\ud800-\udfff]|surrogates not allowed", text)
    return "printed text that is not valid Unicode" if is_broken else ""


def scratch(folder: Path) -> dict[str, str]:
    """Make the run's private folders: its working directory and places for temporary files.
    Environment to go with them.
    """
    for name in ("work", "tmp", "ipython"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {"TMPDIR": os.fspath(folder / "tmp"), "IPYTHONDIR": os.fspath(folder / "ipython")}
