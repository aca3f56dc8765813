"""Folders of runs: of one process, gone with it, and removed by the next one when it was killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers import files
from helpers.batch.ledger import Ledger
from helpers.engine.folders import ForeignLockError, owned
from helpers.errors import InputError

USE = """
import sys
from helpers.engine.folders import new_folder
folder = new_folder("run")
(folder / "big").write_text("x")
print(folder, flush=True)
sys.stdin.read()
"""


def start(temporary: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has made room, and its folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_process_takes_its_room_with_it(tmp_path: Path) -> None:
    process, folder = start(tmp_path)
    assert (folder / "big").exists()
    process.communicate()
    assert list(tmp_path.iterdir()) == []


def test_the_next_process_removes_the_room_of_a_killed_one_and_no_other(tmp_path: Path) -> None:
    others = [
        tmp_path / "reverse-imports-main" / "runs",
        tmp_path / "reverse-imports-runs-of-somebody" / "runs",
    ]
    for folder in others:
        folder.mkdir(parents=True)
    (tmp_path / "project" / "runs").mkdir(parents=True)
    (tmp_path / "project" / "lock").touch()
    (tmp_path / "reverse-imports-runs-link").symlink_to(tmp_path / "project")
    others.append(tmp_path / "project" / "runs")
    living, its_folder = start(tmp_path)
    killed, left = start(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (left / "big").exists()
    following, _ = start(tmp_path)
    assert (
        left.parents[1].exists(),
        (its_folder / "big").exists(),
        [folder.exists() for folder in others],
    ) == (False, True, [True] * 3)
    living.communicate()
    following.communicate()
    assert not its_folder.parents[1].exists()


PLANT = """
mkdir -p "$0/runs" "$0/code/helpers"
touch "$0/code/helpers/kept"
ln -s "$1" "$0/lock"
"""
CLEAR_BUNDLES = (
    "from helpers.batch import cluster_worker as worker\nworker._clear(worker._holder())"
)
MAKE_FOLDER = "from helpers.engine.folders import new_folder\nnew_folder('run')"


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A temporary folder as all users of a machine share it; that of a test is closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o1777)
        yield Path(folder)


def plant(temporary: Path, name: str, target: Path, **user: Any) -> Path:
    """A folder as a killed owner leaves it, but with a link in place of its lock."""
    subprocess.run(["/bin/sh", "-c", PLANT, temporary / name, target], check=True, cwd="/", **user)
    return temporary / name


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can act as another user"
)
@pytest.mark.parametrize(
    ("name", "code"),
    [("reverse-imports-runs-e", MAKE_FOLDER), ("reverse-imports-bundle-e", CLEAR_BUNDLES)],
)
@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_a_folder_of_another_user_reaches_no_file_of_ours(
    open_to_all: Path, name: str, code: str, mode: int
) -> None:
    treasure = open_to_all / "treasure"
    treasure.write_text("all I have")
    treasure.chmod(0o600)
    folder = plant(open_to_all, name, treasure, user=65534, group=65534, extra_groups=[])
    folder.chmod(mode)
    before = folder.stat().st_mtime_ns
    subprocess.run(
        [sys.executable, "-c", code], check=True, env={**os.environ, "TMPDIR": str(open_to_all)}
    )
    assert treasure.read_text() == "all I have"
    assert (
        folder.stat().st_mtime_ns,
        (folder / "runs").is_dir(),
        (folder / "code/helpers/kept").exists(),
    ) == (before, True, True)


@pytest.mark.skipif(os.name != "posix", reason="the mode of a folder says nothing there")
def test_a_folder_that_others_may_write_to_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "treasure").write_text("all I have")
    plant(tmp_path, "reverse-imports-runs-e", tmp_path / "treasure").chmod(0o777)
    subprocess.run(
        [sys.executable, "-c", MAKE_FOLDER], check=True, env={**os.environ, "TMPDIR": str(tmp_path)}
    )
    assert (tmp_path / "treasure").read_text() == "all I have"


def test_a_lock_that_is_a_link_is_refused_and_its_target_untouched(tmp_path: Path) -> None:
    (tmp_path / "treasure").write_text("all I have")
    plant(tmp_path, ".ledger", tmp_path / "treasure")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".ledger").symlink_to(tmp_path / "real")
    (tmp_path / "real").mkdir()
    for output in (tmp_path, tmp_path / "out"):
        with pytest.raises(InputError, match="it is a link"), Ledger(output).owned():
            pass
        with pytest.raises(ForeignLockError, match="is a link"), owned(output / ".ledger"):
            pass
    assert (tmp_path / "treasure").read_text() == "all I have"
    assert list((tmp_path / "real").iterdir()) == []


def test_a_write_follows_no_link_that_somebody_put_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "treasure").write_text("all I have")
    for name in (".results.csv.partial", "results.csv"):
        (tmp_path / name).symlink_to(tmp_path / "treasure")
    files.write(tmp_path / "results.csv", b"new")
    assert (tmp_path / "treasure").read_text() == "all I have"
    assert (tmp_path / "results.csv").read_bytes() == b"new"
    assert not (tmp_path / "results.csv").is_symlink()
