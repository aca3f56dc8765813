"""Periods mean the days that a reader takes them for."""

import datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.periods import ALWAYS, full_years, months_of, read_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-10-26", "2025-10-26", "2025-10-26"),
        ("FY2024", "2024-04-01", "2025-03-31"),
        ("2025-04-03/2025-09-15", "2025-04-03", "2025-09-15"),
        ("2017/2021", "2017-01-01", "2021-12-31"),
        ("2025-12-19/..", "2025-12-19", "9999-12-31"),
        ("../2024-06", "0001-01-01", "2024-06-30"),
        ("", "0001-01-01", "9999-12-31"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    period = read_period(text)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text", ["2024-13", "2025-02-30", "24", "2024/", "FY24", "2025-09/2025-04", "soon", "2024 "]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_period(text)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2200, 1, 1)))
@settings(max_examples=60, deadline=None)
def test_a_day_lies_in_its_month_and_its_month_in_its_year(day: datetime.date) -> None:
    own, month, year = (read_period(day.isoformat()[:length]) for length in (10, 7, 4))
    assert own.first == own.last == day
    assert year.first <= month.first <= day <= month.last <= year.last
    assert month.holds(day)
    assert not month.ended(day)
    assert ALWAYS.holds(day)


def test_the_months_of_a_period_are_in_order_and_can_be_shifted() -> None:
    months = months_of("FY2024")
    assert list(months.astype(str))[:2] == ["2024-04", "2024-05"]
    assert len(months) == 12
    assert months_of("2024-12")[0] + 2 == pd.Period("2025-02")
    assert list((months_of("2024-01/2024-02") - 1).astype(str)) == ["2023-12", "2024-01"]


def test_ages_are_counted_in_whole_years() -> None:
    born = datetime.date(1956, 3, 14)
    assert full_years(born, datetime.date(2026, 3, 13)) == 69
    assert full_years(born, datetime.date(2026, 3, 14)) == 70
