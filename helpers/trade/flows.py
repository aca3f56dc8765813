"""Both flows of the car trade between Japan and the United States: the gap, its measures, and its
long run.

Exports from Japan count vehicles its makers ship (units) and cars at US customs value (dollars);
exports from the United States count cars that Japanese customs clear (units, used ones included)
and cars at US export value (free alongside ship).
"""

import math
from dataclasses import dataclass

import pandas as pd

from helpers import currency
from helpers.data.picking import (
    Quantity,
    all_sources,
    find,
    nearest_period,
    pick,
    source_tuple,
    weakest,
)
from helpers.errors import Fault, InputError
from helpers.texts import publication_order

JAPAN_UNITS = {
    "flow": "jp_to_us_vehicles",
    "reporter": "jama",
    "product": "all_motor_vehicles",
    "measure": "units",
}
JAPAN_CUSTOMS_VALUE = {
    "flow": "jp_to_us_vehicles",
    "reporter": "us_census",
    "product": "passenger_cars",
    "measure": "usd_mn",
}
JAPAN_FOB_YEN = {
    "flow": "jp_to_us_vehicles",
    "reporter": "mof",
    "product": "all_motor_vehicles",
    "measure": "jpy_bn",
}
US_UNITS = {
    "flow": "us_to_jp_vehicles",
    "reporter": "mof",
    "product": "automobiles_incl_used",
    "measure": "units",
}
US_VALUE = {
    "flow": "us_to_jp_vehicles",
    "reporter": "us_commerce",
    "product": "passenger_cars",
    "measure": "usd_mn",
}
# The two numbers of the trade that an article prints, by claim: units of the year before, and their
# dollar value; the article as a source.
STATED_UNITS, STATED_VALUE, STATED_SOURCE = "A1-06", "A1-07", "TECHI25"
# How many of a model's unit the unit of a claim holds.
CLAIM_UNITS = {"vehicles": {"units": 1.0}, "USD million": {"USD bn": 1_000.0, "USD mn": 1.0}}


@dataclass(frozen=True)
class TradeInputs:
    """What decides which figures are used. Field names are scenario parameters."""

    trade_year: int
    flow_basis: str
    goods_deficit_vintage: str


