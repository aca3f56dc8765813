"""A new notebook from a template: the suite's headings, a checked parameters cell, cells that run,
and the list of what is left to do.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from helpers import PROJECT_ROOT
from helpers.batch import files
from helpers.batch.notebook import RESERVED, stable_bytes
from helpers.errors import Fault, InputError
from helpers.scenarios import NOTEBOOKS, Parameter, parameters
from helpers.texts import did_you_mean

FOLDER = PROJECT_ROOT / "notebooks"
FILL = "To fill in:"
"""What every text of the template starts with; a test of the shipped notebooks finds none of it."""

_SETUP = """from helpers import results, show
from helpers.data import load
from helpers.scenarios import from_parameters

rates, sources = load("fx_usdjpy_annual"), load("sources")"""
_SCENARIO = """scenario = from_parameters(globals())
show.parameters(scenario)"""
_BRIEF = (
    """show.answer("To fill in: one computed sentence an answer, made by findings.py of the """
    """question's folder.")"""
)
_DATA = (
    """show.table(rates.tail(5), name="data_used", caption="To fill in: the numbers that the """
    """answer rests on", decimals={"jpy_per_usd": 2})"""
)
_SOURCES = """show.sources(sources, ["FX-FED"])"""
_STEP = (
    """show.prose("To fill in: a figure by show.figure, or a table by show.table, of one """
    """result.")"""
)
_RESULT = (
    """show.prose("To fill in: results.record for every result, under a name of """
    """helpers/results.py.")"""
)
_CHECKS = (
    """show.prose("To fill in: show.table of checks, each with what was computed and what was """
    """expected.")"""
)


@dataclass(frozen=True)
class NewNotebook:
    """Where the notebook was written, and what is left to do, in order."""

    path: Path
    steps: tuple[str, ...]


def new_notebook(
    name: str, title: str, taken: Sequence[str] = (), folder: Path = FOLDER
) -> NewNotebook:
    """Write a notebook that runs as it is and keeps the form of the suite.

    name: such as 06_fuel_use. title: its heading. taken: the parameters it takes, by name. An
    existing file is never replaced. Raises `InputError` with every fault: of the name, of a number
    that is taken, of unknown parameters.
    """
    path = folder / f"{name}.ipynb"
    chosen = [one for one in parameters() if one.name in taken]
    faults = [*_name_faults(name, path), *_parameter_faults(taken)]
    if not title.strip() or re.search(r"\d", title):
        faults.append(
            Fault(
                "title",
                f"'{title}' does not serve as a heading",
                "write a few words without a number",
            )
        )
    if faults:
        raise InputError(faults)
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, stable_bytes(_notebook(title.strip(), chosen)))
    return NewNotebook(path, _steps(name, chosen))


def parameter_line(one: Parameter) -> str:
    """The line of a parameter in a parameters cell: type hint, base value, unit and meaning."""
    value = (
        json.dumps(one.default, ensure_ascii=False)
        if isinstance(one.default, str | list)
        else repr(one.default)
    )
    return f"{one.name}: {one.type} = {value}  # {one.comment}"


def _name_faults(name: str, path: Path) -> list[Fault]:
    where = f"notebook {name}"
    if not re.fullmatch(r"[0-9]{2}_[a-z][a-z0-9_]{0,50}", name) or name.lower() in RESERVED:
        return [
            Fault(
                where,
                "is not a notebook's name",
                "write two digits, _ and small letters, such as 06_fuel_use",
            )
        ]
    same = [known for known in NOTEBOOKS if known[:2] == name[:2]]
    if same:
        return [
            Fault(
                where,
                f"the number {name[:2]} belongs to {same[0]}",
                f"write {max(int(known[:2]) for known in NOTEBOOKS) + 1:02}{name[2:]}",
            )
        ]
    return (
        [Fault(where, f"{path.name} is there already", "choose another name, or delete it first")]
        if path.exists()
        else []
    )


def _parameter_faults(taken: Sequence[str]) -> list[Fault]:
    known = [one.name for one in parameters()]
    faults = (
        [Fault("parameters", "none is named", "name at least one; see: reverse-imports parameters")]
        if not taken
        else []
    )
    for name in taken:
        if name not in known:
            faults.append(
                Fault(
                    f"parameter {name}",
                    "there is no such parameter",
                    did_you_mean(name, known, "see: reverse-imports parameters"),
                )
            )
    return faults


def _notebook(title: str, chosen: Sequence[Parameter]) -> Any:
    text: Any = nbformat.v4.new_markdown_cell
    code: Any = nbformat.v4.new_code_cell
    cells = {
        "title": text(f"# {title}"),
        "question": text(
            f"## Question\n{FILL} the question in a sentence or two, and what an answer would be "
            "good for."
        ),
        "setup-text": text("## Setup\nImports and tables. Nothing here depends on a parameter."),
        "setup": code(_SETUP),
        "parameters-text": text(
            "## Parameters\nEvery assumption of this notebook, with its base value. The next "
            "cell checks them."
        ),
        "parameters": code(
            "\n".join(map(parameter_line, chosen)), metadata={"tags": ["parameters"]}
        ),
        "scenario": code(_SCENARIO),
        "brief-text": text(
            "## Answer in brief\nThe sentences are computed by the functions that the steps "
            "below use."
        ),
        "brief": code(_BRIEF),
        "data-text": text(f"## Data used\n{FILL} who counts what, and what was not found."),
        "data": code(_DATA),
        "sources": code(_SOURCES),
        "first-text": text(
            f"## First step\n{FILL} why this comes first. Give the step a title of its own."
        ),
        "first": code(_STEP),
        "second-text": text(
            f"## Second step\n{FILL} what follows from the first step. A notebook has up to five "
            "steps."
        ),
        "second": code(_STEP),
        "results": code(_RESULT),
        "checks-text": text(
            f"## Checks\n{FILL} what must hold in every scenario, worked out in two ways."
        ),
        "checks": code(_CHECKS),
        "limits": text(f"## Limits\n- {FILL} what this notebook cannot tell, one line each."),
        "next": text("## Next\n[The brief](00_brief.ipynb) puts the main results on one page."),
    }
    notebook: Any = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
    for key, cell in cells.items():
        cell.id = key
        notebook.cells.append(cell)
    return notebook


def _steps(name: str, chosen: Sequence[Parameter]) -> tuple[str, ...]:
    number = name[:2]
    return (
        f'helpers/scenarios/vocabulary.py: add "{name}" to NOTEBOOKS.',
        f"helpers/scenarios/vocabulary.py: add {number} to the notebooks of "
        f"{', '.join(one.name for one in chosen)}; declare new parameters there. Each parameter "
        "must move at least one result.",
        "helpers/: a folder for the question, its model as pure functions; tests/: a folder of "
        "that name, with a test against something independent.",
        "In that folder: findings.py, figures.py and tables.py; call them from the notebook, "
        "one idea a cell.",
        "helpers/results.py: name every result in NAMES; record each in the notebook.",
        "README.md: add its question to the table of notebooks; link to it from the last cell "
        "of a neighbour.",
        f"Fill in every '{FILL}', then: reverse-imports check, make refresh, and pytest "
        f"tests/notebooks -k {name}.",
    )
