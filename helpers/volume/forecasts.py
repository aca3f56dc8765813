"""Forecasts that can be scored: proper scores of the ledger once an outcome is known.

Formulas: CRPS of a few quantiles as twice the mean pinball loss over probability, the loss linear
between the stated levels (Gneiting and Raftery 2007); Brier 1950; logarithmic score by Good 1952.
Lower is better in all of them.
"""

from collections.abc import Sequence
from math import inf, log

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.volume.pooling import LEVELS

QUANTILE_COLUMNS = tuple(f"p{round(100 * level):02d}_units" for level in LEVELS)


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


def log_score(probability: float, happened: bool) -> float:
    """Minus the logarithm of the probability given to what happened; infinite when that was 0."""
    given = probability if happened else 1 - probability
    return -log(given) if given > 0 else inf


def scored(ledger: pd.DataFrame) -> pd.DataFrame:
    """The ledger with its scores: columns state (open or scored), crps_units, brier, log_score; NaN
    while the outcome is open.
    """
    rows = []
    for row in ledger.to_dict("records"):
        outcome, probability = float(row["outcome_units"]), row["probability_percent"] / 100
        if pd.isna(outcome):
            rows.append(("open", np.nan, np.nan, np.nan))
            continue
        happened = outcome >= row["threshold_units"]
        crps = crps_quantiles(LEVELS, [row[name] for name in QUANTILE_COLUMNS], outcome)
        brier = (probability - happened) ** 2
        rows.append(("scored", crps, brier, log_score(probability, happened)))
    scores = pd.DataFrame(
        rows, index=ledger.index, columns=["state", "crps_units", "brier", "log_score"]
    )
    return pd.concat([ledger, scores], axis=1)
