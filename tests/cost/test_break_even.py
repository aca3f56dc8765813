"""The programme as an insurance: worked examples, two ways to the same numbers, the direction of
every parameter, the timeline.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.break_even import annuity_years, export_price, least_rise, premium, stake
from helpers.cost.part import CostPart
from helpers.cost.timeline import timeline
from helpers.errors import InputError
from helpers.quantities import Quantity
from helpers.scenarios import check_values
from tests.cost.conftest import BASE

TERMS = BASE.cost.terms
PUBLISHED = TERMS.but(
    us_duty_percent=15.0,
    counterfactual_duty_percent=25.0,
    absorption_percent=0.0,
    maker_export_units=530_000,
    programme_fixed_cost_usd_mn=0.0,
    programme_annual_cost_usd_mn=100.0,
)
INDUSTRY, VALUE = Quantity(1_500_000, "cars"), Quantity(27_380.0, "USD per car")
NOTHING = Quantity(0.0, "USD per car")


def under(**changes: Any) -> CostPart:
    return BASE.under(check_values(changes, "test")).cost


def test_worked_examples(landed_golden: Any) -> None:
    wanted = landed_golden["premium"]
    found = premium(PUBLISHED, INDUSTRY, VALUE, NOTHING)
    assert found.maker.difference.value == pytest.approx(wanted["difference_usd_mn_10_points"])
    assert found.break_even.value == pytest.approx(
        wanted["break_even_percent_10_points"], abs=0.005
    )
    assert found.industry_break_even.value == pytest.approx(
        wanted["industry_break_even_percent_10_points"], abs=0.005
    )
    wider = PUBLISHED.but(counterfactual_duty_percent=27.5)
    assert premium(wider, INDUSTRY, VALUE, NOTHING).break_even.value == pytest.approx(
        wanted["break_even_percent_12_5_points"], abs=0.005
    )


def test_full_absorption_keeps_the_landed_price(landed_golden: Any) -> None:
    whole = TERMS.but(baseline_duty_percent=2.5, absorption_percent=100.0)
    one = Quantity(1.0, "USD per car")
    price = export_price(one, Quantity(27.5, "%"), whole).value
    assert price == pytest.approx(
        landed_golden["incidence"]["full_absorption_price_factor"], abs=1e-6
    )
    assert price * 1.275 == pytest.approx(1.025)
    cut = 100 * (1 - export_price(one, Quantity(15.0, "%"), whole).value)
    assert cut == pytest.approx(
        landed_golden["incidence"]["full_absorption_cut_percent_at_15"], abs=0.05
    )


def test_the_programme_is_discounted_like_a_bond() -> None:
    found = premium(TERMS, INDUSTRY, VALUE, Quantity(1_000.0, "USD per car"))
    own = BASE.scenario
    rate = 1 + own.discount_rate_percent / 100
    yearly = own.programme_annual_cost_usd_mn + own.programme_units * 1_000 / 1e6
    years = range(1, own.horizon_years + 1)
    by_hand = own.programme_fixed_cost_usd_mn + sum(yearly / rate**year for year in years)
    assert found.present_value.value == pytest.approx(by_hand)
    savings = sum(found.maker.difference.value / rate**year for year in years)
    assert found.break_even.value == pytest.approx(100 * by_hand / savings)
    assert found.cost_per_car.value == pytest.approx(found.cost.value * 1e6 / own.programme_units)


@given(rate=st.floats(0.01, 50), years=st.integers(1, 20))
@settings(max_examples=40)
def test_the_annuity_is_the_closed_form(rate: float, years: int) -> None:
    closed = (1 - (1 + rate / 100) ** -years) / (rate / 100)
    assert annuity_years(Quantity(rate, "%"), years).value == pytest.approx(closed)
    assert annuity_years(Quantity(0.0, "%"), years).value == years


@given(
    now=st.floats(0, 60), more=st.floats(0, 60), absorbed=st.floats(0, 100), units=st.floats(1, 3e6)
)
@settings(max_examples=60)
def test_the_difference_is_what_maker_and_buyer_bear(
    now: float, more: float, absorbed: float, units: float
) -> None:
    terms = TERMS.but(
        us_duty_percent=now, counterfactual_duty_percent=now + more, absorption_percent=absorbed
    )
    found = stake(Quantity(units, "cars"), VALUE, terms)
    assert (found.exporter_part + found.buyer_part).value == pytest.approx(
        found.difference.value, abs=1e-6
    )
    assert found.exporter_part.value >= -1e-9
    assert found.buyer_part.value >= -1e-9


@pytest.mark.parametrize(
    ("name", "change", "sign"),
    [
        ("programme_fixed_cost_usd_mn", 10.0, 1),
        ("programme_annual_cost_usd_mn", 10.0, 1),
        ("discount_rate_percent", 2.0, 1),
        ("absorption_percent", 5.0, 1),
        ("us_duty_percent", 2.0, 1),
        ("counterfactual_duty_percent", 2.0, -1),
        ("maker_export_units", 10_000, -1),
        ("horizon_years", 1, -1),
        ("programme_units", 10_000, 1),
    ],
)
def test_the_break_even_answers_in_the_right_direction(name: str, change: float, sign: int) -> None:
    lost = Quantity(500.0, "USD per car")
    before = premium(TERMS, INDUSTRY, VALUE, lost).break_even.value
    terms = TERMS.but(**{name: getattr(BASE.scenario, name) + change})
    after = premium(terms, INDUSTRY, VALUE, lost).break_even.value
    assert np.sign(after - before) == sign


def test_all_together_need_less_than_one_alone() -> None:
    found = premium(TERMS, INDUSTRY, VALUE, NOTHING)
    share = BASE.scenario.maker_export_units / INDUSTRY.value
    assert found.industry_break_even.value == pytest.approx(found.break_even.value * share)


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
    assert found.maker.difference.interval == (0, 0)


def test_intervals_of_cost_and_stake_hold_the_numbers() -> None:
    found = BASE.cost.premium
    for number in (found.cost, found.maker.difference, found.break_even):
        assert number.interval is not None
        assert number.interval[0] < number.value < number.interval[1]


def test_the_duty_of_the_maker_lies_below_its_own_figure_for_all_tariffs() -> None:
    anchor = BASE.cost.anchor
    assert anchor.ratio > 1
    assert 2.5 < anchor.mean_duty.value < 27.5


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
