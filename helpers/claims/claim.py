"""What the audit is about: a claim as data, the reader's settings, and what a rule finds."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.texts import read_day


@dataclass(frozen=True)
class Link:
    """The stance of one fact towards a claim: supports, refutes, partial or context."""

    evidence_id: str
    stance: str


@dataclass(frozen=True)
class Claim:
    """One assertion of an article. `value` is what the article asserts, as text; `args` says what
    the rule compares it with, `result` names the result that reports the number under it, `outlet`
    is its article's in few words.
    """

    claim_id: str
    article_id: str
    paragraph: int
    text: str
    claim_type: str
    value: str
    unit: str
    attributed_to: str
    rule: str
    args: Mapping[str, Any]
    tolerance_kind: str
    published: datetime.date
    links: tuple[Link, ...]
    period: str = ""
    result: str = ""
    outlet: str = ""

    @property
    def number(self) -> float:
        """The asserted number. Raises ValueError when the claim asserts a word."""
        return float(self.value)

    @property
    def words(self) -> frozenset[str]:
        """The asserted set, entries separated by semicolons."""
        return frozenset(filter(None, (part.strip() for part in self.value.split(";"))))


@dataclass(frozen=True)
class ClaimInputs:
    """The reader's settings of the audit. Names and meanings are those of the scenario parameters.

    bound_ratio: how many times a bound must be missed to be contradicted. Percent fields: 15 means
    15 %.
    """

    as_of_date: str
    verdict_basis: str
    plain_tolerance_percent: float
    definition_tolerance_percent: float
    contradiction_percent: float
    bound_ratio: float
    lowest_source_tier: int
    minimum_origins: int
    count_unverified: bool
    plural_origins: int
    partial_ratio: float
    programme_units: int
    unit_value_usd: float

    @property
    def as_of(self) -> datetime.date:
        """The day of today's verdicts."""
        return read_day(self.as_of_date)

    def tolerance_percent(self, kind: str) -> float:
        """Deviation up to which a number of that tolerance kind is supported."""
        own = self.definition_tolerance_percent
        return own if kind == "definition" else self.plain_tolerance_percent


@dataclass(frozen=True)
class Finding:
    """What a rule says about a claim at a date: label, the number or word it computed, one sentence
    with the arithmetic, evidence used.

    tally: independent origins that support, refute and hold in part, where stances were counted.
    """

    label: str
    computed: float | str | None
    explanation: str
    evidence_ids: tuple[str, ...] = ()
    tally: tuple[int, int, int] | None = None
