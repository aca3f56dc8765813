"""Who pays a duty: worked examples, published export prices, closed forms, second methods,
refusals.
"""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.errors import InputError
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import check_values
from helpers.study import Study
from helpers.trade import absorption, armington, incidence

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "trade.json").read_text(encoding="utf-8"))
EXAMPLES = GOLDEN["worked_examples"]
STUDY = Study.of()
AS_REPORTED = STUDY.under(check_values({"flow_basis": "as_reported"}, "test")).trade.flows
DUTIES = st.floats(0, 100)


def outcome(
    before: float, after: float, absorbed: float, elasticity: float = -1.5
) -> incidence.Outcome:
    given = Quantities(
        baseline_duty_percent=Quantity(before, "%"),
        absorption_percent=Quantity(absorbed, "%"),
        import_demand_elasticity=Quantity(elasticity),
    )
    duty = Quantity(after, "%")
    return incidence.apply_duty(AS_REPORTED, duty, given, incidence.duty_incidence)


def test_worked_examples_of_absorption() -> None:
    assert incidence.full_absorption(0.025, 0.275) == pytest.approx(
        EXAMPLES["full_absorption_factor_2.5_27.5"], abs=1e-6
    )
    assert 100 * incidence.absorbed(1 - 0.194, 0.025, 0.275) == pytest.approx(
        EXAMPLES["absorbed_percent_19.4"], abs=1e-3
    )


def test_worked_examples_of_revenue() -> None:
    for duty, revenue in EXAMPLES["static_revenue_usd_bn"].items():
        found = outcome(2.5, float(duty), 0)
        assert found.revenue_static.value == pytest.approx(revenue * 1_000)
    for absorbed, revenues in EXAMPLES["revenue_usd_bn_by_absorption"].items():
        for after, revenue in zip((27.5, 15.0), revenues, strict=True):
            found = outcome(2.5, after, float(absorbed))
            assert found.revenue.value == pytest.approx(revenue * 1_000, abs=0.05)


def test_worked_example_of_linear_demand() -> None:
    after, revenue, lost, borne = EXAMPLES["linear_demand_100_2_10"]
    assert (100 * (1 - 2 * 0.1), 0.1 * after) == pytest.approx((after, revenue))
    assert incidence.triangle(0, 0.1, after - 100) == pytest.approx(lost)
    assert revenue + lost == pytest.approx(borne)


def test_triangle_is_the_area_under_linear_demand() -> None:
    slope = np.linspace(0, 0.1, 10_001)
    demanded = 100 * (1 - 2 * slope)
    area = np.trapezoid(demanded, slope) - 0.1 * demanded[-1]
    assert incidence.triangle(0, 0.1, -20) == pytest.approx(area)
    assert incidence.triangle(0.05, 0.1, -10) == pytest.approx(np.trapezoid([0.05, 0.1], [0, 10]))


@given(DUTIES, DUTIES, st.floats(0, 100))
@settings(max_examples=60, deadline=None)
def test_exporter_and_buyer_together_pay_the_treasury(
    before: float, after: float, absorbed: float
) -> None:
    paid = outcome(before, after, absorbed)
    assert (paid.exporter + paid.buyer).value == pytest.approx(paid.treasury.value, abs=1e-6)


@given(DUTIES, DUTIES)
@settings(max_examples=60, deadline=None)
def test_full_absorption_leaves_the_landed_price(before: float, after: float) -> None:
    assert outcome(before, after, 100).landed_price.value == pytest.approx(0, abs=1e-9)
    assert outcome(before, after, 0).export_price.value == 0


@given(st.floats(1, 99), st.floats(0.5, 80), st.floats(0, 100))
@settings(max_examples=60, deadline=None)
def test_absorption_is_measured_back(before: float, rise: float, absorbed: float) -> None:
    factor = 1 + outcome(before, before + rise, absorbed).export_price.value / 100
    measured = incidence.absorbed(factor, before / 100, (before + rise) / 100)
    assert 100 * measured == pytest.approx(absorbed, abs=1e-6)


def test_burden_is_ordered_by_absorption() -> None:
    rises = [outcome(2.5, 27.5, absorbed).landed_price.value for absorbed in (0, 25, 50, 75, 100)]
    assert rises == sorted(rises, reverse=True)
    assert rises[0] == pytest.approx(100 * (1.275 / 1.025 - 1))


def test_where_no_duty_is_added_nobody_bears_a_part() -> None:
    assert outcome(15, 15, 50).exporter_share.value == 0


def test_the_bank_of_japan_index_of_june_2025() -> None:
    rows = STUDY.trade.index.set_index("month")
    june = rows.loc["2025-06"]
    assert june["change_percent"] == GOLDEN["export_price"]["change_percent"]
    assert june["duty_percent"] == 27.5
    assert june["change_percent"] == pytest.approx(june["benchmark_percent"], abs=0.5)
    assert june["absorbed_percent"] == pytest.approx(EXAMPLES["absorbed_percent_19.4"], abs=1e-3)
    assert math.isnan(rows.loc["2025-03", "absorbed_percent"])
    assert rows.loc["2025-09", "duty_percent"] == 21.25
    flows = load("trade_flows")
    level = flows[(flows["measure"] == "contract_price_index") & (flows["period"] == "2025-06")]
    assert list(level["value"]) == [GOLDEN["export_price"]["index"]]


