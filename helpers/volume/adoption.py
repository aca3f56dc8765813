"""Which makers really ship: a scored probability each, a common cause, and the total over all
combinations.

Scores of public drivers go through a logistic function with stated weights. One common cause,
whether US trade pressure stays high, moves all makers together: it leaves each maker's own
probability and every mean as they are and fattens both ends of the total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from helpers.errors import Fault, InputError
from helpers.quantities import Floats


@dataclass(frozen=True)
class Adoption:
    """Probability of shipping per maker, overall and in each state of the common cause.

    high_pressure: probability that trade pressure stays high. under_high, under_low: probabilities
    given the state.
    """

    makers: tuple[str, ...]
    overall: tuple[float, ...]
    high_pressure: float
    under_high: tuple[float, ...]
    under_low: tuple[float, ...]

    @property
    def states(self) -> tuple[tuple[float, tuple[float, ...]], ...]:
        """Probability of each state, and the makers' probabilities in it."""
        return (self.high_pressure, self.under_high), (1 - self.high_pressure, self.under_low)


def scored_probabilities(
    drivers: pd.DataFrame, weights: Mapping[str, float], intercept: float
) -> dict[str, float]:
    """Maker to probability: logistic of the intercept plus weight times score, over the rows of
    `adoption` (maker, driver, score).
    """
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
    probabilities: Mapping[str, float], high_pressure: float, shift: float
) -> Adoption:
    """Split each probability over the two states so that their mean stays what it was.

    shift: distance between the states in log-odds, from 0.
    """
    bad = [
        Fault(name, f"{value} is not a probability")
        for name, value in {**probabilities, "high_pressure": high_pressure}.items()
        if not 0 <= value <= 1
    ]
    if bad or not 0 <= shift < np.inf:
        raise InputError(bad or [Fault("shift", f"{shift} is not a number from 0")])
    high, low = [], []
    for value in probabilities.values():
        if value in (0, 1) or high_pressure in (0, 1) or shift == 0:
            high.append(value)
            low.append(value)
            continue
        middle = float(logit(value))

        def excess(below: float, value: float = value) -> float:
            mean = high_pressure * expit(below + shift) + (1 - high_pressure) * expit(below)
            return float(mean - value)

        below = float(brentq(excess, middle - shift, middle, xtol=1e-13))
        high.append(float(expit(below + shift)))
        low.append(float(expit(below)))
    return Adoption(
        tuple(probabilities),
        tuple(map(float, probabilities.values())),
        high_pressure,
        tuple(high),
        tuple(low),
    )


def combinations(adoption: Adoption) -> pd.DataFrame:
    """Every set of makers that ship, with its exact probability: one row a set, a column of True or
    False per maker, and `probability`.
    """
    rows = []
    for ships in product((True, False), repeat=len(adoption.makers)):
        chance = sum(
            weight * np.prod([p if yes else 1 - p for p, yes in zip(given, ships, strict=True)])
            for weight, given in adoption.states
        )
        rows.append((*ships, float(chance)))
    return pd.DataFrame(rows, columns=[*adoption.makers, "probability"])


def enumerated_total(
    adoption: Adoption, units: Mapping[str, float] | Mapping[str, Floats]
) -> tuple[Floats, Floats]:
    """Totals over every set of makers and the weight of each, weights adding to 1.

    units: per maker a number, or simulated numbers of one length. A total over draws gets its set's
    probability divided by the draws.
    """
    table = combinations(adoption)
    columns = [np.atleast_1d(np.asarray(units[maker], dtype=float)) for maker in adoption.makers]
    ships = table[list(adoption.makers)].to_numpy(dtype=float)
    totals = ships @ np.vstack(columns)
    return totals.ravel(), np.repeat(
        table["probability"].to_numpy() / totals.shape[1], totals.shape[1]
    )


def simulated_total(
    adoption: Adoption, units: Mapping[str, float], draws: int, seed: int
) -> Floats:
    """The same total by simulation, as a second method: state first, then each maker."""
    random = np.random.default_rng(seed)
    high = random.random(draws) < adoption.high_pressure
    total = np.zeros(draws)
    for maker, above, below in zip(
        adoption.makers, adoption.under_high, adoption.under_low, strict=True
    ):
        total += units[maker] * (random.random(draws) < np.where(high, above, below))
    return total


def adoption_of(
    assumptions: pd.DataFrame,
    scores: pd.DataFrame,
    makers: Sequence[str],
    trade_pressure_percent: float,
) -> Adoption:
    """Probability that each of these makers ships, from the table `adoption` and the weights among
    the assumptions.
    """
    rows = assumptions[assumptions["factor"].str.startswith("adoption_")]
    modes = {
        str(name): float(mode) for name, mode in zip(rows["factor"], rows["mode"], strict=True)
    }
    weights = {
        name.removeprefix("adoption_weight_"): mode
        for name, mode in modes.items()
        if name.startswith("adoption_weight_")
    }
    scored = scored_probabilities(scores, weights, modes["adoption_intercept"])
    return with_common_cause(
        {maker: scored[maker] for maker in makers},
        trade_pressure_percent / 100,
        modes["adoption_pressure_shift"],
    )


def weighted_quantiles(values: Floats, weights: Floats, levels: Sequence[float]) -> Floats:
    """Smallest values whose weights up to them reach the levels."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    ranks = np.searchsorted(reached, np.asarray(levels) * reached[-1] * (1 - 1e-12))
    return np.asarray(values[order][np.minimum(ranks, len(values) - 1)])


def weighted_probability(values: Floats, weights: Floats, threshold: float) -> float:
    """Weight of the values at or above the threshold."""
    return float(weights[values >= threshold].sum() / weights.sum())
