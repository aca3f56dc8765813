"""What drives an uncertain number: one input at a time, shares of variance, and Shapley effects for
inputs that move together.

Every measure is a mean over points drawn with their own partners, so the order of the points
changes nothing.
Formulas: first index by Saltelli et al. 2010, total index by Jansen 1999; Shapley effects by Song,
Nelson and Staum 2016 with the conditional draws of a Gaussian copula, exact over all subsets of the
groups.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import comb, log2

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

from helpers.errors import Fault, InputError
from helpers.quantities import Floats

Function = Callable[[Floats], Floats]
SCORE_P90 = 1.2815515655446004
_SMALLEST = 2.0**-31


def uniform_points(points: int, dimensions: int, seed: int) -> Floats:
    """Scrambled Sobol points (dimensions, points) strictly between 0 and 1. `points` must be a
    power of two.
    """
    if points < 2 or not log2(points).is_integer():
        raise InputError(
            [Fault("points", f"{points} is not a power of two", "write 1024, 2048, 4096 and so on")]
        )
    drawn = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed)).random(points)
    return np.asarray(np.clip(drawn.T, _SMALLEST, 1 - _SMALLEST))


def sobol_indices(
    function: Function, first: Floats, second: Floats, groups: Sequence[Sequence[int]] = ()
) -> tuple[Floats, Floats]:
    """First-order and total indices of independent inputs, or of groups of them.

    function: from inputs (dimensions, points) to outputs (points,). first, second: two independent
    sets of points, same shape.
    groups: places of the inputs that count as one; every input by itself when empty.
    """
    groups = groups or [[place] for place in range(len(first))]
    at_first, at_second = function(first), function(second)
    spread = np.concatenate([at_first, at_second]).var()
    if spread == 0:
        return np.zeros(len(groups)), np.zeros(len(groups))
    main, total = np.empty(len(groups)), np.empty(len(groups))
    centre = at_second.mean()
    for index, group in enumerate(groups):
        mixed = first.copy()
        mixed[list(group)] = second[list(group)]
        at_mixed = function(mixed)
        # Centring the partner takes out the noise of the mean without changing the expectation.
        main[index] = ((at_second - centre) * (at_mixed - at_first)).mean() / spread
        total[index] = ((at_first - at_mixed) ** 2).mean() / 2 / spread
    return main, total


def tornado(function: Function, names: Sequence[str]) -> pd.DataFrame:
    """Output with one input at its 10th and 90th percentile and all others at their median: columns
    input, low, high, middle.

    function: from scores (inputs, points) to outputs. Sorted by the size of the swing, largest
    first.
    """
    scores = np.zeros((len(names), 2 * len(names) + 1))
    for index in range(len(names)):
        scores[index, 2 * index : 2 * index + 2] = -SCORE_P90, SCORE_P90
    found = function(scores)
    frame = pd.DataFrame(
        {"input": names, "low": found[0:-1:2], "high": found[1:-1:2], "middle": found[-1]}
    )
    return frame.iloc[
        (frame["low"] - frame["high"]).abs().argsort(kind="stable")[::-1]
    ].reset_index(drop=True)


def shapley_effects(
    function: Function,
    correlation: Floats,
    groups: Mapping[str, Sequence[int]],
    points: int,
    seed: int,
) -> pd.Series:
    """Shares of the output's variance by group of correlated inputs; they add to 1.

    function: from correlated normal scores (inputs, points) to outputs. groups: name to places of
    inputs, each input in one group. The value of a set of groups is the variance explained by
    knowing it, Var(E[Y | set]), estimated by pairs of points that share it.
    """
    places = [place for group in groups.values() for place in group]
    if sorted(places) != list(range(len(correlation))):
        raise InputError(
            [
                Fault(
                    "groups",
                    "an input is in no group or in two",
                    f"place 0 to {len(correlation) - 1} once each",
                )
            ]
        )
    drawn = ndtri(uniform_points(points, 2 * len(correlation), seed))
    own, fresh = drawn[: len(correlation)], drawn[len(correlation) :]
    scores = np.linalg.cholesky(correlation) @ own
    outputs = function(scores)
    centred, spread = outputs - outputs.mean(), outputs.var()
    names = list(groups)
    if spread == 0:
        return pd.Series(0.0, index=names)
    explained = {frozenset(): 0.0, frozenset(names): 1.0}
    for size in range(1, len(names)):
        for chosen in combinations(names, size):
            known = [place for name in chosen for place in groups[name]]
            partner = function(_redrawn(scores, fresh, correlation, known))
            explained[frozenset(chosen)] = float(
                (centred * (partner - partner.mean())).mean() / spread
            )
    effects = {name: _shapley(name, names, explained) for name in names}
    return pd.Series(effects)


def _shapley(name: str, names: Sequence[str], explained: Mapping[frozenset[str], float]) -> float:
    others = [other for other in names if other != name]
    return sum(
        (explained[frozenset({*chosen, name})] - explained[frozenset(chosen)])
        / (len(names) * comb(len(others), size))
        for size in range(len(names))
        for chosen in combinations(others, size)
    )


def _redrawn(scores: Floats, fresh: Floats, correlation: Floats, known: Sequence[int]) -> Floats:
    """The scores with everything but the known inputs drawn anew, given those."""
    free = [place for place in range(len(correlation)) if place not in known]
    gain = np.linalg.solve(correlation[np.ix_(known, known)], correlation[np.ix_(known, free)]).T
    rest = correlation[np.ix_(free, free)] - gain @ correlation[np.ix_(known, free)]
    found = scores.copy()
    found[free] = gain @ scores[known] + np.linalg.cholesky(rest) @ fresh[free]
    return found
