"""Verdicts for other programs: one plain row a claim, and schema.org ClaimReview as JSON-LD."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.claims.audit import Audit, Verdict
from helpers.claims.shared import records

COLUMNS = ("claim_id", "verdict_then", "verdict_now", "arithmetic", "evidence_ids")
# Placeholders: whoever publishes the reviews puts the address of the page here.
PAGE = "https://example.org/claim_audit.html"
NAMESPACE = "https://example.org/reverse-imports#"
REVIEWER = "Reverse Imports claim audit"

# From 5 (holds) to 1 (contradicted). A label without a number gets no rating: a forecast is open,
# an opinion is no fact.
RATINGS: Mapping[str, int] = {
    "supported": 5,
    "mostly_supported": 4,
    "mixed": 3,
    "understated": 3,
    "overstated": 2,
    "outdated": 2,
    "unsupported": 2,
    "contradicted": 1,
}


def evidence_of(verdict: Verdict) -> tuple[str, ...]:
    """The facts used on either date, those of the publication first."""
    return tuple(dict.fromkeys((*verdict.then.evidence_ids, *verdict.now.evidence_ids)))


def arithmetic(verdict: Verdict) -> str:
    """The sentences of both dates in one: once when they are the same."""
    then, now = verdict.then.explanation, verdict.now.explanation
    return then if then == now else f"Then: {then} Now: {now}"


def verdict_rows(audit: Audit) -> pd.DataFrame:
    """One row a claim: claim_id, verdict_then, verdict_now, arithmetic, evidence_ids (separated by
    semicolons).
    """
    rows = [
        (
            one.claim.claim_id,
            one.then.label,
            one.now.label,
            arithmetic(one),
            ";".join(evidence_of(one)),
        )
        for one in audit.verdicts
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def claim_reviews(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """All verdicts as a JSON-LD document of schema.org ClaimReview, with fields of our own under
    the prefix `ri:`.

    No rating for opinions, forecasts and what cannot be checked.
    """
    articles = {row["article_id"]: row for row in records(tables["articles"])}
    confidence = {row["claim_id"]: row.get("confidence", "") for row in records(tables["claims"])}
    sources = {row["source_id"]: row for row in records(tables["sources"])}
    reviews = [
        _review(
            one,
            audit,
            articles[one.claim.article_id],
            confidence.get(one.claim.claim_id, ""),
            sources,
        )
        for one in audit.verdicts
    ]
    return {"@context": ["https://schema.org", {"ri": NAMESPACE}], "@graph": reviews}


def _review(
    verdict: Verdict,
    audit: Audit,
    article: Mapping[str, str],
    confidence: str,
    sources: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    claim = verdict.claim
    cited = dict.fromkeys(
        source for id in evidence_of(verdict) for source in audit.evidence[id].source_ids
    )
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "@id": f"urn:reverse-imports:review:{claim.claim_id}",
        "url": f"{PAGE}#{claim.claim_id}",
        "datePublished": audit.inputs.as_of_date,
        "author": {"@type": "Organization", "name": REVIEWER},
        "claimReviewed": claim.text,
        "itemReviewed": {
            "@type": "Claim",
            "@id": f"urn:reverse-imports:claim:{claim.claim_id}",
            "datePublished": claim.published.isoformat(),
            "author": {"@type": "Organization", "name": article["outlet"]},
            "appearance": {
                "@type": "CreativeWork",
                "url": article["url"],
                "identifier": f"sha256:{article['sha256']}",
            },
        },
        "reviewBody": arithmetic(verdict),
        "isBasedOn": [_source(sources[source]) for source in cited if source in sources],
        "ri:verdictThen": verdict.then.label,
        "ri:verdictNow": verdict.now.label,
        "ri:rule": claim.rule,
    }
    review |= {"ri:toleranceKind": claim.tolerance_kind} if claim.tolerance_kind else {}
    review |= {"ri:confidence": confidence} if confidence else {}
    rating = None if claim.claim_type in ("forecast", "opinion") else RATINGS.get(verdict.headline)
    if rating is not None:
        words = verdict.headline.replace("_", " ")
        review["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": rating,
            "worstRating": 1,
            "bestRating": 5,
            "alternateName": words,
        }
    return review


def _source(row: Mapping[str, str]) -> dict[str, str]:
    found = {"@type": "CreativeWork", "name": row["title"], "url": row["url"]}
    return {name: value for name, value in found.items() if value}
