"""The outside view: what earlier programmes sold against their plan, by reference class.

Each ratio has a weight by what it counts: a registration or sale is one observation, a shipment or
export part of one, an order none. Classes are never pooled into one mean. Within each class the
logarithm of actual over plan is taken as normal with its own weighted mean; the spread is shared by
the classes (pooled variance), because a class of one has none of its own. The predictive
distribution of a new programme of a class of weight n is exp(m + t s sqrt(1 + 1/n)), t with the
degrees of freedom of the pooled variance. Classes are mixed by weight times similarity. A log-t has
no finite mean, so only quantiles and probabilities are given.
"""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr, stdtr, stdtrit

from helpers.errors import Fault, InputError, refusal
from helpers.quantities import Floats

CLASS_NAMES = {
    "us_maker_us_built": "US makers, US-built",
    "japanese_maker_us_built": "Japanese makers, US-built",
    "japanese_maker_other_origin": "Japanese makers, built elsewhere",
}
LATEST_YEAR = 3
LATE = "later than year 3"


@dataclass(frozen=True)
class Weights:
    """What a ratio counts for, by measure (0 to 1) and by class (similarity)."""

    measure: Mapping[str, float]
    similarity: Mapping[str, float]

    @classmethod
    def of(cls, assumptions: pd.DataFrame) -> "Weights":
        """The weights among the assumptions."""
        modes = assumptions.set_index(["factor", "model"])["mode"]
        return cls(
            modes["measure_weight"].astype(float).to_dict(),
            modes["class_weight"].astype(float).to_dict(),
        )


