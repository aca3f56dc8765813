"""A page saved from a browser: the lines a reader sees in its main part, and what it says of
itself.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup, Tag

from helpers.errors import refusal
from helpers.texts import is_day

DEEPEST_PAGE = 5_000
LONGEST_NAME = 200
_PAGE = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p)\b[^<>]*>", re.IGNORECASE
)
_UNSEEN = (
    "script, style, noscript, template, svg, math, nav, footer, aside, form, button, select, iframe"
    ", object, [hidden], [aria-hidden=true], [role=navigation], [role=banner]"
)
_BLOCKS = re.compile(
    "address|article|blockquote|br|dd|div|dl|dt|figcaption|figure|h[1-6]|header|hr|li|main|ol|p"
    "|pre|section|table|td|th|tr|ul"
)


def is_page(content: str) -> bool:
    """Whether a text is HTML, by its first tags and not by the name of its file."""
    return len(_PAGE.findall(content[:20_000])) > 1


def read_page(content: str, where: str) -> tuple[list[str], dict[str, str]]:
    """The lines of a page's main part, and what it says of outlet, address and day of publication.

    Raises InputError for a page whose elements are nested without end.
    """
    depth = deepest = 0
    for closing in re.findall(r"<(/?)(?!(?:br|hr|img|input|link|meta|wbr)\b)[a-zA-Z]", content):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST_PAGE:
        what = "its elements are nested too deep"
        raise refusal(where, what, "copy its text into a .txt file")
    page = BeautifulSoup(content, "html.parser")
    said = _page_says(page)
    return _page_lines(page), said


def _page_lines(page: BeautifulSoup) -> list[str]:
    """The lines a reader sees in the main part of a page; a block of the page is a line."""
    for element in page.select(_UNSEEN):
        element.decompose()
    for element in page.find_all(style=re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")):
        element.decompose()
    parts = page.find_all("article") or page.select("main, [role=main]") or [page.body or page]
    main = max(parts, key=lambda part: len(part.get_text()))
    title = "" if main.find("h1") else _title(page)
    for text in main.find_all(string=re.compile(r"\n")):
        if text.find_parent("pre") is None:
            text.replace_with(re.sub(r"\s+", " ", text))
    for element in main.find_all(_is_block):
        element.insert_before("\n")
        element.insert_after("\n")
    return [title, *main.get_text().split("\n")]


def _is_block(element: Tag) -> bool:
    return _BLOCKS.fullmatch(element.name) is not None


def _title(page: BeautifulSoup) -> str:
    heading = page.find("h1")
    return heading.get_text(" ") if heading else page.title.get_text() if page.title else ""


def _page_says(page: BeautifulSoup) -> dict[str, str]:
    """What a page says of outlet, address and day of publication."""
    data = list(_linked_data(page))
    publishers = [entry.get("publisher") for entry in data]
    named = [entry.get("name") for entry in publishers if isinstance(entry, dict)]
    canonical = page.find("link", rel="canonical")
    moment = page.find("time", attrs={"datetime": True})
    addresses = [_meta(page, "og:url"), canonical.get("href") if canonical else ""]
    days = [
        _meta(page, "article:published_time"),
        *(entry.get("datePublished") for entry in data),
        moment.get("datetime") if moment else "",
    ]
    return {
        "outlet": _first(_line(name) for name in [_meta(page, "og:site_name"), *named]),
        "url": _first(
            address
            for address in map(_line, addresses)
            if re.fullmatch(r"https?://[A-Za-z0-9][^\s<>\"'\\`]*", address)
        ),
        "published": _first(day[:10] for day in map(_line, days) if is_day(day[:10])),
    }


def _linked_data(page: BeautifulSoup) -> Iterable[dict[str, Any]]:
    for script in page.find_all("script", type="application/ld+json"):
        try:
            content = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        entries = content if isinstance(content, list) else [content]
        yield from (entry for entry in entries if isinstance(entry, dict))


def _meta(page: BeautifulSoup, name: str) -> Any:
    tag = page.find("meta", attrs={"property": name}) or page.find("meta", attrs={"name": name})
    return tag.get("content") if isinstance(tag, Tag) else ""


def _line(text: Any) -> str:
    return " ".join(text.split())[:LONGEST_NAME] if isinstance(text, str) else ""


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")
