"""The yen claim: worked examples, sign, who bears the rest."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.price_walk import ImportedCar, LandedCostInputs, price_walk
from helpers.cost.yen import (
    YenInputs,
    break_even_rate,
    hedged_cost_jpy,
    matching_rate,
    sign_test,
    yen_curve,
    yen_effect,
)
from helpers.errors import InputError
from helpers.scenarios import Scenario

CAR = ImportedCar("highlander", "Highlander", 45_570, 4_950, 1_930, 1_730)
BASE = Scenario().of(LandedCostInputs)
DOLLARS_ONLY = replace(BASE, certification_cost_jpy_mn=0.0)
YEN = Scenario().of(YenInputs)
STUDIED = YenInputs(
    yen_pass_through_percent=75, price_elasticity=-3, japanese_parts_share_percent=15
)


@pytest.mark.parametrize("rate", ["120", "140", "160"])
def test_units_follow_the_closed_form(rate: str, landed_golden: Any) -> None:
    effect = yen_effect(CAR, replace(DOLLARS_ONLY, jpy_per_usd=float(rate)), STUDIED, 150)
    assert effect.units_factor == pytest.approx(
        landed_golden["yen"]["units_factor"][rate], abs=6e-6
    )
    assert effect.units_factor == pytest.approx((float(rate) / 150) ** (-3 * 0.75))


def test_break_even_rate_and_content_hedge(landed_golden: Any) -> None:
    wanted = landed_golden["yen"]
    found = break_even_rate(
        wanted["break_even_rate"]["japan_cost_jpy"], wanted["break_even_rate"]["us_cost_usd"]
    )
    assert found == pytest.approx(wanted["break_even_rate"]["jpy_per_usd"], abs=0.001)
    for rate, cost in wanted["hedged_cost_jpy"].items():
        assert hedged_cost_jpy(32_000, 1_500, 15, 150, float(rate)) == pytest.approx(cost)
    up, down = (hedged_cost_jpy(32_000, 1_500, 15, 150, 150 * factor) for factor in (1.001, 0.999))
    assert (up - down) / (0.002 * 5_025_000) == pytest.approx(
        wanted["hedged_elasticity_at_150"], abs=5e-4
    )


@given(
    weaker=st.floats(0.5, 60),
    passed=st.floats(1, 100),
    elasticity=st.floats(-8, -0.1),
    rate=st.floats(60, 300),
)
@settings(max_examples=80)
def test_a_weaker_yen_never_sells_more(
    weaker: float, passed: float, elasticity: float, rate: float
) -> None:
    yen = YenInputs(passed, elasticity, 15)
    found = sign_test(CAR, replace(BASE, jpy_per_usd=rate), yen, weaker)
    assert found.verdict == "contradicted"
    assert found.units_percent < 0 < found.asked_percent <= found.cost_percent * (1 + 1e-9)
    assert found.hedged_cost_percent < found.cost_percent


def test_without_pass_through_the_maker_bears_all() -> None:
    found = sign_test(CAR, BASE, replace(YEN, yen_pass_through_percent=0))
    assert found.units_percent == 0
    assert found.buyer_jpy == pytest.approx(0, abs=1e-6)
    assert found.maker_jpy == pytest.approx(
        found.cost_percent / 100 * price_walk(CAR, BASE).sticker_jpy
    )
    assert found.unrecovered_jpy > 0
    assert found.verdict == "contradicted"


def test_with_full_pass_through_the_buyer_bears_all() -> None:
    found = sign_test(CAR, BASE, replace(YEN, yen_pass_through_percent=100))
    assert found.maker_jpy == pytest.approx(0, abs=1e-6)
    assert found.asked_percent == pytest.approx(found.cost_percent)


def test_buyers_who_do_not_mind_leave_units_alone() -> None:
    found = sign_test(CAR, BASE, replace(YEN, price_elasticity=0.0, yen_pass_through_percent=100))
    assert found.units_percent == 0
    assert found.verdict == "no effect"


def test_the_other_direction_gains() -> None:
    found = sign_test(CAR, BASE, YEN, 25)
    assert found.export_cost_usd_percent == pytest.approx(100 * (1 / 1.25 - 1))
    assert found.profit_jpy_percent == pytest.approx(25)


def test_a_hedge_of_all_content_leaves_only_the_costs_of_the_way() -> None:
    all_yen = sign_test(CAR, DOLLARS_ONLY, replace(YEN, japanese_parts_share_percent=100))
    none = sign_test(CAR, DOLLARS_ONLY, replace(YEN, japanese_parts_share_percent=0))
    plant = 0.92 * CAR.list_price_usd
    cost_usd = price_walk(CAR, DOLLARS_ONLY).landed_cost_jpy / DOLLARS_ONLY.jpy_per_usd
    assert none.hedged_cost_percent == pytest.approx(10)
    assert all_yen.hedged_cost_percent == pytest.approx(10 * (cost_usd - plant) / cost_usd)


def test_asked_and_cost_agree_at_the_rate_of_the_sticker_set() -> None:
    effect = yen_effect(CAR, BASE, YEN, BASE.jpy_per_usd)
    assert (
        effect.asked_sticker_jpy
        == pytest.approx(effect.cost_sticker_jpy)
        == pytest.approx(effect.set_sticker_jpy)
    )
    assert effect.unrecovered_jpy == pytest.approx(0, abs=1e-6)
    assert effect.units_factor == pytest.approx(1)


def test_curve_is_the_effect_at_each_rate() -> None:
    curve = yen_curve(CAR, BASE, YEN, 150, [120.0, 190.0])
    effect = yen_effect(CAR, replace(BASE, jpy_per_usd=190.0), YEN, 150)
    last = curve.iloc[-1]
    assert list(last) == pytest.approx(
        [
            190.0,
            effect.cost_sticker_jpy,
            effect.asked_sticker_jpy,
            100 * effect.units_factor,
            effect.unrecovered_jpy,
        ]
    )
    assert effect.unrecovered_usd == pytest.approx(effect.unrecovered_jpy / 190)


@given(price=st.floats(2e6, 3e7), rate=st.floats(60, 300))
@settings(max_examples=60)
def test_at_the_matching_rate_the_sticker_is_the_price(price: float, rate: float) -> None:
    walk = price_walk(CAR, replace(BASE, jpy_per_usd=rate))
    assert price_walk(
        CAR, replace(BASE, jpy_per_usd=matching_rate(walk, price))
    ).sticker_jpy == pytest.approx(price)


def test_no_rate_matches_a_price_below_the_yen_costs() -> None:
    walk = price_walk(
        CAR, replace(BASE, certification_cost_jpy_mn=5_000.0, certification_units=100)
    )
    with pytest.raises(InputError, match="give no rate"):
        matching_rate(walk, 1_000_000)


@pytest.mark.parametrize(
    "values", [(101, -1, 15), (75, 0.5, 15), (75, -1, -2), (float("nan"), -1, 15)]
)
def test_bad_inputs_are_refused(values: tuple[float, float, float]) -> None:
    with pytest.raises(InputError):
        YenInputs(*values)
