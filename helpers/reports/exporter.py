"""An executed notebook as one HTML file: no script, no request, everything inside."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment
from jupyter_core.paths import ENV_JUPYTER_PATH, SYSTEM_JUPYTER_PATH
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

from helpers import results
from helpers.reports import outputs
from helpers.reports.context import ReportContext
from helpers.reports.domcheck import LARGEST_PAGE, check_page, is_address
from helpers.reports.markdown import Markdown, sentence
from helpers.reports.references import Cited, terms
from helpers.scenarios import NOTEBOOKS, parameters
from helpers.scenarios.reading import SCENARIO_FOLDER
from helpers.show.drawing import MIME as FIGURE
from helpers.show.prose import OWN_STEP
from helpers.show.table import MIME as TABLE
from helpers.texts import visible

TEMPLATES = Path(__file__).parent / "templates"
SHOWN_FIRST = (
    FIGURE,
    TABLE,
    "text/html",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/markdown",
    "text/plain",
)
AT_THE_END = ("Setup", "Parameters")
OWN_CARS_A_PAGE = 13
"""As many as fit beside the models with every column filled; with few columns more do."""


TAKEN = (
    "scenario",
    "parameters-used",
    "sources",
    "links",
    "main",
    "contents",
    "method",
    "words",
    "quality-words",
)
"""Ids that the template itself gives."""


@dataclass
class Section:
    """A `## ` heading and the cells under it."""

    heading: str
    identifier: str
    cells: list[NotebookNode] = field(default_factory=list)


class ReportExporter(TemplateExporter):
    """nbconvert's machinery with our template. Reads no configuration and no template from the
    user's folders.
    """

    output_mimetype = "text/html"

    def __init__(self) -> None:
        folders = [str(TEMPLATES / "report"), str(TEMPLATES), *_base_folders()]
        settings: dict[str, Any] = {
            "preprocessors": [],
            "default_preprocessors": [],
            "template_file": "index.html.j2",
            "template_paths": folders,
        }
        super().__init__(**settings)  # type: ignore[no-untyped-call]

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.finalize = outputs.shown
        environment.filters.update(
            highlight=outputs.highlight,
            csv_href=outputs.csv_href,
            plot=outputs.plot,
            pair=outputs.pair,
            svg_href=outputs.svg_href,
            terminal=outputs.without_colour_codes,
            is_address=is_address,
            as_is=lambda text: Markup(visible(text)),
            shown_first=lambda data: next((kind for kind in SHOWN_FIRST if kind in data), ""),
            one_line=lambda text: "".join(text.split()),
            exact=outputs.exact,
            spoken=outputs.spoken,
            result_value=outputs.result_value,
            result_span=outputs.result_span,
        )
        return environment

    def page(self, content: Mapping[str, Any]) -> str:
        """The page. nbconvert's own way in copies notebook and resources first, which costs more
        than the rest together.
        """
        everything = dict.fromkeys(
            ("include_code", "include_markdown", "include_raw", "include_input", "include_output"),
            True,
        )
        return str(
            self.template.render(
                nb={"cells": []}, resources={"page": content, "global_content_filter": everything}
            )
        )


def _base_folders() -> list[str]:
    """Where nbconvert's own templates are installed: beside this Python first, never in a user's
    folder.
    """
    roots = [
        Path(root) / "nbconvert" / "templates" for root in (*ENV_JUPYTER_PATH, *SYSTEM_JUPYTER_PATH)
    ]
    return [
        str(folder)
        for root in roots
        if (root / "base").is_dir()
        for folder in (root, root / "base")
    ]


@functools.cache
def _exporter() -> ReportExporter:
    return ReportExporter()


def export(notebook: NotebookNode, context: ReportContext) -> str:
    """The report of an executed notebook. Same notebook and context, same bytes.

    Raises `InputError` naming the cell when an output holds script or anything that reaches outside
    the page, or is too large.
    """
    content = _content(notebook, context)
    page = outputs.unbroken(_exporter().page(content))
    if len(page.encode()) > LARGEST_PAGE:  # of many cars: no drawings to save, code without colours
        page = outputs.unbroken(_exporter().page(content | {"complete": False}))
    where = f"{context.notebook}, scenario {context.scenario}"
    check_page(page, where, smaller=_smaller(context))
    return page


def _smaller(context: ReportContext) -> str:
    """What to do about a page that is too large."""
    cars, _ = context.differing.get("own_cars", ((), ()))
    if len(cars) <= OWN_CARS_A_PAGE:
        return "show fewer or smaller figures and tables"
    what = f"at most {OWN_CARS_A_PAGE} cars of your own are sure to fit, and there are {len(cars)}"
    return f"{what}: run them in several files, one after the other"


def answer_line(notebook: Mapping[str, Any]) -> str:
    """The first sentence of the answer, as text: of the last one, which is by the reader's own step
    where there is one; empty when the notebook gives none.
    """
    answers = [shown for shown in _shown(notebook) if 'class="answer ' in shown]
    return sentence(answers[-1]) if answers else ""


def by_own_step(notebook: Mapping[str, Any]) -> bool:
    """Whether an executed notebook gives its answer by a step of the reader's own."""
    return any(f'class="{OWN_STEP}"' in shown for shown in _shown(notebook))


