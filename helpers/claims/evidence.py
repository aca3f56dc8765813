"""Evidence as facts with an address: what was known on a day, under the reader's filters, and
arithmetic over it.
"""

import dataclasses
import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from helpers.claims.claim import ClaimInputs
from helpers.claims.labels import in_words, number_in, proper_names, say
from helpers.periods import DAY, Period, full_years, read_period
from helpers.quantities import QUALITIES
from helpers.texts import read_day

_SIGNS = {"sum": " + ", "product": " × ", "ratio": " / ", "diff": " − "}

# In effect sizes the reader's own assumption stands for these facts; a claim that relays the figure
# itself is judged by the fact.
EFFECT_INPUTS = {
    "forecast.reverse_import_units": "programme_units",
    "assumption.unit_value_usd": "unit_value_usd",
}


@dataclass(frozen=True)
class Evidence:
    """One fact. known_from: first day on which one of its sources was public. origin: the
    independent origin it counts as; origins: of all its sources. page_of: articles whose own page
    is all it rests on. last_word: the day of its latest source.
    """

    evidence_id: str
    metric: str
    value: str
    unit: str
    period: str
    statement: str
    source_ids: tuple[str, ...]
    known_from: datetime.date
    quality: str
    tier: int
    origin: str
    origins: tuple[str, ...]
    page_of: frozenset[str] = frozenset()
    last_word: datetime.date = datetime.date.max

    def is_open_at(self, day: datetime.date) -> bool:
        """Whether it has no end on record and its latest source is older than that day."""
        return self.span.last == datetime.date.max != self.span.first and self.last_word < day

    @cached_property
    def span(self) -> Period:
        """The period as days."""
        return read_period(self.period)


@dataclass(frozen=True)
class Number:
    """A computed number with its arithmetic in words and the evidence under it."""

    value: float
    text: str
    evidence_ids: tuple[str, ...]


class MissingFactError(Exception):
    """An address that nothing known answers. Ends a rule with `unsupported`."""


class StaleFactError(MissingFactError):
    """The record holds a fact of another period than the claim's: `not_found`."""


