"""Verdicts for other programs: one plain row a claim, and schema.org ClaimReview as JSON-LD."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.claims.audit import Audit, Verdict
from helpers.claims.claim import Claim
from helpers.claims.labels import VERDICTS, word
from helpers.claims.shared import block_of, outlets_of, records
from helpers.numbers import day as in_days

COLUMNS = ("claim_id", "verdict_then", "verdict_now", "arithmetic", "evidence_ids")
CONTEXT = "https://schema.org"
REVIEWER = "Reverse Imports claim audit"
REPORT = "base/05_claim_audit.html"

# From 5 (holds) to 1 (contradicted). What has no label here gets no rating: a forecast is open, an
# opinion is no fact, and a missing fact is no sign of falsehood.
RATINGS: Mapping[str, int] = {
    "supported": 5,
    "mostly_supported": 4,
    "mixed": 3,
    "understated": 3,
    "overstated": 2,
    "outdated": 2,
    "contradicted": 1,
}
_BY_NAME = {label.name: label for label in VERDICTS}


@dataclass(frozen=True)
class Register:
    """What reviews and views need of the tables: articles and sources by id; reasons, resolutions
    of contradictions and corrections by claim; the names of people and bodies.
    """

    articles: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, str]
    resolutions: Mapping[str, str]
    corrections: Mapping[str, tuple[Mapping[str, str], ...]]
    blocks: Sequence[Mapping[str, str]]
    people: frozenset[str]
    organisations: frozenset[str]

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> "Register":
        """From the tables of the audit."""
        corrections: dict[str, tuple[Mapping[str, str], ...]] = {}
        for row in records(tables["corrections"]):
            earlier = corrections.get(row["claim_id"], ())
            corrections[row["claim_id"]] = (*earlier, row)
        offices = records(tables["office_holders"])
        sources = {row["source_id"]: row for row in records(tables["sources"])}
        names = [row["organisation"] for row in offices]
        names += [row["publisher"] for row in sources.values()]
        articles = {row["article_id"]: row for row in records(tables["articles"])}
        outlets = outlets_of(tables)
        return cls(
            articles,
            sources,
            {row["claim_id"]: row["reason"] for row in records(tables["claims"])},
            {
                claim_id: named(row["resolution"], outlets)
                for row in reversed(records(tables["contradictions"]))
                for claim_id in row["claim_ids"].split(";")
            },
            corrections,
            records(tables["paragraph_blocks"]),
            frozenset(
                word for row in offices for word in (row["person"], row["person"].split()[-1])
            ),
            frozenset(word for name in names for word in re.findall(r"[\w.]+", name)),
        )

    def speaker(self, claim: Claim) -> tuple[str, str]:
        """Who said it, as type and name: the person or body that the article quotes by name, else
        the outlet. `analysts` and the like are no name.
        """
        name = claim.attributed_to
        if not name or any(word[0].islower() for word in name.split()):
            return "Organization", self.articles[claim.article_id]["outlet"]
        is_body = name not in self.people and name.split()[0] in self.organisations
        return ("Organization" if is_body else "Person"), name

    def first_appearance(self, claim: Claim) -> str:
        """The address at which a claim appeared first, where its article copies it from there."""
        block = block_of(claim, self.blocks) or {}
        return self.sources.get(block.get("copied_from", ""), {}).get("url", "")

    def why(self, claim: Claim) -> str:
        """The auditor's reason, else what settles a contradiction that names the claim."""
        claim_id = claim.claim_id
        return self.reasons.get(claim_id, "") or self.resolutions.get(claim_id, "")

    def reviewed_on(self, claim: Claim) -> str:
        """The day the review was published."""
        return self.articles[claim.article_id]["reviewed_on"]


def said(verdict: Verdict, today: datetime.date, reason: str) -> list[str]:
    """What a verdict says: who is quoted, the record on both dates, the auditor's reason."""
    claim, then, now = verdict.claim, verdict.then, verdict.now
    told = [f"Said by {claim.attributed_to}."] if claim.attributed_to else []
    if then.label != now.label:
        told.append(f"When it appeared, {word(then.label)}: {then.explanation}")
        told.append(f"On {in_days(today)}, {word(now.label)}: {now.explanation}")
    elif then.explanation != now.explanation:
        told += [then.explanation, f"On {in_days(today)}: {now.explanation}"]
    else:
        told.append(now.explanation)
    return [*told, *([sentence(reason)] if reason else [])]


def sentence(text: str) -> str:
    """A text with the full stop of a sentence."""
    return text if text.rstrip().endswith((".", "!", "?", "。")) else f"{text.rstrip()}."


def named(text: str, outlets: Mapping[str, str]) -> str:
    """A text in which outlets stand for the short names of their articles."""
    return re.sub(r"\bA\d+\b(?!-)", lambda match: outlets.get(match[0], match[0]), text)


def evidence_of(verdict: Verdict) -> tuple[str, ...]:
    """The facts used on either date, those of the publication first."""
    return tuple(dict.fromkeys((*verdict.then.evidence_ids, *verdict.now.evidence_ids)))


