"""What observed months do to the forecast: closed forms, laws, and simulated programmes."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data import load
from helpers.errors import InputError
from helpers.scenarios import Scenario
from helpers.study import Study
from helpers.uncertainty import score_chunks
from helpers.volume import demand, updating
from helpers.volume.part import VolumePart
from helpers.volume.updating import Observation

BASE = Study.of(Scenario(draws=4_096))
COLUMNS = list(load("observations").columns)


def row(month: str, units: int, maker: str = "all", scope: str = "all") -> tuple[Any, ...]:
    return month, maker, scope, units, "reported", "S01", ""


def after(*rows: tuple[Any, ...], **changes: Any) -> VolumePart:
    """The volume of a study in which these months were observed."""
    tables = {name: load(name) for name in TABLES}
    tables["observations"] = pd.DataFrame(list(rows), columns=COLUMNS)
    return Study(tables, Scenario(**{"draws": 4_096} | changes)).volume


TABLES = (
    "adoption",
    "constraints",
    "cost_ranges",
    "costs",
    "import_estimates",
    "japan_market",
    "japan_prices",
    "precedents",
    "programme_models",
    "road_widths",
    "us_models",
    "vehicles",
    "volume_assumptions",
    "volume_segments",
)


# Closed forms


def test_poisson_months_of_a_gamma_rate_give_the_closed_form() -> None:
    shape, rate, months = 4.0, 0.02, (150, 230, 190)
    drawn = stats.gamma.ppf((np.arange(200_000) + 0.5) / 200_000, shape, scale=1 / rate)
    logs = sum(updating.log_likelihood(count, drawn, 0.0) for count in months)
    own = updating.weighed(logs)
    exact = stats.gamma(shape + sum(months), scale=1 / (rate + len(months)))
    assert np.average(drawn, weights=own.weights) == pytest.approx(exact.mean(), rel=0.01)
    chance = np.average(drawn >= 200, weights=own.weights)
    assert chance == pytest.approx(exact.sf(200), rel=0.01)
    # of the mean likelihood too, by which the views are weighed: a negative binomial
    one = updating.weighed(updating.log_likelihood(150, drawn, 0.0))
    assert one.log_mean == pytest.approx(
        stats.nbinom.logpmf(150, shape, rate / (rate + 1)), abs=1e-3
    )


@pytest.mark.parametrize("noise", [0.1, 0.35, 1.0])
def test_a_noisy_month_has_the_stated_variance(noise: float) -> None:
    counts, mean = np.arange(0, 6_000), 400.0
    chances = np.exp([float(updating.log_likelihood(own, np.array(mean), noise)) for own in counts])
    assert chances.sum() == pytest.approx(1, abs=1e-4)
    assert chances @ counts == pytest.approx(mean, rel=2e-3)
    variance = chances @ (counts - mean) ** 2
    assert variance == pytest.approx(mean + (noise * mean) ** 2, rel=0.03)


def test_nothing_expected_allows_nothing_but_nothing() -> None:
    none = (
        updating.log_likelihood(0, np.zeros(1), 0.35),
        updating.log_likelihood(3, np.zeros(1), 0.35),
    )
    assert none[0] == 0
    assert np.isneginf(none[1])


def test_effective_draws() -> None:
    assert updating.weighed(np.zeros(50)).effective == pytest.approx(50)
    assert updating.weighed(np.log([0.5, 0.5, 1e-300, 1e-300])).effective == pytest.approx(2)


# Laws in the suite


def test_observing_nothing_changes_nothing() -> None:
    assert after().headlines == BASE.volume.headlines


def test_the_order_of_months_does_not_matter() -> None:
    months = [row("2027-04", 500), row("2027-05", 700), row("2027-06", 300, "Toyota", "passenger")]
    assert after(*months).headlines == after(*reversed(months)).headlines


def test_more_cars_in_a_first_month_never_lower_the_answer() -> None:
    pools = [
        BASE.volume.pool_of(BASE.volume.first_month(cars)) for cars in (300, 600, 1_200, 2_500)
    ]
    chances = [pool.probability for pool in pools]
    assert chances == sorted(chances)
    medians = [float(pool.quantiles([0.5])[0]) for pool in pools]
    assert medians == sorted(medians)
    assert chances[0] < BASE.volume.probability < chances[-1]
    assert [pool.outside_share for pool in pools][-1] > 0.9


def test_a_month_of_a_model_moves_that_model_and_its_share() -> None:
    seen = after(row("2027-03", 700, "Toyota", "highlander"))
    logs = seen.simulated.counted
    weights = updating.weighed(logs).weights
    frame = updating.before_and_after(seen.draws, weights, ["share_highlander", "share_murano"])
    told = frame.set_index("input")
    assert told.at["share_highlander", "p50_after"] > told.at["share_highlander", "p50"]
    moved = told["p50_after"] / told["p50"] - 1
    assert moved["share_highlander"] > moved["share_murano"] > 0, "tastes move together a little"


def test_months_without_a_model_tell_that_it_does_not_come() -> None:
    months = [row(f"2027-0{month}", 0, "Toyota", "camry") for month in range(2, 7)]
    seen = after(*months)
    weights = updating.weighed(seen.simulated.counted).weights
    coming = np.average(seen.coming[list(seen.makers).index("camry")], weights=weights)
    assert coming < 0.05 < seen.adoption.models["camry"]


def test_a_body_class_holds_other_cars_as_well() -> None:
    """A class of 400 passenger cars may be the other imports alone; 1,500 may not."""
    usual = BASE.volume
    place = list(usual.makers).index("highlander")

    def highlanders(units: int, scope: str) -> float:
        seen = after(row("2027-03", units, "Toyota", scope))
        weights = updating.weighed(seen.simulated.counted).weights
        return float(np.average(seen.units[place], weights=weights))

    mean = usual.units[place].mean()
    assert highlanders(400, "passenger") < mean < highlanders(1_500, "passenger")
    assert highlanders(1_500, "passenger") < highlanders(1_500, "highlander")


def test_a_weight_of_one_view_stays_where_the_other_is_ruled_out() -> None:
    assert after(row("2027-03", 900), top_down_weight_percent=0.0).pool.outside_share == 0
    assert after(row("2027-03", 900), top_down_weight_percent=100.0).pool.outside_share == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [row("2027-03", 5, "Toyota", "murano")],
            "scope: is not counted here; write one of Toyota",
        ),
        (
            [row("2027-03", 5, "all", "passenger")],
            "scope: is not counted here; write one of all: all",
        ),
        ([row("2025-03", 5)], "month: lies before 2026"),
        ([row("2026-01", 500, "Toyota", "highlander")], "no drawn future gives these counts"),
    ],
)
def test_what_cannot_be_observed_is_refused(rows: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        _ = after(*rows).pool


# Months drawn from a known truth recover it


def recovered(programmes: int, seed: int = 5) -> float:
    """Share of simulated programmes whose year lies in the 80 % interval after three months of it.

    The truth is one more draw of the count; its months are drawn from it with the stated noise.
    """
    volume = BASE.volume
    inputs, random = volume.distribution, np.random.default_rng(seed)
    drawn = inputs.drawn(np.hstack(list(score_chunks(programmes, inputs.correlation, 77))))
    truth = demand.centred(drawn, inputs, volume.terms)
    coming = volume.adoption.coming(volume.makers, drawn)
    years = (volume.count.wanted(truth) * coming).sum(axis=0)
    months, noise, hits = (15, 16, 17), volume.month_noise, 0
    expected = [
        (
            volume.count.wanted(
                demand.Draws({**truth, **demand.between(truth, inputs.makers, when, when + 1)})
            )
            * coming
        ).sum(axis=0)
        for when in months
    ]
    for place, year in enumerate(years):
        seen = tuple(
            Observation(
                when,
                "all",
                "all",
                int(random.poisson(cars[place] * random.gamma(1 / noise**2, noise**2))),
            )
            for when, cars in zip(months, expected, strict=True)
        )
        inside = volume.pool_of(volume.if_observed(seen)).inside
        low, high = inside.quantiles([0.1, 0.9])
        hits += bool(low <= year <= high)
    return hits / programmes


def test_a_few_simulated_programmes_are_recovered() -> None:
    assert 0.6 <= recovered(40) <= 0.95


@pytest.mark.slow
def test_five_hundred_simulated_programmes_are_recovered() -> None:
    assert 0.72 <= recovered(500) <= 0.88
