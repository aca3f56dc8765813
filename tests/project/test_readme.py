"""The README's first screen says what the stored brief says."""

from pathlib import Path
from shutil import copytree

from helpers import PROJECT_ROOT
from helpers.readme import END, PICTURE, START, changed_files


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
    (tmp_path / "README.md").write_text(readme.replace("20,000 cars are", "30,000 cars are"), encoding="utf-8")
    (tmp_path / PICTURE).unlink()
    assert set(changed_files(tmp_path)) == {tmp_path / "README.md", tmp_path / PICTURE}
