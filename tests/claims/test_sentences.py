"""The claim audit as it is shown: whatever a claim says arrives as text, and every picture follows
its settings.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from helpers import claims
from helpers.claims import figures, findings, time_figures
from helpers.claims import tables as tables_of
from helpers.claims.comparison import noted_contradictions
from helpers.claims.labels import HELD
from helpers.claims.shared import disagreements
from helpers.claims.summary import by_block, by_type, flips
from helpers.data import load
from helpers.results import NAMES
from helpers.show import Drawing
from helpers.show.drawing import MIME
from tests.claims.claim_making import inputs
from tests.reports.hostile_texts import ALL

Tables = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return {name: load(name) for name in claims.TABLES}


@pytest.fixture(scope="module")
def audit(tables: Tables) -> claims.Audit:
    return claims.audit(tables, inputs())


def pictures(audit: claims.Audit, tables: Tables) -> list[Drawing]:
    case = claims.read_case(tables)
    outcomes = flips(case, audit.inputs)
    return [
        figures.tiles(audit, tables),
        time_figures.ladder(audit, case),
        time_figures.duties(audit, tables),
        figures.flips(audit, outcomes),
    ]


def test_sentences_carry_the_numbers_of_the_verdicts(audit: claims.Audit, tables: Tables) -> None:
    labels = [one.headline for one in audit.verdicts]
    sentence = findings.counts_sentence(audit)
    assert sentence.startswith(
        f"Of {len(labels)} claims in {len(set(tables['articles']['article_id']))} articles we find "
        f"{sum(label in HELD for label in labels)} supported or mostly supported, "
    )
    assert (
        f"{labels.count('contradicted')} contradicted and {labels.count('unsupported')} without "
        "support" in sentence
    )
    contradicted = [one.claim for one in audit.verdicts if one.headline == "contradicted"]
    places = len({claim.article_id for claim in contradicted})
    assert findings.contradicted_sentence(audit).startswith(
        f"{len(contradicted)} claims are contradicted, in {places} of "
    )
    assert "add to 49 %, where the fact is 27.5 %" in findings.numbers_sentence(audit)
    said = findings.facts_sentence(audit)
    assert said.startswith(f"{len(audit.evidence)} facts are on record; ")
    assert findings.open_claims_sentence(audit).startswith("Every claim has evidence")
    met, forecasts = labels.count("forecast_met"), sum("forecast" in label for label in labels)
    assert f"{met} of {forecasts} forecasts are met" in findings.forecast_sentence(audit)
    kinds = findings.forecast_kind_sentence(audit)
    assert "of the kind forecast" in kinds
    assert "%" not in sentence, "there is no accuracy percentage"


def test_claims_without_evidence_are_named(tables: Tables) -> None:
    frame = tables["claims"].astype(object)
    extra = frame[frame["claim_id"] == "A0-04"].assign(claim_id="A0-99")
    waiting = claims.audit({**tables, "claims": pd.concat([frame, extra])}, inputs())
    assert findings.open_claims_sentence(waiting) == "No evidence yet for A0-99."
    assert waiting.of("A0-99").headline == "unsupported"


@pytest.mark.parametrize(
    ("settings", "titles"),
    [
        (
            {},
            [
                "contradicted claims stand in the added lead of BTCC Square",
                "BTCC Square by two, ",
                "TECHi names duties that add up to 49 % on a Japanese car, which paid 27.5 %",
            ],
        ),
        ({"lowest_source_tier": 1}, ["contradicted claims stand in"]),
        ({"as_of_date": "2025-06-30", "verdict_basis": "today"}, []),
        ({"minimum_origins": 10}, ["No claim is contradicted under these settings"]),
        (
            {
                "plain_tolerance_percent": 50.0,
                "contradiction_percent": 1_000.0,
                "programme_units": 500_000,
            },
            [],
        ),
    ],
)
def test_pictures_follow_the_settings(
    tables: Tables, settings: dict[str, Any], titles: list[str]
) -> None:
    audit = claims.audit(tables, inputs(**settings))
    drawn = pictures(audit, tables)
    for chart in drawn:
        bundle = chart._repr_mimebundle_()
        ElementTree.fromstring(bundle["image/svg+xml"])
        assert "faults" not in bundle[MIME]
        assert re.search(r"\d", chart.alt)
        assert len(chart.data)
    said = " ".join(chart.title for chart in drawn)
    assert all(title in said for title in titles), said
    assert len(drawn[0].data) == len(audit.verdicts)


def test_no_alt_text_breaks_off_for_long_tables(audit: claims.Audit, tables: Tables) -> None:
    alts = [chart.alt for chart in pictures(audit, tables)]
    assert all(20 <= len(alt) <= 400 and not alt.endswith("…") for alt in alts)


def test_results_are_named_and_whole(tables: Tables) -> None:
    for settings in (
        {},
        {"minimum_origins": 10},
        {"lowest_source_tier": 1},
        {"as_of_date": "2025-01-01"},
    ):
        case = claims.read_case(tables)
        audit = claims.judge_all(case, inputs(**settings))  # type: ignore[arg-type]
        rows = findings.results(
            audit, noted_contradictions(audit, tables), flips(case, audit.inputs)
        ) + findings.number_results(audit)
        rows += findings.origin_results(audit)
        assert {row.name for row in rows} <= set(NAMES)
        assert all(row.sentence for row in rows)
        assert all("" < row.known_until <= audit.inputs.as_of_date for row in rows)
    by_name = {
        row.name: row.value for row in findings.number_results(claims.judge_all(case, inputs()))
    }
    assert by_name["exports_overstated_percent"] == pytest.approx(9.4890, abs=1e-3)
    assert by_name["audit_share_of_flow_percent"] == pytest.approx(100 * 20_000 / 1_386_074)
    assert by_name["audit_share_of_deficit_percent"] == pytest.approx(
        100 * 20_000 * 40_000 / 68.2532e9
    )


def test_missing_origins_follow_the_settings(tables: Tables) -> None:
    """A0-06 and A0-29 have one origin behind the word analysts; A0-09, A0-21, A0-43, A2-07 and
    A4-10 have one or two that refute and one or two in part.
    """
    case = claims.read_case(tables)

    def missing(**settings: Any) -> tuple[int, int]:
        plural, refuting = findings.origin_results(claims.judge_all(case, inputs(**settings)))
        return int(plural.value), int(refuting.value)

    plural, refuting = missing()
    assert plural > 0
    assert refuting > 0
    assert missing(plural_origins=1) == (0, refuting)
    assert missing(plural_origins=3)[0] > plural
    assert missing(partial_ratio=1.0)[1] < refuting


def test_results_rest_on_nothing_unverified_by_default(audit: claims.Audit, tables: Tables) -> None:
    rows = findings.results(
        audit, noted_contradictions(audit, tables), []
    ) + findings.number_results(audit)
    assert {row.quality for row in rows} <= {"official", "reported", "derived", "estimate"}
    assert all("ASSUMPTION" not in row.source_ids for row in rows)


def test_checks_hold_under_any_setting(tables: Tables) -> None:
    for settings in (
        {},
        {"lowest_source_tier": 2},
        {"count_unverified": True},
        {"as_of_date": "2027-06-01"},
    ):
        audit = claims.audit(tables, inputs(**settings))  # type: ignore[arg-type]
        assert tables_of.checks(audit).frame["Holds"].all()


def spread(frame: pd.DataFrame, start: int, *columns: str) -> pd.DataFrame:
    """The frame with another hostile text in every row of these columns, all of them in turn."""
    texts = [ALL[(start + row) % len(ALL)] or "-" for row in range(len(frame))]
    return frame.astype(object).assign(**dict.fromkeys(columns, texts))


@pytest.mark.parametrize("start", range(0, len(ALL), 30))
def test_hostile_text_comes_out_as_text(tables: Tables, start: int) -> None:
    """A claim, an outlet, a fact, a publisher, a position: none brings markup, script, formula or a
    turned direction along.
    """
    hostile = {
        **tables,
        "claims": spread(tables["claims"], start, "claim", "attributed_to"),
        "articles": spread(tables["articles"], start, "outlet", "url"),
        "evidence": spread(tables["evidence"], start, "statement"),
        "contradictions": spread(tables["contradictions"], start, "positions", "topic"),
        "paragraph_blocks": spread(tables["paragraph_blocks"], start + 7, "block"),
        "sources": spread(tables["sources"], start, "publisher", "url"),
    }
    audit = claims.audit(hostile, inputs())
    for chart in (
        figures.tiles(audit, hostile),
        time_figures.ladder(audit, claims.read_case(hostile)),
    ):
        bundle = chart._repr_mimebundle_()
        svg = ElementTree.fromstring(bundle["image/svg+xml"])
        assert not {element.tag.split("}")[-1] for element in svg.iter()} & {
            "script",
            "image",
            "foreignObject",
            "a",
            "iframe",
        }
    shown = [
        tables_of.contradictions(noted_contradictions(audit, hostile), hostile),
        tables_of.articles(audit, hostile),
        tables_of.answers(audit),
        tables_of.provenance(hostile),
        tables_of.counts(by_block(audit, hostile), "by_part", "By part"),
        tables_of.counts(by_type(audit), "by_type", "By kind"),
        tables_of.differing(disagreements(tables), hostile),
        tables_of.who_is_right(noted_contradictions(audit, hostile), hostile),
    ]
    for table in shown:
        bundle = table._repr_mimebundle_()
        ElementTree.fromstring(f"<div>{bundle['text/html']}</div>")
