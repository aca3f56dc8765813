"""Checks of vehicle fit that the notebook shows: published sizes, a second method, laws."""

from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.fit.answer import FitAnswer
from helpers.fit.places import cars_of, limit_value, place_table
from helpers.fit.road_access import legal_carriageway_m, legal_surface_m, legal_width_mm
from helpers.fit.turning import Shape, corner_width, swept_rectangles, turn


def checks(answer: FitAnswer, vehicles: pd.DataFrame, constraints: pd.DataFrame) -> pd.DataFrame:
    """What must hold: check, computed, expected, holds."""
    small = Shape(2.7, 1.7, 1.5, 0.8, 1.2, 6.0)
    us_car = turn(Shape(11, 7, 6, 3, 5, 23.8))
    larger = replace(
        answer.inputs,
        stall_width_mm=answer.inputs.stall_width_mm + 100,
        stall_length_mm=answer.inputs.stall_length_mm + 100,
    )
    wider = place_table(cars_of(vehicles, larger), constraints, larger)
    stalls = answer.fit.places["place"].str.startswith("stall")
    lowered = int(
        (wider.loc[stalls, "margin_mm"] < answer.fit.places.loc[stalls, "margin_mm"]).sum()
    )
    rows: list[tuple[str, float, float, float]] = [
        ("Width rule: a surface of 5.0 m admits, mm", legal_width_mm(4.0), 1_750, 1e-6),
        (
            "Width rule: a vehicle of 2.5 m needs a carriageway of, m",
            legal_carriageway_m(2_500),
            5.5,
            1e-9,
        ),
        ("Width rule: surface for a car of 1.70 m, m", legal_surface_m(1_700), 4.9, 1e-9),
        (
            "Small design vehicle: overhangs and wheelbase, mm",
            _design_length(constraints),
            limit_value(constraints, "rso_dv_small_length"),
            1e-6,
        ),
        (
            "US design car: inner radius against the published one, feet",
            us_car.inner_m,
            14.4,
            0.02 * 14.4,
        ),
        (
            "Small design car: narrowest corner by sweeping, against closed form, m",
            swept_corner(small),
            corner_width(small),
            0.005,
        ),
        ("Stall margins that a larger stall lowers", lowered, 0, 0),
        (
            "Pairs of car and limit with neither margin nor reason",
            _unexplained(answer.fit.margins),
            0,
            0,
        ),
        (
            "Cars whose joint share exceeds one of its parts",
            sum(_exceeds(one) for one in answer.fit.shares.values()),
            0,
            0,
        ),
        ("Cars in the answer, against rows of the table", len(answer.fit.cars), len(vehicles), 0),
    ]
    shown = [
        (check, computed, expected, abs(computed - expected) <= slack)
        for check, computed, expected, slack in rows
    ]
    return pd.DataFrame(shown, columns=["Check", "Computed", "Expected", "Holds"])


def swept_corner(plan: Shape, steps: int = 4_000) -> float:
    """Narrowest square corner in metres, read off the swept poses instead of the circles.

    The outer walls stand at the extremes of all corners; the building's edge must lie left of the
    inner side in every pose.
    """
    poses = swept_rectangles(plan, plan.length_m, plan.length_m, steps)
    outer = poses.reshape(-1, 2).max(axis=0)
    start, side = poses[:, 3], poses[:, 2] - poses[:, 3]
    low, high = 0.0, float(outer.max())
    for _ in range(40):
        lane = (low + high) / 2
        edge = outer - lane
        left_of_side = (
            side[:, 0] * (edge[1] - start[:, 1]) - side[:, 1] * (edge[0] - start[:, 0]) >= 0
        )
        low, high = (low, lane) if left_of_side.all() else (lane, high)
    return high


def _design_length(constraints: pd.DataFrame) -> float:
    return sum(
        limit_value(constraints, f"rso_dv_small_{part}")
        for part in ("front_overhang", "wheelbase", "rear_overhang")
    )


def _unexplained(margins: pd.DataFrame) -> int:
    return int((margins["margin"].isna() & (margins["reason"] == "")).sum())


def _exceeds(share: Any) -> bool:
    parts = (share.streets, share.bays, share.street, share.corner, share.aisle)
    return bool(
        share.together.high > min(part.high for part in parts)
        or share.together.low > min(part.low for part in parts)
    )
