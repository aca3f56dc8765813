"""How much room a car needs to turn: radii, right-angle corner, reversing into a stall, parallel
bay.

Lengths are in metres. Ackermann steering at full lock, no slip, no king-pin offset, fixed rear
wheels, vertical walls. One move, ideal placement, body without mirrors. The radius R is that of the
outer front tyre (half the turning circle).
"""

import math
from dataclasses import dataclass

import numpy as np

from helpers.errors import Fault, InputError
from helpers.quantities import Floats


@dataclass(frozen=True)
class Shape:
    """The plan of a car, in metres. `radius_m` is that of the outer front tyre at full lock.

    Raises InputError with every fault: values that are not positive numbers, a track wider than the
    body, a radius that the wheelbase makes impossible.
    """

    wheelbase_m: float
    width_m: float
    track_m: float
    front_overhang_m: float
    rear_overhang_m: float
    radius_m: float

    def __post_init__(self) -> None:
        faults = [
            Fault(name, f"{value} is not a positive number of metres")
            for name, value in vars(self).items()
            if not 0 < value < math.inf
        ]
        if not faults and self.track_m > self.width_m:
            faults.append(
                Fault(
                    "track_m",
                    f"the track {self.track_m} m is wider than the body {self.width_m} m",
                    "give the track, or the width without mirrors",
                )
            )
        if not faults and self.radius_m <= self.least_radius_m:
            likely = "the wheelbase or the radius is mistyped, or the radius is in another unit"
            faults.append(
                Fault(
                    "turn_radius_m",
                    f"{self.radius_m:g} m is less than this wheelbase allows, "
                    f"{self.least_radius_m:.2f} m",
                    likely,
                )
            )
        if faults:
            raise InputError(faults)

    @property
    def length_m(self) -> float:
        """Overall length: wheelbase and both overhangs."""
        return self.front_overhang_m + self.wheelbase_m + self.rear_overhang_m

    @property
    def least_radius_m(self) -> float:
        """The radius at which the inner side of the body stands still."""
        return math.hypot(self.wheelbase_m, (self.track_m + self.width_m) / 2)


@dataclass(frozen=True)
class Turn:
    """The circles a car draws at full lock, in metres, all about one centre.

    rear_axle: of the middle of the rear axle. inner: of the inner side of the body at the rear
    axle. outer_front, outer_rear: of the outer corners. front_axle: of the middle of the front
    axle.
    """

    rear_axle_m: float
    inner_m: float
    outer_front_m: float
    outer_rear_m: float
    front_axle_m: float

    @property
    def swept_width_m(self) -> float:
        """Width of the ring that the body covers."""
        return self.outer_front_m - self.inner_m

    @property
    def off_tracking_m(self) -> float:
        """How far the rear axle runs inside the front axle."""
        return self.front_axle_m - self.rear_axle_m


def turn(shape: Shape) -> Turn:
    """The circles of a car at full lock, about a centre on the line of the rear axle."""
    rear_axle = math.sqrt(shape.radius_m**2 - shape.wheelbase_m**2) - shape.track_m / 2
    side = rear_axle + shape.width_m / 2
    return Turn(
        rear_axle_m=rear_axle,
        inner_m=rear_axle - shape.width_m / 2,
        outer_front_m=math.hypot(side, shape.wheelbase_m + shape.front_overhang_m),
        outer_rear_m=math.hypot(side, shape.rear_overhang_m),
        front_axle_m=math.hypot(rear_axle, shape.wheelbase_m),
    )


def corner_width(shape: Shape) -> float:
    """Narrowest lanes, equal before and after a right-angle corner, that the car passes in one
    move: straight, quarter circle, straight.

    The centre of the circle lies outer_rear from the outer wall of the entry lane and outer_front
    from that of the exit lane. The corner of the building must stay inside the inner circle: the
    least w with (outer_rear - w)+² + (outer_front - w)+² <= inner².
    """
    circles = turn(shape)
    rear, front, inner = circles.outer_rear_m, circles.outer_front_m, circles.inner_m
    if abs(front - rear) > inner:
        return max(front, rear) - inner
    return (rear + front - math.sqrt(2 * inner**2 - (front - rear) ** 2)) / 2


def corner_cut_leg(shape: Shape, lane_m: float) -> float | None:
    """Shortest legs of an isosceles cut with which the car passes a corner of two lanes that wide.
    None when no cut helps.

    Both ends of the cut must stay inside the inner circle; 0 where the sharp corner is passed.
    """
    _refuse_unless_positive(lane_m=lane_m)
    circles = turn(shape)
    rear, front, inner = (
        circles.outer_rear_m - lane_m,
        circles.outer_front_m - lane_m,
        circles.inner_m,
    )
    if max(rear, front) > inner:
        return None
    return max(
        0.0,
        rear - math.sqrt(inner**2 - max(front, 0.0) ** 2),
        front - math.sqrt(inner**2 - max(rear, 0.0) ** 2),
    )


