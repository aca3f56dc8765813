"""The yen claim: closed form, sign, who bears the rest."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.part import CostPart
from helpers.cost.weak_yen import asked_sticker, landed_cost, sign_test
from helpers.errors import InputError
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import Scenario, check_values
from tests.cost.conftest import BASE


def under(**changes: Any) -> CostPart:
    return BASE.under(check_values(changes, "test")).cost


@pytest.mark.parametrize("rate", ["120", "140", "160"])
def test_units_follow_the_closed_form(rate: str, landed_golden: Any) -> None:
    own = BASE.cost.costs.but(certification_cost_jpy_mn=0.0)
    prices = [
        sum(
            step.value for step in BASE.steps["price_walk"](BASE.cost.cars["camry"], costs).values()
        )
        for costs in (own.but(jpy_per_usd=150.0), own.but(jpy_per_usd=float(rate)))
    ]
    at_set, cover = (Quantity(price, "JPY per car") for price in prices)
    asked = asked_sticker(at_set, cover, Quantity(75.0, "%"))
    units = float((asked / at_set) ** -3.0)
    assert units == pytest.approx(landed_golden["yen"]["units_factor"][rate], abs=6e-6)
    assert units == pytest.approx((float(rate) / 150) ** (-3 * 0.75))


def test_japanese_parts_paid_in_yen_hedge_a_part(landed_golden: Any) -> None:
    costs = BASE.cost.costs.but(
        jpy_per_usd=150.0, japan_dealer_margin_percent=0.0, consumption_tax_percent=0.0
    )
    yen = BASE.cost.yen.but(japanese_parts_share_percent=15.0)
    plant, other = 32_000.0, 1_500.0
    before = Quantity((plant + other) * 150, "JPY per car")
    found = sign_test(before, before * 1.1, Quantity(plant, "USD per car"), costs, yen)
    wanted = landed_golden["yen"]["hedged_cost_jpy"]
    per_yen = (wanted["160"] - wanted["150"]) / 10
    assert found.hedged_cost.value == pytest.approx(100 * 15 * per_yen / wanted["150"])


@given(passed=st.floats(1, 100), elasticity=st.floats(-8, -0.1), rate=st.floats(60, 300))
@settings(max_examples=40, deadline=None)
def test_a_weaker_yen_never_sells_more(passed: float, elasticity: float, rate: float) -> None:
    found = under(
        yen_pass_through_percent=passed, price_elasticity=elasticity, jpy_per_usd=rate
    ).sign
    assert found.verdict == "contradicted"
    assert found.units.value < 0 < found.asked.value <= found.cost.value * (1 + 1e-9)
    low, high = found.units.interval or (0.0, 0.0)
    assert low < found.units.value < high < 0
    assert found.hedged_cost < found.cost


def test_without_pass_through_the_maker_bears_all() -> None:
    cost = under(yen_pass_through_percent=0.0)
    assert cost.sign.units.value == 0
    assert cost.sign.buyer.value == pytest.approx(0, abs=1e-6)
    share = cost.sign.cost.value / 100
    assert cost.sign.maker.value == pytest.approx(
        share * cost.estimate(cost.leading).value, rel=1e-3
    )
    assert cost.sign.verdict == "contradicted"


def test_with_full_pass_through_the_buyer_bears_all() -> None:
    found = under(yen_pass_through_percent=100.0).sign
    assert found.maker.value == pytest.approx(0, abs=1e-6)
    assert found.asked.value == pytest.approx(found.cost.value)


def test_buyers_who_do_not_mind_leave_units_alone() -> None:
    found = under(price_elasticity=0.0, yen_pass_through_percent=100.0).sign
    assert found.units.value == 0
    assert found.verdict == "no effect"


@pytest.mark.parametrize(("rest", "verdict"), [(2e-9, "no effect"), (1.0, "contradicted")])
def test_a_rest_of_arithmetic_is_no_cost_to_the_maker(rest: float, verdict: str) -> None:
    """Some rates leave a rest where none should be: at 157.26 yen it tipped the verdict."""
    found = under(price_elasticity=0.0, yen_pass_through_percent=100.0).sign
    assert replace(found, unrecovered=Quantity(rest, "JPY per car")).verdict == verdict


def test_asked_and_cost_agree_at_the_rate_of_the_sticker_set() -> None:
    cost = BASE.cost
    assert cost.asked().value.to_numpy() == pytest.approx(cost.sticker().value.to_numpy())
    assert cost.price_ratio.value.to_numpy() == pytest.approx(1)
    assert cost.unrecovered.value == pytest.approx(0, abs=1e-9)


def test_units_answer_as_in_the_model_of_the_volume_notebook() -> None:
    """The same price response, draw by draw, where nothing caps the cars."""
    volume = BASE.volume
    car = next(own for own in volume.offers if own.model == BASE.cost.leading)
    free = replace(car, cap_units=np.inf, price_ratio=1.0)
    dearer = replace(free, price_ratio=1.0 + BASE.cost.sign.asked.value / 100)
    units = [BASE.steps["model_demand"](own, volume.centred) for own in (free, dearer)]
    factors = 100 * (units[1] / units[0] - 1)
    assert BASE.cost.sign.units.value == pytest.approx(np.median(factors), abs=0.1)
    assert BASE.cost.sign.units.interval == pytest.approx(np.quantile(factors, [0.1, 0.9]), abs=0.2)


def test_what_is_not_brought_back_is_counted_before_margin_and_tax() -> None:
    cost = under(jpy_per_usd=180.0)
    markups = (1 + np.array([cost.costs.japan_dealer_margin_percent.value, 10.0]) / 100).prod()
    gaps = [(cost.sticker(car) - cost.asked(car)).value for car in cost.quoted]
    assert cost.unrecovered.value == pytest.approx(np.mean(gaps) / markups / 180)
    sticker = cost.sticker("camry")
    assert landed_cost(sticker, cost.costs).value == pytest.approx(sticker.value / markups)


@given(rate=st.floats(60, 300))
@settings(max_examples=20, deadline=None)
def test_at_the_matching_rate_the_sticker_is_the_price_whatever_the_rate(rate: float) -> None:
    cost = under(jpy_per_usd=rate)
    matching = float(cost.matching_rate.value)
    sticker = cost.sticker(cost.leading, **cost.draws, jpy_per_usd=matching).median()
    assert sticker.value == pytest.approx(cost.lead_rival.price.value, rel=1e-4)


def test_no_rate_matches_a_price_below_the_yen_costs() -> None:
    with pytest.raises(InputError, match="no exchange rate gives the price"):
        _ = under(certification_cost_jpy_mn=5_000.0, certification_units=100).matching_rate


def test_the_rival_is_the_japan_built_one_with_the_newest_price() -> None:
    prices = BASE.tables["japan_prices"]
    own = BASE.cost.lead_rival
    assert own.assembly_country == "Japan"
    against = prices[prices["rival_of"].str.split(";").map(lambda cars: BASE.cost.leading in cars)]
    assert own.price.period == against["as_of"].max()
    assert {car.vehicle_id: car.price.value for car in BASE.cost.rivals} == (
        prices.set_index("vehicle_id")["price_jpy"].to_dict()
    )


def test_an_own_walk_changes_the_yen_test_too() -> None:
    def in_yen(cars: Quantities, costs: Quantities) -> dict[str, Quantity]:
        return {
            "price": Quantity(5_000_000.0, "JPY per car") + 0 * cars.list_price * costs.jpy_per_usd
        }

    found = BASE.using(price_walk=in_yen).cost.sign
    assert found.cost.value == pytest.approx(0)
    assert found.verdict == "no effect"


def test_a_scenario_moves_only_its_own_asked_price() -> None:
    assert under(jpy_per_usd=180.0).base.asked("camry").value == BASE.cost.asked("camry").value
    assert under(jpy_per_usd=180.0).set_sticker("camry").value == pytest.approx(
        BASE.cost.sticker("camry").value
    )
    assert Scenario().jpy_per_usd == BASE.scenario.jpy_per_usd
