"""Dates and periods as the claim tables write them: `2024`, `2025-10`, `2025-10-26`,
`2025-04-03/2025-09-15`, `2025-12-19/..`.
"""

import datetime
import re
from dataclasses import dataclass

from helpers.texts import is_day

_PART = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_PERIOD = re.compile(rf"({_PART}|\.\.)(?:/({_PART}|\.\.))?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, order=True)
class Period:
    """First and last day. An open side, or a blank period, reaches to the end of the calendar."""

    first: datetime.date
    last: datetime.date

    def holds(self, day: datetime.date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last

    def ended(self, day: datetime.date) -> bool:
        """Whether the period was over on that day."""
        return self.last < day


ALWAYS = Period(datetime.date.min, datetime.date.max)


def read_day(text: str) -> datetime.date:
    """A day written YYYY-MM-DD. Raises ValueError for anything else."""
    if not is_day(text):
        raise ValueError(f"'{text}' is not a day; write YYYY-MM-DD")
    return datetime.date.fromisoformat(text)


def read_period(text: str) -> Period:
    """The period a text means; blank means always. Raises ValueError for a text of another form or
    an end before the start.
    """
    if not text:
        return ALWAYS
    match = _PERIOD.fullmatch(text)
    if not match:
        raise ValueError(
            f"'{text}' is not a period; write 2024, 2025-10, 2025-10-26 or two of these with / "
            "between, .. for open"
        )
    start, end = match[1], match[2] or match[1]
    period = Period(_edge(start, last=False), _edge(end, last=True))
    if period.last < period.first:
        raise ValueError(f"'{text}' ends before it starts")
    return period


def full_years(first: datetime.date, last: datetime.date) -> int:
    """Whole years from one day to another, as ages are counted."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _edge(text: str, last: bool) -> datetime.date:
    if text == "..":
        return datetime.date.max if last else datetime.date.min
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return datetime.date(*parts)
    if not last:
        return datetime.date(parts[0], parts[1] if len(parts) == 2 else 1, 1)
    following = datetime.date(
        parts[0] + (len(parts) == 1 or parts[1] == 12),
        1 if len(parts) == 1 or parts[1] == 12 else parts[1] + 1,
        1,
    )
    return following - datetime.timedelta(days=1)
