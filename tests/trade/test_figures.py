"""Figures, tables and sentences of notebook 01, in named scenarios and where numbers go to
extremes.
"""

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.quantities import Quantity
from helpers.scenarios import check_values, load_scenario
from helpers.show import Chart, Table, style
from helpers.study import Study
from helpers.trade import closing_figures, duty_figures, figures, findings, tables
from helpers.trade.history import Change
from helpers.trade.part import TradePart
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


@pytest.fixture(scope="module")
def pictures(trade: TradePart) -> list[Chart]:
    return [
        figures.both_flows(trade.flows, trade.effect),
        figures.dot_strip(trade.flows, trade.effect),
        figures.price_cut(trade.years),
        figures.mirror_ladder(trade.mirror),
        duty_figures.duty_steps(trade),
        duty_figures.incidence_line(trade),
        closing_figures.closing_curve(trade.effect, trade.flows),
        closing_figures.closing_heat(trade.closing_grid, trade.effect, trade.flows),
    ]


def texts(fig: Figure) -> list[tuple[str, Any]]:
    """Every drawn text and its box in pixels, without tick labels outside the axis range."""
    canvas = FigureCanvasAgg(fig)
    with style.rc():
        canvas.draw()
    hidden = {
        id(label)
        for axes in fig.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not axes.axison
        or not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
        for label in (tick.label1, tick.label2)
    }
    found = [
        one
        for one in fig.findobj(Text)
        if one.get_visible() and one.get_text().strip() and id(one) not in hidden
    ]
    return [(one.get_text(), one.get_window_extent(canvas.get_renderer())) for one in found]


def test_titles_and_alt_texts_are_live_sentences(pictures: list[Chart]) -> None:
    for chart in pictures:
        assert re.search(r"\d", chart.alt)
        assert len(chart.title) > 20
        assert len(chart.data) > 0
        assert not re.search(r"\bnan\b|\binf\b|−−", chart.alt + chart.title)


def test_no_label_leaves_the_frame(pictures: list[Chart]) -> None:
    for fig in (chart.figure for chart in pictures):
        for text, box in texts(fig):
            assert box.x0 >= -1, text
            assert box.x1 <= fig.bbox.width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= fig.bbox.height + 1, text


def test_no_two_labels_overlap(pictures: list[Chart]) -> None:
    for fig in (chart.figure for chart in pictures):
        for (one, box), (other, second) in itertools.combinations(texts(fig), 2):
            overlap = (
                min(box.x1, second.x1) - max(box.x0, second.x0),
                min(box.y1, second.y1) - max(box.y0, second.y0),
            )
            assert min(overlap) < 3, (one, other, fig.get_label())


def test_bars_start_at_zero(pictures: list[Chart]) -> None:
    for fig in (pictures[0].figure, pictures[2].figure):
        for axis in fig.axes:
            low, high = axis.get_xlim()
            assert low <= 0 < high
            bars = [patch for patch in axis.patches if patch.get_facecolor()[:3] != (1, 1, 1)]
            assert all(patch.get_x() == 0 for patch in bars)


def test_dots_stand_for_their_cars(pictures: list[Chart]) -> None:
    fig, data = pictures[1].figure, pictures[1].data
    for _, row in data.iterrows():
        assert row["dots"] * figures.CARS_A_DOT == pytest.approx(row["vehicles"])
    drawn = sum(len(line.get_xdata()) for line in fig.axes[0].lines)
    assert drawn == sum(-(-row["vehicles"] // figures.CARS_A_DOT) for _, row in data.iterrows())


def test_sentences_read_as_sentences(trade: TradePart) -> None:
    sentences = [
        *(result.sentence for result in findings.everything(trade)),
        findings.who_pays(trade, trade.now),
        findings.welfare(trade.now),
        findings.saving(trade, trade.saving_static, trade.saving),
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
    assert "A0: still a threat; A1's rates add to 49.0 %" in chart.alt


def test_directions_are_computed() -> None:
    years = STUDY.trade.years
    assert findings.price_cut(years)[0].sentence.endswith("so the value per vehicle falls.")
    turned = replace(
        years,
        **{name: Change(own.label, own.after, own.before) for name, own in vars(years).items()},
    )
    assert findings.price_cut(turned)[0].sentence.endswith("so the value per vehicle rises.")
    assert "value per vehicle rises in yen and in dollars" in figures.price_cut(turned).alt
    assert [findings.moves(Quantity(change, "%")) for change in (-0.06, 0.04, 0.06)] == [
        "falls",
        "stays the same",
        "rises",
    ]


def test_used_cars_are_named_where_they_are_counted() -> None:
    flows, effect = STUDY.trade.flows, STUDY.trade.effect
    for result in (
        findings.units_ratio(flows, flows.units_ratio),
        findings.doubling(effect, flows),
    ):
        assert "US-built cars (used ones included)" in result.sentence
