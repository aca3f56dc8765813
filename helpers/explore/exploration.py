"""The headline numbers of one scenario after another, as a reader moves the assumptions: each move
works out only what it touches.

Every number comes from the composites that the notebooks call; this module decides which of them
must run again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from helpers.cost import case as cost_case
from helpers.cost.premium import PremiumInputs
from helpers.cost.price_walk import LandedCostInputs
from helpers.cost.yen import YenInputs
from helpers.errors import Fault, InputError
from helpers.fit.places import fitting
from helpers.scenarios import Scenario
from helpers.study import Study
from helpers.trade import flows as trade
from helpers.trade.effect import Effect
from helpers.volume.pooling import Pool

TABLES = tuple(
    dict.fromkeys(
        (
            *cost_case.TABLES,
            "volume_assumptions",
            "volume_segments",
            "japan_market",
            "precedents",
            "constraints",
            "road_widths",
        )
    )
)
T = TypeVar("T")


@dataclass(frozen=True)
class RoomInputs:
    """What the fit of the chosen models rests on. Field names are scenario parameters."""

    models: tuple[str, ...]
    street_width_m: float
    corner_lane_width_m: float
    aisle_width_m: float
    stall_length_mm: int
    stall_width_mm: int
    neighbour_width_mm: int
    mirror_allowance_mm: int
    turn_radius_change_percent: float
    unsourced_band_percent: float
    tolerance_mm: int
    clearance_mm: int


@dataclass(frozen=True)
class Room:
    """Whether the chosen models fit the place. places and models: `FitPart.places` and
    `FitPart.verdicts`.
    """

    inputs: RoomInputs
    places: pd.DataFrame
    models: pd.DataFrame


@dataclass(frozen=True)
class Outlook:
    """The answers under one scenario, each as the composite of its notebook gives it.

    cost covers the chosen models whether or not their maker takes part, as in notebook 04; volume
    only those whose maker does.
    """

    effect: Effect
    volume: Pool
    room: Room
    cost: cost_case.CostCase

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The headline numbers as the notebooks record them, by result name, and both ends of the
        80 % interval of the volume.
        """
        low, middle, high = map(float, self.volume.quantiles([0.1, 0.5, 0.9]))
        premium = self.cost.premium
        return {
            "programme_value_usd_mn": self.effect.gross.value,
            "programme_net_usd_mn": self.effect.net.value,
            "programme_share_of_deficit_percent": self.effect.share_of_deficit.value,
            "volume_p10_units": low,
            "volume_p50_units": middle,
            "volume_p90_units": high,
            "volume_probability_percent": 100 * self.volume.probability,
            "models_that_fit": float(fitting(self.room.models)[0]),
            "highlander_sticker_jpy": self.cost.leading.sticker_jpy,
            "asked_sticker_jpy": self.cost.leading_effect.asked_sticker_jpy,
            "programme_cost_usd_mn": premium.cost_yearly_usd_mn,
            "duty_difference_usd_mn": premium.maker.difference_usd_mn,
            "break_even_probability_percent": cost_case.capped_percent(premium.maker_break_even),
        }


class Explorer:
    """Outlooks one after another. What a move leaves alone is taken from the last outlook, the very
    same object.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], base: Scenario):
        """tables: those named in `TABLES`. base: gives the prices and the exchange rate that the
        composites compare with.
        """
        missing = [name for name in TABLES if name not in tables]
        if missing:
            raise InputError(
                [
                    Fault("tables", f"{name} is missing", f"load {', '.join(TABLES)}")
                    for name in missing
                ]
            )
        self._tables, self._base = tables, base
        self._study = Study(tables, base)
        self._last: dict[str, tuple[Any, Any]] = {}

    def outlook(self, scenario: Scenario) -> Outlook:
        """The answers under a scenario. Raises InputError where a composite does; the last outlook
        then stays what it was.
        """
        flows, place, costs = (
            scenario.of(trade.TradeInputs),
            scenario.of(RoomInputs),
            scenario.of(LandedCostInputs),
        )
        chosen = scenario.of(cost_case.CaseInputs)
        priced = (flows, costs, scenario.of(YenInputs), scenario.of(PremiumInputs), chosen)
        cost = self._kept(
            "cost", priced, lambda: cost_case.estimate(self._tables, scenario, self._base)
        )
        return Outlook(
            effect=self._study.under(scenario).trade.effect,
            volume=self._study.under(scenario).volume.pool,
            room=self._kept("room", place, lambda: self._room(place, scenario)),
            cost=cost,
        )

    def _room(self, place: RoomInputs, scenario: Scenario) -> Room:
        fit = self._study.under(scenario).fit
        return Room(place, fit.places, fit.verdicts)

    def _kept(self, part: str, key: Any, work: Callable[[], T]) -> T:
        if part not in self._last or self._last[part][0] != key:
            self._last[part] = (key, work())
        found: T = self._last[part][1]
        return found
