"""Which models really come: a scored probability for each maker, a common cause, and the chance
that a named model is among those that its maker ships.

Scores of public drivers go through a logistic function with stated weights. One common cause,
whether US trade pressure stays high, moves all makers together: it leaves each maker's own
probability and every mean as they are and fattens both ends of the total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtri

from helpers.errors import Fault, InputError
from helpers.quantities import Floats


@dataclass(frozen=True)
class Adoption:
    """Probability of shipping per maker, overall and in each state of the common cause; and of each
    model to come when its maker ships.

    high_pressure: probability that trade pressure stays high. under_high, under_low: probabilities
    given the state. models: model to its probability, 0 to 1.
    """

    makers: tuple[str, ...]
    overall: tuple[float, ...]
    high_pressure: float
    under_high: tuple[float, ...]
    under_low: tuple[float, ...]
    models: Mapping[str, float]

    def coming(self, makers: Mapping[str, str], draws: Mapping[str, Floats]) -> Floats:
        """1 where a model comes, 0 where it does not: an array (models, draws). makers: model to
        its maker. draws: normal scores of trade pressure, makers and models.
        """
        high = draws["trade_pressure"] < ndtri(self.high_pressure)
        ships = {
            maker: draws[f"ships_{maker}"] < np.where(high, ndtri(above), ndtri(below))
            for maker, above, below in zip(
                self.makers, self.under_high, self.under_low, strict=True
            )
        }
        return np.array(
            [
                ships[maker] & (draws[f"comes_{model}"] < ndtri(self.models[model]))
                for model, maker in makers.items()
            ],
            dtype=float,
        )


def scored_probabilities(
    drivers: pd.DataFrame, weights: Mapping[str, float], intercept: float
) -> dict[str, float]:
    """Maker to probability: logistic of the intercept plus weight times score."""
    unknown = sorted(set(drivers["driver"]) - set(weights))
    if unknown:
        raise InputError(
            [
                Fault(
                    "data/market/adoption.csv",
                    f"no weight for driver {name}",
                    f"write one of {', '.join(weights)}",
                )
                for name in unknown
            ]
        )
    summed = (
        (drivers["score"] * drivers["driver"].map(weights))
        .groupby(drivers["maker"], sort=False)
        .sum()
    )
    return {str(maker): float(expit(intercept + value)) for maker, value in summed.items()}


def with_common_cause(
    probabilities: Mapping[str, float],
    high_pressure: float,
    shift: float,
    models: Mapping[str, float],
) -> Adoption:
    """Split each maker's probability over the two states so that their mean stays what it was.

    shift: distance between the states in log-odds, from 0.
    """
    bad = [
        Fault(name, f"{value} is not a probability")
        for name, value in {**probabilities, **models, "high_pressure": high_pressure}.items()
        if not 0 <= value <= 1
    ]
    if bad or not 0 <= shift < np.inf:
        raise InputError(bad or [Fault("shift", f"{shift} is not a number from 0")])
    split = [_split(value, high_pressure, shift) for value in probabilities.values()]
    return Adoption(
        tuple(probabilities),
        tuple(map(float, probabilities.values())),
        high_pressure,
        tuple(high for high, _ in split),
        tuple(low for _, low in split),
        dict(models),
    )


def _split(value: float, high_pressure: float, shift: float) -> tuple[float, float]:
    """The probability under high and under low pressure."""
    if value in (0, 1) or high_pressure in (0, 1) or shift == 0:
        return value, value
    middle = float(logit(value))

    def excess(below: float) -> float:
        mean = high_pressure * expit(below + shift) + (1 - high_pressure) * expit(below)
        return float(mean - value)

    below = float(brentq(excess, middle - shift, middle, xtol=1e-13))
    return float(expit(below + shift)), float(expit(below))


def adoption_of(
    assumptions: pd.DataFrame,
    scores: pd.DataFrame,
    makers: Mapping[str, str],
    trade_pressure_percent: float,
) -> Adoption:
    """Probability that the makers of these models ship, from the table `adoption` and the weights
    among the assumptions, and that each model comes. makers: model to its maker.
    """
    modes: Any = assumptions.set_index(["factor", "model"])["mode"]
    weights = {
        name.removeprefix("adoption_weight_"): float(modes[name, "all"])
        for name, _ in modes.index
        if name.startswith("adoption_weight_")
    }
    scored = scored_probabilities(scores, weights, float(modes["adoption_intercept", "all"]))
    names: Sequence[str] = tuple(dict.fromkeys(makers.values()))
    return with_common_cause(
        {maker: scored[maker] for maker in names},
        trade_pressure_percent / 100,
        float(modes["adoption_pressure_shift", "all"]),
        {model: float(modes["comes_percent", model]) / 100 for model in makers},
    )
