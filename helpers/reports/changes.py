"""What the imports of official numbers brought, as the record of the data package has it."""

import re

import pandas as pd

from helpers.data import load
from helpers.reports.context import DataChange
from helpers.results import LABELS

PUBLISHERS = {
    "boj": "Bank of Japan",
    "census": "US Census Bureau",
    "estat": "Japan Customs",
    "fred": "Federal Reserve",
}
RATE = "jpy_per_usd"
_UNITS = re.compile(r"_(usd_mn|usd|jpy|percent|units|mm|m)$")
_WORDS = {
    "rhd": "right-hand drive",
    "p50": "median",
    "inside": "by models",
    "outside": "by precedents",
    "jpy": "in yen",
    "bn": "",
}


def newest_changes(
    record: pd.DataFrame | None = None, most: int | None = 5
) -> tuple[DataChange, ...]:
    """The newest imports, the newest first. record: rows of `data/changes.csv`, by default those of
    the package.
    """
    rows = load("changes") if record is None else record
    imports: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
    for row in rows.astype(str).to_dict("records"):
        key = tuple(row[name] for name in ("imported_on", "publisher", "file", "periods"))
        moved = imports.setdefault(key, [])
        if row["headline"]:
            moved.append((label(row["headline"], row["subject"]), row["before"], row["after"]))
    changes = [
        DataChange(
            day, PUBLISHERS.get(publisher, publisher), periods.replace(";", ", "), tuple(moves)
        )
        for (day, publisher, _, periods), moves in imports.items()
    ]
    return tuple(changes[::-1][:most])


def label(name: str, subject: str = "") -> str:
    """The short label of a result for a reader, with what it is about."""
    words = LABELS.get(name) or _in_words(name)
    return f"{words}, {subject.replace('_', ' ').title()}" if subject else words


def _in_words(name: str) -> str:
    """A name without its unit, which stands in the number: Programme cost."""
    if name == RATE:
        return "Yen per dollar"
    parts = (_WORDS.get(part, part) for part in _UNITS.sub("", name).split("_"))
    return " ".join(filter(None, parts)).capitalize()
