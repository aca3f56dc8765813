"""What a number of cars changes: worked examples, the solver against a numeric root, the published
table, refusals.
"""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.errors import InputError
from helpers.trade import effect, flows

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "trade.json").read_text(encoding="utf-8"))
EXAMPLES, HEADLINES = GOLDEN["worked_examples"], GOLDEN["headlines"]
FLOWS = load("trade_flows")
TABLES = (
    FLOWS,
    load("goods_trade"),
    load("claims"),
    load("fx_usdjpy_annual"),
    load("fx_usdjpy_monthly"),
)
TRADE = flows.car_trade(flows.TradeInputs(2024, "official", "2026-06-17"), *TABLES)
AS_REPORTED = flows.car_trade(flows.TradeInputs(2024, "as_reported", "first_release"), *TABLES)
BASE = effect.EffectInputs(20_000, 40_000.0, 15.0, 65.0, 0.0, 10.0, 25.0, 10.0, 2.0, 149.57)
GAP_USD_MN = 41_070.0


def test_20_000_cars_at_40_000_dollars_as_reported() -> None:
    found = effect.effect(BASE, AS_REPORTED, FLOWS)
    assert found.gross.value == 800
    assert found.share_of_flow_percent == pytest.approx(
        EXAMPLES["programme_share_of_flow_percent"], abs=1e-4
    )
    assert found.share_of_deficit_percent == pytest.approx(
        EXAMPLES["programme_share_of_deficit_percent"], abs=1e-4
    )


@pytest.mark.parametrize(("share", "cars"), EXAMPLES["units_to_close_gross"].items())
def test_worked_examples_of_the_solver(share: str, cars: float) -> None:
    assert effect.units_to_close(float(share), GAP_USD_MN, 40_000) == pytest.approx(cars)


def test_worked_examples_with_parts_and_backfill() -> None:
    parts = effect.gap_change_per_car_usd(40_000, 15, 0, 27_380)
    both = effect.gap_change_per_car_usd(40_000, 15, 25, 27_380)
    assert effect.units_to_close(10, GAP_USD_MN, parts) == pytest.approx(
        EXAMPLES["units_to_close_10_with_parts_15"], abs=0.05
    )
    assert effect.units_to_close(10, GAP_USD_MN, both) == pytest.approx(
        EXAMPLES["units_to_close_10_with_parts_15_backfill_25"], abs=0.05
    )


@given(st.floats(0.1, 100), st.floats(1_000, 300_000), st.floats(0, 90), st.floats(0, 20))
@settings(max_examples=60, deadline=None)
def test_the_closed_form_is_the_numeric_root(
    share: float, value: float, parts: float, backfill: float
) -> None:
    change = effect.gap_change_per_car_usd(value, parts, backfill, 29_168)
    closed = effect.units_to_close(share, GAP_USD_MN, change)
    if change <= 0:
        assert closed is None
        return
    assert closed is not None

    def left_over(cars: float) -> float:
        return (
            cars * (value - parts / 100 * value - backfill / 100 * 29_168)
            - share / 100 * GAP_USD_MN * 1e6
        )

    assert closed == pytest.approx(optimize.brentq(left_over, 0, 2 * closed + 1), rel=1e-9)


def test_no_number_of_cars_is_said_and_not_infinity() -> None:
    stuck = replace(
        BASE,
        japanese_parts_share_percent=60.0,
        backfill_share_percent=60.0,
        unit_value_usd=30_000.0,
    )
    found = effect.effect(stuck, TRADE, FLOWS)
    assert found.units_to_close_net is None
    assert found.units_to_close_gross is not None
    assert found.net.value < 0
    table = effect.closing_table(stuck, TRADE)
    assert table["net_units"].isna().all()
    assert table["gross_units"].notna().all()
    assert effect.units_to_close(10, GAP_USD_MN, 0.0) is None


@pytest.mark.parametrize(("value", "percent"), HEADLINES["programme_percent_of_68253"].items())
def test_published_shares_of_the_deficit(value: str, percent: float) -> None:
    found = effect.effect(replace(BASE, unit_value_usd=float(value)), TRADE, FLOWS)
    assert round(found.share_of_deficit_percent, 1) == percent
    assert round(found.share_of_gap_percent, 1) == HEADLINES["programme_percent_of_car_gap"][value]


