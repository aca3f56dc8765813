"""A figure as it reaches a notebook: two drawings of one finding, its words, alt text and data."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from helpers.show import style
from helpers.show.canvas import LINE_HEIGHT, NARROW_PX, WIDE_PX, Canvas, unreadable, wrapped
from helpers.show.svg import SvgRenderer
from helpers.texts import LONGEST_ALT, csv_text, escaped, visible

MIME = "application/vnd.reverse-imports.figure+json"
NARROW_MIME = "application/vnd.reverse-imports.narrow+svg"
TITLE_PX, SUBTITLE_PX, SOURCE_PX = 16.0, 12.5, 11.0
GAP_PX = 8.0


@dataclass(frozen=True)
class Drawing:
    """A figure drawn for a page and for a phone. It shows itself at the end of a cell.

    name: unique in the notebook, small letters, digits and _; names the downloads and begins every
    id. title: the finding, one sentence. subtitle: measure, unit, period. source: publishers, and
    the scenario where it matters. draw: puts the plot on a surface of either width, without the
    words. alt: chart type, what it shows and the headline number, live, at most 400 characters.
    data: the plotted values, one row a mark; becomes the CSV download.
    Raises ValueError for an empty or long alt text, a figure without title, or an unusable name.
    """

    name: str
    title: str
    subtitle: str
    source: str
    draw: Callable[[Canvas], None]
    alt: str
    data: pd.DataFrame

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a figure needs a title: write what it shows as a sentence")
        if not 20 <= len(self.alt) <= LONGEST_ALT:
            raise ValueError(
                f"the alt text has {len(self.alt)} characters; write 20 to {LONGEST_ALT}"
            )
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise ValueError(f"figure name {self.name!r}: write small letters, digits and _")

    def canvas(self, width: float) -> Canvas:
        """The plot on a surface of this width."""
        surface = Canvas(width)
        with style.pixels():
            self.draw(surface)
        return surface

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return dict(self.bundle)

    @cached_property
    def bundle(self) -> dict[str, Any]:
        """Both drawings with their words and data, as a notebook takes them. Drawn once."""
        wide, narrow = (self._drawn(width) for width in (WIDE_PX, NARROW_PX))
        standalone, words = self._with_words(wide)
        described = {
            "name": self.name,
            "title": self.title,
            "alt": self.alt,
            "csv": csv_text(self.data),
            "words": words,
        }
        faults = [
            f"{plot.width_px:g} px: {fault}"
            for plot in (wide, narrow)
            for fault in unreadable(plot)
        ]
        return {
            "image/svg+xml": standalone,
            NARROW_MIME: _root(NARROW_PX, narrow.height_px, self.alt) + _marks(narrow) + "</svg>",
            "text/plain": self.alt,
            MIME: described | ({"faults": faults} if faults else {}),
        }

    def _drawn(self, width: float) -> SvgRenderer:
        with style.pixels():
            narrow = "-narrow" if width < WIDE_PX else ""
            return self.canvas(width).drawn(f"{self.name}{narrow}")

    def _with_words(self, plot: SvgRenderer) -> tuple[str, dict[str, Any]]:
        """The drawing with its words above and below it; the words, and the shares of the height
        that they take.
        """
        head, y = _lines(self.title, TITLE_PX, 0.0, 'font-weight="700"')
        more, y = _lines(self.subtitle, SUBTITLE_PX, y, 'fill="#444444"')
        top = y + GAP_PX
        below = top + plot.height_px
        foot, end = _lines(f"Source: {self.source}", SOURCE_PX, below, 'fill="#555555"')
        total = end + GAP_PX
        groups = (
            f'<g id="{self.name}-words-head">{head}{more}</g>',
            f'<g transform="translate(0 {top:.2f})">{_marks(plot)}</g>',
            f'<g id="{self.name}-words-source">{foot}</g></svg>',
        )
        words = {
            "title": self.title,
            "subtitle": self.subtitle,
            "source": self.source,
            "top_share": round(top / total, 6),
            "bottom_share": round((total - below) / total, 6),
        }
        size = f'width="{WIDE_PX:g}" height="{total:.2f}" '
        return _root(WIDE_PX, total, self.alt, size) + "\n".join(groups), words


def _marks(plot: SvgRenderer) -> str:
    named = plot.definitions()
    return (f"<defs>{named}</defs>\n" if named else "") + "\n".join(plot.marks)


def _root(width: float, height: float, alt: str, size: str = "") -> str:
    """size: attributes for Jupyter, which shows it as a picture; in a page the style rules."""
    look = f"width:100%;max-width:{width:g}px;height:auto;background:#fff;fill:{style.INK.lower()};"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{size}viewBox="0 0 {width:g} {height:.2f}" role="img" aria-label="{escaped(alt)}" '
        f'style="{look}font-family:{style.FAMILY},Verdana,Arial,sans-serif">'
    )


def _lines(words: str, size: float, y: float, look: str) -> tuple[str, float]:
    """Lines of words as SVG that begin below y, and where the next would begin."""
    weight = "bold" if "700" in look else "normal"
    drawn = list[str]()
    for line in wrapped(words, WIDE_PX, size, weight):
        baseline = y + size
        drawn.append(
            f'<text x="0" y="{baseline:.2f}" font-size="{size:g}" {look}>'
            f"{escaped(visible(line))}</text>"
        )
        y += LINE_HEIGHT * size
    return "".join(drawn), y
