"""Turning geometry: worked examples to the digits given, published design cars, and laws that hold
for any car.
"""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.errors import InputError
from helpers.fit.cars import read_cars, shape
from helpers.fit.turning import (
    Shape,
    aisle_width,
    corner_cut_leg,
    corner_width,
    corner_width_bound,
    parallel_bay_extra,
    swept_rectangles,
    turn,
)
from tests.fit.corners import narrowest, passes

GOLDEN: dict[str, Any] = json.loads(
    (PROJECT_ROOT / "tests/golden/fit.json").read_text(encoding="utf-8")
)
EXAMPLES = GOLDEN["worked_examples"]
SHAPES = {name: Shape(*values) for name, values in EXAMPLES["shapes"].items()}
TABLE = {car.vehicle_id: shape(car) for car in read_cars(load("vehicles"))}


def shapes() -> st.SearchStrategy[Shape]:
    """Any plausible car or lorry: 2.0 to 4.5 m wheelbase, full lock from just possible to twice
    that.
    """

    def build(
        wheelbase: float, width: float, track: float, front: float, rear: float, lock: float
    ) -> Shape:
        least = math.hypot(wheelbase, width * (1 + track) / 2)
        return Shape(wheelbase, width, width * track, front, rear, least * lock)

    def numbers(low: float, high: float) -> st.SearchStrategy[float]:
        return st.floats(low, high).map(lambda value: round(value, 4))

    return st.builds(
        build,
        numbers(2, 4.5),
        numbers(1.4, 2.5),
        numbers(0.8, 0.95),
        numbers(0.4, 1.5),
        numbers(0.4, 2.5),
        numbers(1.05, 2.2),
    )


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_circles_of_the_worked_examples(name: str) -> None:
    circles, expected = turn(SHAPES[name]), EXAMPLES["circles"][name]
    for key in ("rear_axle", "inner", "outer_front", "outer_rear", "front_axle"):
        assert getattr(circles, f"{key}_m") == pytest.approx(expected[key], abs=1e-6), key
    assert circles.swept_width_m == pytest.approx(expected["swept"], abs=1e-6)
    exact, textbook = EXAMPLES["off_tracking"][name]
    assert circles.off_tracking_m == pytest.approx(exact, abs=1e-6)
    assert SHAPES[name].wheelbase_m ** 2 / (2 * circles.front_axle_m) == pytest.approx(
        textbook, abs=1e-6
    )


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_corner_of_the_worked_examples(name: str) -> None:
    assert corner_width(SHAPES[name]) == pytest.approx(EXAMPLES["corner"][name], abs=1e-6)
    assert corner_width_bound(SHAPES[name]) == pytest.approx(
        EXAMPLES["corner_bound"][name], abs=1e-6
    )


def check_cut(plan: Shape, leg: float, lane: float, tolerance: float) -> None:
    """Lanes a little wider than those need no longer cut, lanes a little narrower need one or
    cannot be helped.
    """
    wider, narrower = corner_cut_leg(plan, lane + tolerance), corner_cut_leg(plan, lane - tolerance)
    assert wider is not None
    assert wider <= leg
    assert narrower is None or narrower > leg


def test_cuts_unequal_lanes_aisles_and_bays_of_the_worked_examples() -> None:
    for name, leg, expected in EXAMPLES["corner_cut"]:
        assert narrowest(SHAPES[name], leg) == pytest.approx(expected, abs=1e-6)
        check_cut(SHAPES[name], leg, expected, 1e-6)
    for name, exit_m, expected in EXAMPLES["entry_for_exit"]:
        assert passes(SHAPES[name], expected + 1e-6, exit_m)
        assert not passes(SHAPES[name], expected - 1e-6, exit_m)
    for name, entry, exit_m, expected in EXAMPLES["passes"]:
        assert passes(SHAPES[name], entry, exit_m) is expected
    for name, distance, expected in EXAMPLES["aisle"]:
        assert aisle_width(SHAPES[name], distance) == pytest.approx(expected, abs=1e-6)
    for name, width, expected in EXAMPLES["parallel_bay_extra"]:
        assert parallel_bay_extra(SHAPES[name], width) == pytest.approx(expected, abs=1e-6)


