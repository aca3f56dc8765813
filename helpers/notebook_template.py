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

from helpers import PROJECT_ROOT, files
from helpers.batch.notebook import RESERVED
from helpers.engine.cells import stable_bytes
from helpers.errors import Fault, InputError
from helpers.scenarios import MORE, NOTEBOOKS, Parameter, parameters
from helpers.texts import did_you_mean

FOLDER = PROJECT_ROOT / "notebooks"
FILL = "To fill in:"
"""What every text of the template starts with; a test of the shipped notebooks finds none of it."""

MOST_PARAMETERS = 9
"""Lines of a parameters cell beside that of `more`; below more, the answer leaves the screen."""
MORE_LINE = f"{MORE}: dict = {{}}  # any other parameter by name"

_SETUP = """from helpers import show
from helpers.scenarios import from_parameters
from helpers.study import Study

base = Study.of()
rates, register = base.tables["fx_usdjpy_annual"], base.tables["sources"]"""
_BRIEF = (
    """study = base.under(from_parameters(globals()))
show.answer("To fill in: one computed sentence an answer, made by findings.py of the """
    """question's folder.")"""
)
_DATA = """show.Table(
    "data_used",
    "To fill in: the numbers that the answer rests on",
    rates.tail(5),
    decimals={"jpy_per_usd": 2},
)"""
_SOURCES = """show.sources(register, ["FX-FED"])"""
_FIRST = """given = study.given
car_jpy = given.unit_value_usd * given.jpy_per_usd
car_jpy"""
_FIRST_SAID = """show.prose(f"To fill in: a sentence of findings.py: a car is {car_jpy.text}.")"""
_SECOND = """programme_jpy = given.programme_units * car_jpy
programme_jpy"""
_RESULTS = """show.prose("To fill in: show.result with every result that findings.py makes.")"""
_CHECKS = """show.check(
    study,
    {
        "value of one car": (
            car_jpy,
            lambda s: s.scenario.unit_value_usd * s.scenario.jpy_per_usd,
        ),
    },
)"""
_FOLDED = ("setup", "brief", "first-said", "results")


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
    chosen = [own for own in parameters() if own.name in taken]
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


def parameter_line(parameter: Parameter) -> str:
    """The line of a parameter in a parameters cell: type hint, base value, unit and meaning."""
    value = (
        json.dumps(parameter.default, ensure_ascii=False)
        if isinstance(parameter.default, str | list)
        else repr(parameter.default)
    )
    return f"{parameter.name}: {parameter.type} = {value}  # {parameter.comment}"


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
    known = [parameter.name for parameter in parameters()]
    faults = (
        [Fault("parameters", "none is named", "name at least one; see: reverse-imports parameters")]
        if not taken
        else []
    )
    if len(taken) > MOST_PARAMETERS:
        remedy = f"name at most {MOST_PARAMETERS}; `more` takes every other one"
        faults.append(Fault("parameters", f"{len(taken)} do not fit the cell", remedy))
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
    shown = "\n".join([*map(parameter_line, chosen), MORE_LINE])
    cells = {
        "title": text(f"# {title}"),
        "question": text(f"## Question\n{FILL} the question, in one line."),
        "parameters-text": text("## Parameters"),
        "setup": code(_SETUP),
        "parameters": code(shown, metadata={"tags": ["parameters"]}),
        "brief-text": text("## Answer in brief"),
        "brief": code(_BRIEF),
        "brief-note": text(f"{FILL} what the answer rests on, and how the steps below reach it."),
        "data-text": text(f"## Data used\n{FILL} who counts what, and what was not found."),
        "data": code(_DATA),
        "sources": code(_SOURCES),
        "first-text": text(
            f"## First section\n### First step\n{FILL} why this comes first. A step has its "
            "formula, a few lines that compute it, what comes out, and a sentence that reads it."
            "\n\n$$\\text{value in yen} = \\text{value} \\cdot \\text{rate}$$"
        ),
        "first": code(_FIRST),
        "first-said": code(_FIRST_SAID),
        "second-text": text(
            f"## Second section\n### Second step\n{FILL} what follows from the first step. A "
            "notebook has two to five sections."
        ),
        "second": code(_SECOND),
        "results": code(_RESULTS),
        "checks-text": text(
            f"## Checks\n{FILL} what is worked out above, beside the same numbers of the study."
        ),
        "checks": code(_CHECKS),
        "limits": text(f"## Limits\n- {FILL} what this notebook cannot tell, one line each."),
        "next": text("## Next\n[The brief](00_brief.ipynb) puts the main results on one page."),
    }
    for key in _FOLDED:
        cells[key].metadata["jupyter"] = {"source_hidden": True}
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
        f"{', '.join(own.name for own in chosen)}; declare new parameters there. Each parameter "
        "must move at least one result.",
        "helpers/: a folder for the question with part.py and its model as pure functions; "
        "helpers/study.py: the part, and its replaceable steps in STEPS; tests/: a folder of that "
        "name, with a test against something independent.",
        "In that folder: figures.py, tables.py and findings.py; the notebook shows the step and "
        "calls them, one idea a cell.",
        "helpers/result_names.csv: a row a result; show.result leaves each in the notebook.",
        "README.md: add its question to the table of notebooks; link to it from the last cell "
        "of a neighbour.",
        f"Fill in every '{FILL}', then: reverse-imports check, make refresh, and, once it is "
        f"registered, .venv/bin/python -m pytest tests/notebooks -k {name}.",
    )