@dataclass(frozen=True)
class CarTrade:
    """The car trade of one year in units and dollars, and the US goods deficit it stands in.

    japan_*: Japan to the United States; us_*: the other way. Raises InputError when one of the five
    is not above 0.
    """

    year: int
    japan_units: Quantity
    japan_value_usd_mn: Quantity
    us_units: Quantity
    us_value_usd_mn: Quantity
    goods_deficit_usd_mn: Quantity

    def __post_init__(self) -> None:
        faults = [
            Fault(one.basis, f"{one.value:g} {one.unit} is not above 0", "write a positive number")
            for one in self.quantities
            if one.value <= 0
        ]
        if faults:
            raise InputError(faults)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The five numbers the measures rest on."""
        return (
            self.japan_units,
            self.japan_value_usd_mn,
            self.us_units,
            self.us_value_usd_mn,
            self.goods_deficit_usd_mn,
        )

    @property
    def gap_units(self) -> float:
        """Vehicles from Japan less vehicles from the United States."""
        return self.japan_units.value - self.us_units.value

    @property
    def gap_usd_mn(self) -> float:
        """Value from Japan less value from the United States, USD million."""
        return self.japan_value_usd_mn.value - self.us_value_usd_mn.value

    @property
    def units_ratio(self) -> float:
        """Vehicles from Japan for one vehicle from the United States."""
        return self.japan_units.value / self.us_units.value

    @property
    def cover_percent(self) -> float:
        """US exports as percent of US imports in this trade."""
        return 100 * self.us_value_usd_mn.value / self.japan_value_usd_mn.value

    @property
    def grubel_lloyd(self) -> float:
        """Index of two-way trade, 0 one way only, 1 balanced."""
        return grubel_lloyd(self.japan_value_usd_mn.value, self.us_value_usd_mn.value)

    @property
    def share_of_goods_deficit_percent(self) -> float:
        """The car gap as percent of the whole US goods deficit with Japan."""
        return 100 * self.gap_usd_mn / self.goods_deficit_usd_mn.value

    @property
    def japan_unit_value_usd(self) -> float:
        """Dollars per vehicle from Japan. The two counts differ in scope, so this is an
        approximation.
        """
        return self.japan_value_usd_mn.value * 1e6 / self.japan_units.value

    @property
    def us_unit_value_usd(self) -> float:
        """Dollars per vehicle from the United States: US value over Japanese units, used cars
        included.
        """
        return self.us_value_usd_mn.value * 1e6 / self.us_units.value


def grubel_lloyd(one_way: float, other_way: float) -> float:
    """1 - |X - M| / (X + M) (Grubel and Lloyd, 1975). Raises InputError when both flows are 0 or
    one is negative.
    """
    if one_way < 0 or other_way < 0 or one_way + other_way <= 0:
        raise InputError(
            [
                Fault(
                    "flows",
                    f"{one_way:g} and {other_way:g} are no pair of flows",
                    "write values from 0, not both 0",
                )
            ]
        )
    return 1 - abs(one_way - other_way) / (one_way + other_way)


def car_trade(
    inputs: TradeInputs,
    trade_flows: pd.DataFrame,
    goods_trade: pd.DataFrame,
    claims: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
) -> CarTrade:
    """The car trade of the year asked for, on the basis asked for.

    Where the year has no figure for the flow to Japan, the nearest year with one stands in and the
    quality drops to estimate. Where US customs value is missing, Japan's yen value is converted at
    the year's average rate. as_reported takes units and value from Japan as the article prints them
    (claims A1-06, A1-07); the articles print no figure for the other direction, so that stays
    official.
    """
    year = str(inputs.trade_year)
    if inputs.flow_basis == "as_reported":
        japan_units, japan_value = (
            _stated(claims, STATED_UNITS, "vehicles"),
            _stated(claims, STATED_VALUE, "USD million"),
        )
    elif inputs.flow_basis != "official":
        raise InputError(
            [
                Fault(
                    "flow_basis",
                    f"'{inputs.flow_basis}' is no basis",
                    "write official or as_reported",
                )
            ]
        )
    else:
        japan_units = pick(
            trade_flows,
            "vehicles",
            "Japan to US, all motor vehicles shipped (JAMA)",
            **JAPAN_UNITS,
            period=year,
        )
        japan_value = _value_from_japan(trade_flows, fx_annual, fx_monthly, year)
    return CarTrade(
        inputs.trade_year,
        japan_units,
        japan_value,
        _nearest(
            trade_flows,
            US_UNITS,
            inputs.trade_year,
            "vehicles",
            "US to Japan, cars cleared incl. used (Japan customs)",
        ),
        _nearest(
            trade_flows,
            US_VALUE,
            inputs.trade_year,
            "USD million",
            "US to Japan, cars, export value (US)",
        ),
        goods_deficit(goods_trade, inputs.trade_year, inputs.goods_deficit_vintage),
    )


def goods_deficit(goods_trade: pd.DataFrame, year: int, vintage: str) -> Quantity:
    """The US goods deficit with Japan of a year, USD million, positive, Census basis, as one
    publication gave it.

    vintage: the publication. A year without it takes the last one published before it, or else its
    first, and the basis names the one that was used. Raises InputError for a year without a balance
    and a vintage that no year has.
    """
    if vintage not in set(goods_trade["vintage"]):
        known = sorted(set(goods_trade["vintage"]), key=publication_order)
        raise InputError(
            [
                Fault(
                    "goods_deficit_vintage",
                    f"'{vintage}' is no vintage of goods_trade.csv",
                    f"write one of {', '.join(known)}",
                )
            ]
        )
    rows = goods_trade[
        (goods_trade["year"].astype(str) == str(year)) & goods_trade["balance_usd_mn"].notna()
    ]
    if rows.empty:
        years = ", ".join(
            sorted(set(goods_trade.loc[goods_trade["balance_usd_mn"].notna(), "year"].astype(str)))
        )
        raise InputError(
            [
                Fault(
                    f"US goods balance with Japan, {year}",
                    "no balance is known",
                    f"years with one: {years}",
                )
            ]
        )
    published = [publication_order(text) for text in rows["vintage"].tolist()]
    until = [day for day in published if day <= publication_order(vintage)]
    used = rows.iloc[published.index(max(until) if until else min(published))]
    basis = f"US goods deficit with Japan, Census basis, publication {used['vintage']}"
    return Quantity(
        -float(used["balance_usd_mn"]),
        "USD million",
        str(year),
        used["quality"],
        source_tuple([used["source_ids"]]),
        basis,
    )


def long_run(
    trade_flows: pd.DataFrame, fx_annual: pd.DataFrame, fx_monthly: pd.DataFrame
) -> pd.DataFrame:
    """Shipments from Japan to the United States by year, as far as sourced: units and dollars with
    who counted them.

    Columns: year, units, units_basis, value_usd_mn, value_basis, quality, source_ids. Blank numbers
    are NaN: not found.
    """
    counted = trade_flows[
        (trade_flows["flow"] == "jp_to_us_vehicles")
        & (trade_flows["measure"] == "units")
        & (trade_flows["period_kind"] == "calendar_year")
        & trade_flows["reporter"].isin(["jama", "mof", "us_commerce"])
        & trade_flows["product"].isin(["all_motor_vehicles", "cars_and_light_trucks"])
    ]
    names = {
        "jama": "makers' association",
        "mof": "Japan customs",
        "us_commerce": "US, cars and light trucks, lower bound",
    }
    counted = (
        counted.assign(rank=counted["reporter"].map(list(names).index))
        .sort_values(["period", "rank"])
        .drop_duplicates("period")
    )
    units = {
        period: Quantity(
            float(value), "vehicles", period, quality, source_tuple([ids]), names[reporter]
        )
        for period, value, quality, ids, reporter in zip(
            *(
                counted[column]
                for column in ("period", "value", "quality", "source_ids", "reporter")
            ),
            strict=True,
        )
    }
    years = {
        str(period)
        for conditions in (JAPAN_FOB_YEN, JAPAN_CUSTOMS_VALUE)
        for period in find(trade_flows, "value by year", **conditions, period_kind="calendar_year")[
            "period"
        ]
    }
    values = {year: _value_from_japan(trade_flows, fx_annual, fx_monthly, year) for year in years}
    rows = [
        {
            "year": int(year),
            "units": units[year].value if year in units else math.nan,
            "units_basis": units[year].basis if year in units else "",
            "value_usd_mn": values[year].value if year in values else math.nan,
            "value_basis": values[year].basis if year in values else "",
            "quality": weakest(
                *(found[year] for found in (units, values) if year in found), at_least="official"
            ),
            "source_ids": ";".join(
                all_sources(*(found[year] for found in (units, values) if year in found))
            ),
        }
        for year in sorted(set(units) | set(values))
    ]
    return pd.DataFrame(rows)


def year_on_year(
    trade_flows: pd.DataFrame,
    fx_annual: pd.DataFrame,
    fx_monthly: pd.DataFrame,
    before: str = "2024",
    after: str = "2025",
) -> pd.DataFrame:
    """Two years beside each other: units, yen, dollars at each year's rate, and value per vehicle.

    Columns: measure, unit, before, after, change_percent, source_ids. The value per vehicle divides
    customs value by the makers' count of all vehicles, so its level is approximate and its change
    is what matters.
    """
    units = [
        pick(trade_flows, "vehicles", "shipments", **JAPAN_UNITS, period=year)
        for year in (before, after)
    ]
    yen = [
        pick(trade_flows, "JPY billion", "exports", **JAPAN_FOB_YEN, period=year)
        for year in (before, after)
    ]
    rates = [currency.rate(fx_annual, fx_monthly, year) for year in (before, after)]
    dollars = [currency.to_usd_mn(value.value, at) for value, at in zip(yen, rates, strict=True)]
    converted = all_sources(*yen) + rates[0].source_ids
    lines = [
        ("Vehicles shipped", "vehicles", *(one.value for one in units), all_sources(*units)),
        ("Export value", "JPY billion", *(one.value for one in yen), all_sources(*yen)),
        ("Export value at each year's rate", "USD million", *dollars, converted),
        (
            "Value per vehicle",
            "JPY",
            *(value.value * 1e9 / count.value for value, count in zip(yen, units, strict=True)),
            all_sources(*yen, *units),
        ),
        (
            "Value per vehicle at each year's rate",
            "USD",
            *(v * 1e6 / c.value for v, c in zip(dollars, units, strict=True)),
            converted + all_sources(*units),
        ),
        ("Exchange rate", "JPY per USD", *(at.value for at in rates), rates[0].source_ids),
    ]
    frame = pd.DataFrame(lines, columns=["measure", "unit", "before", "after", "source_ids"])
    frame["change_percent"] = 100 * (frame["after"] / frame["before"] - 1)
    frame["source_ids"] = frame["source_ids"].map(lambda ids: ";".join(dict.fromkeys(ids)))
    return frame[["measure", "unit", "before", "after", "change_percent", "source_ids"]]


def _value_from_japan(
    trade_flows: pd.DataFrame, fx_annual: pd.DataFrame, fx_monthly: pd.DataFrame, year: str
) -> Quantity:
    if len(find(trade_flows, "customs value", **JAPAN_CUSTOMS_VALUE, period=year)):
        return pick(
            trade_flows,
            "USD million",
            "Japan to US, cars, US customs value",
            **JAPAN_CUSTOMS_VALUE,
            period=year,
        )
    yen = pick(
        trade_flows,
        "JPY billion",
        "Japan to US, all vehicles, FOB in yen (Japan customs)",
        **JAPAN_FOB_YEN,
        period=year,
    )
    at = currency.rate(fx_annual, fx_monthly, year)
    basis = (
        f"Japan to US, all vehicles, FOB, ¥{yen.value:,.1f} bn at ¥{at.value:.2f} per dollar "
        f"(average of {year})"
    )
    return Quantity(
        currency.to_usd_mn(yen.value, at),
        "USD million",
        year,
        weakest(yen),
        yen.source_ids + at.source_ids,
        basis,
    )


def _nearest(
    trade_flows: pd.DataFrame, conditions: dict[str, str], year: int, unit: str, basis: str
) -> Quantity:
    period = nearest_period(find(trade_flows, basis, **conditions)["period"].astype(str), year)
    found = pick(trade_flows, unit, basis, **conditions, period=period)
    if int(period) == year:
        return found
    return Quantity(
        found.value,
        unit,
        period,
        "estimate",
        found.source_ids,
        f"{basis}, {period} standing in for {year}",
    )


def _stated(claims: pd.DataFrame, claim_id: str, unit: str) -> Quantity:
    row = claims[claims["claim_id"] == claim_id]
    if len(row) != 1:
        raise InputError(
            [
                Fault(
                    f"claim {claim_id}",
                    f"{len(row)} rows have this id",
                    "the claims table has each id once",
                )
            ]
        )
    factors, own, text = CLAIM_UNITS[unit], str(row["unit"].iloc[0]), str(row["value"].iloc[0])
    if own not in factors:
        raise InputError(
            [
                Fault(
                    f"claim {claim_id}, column unit",
                    f"'{own}' is no unit of {unit}",
                    f"write {' or '.join(factors)}",
                )
            ]
        )
    try:
        value = float(text) * factors[own]
    except ValueError:
        raise InputError(
            [
                Fault(
                    f"claim {claim_id}, column value",
                    f"'{text}' is not a number",
                    f"write digits only, in {own}",
                )
            ]
        ) from None
    period = str(row["period"].iloc[0])
    basis = f"Japan to US, as the article prints it (claim {claim_id}, for {period})"
    return Quantity(value, unit, period, "reported", (STATED_SOURCE,), basis)
