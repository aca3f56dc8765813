"""The import volume in sentences and results, shared by the notebook, the brief and explore."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import beta

from helpers import numbers
from helpers.quantities import Floats, Provenance, Quantity
from helpers.results import Result, result, word
from helpers.uncertainty import Estimated
from helpers.volume.decision import Decision
from helpers.volume.input_tables import SCALE
from helpers.volume.part import VolumePart
from helpers.volume.pooling import Pool, View
from helpers.volume.updating import FEWEST_EFFECTIVE

_LIKELIHOODS = (
    (0.05, "very unlikely"),
    (0.33, "unlikely"),
    (0.67, "about as likely as not"),
    (0.95, "likely"),
    (1.01, "very likely"),
)
ASSUMED = "on assumed shares, drive-side effect and weights"


def likelihood(probability: float) -> str:
    """A probability from 0 to 1 in words: very unlikely below 5 %, unlikely below 33, about as
    likely as not below 67, likely below 95, else very likely.
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
    """The answer in brief: a mixture of two views, with its parts and its range."""
    return [
        chance(volume.chance, volume.pool),
        middle(volume.median),
        widest_choice(volume.choices, volume.probability),
        largest_driver(volume.variance_shares),
        learned(volume),
    ]


def headline(threshold: float, probability: float) -> str:
    """The finding in one sentence: the probability of the threshold or more."""
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


def chance(probability: Quantity, pool: Pool) -> Result:
    """The probability of the threshold or more by each view and by both, and how far other choices
    of method move it; the quantity has that range as its interval.
    """
    low, high = map(numbers.plain, probability.ends)
    sentence = (
        f"{headline(pool.threshold, float(probability))}, {views(pool)}. Other choices of method "
        f"give {numbers.between(low, high, '–')} %, {ASSUMED}."
    )
    return result("volume_probability_percent", probability, sentence)


def views(pool: Pool) -> str:
    """The threshold by each of the two views, as an addition to a sentence."""
    counted, sold = (view.at_least(pool.threshold) for view in (pool.inside, pool.outside))
    weight = pool.outside_share
    how = "both weighing the same"
    if abs(weight - 0.5) > 0.005:
        how = f"the precedents weighing {numbers.percent(100 * weight, 0)}"
    return f"{_almost(counted)} by counting models and {_almost(sold)} by precedents, {how}"


def _almost(probability: float) -> str:
    return "almost none" if probability < 0.005 else numbers.percent(100 * probability, 0)


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
    return numbers.span(*quantity.ends)


def disagreement(pool: Pool) -> str:
    """What each of the two views says of the threshold, and how far they are apart."""
    by_count, sold = (view.at_least(pool.threshold) for view in (pool.inside, pool.outside))
    gap = 100 * abs(sold - by_count)
    verdict = (
        "The two views agree within 5 percentage points"
        if gap <= 5
        else f"The two views differ by {numbers.plain(gap)} percentage points"
    )
    return (
        f"{verdict}: {cars(pool.threshold)} or more {reached(by_count, pool.draws)} model by "
        f"model, and one of {numbers.probability(sold)} by the precedents, which weigh "
        f"{numbers.plain(100 * pool.outside_share)} %."
    )


def widest_choice(choices: pd.DataFrame, probability: float) -> str:
    """Which choice of method moves the probability furthest; `choices` as the part gives them."""
    moved = (choices["probability"] - probability).abs()
    first = choices.iloc[int(moved.to_numpy().argmax())]
    return (
        f"Of {len(choices)} other choices of method, tried one at a time, “{first['choice']}” "
        f"moves the probability furthest: from {numbers.percent(100 * probability, 0)} to "
        f"{numbers.probability(first['probability']).split(' (')[0]}."
    )


def tested(back_test: pd.DataFrame) -> str:
    """How the precedents are predicted by each other: coverage, its interval, the score."""
    if not len(back_test):
        return "No precedent can be predicted from the others."
    hits, cases = int(back_test["inside"].sum()), len(back_test)
    low, high = (numbers.plain(100 * end) for end in coverage(hits, cases))
    return (
        f"Predicted from the others, {hits} of {cases} precedents lie in their 80 % interval. So "
        f"few cases fit a true part of {low} to {high} % (90 % interval). The mean CRPS of the "
        f"logarithm of the ratio is {numbers.plain(float(back_test['crps'].mean()), 2)}."
    )


