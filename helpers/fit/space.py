"""The one usable space of a scenario, what each car needs of it, and one word for each car.

A verdict is for a person who parks, gets out and drives off: it rests on the sizes of stall and
street. Turning is computed beside it and never decides: nearly all turning radii are unsourced, and
a car that does not pass a corner in one move can still shunt.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError, refusal
from helpers.fit.cars import BY_RULE, NO_SOURCE, SIZES, SOURCED, Car, frame_of
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE, Need, verdict
from helpers.fit.turning import Shape, aisle_width, corner_cut_leg, corner_width

STALL_LENGTH, STALL_WIDTH, GETTING_OUT = "stall length", "stall width", "getting out"
WHEEL_STOP, DOOR = "length at the wheel stop", "opening a door"
STREET_ALONE, STREET_MEETING, STREET_LEGAL = (
    "street, alone",
    "street, meeting a small car",
    "street, legal reference",
)
CORNER, AISLE = "corner in one move", "aisle in one move"
NEEDED = (STALL_LENGTH, STALL_WIDTH, GETTING_OUT, STREET_ALONE)
"""Sizes without which a car cannot be used at all."""
WANTED = (WHEEL_STOP, DOOR, STREET_MEETING)
"""Sizes without which it is used with care: nose over the line, a door half open, waiting."""
DECIDING = (*NEEDED, *WANTED)
"""What `required_space` answers, and what a verdict rests on."""
STALL_ROWS = (STALL_LENGTH, STALL_WIDTH, GETTING_OUT, WHEEL_STOP, DOOR)
Needs = Mapping[str, Need | str]
"""vehicle_id → what the car needs in mm, or why that is not computed."""


@dataclass(frozen=True)
class Allowances:
    """What a car needs beyond its body, all in mm. Names are scenario parameters but the last,
    the width of the small car that is met.
    """

    clearance_mm: float
    mirror_allowance_mm: float
    folded_mirrors_mm: float
    wheel_stop_gap_mm: float
    door_room_mm: float
    least_door_room_mm: float
    small_car_width_mm: float


@dataclass(frozen=True)
class Sizes:
    """Stall and street of a scenario. Field names are its parameters."""

    stall_length_mm: float
    stall_width_mm: float
    neighbour_width_mm: float
    street_width_m: float
    street_edge_m: float

    @property
    def street_mm(self) -> float:
        """What the surface leaves between gutters and poles."""
        return 1000 * max(self.street_width_m - self.street_edge_m, 0.0)

    @property
    def beside_mm(self) -> float:
        """From the far line of the stall to the neighbour on the driver's side."""
        return self.stall_width_mm + (self.stall_width_mm - self.neighbour_width_mm) / 2

    @property
    def usable_mm(self) -> dict[str, float]:
        """What stall and street offer of each size that `required_space` asks for."""
        stall = dict.fromkeys((STALL_LENGTH, WHEEL_STOP), float(self.stall_length_mm))
        doors = dict.fromkeys((GETTING_OUT, DOOR), self.beside_mm)
        streets = dict.fromkeys((STREET_ALONE, STREET_MEETING), self.street_mm)
        offered = stall | {STALL_WIDTH: float(self.stall_width_mm)} | doors | streets
        return {name: offered[name] for name in DECIDING}


def required_space(car: Any, allowances: Any) -> dict[str, Any]:
    """The space a car needs to stand, to be got out of, to drive alone and to meet, in mm."""
    moving = car.width_mm + car.mirrors_mm + allowances.clearance_mm
    small_car = allowances.small_car_width_mm + allowances.mirror_allowance_mm
    return {
        "stall length": car.length_mm,
        "stall width": car.width_mm + allowances.folded_mirrors_mm,
        "getting out": car.width_mm + allowances.least_door_room_mm,
        "street, alone": moving + allowances.clearance_mm,
        "length at the wheel stop": car.length_mm + allowances.wheel_stop_gap_mm,
        "opening a door": car.width_mm + allowances.door_room_mm,
        "street, meeting a small car": moving + small_car + 2 * allowances.clearance_mm,
    }


Step = Callable[[Any, Any], Mapping[str, Any]]


def with_mirrors(sizes: pd.DataFrame, allowance_mm: float) -> pd.DataFrame:
    """Sizes of cars with what their mirrors add to the body when out, `mirrors_mm`: published for
    hardly any car, else the allowance.
    """
    published = sizes["width_mirrors_mm"] - sizes["width_mm"]
    return sizes.assign(mirrors_mm=published.fillna(allowance_mm))


