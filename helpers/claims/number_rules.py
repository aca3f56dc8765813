"""Rules that compare numbers and sets with facts. Each takes a claim, its arguments, the facts
known, the day and the day of publication.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from helpers.claims.claim import Claim, Finding
from helpers.claims.evidence import Evidence, Facts, MissingFactError, Number
from helpers.claims.labels import amount, deviation_label, say
from helpers.numbers import day as in_days
from helpers.periods import read_period

Args = Mapping[str, Any]


def within(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The asserted number against the first fact, or with match=nearest the nearest of several
    definitions that are known. A fact of another period than the claim's does not count.
    """
    wanted = args["facts"] if args.get("match") == "nearest" else args["facts"][:1]
    known, missing = [], None
    for expression in wanted:
        try:
            known.append(facts.compute(expression, claim.published, period=claim.period))
        except MissingFactError as gap:
            missing = missing or gap
    if not known:
        raise missing or MissingFactError("a fact")
    fact = min(known, key=lambda number: abs(claim.number - number.value))
    label, words = deviation_label(claim.number, fact.value, claim.tolerance_kind, facts.settings)
    chosen = f", the nearest of {len(known)} definitions" if len(known) > 1 else ""
    ids = tuple(dict.fromkeys(id for number in known for id in number.evidence_ids))
    return Finding(
        label,
        fact.value,
        f"The article says {amount(claim.number, claim.unit)}; on record is "
        f"{_worked(fact, claim.unit)}{chosen}: {words}.{_undated(claim, args, facts)}",
        ids,
    )


def _undated(claim: Claim, args: Args, facts: Facts) -> str:
    """Of when the fact is, where neither the claim nor the rule says: it may be stale."""
    address = args["facts"][0]
    if claim.period or not isinstance(address, str) or not facts.all_of(address):
        return ""
    period = facts.all_of(address)[0].period
    latest = f" The claim names no period; the latest fact on record is of {in_days(period)}."
    return latest if period else ""


