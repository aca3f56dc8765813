"""The political premium: worked examples, two ways to the same numbers, the direction of every
parameter, the timeline.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost import ranges as cost_ranges
from helpers.cost.premium import (
    PremiumInputs,
    annuity_years,
    break_even,
    export_price,
    premium,
    stake,
)
from helpers.cost.price_walk import LandedCostInputs, imported_cars, price_walk
from helpers.cost.timeline import timeline
from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import Scenario

BASE = Scenario().of(PremiumInputs)
PUBLISHED = replace(
    BASE,
    us_duty_percent=15.0,
    counterfactual_duty_percent=25.0,
    absorption_percent=0.0,
    maker_export_units=530_000,
    programme_fixed_cost_usd_mn=0.0,
    programme_annual_cost_usd_mn=100.0,
)
INDUSTRY, VALUE = 1_500_000, 27_380.0


def test_worked_examples(landed_golden: Any) -> None:
    wanted = landed_golden["premium"]
    found = premium(PUBLISHED, INDUSTRY, VALUE)
    assert found.maker.difference_usd_mn == pytest.approx(wanted["difference_usd_mn_10_points"])
    assert 100 * found.maker_break_even == pytest.approx(
        wanted["break_even_percent_10_points"], abs=0.005
    )
    assert 100 * found.industry_break_even == pytest.approx(
        wanted["industry_break_even_percent_10_points"], abs=0.005
    )
    wider = premium(replace(PUBLISHED, counterfactual_duty_percent=27.5), INDUSTRY, VALUE)
    assert 100 * wider.maker_break_even == pytest.approx(
        wanted["break_even_percent_12_5_points"], abs=0.005
    )


def test_full_absorption_keeps_the_landed_price(landed_golden: Any) -> None:
    price = export_price(1.0, 27.5, 2.5, 100)
    assert price == pytest.approx(
        landed_golden["incidence"]["full_absorption_price_factor"], abs=1e-6
    )
    assert price * 1.275 == pytest.approx(1.025)
    assert 100 * (1 - export_price(1.0, 15, 2.5, 100)) == pytest.approx(
        landed_golden["incidence"]["full_absorption_cut_percent_at_15"], abs=0.05
    )


def test_programme_is_discounted_like_a_bond() -> None:
    found = premium(BASE, INDUSTRY, VALUE, 1_000.0)
    rate = 1 + BASE.discount_rate_percent / 100
    flows = [
        BASE.programme_annual_cost_usd_mn + BASE.programme_units * 1_000 / 1e6
    ] * BASE.horizon_years
    by_hand = BASE.programme_fixed_cost_usd_mn + sum(
        flow / rate**year for year, flow in enumerate(flows, 1)
    )
    assert found.cost_present_usd_mn == pytest.approx(by_hand)
    savings = sum(
        found.maker.difference_usd_mn / rate**year for year in range(1, BASE.horizon_years + 1)
    )
    assert found.maker_break_even == pytest.approx(by_hand / savings)
    assert found.cost_per_car_usd == pytest.approx(
        found.cost_yearly_usd_mn * 1e6 / BASE.programme_units
    )


def test_annuity_without_interest_counts_the_years() -> None:
    assert annuity_years(7, 0) == 7
    assert annuity_years(7, 1e-9) == pytest.approx(7)


@given(
    now=st.floats(0, 60), more=st.floats(0, 60), absorbed=st.floats(0, 100), units=st.floats(1, 3e6)
)
@settings(max_examples=80)
def test_difference_is_what_maker_and_buyer_bear(
    now: float, more: float, absorbed: float, units: float
) -> None:
    found = stake(
        units,
        VALUE,
        replace(
            BASE,
            us_duty_percent=now,
            counterfactual_duty_percent=now + more,
            absorption_percent=absorbed,
        ),
    )
    assert found.exporter_part_usd_mn + found.buyer_part_usd_mn == pytest.approx(
        found.difference_usd_mn, abs=1e-6
    )
    assert found.exporter_part_usd_mn >= -1e-9
    assert found.buyer_part_usd_mn >= -1e-9


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
def test_break_even_answers_in_the_right_direction(name: str, change: float, sign: int) -> None:
    before = premium(BASE, INDUSTRY, VALUE, 500.0).maker_break_even
    after = premium(
        replace(BASE, **{name: getattr(BASE, name) + change}), INDUSTRY, VALUE, 500.0
    ).maker_break_even
    assert math.copysign(1, after - before) == sign


def test_all_together_need_less_than_one_alone() -> None:
    found = premium(BASE, INDUSTRY, VALUE)
    assert found.industry_break_even == pytest.approx(
        found.maker_break_even * BASE.maker_export_units / INDUSTRY
    )


def test_nothing_to_protect_and_nothing_to_pay() -> None:
    assert (
        premium(replace(BASE, us_duty_percent=27.5), INDUSTRY, VALUE).maker_break_even == math.inf
    )
    assert (
        premium(replace(BASE, us_duty_percent=40.0), INDUSTRY, VALUE).industry_break_even
        == math.inf
    )
    assert (
        premium(
            replace(BASE, programme_fixed_cost_usd_mn=0.0, programme_annual_cost_usd_mn=0.0),
            INDUSTRY,
            VALUE,
        ).maker_break_even
        == 0
    )
    assert premium(BASE, INDUSTRY, VALUE, -1e6).maker_break_even == 0
    assert break_even(5, 2) == 2.5


@pytest.mark.parametrize(
    "changes",
    [
        {"absorption_percent": 101.0},
        {"horizon_years": 0},
        {"programme_fixed_cost_usd_mn": float("inf")},
        {"us_duty_percent": -1.0},
    ],
)
def test_bad_inputs_are_refused(changes: dict[str, float]) -> None:
    with pytest.raises(InputError):
        replace(BASE, **changes)


class TestIntervals:
    """80 % intervals by a fixed sequence, against a seeded Monte Carlo run of the same PERT
    distributions.
    """

    def test_sticker_interval_agrees_with_monte_carlo(self) -> None:
        (car,) = imported_cars(load("programme_models"), load("vehicles"), ["highlander"])
        landed, ranges = Scenario().of(LandedCostInputs), load("cost_ranges")
        low, high = cost_ranges.sticker_interval(car, cost_ranges.drawn(landed, ranges))
        random = np.random.default_rng(7)
        names = [name for name in ranges["parameter"] if name in vars(landed)]
        rows = ranges.set_index("parameter")
        draws = {}
        for name in names:
            start, mode, end = (float(rows.loc[name, column]) for column in ("low", "mode", "high"))
            draws[name] = start + (end - start) * random.beta(
                1 + 4 * (mode - start) / (end - start), 1 + 4 * (end - mode) / (end - start), 20_000
            )
        stickers = [
            price_walk(
                car, replace(landed, **{name: float(draws[name][point]) for name in names})
            ).sticker_jpy
            for point in range(20_000)
        ]
        assert [low, high] == pytest.approx(list(np.percentile(stickers, [10, 90])), rel=0.003)
        assert low < price_walk(car, landed).sticker_jpy < high

    def test_likely_values_are_the_base_scenario(self) -> None:
        base = Scenario()
        for row in load("cost_ranges").itertuples():
            assert getattr(base, row.parameter) == row.mode

    def test_the_range_moves_with_the_scenario_and_stops_at_its_bounds(self) -> None:
        assert cost_ranges.moved_range(14, 8, 14, 20, 100) == (8, 14, 20)
        assert cost_ranges.moved_range(20, 8, 14, 20, 100) == (14, 20, 26)
        assert cost_ranges.moved_range(2, 8, 14, 20, 100) == (0, 2, 8)
        assert cost_ranges.moved_range(98, 70, 90, 100, 100) == (78, 98, 100)

    def test_without_a_stake_the_break_even_has_no_interval(self) -> None:
        found = cost_ranges.premium_intervals(
            replace(BASE, us_duty_percent=27.5), load("cost_ranges"), INDUSTRY, VALUE, 0.0
        )
        assert found.maker_break_even == (math.inf, math.inf)
        assert found.maker_difference_usd_mn == (0, 0)


class TestTimeline:
    def test_the_plan_came_after_the_cut(self) -> None:
        found = timeline(load("events"))
        assert (found.agreed_on, found.in_force_on) == ("2025-07-22", "2025-09-16")
        assert (found.first_named_on, found.standing_when_agreed) == ("2025-06-09", "considering")
        assert found.aimed_on == "2025-12-19"
        assert not found.plan_came_first
        assert list(found.rows["date"]) == sorted(found.rows["date"])

    def test_an_aim_before_the_agreement_turns_the_answer(self) -> None:
        events = load("events")
        events.loc[events["event_id"] == "toyota_us_models.20250609", "status"] = "aims"
        found = timeline(events)
        assert found.plan_came_first
        assert found.standing_when_agreed == "aims"

    def test_a_missing_event_is_named(self) -> None:
        events = load("events")
        with pytest.raises(InputError, match="us_japan_deal"):
            timeline(events[events["event_id"] != "us_japan_deal.20250722"])
