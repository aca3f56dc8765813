"""The closed forms of turning against brute force: the body as a polygon, swept pose by pose,
tested against walls and neighbours.

Nothing of the closed forms is used: circles, walls and closest points come out of the polygons
alone.
"""

import itertools
import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from helpers import PROJECT_ROOT
from helpers.fit.turning import (
    Shape,
    aisle_width,
    corner_cut_leg,
    corner_width,
    parallel_bay_extra,
    swept_outline,
    turn,
)
from tests.fit.corners import passes

GOLDEN: dict[str, Any] = json.loads(
    (PROJECT_ROOT / "tests/golden/fit.json").read_text(encoding="utf-8")
)
SHAPES = {name: Shape(*values) for name, values in GOLDEN["worked_examples"]["shapes"].items()}
POSES = 140
FAR_M = 30.0


def cars() -> st.SearchStrategy[Shape]:
    """Passenger cars to lorries; the radius from nearly the least the wheelbase allows to twice
    that.
    """

    def build(
        wheelbase: float, width: float, track: float, front: float, rear: float, lock: float
    ) -> Shape:
        return Shape(
            wheelbase,
            width,
            width * track,
            front,
            rear,
            math.hypot(wheelbase, width * (1 + track) / 2) * lock,
        )

    def numbers(low: float, high: float) -> st.SearchStrategy[float]:
        return st.integers(round(low * 1000), round(high * 1000)).map(lambda value: value / 1000)

    return st.builds(
        build,
        numbers(2, 4.5),
        numbers(1.4, 2.5),
        numbers(0.8, 0.95),
        numbers(0.4, 1.5),
        numbers(0.4, 2.5),
        numbers(1.08, 2),
    )


def rear_axle_radius(plan: Shape) -> float:
    """Where the middle of the rear axle runs when the outer front tyre is steered to its radius,
    found by bisection.
    """
    low, high = 0.0, plan.radius_m
    for _ in range(60):
        middle = (low + high) / 2
        tyre = math.hypot(middle + plan.track_m / 2, plan.wheelbase_m)
        low, high = (middle, high) if tyre < plan.radius_m else (low, middle)
    return low


def swept(plan: Shape, degrees: float = 90.0) -> shapely.Geometry:
    """Union of the body in all poses: up along +y, a left turn about the origin, away along the new
    heading.
    """
    radius, half, nose = (
        rear_axle_radius(plan),
        plan.width_m / 2,
        plan.wheelbase_m + plan.front_overhang_m,
    )
    body = np.array(
        [[-plan.rear_overhang_m, -half], [nose, -half], [nose, half], [-plan.rear_overhang_m, half]]
    )
    bodies = [placed(body, radius, 0.0, -step * plan.length_m / 2) for step in range(8)]
    bodies += [
        placed(body, radius, math.radians(degrees) * step / POSES, 0.0) for step in range(POSES + 1)
    ]
    bodies += [
        placed(body, radius, math.radians(degrees), step * plan.length_m / 2) for step in range(8)
    ]
    # between two poses an outer corner runs on, too: its chord and the middle of the body
    between = [
        Polygon([one[corner], other[corner], one.mean(axis=0)])
        for one, other in itertools.pairwise(bodies)
        for corner in (0, 1)
    ]
    return shapely.union_all(np.array([*map(Polygon, bodies), *between]))


def placed(
    body: npt.NDArray[np.float64], radius: float, turned: float, ahead: float
) -> npt.NDArray[np.float64]:
    """The body with its rear axle on the circle, turned by that angle, driven on straight by so
    much.
    """
    heading = turned + math.pi / 2
    forward, left = (
        np.array([math.cos(heading), math.sin(heading)]),
        np.array([-math.sin(heading), math.cos(heading)]),
    )
    axle = radius * np.array([math.cos(turned), math.sin(turned)]) + ahead * forward
    moved: npt.NDArray[np.float64] = axle + body[:, :1] * forward + body[:, 1:] * left
    return moved


def narrowest(touches: Any, low: float, high: float) -> float:
    """The least width at which `touches` is false, by bisection to a tenth of a millimetre."""
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if touches(middle) else (low, middle)
    return high


def brute_corner(area: shapely.Geometry, cut: float = 0.0) -> float:
    """Narrowest equal lanes: outer walls touch the area, the building fills the inside of the
    corner.
    """
    right, top = area.bounds[2:]
    shapely.prepare(area)

    def touches(lane: float) -> bool:
        x, y = right - lane, top - lane
        building = Polygon([(-FAR_M, -FAR_M), (x, -FAR_M), (x, y - cut), (x - cut, y), (-FAR_M, y)])
        return bool(area.intersects(building))

    return narrowest(touches, 0.5, 14.0)


