"""The last gate of a page: only elements, attributes and addresses known to be harmless pass,
written in the one way every browser reads alike.

The page is not parsed like a browser would, mistakes forgiven. It is held against a small strict
grammar, so that there is no second reading of it: whatever the grammar does not know is a fault.
"""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from helpers.errors import Fault, InputError

LARGEST_PAGE = 700_000
LARGEST_CELL = 250_000
MOST_DRAWN = 200_000
"""Elements of all drawings of a page, each counted as often as `<use>` and patterns repeat it."""
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action "
    "'none'"
)

_HTML = re.compile(
    "html|head|meta|title|style|body|header|nav|main|section|article|aside|footer|div|span|p|h[1-6]|ul|ol|li|dl|dt|dd|table|caption|colgroup|col|thead|tbody"
    "|tfoot|tr|th|td|a|strong|em|b|i|u|s|del|ins|small|sub|sup|mark|abbr|cite|q|code|pre|kbd|samp|var|blockquote|hr|br|wbr|details|summary|figure|figcaption"
    "|img|input|label|bdi|time|svg|math"
)
MATH = re.compile(
    "math|mrow|mi|mn|mo|ms|mtext|mspace|msub|msup|msubsup|mfrac|msqrt|mroot|munder|mover|munderover"
    "|mtable|mtr|mtd|mstyle|mpadded|mphantom|mmultiscripts|mprescripts|none"
)
"""Elements of a formula; none of them links, loads or runs anything."""
MATH_ATTRIBUTE = re.compile(
    "display|mathvariant|mathsize|stretchy|fence|form|accent|accentunder|separator|lspace|rspace|width|height"
    "|depth|minsize|maxsize|linethickness|column(?:align|spacing|lines)|row(?:align|spacing|lines)"
    "|displaystyle|scriptlevel|movablelimits|symmetric|largeop|xmlns"
)
_SVG = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|defs|clipPath|use|desc|marker|linearGradient|radialGradient|stop|pattern|image"
)
_VOID = {"meta", "br", "wbr", "hr", "img", "input", "col"}
_PAGE_ONLY = {"html", "head", "meta", "title", "body", "main"}
_KNOWN_ATTRIBUTE = re.compile(
    "aria-[a-z]+|id|class|title|lang|dir|role|tabindex|style|scope|colspan|rowspan|headers|href|download|type|checked|for|open|start|reversed|value|width"
    "|height|border|alt|src|charset|name|content|http-equiv|align|valign|span|hidden|datetime|scoped|item(?:scope|prop|type|ref)"
    # SVG
    "|xmlns|xmlns:xlink|xlink:href|version|viewBox|preserveAspectRatio|d|[xyr]|[xy][12]|d[xy]|[cr][xy]|points|transform|opacity|offset|orient|ref[XY]"
    "|(?:fill|stroke|font|clip|stop|text|letter|marker|image|vector|paint|dominant)(?:-[a-z]+)?|gradient(?:Units|Transform)|pattern(?:Units|Transform)"
    "|clipPathUnits|marker(?:Width|Height|Units)|focusable"
)
_META = {"charset", "viewport", "description", "generator", "referrer", "color-scheme"}

_TOKEN = re.compile(
    r'<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s+[A-Za-z][\w:.-]*(?:="[^"<]*")?)*)\s*(?P<empty>/?)>'
    r"|(?P<text>[^<]+)"
    r"|(?P<doctype><!DOCTYPE html>)",
)
_ATTRIBUTE = re.compile(r'([A-Za-z][\w:.-]*)(?:="([^"<]*)")?')
_STYLE_END = re.compile(r"</style>")
_OUTSIDE = re.compile(r"https?://[A-Za-z0-9][^\s<>\"\\`]*|mailto:[^\s<>\"\\`]+")
_LINK = re.compile(
    rf"#[^\s]*|{_OUTSIDE.pattern}|(?:\.\./)*[A-Za-z0-9_-][A-Za-z0-9_./-]*(?:#[\w-]*)?"
)
_FRAGMENT = re.compile(r"#[^\s]*")
_DOWNLOAD = re.compile(r"data:text/csv;charset=utf-8(?:;base64)?,[A-Za-z0-9%+/=?:@!$()*,;~|._-]*")
_DRAWING = re.compile(r"data:image/svg\+xml;charset=utf-8,([A-Za-z0-9%+/=?:@!$()*,;~|._' &-]+)")
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_LOADING = (
    r"@import|@font-face|@charset|@namespace|image-set|image\(|cross-fade|element\(|src\(|paint\(|expression|javascript:|vbscript:|-moz-binding"
    r"|behavior\s*:|[\\<]"
)
_UNSAFE_CSS = re.compile(rf"url\((?!#[\w-]+\)|'#[\w-]+'\))|/\*|{_LOADING}", re.IGNORECASE)
_UNSAFE_SHEET = re.compile(rf"url\(|{_LOADING}", re.IGNORECASE)
# What lays an output over the page around it, or hides what a reader should see.
_OVERLAY = re.compile(
    r"(?<![\w-])(?:position\s*:\s*(?:fixed|absolute|sticky)|z-index|inset|display\s*:\s*none"
    r"|visibility\s*:|opacity\s*:\s*0*(?:\.0*)?\s*(?:[;!}]|$)|font-size\s*:\s*0|content-visibility"
    r"|margin[a-z-]*\s*:[^;}]*-\d|overflow\s*:\s*visible|-webkit-text-security)",
    re.IGNORECASE,
)
_DRAWN_FROM = re.compile(r"(?:xlink:)?href=\"#([^\"]+)\"|url\(\s*'?#([\w-]+)'?\s*\)")
_PLACE = re.compile(r'<(?:div|h2)\b[^>]*\bid="(?:cell-(\d+)|method)"')


