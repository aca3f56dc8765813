"""One look for every figure: colours with a fixed meaning, and lines and letters in pixels."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

# Okabe-Ito colours, safe for common colour-vision deficiencies. The meaning of each is the same in
# all figures.
JAPAN_TO_US = "#0072B2"
US_TO_JAPAN = "#D55E00"
NEUTRAL = "#6B6B6B"
LIGHT = "#C9C9C9"
INK = "#1A1A1A"
ACCENTS = ("#CC79A7", "#E69F00", "#009E73", "#56B4E9")
GOOD, CAUTION, BAD = "#0072B2", "#E69F00", "#D55E00"

FAMILY = "DejaVu Sans"
# On a surface of 72 dots an inch a point is a pixel.
_LOOK: Any = {
    "font.family": FAMILY,
    "font.size": 12.0,
    "figure.dpi": 72.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": NEUTRAL,
    "axes.labelcolor": INK,
    "axes.linewidth": 1.0,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 11.0,
    "ytick.labelsize": 12.0,
    "xtick.major.width": 1.0,
    "ytick.major.width": 1.0,
    "text.color": INK,
    "text.parse_math": False,
    "legend.frameon": False,
    "lines.linewidth": 2.5,
}


@contextmanager
def pixels() -> Iterator[None]:
    """The style while a figure is built or drawn, without warnings about letters that our font
    lacks: the reader's browser has them.
    """
    with matplotlib.rc_context(_LOOK), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield
