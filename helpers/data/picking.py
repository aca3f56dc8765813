"""A number from a table together with all that is needed to quote it, and how quality passes
through arithmetic.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.quantities import QUALITIES


@dataclass(frozen=True)
class Quantity:
    """One value with its unit, period, quality (official, reported, derived, estimate, unverified),
    sources and basis.

    basis: who counted what and how it is valued, in words. Raises InputError for NaN and infinity.
    """

    value: float
    unit: str
    period: str
    quality: str
    source_ids: tuple[str, ...]
    basis: str

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise InputError(
                [Fault(f"{self.basis}, {self.period}", f"{self.value} is not a number")]
            )


def weakest(*quantities: Quantity, at_least: str = "derived") -> str:
    """The quality of what is computed from these: that of the weakest, and never better than
    `at_least`.
    """
    return max([at_least, *(one.quality for one in quantities)], key=QUALITIES.index)


def all_sources(*quantities: Quantity) -> tuple[str, ...]:
    """The sources of all of them, each once, in order."""
    return tuple(dict.fromkeys(source for one in quantities for source in one.source_ids))


def find(table: pd.DataFrame, where: str, **conditions: Any) -> pd.DataFrame:
    """The rows of a table in which every named column has that value, best quality first. May be
    empty.
    """
    kept = np.ones(len(table), dtype=bool)
    for column, wanted in conditions.items():
        cells = table[column]
        kept &= np.asarray(
            (cells if pd.api.types.is_string_dtype(cells) else cells.astype(str)) == str(wanted),
            dtype=bool,
        )
    rows = table[kept]
    rank = rows["quality"].map({quality: place for place, quality in enumerate(QUALITIES)})
    if rank.isna().any():
        raise InputError(
            [Fault(where, "a row has no known quality", f"write one of {', '.join(QUALITIES)}")]
        )
    return rows.loc[rank.sort_values(kind="stable").index]


def pick(table: pd.DataFrame, unit: str, basis: str, **conditions: Any) -> Quantity:
    """The best row of a table with columns `period`, `value`, `quality`, `source_ids` that meets
    the conditions.

    Raises InputError when no row does, naming the conditions and the periods that exist without the
    one asked for.
    """
    rows = find(table, basis, **conditions)
    if rows.empty:
        others = {column: wanted for column, wanted in conditions.items() if column != "period"}
        periods = sorted(set(find(table, basis, **others)["period"].astype(str)))
        asked = ", ".join(f"{column} {wanted}" for column, wanted in conditions.items())
        raise InputError(
            [
                Fault(
                    basis,
                    f"no row has {asked}",
                    f"periods with a value: {', '.join(periods) or 'none'}",
                )
            ]
        )
    row = rows.iloc[0]
    return Quantity(
        float(row["value"]),
        unit,
        str(row["period"]),
        str(row["quality"]),
        source_tuple(rows["source_ids"].iloc[:1]),
        basis,
    )


def source_tuple(cells: Iterable[str]) -> tuple[str, ...]:
    """Source ids of table cells such as `JAMA25;MOFIMP24`, each once, in order."""
    return tuple(
        dict.fromkeys(source for cell in cells for source in str(cell).split(";") if source)
    )


def nearest_period(periods: Iterable[str], year: int) -> str:
    """The year of `periods` closest to `year`, the later one when two are equally close. Raises
    InputError when there is none.
    """
    years = sorted(
        (period for period in periods if period.isdigit()),
        key=lambda period: (abs(int(period) - year), -int(period)),
    )
    if not years:
        raise InputError([Fault(f"year {year}", "no year has a value")])
    return years[0]
