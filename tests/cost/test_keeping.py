"""Keeping cost: tax bands, half tonnes, inspections, the goods plate."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cost.keeping import (
    automobile_tax_jpy,
    goods_plate_case,
    inspections,
    keeping_cost,
    keeping_rates,
    weight_tax_jpy,
)
from helpers.data import load
from helpers.errors import InputError

RATES = keeping_rates(load("keeping_costs"))


def test_tax_by_displacement(landed_golden: Any) -> None:
    for displacement, tax in landed_golden["keeping"]["by_cc"].items():
        assert automobile_tax_jpy(RATES, float(displacement)) == tax
    assert automobile_tax_jpy(RATES, 2_500) == 43_500
    assert automobile_tax_jpy(RATES, 7_000) == 110_000


@given(smaller=st.floats(1, 9_000), larger=st.floats(1, 9_000))
@settings(max_examples=60)
def test_tax_never_falls_with_displacement(smaller: float, larger: float) -> None:
    low, high = sorted([smaller, larger])
    assert automobile_tax_jpy(RATES, low) <= automobile_tax_jpy(RATES, high)
    assert automobile_tax_jpy(RATES, low, "goods") == 16_000


def test_weight_tax_counts_half_tonnes_begun() -> None:
    assert [weight_tax_jpy(RATES, kg) for kg in (1, 500, 501, 1_565, 2_070)] == [
        4_100,
        4_100,
        8_200,
        16_400,
        20_500,
    ]


def test_inspections_fall_at_three_five_seven_and_two_three_four() -> None:
    assert [inspections(RATES, "passenger", years) for years in (1, 3, 4, 5, 6, 10)] == [
        0,
        0,
        1,
        1,
        2,
        4,
    ]
    assert [inspections(RATES, "goods", years) for years in (1, 2, 3, 4, 10)] == [0, 0, 1, 2, 8]


def test_goods_plate_of_the_tundra() -> None:
    found = goods_plate_case(RATES, 3_445, 10)
    assert found.tax_saving_jpy == 57_000 - 16_000
    assert found.even_trips == pytest.approx(41_000 / (13_410 - 11_390))
    assert found.extra_inspections == 4


def test_goods_plate_has_no_weight_tax_because_none_was_found() -> None:
    assert keeping_cost(RATES, 3_445, 2_600, "goods", 10).weight_tax_jpy is None
    assert keeping_cost(RATES, 3_445, 2_600, "passenger", 10).weight_tax_jpy == 24_600


@pytest.mark.parametrize("item", ["weight_tax", "toll_example_goods"])
def test_a_missing_rate_is_named(item: str) -> None:
    table = load("keeping_costs")
    with pytest.raises(InputError, match=item):
        keeping_rates(table[table["item"] != item])


def test_nonsense_is_refused() -> None:
    with pytest.raises(InputError, match="displacement"):
        automobile_tax_jpy(RATES, 0)
    with pytest.raises(InputError, match="weight"):
        weight_tax_jpy(RATES, float("nan"))
