"""The strict reader of official downloads: bytes to text, records and numbers, or one fault that
says what is wrong and where; and the rows that come out of them.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from helpers.errors import refusal
from helpers.texts import printable

UTF8 = ("utf-8-sig",)
LARGEST_DOWNLOAD_BYTES = 20_000_000
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])", re.ASCII)


def refuse(where: str, what: str, instead: str) -> NoReturn:
    """Raise the one fault of a download."""
    raise refusal(where, printable(what, 200), instead)


def decoded(content: bytes, name: str, encodings: Sequence[str]) -> str:
    """The text of a download in the first encoding that fits.

    Raises InputError for an empty or huge file, a web page, and bytes of another encoding.
    """
    if len(content) > LARGEST_DOWNLOAD_BYTES:
        refuse(name, f"has {len(content):,} bytes", "download the one series that is needed")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        expected = " or ".join(encodings)
        refuse(name, f"is not text in {expected}", "download it again, and do not save it anew")
    if not text.strip():
        refuse(name, "is empty", "download it again")
    if re.match(r"\s*<(!doctype|html|\?xml|head|body)", text, re.IGNORECASE):
        refuse(name, "is a web page and no data", "download the file that the page links to")
    if control := re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
        line = text.count("\n", 0, control.start()) + 1
        refuse(f"{name} line {line}", "holds a control character", "download it again")
    return text


def records(text: str, name: str) -> list[tuple[int, list[str]]]:
    """The records of a CSV text with their line; blank lines are skipped."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = []
    try:
        for record in reader:
            if record:
                lines.append((reader.line_num, record))
    except csv.Error as error:
        refuse(
            f"{name} line {reader.line_num}", f"cannot be taken apart: {error}", "download again"
        )
    return lines


def named(
    rows: list[tuple[int, list[str]]], name: str, header: Sequence[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each record after the header as a mapping, with where it stands."""
    for line, record in rows:
        if len(record) != len(header):
            what = f"has {len(record)} fields, the header {len(header)}"
            refuse(f"{name} line {line}", what, "download it again: it is cut off or spoilt")
        yield f"{name} line {line}", dict(zip(header, record, strict=True))


def json_of(text: str, name: str) -> Any:
    """The content of a JSON text; numbers keep their digits."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        refuse(name, "is not whole JSON", "download it again")


def number(text: Any, where: str, low: float, high: float, unit: str) -> Decimal:
    """A plain number within what is plausible."""
    written = str(text)
    if not _NUMBER.fullmatch(written):
        refuse(where, f"'{written}' is not a plain number", "download it again")
    value = Decimal(written)
    if not low <= value <= high:
        what = f"{written} is outside {low:,.0f} to {high:,.0f} {unit}"
        refuse(where, what, "check the unit and the series")
    return value


def month(text: str, where: str, today: date) -> str:
    """A month written YYYY-MM that is over."""
    if not _MONTH.fullmatch(text):
        refuse(where, f"'{text}' is not a month", "download it again: a month is YYYY-MM")
    if text >= f"{today:%Y-%m}":
        refuse(where, f"{text} is not over", "leave it out, or set the clock")
    return text


def gaps(months: Sequence[str]) -> list[str]:
    """The months that lack between the first and the last of rising months."""
    first, last = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (months[0], months[-1]))
    every = [f"{count // 12}-{count % 12 + 1:02}" for count in range(first, last + 1)]
    return [text for text in every if text not in set(months)]


@dataclass(frozen=True)
class Row:
    """A number for a table. key: what it is; value: as written. cells: other columns."""

    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    value: str
    cells: tuple[tuple[str, str], ...]

    @property
    def period(self) -> str:
        """The period that the number is of."""
        return dict(self.key)["period"]

    @property
    def name(self) -> str:
        """Series and period, for people."""
        return " ".join((self.table, *(text for _, text in self.key)))


@dataclass(frozen=True)
class Download:
    """The rows of a file, and what a reader should know of it. source: its row in the register.
    doubts: period and what to look at again in it, where it is new.
    """

    rows: tuple[Row, ...]
    source: Mapping[str, str]
    notes: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()


def flow(series: Mapping[str, str], kind: str, period: str, value: Decimal, note: str = "") -> Row:
    """A row of trade_flows."""
    key = tuple({**series, "period": period}.items())
    cells = (("period_kind", kind), ("note", note))
    return Row("trade_flows", key, "value", f"{value.normalize():f}", cells)


def source(source_id: str, publisher: str, title: str, url: str) -> dict[str, str]:
    terms = "terms of the public body; facts only are used"
    return {
        "source_id": source_id,
        "publisher": publisher,
        "title": title,
        "url": url,
        "tier": "1",
        "licence_terms": terms,
    }


def years(series: Mapping[str, str], months: Mapping[str, Decimal], scale: Decimal) -> list[Row]:
    """The years whose twelve months are all there."""
    years = sorted({month[:4] for month in months})
    flows = []
    for year in years:
        parts = [f"{year}-{count:02}" for count in range(1, 13)]
        if all(part in months for part in parts):
            total = sum(months[part] for part in parts) / scale
            flows.append(flow(series, "calendar_year", year, total, "Sum of twelve months."))
    return flows


def gap_notes(months: Sequence[str]) -> tuple[str, ...]:
    lacking = gaps(sorted(months))
    return (f"between the months of the file lack {', '.join(lacking)}",) if lacking else ()
