"""Small notebooks by the suite's contract, and what an engine makes of them."""

import json
from typing import Any

import nbformat

from helpers.batch import Limits, Outcome
from helpers.batch.executor import execute
from helpers.batch.privacy import Private
from helpers.engine.outcome import Engine, Job
from helpers.results import MIME
from helpers.scenarios import Scenario

PARAMETERS = (
    f"jpy_per_usd: float = {Scenario().jpy_per_usd}  # JPY per USD; exchange rate of the scenario"
)
LIMITS = Limits(run_s=120.0, cell_s=60.0)


def notebook(
    *sources: str, before: tuple[str, ...] = ("import os, sys",), tags: dict[int, str] | None = None
) -> nbformat.NotebookNode:
    """A notebook by the suite's contract: cells before the parameters, the parameters cell, then
    `sources`. tags: of some sources, by place.
    """
    cells = [nbformat.v4.new_markdown_cell("# A small notebook\n\n## Question", id="title")]
    cells += [
        nbformat.v4.new_code_cell(source, id=f"setup-{number}")
        for number, source in enumerate(before)
    ]
    cells.append(
        nbformat.v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
    )
    for number, source in enumerate(sources):
        metadata = {"tags": [tags[number]]} if tags and number in tags else {}
        cells.append(nbformat.v4.new_code_cell(source, id=f"step-{number}", metadata=metadata))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def recording(name: str, value: str) -> str:
    """A cell that records a result the way `show.result` does, under a name of the
    test's own.
    """
    words = {
        "name": name,
        "unit": "JPY",
        "quality": "estimate",
        "source_ids": ["ASSUMPTION"],
        "sentence": f"We compute {name}.",
    }
    return (
        f"from IPython.display import display\ndisplay({{{MIME!r}: {{**{words!r}, 'value': "
        f"{value}}}, 'text/plain': {name!r}}}, raw=True)"
    )


def outcome_of(
    engine: Engine,
    *sources: str,
    limits: Limits = LIMITS,
    private: Private | None = None,
    **options: Any,
) -> Outcome:
    """What an engine makes of a notebook of these cells. options: `parameters` to inject, and those
    of `notebook`.
    """
    parameters = options.pop("parameters", {})
    job = Job("small", json.dumps(notebook(*sources, **options)), parameters, {})
    return execute(engine, job, limits, private or Private())
