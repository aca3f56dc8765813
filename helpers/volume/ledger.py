"""The ledger of forecasts: questions that can be settled, what the model answers, and proper scores
once an outcome is known.

Formulas: quantile score of a few quantiles as twice the mean pinball loss over probability, the
loss linear between the stated levels (Gneiting and Raftery 2007; with ever more quantiles it is the
CRPS); Brier 1950; logarithmic score by Good 1952. Lower is better in all of them.
"""

import datetime
from collections.abc import Callable, Hashable, Mapping, Sequence
from math import inf, log
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import refusal
from helpers.quantities import Floats
from helpers.uncertainty import quantiles
from helpers.volume.demand import START
from helpers.volume.part import VolumePart
from helpers.volume.pooling import LEVELS, Pool, View

QUANTILE_COLUMNS = tuple(f"p{round(100 * level):02d}_units" for level in LEVELS)
OPEN, RESOLVED = "open", "resolved"
_SCORES = ("brier", "base_brier", "log_score", "base_log_score", "quantile_score")
Row = Mapping[Hashable, Any]


def quantile_score(levels: Sequence[float], quantiles: Sequence[float], outcome: float) -> float:
    """Score of a forecast by some quantiles; beyond the outer ones the loss is as at them."""
    probabilities, values = np.asarray(levels, dtype=float), np.asarray(quantiles, dtype=float)
    if (np.diff(probabilities) <= 0).any() or (np.diff(values) < 0).any():
        raise refusal("quantiles", f"{list(levels)} and {list(quantiles)} do not both rise")
    loss = np.where(outcome >= values, probabilities, probabilities - 1) * (outcome - values)
    grid = np.concatenate([[0.0], probabilities, [1.0]])
    return float(2 * np.trapezoid(np.concatenate([loss[:1], loss, loss[-1:]]), grid))


def log_score(probability: float, happened: bool) -> float:
    """Minus the logarithm of the probability given to what happened; infinite when that was 0."""
    given = probability if happened else 1 - probability
    return -log(given) if given > 0 else inf


def scored(forecasts: pd.DataFrame, questions: pd.DataFrame) -> pd.DataFrame:
    """The forecasts with their questions and scores: columns state, brier, log_score, the same of
    the base rate, and quantile_score; NaN while the outcome is open or the question void.
    """
    asked = questions.drop(columns="note")
    joined = forecasts.merge(asked, on="question_id", how="left", validate="many_to_one")
    scores = [_scores(row) for row in joined.to_dict("records")]
    return joined.join(pd.DataFrame(scores, columns=list(_SCORES), dtype=float))


def _scores(row: Row) -> tuple[float, ...]:
    if row["state"] != RESOLVED:
        return (np.nan,) * len(_SCORES)
    outcome, beyond = float(row["outcome"]), float(row["below_value"])
    happened = outcome >= row["from_value"] and not outcome >= beyond  # a blank end bounds nothing
    probability, base = row["probability_percent"] / 100, row["base_rate_percent"] / 100
    quantiles = [row[name] for name in QUANTILE_COLUMNS]
    by_quantiles = np.nan if pd.isna(quantiles[0]) else quantile_score(LEVELS, quantiles, outcome)
    return (
        (probability - happened) ** 2,
        (base - happened) ** 2,
        log_score(probability, happened),
        log_score(base, happened),
        by_quantiles,
    )


