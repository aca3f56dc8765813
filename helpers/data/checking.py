"""Checks of one table against its description: a pandera schema built from the descriptor, then keys and references."""

import datetime
import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.data.descriptor import FILE, Column, Table, read_package
from helpers.data.reading import Reading, read
from helpers.errors import Fault

if TYPE_CHECKING:
    import pandera.pandas as pa

Stamp = tuple[tuple[str, int, int], ...]
_checked: dict[tuple[Path, str], tuple[Stamp, pd.DataFrame, tuple[Fault, ...]]] = {}


def checked(name: str, folder: Path) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """The table `name` of the package in `folder`, indexed by physical line, and every fault of its file.

    Kept for the process until one of the files it depends on changes; do not change the frame.
    """
    tables = read_package(folder)
    table = tables[name]
    paths = [folder / FILE, folder / table.path, *(folder / tables[other].path for other in sorted(_needed_tables(table)) if other in tables)]
    stamp = tuple(map(_stamp, paths))
    kept = _checked.get((folder, name))
    if kept is None or kept[0] != stamp:
        reading = read(table, folder / table.path, f"{folder.name}/{table.path}")
        if reading.whole:
            _constraints(table, reading)
            _references(table, reading, tables, folder)
        kept = (stamp, reading.frame, tuple(sorted(reading.faults, key=_line)))
        _checked[folder, name] = kept
    return kept[1], kept[2]


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), status.st_mtime_ns, status.st_size


def _line(fault: Fault) -> int:
    found = re.search(r" line (\d+)", fault.where)
    return int(found[1]) if found else 0


def _needed_tables(table: Table) -> set[str]:
    return {target for column in table.columns if column.references for target, _ in column.references.targets}


# Columns and keys, by pandera


def _constraints(table: Table, reading: Reading) -> None:
    from pandera.errors import SchemaErrors  # pandera takes a fifth of a second to import: only when a file is really checked

    columns = {column.name: column for column in table.columns}
    try:
        _schema(table).validate(reading.frame, lazy=True)
    except SchemaErrors as error:
        for failure in error.failure_cases.itertuples():
            check, column = str(failure.check), columns.get(str(failure.column))
            if failure.index is None or column is None:
                if "unique" not in check:
                    raise AssertionError(f"{table.name}: pandera refuses what the reader made: {check}") from error
                continue
            if "unique" not in check and (int(failure.index), column.name) not in reading.spoilt:
                reading.add(int(failure.index), column.name, *_refused(check, failure.failure_case, column))
    _keys(table, reading)


@lru_cache(maxsize=64)
def _schema(table: Table) -> "pa.DataFrameSchema":
    import pandera.pandas as pa

    columns = {  # the reader makes the text columns; given a text dtype pandera would look at every cell, ten times slower
        column.name: pa.Column(
            column.dtype if column.is_number else None, _checks(column), nullable=column.is_number and not column.required, unique=column.unique
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(table.key), unique_column_names=True, coerce=False)


def _checks(column: Column) -> list[Any]:
    import pandera.pandas as pa

    tests: dict[str, Callable[[Any], bool]] = {}
    if column.minimum is not None:
        tests["minimum"] = partial(_at_least, bound=column.minimum)
    if column.maximum is not None:
        tests["maximum"] = partial(_at_most, bound=column.maximum)
    if column.enum:
        tests["enum"] = partial(_one_of, choices=frozenset(column.enum))
    if column.pattern:
        tests["pattern"] = partial(_matches, pattern=re.compile(column.pattern, re.DOTALL))
    if column.type == "date":
        tests["date"] = _is_day
    if column.type == "yearmonth":
        tests["yearmonth"] = _is_month
    return [pa.Check(test, element_wise=True, name=name, error=name) for name, test in tests.items()]


def _at_least(value: float, bound: float) -> bool:
    return value >= bound


def _at_most(value: float, bound: float) -> bool:
    return value <= bound


def _one_of(text: str, choices: frozenset[str]) -> bool:
    return not text or text in choices


def _matches(text: str, pattern: "re.Pattern[str]") -> bool:
    return not text or pattern.fullmatch(text) is not None


def _is_day(text: str) -> bool:
    if not text:
        return True
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _is_month(text: str) -> bool:
    return not text or re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) is not None


def _refused(check: str, value: Any, column: Column) -> tuple[str, str]:
    shown = f"{value:.15g}" if isinstance(value, float) else f"{value}"
    unit = "" if column.unit.startswith("as named") or column.unit == "fraction of 1" else f" {column.unit}"
    if check in ("minimum", "maximum"):
        side = "below" if check == "minimum" else "above"
        return f"{shown} is {side} the plausible range, {_bound(column.minimum)} to {_bound(column.maximum)}{unit}", "check the unit and the digits"
    if check == "enum":
        near = difflib.get_close_matches(shown, column.enum, 1, 0.6) or [choice for choice in column.enum if choice.lower() == shown.strip().lower()]
        choices = ", ".join(column.enum) if len(column.enum) <= 8 else f"{', '.join(column.enum[:6])} and {len(column.enum) - 6} more in datapackage.json"
        return f"'{shown}' is not one of {choices}", f"did you mean {near[0]}?" if near else "write one of them"
    if check == "date":
        return f"'{shown}' is not a day", "write YYYY-MM-DD, such as 2025-09-16"
    if check == "yearmonth":
        return f"'{shown}' is not a month", "write YYYY-MM, such as 2025-09"
    if check == "pattern":
        return f"'{shown}' does not have the form of this column", _form(column)
    return f"'{shown}' fails the check {check}", ""


