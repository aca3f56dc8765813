"""The explore panel in words: the headline numbers, now and in the base scenario, and one sentence
on what a move changed and why.
"""

import html
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.explore.exploration import Outlook
from helpers.scenarios import Parameter, Scenario
from helpers.show import numbers


@dataclass(frozen=True)
class Headline:
    """One line of the panel. name: its result name. subject: how a sentence calls it. notebook:
    where it is worked out in full.
    """

    name: str
    label: str
    subject: str
    notebook: str
    text: Callable[[float], str]


def _usd_mn(value: float) -> str:
    return numbers.usd(value * 1e6)


def _cars(value: float) -> str:
    return numbers.units(value, "cars")


def _chance(value: float) -> str:
    return numbers.percent(value, 1) if 0.5 < value < 99.5 else numbers.probability(value / 100)


def _points(value: float) -> str:
    return "not even certainty pays" if value >= 100 else f"{numbers.plain(value, 1)} points"


HEADLINES = (
    Headline(
        "programme_value_usd_mn",
        "Value of the cars, a year",
        "the value of the cars",
        "01",
        _usd_mn,
    ),
    Headline(
        "programme_net_usd_mn", "Car trade gap shrinks by", "what the gap shrinks by", "01", _usd_mn
    ),
    Headline(
        "programme_share_of_deficit_percent",
        "Value in the US goods deficit with Japan",
        "the share of the goods deficit",
        "01",
        lambda value: numbers.percent(value, 2),
    ),
    Headline("volume_p50_units", "Cars a year, median", "the median of cars a year", "02", _cars),
    Headline(
        "volume_probability_percent",
        "Chance of {threshold} or more",
        "the chance of the volume asked for",
        "02",
        _chance,
    ),
    Headline(
        "models_that_fit",
        "Models that fit stall and street",
        "the number of models that fit",
        "03",
        numbers.plain,
    ),
    Headline(
        "highlander_sticker_jpy",
        "Highlander, price covering its cost",
        "the Highlander's cost-covering price",
        "04",
        numbers.jpy,
    ),
    Headline(
        "asked_sticker_jpy",
        "Highlander, price asked",
        "the price asked for a Highlander",
        "04",
        numbers.jpy,
    ),
    Headline(
        "programme_cost_usd_mn",
        "Cost of the programme, a year",
        "the programme's cost",
        "04",
        _usd_mn,
    ),
    Headline(
        "duty_difference_usd_mn",
        "Toyota's duty difference, a year",
        "Toyota's duty difference",
        "04",
        _usd_mn,
    ),
    Headline(
        "break_even_probability_percent",
        "Certainty it must add to pay",
        "the certainty that must be added",
        "04",
        _points,
    ),
)

# For each control the headlines that it is moved for, the most telling first, and why each moves.
_WHY: dict[str, dict[str, str]] = {
    "jpy_per_usd": {"highlander_sticker_jpy": "nearly all of its cost is in dollars"},
    "us_duty_percent": {
        "duty_difference_usd_mn": "it is what would be due without the agreement, less the duty now"
    },
    "programme_units": {"programme_value_usd_mn": "every car counts at its customs value"},
    "unit_value_usd": {"programme_value_usd_mn": "every car counts at this value"},
    "right_hand_drive_models": {
        "volume_p50_units": "buyers take more of a model with the wheel on the right",
        "highlander_sticker_jpy": "building the wheel on the right costs extra at the plant",
    },
    "models": {
        "volume_p50_units": "each model brings the buyers of its segment",
        "models_that_fit": "another set of cars is tried",
        "programme_cost_usd_mn": (
            "the cost that the price does not bring back is averaged over the chosen models"
        ),
    },
    "makers": {"volume_p50_units": "only models of makers that take part are sold"},
    "street_width_m": {
        "models_that_fit": "a car must pass down the street and meet another",
        "volume_p50_units": "a model is bought where there is room for it",
    },
    "clearance_mm": {
        "models_that_fit": "the space wanted beside a moving car counts as part of what it needs",
        "volume_p50_units": "a model is bought where there is room for it",
    },
}


