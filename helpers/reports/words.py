"""Values as a page prints them."""

from collections.abc import Mapping
from typing import Any

from helpers.show import numbers


def exact(value: Any) -> str:
    """A parameter as given: every digit it has, grouped from 10,000, lists with commas, yes or
    no.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        text = f"{value:,.12g}" if abs(value) >= 10_000 else f"{value:.12g}"
        return text.replace("-", "−")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def result_value(result: Mapping[str, Any]) -> str:
    """The value of a result: whole numbers in full, others to three significant digits, words as
    they are.
    """
    return (
        number(result["value"], str(result["unit"]))
        if isinstance(result["value"], int | float)
        else str(result["value"])
    )


def result_span(result: Mapping[str, Any]) -> str:
    """The interval of a result, both ends as the value is printed."""
    return numbers.between(
        number(result["low"], result["unit"]), number(result["high"], result["unit"]), "–"
    )


def number(value: float, unit: str = "") -> str:
    """A computed number: whole numbers in full, others to three significant digits, no grouping of
    a year.
    """
    if unit == "year":
        return f"{value:.0f}"
    if value == round(value) or abs(value) >= 1_000:
        return numbers.plain(value)
    rounded = numbers.significant(value)
    return numbers.plain(rounded, min(6, len(f"{rounded:.6f}".rstrip("0").partition(".")[2])))


def short(value: float, unit: str = "") -> str:
    """A number for the end of an axis: 8.37 m, 1.2 bn, else as `number`."""
    for scale, word in ((1e12, "trn"), (1e9, "bn"), (1e6, "m")):
        if abs(value) >= scale:
            return f"{number(numbers.significant(value) / scale)} {word}"
    return number(numbers.significant(value) if unit != "year" else value, unit)
