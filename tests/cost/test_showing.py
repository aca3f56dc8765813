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

from helpers.cost import figures, findings, premium_figures, tables
from helpers.cost.part import CostPart
from helpers.cost.sticker import price_walk
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import check_values, load_scenario, load_scenarios
from helpers.show import Chart, style
from tests.cost.conftest import BASE
from tests.tiers import representatives

OTHERS = BASE.across({named.title: named.scenario for named in load_scenarios()})
EVERY = list(BASE.cost.cars.title.index)
EXTREMES: dict[str, dict[str, Any]] = {
    "free": {"programme_fixed_cost_usd_mn": 0.0, "programme_annual_cost_usd_mn": 0.0},
    "ruinous": {"programme_annual_cost_usd_mn": 5_000.0, "maker_export_units": 50_000},
    "no_models": {"models": []},
    "no_pass_through": {"yen_pass_through_percent": 0.0, "jpy_per_usd": 300.0},
    "all_models": {"models": EVERY},
    "no_rivals": {"models": ["integra_type_s"], "jpy_per_usd": 60.0},
}
NAMED = ("base", "very_weak_yen", "tariff_27_5", "certification_full", "strong_yen")


def under(name: str) -> CostPart:
    if name in EXTREMES:
        return BASE.under(check_values(EXTREMES[name], "test")).cost
    return BASE.under(load_scenario(name).scenario).cost


@pytest.fixture(
    params=representatives([*NAMED, *EXTREMES], "base", "very_weak_yen", "no_rivals"),
    scope="module",
)
def cost(request: pytest.FixtureRequest) -> CostPart:
    return under(request.param)


