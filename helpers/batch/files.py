"""Files that are whole or absent: durable writes, content hashes, one owner per folder."""

import hashlib
import json
import os
import socket
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from helpers.errors import Fault, InputError
from helpers.texts import printable

PARTIAL = ".partial"
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # not every system has it


class FolderInUseError(RuntimeError):
    """Another batch owns the output folder. The message names it."""


def sha256(content: bytes) -> str:
    """Hex digest of the content."""
    return hashlib.sha256(content).hexdigest()


def write(path: Path, content: bytes) -> None:
    """Write a file so that after a crash at any moment it holds its old content or the new one, never a part.

    The content goes to a temporary name in the same folder, is synced, renamed over the final name, and the folder is
    synced. Raises OSError, after removing the temporary file, with the old file untouched, or, when only the last step
    failed, with the new one in place.
    """
    partial = _partial(path)
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o644)
    try:
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder last."""
    if os.name != "posix":  # a folder cannot be opened elsewhere
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_partial_files(paths: Iterable[Path]) -> None:
    """Remove what interrupted writes of these files left behind. Call only as the owner of their folders."""
    for path in paths:
        _partial(path).unlink(missing_ok=True)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}{PARTIAL}")


def is_private(folder: Path) -> bool:
    """Whether the path is a real folder of this user that nobody else may enter. Looks at no link's target."""
    entry = folder.lstat()
    mode_is_private = os.name != "posix" or stat.S_IMODE(entry.st_mode) == 0o700
    return stat.S_ISDIR(entry.st_mode) and _is_own(entry) and mode_is_private


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Own the folder for the duration; raises `FolderInUseError` at once when another process does.

    The operating system frees the lock when its owner ends in whatever way, so that no stale lock can remain. Raises
    `InputError`, with everything as it was, when the lock is a link or another user's.
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
    """Raise `FolderInUseError` when another process owns the folder now; changes nothing. Raises `InputError` for a lock
    that is a link or another user's."""
    try:
        with _opened_lock(folder) as file:
            _lock_or_tell(file, folder)
    except FileNotFoundError:
        return


def _opened_lock(folder: Path, creation: int = 0) -> TextIO:
    """The lock of a folder, open and unchanged: a file of this user under one name, reached through no link."""
    path = folder / "lock"
    if folder.is_symlink():
        raise _foreign(folder)
    try:
        descriptor = os.open(path, os.O_RDWR | NO_FOLLOW | creation, 0o644)
    except OSError as error:
        if path.is_symlink() or isinstance(error, IsADirectoryError):
            raise _foreign(path) from None
        raise
    entry = os.fstat(descriptor)
    if not (stat.S_ISREG(entry.st_mode) and _is_own(entry) and entry.st_nlink == 1):
        os.close(descriptor)
        raise _foreign(path)
    return os.fdopen(descriptor, "r+", encoding="utf-8")


def _is_own(entry: os.stat_result) -> bool:
    return os.name != "posix" or entry.st_uid == os.getuid()


def _foreign(path: Path) -> InputError:
    what = "it is a link, not a file, or another user's, and is left alone"
    return InputError([Fault(str(path), what, "remove it or give another --output")])


def _lock_or_tell(file: TextIO, folder: Path) -> None:
    try:
        _lock(file.fileno())
    except (BlockingIOError, PermissionError):
        file.seek(0)
        raise FolderInUseError(f"{folder.parent} is in use by {_owner(file.read())}; wait for it or give another --output") from None


def _owner(text: str) -> str:
    try:
        owner = json.loads(text)
        return printable(f"process {owner['process']} on {owner['host']} since {owner['since']}")
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
