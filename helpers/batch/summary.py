"""A page on what a sweep found: which parameter moves which number how far, and how."""

import json
from dataclasses import dataclass, replace
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
from helpers.scenarios import Scenario
from helpers.show import Canvas, Drawing, Table, style
from helpers.show.canvas import AXIS_PX
from helpers.volume.driver_figures import tornado

MOST_BINS, MOST_NUMBERS, MOST_SHOWN, BLOCKS = 8, 5, 6, 10
OWN = "own calculations."
_NUMBERS_PX = 52.0
"""What the numbers at the left of a plot take."""


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
    headlines = [own for own in columns if own.partition(".")[0] in LABELS][:MOST_NUMBERS]
    first = next(place for place, own in enumerate(columns) if _is_result(own))
    varied = [own for own in list(columns)[:first] if frame[own].nunique() > 1]
    cells = [
        nbformat.v4.new_markdown_cell(
            f"# A sweep of {len(frame):,} points\n\n{_words(told, name)}"
        ),
        _cell("columns", _dictionary(columns)),
    ]
    for number in headlines:
        cells.append(nbformat.v4.new_markdown_cell(f"## {_title(number)}"))
        if not varied or frame[number].nunique() < 2:
            cells.append(nbformat.v4.new_markdown_cell("Nothing that this sweep varies moves it."))
            continue
        own = [response(frame, parameter, number) for parameter in varied]
        own.sort(key=lambda response: -response.share)
        shown = pictures(number, own, columns[number]["unit"])
        cells.append(_cell(f"responses of {number}", *shown, _shares(number, own)))
    context = ReportContext(
        notebook="sweep",
        scenario="sweep",
        scenario_title="Sweep",
        story=f"Headline numbers over parameters, from {name}.",
        version=__version__,
        data_date="",
        parameter_hash=told["code"][:12],
        differing=_differing(frame, told, varied),
        index_href="",
    )
    return export(nbformat.v4.new_notebook(cells=cells), context)


def _differing(
    frame: pd.DataFrame, told: dict[str, Any], varied: list[str]
) -> dict[str, tuple[Any, Any]]:
    """What the points stand on and what varies, beside its value in the base scenario."""
    base = Scenario()
    swept = {name: _said(frame[name]) for name in varied}
    values = told["scenario"] | swept
    return {name: (own, getattr(base, name)) for name, own in values.items() if hasattr(base, name)}


def _said(given: "pd.Series[Any]") -> str:
    """The values of a parameter in words: both ends, or its first entries."""
    if not pd.api.types.is_numeric_dtype(given):
        return "; ".join(map(str, given.unique()[:MOST_BINS]))
    ends = (numbers.significant(float(end)) for end in (given.min(), given.max()))
    return " to ".join(f"{end:,g}" for end in ends)


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


def pictures(number: str, own: list[Response], unit: str) -> list[Drawing]:
    """How far each parameter moves a number, the first one most, and how the number answers to
    them.
    """
    name, most = number.replace(".", "_"), max(float(np.abs(each.mean).max()) for each in own)
    scale, unit = (1e6, f"million {unit}") if most >= 1e6 else (1.0, unit)
    shown = [
        replace(each, mean=each.mean / scale, error=each.error / scale) for each in own[:MOST_SHOWN]
    ]
    what = f"{_title(number)}, {unit}".rstrip(", ")
    low, high = ([response.swing[end] for response in shown] for end in (0, 1))
    names = [response.parameter for response in shown]
    ends = " to ".join(f"{numbers.significant(end):,g}" for end in shown[0].swing)
    swings = Drawing(
        f"{name}_tornado",
        f"{_title(number)} goes from {ends} over {names[0]}",
        f"{what}: mean in the lowest and highest bin of each parameter",
        OWN,
        lambda canvas: canvas.reach(tornado(canvas, 0, names, low, high)),
        f"Tornado of {len(shown)} parameters; {names[0]} from {ends}.",
        pd.DataFrame({"parameter": names, "low": low, "high": high}),
    )
    means = [
        (response.parameter, str(value), mean)
        for response in shown
        for value, mean in zip(response.at, response.mean, strict=True)
    ]
    answers = Drawing(
        f"{name}_responses",
        f"{_title(number)} over each parameter",
        f"Mean, {unit}; lines: two standard errors each way; words are numbered as they are sorted",
        OWN,
        lambda canvas: _responses(canvas, shown),
        f"Response plots of {len(shown)} parameters with {len(means)} means.",
        pd.DataFrame(means, columns=["parameter", "value", "mean"]),
    )
    return [swings, answers]


def _responses(canvas: Canvas, shown: list[Response]) -> None:
    """A plot a parameter, side by side where there is room, all on one scale."""
    beside = 1 if canvas.narrow else min(3, len(shown))
    wide, high = canvas.width / beside, 120.0
    ends = [response.mean + error * response.error for response in shown for error in (-2, 2)]
    least, most = float(np.concatenate(ends).min()), float(np.concatenate(ends).max())
    room = 0.05 * (most - least) or 1.0
    for place, response in enumerate(shown):
        row, column = divmod(place, beside)
        left, top = column * wide, row * (high + 60)
        y = canvas.text(left, top, response.parameter, size=11, weight="bold", width=wide - 10)
        right = canvas.width - left - wide + 24
        axis = canvas.axes(y + 4, high, left=left + _NUMBERS_PX, right=right)
        words = any(isinstance(value, str | bool) for value in response.at)
        at = range(len(response.at)) if words else response.at
        look: dict[str, Any] = {
            "marker": "o",
            "markersize": 5,
            "color": style.INK,
            "linewidth": 1.5,
        }
        axis.errorbar(at, response.mean, 2 * response.error, clip_on=False, **look)
        axis.set_ylim(least - room, most + room)
        axis.locator_params(nbins=3)
        if words:
            axis.set_xticks(at, [str(number + 1) for number in at])
        axis.yaxis.set_major_formatter(lambda tick, _: f"{numbers.significant(tick):,g}")
        canvas.reach(y + 4 + high + AXIS_PX)


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


def _cell(source: str, *shown: Drawing | Table) -> Any:
    """A code cell that shows these."""
    outputs = [
        nbformat.v4.new_output("display_data", data=own._repr_mimebundle_()) for own in shown
    ]
    return nbformat.v4.new_code_cell(f"# {source}", outputs=outputs)
