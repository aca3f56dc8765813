"""What a scenario takes from the tables: the names it can choose from, and defaults that follow a
series.

`jpy_per_usd: newest_month` in a scenario file is the average of the newest month in the table, so
that a new month moves the scenario without an edit.
"""

import csv
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import PROJECT_ROOT
from helpers.errors import InputError, refusal
from helpers.numbers import day
from helpers.periods import last_day, months_of
from helpers.texts import did_you_mean, publication_order

Rows = Sequence[dict[str, str]]


def models() -> tuple[str, ...]:
    """Every model that a programme may sell."""
    return _names("model", _programme())


def announced_models() -> tuple[str, ...]:
    """Those that their maker has announced for Japan."""
    return _names("model", _announced())


def right_hand_drive_models() -> tuple[str, ...]:
    """Those whose US plant builds them with right-hand drive already."""
    cars = _rows("vehicles/vehicles.csv", "vehicle_id", "steering_sides")
    right = {car["vehicle_id"] for car in cars if "RHD" in car["steering_sides"].split(";")}
    return _names("model", [row for row in _programme() if row["vehicle_id"] in right])


def vehicles() -> tuple[str, ...]:
    """Every car of the table of vehicles."""
    return _names("vehicle_id", _rows("vehicles/vehicles.csv", "vehicle_id", "steering_sides"))


def makers() -> tuple[str, ...]:
    """Every maker that may take part."""
    return _names("maker", _programme())


def announced_makers() -> tuple[str, ...]:
    """Those that have announced a model."""
    return _names("maker", _announced())


def regions() -> tuple[str, ...]:
    """Every region with published bands of road width."""
    roads = _rows("vehicles/road_widths.csv", "scope", "width_basis", "length_km")
    return _names("scope", [road for road in roads if road["width_basis"] and road["length_km"]])


def newest_flow_year() -> int:
    """The newest calendar year in which the flow of vehicles from Japan is known in units and
    value; any year of the century where the table is broken, which `check` reports.
    """
    try:
        return max(_both_measures("jp_to_us_vehicles"))
    except (InputError, ValueError):
        return 2100


def newest_two_way_year() -> int:
    """The newest calendar year with both directions of the car trade in units and value."""
    return max(_both_measures("jp_to_us_vehicles") & _both_measures("us_to_jp_vehicles"))


def _both_measures(flow: str) -> set[int]:
    rows = _rows("trade/trade_flows.csv", "flow", "measure", "period_kind", "period")
    years = {
        measure: {
            int(row["period"])
            for row in rows
            if (row["flow"], row["measure"], row["period_kind"]) == (flow, measure, "calendar_year")
        }
        for measure in ("units", "usd_mn")
    }
    return years["units"] & years["usd_mn"]


def vintages() -> tuple[str, ...]:
    """Every publication of the US goods balance with Japan, from old to new."""
    rows = _rows("trade/goods_trade.csv", "vintage", "balance_usd_mn")
    return tuple(
        sorted({row["vintage"] for row in rows if row["balance_usd_mn"]}, key=publication_order)
    )


def newest_vintage() -> str:
    """The newest of them."""
    return vintages()[-1]


def _names(column: str, rows: Rows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[column] for row in rows))


def _programme() -> Rows:
    return _rows("market/programme_models.csv", "model", "maker", "vehicle_id", "announced_on")


def _announced() -> Rows:
    return [row for row in _programme() if row["announced_on"]]


NO_NAMES = "gives no names"


def _rows(path: str, *columns: str) -> Rows:
    """The rows as they are written, and as they stand now. Names alone need no check of the
    package, which takes a second; a file that has none is refused.
    """
    return _read(path, columns, _stamp(PROJECT_ROOT / "data" / path))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


@functools.lru_cache(64)
def _read(path: str, columns: tuple[str, ...], stamp: tuple[int, int]) -> Rows:
    try:
        text = (PROJECT_ROOT / "data" / path).read_text(encoding="utf-8-sig")
        rows = [
            {name: row[name] or "" for name in columns} for row in csv.DictReader(StringIO(text))
        ]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError):
        rows = []
    if not rows:
        raise refusal(f"data/{path}", NO_NAMES, "see: reverse-imports check")
    return rows


