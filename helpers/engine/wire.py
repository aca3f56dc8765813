"""What stands between kernel and client in one process: queues for sockets, and streams that
count, keep their order and catch what is written past them.
"""

import os
from collections import deque
from pathlib import Path
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import Session

from helpers.engine.meter import Meter
from helpers.engine.outcome import CELL_OUTPUT_LIMIT

DISPLAYS = ("display_data", "update_display_data", "execute_result")
SHELL = object()  # stands for the socket on which a kernel replies


class Queues(Session):
    """A session that keeps messages instead of sending them. Content still goes through JSON, as on
    a wire.
    """

    def __init__(self) -> None:
        super().__init__(key=b"")
        self.published: deque[Any] = deque()
        self.replies: deque[Any] = deque()
        self.meter = Meter()

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Queue a message: replies apart from what is published."""
        whole = isinstance(msg_or_type, dict)
        message = (
            msg_or_type
            if whole
            else self.msg(
                msg_or_type, content=content, parent=parent, header=header, metadata=metadata
            )
        )
        packed = self.pack(message["content"])
        if message["msg_type"] in DISPLAYS:  # streams count what is written to them
            self.meter.count(len(packed))
        message["content"] = self.unpack(packed)
        message["buffers"] = buffers or []
        (self.replies if stream is SHELL else self.published).append(message)
        return message


class NoThread(IOPubThread):
    """In place of the thread that publishes: streams flush in the thread that writes, at the end of
    each cell.
    """

    def __init__(self) -> None:
        self.thread: Any = None
        self.io_loop: Any = None

    def schedule(self, f: Any) -> None:
        """Drop the timed flush; the end of the cell flushes."""


class Stream(OutStream):
    """ipykernel's stream. Output of subprocesses and C code is caught in a file that stands in for
    the descriptor; so is what a forked child prints.
    """

    _written_last: "Stream | None" = None

    def __init__(self, session: "Queues", name: str):
        super().__init__(session, NoThread(), name, watchfd=False)
        self._caught: Any = None
        self._line = ""  # that a forked child has not ended

    def catch(self, folder: Path) -> None:
        """From now on catch what is written to the descriptor itself."""
        self._master_pid = os.getpid()  # the stream was made before the fork
        self._caught = (folder / f"{self.name}.txt").open("a+b", buffering=0)
        os.dup2(self._caught.fileno(), 1 if self.name == "stdout" else 2)
        self._read = 0

    def write(self, text: str) -> int | None:  # type: ignore[override] # as OutStream
        """Take a text, in its order among both streams."""
        if not self._is_master_process():
            return self._write_from_child(text)
        self.session.meter.count(len(text))
        if Stream._written_last is not self:
            if Stream._written_last is not None:
                Stream._written_last.flush()
            Stream._written_last = self
        self._take_caught()
        return super().write(text)

    def _write_from_child(self, text: str) -> int:
        *lines, self._line = (self._line + text).split("\n")
        if lines:
            os.write(self.fileno(), "".join(f"{line}\n" for line in lines).encode())
        return len(text)

    def flush(self) -> None:
        """Publish what was written, then what was caught since the last time."""
        if not self._is_master_process():
            os.write(self.fileno(), self._line.encode())
            self._line = ""
            return
        self._take_caught()
        super().flush()

    def _take_caught(self) -> None:
        if self._caught is None or os.fstat(self._caught.fileno()).st_size == self._read:
            return
        content = os.pread(self._caught.fileno(), CELL_OUTPUT_LIMIT + 1, self._read)
        self._read += len(content)
        text = content.decode(errors="replace")
        super().write(text)
        self.session.meter.count(len(text))

    def fileno(self) -> int:
        """The descriptor itself."""
        return 1 if self.name == "stdout" else 2