def answers(question: Row, volume: VolumePart) -> dict[str, tuple[float, Floats | None]]:
    """What the model answers by each view: the probability of the event, 0 to 1, and the quantiles
    at `LEVELS`, None where the outcome is yes or no.

    volume: of a scenario that looks at the calendar year of a question on a year. Questions on a
    price or a day are answered by the count alone, which is given as both. Raises InputError for a
    model that is not among the chosen ones.
    """
    kind, subject, period = (str(question[name]) for name in ("kind", "subject", "period"))
    if kind == "year":
        return _by_view(question, volume.pool)
    if kind == "month":
        return _by_view(question, _month_pool(volume, subject, period))
    models = list(volume.makers)
    if subject not in models:
        raise refusal(
            f"question {question['question_id']}",
            f"asks about {subject}, which is not among the chosen models",
            f"add it to the parameter models, or ask about {', '.join(models)}",
        )
    if kind == "price":
        asked = float(volume.cost.asked().to("JPY per car").value[subject])
        prices = View.of(asked * volume.centred["price_level"])
        return {"both": (_happens(question, prices.at_least), prices.quantiles())}
    day = datetime.date.fromisoformat(period)
    months = 12 * (day.year - START) + day.month - 1 + day.day / 31
    on_sale = volume.coming[models.index(subject)] * (
        volume.draws[f"start_{volume.makers[subject]}"] <= months
    )
    chance = float(np.average(on_sale, weights=volume.few.view_weights[0]))
    return {"both": (chance, None)}


def _by_view(question: Row, pool: Pool) -> dict[str, tuple[float, Floats | None]]:
    def pooled(units: float) -> float:
        counted, sold = pool.inside.at_least(units), pool.outside.at_least(units)
        return float(pool.rule(counted, sold, pool.outside_share))

    return {
        "both": (_happens(question, pooled), pool.quantiles()),
        "model_by_model": (_happens(question, pool.inside.at_least), pool.inside.quantiles()),
        "precedents": (_happens(question, pool.outside.at_least), pool.outside.quantiles()),
    }


def _happens(question: Row, at_least: Callable[[float], float]) -> float:
    """Probability of an outcome from one value on and below another, where there is one."""
    end = float(question["below_value"])
    beyond = 0.0 if np.isnan(end) else at_least(end)
    return max(0.0, at_least(float(question["from_value"])) - beyond)


def _month_pool(volume: VolumePart, subject: str, month: str) -> Pool:
    """Both views of what is counted of a maker's class in a month, its other cars included."""
    when = 12 * (int(month[:4]) - START) + int(month[5:7]) - 1
    maker, _, scope = subject.partition(".")
    random = np.random.default_rng(volume.parameter("seed"))
    noise, ends = volume.month_noise, volume.others.get((maker, scope))
    others = np.zeros(volume.few.planned.size)
    if ends:
        others = quantiles("pert", *ends, random.standard_normal(others.size))
    drawn = []
    for cars in volume.simulation.in_month(when, volume.centred, volume.coming, volume.ratio):
        chosen = [
            car.maker.lower() == maker and scope in (car.model, car.body_class, "all")
            for car in volume.chosen
        ]
        expected = cars[chosen].sum(axis=0) + others
        stray = random.gamma(1 / noise**2, noise**2, expected.size) if noise else 1.0
        drawn.append(random.poisson(expected * stray))
    views = (
        View.of(cars.astype(float), weights)
        for cars, weights in zip(drawn, volume.few.view_weights, strict=True)
    )
    return volume.pool.of(*views)


def registered(
    questions: pd.DataFrame,
    volumes: Mapping[str, VolumePart],
    made_on: str,
    parameters_digest: str,
    code_digest: str,
) -> pd.DataFrame:
    """A row of the table `forecasts` for each open question and view, made on that day. volumes:
    question id to the volume that answers it.
    """
    rows = []
    for question in questions[questions["state"] == OPEN].to_dict("records"):
        name = question["question_id"]
        for view, (chance, reached) in answers(question, volumes[name]).items():
            values = [np.nan] * len(LEVELS) if reached is None else np.round(reached, 1)
            rows.append(
                {
                    "forecast_id": f"{name}.{made_on}.{view}",
                    "question_id": name,
                    "view": view,
                    "made_on": made_on,
                    "threshold_units": question["from_value"],
                    "probability_percent": round(100 * chance, 4),
                    **dict(zip(QUANTILE_COLUMNS, values, strict=True)),
                    "parameters_digest": parameters_digest,
                    "code_digest": code_digest,
                    "note": "",
                }
            )
    return pd.DataFrame(rows)
