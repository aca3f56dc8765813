"""The scenario's own stall, street, corner and aisle: what each car needs of them, and one word for
each car.

A verdict rests on the space that a car needs to stand and to drive. Turning is computed beside it
and never decides: nearly all turning radii are unsourced, and a car that does not pass a corner in
one move can still shunt.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.fit.cars import BY_RULE, NO_SOURCE, SIZES, SOURCED, Car, frame_of
from helpers.fit.limits import FAILS, FITS, NOT_COMPUTED, TIGHT, Need, verdict
from helpers.fit.turning import Shape, aisle_width, corner_cut_leg, corner_width

STALL_LENGTH, STALL_WIDTH = "stall length", "stall width"
STREET_ALONE, STREET_MEETING, STREET_LEGAL = (
    "street, alone",
    "street, meeting a small car",
    "street, legal reference",
)
CORNER, AISLE = "corner in one move", "aisle in one move"
DECIDING = (STALL_LENGTH, STALL_WIDTH, STREET_ALONE, STREET_MEETING)
"""What `required_space` answers, and what a verdict rests on."""
Needs = Mapping[str, Need | str]
"""vehicle_id → what the car needs in mm, or why that is not computed."""


@dataclass(frozen=True)
class Allowances:
    """What a car needs beyond its own size, all in mm.

    clearance_mm: free space on each side of a moving car. small_car_width_mm: width of the small
    car that is met. mirror_allowance_mm: what both mirrors add to the body. neighbour_width_mm:
    width of the cars parked on either side.
    """

    clearance_mm: float
    small_car_width_mm: float
    mirror_allowance_mm: float
    neighbour_width_mm: float


def required_space(car: Any, allowances: Any) -> dict[str, Any]:
    """The space a car needs to stand in a stall, to drive alone and to meet a small car, in mm."""
    side_by_side = car.width_mm + allowances.small_car_width_mm
    return {
        "stall length": car.length_mm,
        "stall width": car.width_mm,
        "street, alone": car.width_mm + 2 * allowances.clearance_mm,
        "street, meeting a small car": side_by_side + 3 * allowances.clearance_mm,
    }


Step = Callable[[Any, Any], Mapping[str, Any]]


def space_needs(cars: list[Car], allowances: Allowances, step: Step) -> dict[str, Needs]:
    """What each car needs by a step such as `required_space`, over the band of its dimensions.

    Raises InputError where the step does not answer all of `DECIDING`, or something else.
    """
    low, middle, high = (step(frame_of(cars, end), allowances) for end in ("low", "value", "high"))
    faults = [
        Fault("required_space", f"does not say what a car needs of the {name}", "add it")
        for name in DECIDING
        if name not in middle
    ] + [
        Fault("required_space", f"{name!r} is no size here", f"use: {'; '.join(DECIDING)}")
        for name in middle
        if name not in DECIDING
    ]
    if faults:
        raise InputError(faults)
    columns = rests_on(step, allowances)
    return {
        name: {
            car.vehicle_id: _need(car, columns[name], ends.tolist())
            for car, ends in zip(
                cars, _ends([end[name] for end in (low, middle, high)], cars), strict=True
            )
        }
        for name in DECIDING
    }


def rests_on(step: Step, allowances: Allowances) -> dict[str, tuple[str, ...]]:
    """The dimensions each need rests on: those without which it cannot be worked out."""
    probe = np.full((len(SIZES), len(SIZES)), 2_000.0)
    np.fill_diagonal(probe, np.nan)
    needs = step(pd.DataFrame(probe, columns=list(SIZES)), allowances)
    blank = {name: np.isnan(np.broadcast_to(need, len(SIZES))) for name, need in needs.items()}
    return {
        name: tuple(size for size, missing in zip(SIZES, rows, strict=True) if missing)
        for name, rows in blank.items()
    }


def _ends(needs: list[Any], cars: list[Car]) -> Any:
    """A row a car with the need at the low end, the value and the high end of its dimensions."""
    return np.column_stack([np.broadcast_to(need, len(cars)) for need in needs]).astype(float)


def _need(car: Car, columns: tuple[str, ...], ends: list[float]) -> Need | str:
    missing = car.missing(columns)
    if missing:
        return f"{', '.join(missing)} missing"
    if not np.isfinite(ends).all():
        return "required_space gives no number"
    return Need(ends[1], min(ends), max(ends))


def corner_need(plans: list[Shape]) -> Need | str:
    """Narrowest square corner in mm, over the band of plans."""
    return _over_band(plans, corner_width, "")


def aisle_need(plans: list[Shape], stall_width_mm: float, neighbour_width_mm: float) -> Need | str:
    """Narrowest aisle in mm for reversing into a stall between two cars in one move; or why there
    is none.
    """
    distance = (stall_width_mm - neighbour_width_mm / 2) / 1000
    if distance <= 0:
        return "the stall is too narrow for its neighbours"
    return _over_band(
        plans, lambda plan: aisle_width(plan, distance), "the stall is too narrow for one move"
    )


def cut_need(plans: list[Shape], lane_m: float) -> Need | str:
    """Shortest base in mm of a corner cut that lets the car round a corner of such lanes."""

    def base(plan: Shape) -> float | None:
        leg = corner_cut_leg(plan, lane_m)
        return None if leg is None else leg * 2**0.5

    return _over_band(plans, base, "the lanes are narrower than the swept width: no cut helps")


def _over_band(
    plans: list[Shape], measure_m: Callable[[Shape], float | None], why_none: str
) -> Need | str:
    values = [value for value in map(measure_m, plans) if value is not None]
    if len(values) < len(plans):
        return why_none
    return Need(1000 * values[-1], 1000 * min(values), 1000 * max(values))


@dataclass(frozen=True)
class Question:
    """One size of the scenario against which every car is held.

    columns: the dimensions of a car that the need rests on. decides: whether the verdict on a car
    rests on it.
    """

    name: str
    available_mm: float
    needs: Needs
    columns: tuple[str, ...]
    decides: bool


def place_table(
    cars: list[Car], questions: Iterable[Question], tolerance_mm: float
) -> pd.DataFrame:
    """Every car against the sizes of the scenario: one row a car and question.

    Columns: vehicle_id, car, role, place, need_low_mm, need_mm, need_high_mm, available_mm,
    margin_low_mm, margin_mm, margin_high_mm, verdict, basis, decides (whether the car's verdict
    rests on it), reason (why nothing is computed).
    """
    asked = list(questions)
    return pd.DataFrame(
        [_answer(car, question, tolerance_mm) for car in cars for question in asked]
    )


def _answer(car: Car, question: Question, tolerance_mm: float) -> dict[str, Any]:
    need, available = question.needs[car.vehicle_id], float(question.available_mm)
    computed = isinstance(need, Need)
    low, middle, high = (need.low, need.value, need.high) if computed else (np.nan,) * 3  # type: ignore[union-attr]
    word = verdict(available - high, available - low, tolerance_mm if question.decides else 0.0)
    return {
        "vehicle_id": car.vehicle_id,
        "car": car.name,
        "role": car.role,
        "place": question.name,
        "need_low_mm": low,
        "need_mm": middle,
        "need_high_mm": high,
        "available_mm": available,
        "margin_low_mm": available - high,
        "margin_mm": available - middle,
        "margin_high_mm": available - low,
        "verdict": word if computed else NOT_COMPUTED,
        "basis": car.basis(question.columns) if computed else NO_SOURCE,
        "decides": question.decides,
        "reason": "" if computed else need,
    }


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


def fitting(models: pd.DataFrame) -> tuple[int, int]:
    """How many models fit, and of how many: those with sourced length and width, because only these
    have a verdict. models: columns verdict, basis.
    """
    sized = models[models["basis"] == SOURCED]
    return int((sized["verdict"] == FITS).sum()), len(sized)


def limit_value(constraints: pd.DataFrame, constraint_id: str) -> float:
    """The number of one limit. Raises InputError when the table has no such row or no number in
    it.
    """
    values = constraints.loc[constraints["constraint_id"] == constraint_id, "limit_value"].dropna()
    if len(values) != 1:
        what = f"needs one row {constraint_id} with a limit_value, has {len(values)}"
        raise InputError([Fault("constraints", what)])
    return float(values.iloc[0])
