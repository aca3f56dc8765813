"""The labels of the audit, how far a number may be off for each, and numbers, days and names as
people write them.
"""

import math
import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from helpers.claims.claim import ClaimInputs


@dataclass(frozen=True)
class Label:
    """A label of the audit. meaning: what it says, in one sentence.

    group: holds, off, unsupported, contradicted, forecast or none. four: its class in the AVeriTeC
    data set of fact-checked claims, empty where that has none.
    """

    name: str
    meaning: str
    group: str
    four: str

    @property
    def words(self) -> str:
        """The label as a reader reads it: `forecast_partly_met` → partly met (forecast)."""
        kind, _, rest = self.name.partition("_")
        return (f"{rest} (forecast)" if kind == "forecast" else self.name).replace("_", " ")


_YES, _PART, _LITTLE, _NO = "Supported", "Conflicting", "Not enough evidence", "Refuted"
_DETAIL = "The facts carry it but for a detail, a margin or a part of its sources."
_WITHOUT = "No fact on record that was public by that day carries it."
_SEARCHED = "We searched and found nothing for or against it; others may."
_BEYOND = "Nobody outside could check it: it names no source, or none that speaks."
_HALF = "A part of what was forecast has come about, or its cause is open."
_WAITS = "What was forecast has not come about yet, and still can."
# Strongest first; the order of tables, legends and counts.
VERDICTS = (
    Label("supported", "The facts carry it.", "holds", _YES),
    Label("mostly_supported", _DETAIL, "holds", _YES),
    Label("mixed", "Some facts carry it and others do not.", "off", _PART),
    Label("overstated", "It says more than the facts carry.", "off", _NO),
    Label("understated", "It says less than the facts show.", "off", _NO),
    Label("outdated", "It was so before, and no longer on that day.", "off", _NO),
    Label("unsupported", _WITHOUT, "unsupported", _LITTLE),
    Label("contradicted", "The facts say otherwise.", "contradicted", _NO),
    Label("not_found", _SEARCHED, "none", _LITTLE),
    Label("cannot_be_checked", _BEYOND, "none", _LITTLE),
    Label("opinion", "A judgement, which is neither true nor false.", "none", ""),
    Label("forecast_met", "What was forecast has come about.", "forecast", _YES),
    Label("forecast_partly_met", _HALF, "forecast", _PART),
    Label("forecast_pending", _WAITS, "forecast", _LITTLE),
    Label("forecast_missed", "What was forecast did not come about in time.", "forecast", _NO),
)
_BY_NAME = {label.name: label for label in VERDICTS}
LABELS = tuple(_BY_NAME)


def of_group(*groups: str) -> tuple[str, ...]:
    """The names of the labels of these groups, strongest first."""
    return tuple(label.name for label in VERDICTS if label.group in groups)


def word(name: str) -> str:
    """A label as a reader reads it."""
    return _BY_NAME[name].words


HELD, OFF, FORECASTS = of_group("holds"), of_group("off"), of_group("forecast")
NO_SCORE = ("not_found", "cannot_be_checked", "opinion", "forecast_pending")

# "Mostly supported" reaches five points further than "supported": 2.5 and 7.5 % for plain numbers,
# 5 and 10 % for the others.
MOSTLY_MARGIN_PERCENT = 5.0


def number_in(text: str) -> float | None:
    """The finite number that a text is; None for any other text."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def say(value: float) -> str:
    """A number in a sentence: grouped, four significant digits below a thousand."""
    text = f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
    return text.replace("-", "−")


def amount(value: float, unit: str) -> str:
    """A number with its unit: 27.5 %, $41.07 bn, rank 2, 1,500,000 units; 0.02 share is 2 %."""
    if unit == "share":
        return f"{say(100 * value)} %"
    if unit == "percent":
        return f"{say(value)} %"
    if unit == "rank":
        return f"rank {say(value)}"
    money, _, scale = unit.partition(" ")
    if money == "USD" and scale in ("bn", "mn", "m", ""):
        return f"${say(value)} {scale}".strip()
    return f"{say(value)} {unit}".strip()


def deviation_label(
    claimed: float, fact: float, kind: str, settings: ClaimInputs
) -> tuple[str, str]:
    """Label and words for a claimed number against a fact.

    r = (claimed − fact) / fact; limits by tolerance kind: exact, plain, hedged ("nearly X": as
    plain, and the fact must lie below X), definition. A hedge never buys a kinder label.
    """
    if claimed == fact:
        return "supported", "the same"
    if kind == "exact":
        return "contradicted", "not the same, and the claim is exact"
    if fact == 0:
        return "contradicted", "the fact is zero"
    off_percent = 100 * (claimed - fact) / abs(fact)
    tolerance = settings.tolerance_percent(kind)
    size = round(abs(off_percent), 9)  # so that 5 % off is inside 5 %, whatever the last bit says
    off = f"{size:.1f} % too {'high' if claimed > fact else 'low'}"
    if size <= tolerance and not (kind == "hedged" and claimed < fact):
        return "supported", f"{off}, within the tolerance of {tolerance:g} %"
    if size <= tolerance + MOSTLY_MARGIN_PERCENT:
        return "mostly_supported", f"{off}, close to the tolerance of {tolerance:g} %"
    words = f"{off}, beyond the tolerance of {tolerance:g} %"
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
    if basis == "today" or claim_type == "forecast" or then in ("not_found", "cannot_be_checked"):
        return now
    return "contradicted" if (then, now) == ("unsupported", "contradicted") else then


def four_labels(label: str) -> str:
    """The label in the four classes of AVeriTeC; empty for an opinion, which has none."""
    return _BY_NAME[label].four


_PROPER = {
    "us": "US",
    "uk": "UK",
    "jp": "Japan",
    "mx": "Mexico",
    "kr": "South Korea",
    "de": "Germany",
    "cn": "China",
    "mlit": "transport ministry",
    "mfn": "MFN",
    "s232": "section 232",
    "ieepa": "IEEPA",
    "rhd": "right-hand-drive",
    "gdp": "GDP",
}


def in_words(name: str, proper: Set[str] = frozenset()) -> str:
    """A machine's name as people write it: `tariff.us_s232_cars_from_japan` → tariff US section 232
    cars from Japan. Other text only loses its `_`.

    proper: words that are names, in lower case.
    """
    if not re.fullmatch(r"[a-z0-9_. ]+", name):
        return name.replace("_", " ")
    return " ".join(
        _PROPER.get(part, part.capitalize() if part in proper else part)
        for part in re.split(r"[._ ]", name)
    )


def proper_names(texts: Iterable[str]) -> frozenset[str]:
    """The words that texts write with a capital and never without, in lower case."""
    said = " ".join(texts)
    return frozenset(map(str.lower, re.findall(r"\b[A-Z][a-z]+\b", said))) - frozenset(
        re.findall(r"\b[a-z]+\b", said)
    )
