"""Small notebooks by the rules, for tests of reports."""

from collections.abc import Callable
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import PROJECT_ROOT
from helpers.reports import (
    Failure,
    IndexContext,
    IndexEntry,
    ReportContext,
    ScenarioResult,
    answer_line,
)
from helpers.results import Result, collect
from helpers.scenarios import NOTEBOOKS, Scenario, load_scenario, load_scenarios

NAMES = {"ratio": "Cars out for each one back", "cars": "Cars that close a tenth of the gap"}


def read(element: Any) -> str:
    """The text of an element with plain spaces, as a reader reads it."""
    return str(element.get_text()).replace("\u00a0", " ")


SETUP = """import pandas as pd
from helpers import results, show
from helpers.data import load
from helpers.scenarios import from_parameters
from helpers.show import style
results.NAMES["ratio"] = "Cars out for each one back"
results.NAMES.update(cars="Cars that close a tenth of the gap")"""
FIGURE = """from IPython.display import display


def bars(canvas):
    axes = canvas.rows(["Japan to US", "US to Japan"], 0, left=120, right=90)
    axes.barh([0, 1], [1369, 16], color=[style.JAPAN_TO_US, style.US_TO_JAPAN])
    axes.text(400, 1, "16 thousand", weight="bold")
    canvas.reach(canvas.bottom + 20)


words = ("Japan ships 85 cars for each one that comes back", "Thousand vehicles, 2024",
         "JAMA and MOF. Scenario: base")
alt = "Bar chart of vehicles shipped each way in 2024: 1,369 thousand against 16 thousand"
data = pd.DataFrame({"direction": ["Japan to US", "US to Japan"], "thousand": [1369, 16]})
display(show.Drawing("flows", *words, bars, alt, data))"""
SECOND_FIGURE = FIGURE.replace('Drawing("flows"', 'Drawing("flows_again"').replace(
    "axes.text(400", "axes.grid(axis='x')\n    axes.text(300"
)
RECORD = """said = "Japan ships 85 cars for each one that comes back."
ids = ["MOFIMP24", "CRS-IF10971"]
show.result(results.Result(name="ratio", value=85.3, unit="cars", quality="official", \
source_ids=ids, sentence=said))
said = "A tenth of the gap is 102,675 cars."
show.result(results.Result(name="cars", value=102675, unit="vehicles", quality="derived", \
source_ids=ids[:1], sentence=said, low=9e4, high=12e4, interval="80 %"))"""
TABLE = """sources = ["MOFIMP24", "MOFIMP24; CRS-IF10971"]
frame = pd.DataFrame({"Lens": ["units", "value"], "Share": [1.4, 1.9], "Quality": ["derived", \
"estimate"], "Source": sources})
show.Table("lenses", "Two lenses", frame, {"Share": "%"})"""


def demo() -> nbformat.NotebookNode:
    """A small notebook with the headings and outputs of a shipped one."""
    text, code = new_markdown_cell, new_code_cell
    cells = [
        text("# How lopsided is the car trade?"),
        text(
            "Reporters call the trade one-sided. See [the customs office](https://www.customs.go.jp/toukei/info/index_e.htm)."
        ),
        text("## Question\n\nHow many cars go each way?"),
        text("## Setup\n\nImports only."),
        code(SETUP),
        text("## Parameters\n\nChange these."),
        code(
            f"jpy_per_usd: float = {Scenario().jpy_per_usd}"
            "  # JPY per USD; exchange rate of the scenario",
            metadata={"tags": ["parameters"]},
        ),
        code("scenario = from_parameters(globals())"),
        text("## Answer in brief"),
        code(
            'show.answer("Japan ships 85 cars for each one that comes back.", "The programme is '
            '1.9 % of the flow.")'
        ),
        text("## Data used"),
        code('show.Table("flows_used", "Trade flows used here", load("trade_flows").head(6))'),
        text(
            "## The two flows\n\nOne scale for both, because the point is the ratio.\n\n### In "
            "units\n\n- counts\n- not values"
        ),
        code(FIGURE),
        code(RECORD),
        text("## What the cars change\n\n#### A heading two levels down"),
        code(SECOND_FIGURE),
        code(TABLE),
        code('show.prose("The programme is 1.9 % of the flow.")\nprint("plain text")'),
        text("## Checks"),
        code(
            'show.Table("checks", "Checks", pd.DataFrame({"Check": ["adds up"], "Computed": '
            '[100.0], "Expected": [100.0], "Holds": [True]}))'
        ),
        text("## Limits\n\nFOB and CIF differ."),
        text("## Next\n\nRead on."),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"demo-{number}"
    return new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )


