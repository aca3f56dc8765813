"""Absorption as measured: the published export-price index and declared unit values, each against
the full-absorption benchmark; and the schedule against what customs collected and a maker expects.

A duty is a share of customs value, so a car with export price p lands at p (1 + t). Full absorption
keeps that landed price: the export price factor is f = (1 + t0) / (1 + t1). Absorbed share:
ln(price factor) / ln f, the identity of tax incidence in logarithms. A price that has fallen by
more than f asks for is no share of the duty. Duties are those of the day of entry, one to two
months after a car leaves.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.data.picking import find, pick, quantity_of
from helpers.errors import refusal
from helpers.periods import months_of
from helpers.quantities import Quantities, Quantity, column, fact
from helpers.trade import duty as tariffs
from helpers.trade.flows import JAPAN_FOB_YEN, JAPAN_UNITS, Tables, rate
from helpers.trade.mirror import MONTHS_AT_SEA

INDEX = {
    "flow": "jp_to_north_america_vehicles",
    "reporter": "boj",
    "measure": "pct_yoy_contract_price",
}
COLLECTED = {"flow": JAPAN_UNITS["flow"], "measure": "duty_percent_of_schedule"}
INDEX_MONTH = "2025-06"  # largest fall, and the month whose index level is printed
HALF_YEAR, HALF_YEAR_BEFORE = "2025-04/2025-09", "2024-04/2024-09"
_CUSTOMS = {key: JAPAN_FOB_YEN[key] for key in ("flow", "reporter", "product")}


def full_absorption(before: Any, after: Any) -> Any:
    """The export price factor that leaves the landed price unchanged when the duty changes."""
    return (1 + before) / (1 + after)


def absorbed(price_factor: Any, before: Any, after: Any) -> Any:
    """How much of a duty change a price change absorbs: 1 is all of it, above 1 more than the duty
    asks for; no number where the duty did not change.
    """
    return np.log(price_factor) / np.log(full_absorption(before, after))


def us_share(trade_flows: pd.DataFrame) -> Quantity:
    """The part of the cars shipped to North America that goes to the United States, by number."""
    to_us = pick(trade_flows, "cars", "shipped to the US", **JAPAN_UNITS, period="2024")
    whole = JAPAN_UNITS | {"flow": INDEX["flow"], "period": "FY2024"}
    share = (to_us / pick(trade_flows, "cars", "shipped to North America", **whole)).to("%")
    return share


def export_prices(trade_flows: pd.DataFrame, schedule: pd.DataFrame) -> Quantities:
    """The Bank of Japan's export price of cars to North America (contract currency): change on the
    year before and the mean duty at entry, a row each month.
    """
    rows = find(trade_flows, "export price index", **INDEX).sort_values("period")
    changes = {str(row["period"]): quantity_of(row, "%") for _, row in rows.iterrows()}
    return Quantities(change=column(changes), duty=_mean_duties(schedule, changes))


def declared_values(tables: Tables) -> Quantities:
    """Value and units that Japanese customs declares, on the year before: months with both changes,
    and April to September. Columns value, units, rate_before, rate_after, duty.

    tables: trade_flows, tariffs, fx_usdjpy_annual and _monthly.
    """
    flows, fx = tables["trade_flows"], (tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"])
    months = [
        set(find(flows, measure, **_CUSTOMS, measure=measure, period_kind="month")["period"])
        for measure in ("pct_yoy_value", "pct_yoy_units")
    ]
    values, units = (
        {
            month: pick(flows, "%", measure, **_CUSTOMS, measure=measure, period=month)
            for month in sorted(set.intersection(*months))
        }
        | {HALF_YEAR: _half_year(flows, yearly)}
        for measure, yearly in (("pct_yoy_value", "jpy_bn"), ("pct_yoy_units", "units"))
    )
    return Quantities(
        value=column(values),
        units=column(units),
        rate_before=column({name: rate(*fx, _year_before(name)) for name in values}),
        rate_after=column({name: rate(*fx, name) for name in values}),
        duty=_mean_duties(tables["tariffs"], values),
    )


def collected_duty(trade_flows: pd.DataFrame, schedule: pd.DataFrame) -> Quantities:
    """The duty that customs calculated, in percent of what a schedule asks for (`share`), and the
    mean of our own schedule over the same months (`schedule`).
    """
    row = find(trade_flows, "collected duty", **COLLECTED).iloc[0]
    months = months_of(str(row["period"]))
    mean = tariffs.mean_duty(schedule, months, "passenger_car")
    return Quantities(share=quantity_of(row, "%"), schedule=mean)


@dataclass(frozen=True)
class TariffCost:
    """What a maker expects all tariffs to cost it in a fiscal year, and the duty on its cars from
    Japan. mean_duty: averaged over the days of that year.

    The maker's figure holds more (parts, cars from Mexico and Canada, support for suppliers), so it
    must be the larger one.
    """

    reported: Quantity
    reported_usd: Quantity
    mean_duty: Quantity
    duty: Quantity

    @property
    def ratio(self) -> float:
        """The maker's figure over the duty on its cars from Japan."""
        return float(self.reported_usd / self.duty)


