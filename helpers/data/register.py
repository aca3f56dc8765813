"""The register of sources: every source once, with the ids it had before."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers.data.checking import checked, earlier_ids
from helpers.errors import Fault, InputError
from helpers.texts import did_you_mean


def resolve(source_id: str, folder: Path) -> str:
    """The id a source has in the register, whether `source_id` is that id or an earlier one. Raises
    InputError for unknown ids.
    """
    register, faults = checked("sources", folder)
    if faults:
        raise InputError(faults)
    ids, earlier = set(register["source_id"].tolist()), earlier_ids(folder)
    if source_id in ids:
        return source_id
    if source_id in earlier:
        return earlier[source_id]
    instead = did_you_mean(source_id, sorted({*ids, *earlier}), "add it there first")
    raise InputError(
        [Fault(f"source '{source_id}'", f"is not in {folder.name}/sources.csv", instead)]
    )


def rows(register: pd.DataFrame, source_ids: str | Iterable[str], folder: Path) -> pd.DataFrame:
    """The register's rows of these ids, in their order, each once."""
    wanted = source_ids.split(";") if isinstance(source_ids, str) else list(source_ids)
    ids = list(dict.fromkeys(resolve(source_id, folder) for source_id in wanted))
    return register.set_index("source_id").loc[ids].reset_index()
