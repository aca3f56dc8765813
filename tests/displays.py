"""What a cell would publish, caught as a shell would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell


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
