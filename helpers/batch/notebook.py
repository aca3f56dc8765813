"""Notebooks as the batch sees them: checked before a run, and given what they take."""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from helpers.engine.cells import INJECTED, tags
from helpers.engine.journal import sha256
from helpers.errors import Fault, InputError, refusal
from helpers.results import EDITED, OWN, SUITE
from helpers.scenarios import MORE, NOTEBOOKS, Scenario, parameters
from helpers.scenarios.assumptions import assumptions

STAMP = "suite_source_sha256"
"""In the metadata of a notebook that `refresh` stored: the hash of the cells it stored."""
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,59}")
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}


def read(path: Path, parametrised: bool = True, follow: bool = False) -> Any:
    """A notebook that a batch can run: valid, Python, one parameters cell of plain literals with
    the declared defaults.

    parametrised: false for a notebook that is only refreshed and needs no parameters cell. follow:
    with the present defaults in place of what its parameters cell holds. Raises `InputError` with
    every fault.
    """
    where = path.name
    if not path.is_file():
        raise refusal(where, "there is no such notebook")
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise refusal(where, "the file is not a notebook: it holds no JSON") from None
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise refusal(
            where, "the file is not a valid notebook of format 4", "open and save it in JupyterLab"
        )
    try:
        nbformat.validate(content)
        text = current(text) if follow else text
        notebook: Any = nbformat.v4.upgrade(nbformat.v4.reads_json(text))
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise refusal(
            where, f"the file is not a valid notebook: {str(error).split(chr(10))[0]}"
        ) from None
    faults = [
        *_name_faults(path),
        *_kernel_faults(where, notebook),
        *(_parameter_faults(where, notebook) if parametrised else []),
    ]
    if faults:
        raise InputError(faults)
    return notebook


def _name_faults(path: Path) -> list[Fault]:
    if NAME.fullmatch(path.stem) and path.stem.lower() not in RESERVED:
        return []
    return [
        Fault(
            path.name,
            "the notebook's name names its report",
            "rename it to ASCII letters, digits, - and _, at most 60 characters",
        )
    ]


def _kernel_faults(where: str, notebook: nbformat.NotebookNode) -> list[Fault]:
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    return (
        []
        if kernel == "python3"
        else [
            Fault(
                where,
                f"its kernel is {kernel!r}",
                "choose the kernel python3 in JupyterLab and save",
            )
        ]
    )


def _parameter_faults(where: str, notebook: nbformat.NotebookNode) -> list[Fault]:
    if any(INJECTED in tags(cell) for cell in notebook.cells):
        return [Fault(where, "this is the output of a papermill run", "give the source notebook")]
    tagged = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    if len(tagged) != 1:
        return [Fault(where, f"{len(tagged)} cells have the tag 'parameters'", "tag exactly one")]
    try:
        declared = literals(tagged[0]["source"])
    except (SyntaxError, ValueError) as error:
        return [
            Fault(
                where,
                f"the parameters cell holds more than plain literals: {error}",
                "write one 'name: type = literal' a line",
            )
        ]
    defaults = {own.name: own.default for own in parameters()}
    faults = []
    for name, value in declared.items():
        if name == MORE and value != {}:
            faults.append(Fault(where, f"the parameters cell sets {MORE} to {value!r}", "write {}"))
        elif name != MORE and name not in defaults:
            faults.append(
                Fault(
                    where,
                    f"the parameters cell sets {name}, which is no parameter",
                    "declare it in helpers/scenarios/vocabulary.py",
                )
            )
        elif name != MORE and defaults[name] != value:
            faults.append(
                Fault(
                    where,
                    f"the parameters cell sets {name} to {value!r}",
                    f"write {defaults[name]!r}",
                )
            )
    return faults


