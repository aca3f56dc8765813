"""Contradictions, provenance, what flips, and agreement with a second coder."""

from collections.abc import Mapping
from graphlib import TopologicalSorter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import claims
from helpers.claims import Audit, Case
from helpers.claims.comparison import (
    different_answers,
    noted_contradictions,
    paths,
    provenance,
)
from helpers.claims.labels import four_labels, headline
from helpers.claims.summary import (
    VARIANTS,
    agreements,
    by_article,
    by_block,
    by_type,
    cohens_kappa,
    counts,
    flips,
)
from tests.claims.claim_making import inputs

Tables = Mapping[str, pd.DataFrame]
ARTICLES = ["A0", "A1", "A2", "A3", "A4"]


def test_noted_contradictions_are_put_to_the_verdicts(base: Audit, tables: Tables) -> None:
    found = {one.contradiction_id: one for one in noted_contradictions(base, tables)}
    assert found["X08"].outcome == "none fails"  # two people, both right in 2025
    assert found["X07"].outcome == "shown"
    assert found["X05"].outcome == "all fail"
    assert found["X30"].outcome == "order"
    involved = (
        tables["contradictions"].set_index("contradiction_id").at["X01", "claim_ids"].split(";")
    )
    labels = {claim_id: base.of(claim_id).headline for claim_id in involved}
    assert labels == {
        "A0-01": "supported",
        "A3-04": "unsupported",
        "A3-05": "contradicted",
        "A4-02": "supported",
    }
    assert found["X01"].outcome == "shown"
    assert found["X01"].sides == {"A0": "none fails", "A3": "all fail", "A4": "none fails"}


def test_the_named_test_is_a_rule_of_a_claim_it_names(base: Audit, tables: Tables) -> None:
    by_id = {one.claim.claim_id: one.claim for one in base.verdicts}
    astray = []
    for row in tables["contradictions"].to_dict("records"):
        named = [by_id[claim_id] for claim_id in row["claim_ids"].split(";") if claim_id]
        rules = {claim.rule for claim in named} | {
            claim.args.get(part, {}).get("rule", "") for claim in named for part in ("then", "now")
        }
        if named and row["test"] not in rules:
            astray.append(row["contradiction_id"])
    # X14 compares amounts and is settled by stances: another sentence is shown there.
    assert astray == ["X14"]


def test_different_answers_are_found_without_notes(tables: Tables) -> None:
    five = {
        **tables,
        "claims": tables["claims"][tables["claims"]["article_id"].isin(ARTICLES)],
    }
    found = different_answers(claims.audit(five, inputs())).groupby("question")
    status = found.get_group("Status of Toyota plan")
    assert "; ".join(status["answer"]) == (
        "announced; considering; announced; happened; announced; announced"
    )
    assert list(found.get_group("Members of Toyota plan")["article"]) == [
        "healthliving101.com",
        "BTCC Square",
        "BTCC Square",
        "eobdcode.com magazine",
    ]
    duty = found.get_group("Total duty on cars from Japan, on the day of publication")
    assert list(duty["answer"]) == ["threat only", "rates that add to 49 percent"]
    without = {**five, "claims": five["claims"][five["claims"]["claim_id"] != "A3-05"]}
    assert "Members of Toyota plan" not in set(
        different_answers(claims.audit(without, inputs()))["question"]
    )


def test_origins_lie_at_the_far_end(tables: Tables) -> None:
    edges = provenance(tables)

    def origins(article: str) -> set[str]:
        return {way[-1].parent for way in paths(article, edges)}

    assert origins("A3") == {"P07"}
    assert origins("A2") == {"P01"}
    assert origins("A0") == {"P03", "P04", "P05", "S01"}
    links: dict[str, set[str]] = {}
    for edge in edges:
        links.setdefault(edge.child, set()).add(edge.parent)
    assert list(TopologicalSorter(links).static_order()), "no text rests on itself"


