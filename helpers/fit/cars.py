"""Cars as the fit models need them: checked dimensions, each a point or, without a source, a
band.
"""

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from helpers.data.vehicle_rules import DIMENSIONS
from helpers.fit.turning import Shape

SOURCED, BY_RULE, NO_SOURCE = "sourced", "by rule", "no source"

# The dimensions the turning formulas need.
TURNING_COLUMNS = (
    "wheelbase_mm",
    "width_mm",
    "track_mm",
    "front_overhang_mm",
    "rear_overhang_mm",
    "turn_radius_m",
)
SIZES = tuple(column for column in DIMENSIONS if column.endswith(("_mm", "_m")))
"""The dimensions that a step may ask of a car."""
_PLAN = ("length_mm", "width_mm")


@dataclass(frozen=True)
class Dimension:
    """One dimension of a car: value, band, and whether it has a source (`basis`)."""

    value: float
    low: float
    high: float
    basis: str


@dataclass(frozen=True)
class Car:
    """One row of `vehicles`. A dimension that the table leaves blank is not in `dimensions`.

    name: unique among the cars read together: the model, with its trim where there are several.
    sides: the drive sides the plant builds. on_sale: whether it is known as on sale in Japan now.
    """

    vehicle_id: str
    name: str
    model: str
    role: str
    body_style: str
    dimensions: Mapping[str, Dimension]
    sides: tuple[str, ...]
    on_sale: bool
    quality: str
    source_ids: tuple[str, ...]

    def value(self, column: str) -> float | None:
        """The value of a dimension, None when it is missing."""
        return self.dimensions[column].value if column in self.dimensions else None

    def size(self, column: str) -> float:
        """The value of a dimension that is known."""
        return self.dimensions[column].value

    def missing(self, columns: Iterable[str]) -> list[str]:
        """Which of these columns are blank."""
        return [column for column in columns if column not in self.dimensions]

    def basis(self, columns: Iterable[str]) -> str:
        """The weakest basis among these dimensions."""
        return weakest(
            self.dimensions[column].basis for column in columns if column in self.dimensions
        )


def frame_of(cars: Iterable[Car], end: str = "value") -> pd.DataFrame:
    """The sizes of cars, a row a car by vehicle_id and a column a dimension; NaN where it is
    missing. end: "low" and "high" give the ends of the bands.
    """
    rows = {
        car.vehicle_id: [
            getattr(car.dimensions[column], end) if column in car.dimensions else math.nan
            for column in SIZES
        ]
        for car in cars
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(SIZES), dtype=float)


def same_size(cars: list[Car], named: Mapping[str, str] | None = None) -> list[tuple[str, Car]]:
    """Cars of one model and size as one entry: (label, the one that stands for them)."""
    named = named or {}
    return [
        (label, next((car for car in alike if car.vehicle_id in named), alike[0]))
        for label, alike in sizes(cars, named)
    ]


def sizes(cars: list[Car], named: Mapping[str, str]) -> list[tuple[str, list[Car]]]:
    """Cars of one model and size together: (label, all of them). All dimensions in mm and the
    radius must agree.

    named: vehicle_id → title, for cars that stand for their entry under that title. Else the label
    is the model where all its trims agree, or the first trim.
    """
    groups: dict[tuple[object, ...], list[Car]] = {}
    for car in cars:
        key = (
            car.model,
            car.role,
            *(
                (column, dimension.value)
                for column, dimension in sorted(car.dimensions.items())
                if column.endswith(("_mm", "_m"))
            ),
        )
        groups.setdefault(key, []).append(car)
    trims = [car.model for car in cars]
    entries = []
    for alike in groups.values():
        chosen = next((car for car in alike if car.vehicle_id in named), alike[0])
        label = named.get(chosen.vehicle_id) or (
            chosen.model if len(alike) == trims.count(chosen.model) else chosen.name
        )
        entries.append((label, alike))
    return entries


def weakest(bases: Iterable[str]) -> str:
    """The weakest of several bases: no source before by rule before sourced."""
    known = set(bases)
    return next((basis for basis in (NO_SOURCE, BY_RULE) if basis in known), SOURCED)


def read_cars(
    vehicles: pd.DataFrame,
    unsourced_band_percent: float = 0.0,
    turn_radius_change_percent: float = 0.0,
) -> list[Car]:
    """The cars of the `vehicles` table, in its order.

    unsourced_band_percent: half width of the band around a dimension that `unverified_fields` or
    `estimated_fields` names.
    turn_radius_change_percent: change of every turning radius.
    """
    rows: list[Any] = vehicles.to_dict("records")
    names = _names(vehicles)
    return [
        _car(row, name, unsourced_band_percent / 100, 1 + turn_radius_change_percent / 100)
        for row, name in zip(rows, names, strict=True)
    ]


