"""Parts of to-scale drawings. One unit of a board is one millimetre, both ways, so that every
outline can be measured. Cars are drawn from their dimensions alone.

Many outlines of one look go into one compound path: the drawing stays small.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely.geometry import Polygon, box

from helpers.fit.cars import Car
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE
from helpers.show import Canvas, style
from helpers.show.canvas import wrapped

Floats = npt.NDArray[np.float64]
PERSON_HEIGHT_MM, PERSON_SHOULDERS_MM, PERSON_DEPTH_MM = 1_700, 450, 250
"""The person drawn for scale."""
COLOUR = {
    USABLE: style.GOOD,
    WITH_CARE: style.CAUTION,
    NO: style.BAD,
    NOT_COMPUTED: style.NEUTRAL,
}
PAPER, WALL, EDGE, GLASS = "#F1F1EE", "#BDBDB6", "#D9D9D2", "#FFFFFF"
_TYRE_MM = (650, 215)
_NOTE_PX, _HEAD_PX = 11.0, 12.0


@dataclass(frozen=True)
class Board:
    """Axes in millimetres, as far to the right and up as `wide` and `high`."""

    axes: Axes
    wide: float
    high: float

    def fill(self, outlines: Iterable[Floats], **look: Any) -> None:
        """Closed outlines of one look as one path. Overlapping outlines of one direction of turn
        fill as their union.
        """
        closed = [Path(np.vstack([outline, outline[:1]]), closed=True) for outline in outlines]
        if closed:
            look = {"linewidth": 0} | look
            self.axes.add_patch(PathPatch(Path.make_compound_path(*closed), clip_on=False, **look))

    def stroke(self, segments: Iterable[Any], **look: Any) -> None:
        """Open lines of one look as one path."""
        opened = [Path(np.array(segment, dtype=float)) for segment in segments]
        if opened:
            look = {"edgecolor": style.INK, "linewidth": 1.0} | look
            self.axes.add_patch(
                PathPatch(Path.make_compound_path(*opened), fill=False, clip_on=False, **look)
            )

    def words(self, x: float, y: float, text: str, **look: Any) -> None:
        """A note at a point of the board."""
        where: dict[str, Any] = {"size": _NOTE_PX, "ha": "center", "va": "center"}
        self.axes.text(x, y, text, **where | look)

    def car(self, parts: "Silhouette", colour: str, alpha: float = 0.5) -> None:
        """A car with its glass and tyres."""
        self.fill([parts.body], facecolor=colour, alpha=alpha, edgecolor=style.INK, linewidth=0.8)
        self.fill(parts.tyres, facecolor=style.INK, alpha=0.7)
        self.fill(parts.mirrors, facecolor=colour, edgecolor=style.INK, linewidth=0.6)
        self.fill(parts.glass, facecolor=GLASS, alpha=0.65, edgecolor=style.INK, linewidth=0.5)

    def person(self, x: float, y: float) -> None:
        """A person seen from above, centred."""
        centre = np.array([x, y])
        shoulders = circle(np.zeros(2), 1.0) * [PERSON_DEPTH_MM / 2, PERSON_SHOULDERS_MM / 2]
        self.fill([shoulders + centre], facecolor=style.NEUTRAL)
        self.fill([circle(centre, 95)], facecolor="white")

    def standing(self, x: float, ground: float) -> None:
        """A person of 1.70 m standing, seen from the front, feet at `ground`."""
        head = circle(np.zeros(2), 1.0) * [85, 115] + [x, ground + PERSON_HEIGHT_MM - 115]
        shoulder, hip, top = PERSON_SHOULDERS_MM / 2, 160, PERSON_HEIGHT_MM - 260
        right = np.array(
            [[hip, 0], [hip, 850], [shoulder, 900], [shoulder, top - 60], [shoulder - 90, top]]
        )
        body = np.vstack([right, right[::-1] * [-1, 1]]) + np.array([x, ground])
        self.fill([head, body], facecolor=style.NEUTRAL)

    def scale(self, x: float, y: float, length_mm: float) -> None:
        """A bar of that length with its length in metres above it."""
        tick = length_mm * 0.06
        ends = [[(end, y - tick), (end, y + tick)] for end in (x, x + length_mm)]
        self.stroke([[(x, y), (x + length_mm, y)], *ends])
        text = f"{length_mm / 1000:g} m"
        self.words(x + length_mm / 2, y + tick, text, va="bottom")


def board(canvas: Canvas, top: float, left: float, width: float, wide: float, high: float) -> Board:
    """A board of that many millimetres on so many pixels of width."""
    axes = canvas.axes(top, width * high / wide, left=left, right=canvas.width - left - width)
    axes.set(xlim=(0, wide), ylim=(0, high))
    axes.set_axis_off()
    return Board(axes, wide, high)


Head = tuple[str, str]
"""The name of what a board shows, and a line on it."""


def boards(
    canvas: Canvas,
    heads: Sequence[Head],
    size_mm: tuple[float, float],
    columns: tuple[int, int],
    draw: Callable[[int, Board], None],
    top: float = 0.0,
) -> float:
    """A board for each head, the head right above it, so that a name stands by its own drawing.

    columns: how many stand side by side on a page, and on a phone. Returns where the last ends.
    """
    count, gap = columns[canvas.narrow], 16.0
    width = (canvas.width - gap * (count - 1)) / count
    y = top
    for start in range(0, len(heads), count):
        row = list(range(start, min(start + count, len(heads))))
        below = [
            _headed(canvas, y, (index - start) * (width + gap), width, *heads[index])
            for index in row
        ]
        under = max(below) + 3
        for index in row:
            left = (index - start) * (width + gap)
            draw(index, board(canvas, under, left, width, *size_mm))
        y = under + width * size_mm[1] / size_mm[0] + 18
    return y - 18


def _headed(canvas: Canvas, y: float, left: float, width: float, name: str, note: str) -> float:
    for text, look in ((name, {"weight": "bold", "size": _HEAD_PX}), (note, {"size": _NOTE_PX})):
        weight = str(look.get("weight", "normal"))
        for line in wrapped(text, width, float(str(look["size"])), weight):
            y = canvas.text(left, y, line, **look)
    return y


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
    half, round_mm = width / 2, 0.14 * width
    upper = np.array(
        [
            [0, 0.62 * half],
            [0.3 * round_mm, half - 0.45 * round_mm],
            [1.1 * round_mm, half],
            [length - 2.2 * round_mm, half],
            [length - 0.7 * round_mm, half - 0.7 * round_mm],
            [length, 0.52 * half],
        ]
    )
    glass = (
        _across(0.60 * length, 0.69 * length, 0.70 * half, 0.84 * half),
        _across(0.13 * length, 0.19 * length, 0.72 * half, 0.68 * half),
    )
    sides = [
        rectangle(
            0.63 * length, sign * (half + mirrors_mm / 4) - mirrors_mm / 4, 160, mirrors_mm / 2
        )
        for sign in (-1, 1)
        if mirrors_mm
    ]
    return Silhouette(_mirrored(upper), glass, _tyres_above(car, half), tuple(sides))


def _mirrored(upper: Floats) -> Floats:
    return np.vstack([upper * [1, -1], upper[::-1]])


def _across(start: float, end: float, near: float, far: float) -> Floats:
    return np.array([[start, -near], [end, -far], [end, far], [start, near]])


def _tyres_above(car: Car | None, half: float) -> tuple[Floats, ...]:
    needed = ("wheelbase_mm", "rear_overhang_mm", "track_mm")
    if car is None or car.missing(needed):
        return ()
    wheelbase, rear, track = (car.dimensions[column].value for column in needed)
    long, across = _TYRE_MM
    side = min(track / 2, half - across / 2)
    return tuple(
        rectangle(x - long / 2, y - across / 2, long, across)
        for x in (rear, rear + wheelbase)
        for y in (-side, side)
    )


_PROFILES: dict[str, tuple[tuple[float, float], ...]] = {
    # shares of length and height, from the tail over the roof to the nose
    "sedan": (
        (0, 0.52),
        (0.01, 0.72),
        (0.17, 0.76),
        (0.33, 0.98),
        (0.42, 1),
        (0.55, 0.98),
        (0.70, 0.70),
        (0.94, 0.60),
        (1, 0.42),
    ),
    "hatch": (
        (0, 0.50),
        (0.02, 0.72),
        (0.13, 0.92),
        (0.32, 1),
        (0.50, 0.99),
        (0.70, 0.70),
        (0.94, 0.60),
        (1, 0.42),
    ),
    "suv": (
        (0, 0.45),
        (0.01, 0.64),
        (0.08, 0.95),
        (0.25, 1),
        (0.52, 0.98),
        (0.68, 0.67),
        (0.95, 0.58),
        (1, 0.38),
    ),
    "suv_frame": (
        (0, 0.40),
        (0, 0.66),
        (0.04, 0.97),
        (0.20, 1),
        (0.56, 0.99),
        (0.66, 0.66),
        (0.96, 0.60),
        (1, 0.36),
    ),
    "minivan": (
        (0, 0.42),
        (0.01, 0.62),
        (0.06, 0.96),
        (0.25, 1),
        (0.58, 0.97),
        (0.80, 0.62),
        (0.96, 0.52),
        (1, 0.36),
    ),
    "kei": (
        (0, 0.42),
        (0, 0.62),
        (0.04, 0.97),
        (0.15, 1),
        (0.66, 0.98),
        (0.84, 0.62),
        (0.97, 0.54),
        (1, 0.36),
    ),
    "pickup": (
        (0, 0.40),
        (0, 0.60),
        (0.36, 0.60),
        (0.39, 0.97),
        (0.46, 1),
        (0.60, 0.99),
        (0.71, 0.66),
        (0.96, 0.60),
        (1, 0.36),
    ),
}


def side(car: Car) -> Silhouette:
    """A car seen from its right side, rear end at x 0, ground at y 0. The shape of its body style,
    stretched to its length and height; a style without a shape is drawn as an SUV.
    """
    length, height = _known(car, "length_mm"), _known(car, "height_mm")
    shape = np.array(_PROFILES.get(car.body_style, _PROFILES["suv"])) * [length, height]
    floor = 0.13 * height
    body = np.vstack([[[0, floor]], shape, [[length, floor]]])[::-1]
    tyres: tuple[Floats, ...] = ()
    if not car.missing(("wheelbase_mm", "rear_overhang_mm")):
        rear, wheelbase = _known(car, "rear_overhang_mm"), _known(car, "wheelbase_mm")
        radius = min(_TYRE_MM[0] / 2, 0.24 * height)
        tyres = tuple(circle(np.array([x, radius]), radius, 20) for x in (rear, rear + wheelbase))
    above = box(0, 0.66 * height, length, height)
    glass = Polygon(body).buffer(-0.045 * height).intersection(above)
    outline = np.array(glass.exterior.coords)[:-1] if glass.geom_type == "Polygon" else None
    return Silhouette(body, () if outline is None else (outline,), tyres)


def front(width: float, height: float, mirrors_mm: float = 0.0) -> Silhouette:
    """A car seen from the front, middle at x 0, ground at y 0."""
    half = width / 2
    right = np.array(
        [
            [0.92 * half, 0.12 * height],
            [half, 0.20 * height],
            [half, 0.50 * height],
            [0.93 * half, 0.62 * height],
            [0.74 * half, 0.96 * height],
            [0.60 * half, height],
        ]
    )
    glass = np.array([[0.82, 0.64], [0.67, 0.93], [-0.67, 0.93], [-0.82, 0.64]])
    tyres = tuple(rectangle(x, 0, 0.13 * width, 0.3 * height) for x in (-0.97 * half, 0.71 * half))
    mirrors = tuple(
        rectangle(x, 0.60 * height, mirrors_mm / 2, 0.09 * height)
        for x in (-half - mirrors_mm / 2, half)
        if mirrors_mm
    )
    body = np.vstack([right, right[::-1] * [-1, 1]])
    return Silhouette(body, (glass * [half, height],), tyres, mirrors)


def door(x: float, y: float, length: float, room: float, sign: int) -> list[tuple[float, float]]:
    """The edge of a door opened until its end is `room` from the body: hinge at (x, y), towards the
    rear. sign: 1 opens up the board.
    """
    out = min(room, length)
    return [(x, y), (x - (length**2 - out**2) ** 0.5, y + sign * out)]


def missing_note(cars: Iterable[tuple[str, Car]], columns: Sequence[str]) -> Iterator[str]:
    """What is not drawn, and for want of what."""
    for label, car in cars:
        if lacking := car.missing(columns):
            yield f"{label}: {', '.join(lacking)} missing"


def _known(car: Car, column: str) -> float:
    value = car.value(column)
    if value is None:
        raise ValueError(f"{car.name} has no {column}; leave it out of the drawing and say so")
    return value
