"""Columns and keys of one table: a pandera schema built from the descriptor, its findings turned
into faults with their place.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from helpers.data.descriptor import Column, Table
from helpers.data.numbers import in_another_unit
from helpers.data.reading import Reading
from helpers.errors import Fault
from helpers.texts import did_you_mean, is_day

if TYPE_CHECKING:
    import pandera.pandas as pa


def constrain(table: Table, reading: Reading) -> None:
    """Add the faults of types, ranges, lists, forms and keys to `reading`."""
    # pandera takes a fifth of a second to import: only when a file is really checked
    from pandera.errors import SchemaErrors

    columns = {column.name: column for column in table.columns}
    try:
        _schema(table).validate(reading.frame, lazy=True)
    except SchemaErrors as error:
        for failure in error.failure_cases.itertuples():
            check, name = str(failure.check), str(failure.column)
            if failure.index is None or name not in columns:
                what = f"{table.name}: pandera refuses what the reader made: {check}"
                raise AssertionError(what) from error
            if (line := int(failure.index), name) not in reading.spoilt:
                reading.add(line, name, *_refused(check, failure.failure_case, columns[name]))
    _keys(table, reading)


@lru_cache(maxsize=64)
def _schema(table: Table) -> "pa.DataFrameSchema":
    import pandera.pandas as pa

    # the reader makes the text columns; given a text dtype pandera would look at every cell, ten
    # times slower
    columns = {
        column.name: pa.Column(
            column.dtype if column.is_number else None,
            _checks(column),
            nullable=column.is_number and not column.required,
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique_column_names=True)


_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def _checks(column: Column) -> list[Any]:
    """The checks of a column, a blank text passing all of them."""
    import pandera.pandas as pa

    low, high, enum = column.minimum, column.maximum, frozenset(column.enum)
    pattern = re.compile(column.pattern, re.DOTALL)
    tests: dict[str, tuple[bool, Callable[[Any], bool]]] = {
        "minimum": (low is not None, lambda value: value >= low),
        "maximum": (high is not None, lambda value: value <= high),
        "enum": (bool(enum), lambda text: not text or text in enum),
        "pattern": (bool(column.pattern), lambda text: not text or bool(pattern.fullmatch(text))),
        "date": (column.type == "date", lambda text: not text or is_day(text)),
        "yearmonth": (
            column.type == "yearmonth",
            lambda text: not text or bool(_MONTH.fullmatch(text)),
        ),
    }
    return [
        pa.Check(test, element_wise=True, name=name, error=name)
        for name, (is_asked, test) in tests.items()
        if is_asked
    ]


def _refused(check: str, value: Any, column: Column) -> tuple[str, str]:
    shown = f"{value:.15g}" if isinstance(value, float) else f"{value}"
    if check in ("minimum", "maximum"):
        side, low, high = ("below", "above")[check == "maximum"], column.minimum, column.maximum
        bounded = low is not None and high is not None
        other = in_another_unit(float(value), column.unit, low, high) if bounded else ""  # type: ignore[arg-type]
        named = not column.unit.startswith("as named") and column.unit != "fraction of 1"
        ends = f"{_bound(low)} to {_bound(high)}{f' {column.unit}' * named}"
        what = f"{shown} is {side} the plausible range, {ends}"
        return what, other or "check the unit and the digits"
    if check == "enum":
        instead = did_you_mean(shown, column.enum, "write one of them")
        return f"'{shown}' is not one of {', '.join(column.enum)}", instead
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
    """Faults for rows whose key, or unique value, stands in an earlier row already."""
    alone = {(column.name,) for column in table.columns if column.unique}
    for names in (table.key, *sorted(alone - {table.key})):
        spoilt = {line for line, column in reading.spoilt if column in names}
        first: dict[tuple[str, ...], tuple[int, tuple[Any, ...]]] = {}
        for line, *cells in reading.frame[list(names)].itertuples(name=None):
            values = tuple(cells)
            if line in spoilt:
                continue
            seen_line, seen = first.setdefault(tuple(map(_folded, values)), (line, values))
            if seen_line == line:
                continue
            shown, other = (", ".join(map(str, key)) for key in (values, seen))
            how = "is the same as"
            if values != seen:
                how = f"differs only in capitals or width from '{other}'"
            columns = f"column{'s' * (len(names) > 1)} {', '.join(names)}"
            what = f"'{shown}' {how} in line {seen_line}"
            place = f"{reading.where} line {line}, {columns}"
            reading.faults.append(Fault(place, what, "each row needs its own"))


def _folded(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).casefold()
