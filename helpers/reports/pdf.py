"""A report as PDF and its figures as pictures, drawn by an installed browser."""

import math
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from helpers.environment import ALLOWED
from helpers.errors import refusal
from helpers.files import write
from helpers.show.drawing import MIME as FIGURE

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "brave-browser",
)
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS = 120


def find_browser() -> str | None:
    """The path of an installed browser that can print, or None. The variable CHROMIUM names one
    that is not on the path.
    """
    named = os.environ.get("CHROMIUM")
    return (
        shutil.which(named)
        if named
        else next((path for name in BROWSERS if (path := shutil.which(name))), None)
    )


def write_pdf(page: Path, target: Path) -> None:
    """Print an HTML report to `target`, through a temporary name. Same page and browser, same
    bytes: the clock time is blanked.

    Raises `InputError` where no browser is installed or it prints nothing.
    """
    write(target, _without_clock(_drawn(page, ".pdf", "--no-pdf-header-footer", "--print-to-pdf")))


def write_pngs(notebook: NotebookNode, stem: Path) -> list[Path]:
    """Each figure of an executed notebook as a picture with its words, twice as fine as on the
    page, named after the notebook and the figure. Gives the files.

    Raises `InputError` where no browser is installed or it draws nothing.
    """
    bundles = [
        output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if FIGURE in output.get("data", {})
    ]
    return [_png(bundle, stem) for bundle in bundles]


def _png(bundle: Mapping[str, Any], stem: Path) -> Path:
    svg = str(bundle["image/svg+xml"])
    target = stem.with_name(f"{stem.name}-{bundle[FIGURE]['name']}.png")
    width, height = _size(svg)
    sized = svg.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
    with tempfile.TemporaryDirectory() as folder:
        drawing = Path(folder) / "figure.svg"
        drawing.write_text(sized, encoding="utf-8")
        look = (f"--window-size={width},{height}", "--force-device-scale-factor=2")
        write(target, _drawn(drawing, ".png", *look, "--hide-scrollbars", "--screenshot"))
    return target


def _size(svg: str) -> tuple[int, int]:
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise refusal("--png", "a figure has no size", "draw it with helpers.show")
    return math.ceil(float(box[1])), math.ceil(float(box[2]))


def _drawn(page: Path, ending: str, *options: str) -> bytes:
    """What an installed browser makes of a page. ending: of the file, whose name the last option
    takes.
    """
    browser = find_browser()
    if browser is None:
        raise refusal(
            "--pdf and --png",
            "no browser was found that can print",
            "install Chromium, or name one in the variable CHROMIUM",
        )
    with tempfile.TemporaryDirectory() as profile:
        made = Path(profile) / f"made{ending}"
        # the browser's sandbox refuses to run as root
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        profiled = [*sandbox, f"--user-data-dir={profile}"]
        command = [browser, "--headless", *QUIET, *profiled, *options[:-1], f"{options[-1]}={made}"]
        try:
            done = subprocess.run(
                [*command, page.resolve().as_uri()],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                env={name: os.environ[name] for name in ALLOWED if name in os.environ},
            )
        except subprocess.TimeoutExpired:
            raise refusal(str(page), f"the browser did not print it within {SECONDS} s") from None
        if not made.is_file():
            raise refusal(
                str(page),
                "the browser printed nothing: "
                f"{(done.stderr.strip().splitlines() or ['no message'])[-1]}",
            )
        return made.read_bytes()


def _without_clock(content: bytes) -> bytes:
    """The PDF with its two time stamps set to a fixed one of the same length, so that no offset
    moves.
    """

    def blanked(match: re.Match[bytes]) -> bytes:
        return match[1] + b"20000101000000" + re.sub(rb"\d", b"0", match[2])

    return re.sub(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))", blanked, content)
