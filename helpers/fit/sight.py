"""What the driver's side changes: how far the driver sees past the car ahead in left-hand traffic,
and how wide the car is over its mirrors.

Distances across the road run to the right from its left edge, in metres.
"""

import math
from dataclasses import dataclass
from typing import Any

from helpers.errors import Fault, InputError
from helpers.fit.cars import Car, with_mirrors_out


@dataclass(frozen=True)
class SightInputs:
    """Setting of the sight test; all of it is assumed. Field names are scenario parameters."""

    sight_distance_m: float
    lead_gap_m: float
    lead_width_mm: int
    edge_distance_mm: int
    eye_offset_mm: int
    oncoming_edge_mm: int


@dataclass(frozen=True)
class Sight:
    """Sight of one driver.

    visible_m: farthest distance seen along the road, infinite when the car ahead hides nothing.
    shift_m: how far the car must move to the right to see the wanted distance; negative when there
    is room to spare.
    """

    visible_m: float
    shift_m: float


def sight(width_mm: float, right_hand_drive: bool, inputs: SightInputs) -> Sight:
    """Sight past a car ahead whose left side is in line with one's own: the line from the eye past
    the lead car's right rear corner.

    The eye is `eye_offset_mm` inside the body's side; the thing to be seen has its near edge
    `oncoming_edge_mm` from the road's edge. Raises InputError for a width that is no width in mm,
    or a gap as long as the wanted distance.
    """
    faults = []
    if not 2 * inputs.eye_offset_mm < width_mm < 5_000:
        faults.append(Fault("width_mm", f"{width_mm:g} is not the width of a car in mm"))
    if not 0 < inputs.lead_gap_m < inputs.sight_distance_m:
        faults.append(
            Fault(
                "lead_gap_m",
                f"{inputs.lead_gap_m:g} m is not between 0 and the distance wanted, "
                f"{inputs.sight_distance_m:g} m",
            )
        )
    if faults:
        raise InputError(faults)
    from_side = width_mm - inputs.eye_offset_mm if right_hand_drive else inputs.eye_offset_mm
    eye = (inputs.edge_distance_mm + from_side) / 1000
    lead = (inputs.edge_distance_mm + inputs.lead_width_mm) / 1000
    oncoming = inputs.oncoming_edge_mm / 1000
    gap, wanted = inputs.lead_gap_m, inputs.sight_distance_m
    visible = gap * (oncoming - eye) / (lead - eye) if lead > eye else math.inf
    return Sight(
        visible_m=visible, shift_m=(wanted * (lead - eye) - gap * (oncoming - eye)) / (wanted - gap)
    )


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
    driver = right if right_hand_drive else left
    values = (
        1000 * max(driver.shift_m, 0.0),
        1000 * right.shift_m,
        1000 * left.shift_m,
        right.visible_m,
        left.visible_m,
    )
    mirrors = with_mirrors_out(car, mirror_allowance_mm).size("width_mm")
    return about | dict(zip(names, values, strict=True)) | {"mirrors_mm": mirrors}
