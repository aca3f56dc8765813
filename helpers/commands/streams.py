"""Where a command runs: a home that cannot be written, output whose reader is gone."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO


@contextmanager
def settings_place() -> Iterator[None]:
    """A place for settings where a user has none: an empty home, as in some containers, or, where
    the home can only be read, one for matplotlib, which would complain.
    """
    try:
        name = "MPLCONFIGDIR"
        has_place = os.access(Path.home(), os.W_OK) or name in os.environ
    except RuntimeError:  # Jupyter and matplotlib look for their settings there
        name, has_place = "HOME", False
    if has_place:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="reverse-imports-home-") as folder:
        os.environ[name] = folder
        yield


@contextmanager
def lasting_output() -> Iterator[None]:
    """Output may lose its reader, as in `... | head -1`, or its disk be full: the work goes on."""
    streams = sys.stdout, sys.stderr
    for stream in filter(None, streams):
        if isinstance(stream, io.TextIOWrapper):  # some terminals lack characters of ours
            stream.reconfigure(errors="backslashreplace")
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout, sys.stderr = (_Unread(stream or nowhere) for stream in streams)  # None: `>&-`
        try:
            yield
        finally:
            for stream in filter(None, streams):
                try:
                    stream.flush()
                except OSError:  # Python flushes once more at its end
                    os.dup2(nowhere.fileno(), stream.fileno())
            sys.stdout, sys.stderr = streams


class _Unread:
    """A stream that takes what is written when it can go nowhere."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or drop the text when its reader is gone."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or drop what is left."""
        with suppress(OSError):
            self._stream.flush()