def usable(precedents: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """All precedents with a ratio of actual to plan, with their `weight`, whether it is above 0
    (`used`), and `why_not` in words.

    A year beyond the third says nothing about a launch. Raises InputError for a ratio that is 0 or
    whose year of the programme cannot be told.
    """
    rows = precedents[precedents["attainment_ratio"].notna()].copy()
    if faults := [fault for row in rows.to_dict("records") for fault in _faults(row)]:
        raise InputError(faults)
    rows["year_of_programme"] = rows["actual_period_units"].notna() * (
        rows["target_period"].str[:4].astype(int) - rows["first_year"].astype(int) + 1
    )
    late = rows["year_of_programme"] > LATEST_YEAR
    rows["weight"] = rows["actual_measure"].map(weights.measure).fillna(1.0).where(~late, 0.0)
    rows["used"] = rows["weight"] > 0
    unlike = rows["actual_measure"] + ", not sales"
    rows["why_not"] = np.select([late, rows["weight"] < 1], [LATE, unlike], "")
    order = {name: rank for rank, name in enumerate(CLASS_NAMES)}
    return rows.sort_values(
        ["reference_class", "attainment_ratio"],
        key=lambda column: column.map(order) if column.name == "reference_class" else column,
    )


def _faults(row: Mapping[Hashable, Any]) -> list[Fault]:
    where, faults = f"precedents, {row['program']}", []
    if not re.match(r"[0-9]{4}", str(row["target_period"])):
        faults.append(
            Fault(
                f"{where}, target_period",
                f"'{row['target_period']}' is not a calendar period",
                "write YYYY, YYYY-MM, YYYY-MM-DD or start/end",
            )
        )
    if row["first_year"] != row["first_year"]:  # NaN alone differs from itself
        faults.append(
            Fault(
                f"{where}, first_year",
                "is blank beside a ratio",
                "write the first year of sale, or leave the ratio blank",
            )
        )
    if row["attainment_ratio"] == 0:
        what = "a ratio of 0 has no logarithm"
        faults.append(Fault(f"{where}, attainment_ratio", what, "leave it blank"))
    return faults


@dataclass(frozen=True)
class ReferenceClass:
    """One class: the weight of its ratios, that times its similarity, the mean of their logarithms
    and the scale of the prediction for a new one.
    """

    name: str
    count: float
    weight: float
    log_mean: float
    log_scale: float


@dataclass(frozen=True)
class OutsideView:
    """Predictive distribution of actual over plan: a mixture of the classes by their weight."""

    classes: tuple[ReferenceClass, ...]
    degrees_of_freedom: float

    @property
    def weights(self) -> tuple[float, ...]:
        """Weight of each class; they add to 1."""
        total = sum(part.weight for part in self.classes)
        return tuple(part.weight / total for part in self.classes)

    @cached_property
    def _columns(self) -> tuple[Floats, Floats, Floats]:
        means, scales = (
            [getattr(part, name) for part in self.classes] for name in ("log_mean", "log_scale")
        )
        return np.array(self.weights), np.array(means), np.array(scales)

    def drawn(self, which: Floats, score: Floats) -> Floats:
        """Ratios of new programmes. which: picks the class; score: the place in it."""
        weights, means, scales = self._columns
        ends = np.cumsum(weights)[:-1]
        places = np.searchsorted(ends, ndtr(which), side="right")
        return np.asarray(np.exp(means[places] + scales[places] * self._t(score)))

    def _t(self, score: Floats) -> Floats:
        """Student's t at normal scores, read from a table: its inverse is slow."""
        at, values = _student(self.degrees_of_freedom)
        return np.asarray(np.interp(score, at, values))

    def distribution(self, ratio: float | Floats) -> Floats:
        """P(actual / plan <= ratio). 0 at and below a ratio of 0."""
        amount = np.asarray(ratio, dtype=float)
        weights, means, scales = self._columns
        logs = np.log(np.maximum(amount.reshape(1, -1), 1e-300))
        z = (logs - means[:, None]) / scales[:, None]
        return np.asarray((weights @ stdtr(self.degrees_of_freedom, z)).reshape(amount.shape))

    def quantiles(self, levels: Sequence[float] | Floats) -> Floats:
        """Ratios at the levels (0 < level < 1), between the extreme classes' own quantiles."""
        return np.array([float(np.exp(self._log_quantile(float(level)))) for level in levels])

    def _log_quantile(self, level: float) -> float:
        t = float(stdtrit(self.degrees_of_freedom, level))
        logs = [part.log_mean + part.log_scale * t for part in self.classes]
        if min(logs) == max(logs):
            return logs[0]

        def beyond(log_ratio: float) -> float:
            return float(self.distribution(np.exp(log_ratio))) - level

        return float(brentq(beyond, min(logs) - 1e-9, max(logs) + 1e-9, xtol=1e-13))


@lru_cache(maxsize=64)
def _student(degrees_of_freedom: float) -> tuple[Floats, Floats]:
    scores = np.linspace(-6.5, 6.5, 3_329)
    return scores, np.asarray(stdtrit(degrees_of_freedom, ndtr(scores)))


def outside_view(rows: pd.DataFrame, weights: Weights) -> OutsideView:
    """Fit the classes to the rows of `usable`: two ratios in at least one class are needed."""
    used = rows[rows["used"]]
    grouped = {
        name: (
            np.log(used.loc[used["reference_class"] == name, "attainment_ratio"].to_numpy(float)),
            used.loc[used["reference_class"] == name, "weight"].to_numpy(float),
        )
        for name in CLASS_NAMES
    }
    grouped = {name: group for name, group in grouped.items() if len(group[0])}
    means = {
        name: float(np.average(logs, weights=row_weights))
        for name, (logs, row_weights) in grouped.items()
    }
    freedom = sum(float(row_weights.sum()) for _, row_weights in grouped.values()) - len(grouped)
    squares = sum(
        float((row_weights * (logs - means[name]) ** 2).sum())
        for name, (logs, row_weights) in grouped.items()
    )
    if freedom <= 0 or squares == 0:
        raise refusal(
            "precedents",
            f"{len(used)} usable ratios give no spread",
            "two differing ratios of one class are needed",
        )
    spread = np.sqrt(squares / freedom)
    classes = [
        ReferenceClass(
            name,
            float(row_weights.sum()),
            float(row_weights.sum()) * weights.similarity.get(name, 1.0),
            means[name],
            float(spread * np.sqrt(1 + 1 / row_weights.sum())),
        )
        for name, (_, row_weights) in grouped.items()
    ]
    return OutsideView(tuple(part for part in classes if part.weight > 0), freedom)


def back_test(rows: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Each precedent that counts, predicted by its class from all the others: columns program,
    reference_class, weight, attainment_ratio, p10, p50, p90, inside (the 80 % interval), crps
    (of the ratio's logarithm).

    A class that has no other ratio is predicted by the mixture of the other classes.
    """
    tested = []
    for index, row in rows[rows["used"]].iterrows():
        try:
            view = outside_view(rows.drop(index), weights)
        except InputError:  # the others give no spread: they predict nothing
            continue
        same_class = tuple(part for part in view.classes if part.name == row["reference_class"])
        view = OutsideView(same_class or view.classes, view.degrees_of_freedom)
        low, middle, high = view.quantiles([0.1, 0.5, 0.9])
        ratio = float(row["attainment_ratio"])
        inside = bool(low <= ratio <= high)
        names = (row["program"], row["reference_class"], float(row["weight"]))
        tested.append((*names, ratio, low, middle, high, inside, _crps(view, np.log(ratio))))
    columns = ["program", "reference_class", "weight", "attainment_ratio"]
    return pd.DataFrame(tested, columns=[*columns, "p10", "p50", "p90", "inside", "crps"])


def _crps(view: OutsideView, log_ratio: float) -> float:
    """Continuous ranked probability score of the logarithm: the squared distance of the
    distribution from the step at the outcome, summed over an even grid.
    """
    grid = np.linspace(-12, 12, 4_801)
    below = view.distribution(np.exp(grid))
    return float(((below - (grid >= log_ratio)) ** 2).sum() * (grid[1] - grid[0]))
