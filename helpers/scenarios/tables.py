"""What a scenario can choose from, and chooses at first, as the data package names it."""

import csv
import functools
from collections.abc import Sequence
from io import StringIO

from helpers import PROJECT_ROOT
from helpers.errors import Fault, InputError

Rows = Sequence[dict[str, str]]


def models() -> tuple[str, ...]:
    """Every model that a programme may sell."""
    return _names("model", _programme())


def announced_models() -> tuple[str, ...]:
    """Those that their maker has announced for Japan."""
    return _names("model", _announced())


def right_hand_drive_models() -> tuple[str, ...]:
    """Those whose US plant builds them with right-hand drive already."""
    cars = _rows("vehicles/vehicles.csv", "vehicle_id", "steering_sides")
    right = {car["vehicle_id"] for car in cars if "RHD" in car["steering_sides"].split(";")}
    return _names("model", [row for row in _programme() if row["vehicle_id"] in right])


def makers() -> tuple[str, ...]:
    """Every maker that may take part."""
    return _names("maker", _programme())


def announced_makers() -> tuple[str, ...]:
    """Those that have announced a model."""
    return _names("maker", _announced())


def regions() -> tuple[str, ...]:
    """Every region with published bands of road width."""
    roads = _rows("vehicles/road_widths.csv", "scope", "width_basis", "length_km")
    return _names("scope", [road for road in roads if road["width_basis"] and road["length_km"]])


def _names(column: str, rows: Rows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[column] for row in rows))


def _programme() -> Rows:
    return _rows("market/programme_models.csv", "model", "maker", "vehicle_id", "announced_on")


def _announced() -> Rows:
    return [row for row in _programme() if row["announced_on"]]


@functools.cache
def _rows(path: str, *columns: str) -> Rows:
    """The rows as they are written. Names alone need no check of the package, which takes a second;
    a file that has none is refused.
    """
    try:
        text = (PROJECT_ROOT / "data" / path).read_text(encoding="utf-8")
        rows = [
            {name: row[name] or "" for name in columns} for row in csv.DictReader(StringIO(text))
        ]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError):
        rows = []
    if not rows:
        raise InputError([Fault(f"data/{path}", "gives no names", "see: reverse-imports check")])
    return rows
