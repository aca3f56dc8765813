"""From an executed notebook to one HTML file that opens offline, and from a batch to its index."""

from helpers.reports.context import Failure, IndexContext, IndexEntry, ReportContext, ScenarioResult
from helpers.reports.exporter import answer_line, by_own_step, export
from helpers.reports.overview import index
from helpers.reports.pdf import find_browser, write_pdf, write_pngs

__all__ = [
    "Failure",
    "IndexContext",
    "IndexEntry",
    "ReportContext",
    "ScenarioResult",
    "answer_line",
    "by_own_step",
    "export",
    "find_browser",
    "index",
    "write_pdf",
    "write_pngs",
]