NEWEST_MONTH, NEWEST_TWELVE_MONTHS = "newest_month", "newest_twelve_months"
_YEAR = re.compile(r"mean_(\d{4})")
RULES = {"jpy_per_usd": (NEWEST_TWELVE_MONTHS, NEWEST_MONTH, "mean_2025")}
"""Parameters that a scenario file may set by a rule, with the rules; any year may stand for
2025.
"""


@dataclass(frozen=True)
class Rate:
    """Yen per dollar by a rule, to the hundredth, and the months it is the average of."""

    jpy_per_usd: float
    first_month: str
    last_month: str

    @property
    def known_until(self) -> str:
        """The last day of its last month."""
        return last_day(self.last_month)

    @property
    def words(self) -> str:
        """The months as a reader reads them: September 2025 to August 2026."""
        first, last = day(self.first_month), day(self.last_month)
        return last if first == last else f"{first} to {last}"


def rate(rule: str, annual: pd.DataFrame, monthly: pd.DataFrame) -> Rate:
    """The exchange rate that a rule names: the published average of a month or year, else the mean
    of the months. annual, monthly: the tables fx_usdjpy_annual and fx_usdjpy_monthly.

    Raises InputError for a month of the rule that the table lacks.
    """
    rates = dict(zip(monthly["period"], monthly["jpy_per_usd"], strict=True))
    if year := _YEAR.fullmatch(rule):
        months = months_of(year[1])
        published = annual.loc[annual["period"].astype(str) == year[1], "jpy_per_usd"]
        if len(published):
            return Rate(round(float(published.iloc[0]), 2), str(months[0]), str(months[-1]))
    else:
        count = 1 if rule == NEWEST_MONTH else 12
        months = pd.period_range(end=pd.Period(max(rates), "M"), periods=count, freq="M")
    wanted = [str(month) for month in months]
    if missing := [month for month in wanted if month not in rates]:
        what = f"fx_usdjpy_monthly has no average of {', '.join(missing)}"
        raise refusal(f"exchange rate by {rule}", what, "add the month")
    mean = sum(rates[month] for month in wanted) / len(wanted)
    return Rate(round(mean, 2), wanted[0], wanted[-1])


def current_rate(rule: str) -> Rate:
    """The same from the tables of the data package as they stand now."""
    from helpers.data import DATA

    paths = (DATA / "trade" / f"fx_usdjpy_{kind}.csv" for kind in ("annual", "monthly"))
    stamps = tuple(map(_stamp, paths))
    return _kept(rule, stamps)


@functools.lru_cache(64)
def _kept(rule: str, stamps: tuple[tuple[int, int], ...]) -> Rate:
    from helpers.data import load

    return rate(rule, load("fx_usdjpy_annual"), load("fx_usdjpy_monthly"))


def base_rate() -> float:
    """The default of `jpy_per_usd`: the mean of the newest twelve months in the table."""
    return current_rate(NEWEST_TWELVE_MONTHS).jpy_per_usd


def basis(jpy_per_usd: float) -> Rate | None:
    """The average of the table that a rate is; None where it is no rule's."""
    rates = map(current_rate, RULES["jpy_per_usd"])
    return next((own for own in rates if own.jpy_per_usd == jpy_per_usd), None)


def by_rule(name: str, value: Any, where: str) -> Any:
    """The value that a rule gives to a parameter; any value that is no rule as it is.

    Raises InputError for a word that is near a rule but none.
    """
    rules = RULES.get(name, ())
    if not rules or not isinstance(value, str) or not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", value):
        return value
    if value not in rules and not _YEAR.fullmatch(value):
        instead = did_you_mean(value, rules, f"write a number, or {', '.join(rules)}")
        raise refusal(f"{where}, parameter {name}", f"'{value}' is no rule", instead)
    return current_rate(value).jpy_per_usd
