"""A real JupyterLab on a copy of the notebooks, as `make lab` starts it, and a page in a headless
browser.
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

import pytest

from helpers import PROJECT_ROOT

START_S = 60
IN_COPY = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")


@dataclass(frozen=True)
class Lab:
    """A running server. address: its root with no path; folder: the copy it serves; log: what it
    has written.
    """

    address: str
    token: str
    folder: Path
    log: Path

    def url(self, path: str = "") -> str:
        """The address of a page, with the token."""
        return f"{self.address}/{path}?token={self.token}"


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with the committed configuration on a copy of the notebooks, which are trusted as
    `make lab` trusts them.
    """
    root = tmp_path_factory.mktemp("lab")
    for folder in ("lab", "notebooks"):
        shutil.copytree(PROJECT_ROOT / folder, root / "copy" / folder, ignore=IN_COPY)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "PYTEST"))
    }
    environment |= {"HOME": str(root / "home"), "JUPYTERLAB_WORKSPACES_DIR": str(root / "layouts")}
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
        found = Lab(f"http://127.0.0.1:{port}", token, root / "copy", log)
        _wait_until_up(found, server)
        yield found
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_up(found: Lab, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(found.url("api")):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{found.log.read_text()[-3000:]}")
