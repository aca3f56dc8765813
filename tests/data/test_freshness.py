"""Series that go on say how they are kept up to date, and the ones that are due are found by the
days of their sources.
"""

import datetime
import shutil
from collections import Counter
from pathlib import Path

import pytest

from helpers.data import check_all, load, sources, tables
from helpers.data.freshness import series, stale
from helpers.errors import InputError

# Tables that are our own work or a closed record: nothing is published that would change them.
CLOSED = {
    "articles",
    "claims",
    "claim_evidence",
    "shared_values",
    "paragraph_blocks",
    "judgements",
    "corrections",
    "contradictions",
    "provenance",
    "volume_segments",
    "volume_assumptions",
    "adoption",
    "cost_ranges",
    "refresh",
    "sources",
}
DAY = datetime.date(2026, 11, 24)


def test_every_table_is_either_closed_or_says_how_it_is_refreshed() -> None:
    refreshed = {one.table for one in series(DAY)}
    assert refreshed | CLOSED == set(tables()["name"])
    assert not refreshed & CLOSED


def test_a_series_rests_on_sources_of_its_own_table() -> None:
    for one in series(DAY):
        frame = load(one.table)
        cited = {
            name
            for column in ("source_ids", "source_id", "outcome_source_ids")
            if column in frame
            for cell in frame[column]
            for name in cell.split(";")
        }
        assert one.table == "forecasts" or set(one.source_ids) & cited, one


def test_the_age_is_that_of_the_oldest_source() -> None:
    days = sources().set_index("source_id")["last_checked"]
    for one in series(DAY):
        assert one.last_checked == min(days[list(one.source_ids)])
        assert one.age_days == (DAY - datetime.date.fromisoformat(one.last_checked)).days


def test_nothing_is_due_on_the_day_of_the_last_check_and_everything_ten_years_on() -> None:
    newest = max(one.last_checked for one in series(DAY))
    assert stale(datetime.date.fromisoformat(newest)) == []
    assert Counter(one.name for one in stale(DAY + datetime.timedelta(days=3_700))) == Counter(
        one.name for one in series(DAY)
    )


@pytest.mark.parametrize(("days", "later"), [(None, 31), (10, 10), (0, 0)])
def test_due_means_older_than_the_limit_not_as_old(days: int | None, later: int) -> None:
    (rate,) = [one for one in series(DAY) if one.table == "fx_usdjpy_monthly"]
    edge = datetime.date.fromisoformat(rate.last_checked) + datetime.timedelta(days=later)
    assert rate.name not in {one.name for one in stale(edge, days)}
    assert rate.name in {one.name for one in stale(edge + datetime.timedelta(days=1), days)}


def test_lines_are_for_people() -> None:
    lines = [one.line() for one in stale(DAY + datetime.timedelta(days=400))]
    assert any(
        "data table tariffs, duty on cars and parts: last checked 2026-" in line
        and "Federal Register" in line
        for line in lines
    )


def test_a_series_of_no_table_is_a_fault_with_its_line(package: Path) -> None:
    path = package / "refresh.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("\nroad_widths,", "\nroad_width,"),
        encoding="utf-8",
    )
    with pytest.raises(
        InputError, match=r"data/refresh.csv line \d+, column table: there is no table 'road_width'"
    ) as caught:
        series(DAY, package)
    assert check_all(package) == list(caught.value.faults)


def test_a_fault_of_the_table_names_its_own_folder(package: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(package, tmp_path / "mine")
    text = (copy / "refresh.csv").read_text(encoding="utf-8")
    (copy / "refresh.csv").write_text(
        text.replace("\nroad_widths,", "\nroad_width,"), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"^mine/refresh.csv line \d+, column table"):
        series(DAY, copy)


def test_a_source_that_was_never_checked_makes_its_series_due(package: Path) -> None:
    path = package / "sources.csv"
    text = path.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("FX-FED,")]
    path.write_text(text.replace(line, line.replace(",2026-11-21,", ",,")), encoding="utf-8")
    due = [
        one
        for one in stale(datetime.date(2026, 11, 21), folder=package)
        if one.table == "fx_usdjpy_monthly"
    ]
    assert [(one.age_days, one.last_checked) for one in due] == [(None, "")]
    assert "never checked" in due[0].line()
