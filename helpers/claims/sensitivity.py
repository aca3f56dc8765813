"""What flips: the audit repeated under one changed setting at a time."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from helpers.claims.audit import Case, ClaimRule, claim_rule, judge_all
from helpers.claims.verdicts import ClaimInputs, deviation_label

# Each changes one setting of the reader; the words say what it becomes.
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("tolerance of ‘nearly’ 2.5 %", {"hedged_tolerance_percent": 2.5}),
    ("tolerance of ‘nearly’ 10 %", {"hedged_tolerance_percent": 10.0}),
    ("definition tolerance 0.5 %", {"definition_tolerance_percent": 0.5}),
    ("contradicted beyond 40 %", {"contradiction_percent": 40.0}),
    ("contradicted beyond 80 %", {"contradiction_percent": 80.0}),
    ("bound missed twofold is contradicted", {"bound_ratio": 2.0}),
    ("one origin makes a plural", {"plural_origins": 1}),
    ("as many refuting as partial origins", {"partial_ratio": 1.0}),
    ("unverified facts count", {"count_unverified": True}),
    ("source tiers 1 to 3 only", {"lowest_source_tier": 3}),
    ("source tiers 1 and 2 only", {"lowest_source_tier": 2}),
    ("two independent origins needed", {"minimum_origins": 2}),
    ("35,000 cars a year", {"programme_units": 35_000}),
    ("50,000 cars a year", {"programme_units": 50_000}),
    ("70,000 dollars a car", {"unit_value_usd": 70_000.0}),
)


@dataclass(frozen=True)
class Outcome:
    """What one variant changes: the ids of the claims whose label shown is another."""

    words: str
    flips: tuple[str, ...]


def flips(case: Case, inputs: ClaimInputs, rule: ClaimRule = claim_rule) -> list[Outcome]:
    """Every variant against the reader's own settings. A variant that is the reader's setting
    already changes nothing.
    """
    base = judge_all(case, inputs, rule)
    found = []
    for words, change in VARIANTS:
        other = judge_all(case, dataclasses.replace(inputs, **change), rule)
        pairs = list(zip(base.verdicts, other.verdicts, strict=True))
        changed = tuple(one.claim.claim_id for one, two in pairs if one.headline != two.headline)
        found.append(Outcome(words, changed))
    return found


def tolerance_strip(
    claimed: float, fact: float, inputs: ClaimInputs, tolerances: list[float], kind: str = "plain"
) -> list[str]:
    """The label of a claimed number at each tolerance (percent), read as a plain or a hedged
    number.
    """
    settings = [
        dataclasses.replace(
            inputs, plain_tolerance_percent=tolerance, hedged_tolerance_percent=tolerance
        )
        for tolerance in tolerances
    ]
    return [deviation_label(claimed, fact, kind, one)[0] for one in settings]
