"""One run, inside the process that is given to it: execute through papermill, judge, write what is left behind.

The same code serves every engine. Whoever started the process reads the journal and watches the process's fate.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat

from helpers.batch import notebook as notebooks
from helpers.batch.files import sha256
from helpers.engine.journal import EXECUTED, PREPARED, REPORT, Journal

CELL_OUTPUT_LIMIT = 2_000_000
JOB = "job.json"


@dataclass(frozen=True)
class Job:
    """What a run needs, in plain values that travel between processes and machines.

    source: the notebook as JSON. parameters: what papermill injects. reports: scenario → the fields of a `ReportContext`,
    one for each report that is wanted of the executed notebook. It carries nothing private: the cells can read it.
    directory: where the cells run; empty for an empty folder of the run's own.
    """

    name: str
    source: str
    parameters: Mapping[str, Any]
    reports: Mapping[str, Mapping[str, Any]]
    directory: str = ""

    def to_json(self) -> str:
        """The job as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """The job that `to_json` wrote."""
        return cls(**json.loads(text))


def prepared(job: Job) -> Any:
    """The notebook with its parameters injected by papermill."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook = load_notebook_node(nbformat.from_dict(json.loads(job.source)))  # checked and upgraded there
    return parameterize_notebook(notebook, dict(job.parameters)) if job.parameters else notebook


def label(notebook: nbformat.NotebookNode, index: int) -> str:
    """How a reader finds a cell: its number among the code cells, which is its execution count, and its id."""
    number = sum(notebooks.runs(cell) for cell in notebook.cells[: index + 1])
    return f"cell {number} ({notebook.cells[index].get('id', 'no id')})"


def perform(job: Job, folder: Path, engine: str, at_end: Callable[[], None] = lambda: None, **engine_options: Any) -> None:
    """Execute the job with a papermill engine and leave journal, executed notebook and report in `folder`.

    at_end: called after the last cell, before the outcome is judged. Never raises for what a notebook does: that goes to
    the journal.
    """
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines

    journal = Journal(folder)
    notebook = prepared(job)
    (folder / PREPARED).write_text(json.dumps(notebook))
    hooks = Hooks(journal, notebook)
    try:
        papermill_engines.execute_notebook_with_engine(
            engine, notebook, "python3", progress_bar=False, autosave_cell_every=0, record_timing=False,
            on_cell_start=hooks.cell_starts, on_cell_executed=hooks.cell_executed, **engine_options,
        )  # fmt: skip
        at_end()
        if not hooks.failed:
            _close(job, notebook, folder, journal, hooks)
    except DeadKernelError:
        journal.trouble("the kernel died", label=hooks.current, died=True)
    except Exception as error:  # a fault of the machinery still ends as a failed run with its reason
        journal.trouble(f"{type(error).__name__}: {error}".split("\n")[0], label=hooks.current)


class Hooks:
    """Counts what really ran: papermill marks never-run cells as completed."""

    def __init__(self, journal: Journal, notebook: nbformat.NotebookNode):
        self._journal, self._notebook = journal, notebook
        self.current = ""
        self.executed: set[int] = set()
        self.failed = False

    def cell_starts(self, cell: nbformat.NotebookNode, cell_index: int) -> None:
        if notebooks.runs(cell):
            self.current = label(self._notebook, cell_index)
            self._journal.cell(self.current)

    def cell_executed(self, cell: nbformat.NotebookNode, cell_index: int, execute_reply: Mapping[str, Any]) -> None:
        reply = execute_reply["content"]
        left = any(payload.get("source") == "ask_exit" for payload in reply.get("payload", []))
        if left or reply.get("ename") == "SystemExit":
            self._fail("stopped early: the cell ends the kernel (exit, quit or SystemExit)")
        elif reply["status"] != "ok" and "raises-exception" not in notebooks.tags(cell):
            self._fail(re.sub(r"\x1b\[[0-9;]*m", "", f"{reply.get('ename', 'error')}: {reply.get('evalue', '')}").split("\n")[0])
        else:
            self.executed.add(cell_index)
            self._journal.executed(cell_index, self.current, cell.get("execution_count"), cell.outputs)

        if cell_index not in self.executed:
            self._journal.broken(cell_index, cell.get("execution_count"), cell.outputs)

    def _fail(self, message: str) -> None:
        self._journal.trouble(message, label=self.current)
        self.failed = True


def _close(job: Job, notebook: nbformat.NotebookNode, folder: Path, journal: Journal, hooks: Hooks) -> None:
    """Check the outcome, write it, and put the closing line into the journal."""
    from helpers.results import collect

    for index, cell in enumerate(notebook.cells):
        if not notebooks.runs(cell):
            continue
        place = label(notebook, index)
        if fault := "never ran" if index not in hooks.executed else _output_fault(cell.outputs):
            journal.trouble(fault, label=place)
            return
        if any(output.get("name") == "stderr" for output in cell.outputs):
            journal.note(f"{place} wrote to stderr")
    try:
        results = [result.model_dump(mode="json") for result in collect(notebook)]
    except ValueError as error:
        journal.trouble(f"the recorded results are not usable: {error}".split("\n")[0])
        return
    left = {EXECUTED: notebooks.stable_bytes(notebook)}
    words: dict[str, str] = {}
    if job.reports:
        from helpers.reports import ReportContext, answer_line, export

        left |= {f"{scenario}{REPORT}": export(notebook, ReportContext(**context)).encode() for scenario, context in job.reports.items()}
        words = {"title": _title(notebook), "answer": answer_line(notebook)}
    for name, content in left.items():
        (folder / name).write_bytes(content)
    journal.end(results=results, words=words, files={name: sha256(content) for name, content in left.items()})


def _title(notebook: nbformat.NotebookNode) -> str:
    """The notebook's one `# ` heading."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _output_fault(outputs: list[Any]) -> str:
    """What is wrong with the outputs of a cell, or an empty string."""
    text = json.dumps(outputs, ensure_ascii=False)
    if len(text) > CELL_OUTPUT_LIMIT:
        return f"wrote {len(text):,} characters; the limit is {CELL_OUTPUT_LIMIT:,}"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "printed text that is not valid Unicode"
    if "surrogates not allowed" in text:  # what a kernel's own socket makes of such text
        return "printed text that is not valid Unicode"
    return ""


def scratch(folder: Path) -> dict[str, str]:
    """Make the run's private folders: its working directory and places for temporary files. Environment to go with them."""
    for name in ("work", "tmp", "ipython"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {"TMPDIR": os.fspath(folder / "tmp"), "IPYTHONDIR": os.fspath(folder / "ipython")}
