"""What a cell writes is counted as it writes it: a flood stops where it begins."""

import _thread
import os
import threading
from collections.abc import Callable
from typing import Any

from helpers.engine.outcome import CELL_OUTPUT_LIMIT, WRITES_TOO_MUCH


class WritesTooMuch(BaseException):  # a word of the traceback that an author reads
    """The cell has written more than it may. No `except Exception` goes on after it."""


class Meter:
    """The characters that the cell which runs may still write.

    passed: called once when a cell has written too much.
    """

    def __init__(self, passed: Callable[[], None] = lambda: None):
        self._passed, self._left = passed, CELL_OUTPUT_LIMIT

    def reset(self, *_: Any) -> None:
        """A cell begins."""
        self._left = CELL_OUTPUT_LIMIT

    def count(self, characters: int) -> None:
        """Count characters. Raises `WritesTooMuch` in the cell; elsewhere, as in the thread that
        reads what a subprocess writes, interrupts the cell.
        """
        before, self._left = self._left, self._left - characters
        if self._left >= 0:
            return
        if before >= 0:
            self._passed()
        if threading.current_thread() is threading.main_thread():
            raise WritesTooMuch(WRITES_TOO_MUCH)
        if before >= 0:
            _thread.interrupt_main()

    def attach(self, stream: Any) -> None:
        """Count what is written to a stream of the kernel from now on; what is too much is
        dropped.
        """
        write, process = stream.write, os.getpid()

        def counted(text: str) -> Any:
            if os.getpid() == process:
                self.count(len(text))
            return write(text) if self._left >= 0 else len(text)

        stream.write = counted
