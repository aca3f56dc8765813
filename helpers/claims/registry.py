"""The closed set of rules: what each is called, which arguments it takes, and how arguments are
checked before anything runs.
"""

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.claims import event_rules, number_rules, stance_rules
from helpers.claims.claim import Claim, Finding
from helpers.claims.evidence import Facts
from helpers.data.picking import RUNGS
from helpers.periods import read_period
from helpers.texts import did_you_mean, read_day

Rule = Callable[[Claim, Mapping[str, Any], Facts, datetime.date], Finding]
Check = Callable[[Any], bool]
DEEPEST = 6
OPERATIONS = ("sum", "product", "ratio", "diff", "min", "max", "first")


@dataclass(frozen=True)
class Entry:
    """A rule with the arguments it needs and may take. value: what a claim must assert."""

    rule: Rule
    needs: Mapping[str, Check]
    may: Mapping[str, Check] = field(default_factory=dict)
    value: str = "any"


def _passes(read: Callable[[str], Any]) -> Check:
    """Texts that a reader takes without a ValueError, and that say something."""

    def check(value: Any) -> bool:
        try:
            return isinstance(value, str) and bool(value) and bool(read(value))
        except ValueError:
            return False

    return check


def is_expression(expression: Any, deepest: int = DEEPEST) -> bool:
    """Whether a value has the form of an expression, nested at most so deep."""
    if isinstance(expression, str):
        return bool(expression)
    if isinstance(expression, int | float):
        return not isinstance(expression, bool) and math.isfinite(expression)
    if not isinstance(expression, dict) or len(expression) != 1 or not deepest:
        return False
    ((operation, operand),) = expression.items()
    if operation == "years_since":
        return isinstance(operand, str)
    if operation not in OPERATIONS or not isinstance(operand, list):
        return False
    enough = len(operand) == 2 if operation in ("ratio", "diff") else len(operand) >= 1
    return enough and all(is_expression(part, deepest - 1) for part in operand)


def addresses(expression: Any) -> list[str]:
    """Every address in an expression."""
    if isinstance(expression, str):
        return [expression]
    if isinstance(expression, dict):
        return [
            address
            for operand in expression.values()
            for part in (operand if isinstance(operand, list) else [operand])
            for address in addresses(part)
        ]
    return []


def _number(value: Any) -> bool:
    return is_expression(value) and not isinstance(value, str | dict)


def _one_of(*choices: Any) -> Check:
    return lambda value: any(value == choice and type(value) is type(choice) for choice in choices)


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


_text, _is_day, _is_period = _passes(str), _passes(read_day), _passes(read_period)


def _day(value: Any) -> bool:
    return value == "publication" or _is_day(value)


def _deadline(value: Any) -> bool:
    return value == "" or _is_day(value)


def _measure(value: Any) -> bool:
    return isinstance(value, dict) and len(value) > 1 and all(map(_text, (*value, *value.values())))


def _outcome(value: Any) -> bool:
    if value is None:
        return True
    allowed = {"metric", "at_least", "at_most", "change", "attributable"}
    if not isinstance(value, dict) or not _text(value.get("metric")) or set(value) - allowed:
        return False
    if "change" in value:
        caused = value.get("attributable", True)
        return value["change"] in ("up", "down") and isinstance(caused, bool)
    sides = [value[side] for side in ("at_least", "at_most") if side in value]
    return bool(sides) and all(map(_number, sides))


def _sub_rule(value: Any) -> bool:
    if not isinstance(value, dict) or str(value.get("rule")) not in stance_rules.SUB_RULES:
        return False
    args = {key: entry for key, entry in value.items() if key not in ("rule", "as")}
    return value.get("as", "verdict") == "verdict" and not problems(value["rule"], args)


