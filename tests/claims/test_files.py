"""Verdicts out: exports, and hashes held against texts."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers import claims
from helpers.claims import files
from helpers.claims.review import claim_reviews, is_rated
from helpers.data import DATA, load
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


def test_the_csv_is_the_audit(tmp_path: Path) -> None:
    told = files.export(tmp_path / "verdicts.csv")
    assert told == f"{len(load('claims'))} verdicts are in verdicts.csv."
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
    files.export(tmp_path / "a.csv", inputs=inputs(plain_tolerance_percent=16))
    table = pd.read_csv(tmp_path / "a.csv").set_index("claim_id")
    assert table.loc["A1-06", "verdict_then"] == "supported"


def test_hostile_claims_stay_text_in_the_export(folder: Path) -> None:
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
    documents = claim_reviews(audit, frames, "https://example.org", "reviews")
    raw = files.json_text(documents)
    assert not set("<>&\u202e\u2066\u200b") & set(raw)
    said = [
        review["claimReviewed"]
        for part in json.loads(raw).values()
        for review in part.get("dataFeedElement", ())
    ]
    assert said == [visible(one.claim.text) for one in audit.verdicts if is_rated(one)]


def test_an_ending_that_says_no_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.jsonld"):
        files.export(tmp_path / "verdicts.txt")
    with pytest.raises(InputError, match="folder does not exist"):
        files.export(tmp_path / "nowhere" / "verdicts.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_texts_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds none of the texts"):
        files.verify_paragraphs(tmp_path)


@pytest.fixture
def recorded(folder: Path, tmp_path: Path) -> Path:
    """A folder with a text whose hashes the tables record, as one claim a paragraph."""
    claim, article = rows_of(folder, "claims")[0], rows_of(folder, "articles")[0]
    for name, added in {
        "articles": [article | {"article_id": "A9", "file": "mine.txt", "sha256": FILE_HASH}],
        "claims": [
            claim
            | {"claim_id": f"A9-0{number}", "article_id": "A9"}
            | {"paragraph": str(number), "paragraph_sha12": digest}
            for number, digest in enumerate(HASHES, 1)
        ],
    }.items():
        with (folder / "claims" / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, added[0].keys(), lineterminator="\n").writerows(added)
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "mine.txt").write_text(TEXT, encoding="utf-8")
    return texts


def test_a_paragraph_is_a_non_empty_line_stripped(folder: Path, recorded: Path) -> None:
    assert files.verify_paragraphs(recorded, folder).startswith(
        "4 claims of A9 stand in the paragraphs recorded; not checked, no text: A0, A1"
    )


def test_a_hash_that_differs_is_told_with_its_line(folder: Path, recorded: Path) -> None:
    (recorded / "mine.txt").write_text(TEXT.replace("First", "Second"), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        files.verify_paragraphs(recorded, folder)
    told = [str(fault) for fault in raised.value.faults]
    line = 1 + len(rows_of(folder, "claims")) - len(HASHES) + 2
    assert len(told) == 2
    assert "column sha256: A9" in told[0]
    assert f"line {line}, column paragraph_sha12: A9-02: paragraph 2 has another hash" in told[1]


def test_a_paragraph_at_another_place_is_named(folder: Path, recorded: Path) -> None:
    places = {"A9-02": "3", "A9-03": "9"}
    rewrite(
        folder,
        "claims",
        lambda row: row | {"paragraph": places.get(row["claim_id"], row["paragraph"])},
    )
    with pytest.raises(InputError) as raised:
        files.verify_paragraphs(recorded, folder)
    assert "the hash is that of paragraph 2" in str(raised.value)
    assert "the text has no paragraph 9" in str(raised.value)


def test_a_text_of_another_encoding_is_told(folder: Path, recorded: Path) -> None:
    (recorded / "mine.txt").write_bytes("caf\u00e9".encode("latin-1"))
    with pytest.raises(InputError, match="byte 3 is not UTF-8"):
        files.verify_paragraphs(recorded, folder)
