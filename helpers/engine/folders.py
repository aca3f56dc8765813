"""Folders with one owner: whose a folder is, and where runs have theirs: below one folder of this
process in the temporary folder, known to be nobody's once its owner is gone.

    reverse-imports-runs-x1y2/lock   held while its owner lives, in whatever way it ends
                              runs/  a folder per run, and one of the warm processes

Who makes such a folder first removes what killed owners left.
"""

import atexit
import functools
import json
import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # not every system has it
LONGEST_OWNER = 1_000
PREFIX, RUNS = "reverse-imports-runs-", "runs"


class FolderInUseError(RuntimeError):
    """Another process owns the folder. The message names it."""


class ForeignLockError(OSError):
    """The lock of a folder is not ours to touch: a link, no file, or another user's."""

    def __init__(self, path: Path):
        super().__init__(f"{path} is a link, not a file, or another user's, and is left alone")
        self.path = path


def is_private(folder: Path) -> bool:
    """Whether the path is a real folder of this user that nobody else may enter. Looks at no link's
    target.
    """
    entry = folder.lstat()
    mode_is_private = os.name != "posix" or stat.S_IMODE(entry.st_mode) == 0o700
    return stat.S_ISDIR(entry.st_mode) and _is_own(entry) and mode_is_private


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Own the folder for the duration; raises `FolderInUseError` at once when another process does.

    The operating system frees the lock when its owner ends in whatever way, so that no stale lock
    can remain. Raises `ForeignLockError`, with everything as it was, when the lock is a link or
    another user's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _opened_lock(folder, os.O_CREAT) as file:
        _lock_or_tell(file, folder)
        file.truncate(0)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        owner = {"process": os.getpid(), "host": socket.gethostname(), "since": since}
        file.write(json.dumps(owner))
        file.flush()
        yield
        file.truncate(0)


def refuse_owned(folder: Path) -> None:
    """Raise `FolderInUseError` when another process owns the folder now; changes nothing. Raises
    `ForeignLockError` for a lock that is a link or another user's.
    """
    try:
        with _opened_lock(folder) as file:
            _lock_or_tell(file, folder)
    except FileNotFoundError:
        return


def _opened_lock(folder: Path, creation: int = 0) -> TextIO:
    """The lock of a folder, open and unchanged: a file of this user under one name, reached through
    no link.
    """
    path = folder / "lock"
    if folder.is_symlink():
        raise ForeignLockError(folder)
    try:
        descriptor = os.open(path, os.O_RDWR | NO_FOLLOW | creation, 0o644)
    except OSError as error:
        if path.is_symlink() or isinstance(error, IsADirectoryError):
            raise ForeignLockError(path) from None
        raise
    entry = os.fstat(descriptor)
    if not (stat.S_ISREG(entry.st_mode) and _is_own(entry) and entry.st_nlink == 1):
        os.close(descriptor)
        raise ForeignLockError(path)
    return os.fdopen(descriptor, "r+", encoding="utf-8")


def _is_own(entry: os.stat_result) -> bool:
    return os.name != "posix" or entry.st_uid == os.getuid()


def _lock_or_tell(file: TextIO, folder: Path) -> None:
    try:
        _lock(file.fileno())
    except (BlockingIOError, PermissionError):
        file.seek(0)
        owner = _owner(file.read(LONGEST_OWNER))
        raise FolderInUseError(f"{folder.parent} is in use by {owner}; wait for it") from None


def _owner(text: str) -> str:
    try:
        owner = json.loads(text)
        return f"process {owner['process']} on {owner['host']} since {owner['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process"


if os.name == "posix":
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

else:
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]


def new_folder(name: str) -> Path:
    """A new folder below the one of this process; its name begins with `name`. Raises OSError when
    it cannot be made.
    """
    return Path(
        tempfile.mkdtemp(prefix=f"{name}-", dir=_own_folder(tempfile.gettempdir(), os.getpid()))
    )


@functools.cache
def _own_folder(temporary: str, process: int) -> Path:
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
        # gone meanwhile, of a living process, or not ours
        with suppress(OSError, FolderInUseError):
            if not is_private(folder):
                continue  # whoever can write there chooses what its links lead to
            if not ((folder / "lock").is_file() and (folder / RUNS).is_dir()):
                continue  # only being made
            with owned(folder):
                shutil.rmtree(folder / RUNS, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
