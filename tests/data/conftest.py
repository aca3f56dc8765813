"""A copy of the shipped data package that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.data import DATA, check_all
from helpers.data.descriptor import read_package

Spoil = Callable[[str, str, str], list[str]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder `data` with every table of the shipped package and the descriptor."""
    folder = tmp_path / "data"
    for path in [DATA / "datapackage.json", *(DATA / table.path for table in read_package(DATA).values())]:
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


@pytest.fixture
def spoil(package: Path) -> Spoil:
    """spoil(path, old, new): replace text that stands once in a file of the copy; the faults found then, as lines."""

    def change(path: str, old: str, new: str) -> list[str]:
        file = package / path
        content = file.read_bytes().decode("utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path}"
        file.write_bytes(content.replace(old, new).encode("utf-8"))
        return list(map(str, check_all(package)))

    return change
