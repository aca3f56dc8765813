"""Two views of one number made into one distribution, with their disagreement kept in sight.

The views are model assumptions of which at most one is right, so their distributions are mixed
(linear pool). The geometric mean of odds is given beside it, as the rule for two forecasters who
each weighed all there is to know (Satopää et al. 2014).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.errors import Fault, InputError
from helpers.inputs import Floats
from helpers.volume.precedents import OutsideView

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True)
class Pool:
    """A mixture of the simulated units (inside view) and plan x ratio (outside view).

    inside: simulated units in rising order. plan_units: the volume read as if it were a plan for
    the period looked at.
    outside_share: weight of the outside view, 0 to 1.
    """

    inside: Floats
    outside: OutsideView
    plan_units: float
    outside_share: float

    @classmethod
    def of(
        cls, units: Floats, outside: OutsideView, plan_units: float, weight_percent: float
    ) -> "Pool":
        """The pool of simulated units in any order. Raises InputError for a weight outside 0 to 100
        or a negative plan.
        """
        if not (0 <= weight_percent <= 100 and 0 <= plan_units < np.inf):
            raise InputError(
                [
                    Fault(
                        "pool",
                        f"weight {weight_percent} %, plan {plan_units}",
                        "write 0 to 100 % and a plan from 0",
                    )
                ]
            )
        return cls(np.sort(units), outside, float(plan_units), weight_percent / 100)

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
        """P(units or fewer) by both, mixed."""
        return np.asarray(
            (1 - self.outside_share) * self.inside_distribution(units)
            + self.outside_share * self.outside_distribution(units)
        )

    def inside_probability(self, threshold: float) -> float:
        """P(threshold or more) by the simulation."""
        return float(1 - np.searchsorted(self.inside, threshold, side="left") / len(self.inside))

    def inside_probability_within_draws(self, threshold: float) -> float:
        """The same, but never 0 or 1: a sample cannot tell less than half a draw from nothing."""
        edge = 0.5 / len(self.inside)
        return min(max(self.inside_probability(threshold), edge), 1 - edge)

    def outside_probability(self, threshold: float) -> float:
        """P(threshold or more) by the precedents."""
        return float(1 - self.outside_distribution(threshold)) if threshold > 0 else 1.0

    def probability(self, threshold: float) -> float:
        """P(threshold or more) by both, mixed."""
        return (1 - self.outside_share) * self.inside_probability(
            threshold
        ) + self.outside_share * self.outside_probability(threshold)

    def inside_quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles of the simulation."""
        place = np.asarray(levels) * (len(self.inside) - 1)
        return np.asarray(np.interp(place, np.arange(len(self.inside)), self.inside))

    def outside_quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles by the precedents."""
        return np.asarray(self.plan_units * self.outside.quantiles(levels))

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Quantiles of the mixture, by bisection between those of the two views."""
        inside, outside = self.inside_quantiles(levels), self.outside_quantiles(levels)
        if self.outside_share in (0, 1):
            return outside if self.outside_share else inside
        low, high = np.minimum(inside, outside), np.maximum(inside, outside)
        # 36 halvings leave less than a millionth of a car.
        for _ in range(36):
            middle = (low + high) / 2
            below = self.distribution(middle) < np.asarray(levels)
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return (low + high) / 2


def geometric_mean_of_odds(first: float, second: float, second_share: float = 0.5) -> float:
    """One probability from two, by the weighted geometric mean of their odds; 0 or 1 when either is
    certain.
    """
    if not (0 <= first <= 1 and 0 <= second <= 1 and 0 <= second_share <= 1):
        raise InputError(
            [
                Fault(
                    "probabilities",
                    f"{first}, {second} with weight {second_share} are not all from 0 to 1",
                )
            ]
        )
    certain = {
        probability
        for probability, weight in ((first, 1 - second_share), (second, second_share))
        if weight and probability in (0, 1)
    }
    if len(certain) == 2:
        raise InputError([Fault("probabilities", f"{first} and {second} exclude each other")])
    if certain:
        return certain.pop()
    parts = [
        weight * np.log(probability / (1 - probability))
        for probability, weight in ((first, 1 - second_share), (second, second_share))
        if weight
    ]
    return float(1 / (1 + np.exp(-sum(parts))))