def notebook_of(
    *outputs: list[nbformat.NotebookNode], title: str = "Title", markdown: str = "Text."
) -> nbformat.NotebookNode:
    """An executed notebook with one code cell for each list of outputs."""
    cells: list[Any] = [
        new_markdown_cell(f"# {title}"),
        new_markdown_cell(f"## Step\n\n{markdown}"),
    ]
    return new_notebook(
        cells=cells
        + [
            new_code_cell("show()", execution_count=number, outputs=one)
            for number, one in enumerate(outputs, 1)
        ]
    )


def shown(publish: Callable[[], None]) -> list[nbformat.NotebookNode]:
    """What a function displays, as the outputs of a cell."""
    InteractiveShell.instance()
    with capture_output() as captured:
        publish()
    return [
        new_output("display_data", data=one.data, metadata=one.metadata or {})
        for one in captured.outputs
    ]


def context_of(
    scenario: str = "dense_city", notebook: str = "03_vehicle_fit", **changes: Any
) -> ReportContext:
    """The context of a report under a shipped scenario."""
    named = load_scenario(scenario)
    known = {
        "notebook": notebook,
        "scenario": named.name,
        "scenario_title": named.title,
        "story": named.story,
        "version": "0.1.0",
        "data_date": "2026-11-21",
        "parameter_hash": "1a2b3c4d5e6f",
        "differing": named.scenario.differing(),
    }
    return ReportContext(**(known | changes))


def a_batch(
    scenarios: int,
) -> tuple[list[IndexEntry], list[ScenarioResult], list[Failure], IndexContext]:
    """A batch of all notebooks under that many scenarios, with one failure from two scenarios
    on.
    """
    named = [(one.name, one.title, one.story) for one in load_scenarios()][:scenarios]
    named += [
        (f"more_{number}", f"One more, {number}", "A story.")
        for number in range(scenarios - len(named))
    ]
    entries, recorded = [], []
    for number, (name, title, story) in enumerate(named):
        words = (name, title, story)
        entries += [
            IndexEntry(
                one,
                f"What does {one} ask?",
                *words,
                f"{name}/{one}.html",
                "It answers in one plain sentence.",
            )
            for one in NOTEBOOKS
        ]
        cars = 9_000 + 300.0 * (number * 7 % 11)
        found = [
            Result(
                name="cars",
                value=cars,
                unit="vehicles",
                quality="estimate",
                source_ids=("A",),
                sentence="x",
                low=cars / 2,
                high=2 * cars,
                interval="80 %",
            ),
            Result(
                name="ratio",
                value=85.3 - number,
                unit="cars",
                quality="derived",
                source_ids=("A",),
                sentence="x",
            ),
            Result(
                name="verdict",
                value="supported" if number % 3 else "partly",
                unit="",
                quality="derived",
                source_ids=("A",),
                sentence="x",
            ),
        ]
        recorded += [ScenarioResult(name, "00_brief", one) for one in found]
    failures = [
        Failure(
            "02_import_volume",
            named[-1][0],
            "timeout",
            "the cell took longer than 60 s",
            "cell 7",
            "reverse-imports run",
        )
    ][: scenarios - 1]
    return entries, recorded, failures, IndexContext("0.1.0", "2026-11-21", "0a1b2c3d4e5f")


def stored(name: str) -> nbformat.NotebookNode:
    """A notebook of the suite as it is stored, with outputs."""
    return nbformat.read(PROJECT_ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def shipped_batch(
    scenarios: int,
) -> tuple[list[IndexEntry], list[ScenarioResult], list[Failure], IndexContext]:
    """A batch with the titles, answers and results of the stored notebooks; results of other
    scenarios are moved by up to a half.
    """
    _, _, failures, context = a_batch(2)
    named = [(one.name, one.title, one.story) for one in load_scenarios()][:scenarios]
    named += [
        (f"more_{number}", f"One more set of assumptions, {number}", "A story.")
        for number in range(scenarios - len(named))
    ]
    kept = {name: stored(name) for name in NOTEBOOKS}
    about = {
        name: (notebook.cells[0].source.splitlines()[0].lstrip("# "), answer_line(notebook))
        for name, notebook in kept.items()
    }
    entries = [
        IndexEntry(name, about[name][0], *words, f"{words[0]}/{name}.html", about[name][1])
        for words in named
        for name in NOTEBOOKS
    ]
    recorded = []
    for number, (scenario, *_) in enumerate(named):
        factor = 1 + (number * 37 % 101) / 100 * (0.5 if number % 2 else -0.5)
        for result in collect(kept["00_brief"]):
            moved = {
                key: value * factor
                for key in ("value", "low", "high")
                if isinstance(value := getattr(result, key), int | float)
            }
            recorded.append(ScenarioResult(scenario, "00_brief", result.model_copy(update=moved)))
    return entries, recorded, failures, context
