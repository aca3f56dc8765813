"""What a number of US-built cars a year changes in the car trade, seen four ways, and how many cars
close a share of the gap.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import refusal
from helpers.quantities import Quantities, Quantity
from helpers.trade.flows import CarTrade

# Values of a car and shares of parts of the heat table: round steps through the ranges found and
# assumed.
GRID_VALUES_USD = (30_000.0, 35_000.0, 40_000.0, 45_000.0, 50_000.0, 55_000.0, 60_000.0)
GRID_PARTS_PERCENT = (5.0, 15.0, 25.0, 35.0)
MONEY = "USD million a year"
VALUES_FOUND, ASSUMED = "range of values per car in the trade", "range of the assumptions"

NetEffect = Callable[[Any, Any, Any, Any], Any]


def net_effect(value: Any, parts_share: Any, backfill_share: Any, japan_value: Any) -> Any:
    """Dollars by which one exported car shrinks the gap: its value less the Japanese parts bought
    for it and less the cars that Japan ships to the United States in its place. The parts of a car
    so replaced would have come anyway.
    """
    new_parts = parts_share * (1 - backfill_share)
    return value * (1 - new_parts) - backfill_share * japan_value


@dataclass(frozen=True)
class Effect:
    """The four lenses on a number of cars a year: a plain number of them or draws.

    gross: value of the cars. us_value_added: the part of it made in the United States, also as a
    share of the gap in what each side adds itself. net: what the gap shrinks by; each with the
    range of the assumptions. net_per_car: what one car takes off the gap. units_to_close_*: cars
    that close the share asked for, None where no number does. units_to_be_visible: cars whose gross
    value reaches the share of the goods deficit called negligible.
    """

    units: Quantity
    unit_value: Quantity
    backfill_share: Quantity
    net_per_car: Quantity
    gross: Quantity
    us_value_added: Quantity
    net: Quantity
    gross_jpy: Quantity
    share_of_japan_units: Quantity
    share_of_us_units: Quantity
    share_of_flow: Quantity
    share_of_gap: Quantity
    value_added_gap: Quantity
    share_of_value_added_gap: Quantity
    share_of_deficit: Quantity
    net_share_of_gap: Quantity
    close_share: Quantity
    units_to_close_gross: Quantity | None
    units_to_close_net: Quantity | None
    negligible_share: Quantity
    units_to_be_visible: Quantity

    @property
    def flow_multiple(self) -> Quantity:
        """The flow of US-built cars to Japan with the programme, times the flow without."""
        return 1 + self.share_of_us_units.to("")

    @property
    def more_than_doubles(self) -> Any:
        """Whether the programme is larger than today's flow of US-built cars to Japan."""
        return self.share_of_us_units > Quantity(100, "%")

    @property
    def negligible(self) -> Any:
        """Whether the gross value stays below the share of the goods deficit called negligible."""
        return self.share_of_deficit < self.negligible_share


EFFECT_PARAMETERS = (
    "unit_value_usd",
    "japanese_parts_share_percent",
    "us_share_of_other_content_percent",
    "japan_domestic_content_percent",
    "backfill_share_percent",
    "parts_share_range_points",
    "backfill_high_percent",
    "close_share_percent",
    "negligible_percent",
    "jpy_per_usd",
)