_NUMBERS: Mapping[str, Check] = {"facts": _list_of(is_expression)}
_BOUND_MORE = {
    **dict.fromkeys(("bound", "bound_factor"), _number),
    **dict.fromkeys(("word", "unit"), _text),
    "fail": _one_of("contradicted"),
}
_APART = {
    **dict.fromkeys(("at_most", "bound", "exactly", "bound_factor"), _number),
    "word": _text,
    "order": _one_of("before", "after"),
    "unit": _one_of("days", "years"),
}
_LATER = {
    **dict.fromkeys(("then", "now"), _sub_rule),
    "events": _list_of(_text),
    "mode": _one_of("all", "any"),
    "need": _one_of(*RUNGS),
    "outcome": _outcome,
    "deadline": _deadline,
}
_RUNG = {"event": _text, "rung": _one_of(*RUNGS)}
_OF_KIND = {"of": _list_of(_text), "subject": _text, "day": _is_period}
_HELD = {"on": _day, "claimed": _one_of("former")}
_DUTY = {"goods": _text, "on": _day}
_SEARCH = {"searched": _list_of(_text), "on": _is_day}
_RANKED = {"subject": _text, "by": _list_of(_measure)}
RULES: Mapping[str, Entry] = {
    "within": Entry(number_rules.within, _NUMBERS, {"match": _one_of("nearest")}, "number"),
    "at_least": Entry(number_rules.at_least, {"fact": is_expression}, _BOUND_MORE),
    "at_most": Entry(number_rules.at_most, {"fact": is_expression}, _BOUND_MORE),
    "set_equal": Entry(
        number_rules.set_equal, {"fact": _text}, {"mode": _one_of("contains")}, "words"
    ),
    "modality_at": Entry(event_rules.modality_at, _RUNG, {"at_least": _one_of(True, False)}),
    "plant": Entry(event_rules.plant, {"model": _text, "state": _text}),
    "tariff_total": Entry(event_rules.tariff_total, _DUTY, {"claimed": _one_of("threat_only")}),
    "tariff_component": Entry(
        event_rules.tariff_component, {"instrument": _text, "on": _day}, value="number"
    ),
    "holds_office": Entry(event_rules.holds_office, {"person": _text, "office": _text}, _HELD),
    "first_of_kind": Entry(number_rules.first_of_kind, {"kind": _text}, _OF_KIND),
    "rank": Entry(number_rules.rank, _RANKED, value="number"),
    "sign": Entry(number_rules.sign, _NUMBERS, value="words"),
    "days_between": Entry(event_rules.days_between, {"from": _text, "to": _text}, _APART),
    "forecast": Entry(stance_rules.forecast, {}, _LATER),
    "stances": Entry(stance_rules.stances, {}),
    "opinion": Entry(stance_rules.opinion, {}),
    "unverifiable": Entry(stance_rules.unverifiable, {"why": _text}),
    "not_found": Entry(stance_rules.not_found, _SEARCH),
}


def problems(rule: str, args: Mapping[str, Any]) -> list[str]:
    """What is wrong with the arguments of a rule, in words; empty when nothing is."""
    if rule not in RULES:
        instead = did_you_mean(rule, RULES, f"write one of {', '.join(RULES)}")
        return [f"'{rule}' is not a rule; {instead}"]
    entry = RULES[rule]
    checks = {**entry.may, **entry.needs}
    wrong = [f"the argument '{name}' is missing" for name in entry.needs if name not in args]
    for name, value in args.items():
        if name not in checks:
            taken = ", ".join([*entry.needs, *entry.may]) or "none"
            wrong.append(f"{rule} takes no argument '{name}'; it takes {taken}")
        elif not checks[name](value):
            wrong.append(f"the argument '{name}' has a value that {rule} cannot use")
    apart = ("at_most", "exactly", "order", "word")
    if rule == "days_between" and sum(name in args for name in apart) != 1:
        wrong.append("days_between needs one of at_most, word, exactly, order")
    if rule in ("at_least", "at_most") and "bound" not in args:
        wrong.append(f"{rule} needs a bound that the article prints, or a word of vague_words.csv")
    if (
        rule == "rank"
        and not wrong
        and any(args["subject"] not in measure for measure in args["by"])
    ):
        wrong.append("the subject must stand in every measure")
    if rule == "forecast" and not wrong:
        wrong += _forecast_problems(args)
    return wrong


def _forecast_problems(args: Mapping[str, Any]) -> list[str]:
    ways = [name for name in ("now", "events", "outcome") if name in args]
    if len(ways) != 1:
        return ["a forecast needs one of now, events, outcome"]
    needed = ["mode", "need", "deadline"] if ways == ["events"] else []
    needed += ["deadline"] if args.get("outcome") else []
    return [f"the argument '{name}' is missing" for name in needed if name not in args]


def fact_addresses(rule: str, args: Mapping[str, Any]) -> list[str]:
    """Every address a rule reads, without days: each is on record or a future outcome."""
    needed = [
        address
        for name in ("fact", "facts")
        for part in _listed(args.get(name))
        for address in addresses(part)
    ]
    needed += [address for measure in args.get("by", []) for address in measure.values()]
    needed += [f"event.{name}" for name in [*args.get("events", []), *_listed(args.get("event"))]]
    needed += [f"plant.{args['model']}"] if rule == "plant" else []
    needed += [f"office.{args['person']}"] if rule == "holds_office" else []
    needed += [f"tariff.{args['instrument']}"] if rule == "tariff_component" else []
    needed += [f"tariff.total.{args['goods']}"] if rule == "tariff_total" else []
    if rule == "days_between":
        needed += [
            args[side].removeprefix("start:") for side in ("from", "to") if not _day(args[side])
        ]
    if rule == "forecast":
        for name in ("then", "now"):
            part = dict(args.get(name, {}))
            needed += fact_addresses(part.pop("rule", ""), part)
        needed += [args["outcome"]["metric"]] if args.get("outcome") else []
    return needed


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
