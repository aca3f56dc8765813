"""Every car against every limit: how much is to spare, in mm, kg, cc and percent, and whether it
fits.

A limit is a number, or follows a street or a stall of the scenario: so much less, divided.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.fit.cars import NO_SOURCE, SOURCED, TURNING_COLUMNS, Car, with_mirrors_out

BODY, OUT = "body", "mirrors out"
USABLE, WITH_CARE, NO, NOT_COMPUTED = "usable", "with care", "no", "not computed"
# What of the car is held against a limit: dimension of the limit → column of the car; first those
# that are a place's.
_WIDTHS = ("width", "stall_width", "lane_width", "carriageway_width", "road_width")
_THE_PLACES = {
    "stall_length": "length_mm",
    **dict.fromkeys(_WIDTHS[1:], "width_mm"),
    **dict.fromkeys(("ceiling_height_stall", "ceiling_height_aisle"), "height_mm"),
}
_SIZES = ("length", "width", "height", "wheelbase", "front_overhang", "rear_overhang")
_COLUMN_OF = _THE_PLACES | {
    **{size: f"{size}_mm" for size in (*_SIZES, "ground_clearance")},
    **dict.fromkeys(("vehicle_weight", "gross_vehicle_weight"), "curb_weight_kg"),
    "displacement": "displacement_cc",
    "turn_radius": "turn_radius_m",
}
_NOT_OF_THE_CAR = {
    "share_of_stalls": "a rule for car parks, not for a car",
    "distance_to_base": "a rule for where the car is kept, not for the car",
    "max_load": "the permitted load is not in vehicles.csv",
    "tyre_outer_width": (
        "the width of the tyres and the inner width of pallets are not in the tables"
    ),
}
GROSS_WEIGHT = (
    "gross weight needs the seats and the load, which are not in vehicles.csv; kerb weight "
    "leaves at most this"
)


@dataclass(frozen=True)
class Need:
    """What a car needs of a place, within a band, in the unit of the limit."""

    value: float
    low: float
    high: float


def verdict(margin_low: float, margin_high: float, tolerance: float) -> str:
    """One word for a margin within a band: usable when all of it is more than the tolerance, no
    when all of it is negative, with care between. Without a tolerance no margin is enough.
    """
    if margin_low > tolerance or margin_low == tolerance == 0:
        return USABLE
    return NO if margin_high < 0 else WITH_CARE


def margin_table(
    cars: list[Car],
    constraints: pd.DataFrame,
    variables: Mapping[str, float],
    computed: Mapping[str, Mapping[str, Need | str]],
    tolerance_mm: float,
) -> pd.DataFrame:
    """Every car against every row of `constraints`: one row a pair.

    variables: what limits follow; a limit that follows something else is not computed.
    computed: needs that follow from several dimensions, in mm: dimension → vehicle_id → need,
    or why it is not computed.
    tolerance_mm: a margin in length up to it is with care; weights and displacements know none.

    Columns: vehicle_id, car, role, constraint_id, limit_name, dimension, kind, region, forbids
    (False for plate classes and design vehicles, which forbid nothing), unit, need_low, need,
    need_high, limit, margin_low, margin, margin_high, margin_percent (of the limit), verdict, basis
    (of the car's dimensions), limit_assumed, reason (why nothing is computed, or what the number
    leaves out). Margins and needs are NaN where nothing is computed, and the reason says why.
    """
    needs = pd.DataFrame(
        [
            _need_line(car, str(dimension), computed)
            for dimension in constraints["dimension"].unique()
            for car in cars
        ]
    )
    rows: list[Any] = constraints.to_dict("records")
    bounds = [_bound(limit, variables) for limit in rows]
    to_mm = constraints["limit_unit"].eq("m").map({True: 1000.0, False: 1.0})
    the_cars = ~constraints["dimension"].isin({*_THE_PLACES, *computed})
    limits = constraints[["constraint_id", "dimension", "kind", "region"]].assign(
        limit_name=constraints["name"],
        forbids=~constraints["constraint_id"].str.startswith(("class_", "rso_dv_")).astype(bool),
        unit=constraints["limit_unit"].replace("m", "mm"),
        limit=np.array([bound for bound, _ in bounds], float) * to_mm,
        why_no_limit=[why_not for _, why_not in bounds],
        limit_assumed=constraints["quality"].eq("unverified"),
        sign=(constraints["operator"].eq("min") & the_cars).map({True: -1.0, False: 1.0}),
    )
    table = limits.merge(needs, on="dimension", how="left", sort=False)
    low, middle, high = (
        table["sign"] * (table["limit"] - table[name]) for name in ("need_low", "need", "need_high")
    )
    table["margin"] = middle
    table["margin_low"], table["margin_high"] = np.minimum(low, high), np.maximum(low, high)
    table["margin_percent"] = (100 * table["margin"] / table["limit"]).where(table["limit"] > 0)
    tolerance = table["unit"].eq("mm").map({True: tolerance_mm, False: 0.0})
    uncomputed = table["margin"].isna()
    ends_of = zip(table["margin_low"], table["margin_high"], tolerance, strict=True)
    table["verdict"] = [verdict(*ends) for ends in ends_of]
    table.loc[uncomputed, "verdict"] = NOT_COMPUTED
    # Kerb weight is less than gross weight: it can prove a car too heavy, never light enough.
    table.loc[
        table["dimension"].eq("gross_vehicle_weight") & table["verdict"].ne(NO), "verdict"
    ] = NOT_COMPUTED
    table.loc[table["need"].notna() & table["limit"].isna(), "reason"] = table["why_no_limit"]
    table.loc[uncomputed, ["need_low", "need", "need_high", "limit"]] = math.nan
    return table.drop(columns=["why_no_limit", "sign"])


def width_margins(
    cars: list[Car],
    constraints: pd.DataFrame,
    variables: Mapping[str, float],
    allowance_mm: float,
    tolerance_mm: float,
) -> pd.DataFrame:
    """Every car against every limit on width, its body and with its mirrors out: columns of
    `margin_table` and `measured` (which width). Over the mirrors hardly any car is published.
    """
    widths = {BODY: cars, OUT: [with_mirrors_out(car, allowance_mm) for car in cars]}
    limits = constraints[constraints["dimension"].isin(_WIDTHS)]
    tables = {
        name: margin_table(widened, limits, variables, {}, tolerance_mm)
        for name, widened in widths.items()
    }
    return pd.concat([table.assign(measured=name) for name, table in tables.items()])


def _need_line(
    car: Car, dimension: str, computed: Mapping[str, Mapping[str, Need | str]]
) -> dict[str, Any]:
    need, basis, reason = _need(car, dimension, computed)
    # Radii end in mm, as the limits do.
    scale = 1000.0 if dimension == "turn_radius" else 1.0
    ends = [scale * end for end in (need.low, need.value, need.high)] if need else [math.nan] * 3
    names = ("dimension", "vehicle_id", "car", "role", "basis", "reason")
    about = (dimension, car.vehicle_id, car.name, car.role, basis, reason)
    return dict(zip((*names, "need_low", "need", "need_high"), (*about, *ends), strict=True))


def _bound(limit: Mapping[str, Any], variables: Mapping[str, float]) -> tuple[float, str]:
    """The limit in its own unit; NaN and why where there is none."""
    follows, value = limit["limit_of"], float(limit["limit_value"])
    if not follows:
        return value, "the limit is blank" if math.isnan(value) else ""
    if follows not in variables:
        return math.nan, f"{follows} is not known"
    return (variables[follows] - limit["limit_deduction"]) / limit["limit_divisor"], ""


def _need(
    car: Car, dimension: str, computed: Mapping[str, Mapping[str, Need | str]]
) -> tuple[Need | None, str, str]:
    """What the car needs, the basis of that, and why there is no need or what it leaves out."""
    if dimension in computed:
        need = computed[dimension][car.vehicle_id]
        basis = car.basis(TURNING_COLUMNS)
        return (None, NO_SOURCE, need) if isinstance(need, str) else (need, basis, "")
    if dimension not in _COLUMN_OF:
        why = f"no column of vehicles.csv is held against {dimension}"
        return None, SOURCED, _NOT_OF_THE_CAR.get(dimension, why)
    size = car.dimensions.get(_COLUMN_OF[dimension])
    if size is None:
        return None, NO_SOURCE, f"{_COLUMN_OF[dimension]} is missing"
    remark = GROSS_WEIGHT if dimension == "gross_vehicle_weight" else ""
    return Need(size.value, size.low, size.high), size.basis, remark