def _bound(value: float | None) -> str:
    return "any" if value is None else f"{value:.15g}"


def _form(column: Column) -> str:
    if "FY" in column.pattern:
        return "write YYYY, YYYY-MM, YYYY-MM-DD, FY2024 or start/end"
    if r"\.\.)/" in column.pattern:
        return "write YYYY, YYYY-MM, YYYY-MM-DD or start/end, with .. for an open end"
    if r"\d{4}-(0[1-9]" in column.pattern:
        return "write YYYY-MM-DD, YYYY-MM or YYYY"
    if column.pattern == "[a-z0-9_]+":
        return "write small letters, digits and _"
    return f"see its description: {column.description}"


def _keys(table: Table, reading: Reading) -> None:
    for names in [table.key, *((column.name,) for column in table.columns if column.unique and (column.name,) != table.key)]:
        spoilt = {line for line, column in reading.spoilt if column in names}
        rows = zip(reading.frame.index.tolist(), reading.frame[list(names)].itertuples(index=False, name=None), strict=True)
        first: dict[tuple[str, ...], tuple[int, tuple[Any, ...]]] = {}
        for line, values in rows:
            if line in spoilt:
                continue
            seen_line, seen = first.setdefault(tuple(map(_folded, values)), (line, values))
            if seen_line == line:
                continue
            shown, other = (", ".join(map(str, key)) for key in (values, seen))
            what = f"'{shown}' is" if values == seen else f"'{shown}' differs only in capitals or width from '{other}'"
            place = f"{reading.where} line {line}, column{'s' if len(names) > 1 else ''} {', '.join(names)}"
            already = f"{what} the same as in line {seen_line}" if values == seen else f"{what} in line {seen_line}"
            reading.faults.append(Fault(place, already, "each row needs its own"))


def _folded(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).casefold()


# References to other tables


def _references(table: Table, reading: Reading, tables: dict[str, Table], folder: Path) -> None:
    for column in table.columns:
        if column.references is None:
            continue
        if column.references.own_columns:
            known, home = set(table.column_names), "the columns of this table"
        else:
            values = [_values(target, name, table, reading, tables, folder) for target, name in column.references.targets]
            known, home = set().union(*values), " or ".join(tables[target].path for target, _ in column.references.targets)
            if not all(values):
                continue  # the other file cannot be read: that is its fault, not one of every row here
        old = _aliases(tables, folder) if ("sources", "source_id") in column.references.targets else {}
        for line, ids in zip(reading.frame.index.tolist(), reading.frame[column.name].tolist(), strict=True):
            if ids and (line, column.name) not in reading.spoilt:
                for what, instead in _unresolved(ids, column.references.separator, known, old, home):
                    reading.faults.append(Fault(f"{reading.where} line {line}, column {column.name}", what, instead))


def _unresolved(ids: str, separator: str, known: set[str], old: dict[str, str], home: str) -> Iterator[tuple[str, str]]:
    parts = ids.split(separator) if separator else [ids]
    for part in dict.fromkeys(parts):
        if parts.count(part) > 1:
            yield f"'{part}' stands {parts.count(part)} times", "write it once"
        if part in known:
            continue
        if part in old:
            yield f"'{part}' is an earlier id", f"write {old[part]}"
        elif separator and (not part.strip() or part.strip() in known):
            yield f"'{ids}' has a blank too many", f"write {separator.join(piece.strip() for piece in parts if piece.strip())}"
        elif separator and any(other in part for other in ", |" if other != separator):
            yield f"'{part}' is not in {home}", f"part several ids by '{separator}' without blanks"
        else:
            near = difflib.get_close_matches(part, known, 1, 0.6)
            yield f"'{part}' is not in {home}", f"did you mean {near[0]}?" if near else "add it there first"


def _values(target: str, name: str, table: Table, reading: Reading, tables: dict[str, Table], folder: Path) -> set[str]:
    frame = reading.frame if target == table.name else read_raw(target, tables, folder)
    return set(frame[name].tolist()) if name in frame else set()


def read_raw(name: str, tables: dict[str, Table], folder: Path) -> pd.DataFrame:
    """A table as read, whatever its faults, indexed by physical line: enough to look ids up in."""
    return _read_raw(tables[name], folder, _stamp(folder / tables[name].path))


@lru_cache(maxsize=64)
def _read_raw(table: Table, folder: Path, stamp: tuple[str, int, int]) -> pd.DataFrame:
    return read(table, folder / table.path, "").frame


def _aliases(tables: dict[str, Table], folder: Path) -> dict[str, str]:
    register = read_raw("sources", tables, folder)
    if "aliases" not in register:
        return {}
    return {old: new for new, olds in zip(register["source_id"], register["aliases"], strict=True) for old in olds.split(";") if old}
