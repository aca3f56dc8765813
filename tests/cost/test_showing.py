"""Figures, tables and sentences of notebook 04, in the base scenario and where numbers go to
extremes.
"""

import re
from dataclasses import replace
from typing import Any

import pytest

from helpers.cost import figures, findings, tables
from helpers.cost.part import CostPart
from helpers.cost.sticker import price_walk
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import check_values, load_scenario, load_scenarios
from helpers.show import Drawing
from helpers.show.canvas import WIDE_PX
from tests.cost.conftest import BASE
from tests.displays import unread
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


def pictures(cost: CostPart) -> list[Drawing]:
    return [
        figures.walks(cost),
        figures.beside_rivals(cost),
        figures.cost_and_stake(cost),
        figures.yen(cost, [other.scenario.jpy_per_usd for other in OTHERS.values()]),
    ]


def test_drawings_can_be_read_and_say_what_they_show(cost: CostPart) -> None:
    for drawing in pictures(cost):
        assert unread(drawing) == []
        assert re.search(r"\d", drawing.alt)
        assert len(drawing.title) > 20
        assert len(drawing.data) > 0
        assert not re.search(r"\bnan\b|\binf\b", drawing.alt + drawing.title)


def test_bars_start_at_zero(cost: CostPart) -> None:
    for drawing in pictures(cost)[:3]:
        for axes in drawing.canvas(WIDE_PX).figure.axes:
            low, high = axes.get_xlim()
            assert low <= 0 < high


def test_scenarios_with_the_same_numbers_share_a_row() -> None:
    others = {title: other.cost for title, other in OTHERS.items()}
    shown = tables.break_even(BASE.cost, others).frame.set_index("Scenario")
    titles = [title for row in shown.index for title in row.split("; ")]
    assert sorted(titles) == sorted(["This run", *others])
    assert not shown.duplicated().any()
    assert "nothing to protect" in set(shown["Needed for it to pay"])


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
    sentences += [
        findings.over_list(cost, ratio),
        findings.instead(cost),
        findings.tariff_cost(cost),
    ]
    sentences += [findings.tariff_cost(cost), findings.stake(cost), findings.free_rider(cost)]
    sentences += [findings.order_of_events(cost.timeline), findings.other_terms(cost)]
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


def test_a_step_added_to_the_walk_is_a_part_of_the_bar() -> None:
    cost = BASE.using(price_walk=with_levy).cost
    drawing = figures.walks(cost)
    for title, parts in drawing.data.groupby("model"):
        levy = parts.set_index("part").loc["levy"]
        model = cost.cars.title[cost.cars.title == title].index[0]
        assert levy["to_jpy"] - levy["from_jpy"] == pytest.approx(200_000)
        assert levy["to_jpy"] == pytest.approx(cost.sticker(model).value)
        assert list(parts["from_jpy"])[1:] == list(parts["to_jpy"])[:-1]
    assert "levy" in {text.get_text() for text in drawing.canvas(WIDE_PX).figure.texts}


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
    for chart in (figures.walks(BASE.cost), figures.beside_rivals(BASE.cost)):
        assert "with a reported list price" in chart.title
        assert "with a reported list price" in chart.alt
    assumed = next(car for car in EVERY if BASE.cost.sticker(car).quality == "unverified")
    only = BASE.under(check_values({"models": [assumed]}, "test")).cost
    assert figures.walks(only).title.endswith("(list prices assumed)")


def test_assumptions_carry_people_s_words_and_a_unit() -> None:
    frame = tables.assumptions(BASE.cost).frame
    assert not frame["Assumption"].str.contains(r"_|\b(?:usd|jpy|mn)\b").any()
    assert (frame["Unit"] != "").all()


def test_the_record_beside_the_yen_claim_comes_from_the_evidence() -> None:
    claim = findings.yen_claim(BASE.cost)
    shown = tables.yen_verdict(BASE.cost).frame.set_index("Part")["Text"]
    assert shown["Claim"].startswith(claim["claim"])
    facts = BASE.tables["evidence"].set_index("statement")
    told = [text for part, text in shown.items() if part.startswith("On rec")]
    assert told
    assert facts.loc[told, "metric"].str.startswith("context.").all()
