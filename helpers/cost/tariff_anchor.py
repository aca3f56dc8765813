"""A sanity anchor for the duty: what the maker itself expects the tariffs to cost, against the duty
on its cars from Japan alone.

The maker's figure holds more than that duty (parts, cars from Mexico and Canada, support for
suppliers), so it must be the larger one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import find, quantity_of
from helpers.errors import refusal
from helpers.periods import months_of
from helpers.quantities import Quantity
from helpers.trade import duty as trade_duty
from helpers.trade.flows import rate


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