def test_us_design_car_is_reproduced() -> None:
    given_centre = GOLDEN["us_design_car"]["from_centre_line_radius_21"]
    for track, key in ((7, "track_7"), (6, "track_6")):
        circles = turn(Shape(11, 7, track, 3, 5, given_centre[key]["outer_wheel"]))
        assert circles.front_axle_m == pytest.approx(21, abs=1e-5)
    assert turn(
        Shape(11, 7, 7, 3, 5, given_centre["track_7"]["outer_wheel"])
    ).inner_m == pytest.approx(given_centre["track_7"]["inner"], abs=1e-5)
    case = GOLDEN["us_design_car"]["from_outer_wheel_23.8"]
    circles = turn(Shape(*case["shape"]))
    for key in ("rear_axle", "inner", "front_axle", "outer_front"):
        assert getattr(circles, f"{key}_m") == pytest.approx(case[key], abs=1e-6)
    assert corner_width(Shape(*case["shape"])) == pytest.approx(case["corner"], abs=1e-6)
    published = GOLDEN["us_design_car"]["published"]
    assert circles.inner_m == pytest.approx(published["inner"], rel=0.015)
    assert circles.front_axle_m == pytest.approx(published["front_axle"], rel=0.015)


def test_lock_with_equal_track_and_body_puts_the_front_corner_where_the_textbook_does() -> None:
    example = SHAPES["B"]
    assert turn(example).outer_front_m == pytest.approx(math.sqrt(6**2 - 2.7**2 + 3.5**2))


@pytest.mark.parametrize("vehicle_id", sorted(GOLDEN["cars"]["rows"]))
def test_results_of_the_candidates(vehicle_id: str) -> None:
    shape_now, row = TABLE[vehicle_id], GOLDEN["cars"]["rows"][vehicle_id]
    assert shape_now is not None
    plan = replace(shape_now, track_m=row["track"])
    circles = turn(plan)
    assert (circles.inner_m, circles.outer_front_m) == (
        pytest.approx(row["inner"], abs=5e-4),
        pytest.approx(row["outer_front"], abs=5e-4),
    )
    assert circles.swept_width_m == pytest.approx(row["swept"], abs=1e-3)
    assert corner_width(plan) == pytest.approx(row["corner"], abs=6e-4)
    check_cut(plan, 2**0.5, row["corner_cut_base_2"], 6e-4)
    distance = 2.5 - 1.85 / 2
    assert aisle_width(plan, distance) == pytest.approx(row["aisle"], abs=6e-4)
    for word, factor in (("less", 0.95), ("more", 1.05)):
        changed = replace(plan, radius_m=plan.radius_m * factor)
        assert corner_width(changed) == pytest.approx(row[f"corner_radius_{word}_5"], abs=6e-3)
        assert aisle_width(changed, distance) == pytest.approx(
            row[f"aisle_radius_{word}_5"], abs=6e-3
        )


def test_headline_corners() -> None:
    camry, tundra = TABLE["camry_le"], TABLE["tundra_cm55"]
    assert camry is not None
    assert tundra is not None
    assert (round(corner_width(camry), 3), round(corner_width(tundra), 3)) == (3.566, 4.233)


@given(shapes())
@settings(max_examples=200, deadline=None)
def test_corner_is_the_edge_of_what_passes_and_below_the_bound(plan: Shape) -> None:
    width = corner_width(plan)
    assert passes(plan, width + 1e-9, width + 1e-9)
    assert not passes(plan, width - 1e-6, width - 1e-6)
    circles = turn(plan)
    assert width >= max(circles.swept_width_m, plan.width_m) - 1e-9
    if circles.outer_front_m >= circles.outer_rear_m:
        assert corner_width_bound(plan) >= width - 1e-12


@given(shapes(), st.floats(0.01, 0.5))
@settings(max_examples=200, deadline=None)
def test_longer_wheelbase_at_equal_radius_never_narrows_the_corner(
    plan: Shape, more: float
) -> None:
    assume(math.hypot(plan.wheelbase_m + more, (plan.track_m + plan.width_m) / 2) < plan.radius_m)
    longer = Shape(
        plan.wheelbase_m + more,
        plan.width_m,
        plan.track_m,
        plan.front_overhang_m,
        plan.rear_overhang_m,
        plan.radius_m,
    )
    assert corner_width(longer) >= corner_width(plan) - 1e-9