def test_a_duty_that_did_not_change_leaves_nothing_to_absorb() -> None:
    prices = STUDY.trade.export_prices
    rows = absorption.index_absorption(prices, Quantity(27.5, "%"))
    assert rows.loc[rows["duty_percent"] == 27.5, "absorbed_percent"].isna().all()
    assert rows.loc[rows["duty_percent"] != 27.5, "absorbed_percent"].notna().all()


def test_declared_unit_values_reproduce_the_published_changes() -> None:
    rows = STUDY.trade.declared.set_index("period")
    assert rows.loc["2025-06", "unit_value_jpy_percent"] == pytest.approx(-29.1, abs=0.05)
    half = rows.loc["2025-04/2025-09"]
    assert half["unit_value_jpy_percent"] == pytest.approx(-20.8, abs=0.05)
    assert half["value_percent"] == pytest.approx(-22.7, abs=0.05)
    assert half["units_percent"] == pytest.approx(-2.4, abs=0.05)
    assert (1 + half["unit_value_usd_percent"] / 100) / (
        1 + half["unit_value_jpy_percent"] / 100
    ) == pytest.approx(half["rate_before"] / half["rate_after"])
    assert 80 < half["absorbed_percent"] < 110


def test_incidence_of_the_base_scenario() -> None:
    found = STUDY.trade.incidence
    assert found.saving_static.value == pytest.approx(0.125 * 39_933)
    assert found.saving.value < found.saving_static.value
    assert found.by_origin["share_percent"].sum() == pytest.approx(100)
    by_origin = found.by_origin.set_index("origin")["quantity_percent"]
    assert by_origin["Japan"] == found.japan_quantity.value < 0
    assert (by_origin.drop("Japan") > 0).all()


def test_armington_closed_form() -> None:
    wanted = GOLDEN["armington"]
    found = armington.respond((0.5, 0.3, 0.2), (1, 1.25, 1), 4, -1)
    assert found.price_index == pytest.approx(wanted["price_index"], abs=1e-6)
    assert found.quantities == pytest.approx(wanted["quantities"], abs=1e-6)


SHARES = st.lists(st.floats(0.05, 1), min_size=2, max_size=4).map(
    lambda raw: [one / sum(raw) for one in raw]
)


@given(
    SHARES,
    st.lists(st.floats(0.8, 1.4), min_size=4, max_size=4),
    st.floats(1.5, 6),
    st.floats(-2, 0),
)
@settings(max_examples=40, deadline=None)
def test_armington_by_newton_and_by_euler(
    shares: list[float], raw: list[float], substitution: float, elasticity: float
) -> None:
    prices = raw[: len(shares)]
    exact = armington.respond(shares, prices, substitution, elasticity)

    def expenditure_is_one(log_index: float) -> float:
        return (
            sum(
                share * math.exp((1 - substitution) * (math.log(price) - log_index))
                for share, price in zip(shares, prices, strict=True)
            )
            - 1
        )

    newton = math.exp(optimize.newton(expenditure_is_one, 0.0, tol=1e-12))
    euler = armington.respond_in_steps(shares, prices, substitution, elasticity, steps=2_000)
    assert exact.price_index == pytest.approx(newton, rel=1e-9)
    assert exact.price_index == pytest.approx(euler.price_index, rel=1e-3)
    assert exact.quantities == pytest.approx(euler.quantities, rel=2e-3)


def test_the_linear_error_shrinks_with_the_steps() -> None:
    exact = armington.respond((0.5, 0.3, 0.2), (1, 1.25, 1), 4, -1).quantities[1]
    errors = [
        abs(
            armington.respond_in_steps((0.5, 0.3, 0.2), (1, 1.25, 1), 4, -1, steps).quantities[1]
            - exact
        )
        for steps in (1, 10, 100, 1_000)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 1e-3 > errors[-1]


@given(SHARES, st.floats(1.5, 6), st.floats(-2, 0), st.floats(0.5, 2))
@settings(max_examples=60, deadline=None)
def test_armington_with_all_prices_alike_is_the_market_elasticity(
    shares: list[float], substitution: float, elasticity: float, factor: float
) -> None:
    found = armington.respond(shares, [factor] * len(shares), substitution, elasticity)
    assert found.price_index == pytest.approx(factor)
    assert found.quantities == pytest.approx([factor**elasticity] * len(shares))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: armington.respond((0.5, 0.4), (1, 1), 4, -1), "add to 1"),
        (lambda: armington.respond((0.5, 0.5), (1, 0), 4, -1), "not above 0"),
        (lambda: armington.respond((1.0,), (1, 1), 4, -1), "one price a share"),
        (lambda: armington.respond((), (), 4, -1), "one price a share"),
        (lambda: armington.respond((0.5, 0.5), (1, 1), 1.0, -1), "armington_elasticity"),
        (lambda: armington.respond((0.5, 0.5), (1, 1), 4, 0.1), "market_demand_elasticity"),
        (lambda: armington.respond_in_steps((1.0,), (1,), 4, -1, 0), "number of steps"),
    ],
)
def test_impossible_values_are_refused(call: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()  # type: ignore[operator]