def literals(source: str) -> dict[str, Any]:
    """Names and values of a parameters cell. Raises SyntaxError or ValueError when a line is not
    name = literal.
    """
    declared = {}
    for node in ast.parse(source).body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign) and len(node.targets) == 1
            else None
        )
        if (
            not isinstance(target, ast.Name)
            or not isinstance(node, ast.AnnAssign | ast.Assign)
            or node.value is None
        ):
            raise ValueError(f"line {node.lineno}")
        declared[target.id] = ast.literal_eval(node.value)
    return declared


def current(text: str) -> str:
    """A notebook whose parameters cell has the present default of every parameter that it shows, as
    defaults may follow a series. The text itself where it has them already.
    """
    content = json.loads(text)
    cells = [cell for cell in content["cells"] if "parameters" in tags(cell)]
    before = ["".join(cell["source"]) for cell in cells]
    after = [_with_defaults(source) for source in before]
    for cell, source in zip(cells, after, strict=True):
        cell["source"] = source
    return text if before == after else json.dumps(content, ensure_ascii=False)


def _with_defaults(source: str) -> str:
    """The source of a parameters cell with other literals than the defaults replaced by these."""
    defaults = {own.name: own.default for own in parameters()}
    lines = source.splitlines(keepends=True)
    try:
        own_lines = list(zip(ast.parse(source).body, literals(source).items(), strict=True))
    except (SyntaxError, ValueError):
        return source  # the check of the cell says what is wrong
    for node, (name, value) in reversed(own_lines):
        if name in defaults and value != defaults[name]:
            literal: Any = node.value
            own = lines[literal.lineno - 1].encode()
            written = json.dumps(defaults[name], ensure_ascii=False).encode()
            kept = own[: literal.col_offset], own[literal.end_col_offset :]
            lines[literal.lineno - 1] = written.join(kept).decode()
    return "".join(lines)


def taken(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the parameters that a checked notebook takes."""
    (cell,) = (cell for cell in notebook["cells"] if "parameters" in tags(cell))
    return tuple(literals(cell["source"]))


def given(
    notebook: str,
    names: Sequence[str],
    scenario: Scenario,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
) -> dict[str, Any]:
    """What papermill injects: of the parameters that a notebook takes, those that the scenario sets
    apart from their default, as exact built-in values. A notebook that has `more` takes in it
    whatever else can move it: ours what is declared of them, others everything.

    changes: what differs from the base scenario, where the caller has it.
    """
    changes = scenario.differing() if changes is None else changes
    differing = {name: plain(value) for name, (value, _) in changes.items()}
    shown = {name: differing[name] for name in names if name in differing}
    if MORE not in names:
        return shown
    declared = (
        {own.name for own in parameters(notebook)} if notebook in NOTEBOOKS else set(differing)
    )
    rows = {
        name
        for name, _ in scenario.rows
        if notebook not in NOTEBOOKS or assumptions()[name].moves(notebook)
    }
    more = {
        name: value
        for name, value in differing.items()
        if name not in shown and name in declared | rows
    }
    return shown | ({MORE: more} if more else {})


def plain(value: Any) -> Any:
    """A parameter's value as papermill and JSON write it: tuples are lists there."""
    return list(value) if isinstance(value, tuple) else value


def source_bytes(notebook: Mapping[str, Any]) -> bytes:
    """What of a notebook decides its outputs: cells without outputs and counts. The same before and
    after a refresh.
    """
    cells = [
        {
            "id": cell.get("id"),
            "type": cell["cell_type"],
            "source": cell["source"],
            "tags": tags(cell),
        }
        for cell in notebook["cells"]
    ]
    return json.dumps(cells, ensure_ascii=True, sort_keys=True).encode()


def source_hash(notebook: Mapping[str, Any]) -> str:
    """Hash of what decides a notebook's outputs."""
    return sha256(source_bytes(notebook))


def method(notebook: Mapping[str, Any]) -> str:
    """By whose cells a notebook comes to its numbers: the suite's; the suite's with an own step or
    another edit; or those of a notebook that is not the suite's.
    """
    stamp = notebook["metadata"].get(STAMP)
    if stamp is None:
        return OWN
    return SUITE if stamp == source_hash(notebook) else EDITED
