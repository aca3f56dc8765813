"""The audit as its readers meet it: contradictions in words first, claims by verdict and by
article, and each rated claim as a review that machines read.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers import claims
from helpers.claims import lookup, views
from helpers.claims.labels import VERDICTS, word
from helpers.claims.review import Register, claim_reviews, is_rated
from helpers.texts import visible
from tests.claims.claim_making import inputs
from tests.claims.microdata import items
from tests.displays import published
from tests.reports.hostile_texts import ALL

Tables = Mapping[str, pd.DataFrame]


def html_of(show: Callable[[], None]) -> str:
    with published() as bundles:
        show()
    (bundle,) = bundles
    return str(bundle["text/html"])


@pytest.fixture(scope="module")
def records(base: claims.Audit, tables: Tables) -> str:
    return html_of(lambda: views.by_article(base, tables))


@pytest.fixture(scope="module")
def page(records: str) -> BeautifulSoup:
    return BeautifulSoup(records, "html.parser")


def test_every_claim_opens_to_what_was_found_why_and_on_which_facts(
    base: claims.Audit, tables: Tables, page: BeautifulSoup
) -> None:
    reasons = Register.of(tables).reasons
    for verdict in base.verdicts:
        body = page.find(id=verdict.claim.claim_id)
        assert body is not None
        fold = body.parent
        assert fold is not None
        assert fold.summary is not None
        assert fold.summary.get_text() == f"{word(verdict.headline)}: {verdict.claim.text}"
        said = body.get_text()
        assert reasons[verdict.claim.claim_id].rstrip(".") in said
        for side in (verdict.then, verdict.now):
            assert side.explanation in said
            assert all(base.evidence[id].statement.rstrip(".") in said for id in side.evidence_ids)


def test_every_link_of_the_views_leads_to_one_place(
    base: claims.Audit, tables: Tables, records: str
) -> None:
    parts = [records, html_of(lambda: views.by_verdict(base))]
    parts.append(html_of(lambda: views.contradicted(base, tables)))
    whole = BeautifulSoup("".join(parts), "html.parser")
    places = [tag["id"] for tag in whole.find_all(id=True)]
    assert len(places) == len(set(places))
    links = {str(link["href"])[1:] for link in whole.find_all("a") if str(link["href"])[0] == "#"}
    assert links <= set(places)
    for part in parts:
        ElementTree.fromstring(f"<div>{part}</div>")  # well formed


def test_contradictions_come_in_words_with_outlet_finding_reason_and_sources(
    base: claims.Audit, tables: Tables
) -> None:
    listed = BeautifulSoup(html_of(lambda: views.contradicted(base, tables)), "html.parser")
    entries = listed.find_all("li")
    chosen = [one for one in base.verdicts if one.headline == "contradicted"]
    register = Register.of(tables)
    for entry, verdict in zip(entries, chosen, strict=True):
        said = entry.get_text()
        assert said.startswith(register.articles[verdict.claim.article_id]["outlet"])
        assert verdict.claim.text.rstrip(".") in said
        assert register.reasons[verdict.claim.claim_id].rstrip(".") in said
        assert [link for link in entry.find_all("a") if str(link["href"]).startswith("http")]


def test_claims_by_verdict_stand_under_its_meaning(base: claims.Audit) -> None:
    listed = BeautifulSoup(html_of(lambda: views.by_verdict(base)), "html.parser")
    meanings = {label.name: label.meaning for label in VERDICTS}
    for fold in listed.find_all("details"):
        name = str(fold["id"]).removeprefix("verdict-")
        assert meanings[name] in fold.summary.get_text()
        own = [f"#{one.claim.claim_id}" for one in base.verdicts if one.headline == name]
        assert [link["href"] for link in fold.find_all("a")] == own


def test_without_a_contradiction_the_page_says_so(tables: Tables) -> None:
    frame = tables["claims"].astype(object)
    kept = frame[frame["rule"] == "opinion"]
    links = tables["claim_evidence"][tables["claim_evidence"]["claim_id"].isin(kept["claim_id"])]
    audit = claims.audit({**tables, "claims": kept, "claim_evidence": links}, inputs())
    assert "No claim is contradicted" in html_of(lambda: views.contradicted(audit, tables))


def shared(review: Mapping[str, Any]) -> dict[str, Any]:
    """What both forms of a review say, in one shape."""
    rating, claim = review["reviewRating"], review["itemReviewed"]
    appearance = claim["appearance"]
    return {
        "anchor": review["url"].rpartition("#")[2],
        "claim": review["claimReviewed"],
        "body": review["reviewBody"],
        "published": review["datePublished"],
        "reviewer": (review["author"]["@type"], review["author"]["name"]),
        "rating": [str(rating[name]) for name in ("ratingValue", "worstRating", "bestRating")],
        "words": rating["alternateName"],
        "claim day": claim["datePublished"],
        "claim author": (claim["author"]["@type"], claim["author"]["name"]),
        "page": appearance["url"] if isinstance(appearance, dict) else appearance,
    }


def test_the_page_holds_the_reviews_that_the_export_holds(
    base: claims.Audit, tables: Tables, records: str
) -> None:
    """Two forms of the same: microdata on the claims' own elements, and JSON-LD files."""
    documents = claim_reviews(base, tables, "https://example.org/audit", "reviews")
    exported = [review for part in documents.values() for review in part.get("dataFeedElement", ())]
    embedded = [item for item in items(records) if item["@type"] == "ClaimReview"]
    assert list(map(shared, embedded)) == list(map(shared, exported))
    assert len(embedded) == sum(map(is_rated, base.verdicts))


