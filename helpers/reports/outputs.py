"""Outputs of cells as a page shows them (the plot without its words, tables that scroll, CSV as
downloads), and values as it prints them.
"""

import base64
import functools
import html
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from pygments import highlight as pygments_highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from helpers.data import load
from helpers.quantities import QUALITIES
from helpers.show import numbers
from helpers.texts import in_words, is_day, visible

_LEXER = PythonLexer(stripall=False, ensurenl=False)
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="k-")
LONG_TEXT, MOST_SOURCES = 48, 3
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # tells spreadsheets that the file is UTF-8


@functools.lru_cache(1_000)  # a batch shows the same cells under every scenario
def highlight(source: str) -> Markup:
    """Python source as HTML with a class per kind of token."""
    return Markup(pygments_highlight(visible(source), _LEXER, _FORMATTER).rstrip("\n"))


def without_colour_codes(text: str) -> str:
    """Terminal output without its escape sequences."""
    return _ANSI.sub("", text)


def svg_href(svg: str) -> Markup:
    """A figure with its words as an address inside the page. Quotes are turned where that changes
    nothing, since a double one takes three characters there.
    """
    turned = svg if "'" in svg else svg.replace('"', "'")
    address = quote(turned, safe=" /?:@!$()*,;=~|'&+")
    return Markup("data:image/svg+xml;charset=utf-8," + address.replace("&", "&amp;"))


def csv_href(text: str) -> str:
    """A CSV file as an address inside the page."""
    raw = _BYTE_ORDER_MARK + text.encode()
    forms = (
        "data:text/csv;charset=utf-8," + quote(raw, safe="/?:@!$()*,;=~|"),
        "data:text/csv;charset=utf-8;base64," + base64.b64encode(raw).decode(),
    )
    return min(forms, key=len)


def plot(svg: str, placed: Mapping[str, Any] | None) -> Markup:
    """The SVG of a figure, cut to the plot when its words are placed, since the page sets them in
    its own type.
    """
    if placed:
        svg = re.sub(r'\s*<g id="[a-z0-9_]+-words-[a-z]+">.*?</g>', "", svg, flags=re.DOTALL)
        svg = re.sub(
            r'width="[\d.]+" height="[\d.]+" viewBox="0 0 ([\d.]+) ([\d.]+)"',
            lambda match: _cut(match, float(placed["top_share"]), float(placed["bottom_share"])),
            svg,
            count=1,
        )
    return Markup(visible(svg))


def _cut(match: re.Match[str], top_share: float, bottom_share: float) -> str:
    width, height = float(match.group(1)), float(match.group(2))
    return (
        f'viewBox="0 {height * top_share:.2f} {width:g} '
        f'{height * (1 - top_share - bottom_share):.2f}"'
    )


def pair(wide: Markup, narrow: str) -> Markup:
    """Two drawings of one figure, of which the page shows the one its column has room for. Who
    cannot see them is told once, by the element around them.
    """
    drawings = [("wide", wide), ("narrow", visible(narrow))]
    return Markup("\n").join(
        Markup(
            re.sub(r' role="img" aria-label="[^"]*"', f' class="{name}" aria-hidden="true"', svg)
        )
        for name, svg in drawings
    )


def table_cells(fragment: str, anchor: Callable[[str], str | None]) -> Markup:
    """A table with its cells marked for the page: source ids linked to their entries, quality words
    coloured, long texts given room.

    anchor: gives the page id of a source id, None for other words.
    """

    def cell(match: re.Match[str]) -> str:
        opening, text = match.groups()
        if text in QUALITIES:
            return f'{opening}<span class="quality {text}">{text}</span></td>'
        if _DATE.fullmatch(text):
            return f'<td class="date">{text}</td>'
        pieces = re.split(r"[;,]\s*|\s+", text)
        anchors = [anchor(html.unescape(piece)) for piece in pieces]
        if not all(anchors):
            long = len(text) > LONG_TEXT and opening == "<td>"
            return f'<td class="long">{text}</td>' if long else match.group()
        linked = ", ".join(
            f'<a href="#{target}">{piece}</a>'
            for target, piece in zip(anchors, pieces, strict=True)
        )
        if len(anchors) > MOST_SOURCES:
            linked = f"<details><summary>{len(anchors)} sources</summary>{linked}</details>"
        return f"{opening}{linked}</td>"

    plain = visible(fragment).replace(' style="text-align:left"', "")  # as the page has it
    return Markup(re.sub(r"(<td[^>]*>)([A-Za-z0-9][^<]*)</td>", cell, plain))


_PIECE = re.compile(r"<(pre|code|style|svg|title)\b.*?</\1>|<[^>]*>|[^<]+", re.DOTALL)


def unbroken(page: str) -> str:
    """The page with no-break spaces between numbers and their units; code and drawings as they
    are.
    """
    return _PIECE.sub(
        lambda piece: piece[0] if piece[0][0] == "<" else numbers.unbroken(piece[0]), page
    )


def day(text: str) -> str:
    """An ISO day in words; any other text as it is."""
    return numbers.day(text) if is_day(text) else text


def shown(value: Any) -> Any:
    """What a template prints: plain text with its invisible characters written out."""
    return visible(value) if type(value) is str else value


def exact(value: Any) -> str:
    """A parameter as given: every digit it has, grouped from 10,000, lists with commas, yes or
    no.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        text = f"{value:,.12g}" if abs(value) >= 10_000 else f"{value:.12g}"
        return text.replace("-", "−")
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def spoken(value: Any) -> str:
    """The same in words, with the titles of models for their ids."""
    return in_words(value, lambda part: _titles().get(str(part)) or exact(part))


@functools.cache
def _titles() -> dict[str, str]:
    models = load("programme_models")
    return dict(zip(models["model"], models["title"], strict=True))


def result_value(result: Mapping[str, Any]) -> str:
    """The value of a result: whole numbers in full, others to three significant digits, words as
    they are.
    """
    return (
        number(result["value"], str(result["unit"]))
        if isinstance(result["value"], int | float)
        else str(result["value"])
    )


def result_span(result: Mapping[str, Any]) -> str:
    """The interval of a result, both ends as the value is printed."""
    return numbers.between(
        number(result["low"], result["unit"]), number(result["high"], result["unit"]), "–"
    )


def number(value: float, unit: str = "") -> str:
    """A computed number: whole numbers in full, others to three significant digits, no grouping of
    a year.
    """
    if unit == "year":
        return f"{value:.0f}"
    if value == round(value):
        return numbers.plain(value)
    rounded = numbers.significant(value)
    return numbers.plain(rounded, min(6, len(f"{rounded:.6f}".rstrip("0").partition(".")[2])))


def short(value: float, unit: str = "") -> str:
    """A number for the end of an axis: 8.37 m, 1.2 bn, else as `number`."""
    for scale, word in ((1e12, "trn"), (1e9, "bn"), (1e6, "m")):
        if abs(value) >= scale:
            return f"{number(numbers.significant(value) / scale)} {word}"
    return number(numbers.significant(value) if unit != "year" else value, unit)
