"""The scenario's own bay, street, corner and aisle: what each car needs of them, and one word for
each car.

A verdict rests on length, width and the sizes of the place alone. Turning is computed beside it and
never decides: nearly all turning radii are unsourced, and a car that does not pass a corner in one
move can still shunt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.errors import Fault, InputError
from helpers.fit.cars import (
    BY_RULE,
    NO_SOURCE,
    SOURCED,
    TURNING_COLUMNS,
    Car,
    band_of_shapes,
    read_cars,
)
from helpers.fit.limits import FAILS, FITS, NOT_COMPUTED, TIGHT, Need, verdict
from helpers.fit.road_access import alone_width_m, legal_surface_m, meeting_width_m
from helpers.fit.turning import Shape, aisle_width, corner_cut_leg, corner_width

STALL_LENGTH, STALL_WIDTH = "stall length", "stall width"
STREET_ALONE, STREET_MEETING, STREET_LEGAL = (
    "street, alone",
    "street, meeting a small car",
    "street, legal reference",
)
CORNER, AISLE = "corner in one move", "aisle in one move"


@dataclass(frozen=True)
class FitInputs:
    """The place a car must fit, and how strictly. Field names are scenario parameters."""

    region: str
    street_width_m: float
    corner_lane_width_m: float
    aisle_width_m: float
    stall_length_mm: int
    stall_width_mm: int
    neighbour_width_mm: int
    turn_radius_change_percent: float
    unsourced_band_percent: float
    tolerance_mm: int
    clearance_mm: int


def corner_need(car: Car) -> Need | str:
    """Narrowest square corner in metres, with the band of unsourced dimensions; or which dimension
    is missing.
    """
    return _over_band(car, corner_width, "")


def aisle_need(car: Car, inputs: FitInputs) -> Need | str:
    """Narrowest aisle in metres for reversing into the scenario's stall between two cars in one
    move; or why there is none.
    """
    distance = (inputs.stall_width_mm - inputs.neighbour_width_mm / 2) / 1000
    if distance <= 0:
        return "the stall is too narrow for its neighbours"
    return _over_band(
        car, lambda one: aisle_width(one, distance), "the stall is too narrow for one move"
    )


def cut_need(car: Car, inputs: FitInputs) -> Need | str:
    """Shortest base in metres of a corner cut that lets the car round the scenario's corner."""

    def base(one: Shape) -> float | None:
        leg = corner_cut_leg(one, inputs.corner_lane_width_m)
        return None if leg is None else leg * 2**0.5

    return _over_band(car, base, "the lanes are narrower than the swept width: no cut helps")


def _over_band(car: Car, measure: Callable[[Shape], float | None], why_none: str) -> Need | str:
    shapes = band_of_shapes(car)
    if not shapes:
        return f"{', '.join(car.missing(TURNING_COLUMNS))} missing"
    values = [value for value in map(measure, shapes) if value is not None]
    return Need(values[-1], min(values), max(values)) if len(values) == len(shapes) else why_none


def place_table(cars: list[Car], constraints: pd.DataFrame, inputs: FitInputs) -> pd.DataFrame:
    """Every car against the scenario's place: one row a car and question.

    Columns: vehicle_id, car, role, place, need_low_mm, need_mm, need_high_mm, available_mm,
    margin_low_mm, margin_mm, margin_high_mm, verdict, basis, decides (whether the car's verdict
    rests on it), reason (why nothing is computed).
    """
    small = limit_value(constraints, "rso_dv_small_width")
    rows = []
    for car in cars:
        width = need_of(car, "width_mm")
        street, corner, aisle = (
            metres * 1000
            for metres in (inputs.street_width_m, inputs.corner_lane_width_m, inputs.aisle_width_m)
        )
        meeting = need_from(width, lambda mm: meeting_width_m(mm, small, inputs.clearance_mm))
        needs: list[tuple[str, Need | str, float, bool, tuple[str, ...]]] = [
            (STALL_LENGTH, need_of(car, "length_mm"), inputs.stall_length_mm, True, ("length_mm",)),
            (STALL_WIDTH, width, inputs.stall_width_mm, True, ("width_mm",)),
            (
                STREET_ALONE,
                need_from(width, lambda mm: alone_width_m(mm, inputs.clearance_mm)),
                street,
                True,
                ("width_mm",),
            ),
            (STREET_MEETING, meeting, street, True, ("width_mm",)),
            (STREET_LEGAL, need_from(width, legal_surface_m), street, False, ("width_mm",)),
            (CORNER, _in_mm(corner_need(car)), corner, False, TURNING_COLUMNS),
            (AISLE, _in_mm(aisle_need(car, inputs)), aisle, False, TURNING_COLUMNS),
        ]
        for place, need, available, decides, columns in needs:
            line: dict[str, Any] = {
                "vehicle_id": car.vehicle_id,
                "car": car.name,
                "role": car.role,
                "place": place,
            }
            line |= {"available_mm": float(available), "decides": decides}
            if isinstance(need, str):
                rows.append({**line, "verdict": NOT_COMPUTED, "basis": NO_SOURCE, "reason": need})
                continue
            low, middle, high = available - need.high, available - need.value, available - need.low
            word = verdict(low, high, inputs.tolerance_mm if decides else 0.0)
            line |= {"need_low_mm": need.low, "need_mm": need.value, "need_high_mm": need.high}
            line |= {"margin_low_mm": low, "margin_mm": middle, "margin_high_mm": high}
            rows.append({**line, "verdict": word, "basis": car.basis(columns), "reason": ""})
    order = [
        "vehicle_id",
        "car",
        "role",
        "place",
        "need_low_mm",
        "need_mm",
        "need_high_mm",
        "available_mm",
        "margin_low_mm",
        "margin_mm",
        "margin_high_mm",
        "verdict",
        "basis",
        "decides",
        "reason",
    ]
    return pd.DataFrame(rows).reindex(columns=order)


