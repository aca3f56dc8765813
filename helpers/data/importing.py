"""An official download against the tables: what is new, what is revised, and the files that would
hold it. Nothing is written before the whole package with it is sound.
"""

import csv
import datetime
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from helpers.data.checking import checked
from helpers.data.consistency import check_package
from helpers.data.descriptor import read_package
from helpers.data.downloads import Download, Row, refuse
from helpers.data.japan_downloads import boj, estat
from helpers.data.us_downloads import census, fred
from helpers.errors import InputError
from helpers.files import write as write_file

Parser = Callable[[bytes, str, datetime.date, str], Download]
PARSERS: Mapping[str, Parser] = {"fred": fred, "census": census, "estat": estat, "boj": boj}
MOST_SHOWN = 40


@dataclass(frozen=True)
class Change:
    """A row that a download adds. before: the value it revises, empty for a new one."""

    row: Row
    before: str = ""

    def line(self) -> str:
        """The change for people."""
        told = f"was {self.before}, now" if self.before else "new,"
        return f"{self.row.name}: {told} {self.row.value}"


@dataclass(frozen=True)
class Plan:
    """What importing a file would do. files: new content by path within the package."""

    publisher: str
    file: str
    changes: tuple[Change, ...]
    same: int
    notes: tuple[str, ...]
    files: Mapping[str, str]

    def lines(self) -> list[str]:
        """The difference and what to know of it, for people."""
        shown = [change.line() for change in self.changes[:MOST_SHOWN]]
        if (more := len(self.changes) - MOST_SHOWN) > 0:
            shown.append(f"and {more} more")
        count = f"{self.same} numbers of {self.file} stand in the tables already."
        return [*shown, *self.notes, count] if self.same else [*shown, *self.notes]

    @property
    def periods(self) -> str:
        """The periods that change, parted by semicolons."""
        return ";".join(sorted({change.row.period for change in self.changes}))


def plan(
    publisher: str,
    content: bytes,
    file: str,
    today: datetime.date,
    folder: Path,
    series: str = "",
) -> Plan:
    """The difference that a publisher's file makes to the package in `folder`.

    Raises InputError with one fault for a file that is not whole, of another layout, series,
    country or unit, or at odds with a number that is never revised.
    """
    download = PARSERS[publisher](content, file, today, series)
    changes, same, older = [], 0, 0
    for row in download.rows:
        known = _known(row.table, folder)
        others = [key[-1] for key in known if key[:-1] == _values(row)[:-1]]
        if others and _values(row)[-1] < min(others):
            older += 1
        elif _values(row) not in known:
            changes.append(Change(row))
        elif float(known[_values(row)]) == float(row.value):
            same += 1
        elif "vintage" in read_package(folder)[row.table].column_names:
            changes.append(Change(row, f"{known[_values(row)]:g}"))
        else:
            what = f"gives {row.value} for {row.name}, the table has {known[_values(row)]:.4f}"
            refuse(file, what, "this series is not revised: look at the publisher's table")
    periods = {change.row.period for change in changes}
    doubts = [text for period, text in download.doubts if period in periods]
    notes = (*download.notes, *(f"{text}: look at the publisher's table" for text in doubts))
    if older:
        notes = (*notes, f"{older} numbers older than the table are left out")
    files = _files(changes, download, today, folder) if changes else {}
    return Plan(publisher, file, tuple(changes), same, notes, files)


def _values(row: Row) -> tuple[str, ...]:
    return tuple(text for _, text in row.key)


def _known(table: str, folder: Path) -> dict[tuple[str, ...], float]:
    """The newest value of each key of a table."""
    frame, faults = checked(table, folder)
    if faults:
        raise InputError(faults)
    names = KEYS[table]
    frame = frame.sort_values("vintage", kind="stable") if "vintage" in frame else frame
    keys = zip(*(frame[name].astype(str).tolist() for name in names), strict=True)
    return dict(zip(keys, frame[VALUES[table]].tolist(), strict=True))


