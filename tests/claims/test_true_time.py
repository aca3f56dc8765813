"""What counts at publication is what a source showed by then: held against the days of the sources,
never against the day that a row of evidence states.
"""

import calendar
import dataclasses
import datetime
from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import claims
from helpers.claims import Audit, Case
from helpers.data import load
from tests.claims.claim_making import inputs

Tables = Mapping[str, pd.DataFrame]


def source_days(sources: pd.DataFrame) -> dict[str, datetime.date]:
    """Id or earlier id → the day by which a source was surely public, worked out from its row
    alone.
    """
    days = {}
    for row in sources.astype(str).to_dict("records"):
        year, month, day = [*row["published"].split("-"), "", ""][:3]
        ends = []
        if year.isdigit():
            last_month = int(month or 12)
            last_day = int(day or calendar.monthrange(int(year), last_month)[1])
            ends.append(datetime.date(int(year), last_month, last_day))
        if row["last_checked"][:1].isdigit():
            ends.append(datetime.date.fromisoformat(row["last_checked"][:10]))
        for name in [row["source_id"], *row["aliases"].split(";")]:
            days.setdefault(name, min(ends, default=datetime.date.min))
    return days


def test_no_verdict_at_publication_rests_on_a_fact_whose_sources_are_all_later(
    base: Audit, tables: Tables
) -> None:
    days = source_days(tables["sources"])
    late = [
        (verdict.claim.claim_id, row.evidence_id)
        for verdict in base.verdicts
        for row in (base.evidence[id] for id in verdict.then.evidence_ids)
        if not row.metric.startswith("assumption.")
        and min(days[source] for source in row.source_ids) > verdict.claim.published
    ]
    assert late == []


_KEPT: list[tuple[dict[str, pd.DataFrame], Audit]] = []


def shipped() -> tuple[dict[str, pd.DataFrame], Audit]:
    if not _KEPT:
        tables = {name: load(name) for name in claims.TABLES}
        _KEPT.append((tables, claims.audit(tables, inputs())))
    return _KEPT[0]


@given(st.data())
@settings(max_examples=8, deadline=None)
def test_a_typed_day_brings_no_later_source_forward(data: st.DataObject) -> None:
    """Facts are told again, with another value and a day long past, from sources that came out
    after every article: no verdict at publication changes.
    """
    tables, base = shipped()
    days = source_days(tables["sources"])
    last = max(verdict.claim.published for verdict in base.verdicts)
    late = sorted(name for name, day in days.items() if name and day > last)
    rows = data.draw(
        st.lists(
            st.sampled_from(sorted(tables["evidence"].index)), min_size=5, max_size=40, unique=True
        )
    )
    told = tables["evidence"].loc[rows].copy().astype(object)
    told["evidence_id"] = [f"E9{number:03d}" for number in range(len(told))]
    told["known_from"] = "1990-01-01"
    told["quality"] = "official"
    told["value"] = [
        data.draw(st.sampled_from(["1", "999999", "happened", "Nevada"])) for _ in rows
    ]
    told["source_id"] = [data.draw(st.sampled_from(late)) for _ in rows]
    more = pd.concat([tables["evidence"].astype(object), told])
    audit = claims.audit({**tables, "evidence": more}, inputs())
    kept = [one for one in base.verdicts if "assumption." not in str(one.claim.args)]
    assert [audit.of(one.claim.claim_id).then for one in kept] == [one.then for one in kept]


@given(st.integers(0, 600))
@settings(max_examples=6, deadline=None)
def test_moving_the_day_of_today_back_changes_no_verdict_at_publication(days: int) -> None:
    tables, base = shipped()
    day = inputs().as_of - datetime.timedelta(days=days)
    earlier = claims.audit(tables, inputs(as_of_date=day.isoformat()))
    assert [one.then for one in earlier.verdicts] == [one.then for one in base.verdicts]


