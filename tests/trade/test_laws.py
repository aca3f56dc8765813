"""Laws of the car trade that hold in every scenario: more parts need more cars, full absorption
moves no price, twice is twice.
"""

import functools
from typing import Any

import pytest

from helpers.data import load
from helpers.results import NAMES, Result
from helpers.scenarios import Scenario, load_scenarios, parameters
from helpers.trade import case, findings, flows
from helpers.trade import effect as trade_effect
from helpers.trade import incidence as duties
from helpers.trade.case import TradeCase
from helpers.trade.effect import Effect, EffectInputs
from helpers.trade.flows import CarTrade, TradeInputs
from helpers.trade.incidence import Incidence, IncidenceInputs
from tests.tiers import representatives

TABLES = {name: load(name) for name in case.TABLES}
SCENARIOS = {one.name: one.scenario for one in load_scenarios()}
# A valid value that differs from the base, for parameters whose step is not obvious.
OTHER_VALUES: dict[str, Any] = {
    "flow_basis": "as_reported",
    "goods_deficit_vintage": "first_release",
    "tariff_date": "2025-06-15",
    "trade_year": 2023,
}


@functools.cache
def car_trade(inputs: TradeInputs) -> CarTrade:
    return flows.car_trade(
        inputs,
        *(
            TABLES[name]
            for name in (
                "trade_flows",
                "goods_trade",
                "claims",
                "fx_usdjpy_annual",
                "fx_usdjpy_monthly",
            )
        ),
    )


def effect(scenario: Scenario, **changes: Any) -> Effect:
    changed = scenario.model_copy(update=changes)
    return trade_effect.effect(
        changed.of(EffectInputs), car_trade(changed.of(TradeInputs)), TABLES["trade_flows"]
    )


def incidence(scenario: Scenario, **changes: Any) -> Incidence:
    changed = scenario.model_copy(update=changes)
    return duties.incidence(
        changed.of(IncidenceInputs), car_trade(changed.of(TradeInputs)), TABLES["trade_flows"]
    )


def recorded(found: TradeCase) -> list[dict[str, Any]]:
    return [
        *findings.gap(found.trade),
        *findings.price_cut(found.years),
        *findings.mirror(found.mirror),
        *findings.duty(found.duty),
        *findings.absorption(found.index, found.declared, case.INDEX_MONTH),
        *findings.incidence(found.incidence, found.incidence_inputs),
        *findings.effect(found.effect, found.trade),
    ]


def numbers(scenario: Scenario) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in recorded(case.estimate(TABLES, scenario))}


@pytest.fixture(scope="module")
def base_numbers() -> dict[str, Any]:
    return numbers(Scenario())


@pytest.fixture(
    scope="module", params=representatives(list(SCENARIOS), "base", "very_weak_yen", "dense_city")
)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return SCENARIOS[request.param]


@pytest.fixture(scope="module")
def as_is(scenario: Scenario) -> TradeCase:
    return case.estimate(TABLES, scenario)


def test_more_japanese_parts_need_more_cars(scenario: Scenario, as_is: TradeCase) -> None:
    more = effect(scenario, japanese_parts_share_percent=scenario.japanese_parts_share_percent + 10)
    assert more.units_to_close_net is not None
    assert as_is.effect.units_to_close_net is not None
    assert more.units_to_close_net > as_is.effect.units_to_close_net
    assert more.units_to_close_gross == as_is.effect.units_to_close_gross
    assert more.us_value_added.value < as_is.effect.us_value_added.value


def test_backfill_needs_more_cars_and_moves_no_gross_number(
    scenario: Scenario, as_is: TradeCase
) -> None:
    more = effect(scenario, backfill_share_percent=scenario.backfill_share_percent + 25.0)
    assert (more.units_to_close_net or 0) > (as_is.effect.units_to_close_net or 0)
    assert more.gross == as_is.effect.gross


