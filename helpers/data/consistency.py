"""Checks of the package as a whole: files listed and present, tables one by one, and what must hold
between them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data import claim_rules, rules
from helpers.data.checking import checked
from helpers.data.descriptor import Table, read_package
from helpers.data.freshness import unknown_tables
from helpers.data.rules import Finding, Row
from helpers.errors import Fault, InputError

_INTERVALS = (
    ("from", "to"),
    ("effective_from", "effective_to"),
    ("first_year", "last_year"),
    ("width_from_m", "width_to_m"),
)
_RANGES = (("low", "value", "high"), ("low", "mode", "high"), ("low", "units_per_year", "high"))


def check_package(folder: Path) -> list[Fault]:
    """Every fault of the package in `folder`. A rule between tables runs only when its tables are
    sound themselves.
    """
    try:
        tables = read_package(folder)
    except InputError as error:
        return list(error.faults)
    faults = _undescribed(folder, tables)
    sound: dict[str, list[Row]] = {}
    for name, table in tables.items():
        frame, found = checked(name, folder)
        faults.extend(found)
        if not found:
            sound[name] = _rows(frame)
            faults.extend(
                _fault(finding, tables, folder) for finding in _within_rows(table, sound[name])
            )
            if name == "refresh":
                faults.extend(unknown_tables(frame, tables, folder))
    for needed, rule in (*rules.RULES, *claim_rules.RULES):
        if all(name in sound for name in needed):
            faults.extend(_fault(finding, tables, folder) for finding in rule(sound))
    return faults


def _undescribed(folder: Path, tables: dict[str, Table]) -> list[Fault]:
    listed = {table.path for table in tables.values()}
    present = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))
    strangers = [path for path in present if path not in listed]
    return [
        Fault(
            f"{folder.name}/{path}",
            "is not described in datapackage.json",
            "describe it there, or take it away",
        )
        for path in strangers
    ]


def _rows(frame: pd.DataFrame) -> list[Row]:
    names = list(frame.columns)
    rows = zip(frame.index.tolist(), *(frame[name].tolist() for name in names), strict=True)
    return [
        {"line": line, **{name: _given(value) for name, value in zip(names, values, strict=True)}}
        for line, *values in rows
    ]


def _given(value: Any) -> Any:
    return None if value != value else value  # NaN alone differs from itself


def _fault(finding: Finding, tables: dict[str, Table], folder: Path) -> Fault:
    place = (
        f"{folder.name}/{tables[finding.table].path} line {finding.line}, column {finding.column}"
    )
    return Fault(place, finding.what, finding.instead)


def _within_rows(table: Table, rows: list[Row]) -> Iterator[Finding]:
    """Rules for every table with the columns they speak about: assumptions say so, intervals and
    ranges rise.
    """
    names = set(table.column_names)
    citing = "source_ids" if "source_ids" in names else "source_id"
    if {citing, "quality"} <= names:
        for row in rows:
            if "ASSUMPTION" in row[citing].split(";") and row["quality"] != "unverified":
                yield Finding(
                    table.name,
                    row["line"],
                    "quality",
                    f"'{row['quality']}' for an assumption",
                    "write unverified, or name a source",
                )
    for columns in (*_INTERVALS, *_RANGES):
        if not set(columns) <= names:
            continue
        for row in rows:
            filled = [row[column] for column in columns if row[column] not in ("", None)]
            if filled != sorted(filled):
                what = (
                    f"{' and '.join(map(str, filled))} do not rise in the order "
                    f"{', '.join(columns)}"
                )
                yield Finding(table.name, row["line"], columns[-1], what, "swap or correct them")