@dataclass(frozen=True)
class Facts:
    """The evidence that counts on a day.

    rows: by metric, already cut to what was known and passes the filters. schedules: metrics whose
    value on a day a model computes.
    left_out: what was known but does not pass, so that a gap the filters make is not taken for a
    gap in the record. names: words that are names, as the record writes them.
    """

    rows: Mapping[str, tuple[Evidence, ...]]
    settings: ClaimInputs
    schedules: Mapping[str, Callable[[str], float]]
    left_out: tuple[Evidence, ...] = ()
    names: frozenset[str] = frozenset()

    def in_words(self, name: str) -> str:
        """A metric or a part of one as people write it, names with a capital."""
        return in_words(name, self.names)

    def all_of(self, metric: str) -> tuple[Evidence, ...]:
        """Every row of a metric, best first: latest period, then best quality, latest known, lowest
        id; none for an unknown metric.
        """
        return self.rows.get(metric, ())

    @cached_property
    def by_id(self) -> dict[str, Evidence]:
        """Every row by its id."""
        return {row.evidence_id: row for rows in self.rows.values() for row in rows}

    def with_prefix(self, prefix: str) -> list[Evidence]:
        """Every row whose metric starts so."""
        return [
            row for metric, rows in self.rows.items() if metric.startswith(prefix) for row in rows
        ]

    def row(self, address: str, period: str = "") -> Evidence:
        """The row an address means: `metric` (latest period), `metric@2024` (that period),
        `metric@2025-10-26` (period holding the day).

        period: that of the claim; an address without a period of its own means a row that
        overlaps it. Raises MissingFactError when none fits, StaleFactError when rows of other
        periods alone are known.
        """
        metric, _, when = address.partition("@")
        rows = self.all_of(metric)
        if DAY.fullmatch(when):
            return self._on_day(metric, when)
        fitting = [row for row in rows if not when or row.period == when]
        if not fitting:
            raise MissingFactError(address)
        if period and not when:
            asked = read_period(period)
            inside = [row for row in fitting if row.span.overlaps(asked)]
            if not inside:
                last = fitting[0]
                raise StaleFactError(
                    f"{period}; the latest on record, {last.value} of {last.period} "
                    f"({last.evidence_id}), is of another time and does not count"
                )
            return inside[0]
        return fitting[0]

    def _on_day(self, metric: str, day: str) -> Evidence:
        fitting = [row for row in self.all_of(metric) if row.span.holds(read_day(day))]
        if not fitting:
            raise MissingFactError(f"{metric}@{day}")
        if metric in self.schedules:
            return dataclasses.replace(fitting[0], value=repr(self.schedules[metric](day)))
        return fitting[0]

    def without_page_of(self, article: str) -> "Facts":
        """These facts less those that rest on that article's own page: no evidence for itself."""
        if not any(article in row.page_of for row in self.by_id.values()):
            return self
        kept = {
            metric: tuple(row for row in rows if article not in row.page_of)
            for metric, rows in self.rows.items()
        }
        return dataclasses.replace(self, rows={name: rows for name, rows in kept.items() if rows})

    def number(self, address: str, period: str = "") -> Number:
        """The number at an address. Raises MissingFactError for none, or a fact that is a word."""
        row = self.row(address, period)
        value = number_in(row.value)
        if value is None:
            raise MissingFactError(f"{address} ({row.evidence_id} holds no number)")
        return Number(value, say(value), (row.evidence_id,))

    def compute(
        self, expression: Any, on: datetime.date, inside: bool = False, period: str = ""
    ) -> Number:
        """The value of an expression: a number, an address, `{"ratio": [a, b]}` and the like,
        `{"first": [a, b]}` (the first that is known), or `{"years_since": address}`.

        on: the day years are counted to. inside: whether it is part of a larger expression, where
        the reader's own volume and unit value stand for the reported ones. period: that of the
        claim, see `row`. Raises MissingFactError when a fact is missing or a divisor is zero.
        """
        if isinstance(expression, int | float) and not isinstance(expression, bool):
            return Number(float(expression), say(expression), ())
        if isinstance(expression, str):
            known = self.number(expression, period)
            chosen = (
                getattr(self.settings, EFFECT_INPUTS[expression])
                if inside and expression in EFFECT_INPUTS
                else known.value
            )
            return Number(float(chosen), say(chosen), known.evidence_ids)
        (operation, operand), *_ = expression.items()
        if operation == "years_since":
            return self._years_since(operand, on)
        if operation == "first":
            return self._first_known(operand, on, inside, period)
        parts = [self.compute(part, on, True, period) for part in operand]
        value = _apply(operation, [part.value for part in parts])
        if not math.isfinite(value):
            raise MissingFactError("a number of a size that can be computed")
        nested = [
            f"({part.text})" if isinstance(source, dict) else part.text
            for part, source in zip(parts, operand, strict=True)
        ]
        text = (
            _SIGNS[operation].join(nested)
            if operation in _SIGNS
            else f"{operation} of {', '.join(nested)}"
        )
        ids = tuple(dict.fromkeys(id for part in parts for id in part.evidence_ids))
        return Number(value, text, ids)

    def _first_known(
        self, choices: list[Any], on: datetime.date, inside: bool, period: str
    ) -> Number:
        missing: MissingFactError | None = None
        for choice in choices:
            try:
                return self.compute(choice, on, inside, period)
            except MissingFactError as gap:
                missing = missing or gap
        raise missing or MissingFactError("a fact")

    def _years_since(self, address: str, on: datetime.date) -> Number:
        row = self.row(address)
        try:
            start = read_period(row.value).first
        except ValueError:
            raise MissingFactError(f"{address} ({row.evidence_id} holds no date)") from None
        if start == datetime.date.min:
            raise MissingFactError(f"{address} ({row.evidence_id} holds no date)")
        years = full_years(start, on) if len(row.value) > 4 else on.year - start.year
        return Number(float(years), f"{on.year} − {start.year}", (row.evidence_id,))


def known(
    rows: tuple[Evidence, ...],
    day: datetime.date,
    settings: ClaimInputs,
    schedules: Mapping[str, Callable[[str], float]],
) -> Facts:
    """The facts public on that day that pass the reader's filters on source tier and quality."""
    index: dict[str, list[Evidence]] = {}
    public = [row for row in rows if row.known_from <= day]
    for row in public:
        if passes(row, settings):
            index.setdefault(row.metric, []).append(row)
    left_out = tuple(row for row in public if not passes(row, settings))
    return Facts(
        {metric: tuple(sorted(facts, key=_best_first)) for metric, facts in index.items()},
        settings,
        schedules,
        left_out,
        proper_names(row.statement for row in rows),
    )


def passes(row: Evidence, settings: ClaimInputs) -> bool:
    """Whether a row counts under the reader's source tier and treatment of unverified values."""
    return row.tier <= settings.lowest_source_tier and (
        settings.count_unverified or row.quality != "unverified"
    )


def is_assumption(metric: str) -> bool:
    """Whether a metric is an assumption of the reader's own, which was never public."""
    return metric.startswith("assumption.")


def _best_first(row: Evidence) -> tuple[int, int, int, int, str]:
    return (
        -row.span.first.toordinal(),
        -row.span.last.toordinal(),
        QUALITIES.index(row.quality),
        -row.known_from.toordinal(),
        row.evidence_id,
    )


def _apply(operation: str, values: list[float]) -> float:
    if operation == "ratio":
        if values[1] == 0:
            raise MissingFactError("a divisor that is not zero")
        return values[0] / values[1]
    if operation == "diff":
        return values[0] - values[1]
    return {"sum": sum, "product": math.prod, "min": min, "max": max}[operation](values)  # type: ignore[operator, no-any-return]
