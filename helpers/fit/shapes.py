"""Outlines of cars in millimetres, drawn from their dimensions alone."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon, box

from helpers.fit.cars import Car
from helpers.fit.turning import Shape
from helpers.quantities import Floats

_TYRE_MM = (650, 215)
# Side views by body style, in percent of length and height, from the tail over the roof to the
# nose; a style without one is drawn as an SUV.
_PROFILES = {
    "sedan": "0 52, 1 72, 17 76, 33 98, 42 100, 55 98, 70 70, 94 60, 100 42",
    "hatch": "0 50, 2 72, 13 92, 32 100, 50 99, 70 70, 94 60, 100 42",
    "suv": "0 45, 1 64, 8 95, 25 100, 52 98, 68 67, 95 58, 100 38",
    "suv_frame": "0 40, 0 66, 4 97, 20 100, 56 99, 66 66, 96 60, 100 36",
    "minivan": "0 42, 1 62, 6 96, 25 100, 58 97, 80 62, 96 52, 100 36",
    "kei": "0 42, 0 62, 4 97, 15 100, 66 98, 84 62, 97 54, 100 36",
    "pickup": "0 40, 0 60, 36 60, 39 97, 46 100, 60 99, 71 66, 96 60, 100 36",
}


def rectangle(left: float, bottom: float, width: float, height: float) -> Floats:
    """Corners of an upright rectangle, counter-clockwise."""
    right, top = left + width, bottom + height
    return np.array([[left, bottom], [right, bottom], [right, top], [left, top]], dtype=float)


def circle(centre: Floats, radius: float, points: int = 12) -> Floats:
    """A circle as a polygon."""
    turn = np.linspace(0, 2 * np.pi, points + 1)[:-1]
    return centre + radius * np.column_stack([np.cos(turn), np.sin(turn)])


@dataclass(frozen=True)
class Silhouette:
    """Outlines of a car in one view, drawn from its dimensions: they reach exactly as far."""

    body: Floats
    glass: tuple[Floats, ...] = ()
    tyres: tuple[Floats, ...] = ()
    mirrors: tuple[Floats, ...] = ()

    def _each(self, move: Callable[[Floats], Floats]) -> "Silhouette":
        parts = (tuple(map(move, part)) for part in (self.glass, self.tyres, self.mirrors))
        return Silhouette(move(self.body), *parts)

    def at(self, x: float, y: float) -> "Silhouette":
        """The same moved."""
        return self._each(lambda outline: outline + np.array([x, y]))

    def turned(self, degrees: float) -> "Silhouette":
        """The same turned about the origin."""
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        return self._each(lambda outline: outline @ np.array([[cos, sin], [-sin, cos]]))


def plan(
    length: float, width: float, mirrors_mm: float = 0.0, car: Car | None = None
) -> Silhouette:
    """A car seen from above, rear end at x 0, nose at `length`, middle at y 0. mirrors_mm: what
    both mirrors add to the body. car: for its axles.
    """
    half, bend = width / 2, 0.14 * width
    x = [0, 0.3 * bend, 1.1 * bend, length - 2.2 * bend, length - 0.7 * bend, length]
    y = [0.62 * half, half - 0.45 * bend, half, half, half - 0.7 * bend, 0.52 * half]
    upper = np.column_stack([x, y])
    body = np.vstack([upper * [1, -1], upper[::-1]])
    panes = ((0.60, 0.69, 0.70, 0.84), (0.13, 0.19, 0.72, 0.68))
    glass = tuple(
        np.array([[rear, -near], [front, -far], [front, far], [rear, near]]) * [length, half]
        for rear, front, near, far in panes
    )
    out = mirrors_mm / 2
    mirrors = (rectangle(0.63 * length, y, 160, out) for y in (-half - out, half) if out)
    return Silhouette(body, glass, _tyres_above(car, half), tuple(mirrors))


def about_rear_axle(plan_m: Shape) -> Silhouette:
    """A car seen from above, the middle of its rear axle at the origin, nose to the right."""
    whole = plan(1000 * plan_m.length_m, 1000 * plan_m.width_m)
    return whole.at(-1000 * plan_m.rear_overhang_m, 0)


def _tyres_above(car: Car | None, half: float) -> tuple[Floats, ...]:
    needed = ("wheelbase_mm", "rear_overhang_mm", "track_mm")
    if car is None or car.missing(needed):
        return ()
    wheelbase, rear, track = map(car.size, needed)
    long, across = _TYRE_MM
    side = min(track / 2, half - across / 2)
    return tuple(
        rectangle(x - long / 2, y - across / 2, long, across)
        for x in (rear, rear + wheelbase)
        for y in (-side, side)
    )


def side(car: Car) -> Silhouette:
    """A car seen from its right side, rear end at x 0, ground at y 0: the shape of its body style,
    stretched to its length and height.
    """
    length, height = car.size("length_mm"), car.size("height_mm")
    profile = _PROFILES.get(car.body_style, _PROFILES["suv"])
    percents = np.array([point.split() for point in profile.split(",")], dtype=float)
    floor = 0.13 * height
    roof = percents / 100 * [length, height]
    body = np.vstack([[[0, floor]], roof, [[length, floor]]])[::-1]
    tyres: tuple[Floats, ...] = ()
    if not car.missing(("wheelbase_mm", "rear_overhang_mm")):
        rear, wheelbase = car.size("rear_overhang_mm"), car.size("wheelbase_mm")
        radius = min(_TYRE_MM[0] / 2, 0.24 * height)
        tyres = tuple(circle(np.array([x, radius]), radius, 16) for x in (rear, rear + wheelbase))
    inner = Polygon(body).buffer(-0.045 * height, join_style="mitre")
    glass = inner.intersection(box(0, 0.66 * height, length, height))
    panes = [np.array(glass.exterior.coords)[:-1]] if glass.geom_type == "Polygon" else []
    return Silhouette(body, tuple(panes), tyres)


def front(width: float, height: float) -> Silhouette:
    """A car seen from the front, middle at x 0, ground at y 0."""
    shares = [(0.92, 0.12), (1, 0.20), (1, 0.50), (0.93, 0.62), (0.74, 0.96), (0.60, 1)]
    right = np.array(shares) * [width / 2, height]
    body = np.vstack([right, right[::-1] * [-1, 1]])
    glass = np.array([[0.82, 0.64], [0.67, 0.93], [-0.67, 0.93], [-0.82, 0.64]])
    wheels = (rectangle(x * width, 0, 0.13 * width, 0.3 * height) for x in (-0.485, 0.355))
    return Silhouette(body, (glass * [width / 2, height],), tuple(wheels))