def rows(now: Outlook, base: Outlook) -> list[tuple[Headline, str, float, float]]:
    """Each headline with its label, its value in the base scenario and its value now."""
    values, before = now.numbers, base.numbers
    asked = numbers.units(now.volume.threshold, "cars")
    return [
        (one, one.label.format(threshold=asked), before[one.name], values[one.name])
        for one in HEADLINES
    ]


def table_html(now: Outlook, base: Outlook) -> str:
    """The headline numbers as an HTML table: base, now, and the difference in percent."""
    lines = []
    for one, label, before, value in rows(now, base):
        cells = (
            f'<th scope="row">{html.escape(label)}</th><td>{one.text(before)}</td><td '
            f'class="now">{one.text(value)}</td><td>{_change(before, value)}</td>'
        )
        lines.append(
            "<tr "
            f'data-headline="{one.name}"{"" if _same(before, value) else " class=moved"}>{cells}'
            f"<td>{one.notebook}</td></tr>"
        )
    low, high = (now.numbers[f"volume_p{level}_units"] for level in (10, 90))
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Headline", "Base", "Now", "Change", "Notebook")
    )
    caption = (
        "Headline numbers, every one resting on assumptions. 80 % interval of cars a year: "
        f"{numbers.span(low, high)}."
    )
    return (
        "<table "
        f'class="explore-numbers"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def table_frame(base: Outlook) -> pd.DataFrame:
    """The headline numbers of the base scenario for a static table."""
    low, high = (base.numbers[f"volume_p{level}_units"] for level in (10, 90))
    spans = {"volume_p50_units": numbers.span(low, high)}
    found = [
        (label, one.text(value), spans.get(one.name, "–"), one.name, one.notebook)
        for one, label, _, value in rows(base, base)
    ]
    return pd.DataFrame(
        found, columns=["Headline", "Base scenario", "80 % interval", "Result name", "Notebook"]
    )


def sentence(control: Parameter, old: Any, new: Any, before: Outlook, now: Outlook) -> str:
    """What the move of one control changed, and why; or that it changed no headline number as far
    as it is shown.
    """
    move = (
        f"{control.meaning[0].upper()}{control.meaning[1:]}, "
        f"{_moved(old, new)}{f' {control.unit}' if control.unit else ''}: "
    )
    moved = {
        one.name: (one, first, value)
        for one, _, first, value in rows(now, before)
        if one.text(first) != one.text(value)
    }
    if not moved:
        return f"{move}no headline number moves by as much as it shows."
    reasons = _WHY.get(control.name, {})
    name = next((name for name in reasons if name in moved), next(iter(moved)))
    one, first, value = moved[name]
    others = len(moved) - 1
    why = f", because {reasons[name]}" if name in reasons else ""
    rest = (
        f"; {others} more headline number{'s move' if others > 1 else ' moves'}" if others else ""
    )
    return (
        f"{move}{one.subject} {'rises' if value > first else 'falls'} from {one.text(first)} to "
        f"{one.text(value)}{why}{rest}."
    )


def differing_sentence(scenario: Scenario, shown: Mapping[str, Any]) -> str:
    """Which parameters without a control differ from the base scenario; empty when none does."""
    others = {name: value for name, (value, _) in scenario.differing().items() if name not in shown}
    return (
        "Also set by the scenario: "
        + ", ".join(f"{name} = {_value(value)}" for name, value in others.items())
        + "."
        if others
        else ""
    )


def _moved(old: Any, new: Any) -> str:
    """A move in words: from one value to another, or the names that came and went."""
    if not isinstance(new, tuple):
        return f"{_value(old)} to {_value(new)}"
    changes = (
        ("with", [name for name in new if name not in old]),
        ("without", [name for name in old if name not in new]),
    )
    return ", ".join(f"{word} {_value(names)}" for word, names in changes if names)


def _value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(name.replace("_", " ").title() for name in value) or "none"
    return (
        numbers.plain(value, 0 if float(value).is_integer() else 2)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value)
    )


def _same(before: float, value: float) -> bool:
    return math.isclose(before, value, rel_tol=1e-9)


def _relative(before: float, value: float) -> float:
    return (value - before) / abs(before) if before else math.inf


def _change(before: float, value: float) -> str:
    if _same(before, value):
        return "–"
    return (
        f"{'+' if value > before else ''}{numbers.percent(100 * _relative(before, value), 1)}"
        if before
        else "from nought"
    )
