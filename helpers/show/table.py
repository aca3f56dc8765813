"""The one way a table reaches a notebook: semantic HTML, everything escaped, the whole frame as
CSV.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from helpers.show import numbers
from helpers.texts import MONEY, csv_text, escaped, visible

MIME = "application/vnd.reverse-imports.table+json"
# units that a reader takes whole
_WHOLE = re.compile(r"(vehicles|cars|JPY|USD|USD million)( a .*| per (car|model))?")
_LARGE = 1_000
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s<>\"\\`]*")


@dataclass(frozen=True)
class Table:
    """A table with its caption. It shows itself at the end of a cell. Column names are the headers;
    the first column heads the rows.

    name: unique in the notebook, small letters, digits and _; names the CSV download.
    units: unit of a column, shown in its header. decimals: digits after the point of a number
    column (default: 0 for whole numbers, money and counts, else 1). estimated: columns of computed
    counts and money, shown to three significant digits. rows: how many rows are shown; the CSV has
    all, in full. kind: "sources" for the source register. Where rows differ in kind, as a column
    `Unit` says or the columns `Computed` and `Expected` of checks, each row has as many digits as
    it needs: none if it is whole, of 1,000 or more, money or a count.
    """

    name: str
    caption: str
    frame: pd.DataFrame
    units: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    rows: int = 40
    kind: str = ""
    estimated: Collection[str] = ()

    def __post_init__(self) -> None:
        if not self.caption.strip():
            raise ValueError("a table needs a caption")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise ValueError(f"table name {self.name!r}: write small letters, digits and _")
        named = {*self.units, *self.decimals, *self.estimated}
        if unknown := named - set(map(str, self.frame.columns)):
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """The table in every form a reader of the notebook may want."""
        frame, units = self.frame, self.units
        headers = [
            f"{column} ({units[column]})" if units.get(column) else str(column)
            for column in frame.columns
        ]
        top = frame.head(self.rows)
        top = top.assign(
            **{name: top[name].map(numbers.significant, "ignore") for name in self.estimated}
        )
        digits = _digits(top, units, self.decimals)
        shown = _html(top, headers, self.caption, digits, len(frame) - len(top))
        if self.kind == "sources":
            folded = f"<summary>{escaped(self.caption)}: {len(frame)}</summary>"
            shown = f"<details>{folded}\n{shown}\n</details>"
        return {
            "text/html": shown,
            "text/plain": f"{visible(self.caption)} [{len(frame)} rows: {', '.join(headers)}]",
            MIME: {"name": self.name, "caption": self.caption, "csv": csv_text(frame)}
            | ({"kind": self.kind} if self.kind else {}),
        }


def sources(register: pd.DataFrame, source_ids: Iterable[str]) -> Table:
    """The rows of the source register with these ids, current or earlier ones, in their order,
    addresses as links.

    Raises ValueError for ids the register does not know.
    """
    current = {str(source_id): str(source_id) for source_id in register["source_id"]}
    for source_id, aliases in zip(register["source_id"], register["aliases"], strict=True):
        current |= {
            alias.strip(): str(source_id) for alias in str(aliases).split(";") if alias.strip()
        }
    asked = list(dict.fromkeys(source_ids))
    unknown = [source_id for source_id in asked if source_id not in current]
    if unknown:
        raise ValueError(f"not in the source register: {', '.join(unknown)}")
    rows = (
        register.set_index("source_id")
        .loc[list(dict.fromkeys(current[source_id] for source_id in asked))]
        .reset_index()
    )
    shown = rows[["source_id", "publisher", "title", "published", "url"]].rename(
        columns={
            "source_id": "Id",
            "publisher": "Publisher",
            "title": "Title",
            "published": "Published",
            "url": "Address",
        }
    )
    caption = "Sources of the numbers above"
    return Table("sources", caption, shown, rows=len(shown), kind="sources")


def listed(source_ids: "pd.Series[str]") -> "pd.Series[str]":
    """Cells of source ids as a reader's lists: `JAMA25;MOF26` as JAMA25, MOF26."""
    return source_ids.str.replace(";", ", ")


def _html(
    frame: pd.DataFrame, headers: list[str], caption: str, digits: list[list[int]], hidden: int
) -> str:
    numeric = [_is_number(frame[column]) for column in frame.columns]
    head = "".join(
        f'<th scope="col"{_side(right)}>{escaped(text)}</th>'
        for text, right in zip(headers, numeric, strict=True)
    )
    body = "\n".join(
        "<tr>"
        + "".join(
            _cell(value, index, numeric[index], places[index]) for index, value in enumerate(row)
        )
        + "</tr>"
        for row, places in zip(frame.itertuples(index=False), digits, strict=True)
    )
    more = f"\n<p>{hidden} more rows are in the CSV file.</p>" if hidden > 0 else ""
    return (
        f'<table class="{MONEY}">\n<caption>{escaped(caption)}</caption>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>{more}"
    )


def _cell(value: Any, index: int, right: bool, places: int) -> str:
    text = _text(value, places)
    return (
        f'<th scope="row"{_side(right)}>{text}</th>'
        if index == 0
        else f"<td{_side(right)}>{text}</td>"
    )


def _text(value: Any, places: int) -> str:
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, bool) or (hasattr(value, "item") and isinstance(value.item(), bool)):
        return "yes" if value else "no"
    if isinstance(value, int | float) or hasattr(value, "item"):
        return escaped(numbers.plain(value, places))
    text = escaped(str(value))
    return f'<a href="{text}">{text}</a>' if _ADDRESS.fullmatch(str(value)) else text


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _digits(
    frame: pd.DataFrame, units: Mapping[str, str], decimals: Mapping[str, int]
) -> list[list[int]]:
    """Digits after the point of every cell, by row."""
    names = [str(column) for column in frame.columns]
    by_column = [
        decimals.get(
            name, 0 if _WHOLE.fullmatch(units.get(name, "")) else _places(frame.iloc[:, index])
        )
        for index, name in enumerate(names)
    ]
    kinds = (
        set(names) - set(units)
        if "Unit" in names
        else {"Computed", "Expected"}
        if {"Computed", "Expected"} <= set(names)
        else set()
    )
    mixed = [
        index
        for index, name in enumerate(names)
        if name in kinds and _is_number(frame.iloc[:, index])
    ]
    unit = names.index("Unit") if "Unit" in names else None
    digits = []
    for row in frame.itertuples(index=False):
        shown = [float(row[index]) for index in mixed if not pd.isna(row[index])]
        whole = all(value % 1 == 0 for value in shown) or max(map(abs, shown)) >= _LARGE
        whole = whole or (unit is not None and _WHOLE.fullmatch(str(row[unit])) is not None)
        digits.append(
            [0 if whole and index in mixed else places for index, places in enumerate(by_column)]
        )
    return digits


def _places(column: pd.Series) -> int:
    return 0 if not _is_number(column) or (column.dropna() % 1 == 0).all() else 1


def _side(right: bool) -> str:
    """Said in every cell: JupyterLab sets texts flush right, which a style of the table does not
    change.
    """
    return f' style="text-align:{"right" if right else "left"}"'
