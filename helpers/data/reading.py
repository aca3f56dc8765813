"""Strict reading of one CSV file: bytes to a typed frame, with a fault for everything that is not
plain.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers.data import numbers
from helpers.data.descriptor import Column, Table
from helpers.errors import Fault, InputError, refusal
from helpers.texts import did_you_mean

LARGEST_FILE_BYTES = 50_000_000
# below the limit of the csv module, which any library may have raised for the whole process
LONGEST_CELL = 100_000
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass
class Reading:
    """A file as read. `frame` has the physical line of each row as its index; `spoilt` are the
    (line, column) cells with a fault.
    """

    where: str
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    faults: list[Fault] = field(default_factory=list)
    spoilt: set[tuple[int, str]] = field(default_factory=set)
    whole: bool = False
    """Header and rows have the described shape, so that the columns can be checked further."""

    def add(self, line: int, column: str, what: str, instead: str = "") -> None:
        self.faults.append(Fault(f"{self.where} line {line}, column {column}", what, instead))
        self.spoilt.add((line, column))


def read(table: Table, path: Path, where: str, partial: bool = False) -> Reading:
    """Read the file of `table`. Never raises for what the file holds: every fault is in the
    result. partial: the file may leave columns out and have them in any order.
    """
    reading = Reading(where)
    try:
        text = _text(path, where)
    except InputError as error:
        reading.faults += error.faults
        return reading
    return taken(table, *_records(text, where, reading.faults), reading, partial)


def taken(
    table: Table,
    header: list[str],
    rows: list[list[str]],
    lines: list[int],
    reading: Reading,
    partial: bool = False,
) -> Reading:
    """The reading with these rows in it, each with the number by which its faults are told."""
    where = reading.where
    positions = _positions(table, header, where, reading.faults, partial)
    if positions is None:
        return reading
    if not rows and not table.may_be_empty and not reading.faults:
        reading.faults.append(Fault(where, "has a header but no rows", "add at least one row"))
    kept = [
        (row, line)
        for row, line in zip(rows, lines, strict=True)
        if _right_length(row, line, header, where, reading.faults, table)
    ]
    named = partial or header == table.column_names
    reading.whole = named and (bool(rows) or table.may_be_empty)
    values = {
        column.name: [
            _cell(row[positions[column.name]], line, column, reading) for row, line in kept
        ]
        for column in table.columns
        if column.name in positions
    }
    reading.frame = _frame(table, [line for _, line in kept], values)
    return reading


def _text(path: Path, where: str) -> str:
    """The text of a file. Raises InputError for one that is none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        remedy = "restore it, or take it out of datapackage.json"
        raise refusal(where, "is missing", remedy) from None
    except OSError as error:
        raise refusal(where, f"cannot be read: {error.strerror}") from None
    if len(content) > LARGEST_FILE_BYTES:
        remedy = f"tables stay under {LARGEST_FILE_BYTES}"
        raise refusal(where, f"has {len(content)} bytes", remedy)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal(where, "is UTF-16 text", "save it as UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in content:
        line = content[: content.index(0)].count(10) + 1
        raise refusal(f"{where} line {line}", "holds a NUL byte", "save it as UTF-8 text")
    bad = enumerate(map(_first_bad_byte, content.split(b"\n")), 1)
    if faults := [
        Fault(f"{where} line {line}", f"is not UTF-8 text: {told}", "save the file as UTF-8")
        for line, told in bad
        if told
    ]:
        raise InputError(faults)
    text = content.decode("utf-8")
    if not text.strip():
        raise refusal(where, "is empty", "the first line names the columns")
    return text


def _first_bad_byte(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        before = line[: error.start].decode("utf-8")[-12:]
        return f"byte 0x{line[error.start]:02x} after '{before}'"
    return ""


def _records(
    text: str, where: str, faults: list[Fault]
) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows, and the physical line on which each row starts."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[list[str]] = []
    lines: list[int] = []
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            what, instead = _broken(str(error))
            faults.append(Fault(f"{where} line {start}", what, instead))
            continue
        if not record:
            faults.append(Fault(f"{where} line {start}", "is empty", "delete the line"))
            continue
        if max(map(len, record)) > LONGEST_CELL:
            faults.append(Fault(f"{where} line {start}", *_broken("larger than")))
            continue
        records.append(record)
        lines.append(start)
    return (records[0], records[1:], lines[1:]) if records else ([], [], [])


def _broken(message: str) -> tuple[str, str]:
    if "unexpected end" in message:
        remedy = 'close it; inside a quoted cell write "" for a quotation mark'
        return "a quotation mark opened here is never closed", remedy
    if "expected after" in message:
        remedy = 'quote the whole cell, and write "" for a quotation mark inside it'
        return "text follows a closing quotation mark", remedy
    if "larger than" in message:
        remedy = "shorten it, or close a quotation mark that was left open"
        return f"a cell has more than {LONGEST_CELL:,} characters", remedy
    return f"cannot be taken apart: {message}", ""


def _positions(
    table: Table, header: list[str], where: str, faults: list[Fault], partial: bool = False
) -> dict[str, int] | None:
    """Column name to position; None where the header is so far off that rows say nothing."""
    expected = table.column_names
    line = f"{where} line 1"
    written = ",".join(expected)
    if not header:
        return None
    if len(header) == 1 and len(expected) > 1:
        for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if sign in header[0]:
                faults.append(Fault(line, f"separates the columns by {word}", "write commas"))
                return None
    if header[0].lstrip().startswith("#"):
        faults.append(Fault(line, "is a comment", f"the first line names the columns: {written}"))
        return None
    names = [name.strip() for name in header]
    for name, bare in zip(header, names, strict=True):
        if name != bare:
            what = f"column name '{name}' has blanks around it"
            faults.append(Fault(line, what, f"write {bare}"))
    repeated = [name for name, count in Counter(names).items() if count > 1]
    for name in repeated:
        faults.append(Fault(line, f"column '{name}' stands {names.count(name)} times", "keep one"))
    missing = [name for name in expected if name not in names]
    for name in (name for name in dict.fromkeys(names) if name not in expected):
        otherwise = "take it out, or describe it in datapackage.json"
        instead = did_you_mean(name, missing or expected, otherwise)
        faults.append(Fault(line, f"column '{name}' is not known", instead))
    for name in () if partial else missing:
        faults.append(Fault(line, f"column {name} is missing", f"the columns are {written}"))
    if not partial and not missing and sorted(names) == sorted(expected) and names != expected:
        faults.append(Fault(line, "has the columns in another order", f"write {written}"))
    if repeated or len(missing) == len(expected):
        return None
    return {name: names.index(name) for name in expected if name in names}


def _right_length(
    row: list[str], line: int, header: list[str], where: str, faults: list[Fault], table: Table
) -> bool:
    if len(row) == len(header):
        return True
    if len(row) < len(header):
        instead = f"the cells from {header[len(row)]} on are missing; "
        instead += "a blank cell still needs its comma"
    else:
        instead = _one_too_many(row, header, table)
    what = f"has {len(row)} cell{'s' * (len(row) != 1)}, the header {len(header)} columns"
    faults.append(Fault(f"{where} line {line}", what, instead))
    return False


def _one_too_many(row: list[str], header: list[str], table: Table) -> str:
    """Where a row has too many cells: the one reading that suits its columns, else all."""
    columns = {column.name: column for column in table.columns}
    ordered = [columns.get(name) for name in header]
    extra = len(row) - len(header)
    readings = {}
    for place in range(len(header)):
        cells = row[place : place + 1 + extra]
        joined = "".join(cells)
        if all(re.fullmatch(r"[0-9]{3}", cell) for cell in cells[1:]) and re.fullmatch(
            r"-?[0-9]{1,3}", cells[0]
        ):
            text = f"write {joined} without commas"
            readings[text] = [*row[:place], joined, *row[place + 1 + extra :]]
        if not any(cells[:extra]):
            text = f"there is a comma too many before {header[place]}"
            readings[text] = [*row[:place], *row[place + extra :]]
    suiting = [
        text
        for text, cells in readings.items()
        if all(_suits(cell, column) for cell, column in zip(cells, ordered, strict=True))
    ]
    if len(suiting) == 1:
        return suiting[0]
    return "there is a comma too many, or text with a comma lacks its quotation marks"


def _suits(cell: str, column: Column | None) -> bool:
    """Whether a cell could stand in a column."""
    if column is None or not cell:
        return column is None or not column.required
    if not column.is_number:
        return not column.enum or cell in column.enum
    if not numbers.NUMBER.fullmatch(cell):
        return False
    low, high = column.minimum, column.maximum
    return (low is None or float(cell) >= low) and (high is None or float(cell) <= high)


def _cell(text: str, line: int, column: Column, reading: Reading) -> str | int | float:
    if column.is_number:
        return _number(text, line, column, reading)
    problem = _text_problem(text)
    if problem:
        reading.add(line, column.name, *problem)
    elif not text and column.required:
        reading.add(line, column.name, "is blank", f"this column needs {_needed(column)}")
    return text


def _number(text: str, line: int, column: Column, reading: Reading) -> int | float:
    filler = 0 if column.dtype == "int64" else float("nan")
    if not text:
        if column.required:
            reading.add(line, column.name, "is blank", f"this column needs {_needed(column)}")
        return filler
    try:
        return numbers.parse(
            text, whole=column.type == "integer", unit=column.unit, optional=not column.required
        )
    except numbers.NotANumber as problem:
        reading.add(line, column.name, problem.what, problem.instead)
        return filler


def _needed(column: Column) -> str:
    if column.enum:
        few = len(column.enum) <= 8
        listed = ", ".join(column.enum) if few else "the values that data/datapackage.json lists"
        return f"one of {listed}"
    return {
        "integer": "a whole number",
        "number": "a number",
        "date": "a day, YYYY-MM-DD",
        "yearmonth": "a month, YYYY-MM",
    }.get(column.type, "a text")


def _text_problem(text: str) -> tuple[str, str] | None:
    """What makes a text cell unfit: looks like another, breaks a line, or runs as a formula."""
    if not text:
        return None
    shown = f"'{text}'" if len(text) <= 40 else f"'{text[:37]}...'"
    if text != (bare := text.strip()):
        remedy = f"write '{bare[:40]}'" if bare else "leave the cell empty"
        return f"{shown} has blanks around it", remedy
    if text.startswith(_FORMULA_STARTS) and not numbers.NUMBER.fullmatch(text):
        what = f"{shown} would run as a formula in a spreadsheet"
        return what, "start it with a letter or a digit"
    control = _CONTROL.search(text)
    if control:
        return f"holds the control character U+{ord(control[0]):04X}", "delete it"
    if text.isascii():
        return None
    if not unicodedata.is_normalized("NFC", text):
        what = f"{shown} writes letters and accents as separate characters"
        return what, "write it in Unicode form NFC"
    for sign in text:
        kind = unicodedata.category(sign)
        odd_blank = kind == "Zs" and sign not in " \u3000"
        if sign == "\ufffd" or kind in ("Cf", "Co", "Cn") or odd_blank:
            name = unicodedata.name(sign, "unnamed").lower()
            what = f"holds U+{ord(sign):04X} ({name}), which readers cannot see or tell apart"
            return what, "delete it or write a plain blank"
    return None


def _frame(
    table: Table, lines: list[int], values: dict[str, list[str | int | float]]
) -> pd.DataFrame:
    """The described columns with their dtypes; a column that the file lacks is blank."""
    blank: dict[str, str | int | float] = {"int64": 0, "float64": float("nan"), "str": ""}
    index = pd.Index(lines, dtype="int64")
    cells = {
        column: values.get(column.name) or [blank[column.dtype]] * len(lines)
        for column in table.columns
    }
    return pd.DataFrame(
        {
            column.name: pd.Series(cells[column], index=index, dtype=column.dtype)
            for column in table.columns
        },
        index=index,
    )
