"""Columns and keys of one table: a pandera schema built from the descriptor, its findings turned
into faults with their place.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from helpers.data.descriptor import Column, Table
from helpers.data.numbers import in_another_unit
from helpers.data.reading import Reading
from helpers.errors import Fault
from helpers.texts import did_you_mean, is_day

if TYPE_CHECKING:
    import pandera.pandas as pa


def constrain(table: Table, reading: Reading) -> None:
    """Add the faults of types, ranges, lists, forms and keys to `reading`, which has the described
    columns.
    """
    # pandera takes a fifth of a second to import: only when a file is really checked
    from pandera.errors import SchemaErrors

    columns = {column.name: column for column in table.columns}
    try:
        _schema(table).validate(reading.frame, lazy=True)
    except SchemaErrors as error:
        for failure in error.failure_cases.itertuples():
            check, column = str(failure.check), columns.get(str(failure.column))
            if failure.index is None or column is None:
                if "unique" not in check:
                    raise AssertionError(
                        f"{table.name}: pandera refuses what the reader made: {check}"
                    ) from error
                continue
            if "unique" not in check and (int(failure.index), column.name) not in reading.spoilt:
                reading.add(
                    int(failure.index), column.name, *_refused(check, failure.failure_case, column)
                )
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
            unique=column.unique,
        )
        for column in table.columns
    }
    return pa.DataFrameSchema(
        columns,
        strict=True,
        ordered=True,
        unique=list(table.key),
        unique_column_names=True,
        coerce=False,
    )


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
        tests["date"] = _is_day_or_blank
    if column.type == "yearmonth":
        tests["yearmonth"] = _is_month
    return [
        pa.Check(test, element_wise=True, name=name, error=name) for name, test in tests.items()
    ]


def _at_least(value: float, bound: float) -> bool:
    return value >= bound


def _at_most(value: float, bound: float) -> bool:
    return value <= bound


def _one_of(text: str, choices: frozenset[str]) -> bool:
    return not text or text in choices


def _matches(text: str, pattern: "re.Pattern[str]") -> bool:
    return not text or pattern.fullmatch(text) is not None


def _is_day_or_blank(text: str) -> bool:
    return not text or is_day(text)


def _is_month(text: str) -> bool:
    return not text or re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) is not None


def _refused(check: str, value: Any, column: Column) -> tuple[str, str]:
    shown = f"{value:.15g}" if isinstance(value, float) else f"{value}"
    unit = (
        ""
        if column.unit.startswith("as named") or column.unit == "fraction of 1"
        else f" {column.unit}"
    )
    if check in ("minimum", "maximum"):
        side = "below" if check == "minimum" else "above"
        low, high = column.minimum, column.maximum
        other = (
            in_another_unit(float(value), column.unit, low, high)
            if low is not None and high is not None
            else ""
        )
        return (
            f"{shown} is {side} the plausible range, {_bound(low)} to {_bound(high)}{unit}",
            other or "check the unit and the digits",
        )
    if check == "enum":
        choices = (
            ", ".join(column.enum)
            if len(column.enum) <= 8
            else f"{', '.join(column.enum[:6])} and {len(column.enum) - 6} more in datapackage.json"
        )
        return f"'{shown}' is not one of {choices}", did_you_mean(
            shown, column.enum, "write one of them"
        )
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
    for names in [
        table.key,
        *(
            (column.name,)
            for column in table.columns
            if column.unique and (column.name,) != table.key
        ),
    ]:
        spoilt = {line for line, column in reading.spoilt if column in names}
        rows = zip(
            reading.frame.index.tolist(),
            reading.frame[list(names)].itertuples(index=False, name=None),
            strict=True,
        )
        first: dict[tuple[str, ...], tuple[int, tuple[Any, ...]]] = {}
        for line, values in rows:
            if line in spoilt:
                continue
            seen_line, seen = first.setdefault(tuple(map(_folded, values)), (line, values))
            if seen_line == line:
                continue
            shown, other = (", ".join(map(str, key)) for key in (values, seen))
            what = (
                f"'{shown}' is"
                if values == seen
                else f"'{shown}' differs only in capitals or width from '{other}'"
            )
            place = (
                f"{reading.where} line {line}, column{'s' if len(names) > 1 else ''} "
                f"{', '.join(names)}"
            )
            already = (
                f"{what} the same as in line {seen_line}"
                if values == seen
                else f"{what} in line {seen_line}"
            )
            reading.faults.append(Fault(place, already, "each row needs its own"))


def _folded(value: Any) -> str:
    return unicodedata.normalize("NFKC", str(value)).casefold()
