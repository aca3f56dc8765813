"""Absorption as measured: the published export-price index and declared unit values, each against
the full-absorption benchmark.
"""

import math

import pandas as pd

from helpers import currency
from helpers.data.picking import Quantity, find, pick, source_tuple
from helpers.trade import duty as tariffs
from helpers.trade.flows import JAPAN_FOB_YEN
from helpers.trade.incidence import absorbed_percent, full_absorption_factor

INDEX = {
    "flow": "jp_to_north_america_vehicles",
    "reporter": "boj",
    "measure": "pct_yoy_contract_price",
}
INDEX_MONTH = "2025-06"  # largest fall, and the month whose index level is printed
HALF_YEAR, HALF_YEAR_BEFORE = "2025-04/2025-09", "2024-04/2024-09"


def index_absorption(
    trade_flows: pd.DataFrame, schedule: pd.DataFrame, baseline_duty_percent: float
) -> pd.DataFrame:
    """The Bank of Japan's export price of cars to North America (contract currency), month by
    month, against the benchmark.

    The duty of a month is the mean over its days. Columns: month, change_percent (year on year),
    duty_percent, benchmark_percent (price change that would leave the landed price as it was),
    absorbed_percent (NaN where the duty had not changed), quality, source_ids.
    """
    rows = find(trade_flows, "export price index", **INDEX).sort_values("period")
    found = []
    for _, row in rows.iterrows():
        month = str(row["period"])
        duty = _duty(schedule, month)
        change, full = float(row["value"]), full_absorption_factor(baseline_duty_percent, duty)
        absorbed = (
            absorbed_percent(1 + change / 100, baseline_duty_percent, duty)
            if full != 1
            else math.nan
        )
        found.append(
            (month, change, duty, 100 * (full - 1), absorbed, row["quality"], row["source_ids"])
        )
    columns = [
        "month",
        "change_percent",
        "duty_percent",
        "benchmark_percent",
        "absorbed_percent",
        "quality",
        "source_ids",
    ]
    return pd.DataFrame(found, columns=columns)


def declared_absorption(
    trade_flows: pd.DataFrame,
    schedule: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
    baseline_duty_percent: float,
) -> pd.DataFrame:
    """The same from values and units that Japanese customs declares: months with both changes, and
    April to September.

    Yen values are converted at the average rate of each period. Unit values move with the mix of
    models too, so the index is the cleaner measure. Columns: period, value_percent, units_percent,
    unit_value_jpy_percent, rate_before, rate_after, unit_value_usd_percent, duty_percent,
    benchmark_percent, absorbed_percent, source_ids.
    """
    customs = {key: JAPAN_FOB_YEN[key] for key in ("flow", "reporter", "product")}
    values = find(
        trade_flows, "value", **customs, measure="pct_yoy_value", period_kind="month"
    ).set_index("period")
    units = find(
        trade_flows, "units", **customs, measure="pct_yoy_units", period_kind="month"
    ).set_index("period")
    months = [
        (
            month,
            float(values.loc[month, "value"]),
            float(units.loc[month, "value"]),
            _together(values.loc[month], units.loc[month]),
        )
        for month in sorted(set(values.index) & set(units.index))
    ]
    halves = {
        (measure, period): pick(
            trade_flows, measure, "customs", **customs, measure=measure, period=period
        )
        for measure in ("jpy_bn", "units")
        for period in (HALF_YEAR_BEFORE, HALF_YEAR)
    }
    half = (
        HALF_YEAR,
        _change(halves, "jpy_bn"),
        _change(halves, "units"),
        source_tuple(";".join(one.source_ids) for one in halves.values()),
    )
    found = []
    for period, value, count, ids in [*months, half]:
        before, after = (
            currency.rate(fx_annual, fx_monthly, when) for when in (_year_before(period), period)
        )
        in_yen = (1 + value / 100) / (1 + count / 100)
        in_dollars = in_yen * before.value / after.value
        duty = _duty(schedule, period)
        full = full_absorption_factor(baseline_duty_percent, duty)
        absorbed = (
            absorbed_percent(in_dollars, baseline_duty_percent, duty) if full != 1 else math.nan
        )
        found.append(
            (
                period,
                value,
                count,
                100 * (in_yen - 1),
                before.value,
                after.value,
                100 * (in_dollars - 1),
                duty,
                100 * (full - 1),
                absorbed,
                ";".join(source_tuple([*ids, *after.source_ids])),
            )
        )
    columns = [
        "period",
        "value_percent",
        "units_percent",
        "unit_value_jpy_percent",
        "rate_before",
        "rate_after",
        "unit_value_usd_percent",
        "duty_percent",
        "benchmark_percent",
        "absorbed_percent",
        "source_ids",
    ]
    return pd.DataFrame(found, columns=columns)


def _duty(schedule: pd.DataFrame, period: str) -> float:
    months = currency.months_of(period)
    last_day = pd.Period(months[-1], freq="M").end_time.date().isoformat()
    return tariffs.mean_duty(schedule, f"{months[0]}-01", last_day, "passenger_car")


def _year_before(period: str) -> str:
    months = currency.shifted(currency.months_of(period), -12)
    return months[0] if len(months) == 1 else f"{months[0]}/{months[-1]}"


def _change(halves: dict[tuple[str, str], Quantity], measure: str) -> float:
    return 100 * (halves[measure, HALF_YEAR].value / halves[measure, HALF_YEAR_BEFORE].value - 1)


def _together(*rows: pd.Series) -> tuple[str, ...]:
    return source_tuple(str(row["source_ids"]) for row in rows)
