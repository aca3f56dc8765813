"""Quantities: arithmetic, units, provenance and intervals, against plain numbers and by hand."""

import math
import operator
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.quantities import (
    ASSUMPTION,
    QUALITIES,
    Provenance,
    Quantities,
    Quantity,
    UnitError,
    column,
    fact,
    resting_on,
)

NUMBERS = st.floats(-1e6, 1e6)
POSITIVE = st.floats(0.01, 1e6)
IMPORTS = fact(41_070, "USD million", "2024", "official", ("CENSUS",))
EXPORTS = fact(1.99, "USD bn", "2023", "reported", ("ITC",))
RATE = fact(150.0, "JPY per USD", "2024", "official", ("FED",))


@given(NUMBERS, NUMBERS)
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("operation", [operator.add, operator.sub, np.minimum, np.maximum])
def test_sums_in_different_scales_are_sums_in_one(
    operation: Callable[..., Any], one: float, other: float
) -> None:
    first, second = Quantity(one, "USD million"), Quantity(other, "USD bn")
    plain = operation(one, 1_000 * other)
    assert operation(first, second).value == pytest.approx(plain, rel=1e-9, abs=1e-6)
    back = operation(second, first).to("USD million").value
    assert back == pytest.approx(operation(1_000 * other, one), rel=1e-9, abs=1e-6)


@given(POSITIVE, POSITIVE)
@settings(max_examples=60, deadline=None)
def test_a_product_divided_by_a_side_is_the_other(units: float, value: float) -> None:
    cars, price = Quantity(units, "cars a year"), Quantity(value, "USD per car")
    revenue = cars * price
    assert revenue.unit == "USD"
    assert (revenue / cars).to("USD per car").value == pytest.approx(value)
    assert (revenue / price).to("vehicles").value == pytest.approx(units)


def test_percent_is_a_unit_and_needs_no_hundred() -> None:
    share = Quantity(15.0, "%")
    assert (1 - share).value == 0.85
    assert (Quantity(200.0, "USD") * share).value == 30
    assert (Quantity(50.0, "%") ** 2).to("%").value == 25
    assert float(np.log(Quantity(100 * math.e, "%"))) == pytest.approx(1)
    assert share < Quantity(0.2)


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        (lambda: IMPORTS + Quantity(1.0, "cars"), "cars and USD million: do not go together"),
        (lambda: IMPORTS - Quantity(1.0, "JPY bn"), "multiply by an exchange rate"),
        (lambda: Quantity(1.0, "%") > IMPORTS, "do not go together"),
        (lambda: IMPORTS + 5, r"5: has no unit.*Quantity\(5, 'USD million'\)"),
        (lambda: np.log(IMPORTS), "do not go together"),
        (lambda: IMPORTS.to("JPY bn"), "multiply by an exchange rate"),
        (lambda: np.sin(IMPORTS), "keeps no unit"),
    ],
)
def test_kinds_that_do_not_go_together_are_refused(operation: Callable[[], Any], told: str) -> None:
    with pytest.raises(UnitError, match=told):
        operation()


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_quantity_is_a_number(value: float) -> None:
    with pytest.raises(InputError, match="is not a number"):
        Quantity(value, "cars")


def test_money_turns_into_other_money_by_a_rate() -> None:
    assert (EXPORTS * RATE).to("JPY bn").value == pytest.approx(298.5)
    assert (Quantity(300.0, "JPY bn") / RATE).to("USD million").value == pytest.approx(2_000)


def test_a_result_names_all_its_sources_and_periods_once() -> None:
    gap = IMPORTS - EXPORTS
    assert gap.source_ids == ("CENSUS", "ITC")
    assert gap.period == "2024, 2023"
    assert (gap - IMPORTS).source_ids == ("CENSUS", "ITC")


