"""What a cell would publish, caught as a shell would; what of a drawing cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from helpers.show import Drawing
from helpers.show.canvas import NARROW_PX, WIDE_PX, unreadable


@contextmanager
def published() -> Iterator[list[dict[str, Any]]]:
    """The MIME bundles that are displayed inside, in order."""
    shell = InteractiveShell.instance()
    shell.display_pub, usual = CapturingDisplayPublisher(), shell.display_pub
    bundles: list[dict[str, Any]] = []
    try:
        yield bundles
    finally:
        bundles += [output["data"] for output in shell.display_pub.outputs]
        shell.display_pub = usual


def unread(drawing: Drawing) -> list[str]:
    """What a reader could not read of a drawing, on a page or on a phone."""
    return [
        fault
        for width in (WIDE_PX, NARROW_PX)
        for fault in unreadable(drawing.canvas(width).drawn("test"))
    ]
