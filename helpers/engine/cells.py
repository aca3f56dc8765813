"""The cells of a notebook, and the one form in which an executed notebook is stored."""

import copy
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

import nbformat

STABLE_LANGUAGE = (
    "name",
    "file_extension",
    "mimetype",
    "pygments_lexer",
    "nbconvert_exporter",
    "codemirror_mode",
)
STABLE_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
INJECTED = "injected-parameters"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def runs(cell: Mapping[str, Any]) -> bool:
    """Whether a kernel is asked to execute the cell."""
    return bool(
        cell["cell_type"] == "code"
        and cell["source"].strip()
        and "skip-execution" not in tags(cell)
    )


def shared_cells(cells: Sequence[Mapping[str, Any]]) -> int:
    """How many cells stand above the parameters cell, where no parameter reaches them; 0 when there
    is none.
    """
    return next((index for index, cell in enumerate(cells) if "parameters" in tags(cell)), 0)


def number(notebook: nbformat.NotebookNode, index: int) -> int:
    """The number of a cell among those that run, which is its execution count."""
    return sum(map(runs, notebook.cells[: index + 1]))


def label(notebook: nbformat.NotebookNode, index: int) -> str:
    """How a reader finds a cell: its number and its id."""
    return f"cell {number(notebook, index)} ({notebook.cells[index].get('id', 'no id')})"


def bare(text: str) -> str:
    """A notebook's text without what an earlier execution left in it: a run starts from the source
    alone.
    """
    content = json.loads(text)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, ensure_ascii=False)


def stable_bytes(notebook: Mapping[str, Any]) -> bytes:
    """The notebook in its one stored form: no times, no versions, no paths, no live widgets, keys
    sorted, indent 1, final newline.

    Two executions with the same outputs give the same bytes. Raises ValueError for text that is not
    Unicode.
    """
    content = nbformat.from_dict(copy.deepcopy(dict(notebook)))
    language = content.metadata.get("language_info", {})
    other = {
        key: value
        for key, value in content.metadata.items()
        if key not in ("kernelspec", "language_info", "papermill", "widgets")
    }
    content.metadata = nbformat.from_dict(other)
    content.metadata.kernelspec = dict(STABLE_KERNEL)
    if language:  # absent from a notebook that has not run
        content.metadata.language_info = {
            key: language[key] for key in STABLE_LANGUAGE if key in language
        }
    for cell in content.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if INJECTED in tags(cell):
            cell.id = INJECTED
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
            # without its kernel a widget is an error message; the still forms beside it stay
            for output in cell.outputs:
                output.get("data", {}).pop(WIDGET_VIEW, None)
    content.nbformat, content.nbformat_minor = 4, 5
    try:
        return f"{nbformat.v4.writes_json(content)}\n".encode()
    except UnicodeEncodeError:
        raise ValueError("the notebook holds text that is not valid Unicode") from None


def _joined_streams(outputs: list[Any]) -> list[Any]:
    """Outputs with the text between two displays as one stdout and one stderr: a kernel cuts
    streams by the clock.
    """
    joined: list[Any] = []
    for kind, group in itertools.groupby(outputs, lambda output: output.output_type == "stream"):
        if not kind:
            joined += group
            continue
        texts: dict[str, list[str]] = {"stdout": [], "stderr": []}
        for output in group:
            texts[output.name].append(output.text)
        joined += [
            nbformat.v4.new_output("stream", name=name, text="".join(parts))
            for name, parts in texts.items()
            if parts
        ]
    return joined