def at_least(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """A lower bound that the fact must reach."""
    fact, bound = facts.compute(args["fact"], claim.published), float(args["bound"])
    holds = fact.value >= bound
    missed_by = bound / fact.value if fact.value > 0 else float("inf")
    label = "supported" if holds else _missed(args, missed_by, "overstated", facts)
    return Finding(label, fact.value, _bound(claim, args, "least", fact, holds), fact.evidence_ids)


def at_most(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """An upper bound that the fact must not pass."""
    fact, bound = facts.compute(args["fact"], claim.published), float(args["bound"])
    holds = fact.value <= bound
    missed_by = fact.value / bound if bound > 0 else float("inf")
    label = "supported" if holds else _missed(args, missed_by, "understated", facts)
    return Finding(label, fact.value, _bound(claim, args, "most", fact, holds), fact.evidence_ids)


def set_equal(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The asserted set equal to the fact's set, or with mode=contains part of it."""
    row = facts.row(args["fact"])
    actual = frozenset(filter(None, (part.strip() for part in row.value.split(";"))))
    part = args.get("mode") == "contains"
    holds = bool(claim.words) and (claim.words <= actual if part else claim.words == actual)
    left_out = [] if part else sorted(actual - claim.words)
    gaps = [("not on record", sorted(claim.words - actual)), ("left out", left_out)]
    words = "; ".join(f"{what}: {', '.join(names)}" for what, names in gaps if names)
    if holds:
        words = "part of them" if part else "the same"
    recorded = ", ".join(sorted(actual))
    sentence = (
        f"The article names {', '.join(sorted(claim.words)) or 'nothing'}; on record are "
        f"{recorded}: {words or 'nothing is stated'}."
    )
    label = "supported" if holds else "contradicted"
    return Finding(label, recorded, sentence, (row.evidence_id,))


def rank(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The rank of a subject by measure: all agree, some (mixed), none; gaps left out."""
    subject, places, ids, gap = args["subject"], [], [], None
    for measure in args["by"]:
        try:
            measured = {name: facts.number(address) for name, address in measure.items()}
        except MissingFactError as missing:
            gap = missing
            continue
        place = 1 + sum(number.value > measured[subject].value for number in measured.values())
        ranking = ", ".join(
            f"{facts.in_words(name)} {number.text}"
            for name, number in sorted(measured.items(), key=lambda item: -item[1].value)
        )
        places.append((place, f"rank {place} ({ranking})"))
        ids += [id for number in measured.values() for id in number.evidence_ids]
    if not places:
        raise gap or MissingFactError("a measure")
    agreeing = sum(place == claim.number for place, _ in places)
    label = "supported" if agreeing == len(places) else "mixed" if agreeing else "contradicted"
    sentence = (
        f"The article puts {facts.in_words(subject)} at rank {say(claim.number)}; the record has "
        f"{' and by another measure '.join(words for _, words in places)}."
    )
    return Finding(label, float(places[0][0]), sentence, tuple(dict.fromkeys(ids)))


def sign(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The sign of every expression against the asserted: all agree, some (mixed), none."""
    measured = [facts.compute(expression, claim.published) for expression in args["facts"]]
    signs = [
        "positive" if number.value > 0 else "negative" if number.value < 0 else "zero"
        for number in measured
    ]
    agreeing = sum(word == claim.value for word in signs)
    label = "supported" if agreeing == len(signs) else "mixed" if agreeing else "contradicted"
    worked = "; ".join(
        f"{_worked(number, '')}, {word}" for number, word in zip(measured, signs, strict=True)
    )
    return Finding(
        label,
        measured[0].value,
        f"As the article has it, the change is {claim.value}; the record has {worked}.",
        tuple(dict.fromkeys(id for number in measured for id in number.evidence_ids)),
    )


def first_of_kind(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """Whether the claimed case is the first of its kind: no other case on record may be earlier.

    The cases are the metrics `kind.…` that have every part named in `of`, such as the country of
    the plant or the maker; those with the part `subject` are the claimed case and left out. Its
    day is the earliest of its own cases, else `day`. Without a case on record to stand on, the
    claim is unsupported; a day that differs from the record makes it mostly supported.
    """
    cases = [
        row
        for row in facts.with_prefix(f"{args['kind']}.")
        if set(args.get("of", ())) <= set(row.metric.split("."))
    ]
    own = [row for row in cases if args.get("subject") in row.metric.split(".")]
    stated = read_period(args["day"]).first if "day" in args else None
    claimed_day = min((row.span.first for row in own), default=stated or claim.published)
    earlier = sorted(
        (row for row in cases if row not in own and row.span.first < claimed_day),
        key=lambda row: (row.span.first, row.evidence_id),
    )
    if earlier:
        said = ", ".join(f"{name} ({year})" for name, year in _years(earlier, args, facts).items())
        return Finding(
            "contradicted",
            float(len(_years(earlier, args, facts))),
            f"Earlier cases are on record: {said}.",
            tuple(row.evidence_id for row in earlier),
        )
    if not own:
        raise MissingFactError(f"{args['kind']}.{args.get('subject', '*')}")
    own.sort(key=lambda row: (row.span.first, row.span.last, row.evidence_id))
    name, year = next(iter(_years(own, args, facts).items()))
    dated = stated is None or any(row.span.overlaps(read_period(args["day"])) for row in own)
    off = "" if dated else f" Not in {in_days(args['day'])}, as stated."
    return Finding(
        "supported" if dated else "mostly_supported",
        float(len(own)),
        f"No earlier case is on record than {name} ({year}), up to {in_days(as_of)}.{off}",
        tuple(row.evidence_id for row in own),
    )


def _years(rows: list[Evidence], args: Args, facts: Facts) -> dict[str, int]:
    """The cases by name with the year of the first; a total is no case of its own. A first part of
    two letters is the country of the plant.
    """
    years: dict[str, int] = {}
    for row in rows:
        own = row.metric.removeprefix(f"{args['kind']}.").removesuffix("_total")
        place, _, case = own.partition(".")
        built = f"{facts.in_words(place)}-built " if len(place) == 2 and case else ""
        name = built + facts.in_words(case if built else own)
        years[name] = min(row.span.first.year, years.get(name, row.span.first.year))
    return years


def _worked(fact: Number, unit: str) -> str:
    """The arithmetic and its result, or the fact alone: 100 / 4 = 25."""
    result = amount(fact.value, unit)
    return result if fact.text == say(fact.value) else f"{fact.text} = {result}"


def _bound(claim: Claim, args: Args, side: str, fact: Number, holds: bool) -> str:
    unit = str(args.get("unit", claim.unit))
    limit = amount(float(args["bound"]), unit)
    start = (
        f"We read “{args['word']}” as at {side} {limit}, in every article"
        if "word" in args
        else f"The article says at {side} {limit}"
    )
    return f"{start}; on record is {_worked(fact, unit)}: {'it holds' if holds else 'it fails'}."


def _missed(args: Args, missed_by: float, plain: str, facts: Facts) -> str:
    ratio = float(args.get("bound_factor") or facts.settings.bound_ratio)
    return "contradicted" if missed_by > ratio else str(args.get("fail") or plain)