def test_today_says_until_when_it_is_known(base: Audit) -> None:
    """An office or a plant without an end on record is said to be known until its latest source."""
    office = next(one for one in base.verdicts if one.claim.rule == "holds_office")
    assert "taken to go on" in office.now.explanation
    assert "taken to go on" not in office.then.explanation


def test_evidence_from_an_articles_own_page_does_not_count_for_it(
    case: Case, base: Audit, tables: Tables
) -> None:
    """The page of an article supports a claim of another article and none of its own."""
    one = next(one for one in case.claims if one.rule == "stances" and one.links)
    page = tables["articles"].set_index("article_id").loc[one.article_id, "url"]
    sources = tables["sources"].astype(object)
    sources.loc[len(sources)] = sources.iloc[0].to_dict() | {
        "source_id": "OWN-PAGE",
        "aliases": "",
        "url": f"{page}#top",
        "published": "2020-01-01",
        "origin_group": "",
    }
    evidence = tables["evidence"].astype(object)
    evidence.loc[len(evidence)] = evidence.iloc[0].to_dict() | {
        "evidence_id": "E999",
        "metric": "context.own",
        "source_id": "OWN-PAGE",
        "known_from": "2020-01-01",
    }
    links = tables["claim_evidence"].astype(object)
    links.loc[len(links)] = {
        "claim_id": one.claim_id,
        "evidence_id": "E999",
        "stance": "refutes",
    }
    audit = claims.audit(
        {**tables, "sources": sources, "evidence": evidence, "claim_evidence": links}, inputs()
    )
    assert audit.of(one.claim_id).then == base.of(one.claim_id).then
    assert dataclasses.replace(audit.evidence["E999"]).page_of == {one.article_id}


ROWS = [
    # claim, rule, arguments, value, unit, period, kind, evidence, expected
    (
        "Honda was the first Japanese maker to bring cars built in the US to Japan",
        "first_of_kind",
        '{"kind":"reverse_import","of":["us"],"subject":"honda","day":"1988-03"}',
        ("", "", "", "comparative", ""),
        {"supported"},
    ),
    (
        "Toyota's Cavalier came from a General Motors plant in Ohio, with right-hand drive",
        "stances",
        "{}",
        ("", "", "", "factual", "E214"),
        {"supported"},
    ),
    (
        "Toyota was the first Japanese maker to sell a US-built car at home",
        "first_of_kind",
        '{"kind":"reverse_import","of":["us"],"subject":"toyota"}',
        ("", "", "", "comparative", ""),
        {"contradicted"},
    ),
    (
        "On 26 June 2025 the negotiator left for his seventh round of talks",
        "within",
        '{"facts":["talks.us_japan_round"]}',
        ("7", "rounds", "2025-06-26", "numeric", ""),
        {"supported", "not_found"},
    ),
    (
        "From 3 April 2025 a passenger car from Japan paid 27.5 percent",
        "tariff_total",
        '{"goods":"cars_from_japan","on":"2025-04-03"}',
        ("27.5", "percent", "2025-04-03", "legal", ""),
        {"supported"},
    ),
    (
        "The 25 percent came on top of 24 percent, 49 percent in all",
        "tariff_total",
        '{"goods":"cars_from_japan","on":"2025-04-09"}',
        ("49", "percent", "2025-04-09", "legal", ""),
        {"contradicted"},
    ),
    (
        "The Tundra will be sold in Japan in 2026",
        "forecast",
        '{"then":{"rule":"opinion"},"events":["toyota_jp_sale_tundra"],"mode":"all",'
        '"need":"happened","deadline":"2026-12-31"}',
        ("", "", "", "forecast", ""),
        {"forecast_pending"},
    ),
    (
        "The agreement will make approval of US-built cars faster",
        "forecast",
        '{"then":{"rule":"opinion"},"outcome":{"metric":"outcome.approval_days_saved",'
        '"at_least":1},"deadline":"2027-12-31"}',
        ("", "", "", "forecast", ""),
        {"forecast_pending"},
    ),
    (
        "Millions of Japanese cars go to the United States every year",
        "at_least",
        '{"fact":"trade.jp_us_vehicle_units@2024","word":"millions"}',
        ("", "", "", "numeric", ""),
        {"overstated"},
    ),
]


