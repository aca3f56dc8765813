"""A report as PDF: the print view, printed by an installed browser."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from helpers.errors import refusal

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
    browser = find_browser()
    if browser is None:
        raise refusal(
            "--pdf",
            "no browser was found that can print",
            "install Chromium, or name one in the variable CHROMIUM",
        )
    with tempfile.TemporaryDirectory() as profile:
        printed = Path(profile) / "page.pdf"
        # the browser's sandbox refuses to run as root
        sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser,
            "--headless",
            *QUIET,
            *sandbox,
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={printed}",
        ]
        try:
            done = subprocess.run(
                [*command, page.resolve().as_uri()],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise refusal(str(page), f"the browser did not print it within {SECONDS} s") from None
        if not printed.is_file():
            raise refusal(
                str(page),
                "the browser printed nothing: "
                f"{(done.stderr.strip().splitlines() or ['no message'])[-1]}",
            )
        content = _without_clock(printed.read_bytes())
    partial = target.with_name(f".{target.name}.part")
    partial.write_bytes(content)
    partial.replace(target)


def _without_clock(content: bytes) -> bytes:
    """The PDF with its two time stamps set to a fixed one of the same length, so that no offset
    moves.
    """

    def blanked(match: re.Match[bytes]) -> bytes:
        return match[1] + b"20000101000000" + re.sub(rb"\d", b"0", match[2])

    return re.sub(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}([^)]*\))", blanked, content)