def test_both_sentences_are_true_at_once() -> None:
    found = effect.effect(BASE, TRADE, FLOWS)
    assert found.negligible
    assert found.more_than_doubles
    assert round(found.share_of_us_units_percent) == HEADLINES["units_percent_of_us"]
    assert round(found.share_of_japan_units_percent, 2) == HEADLINES["units_percent_of_japan"]
    assert not effect.effect(replace(BASE, programme_units=16_074), TRADE, FLOWS).more_than_doubles
    visible = math.ceil(found.units_to_be_visible)
    assert not effect.effect(replace(BASE, programme_units=visible), TRADE, FLOWS).negligible
    assert effect.effect(replace(BASE, programme_units=visible - 1), TRADE, FLOWS).negligible


def test_four_lenses_of_the_base_scenario() -> None:
    found = effect.effect(BASE, TRADE, FLOWS)
    assert found.gross.value == 800
    assert found.us_value_added.value == pytest.approx(800 * 0.85 * 0.65)
    assert found.net.value == pytest.approx(680)
    assert found.gross_jpy_bn == pytest.approx(800 * 149.57 / 1_000)
    assert (found.gross.low, found.gross.high) == pytest.approx(
        (20_000 * 29_168 / 1e6, 20_000 * 65_563 / 1e6)
    )
    assert found.net.low == pytest.approx(
        0.02 * (29_168 * 0.75 - 0.25 * TRADE.japan_unit_value_usd)
    )
    assert found.net.high == pytest.approx(0.02 * 65_563 * 0.95)


@given(
    st.floats(1_000, 300_000),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 100),
)
@settings(max_examples=100, deadline=None)
def test_ranges_hold_their_value(
    value: float, parts: float, backfill: float, points: float, high: float
) -> None:
    inputs = replace(
        BASE,
        unit_value_usd=value,
        japanese_parts_share_percent=parts,
        backfill_share_percent=backfill,
        parts_share_range_points=points,
        backfill_high_percent=high,
    )
    found = effect.effect(inputs, TRADE, FLOWS)
    for span in (found.gross, found.us_value_added, found.net):
        assert span.low <= span.value + 1e-9
        assert span.value <= span.high + 1e-9


def test_the_heat_table_holds_the_solver() -> None:
    grid = effect.closing_grid(BASE, TRADE, [30_000, 40_000], [15, 25])
    assert grid.loc[15, 40_000] == pytest.approx(
        effect.effect(BASE, TRADE, FLOWS).units_to_close_net
    )
    assert grid.loc[25, 30_000] == grid.to_numpy().max()
    assert (
        effect.closing_grid(replace(BASE, backfill_share_percent=100.0), TRADE, [20_000], [50])
        .isna()
        .all(axis=None)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("programme_units", 0),
        ("programme_units", -20_000),
        ("unit_value_usd", 0.0),
        ("unit_value_usd", math.nan),
        ("japanese_parts_share_percent", 101.0),
        ("backfill_share_percent", -1.0),
        ("close_share_percent", math.nan),
        ("us_share_of_other_content_percent", math.inf),
    ],
)
def test_impossible_inputs_are_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        replace(BASE, **{name: value})


@pytest.mark.parametrize("rate", [0.0, 15_000.0, 1.5])
def test_impossible_exchange_rates_are_refused(rate: float) -> None:
    with pytest.raises(InputError, match="not a plausible exchange rate"):
        effect.effect(replace(BASE, jpy_per_usd=rate), TRADE, FLOWS)


@pytest.mark.parametrize(
    "arguments",
    [
        (101, 1_000, 5),
        (-1, 1_000, 5),
        (10, 0, 5),
        (10, -5, 5),
        (10, math.inf, 5),
        (10, 1_000, math.nan),
    ],
)
def test_the_solver_refuses_what_is_no_gap_or_share(arguments: tuple[float, float, float]) -> None:
    with pytest.raises(InputError):
        effect.units_to_close(*arguments)
