"""One look for every figure: colours with a fixed meaning, finding on top, source line below."""

import functools
import warnings
import weakref
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from helpers.texts import visible

# Okabe-Ito colours, safe for common colour-vision deficiencies. The meaning of each is the same in
# all figures.
JAPAN_TO_US = "#0072B2"
US_TO_JAPAN = "#D55E00"
NEUTRAL = "#6B6B6B"
LIGHT = "#C9C9C9"
INK = "#1A1A1A"
ACCENTS = ("#CC79A7", "#E69F00", "#009E73", "#56B4E9")
GOOD, CAUTION, BAD = "#0072B2", "#E69F00", "#D55E00"

WIDTH_IN = 7.5
FAMILY = "DejaVu Sans"
_RC: Any = {
    "font.family": FAMILY,
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": NEUTRAL,
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "reverse-imports",
    "text.parse_math": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
# On a surface of pixels a point is a pixel.
_PIXELS: Any = {
    "font.size": 12.0,
    "xtick.labelsize": 11.0,
    "ytick.labelsize": 12.0,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "axes.linewidth": 1.0,
    "xtick.major.width": 1.0,
    "ytick.major.width": 1.0,
    "lines.linewidth": 2.5,
    "figure.dpi": 72.0,
}


@dataclass(frozen=True)
class Words:
    """The words around a plot, which a page sets in its own type. top_share, bottom_share: parts of
    the height they take.
    """

    title: str
    subtitle: str
    source: str
    top_share: float
    bottom_share: float


_WORDS: "weakref.WeakKeyDictionary[Figure, Words]" = weakref.WeakKeyDictionary()


def canvas(
    title: str,
    subtitle: str,
    source: str,
    *,
    rows: int = 1,
    columns: int = 1,
    height_in: float = 4.2,
    **subplots: Any,
) -> tuple[Figure, Any]:
    """A figure with its words in place, and its axes as `Figure.subplots` returns them.

    title: the finding, one sentence. subtitle: measure, unit, period. source: publishers, and the
    scenario where it matters.
    height_in: height of the plot area in inches; the words come on top of it.
    """
    title, subtitle, source = (
        " ".join(visible(text).split()) for text in (title, subtitle, source)
    )
    with rc():
        title_lines = _lines(title, size=12.5, weight="bold")
        subtitle_lines = _lines(subtitle, size=9.5)
        source_lines = _lines(f"Source: {source}", size=8)
    top_in = 0.12 + 0.235 * len(title_lines) + 0.175 * len(subtitle_lines) + 0.1
    bottom_in = 0.08 + 0.15 * len(source_lines)
    total_in = height_in + top_in + bottom_in
    # stays in force: what a builder adds later reads the style when it is added
    matplotlib.rcParams.update(_RC)
    with rc():
        figure = Figure(figsize=(WIDTH_IN, total_in), layout="constrained")
        engine: Any = figure.get_layout_engine()
        engine.set(
            rect=(0.01, bottom_in / total_in, 0.98, height_in / total_in), w_pad=0.06, h_pad=0.06
        )
        axes = figure.subplots(rows, columns, **subplots)
        words: Sequence[tuple[str, float, list[str], dict[str, Any]]] = (
            (
                "title",
                total_in - 0.12,
                title_lines,
                {"size": 12.5, "weight": "bold", "linespacing": 1.25},
            ),
            (
                "subtitle",
                total_in - 0.14 - 0.235 * len(title_lines),
                subtitle_lines,
                {"size": 9.5, "color": "#444444", "linespacing": 1.2},
            ),
            (
                "source",
                bottom_in - 0.03,
                source_lines,
                {"size": 8, "color": "#555555", "linespacing": 1.2},
            ),
        )
        for part, height, lines, look in words:
            figure.text(
                0.012,
                height / total_in,
                "\n".join(lines),
                va="top",
                ha="left",
                gid=f"words-{part}",
                **look,
            )
    figure.set_label(title)
    _WORDS[figure] = Words(
        title, subtitle, source, round(top_in / total_in, 4), round(bottom_in / total_in, 4)
    )
    return figure, axes


def _lines(text: str, *, size: float, weight: str = "normal") -> list[str]:
    """The text cut into lines that fit the figure's width."""
    room = 0.97 * WIDTH_IN * 72

    def fits(line: str) -> bool:
        return sum(_advance(letter, size, weight) for letter in line) <= room

    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if fits(longer):
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        while not fits(word):  # a single word wider than the figure, cut where it must be
            end = next(length for length in range(len(word) - 1, 0, -1) if fits(word[:length]))
            lines[-1:] = [word[:end], word[end:]]
            word = word[end:]
        lines[-1] = word
    return lines


@functools.cache
def _advance(letter: str, size: float, weight: str) -> float:
    """How far a letter moves the pen, in points; one that our font lacks counts as a square, as in
    Japanese. Kerning is left out: a line keeps more room free than it moves.
    """
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    if not font.get_char_index(ord(letter)):
        return size
    font.set_size(size, 72)
    return float(font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536


def words(figure: Figure) -> Words | None:
    """The words of a figure made by `canvas`; None for any other."""
    return _WORDS.get(figure)


@contextmanager
def rc(look: Any = MappingProxyType({})) -> Iterator[None]:
    """The style while a figure is built or drawn, without warnings about letters that our font
    lacks: the reader's browser has them.
    """
    with matplotlib.rc_context(_RC | look), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def pixels() -> AbstractContextManager[None]:
    """The style on a surface of pixels."""
    return rc(_PIXELS)
