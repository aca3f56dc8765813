"""Files that are whole or absent: durable writes, content hashes, one owner per folder."""

import hashlib
import json
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

PARTIAL = ".partial"


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
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
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


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Own the folder for the duration; raises `FolderInUseError` at once when another process does.

    The operating system frees the lock when its owner ends in whatever way, so that no stale lock can remain.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        _lock_or_tell(file, folder)
        file.truncate(0)
        file.write(json.dumps({"process": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}))
        file.flush()
        yield
        file.truncate(0)


def refuse_owned(folder: Path) -> None:
    """Raise `FolderInUseError` when another process owns the folder now; changes nothing."""
    try:
        with (folder / "lock").open("r+", encoding="utf-8") as file:
            _lock_or_tell(file, folder)
    except FileNotFoundError:
        return


def _lock_or_tell(file: TextIO, folder: Path) -> None:
    try:
        _lock(file.fileno())
    except (BlockingIOError, PermissionError):
        file.seek(0)
        raise FolderInUseError(f"{folder.parent} is in use by {_owner(file.read())}; wait for it or give another --output") from None


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
