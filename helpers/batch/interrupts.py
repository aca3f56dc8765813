"""What ends a batch or a refresh early: Ctrl-C and SIGTERM, alike."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

INTERRUPTED = 130
"""Exit code of what was ended early."""


@contextmanager
def interruptible() -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """SIGTERM and SIGINT both raise KeyboardInterrupt, also in a process that was started with them
    ignored, as shells start jobs in the background. Gives a context within which neither disturbs,
    so that what is done is put on record. Outside the main thread signals stay as they are.
    """
    if threading.current_thread() is not threading.main_thread():
        yield contextlib.nullcontext
        return
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    def handle(handler: Any) -> None:
        for number in previous:
            signal.signal(number, handler)

    @contextmanager
    def calm() -> Iterator[None]:
        handle(signal.SIG_IGN)
        yield
        handle(interrupt)

    handle(interrupt)
    try:
        yield calm
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
