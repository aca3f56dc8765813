"""Rows of tables as texts, and facts whose value or days another table of the suite holds, so that
a corrected table corrects the verdict.

`shared_values` names, per fact, the table, the row (`column=value;column=value`), and the columns
with value, first and last day. The fact keeps what only it knows: since when it was public, its
sentence, source and quality.
"""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from helpers.claims.evidence import MissingFactError
from helpers.errors import Fault, InputError
from helpers.trade.duty import total_duty


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """One dict of texts a row: a whole number without its point, a blank as an empty text."""
    columns = [[as_text(value) for value in frame[name].tolist()] for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return (
        [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        if names
        else []
    )


def as_text(value: Any) -> str:
    """A cell as text: 2024 and not 2024.0, empty for a blank."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


ROW_TABLES = (
    "office_holders",
    "plants",
    "events",
    "tariffs",
    "fx_usdjpy_annual",
    "fx_usdjpy_monthly",
    "trade_flows",
    "goods_trade",
    "japan_market",
    "precedents",
    "import_estimates",
    "us_models",
    "vehicles",
    "constraints",
    "road_widths",
)
COMPUTED_TOTAL = "tariff.total.cars_from_japan"


@dataclass(frozen=True)
class Reading:
    """What a shared table says of a fact: value and period as text, None where the link takes that
    side from the fact itself.
    """

    evidence_id: str
    place: str
    value: str | None
    period: str | None


def read_shared(tables: Mapping[str, pd.DataFrame]) -> dict[str, Reading]:
    """Evidence id → what the shared table says. Raises InputError for links to no row, to several
    rows, or to no such column.
    """
    facts = {row["evidence_id"]: row for row in records(tables["evidence"])}
    found, faults = {}, []
    for link in records(tables["shared_values"]):
        where = f"data/claims/shared_values.csv, row {link['evidence_id']}"
        try:
            if link["evidence_id"] not in facts:
                raise ValueError("there is no such fact in evidence.csv")
            found[link["evidence_id"]] = _reading(link, facts[link["evidence_id"]], tables)
        except ValueError as error:
            faults.append(Fault(where, str(error)))
    if faults:
        raise InputError(faults)
    return found


def with_shared_values(
    rows: list[dict[str, str]], readings: Mapping[str, Reading]
) -> list[dict[str, str]]:
    """Evidence rows with value and period from the shared tables where these hold them."""
    return [
        _replaced(row, readings[row["evidence_id"]]) if row["evidence_id"] in readings else row
        for row in rows
    ]


def disagreements(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Facts whose own value or period differs from the shared table: columns evidence_id, place,
    fact, shared.

    A value agrees when the shared one, rounded to the decimals the fact is written with, is the
    same. The table's word is used.
    """
    readings, differing = read_shared(tables), []
    for row in records(tables["evidence"]):
        if reading := readings.get(row["evidence_id"]):
            if reading.value is not None and not _same(row["value"], reading.value):
                differing.append((row["evidence_id"], reading.place, row["value"], reading.value))
            if reading.period is not None and row["period"] != reading.period:
                differing.append((row["evidence_id"], reading.place, row["period"], reading.period))
    for row in records(tables["evidence"]):
        if row["metric"] == COMPUTED_TOTAL:
            start = row["period"].split("/")[0].replace("..", "2025-01-01")
            shared = str(total_duty(tables["tariffs"], start, "passenger_car"))
            if not _same(row["value"], shared):
                differing.append(
                    (row["evidence_id"], f"tariffs: total duty on {start}", row["value"], shared)
                )
    return pd.DataFrame(differing, columns=["evidence_id", "place", "fact", "shared"])


def duty_schedules(tariffs: pd.DataFrame) -> dict[str, Callable[[str], float]]:
    """Metrics whose value on a day the tariff model works out from the schedule."""

    @functools.cache
    def total(day: str) -> float:
        try:
            return total_duty(tariffs, day, "passenger_car")
        except InputError as error:
            raise MissingFactError(f"{COMPUTED_TOTAL}@{day}") from error

    return {COMPUTED_TOTAL: total}


def _reading(
    link: Mapping[str, str], fact: Mapping[str, str], tables: Mapping[str, pd.DataFrame]
) -> Reading:
    if link["table"] not in ROW_TABLES:
        raise ValueError(
            f"'{link['table']}' is not a shared table; write one of {', '.join(ROW_TABLES)}"
        )
    table = tables[link["table"]]
    conditions = dict(part.split("=", 1) for part in link["row"].split(";") if "=" in part)
    columns = [link[name] for name in ("value_column", "from_column", "to_column") if link[name]]
    unknown = [name for name in [*conditions, *columns] if name not in table.columns]
    if unknown or not conditions:
        raise ValueError(
            f"{link['table']} has no column {', '.join(unknown)}"
            if unknown
            else "the row is not given as column=value"
        )
    fitting = [
        row
        for row in records(table[list(dict.fromkeys([*conditions, *columns]))])
        if all(row[name] == value for name, value in conditions.items())
    ]
    if len(fitting) != 1:
        raise ValueError(
            f"{len(fitting)} rows of {link['table']} fit '{link['row']}'; name exactly one"
        )
    (row,) = fitting
    value = row[link["value_column"]] if link["value_column"] else None
    if value is not None and link["factor"]:
        value = str(Decimal(value) * Decimal(link["factor"])) if value else None
    return Reading(
        link["evidence_id"],
        f"{link['table']}: {link['row']}",
        value or None,
        _period(link, row, fact["period"]),
    )


def _period(link: Mapping[str, str], row: Mapping[str, str], own: str) -> str | None:
    """The fact's period with the sides that the link takes from the table; a blank end in the table
    leaves the fact's own end.
    """
    if not (link["from_column"] or link["to_column"]):
        return None
    if link["from_column"] == link["to_column"]:
        return row[link["from_column"]] or None
    start, _, end = own.partition("/")
    start = (row[link["from_column"]] if link["from_column"] else "") or start
    end = (row[link["to_column"]] if link["to_column"] else "") or end or start
    return f"{start}/{end}" if "/" in own or end != start else own


def _replaced(row: dict[str, str], reading: Reading) -> dict[str, str]:
    return {
        **row,
        "value": row["value"] if reading.value is None else reading.value,
        "period": row["period"] if reading.period is None else reading.period,
    }


def _same(own: str, shared: str) -> bool:
    if own == shared:
        return True
    try:
        written = Decimal(own)
        return written == Decimal(shared).quantize(
            Decimal(1).scaleb(min(0, int(written.as_tuple().exponent)))
        )
    except ArithmeticError:
        return False
