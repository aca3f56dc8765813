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
from helpers.trade import duty_findings, findings
from helpers.trade.effect import Effect
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


def trade(scenario: Scenario, **changes: Any) -> TradePart:
    return STUDY.under(scenario.model_copy(update=changes)).trade


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


def middle(quantity: Quantity) -> float:
    return float(quantity.median().value)


def test_more_elastic_supply_absorbs_less_and_sells_fewer(
    scenario: Scenario, as_is: TradePart
) -> None:
    more = trade(scenario, japan_supply_elasticity=scenario.japan_supply_elasticity + 1.0)
    if scenario.counterfactual_duty_percent == scenario.baseline_duty_percent:
        assert middle(more.otherwise.absorbed) == middle(as_is.otherwise.absorbed) == 0
        assert middle(more.otherwise.cars) == middle(as_is.otherwise.cars) == 0
        assert middle(more.otherwise.us_buyers) == middle(as_is.otherwise.us_buyers) == 0
        return
    assert middle(more.otherwise.absorbed) < middle(as_is.otherwise.absorbed)
    assert middle(more.otherwise.cars) < middle(as_is.otherwise.cars)
    assert middle(more.otherwise.us_buyers) < middle(as_is.otherwise.us_buyers)


def test_more_backfill_never_closes_more_of_the_gap(scenario: Scenario, as_is: TradePart) -> None:
    more = effect(scenario, backfill_share_percent=min(100.0, scenario.backfill_share_percent + 30))
    assert more.net <= as_is.effect.net


def test_the_saving_is_the_difference_of_the_duties(scenario: Scenario, as_is: TradePart) -> None:
    points = scenario.counterfactual_duty_percent - scenario.us_duty_percent
    assert as_is.saving_static.value == pytest.approx(
        points / 100 * as_is.untaxed.japan_value.value
    )
    assert (middle(as_is.saving) > 0) == (points > 0)


def test_intervals_hold_their_numbers(as_is: TradePart) -> None:
    for own in findings.everything(as_is):
        if own.low is not None and own.high is not None:
            assert own.low <= own.value <= own.high, own.name


def test_wider_inputs_never_narrow_an_interval(scenario: Scenario) -> None:
    def width(**rows: Any) -> list[float]:
        wide = STUDY.under(scenario.with_rows(rows)).trade.otherwise
        ends = [own.median().interval for own in (wide.absorbed, wide.cars, wide.us_net)]
        return [high - low for low, high in ends if (low, high)]

    usual = {"low": 0.05, "mode": 0.35, "high": 1.5}
    wider = {"low": 0.01, "mode": 0.35, "high": 4.0}
    name = "range.japan_supply_elasticity"
    narrow, wide = (
        width(**{name: tuple(float(own) for own in ends.values())}) for ends in (usual, wider)
    )
    assert all(one <= other + 1e-9 for one, other in zip(narrow, wide, strict=True))
    parts = [
        effect(scenario, parts_share_range_points=points).net.interval for points in (5.0, 20.0)
    ]
    assert parts[0][1] - parts[0][0] <= parts[1][1] - parts[1][0]


def test_a_flow_that_paid_the_duty_is_not_treated_as_untaxed() -> None:
    late = STUDY.under(Scenario(trade_year=2025)).trade
    assert late.flows.year == 2025
    assert late.untaxed.year == 2024
    assert late.now.revenue.median().value == STUDY.trade.now.revenue.median().value
    said = duty_findings.who_pays(late, late.now)
    assert "the cars of 2024, the last year before the duty" in said


def test_no_year_mixes_cars_with_vehicles() -> None:
    for year in (2022, 2023, 2024, 2025):
        flows = STUDY.under(Scenario(trade_year=year)).trade.flows
        assert flows.japan_cars < flows.japan_units
        assert "cars" in flows.basis["japan_value"]
        assert 22_000 < flows.japan_unit_value.value < 32_000


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
