"""What drives the count: swings, shares of variance and Shapley effects of its inputs."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.volume.demand import Count, share_input
from helpers.volume.sensitivity import shapley_effects, sobol_indices, tornado, uniform_points

POINTS = 2_048
LABELS = {
    "segment_level": "size of the segments",
    "price_elasticity": "price response",
    "lhd_demand_percent": "left-hand drive",
    "fit_odds": "room for the car",
    "channel_percent": "sales network",
    "ramp_percent": "year of the programme",
}
SHARES = "shares of the segments"


def swings(count: Count) -> pd.DataFrame:
    """Cars with one input at its 10th and 90th percentile, all others at their median: columns
    input, low, high, middle, largest first.
    """
    titles = LABELS | {share_input(car.model): f"{car.title} share" for car in count.cars}
    return tornado(count.total_at, [titles[name] for name in count.market.names])


def variance_shares(count: Count, seed: int) -> pd.DataFrame:
    """Shares of the variance in percent by group of inputs: columns driver, first, total, shapley,
    largest Shapley effect first.

    first and total treat all inputs as independent; shapley takes their correlations as stated and
    adds to 100.
    """
    names = count.market.names
    groups = {SHARES: [index for index, name in enumerate(names) if name not in LABELS]}
    groups |= {LABELS[name]: [index] for index, name in enumerate(names) if name in LABELS}
    points = ndtri(uniform_points(POINTS, 2 * len(names), seed))
    first, second = np.split(points, 2)
    alone, total = sobol_indices(count.total_at, first, second, list(groups.values()))
    effects = shapley_effects(count.total_at, count.market.correlation, groups, POINTS, seed)
    frame = pd.DataFrame(
        {
            "driver": list(groups),
            "first": 100 * alone,
            "total": 100 * total,
            "shapley": 100 * effects.to_numpy(),
        }
    )
    return frame.sort_values("shapley", ascending=False, kind="stable", ignore_index=True)
