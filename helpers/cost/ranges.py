"""80 % intervals of the sticker and of the break-even probability, from the ranges of the
assumptions behind them.

Each assumption is a PERT distribution around the scenario's value: the table's low and high move
with it. The points are an unscrambled Sobol sequence, so the interval needs no seed and is the same
on every run.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

from helpers.cost.premium import PremiumInputs, premium
from helpers.cost.price_walk import ImportedCar, LandedCostInputs, price_walk
from helpers.inputs import Floats
from helpers.uncertainty import pert_quantiles

POINTS = 1024
T = TypeVar("T", LandedCostInputs, PremiumInputs)


def moved_range(
    value: float, low: float, mode: float, high: float, most: float
) -> tuple[float, float, float]:
    """The range around another value: both ends keep their distance, but none falls below 0 or
    passes `most`.
    """
    return max(0.0, value + low - mode), value, min(max(most, value), value + high - mode)


def drawn(inputs: T, ranges: pd.DataFrame) -> list[T]:
    """The inputs at each point: every field that `ranges` names is drawn, the others stay."""
    rows = ranges[ranges["parameter"].isin(list(vars(inputs)))]
    columns: dict[str, Floats] = {}
    for number, row in enumerate(rows.to_dict("records")):
        name = str(row["parameter"])
        most = 100.0 if row["unit"] == "percent" else np.inf
        low, mode, high = moved_range(
            float(getattr(inputs, name)),
            float(row["low"]),
            float(row["mode"]),
            float(row["high"]),
            most,
        )
        columns[name] = _at_points(low, mode, high, number, len(rows))
    return [
        replace(inputs, **{name: float(values[point]) for name, values in columns.items()})  # type: ignore[arg-type]
        for point in range(POINTS)
    ]


@functools.cache
def _scores(inputs: int) -> Floats:
    """Normal scores of the points, a column an input."""
    return np.asarray(ndtri(qmc.Sobol(inputs, scramble=False).random(POINTS) + 0.5 / POINTS))


@functools.lru_cache(4096)  # the same few ranges for every car and most scenarios
def _at_points(low: float, mode: float, high: float, place: int, inputs: int) -> Floats:
    """Values of an input at the points, as the one at that place among so many."""
    values = pert_quantiles(low, mode, high, _scores(inputs)[:, place])
    values.setflags(write=False)
    return values


def interval(values: list[float]) -> tuple[float, float]:
    """The middle 80 percent of the values."""
    low, high = np.percentile(values, [10, 90])
    return float(low), float(high)


def sticker_interval(car: ImportedCar, points: Sequence[LandedCostInputs]) -> tuple[float, float]:
    """80 % interval of the sticker at the scenario's exchange rate, JPY. points: as `drawn` gives
    them.
    """
    return interval([price_walk(car, inputs).sticker_jpy for inputs in points])


@dataclass(frozen=True)
class PremiumIntervals:
    """80 % intervals of the yearly cost and of the maker's duty difference, USD million, and of its
    break-even as a share.

    break_even is infinite at both ends where at any point there is nothing to protect.
    """

    cost_yearly_usd_mn: tuple[float, float]
    maker_difference_usd_mn: tuple[float, float]
    maker_break_even: tuple[float, float]


def premium_intervals(
    inputs: PremiumInputs,
    ranges: pd.DataFrame,
    industry_units: float,
    unit_value_usd: float,
    unrecovered_usd_per_car: float,
) -> PremiumIntervals:
    """The premium at each point of the ranges of cost, absorption and exports."""
    found = [
        premium(one, industry_units, unit_value_usd, unrecovered_usd_per_car)
        for one in drawn(inputs, ranges)
    ]
    shares = [one.maker_break_even for one in found]
    return PremiumIntervals(
        cost_yearly_usd_mn=interval([one.cost_yearly_usd_mn for one in found]),
        maker_difference_usd_mn=interval([one.maker.difference_usd_mn for one in found]),
        maker_break_even=interval(shares) if np.isfinite(shares).all() else (np.inf, np.inf),
    )
