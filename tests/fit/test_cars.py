"""Cars read from the table: bands where there is no source, gaps named, nonsense refused with its
likely cause.
"""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from helpers.data import load
from helpers.errors import InputError
from helpers.fit.cars import BY_RULE, NO_SOURCE, SOURCED, band_of_shapes, read_cars, shape
from helpers.fit.turning import corner_width

VEHICLES = load("vehicles")


def changed(**values: Any) -> pd.DataFrame:
    """The Camry's row alone, with other values."""
    row = VEHICLES[VEHICLES["vehicle_id"] == "camry_le"].copy()
    for column, value in values.items():
        row[column] = value
    return row


def faults(**values: Any) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_cars(changed(**values))
    return [str(fault) for fault in caught.value.faults]


def test_every_row_is_read_under_a_name_of_its_own() -> None:
    cars = read_cars(VEHICLES)
    assert [car.vehicle_id for car in cars] == list(VEHICLES["vehicle_id"])
    assert len({car.name for car in cars}) == len(cars)
    assert all(shape(car) is not None for car in cars)


def test_a_dimension_without_a_source_is_a_band_and_any_other_a_point() -> None:
    (camry,) = read_cars(changed(), unsourced_band_percent=5)
    length, radius, front = (
        camry.dimensions[column] for column in ("length_mm", "turn_radius_m", "front_overhang_mm")
    )
    assert (length.low, length.value, length.high, length.basis) == (4915, 4915, 4915, SOURCED)
    assert (radius.low, radius.high, radius.basis) == (
        pytest.approx(5.51),
        pytest.approx(6.09),
        NO_SOURCE,
    )
    assert front.basis == BY_RULE
    assert camry.basis(("length_mm", "width_mm")) == SOURCED
    assert camry.basis(("length_mm", "front_overhang_mm", "turn_radius_m")) == NO_SOURCE


def test_band_holds_the_corner_of_a_radius_five_percent_off() -> None:
    (camry,) = read_cars(changed(), unsourced_band_percent=5)
    widths = [corner_width(one) for one in band_of_shapes(camry)]
    middle = shape(camry)
    assert middle is not None
    assert widths[-1] == corner_width(middle)
    for factor in (0.95, 1.05):
        assert (
            min(widths)
            <= corner_width(replace(middle, radius_m=middle.radius_m * factor))
            <= max(widths)
        )
    assert all(one.length_m == pytest.approx(4.915, abs=0.001) for one in band_of_shapes(camry))
    (exact,) = read_cars(changed(), unsourced_band_percent=0)
    assert {corner_width(one) for one in band_of_shapes(exact)} == {corner_width(middle)}


def test_change_of_radius_moves_every_radius() -> None:
    before, after = read_cars(VEHICLES), read_cars(VEHICLES, turn_radius_change_percent=-5)
    for one, other in zip(before, after, strict=True):
        assert other.dimensions["turn_radius_m"].value == pytest.approx(
            0.95 * one.dimensions["turn_radius_m"].value
        )
        assert other.dimensions["length_mm"] == one.dimensions["length_mm"]


def test_a_blank_dimension_is_missing_not_zero() -> None:
    (car,) = read_cars(changed(track_mm=math.nan, height_mm=math.nan))
    assert car.missing(("length_mm", "track_mm", "height_mm")) == ["track_mm", "height_mm"]
    assert shape(car) is None
    assert band_of_shapes(car) == []


@pytest.mark.parametrize(
    ("column", "value", "cause", "remedy"),
    [
        ("width_mm", 1.839, "looks like metres", "write 1839"),
        ("width_mm", 183.9, "looks like centimetres", "write 1839"),
        ("width_mm", 72.4, "looks like inches", "write 1839"),
        ("length_mm", 193.5, "looks like inches", "write 4915"),
        ("length_mm", 4.915, "looks like metres", "write 4915"),
        ("height_mm", 1.445, "looks like metres", "write 1445"),
        ("turn_radius_m", 5800.0, "looks like mm", "write 5.8"),
        ("turn_radius_m", 19.0, "looks like feet", "write 5.791"),
        ("turn_radius_m", 11.6, "looks like the diameter of the circle", "write 5.8"),
        ("curb_weight_kg", 1.565, "looks like tonnes", "write 1565"),
        (
            "turn_radius_m",
            3.1,
            "less than this wheelbase allows",
            "check the radius and the wheelbase",
        ),
        ("wheelbase_mm", 5_000.0, "is not shorter than the car", "the two may be exchanged"),
        ("track_mm", 1_900.0, "wider than the body", "without mirrors"),
        ("width_mirrors_mm", 1_700.0, "less than the body", "exchanged"),
        (
            "rear_overhang_mm",
            900.0,
            "add to 4686, the length is 4915",
            "correct the one that is wrong",
        ),
        ("width_mm", -1839.0, "not between", "check the source"),
        ("length_mm", math.inf, "not between", "check the source"),
    ],
)
def test_nonsense_is_refused_with_its_likely_cause(
    column: str, value: float, cause: str, remedy: str
) -> None:
    (line,) = [
        line
        for line in faults(**{column: value})
        if f"column {column}" in line or "column length_mm" in line
    ]
    assert line.startswith("vehicles, vehicle_id camry_le, column ")
    assert cause in line
    assert remedy in line


def test_all_faults_of_all_rows_come_at_once() -> None:
    rows = VEHICLES.head(3).copy()
    rows["width_mm"] = [1.8, 1_839.0, 180.0]
    with pytest.raises(InputError) as caught:
        read_cars(rows)
    assert len(caught.value.faults) == 2
