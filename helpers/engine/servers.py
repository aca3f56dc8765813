"""A fork server as its owner holds it."""

import json
import selectors
import socket
import time
from dataclasses import dataclass, field


class FrozenError(Exception):
    """A fork server does not answer."""


@dataclass
class OpenServer:
    """A fork server as its owner holds it. process: its id. requests: where to ask for runs.
    lifeline: kept open for as long as it is wanted.
    """

    process: int
    requests: socket.socket
    lifeline: socket.socket | None = None
    used: float = field(default_factory=time.monotonic)
    busy: int = 0
    ready: bool = False

    def told(self, within_s: float = 0.0) -> bool:
        """Whether there is something to read. A fork server that is ready never writes here: then
        it can only be its end.
        """
        reading = selectors.PollSelector()
        reading.register(self.requests, selectors.EVENT_READ)
        return bool(reading.select(within_s))

    def close(self) -> None:
        """Let the fork server go; it ends with everything below it."""
        self.requests.close()
        if self.lifeline is not None:
            self.lifeline.close()


def lifelines() -> tuple[socket.socket, socket.socket]:
    """A pair of connected sockets that keep messages apart: one end for us, one for a process to
    come.
    """
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def request(server: OpenServer, content: dict[str, str], *sockets: socket.socket) -> None:
    """Ask a fork server for a child that holds these sockets."""
    socket.send_fds(
        server.requests, [json.dumps(content).encode()], [end.fileno() for end in sockets]
    )
