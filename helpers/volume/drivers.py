"""What drives the simulated volume: swings, shares of variance and Shapley effects of its inputs,
and the volume by year.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtri

from helpers.cost.price_walk import LandedCostInputs
from helpers.cost.yen import WEAKER_YEN_PERCENT
from helpers.inputs import Floats, Parameters
from helpers.volume import demand
from helpers.volume.adoption import Adoption, scored_probabilities, with_common_cause
from helpers.volume.estimate import Evidence, ImportVolume, offers_of
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
YEARS = (1, 2, 3)


def labels(found: ImportVolume) -> list[str]:
    """The inputs of the simulation in words, in the order of the market's names."""
    titles = {demand.share_input(car.model): f"{car.title} share" for car in found.simulation.cars}
    return [LABELS[name] if name in LABELS else titles[name] for name in found.market.names]


def total_units(found: ImportVolume) -> Callable[[Floats], Floats]:
    """The whole model as a function from scores (inputs, points) to cars."""

    def at(scores: Floats) -> Floats:
        return np.asarray(
            demand.units_at(
                found.market, found.simulation.cars, found.terms, demand.drawn(found.market, scores)
            ).sum(axis=0)
        )

    return at


def swings(found: ImportVolume) -> pd.DataFrame:
    """Cars with one input at its 10th and 90th percentile, all others at their median: columns
    input, low, high, middle, largest first.
    """
    return tornado(total_units(found), labels(found))


def variance_shares(found: ImportVolume) -> pd.DataFrame:
    """Shares of the variance in percent by group of inputs: columns driver, first, total, shapley,
    largest Shapley effect first.

    first and total treat all inputs as independent; shapley takes their correlations as stated and
    adds to 100.
    """
    groups = {
        LABELS[name]: [place] for place, name in enumerate(found.market.names) if name in LABELS
    }
    groups = {
        SHARES: [place for place, name in enumerate(found.market.names) if name not in LABELS]
    } | groups
    at, count = total_units(found), len(found.market.names)
    points = ndtri(uniform_points(POINTS, 2 * count, found.inputs.seed))
    first, total = sobol_indices(at, points[:count], points[count:], list(groups.values()))
    effects = shapley_effects(at, found.market.correlation, groups, POINTS, found.inputs.seed)
    frame = pd.DataFrame(
        {
            "driver": list(groups),
            "first": 100 * first,
            "total": 100 * total,
            "shapley": 100 * effects.to_numpy(),
        }
    )
    return frame.sort_values("shapley", ascending=False, kind="stable", ignore_index=True)


def by_year(known: Evidence, found: ImportVolume) -> pd.DataFrame:
    """Simulated cars in each of the first three years, a full year each: columns year, p10, p50,
    p90.
    """
    terms = replace(found.terms, months_on_sale=12.0)
    rows = []
    for year in YEARS:
        market = demand.market(known.assumptions, found.market.models, year)
        total = demand.simulate(
            market, found.simulation.cars, terms, found.inputs.draws, found.inputs.seed
        ).total
        rows.append((year, *np.quantile(total, [0.1, 0.5, 0.9])))
    return pd.DataFrame(rows, columns=["year", "p10", "p50", "p90"])


def weaker_yen_change_percent(
    known: Evidence, scenario: Parameters, base: Parameters, found: ImportVolume
) -> float:
    """Change of the simulated median when the yen weakens by ten percent from the scenario's rate,
    at the same draws.
    """
    costs = scenario.of(LandedCostInputs)
    shares = {car.model: car.fit_share for car in found.simulation.cars}
    cars = offers_of(
        known,
        found.inputs,
        replace(costs, jpy_per_usd=costs.jpy_per_usd * (1 + WEAKER_YEN_PERCENT / 100)),
        base.of(LandedCostInputs),
        shares,
    )
    total = demand.simulate(
        found.market, cars, found.terms, found.inputs.draws, found.inputs.seed
    ).total
    before = float(np.median(found.simulation.total))
    return 100 * (float(np.median(total)) / before - 1) if before else 0.0


def adoption_of(
    known: Evidence, adoption: pd.DataFrame, makers: tuple[str, ...], trade_pressure_percent: float
) -> Adoption:
    """Probability that each of these makers ships, from the table `adoption` and the weights among
    the assumptions.
    """
    rows = known.assumptions[known.assumptions["factor"].str.startswith("adoption_")].set_index(
        "factor"
    )["mode"]
    weights = {
        str(name).removeprefix("adoption_weight_"): float(value)
        for name, value in rows.items()
        if str(name).startswith("adoption_weight_")
    }
    scored = scored_probabilities(adoption, weights, float(rows["adoption_intercept"]))
    chosen = {maker: scored[maker] for maker in makers}
    return with_common_cause(
        chosen, trade_pressure_percent / 100, float(rows["adoption_pressure_shift"])
    )


def units_by_maker(found: ImportVolume) -> dict[str, Floats]:
    """Simulated cars of each maker that takes part with a model."""
    cars = found.simulation.cars
    makers = dict.fromkeys(car.maker for car in cars)
    return {
        maker: found.simulation.units[[car.maker == maker for car in cars]].sum(axis=0)
        for maker in makers
    }