def test_twice_the_cars_have_twice_the_effect(scenario: Scenario, as_is: TradeCase) -> None:
    twice, once = effect(scenario, programme_units=2 * scenario.programme_units), as_is.effect
    for lens in ("gross", "us_value_added", "net"):
        assert getattr(twice, lens).value == pytest.approx(2 * getattr(once, lens).value)
    assert twice.share_of_deficit_percent == pytest.approx(2 * once.share_of_deficit_percent)
    assert twice.flow_multiple - 1 == pytest.approx(2 * (once.flow_multiple - 1))
    assert twice.units_to_close_net == once.units_to_close_net


def test_twice_the_share_takes_twice_the_cars(scenario: Scenario, as_is: TradeCase) -> None:
    twice = effect(scenario, close_share_percent=2 * scenario.close_share_percent)
    assert twice.units_to_close_gross == pytest.approx(2 * (as_is.effect.units_to_close_gross or 0))
    assert twice.units_to_close_net == pytest.approx(2 * (as_is.effect.units_to_close_net or 0))


def test_the_cars_found_close_the_share(scenario: Scenario, as_is: TradeCase) -> None:
    needed = as_is.effect.units_to_close_net
    assert needed is not None
    assert needed * as_is.effect.net.value / as_is.effect.units == pytest.approx(
        scenario.close_share_percent / 100 * as_is.trade.gap_usd_mn
    )


def test_full_absorption_leaves_the_us_price_and_the_quantity(scenario: Scenario) -> None:
    found = incidence(scenario, absorption_percent=100.0)
    for outcome in (found.now, found.counterfactual):
        assert outcome.burden.landed_price_percent == pytest.approx(0, abs=1e-9)
        assert outcome.quantity_percent == pytest.approx(0, abs=1e-9)
        assert outcome.triangle_usd_mn == pytest.approx(0, abs=1e-9)
    assert found.by_origin["quantity_percent"].abs().max() < 1e-9


def test_no_absorption_leaves_the_export_price(scenario: Scenario) -> None:
    found = incidence(scenario, absorption_percent=0.0)
    for outcome in (found.now, found.counterfactual):
        assert outcome.burden.export_price_percent == 0
        assert outcome.burden.exporter_usd == 0


def test_less_absorption_costs_buyers_more(scenario: Scenario, as_is: TradeCase) -> None:
    less, more = (
        incidence(scenario, absorption_percent=scenario.absorption_percent / 2).counterfactual,
        as_is.incidence.counterfactual,
    )
    assert less.burden.landed_price_percent > more.burden.landed_price_percent
    assert less.quantity_percent < more.quantity_percent


def test_the_saving_is_the_difference_of_the_duties(scenario: Scenario, as_is: TradeCase) -> None:
    points = scenario.counterfactual_duty_percent - scenario.us_duty_percent
    assert as_is.incidence.saving_static_usd_mn == pytest.approx(
        points / 100 * as_is.trade.japan_value_usd_mn.value
    )
    assert (as_is.incidence.saving_usd_mn > 0) == (points > 0)


def test_an_elastic_buyer_cuts_revenue(scenario: Scenario, as_is: TradeCase) -> None:
    elastic = incidence(scenario, import_demand_elasticity=2 * scenario.import_demand_elasticity)
    assert elastic.now.revenue_usd_mn < as_is.incidence.now.revenue_usd_mn
    assert elastic.now.revenue_static_usd_mn == as_is.incidence.now.revenue_static_usd_mn


def test_the_exchange_rate_moves_yen_and_no_dollar(scenario: Scenario, as_is: TradeCase) -> None:
    weaker = effect(scenario, jpy_per_usd=scenario.jpy_per_usd * 1.1)
    assert weaker.gross_jpy_bn == pytest.approx(1.1 * as_is.effect.gross_jpy_bn)
    assert weaker.gross == as_is.effect.gross
    assert weaker.net == as_is.effect.net


def test_every_result_is_whole_and_listed(as_is: TradeCase) -> None:
    found = recorded(as_is)
    assert len({one["name"] for one in found}) == len(found)
    registered = set(load("sources")["source_id"])
    for one in found:
        low, high, label = one["interval"] or (None, None, "")
        rest = {key: value for key, value in one.items() if key != "interval"}
        result = Result(**rest, low=low, high=high, interval=label)
        assert result.name in NAMES
        assert result.unit
        assert set(result.source_ids) <= registered
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
