"""Files that are whole or absent, and where they lie."""

import os
from collections.abc import Iterable
from pathlib import Path

PARTIAL = ".partial"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # not on every system


def near(path: Path) -> Path:
    """The path from the current folder if it lies there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def write(path: Path, content: bytes) -> None:
    """Write a file so that after a crash at any moment it holds its old content or the new one,
    never a part.

    The content goes to a temporary name in the same folder, is synced, renamed over the final name,
    and the folder is synced. Raises OSError, after removing the temporary file, with the old file
    untouched, or, when only the last step failed, with the new one in place.
    """
    partial = _partial(path)
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o644)
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
    """Remove what interrupted writes left behind. Call only as the owner of the folders."""
    for path in paths:
        _partial(path).unlink(missing_ok=True)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}{PARTIAL}")