def coverage(hits: int, cases: int) -> tuple[float, float]:
    """The 90 % interval of a share of which so many hits were seen (Clopper and Pearson 1934)."""
    low = float(beta.ppf(0.05, hits, cases - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.95, hits + 1, cases - hits)) if hits < cases else 1.0
    return low, high


def learned(volume: VolumePart) -> str:
    """What the observed months did to the answer."""
    if volume.weighed is None:
        return "No month has been observed yet: nothing is updated."
    before, after = volume.prior, volume.pool
    effective = min(weights.effective for weights in volume.weighed)
    few = (
        f" Only {numbers.plain(effective)} effective draws carry this: raise the parameter draws."
        if effective < FEWEST_EFFECTIVE
        else ""
    )
    medians = [cars(float(pool.quantiles([0.5])[0])) for pool in (before, after)]
    many = len(volume.observations)
    seen = f"{many} observed counts move" if many > 1 else "One observed count moves"
    return (
        f"{seen} the median from {medians[0]} to {medians[1]} and the probability of "
        f"{cars(after.threshold)} or more from "
        f"{numbers.percent(100 * before.probability, 0)} to "
        f"{numbers.percent(100 * after.probability, 0)}; the precedents now weigh "
        f"{numbers.percent(100 * after.outside_share, 0)}.{few}"
    )


def first_month(tried: pd.DataFrame, threshold: float, before: float) -> str:
    """What a first month would say. tried: rows by rising cars."""
    raising = tried[tried["probability"] > before]
    if not len(raising):
        return (
            f"None of these months raises the probability of {cars(threshold)} or more above "
            f"{numbers.percent(100 * before, 0)}."
        )
    first = raising.iloc[0]
    why = ""
    if 12 * float(first["cars"]) < threshold:
        why = (
            f" Twelve such months are {cars(12 * float(first['cars']))}; but one month strays, "
            "the second year is stronger than the first, and such a month favours the precedents, "
            "which hold larger numbers possible."
        )
    return (
        f"A first month of {cars(first['cars'])} or more raises the probability of "
        f"{cars(threshold)} above the {numbers.percent(100 * before, 0)} of today, and one of "
        f"{cars(tried['cars'].iloc[0])} leaves "
        f"{numbers.probability(float(tried['probability'].iloc[0]))}.{why}"
    )


