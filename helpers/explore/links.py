"""Links from a number to the step of the notebook that works it out."""

import functools
import json
import os
import re
from pathlib import Path

from helpers import PROJECT_ROOT
from helpers.explore.headlines import HEADLINES

NOTEBOOK_FOLDER = PROJECT_ROOT / "notebooks"


def steps(folder: Path) -> dict[str, str]:
    """Headline to a link from the folder: notebook and heading, as JupyterLab names headings."""
    beside = (folder / "explore.ipynb").is_file()
    away = "" if beside else f"{os.path.relpath(NOTEBOOK_FOLDER, folder)}/"
    return {
        own.name: f"{away}{own.notebook}.ipynb{heading(own.notebook, own.cell)}"
        for own in HEADLINES
    }


def heading(notebook: str, cell: str) -> str:
    """The fragment of the last heading in a cell; empty where there is none."""
    headings = re.findall(r"^#+ (.+)$", _texts(notebook).get(cell, ""), re.MULTILINE)
    return "#" + headings[-1].replace(" ", "-") if headings else ""


@functools.cache
def _texts(notebook: str) -> dict[str, str]:
    """The Markdown cells of a notebook, by id."""
    content = json.loads((NOTEBOOK_FOLDER / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    cells = (cell for cell in content["cells"] if cell["cell_type"] == "markdown")
    return {cell["id"]: "".join(cell["source"]) for cell in cells}