@pytest.fixture(scope="module")
def charts(cost: CostPart) -> list[Chart]:
    return [
        figures.waterfalls(cost),
        figures.beside_rivals(cost),
        figures.yen(cost, [other.scenario.jpy_per_usd for other in OTHERS.values()]),
        premium_figures.cost_and_saving(cost),
        premium_figures.contour(cost, {title: other.cost for title, other in OTHERS.items()}),
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
    shown = [
        text
        for text in fig.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in ticks
    ]
    return [
        (text.get_text(), text.get_window_extent(canvas.get_renderer()))
        for text in shown
        if text.axes is None or text.axes.get_visible()
    ]


def test_alt_text_and_title_are_whole(charts: list[Chart]) -> None:
    for chart in charts:
        assert re.search(r"\d", chart.alt)
        assert len(chart.title) > 20
        assert len(chart.data) > 0
        assert not re.search(r"\bnan\b|\binf\b", chart.alt + chart.title)


def test_no_label_leaves_the_frame(charts: list[Chart]) -> None:
    for chart in charts:
        width, height = chart.figure.bbox.width, chart.figure.bbox.height
        for text, box in texts(chart.figure):
            assert box.x0 >= -1, text
            assert box.x1 <= width + 1, text
            assert box.y0 >= -1, text
            assert box.y1 <= height + 1, text


def test_no_two_labels_overlap(charts: list[Chart]) -> None:
    for chart in charts[:4]:
        pairs = itertools.combinations(texts(chart.figure), 2)
        for (text, box), (other, second) in pairs:
            overlap = (
                min(box.x1, second.x1) - max(box.x0, second.x0),
                min(box.y1, second.y1) - max(box.y0, second.y0),
            )
            assert min(overlap) < 2, (text, other, chart.title)


def test_bars_start_at_zero(charts: list[Chart]) -> None:
    for index in (0, 1, 3):
        for axis in charts[index].figure.axes:
            low, high = axis.get_xlim()
            assert low <= 0 < high


def test_tables_can_be_shown(cost: CostPart) -> None:
    shown = (
        tables.assumptions(cost),
        tables.stickers(cost),
        tables.keeping(cost),
        tables.weaker_yen(cost),
        tables.yen_verdict(cost),
        tables.timeline(cost),
        tables.identities(cost),
    )
    for table in shown:
        assert "<table" in table._repr_mimebundle_()["text/html"]
    assert shown[-1].frame["Holds"].all()


def test_sentences_read_as_sentences(cost: CostPart) -> None:
    ratio = cost.over_list
    sentences = [own.sentence for own in findings.results(cost)]
    sentences += [findings.over_list(cost, ratio), findings.instead(cost), findings.anchor(cost)]
    sentences += [findings.stake(cost), findings.free_rider(cost)]
    sentences += [findings.order_of_events(cost.timeline)]
    for sentence in sentences:
        assert re.match(r"[A-Z].*\.$", sentence), sentence
        assert not re.search(r"\bnan\b|\binf\b|  |−−|\{|\}", sentence), sentence


def test_sentences_turn_where_there_is_nothing_to_gain() -> None:
    said = {name: findings.break_even(under(name)).sentence for name in (*EXTREMES, "tariff_27_5")}
    assert "costs Toyota" in said["free"] or "pays as insurance" in said["free"]
    assert "does not pay as insurance" in said["ruinous"]
    assert "no duty advantage" in said["tariff_27_5"]


def test_a_duty_in_japan_is_named_among_the_causes() -> None:
    dutiable = BASE.under(check_values({"japan_duty_percent": 10.0}, "test")).cost
    assert "Japanese duty of 10.0 %" in findings.over_list(dutiable, dutiable.over_list)
    assert "not a tariff" in findings.over_list(BASE.cost, BASE.cost.over_list)


def test_the_keeping_table_shows_a_pickup_with_both_plates() -> None:
    frame = tables.keeping(BASE.cost).frame
    plates = frame.groupby("Car")["Plate"].agg(list)
    pickups = BASE.cost.cars.title[BASE.cost.cars.body_style == "pickup"]
    assert plates[list(pickups)].map(len).eq(2).all()
    assert plates.drop(list(pickups)).map(len).eq(1).all()
    assert set(frame["Car"]) >= {rival.name for rival in BASE.cost.rivals}


def with_levy(cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
    return price_walk(cars, costs) | {"levy": Quantity(200_000, "JPY per car")}


def test_a_step_added_to_the_walk_is_a_bar_of_its_own() -> None:
    cost = BASE.using(price_walk=with_levy).cost
    chart = figures.waterfalls(cost)
    for _, bars in chart.data.groupby("model"):
        levy = bars.set_index("bar").loc["levy"]
        assert levy["to_jpy"] - levy["from_jpy"] == pytest.approx(200_000)
        assert bars["to_jpy"].iloc[-1] == pytest.approx(levy["to_jpy"])
        assert bars["from_jpy"].iloc[1:-1].to_numpy() == pytest.approx(
            bars["to_jpy"].iloc[:-2].to_numpy()
        )
    assert "levy" in {label.get_text() for label in chart.figure.axes[0].get_yticklabels()}


def test_the_order_of_events_says_no_more_than_the_events_do() -> None:
    order = BASE.cost.timeline
    said = findings.order_of_events
    assert said(order).endswith("whether the idea, floated before, helped to earn it is not known.")
    unheard = replace(order, first_named_on="2999-01-01", standing_when_agreed="")
    assert said(unheard).endswith("but cannot have earned it.")
    assert "confirmed" not in said(replace(order, aimed_on=""))
    assert "does not rule out" in said(replace(order, aimed_on=order.agreed_on))


def test_headlines_of_figures_rest_on_reported_list_prices() -> None:
    assert set(BASE.cost.quoted) < set(BASE.cost.shown)
    for chart in (figures.waterfalls(BASE.cost), figures.beside_rivals(BASE.cost)):
        assert "with a reported list price" in chart.title
        assert "with a reported list price" in chart.alt
    assumed = next(car for car in EVERY if BASE.cost.sticker(car).quality == "unverified")
    only = BASE.under(check_values({"models": [assumed]}, "test")).cost
    assert figures.waterfalls(only).title.endswith("(list prices assumed)")


def test_assumptions_carry_people_s_words_and_a_unit() -> None:
    frame = tables.assumptions(BASE.cost).frame
    assert not frame["Assumption"].str.contains(r"_|\b(?:usd|jpy|mn)\b").any()
    assert (frame["Unit"] != "").all()


def test_the_record_beside_the_yen_claim_comes_from_the_evidence() -> None:
    claim = findings.yen_claim(BASE.cost)
    shown = tables.yen_verdict(BASE.cost).frame.set_index("Part")["Text"]
    assert shown["Claim"].startswith(claim["claim"])
    facts = BASE.tables["evidence"].set_index("statement")
    told = [text.rpartition(" (")[0] for part, text in shown.items() if part.startswith("On rec")]
    assert told
    assert facts.loc[told, "metric"].str.startswith("context.").all()