@dataclass(frozen=True)
class _Problem:
    position: int
    what: str
    instead: str = ""


def is_address(text: str) -> bool:
    """Whether a text is a web address that a page may link to."""
    return _OUTSIDE.fullmatch(text) is not None


def check_page(page: str, where: str, largest: int = LARGEST_PAGE, smaller: str = "") -> None:
    """Raise `InputError` with every fault of a finished page; each names the cell it is in, if it
    is in one. smaller: what makes a page that is too large smaller.
    """
    places = [(match.start(), match.group(1) or "") for match in _PLACE.finditer(page)]
    problems = list(_problems(page))
    problems += [] if problems else _repetitions(page)  # whose tags close in order
    for (start, number), (end, _) in pairwise([*places, (len(page), "")]):
        if end - start > LARGEST_CELL and number:
            problems.append(
                _Problem(
                    start,
                    f"its outputs take {end - start:,} characters; show fewer rows or marks, at "
                    f"most {LARGEST_CELL:,}",
                )
            )
    if len(page.encode()) > largest:
        problems.append(
            _Problem(
                0,
                f"the report has {len(page.encode()):,} bytes; it may have {largest:,}",
                smaller,
            )
        )
    if problems:
        raise InputError(
            [
                Fault(_place(where, places, problem.position), problem.what, problem.instead)
                for problem in problems
            ]
        )


def _place(where: str, places: list[tuple[int, str]], position: int) -> str:
    number = next((number for start, number in reversed(places) if start <= position), "")
    return f"{where}, cell {number}" if number else where


def _problems(page: str) -> Iterator[_Problem]:
    position, open_elements, identifiers = 0, list[str](), set[str]()
    while position < len(page):
        match = _TOKEN.match(page, position)
        if match is None:
            yield _Problem(position, f"this is not plain HTML: {_excerpt(page, position)}")
            return
        name = match.group("name")
        if name is not None:
            if match.group("close"):
                if match.group("attributes") or not open_elements or open_elements.pop() != name:
                    yield _Problem(
                        position,
                        f"</{name}> closes nothing that is open: {_excerpt(page, position)}",
                    )
                    return
            else:
                inside = set(open_elements)
                for what in _element_problems(name, match.group("attributes"), inside, identifiers):
                    yield _Problem(position, what)
                foreign = inside | {name}
                if name not in _VOID and not (match.group("empty") and foreign & {"svg", "math"}):
                    open_elements.append(name)
                if name == "style":
                    end = _STYLE_END.search(page, match.end())
                    if end is None:
                        yield _Problem(position, "a <style> without an end")
                        return
                    unsafe = _UNSAFE_SHEET.search(page, match.end(), end.start())
                    if "main" in open_elements:
                        unsafe = unsafe or _OVERLAY.search(page, match.end(), end.start())
                    if unsafe:
                        yield _Problem(position, f"{unsafe.group()} in a style sheet")
                    open_elements.pop()
                    position = end.end()
                    continue
        position = match.end()
    if open_elements:
        yield _Problem(position, f"<{open_elements[-1]}> is not closed")


