"""The way of an article: a copy becomes a draft, the draft is completed step by step, its claims go
into the tables and come out again.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers import claims
from helpers.claims import files, lookup, workbench
from helpers.claims.draft import HEADING
from helpers.data import DATA, check_all
from helpers.errors import InputError
from tests.claims.claim_making import inputs
from tests.reports.hostile_texts import ALL

ENGLISH = """<html><head><title>Cars</title><meta property="og:site_name" content="A Paper">
<link rel="canonical" href="https://example.org/a">
<meta property="article:published_time" content="2026-03-01"></head><body><article>
<h1>A headline about cars</h1>
<p>Japan shipped 1.37 million vehicles to the United States in 2024. Cars are a matter of taste.</p>
<p>A car from Japan paid 27.5 percent from 3 April 2025.</p></article></body></html>"""
JAPANESE = """車の話

日本は2024年に米国へ137万台の車を輸出した。車は好みの問題である。

2025年4月3日からは27.5％の関税がかかった。
"""
SHIPPED: dict[str, Any] = {
    "claim": "Japan shipped 1.37m vehicles to the US in 2024",
    "rule": "within",
    "rule_args": {"facts": ["trade.jp_us_vehicle_units@2024"]},
    "tolerance_kind": "plain",
    "evidence": {"E047": "supports"},
}
DUTY = {
    "claim": "A car from Japan paid 27.5% from 3 April 2025",
    "rule": "tariff_total",
    "rule_args": {"goods": "cars_from_japan", "on": "2025-04-03"},
    "tolerance_kind": "exact",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data package of its own, to write into; drafts stand beside it."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def draft_of(folder: Path, text: str, **said: str) -> Path:
    """The draft of an article with this text."""
    copy = folder.parent / "copy.html"
    copy.write_text(text, encoding="utf-8")
    workbench.read(copy, folder, **said)  # type: ignore[arg-type]
    (draft,) = (folder.parent / "drafts").glob("*.yaml")
    return draft


def fill(draft: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = yaml.safe_load(draft.read_text(encoding="utf-8"))
    change(content)
    draft.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def fill_block(draft: Path, words: str, **values: Any) -> None:
    """Fill in the block of the sentence that holds these words."""

    def change(content: dict[str, Any]) -> None:
        (block,) = (one for one in content["sentences"] if words in one["text"])
        block.update(values)

    fill(draft, change)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_draft_holds_text_reasons_and_proposals_side_by_side(folder: Path) -> None:
    before = contents(folder)
    content = yaml.safe_load(draft_of(folder, ENGLISH).read_text(encoding="utf-8"))
    ours = dict.fromkeys(("article_id", "file", "origin_group", "reviewed_on"), "")
    assert content["article"] | ours == ours | {
        "outlet": "A Paper",
        "url": "https://example.org/a",
        "published": "2026-03-01",
        "published_basis": "printed",
    }
    title, shipped, taste, duty = content["sentences"]
    assert (title["paragraph"], shipped["paragraph"], duty["paragraph"]) == (1, 2, 3)
    assert shipped["worth checking"] == "number, date"
    assert (shipped["value"], shipped["unit"]) == ("1370000", "units")
    assert any("trade.jp_us_vehicle_units@2024" in one for one in shipped["facts on record"])
    assert set(taste) == {"claim_id", "paragraph", "text", "claim"}
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (ENGLISH, ("1.37 million", "27.5"), {}),
        pytest.param(
            JAPANESE,
            ("137万台", "27.5"),
            {"outlet": "ある新聞", "url": "https://example.org/a", "published": "2026-03-01"},
            marks=pytest.mark.slow,
        ),
    ],
    ids=["English", "Japanese"],
)
def test_an_article_goes_in_step_by_step_and_out_again(
    folder: Path, text: str, words: tuple[str, str], said: dict[str, str], tmp_path: Path
) -> None:
    before = contents(folder)
    draft = draft_of(folder, text, **said)
    article_id = draft.stem
    assert "no claim is written yet" in workbench.read(draft, folder)
    fill_block(draft, words[0], **SHIPPED)
    fill_block(draft, words[1], **DUTY | {"rule": "tariff_totl"})
    told = workbench.read(draft, folder).splitlines()
    assert re.match(rf"{article_id}.yaml line \d+, rule: 'tariff_totl' is not one of", told[0])
    assert f"{article_id}-02" in told[1]
    assert "supported" in told[1]
    assert words[0] in told[2], "the sentence stands beside the paraphrase"
    assert told[3].endswith(SHIPPED["claim"])
    assert told[4].startswith("1 of 2 claims are complete.")
    assert contents(folder) == before
    workbench.read(draft, folder, store=True)
    assert check_all(folder) == []
    fill_block(draft, words[1], rule="tariff_total")
    assert "2 of 2 claims are complete." in workbench.read(draft, folder, store=True)
    assert check_all(folder) == []
    labels = {
        one.claim.claim_id: one.then.label
        for one in claims.audit(files.tables_in(folder), inputs()).verdicts
        if one.claim.article_id == article_id
    }
    assert list(labels.values()) == ["supported", "supported"]
    assert f" of {article_id} stand in the paragraphs" in files.verify_paragraphs(
        draft.parent, folder
    )
    tables = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.csv"))
    assert not [
        line for line in draft.with_suffix(".txt").read_text("utf-8").splitlines() if line in tables
    ]
    files.export(tmp_path / "verdicts.csv", folder)
    assert article_id in (tmp_path / "verdicts.csv").read_text(encoding="utf-8")
    assert article_id in workbench.remove(article_id, folder)
    assert contents(folder) == before


def test_a_claim_without_the_number_its_rule_needs_leaves_the_others_their_verdict(
    folder: Path,
) -> None:
    draft = draft_of(folder, ENGLISH)
    fill_block(draft, "1.37 million", **SHIPPED | {"value": ""})
    fill_block(draft, "27.5", **DUTY)
    told = workbench.read(draft, folder).splitlines()
    assert re.match(rf"{draft.name} line \d+, value: '' is not a number", told[0])
    assert told[1].startswith(f"{draft.stem}-04 ")
    assert "1 of 2 claims are complete." in told[-1]


def test_a_claim_takes_the_rule_of_one_that_is_like_it(folder: Path) -> None:
    draft = draft_of(folder, ENGLISH)
    fill_block(draft, "27.5", claim="A car paid 27.5% from 3 April 2025", like="A9-99")
    with pytest.raises(InputError, match="like: there is no claim 'A9-99'"):
        workbench.read(draft, folder)
    known = next(
        row["claim_id"]
        for row in files.read_rows(folder / "claims" / "claims.csv")
        if row["rule"] == "tariff_total" and row["value"]
    )
    fill_block(draft, "27.5", like=known, tolerance_kind="exact")
    assert "1 of 1 claims are complete." in workbench.read(draft, folder)


@pytest.mark.slow
def test_a_new_fact_and_its_source_come_with_the_draft(folder: Path) -> None:
    draft = draft_of(folder, ENGLISH)
    fill_block(
        draft,
        "matter of taste",
        claim="Cars are a matter of taste",
        claim_type="factual",
        rule="stances",
        evidence={"N1": "supports"},
    )
    assert "evidence_id: 'N1' does not have the form" in workbench.read(draft, folder)

    def add(content: dict[str, Any]) -> None:
        content["sources"] = [
            {
                "source_id": "SURVEY1",
                "publisher": "An institute",
                "title": "A survey of drivers",
                "url": "https://example.org/survey",
                "published": "2026-02-01",
                "tier": 3,
                "licence_terms": "facts only",
            }
        ]
        content["facts"] = [
            {
                "evidence_id": "N1",
                "metric": "context.taste",
                "period": "2026",
                "statement": "Drivers choose by taste",
                "source_id": "SURVEY1",
                "known_from": "2026-02-01",
                "quality": "reported",
            }
        ]

    fill(draft, add)
    for _ in range(2):  # again gives the same rows, not more of them
        assert "supported. One independent source supports it" in workbench.read(
            draft, folder, store=True
        )
        assert check_all(folder) == []
    rows = files.read_rows(folder / "claims" / "evidence.csv")
    assert sum(row["metric"] == "context.taste" for row in rows) == 1


@pytest.mark.slow
def test_an_unfinished_draft_breaks_neither_check_nor_export(folder: Path, tmp_path: Path) -> None:
    draft = draft_of(folder, ENGLISH)
    files.export(tmp_path / "before.csv", folder)
    draft.write_text("nothing: [of, the kind", encoding="utf-8")
    assert check_all(folder) == []
    files.export(tmp_path / "after.csv", folder)
    assert (tmp_path / "before.csv").read_bytes() == (tmp_path / "after.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "the file is empty"),
        ("- a list", "this is no draft"),
        ("sentence: []", "unknown key 'sentence'"),
        ("sentences: text", "sentences is no list"),
        ("article: !!python/object/apply:os.system [x]", "tag"),
        ("article: {article_id: &a A9}\nfacts: [*a]", "anchors"),
        ("article: {article_id: A9}\nsentences: [{claim_id: A9-01, claim: x, rul: y}]", "rule"),
        ("article: {article_id: A9}\nsentences: [{claim_id: A8-01, claim: x}]", "no id of A9"),
        ("article: {article_id: A9}\nsentences: [{claim_id: A9-01, claim: x}]", "not beside it"),
    ],
)
def test_a_draft_that_is_none_is_told_with_its_line(
    folder: Path, tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "A9.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        workbench.read(tmp_path / "A9.yaml", folder)


def test_hostile_texts_stand_in_the_draft_as_text(folder: Path) -> None:
    """Whatever a sentence holds, the draft reads back and says the same."""
    texts = [" ".join(text.split()) for text in ALL if text.strip() and "\x00" not in text]
    copy = folder.parent / "copy.txt"
    copy.write_text("\n".join(f"Say 3 cars {text}" for text in texts), encoding="utf-8")
    workbench.read(copy, folder)
    (draft,) = (folder.parent / "drafts").glob("*.yaml")
    text = draft.read_text(encoding="utf-8")
    assert not set("\u202e\u2066\u200b\ufeff") & set(text)
    content = yaml.safe_load(text)
    sentences = "".join("".join(block["text"].split()) for block in content["sentences"])
    kept = draft.with_suffix(".txt").read_text(encoding="utf-8")
    assert sentences == "".join(kept.split())
    assert text.startswith(HEADING)
    assert "no claim is written yet" in workbench.read(draft, folder)


def test_a_formula_from_a_page_does_not_reach_the_tables(folder: Path) -> None:
    before = contents(folder)
    draft = draft_of(folder, ENGLISH.replace("A Paper", "=HYPERLINK(1)"))
    fill_block(draft, "1.37 million", **SHIPPED)
    told = workbench.read(draft, folder, store=True)
    assert "outlet: '=HYPERLINK(1)' would run as a formula" in told
    assert "0 of 1 claims are complete." in told
    assert contents(folder) == before


def test_the_same_text_is_drafted_once(folder: Path) -> None:
    draft = draft_of(folder, ENGLISH)
    copy = folder.parent / "copy.html"
    with pytest.raises(InputError, match=f"has a draft already: {draft}"):
        workbench.read(copy, folder)
    fill_block(draft, "1.37 million", **SHIPPED)
    workbench.read(draft, folder, store=True)
    with pytest.raises(InputError, match=f"in the tables already, as {draft.stem}"):
        workbench.read(copy, folder)


@pytest.mark.parametrize(
    ("day", "told"), [("1 March 2026", "is not a day"), ("2999-01-01", "is still to come")]
)
def test_a_day_that_cannot_be_is_refused(folder: Path, day: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        draft_of(folder, ENGLISH, published=day)
    assert not (folder.parent / "drafts").exists()


def test_facts_are_listed_with_how_rules_ask_for_them(folder: Path) -> None:
    asked = {row.asked_by for row in lookup.facts("tariff total", folder)}
    assert "tariff_total goods: cars_from_japan" in asked
    assert all(row.value.endswith("units") for row in lookup.facts("vehicle units", folder))
    with pytest.raises(InputError, match="did you mean tariff"):
        lookup.facts("tarrif", folder)


def test_an_article_that_is_not_there_cannot_be_removed(folder: Path) -> None:
    before = contents(folder)
    with pytest.raises(InputError, match="there is no such article; the tables hold A0"):
        workbench.remove("B7", folder)
    assert contents(folder) == before


@pytest.mark.slow
def test_every_article_can_be_removed(folder: Path) -> None:
    """Nothing that names a removed article stays behind: the package is in order without it."""
    rows = files.read_rows(folder / "claims" / "articles.csv")
    for row in rows[1:]:  # a table keeps at least one row
        workbench.remove(row["article_id"], folder)
        assert check_all(folder) == []
