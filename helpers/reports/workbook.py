"""All results as a spreadsheet: a sheet a notebook, and one of the sources they name."""

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook

from helpers.reports.references import register

_MADE = datetime.datetime(2000, 1, 1)  # the clock must not change the file
_SOURCE_COLUMNS = ("source_id", "publisher", "title", "published", "url")
_WIDTHS = {
    "text": 24,
    "sentence": 80,
    "title": 60,
    "url": 60,
    "name": 34,
    "interval": 34,
    "publisher": 28,
}


def workbook(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """The spreadsheet. Same rows, same bytes.

    rows: of `results.csv`, whose `columns` each sheet has but for the notebook.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _MADE})
    shown = [name for name in columns if name != "notebook"]
    for notebook in sorted({row["notebook"] for row in rows}):
        own = ([row[name] for name in shown] for row in rows if row["notebook"] == notebook)
        _sheet(book, notebook[:31], shown, own)  # a name may have so many letters
    named = {name for row in rows for name in row["source_ids"].split()}
    sources = {source.source_id: source for name, source in register().items() if name in named}
    listed = ([getattr(sources[name], column) for column in _SOURCE_COLUMNS] for name in sources)
    _sheet(book, "sources", _SOURCE_COLUMNS, sorted(listed))
    book.close()
    return buffer.getvalue()


def _sheet(book: Workbook, name: str, columns: Sequence[str], rows: Iterable[list[Any]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    for column, title in enumerate(columns):
        sheet.set_column(column, column, _WIDTHS.get(title, 16))
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(line, column, value)
            elif value:  # as text, whatever it begins with: never a formula
                sheet.write_string(line, column, str(value))
