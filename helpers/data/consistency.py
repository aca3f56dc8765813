"""Checks of the package as a whole: files listed and present, tables one by one, and what must hold
between them.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from helpers.data import claim_rules, derived_rules, rules
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
    """Every fault of the package. A rule between tables runs only where these are sound."""
    try:
        tables = read_package(folder)
    except InputError as error:
        return list(error.faults)
    faults = _undescribed(folder, tables)
    sound: dict[str, list[Row]] = {}
    for name, table in tables.items():
        frame, table_faults = checked(name, folder)
        faults.extend(table_faults)
        if not table_faults:
            sound[name] = _rows(frame)
            faults.extend(_told(_within_rows(table, sound[name]), table, folder))
            if name == "refresh":
                faults.extend(unknown_tables(frame, tables, folder))
    for needed, rule in (*rules.RULES, *derived_rules.RULES, *claim_rules.RULES):
        if all(name in sound for name in needed):
            faults.extend(_told(rule(sound), tables[needed[0]], folder))
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
    return [
        # NaN alone differs from itself
        {
            "line": line,
            **{str(name): value if value == value else None for name, value in row.items()},
        }
        for line, row in zip(frame.index.tolist(), frame.to_dict("records"), strict=True)
    ]


def _told(findings: Iterator[Finding], table: Table, folder: Path) -> Iterator[Fault]:
    """What a rule found in a table as faults with their place."""
    where = f"{folder.name}/{table.path} line"
    for row, column, what, instead in findings:
        yield Fault(f"{where} {row['line']}, column {column}", what, instead)


def _within_rows(table: Table, rows: list[Row]) -> Iterator[Finding]:
    """Rules by column for every table: assumptions say so, intervals and ranges rise."""
    names = set(table.column_names)
    citing = "source_ids" if "source_ids" in names else "source_id"
    if {citing, "quality"} <= names:
        for row in rows:
            if "ASSUMPTION" in row[citing].split(";") and row["quality"] != "unverified":
                what = f"'{row['quality']}' for an assumption"
                yield row, "quality", what, "write unverified, or name a source"
    for columns in (*_INTERVALS, *_RANGES):
        if not set(columns) <= names:
            continue
        for row in rows:
            filled = [row[column] for column in columns if row[column] not in ("", None)]
            if filled != sorted(filled):
                values, order = " and ".join(map(str, filled)), ", ".join(columns)
                what = f"{values} do not rise in the order {order}"
                yield row, columns[-1], what, "swap or correct them"
