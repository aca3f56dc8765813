"""What a batch leaves for all its runs together: results as CSV, Parquet and spreadsheet, manifest
and index.
"""

import importlib
import io
import json
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from helpers import PROJECT_ROOT, __version__, files
from helpers.batch.ledger import Latest, Mark
from helpers.batch.planning import Plan, Run
from helpers.batch.privacy import kernel_environment
from helpers.engine.journal import sha256
from helpers.engine.outcome import Outcome

OWN = ("results.csv", "results.parquet", "results.xlsx", "manifest.json", "index.html")
COLLECTED = "collected.json"
COLUMNS = (
    "scenario",
    "notebook",
    "name",
    "subject",
    "value",
    "text",
    "unit",
    "low",
    "high",
    "interval",
    "quality",
    "method",
    "known_until",
    "source_ids",
    "sentence",
)


def prepare() -> None:
    """Import what collecting needs, ahead of time: an interrupted batch has a second to end."""
    for name in ("pandas", "pyarrow.parquet", "helpers.reports.workbook", "helpers.show"):
        importlib.import_module(name)


def collect(plan: Plan, outcomes: Mapping[Run, Outcome], left: Iterable[Run]) -> list[str]:
    """Write the files from the finished runs of the folder, planned now or earlier. Gives the
    names of all files that belong together: these and the runs' own.

    Results and index hold only runs made from the present code and data and from what their
    notebook's and their scenario's names mean now; the manifest names the others too. Files that
    were made from the very same runs are left as they are. Raises OSError, or InputError for an
    index that no browser should get.
    """
    from helpers.reports.workbook import workbook

    ledger, output, left = plan.ledger, plan.options.output, tuple(left)
    marks = [mark for mark in ledger.marks() if ledger.holds(mark)]
    latest = ledger.latest()
    present = [mark for mark in marks if latest.admits(mark)]
    own = OWN if plan.options.html else OWN[:-1]
    names = [*(name for mark in present for name in mark.files), *own]
    record, key = (
        ledger.folder / COLLECTED,
        sha256(
            json.dumps(
                [asdict(latest), [asdict(mark) for mark in marks], plan.options.html]
            ).encode()
        ),
    )
    if not (outcomes or left) and _stands(record, key, output):
        return names
    record.unlink(missing_ok=True)
    rows = [_row(mark, result) for mark in present for result in mark.results]
    files.write(output / "results.csv", _csv(rows))
    files.write(output / "results.parquet", parquet(rows))
    failed = {run: outcome for run, outcome in outcomes.items() if outcome.state != "done"}
    files.write(output / "results.xlsx", workbook(rows, COLUMNS))
    manifest = _manifest(plan, marks, latest, failed, left)
    files.write(output / "manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())
    if plan.options.html:
        files.write(output / "index.html", _index(plan, present, failed).encode())
    if not (failed or left):
        digests = {name: sha256((output / name).read_bytes()) for name in own}
        files.write(record, json.dumps({"key": key, "files": digests}, indent=1).encode())
    return names


def _stands(record: Path, key: str, output: Path) -> bool:
    """Whether the files were made from the same runs before, and hold what they held then."""
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        return bool(known["key"] == key) and all(
            sha256((output / name).read_bytes()) == digest
            for name, digest in known["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _row(mark: Mark, result: Mapping[str, Any]) -> dict[str, Any]:
    """One result as a flat row: a number in `value`; a word, or the number as a reader reads it, in
    `text`.
    """
    number = result["value"] if not isinstance(result["value"], str) else None
    text = result["value"] if isinstance(result["value"], str) else result["text"]
    flat = {
        "scenario": mark.scenario,
        "notebook": mark.notebook,
        "method": mark.method,
        "value": number,
        "text": text,
        "source_ids": " ".join(result["source_ids"]),
    }
    return {**result, **flat}


def _csv(rows: list[dict[str, Any]]) -> bytes:
    import pandas as pd

    from helpers.texts import csv_text

    return csv_text(pd.DataFrame(rows, columns=list(COLUMNS))).encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    """Results as a Parquet file with the types of their columns."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    kinds = {"value": pa.float64(), "low": pa.float64(), "high": pa.float64()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    buffer = io.BytesIO()
    write_table(
        pa.Table.from_pylist(
            [{name: row[name] for name in COLUMNS} for row in rows], schema=schema
        ),
        buffer,
    )
    return buffer.getvalue()


def _manifest(
    plan: Plan,
    marks: list[Mark],
    latest: Latest,
    failed: Mapping[Run, Outcome],
    left: Iterable[Run],
) -> dict[str, Any]:
    keep = ("notebook", "scenario", "method", "key", "seconds", "files", "notes")
    finished = [
        {"state": "done", "present": latest.admits(mark)}
        | {key: getattr(mark, key) for key in keep}
        for mark in marks
    ]
    broken = [
        _named(run, plan)
        | {
            "state": outcome.state,
            "message": outcome.message,
            "seconds": round(outcome.seconds, 3),
            "notes": outcome.notes,
        }
        for run, outcome in failed.items()
    ]
    waiting = [_named(run, plan) | {"state": "not run"} for run in left]
    return {
        "schema": 1,
        "suite": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "packages": {
            name: version(name)
            for name in ("papermill", "nbclient", "ipykernel", "pandas", "numpy", "matplotlib")
        },
        "inputs": asdict(plan.inputs),
        "runs": finished + broken + waiting,
    }


def _named(run: Run, plan: Plan) -> dict[str, Any]:
    return {
        "notebook": run.notebook,
        "scenario": run.scenario,
        "key": run.key,
        "retry": plan.retry([run], shared=True),
    }


def _commit() -> str:
    """The commit of the source tree, empty where there is no git."""
    try:
        command = ["git", "-C", str(PROJECT_ROOT), "rev-parse", "HEAD"]
        env = kernel_environment()
        return subprocess.run(
            command, capture_output=True, text=True, timeout=5, check=False, env=env
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _index(plan: Plan, marks: list[Mark], failed: Mapping[Run, Outcome]) -> str:
    from helpers.reports import Failure, IndexContext, IndexEntry, ScenarioResult, index
    from helpers.reports.changes import newest_changes
    from helpers.results import Result

    entries = [
        IndexEntry(
            mark.notebook,
            mark.headings["title"],
            mark.scenario,
            mark.headings["scenario_title"],
            mark.headings["story"],
            f"{mark.scenario}/{mark.notebook}.html",
            mark.headings["answer"],
            mark.method,
        )
        for mark in marks
        if mark.headings
    ]
    results = [
        ScenarioResult(mark.scenario, mark.notebook, Result.model_validate(result))
        for mark in marks
        for result in mark.results
    ]
    failures = [
        Failure(
            run.notebook,
            run.scenario,
            outcome.state,
            outcome.message,
            retry=plan.retry([run], shared=True),
        )
        for run, outcome in failed.items()
    ]
    context = IndexContext(
        __version__, plan.inputs.data_date, plan.inputs.hash[:12], newest_changes()
    )
    return index(entries, results, failures, context, _brief(plan, marks))


def _brief(plan: Plan, marks: list[Mark]) -> Any:
    """The brief that the front page quotes: the base scenario's, else the first one's; None where
    no brief was run.
    """
    import nbformat

    from helpers.reports.comparison import BASE, BRIEF

    scenarios = sorted(
        (mark.scenario for mark in marks if mark.notebook == BRIEF),
        key=lambda scenario: (scenario != BASE, scenario),
    )
    if not scenarios:
        return None
    path = plan.options.output / scenarios[0] / f"{BRIEF}.ipynb"
    return nbformat.read(path, as_version=4)
