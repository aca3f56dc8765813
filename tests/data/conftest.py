"""A copy of the shipped data package that a test may spoil."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helpers.data import DATA, check_all
from helpers.data.descriptor import read_package

Spoil = Callable[[str, str, str], list[str]]


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `data` with the descriptor and every table it names."""
    folder = tmp_path_factory.mktemp("package") / "data"
    for path in [
        DATA / "datapackage.json",
        *(DATA / table.path for table in read_package(DATA).values()),
    ]:
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return folder


@pytest.fixture
def package(copied: Path) -> Iterator[Path]:
    """The copy, put right again after the test: only what a test changed has to be read anew by the
    next.
    """
    before = {path: path.read_bytes() for path in copied.rglob("*.*")}
    yield copied
    for path in copied.rglob("*.*"):
        if path not in before:
            path.unlink()
    for path, content in before.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


@pytest.fixture
def spoil(package: Path) -> Spoil:
    """spoil(path, old, new): replace text that stands once in a file of the copy; the faults found
    then, as lines.
    """

    def change(path: str, old: str, new: str) -> list[str]:
        file = package / path
        content = file.read_bytes().decode("utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {path}"
        file.write_bytes(content.replace(old, new).encode("utf-8"))
        return list(map(str, check_all(package)))

    return change
