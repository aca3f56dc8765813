"""Headline numbers of all scenarios side by side: which they are, how they are ordered, where each mark stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.reports.context import ScenarioResult
from helpers.reports.words import number
from helpers.results import Result

BRIEF = "00_brief"
BASE = "base"
FROM_EACH_NOTEBOOK = 3


@dataclass(frozen=True)
class Mark:
    """One scenario in a picture. Positions are percent of the width; `start` and `width` are None without an interval."""

    scenario: str
    value: str
    span: str
    position: float
    start: float | None
    width: float | None


@dataclass(frozen=True)
class Picture:
    """One headline over all scenarios, lowest first. `base` is the position of the base scenario, `zero` that of zero, if seen."""

    name: str
    meaning: str
    unit: str
    interval: str
    left: str
    right: str
    base: float | None
    zero: float | None
    marks: tuple[Mark, ...]


def headline_names(results: Sequence[ScenarioResult]) -> list[str]:
    """The results of the brief where it was run; else the first few of each notebook. In order of first appearance."""
    brief = [one.result.name for one in results if one.notebook == BRIEF]
    if brief:
        return list(dict.fromkeys(brief))
    by_notebook: dict[str, dict[str, None]] = {}
    for one in results:
        by_notebook.setdefault(one.notebook, {})[one.result.name] = None
    return list(dict.fromkeys(name for names in by_notebook.values() for name in list(names)[:FROM_EACH_NOTEBOOK]))


def by_scenario(results: Sequence[ScenarioResult], name: str) -> dict[str, Result]:
    """The result of that name in each scenario, the brief's where several notebooks record it."""
    found: dict[str, Result] = {}
    for one in sorted((one for one in results if one.result.name == name), key=lambda one: one.notebook != BRIEF):
        found.setdefault(one.scenario, one.result)
    return found


def picture(results: Sequence[ScenarioResult], name: str, meaning: str) -> Picture | None:
    """The picture of a headline, or None when it is not a number or only one scenario has it."""
    found = {scenario: result for scenario, result in by_scenario(results, name).items() if isinstance(result.value, int | float)}
    if len(found) < 2:
        return None
    ends = [(_low(result), _high(result)) for result in found.values()]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if 0 < low < 0.4 * high:
        low = 0.0
    room = (high - low) or abs(high) or 1.0

    def place(value: float) -> float:
        return round(2 + 96 * (value - low) / room, 2) if high > low else 50.0

    unit = next(iter(found.values())).unit
    ordered = sorted(found.items(), key=lambda item: (item[1].value, item[0] != BASE, item[0]))
    marks = [_mark(scenario, result, unit, place) for scenario, result in ordered]
    return Picture(
        name, meaning, unit, next((result.interval for result in found.values() if result.interval), ""), number(low, unit), number(high, unit),
        place(float(found[BASE].value)) if BASE in found else None, place(0.0) if low <= 0 <= high else None, tuple(marks),
    )  # fmt: skip


def _mark(scenario: str, result: Result, unit: str, place: Callable[[float], float]) -> Mark:
    value = float(result.value)
    if result.low is None:
        return Mark(scenario, number(value, unit), "", place(value), None, None)
    span = f"{number(_low(result), unit)} to {number(_high(result), unit)}"
    return Mark(scenario, number(value, unit), span, place(value), place(_low(result)), round(place(_high(result)) - place(_low(result)), 2))


def _low(result: Result) -> float:
    return float(result.value) if result.low is None else min(result.low, float(result.value))


def _high(result: Result) -> float:
    return float(result.value) if result.high is None else max(result.high, float(result.value))
