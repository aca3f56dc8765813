"""A second method for corners: whether given lanes are passed, asked of the two ends of the
building's corner.
"""

import math

from helpers.fit.turning import Shape, turn


def passes(shape: Shape, entry_m: float, exit_m: float, cut_leg_m: float = 0.0) -> bool:
    """Whether the car goes round a right-angle corner in one move: straight, quarter circle at full
    lock, straight.

    entry_m, exit_m: clear widths of the two lanes. cut_leg_m: legs of an isosceles cut of the
    building corner; both ends of the cut must stay inside the inner circle.
    """
    circles = turn(shape)
    across, along = circles.outer_rear_m - entry_m, circles.outer_front_m - exit_m
    ends = ((across - cut_leg_m, along), (across, along - cut_leg_m))
    return all(math.hypot(max(x, 0.0), max(y, 0.0)) <= circles.inner_m for x, y in ends)


def narrowest(shape: Shape, cut_leg_m: float = 0.0) -> float:
    """Narrowest equal lanes that the car passes with that cut, by bisection."""
    low, high = 0.0, 40.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (low, middle) if passes(shape, middle, middle, cut_leg_m) else (middle, high)
    return high
