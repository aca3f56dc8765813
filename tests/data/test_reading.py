"""Bad files, each with the very message a user gets."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data import check_all
from helpers.data.checking import checked

CheckSmall = Callable[[str | bytes], list[str]]
FILE = "data/market/sales.csv"


def _field(name: str, kind: str, **rest: object) -> dict[str, object]:
    constraints = {"required": True, **rest.pop("constraints", {})}  # type: ignore[dict-item]
    return {
        "name": name,
        "type": kind,
        "title": name,
        "description": f"The {name}.",
        "constraints": constraints,
        **rest,
    }


SMALL_FIELDS = [
    _field("model", "string", constraints={"pattern": "[A-Za-z0-9_]+"}),
    _field("day", "date"),
    _field("month", "yearmonth"),
    _field("units", "integer", unit="vehicles", constraints={"minimum": 0, "maximum": 20_000_000}),
    _field(
        "price_usd",
        "number",
        unit="USD",
        constraints={"required": False, "minimum": 5_000, "maximum": 300_000},
    ),
    _field("share", "number", unit="fraction of 1", constraints={"minimum": 0, "maximum": 1}),
    _field("quality", "string", constraints={"enum": ["official", "reported", "derived"]}),
    _field(
        "source_ids",
        "string",
        references={"separator": ";", "resource": "sources", "field": "source_id"},
    ),
    _field("note", "string", constraints={"required": False}),
]
SMALL_SOURCES = "source_id,aliases,url\nFX-FED,S128,\nS01,,\n"
SMALL_HEADER = "model,day,month,units,price_usd,share,quality,source_ids,note"
SMALL_ROWS = (
    "camry,2025-09-16,2025-09,316185,29100,0.25,official,FX-FED;S01,",
    'tundra,2025-12-19,2025-12,118258,,0.5,reported,S01,"Twice, in words"',
)
SMALL_TABLE = "\n".join((SMALL_HEADER, *SMALL_ROWS)) + "\n"


@pytest.fixture
def check_small(tmp_path: Path) -> CheckSmall:
    """check_small(content): the faults of a small package whose table `market/sales.csv` holds this
    text or these bytes.
    """
    folder = tmp_path / "data"
    (folder / "market").mkdir(parents=True)
    common = {
        "title": "T",
        "description": "D.",
        "purpose": "P.",
        "licenses": [{"name": "CC-BY-4.0"}],
    }
    optional = {"required": False}
    fields = [
        _field("source_id", "string"),
        _field("aliases", "string", constraints=optional),
        _field("url", "string", constraints=optional),
    ]
    resources = [
        {
            "name": "sales",
            "path": "market/sales.csv",
            "schema": {"fields": SMALL_FIELDS, "primaryKey": ["model"]},
            **common,
        },
        {
            "name": "sources",
            "path": "sources.csv",
            "schema": {"fields": fields, "primaryKey": "source_id"},
            **common,
        },
    ]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    (folder / "sources.csv").write_text(SMALL_SOURCES, encoding="utf-8")

    def check(content: str | bytes) -> list[str]:
        (folder / "market" / "sales.csv").write_bytes(
            content.encode("utf-8") if isinstance(content, str) else content
        )
        return list(map(str, check_all(folder)))

    check.folder = folder  # type: ignore[attr-defined]
    return check


def replaced(old: str, new: str) -> str:
    assert SMALL_TABLE.count(old) == 1
    return SMALL_TABLE.replace(old, new)


def cell(column: str, text: str) -> str:
    """The small table with one cell of its first row (line 2) written differently."""
    cells = SMALL_ROWS[0].split(",")
    cells[SMALL_HEADER.split(",").index(column)] = (
        f'"{text}"' if "," in text or "\n" in text else text
    )
    return "\n".join((SMALL_HEADER, ",".join(cells), SMALL_ROWS[1])) + "\n"


def every_line(change: Callable[[str], str]) -> str:
    return "\n".join(change(line) for line in SMALL_TABLE.splitlines()) + "\n"


def test_the_small_table_is_sound(check_small: CheckSmall) -> None:
    assert check_small(SMALL_TABLE) == []


@pytest.mark.parametrize(
    "content",
    [
        SMALL_TABLE.replace("\n", "\r\n"),
        SMALL_TABLE.rstrip("\n"),
        f"\ufeff{SMALL_TABLE}",
        SMALL_TABLE.replace("Twice, in", "Two\nlines, in"),
    ],
)
def test_line_ends_and_quoted_line_breaks_are_sound(check_small: CheckSmall, content: str) -> None:
    assert check_small(content) == []


SHAPES = {
    "extra column in every row": (
        "\n".join((SMALL_HEADER, *(f"{row},x" for row in SMALL_ROWS))),
        [
            f"{FILE} line 2: has 10 cells, the header 9 columns; there is a comma too many before "
            "note",
            f"{FILE} line 3: has 10 cells, the header 9 columns; there is a comma too many, or "
            "text with a comma lacks its quotation marks",
        ],
    ),
    "unquoted thousands": (
        replaced("316185", "316,185"),
        [f"{FILE} line 2: has 10 cells, the header 9 columns; write 316185 without commas"],
    ),
    "unquoted millions": (
        replaced("316185", "1,500,000"),
        [f"{FILE} line 2: has 11 cells, the header 9 columns; write 1500000 without commas"],
    ),
    "unquoted comma in text": (
        replaced('"Twice, in words"', "Twice, in words"),
        [
            f"{FILE} line 3: has 10 cells, the header 9 columns; there is a comma too many, "
            "or text with a comma lacks its quotation marks"
        ],
    ),
    "missing cell": (
        replaced("0.25,official,FX-FED;S01,", "0.25,official,FX-FED;S01"),
        [
            f"{FILE} line 2: has 8 cells, the header 9 columns; the cells from note on are "
            "missing; a blank cell still needs its comma"
        ],
    ),
    "empty line": (
        replaced("\ntundra", "\n\ntundra"),
        [f"{FILE} line 3: is empty; delete the line"],
    ),
    "semicolons": (
        SMALL_TABLE.replace(",", ";"),
        [f"{FILE} line 1: separates the columns by semicolons; write commas"],
    ),
    "tabs": (
        SMALL_TABLE.replace(",", "\t"),
        [f"{FILE} line 1: separates the columns by tabs; write commas"],
    ),
    "comment on top": (
        "# sales of 2025\n" + SMALL_TABLE,
        [f"{FILE} line 1: is a comment; the first line names the columns: {SMALL_HEADER}"],
    ),
    "unclosed quote": (
        replaced('"Twice, in words"', '"Twice, in words'),
        [
            f"{FILE} line 3: a quotation mark opened here is never closed; close it; inside a "
            'quoted cell write "" for a quotation mark'
        ],
    ),
    "text after a quote": (
        replaced('"Twice, in words"', '"Twice", in words'),
        [
            f"{FILE} line 3: has 10 cells, the header 9 columns; there is a comma too many, "
            "or text with a comma lacks its quotation marks"
        ],
    ),
    "text right after a quote": (
        replaced('"Twice, in words"', '"Twice"s'),
        [
            f"{FILE} line 3: text follows a closing quotation mark; quote the whole cell, and "
            'write "" for a quotation mark inside it'
        ],
    ),
    "field of 200 kB": (
        replaced("Twice, in words", "x" * 200_000),
        [
            f"{FILE} line 3: a cell has more than 100,000 characters; shorten it, or close a "
            "quotation mark that was left open"
        ],
    ),
    "header only": (
        SMALL_HEADER + "\n",
        [f"{FILE}: has a header but no rows; add at least one row"],
    ),
    "nothing": ("", [f"{FILE}: is empty; the first line names the columns"]),
    "blank lines only": ("\n \n", [f"{FILE}: is empty; the first line names the columns"]),
    "repeated column": (
        replaced(",day,", ",model,"),
        [
            f"{FILE} line 1: column 'model' stands 2 times; keep one",
            f"{FILE} line 1: column day is missing; the columns are {SMALL_HEADER}",
        ],
    ),
    "blank in a column name": (
        replaced("model,day", "model, day"),
        [f"{FILE} line 1: column name ' day' has blanks around it; write day"],
    ),
    "renamed column": (
        replaced(",units,", ",Unit,"),
        [
            f"{FILE} line 1: column 'Unit' is not known; did you mean units?",
            f"{FILE} line 1: column units is missing; the columns are {SMALL_HEADER}",
        ],
    ),
    "unknown column": (
        every_line(lambda line: f"{line},weather" if line == SMALL_HEADER else f"{line},wet"),
        [
            f"{FILE} line 1: column 'weather' is not known; take it out, or describe it in "
            "datapackage.json"
        ],
    ),
    "dropped column": (
        every_line(lambda line: line.partition(",")[2]),
        [f"{FILE} line 1: column model is missing; the columns are {SMALL_HEADER}"],
    ),
    "other order": (
        every_line(lambda line: ",".join((*line.split(",", 2)[1::-1], line.split(",", 2)[2]))),
        [f"{FILE} line 1: has the columns in another order; write {SMALL_HEADER}"],
    ),
}
BYTES = {
    "latin-1": (
        replaced("Twice, in", "Déjà").encode("latin-1"),
        f"{FILE} line 3: is not UTF-8 text: byte 0xe9 after 'orted,S01,\"D'; save the file as "
        "UTF-8",
    ),
    "cp932": (
        replaced("Twice, in", "車").encode("cp932"),
        f"{FILE} line 3: is not UTF-8 text: byte 0x8e after 'ported,S01,\"'; save the file as "
        "UTF-8",
    ),
    "utf-16": (SMALL_TABLE.encode("utf-16"), f"{FILE}: is UTF-16 text; save it as UTF-8"),
    "utf-16 without mark": (
        SMALL_TABLE.encode("utf-16-le"),
        f"{FILE} line 1: holds a NUL byte; save it as UTF-8 text",
    ),
    "NUL": (
        replaced("Twice", "Tw\x00ice").encode(),
        f"{FILE} line 3: holds a NUL byte; save it as UTF-8 text",
    ),
}
UNITS, PRICE = f"{FILE} line 2, column units:", f"{FILE} line 2, column price_usd:"
CELLS = {
    ("units", "1,500,000"): f"{UNITS} '1,500,000' is not a whole number; write 1500000",
    ("units", "２００００"): f"{UNITS} '２００００' is not a whole number; write 20000",
    ("units", "316185.0"): f"{UNITS} '316185.0' is not a whole number; write 316185",
    ("units", "1.7"): f"{UNITS} '1.7' is not a whole number; write a whole number in vehicles",
    ("units", "007"): f"{UNITS} '007' is not a whole number; write 7",
    ("units", ""): f"{UNITS} is blank; this column needs a whole number",
    ("units", "NA"): f"{UNITS} 'NA' is not a whole number; this column needs a value",
    (
        "units",
        "-5",
    ): (
        f"{UNITS} -5 is below the plausible range, 0 to 20000000 vehicles; check the unit and "
        "the digits"
    ),
    (
        "units",
        "30000000",
    ): (
        f"{UNITS} 30000000 is above the plausible range, 0 to 20000000 vehicles; check the unit "
        "and the digits"
    ),
    (
        "price_usd",
        "nan",
    ): f"{PRICE} 'nan' is not a plain number; leave the cell empty if there is no value",
    (
        "price_usd",
        "$29,100",
    ): (
        f"{PRICE} '$29,100' is not a plain number; write 29100, or 29.100 if the comma is a "
        "decimal comma"
    ),
    (
        "price_usd",
        "1e400",
    ): f"{PRICE} '1e400' is not a plain number; write digits only, such as 1234.5",
    (
        "price_usd",
        "29.1",
    ): (
        f"{PRICE} 29.1 is below the plausible range, 5000 to 300000 USD; check the unit and the "
        "digits"
    ),
    ("share", "25%"): f"{FILE} line 2, column share: '25%' is not a plain number; write 0.25",
    (
        "share",
        "25",
    ): (
        f"{FILE} line 2, column share: 25 is above the plausible range, 0 to 1; check the unit "
        "and the digits"
    ),
    (
        "day",
        "2025-09-31",
    ): (
        f"{FILE} line 2, column day: '2025-09-31' is not a day; write YYYY-MM-DD, such as "
        "2025-09-16"
    ),
    (
        "day",
        "20250916",
    ): f"{FILE} line 2, column day: '20250916' is not a day; write YYYY-MM-DD, such as 2025-09-16",
    (
        "day",
        "16.9.2025",
    ): f"{FILE} line 2, column day: '16.9.2025' is not a day; write YYYY-MM-DD, such as 2025-09-16",
    ("day", ""): f"{FILE} line 2, column day: is blank; this column needs a day, YYYY-MM-DD",
    (
        "month",
        "2025-13",
    ): f"{FILE} line 2, column month: '2025-13' is not a month; write YYYY-MM, such as 2025-09",
    (
        "quality",
        "oficial",
    ): (
        f"{FILE} line 2, column quality: 'oficial' is not one of official, reported, derived; "
        "did you mean official?"
    ),
    (
        "quality",
        "None",
    ): (
        f"{FILE} line 2, column quality: 'None' is not one of official, reported, derived; write "
        "one of them"
    ),
    (
        "quality",
        "",
    ): (
        f"{FILE} line 2, column quality: is blank; this column needs one of official, reported, "
        "derived"
    ),
    (
        "quality",
        "Reported ",
    ): f"{FILE} line 2, column quality: 'Reported ' has blanks around it; write 'Reported'",
    (
        "model",
        "camry le",
    ): (
        f"{FILE} line 2, column model: 'camry le' does not have the form of this column; see its "
        "description: The model."
    ),
    (
        "model",
        "Tundra",
    ): (
        f"{FILE} line 3, column model: 'tundra' differs only in capitals or width from 'Tundra' "
        "in line 2; each row needs its own"
    ),
    (
        "model",
        "tundra",
    ): f"{FILE} line 3, column model: 'tundra' is the same as in line 2; each row needs its own",
    (
        "source_ids",
        "F99",
    ): f"{FILE} line 2, column source_ids: 'F99' is not in sources.csv; add it there first",
    (
        "source_ids",
        "FXFED",
    ): f"{FILE} line 2, column source_ids: 'FXFED' is not in sources.csv; did you mean FX-FED?",
    (
        "source_ids",
        "S128;S01",
    ): f"{FILE} line 2, column source_ids: 'S128' is an earlier id; write FX-FED",
    (
        "source_ids",
        "FX-FED; S01",
    ): f"{FILE} line 2, column source_ids: 'FX-FED; S01' has a blank too many; write FX-FED;S01",
    (
        "source_ids",
        "FX-FED;",
    ): f"{FILE} line 2, column source_ids: 'FX-FED;' has a blank too many; write FX-FED",
    (
        "source_ids",
        "FX-FED,S01",
    ): (
        f"{FILE} line 2, column source_ids: 'FX-FED,S01' is not in sources.csv; part several ids "
        "by ';' without blanks"
    ),
    (
        "source_ids",
        "S01;S01",
    ): f"{FILE} line 2, column source_ids: 'S01' stands 2 times; write it once",
    (
        "note",
        "=cmd|'/c calc'!A1",
    ): (
        f"{FILE} line 2, column note: '=cmd|'/c calc'!A1' would run as a formula in a "
        "spreadsheet; start it with a letter or a digit"
    ),
    (
        "note",
        "@SUM(A1)",
    ): (
        f"{FILE} line 2, column note: '@SUM(A1)' would run as a formula in a spreadsheet; start "
        "it with a letter or a digit"
    ),
    (
        "note",
        "-2+3",
    ): (
        f"{FILE} line 2, column note: '-2+3' would run as a formula in a spreadsheet; start it "
        "with a letter or a digit"
    ),
    (
        "note",
        " padded",
    ): f"{FILE} line 2, column note: ' padded' has blanks around it; write 'padded'",
    ("note", " "): f"{FILE} line 2, column note: ' ' has blanks around it; leave the cell empty",
    (
        "note",
        "Cafe\u0301",
    ): (
        f"{FILE} line 2, column note: 'Cafe\u0301' writes letters and accents as separate "
        "characters; write it in Unicode form NFC"
    ),
    (
        "note",
        "a\u00a0b",
    ): (
        f"{FILE} line 2, column note: holds U+00A0 (no-break space), which readers cannot see or "
        "tell apart; delete it or write a plain blank"
    ),
    (
        "note",
        "a\u202eb",
    ): (
        f"{FILE} line 2, column note: holds U+202E (right-to-left override), which readers "
        "cannot see or tell apart; delete it or write a plain blank"
    ),
    (
        "note",
        "a\x1bb",
    ): f"{FILE} line 2, column note: holds the control character U+001B; delete it",
}


@pytest.mark.parametrize("kind", SHAPES)
def test_a_file_of_the_wrong_shape(check_small: CheckSmall, kind: str) -> None:
    content, expected = SHAPES[kind]
    assert check_small(content) == expected


@pytest.mark.parametrize("kind", BYTES)
def test_a_file_in_another_encoding(check_small: CheckSmall, kind: str) -> None:
    content, expected = BYTES[kind]
    assert check_small(content) == [expected]


@pytest.mark.parametrize(("column", "text"), CELLS)
def test_a_bad_cell(check_small: CheckSmall, column: str, text: str) -> None:
    assert check_small(cell(column, text)) == [CELLS[column, text]]


@pytest.mark.parametrize(
    "text", ["-5", "-0.5", "年間の目標", "全角\u3000空白", "naïve", "None", "NA", "1,5", '""""']
)
def test_texts_that_are_sound(check_small: CheckSmall, text: str) -> None:
    assert check_small(cell("note", text)) == []


