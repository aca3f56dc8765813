"""The US car market under a duty: a published example by two methods, closed forms, laws, and the
measured absorption it is set beside.
"""

import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.quantities import Quantity
from helpers.scenarios import Scenario
from helpers.study import Study
from helpers.trade import absorption, duty_findings, findings, market, tables, words
from helpers.trade.market import Market, Outcome, duty_incidence, price_of_all

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "trade.json").read_text(encoding="utf-8"))
EXAMPLES, FOUR = GOLDEN["worked_examples"], GOLDEN["four_origins"]
STUDY = Study.of()
VALUE, PRICE = Quantity(41_070.0, "USD million"), Quantity(27_380.0, "USD per car")


def column(*numbers: float) -> Any:
    return np.array(numbers, dtype=float)[:, np.newaxis]


def of(
    shares: tuple[float, ...] = (0.5, 0.1, 0.4),
    supply: tuple[float, ...] = (5.0, 0.35, 5.0),
    imports: float = 4.0,
    home: float = 2.5,
    demand: float = -1.0,
) -> Market:
    names = ("US-built", "Japan", "Mexico", "South Korea")[: len(shares)]
    nests = (np.array([number]) for number in (imports, home, demand))
    return Market(names, column(*shares), column(*supply), *nests)


def outcome(own: Market, after: float = 27.5, before: float = 2.5) -> Outcome:
    duties = Quantity(before, "%"), Quantity(after, "%")
    return market.outcome(VALUE, PRICE, own, duties, duty_incidence)


def one(number: Quantity) -> float:
    return float(number.value[0])


def by_euler(own: Market, duty: Any, steps: int) -> tuple[float, Any]:
    """Price index and quantities of a market of one nest, in small proportional steps, as the US
    International Trade Commission solves its models: at each the linear system of the elasticities.
    """
    share, supply, rise = own.share[:, 0], own.supply[:, 0], duty[:, 0] / steps
    sigma, eta = float(own.imports[0]), float(own.demand[0])
    price, index = np.zeros(len(share)), 0.0
    landed = np.zeros(len(share))
    for _ in range(steps):
        spent = share * np.exp((1 - sigma) * (landed - index))
        # supply x dp = -sigma (dp + rise) + (sigma + eta) sum of spent x (dp + rise)
        system = np.diag(supply + sigma) - (sigma + eta) * np.outer(np.ones(len(share)), spent)
        move = np.linalg.solve(system, -sigma * rise + (sigma + eta) * float(spent @ rise))
        price, landed = price + move, landed + move + rise
        index += float(spent @ (move + rise))
    return float(np.exp(index)), np.exp(supply * price)


@pytest.fixture(scope="module")
def four() -> tuple[Market, Any]:
    own = of(
        tuple(FOUR["shares"]), tuple(FOUR["supply"]), FOUR["substitution"], FOUR["substitution"]
    )
    return own, column(*(math.log(1 + rate / 100) for rate in FOUR["duties_percent"]))


def test_the_published_example_of_four_origins(four: tuple[Market, Any]) -> None:
    own, duty = four
    price, cars = duty_incidence(own, duty)
    index = math.exp(price_of_all(own, price + duty)[0])
    assert index == pytest.approx(FOUR["price_index"], abs=1e-5)
    assert np.exp(cars)[:, 0] == pytest.approx(FOUR["quantities"], abs=1e-5)


def test_the_published_example_by_euler_steps(four: tuple[Market, Any]) -> None:
    errors = []
    for steps in (10, 100, 20_000):
        index, cars = by_euler(*four, steps)
        errors.append(float(np.abs(cars - FOUR["quantities"]).max()))
    assert errors == sorted(errors, reverse=True)
    assert index == pytest.approx(FOUR["price_index"], abs=1e-5)
    assert cars == pytest.approx(FOUR["quantities"], abs=1e-5)


def test_linear_demand_of_the_worked_example() -> None:
    quantity, revenue, lost, borne = EXAMPLES["linear_demand_100_2_10"]
    after = 100 * (1 - 2 * (1.1 - 1))
    assert (after, 0.1 * after) == pytest.approx((quantity, revenue))
    assert market.triangle(0.1, after - 100) == pytest.approx(lost)
    assert revenue + lost == pytest.approx(borne)


