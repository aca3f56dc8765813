"""A car and a place of one's own, read from a small file as values of parameters.

more = {"own_cars": own.read_cars("my_cars.csv"), **own.read_place("my_place.yaml")}
"""

from pathlib import Path
from typing import Any

from helpers.data import DATA, own_rows
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios import check_values, parameters
from helpers.scenarios.strict_yaml import strict_yaml
from helpers.texts import did_you_mean

_PLACE = ("name", "width_basis", "bands")
SIZES = (
    "street_width_m",
    "street_edge_m",
    "corner_lane_width_m",
    "aisle_width_m",
    "stall_length_mm",
    "stall_width_mm",
    "neighbour_width_mm",
)
"""The parameters of a place, which its file may name beside its road widths."""


def read_cars(file: str | Path) -> list[dict[str, str | int | float]]:
    """The cars of a CSV file with some columns of `vehicles.csv`, as the value of `own_cars`.

    Raises InputError with every fault, by line, and for a file that is not there.
    """
    path = _present(file, "give a CSV file of cars")
    return own_rows.read_cars(path, DATA)


def read_place(file: str | Path) -> dict[str, Any]:
    """The place of a YAML file as parameters: its sizes by their names, and its road widths, where
    it has any, as `own_place`.

    Raises InputError with every fault, and for a file that is not there.
    """
    path = _present(file, "give a YAML file of a place")
    keys = (*_PLACE, *SIZES)
    content, lines = strict_yaml(path, path.name, keys, "place")
    if not isinstance(content, dict):
        raise refusal(path.name, "is no mapping", f"write the keys {', '.join(keys)}")
    own = {key: content[key] for key in _PLACE if key in content}
    values = {key: value for key, value in content.items() if key not in _PLACE}
    if set(own) - {"name"}:
        values["own_place"] = own
    if not values:
        remedy = f"add {', '.join(SIZES)}, or width_basis and bands"
        raise refusal(path.name, "says nothing of the place but its name", remedy)
    known = {parameter.name for parameter in parameters()}
    faults = [
        Fault(
            f"{path.name} line {lines[(key,)]}",
            f"{key!r} is no size of a place",
            did_you_mean(str(key), keys, f"use {', '.join(keys)}"),
        )
        for key in values
        if key not in (*SIZES, "own_place") or key not in known
    ]
    if faults:
        raise InputError(faults)
    check_values(values, path.name, {key[0]: line for key, line in lines.items() if len(key) == 1})
    return values


def _present(file: str | Path, instead: str) -> Path:
    path = Path(file)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "there is no such file"
        raise refusal(path.name, what, instead)
    return path
