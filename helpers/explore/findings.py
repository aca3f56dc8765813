"""What the panel says: how a setting differs from the one it is compared with, and why."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from helpers import numbers
from helpers.errors import InputError
from helpers.explore.headlines import HEADLINES, Answers, text_of
from helpers.explore.levers import COUNTED, COUNTED_WHY, LEVERS
from helpers.texts import in_words

Setting = tuple[str, str, str]
"""What is set, what the other setting has, what this one has."""


def settings(reference: Answers, now: Answers, counted: Sequence[str] = ()) -> list[Setting]:
    """Every parameter in which two settings differ, in words. counted: months taken in now."""
    names = dict.fromkeys([*now.study.scenario.differing(), *reference.study.scenario.differing()])
    rows = []
    for name in names:
        own, other = (_set(answers, name) for answers in (now, reference))
        if own != other:
            rows.append((label(name), *_side_by_side(other, own)))
    return [*rows, *([(COUNTED.capitalize(), "none", "; ".join(counted))] if counted else [])]


def label(name: str) -> str:
    """What the panel calls a parameter."""
    words = name.replace("_", " ").replace(".", ", ")
    return LEVERS[name].label if name in LEVERS else words[0].upper() + words[1:]


def compared(
    reference: Answers, now: Answers, differing: Sequence[Setting], moved: str | None
) -> str:
    """How the numbers now differ from those of the reference. moved: the parameter or the counted
    months that were moved last.
    """
    against = f"Compared with {reference.title}"
    if not differing:
        return f"{against}, nothing differs."
    (what, other, own), others = differing[0], len(differing) - 1
    by = f"{what}, {other} → {own}" if not others else f"{numbers.spelled(others + 1)} settings"
    before = reference.numbers_of(now.car)
    changed = {
        headline.name: headline
        for headline in HEADLINES
        if text_of(headline, before[headline.name]) != text_of(headline, now.numbers[headline.name])
    }
    if not changed:
        return f"{against} ({by}), no number moves by as much as it shows."
    reasons = _reasons(moved)
    name = next((name for name in reasons if name in changed), next(iter(changed)))
    headline, first, last = changed[name], before[name], now.numbers[name]
    why = f", because {reasons[name]}" if name in reasons and not others else ""
    more = len(changed) - 1
    verb = "number differs" if more == 1 else "numbers differ"
    rest = f"; {numbers.spelled(more)} more {verb}" if more else ""
    noun = now.named(headline.noun)
    if first is None or last is None:
        verb = "no longer applies" if last is None else "applies"
        return f"{against} ({by}), {noun} {verb}{rest}."
    verb = "rises" if last > first else "falls"
    return (
        f"{against} ({by}), {noun} {verb} from {headline.text(first)} to "
        f"{headline.text(last)}{why}{rest}."
    )


def still(near: float | None, far: float | None, unit: str) -> str:
    """Between which values round its base value a control moves no number; ends that are None lie
    beyond its slider.
    """
    ends = [numbers.plain(end, 0 if float(end).is_integer() else 1) for end in (near, far) if end]
    if len(ends) == 2:
        return f"No number moves between {ends[0]} and {ends[1]} {unit}."
    if not ends:
        return "It moves no number by itself."
    return f"No number moves {'below' if near is None else 'above'} {ends[0]} {unit}."


def not_of_a_maker(now: Answers) -> str:
    """That numbers of the leading maker say nothing while it takes no part; empty while it does."""
    if None not in now.numbers.values():
        return ""
    maker = now.study.cost.maker
    return f"The duty difference and the certainty are {maker}'s own, and {maker} takes no part."


def differing(answers: Answers, shown: Mapping[str, Any]) -> str:
    """Which parameters without a control differ from the base scenario; empty when none does."""
    others = [
        f"{label(name)}: {words(value)}"
        for name, (value, _) in answers.study.scenario.differing().items()
        if name not in shown
    ]
    return f"Also set by the scenario: {'; '.join(others)}." if others else ""


def refused(error: InputError) -> str:
    """What is wrong, by the labels of the controls."""
    return re.sub(r"\w+, parameter (\w+)", lambda match: label(match[1]), str(error))


def words(value: Any) -> str:
    """A value as a reader writes it."""
    return in_words(value, _word)


def _word(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return numbers.plain(value, 0 if float(value).is_integer() else 2)
    return str(value).replace("_", " ").title() if str(value).islower() else str(value)


def _set(answers: Answers, name: str) -> Any:
    scenario = answers.study.scenario
    known = name in type(scenario).model_fields or name in dict(scenario.rows)
    return scenario.value(name) if known else "as in the table"


def _side_by_side(other: Any, own: Any) -> tuple[str, str]:
    """Both values in words; of two lists only the names in which they differ."""
    if not isinstance(own, tuple) or not isinstance(other, tuple):
        return words(other), words(own)
    return _beside(other, own), _beside(own, other)


def _beside(names: tuple[Any, ...], others: tuple[Any, ...]) -> str:
    more = [name for name in names if name not in others]
    less = [name for name in others if name not in names]
    parts = (("with", more), ("without", less))
    return ", ".join(f"{word} {words(listed)}" for word, listed in parts if listed)


def _reasons(moved: str | None) -> Mapping[str, str]:
    if moved == COUNTED:
        return {"volume_p50_units": COUNTED_WHY}
    return LEVERS[moved].why if moved in LEVERS else {}
