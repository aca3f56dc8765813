"""What the Federal Reserve and the US Census Bureau offer for download, and our numbers in it.

The layouts are those of real files, whose addresses stand beside tests/golden/downloads/.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from helpers.data import downloads
from helpers.data.downloads import UTF8, Download, Row, refuse

JAPAN, CARS = "5880", "8703"
"""Japan in US statistics, and the heading of cars."""

# Federal Reserve, daily noon rates as FRED gives them

_RATE = re.compile(r"[1-9][0-9]{1,2}\.[0-9]{2,4}", re.ASCII)
STANDS_OUT_PERCENT, LARGE_MOVE_PERCENT, IMPOSSIBLE_PERCENT = Decimal("0.5"), Decimal("1.4"), 10


def fred(content: bytes, name: str, today: datetime.date, series: str) -> Download:
    """Yen per dollar: the mean of the daily rates of each month that the file holds whole."""
    text = downloads.decoded(content, name, UTF8)
    if not text.endswith("\n"):
        refuse(name, "ends inside a line", "download it again: it is cut off")
    rows = downloads.records(text, name)
    (_, header), *days = rows
    if header != ["observation_date", "DEXJPUS"]:
        what = f"its columns are {','.join(header)}, not observation_date,DEXJPUS"
        refuse(f"{name} line 1", what, "download the daily series DEXJPUS as CSV")
    rates: dict[datetime.date, Decimal | None] = {}
    last: datetime.date | None = None
    for where, record in downloads.named(days, name, header):
        day = _weekday(record["observation_date"], where, last, today)
        rates[day], last = _rate(record["DEXJPUS"], where), day
    if not rates:
        refuse(name, "holds no day", "download it again")
    odd = _odd_days(rates, name)
    whole, left_out = _whole_months(rates)
    notes = [f"{month} is not whole in the file and left out" for month in left_out]
    averages = []
    for month, values in whole.items():
        mean = sum(values) / len(values)
        key = (("period", month),)
        averages.append(Row("fx_usdjpy_monthly", key, "jpy_per_usd", f"{mean:.4f}", ()))
    url = "https://fred.stlouisfed.org/series/DEXJPUS"
    title = "Japanese yen to one US dollar, noon buying rates in New York, daily"
    source = downloads.source("FX-FED", "Federal Reserve H.10/G.5", title, url)
    return Download(tuple(averages), source, tuple(notes), tuple(odd))


def _weekday(
    text: str, where: str, before: datetime.date | None, today: datetime.date
) -> datetime.date:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        refuse(where, f"'{text}' is not a day", "download it again: a day is YYYY-MM-DD")
    if len(text) != 10 or day.weekday() > 4:
        refuse(where, f"{text} is no weekday", "download the daily series")
    if day > today:
        refuse(where, f"{text} is still to come", "download it again, or set the clock")
    if before is not None:
        expected = before + datetime.timedelta(days=3 if before.weekday() == 4 else 1)
        if day != expected:
            what = f"{text} follows {before}; the next weekday is {expected}"
            refuse(where, what, "download it again: a day lacks, comes twice or out of order")
    return day


def _rate(text: str, where: str) -> Decimal | None:
    if text == "":
        return None
    if not _RATE.fullmatch(text):
        refuse(where, f"'{text}' is not a rate such as 148.23", "download it again")
    return downloads.number(text, where, 50, 400, "yen per dollar")


def _odd_days(rates: Mapping[datetime.date, Decimal | None], name: str) -> list[tuple[str, str]]:
    """Days that a wrong digit could explain, each with its month: both neighbours stand apart on
    one side, or the move is large. A move that no day has seen is refused.
    """
    known = [(day, rate) for day, rate in rates.items() if rate is not None]
    moves = [100 * (after[1] / before[1] - 1) for before, after in pairwise(known)]
    remarks = []
    for place, move in enumerate(moves):
        day, following = known[place + 1][0], moves[place + 1 : place + 2]
        if abs(move) > IMPOSSIBLE_PERCENT:
            refuse(f"{name}, {day}", f"moves by {move:.1f} % in a day", "look at the digits")
        back = following and move * following[0] < 0
        if back and min(abs(move), abs(following[0])) >= STANDS_OUT_PERCENT:
            text = f"{day} stands {abs(move):.1f} % apart from both neighbours"
            remarks.append((f"{day:%Y-%m}", text))
        elif abs(move) >= LARGE_MOVE_PERCENT:
            remarks.append((f"{day:%Y-%m}", f"{day} moves by {move:.1f} % in a day"))
    return remarks


def _whole_months(
    rates: Mapping[datetime.date, Decimal | None],
) -> tuple[dict[str, list[Decimal]], list[str]]:
    """Rates by month whose every weekday the file holds, and the months it holds in part."""
    by_month: dict[str, list[datetime.date]] = defaultdict(list)
    for day in rates:
        by_month[f"{day:%Y-%m}"].append(day)
    whole, parts = {}, []
    for month, days in by_month.items():
        first = days[0].replace(day=1)
        beyond = (first + datetime.timedelta(days=31)).replace(day=1)
        every = [first + datetime.timedelta(days=count) for count in range((beyond - first).days)]
        values = [rate for day in days if (rate := rates[day]) is not None]
        if [day for day in every if day.weekday() < 5] == days and len(values) >= 15:
            whole[month] = values
        else:
            parts.append(month)
    return whole, parts


# US Census Bureau, trade by commodity and country: answers of its API as JSON or CSV


@dataclass(frozen=True)
class Side:
    """One side of the trade in the answer: columns, our series, a month's plausible dollars."""

    commodity: str
    value: str
    quantity: str
    unit: str
    series: Mapping[str, str]
    low: float
    high: float


