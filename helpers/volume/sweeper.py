"""The import volume of many scenarios, in bounded memory: what they share is worked out once."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np

from helpers.cost.price_walk import LandedCostInputs
from helpers.fit.places import FitInputs
from helpers.fit.usable_shares import usable_shares
from helpers.inputs import Floats, Parameters
from helpers.uncertainty import score_chunks
from helpers.volume import demand
from helpers.volume.estimate import (
    Evidence,
    ImportVolume,
    VolumeInputs,
    fit_shares,
    offers_of,
    pool_of,
    terms_of,
)

K = TypeVar("K")
V = TypeVar("V")
MOST_KEPT, MOST_DRAWS_KEPT = 64, 16_384
"""How many places, markets and point sets are remembered between scenarios, and how large a point
set: more costs time, not memory.
"""


class Sweeper:
    """Estimates of many scenarios that share what does not change: fits by place, input tables by
    models and year, points by seed.
    """

    def __init__(self, known: Evidence, base: Parameters):
        self._known, self._base, self._base_costs = (
            known,
            base.of(VolumeInputs),
            base.of(LandedCostInputs),
        )
        self._fits: dict[FitInputs, dict[str, float]] = {}
        self._markets: dict[tuple[tuple[str, ...], int], demand.Market] = {}
        self._values: dict[tuple[tuple[str, ...], int, int, int], dict[str, Floats]] = {}

    def estimate(self, scenario: Parameters) -> ImportVolume:
        """The same as `volume.estimate`, to the last bit."""
        known, inputs, place = self._known, scenario.of(VolumeInputs), scenario.of(FitInputs)
        if place not in self._fits:
            usable = usable_shares(known.fleet, known.constraints, known.road_widths, place)
            _keep(self._fits, place, fit_shares(known, usable))
        cars = offers_of(
            known, inputs, scenario.of(LandedCostInputs), self._base_costs, self._fits[place]
        )
        models = tuple(car.model for car in cars)
        if (models, inputs.programme_year) not in self._markets:
            _keep(
                self._markets,
                (models, inputs.programme_year),
                demand.market(known.assumptions, models, inputs.programme_year),
            )
        market = self._markets[models, inputs.programme_year]
        simulation = demand.simulate_at(
            market, cars, terms_of(inputs), self._drawn(market, inputs), inputs.draws
        )
        return ImportVolume(
            inputs,
            market,
            terms_of(inputs),
            simulation,
            pool_of(known, inputs, self._base, simulation.total),
        )

    def _drawn(self, market: demand.Market, inputs: VolumeInputs) -> Iterable[Mapping[str, Floats]]:
        chunks = (
            demand.drawn(market, scores)
            for scores in score_chunks(inputs.draws, market.correlation, inputs.seed)
        )
        if inputs.draws > MOST_DRAWS_KEPT:
            return chunks
        key = (market.models, inputs.programme_year, inputs.draws, inputs.seed)
        if key not in self._values:
            parts = list(chunks)
            _keep(
                self._values,
                key,
                {name: np.concatenate([part[name] for part in parts]) for name in market.names},
            )
        return [self._values[key]]


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    while len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = value
