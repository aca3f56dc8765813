"""What a verdict is: the labels, the reader's settings, and how far a number may be off."""

import datetime
from dataclasses import dataclass

from helpers.errors import Fault, InputError
from helpers.texts import read_day

# Strongest first; the order of tables, legends and counts.
LABELS = (
    "supported",
    "mostly_supported",
    "mixed",
    "overstated",
    "understated",
    "outdated",
    "unsupported",
    "contradicted",
    "unverifiable",
    "opinion",
    "forecast_met",
    "forecast_partly_met",
    "forecast_pending",
    "forecast_missed",
)
BASES = ("headline", "publication", "today")

# "Mostly supported" reaches five points further than "supported": 2.5 and 7.5 % for plain numbers,
# 5 and 10 % for the others.
MOSTLY_MARGIN_PERCENT = 5.0

# The four labels of the AVeriTeC data set of fact-checked claims, for comparison with others.
_FOUR = {
    "supported": "Supported",
    "mostly_supported": "Supported",
    "contradicted": "Refuted",
    "overstated": "Refuted",
    "understated": "Refuted",
    "outdated": "Refuted",
    "mixed": "Conflicting",
    "unsupported": "Not enough evidence",
    "unverifiable": "Not enough evidence",
    "forecast_pending": "Not enough evidence",
    "forecast_met": "Supported",
    "forecast_partly_met": "Conflicting",
    "forecast_missed": "Refuted",
}


@dataclass(frozen=True)
class ClaimInputs:
    """The reader's settings of the audit. Names and meanings are those of the scenario parameters.

    bound_ratio: how many times a bound must be missed to be contradicted. Percent fields: 15 means
    15 %. Raises InputError for a day that is no date or an unknown basis.
    """

    as_of_date: str
    verdict_basis: str
    plain_tolerance_percent: float
    hedged_tolerance_percent: float
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

    def __post_init__(self) -> None:
        try:
            read_day(self.as_of_date)
        except ValueError:
            raise InputError(
                [
                    Fault(
                        "parameter as_of_date",
                        f"'{self.as_of_date}' is not a day",
                        "write YYYY-MM-DD",
                    )
                ]
            ) from None
        if self.verdict_basis not in BASES:
            raise InputError(
                [
                    Fault(
                        "parameter verdict_basis",
                        f"'{self.verdict_basis}' is not known",
                        f"write one of {', '.join(BASES)}",
                    )
                ]
            )

    @property
    def as_of(self) -> datetime.date:
        """The day of today's verdicts."""
        return read_day(self.as_of_date)

    def tolerance_percent(self, kind: str) -> float:
        """Deviation up to which a number of that tolerance kind is supported."""
        return {
            "hedged": self.hedged_tolerance_percent,
            "definition": self.definition_tolerance_percent,
        }.get(kind, self.plain_tolerance_percent)


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


def say(value: float) -> str:
    """A number in an arithmetic sentence: grouped, four significant digits below a thousand, minus
    as U+2212.
    """
    text = f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
    return text.replace("-", "−")


def deviation_label(
    claimed: float, fact: float, kind: str, settings: ClaimInputs
) -> tuple[str, str]:
    """Label and words for a claimed number against a fact.

    r = (claimed − fact) / fact; limits by tolerance kind: exact, plain, hedged ("nearly X": the
    fact must lie below X), definition.
    """
    if claimed == fact:
        return "supported", "equal"
    if kind == "exact":
        return "contradicted", "not equal, and the claim is exact"
    if fact == 0:
        return "contradicted", "the fact is zero"
    off_percent = 100 * (claimed - fact) / abs(fact)
    tolerance = settings.tolerance_percent(kind)
    words = f"off by {off_percent:+.1f} % ({kind} tolerance {tolerance:g} %)".replace("-", "−")
    size = round(abs(off_percent), 9)  # so that 5 % off is inside 5 %, whatever the last bit says
    if size <= tolerance and not (kind == "hedged" and claimed < fact):
        return "supported", words
    if size <= tolerance + MOSTLY_MARGIN_PERCENT:
        return "mostly_supported", words
    if size > settings.contradiction_percent:
        return "contradicted", words
    return ("overstated" if claimed > fact else "understated"), words


def headline(claim_type: str, then: str, now: str, basis: str = "headline") -> str:
    """The one label shown for a claim.

    The label at publication, because a report is judged by what could be known; today's label for
    forecasts and where nothing could be verified at publication; contradicted where evidence was
    missing then and refutes now. `basis` may ask for one side alone.
    """
    if basis == "publication":
        return then
    if basis == "today" or claim_type == "forecast" or then == "unverifiable":
        return now
    return "contradicted" if (then, now) == ("unsupported", "contradicted") else then


def four_labels(label: str) -> str:
    """The label in the four classes of AVeriTeC; empty for an opinion, which has none."""
    return _FOUR.get(label, "")
