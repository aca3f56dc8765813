"""Series that go on say how they are kept up to date, and the ones that are due are found by the
days of their sources.
"""

import datetime
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpers.commands import data as data_commands
from helpers.data import check_all, load, sources, tables
from helpers.data.fetching import FEEDS
from helpers.data.freshness import series, stale
from helpers.data.importing import PARSERS
from helpers.errors import InputError
from helpers.periods import read_period

# Tables that are our own work or a closed record: nothing is published that would change them.
CLOSED = {
    "articles",
    "claims",
    "claim_evidence",
    "shared_values",
    "paragraph_blocks",
    "judgements",
    "vague_words",
    "corrections",
    "contradictions",
    "provenance",
    "volume_segments",
    "volume_assumptions",
    "adoption",
    "cost_ranges",
    "refresh",
    "changes",
    "sources",
    "questions",
    "observations",
    "other_values",
}
DAY = datetime.date(2026, 11, 24)


def test_every_table_is_either_closed_or_says_how_it_is_refreshed() -> None:
    refreshed = {one.table for one in series(DAY)}
    assert refreshed | CLOSED == set(tables()["name"])
    assert not refreshed & CLOSED


def test_every_importer_has_a_series_whose_steps_name_it() -> None:
    told = " ".join(own.steps for own in series(DAY))
    assert set(re.findall(r"data import (\w+) FILE", told)) == set(PARSERS)
    assert set(re.findall(r"data fetch (\w+)", told)) == set(FEEDS)


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


def test_a_series_with_periods_is_due_when_its_publisher_has_the_next(package: Path) -> None:
    """By hand: the end of August and 41 days is 11 October; of November 2025 and 46, 15 January."""
    path = package / "trade" / "fx_usdjpy_monthly.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if line[:7] <= "2026-08" or line[0] == "p"))
    edges = {"yen per dollar, months": datetime.date(2026, 10, 11)}
    if max(load("trade_flows").query("reporter == 'boj'")["period"]) == "2025-11":
        edges["export price index for cars"] = datetime.date(2026, 1, 15)
    for name, edge in edges.items():
        assert name not in {own.name for own in stale(edge, folder=package)}
        late = edge + datetime.timedelta(days=1)
        assert name in {own.name for own in stale(late, folder=package)}


def test_on_the_day_every_series_older_than_its_lag_is_named_and_no_other() -> None:
    """28 November 2026, worked out anew from the newest period or the last look of each."""
    day = datetime.date(2026, 11, 28)
    named = {(own.table, own.name) for own in stale(day)}
    for own in series(day):
        since = read_period(own.newest).last if own.newest else None
        checked = own.last_checked and datetime.date.fromisoformat(own.last_checked)
        since = since or checked
        assert ((own.table, own.name) in named) == (not since or (day - since).days > own.days), own
    assert len(named) < len(series(day))
    assert all(own.is_due() for own in stale(day))


def test_the_newest_period_is_that_of_the_table() -> None:
    newest = {(own.table, own.name): own.newest for own in series(DAY)}
    rates = newest["fx_usdjpy_monthly", "yen per dollar, months"]
    assert rates == max(load("fx_usdjpy_monthly")["period"])
    cars = load("tariffs").query("product == 'passenger_car' and rate_kind == 'all_in'")
    assert newest["tariffs", "duty on cars and parts"] == max(cars["confirmed_on"])


def test_a_series_without_periods_goes_by_the_oldest_look_at_a_source() -> None:
    days = sources().set_index("source_id")["last_checked"]
    for own in series(DAY):
        if not own.newest:
            assert own.since == min(days[list(own.source_ids)])


def test_everything_is_due_ten_years_on() -> None:
    assert Counter(own.name for own in stale(DAY + datetime.timedelta(days=3_700))) == Counter(
        own.name for own in series(DAY)
    )


def test_a_measure_for_all_takes_the_place_of_each_ones_own() -> None:
    rate = next(own for own in series(DAY) if own.table == "fx_usdjpy_monthly")
    edge = datetime.date.fromisoformat(rate.known_until) + datetime.timedelta(days=10)
    assert rate.name not in {own.name for own in stale(edge, 10)}
    assert rate.name in {own.name for own in stale(edge + datetime.timedelta(days=1), 10)}


def test_lines_are_for_people() -> None:
    lines = [own.line() for own in stale(DAY + datetime.timedelta(days=400))]
    assert any(
        line.startswith("data table tariffs, duty on cars and parts: newest 2026-")
        and "Federal Register" in line
        for line in lines
    )
    assert any(
        "data import fred FILE, or: reverse-imports data fetch fred." in line for line in lines
    )
    assert any(
        "the importers' association, which has no file for machines" in line for line in lines
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
    (line,) = [line for line in text.splitlines() if line.startswith("V74,")]
    path.write_text(text.replace(line, line.replace(",2026-11-21,", ",,")), encoding="utf-8")
    due = [
        own for own in stale(datetime.date(2026, 11, 21), folder=package) if own.table == "costs"
    ]
    assert [own.last_checked for own in due] == [""]
    assert "never checked" in due[0].line()


def test_status_lists_what_is_due_first_and_counts_it() -> None:
    *lines, count = CliRunner().invoke(data_commands.app, ["status"]).stdout.splitlines()
    due = [": due. " in line for line in lines]
    assert due == sorted(due, reverse=True)
    assert count == f"{sum(due)} of {len(due)} series are due."
