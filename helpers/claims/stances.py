"""Verdict from the stances of linked facts: independent origins are counted, not documents."""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from helpers.claims.claim import Claim
from helpers.claims.evidence import Evidence, Facts, MissingFactError
from helpers.claims.verdicts import Finding

# An attribution to one of these in the plural asserts that several said so.
PLURALS = (
    "analysts",
    "economists",
    "executives",
    "experts",
    "insiders",
    "officials",
    "observers",
    "sources",
)


def is_plural(attributed_to: str) -> bool:
    """Whether an attribution names several speakers without naming one."""
    words = re.findall(r"[a-z]+", attributed_to.lower())
    return bool(words) and words[-1] in PLURALS


def stances(
    claim: Claim,
    args: Mapping[str, Any],
    facts: Facts,
    as_of: datetime.date,
    published: datetime.date,
) -> Finding:
    """The stances of the linked facts that are known, aggregated."""
    return aggregate(claim, facts, (row for rows in facts.rows.values() for row in rows))


def aggregate(claim: Claim, facts: Facts, rows: Iterable[Evidence]) -> Finding:
    """The stances of these rows towards a claim.

    S, R, P are the independent origins that support, refute, hold in part. None: unsupported. S
    alone: supported; capped at mostly supported with P, or where a plural attribution rests on
    fewer than `plural_origins`. P alone: mostly supported. R without S: contradicted if R ≥
    `partial_ratio` × P, else mixed. S and R: mixed.
    """
    by_id = {row.evidence_id: row for row in rows}
    linked = [
        (link, by_id[link.evidence_id])
        for link in claim.links
        if link.evidence_id in by_id and link.stance != "context"
    ]
    if not linked:
        raise MissingFactError("or against the claim")
    origins = {
        stance: {row.origin for link, row in linked if link.stance == stance}
        for stance in ("supports", "refutes", "partial")
    }
    s, r, p = (len(origins[stance]) for stance in ("supports", "refutes", "partial"))
    thin = is_plural(claim.attributed_to) and s < facts.settings.plural_origins
    if s and r:
        label = "mixed"
    elif r:
        label = "contradicted" if r >= facts.settings.partial_ratio * p else "mixed"
    elif s:
        label = "mostly_supported" if p or thin else "supported"
    else:
        label = "mostly_supported"
    said = ", ".join(
        f"{count} {words}"
        for count, words in ((s, "support"), (r, "refute"), (p, "hold in part"))
        if count
    )
    sentence = f"Independent origins: {said}."
    if thin and s and not (r or p):
        sentence += f" A plural needs {facts.settings.plural_origins}."
    return Finding(
        label, f"{s}/{r}/{p}", sentence, tuple(row.evidence_id for _, row in linked), (s, r, p)
    )