def verdict_table(places: pd.DataFrame) -> pd.DataFrame:
    """One word for each car, and what it hangs on.

    A car does not fit when it is longer or wider than the stall or cannot drive down the street
    alone. It is tight when one of these leaves less than the tolerance, or when it cannot meet a
    small car in the street. Else it fits.
    Columns: vehicle_id, car, role, verdict, because (the place that decides, the tightest where it
    fits), margin_mm (there), basis (the weakest of the dimensions it rests on), corner and aisle
    (fits: in one move over the whole band; tight: the band does not settle it; does not fit: needs
    more moves).
    """
    deciding = places[places["decides"]].copy()
    # Waiting for an oncoming car is a nuisance, not an obstacle.
    waits = (deciding["place"] == STREET_MEETING) & (deciding["verdict"] == FAILS)
    deciding.loc[waits, "verdict"] = TIGHT
    deciding["rank"] = deciding["verdict"].map({NOT_COMPUTED: 0, FAILS: 1, TIGHT: 2, FITS: 3})
    weakest_first = (NO_SOURCE, BY_RULE, SOURCED)
    weakness = deciding["basis"].map(weakest_first.index).groupby(deciding["vehicle_id"]).min()
    worst = (
        deciding.sort_values(["rank", "margin_mm"], kind="stable")
        .drop_duplicates("vehicle_id")
        .set_index("vehicle_id")
    )
    table = worst.loc[
        places["vehicle_id"].drop_duplicates(), ["car", "role", "verdict", "place", "margin_mm"]
    ].rename(columns={"place": "because"})
    table["basis"] = [weakest_first[code] for code in weakness[table.index]]
    for column, place in (("corner", CORNER), ("aisle", AISLE)):
        table[column] = places[places["place"] == place].set_index("vehicle_id")["verdict"]
    return table.reset_index()


def limit_value(constraints: pd.DataFrame, constraint_id: str) -> float:
    """The number of one limit. Raises InputError when the table has no such row or no number in
    it.
    """
    found = constraints.loc[constraints["constraint_id"] == constraint_id, "limit_value"].dropna()
    if len(found) != 1:
        raise InputError(
            [
                Fault(
                    "constraints",
                    f"needs one row {constraint_id} with a limit_value, has {len(found)}",
                )
            ]
        )
    return float(found.iloc[0])


def cars_of(vehicles: pd.DataFrame, inputs: FitInputs) -> list[Car]:
    """The cars of the `vehicles` table under the scenario's band and turning radius; see
    `read_cars`.
    """
    return read_cars(vehicles, inputs.unsourced_band_percent, inputs.turn_radius_change_percent)


def need_of(car: Car, column: str) -> Need | str:
    """A dimension of the car as a need, in the unit of its column; or that it is missing."""
    one = car.dimensions.get(column)
    return Need(one.value, one.low, one.high) if one else f"{column} missing"


def need_from(width: Need | str, needed_m: Callable[[float], float]) -> Need | str:
    """What a car of that width needs, in mm, by a formula from mm to metres; or why there is no
    width.
    """
    return (
        width
        if isinstance(width, str)
        else Need(*(needed_m(value) * 1000 for value in (width.value, width.low, width.high)))
    )


def _in_mm(need: Need | str) -> Need | str:
    return (
        need
        if isinstance(need, str)
        else Need(need.value * 1000, need.low * 1000, need.high * 1000)
    )
