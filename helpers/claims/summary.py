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

from helpers.claims.audit import Audit, Case, ClaimRule, Verdict, claim_rule, judge_all
from helpers.claims.claim import ClaimInputs
from helpers.claims.labels import LABELS, four_labels
from helpers.claims.shared import records
from helpers.claims.stance_rules import is_plural
from helpers.quantities import QUALITIES


def counts(audit: Audit) -> dict[str, int]:
    """Label → number of claims shown with it, every label, in the order of `LABELS`."""
    found = Counter(verdict.headline for verdict in audit.verdicts)
    return {label: found[label] for label in LABELS}


def by_article(audit: Audit) -> pd.DataFrame:
    """Articles as rows in the order of their first claim, labels that occur as columns, and the
    number of claims.
    """
    return _crossed(
        [(verdict.claim.article_id, verdict.headline) for verdict in audit.verdicts], "article"
    )


def by_type(audit: Audit) -> pd.DataFrame:
    """Claim types as rows, labels that occur as columns."""
    return _crossed(
        [(verdict.claim.claim_type, verdict.headline) for verdict in audit.verdicts], "claim type"
    )


def by_block(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Parts of the texts as rows, labels that occur as columns. A text without noted parts is one
    part.
    """
    blocks = records(tables["paragraph_blocks"])
    return _crossed(
        [(_block(verdict, blocks), verdict.headline) for verdict in audit.verdicts],
        "part of the text",
    )


def weakest_quality(audit: Audit, labels: tuple[str, ...] = ()) -> str:
    """The weakest quality among the facts under the verdicts with these labels (all when none is
    named).
    """
    return max(
        (audit.evidence[id].quality for id in _used(audit, labels)),
        key=QUALITIES.index,
        default="derived",
    )


def sources_of(audit: Audit, labels: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Ids of the sources under the verdicts with these labels (all when none is named), in the
    order of use.
    """
    return tuple(
        dict.fromkeys(
            source for id in _used(audit, labels) for source in audit.evidence[id].source_ids
        )
    )


def _used(audit: Audit, labels: tuple[str, ...]) -> list[str]:
    chosen = [verdict for verdict in audit.verdicts if not labels or verdict.headline in labels]
    return [
        id
        for verdict in chosen
        for finding in (verdict.then, verdict.now)
        for id in finding.evidence_ids
    ]


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
    plural = refuting = 0
    named = []
    for verdict in audit.verdicts:
        if not verdict.then.tally:
            continue
        s, r, p = verdict.then.tally
        more_plural = (
            max(0, audit.inputs.plural_origins - s)
            if is_plural(verdict.claim.attributed_to) and s and not r
            else 0
        )
        more_refuting = (
            max(0, math.ceil(audit.inputs.partial_ratio * p) - r) if r and p and not s else 0
        )
        plural, refuting = plural + more_plural, refuting + more_refuting
        named += [verdict.claim.claim_id] if more_plural or more_refuting else []
    return Short(plural, refuting, tuple(named))


def _block(verdict: Verdict, blocks: list[dict[str, str]]) -> str:
    claim = verdict.claim
    for row in blocks:
        if row["article_id"] == claim.article_id and int(
            row["first_paragraph"]
        ) <= claim.paragraph <= int(row["last_paragraph"]):
            return f"{claim.article_id}: {row['block']}"
    divided = any(row["article_id"] == claim.article_id for row in blocks)
    return f"{claim.article_id}: {'rest' if divided else 'whole text'}"


def _crossed(pairs: list[tuple[str, str]], name: str) -> pd.DataFrame:
    groups = list(dict.fromkeys(group for group, _ in pairs))
    found = Counter(pairs)
    columns = [label for label in LABELS if any(found[group, label] for group in groups)]
    rows = [
        [
            group,
            *(found[group, label] for label in columns),
            sum(found[group, label] for label in columns),
        ]
        for group in groups
    ]
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
    """Each coder of the judgements table against the computed labels: then and now, on all labels
    and on the four of AVeriTeC.
    """
    verdicts = {verdict.claim.claim_id: verdict for verdict in audit.verdicts}
    rows = [row for row in records(tables["judgements"]) if row["claim_id"] in verdicts]
    found = []
    for coder in dict.fromkeys(row["coder"] for row in rows):
        for side in ("then", "now"):
            own = [row for row in rows if row["coder"] == coder and row[side]]
            given = [row[side] for row in own]
            computed = [getattr(verdicts[row["claim_id"]], side).label for row in own]
            for scheme, one, two in (
                ("all labels", given, computed),
                ("four labels", *_in_four(given, computed)),
            ):
                agreeing = sum(a == b for a, b in zip(one, two, strict=True))
                found.append(
                    Agreement(coder, side, scheme, len(one), agreeing, cohens_kappa(one, two))
                )
    return found


def _in_four(given: list[str], computed: list[str]) -> tuple[list[str], list[str]]:
    pairs = [(four_labels(one), four_labels(two)) for one, two in zip(given, computed, strict=True)]
    kept = [pair for pair in pairs if all(pair)]
    return [one for one, _ in kept], [two for _, two in kept]


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
