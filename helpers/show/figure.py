"""The one way a figure reaches a notebook: SVG with a name, alt text and its data."""

import html
import io
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from IPython.display import display
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from helpers.show import style
from helpers.texts import LONGEST_ALT, csv_text, escaped, visible

MIME = "application/vnd.reverse-imports.figure+json"
# Verdana has the widths of DejaVu Sans, in which the labels were measured.
_ROOT_STYLE = (
    "width:100%;max-width:720px;height:auto;background:#fff;fill:#1a1a1a;stroke-linejoin:round;stroke-linecap:butt;"
    "font-family:'DejaVu Sans',Verdana,Arial,sans-serif"
)


@dataclass(frozen=True)
class Chart:
    """A figure with its name, alt text and data. It shows itself at the end of a cell.

    name: unique in the notebook, small letters, digits and _; names the CSV download and prefixes
    every id.
    figure: made with `style.canvas`.
    alt: chart type, what it shows and the headline number, live, at most 400 characters.
    data: the plotted values, one row a mark; becomes the CSV download.
    Raises ValueError for a figure without a title, an empty or long alt text, or an unusable name.
    """

    name: str
    figure: Figure
    alt: str
    data: pd.DataFrame

    def __post_init__(self) -> None:
        if not self.figure.get_label():
            raise ValueError("a figure needs a title: make it with style.canvas")
        if not 20 <= len(self.alt) <= LONGEST_ALT:
            raise ValueError(
                f"the alt text has {len(self.alt)} characters; write 20 to {LONGEST_ALT}"
            )
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise ValueError(f"figure name {self.name!r}: write small letters, digits and _")

    @property
    def title(self) -> str:
        """The finding that stands above the plot."""
        return str(self.figure.get_label())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        words = style.words(self.figure)
        described = {
            "name": self.name,
            "title": self.title,
            "alt": self.alt,
            "csv": csv_text(self.data),
        }
        return {
            "image/svg+xml": svg(self.figure, self.name, self.alt),
            "text/plain": self.alt,
            MIME: described | ({"words": asdict(words)} if words else {}),
        }


def figure(fig: Figure, *, name: str, alt: str, data: pd.DataFrame) -> None:
    """Publish a figure made with `style.canvas`; see `Chart`."""
    display(Chart(name, fig, alt, data)._repr_mimebundle_(), raw=True)


def svg(fig: Figure, name: str, alt: str) -> str:
    """The figure as a standalone SVG element: accessible name, ids of its own, no date, version,
    fixed size or style for its neighbours.
    """
    buffer = io.StringIO()
    with style.rc():
        blocks = _name_blocks(fig)
        _Canvas(fig).draw_to(buffer)
        text = _numbered(_slim(_anchored(visible(buffer.getvalue()), blocks)))
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(xlink:href|href)="#([^"]+)"', rf'\1="#{name}-\2"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    head, body = text.split(">", 1)
    head = re.sub(r' (width|height)="[^"]*"', "", head)
    head += f' role="img" aria-label="{escaped(alt)}" style="{_ROOT_STYLE}"'
    return f"{head}>{body}".strip()


class _Canvas(FigureCanvasSVG):
    """Lays out and draws with one renderer, which measures each text once; savefig would take one
    for each.
    """

    def draw_to(self, buffer: io.StringIO) -> None:
        """Write the figure as SVG, without date and version."""
        figure: Any = self.figure
        figure.dpi = self.fixed_dpi
        width, height = 72 * figure.get_size_inches()
        make: Any = RendererSVG
        self._renderer = make(
            width, height, buffer, image_dpi=figure.dpi, metadata={"Date": None, "Creator": None}
        )
        figure.draw(self._renderer)
        self._renderer.finalize()

    def get_renderer(self) -> Any:
        """What the layout measures with."""
        return self._renderer


def _name_blocks(fig: Figure) -> dict[str, Text]:
    """Give each text of several lines that is not set flush left a name in the SVG."""
    blocks: dict[str, Text] = {}
    for text in fig.findobj(Text):
        if (
            "\n" in text.get_text()
            and text.get_horizontalalignment() != "left"
            and text.get_rotation() == 0
        ):
            blocks[f"lines-{len(blocks) + 1}"] = text
    for name, text in blocks.items():
        text.set_gid(name)
    return blocks


_LINE = re.compile(r'<text style="([^"]*)" transform="translate\(([-\d.]+) ([^"]*)">([^<]*)</text>')