def test_without_a_limit_to_supply_it_is_the_closed_form_of_armington() -> None:
    wanted = GOLDEN["armington"]
    own = of((0.5, 0.3, 0.2), (1e7, 1e7, 1e7), 4.0, 4.0)
    duty = own.duty(Japan=1.25)
    price, cars = duty_incidence(own, duty)
    assert math.exp(price_of_all(own, price + duty)[0]) == pytest.approx(
        wanted["price_index"], abs=1e-6
    )
    assert np.exp(cars)[:, 0] == pytest.approx(wanted["quantities"], abs=1e-5)


def test_worked_examples_of_absorption() -> None:
    factor = absorption.full_absorption(0.025, 0.275)
    assert factor == pytest.approx(EXAMPLES["full_absorption_factor_2.5_27.5"], abs=1e-6)
    assert 100 * absorption.absorbed(1 - 0.194, 0.025, 0.275) == pytest.approx(
        EXAMPLES["absorbed_percent_19.4"], abs=1e-3
    )


def test_worked_examples_of_revenue_at_both_ends_of_supply() -> None:
    """With supply fixed exporters absorb all; revenue is that of the worked example."""
    for duty, revenue in EXAMPLES["static_revenue_usd_bn"].items():
        found = outcome(of(supply=(5.0, 0.0, 5.0)), float(duty))
        assert found.revenue_static.value == pytest.approx(revenue * 1_000)
    fixed = EXAMPLES["revenue_usd_bn_by_absorption"]["100"]
    for after, revenue in zip((27.5, 15.0), fixed, strict=True):
        found = outcome(of(supply=(5.0, 0.0, 5.0)), after)
        assert one(found.revenue) == pytest.approx(revenue * 1_000, abs=0.05)
        assert one(found.absorbed) == pytest.approx(100)


MARKETS = st.builds(
    of,
    shares=st.floats(0.2, 0.8).map(lambda home: (home, 0.2 * (1 - home), 0.8 * (1 - home))),
    supply=st.tuples(st.floats(0.5, 20), st.floats(0.01, 20), st.floats(0.5, 20)),
    imports=st.floats(1.5, 8),
    home=st.floats(1.2, 6),
    demand=st.floats(-2, -0.1),
)


@given(MARKETS, st.floats(3, 60))
@settings(max_examples=20, deadline=None)
def test_what_is_lost_is_about_the_triangle_and_parts_add_up(own: Market, after: float) -> None:
    found = outcome(own, after)
    assert one(found.exporter + found.buyer) == pytest.approx(one(found.treasury), abs=1e-6)
    world = one(found.us_net + found.exporters + found.others)
    assert world < 0
    # The triangle leaves out what is of third order in the duty.
    assert -world == pytest.approx(one(found.triangle), rel=0.0075 * after)


@given(MARKETS, st.floats(1.5, 4))
@settings(max_examples=20, deadline=None)
def test_more_elastic_supply_absorbs_less(own: Market, factor: float) -> None:
    more = own.supplied("Japan", float(own.supply[1, 0]) * factor)
    before, after = outcome(own), outcome(more)
    assert one(after.absorbed) < one(before.absorbed)
    assert one(after.landed_price) > one(before.landed_price)
    assert one(after.cars) < one(before.cars)


@given(MARKETS)
@settings(max_examples=20, deadline=None)
def test_a_domestic_variety_lowers_the_response_to_a_duty_on_one_origin(own: Market) -> None:
    """The same imports with and without US-built cars that buyers switch to as readily: with them
    the price of all cars rises less, and so do the sales of the other origins. Where cars as a
    whole are dropped as readily as one is left for another, nobody gains.
    """
    assume(float(own.imports[0] + own.demand[0]) > 0.2)
    beside = replace(own, home=own.imports)
    imports = own.share[1:, 0] / own.share[1:, 0].sum()
    alone = replace(beside, share=column(1e-9, *imports * (1 - 1e-9)))
    change = own.duty(Japan=1.25)
    (index, cars), (index_alone, cars_alone) = (
        (price_of_all(each, price + change)[0], sold[2, 0])
        for each in (beside, alone)
        for price, sold in [duty_incidence(each, change)]
    )
    assert 0 < index < index_alone
    assert cars < cars_alone


def test_a_home_nest_without_home_cars_is_the_market_of_imports() -> None:
    nested = of((1e-12, 0.3, 0.7), imports=4.0, home=2.5)
    flat = of((1e-12, 0.3, 0.7), imports=4.0, home=4.0)
    change = nested.duty(Japan=1.2)
    first, second = (duty_incidence(own, change)[1][1:, 0] for own in (nested, flat))
    assert first == pytest.approx(second, abs=1e-9)


