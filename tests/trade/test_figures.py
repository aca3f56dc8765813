"""Figures, tables and sentences of notebook 01, in named scenarios and where numbers go to
extremes.
"""

import re
from dataclasses import replace

import pytest

from helpers.scenarios import check_values, load_scenario
from helpers.show import Drawing, Table
from helpers.show.canvas import WIDE_PX
from helpers.study import Study
from helpers.trade import duty_figures, duty_findings, figures, findings, tables
from helpers.trade.history import Change
from helpers.trade.part import TradePart
from tests.displays import unread
from tests.tiers import representatives

STUDY = Study.of()
EXTREMES = {
    "no_solution": check_values(
        {
            "japanese_parts_share_percent": 60.0,
            "backfill_share_percent": 90.0,
            "unit_value_usd": 25_000.0,
        },
        "test",
    ),
    "nothing_solves": check_values(
        {
            "backfill_share_percent": 100.0,
            "japanese_parts_share_percent": 100.0,
            "unit_value_usd": 1_000.0,
        },
        "test",
    ),
    "huge": check_values(
        {"programme_units": 500_000, "unit_value_usd": 300_000.0, "trade_year": 2025}, "test"
    ),
    "one_car": check_values(
        {"programme_units": 1, "trade_year": 2022, "tariff_date": "1999-05-05"}, "test"
    ),
    "no_duty_change": check_values(
        {"baseline_duty_percent": 27.5, "us_duty_percent": 27.5, "japan_supply_elasticity": 100.0},
        "test",
    ),
    "high_duty": check_values(
        {"us_duty_percent": 200.0, "tariff_date": "2026-06-30", "close_share_percent": 2.5}, "test"
    ),
}
NAMED = ("base", "as_reported", "tariff_27_5", "volume_50k")


@pytest.fixture(
    params=representatives([*NAMED, *EXTREMES], "base", "tariff_27_5", "nothing_solves"),
    scope="module",
)
def trade(request: pytest.FixtureRequest) -> TradePart:
    scenario = EXTREMES.get(request.param) or load_scenario(request.param).scenario
    return STUDY.under(scenario).trade


def pictures(trade: TradePart) -> list[Drawing]:
    return [
        figures.both_flows(trade.flows, trade.effect),
        figures.price_cut(trade.years),
        figures.mirror_ladder(trade.mirror),
        duty_figures.duty_steps(trade),
        duty_figures.incidence_line(trade),
        figures.closing_curve(trade.effect, trade.flows),
    ]


def test_drawings_can_be_read_and_say_what_they_show(trade: TradePart) -> None:
    for drawing in pictures(trade):
        assert unread(drawing) == []
        assert re.search(r"\d", drawing.alt)
        assert len(drawing.title) > 20
        assert len(drawing.data) > 0
        assert not re.search(r"\bnan\b|\binf\b|−−", drawing.alt + drawing.title)


def test_bars_start_at_zero(trade: TradePart) -> None:
    for drawing in pictures(trade)[:2]:
        for axes in drawing.canvas(WIDE_PX).figure.axes:
            low, high = axes.get_xlim()
            assert low <= 0 < high
            assert 0 in {round(bar.get_x(), 9) for bar in axes.patches}


def test_sentences_read_as_sentences(trade: TradePart) -> None:
    sentences = [
        *(result.sentence for result in findings.everything(trade)),
        duty_findings.who_pays(trade, trade.now),
        duty_findings.welfare(trade.now),
        duty_findings.saving(trade, trade.saving_static, trade.saving),
    ]
    for sentence in sentences:
        assert re.match(r"[A-Z0-9].*\.$", sentence), sentence
        assert not re.search(r"\bnan\b|\binf\b|  |−−|\{|\}", sentence), sentence


def test_tables_are_whole(trade: TradePart) -> None:
    shown: tuple[Table, ...] = (
        tables.quantities(trade.flows),
        tables.long_run(trade.long_run),
        tables.two_years(trade.years),
        tables.ladder(trade.mirror),
        tables.pairs(trade.pairs),
        tables.duties(trade.duties),
        tables.declared(trade.declared),
        tables.elasticities(trade),
        tables.outcomes(trade.now, trade.otherwise),
        tables.by_origin(trade.market, trade.otherwise),
        tables.lenses(trade.effect),
        tables.closing_grid(trade.closing_grid, trade.effect),
    )
    for table in shown:
        assert len(table.frame) >= 2
        assert not table.frame.columns.duplicated().any()


def trade_of(name: str) -> TradePart:
    return STUDY.under(EXTREMES[name]).trade


def test_sentences_turn_where_the_answer_turns() -> None:
    stuck = trade_of("no_solution").effect
    assert findings.closing_net(stuck, stuck.units_to_close_net).sentence.startswith("No number")
    one_car = trade_of("one_car")
    assert "raise by" in findings.doubling(one_car.effect, one_car.flows).sentence
    huge = trade_of("huge")
    assert "more than negligible" in findings.negligible(huge.effect, huge.flows).sentence
    assert "figure of 2024" in findings.units_ratio(huge.flows, huge.flows.units_ratio).sentence
    base = STUDY.trade
    assert "more than double" in findings.doubling(base.effect, base.flows).sentence
    negligible = findings.negligible(base.effect, base.flows).sentence
    assert negligible.endswith("negligible for the deficit.")


def test_articles_stand_at_the_level_they_state() -> None:
    stated = STUDY.trade.stated.set_index("article_id")
    assert stated.loc["A1", "stated_percent"] == 49
    assert stated.loc["A1", "actual_percent"] == 27.5
    assert stated.loc["A0", "stated_percent"] == 2.5
    assert stated["actual_percent"].isin([15.0, 27.5]).all()
    assert list(stated.loc[["A0", "A1"], "reading"]) == [
        "calls the duty a threat",
        "its rates add to the total",
    ]


def test_no_article_is_said_to_print_a_level_that_it_does_not_print() -> None:
    chart = duty_figures.duty_steps(STUDY.trade)
    assert "one article's rates add to another level, one calls the duty a threat" in chart.title
    drawn = [text.get_text() for text in chart.canvas(WIDE_PX).figure.texts]
    assert any(text.endswith("still a threat; in force 15 %.") for text in drawn)
    assert any(text.endswith("its rates add to 49 %; in force 27.5 %.") for text in drawn)


def test_directions_are_computed() -> None:
    years = STUDY.trade.years
    assert findings.price_cut(years)[0].sentence.endswith("so the value per vehicle falls.")
    turned = replace(
        years,
        **{name: Change(own.label, own.after, own.before) for name, own in vars(years).items()},
    )
    assert findings.price_cut(turned)[0].sentence.endswith("so the value per vehicle rises.")
    assert "value per vehicle rises in yen and in dollars" in figures.price_cut(turned).alt


def test_used_cars_are_named_where_they_are_counted() -> None:
    flows, effect = STUDY.trade.flows, STUDY.trade.effect
    for result in (
        findings.units_ratio(flows, flows.units_ratio),
        findings.doubling(effect, flows),
    ):
        assert "US-built cars (used ones included)" in result.sentence
