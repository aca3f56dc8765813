"""The data package: every table is read strictly and checked against its description before anyone
sees it.
"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers import PROJECT_ROOT
from helpers.data.checking import checked, earlier_ids
from helpers.data.consistency import check_package
from helpers.data.descriptor import read_package
from helpers.errors import Fault, InputError, refusal
from helpers.texts import did_you_mean

__all__ = ["DATA", "check_all", "dictionary", "load", "resolve", "source", "sources", "tables"]

DATA = PROJECT_ROOT / "data"


def load(name: str) -> pd.DataFrame:
    """A checked table of the data package by its name, such as "vehicles".

    Text columns hold "" where the file is blank. Whole numbers without blanks are int64, other
    numbers float64 with NaN for blank. Dates and periods stay ISO text. The frame is the caller's
    own. Raises InputError with every fault of the file.
    """
    known = read_package(DATA)
    if name not in known:
        instead = did_you_mean(str(name), known, f"there are {', '.join(known)}")
        raise refusal(f"table '{name}'", "is not described in data/datapackage.json", instead)
    frame, faults = checked(name, DATA)
    if faults:
        raise InputError(faults)
    return frame.reset_index(drop=True)


def tables() -> pd.DataFrame:
    """The tables of the package: name, path, title, what it is for, rows, licence."""
    known = read_package(DATA).values()
    counts = [len(checked(table.name, DATA)[0]) for table in known]
    frame = pd.DataFrame(map(vars, known)).assign(rows=counts)
    return frame[["name", "path", "title", "purpose", "rows", "licence"]]


def dictionary(name: str) -> pd.DataFrame:
    """The columns of a table: column, type, unit, whether a blank is allowed, description."""
    load(name)
    frame = pd.DataFrame(map(vars, read_package(DATA)[name].columns))
    frame = frame.assign(column=frame["name"], blank=frame["required"].map(_BLANK))
    return frame[["column", "type", "unit", "blank", "description"]]


_BLANK = {True: "no", False: "allowed"}


def sources() -> pd.DataFrame:
    """The register of sources, one row each."""
    return load("sources")


def source(source_ids: str | Iterable[str]) -> pd.DataFrame:
    """The register's rows of these ids, each once; earlier ids resolve, ";" parts several."""
    wanted = source_ids.split(";") if isinstance(source_ids, str) else list(source_ids)
    ids = list(dict.fromkeys(map(resolve, wanted)))
    return sources().set_index("source_id").loc[ids].reset_index()


def resolve(source_id: str, folder: Path | None = None) -> str:
    """The id a source has in the register, for that id or an earlier one. folder: another package
    than the one that ships. Raises InputError for an unknown id.
    """
    package = DATA if folder is None else folder
    register, faults = checked("sources", package)
    if faults:
        raise InputError(faults)
    ids, earlier = set(register["source_id"].tolist()), earlier_ids(package)
    if source_id in ids:
        return source_id
    if source_id in earlier:
        return earlier[source_id]
    instead = did_you_mean(source_id, sorted({*ids, *earlier}), "add it there first")
    raise refusal(f"source '{source_id}'", f"is not in {package.name}/sources.csv", instead)


def check_all(folder: Path | None = None) -> list[Fault]:
    """Every fault of the data package in `folder` (default: the one that ships): descriptor, files,
    tables, and what holds between them.
    """
    return check_package(DATA if folder is None else Path(folder))
