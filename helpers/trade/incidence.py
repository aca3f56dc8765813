"""Who pays a duty: the price cut that full absorption needs, the cut that was made, and what
follows for revenue and welfare.

A duty is a share of customs value, so a car with export price p lands at p (1 + t). Full absorption
keeps that landed price: the export price factor is f = (1 + t0) / (1 + t1). Absorbed share:
ln(price factor) / ln f. Both from the usual tax-incidence identity in logarithms; 100 % means the
exporter bears the whole change, 0 % the buyer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.data.picking import pick
from helpers.quantities import Quantities, Quantity, column, resting_on
from helpers.trade import armington
from helpers.trade.flows import CarTrade

# Shares of US car imports by value come from one source on one basis (CIF, 2024).
ORIGINS = {
    "Japan": "jp_to_us_vehicles",
    "Mexico": "mx_to_us_vehicles",
    "South Korea": "kr_to_us_vehicles",
}
ORIGIN_YEAR = "2024"

DutyIncidence = Callable[[Any, Any, Any], tuple[Any, Any]]


def duty_incidence(before: Any, after: Any, absorption: Any) -> tuple[Any, Any]:
    """Factors of the export price and of the landed price when a duty goes from before to after."""
    export_price = ((1 + before) / (1 + after)) ** absorption
    return export_price, export_price * (1 + after) / (1 + before)


def full_absorption(before: Any, after: Any) -> Any:
    """The export price factor that leaves the landed price unchanged when the duty changes."""
    return (1 + before) / (1 + after)


def absorbed(price_factor: Any, before: Any, after: Any) -> Any:
    """How much of a duty change a price change absorbs: 1 is all of it, above 1 more than the duty
    asks for; no number where the duty did not change.
    """
    return np.log(price_factor) / np.log(full_absorption(before, after))


@dataclass(frozen=True)
class Outcome:
    """A duty applied to a year's flow, against the baseline duty.

    export_price, landed_price, cars: change, percent; landed means at the border, duty included.
    exporter, buyer, treasury: who pays for the change of duty on one car, and what the state gains,
    which the two lose. revenue_static: duty on the unchanged flow at unchanged prices. revenue:
    with the price cut and the demand response. receipts_lost: fall of what exporters receive, from
    price and quantity together. triangle: welfare lost because fewer cars are bought, half the
    change of quantity times the two duties a car (Harberger).
    """

    duty: Quantity
    export_price: Quantity
    landed_price: Quantity
    cars: Quantity
    exporter: Quantity
    buyer: Quantity
    treasury: Quantity
    revenue_static: Quantity
    revenue: Quantity
    triangle: Quantity
    receipts_lost: Quantity

    @property
    def exporter_share(self) -> Quantity:
        """The exporter's part of the additional duty collected; 0 when no duty is added."""
        if self.treasury.value == 0:
            return resting_on(0.0, "%", self.treasury, self.exporter)
        return (self.exporter / self.treasury).to("%")


def apply_duty(
    flows: CarTrade, duty: Quantity, given: Quantities, incidence_of: DutyIncidence
) -> Outcome:
    """A duty on the flow of the year, taken as if at the baseline duty, with constant elasticity of
    demand.

    given: baseline_duty_percent, absorption_percent, import_demand_elasticity. incidence_of: a
    function such as `duty_incidence`.
    """
    value, price = flows.japan_value, flows.japan_unit_value
    baseline = given.baseline_duty_percent
    export, landed = incidence_of(baseline, duty, given.absorption_percent)
    bought = landed**given.import_demand_elasticity
    cars = value / price
    before, after = price * baseline, price * export * duty
    money = "USD million a year"
    return Outcome(
        duty=duty,
        export_price=(export - 1).to("%"),
        landed_price=(landed - 1).to("%"),
        cars=(bought - 1).to("%"),
        exporter=price * (1 - export),
        buyer=price * (1 + baseline) * (landed - 1),
        treasury=after - before,
        revenue_static=(value * duty).to(money),
        revenue=(value * export * bought * duty).to(money),
        triangle=triangle(before, after, cars * (bought - 1)).to(money),
        receipts_lost=(value * (1 - export * bought)).to(money),
    )


def triangle(wedge_before: Any, wedge_after: Any, quantity_change: Any) -> Any:
    """Welfare lost between two wedges of price over cost: the mean wedge times the quantity given
    up (Harberger, 1964).

    With no wedge before it is half the duty a unit times the quantity lost, as Amiti, Redding and
    Weinstein use it.
    """
    return -0.5 * (wedge_before + wedge_after) * quantity_change


@dataclass(frozen=True)
class Incidence:
    """The duty in force and the one that would apply otherwise, both against the baseline, and the
    response by origin.

    by_origin: columns origin, share_percent, quantity_percent, quantity_linear_percent (one-step
    approximation). japan_quantity: the change of the number of cars from Japan alone.
    """

    now: Outcome
    counterfactual: Outcome
    by_origin: pd.DataFrame
    japan_quantity: Quantity

    @property
    def saving_static(self) -> Quantity:
        """Duty saved by the lower rate on the unchanged flow."""
        return self.counterfactual.revenue_static - self.now.revenue_static

    @property
    def saving(self) -> Quantity:
        """Duty saved by the lower rate with prices and demand responding."""
        return self.counterfactual.revenue - self.now.revenue


def incidence(
    flows: CarTrade, given: Quantities, origins: Quantity, incidence_of: DutyIncidence
) -> Incidence:
    """Everything the duty does to the flow of the year, at the absorption and elasticities assumed.

    given: the three duties, absorption_percent and the elasticities. origins: `origin_shares`. The
    response by origin moves Japan's landed price alone: what other origins pay stays as it is.
    """
    now, other = (
        apply_duty(flows, duty, given, incidence_of)
        for duty in (given.us_duty_percent, given.counterfactual_duty_percent)
    )
    elasticities = given.armington_elasticity.value, given.market_demand_elasticity.value
    landed = 1 + other.landed_price.to("").value
    prices = [landed if name == "Japan" else 1.0 for name in origins.value.index]
    exact, linear = (
        100 * (np.array(method(origins.to("").value, prices, *elasticities).quantities) - 1)
        for method in (armington.respond, armington.respond_in_steps)
    )
    by_origin = pd.DataFrame(
        {
            "origin": origins.value.index,
            "share_percent": origins.value.to_numpy(),
            "quantity_percent": exact,
            "quantity_linear_percent": linear,
        }
    )
    change = float(by_origin.set_index("origin")["quantity_percent"]["Japan"])
    assumed = given.armington_elasticity, given.market_demand_elasticity
    japan = resting_on(change, "%", origins["Japan"], other.landed_price, *assumed)
    return Incidence(now, other, by_origin, japan)


def origin_shares(trade_flows: pd.DataFrame) -> Quantity:
    """Shares of US car imports by value, percent, the named origins and the rest, adding to 100."""
    named = {
        name: pick(
            trade_flows,
            "%",
            f"{name} in US car imports, CIF value",
            flow=flow,
            reporter="un_comtrade",
            measure="percent_of_us_car_import_value",
            period=ORIGIN_YEAR,
        )
        for name, flow in ORIGINS.items()
    }
    japan, *others = named.values()
    return column(named | {"Elsewhere": (1 - sum(others, start=japan)).to("%")})