@pytest.mark.parametrize("first", QUALITIES)
@pytest.mark.parametrize("second", QUALITIES)
def test_quality_is_the_worst_and_never_better_than_derived(first: str, second: str) -> None:
    rank = QUALITIES.index
    sides = [
        Quantity(1.0, "", Provenance("2024", quality, ("X",)))  # type: ignore[arg-type]
        for quality in (first, second)
    ]
    found = (sides[0] * sides[1]).quality
    assert rank(found) == max(rank(first), rank(second), rank("derived"))


def test_a_plain_number_makes_nothing_worse_than_derived() -> None:
    assert (2 * IMPORTS).quality == "derived"
    assert (2 * IMPORTS).source_ids == ("CENSUS",)


def test_an_assumption_is_an_estimate_and_a_fact_without_a_source_unverified() -> None:
    assumed = Quantity(40_000.0, "USD per car")
    assert (assumed.quality, assumed.source_ids) == ("estimate", (ASSUMPTION,))
    assert fact(1.0, "cars", quality="official").quality == "unverified"


def test_what_is_known_least_long_tells_until_when_a_result_is_known() -> None:
    days = ("2026-06-30", "2025-12-31", "")
    known = [fact(1.0, "cars", source_ids=("X",), known_until=day) for day in days]
    assert (known[0] + known[1] + known[2]).known_until == "2025-12-31"


@given(POSITIVE, POSITIVE, st.floats(0.01, 100))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_the_interval_of_one_side_passes_through(
    operation: Callable[..., Any], value: float, spread: float, other: float
) -> None:
    ends = (value, value + spread)
    side = Quantity(value, "", interval=ends, interval_label="range")
    for found, plain in (
        (operation(side, Quantity(other)), [operation(end, other) for end in ends]),
        (operation(Quantity(other), side), [operation(other, end) for end in ends]),
    ):
        assert found.interval == pytest.approx((min(plain), max(plain)))
        assert found.interval_label == "range"
        assert not found.needs_draws


def test_two_intervals_need_draws_and_say_so() -> None:
    side = Quantity(2.0, "cars", interval=(1.0, 3.0))
    total = side + side
    assert total.interval is None
    assert total.needs_draws
    assert "interval needs draws" in repr(total)
    assert (2 * total).needs_draws


def test_a_divisor_whose_interval_holds_nought_leaves_none() -> None:
    ratio = Quantity(1.0) / Quantity(1.0, interval=(-1.0, 2.0))
    assert ratio.interval is None
    assert ratio.needs_draws


def test_an_interval_keeps_its_meaning_in_another_unit() -> None:
    share = Quantity(0.1, interval=(0.05, 0.2)).to("%")
    assert share.interval == pytest.approx((5, 20))


def test_draws_become_a_median_with_an_interval() -> None:
    draws = Quantity(np.arange(101.0), "cars")
    doubled = (2 * draws).median(80)
    assert (doubled.value, doubled.interval) == (100, (20, 180))
    assert doubled.interval_label == "80 %"
    assert draws.text == "50 cars (10 to 90)"


def test_rows_keep_their_own_provenance() -> None:
    assumed = Quantity(0.05, "thousand USD")
    prices = column({"camry": fact(30.0, "USD", "2025", "official", ("A",)), "tundra": assumed})
    taxed = prices * 1.1
    assert taxed["camry"].value == pytest.approx(33)
    assert taxed["camry"].source_ids == ("A",)
    assert (taxed["camry"].quality, taxed.quality) == ("derived", "estimate")
    assert [name for name, _ in taxed.rows()] == ["camry", "tundra"]
    shift = taxed - prices
    assert list(shift.value.index) == ["camry", "tundra"]
    assert shift["tundra"].value == pytest.approx(5)


def test_a_plain_series_leaves_arithmetic_to_the_quantity() -> None:
    factors = pd.Series({"camry": 2.0, "tundra": 3.0})
    found = factors * Quantity(10.0, "USD")
    assert isinstance(found, Quantity)
    assert list(found.value) == [20, 30]


