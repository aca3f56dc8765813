"""Forecasts that can be scored: one ledger row each, fixed when made, and proper scores once an
outcome is known.

Formulas: CRPS of a sample and of a normal by Gneiting and Raftery 2007; CRPS of a few quantiles as
twice the mean pinball loss over probability, the loss linear between the stated levels; Brier 1950;
logarithmic score by Good 1952. Lower is better in all of them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from math import erf, exp, inf, isfinite, log, pi, sqrt

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.inputs import Floats
from helpers.volume.pooling import LEVELS, Pool

QUANTILE_COLUMNS = tuple(f"p{round(100 * level):02d}_units" for level in LEVELS)
VIEWS = ("both", "model_by_model", "precedents")
MODULES = (
    "fit.cars",
    "volume.demand",
    "fit.answer",
    "cost.price_walk",
    "fit.limits",
    "fit.places",
    "volume.pooling",
    "volume.precedents",
    "fit.road_access",
    "fit.turning",
    "uncertainty",
    "fit.usable_shares",
    "volume.estimate",
)
"""Modules of helpers whose text, with the tables of the volume, makes a forecast: what
`code_digest` covers.
"""


def crps_normal(mean: float, sd: float, outcome: float) -> float:
    """CRPS of a normal forecast."""
    if not (sd > 0 and isfinite(mean) and isfinite(outcome)):
        raise InputError(
            [
                Fault(
                    "normal forecast",
                    f"mean {mean}, sd {sd}, outcome {outcome}",
                    "write finite numbers and an sd above 0",
                )
            ]
        )
    z = (outcome - mean) / sd
    return sd * (z * erf(z / sqrt(2)) + 2 * exp(-z * z / 2) / sqrt(2 * pi) - 1 / sqrt(pi))


def crps_sample(sample: Floats, outcome: float) -> float:
    """CRPS of a sample: mean distance to the outcome less half the mean distance within the
    sample.
    """
    values = np.sort(np.asarray(sample, dtype=float))
    count = len(values)
    within = 2 * float((values * (2 * np.arange(1, count + 1) - count - 1)).sum()) / count**2
    return float(np.abs(values - outcome).mean()) - within / 2


def crps_quantiles(levels: Sequence[float], quantiles: Sequence[float], outcome: float) -> float:
    """CRPS of a forecast known only by some quantiles; beyond the outer ones the loss is taken as
    at them.
    """
    probabilities, values = np.asarray(levels, dtype=float), np.asarray(quantiles, dtype=float)
    if (np.diff(probabilities) <= 0).any() or (np.diff(values) < 0).any():
        raise InputError(
            [Fault("quantiles", f"{list(levels)} and {list(quantiles)} do not both rise")]
        )
    loss = np.where(outcome >= values, probabilities, probabilities - 1) * (outcome - values)
    grid = np.concatenate([[0.0], probabilities, [1.0]])
    return float(2 * np.trapezoid(np.concatenate([loss[:1], loss, loss[-1:]]), grid))


def brier_score(probability: float, happened: bool) -> float:
    """Squared distance of a probability to what happened."""
    return (probability - happened) ** 2


def log_score(probability: float, happened: bool) -> float:
    """Minus the logarithm of the probability given to what happened; infinite when that was 0."""
    given = probability if happened else 1 - probability
    return -log(given) if given > 0 else inf


def digest(content: Mapping[str, object]) -> str:
    """First 16 hexadecimal digits of the SHA-256 of a mapping as canonical JSON: the same content,
    the same digest.
    """
    text = json.dumps(
        content,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
        allow_nan=False,
        default=list,
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def ledger_rows(
    pool: Pool,
    *,
    question_id: str,
    question: str,
    made_on: str,
    resolves_on: str,
    threshold: int,
    parameters: Mapping[str, object],
    code: Mapping[str, str],
) -> pd.DataFrame:
    """Rows for the ledger, one for each of `VIEWS`, outcome columns empty.

    parameters: every parameter by name. code: name to text of `MODULES` and of the tables; both are
    kept as digests.
    """
    views = {
        "both": (pool.quantiles(), pool.probability(threshold)),
        "model_by_model": (
            pool.inside_quantiles(),
            pool.inside_probability_within_draws(threshold),
        ),
        "precedents": (pool.outside_quantiles(), pool.outside_probability(threshold)),
    }
    rows = []
    for view, (quantiles, probability) in views.items():
        row: dict[str, object] = {
            "forecast_id": f"{question_id}.{made_on}.{view}",
            "question_id": question_id,
            "view": view,
            "made_on": made_on,
        }
        row |= {
            "resolves_on": resolves_on,
            "question": question,
            "threshold_units": threshold,
            "probability_percent": round(100 * probability, 4),
        }
        row |= dict(
            zip(QUANTILE_COLUMNS, (round(float(value), 1) for value in quantiles), strict=True)
        )
        row |= {"parameters_digest": digest(parameters), "code_digest": digest(code)}
        rows.append(row | {"outcome_units": float("nan"), "outcome_source_ids": "", "note": ""})
    return pd.DataFrame(rows)


def scored(ledger: pd.DataFrame) -> pd.DataFrame:
    """The ledger with its scores: columns state (open or scored), crps_units, brier, log_score; NaN
    while the outcome is open.
    """
    found = ledger.copy()
    known = found["outcome_units"].astype(float)
    rows = []
    for row, outcome in zip(found.to_dict("records"), known, strict=True):
        if pd.isna(outcome):
            rows.append(("open", np.nan, np.nan, np.nan))
            continue
        happened, probability = (
            bool(outcome >= row["threshold_units"]),
            row["probability_percent"] / 100,
        )
        crps = crps_quantiles(LEVELS, [row[name] for name in QUANTILE_COLUMNS], float(outcome))
        rows.append(
            ("scored", crps, brier_score(probability, happened), log_score(probability, happened))
        )
    scores = pd.DataFrame(
        rows, index=found.index, columns=["state", "crps_units", "brier", "log_score"]
    )
    return pd.concat([found, scores], axis=1)
