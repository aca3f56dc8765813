"""The outside view: what earlier programmes sold against their plan, by reference class.

Classes are never pooled into one mean. Within each class the logarithm of actual over plan is taken
as normal with its own mean; the spread is shared by the classes (pooled variance), because a class
of one has none of its own. The predictive distribution of a new programme of a class of n is exp(m
+ t s sqrt(1 + 1/n)), t with the degrees of freedom of the pooled variance. A log-t has no finite
mean, so only quantiles and probabilities are given.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from helpers.errors import Fault, InputError
from helpers.quantities import Floats

CLASSES = ("us_maker_us_built", "japanese_maker_us_built", "japanese_maker_other_origin")
LATEST_YEAR = 3


def usable(precedents: pd.DataFrame) -> pd.DataFrame:
    """All precedents with a ratio of actual to plan, and whether it counts: column `used`, and
    `why_not` in words.

    Orders are not sales, and a year beyond the third says nothing about a launch. Raises InputError
    for a ratio whose year of the programme cannot be told.
    """
    rows = precedents[precedents["attainment_ratio"].notna()].copy()
    faults = []
    for name, period, first in zip(
        rows["program"], rows["target_period"], rows["first_year"], strict=True
    ):
        if not re.match(r"[0-9]{4}", period):
            faults.append(
                Fault(
                    f"precedents, {name}, target_period",
                    f"'{period}' is not a calendar period",
                    "write YYYY, YYYY-MM, YYYY-MM-DD or start/end",
                )
            )
        if first != first:  # NaN alone differs from itself
            faults.append(
                Fault(
                    f"precedents, {name}, first_year",
                    "is blank beside a ratio",
                    "write the first year of sale, or leave the ratio blank",
                )
            )
    if faults:
        raise InputError(faults)
    rows["year_of_programme"] = rows["actual_period_units"].notna() * (
        rows["target_period"].str[:4].astype(int) - rows["first_year"].astype(int) + 1
    )
    orders, late = rows["actual_measure"] == "orders", rows["year_of_programme"] > LATEST_YEAR
    rows["why_not"] = np.select([orders, late], ["orders, not sales", "later than year 3"], "")
    rows["used"] = ~(orders | late)
    order = {name: rank for rank, name in enumerate(CLASSES)}
    return rows.sort_values(
        ["reference_class", "attainment_ratio"],
        key=lambda column: column.map(order) if column.name == "reference_class" else column,
    )


@dataclass(frozen=True)
class ReferenceClass:
    """One class: how many ratios it has, the mean of their logarithms and the scale of the
    prediction for a new one.
    """

    name: str
    count: int
    log_mean: float
    log_scale: float

    @property
    def median_ratio(self) -> float:
        """Median of actual over plan predicted for a new programme of the class."""
        return float(np.exp(self.log_mean))


@dataclass(frozen=True)
class OutsideView:
    """Predictive distribution of actual over plan: a mixture of the classes, each weighted by its
    number of ratios.
    """

    classes: tuple[ReferenceClass, ...]
    degrees_of_freedom: int

    @property
    def weights(self) -> tuple[float, ...]:
        """Weight of each class; they add to 1."""
        total = sum(part.count for part in self.classes)
        return tuple(part.count / total for part in self.classes)

    @cached_property
    def _columns(self) -> tuple[Floats, Floats, Floats]:
        means, scales = (
            [getattr(part, name) for part in self.classes] for name in ("log_mean", "log_scale")
        )
        return np.array(self.weights), np.array(means)[:, None], np.array(scales)[:, None]

    def distribution(self, ratio: float | Floats) -> Floats:
        """P(actual / plan <= ratio). 0 at and below a ratio of 0."""
        amount = np.asarray(ratio, dtype=float)
        weights, means, scales = self._columns
        logs = np.log(np.maximum(amount.reshape(1, -1), 1e-300))
        return np.asarray(
            (weights @ stdtr(self.degrees_of_freedom, (logs - means) / scales)).reshape(
                amount.shape
            )
        )

    def probability_of_reaching(self, ratio: float) -> float:
        """P(actual / plan >= ratio)."""
        return float(1 - self.distribution(ratio))

    def quantiles(self, levels: Sequence[float] | Floats) -> Floats:
        """Ratios at the levels (0 < level < 1), between the extreme classes' own quantiles."""
        return np.array(_quantiles(self, tuple(map(float, levels))))


@lru_cache(maxsize=256)
def _quantiles(view: OutsideView, levels: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(float(np.exp(_log_quantile(view, level))) for level in levels)


def _log_quantile(view: OutsideView, level: float) -> float:
    own = [
        part.log_mean + part.log_scale * float(stdtrit(view.degrees_of_freedom, level))
        for part in view.classes
    ]
    if min(own) == max(own):
        return own[0]
    reached = lambda log_ratio: float(view.distribution(np.exp(log_ratio))) - level  # noqa: E731
    return float(brentq(reached, min(own) - 1e-9, max(own) + 1e-9, xtol=1e-13))


def outside_view(rows: pd.DataFrame) -> OutsideView:
    """Fit the classes to the rows of `usable` that count. Needs two ratios in at least one class,
    all above 0.
    """
    used = rows[rows["used"]]
    if below := [
        name
        for name, ratio in zip(used["program"], used["attainment_ratio"], strict=True)
        if not ratio > 0
    ]:
        raise InputError(
            [
                Fault(
                    f"precedents, {name}, attainment_ratio",
                    "a ratio of 0 has no logarithm",
                    "leave it blank",
                )
                for name in below
            ]
        )
    grouped = {
        name: np.log(used.loc[used["reference_class"] == name, "attainment_ratio"].to_numpy(float))
        for name in CLASSES
    }
    grouped = {name: logs for name, logs in grouped.items() if len(logs)}
    freedom = sum(len(logs) - 1 for logs in grouped.values())
    squares = sum(float(((logs - logs.mean()) ** 2).sum()) for logs in grouped.values())
    if freedom < 1 or squares == 0:
        raise InputError(
            [
                Fault(
                    "precedents",
                    f"{len(used)} usable ratios give no spread",
                    "two differing ratios of one class are needed",
                )
            ]
        )
    spread = np.sqrt(squares / freedom)
    classes = [
        ReferenceClass(
            name, len(logs), float(logs.mean()), float(spread * np.sqrt(1 + 1 / len(logs)))
        )
        for name, logs in grouped.items()
    ]
    return OutsideView(tuple(classes), freedom)


def leave_one_out(rows: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """How the median and the probability of reaching a ratio change when each counted precedent is
    dropped in turn.
    """
    left = []
    for index in rows.index[rows["used"]]:
        view = outside_view(rows.drop(index))
        left.append(
            (
                rows.at[index, "program"],
                rows.at[index, "attainment_ratio"],
                float(view.quantiles([0.5])[0]),
                view.probability_of_reaching(ratio),
            )
        )
    return pd.DataFrame(
        left, columns=["dropped", "attainment_ratio", "median_ratio", "probability"]
    )
