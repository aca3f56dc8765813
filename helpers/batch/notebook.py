"""Notebooks as the batch sees them: checked before a run, in one stable form after it."""

import ast
import copy
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from helpers.errors import Fault, InputError
from helpers.scenarios import MORE, NOTEBOOKS, Scenario, parameters
from helpers.scenarios.assumptions import assumptions

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,59}")
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
STABLE_LANGUAGE = ("name", "file_extension", "mimetype", "pygments_lexer", "nbconvert_exporter", "codemirror_mode")
STABLE_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
INJECTED = "injected-parameters"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def runs(cell: Mapping[str, Any]) -> bool:
    """Whether a kernel is asked to execute the cell."""
    return bool(cell["cell_type"] == "code" and cell["source"].strip() and "skip-execution" not in tags(cell))


def read(path: Path, parametrised: bool = True) -> Any:
    """A notebook that a batch can run: valid, Python, one parameters cell of plain literals with the declared defaults.

    parametrised: false for a notebook that is only refreshed and needs no parameters cell. Raises `InputError` with every fault.
    """
    where = path.name
    if not path.is_file():
        raise InputError([Fault(where, "there is no such notebook")])
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise InputError([Fault(where, "the file is not a notebook: it holds no JSON")]) from None
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise InputError([Fault(where, "the file is not a valid notebook of format 4", "open and save it in JupyterLab")])
    try:
        nbformat.validate(content)
        notebook: Any = nbformat.v4.upgrade(nbformat.v4.reads_json(text))
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError([Fault(where, f"the file is not a valid notebook: {str(error).split(chr(10))[0]}")]) from None
    faults = [*_name_faults(path), *_kernel_faults(where, notebook), *(_parameter_faults(where, notebook) if parametrised else [])]
    if faults:
        raise InputError(faults)
    return notebook


def _name_faults(path: Path) -> list[Fault]:
    if NAME.fullmatch(path.stem) and path.stem.lower() not in RESERVED:
        return []
    return [Fault(path.name, "the notebook's name names its report", "rename it to ASCII letters, digits, - and _, at most 60 characters")]


def _kernel_faults(where: str, notebook: nbformat.NotebookNode) -> list[Fault]:
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    return [] if kernel == "python3" else [Fault(where, f"its kernel is {kernel!r}", "choose the kernel python3 in JupyterLab and save")]


def _parameter_faults(where: str, notebook: nbformat.NotebookNode) -> list[Fault]:
    if any(INJECTED in tags(cell) for cell in notebook.cells):
        return [Fault(where, "this is the output of a papermill run", "give the source notebook")]
    tagged = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    if len(tagged) != 1:
        return [Fault(where, f"{len(tagged)} cells have the tag 'parameters'", "tag exactly one")]
    try:
        declared = literals(tagged[0]["source"])
    except (SyntaxError, ValueError) as error:
        return [Fault(where, f"the parameters cell holds more than plain literals: {error}", "write one 'name: type = literal' a line")]
    faults = []
    for name, value in declared.items():
        if name == MORE and value != {}:
            faults.append(Fault(where, f"the parameters cell sets {MORE} to {value!r}", "write {}"))
        elif name != MORE and name not in Scenario.model_fields:
            faults.append(Fault(where, f"the parameters cell sets {name}, which is no parameter", "declare it in helpers/scenarios/vocabulary.py"))
        elif name != MORE and plain(Scenario.model_fields[name].default) != value:
            faults.append(Fault(where, f"the parameters cell sets {name} to {value!r}", f"write {plain(Scenario.model_fields[name].default)!r}"))
    return faults


def literals(source: str) -> dict[str, Any]:
    """Names and values of a parameters cell. Raises SyntaxError or ValueError when a line is not name = literal."""
    found = {}
    for node in ast.parse(source).body:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(target, ast.Name) or not isinstance(node, ast.AnnAssign | ast.Assign) or node.value is None:
            raise ValueError(f"line {node.lineno}")
        found[target.id] = ast.literal_eval(node.value)
    return found


