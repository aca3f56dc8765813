"""Numbers as a reader wants them: three significant digits in prose, one format each, minus as
U+2212.

>>> jpy(1.4e12), jpy(6_578_880), usd(41.07e9), usd(27_380)
('¥1.40 trn', '¥6.58 m', '$41.1 bn', '$27,380')
>>> units(20_000, "cars"), percent(1.9479), probability(0.044553), span(4_691, 17_583)
('20,000 cars', '1.9 %', '4 % (about 1 in 22)', '4,700–17,600')
"""

import datetime
import math
import re
from fractions import Fraction

_SMALL = ("none", "one", "two", "three", "four", "five")
_SCALES = ((1e12, " trn"), (1e9, " bn"), (1e6, " m"))


def significant(value: float, digits: int = 3) -> float:
    """The value rounded to that many significant digits."""
    return 0.0 if value == 0 else round(value, digits - 1 - math.floor(math.log10(abs(value))))


def plain(value: float, decimals: int = 0) -> str:
    """Grouped digits with that many decimals: 1,234.5."""
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")


def _money(value: float, sign: str) -> str:
    for scale, word in _SCALES:
        if abs(significant(value)) >= scale:
            scaled = significant(value) / scale
            return _signed(
                f"{sign}{abs(scaled):.{max(0, 2 - math.floor(math.log10(abs(scaled))))}f}{word}",
                value,
            )
    return _signed(f"{sign}{abs(value):,.0f}", value)


def _signed(text: str, value: float) -> str:
    return f"−{text}" if value < 0 else text


def jpy(value: float) -> str:
    """Yen: ¥6.58 m, ¥1.40 trn."""
    return _money(value, "¥")


def usd(value: float) -> str:
    """US dollars: $41.1 bn, $27,380."""
    return _money(value, "$")


def units(value: float, noun: str = "vehicles") -> str:
    """A count with its noun: 20,000 cars; not round above 1,000, three significant digits."""
    rounded = significant(value) if abs(value) >= 1_000 and value != round(value, -3) else value
    return f"{plain(rounded)} {noun}".rstrip()


def percent(value: float, decimals: int = 1) -> str:
    """Percent, 15 meaning 15 %: 1.9 %."""
    return f"{plain(value, decimals)} %"


def moved(percent: float) -> str:
    """A change as a verb with its size: falls by 11.4 %.

    >>> moved(-11.37), moved(2.0), moved(0.01)
    ('falls by 11.4 %', 'rises by 2.0 %', 'stays the same')
    """
    by = f" by {plain(abs(percent), 1)} %" if round(percent, 1) else ""
    return f"{direction(percent)}{by}"


def direction(percent: float) -> str:
    """The way a change in percent goes, to a tenth.

    >>> direction(-0.06), direction(0.04), direction(0.06)
    ('falls', 'stays the same', 'rises')
    """
    tenth = round(percent, 1)
    return "falls" if tenth < 0 else "rises" if tenth else "stays the same"


def day(moment: str | datetime.date) -> str:
    """A day, or ISO days, months, years and spans, with commas between them, as a reader reads it.

    >>> day("2026-08-31"), day("2025-06"), day("2025-04/2025-09"), day("2025-09/..")
    ('31 August 2026', 'June 2025', 'April 2025 to September 2025', 'since September 2025')
    """
    text = str(moment)
    if ", " in text:
        return ", ".join(map(day, text.split(", ")))
    start, _, end = text.partition("/")
    if end:
        if start == "..":
            return f"until {day(end)}"
        return f"since {day(start)}" if end == ".." else between(day(start), day(end))
    if len(text) < len("2025-06") or text.startswith("FY"):
        return text
    month = datetime.date.fromisoformat(f"{text[:7]}-01")
    return f"{int(text[8:])} {month:%B %Y}" if len(text) > len("2025-06") else f"{month:%B %Y}"


def probability(value: float) -> str:
    """A probability from 0 to 1: 4 % (about 1 in 22). Never 0 or 100 % for an uncertain event."""
    if value <= 0.005:
        return "less than 1 %" if value > 0 else "0 %"
    if value >= 0.995:
        return "more than 99 %" if value < 1 else "100 %"
    text = f"{value:.0%}".replace("%", " %")
    if value > 0.5:
        return text
    share = Fraction(value).limit_denominator(10) if value > 0.1 else Fraction(1, round(1 / value))
    return f"{text} (about {share.numerator} in {share.denominator})"


def spelled(count: int) -> str:
    """A small count as a word, a larger one in digits: one, 12."""
    return _SMALL[count] if count < len(_SMALL) else plain(count)


def between(low: str, high: str, link: str = " to ") -> str:
    """A range of two printed numbers; ends that are printed the same are printed once.

    >>> between("+211", "+461"), between("5 %", "5 %")
    ('+211 to +461', '5 %')
    """
    return low if low == high else f"{low}{link}{high}"


def joint(low: str, high: str) -> str:
    """A range of two printed numbers, a unit that both end in printed once.

    >>> joint("¥6.94 m", "¥11.0 m"), joint("5 points", "9 %")
    ('¥6.94 to ¥11.0 m', '5 points to 9 %')
    """
    number, _, unit = low.rpartition(" ")
    shared = number and low != high and not unit.isdigit() and high.endswith(f" {unit}")
    return between(number if shared else low, high)


_TIED = re.compile(
    r"(?<=\d)[ ](?=(?:%|(?:trn|bn|m|mm|kg|km|cars?|models?|claims?|points?|percentage points|yen"
    r"|million|vehicles?)\b))|(?<=\d)[ ](?=×)|(?<=×)[ ](?=\d)"
    r"|(?<=\d)[ ](?=in \d)|(?<=\d in)[ ](?=\d)"
)


def unbroken(text: str) -> str:
    """The text with no-break spaces between a number and its sign or unit.

    >>> unbroken("a 5.0 × 2.3 m stall, 13 % of 20,000 cars").count(chr(160))
    5
    """
    return _TIED.sub("\u00a0", text)


def span(low: float, high: float, digits: int = 3) -> str:
    """A range rounded to the step of the larger end: 4,700–17,600; −3.0 to 2.5."""
    largest = max(abs(low), abs(high))
    decimals = digits - 1 - math.floor(math.log10(largest)) if largest else 0
    first, last = (
        plain(round(end, decimals) or significant(end, digits), max(0, decimals))
        for end in (low, high)
    )
    return between(first, last, " to " if low < 0 else "–")
