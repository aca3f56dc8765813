"""The volume part of a study: how many US-built cars come to Japan in a year."""

from collections.abc import Iterator, Mapping

import numpy as np

from helpers.cost.part import CostPart
from helpers.cost.price_walk import LandedCostInputs
from helpers.fit.part import FitPart
from helpers.inputs import Floats
from helpers.parts import Inputs, Part, worked_out
from helpers.uncertainty import score_chunks
from helpers.volume import demand
from helpers.volume import estimate as volume

MOST_DRAWS_KEPT = 16_384
"""Point sets up to this size are remembered between scenarios: more costs time, not memory."""


class VolumePart(Part):
    """What notebook 02 works out."""

    def __init__(
        self, inputs: Inputs, fit: FitPart, cost: CostPart, base: "VolumePart | None" = None
    ):
        super().__init__(inputs)
        self.fit, self.cost, self.base = fit, cost, base or self

    @worked_out
    def evidence(self) -> volume.Evidence:
        """What the tables say of candidates, segments and precedents."""
        return volume.evidence({name: self.table(name) for name in volume.TABLES})

    @worked_out
    def room(self) -> dict[str, float]:
        """Part of each model's segment buyers with room for it, 0 to 1."""
        return volume.fit_shares(self.evidence, self.fit.usable)

    @worked_out
    def offers(self) -> list[demand.Offer]:
        """The models of makers that take part, as the demand model takes them."""
        inputs = self.of(volume.VolumeInputs)
        costs, base_costs = self.of(LandedCostInputs), self.base.of(LandedCostInputs)
        return volume.offers_of(self.evidence, inputs, costs, base_costs, self.room)

    @worked_out
    def market(self) -> demand.Market:
        """The uncertain inputs of the offered models in the year of the programme."""
        models = tuple(car.model for car in self.offers)
        year = self.parameter("programme_year")
        return demand.market(self.evidence.assumptions, models, year)

    @worked_out
    def kept_draws(self) -> Mapping[str, Floats]:
        """Drawn values of every uncertain input, one array each."""
        chunks = list(self._chunks())
        return {name: np.concatenate([part[name] for part in chunks]) for name in self.market.names}

    @worked_out
    def estimate(self) -> volume.ImportVolume:
        """Simulated cars, and the pool of both views."""
        inputs, terms = self.of(volume.VolumeInputs), volume.terms_of(self.of(volume.VolumeInputs))
        small = inputs.draws <= MOST_DRAWS_KEPT
        chunks = iter([self.kept_draws]) if small else self._chunks()
        run = demand.simulate_at(self.market, self.offers, terms, chunks, inputs.draws)
        base = self.base.of(volume.VolumeInputs)
        pool = volume.pool_of(self.evidence, inputs, base, run.total)
        return volume.ImportVolume(inputs, self.market, terms, run, pool)

    def _chunks(self) -> Iterator[Mapping[str, Floats]]:
        draws, seed = self.parameter("draws"), self.parameter("seed")
        return (
            demand.drawn(self.market, scores)
            for scores in score_chunks(draws, self.market.correlation, seed)
        )
