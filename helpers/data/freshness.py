"""How old each series of the data package is: its newest period, until when it is known, and when
the next one is due, by the table `refresh`.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import PROJECT_ROOT
from helpers.data.checking import checked
from helpers.data.descriptor import Table, read_package
from helpers.errors import Fault, InputError
from helpers.periods import last_day

DATA = PROJECT_ROOT / "data"


@dataclass(frozen=True)
class Series:
    """A series that goes on. newest: its newest period, empty where it has none and goes by the
    last look. last_checked: the oldest day on which one of its sources was checked, empty when one
    never was. due_on: the day by which there is more, None for at once. steps: what brings it in.
    """

    table: str
    name: str
    source_ids: tuple[str, ...]
    newest: str
    last_checked: str
    days: int
    today: datetime.date
    steps: str

    @property
    def known_until(self) -> str:
        """The last day of the newest period."""
        return last_day(self.newest)

    @property
    def since(self) -> str:
        """The day from which the days to the next look or period count; empty for never."""
        return self.known_until if self.newest else self.last_checked

    def is_due(self, days: int | None = None) -> bool:
        """Whether there is more by now. days: another measure than its own."""
        if not self.since:
            return True
        age = (self.today - datetime.date.fromisoformat(self.since)).days
        return age > (self.days if days is None else days)

    def line(self) -> str:
        """The series, how old it is and what to do, for people."""
        if self.newest:
            known = f"newest {self.newest}, known until {self.known_until}"
        else:
            known = f"last checked {self.last_checked}" if self.last_checked else "never checked"
        state = "due" if self.is_due() else "not due"
        return (
            f"data table {self.table}, {self.name}: {known}, next after {self.days} days: {state}. "
            f"{self.steps} Sources: {', '.join(self.source_ids)}."
        )


def unknown_tables(rows: pd.DataFrame, tables: dict[str, Table], folder: Path) -> list[Fault]:
    """A fault for each row of `refresh` that names no table of the package or no column of it."""
    faults = []
    for line, row in zip(rows.index, rows.to_dict("records"), strict=True):
        where = f"{folder.name}/{tables['refresh'].path} line {line}, column"
        named = [part.partition("=")[0] for part in str(row["rows"]).split(";") if part]
        columns = [row["period_column"]] if row["period_column"] else []
        if row["table"] not in tables:
            what = f"there is no table '{row['table']}'"
            faults.append(Fault(f"{where} table", what, "write a name of datapackage.json"))
        elif strangers := {*named, *columns} - set(tables[row["table"]].column_names):
            what = f"{row['table']} has no column {', '.join(sorted(strangers))}"
            faults.append(Fault(f"{where} rows", what, "write a column of that table"))
    return faults


def series(today: datetime.date, folder: Path = DATA) -> list[Series]:
    """Every series that goes on, with its age on a day. Raises InputError when tables are
    unsound or a series names no table.
    """
    (rows, unsound), (register, more) = checked("refresh", folder), checked("sources", folder)
    faults = [*unsound, *more] or unknown_tables(rows, read_package(folder), folder)
    if faults:
        raise InputError(faults)
    days = dict(zip(register["source_id"], register["last_checked"], strict=True))
    return [_series(row, days, today, folder) for row in rows.to_dict("records")]


def _series(
    row: Mapping[Any, Any], days: Mapping[str, str], today: datetime.date, folder: Path
) -> Series:
    ids = tuple(str(row["source_ids"]).split(";"))
    newest = ""
    if row["period_column"]:
        newest = _newest(row["table"], row["rows"], row["period_column"], folder)
    after = int(row["next_after_days"]) if newest else int(row["every_days"])
    oldest = min(days[source] for source in ids)
    return Series(row["table"], row["series"], ids, newest, oldest, after, today, row["steps"])


def _newest(table: str, conditions: str, column: str, folder: Path) -> str:
    """The period of a table's rows that ends last."""
    frame, faults = checked(table, folder)
    if faults:
        raise InputError(faults)
    for condition in conditions.split(";") if conditions else []:
        name, _, wanted = condition.partition("=")
        frame = frame[frame[name].astype(str) == wanted]
    periods = [text for text in frame[column].astype(str) if last_day(text)]
    return max(periods, key=last_day, default="")


def stale(today: datetime.date, days: int | None = None, folder: Path = DATA) -> list[Series]:
    """The series due on a day, the oldest first. days: the same measure for all."""
    due = [entry for entry in series(today, folder) if entry.is_due(days)]
    return sorted(due, key=lambda entry: (entry.since, entry.table, entry.name))
