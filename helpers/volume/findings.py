"""The import volume in sentences. Every number is computed by the models and written in one place,
here.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.inputs import Floats
from helpers.show import numbers
from helpers.uncertainty import Estimated
from helpers.volume.adoption import (
    Adoption,
    combinations,
    enumerated_total,
    weighted_probability,
    weighted_quantiles,
)
from helpers.volume.drive_side import Decision
from helpers.volume.estimate import ImportVolume

_WORDS = (
    (0.05, "very unlikely"),
    (0.33, "unlikely"),
    (0.67, "about as likely as not"),
    (0.95, "likely"),
    (1.01, "very likely"),
)
ASSUMED = "on assumed shares, drive-side effect and weights"


def likelihood(probability: float) -> str:
    """A probability in words: very unlikely below 5 %, unlikely below 33, about as likely as not
    below 67, likely below 95.
    """
    return next(word for limit, word in _WORDS if probability < limit)


def cars(value: float) -> str:
    """A number of cars as prose wants it."""
    return numbers.units(value, "cars")


def simulated(probability: float, draws: int) -> str:
    """What a simulation says of cars being reached, as the verb of a sentence; what no draw or
    every draw reached is not called certain.
    """
    if probability == 0:
        return f"are reached in none of {numbers.plain(draws)} draws"
    return (
        "are reached in every draw"
        if probability == 1
        else f"have a probability of {numbers.probability(probability)}"
    )


def headline(found: ImportVolume) -> str:
    """The finding in one sentence whose words follow the number: the probability of the threshold
    or more.
    """
    return (
        f"{numbers.units(found.threshold, 'US-built cars')} a year are "
        f"{likelihood(found.probability)}: we compute {numbers.probability(found.probability)}"
    )


def interval(found: ImportVolume) -> str:
    """The middle of the pooled distribution with its 80 % interval."""
    low, middle, high = found.pool.quantiles([0.1, 0.5, 0.9])
    return (
        f"We compute a median of {cars(middle)} a year, with {numbers.span(low, high)} as the 80 "
        f"% interval, {ASSUMED}."
    )


def model_by_model(found: ImportVolume) -> str:
    """The simulation alone."""
    low, middle, high = found.pool.inside_quantiles([0.1, 0.5, 0.9])
    return (
        f"Model by model, on assumed shares, the median is {cars(middle)} a year, with "
        f"{numbers.span(low, high)} as the 80 % interval."
    )


def by_precedents(found: ImportVolume) -> str:
    """The precedents alone, with the plan they are applied to."""
    low, middle, high = found.pool.outside_quantiles([0.1, 0.5, 0.9])
    return (
        f"By the precedents, with {cars(found.pool.plan_units)} read as if they were a plan, the "
        f"median is {cars(middle)} a year, with {numbers.span(low, high)} as the 80 % interval."
    )


def disagreement(found: ImportVolume) -> str:
    """What each of the two views says of the threshold, and how far they are apart."""
    inside, outside = (
        found.pool.inside_probability(found.threshold),
        found.pool.outside_probability(found.threshold),
    )
    gap = 100 * abs(outside - inside)
    verdict = (
        "The two views agree within 5 percentage points"
        if gap <= 5
        else f"The two views differ by {numbers.plain(gap)} percentage points"
    )
    weight = numbers.plain(100 * found.pool.outside_share)
    return (
        f"{verdict}: {cars(found.threshold)} or more {simulated(inside, found.inputs.draws)} "
        f"model by model and have a probability of {numbers.probability(outside)} by the "
        f"precedents, which weigh {weight} %."
    )


def simulation_error(errors: Mapping[str, Estimated]) -> str:
    """How far the simulation itself may be off."""
    median = errors["p50"]
    return (
        f"The simulated median of {cars(median.value)} has a Monte Carlo standard error of "
        f"{numbers.plain(median.standard_error)} cars, measured over independent point sets."
    )


def scale(found: ImportVolume, table: pd.DataFrame) -> str:
    """The threshold against two counts of today; `table` as `volume_tables.scale_checks` gives
    it.
    """
    ratios = dict(zip(table["key"], table["threshold_ratio"], strict=True))
    return (
        f"{cars(found.threshold)} are {ratios['customs_vehicles_from_us']:.2f} times all cars "
        "that came from the United States in 2024, used ones included, and "
        f"{ratios['imports_japanese_brand']:.2f} times the reverse imports of 2025 from all "
        "countries."
    )


def largest_driver(shares: pd.DataFrame) -> str:
    """The group of inputs that carries most of the spread; `shares` as
    `volume_drivers.variance_shares` gives it.
    """
    first = shares.iloc[0]
    if first["shapley"] <= 0:
        return "Nothing spreads the estimate: every input is certain here."
    return (
        f"Of the spread of the model-by-model estimate, {numbers.percent(first['shapley'], 0)} "
        f"goes back to {subject(str(first['driver']))}."
    )


def subject(driver: str) -> str:
    """A driver as the object of a sentence."""
    return (
        driver
        if driver in ("left-hand drive", "price response", "room for the car")
        else f"the {driver}"
    )


def followers(adoption: Adoption, units: Mapping[str, Floats], threshold: float) -> str:
    """The simulated total when it is open which maker ships."""
    values, weights = enumerated_total(adoption, units)
    together = float(combinations(adoption)["probability"].iloc[0])
    middle = float(weighted_quantiles(values, weights, [0.5])[0])
    who = "all makers ship" if len(adoption.makers) > 1 else f"{adoption.makers[0]} ships"
    reached = weighted_probability(values, weights, threshold)
    return (
        f"With the assumed scores, {who} with a probability of {numbers.probability(together)}; "
        f"counting that in, the model-by-model median is {cars(middle)} and {cars(threshold)} or "
        f"more {simulated(reached, len(next(iter(units.values()))))}."
    )


def weaker_yen(change_percent: float) -> str:
    """What a yen weaker by ten percent does to the model-by-model median."""
    if abs(change_percent) < 0.05:
        return (
            "A yen weaker by 10 % leaves the model-by-model median as it is, at the assumed "
            "price response and pass-through."
        )
    moves = "lowers" if change_percent < 0 else "raises"
    return (
        f"A yen weaker by 10 % {moves} the model-by-model median by "
        f"{numbers.percent(abs(change_percent))}, at the assumed price response and pass-through."
    )


def decision(decisions: Sequence[Decision]) -> str:
    """What tooling for right-hand drive brings, in one sentence."""
    if not decisions:
        return "Every chosen model already has right-hand drive: nothing is left to decide."
    paying = [one.title for one in decisions if one.net_usd_mn > 0]
    added = sum(float(one.more_units.mean()) for one in decisions)
    worth = sum(one.perfect_usd_mn for one in decisions)
    who = f"pays for the {' and the '.join(paying)}" if paying else "pays for no model"
    return (
        f"Right-hand drive for the {len(decisions)} model{'s' if len(decisions) > 1 else ''} "
        f"without it would add {cars(added)} a year on average; at the assumed tooling cost and "
        f"margin it {who}, and knowing the demand exactly before deciding is worth "
        f"{numbers.usd(worth * 1e6)}."
    )


def ledger(scores: pd.DataFrame) -> str:
    """How many forecasts stand in the ledger and how many can be scored."""
    done = int((scores["state"] == "scored").sum())
    if not len(scores):
        return "The ledger holds no forecast yet."
    return (
        f"The ledger holds {len(scores)} forecasts; {'none' if done == 0 else done} "
        f"{'have' if done > 1 else 'has'} an outcome and a score."
    )


def spread(quantiles: Floats) -> str:
    """Quantiles in one line for a table of checks."""
    return ", ".join(numbers.plain(float(value)) for value in np.asarray(quantiles))