KEYS = {
    "fx_usdjpy_monthly": ("period",),
    "trade_flows": ("flow", "reporter", "product", "measure", "period"),
}
VALUES = {"fx_usdjpy_monthly": "jpy_per_usd", "trade_flows": "value"}


def _files(
    changes: Sequence[Change], download: Download, today: datetime.date, folder: Path
) -> dict[str, str]:
    """The changed files: tables with the new rows in their places, and the register."""
    tables = read_package(folder)
    texts = {
        name: (folder / tables[name].path).read_text(encoding="utf-8").splitlines(keepends=True)
        for name in {change.row.table for change in changes}
    }
    for change in changes:
        row = change.row
        derived = any("Sum of" in text or "From the" in text for _, text in row.cells)
        cells = {
            "quality": "derived" if derived else "official",
            **dict(row.key),
            **dict(row.cells),
            row.column: row.value,
            "source_ids": download.source["source_id"],
            "vintage": today.isoformat(),
        }
        columns = tables[row.table].column_names
        line = _line([cells.get(column, "") for column in columns])
        lines = texts[row.table]
        lines.insert(_place(lines, row, columns), line)
    files = {tables[name].path: "".join(lines) for name, lines in texts.items()}
    files[tables["sources"].path] = _register(download, today, folder)
    return files


def _place(lines: Sequence[str], row: Row, columns: Sequence[str]) -> int:
    """Behind the last line of the same series, or at the end."""
    wanted = dict(row.key[:-1])
    last = len(lines)
    for place in range(len(lines) - 1, 0, -1):
        cells = dict(zip(columns, next(csv.reader([lines[place]])), strict=False))
        if all(cells.get(name) == text for name, text in wanted.items()):
            return place + 1
    return last


def _register(download: Download, today: datetime.date, folder: Path) -> str:
    """The register with the source as checked today, added where it is new."""
    table = read_package(folder)["sources"]
    lines = (folder / table.path).read_text(encoding="utf-8").splitlines(keepends=True)
    source_id, checked_today = download.source["source_id"], {"last_checked": today.isoformat()}
    for place, line in enumerate(lines):
        if line.startswith(f"{source_id},"):
            cells = dict(zip(table.column_names, next(csv.reader([line])), strict=True))
            lines[place] = _line([(cells | checked_today)[name] for name in table.column_names])
            return "".join(lines)
    cells = {**download.source, **checked_today}
    return "".join([*lines, _line([cells.get(name, "") for name in table.column_names])])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


@contextmanager
def staged(plan: Plan, folder: Path) -> Iterator[Path]:
    """A copy of the package with the plan carried out, checked as a whole.

    Raises InputError with every fault that it would bring.
    """
    with tempfile.TemporaryDirectory() as temporary:
        copy = shutil.copytree(folder, Path(temporary) / folder.name)
        for path, text in plan.files.items():
            (copy / path).write_text(text, encoding="utf-8")
        if faults := check_package(copy):
            raise InputError(faults)
        yield copy


@dataclass(frozen=True)
class Moved:
    """A headline that a new number moved, as a reader reads it before and after."""

    name: str
    subject: str
    before: str
    after: str

    def line(self) -> str:
        """The move for people."""
        subject = f", {self.subject}" if self.subject else ""
        return f"{self.name}{subject}: from {self.before} to {self.after}"


def carry_out(plan: Plan, moved: Sequence[Moved], today: datetime.date, folder: Path) -> None:
    """Write the changed files, and what moved to the end of the record of changes."""
    path = read_package(folder)["changes"].path
    record = (folder / path).read_text(encoding="utf-8")
    for headline in moved or [Moved("", "", "", "")]:
        told = [headline.name, headline.subject, headline.before, headline.after]
        record += _line([today.isoformat(), plan.publisher, plan.file, plan.periods, *told])
    for name, text in {**plan.files, path: record}.items():
        write_file(folder / name, text.encode())