def another_method(probability: float, other: float) -> str:
    """What another way of putting the views together does to the probability, 0 to 1."""
    return (
        f"By this rule the probability is {numbers.probability(other)} instead of "
        f"{numbers.probability(probability)}."
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
    (first, before, _), (second, after, _), *_ = SCALE
    return (
        f"{cars(threshold)} are {ratios[first]:.2f} times all cars that came from the United "
        f"States in {before}, used ones included, and {ratios[second]:.2f} times the reverse "
        f"imports of {after} from all countries."
    )


def largest_driver(shares: pd.DataFrame) -> str:
    """The group of inputs that carries most of the spread; `shares` as `variance_shares`."""
    first = shares.iloc[0]
    if first["shapley"] <= 0:
        return "Nothing spreads the estimate: every input is certain here."
    driver = str(first["driver"])
    if not driver.startswith(("left-hand drive", "price", "room", "which")):
        driver = f"the {driver}"
    return (
        f"Of the spread of the model-by-model estimate, {numbers.percent(first['shapley'], 0)} "
        f"(give or take {numbers.percent(first['shapley_error'], 0)}) goes back to {driver}."
    )


def driver(shares: pd.DataFrame, basis: Provenance) -> Result:
    """The largest driver as a result."""
    largest = str(shares["driver"].iloc[0])
    return word("volume_largest_driver", largest, largest_driver(shares), basis)


def all_come(units: Floats, coming: Floats, threshold: float, basis: Provenance) -> Result:
    """The count if every chosen model comes. units, coming: arrays (models, draws), the units being
    those wanted of a model if it comes.
    """
    total = View.of(units.sum(axis=0))
    together = float(coming.min(axis=0).mean())
    low, median, high = map(float, total.quantiles([0.1, 0.5, 0.9]))
    who = "every chosen model comes" if len(coming) > 1 else "the one chosen model comes"
    sentence = (
        f"With the assumed scores, {who} with a probability of {numbers.probability(together)}; "
        f"if so, the model-by-model median is {cars(median)} and {cars(threshold)} or more "
        f"{reached(total.at_least(threshold), units.shape[1])}."
    )
    quantity = Quantity(median, "vehicles a year", basis, (low, high))
    return result("volume_if_all_come_p50_units", quantity, sentence)


def weaker_yen(change: Quantity) -> Result:
    """What a yen weaker by ten percent does to the model-by-model estimate."""
    percent = change.to("%").value
    low, high, middle = (
        numbers.percent(size, int(abs(percent) < 1))
        for size in (*sorted(map(abs, change.to("%").ends)), abs(percent))
    )
    sentence = (
        "A yen weaker by 10 % leaves the model-by-model estimate as it is, at the assumed price "
        "response and pass-through."
    )
    if abs(percent) >= 0.05:
        sentence = (
            f"A yen weaker by 10 % {'lowers' if percent < 0 else 'raises'} the model-by-model "
            f"estimate by {middle} ({numbers.between(low, high)}), over the assumed price "
            "responses and at the assumed pass-through."
        )
    return result("volume_weak_yen_change_percent", change.to("%"), sentence)


def decision(decisions: Sequence[Decision]) -> str:
    """What tooling for right-hand drive brings, in one sentence."""
    if not decisions:
        return "Every chosen model already has right-hand drive: nothing is left to decide."
    paying = [decision.title for decision in decisions if decision.net_usd_mn > 0]
    added = sum(float(decision.more_units.mean()) for decision in decisions)
    worth = sum(decision.perfect_usd_mn for decision in decisions)
    who = f"pays for the {' and the '.join(paying)}" if paying else "pays for no model"
    return (
        f"Right-hand drive for the {len(decisions)} model{'s' if len(decisions) > 1 else ''} "
        f"without it would add {cars(added)} a year on average; at the assumed tooling cost and "
        f"margin it {who}, and knowing the demand exactly before deciding is worth "
        f"{numbers.usd(worth * 1e6)}."
    )


def right_hand_drive(decisions: Sequence[Decision], basis: Provenance) -> tuple[Result, ...]:
    """Cars that tooling adds, what knowing more is worth, and the gain where tooling pays."""
    sentence = decision(decisions)
    added = float(sum(float(each.more_units.mean()) for each in decisions))
    perfect = float(sum(each.perfect_usd_mn for each in decisions))
    gain = float(sum(max(each.net_usd_mn, 0.0) for each in decisions))
    return (
        result("rhd_added_units", Quantity(added, "vehicles a year", basis), sentence),
        result("rhd_perfect_information_usd_mn", Quantity(perfect, "USD million", basis), sentence),
        result("rhd_net_gain_usd_mn", Quantity(gain, "USD million", basis), sentence),
    )


def ledger(scores: pd.DataFrame, questions: pd.DataFrame) -> str:
    """How many questions are open and settled, and how forecasts did against base rates."""
    waiting, done = (int((questions["state"] == state).sum()) for state in ("open", "resolved"))
    start = (
        f"{numbers.units(len(scores), 'forecasts')} stand on record; "
        f"{numbers.units(waiting, 'questions')} wait for an outcome"
    )
    both = scores[(scores["state"] == "resolved") & (scores["view"] == "both")]
    if not done or not len(both):
        return f"{start} and none is settled, so that nothing is scored yet."
    brier, base = float(both["brier"].mean()), float(both["base_brier"].mean())
    verdict = "better" if brier < base else "no better"
    return (
        f"{start} and {done} {'are' if done > 1 else 'is'} settled: a mean Brier score of "
        f"{numbers.plain(brier, 3)}, {verdict} than the {numbers.plain(base, 3)} of the base rates."
    )


def spread(quantiles: Floats) -> str:
    """Quantiles in one line for a table of checks."""
    return ", ".join(numbers.plain(float(value)) for value in np.asarray(quantiles))
