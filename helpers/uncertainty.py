"""Uncertain inputs: distributions by low, mode and high, their correlation, and the points at which
a model is run.

A point is a vector of normal scores. A score of 0 is the median of an input, 1.2816 its 90th
percentile; every distribution is a table from score to value, so that one point gives correlated
inputs of any shape.
Formulas: PERT by Malcolm et al. 1959 with weight 4; lognormal from a 90 % interval, z = 1.644854;
Gaussian copula; scrambled Sobol points by Owen and Matousek as scipy.stats.qmc makes them.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import betaincinv, ndtr, ndtri
from scipy.stats import qmc

from helpers.errors import refusal
from helpers.quantities import Floats, Quantities, Quantity

T = TypeVar("T")

REPLICATES = 16
CHUNK_POINTS = 32_768
RANGE_POINTS = 1024
OUTSIDE = ("units", "exchange rate", "elasticity")
"""What is drawn beside the rows of a table of ranges, from distributions of its own."""
Z90 = 1.6448536269514722
_LIMIT = 6.5
_STEPS_PER_UNIT = 256
_SMALLEST = 2.0**-31


def pert_quantiles(low: float, mode: float, high: float, scores: Floats) -> Floats:
    """Values of PERT(low, mode, high) at normal scores, both tails from their own end."""
    if not low <= mode <= high:
        what = f"{low}, {mode}, {high} are not in rising order"
        raise refusal("PERT", what, "write low <= mode <= high")
    if low == high:
        return np.full_like(scores, low)
    first, second = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    lower = low + (high - low) * betaincinv(first, second, ndtr(np.minimum(scores, 0)))
    upper = high - (high - low) * betaincinv(second, first, ndtr(-np.maximum(scores, 0)))
    return np.asarray(np.where(scores < 0, lower, upper))


def lognormal_parameters(low: float, high: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm, from the 5th and 95th percentile."""
    if not 0 < low <= high:
        raise refusal(
            "lognormal",
            f"low {low} and high {high} are not 0 < low <= high",
            "write a positive 90 % interval",
        )
    return (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * Z90)


def quantiles(distribution: str, low: float, mode: float, high: float, scores: Floats) -> Floats:
    """Values of a distribution at normal scores; low and high of a lognormal are its 90 %."""
    if distribution == "pert":
        return pert_quantiles(low, mode, high, scores)
    if distribution == "lognormal":
        mean, sd = lognormal_parameters(low, high)
        return np.exp(mean + sd * scores)
    if distribution == "fixed":
        return np.full_like(scores, mode)
    raise refusal(
        "distribution", f"'{distribution}' is not known", "write pert, lognormal or fixed"
    )


@dataclass(frozen=True)
class QuantileTable:
    """A distribution tabulated from score to value, 256 steps a unit, read by interpolation."""

    values: Floats

    @classmethod
    # making one takes longer than most that is done with it, and scenarios share nearly all
    @functools.lru_cache(512)
    def of(cls, distribution: str, low: float, mode: float, high: float) -> "QuantileTable":
        """The table of a distribution; see `quantiles` for what low, mode and high mean."""
        scores = np.linspace(-_LIMIT, _LIMIT, int(2 * _LIMIT * _STEPS_PER_UNIT) + 1)
        return cls(quantiles(distribution, low, mode, high, scores))

    def at(self, scores: Floats) -> Floats:
        """Values at the scores, same shape. Scores beyond 6.5 either way count as 6.5."""
        position = (np.clip(scores, -_LIMIT, _LIMIT) + _LIMIT) * _STEPS_PER_UNIT
        index = np.minimum(position.astype(np.intp), len(self.values) - 2)
        start = self.values[index]
        return np.asarray(start + (position - index) * (self.values[index + 1] - start))


