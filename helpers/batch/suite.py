"""What this suite adds to the engine (`helpers.engine.perform.Suite`), in the process where cells
run.
"""

import importlib
import re
import string
from typing import Any

from helpers.engine.journal import REPORT
from helpers.engine.outcome import Job
from helpers.engine.perform import Finished, UnfinishedError

SUITE = __name__
PRELOADED = (
    "numpy",
    "pandas",
    "pandera.pandas",
    "pyarrow",
    "scipy.stats",
    "matplotlib.backends.backend_svg",
    "matplotlib_inline.backend_inline",
    "helpers.data",
    "helpers.reports",
    "helpers.results",
    "helpers.scenarios",
    "helpers.show",
    "helpers.study",
)


def warm_up() -> None:
    """Import what every run needs, draw a figure and export a page: fonts, compiled templates and
    grammars are then there for every run.
    """
    for name in PRELOADED:
        importlib.import_module(name)
    import nbformat
    import pandas as pd

    from helpers.reports import ReportContext, export
    from helpers.show import Canvas, Drawing

    letters = " ".join(string.ascii_letters + string.digits + string.punctuation + "¥–−×é’")

    def bars(canvas: Canvas) -> None:
        canvas.rows(["a", "b"], 0, left=120).barh([0, 1], [1, 2])

    words = (letters, letters, letters)
    alt = "a bar chart that nobody sees"
    drawing = Drawing("rehearsal", *words, bars, alt, pd.DataFrame({"bar": [1, 2]}))
    cells = [
        nbformat.v4.new_markdown_cell("# Rehearsal\n\n## Question\n\n*One* `word`."),
        nbformat.v4.new_code_cell("x = 1", execution_count=1),
    ]
    cells[1].outputs = [nbformat.v4.new_output("display_data", data=drawing._repr_mimebundle_())]
    context = ReportContext(
        "rehearsal", "base", "Base", "None.", version="0", data_date="", parameter_hash="0"
    )
    export(nbformat.v4.new_notebook(cells=cells), context)


def finish(notebook: Any, job: Job) -> Finished:
    """The recorded results of an executed notebook, its reports, and its title and answer for the
    index. Raises `UnfinishedError` for results that cannot be used.
    """
    from helpers.results import collect

    try:
        results = [result.model_dump(mode="json") for result in collect(notebook)]
    except ValueError as error:
        raise UnfinishedError(
            f"the recorded results are not usable: {error}".split("\n")[0]
        ) from None
    if not job.reports:
        return Finished(results=results)
    from helpers.reports import ReportContext, answer_line, export

    pages = {
        f"{scenario}{REPORT}": export(notebook, ReportContext(**context)).encode()
        for scenario, context in job.reports.items()
    }
    return Finished(pages, results, {"title": _title(notebook), "answer": answer_line(notebook)})


def _title(notebook: Any) -> str:
    """The notebook's one `# ` heading."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return heading[1].strip() if heading else ""
