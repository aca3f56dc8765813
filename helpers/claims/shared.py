"""Rows of tables as texts, and facts whose value or days another table of the suite holds, so that
a corrected table corrects the verdict.

`shared_values` names, per fact, the table, the row (`column=value;column=value`), and the columns
with value, first and last day. The fact keeps what only it knows: since when it was public, its
sentence, source and quality.
"""

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from helpers.claims.claim import Claim
from helpers.claims.evidence import MissingFactError
from helpers.errors import Fault, InputError
from helpers.texts import as_text
from helpers.trade.duty import total_duty
from helpers.trade.words import outlet_name


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """One dict of texts a row: a whole number without its point, a blank as an empty text."""
    names = [str(name) for name in frame.columns]
    columns = [map(as_text, frame[name].tolist()) for name in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def outlets_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Article id → its outlet in few words, with the day where one outlet has several articles."""
    rows = records(tables["articles"])
    names = {row["article_id"]: outlet_name(row["outlet"]) for row in rows}
    often = Counter(names.values())
    return {
        row["article_id"]: f"{name}, {row['published']}" if often[name] > 1 else name
        for row, name in zip(rows, names.values(), strict=True)
    }


def block_of(claim: Claim, blocks: Sequence[Mapping[str, str]]) -> Mapping[str, str] | None:
    """The row of the part of its text that a claim stands in; None outside any noted part."""
    return next(
        (
            row
            for row in blocks
            if row["article_id"] == claim.article_id
            and int(row["first_paragraph"]) <= claim.paragraph <= int(row["last_paragraph"])
        ),
        None,
    )


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
    """A fact as the shared table has it, its own side where the link does not take one."""

    evidence_id: str
    place: str
    value: str
    period: str


def read_shared(tables: Mapping[str, pd.DataFrame]) -> dict[str, Reading]:
    """Evidence id → what the shared table says. Raises InputError for a link to no one row."""
    facts = {row["evidence_id"]: row for row in records(tables["evidence"])}
    readings, faults = {}, []
    for link in records(tables["shared_values"]):
        name = link["evidence_id"]
        try:
            readings[name] = _reading(link, facts[name], tables)
        except ValueError as error:
            faults.append(Fault(f"data/claims/shared_values.csv, row {name}", str(error)))
    if faults:
        raise InputError(faults)
    return readings


def with_shared_values(
    rows: list[dict[str, str]], readings: Mapping[str, Reading]
) -> list[dict[str, str]]:
    """Evidence rows with value and period from the shared tables where these hold them."""
    taken = {
        name: {"value": reading.value, "period": reading.period}
        for name, reading in readings.items()
    }
    return [row | taken.get(row["evidence_id"], {}) for row in rows]


def disagreements(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Facts whose own value or period differs from the shared table: columns evidence_id, place,
    fact, shared.

    A value agrees when the shared one, rounded to the decimals the fact is written with, is the
    same. The table's word is used.
    """
    readings, rows = read_shared(tables), records(tables["evidence"])
    differing = []
    for row in rows:
        if reading := readings.get(row["evidence_id"]):
            if not _same(row["value"], reading.value):
                differing.append((row["evidence_id"], reading.place, row["value"], reading.value))
            if row["period"] != reading.period:
                differing.append((row["evidence_id"], reading.place, row["period"], reading.period))
    for row in rows:
        if row["metric"] == COMPUTED_TOTAL:
            start = row["period"].split("/")[0].replace("..", "2025-01-01")
            shared = str(total_duty(tables["tariffs"], start, "passenger_car"))
            if not _same(row["value"], shared):
                place = f"tariffs: total duty on {start}"
                differing.append((row["evidence_id"], place, row["value"], shared))
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
    name = link["table"]
    conditions = dict(part.split("=", 1) for part in link["row"].split(";"))
    columns = [link[side] for side in ("value_column", "from_column", "to_column") if link[side]]
    used = list(dict.fromkeys([*conditions, *columns]))
    wanted = conditions.items()
    fitting = [row for row in records(tables[name][used]) if wanted <= row.items()]
    if len(fitting) != 1:
        raise ValueError(f"{len(fitting)} rows of {name} fit '{link['row']}'; name exactly one")
    (row,) = fitting
    value = row.get(link["value_column"], "")
    if value and link["factor"]:
        value = str(Decimal(value) * Decimal(link["factor"]))
    period = _period(link, row, fact["period"])
    place = f"{name}: {link['row']}"
    return Reading(link["evidence_id"], place, value or fact["value"], period)


def _period(link: Mapping[str, str], row: Mapping[str, str], own: str) -> str:
    """The fact's period with the sides that the link takes; a blank end leaves its own."""
    first, last = row.get(link["from_column"], ""), row.get(link["to_column"], "")
    if link["from_column"] == link["to_column"]:
        return first or own
    start, _, end = own.partition("/")
    start = first or start
    end = last or end or start
    return f"{start}/{end}" if "/" in own or end != start else own


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