def correlation_matrix(names: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> Floats:
    """Correlations of the scores of the named inputs, 1 on the diagonal, 0 where no pair is given.

    Raises InputError when no set of normal scores can have these correlations.
    """
    matrix = np.eye(len(names))
    for (first, second), correlation in pairs.items():
        if first in names and second in names:
            matrix[names.index(first), names.index(second)] = matrix[
                names.index(second), names.index(first)
            ] = correlation
    if np.linalg.eigvalsh(matrix).min() <= 1e-10:
        raise refusal(
            "correlations",
            f"no inputs can be correlated like this: {dict(pairs)}",
            "lower the correlations",
        )
    return matrix


def replicate_sizes(draws: int) -> list[int]:
    """How many points each independent scrambling gets; together they are `draws`."""
    count = min(REPLICATES, draws)
    return [draws // count + (index < draws % count) for index in range(count)]


def replicates(draws: int) -> list[slice]:
    """Where each independent scrambling stands among the draws."""
    ends = np.cumsum(replicate_sizes(draws)).tolist()
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def score_chunks(draws: int, correlation: Floats, seed: int) -> Iterator[Floats]:
    """Points of the simulation, in chunks of at most 32,768, as arrays (inputs, points) of
    correlated normal scores; see `points`.
    """
    root = _root(correlation)
    for chunk in points(draws, len(correlation), seed):
        yield np.asarray(root @ chunk)


def correlated(scores: Floats, correlation: Floats) -> Floats:
    """Independent normal scores, an array (inputs, points), made to have these correlations."""
    return np.asarray(_root(correlation) @ scores)


def _root(correlation: Floats) -> csr_array:
    """Its Cholesky root, sparse because most inputs go with no other."""
    return csr_array(np.linalg.cholesky(correlation))


def points(draws: int, inputs: int, seed: int) -> Iterator[Floats]:
    """Independent normal scores, in chunks of at most 32,768, as arrays (inputs, points).

    The points are 16 independently scrambled Sobol sets, one after the other, so that the spread of
    the sets measures the error. Memory does not grow with `draws`. The same seed gives the same
    bytes.
    """
    if draws < 1:
        raise refusal("draws", f"{draws} is not positive", "write 256 or more")
    streams = np.random.SeedSequence(seed).spawn(len(replicate_sizes(draws)))
    for size, stream in zip(replicate_sizes(draws), streams, strict=True):
        engine = qmc.Sobol(inputs, scramble=True, rng=np.random.default_rng(stream))
        left = size
        while left:
            block = min(CHUNK_POINTS, 1 << (left - 1).bit_length())
            chunk = engine.random(block)[: min(left, block)]
            yield ndtri(np.clip(chunk.T, _SMALLEST, 1 - _SMALLEST))
            left -= len(chunk)


@dataclass(frozen=True)
class Estimated:
    """A simulated number with its Monte Carlo standard error."""

    value: float
    standard_error: float


def over_replicates(values: Sequence[float]) -> float:
    """Standard error of the mean of independent replicates; 0 for a single one."""
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def moved_range(
    value: float, row: "pd.Series[Any] | Mapping[Any, Any]"
) -> tuple[float, float, float]:
    """The range of a row of `cost_ranges` around another value: both ends keep their distance, but
    none passes 0 or, of a percentage, 100.
    """
    low, mode, high = (float(row[end]) for end in ("low", "mode", "high"))
    least = 0.0 if value >= 0 else -np.inf
    most = 100.0 if row["unit"] == "percent" else np.inf if value >= 0 else 0.0
    return max(least, value + low - mode), value, min(max(most, value), value + high - mode)


def drawn(given: Quantities, ranges: pd.DataFrame) -> dict[str, Floats]:
    """Draws of every one of these parameters that a table of ranges names, a PERT distribution
    around its value each.

    The points are an unscrambled Sobol sequence with a dimension a row of the table: an interval
    needs no seed, a parameter has the same draws wherever it is drawn, and no two go together.
    """
    draws = {}
    for number, row in enumerate(ranges.to_dict("records")):
        if row["parameter"] in vars(given):
            value = float(getattr(given, row["parameter"]).value)
            draws[row["parameter"]] = _at_points(*moved_range(value, row), number, len(ranges))
    return draws


def medians(sample: T) -> T:
    """A dataclass with the median of every quantity of draws in it, each with its 80 % interval."""
    changed: dict[str, Any] = {}
    for name, value in vars(sample).items():
        if isinstance(value, Quantity) and isinstance(value.value, np.ndarray):
            middle = value.median()
            low, high = middle.interval or (0.0, 0.0)
            changed[name] = middle if low < high else replace(middle, interval=None)
        elif is_dataclass(value) and not isinstance(value, (Quantity, type)):
            changed[name] = medians(value)
    return replace(sample, **changed)  # type: ignore[type-var]


def drawn_levels(name: str, ranges: pd.DataFrame) -> Floats:
    """Levels, 0 to 1, at which a distribution beside the table is drawn; a name of `OUTSIDE`."""
    return np.asarray(ndtr(_scores(len(ranges))[:, len(ranges) + OUTSIDE.index(name)]))


@functools.cache
def _scores(rows: int) -> Floats:
    """Normal scores of the points, a column a row of the table and a name of `OUTSIDE`."""
    points = qmc.Sobol(rows + len(OUTSIDE), scramble=False).random(RANGE_POINTS)
    return np.asarray(ndtri(points + 0.5 / RANGE_POINTS))


@functools.lru_cache(4096)  # the same few ranges for every car and most scenarios
def _at_points(low: float, mode: float, high: float, number: int, rows: int) -> Floats:
    values = pert_quantiles(low, mode, high, _scores(rows)[:, number])
    values.setflags(write=False)
    return values