def tariff_cost(
    trade_flows: pd.DataFrame,
    schedule: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
    maker: str,
    units: Quantity,
    price_at: Callable[[Quantity], Quantity],
) -> TariffCost:
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
    mean_duty = tariffs.mean_duty(schedule, months_of(reported.period), "passenger_car")
    per_dollar = rate(fx_annual, fx_monthly, reported.period)
    return TariffCost(
        reported=reported,
        reported_usd=(reported / per_dollar).to("USD million"),
        mean_duty=mean_duty,
        duty=(units * price_at(mean_duty) * mean_duty).to("USD million"),
    )


def index_absorption(prices: Quantities, baseline: Quantity) -> pd.DataFrame:
    """The export price month by month against the benchmark.

    prices: `export_prices`; baseline: the duty before. Columns: month, change_percent (year on
    year), duty_percent, benchmark_percent (price change that would leave the landed price as it
    was), absorbed_percent (NaN where the duty had not changed), quality, source_ids.
    """
    share = _absorbed(1 + prices.change, baseline, prices.duty)
    return pd.DataFrame(
        {
            "month": prices.change.value.index,
            "change_percent": prices.change.value.to_numpy(),
            "duty_percent": prices.duty.value.to_numpy(),
            "benchmark_percent": (full_absorption(baseline, prices.duty) - 1).to("%").value.array,
            "absorbed_percent": share.value.array,
        }
        | _origin(share)
    )


def declared_absorption(declared: Quantities, baseline: Quantity) -> pd.DataFrame:
    """The same from values and units that Japanese customs declares.

    declared: `declared_values`. Yen values are converted at the average rate of each period. Unit
    values move with the mix of models too, so the index is the cleaner measure. Columns: period,
    value_percent, units_percent, unit_value_jpy_percent, rate_before, rate_after,
    unit_value_usd_percent, duty_percent, benchmark_percent, absorbed_percent, quality, source_ids.
    """
    in_yen = (1 + declared.value) / (1 + declared.units)
    in_dollars = in_yen * (declared.rate_before / declared.rate_after)
    share = _absorbed(in_dollars, baseline, declared.duty)
    columns = {
        "value_percent": declared.value,
        "units_percent": declared.units,
        "unit_value_jpy_percent": (in_yen - 1).to("%"),
        "rate_before": declared.rate_before,
        "rate_after": declared.rate_after,
        "unit_value_usd_percent": (in_dollars - 1).to("%"),
        "duty_percent": declared.duty,
        "benchmark_percent": (full_absorption(baseline, declared.duty) - 1).to("%"),
        "absorbed_percent": share,
    }
    frame = pd.DataFrame({name: column.value.array for name, column in columns.items()})
    frame.insert(0, "period", declared.value.value.index)
    return frame.assign(**_origin(share))


def _absorbed(price_factor: Quantity, baseline: Quantity, duty: Quantity) -> Quantity:
    """The absorbed share, percent; NaN in rows where the duty is the baseline."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = absorbed(price_factor, baseline, duty).to("%")
    unchanged = full_absorption(baseline, duty).value == 1
    return Quantity(share.value.mask(unchanged, math.nan), "%", share.provenance)


def _origin(share: Quantity) -> dict[str, list[str]]:
    rows: tuple = share.provenance  # type: ignore[type-arg, assignment]
    return {
        "quality": [row.quality for row in rows],
        "source_ids": [";".join(row.source_ids) for row in rows],
    }


def _mean_duties(schedule: pd.DataFrame, periods: Iterable[str]) -> Quantity:
    """The mean duty when cars that leave in each period enter."""
    return column({period: _at_entry(schedule, period) for period in periods})


def _at_entry(schedule: pd.DataFrame, period: str) -> Quantity:
    means = [
        tariffs.mean_duty(schedule, months_of(period) + shift, "passenger_car")
        for shift in MONTHS_AT_SEA
    ]
    rests: Any = sum(means)
    mean = sum(rate.value for rate in means) / len(means)
    return fact(mean, "%", period, "derived", rests.source_ids)


def _year_before(period: str) -> str:
    months = months_of(period) - 12
    return str(months[0]) if len(months) == 1 else f"{months[0]}/{months[-1]}"


def _half_year(flows: pd.DataFrame, measure: str) -> Quantity:
    after, before = (
        pick(flows, measure, "customs", **_CUSTOMS, measure=measure, period=period)
        for period in (HALF_YEAR, HALF_YEAR_BEFORE)
    )
    return (after / before - 1).to("%")