def test_a_column_holds_numbers_of_one_kind() -> None:
    with pytest.raises(UnitError, match="do not go together"):
        column({"gap": IMPORTS, "rate": RATE})


def test_a_number_from_another_method_rests_on_all_that_went_in() -> None:
    found = resting_on(0.7, "%", IMPORTS, Quantity(4.0))
    assert (found.source_ids, found.quality) == (("CENSUS", ASSUMPTION), "estimate")
    assert resting_on(0.7, "%", IMPORTS).quality == "derived"


def test_it_prints_as_a_reader_reads_it() -> None:
    assert repr(IMPORTS - EXPORTS) == "$39.1 bn, 2023 and 2024, derived"
    assert Quantity(20_000.0, "vehicles a year").text == "20,000 cars"
    assert Quantity(29_168.0, "USD per car").text == "$29,168 per car"
    assert Quantity(22_880.8, "USD per car").text == "$22,900 per car"
    assert fact(22_880.8, "USD per car", "2025", "official", ("A",)).text == "$22,881 per car"
    assert Quantity(6_578_880.0, "JPY").text == "¥6.58 m"
    assert Quantity(4.13, "%").text == "4.1 %"
    assert Quantity(6.38, "points", interval=(3.7, 9.6)).text == "6.4 points (3.7 to 9.6)"
    assert (Quantity(41_000.0, "JPY per car") / Quantity(2_020.0, "JPY per trip")).text == (
        "20.3 trips per car"
    )


def test_named_quantities_take_other_values_in_their_unit() -> None:
    costs = Quantities(rate=RATE, box=Quantity(10.0, "USD"))
    assert costs.but(rate=160.0).rate.unit == "JPY per USD"
    assert costs.but(rate=160.0).box is costs.box
    assert costs.rate.value == 150
    with pytest.raises(InputError, match=r"rat.*did you mean rate\?"):
        costs.but(rat=160.0)


def test_an_interval_whose_ends_print_alike_is_no_range() -> None:
    assert Quantity(5.0, "%", interval=(5.001, 5.002)).text == "5.0 %"
    assert Quantity(5.0, "%", interval=(4.9, 5.2)).text == "5.0 % (4.9 % to 5.2 %)"


def test_a_row_each_is_shown_as_a_table_with_a_caption() -> None:
    prices = column({"<b>": fact(29_100, "USD per car", "2025", "reported", ("S02",))})
    table = ElementTree.fromstring(f"<p>{prices._repr_html_()}</p>")
    assert table.findtext("table/caption") == "USD per car, 2025"
    assert [cell.text for cell in table.iterfind(".//tbody/tr/*")] == [
        "<b>",
        "$29,100",
        "reported",
    ]
    assert [cell.get("scope") for cell in table.iterfind(".//th")] == ["col", "col", "col", "row"]
    assert table.findtext("details/summary") == "Sources: 1"
    assert table.find("details/summary").tail == "S02"
    assert "Camry" in (prices.called({"<b>": "Camry"})._repr_html_() or "")


@pytest.mark.parametrize(
    ("period", "read"),
    [
        ("", "12.0 %, derived"),
        ("2024", "12.0 %, 2024, derived"),
        ("2024, 2023", "12.0 %, 2023 and 2024, derived"),
        ("2024, 2024-01/2026-12", "12.0 %, 2024 to 2026, derived"),
        ("2024-01, 2024-03", "12.0 %, January 2024 to March 2024, derived"),
        ("2025-09-16/..", "12.0 %, since September 2025, derived"),
        ("../2026-08", "12.0 %, until August 2026, derived"),
    ],
)
def test_a_period_is_read_as_people_say_it_and_one_that_is_none_not_at_all(
    period: str, read: str
) -> None:
    assert repr(fact(12.0, "%", period, "derived", ("A",))) == read
