"""What a report and an index are told about the run they show. Plain frozen values, so that they
travel between processes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.reports.outputs import day
from helpers.results import SUITE, Result


@dataclass(frozen=True)
class ReportContext:
    """The run behind one report.

    notebook: file name without ending, `01_trade_imbalance`. title: the page's h1; empty takes the
    notebook's own `# ` heading.
    scenario, scenario_title, story: name, title and one-sentence story of the scenario.
    differing: parameters that differ from the base scenario, name → (value, base value), as
    `Scenario.differing` gives them.
    version: of the suite. data_date: newest date of the data package. parameter_hash: of the
    parameter values; all three form the build stamp, which holds no clock time. index_href:
    relative address of the index, empty when there is none. method: by whose cells the numbers come
    about, a word of `helpers.results`.
    """

    notebook: str
    scenario: str
    scenario_title: str
    story: str
    version: str
    data_date: str
    parameter_hash: str
    title: str = ""
    differing: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    index_href: str = "../index.html"
    method: str = SUITE

    @property
    def cited_as(self) -> str:
        """What a line that cites a figure of this report ends in."""
        return _cited_as(self.scenario_title, self.data_date, self.version)


def _cited_as(scenario_title: str, data_date: str, version: str) -> str:
    data = f"data of {day(data_date)}, " if data_date else ""
    return f"Reverse imports, scenario {scenario_title}, {data}version {version}."


@dataclass(frozen=True)
class IndexEntry:
    """One finished report on the index. href: relative address of the HTML. answer: its answer in
    one line, see `answer_line`. method: as in `ReportContext`.
    """

    notebook: str
    title: str
    scenario: str
    scenario_title: str
    story: str
    href: str
    answer: str
    method: str = SUITE


@dataclass(frozen=True)
class ScenarioResult:
    """One recorded result of one run."""

    scenario: str
    notebook: str
    result: Result


@dataclass(frozen=True)
class Failure:
    """One run that did not finish. state: failed, timeout, kernel-died, aborted. where: the cell;
    message: the error in one line.
    """

    notebook: str
    scenario: str
    state: str
    message: str
    where: str = ""
    retry: str = ""


@dataclass(frozen=True)
class DataChange:
    """What one import of official numbers brought. day: of the import, ISO. moved: headlines in
    words, each with the number before and after.
    """

    day: str
    publisher: str
    periods: str
    moved: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class IndexContext:
    """The batch behind an index: build stamp as in `ReportContext`, the newest imports of data, and
    relative addresses of the files with all results.
    """

    version: str
    data_date: str
    run_hash: str
    changes: tuple[DataChange, ...] = ()

    downloads: tuple[tuple[str, str], ...] = (
        ("results.csv", "All results as CSV"),
        ("results.xlsx", "All results as a spreadsheet, a sheet a notebook and one of sources"),
        ("results.parquet", "All results as Parquet"),
    )

    def cited_as(self, scenario_title: str) -> str:
        """What a line that cites a figure of the front page ends in."""
        return _cited_as(scenario_title, self.data_date, self.version)
