"""An audit at a glance: counts, agreement with a second coder, and what flips under other settings.

Never one accuracy figure: most claims of a text can be its itinerary.
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.claims.audit import Audit, Case, ClaimRule, claim_rule, judge_all
from helpers.claims.claim import Claim, ClaimInputs
from helpers.claims.labels import LABELS, four_labels
from helpers.claims.shared import block_of, records
from helpers.claims.stance_rules import is_plural


def counts(audit: Audit) -> dict[str, int]:
    """Label → number of claims shown with it, every label, in the order of `LABELS`."""
    tally = Counter(verdict.headline for verdict in audit.verdicts)
    return {label: tally[label] for label in LABELS}


def by_article(audit: Audit) -> pd.DataFrame:
    """Articles in the order of their claims, labels that occur, number of claims."""
    return _crossed(
        [(verdict.claim.article_id, verdict.headline) for verdict in audit.verdicts], "article"
    )


def by_type(audit: Audit) -> pd.DataFrame:
    """Claim types as rows, labels that occur as columns."""
    return _crossed(
        [(verdict.claim.claim_type, verdict.headline) for verdict in audit.verdicts], "claim type"
    )


def by_block(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Parts of the texts as rows, labels as columns. A text without noted parts is one."""
    blocks, pairs = records(tables["paragraph_blocks"]), []
    for verdict in audit.verdicts:
        part = part_of(verdict.claim, blocks)
        place = f"{verdict.claim.outlet}: {part}" if part else verdict.claim.outlet
        pairs.append((place, verdict.headline))
    return _crossed(pairs, "part of the text")


@dataclass(frozen=True)
class Short:
    """What is missing for a firmer label. plural: origins behind plurals such as analysts.
    refuting: origins for a contradiction where some refute, some hold in part and none supports.
    claims: the claims they are missing for.
    """

    plural: int
    refuting: int
    claims: tuple[str, ...]


def missing_origins(audit: Audit) -> Short:
    """Independent origins that the settings ask for and the stances at publication do not give."""
    settings, plural, refuting = audit.inputs, dict[str, int](), dict[str, int]()
    for verdict in audit.verdicts:
        s, r, p = verdict.then.tally or (0, 0, 0)
        name = verdict.claim.claim_id
        if is_plural(verdict.claim.attributed_to) and s and not r:
            plural[name] = max(0, settings.plural_origins - s)
        if r and p and not s:
            refuting[name] = max(0, math.ceil(settings.partial_ratio * p) - r)
    short = [name for name, count in (plural | refuting).items() if count]
    return Short(sum(plural.values()), sum(refuting.values()), tuple(short))


def part_of(claim: Claim, blocks: Sequence[Mapping[str, str]]) -> str:
    """The part of its text that a claim stands in, as a name; empty for a text in one part."""
    if row := block_of(claim, blocks):
        return row["block"]
    return "rest" if any(row["article_id"] == claim.article_id for row in blocks) else ""


def _crossed(pairs: list[tuple[str, str]], name: str) -> pd.DataFrame:
    """How often each label comes with each group, in the order of `LABELS` and of the groups."""
    groups, labels = zip(*pairs, strict=True) if pairs else ((), ())
    tally = Counter(pairs)
    columns = [label for label in LABELS if label in labels]
    rows = []
    for group in dict.fromkeys(groups):
        counted = [tally[group, label] for label in columns]
        rows.append([group, *counted, sum(counted)])
    return pd.DataFrame(rows, columns=[name, *columns, "claims"])


@dataclass(frozen=True)
class Agreement:
    """Agreement of one coder with the computed labels. kappa is None where chance alone already
    gives full agreement or nothing is filled.
    """

    coder: str
    side: str
    scheme: str
    claims: int
    agreeing: int
    kappa: float | None


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> float | None:
    """(p₀ − pₑ) / (1 − pₑ) for two labellings of the same items (Cohen 1960); None without items or
    with pₑ = 1.

    Raises ValueError when the lengths differ.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels against {len(second)}")
    n = len(first)
    if not n:
        return None
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    left, right = Counter(first), Counter(second)
    expected = sum(left[label] * right[label] for label in left) / n**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def agreements(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> list[Agreement]:
    """Each coder against the computed labels, then and now, on all labels and on four."""
    verdicts = {verdict.claim.claim_id: verdict for verdict in audit.verdicts}
    rows = [row for row in records(tables["judgements"]) if row["claim_id"] in verdicts]
    compared = []
    for coder in dict.fromkeys(row["coder"] for row in rows):
        for side in ("then", "now"):
            judged = [row for row in rows if row["coder"] == coder and row[side]]
            given = [row[side] for row in judged]
            computed = [getattr(verdicts[row["claim_id"]], side).label for row in judged]
            for scheme, first, second in (
                ("all labels", given, computed),
                ("four labels", *_in_four(given, computed)),
            ):
                agreeing = sum(a == b for a, b in zip(first, second, strict=True))
                kappa = cohens_kappa(first, second)
                compared.append(Agreement(coder, side, scheme, len(first), agreeing, kappa))
    return compared


def _in_four(given: list[str], computed: list[str]) -> tuple[list[str], list[str]]:
    pairs = list(zip(map(four_labels, given), map(four_labels, computed), strict=True))
    kept = [pair for pair in pairs if all(pair)]
    return [first for first, _ in kept], [second for _, second in kept]


# Each changes one setting of the reader; the words say what it becomes.
VARIANTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("plain tolerance 15 %", {"plain_tolerance_percent": 15.0}),
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
    """Every variant against the reader's settings; one that is theirs changes nothing."""
    base = judge_all(case, inputs, rule)
    outcomes = []
    for words, change in VARIANTS:
        other = judge_all(case, dataclasses.replace(inputs, **change), rule)
        pairs = list(zip(base.verdicts, other.verdicts, strict=True))
        changed = tuple(
            before.claim.claim_id for before, after in pairs if before.headline != after.headline
        )
        outcomes.append(Outcome(words, changed))
    return outcomes
