"""What a number of cars changes: worked examples, the solver against a numeric root, the published
table, refusals.
"""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from helpers import PROJECT_ROOT
from helpers.errors import InputError
from helpers.quantities import Quantity
from helpers.scenarios import check_values
from helpers.study import Study
from helpers.trade import effect
from helpers.trade.effect import Effect

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "trade.json").read_text(encoding="utf-8"))
EXAMPLES, HEADLINES = GOLDEN["worked_examples"], GOLDEN["headlines"]
STUDY = Study.of()
GAP = Quantity(41_070.0, "USD million")


def of(**parameters: Any) -> Effect:
    return STUDY.under(check_values(parameters, "test")).trade.effect


def usd(value: float) -> Quantity:
    return Quantity(value, "USD per car")


def percent(value: float) -> Quantity:
    return Quantity(value, "%")


def cars(share: float, per_car: Quantity) -> float | None:
    found = effect.units_to_close(percent(share), GAP, per_car)
    return None if found is None else float(found.value)


def test_20_000_cars_at_40_000_dollars_as_reported() -> None:
    found = of(flow_basis="as_reported", goods_deficit_vintage="first_release")
    assert found.gross.value == 800
    assert found.share_of_flow.value == pytest.approx(
        EXAMPLES["programme_share_of_flow_percent"], abs=1e-4
    )
    assert found.share_of_deficit.value == pytest.approx(
        EXAMPLES["programme_share_of_deficit_percent"], abs=1e-4
    )


@pytest.mark.parametrize(("share", "needed"), EXAMPLES["units_to_close_gross"].items())
def test_worked_examples_of_the_solver(share: str, needed: float) -> None:
    assert cars(float(share), usd(40_000)) == pytest.approx(needed)


def test_worked_examples_with_parts_and_backfill() -> None:
    parts, both = (
        effect.net_effect(usd(40_000), percent(15), percent(backfill), usd(27_380))
        for backfill in (0, 25)
    )
    assert cars(10, parts) == pytest.approx(EXAMPLES["units_to_close_10_with_parts_15"], abs=0.05)
    assert cars(10, both) == pytest.approx(
        EXAMPLES["units_to_close_10_with_parts_15_backfill_25"], abs=0.05
    )


@given(st.floats(0.1, 100), st.floats(1_000, 300_000), st.floats(0, 90), st.floats(0, 20))
@settings(max_examples=60, deadline=None)
def test_the_closed_form_is_the_numeric_root(
    share: float, value: float, parts: float, backfill: float
) -> None:
    change = effect.net_effect(usd(value), percent(parts), percent(backfill), usd(29_168))
    closed = cars(share, change)
    if change.value <= 0:
        assert closed is None
        return
    assert closed is not None

    def left_over(needed: float) -> float:
        return (
            needed * (value - parts / 100 * (1 - backfill / 100) * value - backfill / 100 * 29_168)
            - share / 100 * 41_070e6
        )

    assert closed == pytest.approx(optimize.brentq(left_over, 0, 2 * closed + 1), rel=1e-9)


def test_no_number_of_cars_is_said_and_not_infinity() -> None:
    found = of(
        japanese_parts_share_percent=60.0, backfill_share_percent=90.0, unit_value_usd=25_000.0
    )
    assert found.units_to_close_net is None
    assert found.units_to_close_gross is not None
    assert found.net.value < 0
    assert cars(10, usd(0.0)) is None


@pytest.mark.parametrize(("value", "share"), HEADLINES["programme_percent_of_68253"].items())
def test_published_shares_of_the_deficit(value: str, share: float) -> None:
    found = of(unit_value_usd=float(value))
    assert round(found.share_of_deficit.value, 1) == share
    assert round(found.share_of_gap.value, 1) == HEADLINES["programme_percent_of_car_gap"][value]


