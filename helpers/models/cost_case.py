"""What the cars would cost in Japan and what the programme could be worth: the one composite that notebooks, the brief and sweeps share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pandas as pd

from helpers.errors import Fault, InputError
from helpers.models.landed_cost import LandedCostInputs, PriceWalk, imported_cars, price_walk, price_walks
from helpers.models.premium import Premium, PremiumInputs, premium
from helpers.models.trade import CarTrade, TradeInputs, car_trade
from helpers.models.yen_claim import YenEffect, YenInputs, yen_effect

TABLES = ("programme_models", "vehicles", "trade_flows", "goods_trade", "claims", "fx_usdjpy_annual", "fx_usdjpy_monthly")
LEADING_MODEL = "highlander"
T = TypeVar("T")


class Parameters(Protocol):
    """Whatever can hand over parameters by name, such as a scenario."""

    def of(self, inputs: type[T]) -> T:
        """The dataclass filled with the parameters its fields name."""
        ...


@dataclass(frozen=True)
class CaseInputs:
    """What the composite itself takes. Field names are scenario parameters."""

    models: tuple[str, ...]


@dataclass(frozen=True)
class CostCase:
    """Walks of the chosen models, the leading model on its own, what the exchange rate does to each, and the premium.

    The leading model is the one whose sticker is the headline, whether or not it is among the chosen ones.
    """

    walks: tuple[PriceWalk, ...]
    leading: PriceWalk
    effects: tuple[YenEffect, ...]
    leading_effect: YenEffect
    set_jpy_per_usd: float
    landed: LandedCostInputs
    yen: YenInputs
    premium_inputs: PremiumInputs
    trade: CarTrade
    premium: Premium

    @property
    def shown(self) -> tuple[PriceWalk, ...]:
        """The walks to draw: the chosen models, or the leading one when none is chosen."""
        return self.walks or (self.leading,)


def estimate(tables: Mapping[str, pd.DataFrame], scenario: Parameters, base: Parameters) -> CostCase:
    """Cost and premium under a scenario. `base` gives the exchange rate at which stickers were set.

    tables: those named in `TABLES`. A programme car's unrecovered cost is the plain mean over the chosen models.
    """
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise InputError([Fault("tables", f"{name} is missing", f"load {', '.join(TABLES)}") for name in missing])
    inputs, landed, yen = scenario.of(CaseInputs), scenario.of(LandedCostInputs), scenario.of(YenInputs)
    set_rate = base.of(LandedCostInputs).jpy_per_usd
    cars = imported_cars(tables["programme_models"], tables["vehicles"], inputs.models)
    (leading,) = imported_cars(tables["programme_models"], tables["vehicles"], [LEADING_MODEL])
    effects = tuple(yen_effect(car, landed, yen, set_rate) for car in cars)
    unrecovered = sum(one.unrecovered_usd for one in effects) / len(effects) if effects else 0.0
    flows = car_trade(
        scenario.of(TradeInputs), tables["trade_flows"], tables["goods_trade"], tables["claims"], tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"]
    )
    premium_inputs = scenario.of(PremiumInputs)
    return CostCase(
        walks=price_walks(cars, landed),
        leading=price_walk(leading, landed),
        effects=effects,
        leading_effect=yen_effect(leading, landed, yen, set_rate),
        set_jpy_per_usd=set_rate,
        landed=landed,
        yen=yen,
        premium_inputs=premium_inputs,
        trade=flows,
        premium=premium(premium_inputs, flows.japan_units.value, flows.japan_unit_value_usd, unrecovered),
    )
