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
    others = tmp_path / "reverse-imports-of-somebody" / "data"
    others.mkdir(parents=True)
    living, its_folder = start(tmp_path)
    killed, left = start(tmp_path)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (left / "big").exists()
    following, _ = start(tmp_path)
    assert (left.parents[1].exists(), (its_folder / "big").exists(), others.exists()) == (False, True, True)
    living.communicate()
    following.communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["reverse-imports-of-somebody"]
