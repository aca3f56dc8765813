"""The outside view, the pool of both views, adoption, information and scores: published numbers and
second methods.
"""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers.data import load
from helpers.errors import InputError
from helpers.volume import adoption as adopting
from helpers.volume import decision, forecasts, precedents
from helpers.volume.pooling import LEVELS, Pool, pooling

GOLDEN: Any = json.loads(
    (Path(__file__).parents[1] / "golden" / "volume.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return precedents.usable(load("precedents"))


@pytest.fixture(scope="module")
def view(rows: pd.DataFrame) -> precedents.OutsideView:
    return precedents.outside_view(rows)


@pytest.fixture(scope="module")
def pool(view: precedents.OutsideView) -> Pool:
    units = np.sort(np.random.default_rng(2).lognormal(8.8, 0.4, 20_000))
    return Pool(units, view, 20_000, 0.5, 15_000)


# The outside view


def test_orders_and_late_years_do_not_count(rows: pd.DataFrame) -> None:
    left = rows[~rows["used"]].set_index("precedent_id")["why_not"].to_dict()
    assert left == {
        "triton_2024": "orders, not sales",
        "jimny_nomade": "orders, not sales",
        "hilux_2017": "later than year 3",
    }
    counts = rows[rows["used"]]["reference_class"].value_counts().to_dict()
    assert counts == {
        "us_maker_us_built": 3,
        "japanese_maker_other_origin": 2,
        "japanese_maker_us_built": 1,
    }


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("target_period", "", "Neon RHD, target_period: '' is not a calendar period; write YYYY"),
        ("target_period", "FY1996", "Neon RHD, target_period: 'FY1996' is not a calendar period"),
        ("first_year", math.nan, "Neon RHD, first_year: is blank beside a ratio"),
        ("attainment_ratio", 0.0, "Neon RHD, attainment_ratio: a ratio of 0 has no logarithm"),
    ],
)
def test_a_ratio_that_cannot_be_placed_is_refused(column: str, value: Any, told: str) -> None:
    table = load("precedents")
    table.loc[table["precedent_id"] == "neon", column] = value
    with pytest.raises(InputError, match=told):
        precedents.outside_view(precedents.usable(table))


def test_a_precedent_without_a_ratio_needs_no_years() -> None:
    table = load("precedents")
    table.loc[
        table["precedent_id"] == "neon", ["target_period", "first_year", "attainment_ratio"]
    ] = "", math.nan, math.nan
    assert len(precedents.usable(table)) == len(precedents.usable(load("precedents"))) - 1


def test_classes_keep_their_own_mean(view: precedents.OutsideView) -> None:
    means = {one.name: one.median_ratio for one in view.classes}
    assert means["japanese_maker_us_built"] == pytest.approx(1.5)
    assert means["us_maker_us_built"] == pytest.approx((0.225 * 0.55 * 0.601) ** (1 / 3))
    assert view.weights == pytest.approx((3 / 6, 1 / 6, 2 / 6))


def test_prediction_against_draws(view: precedents.OutsideView) -> None:
    """Second method: pick a class, draw a t, exponentiate."""
    random = np.random.default_rng(11)
    picked = random.choice(len(view.classes), 400_000, p=view.weights)
    means, scales = (
        np.array([getattr(one, name) for one in view.classes]) for name in ("log_mean", "log_scale")
    )
    drawn = np.exp(
        means[picked] + scales[picked] * random.standard_t(view.degrees_of_freedom, len(picked))
    )
    assert (drawn >= 1).mean() == pytest.approx(view.probability_of_reaching(1), abs=3e-3)
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx(
        view.quantiles([0.1, 0.5, 0.9]), rel=0.02
    )


def test_a_class_alone_is_the_textbook_t(rows: pd.DataFrame) -> None:
    alone = precedents.outside_view(rows[rows["reference_class"] == "us_maker_us_built"])
    logs = np.log([0.225, 0.55, 0.601])
    scale = logs.std(ddof=1) * math.sqrt(1 + 1 / 3)
    assert alone.degrees_of_freedom == 2
    assert alone.probability_of_reaching(1) == pytest.approx(stats.t.sf(0, 2, logs.mean(), scale))
    assert alone.quantiles([0.9])[0] == pytest.approx(
        np.exp(stats.t.ppf(0.9, 2, logs.mean(), scale))
    )


