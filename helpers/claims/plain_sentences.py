"""What a rule found, in a sentence a reader takes in; the arithmetic stands beside it."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from helpers.claims.audit import Verdict
from helpers.claims.claim import Claim, Finding
from helpers.claims.labels import in_words, say, word
from helpers.texts import is_day

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_RUNGS = {
    "none": "nothing public at all",
    "rumour": "a rumour",
    "considering": "that it was being considered",
    "aims": "an aim",
    "announced": "an announcement",
    "happened": "that it had happened",
}
Sentence = Callable[[Claim, Finding, Mapping[str, Any]], str]


def plainly(claim: Claim, finding: Finding) -> str:
    """What the record says on the claim, as a sentence without the notation of the rule. The rule's
    own explanation where no fact was used.
    """
    rule, args = claim.rule, claim.args
    if rule == "forecast" and not finding.label.startswith("forecast_"):
        args = args.get("then", {})
        rule = str(args.get("rule", ""))
    tell = _SENTENCES.get(rule)
    if tell is None or not finding.evidence_ids or finding.computed is None:
        return finding.explanation
    return tell(claim, finding, args)


def said(verdict: Verdict, today: datetime.date, reason: str) -> list[str]:
    """What a verdict says in sentences: who is quoted, what the record has on both dates, and the
    auditor's reason.
    """
    claim, then, now = verdict.claim, verdict.then, verdict.now
    first, second, day = plainly(claim, then), plainly(claim, now), day_in_words(today)
    told = [f"Said by {claim.attributed_to}."] if claim.attributed_to else []
    if then.label == now.label and first == second:
        told.append(second)
    elif then.label == now.label:
        told += [first, f"On {day}: {second}"]
    else:
        told.append(f"When it appeared, {word(then.label)}: {first}")
        told.append(f"On {day}, {word(now.label)}: {second}")
    return [*told, *([sentence(reason)] if reason else [])]


def sentence(text: str) -> str:
    """A text with the full stop of a sentence."""
    return text if text.rstrip().endswith((".", "!", "?", "。")) else f"{text.rstrip()}."


def day_in_words(day: datetime.date) -> str:
    """A day as a reader writes it: 3 April 2025."""
    return f"{day.day} {day:%B %Y}"


def _amount(value: Any, unit: str) -> str:
    return f"{say(float(value))} %" if unit == "percent" else f"{say(float(value))} {unit}".strip()


def _number(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    if not isinstance(finding.computed, int | float) or not _is_number(claim.value):
        return finding.explanation
    fact, stated = float(finding.computed), float(claim.value)
    shown = _amount(fact, claim.unit)
    if fact == stated or not fact:
        return f"The record has {shown}, as stated."
    off = 100 * (stated - fact) / abs(fact)
    side = "more" if off > 0 else "less"
    return (
        f"The article says or implies {_amount(stated, claim.unit)}; the record has {shown}. What "
        f"is stated is {say(abs(off)) if abs(off) < 10 else f'{abs(off):.0f}'} % {side}."
    )


def _bound(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    bound = args.get("bound")
    if not isinstance(bound, int | float) or not isinstance(finding.computed, int | float):
        return finding.explanation
    least = "at least" if "at_least" in (claim.rule, args.get("rule")) else "at most"
    return (
        f"The words are read as {least} {_amount(bound, claim.unit)}; the record has "
        f"{_amount(finding.computed, claim.unit)}."
    )


def _origins(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    if not finding.tally:
        return finding.explanation
    parts = [
        f"{_COUNTS[count] if count < len(_COUNTS) else count} {verbs[count == 1]} {rest}".strip()
        for count, verbs, rest in zip(
            finding.tally,
            (("support", "supports"), ("speak", "speaks"), ("support", "supports")),
            ("it", "against it", "a part of it"),
            strict=True,
        )
        if count
    ]
    joined = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"Of the independent origins on record {joined}."


def _rung(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    known, said = _RUNGS.get(str(finding.computed)), _RUNGS.get(str(args.get("rung")))
    if known is None or said is None:
        return finding.explanation
    if known == said:
        return f"The record shows {known}, as the article has it."
    return f"What was public by then was {known}; the article has {said}."


def _set(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    return (
        f"The record names {finding.computed}; the article names {', '.join(sorted(claim.words))}."
    )


def _plant(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    model = in_words(str(args.get("model", "")))
    built = f"By the record the {model} is built in {finding.computed}"
    return f"{built}; the article says {args.get('state')}."


def _office(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    person = in_words(str(args.get("person", ""))).title()
    return f"{person} was {finding.computed} as {args.get('office')} on that day."


def _rank(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    if not isinstance(finding.computed, int | float):
        return finding.explanation
    return f"The article puts it at place {claim.value}; the record at {finding.computed:g}."


def _sign(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    if not isinstance(finding.computed, int | float):
        return finding.explanation
    size = "positive" if finding.computed > 0 else "negative" if finding.computed else "zero"
    return f"The article implies that the difference is {claim.value}; by the record it is {size}."


def _apart(claim: Claim, finding: Finding, args: Mapping[str, Any]) -> str:
    if not isinstance(finding.computed, int | float):
        return finding.explanation
    distance = f"{say(abs(float(finding.computed)))} {args.get('unit', 'days')}"
    start, end = (_moment(str(args.get(side, ""))) for side in ("from", "to"))
    if "order" in args:
        came = "after" if finding.computed < 0 else "before"
        return f"{start[0].upper()}{start[1:]} came {distance} {came} {end}."
    return f"From {start} to {end} it is {distance}."


def _moment(name: str) -> str:
    if name == "publication":
        return "publication"
    if is_day(name):
        return day_in_words(datetime.date.fromisoformat(name))
    start = name.startswith("start:")
    return f"{'the start of ' if start else ''}{in_words(name.removeprefix('start:'))}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


_SENTENCES: Mapping[str, Sentence] = {
    "within": _number,
    "tariff_total": _number,
    "tariff_component": _number,
    "at_least": _bound,
    "at_most": _bound,
    "stances": _origins,
    "modality_at": _rung,
    "set_equal": _set,
    "plant": _plant,
    "holds_office": _office,
    "rank": _rank,
    "sign": _sign,
    "days_between": _apart,
}