def swept_rectangles(shape: Shape, before_m: float, after_m: float, steps: int) -> Floats:
    """The body along a right-angle left turn at full lock: an array (poses, 4 corners, x and y) in
    metres.

    The centre of the circle is the origin; the car comes up along +y, turns and leaves along -x.
    before_m, after_m: straight parts. Corners run counter-clockwise from the right rear one. steps:
    poses of the quarter circle. Each straight part adds one pose, which leaves no gap while the
    part is shorter than the car.
    The outer wall of the entry lane is best placed at x = outer_rear, that of the exit lane at y =
    outer_front (`turn`).
    """
    circles = turn(shape)
    half, nose = shape.width_m / 2, shape.wheelbase_m + shape.front_overhang_m
    body = np.array(
        [
            [-shape.rear_overhang_m, -half],
            [nose, -half],
            [nose, half],
            [-shape.rear_overhang_m, half],
        ]
    )
    angles = np.linspace(0.0, math.pi / 2, steps)
    headings = np.concatenate([[0.0], angles, [math.pi / 2]]) + math.pi / 2
    rear_axle = circles.rear_axle_m * np.column_stack([np.cos(angles), np.sin(angles)])
    rear_axle = np.vstack([rear_axle[0] - [0, before_m], rear_axle, rear_axle[-1] - [after_m, 0]])
    turned = np.stack(
        [np.cos(headings), -np.sin(headings), np.sin(headings), np.cos(headings)], axis=1
    ).reshape(-1, 2, 2)
    rectangles: Floats = np.einsum("pij,cj->pci", turned, body) + rear_axle[:, None, :]
    return rectangles


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


def swept_outline(shape: Shape, before_m: float, after_m: float, points: int) -> Floats:
    """Outline of what the body covers on the way of `swept_rectangles`, points to an arc."""
    circles, half = turn(shape), shape.width_m / 2
    side, near = circles.rear_axle_m + half, circles.inner_m
    rear, nose = shape.rear_overhang_m, shape.wheelbase_m + shape.front_overhang_m
    start, end = -rear - before_m, -nose - after_m
    tail = math.atan2(rear, side)
    front = math.atan2(nose, side)
    # The longer overhang draws the outer wall of the turn, the other one bulges only past the wall
    # it leaves or meets.
    quarter = math.pi / 2
    arcs = (
        ((-tail, tail), (front, front + quarter))
        if nose >= rear
        else ((-tail, quarter - tail), (quarter - front, quarter + front))
    )
    return np.vstack(
        [
            [[near, start], [side, start]],
            _arc(circles.outer_rear_m, *arcs[0], points),
            _arc(circles.outer_front_m, *arcs[1], points),
            [[end, side], [end, near]],
            _arc(near, quarter, 0.0, points),
        ]
    )


def _arc(radius: float, start: float, end: float, points: int) -> Floats:
    angles = np.linspace(start, end, points)
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


def corner_width_bound(shape: Shape) -> float:
    """A safe upper bound of `corner_width`, of an uncut corner, in metres: from the outer front and
    the inner circle alone.
    """
    circles = turn(shape)
    return circles.outer_front_m - circles.inner_m / math.sqrt(2)


def turn_start(shape: Shape, neighbour_distance_m: float) -> float | None:
    """How far outside the mouth of the stall the rear axle stands when the car that leaves it in
    one move may turn; negative inside. None for a car wider than its neighbours leave.

    The inner side must clear the near neighbour's front corner, which stays inside the inner
    circle; and where the tail swings out further than the far neighbour leaves, it must be out of
    the stall first. neighbour_distance_m: from the stall's centre line to the side of the
    neighbouring car, both sides alike; half the stall's width tests staying inside the painted
    lines. Neighbours stand flush with the mouth of the stall.
    """
    _refuse_unless_positive(neighbour_distance_m=neighbour_distance_m)
    circles = turn(shape)
    if neighbour_distance_m < shape.width_m / 2:
        return None
    swing = circles.outer_rear_m**2 - (circles.rear_axle_m + neighbour_distance_m) ** 2
    if swing > 0:
        return math.sqrt(swing)
    beside = circles.rear_axle_m - neighbour_distance_m
    return -math.sqrt(max(circles.inner_m**2 - max(beside, 0.0) ** 2, 0.0))


def aisle_width(shape: Shape, neighbour_distance_m: float) -> float | None:
    """Narrowest aisle for reversing into a right-angle stall in one move. None for a car wider
    than its neighbours leave.

    The way in is the way out reversed: straight to `turn_start`, then a quarter circle.
    """
    start = turn_start(shape, neighbour_distance_m)
    return None if start is None else turn(shape).outer_front_m + start


def parallel_bay_extra(shape: Shape, front_car_width_m: float) -> float:
    """Length beyond the car's own that a parallel bay needs, entered in one reverse move between
    two cars of that width that stand at the kerb as it does.

    The way out: at full lock the corners at the kerb must pass the car ahead: the front one, and
    the rear one of a car whose tail is the longer end. The tail may swing over the kerb.
    """
    _refuse_unless_positive(front_car_width_m=front_car_width_m)
    circles = turn(shape)
    past = max(circles.rear_axle_m + shape.width_m / 2 - front_car_width_m, 0.0)
    nose, tail = shape.wheelbase_m + shape.front_overhang_m, shape.rear_overhang_m
    front = math.sqrt(circles.outer_front_m**2 - past**2)
    rear = math.sqrt(circles.outer_rear_m**2 - max(past, tail) ** 2)
    return max(front, rear) - nose


def _refuse_unless_positive(**values: float) -> None:
    faults = [
        Fault(name, f"{value} is not a positive number of metres")
        for name, value in values.items()
        if not 0 < value < math.inf
    ]
    if faults:
        raise InputError(faults)
