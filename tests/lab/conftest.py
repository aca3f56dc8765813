"""A real JupyterLab on a copy of the suite, as `make lab` starts it, and a window of a headless
browser on it.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpers import PROJECT_ROOT

START_S = 60
FOLLOW_MS = 20_000
COPIED = ("data", "docs", "helpers", "lab", "notebooks")
FILES = ("pyproject.toml", "requirements.lock")
IN_COPY = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Lab:
    """A running server. address: its root with no path; folder: the copy it serves; environment: of
    the server, in which that copy is the suite; log: what it has written.
    """

    address: str
    token: str
    folder: Path
    environment: dict[str, str]
    log: Path

    def url(self, path: str = "") -> str:
        """The address of a page, with the token."""
        return f"{self.address}/{path}?token={self.token}"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with the committed configuration on a copy of the suite, whose notebooks are
    trusted as `make lab` trusts them.
    """
    root = tmp_path_factory.mktemp("lab")
    for folder in COPIED:
        shutil.copytree(PROJECT_ROOT / folder, root / "copy" / folder, ignore=IN_COPY)
    for file in FILES:
        shutil.copy(PROJECT_ROOT / file, root / "copy")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "PYTEST"))
    }
    environment |= {"HOME": str(root / "home"), "JUPYTERLAB_WORKSPACES_DIR": str(root / "layouts")}
    environment |= {"PYTHONPATH": str(root / "copy")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, log = secrets.token_hex(16), root / "server.log"
    jupyter = [sys.executable, "-m", "jupyter"]
    notebooks = sorted(map(str, (root / "copy" / "notebooks").glob("*.ipynb")))
    subprocess.run(
        [*jupyter, "trust", *notebooks],
        env=environment,
        check=True,
        capture_output=True,
        timeout=START_S,
    )
    options = [
        "--config=lab/jupyter_lab_config.py",
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",
        "--allow-root",
    ]
    with log.open("w") as output:
        server = subprocess.Popen(
            [*jupyter, "lab", *options],
            cwd=root / "copy",
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        started = Lab(f"http://127.0.0.1:{port}", token, root / "copy", environment, log)
        _wait_until_up(started, server)
        yield started
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """One window for all tests of a file, as a reader keeps one."""
    context = chromium.new_context(
        viewport={"width": 1400, "height": 900},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(FOLLOW_MS)
    yield context.new_page()
    context.close()


def _wait_until_up(lab: Lab, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(lab.url("api")):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{lab.log.read_text()[-3000:]}")