def with_mirrors_out(car: Car, allowance_mm: float) -> Car:
    """The car as wide as over its mirrors: as published, else body and allowance, without a source;
    unchanged where its width is missing.
    """
    body = car.dimensions.get("width_mm")
    if body is None:
        return car
    value, low, high = (width + allowance_mm for width in (body.value, body.low, body.high))
    out = car.dimensions.get("width_mirrors_mm") or Dimension(value, low, high, NO_SOURCE)
    return replace(car, dimensions={**car.dimensions, "width_mm": out})


def shape(car: Car) -> Shape | None:
    """The plan of a car for the turning formulas, None when one of its dimensions is missing."""
    if car.missing(TURNING_COLUMNS):
        return None
    wheelbase, width, track, front, rear, radius = (
        car.dimensions[column].value for column in TURNING_COLUMNS
    )
    return Shape(wheelbase / 1000, width / 1000, track / 1000, front / 1000, rear / 1000, radius)


def band_of_shapes(car: Car) -> list[Shape]:
    """The plans at every corner of the bands of unsourced dimensions; the last one is the plan
    itself.

    Where the split of the overhangs follows a rule, the rear overhang takes what the front one
    loses.
    """
    middle = shape(car)
    if middle is None:
        return []
    columns = (
        "wheelbase_mm",
        "width_mm",
        "track_mm",
        "front_overhang_mm",
        "turn_radius_m",
        "length_mm",
    )
    # A radius below the geometric limit or a track beyond the body is outside the band for physical
    # reasons.
    corners = [
        Shape(
            wheelbase / 1000,
            width / 1000,
            track / 1000,
            front / 1000,
            (length - wheelbase - front) / 1000,
            radius,
        )
        for wheelbase, width, track, front, radius, length in itertools.product(
            *(_ends(car, column) for column in columns)
        )
        if track <= width
        and length - wheelbase - front > 0
        and radius > math.hypot(wheelbase, (track + width) / 2) / 1000
    ]
    return [*corners, middle]


def _ends(car: Car, column: str) -> tuple[float, ...]:
    if column not in car.dimensions:
        return (
            sum(
                car.dimensions[part].value
                for part in ("wheelbase_mm", "front_overhang_mm", "rear_overhang_mm")
            ),
        )
    size = car.dimensions[column]
    return (size.value,) if size.low == size.high else (size.low, size.high)


def on_sale(cars: list[Car]) -> list[Car]:
    """The cars on sale in Japan whose length and width are known."""
    return [car for car in cars if car.on_sale and not car.missing(_PLAN)]


def enclosing(car: Car, others: list[Car]) -> str:
    """The smallest of the cars with sourced length and width that is at least as long and as wide;
    its vehicle_id, "" where there is none.
    """
    if car.missing(_PLAN):
        return ""
    length, width = _plan(car)
    larger = [
        other
        for other in others
        if other.basis(_PLAN) == SOURCED and _plan(other)[0] >= length and _plan(other)[1] >= width
    ]
    return min(larger, key=lambda other: math.prod(_plan(other))).vehicle_id if larger else ""


def nearest(car: Car, others: list[Car]) -> str:
    """The car whose length and width differ least, by the larger relative difference."""
    if car.missing(_PLAN) or not others:
        return ""
    plan = _plan(car)
    return min(
        others,
        key=lambda other: max(
            abs(theirs / mine - 1) for theirs, mine in zip(_plan(other), plan, strict=True)
        ),
    ).vehicle_id


def _car(row: Mapping[str, object], name: str, band: float, radius_factor: float) -> Car:
    without, by_rule = _listed(row["unverified_fields"]), _listed(row["estimated_fields"])
    dimensions = {}
    for column in DIMENSIONS:
        value = _number(row.get(column))
        if value is None:
            continue
        value *= radius_factor if column == "turn_radius_m" else 1
        basis = NO_SOURCE if column in without else BY_RULE if column in by_rule else SOURCED
        around = 0.0 if basis == SOURCED else band
        dimensions[column] = Dimension(value, value * (1 - around), value * (1 + around), basis)
    return Car(
        vehicle_id=str(row["vehicle_id"]),
        name=name,
        model=str(row["model"]),
        role=str(row["role"]),
        body_style=str(row["body_style"]),
        dimensions=dimensions,
        sides=_listed(row["steering_sides"]),
        on_sale=row["role"] == "japan_reference" and row["japan_status"] == "on sale",
        quality=str(row["quality"]),
        source_ids=_listed(row["source_ids"]),
    )


def _names(vehicles: pd.DataFrame) -> list[str]:
    several = vehicles["model"].duplicated(keep=False)
    names = [
        f"{model}, {trim}" if many else str(model)
        for model, trim, many in zip(vehicles["model"], vehicles["trim"], several, strict=True)
    ]
    return [
        f"{name} [{key}]" if names.count(name) > 1 else name
        for name, key in zip(names, vehicles["vehicle_id"], strict=True)
    ]


def _listed(text: object) -> tuple[str, ...]:
    return tuple(part for part in str(text).split(";") if part)


def _number(value: object) -> float | None:
    return None if value is None or value == "" or pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]


def _plan(car: Car) -> tuple[float, float]:
    return car.dimensions["length_mm"].value, car.dimensions["width_mm"].value
