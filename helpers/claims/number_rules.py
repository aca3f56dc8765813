"""Rules that compare numbers and sets with facts. Each takes a claim, its arguments, the facts
known, the day and the day of publication.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from helpers.claims.claim import Claim, Finding
from helpers.claims.evidence import Evidence, Facts, MissingFactError
from helpers.claims.labels import deviation_label, say

Args = Mapping[str, Any]


def within(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """The asserted number against the first fact, or with match=nearest the nearest of several
    definitions that are known.
    """
    wanted = args["facts"] if args.get("match") == "nearest" else args["facts"][:1]
    found, missing = [], None
    for expression in wanted:
        try:
            found.append(facts.compute(expression, published))
        except MissingFactError as gap:
            missing = gap
    if not found:
        raise missing or MissingFactError("a fact")
    fact = min(found, key=lambda one: abs(claim.number - one.value))
    label, words = deviation_label(claim.number, fact.value, claim.tolerance_kind, facts.settings)
    chosen = f", the nearest of {len(found)} definitions" if len(found) > 1 else ""
    ids = tuple(dict.fromkeys(id for one in found for id in one.evidence_ids))
    return Finding(
        label,
        fact.value,
        f"Stated {say(claim.number)}; fact {_worked(fact.text, fact.value)}{chosen}: {words}.",
        ids,
    )


def at_least(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """A lower bound that the fact must reach. Far above it (understated_above × bound) the claim
    says too little.
    """
    fact, bound = facts.compute(args["fact"], published), float(args["bound"])
    start = f"{_worked(fact.text, fact.value)} against at least {say(bound)}"
    if fact.value >= bound:
        ceiling = args.get("understated_above")
        if ceiling is not None and fact.value > bound * ceiling:
            return Finding(
                "understated",
                fact.value,
                f"{start}: more than {say(ceiling)} times the bound.",
                fact.evidence_ids,
            )
        return Finding("supported", fact.value, f"{start}: the bound holds.", fact.evidence_ids)
    missed_by = bound / fact.value if fact.value > 0 else float("inf")
    return Finding(
        _missed(args, missed_by, "overstated", facts),
        fact.value,
        f"{start}: the bound fails.",
        fact.evidence_ids,
    )


def at_most(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """An upper bound that the fact must not pass."""
    fact, bound = facts.compute(args["fact"], published), float(args["bound"])
    start = f"{_worked(fact.text, fact.value)} against at most {say(bound)}"
    if fact.value <= bound:
        return Finding("supported", fact.value, f"{start}: the bound holds.", fact.evidence_ids)
    missed_by = fact.value / bound if bound > 0 else float("inf")
    return Finding(
        _missed(args, missed_by, "understated", facts),
        fact.value,
        f"{start}: the bound fails.",
        fact.evidence_ids,
    )


def set_equal(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """The asserted set equal to the fact's set, or with mode=contains part of it."""
    row = facts.row(args["fact"])
    actual = frozenset(filter(None, (part.strip() for part in row.value.split(";"))))
    part = args.get("mode") == "contains"
    holds = bool(claim.words) and (claim.words <= actual if part else claim.words == actual)
    missing, extra = sorted(actual - claim.words), sorted(claim.words - actual)
    gaps = [f"not in the fact: {', '.join(extra)}"] * bool(extra) + [
        f"left out: {', '.join(missing)}"
    ] * (bool(missing) and not part)
    words = (
        ("part of it" if part else "the same set")
        if holds
        else "; ".join(gaps) or "nothing is stated"
    )
    sentence = (
        f"Stated {', '.join(sorted(claim.words)) or 'nothing'}; fact "
        f"{', '.join(sorted(actual))}: {words}."
    )
    return Finding(
        "supported" if holds else "contradicted",
        ", ".join(sorted(actual)),
        sentence,
        (row.evidence_id,),
    )


def rank(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """The rank of a subject under every named measure: all agree, some agree (mixed), none agrees.
    A measure with a gap is left out.
    """
    subject, places, ids, gap = args["subject"], [], [], None
    for measure in args["by"]:
        try:
            numbers = {name: facts.number(address) for name, address in measure.items()}
        except MissingFactError as missing:
            gap = missing
            continue
        place = 1 + sum(number.value > numbers[subject].value for number in numbers.values())
        ranking = ", ".join(
            f"{name} {number.text}"
            for name, number in sorted(numbers.items(), key=lambda item: -item[1].value)
        )
        places.append((place, f"rank {place} ({ranking})"))
        ids += [id for number in numbers.values() for id in number.evidence_ids]
    if not places:
        raise gap or MissingFactError("a measure")
    agreeing = sum(place == claim.number for place, _ in places)
    label = "supported" if agreeing == len(places) else "mixed" if agreeing else "contradicted"
    sentence = (
        f"Stated rank {say(claim.number)} for {subject}; "
        + "; ".join(words for _, words in places)
        + "."
    )
    return Finding(label, float(places[0][0]), sentence, tuple(dict.fromkeys(ids)))


def sign(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """The sign of every expression against the asserted one: all agree, some agree (mixed), none
    agrees.
    """
    found = [facts.compute(expression, published) for expression in args["facts"]]
    signs = [
        "positive" if one.value > 0 else "negative" if one.value < 0 else "zero" for one in found
    ]
    agreeing = sum(one == claim.value for one in signs)
    label = "supported" if agreeing == len(signs) else "mixed" if agreeing else "contradicted"
    sentence = (
        f"Stated {claim.value}; "
        + "; ".join(
            f"{_worked(one.text, one.value)} is {word}"
            for one, word in zip(found, signs, strict=True)
        )
        + "."
    )
    return Finding(
        label,
        found[0].value,
        sentence,
        tuple(dict.fromkeys(id for one in found for id in one.evidence_ids)),
    )


def first_of_kind(
    claim: Claim, args: Args, facts: Facts, as_of: datetime.date, published: datetime.date
) -> Finding:
    """Whether an earlier case of the kind is on record. None on record is no proof, so it leaves
    the claim unsupported.
    """
    earlier = sorted(
        (row for row in facts.with_prefix(args["prefix"]) if row.span.first < published),
        key=lambda row: (row.span.first, row.evidence_id),
    )
    if not earlier:
        raise MissingFactError(f"{args['prefix']}*")
    first = {_short(row, args["prefix"]): row.span.first.year for row in reversed(earlier)}
    listed = ", ".join(f"{name} ({year})" for name, year in reversed(first.items()))
    return Finding(
        "contradicted",
        float(len(first)),
        f"Earlier cases on record: {listed}.",
        tuple(row.evidence_id for row in earlier),
    )


def _worked(text: str, value: float) -> str:
    return text if text == say(value) else f"{text} = {say(value)}"


def _missed(args: Args, missed_by: float, plain: str, facts: Facts) -> str:
    ratio = float(args.get("bound_factor") or facts.settings.bound_ratio)
    return "contradicted" if missed_by > ratio else str(args.get("fail") or plain)


def _short(row: Evidence, prefix: str) -> str:
    return row.metric.removeprefix(prefix).removesuffix("_total").replace("_", " ")
