"""The register of sources: every source once, with the ids it had before."""

import difflib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pandas as pd

from helpers.data.checking import read_raw
from helpers.data.descriptor import read_package
from helpers.errors import Fault, InputError


def canonical_ids(folder: Path) -> dict[str, str]:
    """Every id that was ever used for a source, with the one it has now."""
    path = folder / "sources.csv"
    return _canonical_ids(folder, path.stat().st_mtime_ns if path.exists() else -1)


@lru_cache(maxsize=8)
def _canonical_ids(folder: Path, stamp: int) -> dict[str, str]:
    register = read_raw("sources", read_package(folder), folder)
    pairs = list(zip(register["source_id"], register["aliases"], strict=True))
    return {old: new for new, olds in pairs for old in olds.split(";") if old} | {new: new for new, _ in pairs}


def resolve(source_id: str, folder: Path) -> str:
    """The id a source has in the register, whether `source_id` is that id or an earlier one. Raises InputError for unknown ids."""
    known = canonical_ids(folder)
    if source_id not in known:
        near = difflib.get_close_matches(source_id, known, 1, 0.5)
        raise InputError([Fault(f"source '{source_id}'", "is not in data/sources.csv", f"did you mean {near[0]}?" if near else "add it there first")])
    return known[source_id]


def rows(register: pd.DataFrame, source_ids: str | Iterable[str], folder: Path) -> pd.DataFrame:
    """The register's rows of these ids, in their order, each once."""
    wanted = source_ids.split(";") if isinstance(source_ids, str) else list(source_ids)
    ids = list(dict.fromkeys(resolve(source_id, folder) for source_id in wanted))
    return register.set_index("source_id").loc[ids].reset_index()
