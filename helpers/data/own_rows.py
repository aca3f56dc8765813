"""Rows of one's own in the form of a table, without touching the data package: some of its columns,
checked as the package is.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data import vehicle_rules
from helpers.data.descriptor import Table, read_package
from helpers.data.reading import Reading, read, taken
from helpers.data.schema import constrain
from helpers.errors import Fault, InputError

Row = dict[str, str | int | float]


def read_cars(path: Path, folder: Path) -> list[Row]:
    """The cars of a CSV file with some of the columns of `vehicles`, `vehicle_id` among them; blank
    cells left out.

    Raises InputError with every fault of the file, by line.
    """
    table = read_package(folder)["vehicles"]
    reading = read(table, path, path.name, partial=True)
    frame = _checked(table, reading, "line", folder)
    named = [column.name for column in table.columns]
    return [
        {name: _plain(row[name]) for name in named if not _blank(row[name])}
        for row in frame.to_dict("records")
    ]


def own_cars(rows: Iterable[Mapping[str, Any]], folder: Path) -> pd.DataFrame:
    """Such rows as a frame of all columns of `vehicles`, blank where they say nothing.

    Raises InputError with every fault, by row.
    """
    listed = list(rows)
    table = read_package(folder)["vehicles"]
    if not listed:
        return pd.DataFrame(columns=table.column_names)
    header = list(dict.fromkeys(name for row in listed for name in row))
    cells = [[_written(row.get(name, "")) for name in header] for row in listed]
    reading = Reading("own_cars")
    taken(table, header, cells, list(range(1, len(cells) + 1)), reading, True)
    return _checked(table, reading, "row", folder).reset_index(drop=True)


def _checked(table: Table, reading: Reading, unit: str, folder: Path) -> pd.DataFrame:
    frame = reading.frame
    if reading.whole and not reading.faults:
        constrain(table, reading)
    rows: list[Any] = frame.to_dict("records")
    lines = frame.index.tolist()
    if not reading.faults:
        known = set(read(table, folder / table.path, table.path).frame.get("vehicle_id", ()))
        for line, row in zip(lines, rows, strict=True):
            for wrong in vehicle_rules.implausible(row):
                reading.add(line, *wrong)
            if not row["vehicle_id"]:
                reading.add(
                    line, "vehicle_id", "is blank", "name the car in this column, such as my_car"
                )
            if row["vehicle_id"] in known:
                what = f"{row['vehicle_id']!r} stands in {table.path} already"
                reading.add(
                    line, "vehicle_id", what, "name it in the parameter cars, or differently"
                )
        for position, wrong in vehicle_rules.twins(rows):
            reading.add(lines[position], *wrong)
    if reading.faults:
        raise InputError(_named(fault, unit) for fault in reading.faults)
    return frame


def _named(fault: Fault, unit: str) -> Fault:
    return Fault(fault.where.replace(" line ", f" {unit} "), fault.what, fault.instead)


def _written(value: Any) -> str:
    """A value as a cell of the file would have it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain(value: Any) -> str | int | float:
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)


def _blank(value: Any) -> bool:
    return value == "" or (isinstance(value, float) and math.isnan(value))


_BASES = ("carriageway", "total")


def own_roads(place: Mapping[str, Any]) -> pd.DataFrame:
    """The bands of a place of one's own in the columns of `road_widths`; no row where it is empty.

    place: name, width_basis and bands, a list of {from_m, to_m, length_km}; to_m is left out of an
    open band. Raises InputError with every fault.
    """
    columns = ["scope", "year", "road_class", "width_basis", "band", "width_from_m", "width_to_m"]
    columns += ["length_km", "share", "quality", "source_ids", "note"]
    if not place:
        return pd.DataFrame(columns=columns)
    faults = [
        Fault("own_place", f"{name!r} is no key here", "write name, width_basis and bands")
        for name in place
        if name not in ("name", "width_basis", "bands")
    ]
    name, basis, bands = (place.get(key) for key in ("name", "width_basis", "bands"))
    if not isinstance(name, str) or not name.strip():
        faults.append(Fault("own_place, name", "is no name", "write name: My town"))
    if basis not in _BASES:
        instead = "write carriageway (without shoulders and sidewalks) or total (the whole road)"
        what = "is missing" if basis is None else f"{basis!r} is no basis"
        faults.append(Fault("own_place, width_basis", what, instead))
    listed = bands if isinstance(bands, list) and bands else []
    if not listed:
        form = "write bands: [{from_m: 0, to_m: 4, length_km: 12.5}, {from_m: 4, length_km: 8}]"
        faults.append(Fault("own_place, bands", "there is no band", form))
    faults += [fault for number, band in enumerate(listed, 1) for fault in _band(number, band)]
    if faults:
        raise InputError(faults)
    total = sum(band["length_km"] for band in listed)
    rows = [
        (
            name,
            0,
            "own",
            basis,
            f"{band['from_m']:g} m and more",
            float(band["from_m"]),
            float(band.get("to_m", math.nan)),
            float(band["length_km"]),
            band["length_km"] / total,
            "unverified",
            "ASSUMPTION",
            "",
        )
        for band in listed
    ]
    return pd.DataFrame(rows, columns=columns)


def _band(number: int, band: Any) -> Iterable[Fault]:
    where = f"own_place, band {number}"
    form = "write {from_m: 0, to_m: 4, length_km: 12.5}"
    if not isinstance(band, dict):
        yield Fault(where, "is no band", form)
        return
    if missing := [key for key in ("from_m", "length_km") if key not in band]:
        yield Fault(where, f"{' and '.join(missing)} is missing", form)
        return
    for key in set(band) - {"from_m", "to_m", "length_km"}:
        yield Fault(where, f"{key!r} is no key of a band", "use from_m, to_m, length_km")
    numbers = [band["from_m"], band.get("to_m", 100.0), band["length_km"]]
    if not all(type(value) in (int, float) and 0 <= value < 1e6 for value in numbers):
        yield Fault(where, "holds a value that is no number from 0 up", "use plain numbers")
    elif not 0 <= numbers[0] < numbers[1] <= 100:
        instead = "let to_m be larger, both in metres"
        yield Fault(where, f"{numbers[0]:g} to {numbers[1]:g} m is no band", instead)
    elif numbers[2] == 0:
        yield Fault(where, "has no length", "leave the band out")
