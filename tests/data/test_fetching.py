"""Downloads from a publisher, tried on a server of our own."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpers import PROJECT_ROOT
from helpers.commands import data as data_commands
from helpers.data import DATA, fetching
from helpers.errors import InputError

RATES = (PROJECT_ROOT / "tests" / "golden" / "downloads" / "DEXJPUS.csv").read_bytes()


class Publisher(BaseHTTPRequestHandler):
    """A publisher that gives a file, an error, a redirect, or takes too long."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(3)
        status = {"/gone": 404, "/elsewhere": 302, "/moved": 302}.get(self.path, 200)
        self.send_response(status)
        if self.path == "/elsewhere":
            self.send_header("Location", "http://localhost.invalid/rates.csv")
        if self.path == "/moved":
            self.send_header("Location", "/rates.csv")
        self.end_headers()
        self.wfile.write(RATES if status == 200 else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    own = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=own.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{own.server_port}"
    own.shutdown()
    own.server_close()
    thread.join()


def fetch(address: str, folder: Path) -> list[str]:
    words = ["fetch", "fred", "--address", address, "--folder", str(folder)]
    done = CliRunner().invoke(data_commands.app, words)
    return [str(done.exit_code), *done.stdout.splitlines(), *done.stderr.splitlines()]


@pytest.mark.parametrize("path", ["/rates.csv", "/moved"])
def test_a_download_is_kept_and_shown_against_the_tables(
    server: str, tmp_path: Path, path: str
) -> None:
    before = (DATA / "trade" / "fx_usdjpy_monthly.csv").read_bytes()
    status, kept, *told = fetch(server + path, tmp_path)
    assert status == "0"
    (file,) = tmp_path.iterdir()
    assert kept == f"Downloaded to {file.name}."
    assert file.read_bytes() == RATES
    assert any("stand in the tables already" in line for line in told)
    assert (DATA / "trade" / "fx_usdjpy_monthly.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/gone", "answers 404; download it in a browser"),
        ("/elsewhere", "leads elsewhere, to localhost.invalid; download it in a browser"),
    ],
)
def test_what_is_no_file_of_the_publisher_is_told_in_one_line(
    server: str, tmp_path: Path, path: str, told: str
) -> None:
    assert fetch(server + path, tmp_path) == ["2", f"{server}{path}: {told}"]
    assert not list(tmp_path.iterdir())


def test_without_a_network_one_line_says_so(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    status, line = fetch(f"http://127.0.0.1:{port}/rates.csv", tmp_path)
    assert status == "2"
    assert "cannot be reached: " in line


def test_size_time_and_transport_have_limits(server: str) -> None:
    with pytest.raises(InputError, match="has more than 100 bytes"):
        fetching.download(f"{server}/rates.csv", limit=100)
    with pytest.raises(InputError, match="cannot be reached: timed out"):
        fetching.download(f"{server}/slow", seconds=0.2)
    with pytest.raises(InputError, match="is no address over TLS"):
        fetching.download("http://example.org/rates.csv")


def test_the_publishers_addresses_are_over_tls() -> None:
    assert all(feed.startswith("https://") for feeds in fetching.FEEDS.values() for feed in feeds)
