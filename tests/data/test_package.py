"""The shipped package: sound by our checks and by an outside validator, described in full, read
with the promised types.
"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.data import DATA, check_all, checking, dictionary, load, resolve, tables
from helpers.data.descriptor import read_package
from helpers.errors import InputError
from tests.notebooks import cells

PACKAGE = read_package(DATA)
COLUMNS = [(name, column) for name, table in PACKAGE.items() for column in table.columns]


def test_the_shipped_package_has_no_fault() -> None:
    assert list(map(str, check_all())) == []


def test_an_outside_validator_finds_nothing_wrong() -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
    assert len(report.tasks) == len(PACKAGE)


def test_the_outside_validator_sees_what_we_see(
    spoil: Callable[[str, str, str], list[str]], package: Path
) -> None:
    """A value out of range and a broken foreign key: both checks are alive."""
    frictionless = pytest.importorskip("frictionless")
    spoil("market/programme_models.csv", "camry_le", "camry_lee")
    spoil("trade/fx_usdjpy_annual.csv", "1971,347.7857", "1971,3477.857")
    rows = frictionless.validate(str(package / "datapackage.json")).flatten(["fieldName", "type"])
    assert ["jpy_per_usd", "constraint-error"] in rows
    assert [None, "foreign-key"] in rows


def test_every_table_says_what_it_is_for() -> None:
    for table in PACKAGE.values():
        assert len(table.title) > 8, table.name
        assert len(table.description) > 60, table.name
        assert len(table.purpose) > 20, table.name
        assert table.licence == "CC-BY-4.0"
    for resource in json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))[
        "resources"
    ]:
        assert resource["sources"], resource["name"]
        assert resource["encoding"] == "utf-8"
        assert resource["schema"]["missingValues"] == [""]


def test_the_purpose_of_a_table_names_notebooks_that_load_it() -> None:
    named = {name: set(re.findall(r"\b0\d\b", table.purpose)) for name, table in PACKAGE.items()}
    for path in sorted((PROJECT_ROOT / "notebooks").glob("0*.ipynb")):
        ran = cells.run(path.stem)
        assert ran.error is None, path.name
        speaking = {name for name in named if path.name[:2] in named[name]}
        code = path.read_text(encoding="utf-8")
        by_name = re.findall(r'\bload\(\\"(\w+)\\"\)', code)
        assert speaking <= {*ran.names["base"].tables, *by_name}, path.name


def test_every_column_is_described() -> None:
    lacking = []
    for name, column in COLUMNS:
        place = f"{name}.{column.name}"
        if (
            not column.title
            or not column.description.endswith((".", ")"))
            or len(column.description.split()) < 3
        ):
            lacking.append(f"{place}: a title, and a description that is a sentence")
        if column.is_number and not (
            column.unit and column.minimum is not None and column.maximum is not None
        ):
            lacking.append(f"{place}: a unit and a plausible range")
        if not column.required and not re.search("[Bb]lank|empty", column.description):
            lacking.append(f"{place}: what a blank means")
    assert lacking == []


def test_units_in_names_and_descriptions_agree() -> None:
    units = {
        "_mm": "mm",
        "_kg": "kg",
        "_cc": "cc",
        "_km": "km",
        "_usd": "USD",
        "_jpy": "JPY",
        "_usd_mn": "million USD",
        "_percent": "%",
        "jpy_per_usd": "JPY per USD",
    }
    for _, column in COLUMNS:
        for ending, unit in units.items():
            if column.name.endswith(ending) and not (
                ending == "_usd" and column.name.endswith("per_usd")
            ):
                assert column.unit == unit, column.name


def test_prescribed_plausible_ranges() -> None:
    """Ranges that catch inches, metres, a mistaken factor of a thousand, and a rate that is upside
    down.
    """
    bounds = {(name, column.name): (column.minimum, column.maximum) for name, column in COLUMNS}
    assert bounds["vehicles", "width_mm"] == (1000, 3000)
    assert bounds["fx_usdjpy_monthly", "jpy_per_usd"] == (50, 400)
    assert bounds["japan_market", "units"] == (0, 20_000_000)
    assert bounds["road_widths", "share"] == (0, 1)


@pytest.mark.parametrize("name", PACKAGE)
def test_types_are_the_promised_ones(name: str) -> None:
    frame = load(name)
    assert list(frame.columns) == PACKAGE[name].column_names
    assert list(frame.index) == list(range(len(frame)))
    for column in PACKAGE[name].columns:
        values = frame[column.name]
        if column.type == "integer" and column.required:
            assert values.dtype == np.int64
        elif column.is_number:
            assert values.dtype == np.float64
            assert np.isfinite(values.dropna()).all()
        else:
            assert isinstance(values.dtype, pd.StringDtype)
            assert not values.isna().any(), "a blank text is '' and not a missing value"


def test_a_caller_cannot_spoil_what_others_get() -> None:
    mine = load("vehicles")
    mine.loc[0, "length_mm"] = 1
    mine["model"] = "spoilt"
    mine.drop(columns="width_mm", inplace=True)
    assert load("vehicles").loc[0, "length_mm"] > 2000
    assert "spoilt" not in set(load("vehicles")["model"])
    with pytest.raises(ValueError, match="read-only"):
        load("vehicles")["length_mm"].to_numpy()[0] = 1


def test_an_unknown_table_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean vehicles"):
        load("vehicle")
    with pytest.raises(InputError, match="there are trade_flows, goods_trade"):
        load("zzz")


def test_a_changed_file_is_read_again(package: Path) -> None:
    path = package / "trade" / "goods_trade.csv"
    frame, faults = checking.checked("goods_trade", package)
    assert not faults
    assert checking.checked("goods_trade", package)[0] is frame
    time.sleep(0.01)
    path.write_text(
        path.read_text(encoding="utf-8").replace("60472", "60,472", 1), encoding="utf-8"
    )
    assert checking.checked("goods_trade", package)[1]


def test_files_and_descriptor_must_agree(package: Path) -> None:
    (package / "market" / "extra.csv").write_text("a\n1\n", encoding="utf-8")
    (package / "trade" / "events.csv").unlink()
    assert list(map(str, check_all(package))) == [
        "data/market/extra.csv: is not described in datapackage.json; describe it there, or "
        "take it away",
        "data/trade/events.csv: is missing; restore it, or take it out of datapackage.json",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            '{\n  "name"',
            '{\n  "name" "',
            "data/datapackage.json line 2, column 10: is not JSON here",
        ),
        ('"resources"', '"tables"', "data/datapackage.json: has no list of resources"),
        (
            '"path": "trade/events.csv"',
            '"path": "../events.csv"',
            "data/datapackage.json, resource events: lacks or mistypes a path inside the package",
        ),
        (
            '"resources": [',
            '"resources": 5, "others": [',
            'data/datapackage.json: has no list of resources; write {"resources": [...]}',
        ),
        (
            '"resources": [',
            '"resources": {}, "others": [',
            "data/datapackage.json: has no list of resources",
        ),
        (
            '"primaryKey": ["event_id"]',
            '"primaryKey": ["events_id"]',
            "data/datapackage.json, resource events: lacks or mistypes columns of its key "
            "(events_id)",
        ),
        (
            '"name": "fx_usdjpy_annual"',
            '"name": "events"',
            "data/datapackage.json, resource events: stands twice; keep one",
        ),
    ],
)
def test_a_broken_descriptor_is_a_fault_and_no_traceback(
    package: Path, old: str, new: str, expected: str
) -> None:
    path = package / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert str(check_all(package)[0]).startswith(expected)


def test_a_missing_descriptor_is_a_fault(tmp_path: Path) -> None:
    assert str(check_all(tmp_path)[0]).endswith(
        "datapackage.json: is missing; restore it: it names and describes every table"
    )


def test_a_broken_register_is_one_fault(package: Path) -> None:
    """Not one for every row of every table that quotes a source."""
    (package / "sources.csv").write_text("", encoding="utf-8")
    assert list(map(str, check_all(package))) == [
        "data/sources.csv: is empty; the first line names the columns"
    ]


def test_the_dictionary_and_the_list_of_tables_come_from_the_descriptor() -> None:
    shown = dictionary("vehicles").set_index("column")
    assert shown.loc["length_mm", "unit"] == "mm"
    assert shown.loc["msrp_usd", "blank"] == "allowed"
    listed = tables().set_index("name")
    assert listed.loc["claims", "rows"] == len(load("claims"))
    assert set(listed["path"]) == {table.path for table in PACKAGE.values()}


def test_the_guides_name_every_table_and_only_sources_that_exist() -> None:
    overview = (DATA / "README.md").read_text(encoding="utf-8")
    listed = {
        name
        for row in re.findall(r"^\| `[^|]+\| ([a-z0-9_, ]+) \|", overview, re.MULTILINE)
        for name in row.split(", ")
    }
    assert listed == set(PACKAGE)
    for name, table in PACKAGE.items():
        guide = DATA / Path(table.path).parent / "README.md"
        assert re.search(rf"\b{name}\b", guide.read_text(encoding="utf-8")), (
            f"{guide.parent.name}/README.md does not speak of {name}"
        )
    for guide in DATA.rglob("README.md"):
        for quoted in re.findall(
            r"\b(?:[FSV]\d{2,3}|[A-Z]{3,}\d*-[A-Z]{3}\w*|[A-Z]{3,}\d{2,5})\b",
            guide.read_text(encoding="utf-8"),
        ):
            assert resolve(quoted) in set(load("sources")["source_id"])
