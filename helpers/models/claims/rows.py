"""Rows of a table as texts, whatever types its reader gave the columns."""

import math
from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """One dict of texts a row: a whole number without its point, a blank as an empty text."""
    columns = [[as_text(value) for value in frame[name].tolist()] for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)] if names else []


def as_text(value: Any) -> str:
    """A cell as text: 2024 and not 2024.0, empty for a blank."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