def test_all_faults_of_a_file_come_at_once_with_physical_lines(check_small: CheckSmall) -> None:
    """A quoted line break shifts the lines that follow; one row may have several faults."""
    content = (
        f"{SMALL_HEADER}\n"
        'camry,2025-09-16,2025-09,316185,29100,0.25,official,FX-FED,"two\nlines"\n'
        "tundra,2025-9-1,2025-09,1e5,NA,2,good,S02,=1\n"
        "short,row\n"
        'camry,2025-09-16,2025-09,x,,0.1,official,"S01",\n'
    )
    assert [fault.partition(":")[0].removeprefix(f"{FILE} ") for fault in check_small(content)] == [
        "line 4, column units",
        "line 4, column price_usd",
        "line 4, column note",
        "line 4, column day",
        "line 4, column share",
        "line 4, column quality",
        "line 4, column source_ids",
        "line 5",
        "line 6, column units",
        "line 6, column model",
    ]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=st.integers(0, len(SMALL_TABLE.encode())),
    cut=st.integers(0, 6),
    put=st.binary(max_size=6) | st.text(max_size=3).map(str.encode),
)
def test_random_damage_gives_faults_or_a_sound_table_and_never_a_traceback(
    check_small: CheckSmall, place: int, cut: int, put: bytes
) -> None:
    """Bytes are lost and others put in. What is still called sound holds the very texts and numbers
    of the file.
    """
    damaged = SMALL_TABLE.encode()
    damaged = damaged[:place] + put + damaged[place + cut :]
    faults = check_small(damaged)
    assert all(fault.startswith(FILE) for fault in faults)
    if not faults:
        frame, _ = checked("sales", check_small.folder)  # type: ignore[attr-defined]
        rows = list(csv.reader(io.StringIO(damaged.decode(), newline="")))[1:]
        for (_, values), written in zip(frame.iterrows(), rows, strict=True):
            for value, text in zip(values, written, strict=True):
                assert (
                    value == text
                    or (value != value and text == "")
                    or Decimal(repr(value)) == Decimal(text)
                )


def test_a_short_row_of_blanks_and_a_quoted_blank(check_small: CheckSmall) -> None:
    assert check_small(SMALL_TABLE + '""\n') == [
        f"{FILE} line 4: has 1 cell, the header 9 columns; the cells from day on are missing; a "
        "blank cell still needs its comma"
    ]