def space_needs(cars: list[Car], allowances: Allowances, step: Step) -> dict[str, Needs]:
    """What each car needs by a step such as `required_space`, over the band of its dimensions.

    Raises InputError where the step does not answer all of `DECIDING`, or something else.
    """
    low, middle, high = (
        step(with_mirrors(frame_of(cars, end), allowances.mirror_allowance_mm), allowances)
        for end in ("low", "value", "high")
    )
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
    sizes = pd.DataFrame(probe, columns=list(SIZES)).assign(mirrors_mm=250.0)
    needs = step(sizes, allowances)
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
    """Narrowest aisle in mm for reversing into a stall in one move; or why there is none."""
    distance = (stall_width_mm - neighbour_width_mm / 2) / 1000
    if distance <= 0:
        return "the stall is too narrow for its neighbours"
    return _over_band(
        plans,
        lambda plan: aisle_width(plan, distance),
        "the car is wider than its neighbours leave",
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
    if word == NO and question.name in WANTED:
        word = WITH_CARE
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


def verdict_table(places: pd.DataFrame, tolerance_mm: float) -> pd.DataFrame:
    """One word for each car, what it hangs on, and how far it is from another word.

    A car is no use where it lacks room in one of `NEEDED`; it is used with care where it lacks room
    in one of `WANTED` or where one of all leaves no more than the tolerance; else it is usable.
    Columns: vehicle_id, car, role, verdict, because (the size that decides, the tightest where it
    is usable), margin_mm (there), basis (the weakest of the dimensions it rests on), better_mm,
    better_at (by how much every size must grow for a better word, and the size that then decides;
    NaN and "" where there is none), worse_mm, worse_at (by how much all may shrink), corner and
    aisle (usable: in one move over the whole band; with care: the band does not settle it; no:
    needs more moves).
    """
    deciding = places[places["decides"]]
    rank = deciding["verdict"].map({NOT_COMPUTED: 0, NO: 1, WITH_CARE: 2, USABLE: 3})
    worst = (
        deciding.assign(rank=rank)
        .sort_values(["rank", "margin_mm"], kind="stable")
        .drop_duplicates("vehicle_id")
        .set_index("vehicle_id")
    )
    weakest_first = (NO_SOURCE, BY_RULE, SOURCED)
    weakness = deciding["basis"].map(weakest_first.index).groupby(deciding["vehicle_id"]).min()
    table = worst.loc[
        places["vehicle_id"].drop_duplicates(), ["car", "role", "verdict", "place", "margin_mm"]
    ].rename(columns={"place": "because"})
    table["basis"] = [weakest_first[code] for code in weakness[table.index]]
    table = table.join(_flips(deciding, table["verdict"], tolerance_mm))
    for column, place in (("corner", CORNER), ("aisle", AISLE)):
        table[column] = places[places["place"] == place].set_index("vehicle_id")["verdict"]
    return table.reset_index()


def _flips(deciding: pd.DataFrame, words: pd.Series, tolerance_mm: float) -> pd.DataFrame:
    """How far each word is from the next, were every size larger or smaller by as much."""
    low = deciding.pivot(index="vehicle_id", columns="place", values="margin_low_mm")
    high = deciding.pivot(index="vehicle_id", columns="place", values="margin_high_mm")
    low, high = low.loc[words.index, list(DECIDING)], high.loc[words.index, list(NEEDED)]
    above, least = low.min(axis=1) - tolerance_mm, high.min(axis=1)
    nothing = words == NOT_COMPUTED
    tightest, narrowest = low.fillna(np.inf).idxmin(axis=1), high.fillna(np.inf).idxmin(axis=1)
    better = (-least).where(words == NO, -above).mask(nothing | (words == USABLE))
    worse = above.where(words == USABLE, least).mask(nothing | (words == NO))
    return pd.DataFrame(
        {
            "better_mm": better,
            "better_at": narrowest.where(words == NO, tightest).mask(better.isna(), ""),
            "worse_mm": worse,
            "worse_at": tightest.where(words == USABLE, narrowest).mask(worse.isna(), ""),
        }
    )


def usable_count(models: pd.DataFrame) -> tuple[int, int]:
    """How many models are usable, and of how many: those with sourced length and width, because
    only these have a verdict. models: columns verdict, basis.
    """
    sized = models[models["basis"] == SOURCED]
    return int((sized["verdict"] == USABLE).sum()), len(sized)


def limit_value(constraints: pd.DataFrame, constraint_id: str) -> float:
    """The number of one limit. Raises InputError when the table has no such row or number."""
    values = constraints.loc[constraints["constraint_id"] == constraint_id, "limit_value"].dropna()
    if len(values) != 1:
        what = f"needs one row {constraint_id} with a limit_value, has {len(values)}"
        raise refusal("constraints", what)
    return float(values.iloc[0])
