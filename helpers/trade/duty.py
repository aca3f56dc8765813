"""Duty rates on a date: which instruments apply, how they stack, and what they add up to."""

import datetime
import itertools
import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.data.picking import source_tuple
from helpers.errors import refusal
from helpers.quantities import QUALITIES, Quantity, fact, together
from helpers.texts import PRINTED, how_stated, is_day

Row = dict[Hashable, Any]


@dataclass(frozen=True)
class Component:
    """One instrument in force on the day. `counts` says whether its rate is part of the total,
    `why` says why or why not. known_until: its last day, or the last on which a source has it.
    """

    instrument: str
    kind: str
    rate_percent: float
    counts: bool
    why: str
    legal_instrument: str
    known_until: str
    quality: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Duty:
    """The duty on one product on one day. total_percent: percent of customs value, everything
    included. known_until: the last day on which sources have this total; it is carried forward on
    a later one.
    """

    importer: str
    exporter: str
    product: str
    day: str
    total_percent: float
    rule: str
    components: tuple[Component, ...]
    known_until: str

    @property
    def carried(self) -> bool:
        """Whether the day lies beyond what sources say."""
        return self.day > self.known_until

    @property
    def total(self) -> Quantity:
        """The total: an estimate where carried forward, else as good as its weakest instrument."""
        weakest = together(self.counted).quality
        quality = max("estimate", weakest, key=QUALITIES.index) if self.carried else weakest
        return fact(self.total_percent, "%", self.day, quality, self.source_ids, self.known_until)

    @property
    def counted(self) -> tuple[Component, ...]:
        """The instruments that count."""
        return tuple(component for component in self.components if component.counts)

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Sources of the instruments that count."""
        return together(self.counted).source_ids


def total_duty(schedule: pd.DataFrame, day: str, product: str) -> float:
    """The US duty on a product from Japan on a day, percent of customs value."""
    return duty_on(schedule, day, product).total_percent


def last_known(schedule: pd.DataFrame, product: str) -> Duty:
    """The US duty on a product from Japan on the last day to which sources confirm it."""
    rows = schedule[(schedule["product"] == product) & (schedule["importer"] == "US")]
    return duty_on(schedule, max(rows["confirmed_on"]), product)


def duty_on(
    schedule: pd.DataFrame, day: str, product: str, importer: str = "US", exporter: str = "Japan"
) -> Duty:
    """The duty on a product on a day, instrument by instrument.

    schedule: the tariffs table; `effective_from` and `effective_to` are the first and last day of
    force, blank `to` = open, `exporter` "all" covers every origin. An all-in rate replaces the MFN
    rate and every additional one, unless the MFN rate is higher; otherwise additional rates that
    stack are added to the MFN rate.
    Raises InputError for a day that is no date, an unknown product or pair of countries, a day
    before the first rate known, a product whose MFN rate the table does not hold, and two
    instruments of a kind that may stand alone only.
    """
    return _duty(_rows(schedule, importer, exporter), day, product, importer, exporter)


def steps(schedule: pd.DataFrame, product: str, first_day: str, last_day: str) -> pd.DataFrame:
    """The US duty on a product from Japan between two days as steps: columns from_day, to_day,
    total_percent, known_until, rule, legal_instrument, source_ids.
    """
    _check_day("first day", first_day)
    _check_day("last day", last_day)
    if last_day < first_day:
        raise refusal(
            "last day", f"{last_day} is before {first_day}", "write the earlier day first"
        )
    rows = _rows(schedule, "US", "Japan")
    instruments = [row for row in rows if row["product"] == product]
    changes = {row["effective_from"] for row in instruments} | {
        _next_day(row["effective_to"]) for row in instruments if row["effective_to"]
    }
    starts = sorted({first_day} | {day for day in changes if first_day < day <= last_day})
    spells = []
    for start, following in zip(starts, [*starts[1:], ""], strict=True):
        duty = _duty(rows, start, product, "US", "Japan")
        spells.append(
            {
                "from_day": start,
                "to_day": day_before(following) if following else last_day,
                "total_percent": duty.total_percent,
                "known_until": duty.known_until,
                "rule": duty.rule,
                "legal_instrument": "; ".join(part.legal_instrument for part in duty.counted),
                "source_ids": ";".join(duty.source_ids),
            }
        )
    return pd.DataFrame(spells)


def mean_duty(schedule: pd.DataFrame, months: pd.PeriodIndex, product: str) -> Quantity:
    """The US duty on a product from Japan averaged over the days of these months."""
    first, last = (day.date().isoformat() for day in (months[0].start_time, months[-1].end_time))
    spells = steps(schedule, product, first, last)
    start, end = (pd.to_datetime(spells[name]) for name in ("from_day", "to_day"))
    mean = float(np.average(spells["total_percent"], weights=(end - start).dt.days + 1))
    sources = source_tuple(spells["source_ids"])
    return fact(mean, "%", f"{months[0]}/{months[-1]}", "derived", sources)


def stated_levels(
    claims: pd.DataFrame, articles: pd.DataFrame, schedule: pd.DataFrame
) -> pd.DataFrame:
    """What each article says a Japanese car pays, beside what it paid on the day of publication.

    A claim about the total duty gives the level, printed or as the sum of the rates that it prints.
    An article that calls the duty a mere threat prints no level and has the MFN rate, which is what
    a car pays if the threat is no more than that.
    Columns: article_id, outlet, day, stated_percent (NaN: prints no level), actual_percent,
    claim_id, reading.
    """
    totals = claims[claims["rule"] == "tariff_total"]
    rows = []
    for _, article in articles.iterrows():
        day = str(article["published"])
        duty = duty_on(schedule, day, "passenger_car")
        level, claim_id, reading = float("nan"), "", "prints no level"
        for _, claim in totals[totals["article_id"] == article["article_id"]].iterrows():
            claim_id = claim["claim_id"]
            if json.loads(claim["rule_args"]).get("claimed") == "threat_only":
                level = max(part.rate_percent for part in duty.components if part.kind == "mfn")
                reading = "calls the duty a threat"
                continue
            level = float(claim["value"])
            states = how_stated(claim["claim"], level) == PRINTED
            reading = "states the total" if states else "its rates add to the total"
        names = (article["article_id"], article["outlet"], day)
        rows.append((*names, level, duty.total_percent, claim_id, reading))
    columns = ["article_id", "outlet", "day", "stated_percent", "actual_percent"]
    return pd.DataFrame(rows, columns=[*columns, "claim_id", "reading"])


def _rows(schedule: pd.DataFrame, importer: str, exporter: str) -> list[Row]:
    return [
        row
        for row in schedule.to_dict("records")
        if row["importer"] == importer and row["exporter"] in (exporter, "all")
    ]


def _duty(pair: list[Row], day: str, product: str, importer: str, exporter: str) -> Duty:
    where = f"duty on {product} from {exporter} into {importer} on {day}"
    _check_day(where, day)
    rows = [row for row in pair if row["product"] == product]
    if not rows:
        known = ", ".join(sorted({row["product"] for row in pair}))
        remedy = f"it has {known or 'no product of this pair of countries'}"
        raise refusal(where, "the schedule has no such row", remedy)
    valid = [
        row for row in rows if row["effective_from"] <= day <= (row["effective_to"] or "9999-12-31")
    ]
    valid.sort(key=lambda row: (row["rate_kind"], row["effective_from"]))
    base, all_in = _only(valid, "mfn", where), _only(valid, "all_in", where)
    mfn = float(base["rate_percent"]) if base else None
    starts = [row["effective_from"] for row in rows if row["rate_kind"] == "mfn"]
    if mfn is None and starts:
        raise refusal(where, "no rate is known that early", f"write a day from {min(starts)} on")
    if mfn is None and not all_in:
        what = "the MFN rate varies by tariff line and is not in the schedule"
        raise refusal(where, what, "ask for a product whose rate it has")
    if all_in:
        inclusive = float(all_in["rate_percent"])
        wins = mfn is None or inclusive >= mfn
        counted = [wins == (row["rate_kind"] == "all_in") for row in valid]
        reasons = [_why_with_all_in(row, wins) for row in valid]
        above = "MFN rate: it is above the all-in rate"
        rule = "all-in rate, the MFN rate included" if wins else above
        total = inclusive if wins else float(mfn or 0)
    else:
        counted = [row["rate_kind"] == "mfn" or _stacks(row) for row in valid]
        reasons = [_why_without_all_in(row) for row in valid]
        stacked = any(map(_stacks, valid))
        rule = "MFN rate plus additional rates" if stacked else "MFN rate alone"
        total = sum(float(row["rate_percent"]) for row in itertools.compress(valid, counted))
    components = [_component(*arguments) for arguments in zip(valid, counted, reasons, strict=True)]
    until = _known_until(rows, components, day)
    return Duty(importer, exporter, product, day, total, rule, tuple(components), until)


def _known_until(rows: list[Row], components: list[Component], day: str) -> str:
    """The last day on which the rates that count on a day are known to hold together."""
    changes = [day_before(row["effective_from"]) for row in rows if row["effective_from"] > day]
    return min([component.known_until for component in components if component.counts] + changes)


def _component(row: Row, counts: bool, why: str) -> Component:
    return Component(
        instrument=row["instrument"],
        kind=row["rate_kind"],
        rate_percent=float(row["rate_percent"]),
        counts=counts,
        why=why,
        legal_instrument=row["legal_instrument"],
        known_until=row["effective_to"] or row["confirmed_on"],
        quality=row["quality"],
        source_ids=source_tuple([row["source_ids"]]),
    )


def _stacks(row: Row) -> bool:
    return bool(row["rate_kind"] == "additional" and row["stacks_with_mfn"] == "yes")


def _why_without_all_in(row: Row) -> str:
    if row["rate_kind"] == "mfn":
        return "base rate"
    return "added to the MFN rate" if _stacks(row) else "does not stack"


def _why_with_all_in(row: Row, wins: bool) -> str:
    if row["rate_kind"] == "all_in":
        return "replaces every other rate" if wins else "below the MFN rate, which stands"
    if row["rate_kind"] == "mfn":
        return "included in the all-in rate" if wins else "above the all-in rate"
    return "replaced by the all-in rate"


def _only(valid: list[Row], kind: str, where: str) -> Row | None:
    rows = [row for row in valid if row["rate_kind"] == kind]
    if len(rows) > 1:
        names = ", ".join(row["legal_instrument"] for row in rows)
        what = f"{len(rows)} rates of kind {kind} apply at once: {names}"
        raise refusal(where, what, "end one before the other starts")
    return rows[0] if rows else None


def _check_day(where: str, day: str) -> None:
    if not is_day(day):
        raise refusal(where, f"'{day}' is not a day", "write YYYY-MM-DD")


def _next_day(day: str) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


def day_before(day: str) -> str:
    """The day before a day, both as YYYY-MM-DD."""
    return (datetime.date.fromisoformat(day) - datetime.timedelta(days=1)).isoformat()
