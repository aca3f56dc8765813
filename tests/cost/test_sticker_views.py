"""Figures, tables and sentences of notebook 04, in the base scenario and where numbers go to
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

from helpers.cost import case as cost_case
from helpers.cost import keeping, premium_views, sticker_views, yen_views
from helpers.data import load
from helpers.results import NAMES, Result
from helpers.scenarios import Scenario, check_values, load_scenario, load_scenarios
from helpers.show import style
from tests.tiers import representatives

TABLES = {name: load(name) for name in cost_case.TABLES}
COSTS, RATES = load("costs"), keeping.keeping_rates(load("keeping_costs"))
BASE = Scenario()
OTHERS = {one.title: cost_case.estimate(TABLES, one.scenario, BASE) for one in load_scenarios()}
EXTREMES = {
    "free": check_values(
        {"programme_fixed_cost_usd_mn": 0.0, "programme_annual_cost_usd_mn": 0.0}, "test"
    ),
    "ruinous": check_values(
        {"programme_annual_cost_usd_mn": 5_000.0, "maker_export_units": 1}, "test"
    ),
    "no_models": check_values({"models": []}, "test"),
    "no_pass_through": check_values(
        {"yen_pass_through_percent": 0.0, "jpy_per_usd": 300.0}, "test"
    ),
    "all_models": check_values(
        {
            "models": [
                "camry",
                "highlander",
                "tundra",
                "integra_type_s",
                "passport",
                "murano",
                "ascent",
            ]
        },
        "test",
    ),
    "no_rivals": check_values({"models": ["integra_type_s"], "jpy_per_usd": 60.0}, "test"),
}
NAMED = ("base", "very_weak_yen", "tariff_27_5", "certification_full", "strong_yen")


@pytest.fixture(
    params=representatives([*NAMED, *EXTREMES], "base", "very_weak_yen", "no_rivals"),
    scope="module",
)
def case(request: pytest.FixtureRequest) -> cost_case.CostCase:
    scenario = EXTREMES.get(request.param) or load_scenario(request.param).scenario
    return cost_case.estimate(TABLES, scenario, BASE)


@pytest.fixture(scope="module")
def pictures(case: cost_case.CostCase) -> list[Any]:
    return [
        sticker_views.waterfalls(case.shown),
        sticker_views.beside_rivals(case),
        yen_views.panels(case, [other.landed.jpy_per_usd for other in OTHERS.values()]),
        premium_views.cost_and_saving(case),
        premium_views.contour(case, {title: other.premium for title, other in OTHERS.items()}),
    ]


def texts(fig: Figure) -> list[tuple[str, Any]]:
    """Every text but tick labels, which the layout keeps inside, and its box in pixels."""
    canvas = FigureCanvasAgg(fig)
    with style.rc():
        canvas.draw()
    ticks = {
        id(label)
        for axes in fig.axes
        for direction in (axes.xaxis, axes.yaxis)
        for tick in [*direction.get_major_ticks(), *direction.get_minor_ticks()]
        for label in (tick.label1, tick.label2)
    }
    found = [
        one
        for one in fig.findobj(Text)
        if one.get_visible() and one.get_text().strip() and id(one) not in ticks
    ]
    return [
        (one.get_text(), one.get_window_extent(canvas.get_renderer()))
        for one in found
        if one.axes is None or one.axes.get_visible()
    ]


def test_alt_text_and_title_fit(pictures: list[Any]) -> None:
    for fig, alt, data in pictures:
        assert 20 <= len(alt) <= 400
        assert re.search(r"\d", alt)
        assert len(fig.get_label()) > 20
        assert len(data) > 0
        assert not re.search(r"\bnan\b|\binf\b", alt + fig.get_label())


def test_no_label_leaves_the_frame(pictures: list[Any]) -> None:
    for fig, _, _ in pictures:
        width, height = fig.bbox.width, fig.bbox.height
        for text, box in texts(fig):
            assert box.x0 >= -1, text
            assert box.x1 <= width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= height + 1, text


def test_no_two_labels_overlap(pictures: list[Any]) -> None:
    for fig, _, _ in pictures[:4]:
        for (one, box), (other, second) in itertools.combinations(texts(fig), 2):
            overlap = (
                min(box.x1, second.x1) - max(box.x0, second.x0),
                min(box.y1, second.y1) - max(box.y0, second.y0),
            )
            assert min(overlap) < 2, (one, other, fig.get_label())


def test_bars_start_at_zero(pictures: list[Any]) -> None:
    for index in (0, 1, 3):
        for axis in pictures[index][0].axes:
            low, high = axis.get_xlim()
            assert low <= 0 < high


def test_sentences_read_as_sentences(case: cost_case.CostCase) -> None:
    goods = keeping.goods_plate_case(RATES, 3_445, 10)
    sentences = [
        sticker_views.sticker_sentence(case),
        sticker_views.rival_sentence(case),
        sticker_views.goods_plate_sentence(goods, 10),
        yen_views.sign_sentence(case),
        yen_views.instead_sentence(case, COSTS),
        premium_views.premium_sentence(case.premium),
        premium_views.free_rider_sentence(case.premium),
        premium_views.absorption_sentence(case),
        premium_views.timeline_sentence(case.timeline),
        premium_views.anchor_sentence(case),
    ]
    for sentence in sentences:
        assert re.match(r"[A-Z].*\.$", sentence), sentence
        assert not re.search(r"\bnan\b|\binf\b|  |−−|\{|\}", sentence), sentence


def test_results_are_valid_and_listed(case: cost_case.CostCase) -> None:
    goods = keeping.goods_plate_case(RATES, 3_445, 10)
    found = [
        *sticker_views.results(case, goods, 10),
        *yen_views.results(case),
        *premium_views.results(case),
    ]
    for one in found:
        low, high, label = one.pop("interval", None) or (None, None, "")  # type: ignore[misc]
        result = Result(**one, low=low, high=high, interval=label)  # type: ignore[arg-type]
        assert result.name in NAMES
    assert len({one["name"] for one in found}) == len(found)


def test_no_result_rests_on_an_assumed_list_price() -> None:
    case = cost_case.estimate(TABLES, EXTREMES["all_models"], BASE)
    found = sticker_views.results(case, keeping.goods_plate_case(RATES, 3_445, 10), 10)
    assert {one["quality"] for one in found} <= {"estimate", "reported"}
    dear = next(one for one in found if one["name"] == "highest_sticker_jpy")
    assert "Passport" in str(dear["sentence"])
    assert max(case.walks, key=lambda walk: walk.sticker_jpy).car.model == "tundra"


def test_sentences_turn_where_there_is_nothing_to_gain() -> None:
    texts_of = {
        name: premium_views.premium_sentence(cost_case.estimate(TABLES, scenario, BASE).premium)
        for name, scenario in EXTREMES.items()
    }
    assert "pays for itself" in texts_of["free"]
    assert "does not pay as insurance" in texts_of["ruinous"]
    lapsed = cost_case.estimate(TABLES, load_scenario("tariff_27_5").scenario, BASE)
    assert "no duty advantage" in premium_views.premium_sentence(lapsed.premium)


def test_keeping_table_shows_the_pickup_with_both_plates() -> None:
    case = cost_case.estimate(TABLES, BASE, BASE)
    table = sticker_views.keeping_table(
        case, TABLES["vehicles"], TABLES["programme_models"], RATES, 10
    )
    tundra = table[table["Car"] == "Tundra"].set_index("Plate")
    assert list(tundra["Automobile tax"]) == [57_000, 16_000]
    assert {"Toyota Alphard", "Jeep Wrangler Unlimited"} <= set(table["Car"])


def test_waterfall_data_ends_at_the_sticker() -> None:
    case = cost_case.estimate(TABLES, BASE, BASE)
    data = sticker_views.waterfall_data(case.walks)
    for walk in case.walks:
        bars = data[data["model"] == walk.car.title]
        assert bars["to_jpy"].iloc[-2] == pytest.approx(walk.sticker_jpy)
        assert bars["from_jpy"].iloc[1:-1].to_numpy() == pytest.approx(
            bars["to_jpy"].iloc[:-2].to_numpy()
        )


def test_the_order_of_events_says_no_more_than_the_events_do() -> None:
    order = cost_case.estimate(TABLES, BASE, BASE).timeline
    assert premium_views.timeline_sentence(order).endswith(
        "whether the idea, floated before, helped to earn it is not known."
    )
    assert premium_views.timeline_sentence(
        replace(order, first_named_on="2999-01-01", standing_when_agreed="")
    ).endswith("but cannot have earned it.")
    assert "confirmed" not in premium_views.timeline_sentence(replace(order, aimed_on=""))
    assert "does not rule out" in premium_views.timeline_sentence(
        replace(order, aimed_on=order.agreed_on)
    )
    assert set(premium_views.timeline_table(order).columns) == {
        "Day",
        "Who",
        "What happened",
        "Standing",
    }


def test_headlines_rest_on_reported_list_prices() -> None:
    case = cost_case.estimate(TABLES, BASE, BASE)
    walls, alt, _ = sticker_views.waterfalls(case.shown)
    assert {walk.car.title for walk in case.shown} - {walk.car.title for walk in case.sourced} == {
        "Tundra",
        "Murano",
    }
    assert "Tundra" not in alt
    for figure, words, _ in ((walls, alt, None), sticker_views.beside_rivals(case)):
        assert "with a reported list price" in figure.get_label()
        assert "with a reported list price" in words
    only = cost_case.estimate(TABLES, check_values({"models": ["tundra"]}, "test"), BASE)
    assert sticker_views.waterfalls(only.shown)[0].get_label().endswith("(list prices assumed)")


def test_assumptions_carry_people_s_words_and_a_unit() -> None:
    table = sticker_views.ranges_table(cost_case.estimate(TABLES, BASE, BASE))
    assert not table["Assumption"].str.contains(r"_|\b(?:usd|jpy|mn)\b").any()
    assert (table["Unit"] != "").all()
    assert (
        table.set_index("Assumption").loc["US dealer margin taken off the list price", "Unit"]
        == "%"
    )


def test_every_source_of_a_result_is_among_those_listed() -> None:
    case = cost_case.estimate(TABLES, BASE, BASE)
    recorded = [
        *sticker_views.results(case, keeping.goods_plate_case(RATES, 3_445, 10), 10),
        *yen_views.results(case),
        *premium_views.results(case),
    ]
    assert {source for one in recorded for source in one["source_ids"]} <= set(
        sticker_views.all_source_ids(case, recorded)
    )  # type: ignore[attr-defined]