def brute_aisle(plan: Shape, area: shapely.Geometry, neighbour: float) -> float:
    """Narrowest aisle for driving out of a stall, the way in reversed, turning as early as the
    neighbours allow.
    """
    axle = rear_axle_radius(plan)
    shapely.prepare(area)

    def touches(mouth: float) -> bool:
        """Whether neighbours whose flush front stands `mouth` above the centre of the turn are
        touched.
        """
        left = box(axle - FAR_M, mouth - FAR_M, axle - neighbour, mouth)
        right = box(axle + neighbour, mouth - FAR_M, axle + FAR_M, mouth)
        return bool(area.intersects(left) or area.intersects(right))

    top = area.bounds[3]
    return narrowest(lambda below_top: touches(top - below_top), 0.0, top + 5)


def brute_bay(plan: Shape, area: shapely.Geometry, other_m: float) -> float:
    """Least room ahead of the nose for driving out from the kerb past a car that wide, the way in
    reversed.
    """
    kerb, nose = rear_axle_radius(plan) + plan.width_m / 2, plan.wheelbase_m + plan.front_overhang_m
    shapely.prepare(area)
    return narrowest(
        lambda ahead: bool(
            area.intersects(box(kerb - other_m, nose + ahead, kerb + FAR_M, FAR_M + 40))
        ),
        0.0,
        20.0,
    )


def agrees(plan: Shape, room_m: float, other_m: float) -> None:
    """The three closed forms against the sweep: 5, 30 and 5 mm."""
    # where the tail just touches, a hair decides whether it must be out of the stall first
    circles, half = turn(plan), plan.width_m / 2
    assume(abs(circles.outer_rear_m - circles.rear_axle_m - half - room_m) > 0.001)
    area, neighbour = swept(plan), half + room_m
    assert brute_corner(area) == pytest.approx(corner_width(plan), abs=0.005)
    assert brute_aisle(plan, area, neighbour) == pytest.approx(
        aisle_width(plan, neighbour), abs=0.03
    )
    assert brute_bay(plan, area, other_m) == pytest.approx(
        parallel_bay_extra(plan, other_m), abs=0.005
    )


ROOMS = st.integers(20, 1_500).map(lambda mm: mm / 1000)
WIDTHS = st.integers(1_400, 2_500).map(lambda mm: mm / 1000)


@given(cars(), ROOMS, WIDTHS)
@settings(max_examples=15, deadline=None)
def test_corner_aisle_and_bay_agree_with_the_sweep(plan: Shape, room: float, other: float) -> None:
    agrees(plan, room, other)


@pytest.mark.slow
@given(cars(), ROOMS, WIDTHS)
@settings(max_examples=500, deadline=None)
def test_corner_aisle_and_bay_agree_over_five_hundred_vehicles(
    plan: Shape, room: float, other: float
) -> None:
    agrees(plan, room, other)


@given(cars(), st.integers(0, 30).map(lambda tenths: tenths / 10))
@settings(max_examples=30, deadline=None)
def test_cut_corner_agrees_within_five_millimetres(plan: Shape, cut: float) -> None:
    lane = brute_corner(swept(plan), cut)
    wider, narrower = corner_cut_leg(plan, lane + 0.005), corner_cut_leg(plan, lane - 0.005)
    assert wider is not None
    assert wider <= cut
    assert narrower is None or narrower > cut


@given(cars(), st.integers(0, 60).map(lambda tenths: tenths / 10))
@settings(max_examples=50, deadline=None)
def test_unequal_lanes_agree_up_to_five_millimetres(plan: Shape, more: float) -> None:
    area = swept(plan)
    right, top = area.bounds[2:]
    exit_m = turn(plan).swept_width_m + 0.02 + more
    entry = narrowest(
        lambda lane: bool(area.intersects(box(-FAR_M, -FAR_M, right - lane, top - exit_m))),
        0.1,
        20.0,
    )
    assert passes(plan, entry + 0.005, exit_m)
    assert not passes(plan, entry - 0.005, exit_m)


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_no_other_placement_of_the_arc_passes_a_narrower_corner(name: str) -> None:
    area, lane = swept(SHAPES[name]), corner_width(SHAPES[name]) - 0.01
    right, top = area.bounds[2:]
    for away in np.linspace(0, 0.5, 6):
        for below in np.linspace(0, 0.5, 6):
            building = box(-FAR_M, -FAR_M, right + away - lane, top + below - lane)
            assert area.intersects(building)


@given(cars(), st.floats(0.1, 5.0), st.floats(0.1, 5.0))
@settings(max_examples=25, deadline=None)
def test_the_drawn_outline_is_the_swept_area(plan: Shape, before: float, after: float) -> None:
    window = box(
        -plan.wheelbase_m - plan.front_overhang_m - after,
        -plan.rear_overhang_m - before,
        FAR_M,
        FAR_M,
    )
    drawn = Polygon(swept_outline(plan, before, after, 80))
    assert drawn.is_valid
    difference = shapely.symmetric_difference(drawn, shapely.intersection(swept(plan), window))
    assert shapely.area(difference) < 0.01 * drawn.area  # the teeth between two poses
    assert drawn.bounds[2:] == pytest.approx(
        (turn(plan).outer_rear_m, turn(plan).outer_front_m), abs=0.01
    )
