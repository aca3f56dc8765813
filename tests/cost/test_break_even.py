"""The programme as an insurance: worked examples, two ways to the same numbers, the direction of
every parameter, the timeline.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.break_even import Stake, annuity_years, least_rise, premium
from helpers.cost.part import CostPart
from helpers.cost.timeline import timeline
from helpers.errors import InputError
from helpers.quantities import Quantity
from helpers.scenarios import check_values
from helpers.uncertainty import medians
from tests.cost.conftest import BASE

TERMS = BASE.cost.terms
PUBLISHED = TERMS.but(programme_fixed_cost_usd_mn=0.0, programme_annual_cost_usd_mn=100.0)
NOTHING, CARS = Quantity(0.0, "USD per car"), Quantity(20_000, "cars")
ALL, HALF = Quantity(100.0, "%"), Quantity(50.0, "%")


def lost(units: float, points: float) -> Stake:
    """The stake of exporters of cars of 27,380 dollars who bear a duty without any response."""
    amount = Quantity(units * 27_380 * points / 100 / 1e6, "USD million")
    return Stake(amount, amount)


def under(**changes: Any) -> CostPart:
    return BASE.under(check_values(changes, "test")).cost


def test_worked_examples(landed_golden: Any) -> None:
    wanted = landed_golden["premium"]
    maker, industry = lost(530_000, 10), lost(1_500_000, 10)
    found = premium(PUBLISHED, CARS, ALL, NOTHING, maker, industry)
    assert found.maker.loss.value == pytest.approx(wanted["difference_usd_mn_10_points"])
    assert found.break_even.value == pytest.approx(
        wanted["break_even_percent_10_points"], abs=0.005
    )
    assert found.industry_break_even.value == pytest.approx(
        wanted["industry_break_even_percent_10_points"], abs=0.005
    )
    wider = premium(PUBLISHED, CARS, ALL, NOTHING, lost(530_000, 12.5), industry)
    assert wider.break_even.value == pytest.approx(
        wanted["break_even_percent_12_5_points"], abs=0.005
    )


def test_one_maker_carries_its_part_and_all_carry_the_whole() -> None:
    maker, industry = lost(500_000, 10), lost(1_300_000, 10)
    whole = premium(PUBLISHED, CARS, ALL, NOTHING, maker, industry)
    part = premium(PUBLISHED, CARS, HALF, NOTHING, maker, industry)
    assert part.break_even.value == pytest.approx(whole.break_even.value / 2)
    assert part.industry_break_even.value == whole.industry_break_even.value
    makers = BASE.cost.cars.maker[list(BASE.cost.shown)]
    share = 100 * (makers == BASE.cost.maker).mean()
    assert BASE.cost.maker_share.value == pytest.approx(share)
    assert under(makers=[BASE.cost.maker]).maker_share.value == 100


def test_the_programme_is_discounted_like_a_bond() -> None:
    maker = lost(500_000, 10)
    found = premium(TERMS, CARS, ALL, Quantity(1_000.0, "USD per car"), maker, maker)
    own = BASE.scenario
    rate = 1 + own.discount_rate_percent / 100
    yearly = own.programme_annual_cost_usd_mn + 20_000 * 1_000 / 1e6
    years = range(1, own.horizon_years + 1)
    by_hand = own.programme_fixed_cost_usd_mn + sum(yearly / rate**year for year in years)
    assert found.present_value.value == pytest.approx(by_hand)
    savings = sum(found.maker.loss.value / rate**year for year in years)
    assert found.break_even.value == pytest.approx(100 * by_hand / savings)
    assert found.cost_per_car.value == pytest.approx(found.cost.value * 1e6 / 20_000)


@given(rate=st.floats(0.01, 50), years=st.integers(1, 20))
@settings(max_examples=40)
def test_the_annuity_is_the_closed_form(rate: float, years: int) -> None:
    closed = (1 - (1 + rate / 100) ** -years) / (rate / 100)
    assert annuity_years(Quantity(rate, "%"), years).value == pytest.approx(closed)
    assert annuity_years(Quantity(0.0, "%"), years).value == years


@pytest.mark.parametrize(
    ("name", "change", "sign"),
    [
        ("programme_fixed_cost_usd_mn", 10.0, 1),
        ("programme_annual_cost_usd_mn", 10.0, 1),
        ("discount_rate_percent", 2.0, 1),
        ("japan_supply_elasticity", 0.5, 1),
        ("us_duty_percent", 2.0, 1),
        ("counterfactual_duty_percent", 2.0, -1),
        ("maker_export_units", 10_000, -1),
        ("horizon_years", 1, -1),
    ],
)
def test_the_break_even_answers_in_the_right_direction(name: str, change: float, sign: int) -> None:
    after = under(**{name: getattr(BASE.scenario, name) + change}).break_even.value
    assert np.sign(after - BASE.cost.break_even.value) == sign


def test_draws_of_units_give_draws_of_the_cost_of_a_car() -> None:
    draws = Quantity(np.linspace(2_000.0, 30_000.0, 1_024), "cars a year")
    found = medians(BASE.cost.premium_of(draws))
    low, high = found.cost_per_car.interval or (0.0, 0.0)
    assert low < found.cost_per_car.value < high
    assert high > 5 * low


def test_nothing_to_protect_and_nothing_to_pay() -> None:
    dollars = [Quantity(amount, "USD million") for amount in (5.0, 2.0, 0.0, -1.0)]
    five, two, none, negative = dollars
    assert least_rise(two, five).value == pytest.approx(40)
    assert least_rise(five, two).value == 100
    assert least_rise(five, none).value == least_rise(five, negative).value == 100
    assert least_rise(none, five).value == least_rise(negative, five).value == 0


def test_without_a_stake_the_break_even_has_no_interval() -> None:
    found = under(us_duty_percent=27.5).premium
    assert found.break_even.value == 100
    assert found.break_even.interval is None
    assert found.maker.loss.value == 0


def test_intervals_of_cost_and_stake_hold_the_numbers() -> None:
    found = BASE.cost.premium
    for number in (found.cost, found.maker.loss, found.break_even, found.cost_per_car):
        assert number.interval is not None
        assert number.interval[0] < number.value < number.interval[1]


def test_the_duty_of_the_maker_lies_below_its_own_figure_for_all_tariffs() -> None:
    tariffs = BASE.cost.tariff_cost
    assert tariffs.ratio > 1
    assert 2.5 < tariffs.mean_duty.value < 27.5


class TestTimeline:
    def test_the_plan_came_after_the_cut(self) -> None:
        found = BASE.cost.timeline
        assert (found.agreed_on, found.in_force_on) == ("2025-07-22", "2025-09-16")
        assert (found.first_named_on, found.standing_when_agreed) == ("2025-06-09", "considering")
        assert found.aimed_on == "2025-12-19"
        assert not found.plan_came_first
        assert list(found.rows["date"]) == sorted(found.rows["date"])

    def test_an_aim_before_the_agreement_turns_the_answer(self) -> None:
        events = BASE.tables["events"].copy()
        events.loc[events["event_id"] == "toyota_us_models.20250609", "status"] = "aims"
        found = timeline(events, BASE.tables["tariffs"], BASE.cost.maker)
        assert found.plan_came_first
        assert found.standing_when_agreed == "aims"

    def test_a_missing_event_is_named(self) -> None:
        events = BASE.tables["events"]
        tariffs = BASE.tables["tariffs"]
        with pytest.raises(InputError, match=r"one of 2025-09-16 share a source"):
            timeline(events[events["date"] != "2025-09-16"], tariffs, "Toyota")
        with pytest.raises(InputError, match="no event nobody_us_models"):
            timeline(events, tariffs, "Nobody")
