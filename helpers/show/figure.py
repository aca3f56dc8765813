"""The one way a figure reaches a notebook: SVG with a name, alt text and its data."""

import io
import re
import warnings
from dataclasses import asdict

import pandas as pd
from IPython.display import display
from matplotlib.figure import Figure

from helpers.show import style
from helpers.show.table import csv_text
from helpers.show.text import escaped, visible

MIME = "application/vnd.reverse-imports.figure+json"
LONGEST_ALT = 400
# Verdana has the widths of DejaVu Sans, in which the labels were measured.
_ROOT_STYLE = (
    "width:100%;max-width:720px;height:auto;background:#fff;stroke-linejoin:round;stroke-linecap:butt;font-family:'DejaVu Sans',Verdana,Arial,sans-serif"
)


def figure(fig: Figure, *, name: str, alt: str, data: pd.DataFrame) -> None:
    """Publish a figure made with `style.canvas`.

    name: unique in the notebook, small letters, digits and _; names the CSV download and prefixes every id.
    alt: chart type, what it shows and the headline number, live, at most 400 characters.
    data: the plotted values, one row a mark; becomes the CSV download.
    Raises ValueError for a figure without a title, an empty or long alt text, or an unusable name.
    """
    title = str(fig.get_label())
    if not title:
        raise ValueError("a figure needs a title: make it with style.canvas")
    if not 20 <= len(alt) <= LONGEST_ALT:
        raise ValueError(f"the alt text has {len(alt)} characters; write 20 to {LONGEST_ALT}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"figure name {name!r}: write small letters, digits and _")
    words = style.words(fig)
    bundle = {
        "image/svg+xml": _svg(fig, name, alt),
        "text/plain": alt,
        MIME: {"name": name, "title": title, "alt": alt, "csv": csv_text(data), **({"words": asdict(words)} if words else {})},
    }
    display(bundle, raw=True)


def _svg(fig: Figure, name: str, alt: str) -> str:
    """The figure as a standalone SVG element: accessible name, ids of its own, no date, version, fixed size or style for its neighbours."""
    buffer = io.StringIO()
    with style.rc(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # the reader's browser has the letter
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = _slim(visible(buffer.getvalue()))
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{name}-\2"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    head, body = text.split(">", 1)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    head += f' role="img" aria-label="{escaped(alt)}" style="{_ROOT_STYLE}"'
    return f"{head}>{body}".strip()


def _slim(text: str) -> str:
    """matplotlib's SVG without what no reader sees: prolog, comments, style for the whole page, family on every text, unused ids, lone groups."""
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>|\s*<!--.*?-->|\s*<style type=\"text/css\">.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<defs>\s*</defs>", "", text)
    text = re.sub(r' (d|x|y|transform|points)="[^"]*"', lambda match: re.sub(r"-?\d+\.\d{3,}", _two_decimals, match.group()), text)
    text = re.sub(r' transform="rotate\(-?0 [^"]*"', "", text)
    text = re.sub(r"; font-family: [^;\"]*|font-family: [^;\"]*; ", "", text)  # the root names the family
    text = re.sub(r"font: ((?:italic|oblique) )?((?:\d+|bold) )?([\d.]+px) [^;\"]*", _font, text)
    used = {one or other for one, other in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)}
    text = re.sub(r' id="([^"]+)"', lambda match: match.group() if match[1] in used or match[1].startswith("words-") else "", text)
    for _ in range(2):
        text = re.sub(r"<g>\s*(<(?:text|path|use)\b[^<>]*(?:/>|>[^<>]*</text>))\s*</g>", r"\1", text)
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


def _two_decimals(match: re.Match[str]) -> str:
    """A hundredth of a point is finer than any screen or printer, and the same on every processor."""
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _font(match: re.Match[str]) -> str:
    """matplotlib's font shorthand without the family."""
    slant, weight, size = match.groups()
    return (f"font-style: {slant.strip()}; " if slant else "") + (f"font-weight: {weight.strip()}; " if weight else "") + f"font-size: {size}"
