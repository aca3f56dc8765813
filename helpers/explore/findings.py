"""One sentence on what the move of a control changed and why."""

from collections.abc import Mapping
from typing import Any

from helpers import numbers
from helpers.explore.headlines import HEADLINES, Answers
from helpers.scenarios import Parameter, Scenario

# For each control the headlines that it is moved for, the most telling first, and why each moves.
_WHY: dict[str, dict[str, str]] = {
    "jpy_per_usd": {"sticker_jpy": "nearly all of its cost is in dollars"},
    "us_duty_percent": {
        "duty_difference_usd_mn": "it is what would be due without the agreement, less the duty now"
    },
    "programme_units": {"programme_value_usd_mn": "every car counts at its customs value"},
    "unit_value_usd": {"programme_value_usd_mn": "every car counts at this value"},
    "right_hand_drive_models": {
        "volume_p50_units": "buyers take more of a model with the wheel on the right",
        "sticker_jpy": "building the wheel on the right costs extra at the plant",
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
        "models_that_fit": "a car must pass down the street and meet another inside its edge",
        "volume_p50_units": "a model is bought where there is room for it",
    },
    "clearance_mm": {
        "models_that_fit": "the space wanted beside a moving car counts as part of what it needs",
        "volume_p50_units": "a model is bought where there is room for it",
    },
}


def moved(control: Parameter, old: Any, new: Any, before: Answers, now: Answers) -> str:
    """What the move of one control changed, and why; or that it changed no headline number as far
    as it is shown.
    """
    unit = f" {control.unit}" if control.unit else ""
    meaning = f"{control.meaning[0].upper()}{control.meaning[1:]}"
    move = f"{meaning}, {_move(old, new)}{unit}: "
    changed = {
        headline.name: headline
        for headline in HEADLINES
        if headline.text(before.numbers[headline.name]) != headline.text(now.numbers[headline.name])
    }
    if not changed:
        return f"{move}no headline number moves by as much as it shows."
    reasons = _WHY.get(control.name, {})
    name = next((name for name in reasons if name in changed), next(iter(changed)))
    headline, first, last = changed[name], before.numbers[name], now.numbers[name]
    others = len(changed) - 1
    why = f", because {reasons[name]}" if name in reasons else ""
    verb = "numbers move" if others > 1 else "number moves"
    rest = f"; {others} more headline {verb}" if others else ""
    return (
        f"{move}{now.named(headline.noun)} {'rises' if last > first else 'falls'} from "
        f"{headline.text(first)} to {headline.text(last)}{why}{rest}."
    )


def differing(scenario: Scenario, shown: Mapping[str, Any]) -> str:
    """Which parameters without a control differ from the base scenario; empty when none does."""
    others = [
        f"{name} = {_value(value)}"
        for name, (value, _) in scenario.differing().items()
        if name not in shown
    ]
    return f"Also set by the scenario: {', '.join(others)}." if others else ""


def _move(old: Any, new: Any) -> str:
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
    if isinstance(value, int | float) and not isinstance(value, bool):
        return numbers.plain(value, 0 if float(value).is_integer() else 2)
    return str(value)