@given(shapes(), st.floats(0.5, 1.0), st.floats(2.5, 9.0), st.floats(2.5, 9.0))
@settings(max_examples=200, deadline=None)
def test_a_car_scaled_down_passes_wherever_the_larger_did(
    plan: Shape, factor: float, entry: float, exit_m: float
) -> None:
    smaller = Shape(*(value * factor for value in vars(plan).values()))
    assert corner_width(smaller) == pytest.approx(factor * corner_width(plan))
    if passes(plan, entry, exit_m):
        assert passes(smaller, entry, exit_m)
    needed = aisle_width(plan, plan.width_m)
    if needed is not None:
        in_same_stall = aisle_width(smaller, plan.width_m)
        assert in_same_stall is not None
        assert in_same_stall <= needed + 1e-9


@given(shapes(), st.floats(0.0, 4.0), st.floats(0.0, 4.0))
@settings(max_examples=200, deadline=None)
def test_a_longer_cut_never_widens_the_corner_and_the_leg_is_its_inverse(
    plan: Shape, short: float, more: float
) -> None:
    with_cut = narrowest(plan, short)
    assert passes(plan, with_cut, with_cut, short + more)
    leg = corner_cut_leg(plan, with_cut + 1e-9)
    assert leg is not None
    assert leg <= short + 1e-4
    assert passes(plan, with_cut + 1e-6, with_cut + 1e-6, leg)
    assert (
        corner_cut_leg(plan, turn(plan).swept_width_m * 0.9) is None
        or turn(plan).outer_rear_m > turn(plan).outer_front_m
    )


@pytest.mark.parametrize("vehicle_id", sorted(TABLE))
def test_a_gentler_turn_needs_a_wider_corner(vehicle_id: str) -> None:
    plan = TABLE[vehicle_id]
    assert plan is not None
    widths = [
        corner_width(replace(plan, radius_m=plan.radius_m * factor))
        for factor in np.linspace(1, 3, 41)
    ]
    assert (np.diff(widths) > 0).all()


@given(shapes())
@settings(max_examples=50, deadline=None)
def test_swept_poses_keep_the_size_of_the_body(plan: Shape) -> None:
    poses = swept_rectangles(plan, 2.0, 3.0, 9)
    edges = np.linalg.norm(np.diff(poses[:, [0, 1, 2, 3, 0]], axis=1), axis=2)
    assert np.allclose(edges, [plan.length_m, plan.width_m, plan.length_m, plan.width_m])


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ((2.8, 1.8, 1.6, 0.9, 1.1, 2.9), "turn_radius_m"),
        ((2.8, 1.8, 1.9, 0.9, 1.1, 5.8), "track_m"),
        ((2.8, -1.8, 1.6, 0.9, 1.1, 5.8), "width_m"),
        ((2.8, 1.8, math.nan, 0.9, 1.1, 5.8), "track_m"),
        ((2.8, 1.8, 1.6, 0.9, 1.1, math.inf), "radius_m"),
        ((0.0, 1.8, 1.6, 0.9, 1.1, 5.8), "wheelbase_m"),
    ],
)
def test_impossible_shapes_are_refused(values: tuple[float, ...], name: str) -> None:
    with pytest.raises(InputError) as caught:
        Shape(*values)
    assert any(fault.where == name for fault in caught.value.faults)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan, math.inf])
def test_impossible_lanes_are_refused(bad: float) -> None:
    for compute in (corner_cut_leg, aisle_width, parallel_bay_extra):
        with pytest.raises(InputError):
            compute(SHAPES["A"], bad)


def test_a_tail_that_swings_out_further_than_the_gap_takes_a_wider_aisle() -> None:
    """Found pose by pose: the car of these dimensions leaves a stall of 2.1 m between neighbours
    of 2.0 m in one move from an aisle of 8.80 m. A car wider than the gap never does.
    """
    tundra = SHAPES["E"]
    assert aisle_width(tundra, 1.1) == pytest.approx(8.80, abs=0.03)
    assert aisle_width(tundra, tundra.width_m / 2 - 0.01) is None