def test_quantiles_turn_the_distribution_around(view: precedents.OutsideView) -> None:
    assert view.distribution(view.quantiles(LEVELS)) == pytest.approx(LEVELS, abs=1e-9)
    assert view.distribution(0.0) == pytest.approx(0, abs=1e-6)
    assert view.distribution(np.inf) == 1


def test_each_precedent_is_dropped_in_turn(
    rows: pd.DataFrame, view: precedents.OutsideView
) -> None:
    left = precedents.leave_one_out(rows, 1.0)
    assert len(left) == int(rows["used"].sum())
    dropped = left.set_index("dropped")["probability"]
    assert (
        dropped["Honda Accord Coupe"]
        == dropped.min()
        < view.probability_of_reaching(1)
        < dropped.max()
    )


def test_one_ratio_is_too_few(rows: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no spread"):
        precedents.outside_view(rows[rows["reference_class"] == "japanese_maker_us_built"])


# Pooling


def test_mixture_lies_between_the_views_and_at_their_weights(pool: Pool) -> None:
    for amount in (2_000, 8_000, 20_000):
        ends = sorted(
            (float(pool.inside_distribution(amount)), float(pool.outside_distribution(amount)))
        )
        assert ends[0] <= pool.distribution(amount) <= ends[1]
        assert pool.distribution(amount) == pytest.approx(sum(ends) / 2)
    assert replace(pool, outside_share=0.0).quantiles() == pytest.approx(
        np.quantile(pool.inside, LEVELS), rel=1e-3
    )
    assert replace(pool, outside_share=1.0).quantiles() == pytest.approx(pool.outside_quantiles())


def test_mixture_quantiles_against_mixed_draws(pool: Pool) -> None:
    outside = pool.outside_quantiles(list((np.arange(20_000) + 0.5) / 20_000))
    mixed = np.concatenate([pool.inside, outside])
    assert pool.quantiles([0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(mixed, [0.1, 0.5, 0.9]), rel=2e-3
    )
    assert pool.probability == pytest.approx((mixed >= 15_000).mean(), abs=1e-3)


def test_no_plan_means_no_cars_by_the_precedents(pool: Pool) -> None:
    empty = replace(pool, plan_units=0.0)
    assert empty.outside_probability(1) == 0
    assert empty.outside_quantiles().tolist() == [0] * len(LEVELS)
    assert empty.probability == pytest.approx(0.5 * pool.inside_probability(15_000))


@given(first=st.floats(0, 1), second=st.floats(0, 1), weight=st.floats(0, 1))
@settings(max_examples=100)
def test_pooling_lies_between_and_commutes(first: float, second: float, weight: float) -> None:
    pooled = pooling(first, second, weight)
    assert min(first, second) - 1e-12 <= pooled <= max(first, second) + 1e-12
    assert pooled == pytest.approx(pooling(second, first, 1 - weight))


def test_a_rule_that_leaves_the_views_is_sought_further_out(pool: Pool) -> None:
    """The probability that both come true lies below either."""
    both = replace(pool, rule=lambda counted, precedents, weight: counted * precedents)
    low, middle = both.quantiles([0.1, 0.5])
    assert both.distribution(np.array([low, middle])) == pytest.approx([0.1, 0.5], abs=1e-3)
    assert middle > max(pool.inside_quantiles([0.5])[0], pool.outside_quantiles([0.5])[0])


# Adoption


def independent() -> adopting.Adoption:
    return adopting.with_common_cause({"one": 0.9, "two": 0.5, "three": 0.4}, 0.6, 0.0)


UNITS = {"one": 8_000.0, "two": 3_000.0, "three": 2_000.0}


def test_adoption_worked_example() -> None:
    golden = GOLDEN["adoption"]
    values, weights = adopting.enumerated_total(independent(), UNITS)
    assert (values * weights).sum() == pytest.approx(golden["expected"])
    assert adopting.weighted_probability(values, weights, 13_000) == pytest.approx(golden["all"])
    assert adopting.weighted_probability(values, weights, 10_000) == pytest.approx(
        golden["at_least_10000"]
    )


def test_common_cause_keeps_the_mean_and_fattens_both_ends() -> None:
    moved = adopting.with_common_cause({"one": 0.9, "two": 0.5, "three": 0.4}, 0.6, 2.5)
    for place, overall in enumerate(moved.overall):
        assert 0.6 * moved.under_high[place] + 0.4 * moved.under_low[place] == pytest.approx(
            overall, abs=1e-9
        )
        assert moved.under_high[place] > overall > moved.under_low[place]
    values, weights = adopting.enumerated_total(moved, UNITS)
    _, plain = adopting.enumerated_total(independent(), UNITS)
    assert (values * weights).sum() == pytest.approx(9_500, abs=1e-5)
    for extreme in (values == 13_000, values == 0):
        assert weights[extreme].sum() > plain[extreme].sum()


def test_enumeration_against_simulation() -> None:
    moved = adopting.with_common_cause({"one": 0.9, "two": 0.5, "three": 0.4}, 0.6, 2.5)
    drawn = adopting.simulated_total(moved, UNITS, 200_000, 4)
    values, weights = adopting.enumerated_total(moved, UNITS)
    assert drawn.mean() == pytest.approx(9_500, abs=4 * drawn.std() / math.sqrt(len(drawn)))
    for level in (3_000, 8_000, 11_000):
        assert (drawn >= level).mean() == pytest.approx(
            adopting.weighted_probability(values, weights, level), abs=4e-3
        )


def test_enumeration_over_draws_weighs_each_draw_alike() -> None:
    units = {name: np.array([1.0, 3.0]) * amount for name, amount in UNITS.items()}
    values, weights = adopting.enumerated_total(independent(), units)
    assert weights.sum() == pytest.approx(1)
    assert (values * weights).sum() == pytest.approx(2 * 9_500)
    assert adopting.weighted_quantiles(
        np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.3]), [0.5, 0.51, 1.0]
    ).tolist() == [1, 2, 3]