def _anchored(svg: str, blocks: Mapping[str, Text]) -> str:
    """Lines of a block tied to its right edge or middle, where matplotlib gives the left end of
    each as its own font has it.
    """
    for name, block in blocks.items():
        share, anchor = {"right": (1.0, "end"), "center": (0.5, "middle")}[
            block.get_horizontalalignment()
        ]
        start = svg.find(f'<g id="{name}">')
        end = svg.find("</g>", start)
        lines = _LINE.findall(svg, start, end) if start >= 0 else []
        font = block.get_fontproperties()
        widths = [
            text_to_path.get_text_width_height_descent(html.unescape(line), font, ismath=False)[0]
            for *_, line in lines
        ]
        edges = [
            float(x) + share * width for (_, x, _, _), width in zip(lines, widths, strict=True)
        ]
        # set flush another way than the block itself
        if not edges or max(edges) - min(edges) > 0.1:
            continue
        tied = [
            f'<text style="{look}; text-anchor: {anchor}" transform="translate({edge:.2f} '
            f'{rest}">{line}</text>'
            for (look, _, rest, line), edge in zip(lines, edges, strict=True)
        ]
        block_svg = svg[start:end]
        for old, new in zip(
            [match.group() for match in _LINE.finditer(block_svg)], tied, strict=True
        ):
            block_svg = block_svg.replace(old, new, 1)
        svg = svg[:start] + block_svg + svg[end:]
    return svg


def _slim(text: str) -> str:
    """matplotlib's SVG without what no reader sees: prolog, comments, style for the whole page,
    family on every text, unused ids, lone groups.
    """
    text = text[text.index("<svg") :]
    text = re.sub(
        r"\s*<metadata>.*?</metadata>|\s*<!--.*?-->|\s*<style type=\"text/css\">.*?</style>",
        "",
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r"\s*<defs>\s*</defs>", "", text)
    text = re.sub(
        r' (d|x|y|transform|points)="[^"]*"',
        lambda match: re.sub(r"-?\d+\.\d{3,}", _two_decimals, match.group()),
        text,
    )
    text = re.sub(r' transform="rotate\(-?0 [^"]*"', "", text)
    # the root names the family
    text = re.sub(r"; font-family: [^;\"]*|font-family: [^;\"]*; ", "", text)
    text = re.sub(r"font: ((?:italic|oblique) )?((?:\d+|bold) )?([\d.]+px) [^;\"]*", _font, text)
    used = {
        linked or other for linked, other in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)
    }
    text = re.sub(
        r' id="([^"]+)"',
        lambda match: match.group() if match[1] in used or match[1].startswith("words-") else "",
        text,
    )
    text = text.replace("<g/>", "")
    for _ in range(2):
        text = re.sub(
            r"<g>\s*(<(?:text|path|use)\b[^<>]*(?:/>|>[^<>]*</text>))\s*</g>", r"\1", text
        )
    text = re.sub(r' d="([^"]*)"', lambda match: f' d="{_path(match[1])}"', text)
    # the root gives the colour of the ink
    text = re.sub(r"; fill: #1a1a1a(?=[^<>]*>[^<]*</text>)", "", text)
    text = re.sub(r"[ \t]+$|^[ \t]+", "", text, flags=re.MULTILINE)
    # a line a group: every line costs bytes in a stored notebook
    return re.sub(r">\n<(?!/?g>|/?defs>)", "><", text)


def _path(drawn: str) -> str:
    """A path on one line. In a straight-edged path, level and upright edges are written by the one
    number that changes.
    """
    commands = drawn.split()
    if set(commands) & {"C", "Q"}:
        return " ".join(commands)
    parts, at = [], ("", "")
    for position, word in enumerate(commands):
        if word in ("M", "L"):
            x, y = commands[position + 1 : position + 3]
            level, upright = word == "L" and y == at[1], word == "L" and x == at[0]
            parts.append(f"H{x}" if level else f"V{y}" if upright else f"{word}{x} {y}")
            at = (x, y)
        elif word == "z":
            parts.append("z")
            at = ("", "")
    return "".join(parts)


def _numbered(text: str) -> str:
    """Clips and markers numbered in their order: matplotlib names them by a hash of coordinates,
    which the layout gives with noise in the last bit.
    """
    names = dict.fromkeys(re.findall(r"(?<=#)[pm][0-9a-f]{10}\b", text))
    numbers = {name: f"{name[0]}{number}" for number, name in enumerate(names, 1)}
    return re.sub(r"\b[pm][0-9a-f]{10}\b", lambda match: numbers.get(match[0], match[0]), text)


def _two_decimals(match: re.Match[str]) -> str:
    """A hundredth of a point is finer than any screen or printer, and the same on every
    processor.
    """
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _font(match: re.Match[str]) -> str:
    """matplotlib's font shorthand without the family."""
    slant, weight, size = match.groups()
    return (
        (f"font-style: {slant.strip()}; " if slant else "")
        + (f"font-weight: {weight.strip()}; " if weight else "")
        + f"font-size: {size}"
    )
