"""Runs the cells of a notebook in this process, with an edit, as a reader would run them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output

from helpers import PROJECT_ROOT
from helpers.results import MIME as RESULT_MIME
from helpers.results import Result
from helpers.show.drawing import MIME as FIGURE_MIME
from helpers.show.table import MIME as TABLE_MIME

NOTEBOOKS = PROJECT_ROOT / "notebooks"


def words(data: Mapping[str, Any]) -> str:
    """What an output says, as plain text; of a result its sentence."""
    return str(data.get(RESULT_MIME, {}).get("sentence") or "".join(data.get("text/plain", "")))


class Run:
    """What a notebook left behind: names, outputs, and how each cell ended.

    error: what stopped the notebook, None where it ran through. stopped_at: id of that cell.
    """

    def __init__(self, names: dict[str, Any], outputs: dict[str, list[RichOutput]]):
        self.names, self.outputs = names, outputs
        self.error: BaseException | None = None
        self.stopped_at = ""

    @property
    def results(self) -> dict[tuple[str, str], Result]:
        """The results left, by name and subject."""
        shown = [Result.model_validate(own) for own in self._of(RESULT_MIME)]
        return {(result.name, result.subject): result for result in shown}

    @property
    def figures(self) -> dict[str, Any]:
        """The figures shown, by name: title, alt text, data as CSV."""
        return {own["name"]: own for own in self._of(FIGURE_MIME)}

    @property
    def tables(self) -> dict[str, Any]:
        """The tables shown, by name: caption, data as CSV."""
        return {own["name"]: own for own in self._of(TABLE_MIME)}

    def text(self, cell_id: str) -> str:
        """What a cell shows, in words."""
        return "\n".join(words(own.data) for own in self.outputs[cell_id])

    def _of(self, mime: str) -> list[Any]:
        return [
            own.data[mime] for shown in self.outputs.values() for own in shown if mime in own.data
        ]


def run(name: str, edits: Mapping[str, str] | None = None, **parameters: Any) -> Run:
    """Run the notebook whose file name starts with `name`, up to its end or to the first error.

    edits: id of a cell → what stands in it instead. parameters: set right after the parameters
    cell.
    """
    (path,) = Path(NOTEBOOKS).glob(f"{name}*.ipynb")
    edits = dict(edits or {})
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    done = Run(shell.user_ns, {})
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type != "code":
            continue
        source = edits.pop(cell.id, cell.source)
        if "parameters" in cell.metadata.get("tags", []):
            shell.user_ns["_set"] = parameters
            source += "\nglobals().update(_set)"
        with capture_output() as captured:
            ended = shell.run_cell(source)
        done.outputs[cell.id] = captured.outputs
        if ended.result is not None:  # what ends a cell shows itself
            data, metadata = shell.display_formatter.format(ended.result)
            done.outputs[cell.id].append(RichOutput(data=data, metadata=metadata))
        done.error = ended.error_before_exec or ended.error_in_exec
        if done.error is not None:
            done.stopped_at = cell.id
            return done
    assert not edits, f"no cell with id {', '.join(edits)} in {path.name}"
    return done
