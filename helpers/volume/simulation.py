"""Both views of the volume draw by draw: what buyers take, what earlier programmes would make of
the plan, and what the observed months say of each draw.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers.quantities import Floats
from helpers.volume import demand, updating
from helpers.volume.candidates import Candidate
from helpers.volume.demand import Count, Draws
from helpers.volume.updating import Observation, Weighed


@dataclass(frozen=True)
class Simulated:
    """What every draw says. units: counted cars, an array (offers, draws). planned: the plan that
    the precedents are applied to. ratio: sold over planned. counted, sold: logarithms of the
    likelihood of what was observed by either view, empty where nothing was.
    """

    units: Floats
    planned: Floats
    ratio: Floats
    counted: Floats
    sold: Floats

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return self.units.nbytes + self.planned.nbytes + self.ratio.nbytes

    @cached_property
    def weighed(self) -> tuple[Weighed, Weighed] | None:
        """Both views weighed by what was observed, None where nothing was."""
        if not self.counted.size:
            return None
        return updating.weighed(self.counted), updating.weighed(self.sold)

    @property
    def view_weights(self) -> tuple[Floats | None, Floats | None]:
        """Weights of the draws in each view, None where all weigh the same."""
        if self.weighed is None:
            return None, None
        counted, sold = self.weighed
        return counted.weights, sold.weights


@dataclass(frozen=True)
class Simulation:
    """Both views as functions of draws that are centred.

    plan: planned cars of each chosen model in a full second year. others: other imported cars of a
    maker in a body class, a month. month_noise: how far a month strays, as a part of it.
    """

    count: Count
    cars: tuple[Candidate, ...]
    plan: Mapping[str, float]
    observations: tuple[Observation, ...]
    others: Mapping[tuple[str, str], tuple[float, float, float]]
    month_noise: float

    def at(self, draws: Draws, coming: Floats, ratio: Floats) -> Simulated:
        """What these draws say. coming: 1 where a model comes. ratio: sold over planned."""
        units = self.count.wanted(draws) * coming
        planned = self.planned(coming, draws).sum(axis=0)
        return Simulated(units, planned, ratio, *self.told(draws, coming, ratio))

    def planned(self, coming: Floats, draws: Draws) -> Floats:
        """Planned cars of each model that comes in the period, an array (cars, draws)."""
        rows = [
            self.plan[car.model]
            * comes
            * draws[f"months_{car.maker}"]
            / 12
            * draws[f"ramp_{car.maker}"]
            / 100
            for car, comes in zip(self.cars, coming, strict=True)
        ]
        return np.array(rows)

    def in_month(
        self, when: int, draws: Draws, coming: Floats, ratio: Floats
    ) -> tuple[Floats, Floats]:
        """Cars of each model in a month by the count and by the precedents, arrays (cars, draws).
        when: months after January 2026.
        """
        makers = {car.maker for car in self.cars}
        months = demand.between(draws, makers, when, when + 1)
        there = Draws({**draws, **months})
        return self.count.wanted(there) * coming, self.planned(coming, there) * ratio

    def told(self, draws: Draws, coming: Floats, ratio: Floats) -> tuple[Floats, Floats]:
        """Logarithms of the likelihood of what was observed by each view; empty where none was."""
        seen = self.observations
        if not seen:
            return np.empty(0), np.empty(0)
        months = {count.month: self.in_month(count.month, draws, coming, ratio) for count in seen}
        cars = [(car.model, car.maker, car.body_class) for car in self.cars]
        counted, sold = (
            updating.evidence(
                seen,
                {when: views[view] for when, views in months.items()},
                cars,
                self.others,
                self.month_noise,
            )
            for view in (0, 1)
        )
        return counted, sold
