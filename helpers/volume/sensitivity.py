"""What drives an uncertain number: shares of its variance, by first and total indices for inputs
taken as independent and by Shapley effects for inputs that move together, each with a standard
error.

Every measure is a mean over points drawn with their own partners, so the order of the points
changes nothing, and the spread over blocks of points measures its error.
Formulas: first index by Saltelli et al. 2010, total index by Jansen 1999; Shapley effects by Song,
Nelson and Staum 2016 with the conditional draws of a Gaussian copula, exact over all subsets of the
groups.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import comb, log2
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

from helpers.errors import refusal
from helpers.quantities import Floats
from helpers.uncertainty import Estimated, over_replicates
from helpers.volume import demand

if TYPE_CHECKING:
    from helpers.volume.part import VolumePart

Function = Callable[[Floats], Floats]
POINTS, BLOCKS = 2_048, 16
_SMALLEST = 2.0**-31
SHARES = "shares of the segments"
_GROUPS = {
    "segment_level": "segments and the year",
    "year_level": "segments and the year",
    "channel_percent": "sales network and its growth",
    "yen_level": "price and the yen",
    "price_level": "price and the yen",
    "price_elasticity": "price and the yen",
    "lhd_demand_percent": "left-hand drive",
    "fit_odds": "room for the car",
}


def uniform_points(points: int, dimensions: int, seed: int) -> Floats:
    """Scrambled Sobol points (dimensions, points) inside 0 and 1; points a power of two."""
    if points < 2 or not log2(points).is_integer():
        raise refusal(
            "points", f"{points} is not a power of two", "write 1024, 2048, 4096 and so on"
        )
    drawn = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed)).random(points)
    return np.asarray(np.clip(drawn.T, _SMALLEST, 1 - _SMALLEST))


def _estimated(terms: Floats, spread: float) -> Estimated:
    """The mean of the terms over the spread, and its error over blocks of points."""
    blocks = [float(block.mean() / spread) for block in np.array_split(terms, BLOCKS)]
    return Estimated(float(terms.mean() / spread), over_replicates(blocks))


def sobol_indices(
    function: Function, first: Floats, second: Floats, groups: Sequence[Sequence[int]] = ()
) -> tuple[list[Estimated], list[Estimated]]:
    """First-order and total indices of independent inputs, or of groups of them.

    function: from inputs (dimensions, points) to outputs (points,). first, second: two independent
    sets of points, same shape.
    groups: places of the inputs that count as one; every input by itself when empty.
    """
    groups = groups or [[place] for place in range(len(first))]
    at_first, at_second = function(first), function(second)
    spread = float(np.concatenate([at_first, at_second]).var())
    if spread == 0:
        return ([Estimated(0.0, 0.0)] * len(groups),) * 2
    main, total = [], []
    centre = at_second.mean()
    for group in groups:
        mixed = first.copy()
        mixed[list(group)] = second[list(group)]
        at_mixed = function(mixed)
        # Centring the partner takes out the noise of the mean without changing the expectation.
        main.append(_estimated((at_second - centre) * (at_mixed - at_first), spread))
        total.append(_estimated((at_first - at_mixed) ** 2 / 2, spread))
    return main, total


def shapley_effects(
    function: Function,
    correlation: Floats,
    groups: Mapping[str, Sequence[int]],
    points: int,
    seed: int,
) -> dict[str, Estimated]:
    """Shares of the output's variance by group of correlated inputs; they add to 1.

    function: from correlated normal scores (inputs, points) to outputs. groups: name to places of
    inputs, each input in one group. The value of a set of groups is the variance explained by
    knowing it, Var(E[Y | set]), estimated by pairs of points that share it.
    """
    places = [place for group in groups.values() for place in group]
    if sorted(places) != list(range(len(correlation))):
        raise refusal(
            "groups",
            "an input is in no group or in two",
            f"place 0 to {len(correlation) - 1} once each",
        )
    drawn = ndtri(uniform_points(points, 2 * len(correlation), seed))
    base, fresh = drawn[: len(correlation)], drawn[len(correlation) :]
    scores = np.linalg.cholesky(correlation) @ base
    outputs = function(scores)
    centred, spread = outputs - outputs.mean(), float(outputs.var())
    names = list(groups)
    if spread == 0:
        return dict.fromkeys(names, Estimated(0.0, 0.0))
    # one term a point, so that the error of a sum of explained variances can be measured
    explained = {frozenset[str](): np.zeros(points), frozenset(names): centred**2}
    for size in range(1, len(names)):
        for chosen in combinations(names, size):
            known = [place for name in chosen for place in groups[name]]
            partner = function(_redrawn(scores, fresh, correlation, known))
            explained[frozenset(chosen)] = centred * (partner - partner.mean())
    return {name: _estimated(_shapley(name, names, explained), spread) for name in names}


def _shapley(name: str, names: Sequence[str], explained: Mapping[frozenset[str], Floats]) -> Floats:
    others = [other for other in names if other != name]
    terms = [
        (explained[frozenset({*chosen, name})] - explained[frozenset(chosen)])
        / (len(names) * comb(len(others), size))
        for size in range(len(names))
        for chosen in combinations(others, size)
    ]
    return np.asarray(np.sum(terms, axis=0))


def _redrawn(scores: Floats, fresh: Floats, correlation: Floats, known: Sequence[int]) -> Floats:
    """The scores with everything but the known inputs drawn anew, given those."""
    free = [place for place in range(len(correlation)) if place not in known]
    gain = np.linalg.solve(correlation[np.ix_(known, known)], correlation[np.ix_(known, free)]).T
    rest = correlation[np.ix_(free, free)] - gain @ correlation[np.ix_(known, free)]
    redrawn = scores.copy()
    redrawn[free] = gain @ scores[known] + np.linalg.cholesky(rest) @ fresh[free]
    return redrawn


def counted(volume: "VolumePart") -> Function:
    """The cars of all models together as a function of correlated normal scores."""
    distribution, count, makers = volume.distribution, volume.count, volume.makers

    def total(scores: Floats) -> Floats:
        drawn = distribution.drawn(scores)
        coming = volume.adoption.coming(makers, drawn)
        units = count.wanted(demand.centred(drawn, distribution, volume.terms)) * coming
        return np.asarray(units.sum(axis=0))

    return total


def groups_of(names: Sequence[str]) -> dict[str, list[int]]:
    """The uncertain inputs that are shown as one, by their places."""
    grouped: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        label = _GROUPS.get(name, "which models come, and when")
        if name.startswith("share_"):
            label = SHARES
        elif name.startswith("ramp_"):
            label = _GROUPS["channel_percent"]
        grouped.setdefault(label, []).append(place)
    return grouped


def variance_shares(volume: "VolumePart") -> pd.DataFrame:
    """Shares of the variance of the count in percent by group of inputs: columns driver, first,
    total, shapley, and their standard errors `first_error`, `total_error`, `shapley_error`; largest
    Shapley effect first.

    first and total treat all inputs as independent; shapley takes their correlations as stated and
    adds to 100.
    """
    function, distribution, seed = counted(volume), volume.distribution, volume.parameter("seed")
    groups = groups_of(distribution.names)
    points = ndtri(uniform_points(POINTS, 2 * len(distribution.names), seed))
    first, second = np.split(points, 2)
    alone, total = sobol_indices(function, first, second, list(groups.values()))
    effects = shapley_effects(function, distribution.correlation, groups, POINTS, seed)
    columns = {"first": alone, "total": total, "shapley": list(effects.values())}
    frame = pd.DataFrame({"driver": list(groups)})
    for name, estimates in columns.items():
        frame[name] = [100 * estimate.value for estimate in estimates]
        frame[f"{name}_error"] = [100 * estimate.standard_error for estimate in estimates]
    return frame.sort_values("shapley", ascending=False, kind="stable", ignore_index=True)
