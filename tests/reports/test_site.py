"""What goes with the pages of a site: the spreadsheet, the feed of changes, figures as pictures."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from helpers.batch.collect import COLUMNS
from helpers.errors import InputError
from helpers.reports import write_pngs
from helpers.reports.context import DataChange
from helpers.reports.feed import ATOM, feed
from helpers.reports.workbook import workbook
from tests.reports.report_samples import stored

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def row(**values: Any) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS, ""), "value": 1.5, "low": None, "high": None, **values}


def test_the_spreadsheet_has_a_sheet_a_notebook_and_one_of_sources_and_starts_no_formula() -> None:
    rows = [
        row(scenario="base", notebook="02_x", name="p", source_ids="S01 S02", sentence="=1+1"),
        row(scenario="base", notebook="01_y", name="q", source_ids="S02"),
    ]
    content = workbook(rows, COLUMNS)
    assert content == workbook(rows, COLUMNS)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = ElementTree.fromstring(book.read("xl/workbook.xml"))
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2, 3)]
        texts = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    assert [sheet.get("name") for sheet in names.iter(f"{SHEET}sheet")] == [
        "01_y",
        "02_x",
        "sources",
    ]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert {"=1+1", "S01", "S02", "known_until"} <= {own.text for own in texts.iter(f"{SHEET}t")}
    assert b"<v>1.5</v>" in sheets[0]


def test_the_feed_tells_each_change_the_newest_first() -> None:
    changes = (
        DataChange(
            "2026-08-05", "Federal Reserve", "2026-07", (("Price <b>", "¥5.7 m", "¥5.8 m"),)
        ),
        DataChange("2026-06-20", "US Census Bureau", "2026-05", ()),
    )
    root = ElementTree.fromstring(feed(changes, "https://example.org/cars", "2026-01-01"))
    entries = root.findall(f"{{{ATOM}}}entry")
    assert [own.findtext(f"{{{ATOM}}}updated") for own in entries] == [
        "2026-08-05T00:00:00Z",
        "2026-06-20T00:00:00Z",
    ]
    told = [own.findtext(f"{{{ATOM}}}content") for own in entries]
    assert told[0] == "Imported on 5 August 2026. Price <b>: from ¥5.7 m to ¥5.8 m."
    assert told[1] == "Imported on 20 June 2026. No headline moved."
    identifiers = [own.findtext(f"{{{ATOM}}}id") for own in (root, *entries)]
    assert len(set(identifiers)) == 3
    assert all(str(name).startswith("https://example.org/cars/") for name in identifiers)


def test_an_entry_keeps_its_id_when_a_newer_change_comes() -> None:
    first = DataChange("2026-06-20", "US Census Bureau", "2026-05", ())
    later = DataChange("2026-06-20", "Federal Reserve", "2026-05", ())
    before, after = (
        ElementTree.fromstring(feed(changes, "https://example.org/", "2026-01-01"))
        for changes in ((first,), (later, first))
    )
    kept = [own.findtext(f"{{{ATOM}}}id") for own in after.findall(f"{{{ATOM}}}entry")]
    assert before.findall(f"{{{ATOM}}}entry")[0].findtext(f"{{{ATOM}}}id") == kept[1]


def test_a_feed_without_changes_is_as_old_as_the_data_and_asks_for_an_address() -> None:
    root = ElementTree.fromstring(feed((), "https://example.org/", "2026-01-01"))
    assert root.findtext(f"{{{ATOM}}}updated") == "2026-01-01T00:00:00Z"
    with pytest.raises(InputError, match="is no web address"):
        feed((), "example", "2026-01-01")


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
def test_figures_become_pictures_twice_as_fine_as_on_the_page(tmp_path: Path) -> None:
    notebook = stored("00_brief")
    notebook.cells = [cell for cell in notebook.cells if "figures.verdicts" in cell.source]
    (picture,) = write_pngs(notebook, tmp_path / "00_brief")
    assert picture.name == "00_brief-verdicts.png"
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    assert width == 1_440
    assert height > 200
