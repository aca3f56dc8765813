"""Who pays a duty: the price cut that full absorption needs, the cut that was made, and what
follows for revenue and welfare.

Rates are percent of customs value, so a car with export price p lands at p (1 + t). Full absorption
keeps that landed price: the export price factor is f = (1 + t0) / (1 + t1). Absorbed share:
ln(price factor) / ln f. Both from the usual tax-incidence identity in logarithms; 100 % means the
exporter bears the whole change, 0 % the buyer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import Quantity, all_sources, pick
from helpers.errors import Fault, InputError
from helpers.trade import armington
from helpers.trade.flows import CarTrade

# Shares of US car imports by value come from one source on one basis (CIF, 2024).
ORIGINS = {
    "Japan": "jp_to_us_vehicles",
    "Mexico": "mx_to_us_vehicles",
    "South Korea": "kr_to_us_vehicles",
}
ORIGIN_YEAR = "2024"


@dataclass(frozen=True)
class IncidenceInputs:
    """What the reader assumes. Field names are scenario parameters; percent are percent."""

    baseline_duty_percent: float
    us_duty_percent: float
    counterfactual_duty_percent: float
    absorption_percent: float
    import_demand_elasticity: float
    armington_elasticity: float
    market_demand_elasticity: float

    def __post_init__(self) -> None:
        faults = [
            Fault(name, f"{getattr(self, name)} is not a duty", "write percent from 0")
            for name in ("baseline_duty_percent", "us_duty_percent", "counterfactual_duty_percent")
            if not 0 <= getattr(self, name) < math.inf
        ]
        if not 0 <= self.absorption_percent <= 100:
            faults.append(
                Fault(
                    "absorption_percent",
                    f"{self.absorption_percent} is not a share",
                    "write 0 to 100",
                )
            )
        if not -math.inf < self.import_demand_elasticity <= 0:
            faults.append(
                Fault(
                    "import_demand_elasticity",
                    f"{self.import_demand_elasticity} is above 0",
                    "write a number such as -1.5",
                )
            )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Burden:
    """Who pays for a change of duty on one car, USD. treasury = buyer + exporter: what the state
    gains, the two lose.

    landed_price_percent: rise of the price at the border, duty included. export_price_percent:
    change of the exporter's price.
    """

    export_price_percent: float
    landed_price_percent: float
    exporter_usd: float
    buyer_usd: float
    treasury_usd: float

    @property
    def exporter_share_percent(self) -> float:
        """The exporter's part of the additional duty collected, percent; 0 when no duty is
        added.
        """
        return 100 * self.exporter_usd / self.treasury_usd if self.treasury_usd else 0.0


@dataclass(frozen=True)
class Outcome:
    """A duty applied to a year's flow, against the baseline duty. Money in USD million a year,
    triangle included.

    revenue_static: duty on the unchanged flow at unchanged prices. revenue: with the price cut and
    the demand response.
    receipts_lost_usd_mn: fall of what exporters receive, from price and quantity together.
    triangle: welfare lost because fewer cars are bought, half the change of quantity times the two
    duties a car (Harberger).
    """

    duty_percent: float
    burden: Burden
    quantity_percent: float
    revenue_static_usd_mn: float
    revenue_usd_mn: float
    triangle_usd_mn: float
    receipts_lost_usd_mn: float


@dataclass(frozen=True)
class Incidence:
    """The duty in force and the one that would apply otherwise, both against the baseline, and the
    response by origin.

    by_origin: columns origin, share_percent, quantity_percent, quantity_linear_percent (one-step
    approximation).
    """

    now: Outcome
    counterfactual: Outcome
    by_origin: pd.DataFrame
    quality: str
    source_ids: tuple[str, ...]
    origin_source_ids: tuple[str, ...]

    @property
    def saving_static_usd_mn(self) -> float:
        """Duty saved by the lower rate on the unchanged flow."""
        return self.counterfactual.revenue_static_usd_mn - self.now.revenue_static_usd_mn

    @property
    def saving_usd_mn(self) -> float:
        """Duty saved by the lower rate with prices and demand responding."""
        return self.counterfactual.revenue_usd_mn - self.now.revenue_usd_mn


def full_absorption_factor(before_percent: float, after_percent: float) -> float:
    """The export price factor that leaves the landed price unchanged when the duty changes."""
    _check_duties(before_percent, after_percent)
    return (1 + before_percent / 100) / (1 + after_percent / 100)


def absorbed_percent(price_factor: float, before_percent: float, after_percent: float) -> float:
    """How much of a duty change a price change absorbs, percent: 100 is all of it, above 100 more
    than the duty asks for.

    Raises InputError for a price factor that is not above 0 and for a duty that did not change.
    """
    if not 0 < price_factor < math.inf:
        raise InputError(
            [
                Fault(
                    "price change",
                    f"a price factor of {price_factor} is not possible",
                    "write a number above 0, such as 0.806",
                )
            ]
        )
    full = full_absorption_factor(before_percent, after_percent)
    if full == 1:
        raise InputError(
            [
                Fault(
                    "duty",
                    f"the duty is {after_percent:g} % before and after, so nothing can be absorbed",
                    "take a period after the change",
                )
            ]
        )
    return 100 * math.log(price_factor) / math.log(full)


def burden(
    price_usd: float, before_percent: float, after_percent: float, absorption_percent: float
) -> Burden:
    """Who pays for a duty change on a car with that export price before the change, at a given
    absorption.
    """
    if not 0 < price_usd < math.inf:
        raise InputError(
            [Fault("price", f"{price_usd} dollars is not a price", "write a number above 0")]
        )
    factor = full_absorption_factor(before_percent, after_percent) ** (absorption_percent / 100)
    landed_before, landed_after = (
        price_usd * (1 + before_percent / 100),
        price_usd * factor * (1 + after_percent / 100),
    )
    duty_change = price_usd * (factor * after_percent - before_percent) / 100
    return Burden(
        100 * (factor - 1),
        100 * (landed_after / landed_before - 1),
        price_usd * (1 - factor),
        landed_after - landed_before,
        duty_change,
    )


def apply_duty(
    value_usd_mn: float,
    price_usd: float,
    before_percent: float,
    after_percent: float,
    absorption_percent: float,
    elasticity: float,
) -> Outcome:
    """A duty on a yearly flow that was worth that much before the change, with constant elasticity
    of demand.
    """
    if not 0 < value_usd_mn < math.inf:
        raise InputError(
            [
                Fault(
                    "value",
                    f"{value_usd_mn} million dollars is not a flow",
                    "write a number above 0",
                )
            ]
        )
    paid = burden(price_usd, before_percent, after_percent, absorption_percent)
    quantity = (1 + paid.landed_price_percent / 100) ** elasticity
    price = 1 + paid.export_price_percent / 100
    units_mn = value_usd_mn / price_usd
    return Outcome(
        after_percent,
        paid,
        100 * (quantity - 1),
        value_usd_mn * after_percent / 100,
        value_usd_mn * price * quantity * after_percent / 100,
        triangle(
            price_usd * before_percent / 100,
            price_usd * price * after_percent / 100,
            units_mn * (quantity - 1),
        ),
        value_usd_mn * (1 - price * quantity),
    )


def triangle(wedge_before: float, wedge_after: float, quantity_change: float) -> float:
    """Welfare lost between two wedges of price over cost: the mean wedge times the quantity given
    up (Harberger, 1964).

    With no wedge before it is half the duty a unit times the quantity lost, as Amiti, Redding and
    Weinstein use it.
    """
    return -0.5 * (wedge_before + wedge_after) * quantity_change


def incidence(inputs: IncidenceInputs, trade: CarTrade, trade_flows: pd.DataFrame) -> Incidence:
    """Everything the duty does to the flow of the year, at the absorption and elasticities assumed.

    The flow is taken as if at the baseline duty. The response by origin moves Japan's landed price
    alone: what other origins pay stays as it is.
    """
    outcomes = [
        apply_duty(
            trade.japan_value_usd_mn.value,
            trade.japan_unit_value_usd,
            inputs.baseline_duty_percent,
            duty,
            inputs.absorption_percent,
            inputs.import_demand_elasticity,
        )
        for duty in (inputs.us_duty_percent, inputs.counterfactual_duty_percent)
    ]
    origins = origin_shares(trade_flows)
    shares = [one.value / 100 for one in origins.values()]
    prices = [
        1 + outcomes[1].burden.landed_price_percent / 100 if name == "Japan" else 1.0
        for name in origins
    ]
    exact, linear = (
        method(shares, prices, inputs.armington_elasticity, inputs.market_demand_elasticity)
        for method in (armington.respond, armington.respond_in_steps)
    )
    by_origin = pd.DataFrame(
        {
            "origin": list(origins),
            "share_percent": [one.value for one in origins.values()],
            "quantity_percent": _changes(exact.quantities),
            "quantity_linear_percent": _changes(linear.quantities),
        }
    )
    return Incidence(
        outcomes[0],
        outcomes[1],
        by_origin,
        "estimate",
        all_sources(trade.japan_value_usd_mn, trade.japan_units),
        all_sources(*origins.values()),
    )


def origin_shares(trade_flows: pd.DataFrame) -> dict[str, Quantity]:
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
    rest = 100 - sum(one.value for one in named.values())
    return named | {
        "Elsewhere": Quantity(
            rest,
            "%",
            ORIGIN_YEAR,
            "derived",
            all_sources(*named.values()),
            "rest of US car imports",
        )
    }


def _changes(factors: Sequence[float]) -> list[float]:
    return [100 * (factor - 1) for factor in factors]


def _check_duties(*duties: float) -> None:
    faults = [
        Fault("duty", f"{duty} is not a duty", "write percent from 0")
        for duty in duties
        if not 0 <= duty < math.inf
    ]
    if faults:
        raise InputError(faults)
