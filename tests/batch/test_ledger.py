"""No crash, full disk or vanished folder loses, doubles or truncates an output; a folder has one
owner at a time.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import files
from helpers.batch.ledger import Ledger
from helpers.engine.folders import FolderInUseError, owned
from helpers.engine.journal import sha256
from helpers.engine.outcome import Outcome

OLD = Outcome("done", files={".ipynb": b"old notebook\n" * 100, ".html": b"old page\n" * 100})
NEW = Outcome(
    "done",
    files={".ipynb": b"new notebook\n" * 120, ".html": b"new page\n" * 120},
    results=[{"name": "x"}],
)
KEYS = {"old": OLD, "new": NEW}


class Crashing:
    """Counts the calls that reach the disk and does something at the n-th, after half of a
    write.
    """

    def __init__(self, at: int, fault: Callable[[], None]):
        self.calls, self._at, self._fault = 0, at, fault

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in ("open", "write", "fsync"):
            patch.setattr(os, name, self._counted(name, getattr(os, name)))
        patch.setattr(Path, "replace", self._counted("replace", Path.replace))
        patch.setattr(Path, "unlink", self._counted("unlink", Path.unlink))

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls == self._at:
                if name == "write":
                    real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                self._fault()
            return real(*arguments, **options)

        return call


def prepared(folder: Path) -> Ledger:
    """An output folder with the old outputs finished."""
    ledger = Ledger(folder)
    ledger.folder.mkdir(parents=True)
    ledger.finish("book", "base", "old", "inputs", OLD)
    return ledger


def points(tmp_path: Path) -> int:
    """How many calls reach the disk when the new outputs replace the old."""
    counter = Crashing(0, lambda: None)
    with pytest.MonkeyPatch.context() as patch:
        ledger = prepared(tmp_path / "counted")
        counter.install(patch)
        ledger.finish("book", "base", "new", "inputs", NEW)
    return counter.calls


def finished(ledger: Ledger) -> list[str]:
    return [mark.key for mark in ledger.marks() if ledger.holds(mark)]


def assert_whole(ledger: Ledger) -> None:
    """Every file under a final name is old or new as a whole, and what counts as finished is what
    it says.
    """
    for ending in (".ipynb", ".html"):
        assert (ledger.output / "base" / f"book{ending}").read_bytes() in (
            OLD.files[ending],
            NEW.files[ending],
        )
    for mark in ledger.marks():
        if ledger.holds(mark):
            assert {
                path: sha256(content) for path, content in named(KEYS[mark.key]).items()
            } == mark.files


def named(outcome: Outcome) -> dict[str, bytes]:
    return {f"base/book{ending}": content for ending, content in outcome.files.items()}


def in_child(work: Callable[[], None]) -> int:
    """Do the work in a forked process; its exit status."""
    process = os.fork()
    if process == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_crash_at_any_point_leaves_old_or_new(tmp_path: Path) -> None:
    total = points(tmp_path)
    assert total >= 15
    for at in range(1, total + 1):
        ledger = prepared(tmp_path / f"crash{at}")

        def crash(ledger: Ledger = ledger, at: int = at) -> None:
            Crashing(at, lambda: os.kill(os.getpid(), signal.SIGKILL)).install(pytest.MonkeyPatch())
            ledger.finish("book", "base", "new", "inputs", NEW)

        assert in_child(crash) == -signal.SIGKILL
        assert_whole(ledger)
        files.remove_partial_files(
            [*(ledger.output / name for name in named(NEW)), ledger.mark_path("book", "base")]
        )
        ledger.finish("book", "base", "new", "inputs", NEW)
        assert finished(ledger) == ["new"]
        assert [path for path in ledger.output.rglob("*") if files.PARTIAL in path.name] == []


def test_an_error_at_any_point_is_raised_and_leaves_old_or_new(tmp_path: Path) -> None:
    def no_space() -> None:
        raise OSError(28, "No space left on device")

    for at in range(1, points(tmp_path) + 1):
        ledger = prepared(tmp_path / f"error{at}")
        with pytest.MonkeyPatch.context() as patch:
            Crashing(at, no_space).install(patch)
            with pytest.raises(OSError, match="No space left"):
                ledger.finish("book", "base", "new", "inputs", NEW)
        assert_whole(ledger)
        assert [path for path in ledger.output.rglob("*") if files.PARTIAL in path.name] == [], (
            "a failed write cleans up behind it"
        )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_limit_of_the_system_on_file_size_leaves_the_old_output(tmp_path: Path) -> None:
    ledger = prepared(tmp_path / "out")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        ledger.finish("book", "base", "new", "inputs", NEW)

    assert in_child(limited) == 1
    assert finished(ledger) == ["old"]


def test_a_failure_is_kept_beside_the_good_output(tmp_path: Path) -> None:
    ledger = prepared(tmp_path / "out")
    ledger.keep_failure(
        "book", "base", Outcome("failed", "x", files={".failed.ipynb": b"what ran"})
    )
    assert finished(ledger) == ["old"]
    assert (ledger.output / "base" / "book.failed.ipynb").read_bytes() == b"what ran"
    ledger.finish("book", "base", "new", "inputs", NEW)
    assert not (ledger.output / "base" / "book.failed.ipynb").exists()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"key": 1}', b"\xff\xfe", b"null"])
def test_a_damaged_mark_proves_nothing(tmp_path: Path, damage: bytes) -> None:
    ledger = prepared(tmp_path / "out")
    (ledger.folder / "base.book.json").write_bytes(damage)
    assert finished(ledger) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"old noteb00k\n" * 100),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
    ],
)
def test_a_changed_output_is_not_finished(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    ledger = prepared(tmp_path / "out")
    damage(ledger.output / "base" / "book.ipynb")
    assert finished(ledger) == []


def test_a_vanished_folder_is_an_error_and_is_not_made_anew(tmp_path: Path) -> None:
    ledger = prepared(tmp_path / "out")
    shutil.rmtree(ledger.output)
    with pytest.raises(OSError, match="No such file"):
        ledger.finish("book", "base", "new", "inputs", NEW)
    assert not ledger.output.exists()


HOLD = """
import sys, time
from pathlib import Path
from helpers.engine.folders import owned
with owned(Path(sys.argv[1])):
    print("owned", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, os.fspath(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "owned\n"
    return process


def test_a_second_owner_is_refused_at_once_and_told_of_the_first(tmp_path: Path) -> None:
    process = holder(tmp_path / "out" / ".ledger")
    try:
        with (
            pytest.raises(
                FolderInUseError, match=f"is in use by process {process.pid} on .* since 20"
            ),
            owned(tmp_path / "out" / ".ledger"),
        ):
            pass
    finally:
        process.kill()
        process.communicate()


def test_a_killed_owner_leaves_no_lock(tmp_path: Path) -> None:
    process = holder(tmp_path / "out" / ".ledger")
    process.kill()
    process.communicate()
    with owned(tmp_path / "out" / ".ledger"):
        assert (
            json.loads((tmp_path / "out" / ".ledger" / "lock").read_text())["process"]
            == os.getpid()
        )