_CENSUS = (
    Side(
        "I_COMMODITY",
        "GEN_VAL_MO",
        "GEN_QY1_MO",
        "UNIT_QY1",
        {"flow": "jp_to_us_vehicles", "reporter": "us_census", "product": "passenger_cars"},
        3e8,
        2e10,
    ),
    Side(
        "E_COMMODITY",
        "ALL_VAL_MO",
        "QTY_1_MO",
        "UNIT_QY1",
        {"flow": "us_to_jp_vehicles", "reporter": "us_commerce", "product": "passenger_cars"},
        1e6,
        2e9,
    ),
)


def census(content: bytes, name: str, today: datetime.date, series: str) -> Download:
    """Cars (HS 8703) from Japan at customs value, or to Japan at export value, by month."""
    text = downloads.decoded(content, name, UTF8)
    if text.lstrip().startswith(("[", "{")):
        answer = downloads.json_of(text, name)
        if not isinstance(answer, list) or not all(isinstance(row, list) for row in answer):
            refuse(
                name,
                "is no list of lists",
                "ask for timeseries/intltrade, imports/hs or exports/hs",
            )
        rows = [(line, [str(cell) for cell in row]) for line, row in enumerate(answer, 1)]
    else:
        rows = downloads.records(text, name)
    if not rows:
        refuse(name, "holds no row", "download it again")
    header = rows[0][1]
    sides = [side for side in _CENSUS if {side.commodity, side.value} <= set(header)]
    if len(sides) != 1 or len(set(header)) < len(header):
        what = f"its columns are {','.join(header)}"
        refuse(
            f"{name} line 1",
            what,
            "ask for I_COMMODITY and GEN_VAL_MO, or E_COMMODITY and ALL_VAL_MO",
        )
    (side,) = sides
    lacking = [column for column in ("CTY_CODE",) if column not in header]
    if lacking or not ({"time"} <= set(header) or {"YEAR", "MONTH"} <= set(header)):
        refuse(f"{name} line 1", "names no country or no month", "ask for CTY_CODE and time")
    dollars, units, totals = _census_months(
        list(downloads.named(rows[1:], name, header)), side, name, today
    )
    _adds_up(totals, dollars, name)
    flows = [
        downloads.flow({**side.series, "measure": "usd_mn"}, "month", month, value / 1_000_000)
        for month, value in dollars.items()
    ]
    flows += [
        downloads.flow({**side.series, "measure": "units"}, "month", month, value)
        for month, value in units.items()
    ]
    flows += downloads.years({**side.series, "measure": "usd_mn"}, dollars, Decimal(1_000_000))
    source = downloads.source(
        "CENSUS-HS",
        "US Census Bureau",
        "International trade API: imports and exports by commodity (HS) and country",
        "https://api.census.gov/data/timeseries/intltrade/imports/hs",
    )
    return Download(tuple(flows), source, downloads.gap_notes(list(dollars)))


def _census_months(
    rows: Sequence[tuple[str, dict[str, str]]], side: Side, name: str, today: datetime.date
) -> tuple[dict[str, Decimal], dict[str, Decimal], dict[str, Decimal]]:
    """Dollars, cars and the year to date, each by month in rising order."""
    of_japan = [(where, row) for where, row in rows if row["CTY_CODE"] == JAPAN]
    if not of_japan:
        refuse(name, f"has no row of Japan (CTY_CODE {JAPAN})", "ask for that country")
    car_rows = [(where, row) for where, row in of_japan if row[side.commodity] == CARS]
    if not car_rows:
        refuse(name, f"has no row of cars ({side.commodity} {CARS})", "ask for that heading, HS4")
    months: tuple[dict[str, Decimal], ...] = ({}, {}, {})
    for where, row in sorted(car_rows, key=lambda pair: _census_month(pair[1])):
        month = downloads.month(_census_month(row), where, today)
        if month in months[0]:
            refuse(where, f"{month} comes twice", "ask for each month once")
        unit = "dollars for a month of cars"
        value = downloads.number(row[side.value], where, side.low, side.high, unit)
        months[0][month] = value
        if side.quantity in row and row.get(side.unit) == "NO":
            cars = downloads.number(row[side.quantity], where, 1, 1e6, "cars a month")
            downloads.number(f"{value / cars:.0f}", where, 2_000, 200_000, "dollars a car")
            months[1][month] = cars
        if (total := row.get(side.value.replace("_MO", "_YR"))) is not None:
            months[2][month] = downloads.number(total, where, 1, 1e12, "dollars")
    return months  # type: ignore[return-value]


def _census_month(row: Mapping[str, str]) -> str:
    return row["time"] if "time" in row else f"{row['YEAR']}-{row['MONTH']}"


def _adds_up(totals: Mapping[str, Decimal], months: Mapping[str, Decimal], name: str) -> None:
    """The year to date of a month is the sum of its months, where all of them are there."""
    for month, total in totals.items():
        parts = [f"{month[:4]}-{count:02}" for count in range(1, int(month[5:]) + 1)]
        if all(part in months for part in parts):
            summed = sum(months[part] for part in parts)
            if summed != total:
                what = f"the year to {month} is {total:,}, its months add to {summed:,}"
                refuse(name, what, "download it again: a month is wrong")