def test_certain_makers_stay_certain() -> None:
    fixed = adopting.with_common_cause({"yes": 1.0, "no": 0.0}, 0.6, 2.0)
    assert (fixed.under_high, fixed.under_low) == ((1.0, 0.0), (1.0, 0.0))
    with pytest.raises(InputError):
        adopting.with_common_cause({"one": 1.2}, 0.6, 1.0)


def test_scores_raise_the_probability() -> None:
    weights = {"statement": 4.0, "right_hand_drive": 1.0, "reach": 1.0}
    found = adopting.scored_probabilities(load("adoption"), weights, -1.5)
    assert list(found) == ["Toyota", "Honda", "Nissan", "Subaru"]
    assert found["Toyota"] > found["Honda"] > found["Nissan"] > 0.5 > found["Subaru"]
    assert found["Toyota"] == pytest.approx(1 / (1 + math.exp(-4.5)))
    with pytest.raises(InputError, match="no weight for driver reach"):
        adopting.scored_probabilities(
            load("adoption"), {"statement": 1.0, "right_hand_drive": 1.0}, 0.0
        )


# Information


def test_value_of_information_closed_form_and_simulation() -> None:
    exact = decision.value_of_information(5_000, 12_000, 5_000, 20_000, 0)
    assert exact == pytest.approx(GOLDEN["information"]["perfect"], abs=1)
    units = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000, 12_000, 5_000)
    tooling = decision.Decision("car", units, 5_000 * 20_000, 5_000, 4_000)
    assert tooling.perfect_usd_mn == pytest.approx(exact, rel=1e-3)
    assert tooling.perfect_normal_usd_mn == pytest.approx(exact, rel=1e-3)


def test_a_survey_is_worth_less_than_certainty_and_matches_simulation() -> None:
    margin, mean, sd, even, error = 5_000.0, 12_000.0, 5_000.0, 14_000.0, 4_000.0
    survey = decision.value_of_information(margin, mean, sd, even, error)
    assert 0 < survey < decision.value_of_information(margin, mean, sd, even, 0)
    random = np.random.default_rng(3)
    truth = random.normal(mean, sd, 400_000)
    told = truth + random.normal(0, error, len(truth))
    believed = mean + (told - mean) * sd**2 / (sd**2 + error**2)
    assert margin * np.where(believed > even, truth - even, 0).mean() == pytest.approx(
        survey, rel=0.03
    )


