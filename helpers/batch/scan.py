"""What may be kept of a run: nothing private of the machine that looks, in sources, outputs, pages and messages."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import nbformat

from helpers.batch import notebook as notebooks
from helpers.batch.outcome import Outcome
from helpers.batch.perform import label
from helpers.batch.privacy import Private
from helpers.engine.journal import REPORT
from helpers.texts import passages_in, printable

EXECUTED, FAILED = ".ipynb", ".failed.ipynb"


def scanned(outcome: Outcome, private: Private) -> Outcome:
    """The outcome as it may be kept: a done run that holds something private has failed, and of a run that is not done
    everything private is hidden. Its message, notes, results and words are fit to be shown; the whole texts stay in the
    notebook. Call in the process whose environment the private values are."""
    fault = next(_faults(outcome, private), "") if outcome.state == "done" else ""
    if fault:
        left = {FAILED: outcome.files[EXECUTED]}
        outcome = Outcome("failed", f"{fault}; nothing was kept", outcome.seconds, left, notes=outcome.notes)
    files = outcome.files
    if outcome.state != "done":
        files = {name: _hidden(content, private) for name, content in files.items()}
    message, *notes = (printable(private.hidden(text)) for text in (outcome.message, *outcome.notes))
    results, words = passages_in(outcome.results), passages_in(outcome.words)
    return replace(outcome, message=message, notes=notes, files=files, results=results, words=words)


def _faults(outcome: Outcome, private: Private) -> Iterator[str]:
    """What of a done run is private, in words."""
    notebook = nbformat.v4.reads_json(outcome.files[EXECUTED].decode())
    for index, cell in enumerate(notebook.cells):
        written = {key: value for key, value in cell.items() if key != "outputs"}
        if found := private.found_in(cell.get("outputs", [])):
            yield f"{label(notebook, index)}: the output holds {found}"
        if found := private.found_in(written, names=False):
            is_code = cell.cell_type == "code"
            where = label(notebook, index) if is_code else f"{cell.cell_type} ({cell.get('id', 'no id')})"
            yield f"{where}: the {'source' if is_code else 'text'} holds {found}"
    made: dict[str, Any] = {"page": [content.decode() for name, content in outcome.files.items() if name.endswith(REPORT)]}
    made |= {"metadata": notebook.metadata, "record": [outcome.results, outcome.words]}
    for name, content in made.items():
        if found := private.found_in(content, names=False):
            yield f"the {name} holds {found}"


def _hidden(content: bytes, private: Private) -> bytes:
    """A notebook with everything private hidden."""
    hidden: Any = private.hidden_in(nbformat.v4.reads_json(content.decode()))
    return notebooks.stable_bytes(hidden)
