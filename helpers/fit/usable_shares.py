"""Which share of streets and bays a car can use: bounds, and Fréchet bounds where conditions
combine.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.fit.cars import TURNING_COLUMNS, Car
from helpers.fit.limits import Need
from helpers.fit.places import (
    FitInputs,
    aisle_need,
    cars_of,
    corner_need,
    limit_value,
    need_from,
    need_of,
)
from helpers.fit.road_access import (
    Share,
    all_of,
    alone_width_m,
    meeting_width_m,
    road_bands,
    share_at_least,
)

UNKNOWN = Share(0.0, 0.5, 1.0)
"""A condition of which nothing is known: anything is possible, the middle stands for it."""


@dataclass(frozen=True)
class UsableShare:
    """Shares of streets and bays a car can use, each within bounds, and all together by Fréchet
    bounds.

    streets: of the region's road length, wide enough to meet a small car with the wanted clearance.
    bays: of obligatory stalls, three tenths of which are 2.5 x 6.0 m, the others of the scenario's
    size; low wants the tolerance to spare. street, corner, aisle: the scenario's own street, corner
    and aisle, 1 where the car meets a small car or turns in one move, 0 where it cannot pass at
    all, and unknown (0 to 1) between, because waiting and shunting are possible. missing: blank
    dimensions that left a share unknown.
    """

    streets: Share
    bays: Share
    street: Share
    corner: Share
    aisle: Share
    together: Share
    missing: tuple[str, ...]


def usable_shares(
    vehicles: pd.DataFrame, constraints: pd.DataFrame, roads: pd.DataFrame, inputs: FitInputs
) -> dict[str, UsableShare]:
    """Shares of streets and bays that each car of `vehicles` can use: vehicle_id → shares.

    Own street, corner and aisle are steps: they change where a width passes what a car needs.
    """
    bands = road_bands(roads, inputs.region)
    small = limit_value(constraints, "rso_dv_small_width")
    large_share = limit_value(constraints, "std_ord_large_share")
    large = (
        limit_value(constraints, "stall_ordinary_l"),
        limit_value(constraints, "stall_ordinary_w"),
    )
    shares = {}
    for car in cars_of(vehicles, inputs):
        streets = _streets(car, bands, small, inputs)
        bays = _mixed(
            large_share,
            _bay(car, large, inputs),
            _bay(car, (inputs.stall_length_mm, inputs.stall_width_mm), inputs),
        )
        street = _own_street(car, small, inputs)
        corner = _in_one_move(corner_need(car), inputs.corner_lane_width_m)
        aisle = _in_one_move(aisle_need(car, inputs), inputs.aisle_width_m)
        together = all_of([streets, bays, street, corner, aisle])
        shares[car.vehicle_id] = UsableShare(
            streets,
            bays,
            street,
            corner,
            aisle,
            together,
            tuple(car.missing(("length_mm", *TURNING_COLUMNS))),
        )
    return shares


def _streets(car: Car, bands: pd.DataFrame, small_width_mm: float, inputs: FitInputs) -> Share:
    need = need_from(
        need_of(car, "width_mm"),
        lambda width: meeting_width_m(width, small_width_mm, inputs.clearance_mm),
    )
    if isinstance(need, str):
        return UNKNOWN
    worst, middle, best = (
        share_at_least(bands, value / 1000) for value in (need.high, need.value, need.low)
    )
    return Share(worst.low, middle.mid, best.high)


def _own_street(car: Car, small_width_mm: float, inputs: FitInputs) -> Share:
    width = need_of(car, "width_mm")
    meeting = need_from(
        width, lambda one: meeting_width_m(one, small_width_mm, inputs.clearance_mm)
    )
    alone = need_from(width, lambda one: alone_width_m(one, inputs.clearance_mm))
    if isinstance(meeting, str) or isinstance(alone, str):
        return UNKNOWN
    available = inputs.street_width_m * 1000
    middle_else = 0.5 if alone.value <= available else 0.0
    return _step(
        meeting.high <= available, meeting.value <= available, alone.low <= available, middle_else
    )


def _in_one_move(need: Need | str, available_m: float) -> Share:
    if isinstance(need, str):
        return UNKNOWN
    return _step(
        surely=need.high <= available_m,
        likely=need.value <= available_m,
        perhaps=True,
        middle_else=0.5,
    )


def _step(surely: bool, likely: bool, perhaps: bool, middle_else: float) -> Share:
    return Share(float(surely), 1.0 if likely else middle_else, float(perhaps))


def _bay(car: Car, size_mm: tuple[float, float], inputs: FitInputs) -> Share:
    needs = [need_of(car, "length_mm"), need_of(car, "width_mm")]
    known = [
        (need, size) for need, size in zip(needs, size_mm, strict=True) if isinstance(need, Need)
    ]
    if len(known) < len(needs):
        return UNKNOWN
    return _step(
        surely=all(size - need.high >= inputs.tolerance_mm for need, size in known),
        likely=all(need.value <= size for need, size in known),
        perhaps=all(need.low <= size for need, size in known),
        middle_else=0.0,
    )


def _mixed(weight: float, first: Share, second: Share) -> Share:
    """The share over a stock of which `weight` is of the first kind and the rest of the second."""
    return Share(
        *(
            weight * one + (1 - weight) * other
            for one, other in zip(
                (first.low, first.mid, first.high),
                (second.low, second.mid, second.high),
                strict=True,
            )
        )
    )
