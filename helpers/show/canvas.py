"""A drawing surface measured in pixels: axes and texts are placed, and what cannot be read is told.

A figure is drawn twice, for a page and for a phone, and shown at the size it was drawn in.
"""

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from helpers import numbers
from helpers.show import style
from helpers.show.svg import DrawnText, SvgRenderer
from helpers.texts import visible

WIDE_PX, NARROW_PX = 720.0, 338.0
TEXT_PX, SMALLEST_PX = 12.0, 11.0
LINE_HEIGHT = 1.3
# What the numbers below an axis take.
AXIS_PX = 20.0
# What half of a first number on an axis takes.
FIRST_NUMBER_PX = 6.0
# What a mark takes before its words in a key.
KEY_PX = 24.0
# Boxes of letters hold room above and below the ink: neighbours may share this much.
SHARED_PX = 1.5


class Canvas:
    """A figure of one width that grows downwards. All lengths are pixels, from the left and the
    top.

    width: 720 on a page, 338 on a phone. narrow: whether this is the drawing for a phone.
    """

    def __init__(self, width: float) -> None:
        self.width = width
        self.narrow = width < WIDE_PX
        self.bottom = 0.0
        self.figure = Figure(figsize=(width / 72, 1), dpi=72, facecolor="none")
        self.pixels = Affine2D()
        self._places: list[tuple[Axes, tuple[float, float, float, float]]] = []

    @property
    def bar_height(self) -> float:
        """Height of a bar in its row, which holds its name as well on a phone."""
        return 0.38 if self.narrow else 0.62

    def axes(
        self, top: float, height: float, *, left: float = 0.0, right: float = 0.0, **look: Any
    ) -> Axes:
        """Axes whose frame begins at `top` and keeps `left` and `right` free for their labels."""
        axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0), **look)
        self._places.append((axes, (left, top, self.width - left - right, height)))
        self.reach(top + height)
        return axes

    def rows(
        self,
        labels: Sequence[str],
        top: float,
        *,
        left: float,
        right: float = 0.0,
        row: float = 26.0,
        **look: Any,
    ) -> Axes:
        """Axes for one mark or bar a label, at y 0, 1, … from the top. On a page the labels stand
        at the left within `left` pixels, each centred on its row; on a phone above their rows.

        right: pixels kept free at the right. row: height of a row's marks.
        """
        above = LINE_HEIGHT * TEXT_PX + 2 if self.narrow else 0.0
        step = row + above
        frame = {"left": FIRST_NUMBER_PX if self.narrow else left, "right": right}
        axes = self.axes(top, step * len(labels), **frame)
        shift = (above + row / 2) / step
        axes.set(ylim=(len(labels) - shift, -shift), yticks=[])
        axes.spines["left"].set_visible(False)
        for index, label in enumerate(labels):
            y = top + index * step
            if self.narrow:
                self.text(0, y, label, **look)
                continue
            lines = wrapped(label, left - 10, TEXT_PX, look.get("weight", "normal"))
            y += (step - LINE_HEIGHT * TEXT_PX * len(lines)) / 2
            for line in lines:
                y = self.text(0, y, line, **look)
        return axes

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = TEXT_PX,
        width: float | None = None,
        **look: Any,
    ) -> float:
        """Words whose first line begins below y, wrapped to `width` if it is given; where the next
        line would begin. look: matplotlib's, such as `ha`, `color`, `weight`.
        """
        lines = wrapped(words, width, size, look.get("weight", "normal")) if width else [words]
        for line in lines:
            baseline = y + size
            self.figure.text(
                x, baseline, visible(line), size=size, va="baseline", transform=self.pixels, **look
            )
            y += LINE_HEIGHT * size
        self.reach(y)
        return y

    def key(self, top: float, entries: Iterable[tuple[str, dict[str, Any]]]) -> float:
        """What the marks mean, side by side where they fit; where the next line would begin.

        entries: words, and the look of a line with a mark in its middle.
        """
        x, y, bottom = 0.0, top, top
        for words, look in entries:
            wide = KEY_PX + length(words)
            if x and x + wide > self.width:
                x, y = 0.0, bottom
            middle = y + 0.6 * LINE_HEIGHT * TEXT_PX
            self.line((x, x + 9, x + 18), (middle,) * 3, markevery=[1], **look)
            end = self.text(x + KEY_PX, y, words, width=self.width - x - KEY_PX)
            x, bottom = x + wide + KEY_PX, max(bottom, end)
        return bottom + 4

    def line(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """A line between points of the surface."""
        self.figure.add_artist(Line2D(xs, ys, transform=self.pixels, **look))
        self.reach(max(ys))

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """A filled rectangle."""
        self.figure.add_artist(Rectangle((x, y), width, height, transform=self.pixels, **look))
        self.reach(y + height)

    def reach(self, y: float) -> None:
        """Make the figure at least so high."""
        if not math.isfinite(y):
            raise ValueError("a mark stands at no place: its coordinates are not numbers")
        self.bottom = max(self.bottom, y)

    def drawn(self, prefix: str) -> SvgRenderer:
        """The figure drawn. prefix: stands before each id."""
        height = max(1, math.ceil(self.bottom))
        self.figure.set_size_inches(self.width / 72, height / 72)
        self.pixels.clear().scale(1, -1).translate(0, height)
        for axes, (left, top, wide, high) in self._places:
            bounds = (left / self.width, 1 - (top + high) / height)
            axes.set_position((*bounds, wide / self.width, high / height))
        renderer = SvgRenderer(self.width, height, prefix)
        self.figure.draw(renderer)
        return renderer


def bare(axes: Axes, lowest: float, highest: float) -> None:
    """Only bars and marks between these ends: their numbers stand beside them."""
    axes.set(xlim=(lowest, highest), xticks=[])
    axes.spines[["left", "bottom"]].set_visible(False)


def beside(axes: Axes, value: float, row: float, words: str, **look: Any) -> None:
    """Words right of a bar or mark."""
    place: dict[str, Any] = {"textcoords": "offset points", "va": "center"}
    axes.annotate(words, (value, row), (8, 0), annotation_clip=False, **place, **look)


def unreadable(drawn: SvgRenderer) -> list[str]:
    """What a reader could not read in a drawing: small, cut and colliding texts, in words."""
    return [*_small(drawn.texts), *_cut(drawn), *_colliding(drawn.texts)]


def _small(texts: Sequence[DrawnText]) -> Iterator[str]:
    for text in texts:
        if text.size_px < SMALLEST_PX:
            yield f"{text.text!r} is {text.size_px:g} px high; write at least {SMALLEST_PX:g}"


def _cut(renderer: SvgRenderer) -> Iterator[str]:
    for text in renderer.texts:
        box = text.box
        outside = max(
            -box.x0, -box.y0, box.x1 - renderer.width_px, box.y1 - renderer.height_px - SHARED_PX
        )
        if outside > SHARED_PX:
            yield f"{text.text!r} stands {outside:.0f} px outside the figure"


def _colliding(texts: Sequence[DrawnText]) -> Iterator[str]:
    boxes = np.array([text.box.extents for text in texts]).reshape(-1, 1, 4)
    others = boxes.transpose(1, 0, 2)
    shared = np.minimum(boxes[..., 2:], others[..., 2:]) - np.maximum(
        boxes[..., :2], others[..., :2]
    )
    for index, other in np.argwhere(np.triu((shared > SHARED_PX).all(axis=-1), 1)):
        wide, high = shared[index, other]
        pair = f"{texts[index].text!r} and {texts[other].text!r}"
        yield f"{pair} overlap by {wide:.0f} × {high:.0f} px"


def wrapped(words: str, width: float, size: float, weight: Any = "normal") -> list[str]:
    """The text cut into lines of at most `width` pixels, never between a number and its unit."""
    lines = [""]
    tied = numbers.unbroken(" ".join(visible(words).split()))
    for word in (part.replace("\u00a0", " ") for part in tied.split(" ")):
        longer = f"{lines[-1]} {word}".lstrip()
        if length(longer, size, weight) <= width:
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        while length(word, size, weight) > width and len(word) > 1:
            end = next(
                end
                for end in range(len(word) - 1, 0, -1)
                if end == 1 or length(word[:end], size, weight) <= width
            )
            lines[-1:] = [word[:end], word[end:]]
            word = word[end:]
        lines[-1] = word
    return lines


def length(words: str, size: float = TEXT_PX, weight: Any = "normal") -> float:
    """The width of a line in pixels. Kerning is left out: a line keeps more room than it needs."""
    return sum(_advance(letter, size, str(weight)) for letter in words)


@functools.cache
def _advance(letter: str, size: float, weight: str) -> float:
    """How far a letter moves the pen; one that our font lacks counts as a square."""
    font = get_font(findfont(FontProperties(family=style.FAMILY, weight=weight)))
    if not font.get_char_index(ord(letter)):
        return size
    font.set_size(size, 72)
    return float(font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres for labels that want to stand at `wanted` and take `sizes`: in their order, without
    overlap, moved as little as possible (least squares), between `low` and `high` where they fit.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    offsets, total = {}, 0.0
    for index in order:
        offsets[index] = total + sizes[index] / 2
        total += sizes[index]
    blocks: list[list[float]] = []  # mean of the block's wanted starts, number of labels
    for index in order:
        blocks.append([wanted[index] - offsets[index], 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (mean, count), (last, number) = blocks[-2:]
            joint = count + number
            blocks[-2:] = [[(mean * count + last * number) / joint, joint]]
    starts = itertools.chain.from_iterable([mean] * int(count) for mean, count in blocks)
    latest = max(low, high - total)
    return [
        centre
        for _, centre in sorted(
            (index, min(max(start, low), latest) + offsets[index])
            for index, start in zip(order, starts, strict=True)
        )
    ]
