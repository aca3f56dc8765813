"""Surfaces of to-scale drawings. One unit of a board is one millimetre, both ways, so that every
outline can be measured.

Many outlines of one look go into one compound path: the drawing stays small.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.fit.cars import SOURCED, Car, shape
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE
from helpers.fit.part import FitPart
from helpers.fit.shapes import Silhouette, circle
from helpers.fit.turning import Shape
from helpers.quantities import Floats
from helpers.show import Canvas, Drawing, style
from helpers.show.canvas import wrapped
from helpers.texts import short

OWN_DRAWING = "makers and press for the cars, see the tables; own drawing."
COLOUR = {USABLE: style.GOOD, WITH_CARE: style.CAUTION, NO: style.BAD, NOT_COMPUTED: style.NEUTRAL}
PAPER, WALL, EDGE, GLASS = "#F1F1EE", "#BDBDB6", "#D9D9D2", "#FFFFFF"
_NOTE_PX, _HEAD_PX = 11.0, 12.0
MOST_BOARDS = 13
"""How many cars are drawn: more would not fit the size of a page."""
_PERSON_MM = (250, 450)
"""A person seen from above: depth and shoulders."""
Head = tuple[str, str]
"""The name of what a board shows, and a line on it."""


@dataclass(frozen=True)
class Board:
    """Axes in millimetres, as far to the right and up as `wide` and `high`."""

    axes: Axes
    wide: float
    high: float

    def fill(self, outlines: Iterable[Floats], **look: Any) -> None:
        """Closed outlines of one look as one path; overlapping ones fill as their union."""
        closed = [Path(np.vstack([outline, outline[:1]]), closed=True) for outline in outlines]
        if closed:
            look = {"linewidth": 0} | look
            self.axes.add_patch(PathPatch(Path.make_compound_path(*closed), clip_on=False, **look))

    def stroke(self, segments: Iterable[Any], **look: Any) -> None:
        """Open lines of one look as one path."""
        opened = [Path(np.array(segment, dtype=float)) for segment in segments]
        if opened:
            look = {"edgecolor": style.INK, "linewidth": 1.0, "fill": False} | look
            self.axes.add_patch(PathPatch(Path.make_compound_path(*opened), clip_on=False, **look))

    def words(self, x: float, y: float, text: str, **look: Any) -> None:
        """A note at a point of the board."""
        where: dict[str, Any] = {"size": _NOTE_PX, "ha": "center", "va": "center"}
        self.axes.text(x, y, text, **where | look)

    def cars(self, views: Iterable[Silhouette], colour: str, alpha: float = 0.5) -> None:
        """Cars of one colour with their mirrors, glass and tyres."""
        drawn = list(views)
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": style.INK, "linewidth": 0.8}
        self.fill([car.body for car in drawn], alpha=alpha, **look)
        self.fill([mirror for car in drawn for mirror in car.mirrors], **look)
        self.fill([tyre for car in drawn for tyre in car.tyres], facecolor=style.INK, alpha=0.7)
        glass = [pane for car in drawn for pane in car.glass]
        self.fill(glass, facecolor=GLASS, alpha=0.65, edgecolor=style.INK, linewidth=0.5)

    def parked(self, cars: Iterable[Silhouette]) -> None:
        """Neighbours that stand still, cut at the ends of the board."""
        cut = (car.body.clip([0, 0], [self.wide, self.high]) for car in cars)
        seen = [body for body in cut if np.ptp(body[:, 0]) > 300]
        self.fill(seen, facecolor=style.LIGHT, edgecolor=style.NEUTRAL, linewidth=0.6)

    def poses(self, outlines: Sequence[Floats], colour: str) -> None:
        """Poses of one car on its way, the last one boldest."""
        self.fill(outlines[:-1], facecolor=colour, alpha=0.25)
        self.fill(outlines[-1:], facecolor=colour, alpha=0.55)
        self.stroke([[*outline, outline[0]] for outline in outlines], linewidth=0.7)

    def person(self, x: float, y: float) -> None:
        """A person seen from above, centred."""
        centre = np.array([x, y])
        self.fill([circle(np.zeros(2), 0.5) * _PERSON_MM + centre], facecolor=style.NEUTRAL)
        self.fill([circle(centre, 95)], facecolor="white")

    def length(self, x: float, y: float, length_mm: float, text: str = "") -> None:
        """A level line of that length with ticks at its ends, and above it its length or a text."""
        ends = [[(end, y - 120), (end, y + 120)] for end in (x, x + length_mm)]
        self.stroke([[(x, y), (x + length_mm, y)], *ends])
        middle = x + length_mm / 2
        self.words(middle, y + 120, text or f"{length_mm / 1000:g} m", va="bottom")


def board(canvas: Canvas, top: float, left: float, width: float, wide: float, high: float) -> Board:
    """A board of that many millimetres on so many pixels of width."""
    axes = canvas.axes(top, width * high / wide, left=left, right=canvas.width - left - width)
    axes.set(xlim=(0, wide), ylim=(0, high))
    axes.set_axis_off()
    return Board(axes, wide, high)


def boards(
    canvas: Canvas,
    heads: Sequence[Head],
    size_mm: tuple[float, float],
    columns: tuple[int, int],
    draw: Callable[[int, Board], None],
) -> float:
    """A board for each head, the head right above it, so that a name stands by its own drawing; of
    many the first `MOST_BOARDS`, with a word on the others, which stand in the data.

    columns: how many stand side by side on a page, and on a phone. Returns where the last ends.
    """
    count, gap, y = columns[canvas.narrow], 16.0, 0.0
    left_out, heads = len(heads) - MOST_BOARDS, heads[:MOST_BOARDS]
    width = (canvas.width - gap * (count - 1)) / count
    for start in range(0, len(heads), count):
        row = range(start, min(start + count, len(heads)))
        lefts = {index: (index - start) * (width + gap) for index in row}
        under = max(_headed(canvas, y, lefts[index], width, heads[index]) for index in row) + 3
        for index, left in lefts.items():
            draw(index, board(canvas, under, left, width, *size_mm))
        y = under + width * size_mm[1] / size_mm[0] + 18
    if left_out > 0:
        return canvas.text(0, y, f"{left_out} more in the data of this figure", size=_NOTE_PX)
    return y - 18


def _headed(canvas: Canvas, y: float, left: float, width: float, head: Head) -> float:
    for text, size, weight in zip(head, (_HEAD_PX, _NOTE_PX), ("bold", "normal"), strict=True):
        for line in wrapped(text, width, size, weight):
            y = canvas.text(left, y, line, size=size, weight=weight)
    return y


def multiples(
    words: tuple[str, str, str, str],
    what: str,
    heads: Sequence[Head],
    data: pd.DataFrame,
    size_mm: tuple[float, float],
    columns: tuple[int, int],
    draw: Callable[[int, Board], None],
) -> Drawing:
    """A drawing of one board a car. words: name, title, subtitle, source. what: what the boards
    show, for the description. data: a row a board.
    """
    name, title, subtitle, source = words
    told = "; ".join(f"{head}: {note}" for head, note in heads)
    alt = short(f"To-scale {what}, {len(heads)} boards. {title}. {told}.")

    def plot(canvas: Canvas) -> None:
        boards(canvas, heads, size_mm, columns, draw)

    return Drawing(name, title, subtitle, source, plot, alt, data)


def turning_cars(fit: FitPart) -> list[tuple[Any, Shape]]:
    """The cars shown whose plan is known."""
    plans = ((row, shape(fit.car[row.vehicle_id])) for row in fit.rows)
    return [(row, plan) for row, plan in plans if plan is not None]


def assumed(cars: Iterable[Car]) -> str:
    """What a title says where a turning radius has no source."""
    bases = {car.dimensions["turn_radius_m"].basis for car in cars}
    return " (turning radii assumed)" if bases - {SOURCED} else ""
