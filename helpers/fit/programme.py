"""The models of the programme beside the cars on sale in Japan, their drivers and their mirrors."""

import math
from typing import Any

from helpers.fit.cars import SOURCED, Car, with_mirrors_out
from helpers.fit.sight import SightInputs, sight

_PLAN = ("length_mm", "width_mm")


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
    own = _plan(car)
    return min(
        others,
        key=lambda other: max(
            abs(theirs / mine - 1) for theirs, mine in zip(_plan(other), own, strict=True)
        ),
    ).vehicle_id


def driver_and_mirrors(
    car: Car, right_hand_drive: bool, mirror_allowance_mm: float, setting: SightInputs
) -> dict[str, Any]:
    """What the driver sees and how wide the car is over its mirrors.

    right_hand_drive (as offered), mirrors_published, shift_mm (how far the driver must move the car
    to the right to see the wanted distance past the car ahead, 0 when there is no need),
    shift_rhd_mm and shift_lhd_mm (with the wheel on the right and the left, negative when there is
    room to spare), visible_rhd_m and visible_lhd_m (infinite when nothing is hidden), mirrors_mm
    (width over the mirrors); all NaN where the width is missing.
    """
    width = car.value("width_mm")
    about = {
        "right_hand_drive": right_hand_drive,
        "mirrors_published": "width_mirrors_mm" in car.dimensions,
    }
    names = ("shift_mm", "shift_rhd_mm", "shift_lhd_mm", "visible_rhd_m", "visible_lhd_m")
    if width is None:
        return about | dict.fromkeys((*names, "mirrors_mm"), math.nan)
    right, left = sight(width, True, setting), sight(width, False, setting)
    own = right if right_hand_drive else left
    values = (
        1000 * max(own.shift_m, 0.0),
        1000 * right.shift_m,
        1000 * left.shift_m,
        right.visible_m,
        left.visible_m,
    )
    mirrors = with_mirrors_out(car, mirror_allowance_mm).size("width_mm")
    return about | dict(zip(names, values, strict=True)) | {"mirrors_mm": mirrors}


def _plan(car: Car) -> tuple[float, float]:
    return car.dimensions["length_mm"].value, car.dimensions["width_mm"].value
