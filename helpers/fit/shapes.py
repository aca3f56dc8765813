"""Parts of to-scale drawings. One unit of the axes is one millimetre, both ways, so that every
polygon can be measured.

Many outlines of one look go into one compound path: the drawing stays small.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.fit.cars import Car
from helpers.show import style

Floats = npt.NDArray[np.float64]
PERSON_HEIGHT_MM, PERSON_SHOULDERS_MM, PERSON_DEPTH_MM = 1_700, 450, 250
"""The person drawn for scale."""
_TYRE_MM = (650, 215)


def prepare(axes: Any, left: float, right: float, bottom: float, top: float) -> None:
    """Make axes a drawing board in millimetres: equal scale, no frame."""
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    axes.set_aspect("equal", adjustable="box")
    axes.set_axis_off()


def rectangle(left: float, bottom: float, width: float, height: float) -> Floats:
    """Corners of an upright rectangle, counter-clockwise."""
    return np.array(
        [
            [left, bottom],
            [left + width, bottom],
            [left + width, bottom + height],
            [left, bottom + height],
        ],
        dtype=float,
    )


def circle(centre: Floats, radius: float) -> Floats:
    """A circle as a polygon of twelve corners."""
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    return centre + radius * np.column_stack([np.cos(turn), np.sin(turn)])


def shapes(axes: Any, outlines: Iterable[Floats], **look: Any) -> None:
    """Draw closed outlines of one look as one path. Overlapping outlines of one direction of turn
    fill as their union.
    """
    closed = [Path(np.vstack([outline, outline[:1]]), closed=True) for outline in outlines]
    if closed:
        axes.add_patch(PathPatch(Path.make_compound_path(*closed), clip_on=False, **look))


def lines(axes: Any, segments: Iterable[Sequence[tuple[float, float]]], **look: Any) -> None:
    """Draw open lines of one look as one path."""
    opened = [Path(np.array(segment, dtype=float)) for segment in segments]
    if opened:
        axes.add_patch(
            PathPatch(Path.make_compound_path(*opened), fill=False, clip_on=False, **look)
        )


def plan(car: Car, left: float, bottom: float) -> Floats:
    """Outline of a car seen from above, lying along x with its rear at `left` and its right side at
    `bottom`.
    """
    return rectangle(left, bottom, _known(car, "length_mm"), _known(car, "width_mm"))


def tyres(car: Car, left: float, bottom: float) -> list[Floats]:
    """Four tyres of a car drawn with `plan`, where wheelbase, overhangs and track are known; else
    none. Their size is the same for all.
    """
    needed = ("wheelbase_mm", "rear_overhang_mm", "track_mm", "width_mm")
    if car.missing(needed):
        return []
    wheelbase, rear, track, width = (_known(car, column) for column in needed)
    long, across = _TYRE_MM
    centres = [
        (left + rear + along, bottom + width / 2 + side)
        for along in (0, wheelbase)
        for side in (-track / 2, track / 2)
    ]
    # The outer faces of the tyres stay inside the body, as they do on a car.
    limit = width / 2 - across / 2
    return [
        rectangle(
            x - long / 2,
            bottom + width / 2 + np.clip(y - bottom - width / 2, -limit, limit) - across / 2,
            long,
            across,
        )
        for x, y in centres
    ]


def scale_bar(axes: Any, x: float, y: float, length_mm: float = 1_000, size: float = 7.5) -> None:
    """A bar of that length with its length in metres."""
    tick = length_mm * 0.08
    ends = [[(end, y - tick), (end, y + tick)] for end in (x, x + length_mm)]
    lines(axes, [[(x, y), (x + length_mm, y)], *ends], color=style.INK, linewidth=1)
    axes.text(
        x + length_mm / 2,
        y + tick * 1.3,
        f"{length_mm / 1000:g} m",
        ha="center",
        va="bottom",
        size=size,
    )


def person_above(axes: Any, x: float, y: float) -> None:
    """A person seen from above, centred."""
    centre = np.array([x, y])
    shoulders = circle(np.zeros(2), 1.0) * [PERSON_DEPTH_MM / 2, PERSON_SHOULDERS_MM / 2] + centre
    shapes(axes, [shoulders], facecolor=style.NEUTRAL, linewidth=0)
    shapes(axes, [circle(centre, 95)], facecolor="white", linewidth=0)


def person_standing(axes: Any, x: float, ground: float) -> None:
    """A person of 1.70 m standing, seen from the front, feet at `ground`."""
    head = circle(np.zeros(2), 1.0) * [85, 115] + [x, ground + PERSON_HEIGHT_MM - 115]
    shoulder, hip, top = PERSON_SHOULDERS_MM / 2, 160, PERSON_HEIGHT_MM - 260
    right = np.array(
        [[hip, 0], [hip, 850], [shoulder, 900], [shoulder, top - 60], [shoulder - 90, top]]
    )
    body = np.vstack([right, right[::-1] * [-1, 1]]) + np.array([x, ground])
    shapes(axes, [head, body], facecolor=style.NEUTRAL, linewidth=0)


def _known(car: Car, column: str) -> float:
    value = car.value(column)
    if value is None:
        raise ValueError(f"{car.name} has no {column}; leave it out of the drawing and say so")
    return value