def spread(frame: pd.DataFrame, start: int, *columns: str) -> pd.DataFrame:
    """The frame with another hostile text in every row of these columns, all of them in turn."""
    texts = [ALL[(start + row) % len(ALL)] or "-" for row in range(len(frame))]
    return frame.astype(object).assign(**dict.fromkeys(columns, texts))


@pytest.mark.parametrize("start", range(0, len(ALL), 30))
def test_hostile_texts_stand_in_the_views_as_text(tables: Tables, start: int) -> None:
    """A claim, a reason, an outlet, a fact, a publisher: none brings markup, script, an address or
    a turned direction along.
    """
    hostile = {
        **tables,
        "claims": spread(tables["claims"], start, "claim", "attributed_to", "reason"),
        "articles": spread(tables["articles"], start, "outlet", "url"),
        "evidence": spread(tables["evidence"], start, "statement"),
        "sources": spread(tables["sources"], start, "publisher", "url"),
    }
    audit = claims.audit(hostile, inputs())
    parts = [
        html_of(lambda: views.by_article(audit, hostile)),
        html_of(lambda: views.contradicted(audit, hostile)),
        html_of(lambda: views.by_verdict(audit)),
    ]
    tree = ElementTree.fromstring(f"<div>{''.join(parts)}</div>")
    assert {element.tag for element in tree.iter()} <= {
        *("div", "section", "details", "summary", "p", "ul", "ol", "li", "h3"),
        *("a", "b", "bdi", "small", "span", "time"),
    }
    known = {"href", "id", "class", "datetime", "itemscope", "itemprop", "itemtype", "itemref"}
    assert all(set(element.attrib) <= known for element in tree.iter())
    assert all(re.match(r"https?://|#", element.get("href", "")) for element in tree.iter("a"))
    folds = ElementTree.fromstring(parts[0]).findall("details/summary/bdi")
    shown = ["".join(fold.itertext()) for fold in folds]
    assert shown == [visible(verdict.claim.text) for verdict in audit.verdicts]
    assert "\u202e" not in "".join(tree.itertext())


def test_a_claim_stands_beside_its_sentence_where_the_text_is_at_hand(
    base: claims.Audit, tables: Tables, records: str, tmp_path: Path
) -> None:
    """By the hash of its paragraph; of a text that differs nothing is shown."""
    claim = next(one.claim for one in base.verdicts if len(one.claim.text.split()) > 6)
    article = Register.of(tables).articles[claim.article_id]
    paragraph = f"A sentence before <b>. In other words: {claim.text}. And one that comes after."
    frame = tables["claims"].astype(object)
    own = frame["claim_id"] == claim.claim_id
    digest = hashlib.sha256(paragraph.encode()).hexdigest()[:12]
    frame.loc[own, ["paragraph", "paragraph_sha12"]] = [2, digest]
    (tmp_path / article["file"]).write_text(f"A headline\n\n{paragraph}\n", encoding="utf-8")
    page, shown = lookup.beside_texts(records, tmp_path, {**tables, "claims": frame})
    assert shown == [claim.claim_id]
    body = BeautifulSoup(page, "html.parser").find(id=claim.claim_id)
    assert body is not None
    assert body.blockquote is not None
    assert body.blockquote.mark.get_text() == f"In other words: {claim.text}."
    assert body.blockquote.get_text().startswith("A sentence before <b>.")
    (tmp_path / article["file"]).write_text("A headline\n\nAnother text\n", encoding="utf-8")
    assert lookup.beside_texts(records, tmp_path, {**tables, "claims": frame}) == (records, [])
