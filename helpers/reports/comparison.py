"""Headline numbers of all scenarios side by side: which they are, how they are written and ordered,
where each mark stands.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.quantities import SIGNS, is_share
from helpers.quantities import unit as unit_of
from helpers.reports.changes import label
from helpers.reports.context import ScenarioResult
from helpers.reports.outputs import short
from helpers.results import Result
from helpers.show import numbers

BRIEF = "00_brief"
BASE = "base"
FROM_EACH_NOTEBOOK = 3
MOST_LABELLED = 40
_SCALES = ((1e12, "trn"), (1e9, "bn"), (1e6, "m"))
Name = tuple[str, str]
"""Name and subject of a result."""
LEAST_VISIBLE_PERCENT = 3.0  # of the axis: the width of a dot on a phone


@dataclass(frozen=True)
class Mark:
    """One scenario in a picture. Positions are percent of the axis; `start` and `width` are None
    without an interval.
    """

    scenario: str
    value: str
    span: str
    position: float
    start: float | None
    width: float | None


@dataclass(frozen=True)
class Picture:
    """A headline over all scenarios on an axis that holds zero, lowest first. `base` is the
    position of the base scenario.

    named: the marks that are written out where there are too many to label all: both ends and the
    base scenario.
    """

    left: str
    right: str
    base: float | None
    marks: tuple[Mark, ...]
    named: tuple[Mark, ...]


@dataclass(frozen=True)
class Headline:
    """One result over all scenarios, written with the same number of decimals everywhere. `first`
    is the base scenario's, if it ran.

    label: the head of its column. between: lowest and highest text where scenarios move it too
    little for a picture.
    """

    name: str
    label: str
    unit: str
    interval: str
    texts: Mapping[str, str]
    changed: frozenset[str]
    first: Mapping[str, Any]
    picture: Picture | None
    between: str

    @property
    def still(self) -> bool:
        """Whether no scenario moves it by as much as is printed; one alone says nothing of it."""
        return len(self.texts) > 1 and len(set(self.texts.values())) == 1


def headlines(results: Sequence[ScenarioResult]) -> list[Headline]:
    """The headlines of a batch: results of the brief where it was run, else the first few of each
    notebook.
    """
    by_name: dict[Name, dict[str, Result]] = {}
    for record in sorted(results, key=lambda record: record.notebook != BRIEF):
        by_name.setdefault(_name(record), {}).setdefault(record.scenario, record.result)
    return [_headline(*name, by_name[name]) for name in _names(results)]


def _name(record: ScenarioResult) -> Name:
    return record.result.name, record.result.subject


def _names(results: Sequence[ScenarioResult]) -> list[Name]:
    brief = [_name(record) for record in results if record.notebook == BRIEF]
    if brief:
        return list(dict.fromkeys(brief))
    by_notebook: dict[str, dict[Name, None]] = {}
    for record in results:
        by_notebook.setdefault(record.notebook, {})[_name(record)] = None
    return list(
        dict.fromkeys(
            name for names in by_notebook.values() for name in list(names)[:FROM_EACH_NOTEBOOK]
        )
    )


def _headline(name: str, subject: str, by_scenario: Mapping[str, Result]) -> Headline:
    by_scenario = _readable(by_scenario)
    first = by_scenario.get(BASE) or next(iter(by_scenario.values()))
    amounts = {
        scenario: float(result.value)
        for scenario, result in by_scenario.items()
        if not isinstance(result.value, str)
    }
    decimals = _decimals(list(amounts.values()), first.unit)
    texts = {
        scenario: _text(amounts[scenario], first.unit, decimals)
        if scenario in amounts
        else str(result.value)
        for scenario, result in by_scenario.items()
    }
    changed = frozenset(
        scenario for scenario, text in texts.items() if BASE in texts and text != texts[BASE]
    )
    interval = next((result.interval for result in by_scenario.values() if result.interval), "")
    drawn = (
        _picture({scenario: by_scenario[scenario] for scenario in amounts}, texts, decimals)
        if len({texts[scenario] for scenario in amounts}) > 1
        else None
    )
    between = (
        numbers.between(drawn.marks[0].value, drawn.marks[-1].value)
        if drawn and not _moves(drawn)
        else ""
    )
    return Headline(
        f"{name}-{subject}" if subject else name,
        label(name, subject),
        first.unit,
        interval,
        texts,
        changed,
        first.model_dump(),
        None if between else drawn,
        between,
    )


def _readable(by_scenario: Mapping[str, Result]) -> Mapping[str, Result]:
    """The same results with money in millions, billions or trillions, as the middle one is best
    read: 9,191,618 JPY per car → 9.19 ¥ m.
    """
    first = next(iter(by_scenario.values()))
    kind = unit_of(first.unit)
    sign = next((SIGNS[word] for word, power in kind.powers if power == 1 and word in SIGNS), "")
    sizes = [
        abs(r.value) * kind.scale for r in by_scenario.values() if not isinstance(r.value, str)
    ]
    if not sign or not sizes:
        return by_scenario
    middle = statistics.median_high(sizes)
    scale, word = next((pair for pair in _SCALES if middle >= pair[0]), (1.0, ""))

    def scaled(result: Result) -> Result:
        ends = {name: getattr(result, name) for name in ("value", "low", "high")}
        moved = {
            name: end * kind.scale / scale
            for name, end in ends.items()
            if isinstance(end, float | int)
        }
        return result.model_copy(update={**moved, "unit": f"{sign} {word}".strip()})

    return {scenario: scaled(result) for scenario, result in by_scenario.items()}


def _moves(picture: Picture) -> bool:
    """Whether the marks or the ends of their intervals stand far enough apart to be seen so."""
    values = [mark.position for mark in picture.marks]
    starts = [mark.position if mark.start is None else mark.start for mark in picture.marks]
    ends = [
        mark.position if mark.start is None or mark.width is None else mark.start + mark.width
        for mark in picture.marks
    ]
    return any(
        max(places) - min(places) >= LEAST_VISIBLE_PERCENT for places in (values, starts, ends)
    )


def _decimals(values: Sequence[float], unit: str) -> int:
    """Decimals that give the middle value three significant digits, of percent and points two and
    at least one decimal; none for whole numbers.
    """
    if all(value == round(value) for value in values):
        return 0
    middle = statistics.median_high(abs(value) for value in values) or max(
        abs(value) for value in values
    )
    least, digits = (1, 2) if is_share(unit) else (0, 3)
    return min(6, max(least, digits - 1 - math.floor(math.log10(middle))))


def _text(value: float, unit: str, decimals: int) -> str:
    """As many digits as the head of the column says; of a large count the first three."""
    if unit == "year":
        return f"{value:.0f}"
    return numbers.plain(numbers.significant(value) if abs(value) >= 1_000 else value, decimals)


def _picture(by_scenario: Mapping[str, Result], texts: Mapping[str, str], decimals: int) -> Picture:
    ends = {scenario: _ends(result) for scenario, result in by_scenario.items()}
    low, high = (
        min(0.0, *(end[0] for end in ends.values())),
        max(0.0, *(end[1] for end in ends.values())),
    )

    def position(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    def mark(scenario: str, result: Result) -> Mark:
        at = position(float(result.value))
        if result.low is None:
            return Mark(scenario, texts[scenario], "", at, None, None)
        start, end = ends[scenario]
        span = numbers.between(
            _text(start, result.unit, decimals), _text(end, result.unit, decimals)
        )
        return Mark(
            scenario,
            texts[scenario],
            span,
            at,
            position(start),
            round(position(end) - position(start), 2),
        )

    ordered = sorted(
        by_scenario.items(), key=lambda item: (item[1].value, item[0] != BASE, item[0])
    )
    marks = tuple(mark(scenario, result) for scenario, result in ordered)
    base = next((mark for mark in marks if mark.scenario == BASE), None)
    named = (
        marks
        if len(marks) <= MOST_LABELLED
        else tuple(mark for mark in marks if mark in (*marks[:3], base, *marks[-3:]))
    )
    unit = ordered[0][1].unit
    return Picture(
        short(low, unit), short(high, unit), base.position if base else None, marks, named
    )


def _ends(result: Result) -> tuple[float, float]:
    """The interval, wide enough to hold the value; the value alone where there is none."""
    value = float(result.value)
    return min(value, value if result.low is None else result.low), max(
        value, value if result.high is None else result.high
    )
