"""The ledger of forecasts: scores against published numbers, questions that can be settled, and
what the model answers.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.data import load
from helpers.errors import InputError
from helpers.study import Study
from helpers.volume import ledger
from helpers.volume.pooling import LEVELS

GOLDEN: Any = json.loads(
    (Path(__file__).parents[1] / "golden" / "volume.json").read_text(encoding="utf-8")
)
QUESTION: dict[str, Any] = {
    "question_id": "cars",
    "kind": "year",
    "subject": "all",
    "period": "2027",
    "from_value": 15_000.0,
    "below_value": math.nan,
    "base_rate_percent": 50.0,
    "state": "resolved",
    "outcome": math.nan,
    "note": "",
}


def scored(chance: float = 20.0, **changes: Any) -> Any:
    """A forecast by quantiles of a normal around 12,000 with a deviation of 5,000, scored."""
    values = stats.norm.ppf(LEVELS, 12_000, 5_000)
    quantiles = dict(zip(ledger.QUANTILE_COLUMNS, values, strict=True))
    row = {"question_id": "cars", "view": "both", "probability_percent": chance, **quantiles}
    return ledger.scored(pd.DataFrame([row]), pd.DataFrame([QUESTION | changes])).iloc[0]


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
    assert ledger.quantile_score(levels, values, outcome) == pytest.approx(exact, rel=2e-3)
    few = stats.norm.ppf(LEVELS, 12_000, 5_000)
    assert ledger.quantile_score(LEVELS, few, outcome) == pytest.approx(exact, rel=0.12)


def test_the_honest_forecast_scores_best() -> None:
    outcomes = np.random.default_rng(8).normal(12_000, 5_000, 400)
    honest, sure, shifted = (
        np.mean(
            [
                ledger.quantile_score(LEVELS, stats.norm.ppf(LEVELS, mean, sd), outcome)
                for outcome in outcomes
            ]
        )
        for mean, sd in ((12_000, 5_000), (12_000, 1_000), (20_000, 5_000))
    )
    assert honest < sure
    assert honest < shifted


def test_a_forecast_is_scored_once_an_outcome_stands() -> None:
    golden = GOLDEN["scores"]
    waiting = scored(state="open")
    assert np.isnan([waiting["brier"], waiting["log_score"], waiting["quantile_score"]]).all()
    missed = scored(outcome=9_000.0)
    assert missed["brier"] == pytest.approx(golden["brier_0.2_not"])
    assert missed["base_brier"] == pytest.approx(0.25)
    assert missed["quantile_score"] > 0
    happened = scored(80.0, outcome=16_000.0)
    assert happened["log_score"] == pytest.approx(golden["log_0.8"], abs=1e-6)
    assert scored(0.0, outcome=16_000.0)["log_score"] == math.inf
    beyond = scored(20.0, outcome=16_000.0, below_value=15_500.0)
    assert beyond["brier"] == pytest.approx(golden["brier_0.2_not"]), "above the band is not in it"


def test_the_ledger_holds_sound_forecasts() -> None:
    rows = load("forecasts")
    values = rows[list(ledger.QUANTILE_COLUMNS)].dropna().to_numpy(float)
    assert (np.diff(values, axis=1) >= 0).all()
    joined = ledger.scored(rows, load("questions"))
    assert (joined["made_on"] < joined["resolves_on"]).all()
    for _, views in rows.groupby(["question_id", "made_on"]):
        assert views["parameters_digest"].nunique() == views["code_digest"].nunique() == 1


def test_every_open_question_says_how_it_is_settled_and_is_answered() -> None:
    base = Study.of()
    few = base.scenario.model_copy(update={"draws": 1_024})
    questions = load("questions")
    waiting = questions[questions["state"] == "open"].to_dict("records")
    assert {row["kind"] for row in waiting} == {"year", "month", "price", "on_sale"}
    for row in waiting:
        year = {"sale_year": row["period"]} if row["kind"] == "year" else {}
        volume = base.under(few.model_copy(update=year)).volume
        given = ledger.answers(row, volume)
        chance, quantiles = given["both"]
        assert 0 < chance < 1, row["question_id"]
        assert (quantiles is None) == (row["kind"] == "on_sale")
        if len(given) > 1:
            ends = sorted(given[view][0] for view in ("model_by_model", "precedents"))
            assert ends[0] - 1e-9 <= chance <= ends[1] + 1e-9


def test_the_camry_s_chance_is_that_of_maker_and_model_by_then() -> None:
    volume = Study.of().volume
    row = {**QUESTION, "kind": "on_sale", "subject": "camry", "period": "2027-12-31"}
    chance, _ = ledger.answers(row, volume)["both"]
    assert chance == pytest.approx(volume.adoption.overall[0] * 0.5, abs=0.01)
    early, _ = ledger.answers({**row, "period": "2026-03-01"}, volume)["both"]
    assert early == 0


def test_a_question_on_a_model_that_is_not_chosen_is_refused() -> None:
    row = {**QUESTION, "kind": "price", "subject": "ascent", "period": "2027-06-30"}
    with pytest.raises(InputError, match="asks about ascent, which is not among"):
        ledger.answers(row, Study.of().volume)


def test_quantiles_that_fall_are_named() -> None:
    with pytest.raises(InputError, match="do not both rise"):
        ledger.quantile_score([0.5, 0.1], [1, 2], 1)