def test_both_sentences_are_true_at_once() -> None:
    found = of()
    assert found.negligible
    assert found.more_than_doubles
    assert round(found.share_of_us_units.value) == HEADLINES["units_percent_of_us"]
    assert round(found.share_of_japan_units.value, 2) == HEADLINES["units_percent_of_japan"]
    assert not of(programme_units=16_074).more_than_doubles
    visible = math.ceil(found.units_to_be_visible.value)
    assert not of(programme_units=visible).negligible
    assert of(programme_units=visible - 1).negligible


def test_four_lenses_of_the_base_scenario() -> None:
    found = of(jpy_per_usd=149.57)
    japan = STUDY.trade.flows.japan_unit_value.value
    assert found.gross.value == 800
    assert found.us_value_added.value == pytest.approx(800 * 0.85 * 0.65)
    assert found.net.value == pytest.approx(680)
    assert found.gross_jpy.value == pytest.approx(800 * 149.57 / 1_000)
    us = STUDY.trade.flows.us_unit_value.value
    assert found.gross.interval == pytest.approx((0.02 * japan, 0.02 * us))
    assert found.net.interval == pytest.approx(
        (0.02 * (japan * (1 - 0.25 * 0.75) - 0.25 * japan), 0.02 * us * 0.95)
    )
    gap = 39_933 * 0.8 - 853 * 0.85 * 0.65
    assert found.share_of_value_added_gap.value == pytest.approx(100 * 442 / gap)


def test_a_number_of_cars_may_be_draws() -> None:
    draws = Quantity(np.array([10_000.0, 20_000.0, 40_000.0]), "cars a year")
    found = STUDY.trade.effect_of(draws)
    assert list(found.net.value) == pytest.approx([340, 680, 1_360])
    assert list(found.more_than_doubles) == [False, True, True]
    assert found.units_to_close_net == STUDY.trade.effect.units_to_close_net


@given(
    st.floats(1_000, 300_000),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 100),
)
@settings(max_examples=60, deadline=None)
def test_ranges_hold_their_value(
    value: float, parts: float, backfill: float, points: float, high: float
) -> None:
    found = of(
        unit_value_usd=value,
        japanese_parts_share_percent=parts,
        backfill_share_percent=backfill,
        parts_share_range_points=points,
        backfill_high_percent=high,
    )
    for span in (found.gross, found.us_value_added, found.net):
        assert span.interval is not None
        assert span.interval[0] <= span.value + 1e-9
        assert span.value <= span.interval[1] + 1e-9


def test_the_heat_table_holds_the_solver() -> None:
    grid = STUDY.trade.closing_grid
    needed = STUDY.trade.effect.units_to_close_net
    assert needed is not None
    assert grid.loc[15, 40_000] == pytest.approx(needed.value)
    assert grid.loc[35, 30_000] == grid.to_numpy().max()
    stuck = STUDY.using(net_effect=lambda value, parts, backfill, japan: value - 2 * japan)
    assert stuck.trade.closing_grid.isna().loc[35, 30_000]


def test_a_car_replaced_from_japan_brings_no_parts_that_would_not_have_come() -> None:
    """All cars replaced: the gap moves by the difference of two cars, whatever their parts."""
    for parts in (0, 15, 60):
        change = effect.net_effect(usd(40_000), percent(parts), percent(100), usd(27_380))
        assert change.value == pytest.approx(40_000 - 27_380)


@given(st.floats(0, 100), st.floats(0, 100), st.floats(1_000, 100_000))
@settings(max_examples=60, deadline=None)
def test_more_backfill_never_shrinks_the_gap_more_while_parts_are_fewer_than_a_car(
    parts: float, backfill: float, value: float
) -> None:
    higher = min(100.0, backfill + 10)
    less, more = (
        effect.net_effect(value, parts / 100, share / 100, 30_000.0) for share in (backfill, higher)
    )
    slope = parts / 100 * value - 30_000  # dollars a car for each car replaced
    assert more - less == pytest.approx((higher - backfill) / 100 * slope, abs=1e-9 * value)


def test_there_is_no_gap_to_close_where_the_other_side_sells_more() -> None:
    with pytest.raises(InputError, match="not a gap to close"):
        effect.units_to_close(percent(10), Quantity(-5.0, "USD million"), usd(40_000))
