"""Results as a line of text to quote: the stored notebooks give those of the base scenario, a
folder of reports those of the others.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from helpers import PROJECT_ROOT
from helpers.batch.notebook import method
from helpers.data import source
from helpers.errors import refusal
from helpers.reports.differences import BASE, side
from helpers.results import MIME, NAMES, SUITE
from helpers.texts import LONGEST_PATH, did_you_mean, printable

Row = Mapping[str, Any]


def quote(name: str, scenario: str, folder: Path) -> str:
    """Every result of that name, one a subject: number, interval, quality, day until which it is
    known, sentence and sources. name: as in results.csv, or `name.subject` for one of them.

    Raises InputError for a name or subject that no result has, and for a scenario that the folder
    of reports does not hold.
    """
    wanted, _, subject = name.partition(".")
    if wanted not in NAMES:
        known = did_you_mean(wanted, NAMES, "helpers/result_names.csv lists all, with meanings")
        raise refusal(f"result {name}", "there is no such result", known)
    rows = [*_stored()] if scenario == BASE else _of_reports(scenario, folder)
    named = [row for row in rows if row["name"] == wanted]
    chosen = [row for row in named if subject in ("", row["subject"])]
    if not chosen:
        subjects = [row["subject"] for row in named]
        remedy = did_you_mean(subject, subjects, f"it has {', '.join(subjects) or 'none'}")
        raise refusal(f"result {name}", "has no such subject", remedy)
    told: dict[str, list[str]] = {}
    for row in chosen:
        told.setdefault("\n".join(_lines(row)), []).append(row["notebook"])
    return "\n\n".join(f"{text}\n  notebooks: {', '.join(where)}" for text, where in told.items())


def _stored() -> Iterator[Row]:
    for path in sorted((PROJECT_ROOT / "notebooks").glob("0*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            for output in cell.get("outputs", ()):
                if MIME in output.get("data", {}):
                    yield {
                        "notebook": path.stem,
                        "method": method(notebook),
                        **output["data"][MIME],
                    }


def _of_reports(scenario: str, folder: Path) -> list[Row]:
    rows: list[Any] = side(scenario, folder).results.reset_index().to_dict("records")
    return [{**row, "source_ids": row["source_ids"].split()} for row in rows]


def _lines(row: Row) -> Iterator[str]:
    subject = f" ({row['subject']})" if row["subject"] else ""
    until = f", known until {row['known_until']}" if row["known_until"] else ""
    cells = row.get("method", SUITE)
    edited = "" if cells == SUITE else f", by an {cells}"
    yield f"{row['name']}{subject}: {row['text']}, {row['quality']}{until}{edited}"
    yield f"  {row['sentence']}"
    register = source(list(row["source_ids"]))[["source_id", "publisher", "title", "url"]]
    for source_id, *told in register.fillna("").astype(str).itertuples(index=False):
        yield printable(f"  {source_id}: {', '.join(filter(None, told))}", LONGEST_PATH)
