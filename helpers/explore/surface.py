"""What the panel's drawings are drawn on: a canvas of the suite, or SVG written at once, because
they follow every move of a control.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from helpers.show import style
from helpers.show.canvas import LINE_HEIGHT, TEXT_PX
from helpers.texts import escaped

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


class Surface(Protocol):
    """What texts, lines and boxes are put on; lengths are pixels from the left and the top."""

    width: float
    narrow: bool

    def text(self, x: float, y: float, words: str, *, size: float = ..., **look: Any) -> float:
        """Words whose line begins below y; where the next line would begin."""
        ...

    def line(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """A line between points."""
        ...

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """A filled rectangle."""
        ...


class LiveSurface:
    """SVG written without measuring a text: a thousandth of the time of a canvas."""

    def __init__(self, width: float) -> None:
        self.width, self.narrow = width, False
        self._marks: list[str] = []
        self._bottom = 0.0

    def text(self, x: float, y: float, words: str, *, size: float = TEXT_PX, **look: Any) -> float:
        """See Surface."""
        anchor = _ANCHORS[look.get("ha", "left")]
        weight = ' font-weight="700"' if look.get("weight") == "bold" else ""
        self._marks.append(
            f'<text x="{x:.1f}" y="{y + size:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
            f'{weight} fill="{look.get("color", style.INK)}">{escaped(words)}</text>'
        )
        return self._reach(y + LINE_HEIGHT * size)

    def line(self, xs: Sequence[float], ys: Sequence[float], **look: Any) -> None:
        """See Surface."""
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        dashes = ' stroke-dasharray="5 3"' if look.get("linestyle") == "--" else ""
        self._marks.append(
            f'<polyline points="{points}" fill="none" stroke="{look.get("color", style.INK)}" '
            f'stroke-width="{look.get("linewidth", 1):g}"{dashes}/>'
        )
        self._reach(max(ys))

    def box(self, x: float, y: float, width: float, height: float, **look: Any) -> None:
        """See Surface."""
        self._marks.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{look["color"]}"/>'
        )
        self._reach(y + height)

    def svg(self, alt: str) -> str:
        """All of it as one element. alt: what it says to who cannot see it."""
        return (
            f'<svg viewBox="0 0 {self.width:g} {self._bottom + 2:.0f}" role="img" '
            f'aria-label="{escaped(alt)}" style="width:100%;max-width:{self.width:g}px;'
            f'background:#fff;font-family:{style.FAMILY},Verdana,sans-serif">'
            f"{''.join(self._marks)}</svg>"
        )

    def _reach(self, y: float) -> float:
        self._bottom = max(self._bottom, y)
        return y
