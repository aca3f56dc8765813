"""What changed, as an Atom feed for readers of a published site."""

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from helpers.errors import refusal
from helpers.reports.context import DataChange
from helpers.reports.domcheck import is_address
from helpers.reports.outputs import day

ATOM = "http://www.w3.org/2005/Atom"
TITLE = "US-built Japanese cars in Japan: what changed"


def feed(changes: Sequence[DataChange], base_url: str, data_date: str) -> str:
    """The feed of the imports, the newest first. base_url: where the front page stands. data_date:
    of the data package, for a feed that has no import yet.

    Raises `InputError` for an address that is none.
    """
    if not is_address(base_url):
        raise refusal("--base-url", f"'{base_url}' is no web address", "write https://…")
    home = base_url.rstrip("/") + "/"
    root = Element("feed", xmlns=ATOM)
    _add(root, "title", TITLE)
    _add(root, "id", home)
    _add(root, "updated", _moment(changes[0].day if changes else data_date))
    _add(_add(root, "author"), "name", "Reverse imports")
    _add(root, "link", rel="self", href=f"{home}feed.xml")
    _add(root, "link", rel="alternate", href=home)
    for number, change in enumerate(reversed(changes), 1):
        entry = Element("entry")
        _add(entry, "title", f"{change.publisher}: {change.periods}")
        _add(entry, "id", f"{home}#{change.day}-{number}")
        _add(entry, "updated", _moment(change.day))
        _add(entry, "link", rel="alternate", href=f"{home}#changes")
        _add(entry, "content", _told(change), type="text")
        root.insert(6, entry)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _told(change: DataChange) -> str:
    moves = (f"{label}: from {before} to {after}." for label, before, after in change.moved)
    return f"Imported on {day(change.day)}. " + (" ".join(moves) or "No headline moved.")


def _moment(iso_day: str) -> str:
    return f"{iso_day}T00:00:00Z"


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text or None
    return element