def with_small_articles(tables: Tables, rows: list[int]) -> dict[str, pd.DataFrame]:
    """The tables with an article of November 2026 that makes these claims."""
    article = tables["articles"].head(1).astype(object)
    article = article.assign(article_id="A9", url="https://example.org/a", published="2026-11-20")
    blank = dict.fromkeys(tables["claims"].columns, "")
    added, links = [], []
    for number in rows:
        text, rule, args, (value, unit, period, kind, evidence), _ = ROWS[number]
        claim_id = f"A9-{number + 1:02d}"
        added.append(
            blank
            | {
                "claim_id": claim_id,
                "article_id": "A9",
                "paragraph": number + 1,
                "claim": text,
                "claim_type": kind,
                "value": value,
                "unit": unit,
                "period": period,
                "rule": rule,
                "rule_args": args,
                "tolerance_kind": "exact" if value else "",
            }
        )
        links += [(claim_id, evidence, "supports")] if evidence else []
    return {
        **tables,
        "articles": pd.concat([tables["articles"].astype(object), article]),
        "claims": pd.concat([tables["claims"].astype(object), pd.DataFrame(added)]),
        "claim_evidence": pd.concat(
            [
                tables["claim_evidence"].astype(object),
                pd.DataFrame(links, columns=["claim_id", "evidence_id", "stance"]),
            ]
        ),
    }


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row[0][:40] for row in ROWS])
def test_small_articles_get_the_verdict_that_an_editor_expects(tables: Tables, number: int) -> None:
    """True and false statements mixed: a true first is supported, a stale fact refutes nothing, an
    announcement meets no forecast of a sale.
    """
    audit = claims.audit(with_small_articles(tables, [number]), inputs())
    assert audit.of(f"A9-{number + 1:02d}").headline in ROWS[number][-1]


def test_the_round_before_neither_supports_nor_contradicts_the_next(tables: Tables) -> None:
    added = with_small_articles(tables, [3])
    rounds = added["evidence"]["metric"] == "talks.us_japan_round"
    seventh = rounds & (added["evidence"]["value"] == "7")
    assert rounds.sum() > seventh.sum() > 0
    audit = claims.audit({**added, "evidence": added["evidence"][~seventh]}, inputs())
    assert audit.of("A9-04").headline == "not_found"


def test_a_vague_word_has_one_bound_in_every_article(base: Audit, tables: Tables) -> None:
    bounds: dict[tuple[str, str], set[float]] = {}
    for one in base.verdicts:
        for args in (one.claim.args, one.claim.args.get("then", {}), one.claim.args.get("now", {})):
            if "word" in args:
                bounds.setdefault((args["word"], args["unit"]), set()).add(args["bound"])
    assert bounds
    assert all(len(each) == 1 for each in bounds.values())
    lexicon = tables["vague_words"].set_index(["word", "unit"])["bound"]
    assert all(lexicon[key] == next(iter(each)) for key, each in bounds.items())


def test_no_hedge_buys_a_kinder_label(case: Case, base: Audit) -> None:
    hedged = [one for one in case.claims if one.tolerance_kind == "hedged"]
    assert hedged
    plain = tuple(
        dataclasses.replace(one, tolerance_kind="plain") if one in hedged else one
        for one in case.claims
    )
    other = claims.judge_all(dataclasses.replace(case, claims=plain), inputs())
    order = claims.LABELS.index
    for one in hedged:
        assert order(base.of(one.claim_id).then.label) >= order(other.of(one.claim_id).then.label)
