"""Rows of assumption tables as parameters: `share_percent.camry` is the share that the Camry takes.

A number sets the likely value, and low and high move by the same ratio. A mapping
`{low: , mode: , high: }` sets all three.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.errors import refusal
from helpers.texts import did_you_mean, shown

if TYPE_CHECKING:  # a command that reads no table starts without
    import pandas as pd

TABLES = {"volume_assumptions": ("00", "02"), "cost_ranges": ("00", "01", "04")}
"""The assumption tables, and the numbers of the notebooks that their rows can move."""
ENDS = ("low", "mode", "high")
Value = float | tuple[float, float, float]


@dataclass(frozen=True)
class Assumption:
    """One row of an assumption table. name: factor and key. low and high: NaN where it has none."""

    table: str
    row: int
    name: str
    unit: str
    low: float
    mode: float
    high: float
    distribution: str

    def moves(self, notebook: str) -> bool:
        """Whether the row can move that notebook."""
        return notebook[:2] in TABLES[self.table]

    @property
    def likely(self) -> float:
        """The most likely value; of a lognormal its median."""
        return math.sqrt(self.low * self.high) if math.isnan(self.mode) else self.mode

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that the row may take."""
        if self.unit == "correlation":
            return -1.0, 1.0
        if self.unit in ("%", "percent") and max(self.mode, self.high, key=abs) <= 100:
            return 0.0, 100.0
        return (-100.0, 0.0) if self.likely < 0 and self.unit == "ratio" else self._wide

    @property
    def _wide(self) -> tuple[float, float]:
        return (-100.0 if self.unit == "log-odds" else 0.0), 1e7

    def with_value(self, value: Value) -> tuple[float, float, float]:
        """Low, mode and high under a value. A blank stays blank."""
        if isinstance(value, tuple):
            return value
        ratio = value / self.likely if self.likely else 1.0
        ends = (self._inside(self.low * ratio), self._inside(self.high * ratio))
        return ends[0], math.nan if math.isnan(self.mode) else value, ends[1]

    def _inside(self, value: float) -> float:
        return value if math.isnan(value) else min(max(value, self.bounds[0]), self.bounds[1])


@functools.cache
def assumptions() -> dict[str, Assumption]:
    """Every row of the assumption tables, by name."""
    from helpers.data import load

    rows = {}
    for table in TABLES:
        for number, row in enumerate(load(table).to_dict("records")):
            known = "factor" in row
            name = f"{row['factor']}.{row['model']}" if known else f"range.{row['parameter']}"
            kind = str(row["distribution"]) if known else "pert"
            low, mode, high = (float(row[end]) for end in ENDS)
            rows[name] = Assumption(table, number, name, str(row["unit"]), low, mode, high, kind)
    return rows


def is_row(name: str) -> bool:
    """Whether a name is of the kind that names a row: factor, point, key."""
    return re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", name) is not None


def checked_row(name: str, value: Any, where: str) -> Value:
    """The value of a row, or an InputError: an unknown row, a wrong form, out of range or order."""
    known = assumptions()
    if name not in known:
        instead = did_you_mean(name, known, "see: reverse-imports assumptions")
        raise refusal(where, "there is no such assumption", instead)
    row = known[name]
    low, high = row.bounds
    form = f"write a number from {low:g} to {high:g}"
    if row.distribution != "fixed":
        form += ", or {low: , mode: , high: } in rising order"
    if isinstance(value, Mapping):
        if row.distribution == "fixed" or set(value) != set(ENDS):
            raise refusal(where, f"{shown(value)} is not a value of this row", form)
        numbers = tuple(value[end] for end in ENDS)
    else:
        numbers = (value,)
    if not all(type(number) in (int, float) and low <= number <= high for number in numbers):
        raise refusal(where, f"{shown(value)} is out of range or not a number", form)
    if list(numbers) != sorted(numbers):
        raise refusal(where, f"{shown(value)} is not in rising order", form)
    own = tuple(float(number) for number in numbers)
    return own[0] if len(own) == 1 else own  # type: ignore[return-value]


def with_rows(
    table: str, frame: "pd.DataFrame", values: Iterable[tuple[str, Value]]
) -> "pd.DataFrame":
    """The table with the values of its rows set; the frame itself where none concerns it."""
    own = [(assumptions()[name], value) for name, value in values]
    own = [(row, value) for row, value in own if row.table == table]
    if not own:
        return frame
    changed = frame.copy()
    for row, value in own:
        changed.loc[row.row, list(ENDS)] = row.with_value(value)
    return changed
