"""What the cars would cost in Japan and what the programme could be worth: the one composite that
notebooks, the brief and sweeps share.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helpers.cost import ranges as cost_ranges
from helpers.cost.premium import Premium, PremiumInputs, premium
from helpers.cost.price_walk import (
    ImportedCar,
    LandedCostInputs,
    PriceWalk,
    imported_cars,
    price_walk,
    price_walks,
)
from helpers.cost.timeline import Timeline, timeline
from helpers.cost.yen import SignTest, YenEffect, YenInputs, matching_rate, sign_test, yen_effect
from helpers.errors import Fault, InputError
from helpers.inputs import Parameters
from helpers.trade.flows import CarTrade, TradeInputs, car_trade

TABLES = (
    "programme_models",
    "vehicles",
    "japan_prices",
    "cost_ranges",
    "events",
    "tariffs",
    "trade_flows",
    "goods_trade",
    "claims",
    "articles",
    "sources",
    "fx_usdjpy_annual",
    "fx_usdjpy_monthly",
)
LEADING_MODEL = "highlander"


@dataclass(frozen=True)
class CaseInputs:
    """What the composite itself takes. Field names are scenario parameters."""

    models: tuple[str, ...]


@dataclass(frozen=True)
class Rival:
    """A car already sold in Japan: list price with tax in JPY, of the period `as_of`, and the
    programme models it is set against.
    """

    vehicle_id: str
    name: str
    price_jpy: float
    as_of: str
    rival_of: tuple[str, ...]
    assembly_country: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class CostCase:
    """Walks of the chosen models, the leading model on its own, what the exchange rate does to
    each, and the premium.

    The leading model is the one whose sticker is the headline, whether or not it is among the
    chosen ones.
    unrecovered_usd: cost of a programme car that its asked sticker does not bring back: plain mean
    over the chosen models with a sourced list price, or the leading model's where there is none.
    """

    walks: tuple[PriceWalk, ...]
    leading: PriceWalk
    effects: tuple[YenEffect, ...]
    leading_effect: YenEffect
    sign: SignTest
    rivals: tuple[Rival, ...]
    set_jpy_per_usd: float
    landed: LandedCostInputs
    yen: YenInputs
    premium_inputs: PremiumInputs
    unrecovered_usd: float
    trade: CarTrade
    premium: Premium
    timeline: Timeline
    ranges: pd.DataFrame

    @property
    def shown(self) -> tuple[PriceWalk, ...]:
        """The walks to draw: the chosen models, or the leading one when none is chosen."""
        return self.walks or (self.leading,)

    @property
    def sourced(self) -> tuple[PriceWalk, ...]:
        """The walks that start from a sourced list price, or the leading one when none does."""
        return tuple(walk for walk in self.walks if walk.car.price_is_sourced) or (self.leading,)

    @property
    def lead_rival(self) -> Rival:
        """The car built in Japan that is set against the leading model and has the newest price;
        the dearest of several.
        """
        return max(
            self.rivals_of(LEADING_MODEL, "Japan"), key=lambda rival: (rival.as_of, rival.price_jpy)
        )

    @property
    def matching_jpy_per_usd(self) -> float:
        """Exchange rate at which the leading model would cost what its lead rival costs."""
        return matching_rate(self.leading, self.lead_rival.price_jpy)

    @cached_property
    def _landed_points(self) -> list[LandedCostInputs]:
        return cost_ranges.drawn(self.landed, self.ranges)

    @cached_property
    def sticker_interval_jpy(self) -> tuple[float, float]:
        """80 % interval of the leading sticker at the scenario's exchange rate."""
        return cost_ranges.sticker_interval(self.leading.car, self._landed_points)

    def sticker_interval_of(self, car: ImportedCar) -> tuple[float, float]:
        """80 % interval of the sticker of any car at the scenario's exchange rate, JPY."""
        return (
            self.sticker_interval_jpy
            if car == self.leading.car
            else cost_ranges.sticker_interval(car, self._landed_points)
        )

    @cached_property
    def premium_intervals(self) -> cost_ranges.PremiumIntervals:
        """80 % intervals of the programme's cost, of the maker's stake and of its break-even
        probability.
        """
        trade = self.trade
        return cost_ranges.premium_intervals(
            self.premium_inputs,
            self.ranges,
            trade.japan_units.value,
            trade.japan_unit_value_usd,
            self.unrecovered_usd,
        )

    def rivals_of(self, model: str, country: str = "") -> tuple[Rival, ...]:
        """The cars set against a model, those built in one country if it is named."""
        return tuple(
            one
            for one in self.rivals
            if model in one.rival_of and country in ("", one.assembly_country)
        )


def estimate(
    tables: Mapping[str, pd.DataFrame], scenario: Parameters, base: Parameters
) -> CostCase:
    """Cost and premium under a scenario. `base` gives the exchange rate at which stickers were set.
    tables: those named in `TABLES`.
    """
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise InputError(
            [Fault("tables", f"{name} is missing", f"load {', '.join(TABLES)}") for name in missing]
        )
    landed, yen = scenario.of(LandedCostInputs), scenario.of(YenInputs)
    set_rate = base.of(LandedCostInputs).jpy_per_usd
    cars = imported_cars(
        tables["programme_models"], tables["vehicles"], scenario.of(CaseInputs).models
    )
    (leading,) = imported_cars(tables["programme_models"], tables["vehicles"], [LEADING_MODEL])
    effects = tuple(yen_effect(car, landed, yen, set_rate) for car in cars)
    leading_effect = yen_effect(leading, landed, yen, set_rate)
    sourced = [one for one in effects if one.car.price_is_sourced] or [leading_effect]
    unrecovered_usd = sum(one.unrecovered_usd for one in sourced) / len(sourced)
    trade = car_trade(tables, scenario.of(TradeInputs))
    premium_inputs = scenario.of(PremiumInputs)
    return CostCase(
        walks=price_walks(cars, landed),
        leading=price_walk(leading, landed),
        effects=effects,
        leading_effect=leading_effect,
        sign=sign_test(leading, landed, yen),
        rivals=rivals(tables["japan_prices"], tables["vehicles"]),
        set_jpy_per_usd=set_rate,
        landed=landed,
        yen=yen,
        premium_inputs=premium_inputs,
        unrecovered_usd=unrecovered_usd,
        trade=trade,
        premium=premium(
            premium_inputs, trade.japan_units.value, trade.japan_unit_value_usd, unrecovered_usd
        ),
        timeline=timeline(tables["events"]),
        ranges=tables["cost_ranges"],
    )


def rivals(japan_prices: pd.DataFrame, vehicles: pd.DataFrame) -> tuple[Rival, ...]:
    """The cars of `japan_prices`, cheapest first."""
    known = {str(row["vehicle_id"]): row for row in vehicles.to_dict("records")}
    found = [
        Rival(
            vehicle_id=row["vehicle_id"],
            name=f"{known[row['vehicle_id']]['make']} {known[row['vehicle_id']]['model']}",
            price_jpy=float(row["price_jpy"]),
            as_of=str(row["as_of"]),
            rival_of=tuple(row["rival_of"].split(";")),
            assembly_country=known[row["vehicle_id"]]["assembly_country"],
            source_ids=tuple(row["source_ids"].split(";")),
        )
        for row in japan_prices.to_dict("records")
    ]
    return tuple(sorted(found, key=lambda one: one.price_jpy))


def capped_percent(share: float) -> float:
    """A break-even probability in percent: 100 stands for certainty, and for whatever even
    certainty would not pay.
    """
    return 100 * min(share, 1.0) if math.isfinite(share) else 100.0
