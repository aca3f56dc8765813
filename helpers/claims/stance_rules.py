"""Rules that rest on a judgement: stances of linked facts, forecasts, opinions, what nobody can
verify. Independent origins are counted, not documents.
"""

import dataclasses
import datetime
import re
from collections.abc import Mapping
from typing import Any

from helpers.claims import event_rules, number_rules
from helpers.claims.claim import Claim, Finding
from helpers.claims.evidence import Evidence, Facts, MissingFactError
from helpers.claims.labels import say
from helpers.data.picking import RUNGS
from helpers.numbers import day as in_days
from helpers.numbers import spelled
from helpers.texts import read_day

Args = Mapping[str, Any]

# An attribution to one of these in the plural asserts that several said so.
PLURALS = frozenset(
    ("analysts", "economists", "executives", "experts", "insiders", "officials", "observers")
) | {"sources"}


def is_plural(attributed_to: str) -> bool:
    """Whether an attribution names several speakers without naming one."""
    words = re.findall(r"[a-z]+", attributed_to.lower())
    return bool(words) and words[-1] in PLURALS


def stances(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """The stances of the linked facts that are known, aggregated."""
    return aggregate(claim, facts, facts.by_id)


def aggregate(claim: Claim, facts: Facts, rows: Mapping[str, Evidence]) -> Finding:
    """The stances of these rows, by id, towards a claim.

    S, R, P are the independent origins that support, refute, hold in part. None: unsupported. S
    alone: supported; capped at mostly supported with P, or where a plural attribution rests on
    fewer than `plural_origins`. P alone: mostly supported. R without S: contradicted if R ≥
    `partial_ratio` × P, else mixed. S and R: mixed.
    """
    taken: dict[str, list[Evidence]] = {stance: [] for stance in _SAYS}
    for link in sorted(claim.links, key=lambda link: link.evidence_id):
        if link.evidence_id in rows and link.stance in taken:
            taken[link.stance].append(rows[link.evidence_id])
    used = sorted(row.evidence_id for group in taken.values() for row in group)
    if not used:
        raise MissingFactError("it")
    s, r, p = (len({row.origin for row in group}) for group in taken.values())
    thin = is_plural(claim.attributed_to) and s < facts.settings.plural_origins
    if s and r:
        label = "mixed"
    elif r:
        label = "contradicted" if r >= facts.settings.partial_ratio * p else "mixed"
    else:
        label = "supported" if s and not p and not thin else "mostly_supported"
    sentence = " ".join(_origins_say(stance, group) for stance, group in taken.items() if group)
    if thin and s and not (r or p):
        sentence += f" A plural needs {facts.settings.plural_origins} such sources."
    return Finding(label, f"{s}/{r}/{p}", sentence, tuple(used), (s, r, p))


_SAYS = {
    "supports": ("supports it", "support it"),
    "refutes": ("speaks against it", "speak against it"),
    "partial": ("bears it out in part", "bear it out in part"),
}


def _origins_say(stance: str, rows: list[Evidence]) -> str:
    """How many independent origins take a stance, and what the first of them says."""
    count = len({row.origin for row in rows})
    singular, plural = _SAYS[stance]
    noun, verb = ("sources", plural) if count > 1 else ("source", singular)
    who = f"{spelled(count).capitalize()} independent {noun} {verb}"
    statement = rows[0].statement.rstrip(".")
    first = "; the first says" if count > 1 else ""
    return f"{who}{first}: {statement}." if statement else f"{who}."


_FROM_STANCES = {
    "supported": "forecast_met",
    "mostly_supported": "forecast_partly_met",
    "mixed": "forecast_partly_met",
    "contradicted": "forecast_missed",
}


def opinion(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """A judgement: no score."""
    return Finding("opinion", None, "A judgement; it gets no verdict.")


def unverifiable(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """Declared beyond checking, with the reason."""
    return Finding("cannot_be_checked", None, f"Nobody outside can check it: {args['why']}.")


def not_found(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """Searched for without a hit: the words of the search and its day are on record."""
    searched = "; ".join(args["searched"])
    return Finding(
        "not_found",
        None,
        f"A search on {in_days(args['on'])} found nothing for or against it. Words searched: "
        f"{searched}.",
    )


# The rules a forecast may use for a part of its verdict.
SUB_RULES = {
    "at_least": number_rules.at_least,
    "at_most": number_rules.at_most,
    "modality_at": event_rules.modality_at,
    "not_found": not_found,
    "opinion": opinion,
    "stances": stances,
    "unverifiable": unverifiable,
    "within": number_rules.within,
}


def forecast(claim: Claim, args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    """A statement about the future. At publication: its sub-rule (default opinion). Later: met,
    partly met, pending or missed.

    Later it rests on a sub-rule, on events that must reach a rung by the deadline, or on an outcome
    metric. Without an outcome row it is pending, and missed once the deadline has passed.
    """
    published = claim.published
    if as_of <= published:
        return _sub_rule(args.get("then", {"rule": "opinion"}), claim, facts, as_of)
    if "now" in args:
        return _later(args["now"], claim, facts, as_of)
    if "events" in args:
        return _events(args, facts, as_of)
    if args.get("outcome") is None:
        return Finding("forecast_pending", None, "No test of this forecast is agreed.")
    return _outcome(args, facts, as_of, published)


def _sub_rule(args: Args, claim: Claim, facts: Facts, as_of: datetime.date) -> Finding:
    return SUB_RULES[args["rule"]](claim, args, facts, as_of)


def _later(args: Args, claim: Claim, facts: Facts, as_of: datetime.date) -> Finding:
    if args["rule"] != "stances":
        return _sub_rule(args, claim, facts, as_of)

    def came_later(row: Evidence) -> bool:
        return row.known_from > claim.published

    later = {name: row for name, row in facts.by_id.items() if came_later(row)}
    if args.get("as") == "verdict":
        return aggregate(claim, facts, later)
    try:
        finding = aggregate(claim, facts, later)
    except MissingFactError:
        hidden = {row.evidence_id for row in facts.left_out if came_later(row)}
        if any(link.evidence_id in hidden and link.stance != "context" for link in claim.links):
            raise
        words = f"Nothing that came out later bears on it up to {in_days(as_of)}."
        return Finding("forecast_pending", None, words)
    words = f"From facts that came out later. {finding.explanation}"
    return dataclasses.replace(finding, label=_FROM_STANCES[finding.label], explanation=words)


def _events(args: Args, facts: Facts, as_of: datetime.date) -> Finding:
    deadline, events = args["deadline"], args["events"]
    last_day = read_day(deadline) if deadline else datetime.date.max
    met, said, ids = 0, [], []
    for event in events:
        rows = [row for row in facts.all_of(f"event.{event}") if row.value in RUNGS]
        early = [row for row in rows if row.span.first <= last_day]
        best = max(early, key=lambda row: RUNGS.index(row.value), default=None)
        met += best is not None and RUNGS.index(best.value) >= RUNGS.index(args["need"])
        said.append(f"{facts.in_words(event)}: {best.value if best else 'not on record'}")
        ids += [best.evidence_id] if best else []
    for event in events:
        metric = f"event.{event}"
        hidden = metric not in facts.rows and any(row.metric == metric for row in facts.left_out)
        if hidden and not met:
            raise MissingFactError(f"{metric} that counts under the settings")
    until = f" by {in_days(deadline)}" if deadline else ""
    every = args["mode"] == "all"
    sentence = (
        f"The forecast is met when {'all' if every else 'one'} of {len(events)} has "
        f"“{args['need']}”{until}; {met} so far ({'; '.join(said)})."
    )
    if met:
        label = "forecast_met" if met >= len(events) or not every else "forecast_partly_met"
    else:
        label = "forecast_pending" if as_of <= last_day else "forecast_missed"
    return Finding(label, float(met), sentence, tuple(ids))


def _outcome(args: Args, facts: Facts, as_of: datetime.date, published: datetime.date) -> Finding:
    outcome, deadline = args["outcome"], args["deadline"]
    last_day = read_day(deadline) if deadline else datetime.date.max
    waiting = "forecast_pending" if as_of <= last_day else "forecast_missed"
    if "change" in outcome:
        return _change(outcome, facts, published, min(as_of, last_day), waiting)
    try:
        value = facts.number(outcome["metric"])
    except MissingFactError:
        word = "pending" if waiting == "forecast_pending" else "nothing came of it"
        asked = facts.in_words(outcome["metric"].removeprefix("outcome."))
        due = f"it is due by {in_days(deadline)}" if deadline else "no day is set"
        sentence = f"No outcome is on record for {asked} up to {in_days(as_of)}; {due}: {word}."
        return Finding(waiting, None, sentence)
    holds = ("at_least" not in outcome or value.value >= outcome["at_least"]) and (
        "at_most" not in outcome or value.value <= outcome["at_most"]
    )
    bounds = " and ".join(
        f"{side.replace('_', ' ')} {say(outcome[side])}"
        for side in ("at_least", "at_most")
        if side in outcome
    )
    sentence = f"The outcome is {value.text}; the forecast was {bounds}."
    return Finding(
        "forecast_met" if holds else "forecast_missed", value.value, sentence, value.evidence_ids
    )


def _change(
    outcome: Args, facts: Facts, published: datetime.date, day: datetime.date, waiting: str
) -> Finding:
    """A metric that should move: met if it did with cause established, else partly."""
    before = facts.number(f"{outcome['metric']}@{published}")
    after = facts.number(f"{outcome['metric']}@{day}")
    down = outcome["change"] == "down"
    moved = after.value < before.value if down else after.value > before.value
    caused = outcome.get("attributable", True)
    label = ("forecast_met" if caused else "forecast_partly_met") if moved else waiting
    sentence = (
        f"It was {before.text} on {in_days(published)} and {after.text} on {in_days(day)}; the "
        f"forecast was {outcome['change']}."
    )
    sentence += " The cause is not established." if moved and not caused else ""
    ids = tuple(dict.fromkeys((*before.evidence_ids, *after.evidence_ids)))
    return Finding(label, after.value, sentence, ids)
