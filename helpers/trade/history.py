"""The flow of cars from Japan to the United States over the years."""

import math
from dataclasses import dataclass

import pandas as pd

from helpers.data.picking import find, pick, quantity_of
from helpers.quantities import Quantity, together
from helpers.trade.flows import (
    JAPAN_CUSTOMS_VALUE,
    JAPAN_FOB_YEN,
    JAPAN_UNITS,
    Tables,
    rate,
    value_from_japan,
)

_COUNTERS = {
    "jama": "makers' association",
    "mof": "Japan customs",
    "us_commerce": "US, cars and light trucks, lower bound",
}


def long_run(tables: Tables) -> pd.DataFrame:
    """Shipments from Japan to the United States by year, as far as sourced: units and dollars with
    who counted them.

    tables: trade_flows, fx_usdjpy_annual and _monthly. Columns: year, units, units_basis,
    value_usd_mn, value_basis, quality, source_ids. Blank numbers are NaN: not found.
    """
    flows = tables["trade_flows"]
    counted = flows[
        (flows["flow"] == "jp_to_us_vehicles")
        & (flows["measure"] == "units")
        & (flows["period_kind"] == "calendar_year")
        & flows["reporter"].isin(list(_COUNTERS))
        & flows["product"].isin(["all_motor_vehicles", "cars_and_light_trucks"])
    ]
    counted = (
        counted.assign(rank=counted["reporter"].map(list(_COUNTERS).index))
        .sort_values(["period", "rank"])
        .drop_duplicates("period")
        .set_index("period")
    )
    valued = {
        str(period)
        for conditions in (JAPAN_FOB_YEN, JAPAN_CUSTOMS_VALUE)
        for period in find(flows, "value by year", **conditions, period_kind="calendar_year")[
            "period"
        ]
    }
    rows = []
    for year in sorted(valued | set(counted.index)):
        known, units, by, value, basis = list[Quantity](), math.nan, "", math.nan, ""
        if year in counted.index:
            row = counted.loc[year].to_dict() | {"period": year}
            units, by = float(row["value"]), _COUNTERS[row["reporter"]]
            known.append(quantity_of(row, "vehicles"))
        if year in valued:
            dollars, basis = value_from_japan(tables, int(year))
            value = float(dollars.value)
            known.append(dollars)
        both = together(known)
        ids = ";".join(both.source_ids)
        rows.append((int(year), units, by, value, basis, both.quality, ids))
    columns = ["year", "units", "units_basis", "value_usd_mn", "value_basis"]
    return pd.DataFrame(rows, columns=[*columns, "quality", "source_ids"])


@dataclass(frozen=True)
class Change:
    """A number of one year beside the same of a later one."""

    label: str
    before: Quantity
    after: Quantity

    @property
    def change(self) -> Quantity:
        """By how much the later is above the earlier, percent."""
        return (self.after / self.before - 1).to("%").known_as(self.after)


@dataclass(frozen=True)
class TwoYears:
    """Vehicles from Japan to the United States in two years.

    The value per vehicle divides customs value by the makers' count of all vehicles, so its level
    is approximate and its change is what matters.
    """

    units: Change
    value_jpy: Change
    value_usd: Change
    unit_value_jpy: Change
    unit_value_usd: Change
    rate: Change


def year_on_year(tables: Tables) -> TwoYears:
    """2024 and 2025 beside each other: units, yen, dollars at each year's rate, value per vehicle.

    tables: trade_flows, fx_usdjpy_annual and _monthly.
    """
    flows = tables["trade_flows"]
    units, yen, rates, dollars = [], [], [], []
    for year in ("2024", "2025"):
        units.append(pick(flows, "vehicles", "shipments", **JAPAN_UNITS, period=year))
        yen.append(pick(flows, "JPY bn", "exports", **JAPAN_FOB_YEN, period=year))
        rates.append(rate(tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"], year))
        dollars.append((yen[-1] / rates[-1]).to("USD million"))
    return TwoYears(
        Change("Vehicles shipped", *units),
        Change("Export value", *yen),
        Change("Export value at each year's rate", *dollars),
        Change("Value per vehicle", yen[0] / units[0], yen[1] / units[1]),
        Change(
            "Value per vehicle at each year's rate", dollars[0] / units[0], dollars[1] / units[1]
        ),
        Change("Exchange rate", *rates),
    )
