"""Truth about a run: its journal and the fate of its process decide, never the notebook's own
word.
"""

import base64
import json
import signal
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import nbformat

from helpers.engine.cells import stable_bytes
from helpers.engine.journal import EXECUTED, PREPARED, REPORT, Record, read, sha256

JOB = "job.json"
CELL_OUTPUT_LIMIT = 2_000_000
"""Characters that a cell may write."""


@dataclass(frozen=True)
class Job:
    """What a run needs, in plain values that travel between processes and machines.

    source: the notebook as JSON. parameters: what papermill injects. reports: name → what the suite
    needs to make this report of the executed notebook. It carries nothing private: the cells can
    read it.
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


@dataclass(frozen=True)
class Limits:
    """Wall-clock limits in seconds."""

    run_s: float = 900.0
    cell_s: float = 300.0


@dataclass(frozen=True)
class ProcessEnd:
    """How a run's process ended. status: exit code, or minus the signal; None when unknown.
    overdue: the limit that was passed, in words. stopped: whether the whole batch was stopped.
    """

    status: int | None
    overdue: str = ""
    stopped: bool = False


class Engine(Protocol):
    """Executes one job in a process and waits for its fate. Used from several threads at once.

    refusals: why something went a slower way than meant, in words.
    """

    refusals: list[str]

    def execute(self, job: Job, folder: Path, limits: Limits) -> ProcessEnd:
        """Run the job in `folder`."""
        ...

    def stop(self) -> None:
        """End every run at once; those under way end as stopped."""
        ...


LONGEST_WAIT_S = 3_600.0

State = Literal["done", "failed", "timeout", "kernel-died", "aborted"]


@dataclass(frozen=True)
class Outcome:
    """What came of a run. message: one line, empty when done. files: ending of the file's name →
    content, complete or absent; reports have their name before the ending. results, headings: what
    the suite says of the run, as plain values. notes: things to know that are no failure.
    """

    state: State
    message: str = ""
    seconds: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)
    results: list[dict[str, Any]] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

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


def overdue(folder: Path, started: float, limits: Limits) -> tuple[float, str]:
    """Seconds to wait before asking again, because no limit can be passed before then, and the
    passed limit in words or an empty string.
    """
    now, record = time.monotonic(), read(folder)
    for left, passed in (
        (
            started + limits.run_s - now,
            f"the run took longer than {limits.run_s:g} s; it was in "
            f"{record.current or 'no cell yet'}",
        ),
        (
            (record.since or now) + limits.cell_s - now,
            f"{record.current} took longer than {limits.cell_s:g} s",
        ),
    ):
        if left <= 0:
            return left, passed
    return min(
        started + limits.run_s - now, (record.since or now) + limits.cell_s - now, LONGEST_WAIT_S
    ), ""


def judged(folder: Path, process_end: ProcessEnd, seconds: float) -> Outcome:
    """The outcome of a run from what it left in its folder and how its process ended. Nothing of it
    is scanned yet.
    """
    record = read(folder)
    if process_end.stopped:
        return Outcome("aborted", "the batch was stopped", seconds, notes=record.notes)
    if (
        record.end is not None
        and not record.trouble
        and not process_end.overdue
        and process_end.status == 0
    ):
        left = {name: (folder / name).read_bytes() for name in record.end["files"]}
        if all(sha256(left[name]) == digest for name, digest in record.end["files"].items()):
            files = {".ipynb": left.pop(EXECUTED), **left}
            return Outcome(
                "done",
                "",
                seconds,
                files,
                list(record.end["results"]),
                dict(record.end["headings"]),
                record.notes,
            )
        record.trouble = "what the run left does not match its journal"
    state, message = _fault(record, process_end)
    return Outcome(state, message, seconds, _partial(folder, record), notes=record.notes)


def _fault(record: Record, process_end: ProcessEnd) -> tuple[State, str]:
    if process_end.overdue:
        return "timeout", process_end.overdue
    if record.trouble:
        return "kernel-died" if record.died else "failed", record.trouble
    where = f"{record.current}: " if record.current else ""
    if process_end.status is None:
        return "kernel-died", f"{where}the process that ran the cells is gone"
    how = (
        f"by {_signal_name(-process_end.status)}"
        if process_end.status < 0
        else f"with exit code {process_end.status}"
    )
    return "kernel-died", f"{where}the kernel process ended {how}"


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
        for index, entry in (record.executed | record.broken).items():
            notebook.cells[index].update(
                outputs=nbformat.from_dict(entry["outputs"]), execution_count=entry["count"]
            )
        # a stream may come in pieces
        whole = nbformat.reads(stable_bytes(notebook).decode(), as_version=4)
        return {".failed.ipynb": stable_bytes(whole)}
    except ValueError:
        return {}