def is_rated(verdict: Verdict) -> bool:
    """Whether a verdict has a rating."""
    return verdict.headline in RATINGS and verdict.claim.claim_type not in ("forecast", "opinion")


def verdict_rows(audit: Audit) -> pd.DataFrame:
    """One row a claim: claim_id, verdict_then, verdict_now, arithmetic (once when it is the same on
    both dates), evidence_ids (separated by semicolons).
    """
    rows = [
        (
            verdict.claim.claim_id,
            verdict.then.label,
            verdict.now.label,
            verdict.then.explanation
            if verdict.then.explanation == verdict.now.explanation
            else f"Then: {verdict.then.explanation} Now: {verdict.now.explanation}",
            ";".join(evidence_of(verdict)),
        )
        for verdict in audit.verdicts
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def claim_reviews(
    audit: Audit, tables: Mapping[str, pd.DataFrame], base_url: str, name: str
) -> dict[str, dict[str, Any]]:
    """Every rated verdict as schema.org ClaimReview: file name → document, an index first and one
    for each article.

    base_url: the address at which the folder of reports stands, and that of the review's author.
    name: of the index, without its ending; the others add the article to it.
    """
    register, base = Register.of(tables), base_url.rstrip("/")
    author = {"@type": "Organization", "name": REVIEWER, "url": f"{base}/"}
    feeds: dict[str, dict[str, Any]] = {}
    for article_id, article in register.articles.items():
        reviews = [
            _review(verdict, audit, register, base, author)
            for verdict in audit.verdicts
            if verdict.claim.article_id == article_id and is_rated(verdict)
        ]
        if reviews:
            feeds[f"{name}-{article_id}.jsonld"] = {
                "@context": CONTEXT,
                "@type": "DataFeed",
                "name": f"Claims of {article['outlet']}, {article['published']}",
                "url": f"{base}/{REPORT}#{article_id}",
                "dateModified": max(
                    review.get("dateModified", review["datePublished"]) for review in reviews
                ),
                "dataFeedElement": reviews,
            }
    index = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "name": REVIEWER,
        "url": f"{base}/{REPORT}",
        "creator": author,
        "publishingPrinciples": f"{base}/{REPORT}#rating-scale",
        "dateModified": max((feed["dateModified"] for feed in feeds.values()), default=""),
        "hasPart": [
            {
                "@type": "DataFeed",
                "name": feed["name"],
                "url": f"{base}/{file}",
                "dateModified": feed["dateModified"],
                "size": f"{len(feed['dataFeedElement'])} reviews",
            }
            for file, feed in feeds.items()
        ],
    }
    return {f"{name}.jsonld": index} | feeds


def _review(
    verdict: Verdict, audit: Audit, register: Register, base: str, author: Mapping[str, str]
) -> dict[str, Any]:
    claim, label = verdict.claim, _BY_NAME[verdict.headline]
    article = register.articles[claim.article_id]
    kind, speaker = register.speaker(claim)
    corrections = register.corrections.get(claim.claim_id, ())
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "url": f"{base}/{REPORT}#{claim.claim_id}",
        "datePublished": register.reviewed_on(claim),
        "author": dict(author),
        "inLanguage": "en",
        "claimReviewed": claim.text,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATINGS[verdict.headline],
            "worstRating": min(RATINGS.values()),
            "bestRating": max(RATINGS.values()),
            "alternateName": label.words,
            "ratingExplanation": label.meaning,
        },
        "itemReviewed": {
            "@type": "Claim",
            "datePublished": article["published"],
            "author": {"@type": kind, "name": speaker},
            "appearance": {
                "@type": "CreativeWork",
                "url": article["url"],
                "identifier": f"sha256:{article['sha256']}",
            },
        },
        "reviewBody": " ".join(said(verdict, audit.inputs.as_of, register.why(claim))),
    }
    if first := register.first_appearance(claim):
        review["itemReviewed"]["firstAppearance"] = {"@type": "CreativeWork", "url": first}
    if based_on := _sources(verdict, audit, register):
        review["isBasedOn"] = based_on
    if corrections:
        review["dateModified"] = max(
            review["datePublished"], *(row["corrected_on"] for row in corrections)
        )
        review["correction"] = [
            {
                "@type": "CorrectionComment",
                "datePublished": row["corrected_on"],
                "text": f"{row['item'].replace('_', ' ')}: {row['reason']}",
            }
            for row in corrections
        ]
    return review


def _sources(verdict: Verdict, audit: Audit, register: Register) -> list[dict[str, str]]:
    """The sources under a verdict, each with the fact taken from it and its stance."""
    stance = {link.evidence_id: link.stance for link in verdict.claim.links}
    cited = []
    for evidence_id in evidence_of(verdict):
        row = audit.evidence[evidence_id]
        side = stance.get(evidence_id, "")
        for source_id in row.source_ids:
            source = register.sources.get(source_id)
            if source is not None:
                entry = {
                    "@type": "CreativeWork",
                    "name": source["title"],
                    "url": source["url"],
                    "abstract": f"{side}: {row.statement}" if side else row.statement,
                }
                cited.append({name: value for name, value in entry.items() if value})
    return cited
