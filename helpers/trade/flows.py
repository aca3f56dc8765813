"""Both flows of the car trade between Japan and the United States: the gap and its
measures.

Exports from Japan count vehicles its makers ship (units) and cars at US customs value (dollars);
exports from the United States count cars that Japanese customs clear (units, used ones included)
and cars at US export value (free alongside ship).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.data.picking import find, pick, source_tuple
from helpers.errors import Fault, InputError, refusal
from helpers.periods import last_day, months_of, nearest_year
from helpers.quantities import Quantity, fact
from helpers.quantities import unit as unit_of
from helpers.texts import did_you_mean, publication_order
from helpers.trade.words import published

Tables = Mapping[str, pd.DataFrame]
"""Tables of the data package by name; each function says which it needs."""

TABLES = (
    "trade_flows",
    "goods_trade",
    "claims",
    "articles",
    "sources",
    "fx_usdjpy_annual",
    "fx_usdjpy_monthly",
)
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
# What marks the claims that print the flow from Japan.
_PRINTED = {"subject": "Japan-US auto trade", "rule": "within"}
_CLAIM_UNITS = {"units": "vehicles", "USD bn": "USD bn", "USD mn": "USD million"}


@dataclass(frozen=True)
class TradeInputs:
    """What decides which figures are used. Field names are scenario parameters."""

    trade_year: int
    flow_basis: str
    goods_deficit_vintage: str


@dataclass(frozen=True)
class CarTrade:
    """The car trade of one year in units and dollars, and the US goods deficit it stands in.

    japan_*: Japan to the United States, in vehicles and in cars alone; us_*: the other way. basis:
    who counted what and how it is valued, by field. publication: the one that gives the goods
    deficit. outlet: who printed the figures from Japan, where they are as an article has them.
    Raises InputError when one of the numbers is not above 0.
    """

    year: int
    japan_units: Quantity
    japan_cars: Quantity
    japan_value: Quantity
    us_units: Quantity
    us_value: Quantity
    goods_deficit: Quantity
    basis: Mapping[str, str] = field(default_factory=dict)
    publication: str = ""
    outlet: str = ""

    def __post_init__(self) -> None:
        faults = [
            Fault(
                self.basis.get(name, name),
                f"{quantity.value:g} {quantity.unit} is not above 0",
                "write a positive number",
            )
            for name, quantity in self.quantities.items()
            if not quantity.value > 0
        ]
        if faults:
            raise InputError(faults)

    @property
    def quantities(self) -> dict[str, Quantity]:
        """The numbers the measures rest on, by field."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Quantity)}

    @property
    def gap_units(self) -> Quantity:
        """Vehicles from Japan less vehicles from the United States."""
        return self.japan_units - self.us_units

    @property
    def gap_value(self) -> Quantity:
        """Value from Japan less value from the United States."""
        return self.japan_value - self.us_value

    @property
    def units_ratio(self) -> Quantity:
        """Vehicles from Japan for one vehicle from the United States."""
        return self.japan_units / self.us_units

    @property
    def cover(self) -> Quantity:
        """US exports as percent of US imports in this trade."""
        return (self.us_value / self.japan_value).to("%")

    @property
    def grubel_lloyd(self) -> Quantity:
        """Index of two-way trade, 0 one way only, 1 balanced (Grubel and Lloyd, 1975)."""
        index: Quantity = grubel_lloyd(self.japan_value, self.us_value)
        return index

    @property
    def share_of_goods_deficit(self) -> Quantity:
        """The car gap as percent of the whole US goods deficit with Japan."""
        return (self.gap_value / self.goods_deficit).to("%")

    @property
    def japan_unit_value(self) -> Quantity:
        """Dollars per car from Japan."""
        return self.japan_value / self.japan_cars

    @property
    def us_unit_value(self) -> Quantity:
        """Dollars per vehicle from the US: US value over Japanese units, used cars included."""
        return self.us_value / self.us_units


def grubel_lloyd(one_way: Any, other_way: Any) -> Any:
    """1 - |X - M| / (X + M) of two flows, numbers or quantities."""
    return 1 - np.absolute(one_way - other_way) / (one_way + other_way)