def taken(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the parameters that a checked notebook takes."""
    (cell,) = (cell for cell in notebook["cells"] if "parameters" in tags(cell))
    return tuple(literals(cell["source"]))


def given(notebook: str, names: Sequence[str], scenario: Scenario) -> dict[str, Any]:
    """What papermill injects: of the parameters that a notebook takes, those that the scenario sets apart from their default,
    as exact built-in values. A notebook that has `more` takes in it whatever else can move it: ours what is declared of them,
    others everything."""
    differing = {name: plain(value) for name, (value, _) in scenario.differing().items()}
    shown = {name: differing[name] for name in names if name in differing}
    if MORE not in names:
        return shown
    declared = {own.name for own in parameters(notebook)} if notebook in NOTEBOOKS else set(differing)
    rows = {name for name, _ in scenario.rows if notebook not in NOTEBOOKS or assumptions()[name].moves(notebook)}
    more = {name: value for name, value in differing.items() if name not in shown and name in declared | rows}
    return shown | ({MORE: more} if more else {})


def plain(value: Any) -> Any:
    """A parameter's value as papermill and JSON write it: tuples are lists there."""
    return list(value) if isinstance(value, tuple) else value


def bare(text: str) -> str:
    """A notebook's text without what an earlier execution left in it: a run starts from the source alone."""
    content = json.loads(text)
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(content, ensure_ascii=False)


def source_bytes(notebook: Mapping[str, Any]) -> bytes:
    """What of a notebook decides its outputs: cells without outputs and counts. The same before and after a refresh."""
    cells = [{"id": cell.get("id"), "type": cell["cell_type"], "source": cell["source"], "tags": tags(cell)} for cell in notebook["cells"]]
    return json.dumps(cells, ensure_ascii=True, sort_keys=True).encode()


def stable_bytes(notebook: Mapping[str, Any]) -> bytes:
    """The notebook in its one stored form: no times, no versions, no paths, no live widgets, keys sorted, indent 1, final newline.

    Two executions with the same outputs give the same bytes. Raises ValueError for text that is not Unicode.
    """
    content = nbformat.from_dict(copy.deepcopy(dict(notebook)))
    language = content.metadata.get("language_info", {})
    other = {key: value for key, value in content.metadata.items() if key not in ("kernelspec", "language_info", "papermill", "widgets")}
    content.metadata = nbformat.from_dict(other)
    content.metadata.kernelspec = dict(STABLE_KERNEL)
    if language:  # absent from a notebook that has not run
        content.metadata.language_info = {key: language[key] for key in STABLE_LANGUAGE if key in language}
    for cell in content.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if INJECTED in tags(cell):
            cell.id = INJECTED
        if cell.cell_type == "code":
            cell.outputs = _joined_streams(cell.outputs)
            for output in cell.outputs:  # without its kernel a widget is an error message; the still forms beside it stay
                output.get("data", {}).pop(WIDGET_VIEW, None)
    content.nbformat, content.nbformat_minor = 4, 5
    try:
        return f"{nbformat.v4.writes_json(content)}\n".encode()
    except UnicodeEncodeError:
        raise ValueError("the notebook holds text that is not valid Unicode") from None


def _joined_streams(outputs: list[Any]) -> list[Any]:
    """Outputs with the text between two displays as one stdout and one stderr: a kernel cuts streams by the clock."""
    joined: list[Any] = []
    for kind, group in itertools.groupby(outputs, lambda output: output.output_type == "stream"):
        if not kind:
            joined += group
            continue
        texts: dict[str, list[str]] = {"stdout": [], "stderr": []}
        for output in group:
            texts[output.name].append(output.text)
        joined += [nbformat.v4.new_output("stream", name=name, text="".join(parts)) for name, parts in texts.items() if parts]
    return joined
