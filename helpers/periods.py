"""Periods as the tables write them: `2024`, `2025-10`, `2025-10-26`, `FY2024` (April to March),
`2025-04-03/2025-09-15`, `2025-12-19/..`.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.errors import refusal

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?"
_PERIOD = re.compile(rf"({_PART}|\.\.)(?:/({_PART}|\.\.))?")
_FISCAL_YEAR = re.compile(r"FY(\d{4})")
_WHOLE_MONTHS = re.compile(r"FY\d{4}|\d{4}(-\d{2})?(/\d{4}(-\d{2})?)?")


@dataclass(frozen=True, order=True)
class Period:
    """First and last day. An open side, or a blank period, reaches to the end of the calendar."""

    first: datetime.date
    last: datetime.date

    def holds(self, day: datetime.date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last

    def overlaps(self, other: "Period") -> bool:
        """Whether both have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def ended(self, day: datetime.date) -> bool:
        """Whether the period was over on that day."""
        return self.last < day


ALWAYS = Period(datetime.date.min, datetime.date.max)


def read_period(text: str) -> Period:
    """The period a text means; blank means always. Raises ValueError for any other text."""
    if not text:
        return ALWAYS
    if fiscal := _FISCAL_YEAR.fullmatch(text):
        text = f"{fiscal[1]}-04/{int(fiscal[1]) + 1:04d}-03"
    match = _PERIOD.fullmatch(text)
    if not match:
        raise ValueError(
            f"'{text}' is not a period; write 2024, 2025-10, 2025-10-26, FY2024 or two of these "
            "with / between, .. for open"
        )
    start, end = match[1], match[2] or match[1]
    first = datetime.date.min if start == ".." else pd.Period(start).start_time.date()
    last = datetime.date.max if end == ".." else pd.Period(end).end_time.date()
    if last < first:
        raise ValueError(f"'{text}' ends before it starts")
    return Period(first, last)


def last_day(text: str) -> str:
    """The last day of a period, ISO; empty where it is open, blank or no period."""
    try:
        last = read_period(text).last
    except ValueError:
        return ""
    return "" if last == datetime.date.max else last.isoformat()


def surely_public(published: str, seen: str) -> datetime.date:
    """The first day by which a source was public for certain: the last day of its period of
    publication, or the day on which somebody read it, whichever is earlier; the first day of the
    calendar where neither is known.

    published: as the register writes it, blank where unknown. seen: the day of the last look.
    """
    days = [datetime.date.fromisoformat(seen[:10])] if DAY.fullmatch(seen[:10]) else []
    days += [read_period(published).last] if published else []
    return min(days, default=datetime.date.min)


def months_of(text: str) -> pd.PeriodIndex:
    """The months of a year, fiscal year, month or span of these, in order.

    Raises InputError for a text that is no such period.
    """
    try:
        if not _WHOLE_MONTHS.fullmatch(text):
            raise ValueError(f"'{text}' is not a period of whole months")
        period = read_period(text)
    except ValueError as error:
        remedy = "write YYYY, YYYY-MM, FY2024 or 2025-04/2025-09"
        raise refusal("period", str(error), remedy) from None
    return pd.period_range(period.first, period.last, freq="M")


def nearest_year(periods: Iterable[str], year: int) -> str:
    """The year of `periods` closest to `year`, the later of two. Raises InputError for none."""
    years = sorted(
        (period for period in periods if period.isdigit()),
        key=lambda period: (abs(int(period) - year), -int(period)),
    )
    if not years:
        raise refusal(f"year {year}", "no year has a value")
    return years[0]


def full_years(first: datetime.date, last: datetime.date) -> int:
    """Whole years from one day to another, as ages are counted."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