def car_trade(tables: Tables, inputs: TradeInputs) -> CarTrade:
    """The car trade of the year asked for, on the basis asked for.

    tables: `TABLES`. Where the year has no figure for the flow to Japan, the nearest year with one
    stands in and the quality drops to estimate. Where US customs value is missing, Japan's yen
    value is converted at the year's average rate and cleared of trucks. as_reported takes units and
    value from Japan as an article prints them; the articles print no figure for the other
    direction, so that stays official.
    """
    year, outlet = inputs.trade_year, ""
    if inputs.flow_basis == "as_reported":
        (japan_units, units_basis, outlet), (japan_value, value_basis, _) = (
            printed(tables, quantity, unit)
            for quantity, unit in (("units", "vehicles"), ("value", "USD million"))
        )
    else:
        units_basis = "Japan to US, all motor vehicles shipped (JAMA)"
        japan_units = pick(
            tables["trade_flows"], "vehicles", units_basis, **JAPAN_UNITS, period=year
        )
        japan_value, value_basis = value_from_japan(tables, year)
    flows = tables["trade_flows"]
    trucks = truck_share(flows, year)
    japan_cars = (japan_units * (1 - trucks)).to("cars") if not outlet else japan_units
    us_units, us_units_basis = _nearest(
        flows, US_UNITS, year, "vehicles", "US to Japan, cars cleared incl. used (Japan customs)"
    )
    us_value, us_value_basis = _nearest(
        flows, US_VALUE, year, "USD million", "US to Japan, cars, export value (US)"
    )
    deficit, publication = goods_deficit(tables["goods_trade"], year, inputs.goods_deficit_vintage)
    basis = {
        "japan_units": units_basis,
        "japan_cars": units_basis
        if outlet
        else f"the same without trucks, {trucks.text} of units in {numbers.day(trucks.period)}",
        "japan_value": value_basis,
        "us_units": us_units_basis,
        "us_value": us_value_basis,
        "goods_deficit": f"US goods deficit with Japan, Census basis, {published(publication)}",
    }
    return CarTrade(
        year,
        japan_units,
        japan_cars,
        japan_value,
        us_units,
        us_value,
        deficit,
        basis,
        publication,
        outlet,
    )


def goods_deficit(goods_trade: pd.DataFrame, year: int, vintage: str) -> tuple[Quantity, str]:
    """The US goods deficit with Japan of a year, positive, Census basis, and the publication that
    gave it.

    vintage: the publication asked for. A year without it takes the last one published before it, or
    else its first. Raises InputError for a year without a balance and a vintage that no year has.
    """
    if vintage not in set(goods_trade["vintage"]):
        known = sorted(set(goods_trade["vintage"]), key=publication_order)
        what = f"'{vintage}' is no vintage of goods_trade.csv"
        otherwise = f"write one of {', '.join(known)}"
        raise refusal("goods_deficit_vintage", what, did_you_mean(vintage, known, otherwise))
    balances = goods_trade[goods_trade["balance_usd_mn"].notna()]
    rows = balances[balances["year"].astype(str) == str(year)]
    if rows.empty:
        years = ", ".join(sorted(set(balances["year"].astype(str))))
        where = f"US goods balance with Japan, {year}"
        raise refusal(where, "no balance is known", f"years with one: {years}")
    published = [publication_order(text) for text in rows["vintage"].tolist()]
    until = [day for day in published if day <= publication_order(vintage)]
    used = rows.iloc[published.index(max(until) if until else min(published))]
    deficit = fact(
        -float(used["balance_usd_mn"]),
        "USD million",
        str(year),
        used["quality"],
        source_tuple([used["source_ids"]]),
    )
    return deficit, str(used["vintage"])


def printed(tables: Tables, quantity: str, unit: str) -> tuple[Quantity, str, str]:
    """The flow from Japan as the first article prints it, with its basis and the outlet.

    tables: claims, articles, sources. quantity: units or value. Raises InputError where no article
    prints it, or not as a number in a unit of that kind.
    """
    claims = tables["claims"]
    for column, wanted in (_PRINTED | {"quantity": quantity}).items():
        claims = claims[claims[column] == wanted]
    if claims.empty:
        what = f"no claim prints the {quantity} of the flow from Japan"
        raise refusal("flow_basis", what, "write official")
    claim = (
        claims.merge(tables["articles"], on="article_id").sort_values("published").iloc[0].to_dict()
    )
    where, text, stated_unit = f"claim {claim['claim_id']}", str(claim["value"]), str(claim["unit"])
    allowed = [
        name
        for name, known in _CLAIM_UNITS.items()
        if unit_of(known).powers == unit_of(unit).powers
    ]
    if stated_unit not in allowed:
        what = f"'{stated_unit}' is no unit of {unit}"
        raise refusal(f"{where}, column unit", what, f"write {' or '.join(allowed)}")
    try:
        value = float(text)
    except ValueError:
        what, remedy = f"'{text}' is not a number", f"write digits only, in {stated_unit}"
        raise refusal(f"{where}, column value", what, remedy) from None
    sources = tables["sources"]
    source_ids = tuple(sources.loc[sources["url"] == claim["url"], "source_id"])
    stated = fact(value, _CLAIM_UNITS[stated_unit], str(claim["period"]), "reported", source_ids)
    basis = f"Japan to US, as {claim['outlet']} prints it for {claim['period']}"
    return stated.to(unit), basis, str(claim["outlet"])


