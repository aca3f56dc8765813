"""Cost and premium together: laws that hold in every shipped scenario, and what each parameter
moves.
"""

import math
from typing import Any

import pytest

from helpers.cost import findings
from helpers.cost.part import CostPart
from helpers.results import Result
from helpers.scenarios import (
    NamedScenario,
    Scenario,
    check_values,
    load_scenario,
    load_scenarios,
    parameters,
)
from tests.cost.conftest import BASE
from tests.tiers import representatives

SCENARIOS = [named.name for named in load_scenarios()]


@pytest.fixture(params=representatives(SCENARIOS, "base", "very_weak_yen", "dense_city"))
def named(request: pytest.FixtureRequest) -> NamedScenario:
    return load_scenario(request.param)


def under(scenario: Scenario, **changes: Any) -> CostPart:
    return BASE.under(scenario.model_copy(update=changes)).cost


def recorded(cost: CostPart) -> dict[tuple[str, str], Result]:
    return {(own.name, own.subject): own for own in findings.results(cost)}


def test_results_are_numbers_with_sources(named: NamedScenario) -> None:
    found = recorded(under(named.scenario)).values()
    assert all(isinstance(own.value, str) or math.isfinite(own.value) for own in found)
    assert next(iter(found)).subject == BASE.cost.leading


def test_a_weaker_yen_raises_stickers_and_the_break_even(named: NamedScenario) -> None:
    before = under(named.scenario)
    after = under(named.scenario, jpy_per_usd=1.1 * named.scenario.jpy_per_usd)
    assert (after.sticker().value > before.sticker().value).all()
    assert (after.asked().value > before.asked().value).all()
    assert after.premium.cost > before.premium.cost
    assert after.premium.maker.loss.value == before.premium.maker.loss.value
    assert after.matching_rate.value == pytest.approx(before.matching_rate.value)


def test_a_higher_us_duty_leaves_japanese_stickers_alone(named: NamedScenario) -> None:
    before = under(named.scenario)
    higher = named.scenario.counterfactual_duty_percent + 10
    after = under(named.scenario, counterfactual_duty_percent=higher)
    assert after.premium.maker.loss > before.premium.maker.loss
    assert after.break_even.value <= before.break_even.value
    assert after.sticker().value.equals(before.sticker().value)


def test_right_hand_drive_costs_and_left_hand_drive_does_not(named: NamedScenario) -> None:
    lead = BASE.cost.leading
    right = under(named.scenario, right_hand_drive_models=(lead,))
    left = under(named.scenario, right_hand_drive_models=())
    assert right.sticker(lead) > left.sticker(lead)


def test_volume_spreads_the_programme(named: NamedScenario) -> None:
    before = under(named.scenario)
    after = under(named.scenario, programme_units=2 * named.scenario.programme_units)
    assert after.premium.cost_per_car < before.premium.cost_per_car


def test_intervals_hold_their_numbers(named: NamedScenario) -> None:
    for own in recorded(under(named.scenario)).values():
        if own.low is not None and own.high is not None:
            assert own.low <= own.value <= own.high, own.name


MOVED = {
    "models": ("camry",),
    "makers": ("Honda",),
    "right_hand_drive_models": (),
    "flow_basis": "as_reported",
    "trade_year": 2023,
    "price_elasticity": -4.0,
    "market_demand_elasticity": -0.5,
    "horizon_years": 5,
    "maker_export_units": 400_000,
    "programme_units": 30_000,
    "certification_units": 500,
    "keeping_years": 4,
}
ELSEWHERE = {"yen_pass_through_percent": {"jpy_per_usd": 170.0}}


@pytest.mark.parametrize("name", [own.name for own in parameters("04_landed_cost")])
def test_every_parameter_moves_a_result(name: str) -> None:
    start = check_values(ELSEWHERE.get(name, {}), "test")
    value = MOVED.get(name, getattr(start, name))
    value = value if name in MOVED else value + 1.5 if isinstance(value, float) else value + 1
    moved = check_values({**ELSEWHERE.get(name, {}), name: value}, "test")
    assert recorded(under(start)) != recorded(under(moved))


def test_no_headline_rests_on_an_assumed_list_price() -> None:
    every = tuple(BASE.cost.cars.title.index)
    cost = under(Scenario(), models=every)
    found = recorded(cost)
    stickers = [own for (name, _), own in found.items() if "sticker" in name]
    assert {own.quality for own in stickers} == {"estimate"}
    assert {subject for name, subject in found if name == "sticker_jpy"} == set(cost.quoted)
    highest = max(cost.estimate(model).value for model in cost.quoted)
    assert found["highest_sticker_jpy", ""].value == pytest.approx(highest)
    assert max(cost.estimate(model).value for model in every) > highest


def test_every_source_of_a_result_is_among_those_listed() -> None:
    needed = {source for own in recorded(BASE.cost).values() for source in own.source_ids}
    assert needed <= set(findings.source_ids(BASE.cost))
