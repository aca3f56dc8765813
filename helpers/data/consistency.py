"""Checks of the package as a whole: files listed and present, and what must hold between columns and tables."""

from pathlib import Path

from helpers.data.checking import checked
from helpers.data.descriptor import read_package
from helpers.errors import Fault, InputError


def check_package(folder: Path) -> list[Fault]:
    """Every fault of the package in `folder`. Rules between tables run only on tables that are sound themselves."""
    try:
        tables = read_package(folder)
    except InputError as error:
        return list(error.faults)
    faults = _files(folder, [table.path for table in tables.values()])
    for name in tables:
        faults.extend(checked(name, folder)[1])
    return faults


def _files(folder: Path, listed: list[str]) -> list[Fault]:
    present = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.csv"))
    return [
        Fault(f"{folder.name}/{path}", "is not described in datapackage.json", "describe it there, or take it away") for path in present if path not in listed
    ]