def test_draws_are_solved_as_each_alone() -> None:
    drawn = STUDY.trade.market
    change = drawn.duty(Japan=1.2)
    _, cars = duty_incidence(drawn, change)
    for draw in (0, 500, 1_023):
        at = slice(draw, draw + 1)
        single = replace(
            drawn,
            share=drawn.share[:, at],
            supply=drawn.supply[:, at],
            imports=drawn.imports[at],
            home=drawn.home[at],
            demand=drawn.demand[at],
        )
        assert duty_incidence(single, change[:, at])[1] == pytest.approx(cars[:, at], abs=1e-8)


def test_a_duty_that_stays_moves_nothing() -> None:
    found = outcome(of(), 2.5)
    assert not found.changed
    for name in ("absorbed", "cars", "us_buyers", "exporters", "triangle", "us_treasury"):
        assert one(getattr(found, name)) == pytest.approx(0, abs=1e-9)
    assert not Study.of(Scenario(counterfactual_duty_percent=2.5)).trade.otherwise.changed


def test_the_own_elasticity_is_the_slope_of_the_model() -> None:
    """Japan's landed price alone moves: all other supplies without limit, Japan's small."""
    own = of(supply=(1e7, 0.001, 1e7))
    found = outcome(own, 2.6)
    slope = math.log1p(one(found.cars) / 100) / math.log1p(one(found.landed_price) / 100)
    assert slope == pytest.approx(float(market.own_elasticity(own)[0]), rel=1e-2)


def test_one_duty_has_one_answer_in_every_result_that_speaks_of_it() -> None:
    """Sentences, tables and results name the same change of cars for a duty and market."""
    trade = STUDY.trade
    outcomes = tables.outcomes(trade.now, trade.otherwise).frame
    shown = outcomes.set_index(outcomes.columns[0]).loc["Cars from Japan"]
    for duty, told in zip((trade.now, trade.otherwise), shown, strict=True):
        cars = duty.cars.median()
        assert told == cars.text
        assert words.size(duty.cars) in duty_findings.who_pays(trade, duty)
        by_origin = tables.by_origin(trade.market, duty).frame.set_index("Built in")
        assert by_origin.loc["Japan", "Cars"] == pytest.approx(cars.value)
        assert trade.under_duty(duty.duty).cars.median().value == pytest.approx(cars.value)
    told_by_duty: dict[str, set[str]] = {}
    for result in findings.everything(trade):
        for duty, cars in re.findall(
            r"duty of ([\d.]+) % on cars from Japan alone .*?their number by ([\d.]+) %",
            result.sentence,
        ):
            told_by_duty.setdefault(duty, set()).add(cars)
    assert len(told_by_duty) == 2
    assert all(len(cars) == 1 for cars in told_by_duty.values())


def test_imports_by_origin_add_up_to_the_published_total() -> None:
    imports = STUDY.trade.imports
    assert imports.value.sum() == pytest.approx(216_806)
    assert imports["Japan"].value == 39_933
    assert imports.value.min() > 0


def test_the_bank_of_japan_index_of_june_2025() -> None:
    rows = STUDY.trade.index.set_index("month")
    june = rows.loc["2025-06"]
    assert june["change_percent"] == GOLDEN["export_price"]["change_percent"]
    assert june["duty_percent"] == 27.5
    assert june["absorbed_percent"] == pytest.approx(EXAMPLES["absorbed_percent_19.4"], abs=1e-3)
    flows = load("trade_flows")
    level = flows[(flows["measure"] == "contract_price_index") & (flows["period"] == "2025-06")]
    assert list(level["value"]) == [GOLDEN["export_price"]["index"]]


@pytest.mark.parametrize(
    ("month", "benchmark", "absorbed"),
    [
        ("2025-03", -18.8, 7),
        ("2025-07", -17.6, 105),
        ("2025-08", -13.2, 165),
        ("2025-09", -10.9, 185),
    ],
)
def test_a_car_pays_the_duty_of_the_day_it_enters(
    month: str, benchmark: float, absorbed: float
) -> None:
    row = STUDY.trade.index.set_index("month").loc[month]
    assert row["benchmark_percent"] == pytest.approx(benchmark, abs=0.3)
    assert row["absorbed_percent"] == pytest.approx(absorbed, abs=1.5)


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
