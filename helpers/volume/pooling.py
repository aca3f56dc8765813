"""Two views of one number made into one distribution, with their disagreement kept in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import brentq

from helpers.errors import Fault, InputError
from helpers.quantities import Floats
from helpers.volume.precedents import OutsideView

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
Rule = Callable[[Any, Any, float], Any]
"""How two probabilities become one: see `pooling`."""


def pooling(counted: Any, precedents: Any, weight: float) -> Any:
    """One probability from that by the count and that by the precedents, mixed by the weight."""
    return (1 - weight) * counted + weight * precedents


@dataclass(frozen=True)
class Pool:
    """The simulated units (inside view) and plan x ratio (outside view), put together by a rule.

    inside: simulated units in rising order. plan_units: the volume read as if it were a plan for
    the period looked at. outside_share: weight of the outside view, 0 to 1. threshold: the volume
    whose probability is asked for.
    """

    inside: Floats
    outside: OutsideView
    plan_units: float
    outside_share: float
    threshold: float
    rule: Rule = pooling

    def of(self, units: Floats) -> "Pool":
        """The same for other simulated units, in any order."""
        return replace(self, inside=np.sort(units))

    @property
    def nbytes(self) -> int:
        """Memory of the simulated units."""
        return self.inside.nbytes

    @property
    def draws(self) -> int:
        """How many simulated units there are."""
        return len(self.inside)

    def inside_distribution(self, units: float | Floats) -> Floats:
        """P(units or fewer) by the simulation."""
        return np.asarray(np.searchsorted(self.inside, units, side="right") / len(self.inside))

    def outside_distribution(self, units: float | Floats) -> Floats:
        """P(units or fewer) by the precedents. A plan of nothing gives nothing."""
        amount = np.asarray(units, dtype=float)
        return (
            self.outside.distribution(amount / self.plan_units)
            if self.plan_units
            else np.where(amount >= 0, 1.0, 0.0)
        )

    def distribution(self, units: float | Floats) -> Floats:
        """P(units or fewer) by both, pooled."""
        inside, outside = self.inside_distribution(units), self.outside_distribution(units)
        return np.asarray(self.rule(inside, outside, self.outside_share))

    def inside_probability(self, threshold: float) -> float:
        """P(threshold or more) by the simulation."""
        return float(1 - np.searchsorted(self.inside, threshold, side="left") / len(self.inside))

    def outside_probability(self, threshold: float) -> float:
        """P(threshold or more) by the precedents."""
        return float(1 - self.outside_distribution(threshold)) if threshold > 0 else 1.0

    @property
    def probability(self) -> float:
        """P(threshold or more) by both, pooled."""
        inside = self.inside_probability(self.threshold)
        outside = self.outside_probability(self.threshold)
        return float(self.rule(inside, outside, self.outside_share))

    def inside_quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles of the simulation."""
        position = np.asarray(levels) * (len(self.inside) - 1)
        return np.asarray(np.interp(position, np.arange(len(self.inside)), self.inside))

    def outside_quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles by the precedents."""
        return np.asarray(self.plan_units * self.outside.quantiles(levels))

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles of both views, pooled. Raises InputError for a rule that ends below 1."""
        ends = self.inside_quantiles(levels), self.outside_quantiles(levels)
        return np.array(
            [
                self._quantile(level, float(low), float(high))
                for level, low, high in zip(
                    levels, np.minimum(*ends), np.maximum(*ends), strict=True
                )
            ]
        )

    def _quantile(self, level: float, low: float, high: float) -> float:
        """low, high: where it lies for a rule that stays between the views; else it is sought
        further out. Where the level holds over a range of units, its lower end.
        """

        def beyond(units: float) -> float:
            return float(self.distribution(units)) - level + 1e-12

        if not beyond(low) < 0:
            low = -1.0
        if not beyond(high) > 0:
            high = 10 * max(float(self.inside[-1]), high, self.plan_units)
        if not beyond(low) < 0 <= beyond(high):
            raise InputError(
                [
                    Fault(
                        "step pooling",
                        f"reaches {beyond(high) + level:.2f} and not {level:g} at {high:,.0f} cars",
                        "give 0 where both views are 0, and 1 where both are 1",
                    )
                ]
            )
        return max(0.0, float(brentq(beyond, low, high, xtol=1e-9)))
