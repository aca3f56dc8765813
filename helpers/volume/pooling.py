"""Two views of one number made into one distribution, with their disagreement kept in sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from helpers.errors import refusal
from helpers.quantities import Floats

LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
Rule = Callable[[Any, Any, float], Any]
"""How two probabilities become one: see `pooling`."""


def pooling(counted: Any, precedents: Any, weight: float) -> Any:
    """One probability from that by the count and that by the precedents, mixed by the weight."""
    return (1 - weight) * counted + weight * precedents


@dataclass(frozen=True)
class View:
    """What one view holds possible: units in rising order; where draws weigh unlike, the
    probability of so many or fewer, and the weight of each.
    """

    units: Floats
    reached: Floats | None = None
    weights: Floats | None = None

    @classmethod
    def of(cls, units: Floats, weights: Floats | None = None) -> "View":
        """A view from units in any order, each draw of the same weight or of its own."""
        if weights is None:
            return cls(np.sort(units))
        order = np.argsort(units, kind="stable")
        shares = weights[order] / weights.sum()
        return cls(units[order], np.cumsum(shares), shares)

    @property
    def nbytes(self) -> int:
        """Memory of the draws."""
        return (1 if self.weights is None else 3) * self.units.nbytes

    def at_most(self, units: float | Floats) -> Floats:
        """P(units or fewer)."""
        return self._up_to(np.searchsorted(self.units, units, side="right"))

    def at_least(self, units: float) -> float:
        """P(units or more)."""
        return 1.0 - float(self._up_to(np.searchsorted(self.units, units, side="left")))

    def _up_to(self, place: Any) -> Floats:
        if self.reached is None:
            return np.asarray(place / len(self.units))
        return np.where(place > 0, self.reached[np.maximum(place, 1) - 1], 0.0)

    def quantiles(self, levels: Sequence[float] = LEVELS) -> Floats:
        """Units at the levels, on the line between two draws; of even weights as numpy has it."""
        count = len(self.units)
        if self.reached is None or self.weights is None:
            place = np.asarray(levels) * (count - 1)
            return np.asarray(np.interp(place, np.arange(count), self.units))
        before = self.reached - self.weights
        return np.asarray(np.interp(np.asarray(levels) * before[-1], before, self.units))


@dataclass(frozen=True)
class Pool:
    """The simulated units (inside view) and plan x ratio (outside view), put together by a rule.

    outside_share: weight of the outside view, 0 to 1. threshold: the volume whose probability is
    asked for.
    """

    inside: View
    outside: View
    outside_share: float
    threshold: float
    rule: Rule = pooling

    def of(self, inside: View, outside: View) -> "Pool":
        """The same of other views."""
        return replace(self, inside=inside, outside=outside)

    @property
    def nbytes(self) -> int:
        """Memory of both views."""
        return self.inside.nbytes + self.outside.nbytes

    @property
    def draws(self) -> int:
        """How many simulated units there are."""
        return len(self.inside.units)

    def distribution(self, units: float | Floats) -> Floats:
        """P(units or fewer) by both, pooled."""
        inside, outside = self.inside.at_most(units), self.outside.at_most(units)
        return np.asarray(self.rule(inside, outside, self.outside_share))

    @property
    def probability(self) -> float:
        """P(threshold or more) by both, pooled."""
        inside, outside = (view.at_least(self.threshold) for view in (self.inside, self.outside))
        return float(self.rule(inside, outside, self.outside_share))

    @cached_property
    def _steps(self) -> tuple[Floats, Floats]:
        """Units that either view holds possible, and the probability of so many or fewer."""
        units = np.sort(np.concatenate([self.inside.units, self.outside.units]))
        return units, np.maximum.accumulate(self.distribution(units))

    def quantiles(self, levels: Sequence[float] | Floats = LEVELS) -> Floats:
        """Least units not passed with each level. Raises InputError for a rule that ends below."""
        units, reached = self._steps
        wanted = np.asarray(levels, dtype=float) - 1e-12
        if (wanted > reached[-1]).any():
            raise refusal(
                "step pooling",
                f"reaches {reached[-1]:.2f} and not {max(levels):g} at {units[-1]:,.0f} cars",
                "give 0 where both views are 0, and 1 where both are 1",
            )
        return np.asarray(units[np.searchsorted(reached, wanted, side="left")])

    def outcomes(self, count: int) -> Floats:
        """So many equally likely outcomes of both views together, in rising order."""
        return self.quantiles((np.arange(count) + 0.5) / count)
