"""Truth about a run: its journal and the fate of its process decide, never the notebook's own
word.
"""

import base64
import json
import signal
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import nbformat

from helpers.engine.cells import number, stable_bytes
from helpers.engine.journal import EXECUTED, PREPARED, REPORT, Record, read, sha256

JOB = "job.json"
PROCESS_LOGS = ("log.txt", "stdout.txt", "stderr.txt")
"""Files of a run that catch what no cell shows."""
CELL_OUTPUT_LIMIT = 2_000_000
"""Characters that a cell may write."""
WRITES_TOO_MUCH = f"writes too much: a cell may write {CELL_OUTPUT_LIMIT:,} characters"
LONGEST_LOG = 20_000  # characters that the log of a run keeps of what its process itself wrote


@dataclass(frozen=True)
class Job:
    """What a run needs, in plain values that travel between processes and machines.

    source: the notebook as JSON. parameters: what papermill injects. reports: name → what the suite
    needs to make this report of the executed notebook. It carries nothing private: the cells can
    read it.
    directory: where the cells run; empty for an empty folder of the run's own. as_papermill:
    whether the executed notebook is to hold whatever papermill leaves in it, times and live widgets
    too, instead of the one stored form.
    """

    name: str
    source: str
    parameters: Mapping[str, Any]
    reports: Mapping[str, Mapping[str, Any]]
    directory: str = ""
    as_papermill: bool = False

    def to_json(self) -> str:
        """The job as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Job":
        """The job that `to_json` wrote."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Limits:
    """What a run may take. run_s, cell_s: seconds on the wall clock. memory_mb: private memory of
    the run and all it starts; 0 for an equal share of what this machine has.
    """

    run_s: float = 900.0
    cell_s: float = 300.0
    memory_mb: float = 0.0


State = Literal["done", "failed", "timeout", "out-of-memory", "kernel-died", "aborted"]


@dataclass(frozen=True)
class Passed:
    """A limit that a run has passed: the state it ends in, and why in words."""

    state: State
    message: str


@dataclass(frozen=True)
class ProcessEnd:
    """How a run's process ended. status: exit code, or minus the signal; None when unknown.
    passed: the limit for which it was ended. stopped: whether the whole batch was stopped. note:
    what went wrong around it, without harm to it.
    """

    status: int | None
    passed: Passed | None = None
    stopped: bool = False
    note: str = ""


class Engine(Protocol):
    """Executes one job in a process and waits for its fate. Used from several threads at once.

    refusals: why something went a slower way than meant, in words.
    """

    refusals: list[str]

    def start(self) -> None:
        """Begin what takes long, without waiting for it."""
        ...

    def execute(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd:
        """Run the job in `folder`."""
        ...

    def stop(self) -> None:
        """End every run at once; those under way end as stopped."""
        ...


FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
"""Signals that a run seldom sends itself: memory runs out, a machine shuts down, somebody tidies
up.
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a run. message: one line, empty when done. files: ending of the file's name →
    content, complete or absent; reports have their name before the ending. results, headings: what
    the suite says of the run, as plain values. notes: things to know that are no failure. log:
    what happened when, and what the process itself wrote. repeatable: whether it was killed from
    outside or lost its parent, so that another try may end otherwise.
    """

    state: State
    message: str = ""
    seconds: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    log: str = ""
    repeatable: bool = False

    def of(self, report: str) -> "Outcome":
        """The outcome with only this one of its reports."""
        shared = {
            name: content for name, content in self.files.items() if not name.endswith(REPORT)
        }
        own = {REPORT: self.files[f"{report}{REPORT}"]} if f"{report}{REPORT}" in self.files else {}
        return replace(self, files=shared | own)

    def to_json(self) -> str:
        """The outcome as one line of text."""
        return json.dumps(
            asdict(self)
            | {
                "files": {
                    name: base64.b64encode(content).decode() for name, content in self.files.items()
                }
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """The outcome that `to_json` wrote."""
        values = json.loads(text)
        return cls(
            **values
            | {
                "files": {
                    name: base64.b64decode(content) for name, content in values["files"].items()
                }
            }
        )


def judged(folder: Path, process_end: ProcessEnd, seconds: float) -> Outcome:
    """The outcome of a run from what it left in its folder and how its process ended. Nothing of it
    is scanned yet.
    """
    record = read(folder)
    if process_end.note:
        record.notes.append(process_end.note)
    known = Outcome(
        "aborted",
        "the batch was stopped",
        seconds,
        notes=record.notes,
        log=_log(folder, record),
    )
    if process_end.stopped:
        return known
    is_whole = record.end is not None and not record.trouble and EXECUTED in record.end["files"]
    if record.end is not None and is_whole and not process_end.passed and process_end.status == 0:
        left = {name: (folder / name).read_bytes() for name in record.end["files"]}
        if all(sha256(left[name]) == digest for name, digest in record.end["files"].items()):
            made = {".ipynb": left.pop(EXECUTED), **left}
            results, headings = list(record.end["results"]), dict(record.end["headings"])
            done = replace(known, state="done", message="", files=made)
            return replace(done, results=results, headings=headings)
        record.trouble = "what the run left does not match its journal"
    state, message = _fault(record, process_end)
    status = record.kernel_status if record.died else process_end.status
    was_killed = status is None or -status in FROM_OUTSIDE
    repeatable = state == "kernel-died" and was_killed and (record.died or not record.trouble)
    left_over = _partial(folder, record)
    return replace(known, state=state, message=message, files=left_over, repeatable=repeatable)


def _fault(record: Record, process_end: ProcessEnd) -> tuple[State, str]:
    where = f"{record.current}: " if record.current else ""
    if process_end.passed:
        return process_end.passed.state, process_end.passed.message
    if record.trouble:
        return "kernel-died" if record.died else "failed", record.trouble
    if process_end.status is None:
        return "kernel-died", f"{where}the process that ran the cells is gone"
    how = (
        f"by {_signal_name(-process_end.status)}"
        if process_end.status < 0
        else f"with exit code {process_end.status}"
    )
    return "kernel-died", f"{where}the kernel process ended {how}"


def _log(folder: Path, record: Record) -> str:
    """What happened when, and the end of what the process wrote beside its cells."""
    began = record.times[0][0] if record.times else 0.0
    lines = [f"{at - began:8.2f} s  {event}" for at, event in record.times]
    for path in (folder / name for name in PROCESS_LOGS):
        if path.exists() and (text := path.read_text(errors="replace")[-LONGEST_LOG:].strip()):
            lines += [f"{path.stem} of the process:", text]
    return "\n".join(lines)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # most real-time signals have no name
        return f"signal {number}"


def _partial(folder: Path, record: Record) -> dict[str, bytes]:
    """What did run, to look into: the prepared notebook with the outputs of the cells that ended.
    Nothing when it cannot be stored.
    """
    if not (folder / PREPARED).exists():
        return {}
    try:
        notebook = nbformat.reads((folder / PREPARED).read_text(encoding="utf-8"), as_version=4)
        if record.index is not None:
            notebook.cells[record.index].execution_count = number(notebook, record.index)
        for index, entry in (record.executed | record.broken).items():
            notebook.cells[index].update(
                outputs=nbformat.from_dict(entry["outputs"]), execution_count=entry["count"]
            )
        # a stream may come in pieces
        whole = nbformat.reads(stable_bytes(notebook).decode(), as_version=4)
        return {".failed.ipynb": stable_bytes(whole)}
    except ValueError:
        return {}
