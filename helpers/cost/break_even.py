"""The programme as an insurance: what it costs, what it may protect, and how much likelier it must
make the low duty to pay.

Cost and stake are weighed over the same years at the same discount rate. Sales that the programme
takes from the makers' other cars in Japan are left out, which makes the cost too low.
Probabilities are incremental: P(duty stays low | programme) - P(duty stays low | no programme).
A sanity anchor for the duty is what the maker itself expects the tariffs to cost. That holds more
than the duty on its cars from Japan (parts, cars from Mexico and Canada, support for suppliers), so
it must be the larger one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.data.picking import find, quantity_of
from helpers.errors import refusal
from helpers.periods import months_of
from helpers.quantities import POINTS, Quantities, Quantity
from helpers.trade import duty as trade_duty
from helpers.trade.flows import rate
from helpers.trade.market import Outcome

TERMS = (
    "maker_export_units",
    "programme_units",
    "programme_fixed_cost_usd_mn",
    "programme_annual_cost_usd_mn",
    "horizon_years",
    "discount_rate_percent",
)
"""The parameters that decide the cost and whose stake is looked at."""

DOLLAR, ONE_CAR = Quantity(1.0, "USD"), Quantity(1.0, "cars")
_least: Any = np.minimum
_most: Any = np.maximum


@dataclass(frozen=True)
class Stake:
    """What turns on the duty for exporters of a number of cars, USD million a year.

    loss: what they would lose by the duty otherwise, prices and quantities responding; 0 or below
    when there is nothing to protect. difference: duty otherwise less duty now on the cars left.
    """

    loss: Quantity
    difference: Quantity


@dataclass(frozen=True)
class Premium:
    """Cost of the programme a year against the stake, of one maker and of all makers.

    cost: the even yearly amount with the programme's present value over the horizon; cost_per_car:
    of a programme of no car that of one; maker_cost: the maker's part of the cost.
    break_even, industry_break_even: least rise in the probability of keeping the duty that pays for
    the part and for the whole; 100 % also where not even certainty pays.
    """

    present_value: Quantity
    cost: Quantity
    cost_per_car: Quantity
    maker_cost: Quantity
    maker: Stake
    industry: Stake
    break_even: Quantity
    industry_break_even: Quantity


def annuity_years(discount_rate: Quantity, years: int) -> Quantity:
    """Present value of 1 a year, paid at the end of each year."""
    years_worth: Any = sum((1 + discount_rate) ** -year for year in range(1, years + 1))
    return years_worth  # type: ignore[no-any-return]


def stake(units: Quantity, flow: Quantity, now: Outcome, otherwise: Outcome) -> Stake:
    """The stake of the exporters of so many of the cars that a year's flow holds."""
    part = units / flow
    return Stake(
        (part * (now.exporters - otherwise.exporters)).to("USD million"),
        (part * (otherwise.revenue - now.revenue)).to("USD million"),
    )


def least_rise(cost: Quantity, loss: Quantity) -> Quantity:
    """Least rise in probability at which the expected gain covers the cost, 0 to 100
    percentage points.
    """
    return _least(_most(cost, 0) / _most(loss, DOLLAR), 1).to(POINTS)  # type: ignore[no-any-return]


def premium(
    terms: Quantities, units: Quantity, maker_share: Quantity, unrecovered: Quantity, *stakes: Stake
) -> Premium:
    """The programme's cost against what it may protect: the maker's part against its own stake, the
    whole against that of all exporters.

    units: cars of the programme, a number or draws. maker_share: of the cost. unrecovered: cost of
    a programme car that its sticker does not bring back, USD per car. stakes: of the maker, of all.
    """
    maker, industry = stakes
    years = annuity_years(terms.discount_rate_percent, int(terms.horizon_years.value))
    yearly = terms.programme_annual_cost_usd_mn + units * unrecovered
    present = terms.programme_fixed_cost_usd_mn + yearly * years
    cost = (present / years).to("USD million")
    own = (cost * maker_share).to("USD million")
    return Premium(
        present_value=present.to("USD million"),
        cost=cost,
        cost_per_car=cost / _most(units, ONE_CAR),
        maker_cost=own,
        maker=maker,
        industry=industry,
        break_even=least_rise(own, maker.loss),
        industry_break_even=least_rise(cost, industry.loss),
    )


@dataclass(frozen=True)
class TariffAnchor:
    """Both sides for one fiscal year. mean_duty: averaged over the days of that year."""

    reported: Quantity
    reported_usd: Quantity
    mean_duty: Quantity
    duty: Quantity

    @property
    def ratio(self) -> float:
        """The maker's figure over the duty on its cars from Japan."""
        return float(self.reported_usd / self.duty)


def tariff_anchor(
    trade_flows: pd.DataFrame,
    schedule: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
    maker: str,
    units: Quantity,
    price_at: Callable[[Quantity], Quantity],
) -> TariffAnchor:
    """The maker's newest forecast beside units x price at the duty x mean duty of its year.

    units: cars it ships a year. price_at: what it gets for one at a duty. Raises InputError for a
    maker without a forecast.
    """
    flow, what = f"{maker.lower()}_tariff_cost", f"{maker}'s expected tariff cost"
    forecasts = find(trade_flows, what, flow=flow, period_kind="fiscal_year", measure="jpy_bn")
    if forecasts.empty:
        raise refusal("trade_flows", f"there is no row of {flow} for a fiscal year")
    newest = forecasts.sort_values(["period", "product"]).iloc[-1]
    reported = quantity_of(newest, "JPY bn")
    mean_duty = trade_duty.mean_duty(schedule, months_of(reported.period), "passenger_car")
    per_dollar = rate(fx_annual, fx_monthly, reported.period)
    return TariffAnchor(
        reported=reported,
        reported_usd=(reported / per_dollar).to("USD million"),
        mean_duty=mean_duty,
        duty=(units * price_at(mean_duty) * mean_duty).to("USD million"),
    )
