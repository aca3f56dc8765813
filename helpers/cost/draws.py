"""The assumptions behind an interval, drawn from the ranges around them.

Each assumption is a PERT distribution around the scenario's value: the table's low and high move
with it. The points are an unscrambled Sobol sequence, so the interval needs no seed and is the same
on every run.
"""

import functools

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

from helpers.quantities import Floats, Quantities
from helpers.uncertainty import pert_quantiles

POINTS = 1024


def moved_range(value: float, row: pd.Series) -> tuple[float, float, float]:
    """The range of a row of `cost_ranges` around another value: both ends keep their distance, but
    none falls below 0 or, of a percentage, passes 100.
    """
    low, mode, high = (float(row[end]) for end in ("low", "mode", "high"))
    most = 100.0 if row["unit"] == "percent" else np.inf
    return max(0.0, value + low - mode), value, min(max(most, value), value + high - mode)


def drawn(given: Quantities, ranges: pd.DataFrame) -> dict[str, Floats]:
    """Draws of every one of these parameters that the table `cost_ranges` names."""
    rows = ranges[ranges["parameter"].isin(list(vars(given)))]
    return {
        row["parameter"]: _at_points(
            *moved_range(float(getattr(given, row["parameter"]).value), row), number, len(rows)
        )
        for number, (_, row) in enumerate(rows.iterrows())
    }


@functools.cache
def _scores(inputs: int) -> Floats:
    """Normal scores of the points, a column an input."""
    return np.asarray(ndtri(qmc.Sobol(inputs, scramble=False).random(POINTS) + 0.5 / POINTS))


@functools.lru_cache(4096)  # the same few ranges for every car and most scenarios
def _at_points(low: float, mode: float, high: float, number: int, inputs: int) -> Floats:
    """Values of an input at the points, as the one of that number among so many."""
    values = pert_quantiles(low, mode, high, _scores(inputs)[:, number])
    values.setflags(write=False)
    return values
