"""Rules over events, plants, offices, dates and tariffs on a day. Same signature as the rules for
numbers.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from helpers.claims.claim import Claim, Finding
from helpers.claims.evidence import Evidence, Facts, MissingFactError
from helpers.claims.labels import deviation_label, number_in, say
from helpers.data.picking import RUNGS
from helpers.numbers import day as in_days
from helpers.numbers import spelled
from helpers.periods import DAY, full_years
from helpers.texts import read_day

Args = Mapping[str, Any]


def highest_rung(facts: Facts, event: str) -> Evidence | None:
    """The row with the highest rung known of an event; of equals the earliest, lowest id."""
    rows = [row for row in facts.all_of(f"event.{event}") if row.value in RUNGS]
    return max(
        rows,
        key=lambda row: (
            RUNGS.index(row.value),
            -row.span.first.toordinal(),
            [-ord(letter) for letter in row.evidence_id],
        ),
        default=None,
    )


def modality_at(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The claimed rung of the status ladder against the highest rung known on the day."""
    claimed, best = args["rung"], highest_rung(facts, args["event"])
    if best is None:
        if claimed == "none":
            return Finding(
                "supported",
                "none",
                f"Nothing of {facts.in_words(args['event'])} is on record up to {in_days(as_of)}.",
            )
        raise MissingFactError(f"event.{args['event']}")
    distance = RUNGS.index(best.value) - RUNGS.index(claimed)
    label = (
        "supported" if distance == 0 else "mostly_supported" if distance == -1 else "contradicted"
    )
    if distance > 0:
        label = "supported" if args.get("at_least") else "outdated"
    steps = f"{spelled(abs(distance))} step{'s' if abs(distance) > 1 else ''}"
    words = "the same" if distance == 0 else f"{steps} {'less' if distance < 0 else 'further'}"
    sentence = (
        f"The article says “{claimed}”{' or more' if args.get('at_least') else ''}; the furthest "
        f"step on record up to {in_days(as_of)} is “{best.value}” ({in_days(best.period)}): "
        f"{words}."
    )
    return Finding(label, best.value, sentence, (best.evidence_id,))


