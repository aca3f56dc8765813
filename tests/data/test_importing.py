"""Official downloads: a whole file brings in what it says, a broken one is refused in one line, and
nothing changes that is there already.
"""

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from helpers import PROJECT_ROOT
from helpers.commands import data as data_commands
from helpers.data import DATA, load
from helpers.data.checking import checked
from helpers.data.importing import PARSERS, Moved, Plan, carry_out, plan, staged
from helpers.data.picking import pick
from helpers.data.us_downloads import fred
from helpers.errors import InputError

GOLDEN = PROJECT_ROOT / "tests" / "golden" / "downloads"
BROKEN: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "broken_downloads.yaml").read_text(encoding="utf-8")
)
DAY = datetime.date(2026, 11, 28)
RATES = (GOLDEN / "DEXJPUS.csv").read_bytes()
FILES = {
    "census_imports.csv": ("census", ""),
    "census_exports.json": ("census", ""),
    "estat_exports.csv": ("estat", ""),
    "estat_imports.csv": ("estat", ""),
    "boj_api.json": ("boj", ""),
    "boj_api.csv": ("boj", ""),
    "boj_flat.csv": ("boj", "PRCG20_2300999999"),
}


@pytest.fixture
def june(package: Path) -> Path:
    """The package with the exchange rates as they stood at the end of June 2026."""
    path = package / "trade" / "fx_usdjpy_monthly.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if line[:7] <= "2026-06" or line[0] == "p"))
    return package


def planned(name: str, folder: Path = DATA) -> Plan:
    publisher, series = FILES[name]
    return plan(publisher, (GOLDEN / name).read_bytes(), name, DAY, folder, series)


def values(own: Plan) -> dict[tuple[str, ...], float]:
    return {
        tuple(text for _, text in change.row.key): float(change.row.value) for change in own.changes
    }


# The Federal Reserve's daily rates


def test_the_months_of_the_file_come_in_and_what_stood_there_agrees(june: Path) -> None:
    official = load("fx_usdjpy_monthly").set_index("period")["jpy_per_usd"]
    own = plan("fred", RATES, "DEXJPUS.csv", DAY, june)
    assert values(own) == {("2026-07",): 162.3295, ("2026-08",): 158.8476}
    assert own.same == 10
    assert "2026-09 is not whole in the file and left out" in own.lines()
    means = {row.period: float(row.value) for row in fred(RATES, "", DAY, "").rows}
    assert all(means[month] == official[month] for month in means if month <= "2026-06")


def test_a_second_import_changes_nothing_and_the_first_is_recorded(june: Path) -> None:
    own = plan("fred", RATES, "DEXJPUS.csv", DAY, june)
    with staged(own, june) as copy:
        assert (copy / "trade/fx_usdjpy_monthly.csv").read_text().endswith("official,FX-FED\n")
    moved = Moved("sticker_jpy", "highlander", "¥8.94 m", "¥9.06 m")
    carry_out(own, [moved], DAY, june)
    before = {path: path.read_bytes() for path in june.rglob("*.csv")}
    again = plan("fred", RATES, "DEXJPUS.csv", DAY, june)
    assert (again.changes, again.files, again.same) == ((), {}, 12)
    assert {path: path.read_bytes() for path in june.rglob("*.csv")} == before
    record = (june / "changes.csv").read_text(encoding="utf-8").splitlines()
    row = list(csv.DictReader(record))[-1]
    assert (row["imported_on"], row["periods"]) == ("2026-11-28", "2026-07;2026-08")
    assert (row["headline"], row["before"], row["after"]) == ("sticker_jpy", "¥8.94 m", "¥9.06 m")
    register = (june / "sources.csv").read_text(encoding="utf-8")
    assert next(line for line in register.splitlines() if line.startswith("FX-FED,")).count(
        ",2026-11-28,"
    )