def value_from_japan(tables: Tables, year: int) -> tuple[Quantity, str]:
    """The value of the flow from Japan in a year, and its basis.

    tables: trade_flows, fx_usdjpy_annual and _monthly.
    """
    flows = tables["trade_flows"]
    if len(find(flows, "customs value", **JAPAN_CUSTOMS_VALUE, period=year)):
        basis = "Japan to US, cars, US customs value"
        return pick(flows, "USD million", basis, **JAPAN_CUSTOMS_VALUE, period=year), basis
    basis = "Japan to US, all vehicles, FOB in yen (Japan customs)"
    yen = pick(flows, "JPY bn", basis, **JAPAN_FOB_YEN, period=year)
    per_dollar = rate(tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"], str(year))
    trucks = truck_share(flows, year)
    basis = (
        f"Japan to US, cars: all vehicles, FOB, ¥{yen.value:,.1f} bn at ¥{per_dollar.value:.2f} "
        f"per dollar (average of {year}), less {trucks.text} for trucks"
    )
    return (yen / per_dollar * (1 - trucks)).to("USD million"), basis


def truck_share(trade_flows: pd.DataFrame, year: int) -> Quantity:
    """Trucks among vehicles shipped from Japan to the United States, percent of units: an estimate
    for the year from the half-year nearest to it that has a count. A half-year within the year
    stands for all of it; another is carried forward or back.
    """
    trucks = JAPAN_UNITS | {"product": "trucks"}
    periods = find(trade_flows, "trucks shipped", **trucks)["period"].astype(str)
    nearest = nearest_year(periods.str[:4], year)
    period = next(period for period in periods if period.startswith(nearest))
    share = (
        pick(trade_flows, "vehicles", "trucks shipped", **trucks, period=period)
        / pick(trade_flows, "vehicles", "all vehicles shipped", **JAPAN_UNITS, period=period)
    ).to("%")
    until = last_day(nearest if nearest == str(year) else period)
    return fact(share.value, "%", period, "estimate", share.source_ids, until)


def _nearest(
    flows: pd.DataFrame, conditions: dict[str, str], year: int, unit: str, basis: str
) -> tuple[Quantity, str]:
    period = nearest_year(find(flows, basis, **conditions)["period"].astype(str), year)
    number = pick(flows, unit, basis, **conditions, period=period)
    if int(period) == year:
        return number, basis
    stand_in = fact(number.value, unit, period, "estimate", number.source_ids)
    return stand_in, f"{basis}, {period} standing in for {year}"


def rate(fx_annual: pd.DataFrame, fx_monthly: pd.DataFrame, period: str) -> Quantity:
    """Yen per dollar over a period: the published yearly or monthly average, else the mean of the
    months.

    fx_annual, fx_monthly: columns `period`, `jpy_per_usd`, `quality`, `source_ids`. Raises
    InputError when a month of the period is missing, or the text is no period of whole months.
    """
    published = fx_annual if re.fullmatch(r"\d{4}", period) else fx_monthly
    rows = published[published["period"].astype(str) == period]
    if rows.empty:
        months = months_of(period).astype(str)
        rows = fx_monthly[fx_monthly["period"].isin(months)]
        if missing := sorted(set(months) - set(rows["period"])):
            what = f"no average for {', '.join(missing)}"
            held = fx_monthly["period"]
            known = f"the monthly table holds {held.min()} to {held.max()}"
            raise refusal(f"exchange rate of {period}", what, known)
    quality = str(rows["quality"].iloc[0]) if len(rows) == 1 else "derived"
    sources = source_tuple(rows["source_ids"])
    return fact(float(rows["jpy_per_usd"].mean()), "JPY per USD", period, quality, sources)
