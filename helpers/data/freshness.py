"""Which series of the data package are due to be looked up again, by the table `refresh` and the
register of sources.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import PROJECT_ROOT
from helpers.data.checking import checked
from helpers.data.descriptor import Table, read_package
from helpers.errors import Fault, InputError

DATA = PROJECT_ROOT / "data"


@dataclass(frozen=True)
class Series:
    """A series that goes on. last_checked: the oldest day on which one of its sources was checked,
    empty when one never was.

    age_days: days since then, None when it was never checked. every_days: after how many it is due.
    """

    table: str
    name: str
    source_ids: tuple[str, ...]
    last_checked: str
    age_days: int | None
    every_days: int
    steps: str

    def line(self) -> str:
        """The series and what to do, for people."""
        checked_on = (
            f"last checked {self.last_checked}, {self.age_days} days ago"
            if self.age_days is not None
            else "never checked"
        )
        return (
            f"data table {self.table}, {self.name}: {checked_on}, due after {self.every_days}. "
            f"{self.steps} Sources: {', '.join(self.source_ids)}."
        )


def unknown_tables(rows: pd.DataFrame, tables: dict[str, Table], folder: Path) -> list[Fault]:
    """A fault for each row of `refresh`, indexed by physical line, that names no table of the
    package.
    """
    return [
        Fault(
            f"{folder.name}/{tables['refresh'].path} line {line}, column table",
            f"there is no table '{name}'",
            "write a name of datapackage.json",
        )
        for line, name in zip(rows.index, rows["table"], strict=True)
        if name not in tables
    ]


def series(today: datetime.date, folder: Path = DATA) -> list[Series]:
    """Every series of the table `refresh` with its age on a day. Raises InputError when tables are
    unsound or a series names no table.
    """
    (rows, unsound), (register, more) = checked("refresh", folder), checked("sources", folder)
    faults = [*unsound, *more] or unknown_tables(rows, read_package(folder), folder)
    if faults:
        raise InputError(faults)
    days = dict(zip(register["source_id"], register["last_checked"], strict=True))
    found = []
    for row in rows.to_dict("records"):
        ids = tuple(str(row["source_ids"]).split(";"))
        oldest = min(days[one] for one in ids)
        age = (today - datetime.date.fromisoformat(oldest)).days if oldest else None
        found.append(
            Series(
                row["table"], row["series"], ids, oldest, age, int(row["every_days"]), row["steps"]
            )
        )
    return found


def stale(today: datetime.date, days: int | None = None, folder: Path = DATA) -> list[Series]:
    """The series that are due on a day, the longest unchecked first. days: the same limit for all,
    instead of each one's own.
    """
    due = [
        one
        for one in series(today, folder)
        if one.age_days is None or one.age_days > (one.every_days if days is None else days)
    ]
    return sorted(due, key=lambda one: (one.last_checked, one.table, one.name))
