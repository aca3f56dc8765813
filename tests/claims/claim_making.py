"""Small claims and facts for tests of single rules."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from helpers.claims.audit import judge
from helpers.claims.claim import Claim, ClaimInputs, Finding, Link
from helpers.claims.evidence import Evidence, Facts, known
from helpers.scenarios import check_values

PUBLISHED = datetime.date(2025, 10, 26)
TODAY = datetime.date(2026, 11, 21)


def inputs(**settings: Any) -> ClaimInputs:
    """The settings of the base scenario, with changes."""
    return check_values(settings, "settings").of(ClaimInputs)


def fact(
    evidence_id: str,
    metric: str,
    value: object = "",
    period: str = "2024",
    *,
    known_from: str = "2025-01-01",
    quality: str = "reported",
    tier: int = 2,
    origins: tuple[str, ...] = ("",),
) -> Evidence:
    own = tuple(origin or evidence_id for origin in origins)
    day = datetime.date.fromisoformat(known_from)
    return Evidence(
        evidence_id, metric, str(value), "", period, "", own, day, quality, tier, own[0], own
    )


def claim(
    rule: str,
    args: Mapping[str, Any],
    value: object = "",
    tolerance: str = "exact",
    *,
    links: Mapping[str, str] | None = None,
    **other: Any,
) -> Claim:
    linked = tuple(Link(evidence_id, stance) for evidence_id, stance in (links or {}).items())
    fields = {"claim_type": "factual", "attributed_to": "", "published": PUBLISHED} | other
    return Claim(
        "A9-01",
        "A9",
        1,
        "a claim",
        fields["claim_type"],
        str(value),
        "",
        fields["attributed_to"],
        rule,
        args,
        tolerance,
        fields["published"],
        linked,
        fields.get("period", ""),
    )


def facts(
    *rows: Evidence,
    day: datetime.date = PUBLISHED,
    schedules: Mapping[str, Callable[[str], float]] | None = None,
    **settings: Any,
) -> Facts:
    return known(rows, day, inputs(**settings), schedules or {})


def found(
    one: Claim,
    *rows: Evidence,
    day: datetime.date = PUBLISHED,
    schedules: Mapping[str, Callable[[str], float]] | None = None,
    **settings: Any,
) -> Finding:
    """What the claim's rule finds on a day with these facts."""
    return judge(one, facts(*rows, day=day, schedules=schedules, **settings), day)


def label(one: Claim, *rows: Evidence, day: datetime.date = PUBLISHED, **settings: Any) -> str:
    return found(one, *rows, day=day, **settings).label
