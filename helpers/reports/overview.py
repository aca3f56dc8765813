"""The index of a batch: every report with its answer, headline numbers side by side, what failed,
all results to download.
"""

import functools
from collections.abc import Sequence

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbformat import NotebookNode

from helpers import numbers
from helpers.reports import outputs
from helpers.reports.comparison import BASE, headlines
from helpers.reports.context import Failure, IndexContext, IndexEntry, ScenarioResult
from helpers.reports.domcheck import check_page
from helpers.reports.exporter import TEMPLATES
from helpers.reports.front import Front, front
from helpers.reports.references import Terms, terms
from helpers.results import EDITED
from helpers.texts import visible

LARGEST_INDEX, BYTES_PER_REPORT = 1_000_000, 2_000
MOST_COLUMNS = 7  # of numbers in one table: as many as a page shows beside its contents
MOST_ACROSS = 5  # scenarios that stand beside each other; more stand below each other


@functools.cache
def environment() -> Environment:
    """The templates of pages that no notebook stands behind."""
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "index", TEMPLATES]),
        autoescape=True,
        finalize=outputs.shown,
    )
    environment.filters.update(
        csv_href=outputs.csv_href,
        pair=outputs.pair,
        plot=outputs.plot,
        unbroken=numbers.unbroken,
        svg_href=outputs.svg_href,
        result_value=outputs.result_value,
        result_span=outputs.result_span,
        as_is=lambda text: Markup(visible(text)),
        day=outputs.day,
    )
    return environment


def index(
    entries: Sequence[IndexEntry],
    results: Sequence[ScenarioResult],
    failures: Sequence[Failure],
    context: IndexContext,
    brief: NotebookNode | None = None,
) -> str:
    """The front page. Order of the inputs does not matter; same inputs, same bytes.

    brief: the executed brief of the base scenario, or of the first scenario without one.

    Raises `InputError` when a text of the inputs would reach outside the page.
    """
    entries = sorted(
        entries, key=lambda entry: (entry.scenario != BASE, entry.scenario, entry.notebook)
    )
    failures = sorted(
        failures, key=lambda failure: (failure.scenario != BASE, failure.scenario, failure.notebook)
    )
    in_order = sorted(
        enumerate(results),
        key=lambda item: (item[1].scenario != BASE, item[1].scenario, item[1].notebook, item[0]),
    )
    known = [record for _, record in in_order]
    titles = {record.scenario: record.scenario_title for record in entries}
    scenarios = list(
        dict.fromkeys(
            [record.scenario for record in entries] + [record.scenario for record in known]
        )
    )
    page = outputs.unbroken(
        environment()
        .get_template("index.html.j2")
        .render(
            groups=[
                (titles[scenario], [entry for entry in entries if entry.scenario == scenario])
                for scenario in titles
            ],
            by_notebook=[
                (notebook, [entry for entry in entries if entry.notebook == notebook])
                for notebook in sorted({entry.notebook for entry in entries})
            ],
            titles=titles,
            scenarios=scenarios,
            headlines=headlines(known),
            failures=failures,
            context=context,
            base=BASE,
            most_columns=MOST_COLUMNS,
            most_across=MOST_ACROSS,
            front=front(brief, scenarios[0], known) if brief else Front(),
            edited=sorted({entry.title for entry in entries if entry.method == EDITED}),
            glossary_terms=terms(),
            linked=Terms(),
            reports=len(entries),
        )
    )
    check_page(page, "index", LARGEST_INDEX + BYTES_PER_REPORT * len(entries))
    return page
