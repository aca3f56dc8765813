"""Distributions against closed forms, correlations recovered, points that repeat and converge."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers.errors import InputError
from helpers.uncertainty import (
    QuantileTable,
    correlation_matrix,
    lognormal_parameters,
    over_replicates,
    pert_quantiles,
    quantiles,
    replicate_sizes,
    score_chunks,
)

GOLDEN: Any = json.loads(
    (Path(__file__).parent / "golden" / "volume.json").read_text(encoding="utf-8")
)
DRAWS = 65_536


def points(draws: int, correlation: Any, seed: int = 1) -> Any:
    return np.concatenate(
        list(score_chunks(draws, np.asarray(correlation, dtype=float), seed)), axis=1
    )


def pert_moments(low: float, mode: float, high: float) -> tuple[float, float]:
    """Mean and variance of PERT(low, mode, high) with weight 4. The variance is not the textbook
    (high - low)^2 / 36.
    """
    mean = (low + 4 * mode + high) / 6
    return mean, (mean - low) * (high - mean) / 7


@pytest.mark.parametrize("case", GOLDEN["pert"]["cases"])
def test_pert_moments_and_quantiles(case: Any) -> None:
    ends = (case["low"], case["mode"], case["high"])
    assert pert_moments(*ends) == pytest.approx((case["mean"], case["variance"]), abs=1e-6)
    simulated = QuantileTable.of("pert", *ends).at(points(DRAWS, np.eye(1))[0])
    assert (simulated.mean(), simulated.var()) == pytest.approx(pert_moments(*ends), rel=1e-3)
    for level in (10, 50, 90):
        if f"p{level}" in case:
            found = pert_quantiles(*ends, np.array([stats.norm.ppf(level / 100)]))
            assert found[0] == pytest.approx(case[f"p{level}"], abs=5e-4)


def test_lognormal_product_against_closed_form() -> None:
    golden = GOLDEN["lognormal_product"]
    parameters = np.array([lognormal_parameters(*interval) for interval in golden["intervals"]])
    variances = parameters[:, 1] ** 2
    assert variances / variances.sum() == pytest.approx(golden["log_variance_shares"], abs=5e-4)
    centre, spread = parameters[:, 0].sum(), np.sqrt(variances.sum())
    assert np.exp(centre) == pytest.approx(golden["median"], rel=1e-5)
    assert np.exp(centre + spread**2 / 2) == pytest.approx(golden["mean"], rel=1e-5)
    tables = [QuantileTable.of("lognormal", low, np.nan, high) for low, high in golden["intervals"]]
    product = np.prod(
        [table.at(row) for table, row in zip(tables, points(DRAWS, np.eye(4)), strict=True)], axis=0
    )
    assert product.mean() == pytest.approx(golden["mean"], rel=3e-3)
    assert np.quantile(product, [0.1, 0.5, 0.9]) == pytest.approx(
        [golden["p10"], golden["median"], golden["p90"]], rel=5e-3
    )
    assert (product >= golden["threshold"]).mean() == pytest.approx(golden["probability"], rel=0.05)


@pytest.mark.parametrize(("rho", "spearman"), GOLDEN["copula"]["spearman"].items())
def test_copula_gives_back_its_correlation(rho: str, spearman: float) -> None:
    drawn = points(16_384, [[1, float(rho)], [float(rho), 1]])
    assert stats.spearmanr(*drawn).statistic == pytest.approx(spearman, abs=2e-3)
    assert np.corrcoef(drawn)[0, 1] == pytest.approx(float(rho), abs=2e-3)


@given(low=st.floats(-1e6, 1e6), first=st.floats(0, 1e6), second=st.floats(0, 1e6))
@settings(max_examples=100)
def test_pert_stays_within_its_ends_and_rises(low: float, first: float, second: float) -> None:
    scores = np.linspace(-6, 6, 41)
    found = pert_quantiles(low, low + first, low + first + second, scores)
    slack = 1e-9 * (abs(low) + first + second)
    assert found[0] >= low - slack
    assert found[-1] <= low + first + second + slack
    assert (np.diff(found) >= -slack).all()


@pytest.mark.parametrize(
    ("kind", "low", "mode", "high"),
    [("pert", 1, 3, 8), ("lognormal", 0.85, np.nan, 1.15), ("fixed", np.nan, 4, np.nan)],
)
def test_table_reads_as_the_distribution(kind: str, low: float, mode: float, high: float) -> None:
    scores = np.random.default_rng(5).normal(size=2_000)
    assert QuantileTable.of(kind, low, mode, high).at(scores) == pytest.approx(
        quantiles(kind, low, mode, high, scores), rel=2e-5
    )


def test_scores_beyond_the_table_count_as_its_ends() -> None:
    table = QuantileTable.of("pert", 1, 3, 8)
    assert table.at(np.array([-40.0, 40.0])) == pytest.approx(
        pert_quantiles(1, 3, 8, np.array([-6.5, 6.5])), rel=1e-12
    )


def test_same_seed_same_bytes_and_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    root = correlation_matrix(("a", "b"), {("a", "b"): 0.5})
    first = points(5_000, root, 7)
    assert first.tobytes() == points(5_000, root, 7).tobytes()
    assert first.tobytes() != points(5_000, root, 8).tobytes()
    monkeypatch.setattr("helpers.uncertainty.CHUNK_POINTS", 64)
    assert points(5_000, root, 7) == pytest.approx(first, abs=1e-12)


@pytest.mark.parametrize("draws", [1, 15, 16, 1_000, 65_537])
def test_any_number_of_draws_comes_whole(draws: int) -> None:
    assert points(draws, np.eye(2)).shape == (2, draws)
    assert sum(replicate_sizes(draws)) == draws
    assert np.isfinite(points(draws, np.eye(2))).all()


def error_of_the_mean(draws: int, seed: int) -> float:
    """Standard error over replicates of the mean of a skewed function of three inputs."""
    values = np.exp(points(draws, np.eye(3), seed).sum(axis=0) / 3)
    ends = np.cumsum(replicate_sizes(draws))
    return over_replicates([float(part.mean()) for part in np.split(values, ends[:-1])])


def test_four_times_the_draws_at_least_halve_the_error() -> None:
    few = np.mean([error_of_the_mean(1_024, seed) for seed in range(10)])
    many = np.mean([error_of_the_mean(4_096, seed) for seed in range(10)])
    assert many <= 0.55 * few


def test_the_stated_error_is_the_real_one() -> None:
    """The spread of the estimate over seeds is what each run says of itself."""
    means = [
        float(np.exp(points(1_024, np.eye(3), seed).sum(axis=0) / 3).mean()) for seed in range(60)
    ]
    stated = np.mean([error_of_the_mean(1_024, seed) for seed in range(60)])
    assert 0.6 < np.std(means) / stated < 1.5


@pytest.mark.parametrize(
    "call",
    [
        lambda: pert_quantiles(3, 2, 4, np.zeros(1)),
        lambda: lognormal_parameters(0, 1),
        lambda: quantiles("normal", 0, 1, 2, np.zeros(1)),
        lambda: correlation_matrix(
            ("a", "b", "c"), {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
        ),
        lambda: list(score_chunks(0, np.eye(1), 1)),
    ],
)
def test_bad_input_is_named(call: Any) -> None:
    with pytest.raises(InputError):
        call()
