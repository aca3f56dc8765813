"""Printing says what is missing instead of leaving a broken file."""

from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.reports import find_browser, write_pdf
from helpers.reports.pdf import _without_clock


def test_no_browser_is_one_clear_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert find_browser() is None
    with pytest.raises(InputError, match="no browser was found that can print; install Chromium"):
        write_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert not list(tmp_path.iterdir())


def test_a_browser_that_prints_nothing_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho cannot open the display${MY_API_KEY} >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    monkeypatch.setenv("MY_API_KEY", ", and the browser has a secret")
    (tmp_path / "page.pdf").write_bytes(b"earlier")
    with pytest.raises(InputError, match=r"printed nothing: cannot open the display$"):
        write_pdf(tmp_path / "page.html", tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes() == b"earlier"


def test_time_stamps_are_blanked_without_moving_an_offset() -> None:
    before = (
        b"1 0 obj <</CreationDate (D:20261121101112+09'00') /ModDate (D:20261121101112Z)>> endobj"
    )
    after = _without_clock(before)
    assert len(after) == len(before)
    assert b"20261121" not in after
    assert _without_clock(after) == after
