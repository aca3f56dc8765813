"""Every car against every limit: how much is to spare, in mm, kg, cc and percent, and whether it fits.

A limit is a number, or a formula over the place looked at (`formulas`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.models.cars import NO_SOURCE, SOURCED, TURNING_COLUMNS, Car, Dimension
from helpers.models.formulas import FORMULA_VARIABLES, formula_value

FITS, TIGHT, FAILS, NOT_COMPUTED = "fits", "tight", "does not fit", "not computed"
# What of the car is held against a limit: dimension of the limit → column of the car. `stall_*`, `lane_width` and the like are the place's.
_COLUMN_OF = {
    "length": "length_mm",
    "width": "width_mm",
    "height": "height_mm",
    "wheelbase": "wheelbase_mm",
    "front_overhang": "front_overhang_mm",
    "rear_overhang": "rear_overhang_mm",
    "ground_clearance": "ground_clearance_mm",
    "displacement": "displacement_cc",
    "turn_radius": "turn_radius_m",
    "vehicle_weight": "curb_weight_kg",
    "gross_vehicle_weight": "curb_weight_kg",
    "stall_length": "length_mm",
    "stall_width": "width_mm",
    "ceiling_height_stall": "height_mm",
    "ceiling_height_aisle": "height_mm",
    "lane_width": "width_mm",
    "carriageway_width": "width_mm",
    "road_width": "width_mm",
}
_THE_PLACES = {"stall_length", "stall_width", "ceiling_height_stall", "ceiling_height_aisle", "lane_width", "carriageway_width", "road_width"}
_NOT_OF_THE_CAR = {
    "share_of_stalls": "a rule for car parks, not for a car",
    "distance_to_base": "a rule for where the car is kept, not for the car",
    "max_load": "the permitted load is not in vehicles.csv",
    "tyre_outer_width": "the width of the tyres and the inner width of pallets are not in the tables",
}
GROSS_WEIGHT = "gross weight needs the seats and the load, which are not in vehicles.csv; kerb weight leaves at most this"


@dataclass(frozen=True)
class Need:
    """What a car needs of a place, as a value within a band, in the unit of the limit it is held against."""

    value: float
    low: float
    high: float


def verdict(margin_low: float, margin_high: float, tolerance: float) -> str:
    """One word for a margin within a band: fits when all of it is at least the tolerance, does not fit when all of it is negative."""
    if margin_low >= tolerance:
        return FITS
    return FAILS if margin_high < 0 else TIGHT


def margin_table(
    cars: list[Car], constraints: pd.DataFrame, variables: Mapping[str, float], computed: Mapping[str, Mapping[str, Need | str]], tolerance_mm: float
) -> pd.DataFrame:
    """Every car against every row of `constraints`: one row a pair.

    variables: values of formula variables; a limit whose variable is not given is not computed.
    computed: needs that follow from several dimensions, in metres: dimension → vehicle_id → need, or why it is not computed.
    tolerance_mm: a margin in length below it is tight; weights and displacements know no tolerance.

    Columns: vehicle_id, car, role, constraint_id, limit_name, dimension, kind, region, forbids (False for plate classes and design
    vehicles, which forbid nothing), unit, need_low, need, need_high, limit, margin_low, margin, margin_high, margin_percent (of the
    limit), verdict, basis (of the car's dimensions), limit_assumed, reason (why nothing is computed, or what the number leaves out).
    Margins and needs are NaN where nothing is computed, and the reason says why.
    """
    lines = []
    limits: list[Any] = constraints.to_dict("records")
    for limit in limits:
        in_mm = limit["limit_unit"] in ("mm", "m")
        scale = 1000.0 if limit["limit_unit"] == "m" else 1.0
        bound, why_no_bound = _bound(limit, variables)
        for car in cars:
            line = {
                "vehicle_id": car.vehicle_id,
                "car": car.name,
                "role": car.role,
                "constraint_id": limit["constraint_id"],
                "limit_name": limit["name"],
                "dimension": limit["dimension"],
                "kind": limit["kind"],
                "region": limit["region"],
                "forbids": not str(limit["constraint_id"]).startswith(("class_", "rso_dv_")),
                "unit": "mm" if in_mm else limit["limit_unit"],
                "limit_assumed": limit["quality"] == "unverified",
            }
            need, basis, reason = _need(car, str(limit["dimension"]), computed)
            if need is None or bound is None:
                lines.append({**line, "verdict": NOT_COMPUTED, "basis": basis, "reason": reason if need is None else why_no_bound})
                continue
            # A need computed in metres and a width in mm both end in mm; a radius is in metres on both sides.
            unit_of_need = 1000.0 if limit["dimension"] in computed or limit["dimension"] == "turn_radius" else 1.0
            low, middle, high = (value * unit_of_need for value in (need.low, need.value, need.high))
            at_least = limit["operator"] == "min" and limit["dimension"] not in _THE_PLACES and limit["dimension"] not in computed
            margins = sorted((value - bound * scale if at_least else bound * scale - value) for value in (low, high))
            middle_margin = middle - bound * scale if at_least else bound * scale - middle
            word = verdict(margins[0], margins[1], tolerance_mm if in_mm else 0.0)
            if limit["dimension"] == "gross_vehicle_weight" and word != FAILS:
                word = NOT_COMPUTED
            lines.append(
                {
                    **line, "need_low": low, "need": middle, "need_high": high, "limit": bound * scale, "margin_low": margins[0], "margin": middle_margin,
                    "margin_high": margins[1], "margin_percent": 100 * middle_margin / (bound * scale) if bound > 0 else math.nan, "verdict": word,
                    "basis": basis, "reason": reason,
                }
            )  # fmt: skip
    columns = [
        "vehicle_id", "car", "role", "constraint_id", "limit_name", "dimension", "kind", "region", "forbids", "unit", "need_low", "need", "need_high",
        "limit", "margin_low", "margin", "margin_high", "margin_percent", "verdict", "basis", "limit_assumed", "reason",
    ]  # fmt: skip
    return pd.DataFrame(lines).reindex(columns=columns)


def _bound(limit: Mapping[str, object], variables: Mapping[str, float]) -> tuple[float | None, str]:
    formula, value = str(limit["limit_formula"]), limit["limit_value"]
    if not formula:
        return (float(value), "") if not pd.isna(value) else (None, "the limit is blank")  # type: ignore[call-overload, arg-type]
    absent = [name for name in FORMULA_VARIABLES if name in formula and name not in variables]
    if absent:
        return None, f"{' and '.join(absent)} is not known"
    return formula_value(formula, variables), ""


def _need(car: Car, dimension: str, computed: Mapping[str, Mapping[str, Need | str]]) -> tuple[Need | None, str, str]:
    """What the car needs, the basis of that, and a remark: why there is no need, or what it leaves out."""
    if dimension in computed:
        need = computed[dimension][car.vehicle_id]
        basis = car.basis(TURNING_COLUMNS)
        return (None, NO_SOURCE, need) if isinstance(need, str) else (need, basis, "")
    if dimension not in _COLUMN_OF:
        return None, SOURCED, _NOT_OF_THE_CAR.get(dimension, f"no column of vehicles.csv is held against {dimension}")
    one: Dimension | None = car.dimensions.get(_COLUMN_OF[dimension])
    if one is None:
        return None, NO_SOURCE, f"{_COLUMN_OF[dimension]} is missing"
    return Need(one.value, one.low, one.high), one.basis, GROSS_WEIGHT if dimension == "gross_vehicle_weight" else ""
