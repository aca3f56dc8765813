"""The import volume in sentences and results, shared by the notebook, the brief and explore."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.quantities import Floats, Provenance, Quantity
from helpers.results import Result, result, word
from helpers.uncertainty import Estimated
from helpers.volume.adoption import (
    Adoption,
    combinations,
    enumerated_total,
    weighted_probability,
    weighted_quantiles,
)
from helpers.volume.decision import Decision
from helpers.volume.part import VolumePart

_LIKELIHOODS = (
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
    return next(word for limit, word in _LIKELIHOODS if probability < limit)


def cars(value: float) -> str:
    """A number of cars as prose wants it."""
    return numbers.units(value, "cars")


def reached(probability: float, draws: int) -> str:
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


def answer(volume: VolumePart) -> list[Result | str]:
    """The answer in brief: two views, kept apart before they are put together."""
    threshold, pool = volume.threshold, volume.pool
    views = pool.inside_probability(threshold), pool.outside_probability(threshold)
    return [
        f"{headline(threshold, volume.probability)}.",
        middle(volume.median),
        disagreement(*views, pool.outside_share, threshold, pool.draws),
        largest_driver(volume.variance_shares),
    ]


def headline(threshold: float, probability: float) -> str:
    """The finding in one sentence whose words follow the number: the probability of the threshold
    or more.
    """
    return (
        f"{numbers.units(threshold, 'US-built cars')} a year are {likelihood(probability)}: we "
        f"compute {numbers.probability(probability)}"
    )


def middle(pooled: Quantity) -> Result:
    """The middle of the pooled distribution; the quantity has its 80 % interval."""
    sentence = (
        f"We compute a median of {cars(pooled.value)} a year, with {_span(pooled)} as the 80 % "
        f"interval, {ASSUMED}."
    )
    return result("volume_p50_units", pooled, sentence)


def chance(probability: Quantity, threshold: float) -> Result:
    """The probability of the threshold or more, both views put together."""
    sentence = f"{headline(threshold, float(probability))}, {ASSUMED}."
    return result("volume_probability_percent", probability, sentence)


def counted(median: Quantity) -> Result:
    """The count alone."""
    sentence = (
        f"Model by model, on assumed shares, the median is {cars(median.value)} a year, with "
        f"{_span(median)} as the 80 % interval."
    )
    return result("volume_inside_p50_units", median, sentence)


def counted_chance(probability: Quantity, threshold: float, draws: int) -> Result:
    """The threshold by the count alone."""
    sentence = (
        f"Model by model, on assumed shares, {cars(threshold)} or more "
        f"{reached(float(probability), draws)}."
    )
    return result("volume_inside_probability_percent", probability, sentence)


def by_precedents(median: Quantity, plan_units: float) -> Result:
    """The precedents alone, with the plan they are applied to."""
    sentence = (
        f"By the precedents, with {cars(plan_units)} read as if they were a plan, the median is "
        f"{cars(median.value)} a year, with {_span(median)} as the 80 % interval."
    )
    return result("volume_outside_p50_units", median, sentence)


def precedents_chance(probability: Quantity, threshold: float, plan_units: float) -> Result:
    """The threshold by the precedents alone."""
    sentence = (
        f"By the precedents, {cars(threshold)} or more have a probability of "
        f"{numbers.probability(float(probability))} if {cars(plan_units)} were a plan."
    )
    return result("volume_outside_probability_percent", probability, sentence)


def _span(quantity: Quantity) -> str:
    low, high = quantity.interval or (quantity.value, quantity.value)
    return numbers.span(low, high)


def disagreement(
    by_count: float, by_precedents: float, weight: float, threshold: float, draws: int
) -> str:
    """What each of the two views says of the threshold, and how far they are apart. Probabilities
    and weight from 0 to 1.
    """
    gap = 100 * abs(by_precedents - by_count)
    verdict = (
        "The two views agree within 5 percentage points"
        if gap <= 5
        else f"The two views differ by {numbers.plain(gap)} percentage points"
    )
    return (
        f"{verdict}: {cars(threshold)} or more {reached(by_count, draws)} model by model and have "
        f"a probability of {numbers.probability(by_precedents)} by the precedents, which weigh "
        f"{numbers.plain(100 * weight)} %."
    )


def another_method(own: float, other: float) -> str:
    """What another way of putting the views together does to the probability, 0 to 1."""
    return (
        f"By this rule the probability is {numbers.probability(other)} instead of "
        f"{numbers.probability(own)}."
    )


def simulation_error(errors: Mapping[str, Estimated]) -> str:
    """How far the simulation itself may be off."""
    median = errors["p50"]
    return (
        f"The simulated median of {cars(median.value)} has a Monte Carlo standard error of "
        f"{numbers.plain(median.standard_error)} cars, measured over independent point sets."
    )


def scale(threshold: float, ratios: "pd.Series[float]") -> str:
    """The threshold against two counts of today; ratios: the threshold over each, by series."""
    return (
        f"{cars(threshold)} are {ratios['customs_vehicles_from_us']:.2f} times all cars that came "
        "from the United States in 2024, used ones included, and "
        f"{ratios['imports_japanese_brand']:.2f} times the reverse imports of 2025 from all "
        "countries."
    )


def largest_driver(shares: pd.DataFrame) -> str:
    """The group of inputs that carries most of the spread; `shares` as `variance_shares`."""
    first = shares.iloc[0]
    if first["shapley"] <= 0:
        return "Nothing spreads the estimate: every input is certain here."
    driver = str(first["driver"])
    if driver not in ("left-hand drive", "price response", "room for the car"):
        driver = f"the {driver}"
    return (
        f"Of the spread of the model-by-model estimate, {numbers.percent(first['shapley'], 0)} "
        f"goes back to {driver}."
    )


def driver(shares: pd.DataFrame, own: Provenance) -> Result:
    """The largest driver as a result."""
    return word(
        "volume_largest_driver",
        str(shares["driver"].iloc[0]),
        largest_driver(shares),
        quality=own.quality,
        source_ids=own.source_ids,
    )


def followers(
    adoption: Adoption, units: Mapping[str, Floats], threshold: float, own: Provenance
) -> Result:
    """The simulated total when it is open which maker ships."""
    values, weights = enumerated_total(adoption, units)
    together = float(combinations(adoption)["probability"].iloc[0])
    low, median, high = map(float, weighted_quantiles(values, weights, [0.1, 0.5, 0.9]))
    who = "all makers ship" if len(adoption.makers) > 1 else f"{adoption.makers[0]} ships"
    probability = weighted_probability(values, weights, threshold)
    sentence = (
        f"With the assumed scores, {who} with a probability of {numbers.probability(together)}; "
        f"counting that in, the model-by-model median is {cars(median)} and {cars(threshold)} or "
        f"more {reached(probability, len(next(iter(units.values()))))}."
    )
    quantity = Quantity(median, "vehicles a year", own, (low, high))
    return result("volume_adoption_p50_units", quantity, sentence)


def weaker_yen(change: Quantity) -> Result:
    """What a yen weaker by ten percent does to the model-by-model median."""
    percent = change.to("%").value
    sentence = (
        "A yen weaker by 10 % leaves the model-by-model median as it is, at the assumed price "
        "response and pass-through."
    )
    if abs(percent) >= 0.05:
        sentence = (
            f"A yen weaker by 10 % {'lowers' if percent < 0 else 'raises'} the model-by-model "
            f"median by {numbers.percent(abs(percent))}, at the assumed price response and "
            "pass-through."
        )
    return result("volume_weak_yen_change_percent", change.to("%"), sentence)


def decision(decisions: Sequence[Decision]) -> str:
    """What tooling for right-hand drive brings, in one sentence."""
    if not decisions:
        return "Every chosen model already has right-hand drive: nothing is left to decide."
    paying = [own.title for own in decisions if own.net_usd_mn > 0]
    added = sum(float(own.more_units.mean()) for own in decisions)
    worth = sum(own.perfect_usd_mn for own in decisions)
    who = f"pays for the {' and the '.join(paying)}" if paying else "pays for no model"
    return (
        f"Right-hand drive for the {len(decisions)} model{'s' if len(decisions) > 1 else ''} "
        f"without it would add {cars(added)} a year on average; at the assumed tooling cost and "
        f"margin it {who}, and knowing the demand exactly before deciding is worth "
        f"{numbers.usd(worth * 1e6)}."
    )


def right_hand_drive(decisions: Sequence[Decision], own: Provenance) -> tuple[Result, ...]:
    """Cars that tooling adds, what knowing more is worth, and the gain where tooling pays."""
    sentence = decision(decisions)
    added = float(sum(float(each.more_units.mean()) for each in decisions))
    perfect = float(sum(each.perfect_usd_mn for each in decisions))
    gain = float(sum(max(each.net_usd_mn, 0.0) for each in decisions))
    return (
        result("rhd_added_units", Quantity(added, "vehicles a year", own), sentence),
        result("rhd_perfect_information_usd_mn", Quantity(perfect, "USD million", own), sentence),
        result("rhd_net_gain_usd_mn", Quantity(gain, "USD million", own), sentence),
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