def effect(
    units: Quantity,
    flows: CarTrade,
    given: Quantities,
    net_of: NetEffect,
) -> Effect:
    """The four lenses for a number of cars and the solver for the share asked for.

    given: `EFFECT_PARAMETERS`. net_of: a function such as `net_effect`.
    """
    value, parts = given.unit_value_usd, given.japanese_parts_share_percent
    backfill, japan_value = given.backfill_share_percent, flows.japan_unit_value
    points = replace(given.parts_share_range_points, unit="%")
    whole: Any = Quantity(100.0, "%")
    few, many = np.maximum(parts - points, 0), np.minimum(parts + points, whole)
    in_trade: Any = (flows.japan_unit_value, flows.us_unit_value)
    cheap, dear = np.minimum(min(in_trade), value), np.maximum(max(in_trade), value)
    most_backfill = np.maximum(backfill, given.backfill_high_percent)
    per_car = net_of(value, parts, backfill, japan_value)
    worst = net_of(cheap, many, most_backfill, japan_value)
    best = net_of(dear, few, backfill, japan_value)
    gross = _between((units * value).to(MONEY), units * cheap, units * dear, VALUES_FOUND)
    net = _between(units * per_car, units * worst, units * best, ASSUMED)
    us_part = given.us_share_of_other_content_percent
    gap, us_value_added = flows.gap_value, units * value * (1 - parts) * us_part
    value_added_gap = flows.japan_value * given.japan_domestic_content_percent
    value_added_gap = value_added_gap - flows.us_value * (1 - parts) * us_part
    least, most = cheap * (1 - many) * us_part, dear * (1 - few) * us_part
    added = _between(us_value_added, units * least, units * most, ASSUMED)
    close, visible = given.close_share_percent, given.negligible_percent * flows.goods_deficit
    return Effect(
        units=units,
        unit_value=value,
        backfill_share=backfill,
        net_per_car=per_car,
        gross=gross,
        us_value_added=added,
        net=net,
        gross_jpy=(gross * given.jpy_per_usd).to("JPY bn a year"),
        share_of_japan_units=(units / flows.japan_units).to("%"),
        share_of_us_units=(units / flows.us_units).to("%"),
        share_of_flow=(gross / flows.japan_value).to("%"),
        share_of_gap=(gross / gap).to("%"),
        value_added_gap=value_added_gap.to("USD million"),
        share_of_value_added_gap=(added / value_added_gap).to("%"),
        share_of_deficit=(gross / flows.goods_deficit).to("%"),
        net_share_of_gap=(net / gap).to("%"),
        close_share=close,
        units_to_close_gross=_closing(close, gap, (value, cheap, dear), VALUES_FOUND),
        units_to_close_net=_closing(close, gap, (per_car, worst, best), ASSUMED),
        negligible_share=given.negligible_percent,
        units_to_be_visible=_reaching(visible, (value, cheap, dear), VALUES_FOUND),
    )


def _between(value: Quantity, low: Quantity, high: Quantity, label: str) -> Quantity:
    """A sum of money with the range it takes when the assumptions move through theirs."""
    ends = low.to(MONEY).value, high.to(MONEY).value
    return replace(value.to(MONEY), interval=ends, interval_label=label)


PerCar = tuple[Quantity, Any, Any]
"""What a car is worth: the value, and the lowest and highest of its range."""


def _reaching(money: Quantity, per_car: PerCar, label: str) -> Quantity:
    """Cars a year that are worth so much, with the range over the values of a car. label: what the
    range is over.
    """
    cars, most, fewest = ((money / car).to("cars a year") for car in per_car)
    return replace(cars, interval=(fewest.value, most.value), interval_label=label)


def _closing(share: Quantity, gap: Quantity, per_car: PerCar, label: str) -> Quantity | None:
    """`units_to_close` with its range, where every value of a car in it shrinks the gap."""
    cars = units_to_close(share, gap, per_car[0])
    if cars is None or not per_car[1].value > 0:
        return cars
    return _reaching(share * gap, per_car, label)


def units_to_close(share: Quantity, gap: Quantity, per_car: Quantity) -> Quantity | None:
    """Cars a year that close a share of the gap; None when a car does not shrink it, so that no
    number of cars does.

    Raises InputError where there is no gap to close.
    """
    if gap.value <= 0:
        what = f"{gap.text} is not a gap to close"
        raise refusal("gap", what, "choose a year in which Japan exports more")
    return (share * gap / per_car).to("cars a year") if per_car.value > 0 else None


def closing_grid(flows: CarTrade, given: Quantities, net_of: NetEffect) -> pd.DataFrame:
    """Net cars that close the share asked for, by value of a car (columns) and Japanese parts in
    percent (rows, named so).

    given: `EFFECT_PARAMETERS`. NaN where no number of cars does it.
    """
    grid = []
    for parts in GRID_PARTS_PERCENT:
        per_car = (
            net_of(
                Quantity(value, "USD per car"),
                Quantity(parts, "%"),
                given.backfill_share_percent,
                flows.japan_unit_value,
            )
            for value in GRID_VALUES_USD
        )
        cars = (units_to_close(given.close_share_percent, flows.gap_value, car) for car in per_car)
        grid.append([math.nan if count is None else count.value for count in cars])
    rows = pd.Index(GRID_PARTS_PERCENT, name="parts_percent")
    return pd.DataFrame(grid, index=rows, columns=list(GRID_VALUES_USD))
