"""A sanity anchor for the duty: what Toyota itself expects the tariffs to cost, against the duty on
its cars from Japan alone.

Toyota's figure holds more than that duty (parts, cars from Mexico and Canada, support for
suppliers), so it must be the larger one.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.cost.break_even import export_price
from helpers.data.picking import pick
from helpers.quantities import Quantities, Quantity, fact
from helpers.trade import currency
from helpers.trade import duty as trade_duty

_PERIOD, _FIRST_DAY, _LAST_DAY = "FY2025", "2025-04-01", "2026-03-31"
_ROW = {
    "flow": "toyota_tariff_cost",
    "product": "forecast_of_2025-11-05",
    "measure": "jpy_bn",
    "period": _PERIOD,
}


@dataclass(frozen=True)
class TariffAnchor:
    """Both sides for the year to March 2026. reported: in yen; mean_duty: averaged over the days of
    that year.
    """

    reported: Quantity
    reported_usd: Quantity
    mean_duty: Quantity
    duty: Quantity

    @property
    def ratio(self) -> float:
        """Toyota's figure over the duty on its cars from Japan."""
        return float(self.reported_usd / self.duty)


def tariff_anchor(
    trade_flows: pd.DataFrame,
    schedule: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
    terms: Quantities,
    unit_value: Quantity,
) -> TariffAnchor:
    """Toyota's forecast of November 2025 beside units x price after absorption x mean duty of the
    same year.
    """
    reported = pick(trade_flows, "JPY bn", "Toyota's expected tariff cost", **_ROW)
    paid = schedule[(schedule["importer"] == "US") & (schedule["product"] == "passenger_car")]
    mean_duty = fact(
        trade_duty.mean_duty(schedule, _FIRST_DAY, _LAST_DAY, "passenger_car"),
        "%",
        _PERIOD,
        "derived",
        tuple(dict.fromkeys(";".join(paid["source_ids"]).split(";"))),
    )
    price = export_price(unit_value, mean_duty, terms)
    return TariffAnchor(
        reported=reported,
        reported_usd=(reported / currency.rate(fx_annual, fx_monthly, _PERIOD)).to("USD million"),
        mean_duty=mean_duty,
        duty=(terms.maker_export_units * price * mean_duty).to("USD million"),
    )
