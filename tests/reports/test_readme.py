"""The README's first screen says what the stored brief says."""

from pathlib import Path
from shutil import copytree

import pytest

from helpers import PROJECT_ROOT
from helpers.errors import InputError
from helpers.reports.readme import END, PICTURE, START, changed_files


def test_first_screen_is_current() -> None:
    assert changed_files() == {}, "run: make refresh"


def test_first_screen_is_short_and_its_picture_has_words() -> None:
    lines = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    block = lines[lines.index(START) + 1 : lines.index(END)]
    assert block[0].startswith("![")
    assert len(block[0].split("](")[0]) > 40
    assert len([line for line in block if line.startswith("- ")]) == 3


def test_a_changed_number_is_noticed(tmp_path: Path) -> None:
    copytree(PROJECT_ROOT / "notebooks", tmp_path / "notebooks")
    readme = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(
        readme.replace("20,000 cars", "30,000 cars"), encoding="utf-8"
    )
    (tmp_path / PICTURE).unlink()
    assert set(changed_files(tmp_path)) == {tmp_path / "README.md", tmp_path / PICTURE}


@pytest.mark.parametrize("lost", [START, END])
def test_a_lost_mark_is_told_and_cuts_nothing(tmp_path: Path, lost: str) -> None:
    copytree(PROJECT_ROOT / "notebooks", tmp_path / "notebooks")
    (tmp_path / "README.md").write_text(
        (PROJECT_ROOT / "README.md").read_text(encoding="utf-8").replace(lost, ""), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"README\.md: the block of the brief is not marked once"):
        changed_files(tmp_path)
