"""The US car market in partial equilibrium: what a duty on cars from Japan does to prices,
quantities, revenue and welfare.

In the manner of the US International Trade Commission (Hallren and Riker, 2017): cars differ by
country, US-built or imported in an upper nest and by origin in a lower one, each with its own
supply. Prices and quantities are logarithms of their change since before the duty changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import root
from scipy.special import exprel

from helpers.data.picking import pick
from helpers.quantities import Floats, Quantities, Quantity, column, resting_on

HOME, JAPAN = "US-built", "Japan"
IMPORTS = {
    JAPAN: "jp_to_us_vehicles",
    "Mexico": "mx_to_us_vehicles",
    "South Korea": "kr_to_us_vehicles",
    "Canada": "ca_to_us_vehicles",
    "Germany": "de_to_us_vehicles",
}
IMPORT_YEAR = "2024"  # the last full year before the duty of 2025, and the one with all origins
ELSEWHERE = "Elsewhere"
ORIGINS = (HOME, *IMPORTS, ELSEWHERE)
MARKET_PARAMETERS = (
    "us_built_share_percent",
    "japan_supply_elasticity",
    "other_supply_elasticity",
    "armington_elasticity",
    "home_substitution_elasticity",
    "market_demand_elasticity",
)
MONEY = "USD million a year"


@dataclass(frozen=True)
class Market:
    """Varieties of cars by origin, US-built cars first.

    share: of what buyers spend, 0 to 1, adding to 1. supply: its elasticity. Both have a row an
    origin and a column a draw. imports, home: elasticities of substitution between imports, and of
    US-built cars and imports. demand: elasticity for all cars, a negative number; these three have
    a number a draw. basis: what they rest on.
    """

    origins: tuple[str, ...]
    share: Floats
    supply: Floats
    imports: Floats
    home: Floats
    demand: Floats
    basis: tuple[Quantity, ...] = ()

    def duty(self, **factors: Any) -> Floats:
        """What lands at the border over what landed before, in logarithms, at unchanged prices: a
        row an origin. factors: (1 + duty) / (1 + duty before) by origin; 1 for those not named.
        """
        change = np.zeros(self.share.shape)
        for name, factor in factors.items():
            change[self.origins.index(name)] = np.log(factor)
        return change

    def supplied(self, origin: str, elasticity: float) -> "Market":
        """The same with another supply of one origin."""
        supply = self.supply.copy()
        supply[self.origins.index(origin)] = elasticity
        return replace(self, supply=supply)


def duty_incidence(market: Market, duty: Floats) -> tuple[Floats, Floats]:
    """Changes of price before duty and of cars, a row an origin, in logarithms, when duties change:
    at these prices as many cars are offered as wanted.
    """

    def excess_supply(price):  # type: ignore[no-untyped-def]
        landed, home = price + duty, market.share[0]
        nest = market.share[1:] / (1 - home) * np.exp((1 - market.imports) * landed[1:])
        abroad = np.log(nest.sum(axis=0)) / (1 - market.imports)
        top = np.exp((1 - market.home) * np.stack([landed[0], abroad]))
        every = np.log(home * top[0] + (1 - home) * top[1]) / (1 - market.home)
        wanted = market.demand * every - market.home * (abroad - every)
        wanted = wanted - market.imports * (landed - abroad)
        wanted[0] = market.demand * every - market.home * (landed[0] - every)
        return market.supply * price - wanted

    with np.errstate(invalid="ignore"):  # where the duty stays there is no step to measure
        price = root(excess_supply, 0 * duty, method="krylov", options={"fatol": 1e-10}).x
    return price, market.supply * price


Incidence = Callable[[Market, Floats], tuple[Any, Any]]
"""A step such as `duty_incidence`."""


def price_of_all(market: Market, landed: Floats) -> Floats:
    """Change of the price index of all cars, in logarithms, at these landed prices."""
    share = market.share
    abroad = _index(landed[1:], share[1:] / (1 - share[0]), market.imports)
    every = np.stack([landed[0], abroad])
    return _index(every, np.stack([share[0], 1 - share[0]]), market.home)


def _index(price: Floats, share: Floats, substitution: Any) -> Floats:
    spent = (share * np.exp((1 - substitution) * price)).sum(axis=0)
    return np.asarray(np.log(spent) / (1 - substitution))


def own_elasticity(market: Market) -> Floats:
    """Demand for cars from Japan alone: % quantity per % of their landed price."""
    japan, home = market.share[market.origins.index(JAPAN)], market.share[0]
    of_imports = japan / (1 - home)
    between = market.imports * (1 - of_imports) + market.home * of_imports * home
    return np.asarray(market.demand * japan - between)


def import_values(trade_flows: pd.DataFrame) -> Quantity:
    """US imports of cars at customs value by origin, USD million, the rest as one."""
    cars = {"reporter": "us_census", "product": "passenger_cars", "measure": "usd_mn"}
    every, *named = (
        pick(
            trade_flows, MONEY, f"US imports of cars, {flow}", **cars, flow=flow, period=IMPORT_YEAR
        )
        for flow in ("world_to_us_vehicles", *IMPORTS.values())
    )
    rest: Any = every - sum(named)
    return column(dict(zip(IMPORTS, named, strict=True)) | {ELSEWHERE: rest})


def car_market(imports: Quantity, given: Quantities) -> Market:
    """The market of the year from `import_values` and `MARKET_PARAMETERS`, numbers or draws."""
    at = {name: np.atleast_1d(getattr(given, name).to("").value) for name in MARKET_PARAMETERS}
    home, *others = np.broadcast_arrays(*at.values())
    japan_supply, other_supply, between, home_or_import, demand = others
    of_imports = (imports.value / imports.value.sum()).to_numpy()
    supply = [japan_supply if name == JAPAN else other_supply for name in ORIGINS]
    return Market(
        ORIGINS,
        np.vstack([home, of_imports[:, np.newaxis] * (1 - home)]),
        np.vstack(supply),
        between,
        home_or_import,
        demand,
        (imports, *(getattr(given, name) for name in MARKET_PARAMETERS)),
    )


@dataclass(frozen=True)
class Outcome:
    """A duty on cars from Japan against the duty before, other duties as they were: a year's flow
    with prices and quantities responding; numbers a draw.

    absorbed: part of the change of duty, in logarithms, that the export price takes up. buyer,
    exporter, treasury: who pays for the change of duty on one car, and what the state gains.
    us_buyers, us_makers, us_treasury and exporters are gains, negative for losses: buyers of all
    cars, makers of US-built ones, the Treasury, exporters in Japan. others: makers elsewhere.
    triangle: welfare lost because fewer cars come, by Harberger's mean wedge.
    by_origin: change of cars by origin, percent.
    """

    before: Quantity
    duty: Quantity
    absorbed: Quantity
    export_price: Quantity
    landed_price: Quantity
    cars: Quantity
    exporter: Quantity
    buyer: Quantity
    treasury: Quantity
    revenue_static: Quantity
    revenue: Quantity
    us_buyers: Quantity
    us_makers: Quantity
    us_treasury: Quantity
    exporters: Quantity
    others: Quantity
    triangle: Quantity
    by_origin: Mapping[str, Quantity]

    @property
    def us_net(self) -> Quantity:
        """What the United States gain as a whole."""
        return self.us_buyers + self.us_makers + self.us_treasury

    @property
    def changed(self) -> bool:
        """Whether the duty differs from the one before at all."""
        return bool(self.duty.value != self.before.value)


def outcome(
    value: Quantity,
    price: Quantity,
    market: Market,
    duties: tuple[Quantity, Quantity],
    step: Incidence,
) -> Outcome:
    """What a duty does to the flow of a year that paid the duty before.

    value: customs value of the cars of the year. price: of one of them. duties: before and after.
    step: a function such as `duty_incidence`.
    """
    before, after = duties
    at = market.origins.index(JAPAN)
    change = market.duty(Japan=float((1 + after) / (1 + before)))
    moved, sold = step(market, change)

    def rests(number: Any, unit: str) -> Quantity:
        return resting_on(number, unit, before, after, *market.basis)

    export, landed, cars = (rests(np.exp(log[at]), "") for log in (moved, moved + change, sold))
    spent = rests(1 / market.share[at], "") * value * (1 + before)
    every, elasticity = price_of_all(market, moved + change), 1 + market.demand
    gains = [
        (spent * rests(share * log_price * exprel((1 + supply) * log_price), "")).to(MONEY)
        for share, log_price, supply in zip(market.share, moved, market.supply, strict=True)
    ]
    makers, exporters = gains[0], gains[at] / (1 + before)
    with np.errstate(divide="ignore", invalid="ignore"):
        absorbed = np.where(change[at] == 0, 0.0, -moved[at] / change[at])
    wedges = price * before + price * export * after
    return Outcome(
        before=before,
        duty=after,
        absorbed=rests(100 * absorbed, "%"),
        export_price=(export - 1).to("%"),
        landed_price=(landed - 1).to("%"),
        cars=(cars - 1).to("%"),
        exporter=price * (1 - export),
        buyer=price * (1 + before) * (landed - 1),
        treasury=price * export * after - price * before,
        revenue_static=(value * after).to(MONEY),
        revenue=(value * export * cars * after).to(MONEY),
        us_buyers=-(spent * rests(every * exprel(elasticity * every), "")).to(MONEY),
        us_makers=makers,
        us_treasury=(value * (export * cars * after - before)).to(MONEY),
        exporters=exporters.to(MONEY),
        others=(sum(gains) - makers - gains[at]).to(MONEY),
        triangle=triangle(wedges, value / price * (cars - 1)).to(MONEY),
        by_origin={
            name: rests(100 * np.expm1(log_units), "%")
            for name, log_units in zip(market.origins, sold, strict=True)
        },
    )


def triangle(wedges: Any, quantity_change: Any) -> Any:
    """Welfare lost between two wedges of price over cost, given their sum: the mean wedge times the
    quantity given up (Harberger, 1964).
    """
    return -0.5 * wedges * quantity_change
