"""Reviews that others can publish, held against what search engines ask for and against the
vocabulary they are written in.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from helpers import claims
from helpers.claims import files
from helpers.claims.review import RATINGS
from helpers.data import load
from helpers.errors import InputError
from tests.claims.claim_making import inputs

BASE = "https://example.org/audit"
GOLDEN = Path(__file__).parents[1] / "golden"
# https://developers.google.com/search/docs/appearance/structured-data/factcheck, "Structured data
# type definitions", as published in 2026: required properties first, then recommended ones. Of a
# claim's `appearance` and `firstAppearance` one is enough; `name` of a rating stands in for a
# missing `alternateName` only.
ASKED: dict[str, tuple[set[str], set[str]]] = {
    "ClaimReview": ({"claimReviewed", "reviewRating", "url"}, {"author", "itemReviewed"}),
    "Claim": (set(), {"appearance", "author", "datePublished"}),
    "Rating": ({"alternateName"}, {"bestRating", "ratingValue", "worstRating"}),
    "Organization": ({"name"}, set()),
    "Person": ({"name"}, set()),
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("reviews")
    files.export(folder / "reviews.jsonld", base_url=f"{BASE}/")
    return {
        path.name: json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
        for path in sorted(folder.iterdir())
    }


@pytest.fixture(scope="module")
def reviews(documents: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for part in documents.values() for one in part.get("dataFeedElement", [])]


def claim_of(review: dict[str, Any]) -> str:
    return str(review["url"].rpartition("#")[2])


def test_the_index_lists_one_file_an_article(documents: dict[str, dict[str, Any]]) -> None:
    index = documents["reviews.jsonld"]
    assert {part["url"] for part in index["hasPart"]} == {
        f"{BASE}/{name}" for name in documents if name != "reviews.jsonld"
    }
    assert len(documents) == 1 + len(load("articles"))
    for part in documents.values():
        assert part["@context"] == "https://schema.org"
        assert part["@type"] == "DataFeed"
        assert part["url"].startswith(f"{BASE}/base/05_claim_audit.html")


def test_reviews_hold_to_the_vocabulary(documents: dict[str, dict[str, Any]]) -> None:
    """Types, their properties and the kinds of value are those of schema.org."""
    schema = json.loads((GOLDEN / "schema_org_claimreview.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    faults = [
        f"{name} {fault.json_path}: {fault.message}"
        for name, part in documents.items()
        for fault in validator.iter_errors(part)
    ]
    assert faults == []
    for spoilt in (
        {"@type": "ClaimReview", "claimReviwed": "x"},
        {"@type": "Rating", "ratingValue": []},
        {"@type": "Claim", "datePublished": "yesterday"},
    ):
        assert list(validator.iter_errors({"@context": "https://schema.org"} | spoilt))


def nodes(value: Any) -> list[dict[str, Any]]:
    """Every typed node of a document."""
    if isinstance(value, list):
        return [node for entry in value for node in nodes(entry)]
    if not isinstance(value, dict):
        return []
    return [value, *(node for entry in value.values() for node in nodes(entry))]


def test_reviews_have_what_search_engines_require_and_recommend(
    reviews: list[dict[str, Any]],
) -> None:
    for node in nodes(reviews):
        required, recommended = ASKED.get(node["@type"], (set(), set()))
        assert required | recommended <= node.keys()
        assert all(node[name] not in ("", [], None) for name in required | recommended)
    for review in reviews:
        assert review["author"]["name"]
        assert review["author"]["url"] == f"{BASE}/"
        rating = review["reviewRating"]
        assert 1 <= rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
        assert rating["worstRating"] < rating["bestRating"]
        assert review["url"].startswith(review["author"]["url"]), "the reviewer's own domain"


def test_a_copied_claim_names_the_page_it_appeared_on_first(reviews: list[dict[str, Any]]) -> None:
    """Claims of copied paragraphs, and no others, have a first appearance beside the article."""
    blocks = load("paragraph_blocks")
    copied = blocks[blocks["copied_from"] != ""]
    sources = load("sources").set_index("source_id")["url"]
    places = load("claims").set_index("claim_id")
    assert len(copied)
    expected = {}
    for review in reviews:
        row = places.loc[claim_of(review)]
        for block in copied.itertuples():
            inside = block.first_paragraph <= row["paragraph"] <= block.last_paragraph
            if block.article_id == row["article_id"] and inside:
                expected[claim_of(review)] = sources[block.copied_from]
    assert expected == {
        claim_of(review): review["itemReviewed"]["firstAppearance"]["url"]
        for review in reviews
        if "firstAppearance" in review["itemReviewed"]
    }


def test_only_rated_claims_are_exported_and_a_missing_fact_is_not_near_to_false(
    reviews: list[dict[str, Any]],
) -> None:
    audit = claims.audit({name: load(name) for name in claims.TABLES}, inputs())
    labels = {one.claim.claim_id: one.headline for one in audit.verdicts}
    kinds = {one.claim.claim_id: one.claim.claim_type for one in audit.verdicts}
    exported = {claim_of(review): review["reviewRating"]["ratingValue"] for review in reviews}
    assert "unsupported" not in RATINGS
    assert exported == {
        claim_id: RATINGS[label]
        for claim_id, label in labels.items()
        if label in RATINGS and kinds[claim_id] not in ("forecast", "opinion")
    }


def test_the_author_of_a_claim_is_its_speaker_where_it_has_one(
    reviews: list[dict[str, Any]],
) -> None:
    claims_table = load("claims").set_index("claim_id")
    outlets = load("articles").set_index("article_id")["outlet"]
    for review in reviews:
        row = claims_table.loc[claim_of(review)]
        author = review["itemReviewed"]["author"]
        named = row["attributed_to"] and not any(
            word[0].islower() for word in row["attributed_to"].split()
        )
        assert author["name"] == (row["attributed_to"] if named else outlets[row["article_id"]])
    kinds = {
        review["itemReviewed"]["author"]["name"]: review["itemReviewed"]["author"]["@type"]
        for review in reviews
    }
    known = {"Trump": "Person", "Koji Sato": "Person", "Toyota": "Organization"}
    assert {name: kinds[name] for name in known if name in kinds} == {
        name: kind for name, kind in known.items() if name in kinds
    }


def test_a_corrected_review_says_so(reviews: list[dict[str, Any]]) -> None:
    corrections = load("corrections")
    corrected = {
        claim_of(review): review["correction"] for review in reviews if "correction" in review
    }
    assert corrected
    for review in reviews:
        own = corrections[corrections["claim_id"] == claim_of(review)]
        said = review.get("correction", [])
        assert [one["datePublished"] for one in said] == own["corrected_on"].tolist()
        assert review.get("dateModified", review["datePublished"]) >= review["datePublished"]
        assert all(reason in one["text"] for one, reason in zip(said, own["reason"], strict=True))


@pytest.mark.parametrize("address", ["", "example.org", "javascript:alert(1)", "https://a b"])
def test_reviews_need_the_address_of_their_page(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match=r"--base-url: .*give the one at which the reports"):
        files.export(tmp_path / "reviews.jsonld", base_url=address)
    assert list(tmp_path.iterdir()) == []
