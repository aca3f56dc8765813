"""Cars read from the table: bands where there is no source, gaps named, nonsense refused with its
likely cause.
"""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from helpers.data import load
from helpers.fit.cars import BY_RULE, NO_SOURCE, SOURCED, band_of_shapes, read_cars, shape
from helpers.fit.turning import corner_width

VEHICLES = load("vehicles")


def changed(**values: Any) -> pd.DataFrame:
    """The Camry's row alone, with other values."""
    row = VEHICLES[VEHICLES["vehicle_id"] == "camry_le"].copy()
    for column, value in values.items():
        row[column] = value
    return row


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
