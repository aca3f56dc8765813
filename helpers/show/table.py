"""The one way a table reaches a notebook: semantic HTML, everything escaped, the whole frame as CSV."""

import html
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from IPython.display import display

from helpers.show import numbers

MIME = "application/vnd.reverse-imports.table+json"
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")


def table(
    frame: pd.DataFrame, *, name: str, caption: str, units: Mapping[str, str] | None = None, decimals: Mapping[str, int] | None = None, rows: int = 40
) -> None:
    """Publish a table. Column names are the headers; the first column heads the rows.

    name: unique in the notebook, small letters, digits and _; names the CSV download.
    units: unit of a column, shown in its header. decimals: digits after the point of a number column (default: 0 for
    whole numbers, else 1). rows: how many rows are shown; the CSV has all.
    """
    if not caption.strip():
        raise ValueError("a table needs a caption")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"table name {name!r}: write small letters, digits and _")
    units, decimals = units or {}, decimals or {}
    unknown = (set(units) | set(decimals)) - set(map(str, frame.columns))
    if unknown:
        raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
    headers = [f"{column} ({units[column]})" if units.get(column) else str(column) for column in frame.columns]
    bundle = {
        "text/html": _html(frame.head(rows), headers, caption, decimals, len(frame) - min(rows, len(frame))),
        "text/plain": f"{caption} [{len(frame)} rows: {', '.join(headers)}]",
        MIME: {"name": name, "caption": caption, "csv": csv_text(frame)},
    }
    display(bundle, raw=True)


def sources(register: pd.DataFrame, source_ids: Iterable[str], *, name: str = "sources", caption: str = "Sources of the numbers above") -> None:
    """Publish the rows of the source register with these ids, in their order, addresses as links. Earlier ids of a source lead to it."""
    now = {old: new for new, olds in zip(register["source_id"], register["aliases"], strict=True) for old in olds.split(";") if old}
    wanted = list(dict.fromkeys(now.get(source_id, source_id) for source_id in source_ids))
    rows = register.set_index("source_id").loc[wanted].reset_index()
    shown = rows[["source_id", "publisher", "title", "published", "url"]].rename(
        columns={"source_id": "Id", "publisher": "Publisher", "title": "Title", "published": "Published", "url": "Address"}
    )
    table(shown, name=name, caption=caption, rows=len(shown))


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as CSV. Text that a spreadsheet would take for a formula gets a leading apostrophe; floats keep 10 digits."""
    safe = frame.map(lambda value: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_START) else value)
    safe.columns = [f"'{column}" if str(column).startswith(_FORMULA_START) else str(column) for column in frame.columns]
    return safe.to_csv(index=False, float_format="%.10g", lineterminator="\n")


def _html(frame: pd.DataFrame, headers: list[str], caption: str, decimals: Mapping[str, int], hidden: int) -> str:
    numeric = [_is_number(frame[column]) for column in frame.columns]
    places = [decimals.get(str(column), _places(frame[column])) for column in frame.columns]
    head = "".join(f'<th scope="col"{_right(right)}>{html.escape(text)}</th>' for text, right in zip(headers, numeric, strict=True))
    body = "\n".join(
        "<tr>" + "".join(_cell(value, index, numeric[index], places[index]) for index, value in enumerate(row)) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    more = f"\n<p>{hidden} more rows are in the CSV file.</p>" if hidden > 0 else ""
    return f"<table>\n<caption>{html.escape(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>{more}"


def _cell(value: Any, index: int, right: bool, places: int) -> str:
    text = _text(value, places)
    return f'<th scope="row"{_right(right)}>{text}</th>' if index == 0 else f"<td{_right(right)}>{text}</td>"


def _text(value: Any, places: int) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) or hasattr(value, "item"):
        return html.escape(numbers.plain(value, places))
    text = html.escape(str(value))
    return f'<a href="{text}">{text}</a>' if re.fullmatch(r"https?://[^\s<>\"']+", str(value)) else text


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _places(column: pd.Series) -> int:
    return 0 if not _is_number(column) or (column.dropna() % 1 == 0).all() else 1


def _right(right: bool) -> str:
    return ' style="text-align:right"' if right else ""
