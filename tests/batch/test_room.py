"""Room for runs: of one process, gone with it, and removed by the next one when it was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

USE = """
import sys
from helpers.batch.room import new_folder
folder = new_folder("run")
(folder / "big").write_text("x")
print(folder, flush=True)
sys.stdin.read()
"""


def start(temporary: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has made room, and its folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(temporary)}
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_process_takes_its_room_with_it(tmp_path: Path) -> None:
    process, folder = start(tmp_path)
    assert (folder / "big").exists()
    process.communicate()
    assert list(tmp_path.iterdir()) == []


def test_the_next_process_removes_the_room_of_a_killed_one_and_no_other(tmp_path: Path) -> None:
    others = [tmp_path / "reverse-imports-main" / "runs", tmp_path / "reverse-imports-room-of-somebody" / "runs"]
    for folder in others:
        folder.mkdir(parents=True)
    (tmp_path / "project" / "runs").mkdir(parents=True)
    (tmp_path / "project" / "lock").touch()
    (tmp_path / "reverse-imports-room-link").symlink_to(tmp_path / "project")
    others.append(tmp_path / "project" / "runs")
    living, its_folder = start(tmp_path)
    killed, left = start(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (left / "big").exists()
    following, _ = start(tmp_path)
    assert (left.parents[1].exists(), (its_folder / "big").exists(), [folder.exists() for folder in others]) == (False, True, [True] * 3)
    living.communicate()
    following.communicate()
    assert not its_folder.parents[1].exists()
