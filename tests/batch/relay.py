"""A relay on this machine that keeps every byte that passes through it."""

import contextlib
import socket
import threading


class Relay:
    """Takes connections and hands on what comes, both ways, to the port of somebody else. seen:
    everything, in order.
    """

    def __init__(self, port: int):
        self._port, self._listening = port, socket.create_server(("127.0.0.1", 0))
        self._sockets, self.seen = [self._listening], bytearray()
        self.address = f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._port))
                self._sockets += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := source.recv(1 << 16):
                self.seen += content
                target.sendall(content)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """End every connection."""
        for end in self._sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