def test_certain_demand_leaves_nothing_to_learn() -> None:
    assert decision.value_of_information(5_000, 12_000, 0, 20_000, 0) == 0
    assert decision.value_of_information(5_000, 12_000, 0, 20_000, 100) == 0
    with pytest.raises(InputError):
        decision.value_of_information(-1, 0, 1, 0, 0)


# Scores


def ledger_row(**changes: Any) -> pd.DataFrame:
    """A forecast by quantiles of a normal around 12,000 with a deviation of 5,000."""
    values = stats.norm.ppf(LEVELS, 12_000, 5_000)
    known = {"threshold_units": 15_000, "probability_percent": 20.0, "outcome_units": math.nan}
    quantiles = dict(zip(forecasts.QUANTILE_COLUMNS, values, strict=True))
    return pd.DataFrame([quantiles | known | changes])


@pytest.mark.parametrize("outcome", [2_000.0, 8_000.0, 12_000.0, 25_000.0])
def test_score_of_quantiles_near_the_published_score_of_the_normal(outcome: float) -> None:
    z = (outcome - 12_000) / 5_000
    exact = 5_000 * (
        z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / math.sqrt(math.pi)
    )
    if outcome == 8_000:
        assert exact == pytest.approx(GOLDEN["scores"]["crps_normal_12000_5000_at_8000"], abs=0.01)
    levels = (np.arange(2_000) + 0.5) / 2_000
    values = stats.norm.ppf(levels, 12_000, 5_000)
    assert forecasts.crps_quantiles(levels, values, outcome) == pytest.approx(exact, rel=2e-3)
    few = stats.norm.ppf(LEVELS, 12_000, 5_000)
    assert forecasts.crps_quantiles(LEVELS, few, outcome) == pytest.approx(exact, rel=0.12)


def test_the_honest_forecast_scores_best() -> None:
    outcomes = np.random.default_rng(8).normal(12_000, 5_000, 400)
    honest, sure, shifted = (
        np.mean(
            [
                forecasts.crps_quantiles(LEVELS, stats.norm.ppf(LEVELS, mean, sd), outcome)
                for outcome in outcomes
            ]
        )
        for mean, sd in ((12_000, 5_000), (12_000, 1_000), (20_000, 5_000))
    )
    assert honest < sure
    assert honest < shifted


def test_a_forecast_is_scored_once_an_outcome_stands() -> None:
    golden = GOLDEN["scores"]
    still_open = forecasts.scored(ledger_row())
    assert still_open["state"].tolist() == ["open"]
    assert still_open["crps_units"].isna().all()
    missed = forecasts.scored(ledger_row(outcome_units=9_000)).iloc[0]
    assert missed["state"] == "scored"
    assert missed["brier"] == pytest.approx(golden["brier_0.2_not"])
    happened = forecasts.scored(ledger_row(outcome_units=16_000, probability_percent=80.0)).iloc[0]
    assert happened["log_score"] == pytest.approx(golden["log_0.8"], abs=1e-6)
    never = forecasts.scored(ledger_row(outcome_units=16_000, probability_percent=0.0)).iloc[0]
    assert never["log_score"] == math.inf


def test_an_empty_ledger_has_no_scores() -> None:
    assert forecasts.scored(load("forecasts").head(0))["state"].tolist() == []


def test_the_ledger_holds_sound_forecasts() -> None:
    ledger = load("forecasts")
    values = ledger[list(forecasts.QUANTILE_COLUMNS)].to_numpy(float)
    assert (np.diff(values, axis=1) >= 0).all()
    assert (ledger["made_on"] < ledger["resolves_on"]).all()
    for _, views in ledger.groupby(["question_id", "made_on"]):
        assert sorted(views["view"]) == ["both", "model_by_model", "precedents"]
        assert views["parameters_digest"].nunique() == views["code_digest"].nunique() == 1
        by_view = views.set_index("view")
        ends = by_view.loc[["model_by_model", "precedents"], "p50_units"]
        assert ends.min() <= by_view.at["both", "p50_units"] <= ends.max()


def test_quantiles_that_fall_are_named() -> None:
    with pytest.raises(InputError, match="do not both rise"):
        forecasts.crps_quantiles([0.5, 0.1], [1, 2], 1)
