"""The journal of one run: what its process did, written by it as it happens, read by whoever
started it.

One JSON object a line. A process may die and a disk may fill at any moment, so a line counts only
when it is whole, and the last word on a run needs both: a complete journal and a process that ended
well.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

JOURNAL = "journal.jsonl"
PREPARED = "prepared.ipynb"
EXECUTED = "executed.ipynb"
REPORT = ".html"  # after the name of the report
EVENTS = {
    "cell": "begins",
    "executed": "ended",
    "broken": "ended with an error",
    "trouble": "fault:",
    "note": "note:",
    "end": "all is written",
}
"""Event of a journal's line → its words in the log of a run."""


def sha256(content: bytes) -> str:
    """Hex digest of the content."""
    return hashlib.sha256(content).hexdigest()


class Journal:
    """Writing end. Every line is handed to the system at once, so that it survives the death of the
    process.
    """

    def __init__(self, folder: Path):
        self._file = (folder / JOURNAL).open("ab", buffering=0)

    def cell(self, index: int, label: str) -> None:
        """A cell begins. index: its place in the prepared notebook; label: how a reader finds it,
        `cell 7 (price-walk)`.
        """
        self._line("cell", index=index, label=label)

    def executed(self, index: int, label: str, count: int | None, outputs: list[Any]) -> None:
        """A cell ended well. index: its place in the prepared notebook; count: its execution
        count.
        """
        self._line("executed", index=index, label=label, count=count, outputs=outputs)

    def broken(self, index: int, count: int | None, outputs: list[Any]) -> None:
        """A cell ended with an error; its outputs hold the traceback."""
        self._line("broken", index=index, count=count, outputs=outputs)

    def trouble(
        self, message: str, *, label: str = "", count: int | None = None, died: bool = False
    ) -> None:
        """The run has failed. The cell is named by its label or, from inside the kernel, by its
        execution count.
        """
        self._line("trouble", message=message, label=label, count=count, died=died)

    def note(self, message: str, *, count: int | None = None) -> None:
        """Something to know that is no failure."""
        self._line("note", message=message, count=count)

    def end(self, **facts: Any) -> None:
        """The run is complete and all it leaves is written. facts: hashes, results."""
        self._line("end", **facts)

    def _line(self, event: str, **facts: Any) -> None:
        # a torn line before it stays a line of its own
        line = json.dumps({"event": event, "at": time.monotonic(), **facts})
        self._file.write(b"\n" + line.encode() + b"\n")


@dataclass
class Record:
    """What a journal says.

    current: label of the last cell that began; index: its place; since: when, on the monotonic
    clock. executed: index
    → entry of each cell that ended well; broken: the same of the cell that ended with an error.
    trouble: the first fault in words; died: whether that fault was the death of the kernel. notes:
    in words. end: the closing entry, or None. times: when what happened, on the monotonic clock.
    """

    current: str = ""
    index: int | None = None
    since: float | None = None
    executed: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    broken: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    trouble: str = ""
    died: bool = False
    notes: list[str] = field(default_factory=list)
    end: Mapping[str, Any] | None = None
    times: list[tuple[float, str]] = field(default_factory=list)


def read(folder: Path) -> Record:
    """The journal of a run folder; an absent or torn one gives what stands in its whole lines."""
    path = folder / JOURNAL
    entries = list(_whole(path.read_bytes())) if path.exists() else []
    labels = {entry["count"]: entry["label"] for entry in entries if entry["event"] == "executed"}
    record = Record()
    for entry in entries:
        told = (EVENTS[entry["event"]], entry.get("label"), entry.get("message"))
        record.times.append((entry["at"], " ".join(filter(None, told))))
        if entry["event"] == "cell":
            record.current, record.since = entry["label"], entry["at"]
            record.index = entry["index"]
        elif entry["event"] == "executed":
            record.executed[entry["index"]] = entry
        elif entry["event"] == "broken":
            record.broken[entry["index"]] = entry
        elif entry["event"] == "trouble" and not record.trouble:
            record.trouble, record.died = _placed(entry, labels, record.current), entry["died"]
        elif entry["event"] == "note":
            record.notes.append(_placed(entry, labels, record.current))
        elif entry["event"] == "end":
            record.end = entry
    return record


def _whole(content: bytes) -> Iterator[Mapping[str, Any]]:
    """The entries of the lines that are whole; what ends without a line break may not be."""
    for line in content.split(b"\n")[:-1]:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("event") in EVENTS and "at" in entry:
            yield entry


def _placed(entry: Mapping[str, Any], labels: Mapping[int, str], current: str) -> str:
    """The message with its cell. A count beyond the last cell that ran means: during or after the
    current one.
    """
    label = entry.get("label") or (
        labels.get(entry["count"], current) if entry["count"] is not None else ""
    )
    return f"{label}: {entry['message']}" if label else str(entry["message"])
