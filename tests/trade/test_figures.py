"""Figures, tables and sentences of notebook 01, in named scenarios and where numbers go to
extremes.
"""

import itertools
import re
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from helpers.data import load
from helpers.scenarios import check_values, load_scenario
from helpers.show import style
from helpers.trade import case as trade_case
from helpers.trade import closing_figures, duty_figures, figures, tables
from helpers.trade import sentences as words
from helpers.trade.case import TradeCase
from tests.tiers import representatives

TABLES = {name: load(name) for name in trade_case.TABLES}
EXTREMES = {
    "no_solution": check_values(
        {
            "japanese_parts_share_percent": 60.0,
            "backfill_share_percent": 80.0,
            "unit_value_usd": 30_000.0,
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
        {"baseline_duty_percent": 27.5, "us_duty_percent": 27.5, "absorption_percent": 0.0}, "test"
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
def case(request: pytest.FixtureRequest) -> TradeCase:
    return trade_case.estimate(
        TABLES, EXTREMES.get(request.param) or load_scenario(request.param).scenario
    )


@pytest.fixture(scope="module")
def pictures(case: TradeCase) -> list[Any]:
    return [
        figures.both_flows(case.trade, case.effect),
        figures.dot_strip(case.trade, case.effect),
        figures.price_cut(case.years),
        figures.mirror_ladder(case.mirror),
        duty_figures.duty_steps(TABLES["tariffs"], case.stated, case.duty),
        duty_figures.incidence_line(case.index, case.declared, trade_case.INDEX_MONTH),
        closing_figures.closing_curve(case.effect, case.trade),
        closing_figures.closing_heat(case.grid, case.effect, case.trade),
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


def test_titles_and_alt_texts_are_live_sentences(pictures: list[Any]) -> None:
    for fig, alt, data in pictures:
        assert 20 <= len(alt) <= 400
        assert re.search(r"\d", alt)
        assert len(fig.get_label()) > 20
        assert len(data) > 0
        assert not re.search(r"\bnan\b|\binf\b|−−", alt + fig.get_label())


def test_no_label_leaves_the_frame(pictures: list[Any]) -> None:
    for fig, _, _ in pictures:
        for text, box in texts(fig):
            assert box.x0 >= -1, text
            assert box.x1 <= fig.bbox.width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= fig.bbox.height + 1, text


def test_no_two_labels_overlap(pictures: list[Any]) -> None:
    for fig, _, _ in pictures:
        for (one, box), (other, second) in itertools.combinations(texts(fig), 2):
            overlap = (
                min(box.x1, second.x1) - max(box.x0, second.x0),
                min(box.y1, second.y1) - max(box.y0, second.y0),
            )
            assert min(overlap) < 3, (one, other, fig.get_label())


def test_bars_start_at_zero(pictures: list[Any]) -> None:
    for fig, _, _ in (pictures[0], pictures[2]):
        for axis in fig.axes:
            low, high = axis.get_xlim()
            assert low <= 0 < high
            bars = [patch for patch in axis.patches if patch.get_facecolor()[:3] != (1, 1, 1)]
            assert all(patch.get_x() == 0 for patch in bars)


def test_dots_stand_for_their_cars(case: TradeCase) -> None:
    fig, _, data = figures.dot_strip(case.trade, case.effect)
    for _, row in data.iterrows():
        assert row["dots"] * figures.CARS_A_DOT == pytest.approx(row["vehicles"])
    drawn = sum(len(line.get_xdata()) for line in fig.axes[0].lines)
    assert drawn == sum(-(-row["vehicles"] // figures.CARS_A_DOT) for _, row in data.iterrows())


def test_sentences_read_as_sentences(case: TradeCase) -> None:
    sentences = [
        words.ratio(case.trade),
        words.share_of_deficit(case.trade),
        words.price_cut(case.years),
        words.unexplained(case.mirror),
        words.duty(case.duty),
        words.index_month(case.index_row),
        words.declared_half_year(case.declared.to_dict("records")[-1]),
        words.benchmark(case.incidence_inputs, 15.0),
        words.who_pays(case.incidence.now, case.incidence_inputs),
        words.saving(case.incidence),
        words.doubling(case.effect, case.trade),
        words.negligible(case.effect, case.trade),
        words.share_of_flow(case.effect, case.trade),
        words.closing(case.effect, net=True),
        words.closing(case.effect, net=False),
    ]
    for sentence in sentences:
        assert re.match(r"[A-Z0-9].*\.$", sentence), sentence
        assert not re.search(r"\bnan\b|\binf\b|  |−−|\{|\}", sentence), sentence


def test_tables_are_whole_and_checks_hold(case: TradeCase) -> None:
    for table in (
        tables.quantities(case.trade),
        tables.two_years(case.years),
        tables.ladder(case.mirror),
        tables.duties(case.duties),
        tables.declared(case.declared),
        tables.outcomes(case.incidence),
        tables.by_origin(case.incidence),
        tables.lenses(case.effect, case.trade),
        tables.closing(case.closing),
    ):
        assert len(table) >= 2
        assert not table.columns.duplicated().any()
    checked = tables.checks(
        case.trade,
        case.effect,
        case.incidence,
        case.mirror,
        TABLES["goods_trade"],
        TABLES["goods_trade_monthly"],
    )
    assert checked["Holds"].all(), checked


def test_sentences_turn_where_the_answer_turns() -> None:
    stuck = trade_case.estimate(TABLES, EXTREMES["no_solution"])
    assert words.closing(stuck.effect, net=True).startswith("No number of cars")
    one_car = trade_case.estimate(TABLES, EXTREMES["one_car"])
    assert "raise by" in words.doubling(one_car.effect, one_car.trade)
    huge = trade_case.estimate(TABLES, EXTREMES["huge"])
    assert "more than negligible" in words.negligible(huge.effect, huge.trade)
    assert "figure of 2024" in words.ratio(huge.trade)
    base = trade_case.estimate(TABLES, load_scenario("base").scenario)
    assert "more than double" in words.doubling(base.effect, base.trade)
    assert words.negligible(base.effect, base.trade).endswith("negligible for the deficit.")


def test_articles_stand_at_the_level_they_state() -> None:
    base = trade_case.estimate(TABLES, load_scenario("base").scenario)
    stated = base.stated.set_index("article_id")
    assert stated.loc["A1", "stated_percent"] == 49
    assert stated.loc["A1", "actual_percent"] == 27.5
    assert stated.loc["A0", "stated_percent"] == 2.5
    assert stated["stated_percent"].isna().sum() == 3
    assert stated["actual_percent"].isin([15.0, 27.5]).all()
    assert list(stated.loc[["A0", "A1"], "reading"]) == [
        "calls the duty a threat",
        "its rates add to the total",
    ]


def test_no_article_is_said_to_print_a_level_that_it_does_not_print() -> None:
    base = trade_case.estimate(TABLES, load_scenario("base").scenario)
    figure, alt, _ = duty_figures.duty_steps(TABLES["tariffs"], base.stated, base.duty)
    assert figure.get_label().endswith(
        "; one article's rates add to another level, one calls the duty a threat"
    )
    assert "A0: still a threat; A1's rates add to 49.0 %; 3 of 5 articles print no level." in alt


def test_directions_are_computed() -> None:
    base = trade_case.estimate(TABLES, load_scenario("base").scenario)
    assert words.price_cut(base.years).endswith("so the value per vehicle falls.")
    turned = base.years.assign(change_percent=-base.years["change_percent"])
    assert words.price_cut(turned).endswith("so the value per vehicle rises.")
    assert "value per vehicle rises in yen and in dollars" in figures.price_cut(turned)[1]
    assert [words.moves(change) for change in (-0.06, 0.04, 0.06)] == [
        "falls",
        "stays the same",
        "rises",
    ]


def test_used_cars_are_named_where_they_are_counted() -> None:
    base = trade_case.estimate(TABLES, load_scenario("base").scenario)
    assert "US-built cars (used ones included)" in words.ratio(base.trade)
    assert "US-built cars (used ones included)" in words.doubling(base.effect, base.trade)
