"""Plans on the status ladder: which the claims ask for, how they climbed, and where articles put
them.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.claims.audit import Audit
from helpers.claims.evidence import Evidence, Facts
from helpers.data.picking import RUNGS


@dataclass(frozen=True)
class Thread:
    """A plan on the ladder. offset keeps lines apart that run on one rung."""

    event: str
    name: str
    colour: str
    dashes: str
    offset: float


def threads(audit: Audit, facts: Facts, strokes: Sequence[tuple[str, str, float]]) -> list[Thread]:
    """The plans that the claims ask for most, those that climbed first, one for each stroke."""
    asked = Counter[str]()
    for verdict in audit.verdicts:
        args = verdict.claim.args
        inner = args.get("then", {}).get("event", "")
        asked.update({*args.get("events", []), args.get("event", ""), inner} - {""})
    climbs = {event: len(rising(facts.all_of(f"event.{event}"))) for event in asked}
    known_of = sorted(
        (event for event in asked if climbs[event]),
        key=lambda event: (climbs[event] < 2, -asked[event], event),
    )
    return [
        Thread(event, facts.in_words(event).removesuffix(" plan"), *stroke)
        for event, stroke in zip(known_of, strokes, strict=False)
    ]


@dataclass(frozen=True)
class Claimed:
    """The rung an article claims of a plan, and the one on record on its day, if any."""

    outlet: str
    thread: Thread
    day: datetime.date
    rung: str
    actual: str | None

    @property
    def gap(self) -> int:
        """How many rungs the article is ahead of the record."""
        return RUNGS.index(self.rung) - RUNGS.index(self.actual) if self.actual else 0


def rising(rows: Sequence[Evidence]) -> list[tuple[datetime.date, str]]:
    """The days on which the highest known rung rose, with the rung."""
    risen: list[tuple[datetime.date, str]] = []
    on_ladder = (row for row in rows if row.value in RUNGS)
    for row in sorted(on_ladder, key=lambda row: (row.known_from, row.evidence_id)):
        if not risen or RUNGS.index(row.value) > RUNGS.index(risen[-1][1]):
            risen.append((row.known_from, row.value))
    return risen


def claimed_rungs(audit: Audit, drawn: Sequence[Thread]) -> list[Claimed]:
    """The first claim of each article on each thread of the ladder."""
    by_event, first = {thread.event: thread for thread in drawn}, dict[tuple[str, str], Claimed]()
    for verdict in audit.verdicts:
        claim = verdict.claim
        args = claim.args if claim.rule == "modality_at" else claim.args.get("then", {})
        if args.get("event") in by_event:
            actual = verdict.then.computed if isinstance(verdict.then.computed, str) else None
            thread = by_event[args["event"]]
            claimed = Claimed(claim.outlet, thread, claim.published, args["rung"], actual)
            first.setdefault((claim.outlet, thread.event), claimed)
    return list(first.values())
