"""Finished files also go to an fsspec address: whole, once, and on from where an upload stopped."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from helpers.batch import Plan, Summary
from helpers.errors import InputError
from tests.batch.small_notebooks import recording

GOOD = ("print(jpy_per_usd)", recording("price_jpy", "jpy_per_usd * 10"))
ADDRESS = "memory://bucket/reports"


@pytest.fixture
def store() -> Iterator[Any]:
    store = fsspec.filesystem("memory")
    yield store
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def stored(store: Any) -> dict[str, bytes]:
    return {
        path.removeprefix("/bucket/reports/"): store.cat_file(path)
        for path in store.find("/bucket/reports")
    }


def local(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".ledger" not in path.parts
    }


def test_every_finished_file_arrives_whole(
    make: Callable[..., Path],
    planned: Callable[..., Plan],
    run: Callable[[Plan], Summary],
    store: Any,
    tmp_path: Path,
) -> None:
    assert (
        run(planned([make("one", *GOOD)], "base", "rural", html=True, upload=ADDRESS)).exit_code
        == 0
    )
    assert stored(store) == local(tmp_path / "out")
    assert set(stored(store)) >= {
        "base/one.ipynb",
        "base/one.html",
        "rural/one.html",
        "results.csv",
        "results.parquet",
        "manifest.json",
        "index.html",
    }


def test_what_has_not_changed_is_not_sent_again(
    make: Callable[..., Path],
    planned: Callable[..., Plan],
    run: Callable[[Plan], Summary],
    store: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, sent = make("one", *GOOD), []
    real = MemoryFileSystem.pipe_file

    def counted(self: Any, name: str, *arguments: Any, **options: Any) -> Any:
        sent.append(name.rsplit("/", 1)[1])
        return real(self, name, *arguments, **options)

    monkeypatch.setattr(MemoryFileSystem, "pipe_file", counted)
    run(planned([path], upload=ADDRESS))
    results = ["results.csv", "results.parquet", "results.xlsx"]
    assert sorted(sent) == ["manifest.json", "one.ipynb", *results]
    sent.clear()
    run(planned([path], upload=ADDRESS))
    assert sent == []


def test_an_upload_that_fails_is_told_and_goes_on_later(
    make: Callable[..., Path],
    planned: Callable[..., Plan],
    run: Callable[[Plan], Summary],
    store: Any,
    tmp_path: Path,
) -> None:
    path = make("one", *GOOD)
    with pytest.MonkeyPatch.context() as patch:

        def refuse(*_: Any, **__: Any) -> None:
            raise PermissionError("Access Denied")

        patch.setattr(MemoryFileSystem, "pipe_file", refuse)
        summary = run(planned([path], upload=ADDRESS))
    assert summary.exit_code == 1
    assert (
        f"not everything could be sent to {ADDRESS}: PermissionError: Access Denied"
        in summary.lines()
    )
    assert (tmp_path / "out" / "base" / "one.ipynb").is_file()
    again = run(planned([path], upload=ADDRESS))
    assert (again.exit_code, len(again.kept)) == (0, 1)
    assert stored(store) == local(tmp_path / "out")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("reports", "this is a folder of this machine; give it as --output"),
        (
            Path("reports").absolute().as_posix(),
            "this is a folder of this machine; give it as --output",
        ),
        (
            Path("reports").absolute().as_uri(),
            "this is a folder of this machine; give it as --output",
        ),
        (
            "nonsense://bucket",
            "Protocol not known: nonsense; install what it names, or write another address",
        ),
    ],
)
def test_an_address_that_cannot_serve_is_refused(
    make: Callable[..., Path], planned: Callable[..., Plan], address: str, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        planned([make("one", *GOOD)], upload=address)
    assert str(caught.value.faults[0]) == f"--upload {address}: {told}"
