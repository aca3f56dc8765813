"""Laws of the car trade that hold in every scenario: more parts need more cars, full absorption
moves no price, twice is twice.
"""

from typing import Any

import pytest

from helpers.data import load
from helpers.quantities import Quantity
from helpers.results import NAMES, Result
from helpers.scenarios import Scenario, load_scenarios, parameters
from helpers.study import Study
from helpers.trade import findings
from helpers.trade.effect import Effect
from helpers.trade.incidence import Incidence
from helpers.trade.part import TradePart
from tests.tiers import representatives

STUDY = Study.of()
SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
# A valid value that differs from the base, for parameters whose step is not obvious.
OTHER_VALUES: dict[str, Any] = {
    "flow_basis": "as_reported",
    "goods_deficit_vintage": "first_release",
    "tariff_date": "2025-06-15",
    "trade_year": 2023,
}


def effect(scenario: Scenario, **changes: Any) -> Effect:
    return STUDY.under(scenario.model_copy(update=changes)).trade.effect


def incidence(scenario: Scenario, **changes: Any) -> Incidence:
    return STUDY.under(scenario.model_copy(update=changes)).trade.incidence


def numbers(scenario: Scenario) -> dict[str, Any]:
    found: tuple[Result, ...] = findings.everything(STUDY.under(scenario).trade)
    return {result.name: result.value for result in found}


@pytest.fixture(scope="module")
def base_numbers() -> dict[str, Any]:
    return numbers(Scenario())


@pytest.fixture(
    scope="module", params=representatives(list(SCENARIOS), "base", "very_weak_yen", "dense_city")
)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return SCENARIOS[request.param]


@pytest.fixture(scope="module")
def as_is(scenario: Scenario) -> TradePart:
    return STUDY.under(scenario).trade


def plain(units: Quantity | None) -> float:
    assert units is not None
    return float(units.value)


def test_more_japanese_parts_need_more_cars(scenario: Scenario, as_is: TradePart) -> None:
    more = effect(
        scenario, japanese_parts_share_percent=scenario.japanese_parts_share_percent + 10.0
    )
    assert plain(more.units_to_close_net) > plain(as_is.effect.units_to_close_net)
    assert plain(more.units_to_close_gross) == plain(as_is.effect.units_to_close_gross)
    assert more.us_value_added < as_is.effect.us_value_added


def test_backfill_needs_more_cars_and_moves_no_gross_number(
    scenario: Scenario, as_is: TradePart
) -> None:
    more = effect(scenario, backfill_share_percent=scenario.backfill_share_percent + 25.0)
    assert plain(more.units_to_close_net) > plain(as_is.effect.units_to_close_net)
    assert more.gross == as_is.effect.gross


def test_twice_the_cars_have_twice_the_effect(scenario: Scenario, as_is: TradePart) -> None:
    twice, once = effect(scenario, programme_units=2 * scenario.programme_units), as_is.effect
    for lens in ("gross", "us_value_added", "net", "share_of_deficit"):
        assert getattr(twice, lens).value == pytest.approx(2 * getattr(once, lens).value)
    assert float(twice.flow_multiple - 1) == pytest.approx(2 * float(once.flow_multiple - 1))
    assert plain(twice.units_to_close_net) == plain(once.units_to_close_net)


def test_twice_the_share_takes_twice_the_cars(scenario: Scenario, as_is: TradePart) -> None:
    twice, once = effect(scenario, close_share_percent=2 * scenario.close_share_percent), as_is
    for closing in ("units_to_close_gross", "units_to_close_net"):
        assert plain(getattr(twice, closing)) == pytest.approx(
            2 * plain(getattr(once.effect, closing))
        )


def test_the_cars_found_close_the_share(scenario: Scenario, as_is: TradePart) -> None:
    found = as_is.effect
    closed = plain(found.units_to_close_net) * found.net.value / found.units.value
    assert closed == pytest.approx(scenario.close_share_percent / 100 * as_is.flows.gap_value.value)


def test_full_absorption_leaves_the_us_price_and_the_quantity(scenario: Scenario) -> None:
    found = incidence(scenario, absorption_percent=100.0)
    for outcome in (found.now, found.counterfactual):
        for moved in (outcome.landed_price, outcome.cars, outcome.triangle):
            assert moved.value == pytest.approx(0, abs=1e-9)
    assert found.by_origin["quantity_percent"].abs().max() < 1e-9


def test_no_absorption_leaves_the_export_price(scenario: Scenario) -> None:
    found = incidence(scenario, absorption_percent=0.0)
    for outcome in (found.now, found.counterfactual):
        assert outcome.export_price.value == 0
        assert outcome.exporter.value == 0


def test_less_absorption_costs_buyers_more(scenario: Scenario, as_is: TradePart) -> None:
    less = incidence(scenario, absorption_percent=scenario.absorption_percent / 2).counterfactual
    more = as_is.incidence.counterfactual
    assert less.landed_price > more.landed_price
    assert less.cars < more.cars


def test_the_saving_is_the_difference_of_the_duties(scenario: Scenario, as_is: TradePart) -> None:
    points = scenario.counterfactual_duty_percent - scenario.us_duty_percent
    assert as_is.incidence.saving_static.value == pytest.approx(
        points / 100 * as_is.flows.japan_value.value
    )
    assert (as_is.incidence.saving.value > 0) == (points > 0)


def test_an_elastic_buyer_cuts_revenue(scenario: Scenario, as_is: TradePart) -> None:
    elastic = incidence(scenario, import_demand_elasticity=2 * scenario.import_demand_elasticity)
    assert elastic.now.revenue < as_is.incidence.now.revenue
    assert elastic.now.revenue_static == as_is.incidence.now.revenue_static


def test_the_exchange_rate_moves_yen_and_no_dollar(scenario: Scenario, as_is: TradePart) -> None:
    weaker = effect(scenario, jpy_per_usd=scenario.jpy_per_usd * 1.1)
    assert weaker.gross_jpy.value == pytest.approx(1.1 * as_is.effect.gross_jpy.value)
    assert weaker.gross == as_is.effect.gross
    assert weaker.net == as_is.effect.net


def test_every_result_is_whole_and_listed(as_is: TradePart) -> None:
    found = findings.everything(as_is)
    assert len({result.name for result in found}) == len(found)
    registered = set(load("sources")["source_id"])
    for result in found:
        assert result.name in NAMES
        assert set(result.source_ids) <= registered | {"ASSUMPTION"}
        assert result.quality != "unverified"


@pytest.mark.parametrize("name", [one.name for one in parameters("01_trade_imbalance")])
def test_every_parameter_changes_a_recorded_number(name: str, base_numbers: dict[str, Any]) -> None:
    base = Scenario()
    now = getattr(base, name)
    other = OTHER_VALUES[name] if name in OTHER_VALUES else now * 1.1 if now else 5.0
    changed = numbers(
        base.model_copy(update={name: round(other) if isinstance(now, int) else other})
    )
    assert changed != base_numbers, f"{name} = {other} changes nothing"