def plant(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """Where a model is built: the claimed place in force, outdated, or another place only."""
    metric, state = f"plant.{args['model']}", args["state"]
    rows = facts.all_of(metric)
    if not rows:
        raise MissingFactError(metric)
    current = [row for row in rows if row.span.holds(as_of)]
    ended = [row for row in rows if row.value == state and row.span.ended(as_of)]
    places = ", ".join(dict.fromkeys(row.value for row in current)) or "no place on record"
    start = f"On {in_days(as_of)} the {facts.in_words(args['model'])} is built in {places}"
    if any(row.value == state for row in current):
        others = any(row.value != state for row in current)
        label, used = "mostly_supported" if others else "supported", current
        words = f"{start}; the article says {state}."
    elif ended:
        label, used = "outdated", [*ended, *current]
        until = max(row.span.last for row in ended)
        words = f"{start}; in {state} only until {in_days(until)}."
    elif current:
        label, used = "contradicted", current
        words = f"{start}, not in {state} as the article says."
    else:
        raise MissingFactError(f"{metric}@{as_of}")
    return Finding(label, places, words, tuple(row.evidence_id for row in used))


def holds_office(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """Whether a person holds an office on a day; claimed=former turns the question round."""
    day = read_day(resolve_day(args.get("on", as_of.isoformat()), claim.published))
    rows = [row for row in facts.all_of(f"office.{args['person']}") if row.value == args["office"]]
    holding = [row.evidence_id for row in rows if row.span.holds(day)]
    ended = [row for row in rows if row.span.ended(day)]
    former = args.get("claimed") == "former"
    name = args["person"].replace("_", " ").title()
    if holding:
        label = "contradicted" if former else "supported"
        words = f"{name} is {args['office']} on {in_days(day)}{', not a former one' * former}."
        return Finding(label, "in office", words, (holding[0],))
    if ended:
        last = max(row.span.last for row in ended)
        label = "supported" if former else "outdated"
        words = f"{name} was {args['office']} until {in_days(last)}."
        return Finding(label, "former", words, tuple(row.evidence_id for row in ended))
    raise MissingFactError(f"office.{args['person']}@{day}")


def days_between(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """Distance or order of two days. `from` and `to`: publication, a day, an event, `start:metric`,
    or a metric whose value is a day.
    """
    start, start_ids = _day(args["from"], facts, claim.published)
    end, end_ids = _day(args["to"], facts, claim.published)
    ids = (*start_ids, *end_ids)
    if "order" in args:
        before = start < end
        holds = before if args["order"] == "before" else start > end
        relation = "before" if before else "after" if start > end else "the same day as"
        words = (
            f"{in_days(start)} ({_named(args['from'], facts)}) is {relation} {in_days(end)} "
            f"({_named(args['to'], facts)}); the article has it {args['order']}."
        )
        label = "supported" if holds else "contradicted"
        return Finding(label, float((end - start).days), words, ids)
    years = args.get("unit") == "years"
    distance = full_years(start, end) if years else abs((end - start).days)
    unit = "full years" if years else "days"
    words = f"From {in_days(start)} to {in_days(end)} it is {distance} {unit}"
    if "exactly" in args:
        label = "supported" if distance == args["exactly"] else "contradicted"
        words += f"; the article says {say(args['exactly'])}."
        return Finding(label, float(distance), words, ids)
    limit = float(args["bound"] if "word" in args else args["at_most"])
    read = f"we read “{args['word']}” as" if "word" in args else "the article says"
    words = f"{words}; {read} at most {say(limit)}"
    if distance <= limit:
        return Finding("supported", float(distance), f"{words}: it holds.", ids)
    ratio = float(args.get("bound_factor") or facts.settings.bound_ratio)
    too_far = "contradicted" if distance > ratio * limit else "overstated"
    return Finding(too_far, float(distance), f"{words}: too far apart.", ids)


def tariff_total(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The total duty on a day against the asserted one; a mere threat is outdated once charged."""
    day = resolve_day(args["on"], claim.published)
    total = facts.number(f"tariff.total.{args['goods']}@{day}")
    if args.get("claimed") == "threat_only":
        mfn = facts.number(f"tariff.us_mfn_cars@{day}")
        charged = total.value > mfn.value
        words = (
            f"On {in_days(day)} the total duty is {total.text} %, without new tariffs it would be "
            f"{mfn.text} %: {'more' if charged else 'no more'} than a threat."
        )
        ids = (*total.evidence_ids, *mfn.evidence_ids)
        return Finding("outdated" if charged else "supported", total.value, words, ids)
    label, words = deviation_label(claim.number, total.value, claim.tolerance_kind, facts.settings)
    said = f"The article says {say(claim.number)} %; the total duty on {in_days(day)} is"
    return Finding(label, total.value, f"{said} {total.text} %: {words}.", total.evidence_ids)


def tariff_component(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """One instrument's rate on a day against the asserted one; an earlier rate is outdated."""
    day = resolve_day(args["on"], claim.published)
    metric = f"tariff.{args['instrument']}"
    rate = facts.number(f"{metric}@{day}")
    label, words = deviation_label(claim.number, rate.value, claim.tolerance_kind, facts.settings)
    ended = [row for row in facts.all_of(metric) if row.span.ended(read_day(day))]
    earlier = [row for row in ended if number_in(row.value) == claim.number]
    said = f"The article says {say(claim.number)} %; the rate on {in_days(day)} is {rate.text} %"
    if label not in ("supported", "mostly_supported") and earlier:
        row = earlier[0]
        sentence = f"{said}. The rate it names was in force earlier, {row.period}."
        return Finding("outdated", rate.value, sentence, (*rate.evidence_ids, row.evidence_id))
    return Finding(label, rate.value, f"{said}: {words}.", rate.evidence_ids)


def resolve_day(text: str, published: datetime.date) -> str:
    """`publication` as the day of publication; a day as it is."""
    return published.isoformat() if text == "publication" else text


def _day(
    text: str, facts: Facts, published: datetime.date
) -> tuple[datetime.date, tuple[str, ...]]:
    if text == "publication" or DAY.fullmatch(text):
        return read_day(resolve_day(text, published)), ()
    row = facts.row(text.removeprefix("start:"))
    if text.startswith(("start:", "event.")):
        return row.span.first, (row.evidence_id,)
    try:
        return read_day(row.value), (row.evidence_id,)
    except ValueError:
        raise MissingFactError(f"{text} ({row.evidence_id} holds no day)") from None


def _named(text: str, facts: Facts) -> str:
    """A moment in words: `start:tariff.jp_cars` → start of tariff jp cars; a day as it is."""
    return text if DAY.fullmatch(text) else facts.in_words(text.replace("start:", "start of "))
