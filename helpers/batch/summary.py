"""A page on what a sweep found: which parameter moves which number how far, and how."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd

from helpers import __version__, files, numbers
from helpers.batch.sweep import SWEEP
from helpers.errors import refusal
from helpers.quantities import Floats
from helpers.reports import ReportContext, export
from helpers.results import LABELS
from helpers.show import Chart, Table, style

MOST_BINS, MOST_NUMBERS, MOST_SHOWN, BLOCKS = 8, 5, 6, 10


@dataclass(frozen=True)
class Response:
    """The mean of a number over a parameter: `at` the value or middle of each bin, as shown, with
    the mean and its standard error. share: of the variance that the parameter explains by itself,
    percent, and its error over blocks of points.
    """

    parameter: str
    at: tuple[Any, ...]
    mean: Floats
    error: Floats
    share: float
    share_error: float

    @property
    def swing(self) -> tuple[float, float]:
        """The mean in the lowest and in the highest bin."""
        return float(self.mean[0]), float(self.mean[-1])


def write(sweep: Path) -> Path:
    """Write the page beside the file of a sweep; its path. Raises InputError for a file that no
    sweep made.
    """
    from pyarrow import parquet

    table = parquet.read_table(sweep)
    told = (table.schema.metadata or {}).get(SWEEP.encode())
    if told is None:
        raise refusal(str(sweep), "was not made by a sweep", "make it with reverse-imports sweep")
    path = sweep.with_suffix(".html")
    files.write(path, page(table.to_pandas(), json.loads(told), sweep.name).encode())
    return path


def page(frame: pd.DataFrame, told: dict[str, Any], name: str) -> str:
    """The page of a sweep. told: its metadata."""
    columns = told["columns"]
    found = [own for own in columns if own.partition(".")[0] in LABELS][:MOST_NUMBERS]
    first = next(place for place, own in enumerate(columns) if _is_result(own))
    varied = [own for own in list(columns)[:first] if frame[own].nunique() > 1]
    cells = [
        nbformat.v4.new_markdown_cell(
            f"# A sweep of {len(frame):,} points\n\n{_words(told, name)}"
        ),
        _cell("columns", _dictionary(columns)),
    ]
    for number in found:
        own = [response(frame, parameter, number) for parameter in varied]
        own.sort(key=lambda response: -response.share)
        cells.append(nbformat.v4.new_markdown_cell(f"## {_title(number)}"))
        shown = [_shares(number, own)] if own else []
        cells.append(_cell(f"responses of {number}", *_pictures(number, own, columns), *shown))
    context = ReportContext(
        notebook="sweep",
        scenario="sweep",
        scenario_title="Sweep",
        story=f"Headline numbers over parameters, from {name}.",
        version=__version__,
        data_date="",
        parameter_hash=told["code"][:12],
        index_href="",
    )
    return export(nbformat.v4.new_notebook(cells=cells), context)


def _is_result(column: str) -> bool:
    return column.partition(".")[0] in LABELS or column.startswith("volume_")


def _title(number: str) -> str:
    name, _, subject = number.partition(".")
    return LABELS[name] + (f", {subject.replace('_', ' ')}" if subject else "")


def _words(told: dict[str, Any], name: str) -> str:
    design = told["design"].replace("_", " ")
    stands = ", ".join(f"{key} = {value}" for key, value in told["scenario"].items())
    return (
        f"{design.capitalize()}, file {name}, on {stands or 'the base scenario'}. Means are over "
        "all points of a bin, whatever the others are; two standard errors are drawn."
    )


def response(frame: pd.DataFrame, parameter: str, number: str) -> Response:
    """How a number answers to a parameter of a sweep."""
    given, values = frame[parameter], frame[number].to_numpy(dtype=float)
    if given.nunique() <= MOST_BINS or not pd.api.types.is_numeric_dtype(given):
        labels, place = np.unique(given.to_numpy(), return_inverse=True)
        at = tuple(labels.tolist())
    else:
        place = pd.qcut(given, MOST_BINS, labels=False, duplicates="drop").to_numpy()
        at = tuple(given.groupby(place).median().tolist())
    known = np.isfinite(values)
    own = pd.Series(values[known]).groupby(place[known])
    shares = [
        _share(values[block], place[block])
        for block in (np.flatnonzero(known)[start::BLOCKS] for start in range(BLOCKS))
    ]
    return Response(
        parameter,
        at,
        np.asarray(own.mean(), dtype=float),
        np.asarray(own.sem().fillna(0.0), dtype=float),
        100 * _share(values[known], place[known]),
        100 * float(np.std(shares, ddof=1) / np.sqrt(BLOCKS)),
    )


def _share(values: Floats, place: Any) -> float:
    """Variance of the means by bin over the whole, without what chance alone would give."""
    if len(values) < 2 or values.var() == 0:
        return 0.0
    own = pd.Series(values).groupby(place)
    between = float((own.size() * (own.mean() - values.mean()) ** 2).sum() / len(values))
    within = float(((own.size() - 1) * own.var().fillna(0.0)).sum())
    free = len(values) - own.ngroups
    chance = (own.ngroups - 1) * within / free / len(values) if free > 0 else 0.0
    return max(0.0, (between - chance) / float(values.var()))


def _pictures(number: str, own: list[Response], columns: dict[str, Any]) -> list[Chart]:
    if not own:
        return []
    shown, unit = own[:MOST_SHOWN], columns[number]["unit"]
    name = number.replace(".", "_")
    top = shown[0]
    ends = " to ".join(numbers.plain(numbers.significant(end)) for end in top.swing)
    fig, axis = style.canvas(
        f"{top.parameter} moves it from {ends}",
        f"{_title(number)}, {unit}: mean in the lowest and highest bin of each parameter",
        "own calculations.",
        height_in=0.6 + 0.34 * len(shown),
    )
    lines = range(len(shown))
    low, high = (np.array([response.swing[end] for response in shown]) for end in (0, 1))
    axis.barh(lines, high - low, left=low, height=0.6, color=style.ACCENTS[3])
    axis.set_yticks(lines, [response.parameter for response in shown], size=8.5)
    axis.invert_yaxis()
    axis.set_xlabel(unit)
    axis.grid(axis="x")
    data = pd.DataFrame({"parameter": [r.parameter for r in shown], "low": low, "high": high})
    tornado = Chart(f"{name}_tornado", fig, f"Tornado of {len(shown)} parameters. {ends}.", data)
    columns_of = min(3, len(shown))
    rows = -(-len(shown) // columns_of)
    fig, axes = style.canvas(
        f"How {_title(number)} answers",
        f"Mean, {unit}, over each parameter; lines: two standard errors each way",
        "own calculations.",
        rows=rows,
        columns=columns_of,
        height_in=0.2 + 1.9 * rows,
        sharey=True,
        squeeze=False,
    )
    table = []
    for axis, response in zip(axes.flat, shown, strict=False):
        places = list(response.at)
        words = any(isinstance(value, str | bool) for value in places)
        at = range(len(places)) if words else places
        axis.errorbar(at, response.mean, 2 * response.error, marker="o", color=style.INK)
        axis.set_title(response.parameter, size=9)
        if words:
            axis.set_xticks(at, [str(place + 1) for place in range(len(places))])
        axis.tick_params(labelsize=8)
        axis.locator_params(axis="x", nbins=4)
        table += [(response.parameter, *own) for own in zip(places, response.mean, strict=True)]
    for axis in axes.flat[len(shown) :]:
        axis.set_visible(False)
    data = pd.DataFrame(table, columns=["parameter", "value", "mean"]).astype({"value": str})
    alt = f"Response plots of {len(shown)} parameters with {len(table)} means."
    return [tornado, Chart(f"{name}_responses", fig, alt, data)]


def _shares(number: str, own: list[Response]) -> Table:
    frame = pd.DataFrame(
        {
            "Parameter": [response.parameter for response in own],
            "Lowest": [response.swing[0] for response in own],
            "Highest": [response.swing[1] for response in own],
            "Share of variance": [response.share for response in own],
            "Standard error": [response.share_error for response in own],
        }
    )
    percent = dict.fromkeys(("Share of variance", "Standard error"), "%")
    caption = f"{_title(number)}: mean at both ends, and the variance each parameter explains alone"
    return Table(f"{number.replace('.', '_')}_shares", caption, frame, percent)


def _dictionary(columns: dict[str, Any]) -> Table:
    rows = [(name, own["unit"], own["meaning"]) for name, own in columns.items()]
    frame = pd.DataFrame(rows, columns=["Column", "Unit", "Meaning"])
    return Table("columns", "Columns of the file", frame)


def _cell(source: str, *shown: Chart | Table) -> Any:
    """A code cell that shows these."""
    outputs = [
        nbformat.v4.new_output("display_data", data=own._repr_mimebundle_()) for own in shown
    ]
    return nbformat.v4.new_code_cell(f"# {source}", outputs=outputs)
