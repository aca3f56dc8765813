"""Articles in, verdicts out: templates for a new text, exports, and hashes held against texts."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers import claims
from helpers.claims import files
from helpers.claims.review import claim_reviews
from helpers.data import DATA, check_all, load
from helpers.errors import InputError
from helpers.texts import visible
from tests.claims.claim_making import inputs
from tests.reports.hostile_texts import ALL

TEXT = (
    "A headline about cars\n\n  First sentence of the report.  \nSecond sentence with 1,400,000 "
    "vehicles.\n\nA closing line\n"
)
# From sha256sum over the file and over each stripped line.
FILE_HASH = "c8e7aa65d59d366ecda684a95fe903d1e2f1d42a50cd9a756472864f000bb2b5"
HASHES = ("eb31a250f78f", "9df2a0593c1a", "aaae6d7f3a0e", "f552e5afb03b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data package of its own, to write into."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "my_article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "claims" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(
    folder: Path, name: str, change: Callable[[dict[str, str]], dict[str, str] | None]
) -> None:
    rows = rows_of(folder, name)
    kept = [row for row in map(change, rows) if row is not None]
    with (folder / "claims" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def test_an_article_goes_in_end_to_end(folder: Path, article: Path, tmp_path: Path) -> None:
    """Add, be told what is missing, fill it in, and read the verdict: the way CONTRIBUTING
    describes.
    """
    before = rows_of(folder, "claims")
    told = files.add_article(
        article, folder, published="2026-03-01", outlet="A paper", url="https://example.org/a"
    )
    assert told.startswith("A5: 4 paragraphs of my_article.txt are numbered and hashed")
    added = rows_of(folder, "claims")[len(before) :]
    assert [row["claim_id"] for row in added] == ["A5-01", "A5-02", "A5-03", "A5-04"]
    assert rows_of(folder, "claims")[: len(before)] == before
    missing = [str(fault) for fault in check_all(folder)]
    assert len(missing) == 4
    assert all("claims.csv line" in fault and "column claim" in fault for fault in missing)

    def fill(row: dict[str, str]) -> dict[str, str] | None:
        if row["article_id"] != "A5" or row["claim_id"] == "A5-04":
            return (
                row if row["article_id"] != "A5" else row | {"claim": "The car reaches Japan soon"}
            )
        if row["claim_id"] != "A5-03":
            return None
        given = {
            "claim": "Japan ships 1.4m vehicles a year to the US",
            "claim_type": "numeric",
            "value": "1400000",
            "unit": "units",
        }
        rule = {
            "rule": "within",
            "rule_args": '{"facts":["trade.jp_us_vehicle_units@2024"]}',
            "tolerance_kind": "plain",
            "check_class": "computed",
        }
        return row | given | rule

    rewrite(folder, "claims", fill)
    assert [str(fault) for fault in check_all(folder)] == []
    assert files.missing_evidence(folder) == [
        "A5-04: no evidence yet; link a fact to it in claim_evidence.csv"
    ]
    files.export_csv(tmp_path / "out.csv", folder)
    verdicts = {
        row["claim_id"]: row
        for row in csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8")))
    }
    assert len(verdicts) == 180
    assert verdicts["A5-03"]["verdict_then"] == "supported"
    assert (
        verdicts["A5-03"]["arithmetic"]
        == "Stated 1,400,000; fact 1,370,000: off by +2.2 % (plain tolerance 2.5 %)."
    )
    assert verdicts["A5-04"]["verdict_now"] == "unsupported"
    assert "A5" in files.verify_paragraphs(article.parent, folder)


def test_the_text_itself_is_stored_nowhere(folder: Path, article: Path) -> None:
    files.add_article(article, folder)
    written = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.csv"))
    assert not [line for line in TEXT.split("\n") if line.strip() and line.strip() in written]


def test_paragraphs_are_non_empty_lines_stripped(article: Path) -> None:
    read = files.read_article(article)
    assert read.paragraphs == HASHES
    assert read.sha256 == FILE_HASH


def test_what_is_left_out_is_asked_for(folder: Path, article: Path) -> None:
    told = files.add_article(article, folder)
    assert "Fill outlet, url, published of A5 in data/claims/articles.csv." in told
    asked = " ".join(str(fault) for fault in check_all(folder))
    assert all(
        f"articles.csv line 7, column {column}" in asked
        for column in ("outlet", "url", "published")
    )


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    ("name", "raw", "options", "told"),
    [
        ("no such.txt", None, {}, "not a usable file name"),
        ("absent.txt", None, {}, "there is no such file"),
        ("empty.txt", b" \n\n", {}, "holds no text"),
        ("latin.txt", "caf\xe9".encode("latin-1"), {}, "byte 3 is not UTF-8"),
        ("huge.txt", b"x" * 1_000_001, {}, "1,000,001 bytes"),
        ("many.txt", b"x\n" * 1_001, {}, "1,001 paragraphs"),
        ("article.pdf", b"x", {}, "not a usable file name"),
        ("day.txt", b"x", {"published": "1 March 2026"}, "is not a day"),
    ],
)
def test_an_unusable_text_is_refused_and_nothing_is_written(
    folder: Path, tmp_path: Path, name: str, raw: bytes | None, options: dict[str, str], told: str
) -> None:
    before = contents(folder)
    if raw is not None:
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(InputError, match=told):
        files.add_article(tmp_path / name, folder, **options)
    assert contents(folder) == before


def test_the_same_text_goes_in_once(folder: Path, article: Path, tmp_path: Path) -> None:
    files.add_article(article, folder)
    before = contents(folder)
    again = tmp_path / "other_name.txt"
    again.write_text(TEXT, encoding="utf-8")
    for path in (article, again):
        with pytest.raises(InputError, match="in the tables already, as A5"):
            files.add_article(path, folder)
    assert contents(folder) == before


def test_the_csv_is_the_audit(tmp_path: Path) -> None:
    told = files.export(tmp_path / "verdicts.csv")
    assert told == "178 verdicts are in verdicts.csv."
    table = pd.read_csv(tmp_path / "verdicts.csv", keep_default_na=False)
    assert list(table.columns) == [
        "claim_id",
        "verdict_then",
        "verdict_now",
        "arithmetic",
        "evidence_ids",
    ]
    audit = claims.audit({name: load(name) for name in claims.TABLES}, inputs())
    assert table["verdict_then"].tolist() == [one.then.label for one in audit.verdicts]
    assert table["verdict_now"].tolist() == [one.now.label for one in audit.verdicts]
    assert (table["arithmetic"] != "").all()
    assert set(";".join(table["evidence_ids"]).split(";")) - {""} <= set(audit.evidence)


def test_the_settings_reach_the_export(tmp_path: Path) -> None:
    files.export(tmp_path / "a.csv", inputs=inputs(hedged_tolerance_percent=10))
    table = pd.read_csv(tmp_path / "a.csv").set_index("claim_id")
    assert table.loc["A1-06", "verdict_then"] == "supported"


def reviews(path: Path) -> list[dict[str, Any]]:
    document = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert document["@context"] == [
        "https://schema.org",
        {"ri": "https://example.org/reverse-imports#"},
    ]
    return list(document["@graph"])


def test_reviews_have_what_schema_org_asks_for(tmp_path: Path) -> None:
    files.export(tmp_path / "reviews.jsonld")
    found = reviews(tmp_path / "reviews.jsonld")
    assert len({one["@id"] for one in found}) == len(found) == 178
    types = {row["claim_id"]: row["claim_type"] for row in load("claims").to_dict("records")}
    for one in found:
        claim_id = one["@id"].rsplit(":", 1)[1]
        assert one["@type"] == "ClaimReview"
        assert one["claimReviewed"]
        assert one["reviewBody"]
        assert one["itemReviewed"]["@type"] == "Claim"
        assert one["itemReviewed"]["appearance"]["url"].startswith("http")
        assert all(one["author"].values())
        assert {name for name in one if not name.startswith("@")} <= {
            "url",
            "datePublished",
            "author",
            "claimReviewed",
            "itemReviewed",
            "reviewBody",
            "isBasedOn",
            "reviewRating",
            "ri:verdictThen",
            "ri:verdictNow",
            "ri:rule",
            "ri:toleranceKind",
            "ri:confidence",
        }
        rating = one.get("reviewRating")
        open_one = types[claim_id] in ("forecast", "opinion") or one["ri:verdictThen"] in (
            "opinion",
            "cannot_be_checked",
        )
        assert (rating is None) == open_one, claim_id
        if rating:
            assert rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
            assert rating["alternateName"] in {
                "supported",
                "mostly supported",
                "mixed",
                "overstated",
                "understated",
                "outdated",
                "unsupported",
                "contradicted",
            }
    by_id = {one["@id"].rsplit(":", 1)[1]: one for one in found}
    assert by_id["A1-05"]["reviewRating"]["ratingValue"] == 1
    assert "govinfo.gov" in str(by_id["A1-05"]["isBasedOn"])
    assert by_id["A3-05"]["reviewRating"]["alternateName"] == "contradicted"


def test_hostile_claims_stay_text_in_both_exports(folder: Path, tmp_path: Path) -> None:
    """The table is refused where a text cannot stand in a CSV file; what passes comes out as it
    went in, with invisible marks written out.
    """
    usable = [text for text in ALL if text.strip() and "\x00" not in text and "\r" not in text]

    def change(row: dict[str, str]) -> dict[str, str]:
        place = int(row["claim_id"][3:]) + 30 * int(row["claim_id"][1])
        return row | {
            "claim": usable[place % len(usable)],
            "attributed_to": usable[(place + 1) % len(usable)],
        }

    rewrite(folder, "claims", change)
    frames = {name: load(name) for name in claims.TABLES}
    frames["claims"] = pd.DataFrame(rows_of(folder, "claims"))
    audit = claims.audit(frames, inputs())
    path = tmp_path / "reviews.jsonld"
    path.write_text(files.json_text(claim_reviews(audit, frames)), encoding="utf-8")
    raw = path.read_text(encoding="utf-8")
    assert not set("<>&\u202e\u2066\u200b") & set(raw)
    said = [one["claimReviewed"] for one in reviews(path)]
    assert said == [visible(one.claim.text) for one in audit.verdicts]


def test_an_ending_that_says_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.jsonld"):
        files.export(tmp_path / "verdicts.txt")
    with pytest.raises(InputError, match="folder does not exist"):
        files.export(tmp_path / "nowhere" / "verdicts.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_hash_that_differs_is_told_with_its_line(folder: Path, article: Path) -> None:
    files.add_article(article, folder)
    assert files.verify_paragraphs(article.parent, folder).startswith(
        "4 claims of A5 stand in the paragraphs recorded; not checked, no text: A0, A1"
    )
    article.write_text(TEXT.replace("First", "Second"), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        files.verify_paragraphs(article.parent, folder)
    told = [str(fault) for fault in raised.value.faults]
    assert len(told) == 2
    assert "column sha256: A5" in told[0]
    assert "line 181, column paragraph_sha12: A5-02: paragraph 2 has another hash" in told[1]


def test_a_paragraph_at_another_place_is_named(folder: Path, article: Path) -> None:
    files.add_article(article, folder)
    rewrite(
        folder,
        "claims",
        lambda row: (
            row | {"paragraph": {"A5-02": "3", "A5-03": "9"}.get(row["claim_id"], row["paragraph"])}
        ),
    )
    with pytest.raises(InputError) as raised:
        files.verify_paragraphs(article.parent, folder)
    assert "the hash is that of paragraph 2" in str(raised.value)
    assert "the text has no paragraph 9" in str(raised.value)


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds none of the texts"):
        files.verify_paragraphs(tmp_path)
