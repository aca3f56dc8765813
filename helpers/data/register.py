"""The register of sources: every source once, with the ids it had before."""

import difflib
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers.data.checking import checked, earlier_ids
from helpers.errors import Fault, InputError


def resolve(source_id: str, folder: Path) -> str:
    """The id a source has in the register, whether `source_id` is that id or an earlier one. Raises InputError for unknown ids."""
    register, faults = checked("sources", folder)
    if faults:
        raise InputError(faults)
    ids, earlier = set(register["source_id"].tolist()), earlier_ids(folder)
    if source_id in ids:
        return source_id
    if source_id in earlier:
        return earlier[source_id]
    near = difflib.get_close_matches(source_id, [*ids, *earlier], 1, 0.5)
    instead = f"did you mean {near[0]}?" if near else "add it there first"
    raise InputError([Fault(f"source '{source_id}'", f"is not in {folder.name}/sources.csv", instead)])


def rows(register: pd.DataFrame, source_ids: str | Iterable[str], folder: Path) -> pd.DataFrame:
    """The register's rows of these ids, in their order, each once."""
    wanted = source_ids.split(";") if isinstance(source_ids, str) else list(source_ids)
    ids = list(dict.fromkeys(resolve(source_id, folder) for source_id in wanted))
    return register.set_index("source_id").loc[ids].reset_index()
