"""Counts of verdicts by article, claim type and part of the text. Never one accuracy figure: most
claims of a text can be its itinerary.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.claims.audit import Audit, Verdict
from helpers.claims.rows import records
from helpers.claims.stances import is_plural
from helpers.claims.verdicts import LABELS
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
