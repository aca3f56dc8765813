"""The outside view, the pool of both views, which models come, and information: published numbers
and second methods.
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
from helpers.volume import decision, precedents
from helpers.volume.pooling import LEVELS, Pool, View, pooling

GOLDEN: Any = json.loads(
    (Path(__file__).parents[1] / "golden" / "volume.json").read_text(encoding="utf-8")
)


WEIGHTS = precedents.Weights.of(load("volume_assumptions"))


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return precedents.usable(load("precedents"), WEIGHTS)


@pytest.fixture(scope="module")
def view(rows: pd.DataFrame) -> precedents.OutsideView:
    return precedents.outside_view(rows, WEIGHTS)


@pytest.fixture(scope="module")
def pool(view: precedents.OutsideView) -> Pool:
    random = np.random.default_rng(2)
    units = random.lognormal(8.8, 0.4, 20_000)
    ratios = view.drawn(random.standard_normal(20_000), random.standard_normal(20_000))
    return Pool(View.of(units), View.of(20_000 * ratios), 0.5, 15_000)


# The outside view


def test_orders_and_late_years_do_not_count_and_shipments_count_half(rows: pd.DataFrame) -> None:
    known = rows.set_index("precedent_id")
    assert known.loc["hilux_2017", ["weight", "why_not"]].tolist() == [0, "later than year 3"]
    for name in ("triton_2024", "jimny_nomade", "nsx_2016"):
        assert known.loc[name, ["weight", "why_not"]].tolist() == [0, "orders, not sales"]
    assert known.at["accord_coupe_1988", "weight"] == known.at["avensis", "weight"] == 0.5
    assert (known.loc[["cavalier", "neon", "taurus", "voltz", "wrv", "fronx"], "weight"] == 1).all()


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
        precedents.usable(table, WEIGHTS)


def test_a_precedent_without_a_ratio_needs_no_years() -> None:
    table = load("precedents")
    table.loc[
        table["precedent_id"] == "neon", ["target_period", "first_year", "attainment_ratio"]
    ] = "", math.nan, math.nan
    whole = precedents.usable(load("precedents"), WEIGHTS)
    assert len(precedents.usable(table, WEIGHTS)) == len(whole) - 1


def test_classes_keep_their_own_weighted_mean(view: precedents.OutsideView) -> None:
    means = {one.name: np.exp(one.log_mean) for one in view.classes}
    assert means["japanese_maker_us_built"] == pytest.approx((0.3 * 1.5**0.5) ** (1 / 1.5))
    assert means["us_maker_us_built"] == pytest.approx((0.225 * 0.55 * 0.601) ** (1 / 3))
    assert view.weights == pytest.approx((3 / 7, 1.5 / 7, 2.5 / 7))


def test_whole_weights_give_the_textbook_t(rows: pd.DataFrame) -> None:
    """Weights count observations: of full weight they are the pooled variance of a textbook."""
    full = rows.assign(weight=rows["used"].astype(float))
    view = precedents.outside_view(full, WEIGHTS)
    used = full[full["used"]]
    logs = [np.log(own.to_numpy()) for _, own in used.groupby("reference_class").attainment_ratio]
    freedom = sum(map(len, logs)) - len(logs)
    spread = math.sqrt(sum(((own - own.mean()) ** 2).sum() for own in logs) / freedom)
    assert view.degrees_of_freedom == freedom
    (first,) = (part for part in view.classes if part.name == "us_maker_us_built")
    assert first.log_scale == pytest.approx(spread * math.sqrt(1 + 1 / 3))


def test_a_class_of_no_similarity_does_not_count(rows: pd.DataFrame) -> None:
    alike = {**WEIGHTS.similarity, "us_maker_us_built": 0.0}
    view = precedents.outside_view(rows, replace(WEIGHTS, similarity=alike))
    assert "us_maker_us_built" not in [part.name for part in view.classes]
    assert sum(view.weights) == pytest.approx(1)


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
    assert (drawn >= 1).mean() == pytest.approx(1 - view.distribution(1), abs=3e-3)
    assert np.quantile(drawn, [0.1, 0.5, 0.9]) == pytest.approx(
        view.quantiles([0.1, 0.5, 0.9]), rel=0.02
    )


def test_drawn_ratios_have_the_distribution(view: precedents.OutsideView) -> None:
    random = np.random.default_rng(4)
    drawn = view.drawn(random.standard_normal(400_000), random.standard_normal(400_000))
    for ratio in (0.1, 0.5, 1.0, 3.0):
        assert (drawn <= ratio).mean() == pytest.approx(float(view.distribution(ratio)), abs=3e-3)


def test_a_class_alone_is_the_textbook_t_too(rows: pd.DataFrame) -> None:
    alone = precedents.outside_view(rows[rows["reference_class"] == "us_maker_us_built"], WEIGHTS)
    logs = np.log([0.225, 0.55, 0.601])
    scale = logs.std(ddof=1) * math.sqrt(1 + 1 / 3)
    assert alone.degrees_of_freedom == 2
    assert 1 - alone.distribution(1) == pytest.approx(stats.t.sf(0, 2, logs.mean(), scale))
    assert alone.quantiles([0.9])[0] == pytest.approx(
        np.exp(stats.t.ppf(0.9, 2, logs.mean(), scale))
    )


def test_quantiles_turn_the_distribution_around(view: precedents.OutsideView) -> None:
    assert view.distribution(view.quantiles(LEVELS)) == pytest.approx(LEVELS, abs=1e-9)
    assert view.distribution(0.0) == pytest.approx(0, abs=1e-6)
    assert view.distribution(np.inf) == 1


def test_one_ratio_is_too_few(rows: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no spread"):
        precedents.outside_view(rows[rows["program"] == "Toyota Voltz"], WEIGHTS)


def test_the_method_covers_what_it_made_itself() -> None:
    """Ratios drawn from one class: of their 80 % intervals, about eight in ten hold."""
    random = np.random.default_rng(6)
    frame = pd.DataFrame(
        {
            "program": [f"p{place}" for place in range(150)],
            "reference_class": "us_maker_us_built",
            "attainment_ratio": np.exp(random.normal(-0.5, 0.7, 150)),
            "weight": 1.0,
            "used": True,
        }
    )
    tested = precedents.back_test(frame, WEIGHTS)
    assert tested["inside"].mean() == pytest.approx(0.8, abs=0.09)
    # the CRPS of a normal of that spread, on average s / sqrt(pi)
    assert tested["crps"].mean() == pytest.approx(0.7 / math.sqrt(math.pi), rel=0.1)


def test_a_precedent_does_not_predict_itself(rows: pd.DataFrame) -> None:
    tested = precedents.back_test(rows, WEIGHTS).set_index("program")
    assert tested.at["Toyota Voltz", "p50"] == pytest.approx(1.5), "the Accord alone is left"
    assert set(tested.index) == set(rows.loc[rows["used"], "program"])


# Pooling


def test_mixture_lies_between_the_views_and_at_their_weights(pool: Pool) -> None:
    for amount in (2_000, 8_000, 20_000):
        ends = sorted(float(view.at_most(amount)) for view in (pool.inside, pool.outside))
        assert ends[0] <= pool.distribution(amount) <= ends[1]
        assert pool.distribution(amount) == pytest.approx(sum(ends) / 2)
    assert replace(pool, outside_share=0.0).quantiles() == pytest.approx(
        np.quantile(pool.inside.units, LEVELS), rel=1e-3
    )
    assert replace(pool, outside_share=1.0).quantiles() == pytest.approx(
        pool.outside.quantiles(), rel=5e-3
    )


def test_mixture_quantiles_against_mixed_draws(pool: Pool) -> None:
    mixed = np.concatenate([pool.inside.units, pool.outside.units])
    assert pool.quantiles([0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(mixed, [0.1, 0.5, 0.9]), rel=2e-3
    )
    assert pool.probability == pytest.approx((mixed >= 15_000).mean(), abs=1e-3)


def test_a_weighted_draw_counts_as_so_many() -> None:
    units, weights = np.array([3.0, 1.0, 2.0, 7.0]), np.array([1.0, 2.0, 3.0, 2.0])
    weighed, repeated = View.of(units, weights), View.of(np.repeat(units, weights.astype(int)))
    at = np.array([0.0, 1.0, 1.5, 2.0, 3.0, 6.9, 7.0, 9.0])
    assert weighed.at_most(at) == pytest.approx(repeated.at_most(at))
    for amount in (1.0, 2.0, 2.5, 7.0, 8.0):
        assert weighed.at_least(amount) == pytest.approx(repeated.at_least(amount))
    alike = View.of(units, np.ones(4))
    assert alike.quantiles([0.1, 0.5, 0.9]) == pytest.approx(np.quantile(units, [0.1, 0.5, 0.9]))


def test_outcomes_are_equally_likely(pool: Pool) -> None:
    outcomes = pool.outcomes(1_000)
    assert (outcomes >= pool.threshold).mean() == pytest.approx(pool.probability, abs=2e-3)
    assert np.median(outcomes) == pytest.approx(pool.quantiles([0.5])[0], rel=0.01)


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
    assert middle > max(view.quantiles([0.5])[0] for view in (pool.inside, pool.outside))


# Which models come

MAKERS = {"first": "one", "second": "two", "third": "three"}
OVERALL = {"one": 0.9, "two": 0.5, "three": 0.4}
ALWAYS = dict.fromkeys(MAKERS, 1.0)


def drawn_coming(adoption: adopting.Adoption, draws: int = 400_000) -> Any:
    random = np.random.default_rng(3)
    names = ["trade_pressure", *(f"ships_{own}" for own in OVERALL)]
    names += [f"comes_{own}" for own in MAKERS]
    return adoption.coming(MAKERS, {name: random.standard_normal(draws) for name in names})


def test_coming_models_against_a_worked_example() -> None:
    golden = GOLDEN["adoption"]
    coming = drawn_coming(adopting.with_common_cause(OVERALL, 0.6, 0.0, ALWAYS))
    total = np.array([8_000.0, 3_000.0, 2_000.0]) @ coming
    assert total.mean() == pytest.approx(golden["expected"], rel=2e-3)
    assert (total == 13_000).mean() == pytest.approx(golden["all"], abs=3e-3)
    assert (total >= 10_000).mean() == pytest.approx(golden["at_least_10000"], abs=3e-3)


def test_common_cause_keeps_the_mean_and_fattens_both_ends() -> None:
    moved = adopting.with_common_cause(OVERALL, 0.6, 2.5, ALWAYS)
    for place, overall in enumerate(moved.overall):
        assert 0.6 * moved.under_high[place] + 0.4 * moved.under_low[place] == pytest.approx(
            overall, abs=1e-9
        )
        assert moved.under_high[place] > overall > moved.under_low[place]
    together, apart = (
        drawn_coming(adopting.with_common_cause(OVERALL, 0.6, shift, ALWAYS)) for shift in (2.5, 0)
    )
    assert together.mean(axis=1) == pytest.approx(list(OVERALL.values()), abs=3e-3)
    for count in (0, 3):
        assert (together.sum(axis=0) == count).mean() > (apart.sum(axis=0) == count).mean()


def test_a_model_comes_only_with_its_maker() -> None:
    models = {"first": 0.5, "second": 0.0, "third": 1.0}
    coming = drawn_coming(adopting.with_common_cause(OVERALL, 0.6, 0.0, models))
    assert coming.mean(axis=1) == pytest.approx([0.45, 0.0, 0.4], abs=3e-3)


def test_certain_makers_stay_certain() -> None:
    fixed = adopting.with_common_cause({"yes": 1.0, "no": 0.0}, 0.6, 2.0, {})
    assert (fixed.under_high, fixed.under_low) == ((1.0, 0.0), (1.0, 0.0))
    with pytest.raises(InputError):
        adopting.with_common_cause({"one": 1.2}, 0.6, 1.0, {})


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