def _shown(notebook: Mapping[str, Any]) -> Iterator[str]:
    """What the cells show as HTML."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            yield output.get("data", {}).get("text/html", "")


def _content(notebook: NotebookNode, context: ReportContext) -> dict[str, Any]:
    markdown = Markdown()
    for taken in (*(term.anchor for term in terms()), *TAKEN):
        markdown.identifier(taken)
    lead, sections = Section("", ""), [Section("", "")]
    title = context.title
    recorded: list[Any] = []
    position = 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in markdown.parts(visible(cell.source)):
                if part.kind == "title":
                    title = title or part.heading
                elif part.kind == "section":
                    sections.append(Section(part.heading, part.identifier))
                if part.html:
                    section = lead if len(sections) == 1 else sections[-1]
                    section.cells.append(
                        _node(cell_type="markdown", html=Markup(part.html), metadata={}, source="")
                    )
        elif cell.cell_type == "code" and cell.source.strip():
            position += 1
            own = [output for output in cell.outputs if results.MIME in output.get("data", {})]
            recorded += [output.data[results.MIME] for output in own]
            others = [_display(output) for output in cell.outputs if output not in own]
            sections[-1].cells.append(_node(**{**cell, "position": position, "outputs": others}))
    filled = [section for section in sections if section.heading or section.cells]
    shown = [section for section in filled if section.heading not in AT_THE_END] + [
        section for section in filled if section.heading in AT_THE_END
    ]
    cited = Cited()
    before, after = _neighbours(context.notebook)
    return {
        "answer": answer_line(notebook),
        "complete": True,
        "own_step": by_own_step(notebook),
        "edited": context.method == results.EDITED,
        "shipped": (SCENARIO_FOLDER / f"{context.scenario}.yaml").is_file(),
        "before": before,
        "after": after,
        "context": context,
        "title": title or context.notebook,
        "lead": lead,
        "sections": shown,
        "results": recorded,
        "cited_as": context.cited_as,
        "links": markdown.links,
        "terms": markdown.terms.used(),
        "cited": cited,
        "table_cells": lambda fragment: outputs.table_cells(fragment, cited.anchor),
        **_parameters(context),
    }


def _neighbours(notebook: str) -> tuple[str, str]:
    """The notebooks before and after this one, empty at the ends and for one that is not ours."""
    order = ["", *NOTEBOOKS, ""]
    position = order.index(notebook, 1) if notebook in NOTEBOOKS else 0
    return (order[position - 1], order[position + 1]) if position else ("", "")


def _node(**values: Any) -> NotebookNode:
    return NotebookNode(values)


def _display(output: NotebookNode) -> NotebookNode:
    """The output with its data only, a result of an expression like a display: metadata of outputs
    never reaches a page.
    """
    kind = "display_data" if output.output_type == "execute_result" else output.output_type
    return _node(**{**output, "metadata": {}, "output_type": kind})


def _parameters(context: ReportContext) -> dict[str, Any]:
    """Parameters as the page shows them: what differs and is used here, what differs elsewhere, and
    all that are used.
    """
    declared = parameters()
    used = [parameter for parameter in declared if context.notebook in parameter.notebooks]
    rows = [
        (
            parameter,
            context.differing[parameter.name][0]
            if parameter.name in context.differing
            else parameter.default,
            parameter.default,
        )
        for parameter in (used or declared)
    ]
    return {
        "differing": [row for row in rows if row[0].name in context.differing],
        "elsewhere": [
            parameter
            for parameter in declared
            if parameter.name in context.differing and parameter not in [row[0] for row in rows]
        ],
        "parameters": rows,
    }
