"""Cost and premium together: laws that hold in every shipped scenario, and what each parameter
moves.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from helpers.cost import case as cost_case
from helpers.cost import premium_views as show_premium
from helpers.cost import sticker_views as show_landed_cost
from helpers.cost import yen_views as show_yen
from helpers.cost.keeping import goods_plate_case, keeping_rates
from helpers.cost.price_walk import price_walk
from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import NamedScenario, Scenario, check_values, load_scenarios, parameters
from tests.tiers import representatives

BASE = Scenario()
SCENARIOS = {named.name: named for named in load_scenarios()}


@pytest.fixture(params=representatives(list(SCENARIOS), "base", "very_weak_yen", "dense_city"))
def named(request: pytest.FixtureRequest) -> NamedScenario:
    return SCENARIOS[request.param]


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    return scenario.model_copy(update=changes)


def headlines(tables: Mapping[str, pd.DataFrame], scenario: Scenario) -> dict[str, float]:
    """The numbers that notebook 04 records, by result name."""
    return {name: value for name, value in recorded(tables, scenario) if not isinstance(value, str)}


def test_headlines_are_numbers(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    assert all(math.isfinite(value) for value in headlines(cost_tables, named.scenario).values())


def test_a_weaker_yen_raises_stickers_and_the_break_even(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    before = headlines(cost_tables, named.scenario)
    after = headlines(
        cost_tables, changed(named.scenario, jpy_per_usd=1.1 * named.scenario.jpy_per_usd)
    )
    for name in (
        "highlander_sticker_jpy",
        "lowest_sticker_jpy",
        "highest_sticker_jpy",
        "asked_sticker_jpy",
    ):
        assert after[name] > before[name]
    assert after["programme_cost_usd_mn"] > before["programme_cost_usd_mn"]
    assert after["duty_difference_usd_mn"] == before["duty_difference_usd_mn"]
    assert after["matching_rate_jpy_per_usd"] == pytest.approx(before["matching_rate_jpy_per_usd"])


def test_a_higher_us_duty_leaves_japanese_stickers_alone(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    before = headlines(cost_tables, named.scenario)
    after = headlines(
        cost_tables,
        changed(
            named.scenario,
            counterfactual_duty_percent=named.scenario.counterfactual_duty_percent + 10,
        ),
    )
    assert after["duty_difference_usd_mn"] > before["duty_difference_usd_mn"]
    assert after["break_even_probability_percent"] <= before["break_even_probability_percent"]
    assert {name: value for name, value in after.items() if "sticker" in name} == {
        name: value for name, value in before.items() if "sticker" in name
    }


def test_a_right_hand_drive_costs_and_a_left_hand_drive_does_not(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    right = headlines(cost_tables, changed(named.scenario, right_hand_drive_models=("highlander",)))
    left = headlines(cost_tables, changed(named.scenario, right_hand_drive_models=()))
    assert right["highlander_sticker_jpy"] > left["highlander_sticker_jpy"]


def test_volume_spreads_the_programme(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    scenario = changed(named.scenario, jpy_per_usd=BASE.jpy_per_usd)
    before = headlines(cost_tables, scenario)
    after = headlines(cost_tables, changed(scenario, programme_units=2 * scenario.programme_units))
    assert after["programme_cost_per_car_usd"] == pytest.approx(
        before["programme_cost_per_car_usd"] / 2
    )


def test_same_scenario_in_yen_and_back(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    case = cost_case.estimate(cost_tables, named.scenario, BASE)
    for walk in case.walks:
        assert price_walk(
            walk.car, replace(case.landed, jpy_per_usd=2 * walk.jpy_per_usd)
        ).sticker_jpy == pytest.approx(
            walk.sticker_jpy + walk.dollar_sticker_usd * walk.jpy_per_usd
        )


def test_checks_of_the_notebook_hold(
    cost_tables: Mapping[str, pd.DataFrame], named: NamedScenario
) -> None:
    assert show_premium.checks(cost_case.estimate(cost_tables, named.scenario, BASE))["Holds"].all()


def test_no_chosen_model_still_gives_the_leading_one(
    cost_tables: Mapping[str, pd.DataFrame],
) -> None:
    case = cost_case.estimate(cost_tables, changed(BASE, models=()), BASE)
    assert case.walks == ()
    assert [walk.car.model for walk in case.shown] == ["highlander"]
    assert case.unrecovered_usd == pytest.approx(case.leading_effect.unrecovered_usd)


def test_prices_beside_the_stickers_are_of_cars_in_the_vehicle_table(
    cost_tables: Mapping[str, pd.DataFrame],
) -> None:
    case = cost_case.estimate(cost_tables, BASE, BASE)
    assert case.lead_rival.vehicle_id == "jp_alphard"
    prices = cost_tables["japan_prices"].set_index("vehicle_id")["price_jpy"]
    assert {rival.vehicle_id: rival.price_jpy for rival in case.rivals} == prices.to_dict()
    assert set(prices.index) <= set(cost_tables["vehicles"]["vehicle_id"])


def test_a_missing_table_is_named(cost_tables: Mapping[str, pd.DataFrame]) -> None:
    with pytest.raises(InputError, match="events is missing"):
        cost_case.estimate(
            {name: table for name, table in cost_tables.items() if name != "events"}, BASE, BASE
        )


MOVED = {
    "models": ("camry",),
    "right_hand_drive_models": (),
    "flow_basis": "as_reported",
    "trade_year": 2023,
    "price_elasticity": -4.0,
    "horizon_years": 5,
    "maker_export_units": 400_000,
    "programme_units": 30_000,
    "certification_units": 500,
    "keeping_years": 4,
}
ELSEWHERE = {"yen_pass_through_percent": {"jpy_per_usd": 170.0}}


@pytest.mark.parametrize("name", [one.name for one in parameters("04_landed_cost")])
def test_every_parameter_moves_a_result(name: str, cost_tables: Mapping[str, pd.DataFrame]) -> None:
    start = check_values(ELSEWHERE.get(name, {}), "test")
    value = MOVED.get(name, getattr(start, name))
    value = value if name in MOVED else value + 1.5 if isinstance(value, float) else value + 1
    assert recorded(cost_tables, start) != recorded(
        cost_tables, check_values({**ELSEWHERE.get(name, {}), name: value}, "test")
    )


def recorded(tables: Mapping[str, pd.DataFrame], scenario: Scenario) -> list[Any]:
    case = cost_case.estimate(tables, scenario, BASE)
    goods = goods_plate_case(
        keeping_rates(load("keeping_costs")),
        cost_case.displacement_cc(tables, "tundra"),
        scenario.keeping_years,
    )
    return [
        (one["name"], one["value"])
        for one in [
            *show_landed_cost.results(case, goods, scenario.keeping_years),
            *show_yen.results(case),
            *show_premium.results(case),
        ]
    ]
