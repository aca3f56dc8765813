"""Room for runs: one folder of this process below the temporary folder, known to be nobody's once its owner is gone.

    reverse-imports-room-x1y2/lock   held while its owner lives, in whatever way it ends
                              runs/  a folder per run, and one of the warm processes

Who makes room first removes what killed owners left.
"""

import atexit
import functools
import os
import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

from helpers.batch.files import FolderInUseError, is_private, owned
from helpers.errors import InputError

PREFIX, RUNS = "reverse-imports-room-", "runs"


def new_folder(name: str) -> Path:
    """A new folder in this process's room; its name begins with `name`. Raises OSError when it cannot be made."""
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_room(tempfile.gettempdir(), os.getpid())))


@functools.cache
def _room(temporary: str, process: int) -> Path:
    _remove_orphans(Path(temporary))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary))
    lock = ExitStack()
    lock.enter_context(owned(folder))
    (folder / RUNS).mkdir()  # only now can others tell that it has an owner

    def leave() -> None:
        if os.getpid() == process:  # and not a fork of it
            shutil.rmtree(folder / RUNS, ignore_errors=True)
            lock.close()
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(leave)
    return folder / RUNS


def _remove_orphans(temporary: Path) -> None:
    for folder in temporary.glob(f"{PREFIX}*"):
        with suppress(OSError, FolderInUseError, InputError):  # gone meanwhile, of a living process, or not ours
            if not is_private(folder):
                continue  # whoever can write there chooses what its links lead to
            if not ((folder / "lock").is_file() and (folder / RUNS).is_dir()):
                continue  # only being made
            with owned(folder):
                shutil.rmtree(folder / RUNS, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
