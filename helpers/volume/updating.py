"""What observed months say of the drawn futures: their likelihood, and the weights it gives.

A month of a model counts as negative binomial around the twelfth of a year that a draw expects,
with the stated noise of a month on top of Poisson's. Counts of a body class of a brand hold its
other imported cars as well: their monthly number is not known and is averaged over its range.
Draws are weighed by likelihood (importance weighting), and the two views by the mean likelihood of
theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln, ndtri, xlog1py, xlogy

from helpers.errors import Fault, InputError, refusal
from helpers.quantities import Floats
from helpers.uncertainty import quantiles

ALL = "all"
CLASSES = ("passenger", "ordinary_cargo", "small_cargo")
FEWEST_EFFECTIVE = 100
_NODES = ndtri((np.arange(7) + 0.5) / 7)
"""Normal scores at which the other cars of a class are tried, each as likely as the next."""


@dataclass(frozen=True, order=True)
class Observation:
    """A count: month in months after January 2026, maker, scope as in the table, and units."""

    month: int
    maker: str
    scope: str
    units: int


def observed(
    table: pd.DataFrame, models: Mapping[str, str], first_year: int
) -> tuple[Observation, ...]:
    """The rows of the table `observations` from early to late. models: known models to their maker.

    Raises InputError for a scope that is none, for a model of another maker, and for a month before
    the first year.
    """
    rows, faults = [], []
    for row in table.to_dict("records"):
        where = f"observations, {row['month']}, {row['maker']}, {row['scope']}"
        month = 12 * (int(row["month"][:4]) - first_year) + int(row["month"][5:]) - 1
        known = (ALL, *CLASSES, *(name for name in models if models[name] == row["maker"]))
        if row["scope"] not in known or (row["maker"] == ALL and row["scope"] != ALL):
            only = f"of {row['maker']}: {', '.join(known if row['maker'] != ALL else (ALL,))}"
            faults.append(Fault(f"{where}, scope", "is not counted here", f"write one {only}"))
        if month < 0:
            faults.append(Fault(f"{where}, month", f"lies before {first_year}", "leave it out"))
        rows.append(Observation(month, row["maker"], row["scope"], int(row["units"])))
    if faults:
        raise InputError(faults)
    return tuple(sorted(rows))


def log_likelihood(count: int, expected: Floats, noise: float) -> Floats:
    """Logarithm of the probability of a count of cars where so many are expected, without what is
    the same for every draw.

    Negative binomial with variance m + (noise m)^2; Poisson for a noise of 0. Where none are
    expected nothing else can be counted.
    """
    mean = np.asarray(expected, dtype=float)
    if noise == 0:
        return np.asarray(xlogy(count, mean) - mean - gammaln(count + 1))
    size = 1 / noise**2
    told = xlogy(count, mean / size) - xlog1py(count + size, mean / size)
    return np.asarray(told + gammaln(count + size) - gammaln(size) - gammaln(count + 1))


def evidence(
    observations: Sequence[Observation],
    monthly: Mapping[int, Floats],
    cars: Sequence[tuple[str, str, str]],
    others: Mapping[tuple[str, str], tuple[float, float, float]],
    noise: float,
) -> Floats:
    """Logarithm of the likelihood of all observations together, one number a draw.

    monthly: each month to the cars expected in it, an array (cars, draws). cars: model, maker and
    body class of each. others: low, mode and high of the other cars in a class of a maker (in small
    letters), a month.
    """
    total: Floats = np.zeros(1)
    for maker, scope in sorted({(count.maker, count.scope) for count in observations}):
        months = [count for count in observations if (count.maker, count.scope) == (maker, scope)]
        chosen = [
            maker in (ALL, owner) and scope in (ALL, model, body) for model, owner, body in cars
        ]
        expected = [(count.units, monthly[count.month][chosen].sum(axis=0)) for count in months]
        nodes = _other_cars(others.get((maker.lower(), scope)))
        tried = [
            sum(log_likelihood(units, cars + more, noise) for units, cars in expected)
            for more in nodes
        ]
        total = total + _log_mean(np.array(tried))
    return total


def _other_cars(ends: tuple[float, float, float] | None) -> Floats:
    return np.zeros(1) if ends is None else quantiles("pert", *ends, _NODES)


def _log_mean(logs: Floats) -> Floats:
    """Logarithm of the mean over the first axis."""
    with np.errstate(divide="ignore", invalid="ignore"):
        most = logs.max(axis=0)
        told = most + np.log(np.exp(logs - most).mean(axis=0))
    return np.where(np.isneginf(most), -np.inf, told)


@dataclass(frozen=True)
class Weighed:
    """Draws weighed by what was observed: weights of mean 1, log of the mean likelihood."""

    weights: Floats
    log_mean: float

    @property
    def effective(self) -> float:
        """Effective number of draws: how many of equal weight would say as much."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


def weighed(logs: Floats) -> Weighed:
    """Weights from logarithms of likelihoods; all alike where no draw could give the counts."""
    most = float(logs.max())
    if np.isneginf(most):
        return Weighed(np.ones(len(logs)), -np.inf)
    scaled = np.exp(logs - most)
    mean = float(scaled.mean())
    return Weighed(scaled / mean, most + float(np.log(mean)))


def view_weight(prior: float, counted: Weighed, precedents: Weighed) -> float:
    """Weight of the precedents after the observations, by Bayes; as before where neither view could
    give them. prior: before, 0 to 1.
    """
    if prior in (0, 1) or counted.log_mean == precedents.log_mean == -np.inf:
        return prior
    odds = np.log(prior / (1 - prior)) + precedents.log_mean - counted.log_mean
    return float(1 / (1 + np.exp(-np.clip(odds, -700, 700))))


def refuse_impossible(counted: Weighed, precedents: Weighed) -> None:
    """Raises InputError where neither view could give what was observed."""
    if counted.log_mean == precedents.log_mean == -np.inf:
        raise refusal(
            "data/market/observations.csv",
            "no drawn future gives these counts",
            "check maker, scope and month, or take the model among the chosen ones",
        )


def before_and_after(
    inputs: Mapping[str, Floats], weights: Floats, names: Iterable[str]
) -> pd.DataFrame:
    """Quantiles of inputs before and after the observations; columns input, p10 to p90_after."""
    rows = []
    for name in names:
        values = inputs[name]
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(weights[order]) / weights.sum()
        places = np.minimum(np.searchsorted(reached, [0.1, 0.5, 0.9]), len(values) - 1)
        rows.append((name, *np.quantile(values, [0.1, 0.5, 0.9]), *values[order][places]))
    columns = ["input", "p10", "p50", "p90", "p10_after", "p50_after", "p90_after"]
    return pd.DataFrame(rows, columns=columns)
