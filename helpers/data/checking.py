"""Checks of one table: first by itself, then its references to other tables. Kept until a file
changes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd

from helpers.data.descriptor import FILE, Table, read_package
from helpers.data.reading import Reading, read
from helpers.data.schema import constrain
from helpers.errors import Fault
from helpers.texts import did_you_mean

Stamp = tuple[tuple[str, int, int], ...]
_alone: dict[tuple[Path, str], tuple[Stamp, Reading]] = {}
_with_references: dict[tuple[Path, str], tuple[Stamp, tuple[Fault, ...]]] = {}


def checked(name: str, folder: Path) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """The table `name` of the package in `folder`, indexed by physical line, and every fault of its
    file.

    Kept for the process until one of the files it depends on changes; do not change the frame.
    """
    tables = read_package(folder)
    table = tables[name]
    reading = _by_itself(table, folder)
    stamp = _stamp(
        folder / FILE,
        *(folder / tables[other].path for other in (name, *sorted(_needed_tables(table)))),
    )
    kept = _with_references.get((folder, name))
    if kept is None or kept[0] != stamp:
        faults = [
            *reading.faults,
            *(_references(table, reading, tables, folder) if reading.whole else ()),
        ]
        kept = (stamp, tuple(sorted(faults, key=_line)))
        _with_references[folder, name] = kept
    return reading.frame, kept[1]


def check_file(name: str, path: Path, folder: Path) -> tuple[pd.DataFrame, tuple[Fault, ...]]:
    """A file in the form of a table, checked as that table is: its rows, and every fault."""
    tables = read_package(folder)
    reading = read(tables[name], path, path.name)
    if reading.whole:
        constrain(tables[name], reading)
        reading.faults += _references(tables[name], reading, tables, folder)
    return reading.frame, tuple(sorted(reading.faults, key=_line))


def _by_itself(table: Table, folder: Path) -> Reading:
    path = folder / table.path
    stamp = _stamp(folder / FILE, path)
    kept = _alone.get((folder, table.name))
    if kept is None or kept[0] != stamp:
        reading = read(table, path, f"{folder.name}/{table.path}")
        if reading.whole:
            constrain(table, reading)
        kept = (stamp, reading)
        _alone[folder, table.name] = kept
    return kept[1]


def _stamp(*paths: Path) -> Stamp:
    return tuple(_time_and_size(path) for path in paths)


def _time_and_size(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), status.st_mtime_ns, status.st_size


def _line(fault: Fault) -> int:
    match = re.search(r" line (\d+)", fault.where)
    return int(match[1]) if match else 0


def _needed_tables(table: Table) -> set[str]:
    return {
        target
        for column in table.columns
        if column.references
        for target, _ in column.references.targets
    }


def _references(
    table: Table, reading: Reading, tables: dict[str, Table], folder: Path
) -> Iterator[Fault]:
    for column in table.columns:
        if column.references is None:
            continue
        if column.references.own_columns:
            known, home = frozenset(table.column_names), "the columns of this table"
        else:
            values = [_values(target, name, folder) for target, name in column.references.targets]
            known, home = (
                frozenset().union(*values),
                " or ".join(tables[target].path for target, _ in column.references.targets),
            )
            if not all(values):
                # the other file cannot be read: that is its fault, not one of every row here
                continue
        old = earlier_ids(folder) if ("sources", "source_id") in column.references.targets else {}
        for line, ids in zip(
            reading.frame.index.tolist(), reading.frame[column.name].tolist(), strict=True
        ):
            if ids and (line, column.name) not in reading.spoilt:
                for what, instead in _unresolved(
                    ids, column.references.separator, known, old, home
                ):
                    yield Fault(f"{reading.where} line {line}, column {column.name}", what, instead)


def _unresolved(
    ids: str, separator: str, known: frozenset[str], old: dict[str, str], home: str
) -> Iterator[tuple[str, str]]:
    parts = ids.split(separator) if separator else [ids]
    for part in dict.fromkeys(parts):
        if parts.count(part) > 1:
            yield f"'{part}' stands {parts.count(part)} times", "write it once"
        if part in known:
            continue
        if part in old:
            yield f"'{part}' is an earlier id", f"write {old[part]}"
        elif separator and (not part.strip() or part.strip() in known):
            yield (
                f"'{ids}' has a blank too many",
                f"write {separator.join(piece.strip() for piece in parts if piece.strip())}",
            )
        elif separator and any(other in part for other in ", |" if other != separator):
            yield f"'{part}' is not in {home}", f"part several ids by '{separator}' without blanks"
        else:
            yield f"'{part}' is not in {home}", _known_id(part, known)


@lru_cache(maxsize=1024)
def _known_id(part: str, known: frozenset[str]) -> str:
    return did_you_mean(part, sorted(known), "add it there first")


def _values(target: str, name: str, folder: Path) -> set[str]:
    """The ids that stand in a column of another table, whatever else is wrong with it."""
    frame = _by_itself(read_package(folder)[target], folder).frame
    return set(frame[name].tolist()) if name in frame else set()


def earlier_ids(folder: Path) -> dict[str, str]:
    """Ids that sources had before, each with the id the source has now."""
    register = _by_itself(read_package(folder)["sources"], folder).frame
    if "aliases" not in register:
        return {}
    return {
        old: new
        for new, olds in zip(register["source_id"], register["aliases"], strict=True)
        for old in olds.split(";")
        if old
    }