def _repetitions(page: str) -> Iterator[_Problem]:
    """Drawings that repeat their parts without end, or so often that a browser hangs.

    A node is an element with an id; it holds the elements inside it that are in no inner node, and
    draws its inner nodes and whatever it refers to.
    """
    sizes, draws = Counter[str](), defaultdict[str, Counter[str]](Counter)
    positions = dict[str, int]()
    open_nodes, open_drawings = [""], 0
    for match in _TOKEN.finditer(page):
        name, attributes = match["name"], match["attributes"] or ""
        if not name or not (open_drawings or name == "svg"):
            continue
        if match["close"]:
            open_drawings -= name == "svg"
            open_nodes.pop()
            continue
        node = open_nodes[-1]
        if identifier := re.search(r'\sid="([^"]+)"', attributes):
            node = identifier[1]
            positions[node] = match.start()
            draws[open_nodes[-1]][node] += 1
        sizes[node] += 1
        draws[node].update(first or second for first, second in _DRAWN_FROM.findall(attributes))
        if not match["empty"]:
            open_drawings += name == "svg"
            open_nodes.append(node)
    drawn = dict[str, int]()
    try:
        for node in TopologicalSorter(draws).static_order():
            inner = (count * drawn.get(part, 0) for part, count in draws[node].items())
            drawn[node] = sizes[node] + sum(inner)
    except CycleError as error:
        yield _Problem(positions.get(error.args[1][0], 0), "a drawing draws itself")
        return
    if drawn.pop("", 0) > MOST_DRAWN:
        largest = max(drawn, key=drawn.__getitem__)
        what = f"its drawings repeat their parts to more than {MOST_DRAWN:,} elements; draw fewer"
        yield _Problem(positions.get(largest, 0), what)


def _element_problems(
    name: str, attributes: str, inside: set[str], identifiers: set[str]
) -> Iterator[str]:
    in_math = name == "math" or "math" in inside
    known = _SVG if "svg" in inside else MATH if "math" in inside else _HTML
    if not known.fullmatch(name) or ("main" in inside and name in _PAGE_ONLY):
        yield f"<{name}> may not stand in a report"
        return
    given = {}
    for attribute, value in _ATTRIBUTE.findall(attributes):
        if attribute in given:
            yield f"<{name}> has two attributes {attribute}"
        given[attribute] = html.unescape(value)
        if not (MATH_ATTRIBUTE if in_math else _KNOWN_ATTRIBUTE).fullmatch(attribute):
            yield f"<{name}> may not have the attribute {attribute}"
    if "id" in given:
        if given["id"] in identifiers:
            yield f"the id {given['id']} stands twice; give each figure and table its own name"
        identifiers.add(given["id"])
    for attribute, value in given.items():
        yield from _value_problems(name, attribute, value, "download" in given)
        overlay = _OVERLAY.search(value) if attribute == "style" and "main" in inside else None
        if overlay:
            yield f"<{name}> has {overlay.group()!r} in its style, which may cover or hide the page"
    if name == "meta" and not (
        given.get("name") in _META
        or "charset" in given
        or given == {"http-equiv": "Content-Security-Policy", "content": CONTENT_SECURITY_POLICY}
    ):
        yield "<meta> of an unknown kind"
    if name == "input" and given.get("type") != "checkbox":
        yield "<input> may not stand in a report"


def _value_problems(name: str, attribute: str, value: str, download: bool) -> Iterator[str]:
    drawing = _DRAWING.fullmatch(value) if download and name == "a" else None
    if attribute == "href" and drawing:
        yield from _drawing_problems(drawing.group(1))
    elif attribute in ("href", "xlink:href"):
        link = _DOWNLOAD if download and value.startswith("data:") else _LINK
        allowed = link if name == "a" else _PICTURE if name == "image" else _FRAGMENT
        if name not in (
            "a",
            "use",
            "image",
            "linearGradient",
            "radialGradient",
            "pattern",
        ) or not allowed.fullmatch(value):
            yield f"<{name}> leads to {value[:80]!r}"
    elif attribute == "src":
        if name != "img" or not _PICTURE.fullmatch(value):
            yield f"<{name}> loads {value[:80]!r}"
    elif attribute == "http-equiv" and name != "meta":
        yield f"<{name}> may not have the attribute http-equiv"
    elif (
        attribute not in ("content", "alt", "title", "download")
        and not attribute.startswith("aria-")
        and _UNSAFE_CSS.search(value)
    ):
        yield f"<{name}> has {attribute}={value[:80]!r}"


def _drawing_problems(encoded: str) -> Iterator[str]:
    """What a drawing to save may not hold: it is held against the same grammar as the page."""
    try:
        drawing = unquote_to_bytes(encoded).decode()
    except ValueError:
        yield "a drawing to save is no text"
        return
    if '"' not in drawing:  # an address may have its quotes turned
        drawing = drawing.replace("'", '"')
    if not drawing.startswith("<svg "):
        yield "a drawing to save is no SVG"
    yield from (f"in a drawing to save: {problem.what}" for problem in _problems(drawing))


def _excerpt(page: str, position: int) -> str:
    return repr(page[position : position + 60])
