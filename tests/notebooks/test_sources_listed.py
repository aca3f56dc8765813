"""Whoever reads a number in a stored notebook finds its source in the list of that notebook."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.results import MIME as RESULT_MIME
from helpers.scenarios import NOTEBOOKS
from helpers.show.table import MIME as TABLE_MIME

DETAILED = [name for name in NOTEBOOKS if not name.startswith("00")]


@pytest.fixture(scope="module")
def current() -> dict[str, str]:
    """Every id, current or earlier, with the id that the register has now."""
    register = load("sources")
    known = {str(one): str(one) for one in register["source_id"]}
    for source_id, aliases in zip(register["source_id"], register["aliases"], strict=True):
        known |= {
            alias.strip(): str(source_id) for alias in str(aliases).split(";") if alias.strip()
        }
    return known


def outputs(notebook: Any) -> Iterator[dict[str, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def cited(data: dict[str, Any]) -> Iterator[str]:
    """Ids behind a recorded result, or in the Source and Sources columns of a table."""
    if RESULT_MIME in data:
        yield from data[RESULT_MIME]["source_ids"]
    if TABLE_MIME in data and data[TABLE_MIME].get("kind") != "sources":
        for row in csv.DictReader(io.StringIO(data[TABLE_MIME]["csv"])):
            for column in ("Source", "Sources"):
                yield from filter(
                    None, (part.strip() for part in re.split("[;,]", row.get(column) or ""))
                )


def listed(data: dict[str, Any]) -> Iterator[str]:
    """Ids in a table of sources, or in the list of sources that folded records share."""
    if data.get(TABLE_MIME, {}).get("kind") == "sources":
        yield from (row["Id"] for row in csv.DictReader(io.StringIO(data[TABLE_MIME]["csv"])))
    yield from re.findall(r'<li id="cs-([^"]+)">', "".join(data.get("text/html", "")))


@pytest.mark.parametrize("name", DETAILED)
def test_every_source_of_a_result_or_a_table_is_listed(name: str, current: dict[str, str]) -> None:
    notebook = nbformat.read(PROJECT_ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    there = {current[one] for data in outputs(notebook) for one in listed(data)}
    needed = {one for data in outputs(notebook) for one in cited(data)}
    assert there
    assert needed
    assert needed <= set(current), "ids that the register does not know"
    assert sorted(one for one in needed if current[one] not in there) == []