def test_a_circle_of_links_ends(tables: Tables) -> None:
    circle = [{"child": "P07", "parent": "A3", "relation": "copied", "basis": "inferred"}]
    links = pd.concat([tables["provenance"], pd.DataFrame(circle)])
    assert paths("A3", provenance({**tables, "provenance": links})) == []


def test_every_variant_changes_something_or_says_so(case: Case) -> None:
    outcomes = flips(case, inputs())
    assert [one.words for one in outcomes] == [words for words, _ in VARIANTS]
    assert any(one.flips for one in outcomes)


def test_a_variant_that_is_the_setting_changes_nothing(case: Case) -> None:
    strict = inputs(lowest_source_tier=2)
    assert (
        next(one for one in flips(case, strict) if one.words == "source tiers 1 and 2 only").flips
        == ()
    )


def test_counts_add_up_however_they_are_cut(base: Audit, tables: Tables) -> None:
    total = len(base.verdicts)
    assert sum(counts(base).values()) == total
    for table in (by_article(base), by_type(base), by_block(base, tables)):
        assert table["claims"].sum() == total
        assert (
            table.drop(columns=[table.columns[0], "claims"]).sum(axis=1) == table["claims"]
        ).all()
    blocks = by_block(base, tables).set_index("part of the text")
    assert blocks.loc["BTCC Square: added lead", "contradicted"] > 0
    assert blocks.loc["BTCC Square: copied body", "contradicted"] == 0


@pytest.mark.parametrize(
    ("kind", "then", "now", "basis", "shown"),
    [
        ("factual", "supported", "outdated", "headline", "supported"),
        ("forecast", "opinion", "forecast_met", "headline", "forecast_met"),
        ("attribution", "cannot_be_checked", "supported", "headline", "supported"),
        ("factual", "unsupported", "contradicted", "headline", "contradicted"),
        ("factual", "unsupported", "supported", "headline", "unsupported"),
        ("factual", "supported", "outdated", "today", "outdated"),
        ("forecast", "opinion", "forecast_met", "publication", "opinion"),
    ],
)
def test_which_date_makes_the_headline(
    kind: str, then: str, now: str, basis: str, shown: str
) -> None:
    assert headline(kind, then, now, basis) == shown


def test_kappa_of_the_textbook() -> None:
    """Cohen 1960 by way of the usual example [[20, 5], [10, 15]]: 0.4."""
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohens_kappa(first, second) == pytest.approx(0.4)
    assert cohens_kappa(["a", "a"], ["a", "a"]) is None
    assert cohens_kappa([], []) is None
    with pytest.raises(ValueError, match="2 labels against 1"):
        cohens_kappa(["a", "b"], ["a"])


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30))
def test_kappa_is_symmetric_and_at_most_one(pairs: list[tuple[str, str]]) -> None:
    left, right = [one for one, _ in pairs], [two for _, two in pairs]
    value, turned = cohens_kappa(left, right), cohens_kappa(right, left)
    assert (value is None) == (turned is None)
    if value is not None and turned is not None:
        assert value == pytest.approx(turned)
        assert value <= 1
        assert (value == pytest.approx(1)) == (left == right)


def test_a_second_coder_is_compared_once_judgements_are_there(base: Audit, tables: Tables) -> None:
    nobody = tables["judgements"].head(0)
    assert agreements(base, {**tables, "judgements": nobody}) == []
    rows = [
        {
            "claim_id": one.claim.claim_id,
            "coder": "xy",
            "judged_on": "2026-12-01",
            "then": one.then.label,
            "now": "supported",
            "note": "",
        }
        for one in base.verdicts
    ]
    found = {
        (one.side, one.scheme): one
        for one in agreements(base, {**tables, "judgements": pd.DataFrame(rows)})
    }
    assert found["then", "all labels"].kappa == pytest.approx(1)
    assert found["now", "all labels"].kappa == pytest.approx(0)
    assert found["then", "four labels"].claims == sum(
        four_labels(one.then.label) != "" for one in base.verdicts
    )
