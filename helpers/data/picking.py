"""Numbers from a table: the rows that meet conditions, and the best of them as a quantity."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import refusal
from helpers.quantities import QUALITIES, Quantity, fact

RUNGS = ("none", "rumour", "considering", "aims", "announced", "happened")
"""How firm a plan is, weakest first: the status of an event, and of a thread without one."""


def find(table: pd.DataFrame, where: str, **conditions: Any) -> pd.DataFrame:
    """The rows of a table in which every named column has that value, best quality first, and of
    one quality the newest vintage where the table has such. May be empty. where: what is looked
    for, for the message about a row of no known quality.
    """
    kept = np.ones(len(table), dtype=bool)
    for column, wanted in conditions.items():
        cells = table[column]
        kept &= np.asarray(
            (cells if pd.api.types.is_string_dtype(cells) else cells.astype(str)) == str(wanted),
            dtype=bool,
        )
    rows = table[kept]
    if "vintage" in rows:
        rows = rows.sort_values("vintage", ascending=False, kind="stable")
    rank = rows["quality"].map({quality: rank for rank, quality in enumerate(QUALITIES)})
    if rank.isna().any():
        raise refusal(where, "a row has no known quality", f"write one of {', '.join(QUALITIES)}")
    return rows.loc[rank.sort_values(kind="stable").index]


def pick(table: pd.DataFrame, unit: str, where: str, **conditions: Any) -> Quantity:
    """The best row of a table with columns `period`, `value`, `quality`, `source_ids` that meets
    the conditions. where: what is looked for, in words.

    Raises InputError when no row does, naming the conditions and the periods that exist without the
    one asked for.
    """
    rows = find(table, where, **conditions)
    if rows.empty:
        others = {column: wanted for column, wanted in conditions.items() if column != "period"}
        periods = sorted(set(find(table, where, **others)["period"].astype(str)))
        asked = ", ".join(f"{column} {wanted}" for column, wanted in conditions.items())
        known = f"periods with a value: {', '.join(periods) or 'none'}"
        raise refusal(where, f"no row has {asked}", known)
    return quantity_of(rows.iloc[0], unit)


def quantity_of(row: Any, unit: str) -> Quantity:
    """A row of value, period, quality and sources as a quantity, known until its period ends."""
    return fact(
        float(row["value"]),
        unit,
        str(row["period"]),
        str(row["quality"]),
        source_tuple([row["source_ids"]]),
    )


def source_tuple(cells: Iterable[str]) -> tuple[str, ...]:
    """Source ids of table cells such as `JAMA25;MOFIMP24`, each once, in order."""
    return tuple(
        dict.fromkeys(source for cell in cells for source in str(cell).split(";") if source)
    )