@given(st.integers(0, len(RATES) - 1), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_a_damaged_byte_is_refused_or_harmless_or_named(place: int, byte: int) -> None:
    """Harmless is a tenth of a yen in a month; a larger error names the day to look at."""
    true = {row.period: float(row.value) for row in fred(RATES, "", DAY, "").rows}
    spoilt = RATES[:place] + bytes([byte]) + RATES[place + 1 :]
    day = RATES[RATES.rfind(b"\n", 0, place) + 1 :][:10].decode()
    try:
        found = fred(spoilt, "DEXJPUS.csv", DAY, "")
    except InputError:
        return
    for row in found.rows:
        error_yen = abs(float(row.value) - true[row.period])
        refused_later = row.period <= "2026-06" and error_yen > 0
        assert refused_later or error_yen <= 0.1 or any(day in text for _, text in found.doubts)


# The other publishers


@pytest.mark.parametrize("name", FILES)
def test_a_whole_file_comes_in_with_sound_tables(name: str) -> None:
    own = planned(name)
    assert own.changes
    with staged(own, DATA):
        pass


def test_us_statistics_give_dollars_cars_and_the_full_year() -> None:
    found = values(planned("census_imports.csv"))
    series = ("jp_to_us_vehicles", "us_census", "passenger_cars")
    assert found[*series, "usd_mn", "2025-03"] == 2574
    assert found[*series, "usd_mn", "2025"] == sum(2500 + 37 * count for count in range(12))
    assert (*series, "usd_mn", "2026-01") not in found
    exports = values(planned("census_exports.json"))
    assert (
        exports["us_to_jp_vehicles", "us_commerce", "passenger_cars", "usd_mn", "2026-02"] == 62.5
    )


def test_japan_customs_tell_new_from_used_and_months_to_come_from_zero() -> None:
    own = planned("estat_exports.csv")
    found = values(own)
    key = ("jp_to_us_vehicles", "mof")
    new, used = (
        found[*key, f"{kind}_passenger_cars", "units", "2026-01"] for kind in ("new", "used")
    )
    assert (new, used) == (74_000, 30)
    assert found[*key, "passenger_cars", "units", "2026-01"] == new + used
    assert found[*key, "passenger_cars", "jpy_bn", "2026-01"] == pytest.approx(219.26)
    assert not [name for name in found if name[-1] > "2026-05"]
    assert any("not reported yet" in note for note in own.notes)


def test_the_three_forms_of_the_bank_of_japan_say_the_same() -> None:
    api, table, flat = (values(planned(name)) for name in FILES if name.startswith("boj"))
    assert api == table == flat
    index = ("jp_to_north_america_vehicles", "boj", "passenger_cars")
    levels = {key[-1]: level for key, level in api.items() if key[-2] == "contract_price_index"}
    change = api[*index, "pct_yoy_contract_price", "2026-08"]
    assert change == round(100 * (levels["2026-08"] / levels["2025-08"] - 1), 1)


def test_a_revised_figure_is_a_later_vintage_and_the_one_that_counts(package: Path) -> None:
    own = planned("census_exports.json", package)
    carry_out(own, [], DAY, package)
    raw = (GOLDEN / "census_exports.json").read_bytes().replace(b"62500000", b"62600000")
    later = datetime.date(2026, 12, 31)
    revised = plan("census", raw, "later.json", later, package)
    assert [change.line() for change in revised.changes] == [
        "trade_flows us_to_jp_vehicles us_commerce passenger_cars usd_mn 2026-02: was 62.5, "
        "now 62.6"
    ]
    carry_out(revised, [], later, package)
    flows, faults = checked("trade_flows", package)
    assert not faults
    where = {"flow": "us_to_jp_vehicles", "measure": "usd_mn", "period": "2026-02"}
    assert pick(flows, "USD million", "exports", **where).value == 62.6


# Broken files


def broken(case: dict[str, Any]) -> bytes:
    """The golden file with the one thing wrong that the case names."""
    raw = (GOLDEN / case["file"]).read_bytes()
    if "text" in case:
        return str(case["text"]).encode()
    if "encoding" in case:
        text = raw.decode("cp932" if "flat" in case["file"] else "utf-8")
        return text.encode(case["encoding"])
    if "scale" in case:
        return scaled(raw, case["scale"])
    if "replace" in case:
        old, new = (text.encode() for text in case["replace"])
        assert old in raw
        return raw.replace(old, new)
    lines = raw.splitlines(keepends=True)[: case.get("lines")]
    return b"".join(lines)[: case.get("keep")]


def scaled(raw: bytes, factor: float) -> bytes:
    """Values of a file of Japan customs in another unit, their years with them."""
    lines = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    months = range(11, 45, 3)
    for line in lines[1:]:
        for place in months:
            line[place] = str(int(int(line[place]) * factor))
        line[8] = str(sum(int(line[place]) for place in months))
    return "\n".join(",".join(line) for line in lines).encode()


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case['file']}: {case['what']}")
def test_a_broken_download_ends_in_one_line_and_nothing_is_written(
    case: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / case["file"]
    path.write_bytes(broken(case))
    stamps = {path: path.stat().st_mtime_ns for path in DATA.rglob("*.csv")}
    words = ["import", case["publisher"], str(path), "--yes"]
    words += ["--series", case["series"]] if "series" in case else []
    done = CliRunner().invoke(data_commands.app, words)
    assert done.exit_code == 2
    assert (done.stdout, done.stderr.splitlines()) == ("", [case["line"]])
    assert {path: path.stat().st_mtime_ns for path in DATA.rglob("*.csv")} == stamps


def test_every_publisher_has_broken_downloads() -> None:
    assert {case["publisher"] for case in BROKEN} == set(PARSERS)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["import", "jama", "x.csv"], "x.csv: cannot be read: No such file or directory"),
        (["fetch", "estat"], "publisher 'estat': has no file at a lasting address; write fred or "
         "census; other files are downloaded by hand"),
    ],
)  # fmt: skip
def test_a_wrong_publisher_or_file_is_told_in_one_line(words: list[str], line: str) -> None:
    done = CliRunner().invoke(data_commands.app, words)
    assert (done.exit_code, done.stderr.splitlines()) == (2, [line])


@pytest.mark.slow
def test_the_headlines_that_move_are_those_of_the_study_before_and_after(june: Path) -> None:
    own = plan("fred", RATES, "DEXJPUS.csv", DAY, june)
    moved = {(one.name, one.subject): one for one in data_commands.moved(own, june)}
    rate = moved["jpy_per_usd", ""]
    assert rate.before.startswith("154.45 yen")
    assert rate.after.startswith("156.66 yen")
    stickers = [one for (name, _), one in moved.items() if name == "sticker_jpy"]
    assert stickers
    assert all(one.before != one.after for one in stickers)
    assert "share_of_gap_percent" not in {name for name, _ in moved}
