"""Rows of a table as texts, whatever types its reader gave the columns."""

import math
import re
from typing import Any

import pandas as pd

_CAPITALS = frozenset(
    (
        "japan",
        "toyota",
        "nissan",
        "honda",
        "subaru",
        "camry",
        "highlander",
        "tundra",
        "sienna",
        "sequoia",
        "trump",
        "indiana",
        "kentucky",
    )
)
_PROPER = {
    "us": "US",
    "jp": "Japan",
    "mfn": "MFN",
    "s232": "section 232",
    "ieepa": "IEEPA",
    "rhd": "right-hand-drive",
    "gdp": "GDP",
}


def records(frame: pd.DataFrame) -> list[dict[str, str]]:
    """One dict of texts a row: a whole number without its point, a blank as an empty text."""
    columns = [[as_text(value) for value in frame[name].tolist()] for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return (
        [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        if names
        else []
    )


def in_words(name: str) -> str:
    """A machine's name as people write it: `tariff.us_s232_cars_from_japan` → tariff US section 232
    cars from Japan. Other text only loses its `_`.
    """
    if not re.fullmatch(r"[a-z0-9_. ]+", name):
        return name.replace("_", " ")
    return " ".join(
        _PROPER.get(part, part.capitalize() if part in _CAPITALS else part)
        for part in re.split(r"[._ ]", name)
    )


def as_text(value: Any) -> str:
    """A cell as text: 2024 and not 2024.0, empty for a blank."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
