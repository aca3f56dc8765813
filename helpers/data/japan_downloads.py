"""What Japan customs (through e-Stat) and the Bank of Japan offer for download, and our numbers in
it.

The layouts are those of real files, whose addresses stand beside tests/golden/downloads/.
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from helpers.data import downloads
from helpers.data.downloads import UTF8, Download, Row, refuse

UNITED_STATES, CARS = "304", "8703"
"""The United States in Japan's statistics, and the heading of cars."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Japan customs, commodity by country through e-Stat

_ESTAT = ("Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2")
_ESTAT_SUMS = ("Quantity1-Year", "Quantity2-Year", "Value-Year")
_HS = re.compile(r"'([0-9]{9})'?", re.ASCII)
USED_CARS = {
    *("870321915", "870321925", "870322910", "870323915", "870323925", "870324910"),
    *("870331100", "870332915", "870332925", "870333910", "870340100", "870350100"),
    *("870360100", "870370100", "870380100", "870390100"),
}
"""Export codes of used cars."""


def estat(content: bytes, name: str, today: datetime.date, series: str) -> Download:
    """Cars between Japan and the United States by Japan's customs: units and yen, new and used
    exports apart. Values are in thousand yen; months to come are 0.
    """
    rows = downloads.records(downloads.decoded(content, name, UTF8), name)
    header = rows[0][1]
    months = [text.removeprefix("Value-") for text in header[8::3]][1:]
    expected = [*_ESTAT, *_ESTAT_SUMS]
    for month in months:
        expected += [f"Quantity1-{month}", f"Quantity2-{month}", f"Value-{month}"]
    if header != expected or tuple(months) != MONTHS[: len(months)] or not months:
        refuse(
            f"{name} line 1",
            "is not the header of commodity by country",
            f"it starts {','.join(_ESTAT)}",
        )
    lines = list(downloads.named(rows[1:], name, header))
    if not lines:
        refuse(name, "holds no row", "download it again: it is cut off")
    for column in ("Exp or Imp", "Year"):
        if len({row[column] for _, row in lines}) > 1:
            refuse(name, f"mixes several values of {column}", "take one file of one year and side")
    side, year = lines[0][1]["Exp or Imp"], lines[0][1]["Year"]
    if side not in ("1", "2") or not re.fullmatch(r"20[0-9]{2}", year):
        refuse(
            f"{name} line 2", f"'{side}' and '{year}' are no side and year", "1 is export, 2 import"
        )
    cars = _cars_with_the_us(lines, name)
    known = _reported(lines, months, year, today, name)
    groups = {"passenger_cars": cars}
    if side == "1":
        groups["new_passenger_cars"] = {hs: row for hs, row in cars.items() if hs not in USED_CARS}
        groups["used_passenger_cars"] = {hs: row for hs, row in cars.items() if hs in USED_CARS}
    way = "jp_to_us_vehicles" if side == "1" else "us_to_jp_vehicles"
    flows: list[Row] = []
    for product, codes in groups.items():
        for measure, column, scale in (("units", "Quantity2", 1), ("jpy_bn", "Value", 1_000_000)):
            sums = {
                f"{year}-{MONTHS.index(month) + 1:02}": Decimal(
                    sum(row[f"{column}-{month}"] for row in codes.values())
                )
                for month in known
            }
            key = {"flow": way, "reporter": "mof", "product": product, "measure": measure}
            flows += [
                downloads.flow(key, "month", text, total / scale) for text, total in sums.items()
            ]
            flows += downloads.years(key, sums, Decimal(scale))
    left = [month for month in months if month not in known]
    notes = (f"{', '.join(left)} of {year} are 0 in every row: not reported yet",) if left else ()
    source = downloads.source(
        "ESTAT-HS",
        "Ministry of Finance, Japan, through e-Stat",
        "Trade Statistics of Japan, commodity by country (00350300)",
        "https://www.e-stat.go.jp/en/stat-search/files?toukei=00350300",
    )
    return Download(tuple(flows), source, notes)


def _cars_with_the_us(
    lines: Sequence[tuple[str, dict[str, str]]], name: str
) -> dict[str, dict[str, int]]:
    """Units and thousand yen of each code of cars with the US, checked against their year."""
    codes: dict[str, dict[str, int]] = {}
    countries = set()
    for where, row in lines:
        code = _HS.fullmatch(row["HS"])
        if not code:
            refuse(
                where, f"HS '{row['HS']}' has no apostrophe or not nine digits", "download it again"
            )
        countries.add(row["Country"])
        if row["Country"] != UNITED_STATES or not code[1].startswith(CARS):
            continue
        if row["Unit2"] != "NO":
            refuse(where, f"Unit2 is '{row['Unit2']}', not NO", "cars are counted in numbers")
        if code[1] in codes:
            refuse(where, f"{code[1]} comes twice", "download it again")
        counted = {
            column: int(downloads.number(text, where, 0, 1e12, "units or thousand yen"))
            for column, text in row.items()
            if column.startswith(("Quantity2-", "Value-"))
        }
        for kind in ("Quantity2", "Value"):
            months = sum(
                count
                for column, count in counted.items()
                if column != f"{kind}-Year" and column.startswith(kind)
            )
            if months != counted[f"{kind}-Year"]:
                what = f"{kind}-Year is {counted[f'{kind}-Year']:,}, its months add to {months:,}"
                refuse(where, what, "download it again: a month is wrong")
        codes[code[1]] = counted
    if UNITED_STATES not in countries:
        refuse(
            name, f"has no row of the United States ({UNITED_STATES})", "take commodity by country"
        )
    if not codes:
        refuse(name, f"has no car of heading {CARS}", "take the section with chapter 87")
    cars, yen = (
        sum(row[f"{kind}-Year"] for row in codes.values()) for kind in ("Quantity2", "Value")
    )
    downloads.number(f"{Decimal(yen) / max(cars, 1):.0f}", name, 200, 50_000, "thousand yen a car")
    return codes


def _reported(
    lines: Sequence[tuple[str, dict[str, str]]],
    months: Sequence[str],
    year: str,
    today: datetime.date,
    name: str,
) -> list[str]:
    """The months that some row reports; a later one must not be 0 in between or to come."""
    filled = [
        month for month in months if any(row[f"Value-{month}"] not in ("0", "") for _, row in lines)
    ]
    if not filled or filled != list(months[: len(filled)]):
        refuse(name, f"reports {', '.join(filled) or 'no month'} only", "download it again")
    downloads.month(f"{year}-{MONTHS.index(filled[-1]) + 1:02}", name, today)
    return filled


# Bank of Japan, export price index: answers of the API as JSON or CSV, and the site's flat file

_BOJ_SERIES = {
    "flow": "jp_to_north_america_vehicles",
    "reporter": "boj",
    "product": "passenger_cars",
}
_EXPORT_CONTRACT = "PRCG20_23"
"""How codes of the export price index on contract currency, 2020 = 100, begin."""
_MISSING = {"", "ND", "NA", "null", "None"}
_BOJ_HEADER = (
    "SERIES_CODE",
    "NAME",
    "UNIT",
    "FREQUENCY",
    "CATEGORY",
    "LAST_UPDATE",
    "DATE",
    "VALUE",
)


@dataclass(frozen=True)
class BojSeries:
    """One series of a file of the Bank of Japan; name and unit are empty in the flat file."""

    code: str
    name: str = ""
    unit: str = ""
    frequency: str = ""
    values: tuple[tuple[str, str, str], ...] = field(default=())
    """Where it stands, month and value as written."""


def boj(content: bytes, name: str, today: datetime.date, series: str) -> Download:
    """The export price index of cars to North America on contract currency: level and change on
    the year before. series: its code, needed where the file does not name its series.
    """
    text = downloads.decoded(content, name, ("utf-8-sig", "cp932"))
    if text.lstrip().startswith("{"):
        known = _boj_json(downloads.json_of(text, name), name)
    elif text.startswith(("データコード,", "Series code,")):
        known = _boj_flat(downloads.records(text, name), name)
    else:
        known = _boj_csv(downloads.records(text, name), name)
    chosen = _boj_chosen(known, series, name)
    levels: dict[str, Decimal] = {}
    missing = []
    for where, digits, value in chosen.values:
        month = downloads.month(f"{digits[:4]}-{digits[4:]}", where, today)
        if levels and month <= max(levels):
            refuse(where, f"{month} comes twice or out of order", "download it again")
        if value.strip() in _MISSING:
            missing.append(month)
        else:
            levels[month] = downloads.number(value.strip(), where, 20, 300, "index points")
    if not levels:
        refuse(name, "has no value", "download it again")
    rows = [
        downloads.flow({**_BOJ_SERIES, "measure": "contract_price_index"}, "month", month, level)
        for month, level in levels.items()
    ]
    changes = {
        month: 100 * (level / levels[before] - 1)
        for month, level in levels.items()
        if (before := f"{int(month[:4]) - 1}{month[4:]}") in levels
    }
    rows += [
        downloads.flow(
            {**_BOJ_SERIES, "measure": "pct_yoy_contract_price"},
            "month",
            month,
            change.quantize(Decimal("0.1")),
            "From the index levels.",
        )
        for month, change in changes.items()
    ]
    notes = tuple(f"{month} has no value yet" for month in missing)
    source = downloads.source(
        "BOJ-PR01",
        "Bank of Japan",
        "Time-series data, corporate goods prices: export price index on contract currency",
        "https://www.stat-search.boj.or.jp/",
    )
    return Download(tuple(rows), source, (*notes, *downloads.gap_notes([*levels, *missing])))


def _boj_json(answer: Any, name: str) -> list[BojSeries]:
    if not isinstance(answer, dict) or str(answer.get("STATUS")) != "200":
        said = answer.get("MESSAGE", "no STATUS 200") if isinstance(answer, dict) else "no object"
        refuse(name, f"is no answer with data: {said}", "ask getDataCode again")
    if answer.get("NEXTPOSITION") is not None:
        refuse(name, "goes on in a further answer", "ask for fewer series")
    known = []
    try:
        for series in answer["RESULTSET"]:
            days, values = series["VALUES"]["SURVEY_DATES"], series["VALUES"]["VALUES"]
            pairs = zip(days, values, strict=True)
            texts = tuple(
                (name, str(day), "" if value is None else str(value)) for day, value in pairs
            )
            title = series.get("NAME_OF_TIME_SERIES") or series.get("NAME_OF_TIME_SERIES_J") or ""
            unit = series.get("UNIT") or series.get("UNIT_J") or ""
            known.append(BojSeries(series["SERIES_CODE"], title, unit, series["FREQUENCY"], texts))
    except (KeyError, TypeError, ValueError, AttributeError):
        refuse(name, "lacks a part of a series", "ask getDataCode again")
    return known


def _boj_csv(rows: list[tuple[int, list[str]]], name: str) -> list[BojSeries]:
    starts = [place for place, (_, record) in enumerate(rows) if record[0] == "SERIES_CODE"]
    status = next((record[1] for _, record in rows if record[0] == "STATUS" and record[1:]), "200")
    if len(starts) != 1 or status != "200":
        refuse(name, "is no answer with data", "ask getDataCode again")
    further = next((record[1:] for _, record in rows if record[0] == "NEXTPOSITION"), [])
    if any(further):
        refuse(name, "goes on in a further answer", "ask for fewer series")
    header = rows[starts[0]][1]
    plain = [re.sub(r"_J$|_OF_TIME_SERIES|^SURVEY_|S$", "", text) for text in header]
    plain = [re.sub(r"_J$|_OF_TIME_SERIES|^SURVEY_|S$", "", text) for text in plain]
    if tuple(plain) != _BOJ_HEADER:
        refuse(name, f"its columns are {','.join(header)}", "ask getDataCode with format=csv")
    values: dict[tuple[str, str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for where, row in downloads.named(rows[starts[0] + 1 :], name, plain):
        key = row["SERIES_CODE"], row["NAME"], row["UNIT"], row["FREQUENCY"]
        values[key].append((where, row["DATE"], row["VALUE"]))
    return [BojSeries(*key, tuple(texts)) for key, texts in values.items()]


def _boj_flat(rows: list[tuple[int, list[str]]], name: str) -> list[BojSeries]:
    header = rows[0][1]
    months = [pair for pair in rows[1:] if re.fullmatch(r"[0-9]{4}/[0-9]{2}", pair[1][0])]
    codes = [text.partition("'")[2].rstrip("@") for text in header[1:]]
    lines = list(downloads.named(months, name, ["month", *codes]))
    return [
        BojSeries(
            code,
            values=tuple((where, row["month"].replace("/", ""), row[code]) for where, row in lines),
        )
        for code in codes
    ]


def _boj_chosen(known: Sequence[BojSeries], series: str, name: str) -> BojSeries:
    """The series asked for by code, or the one whose name says cars to North America."""
    codes = ", ".join(index.code for index in known)[:150]
    if series:
        matching = [index for index in known if index.code == series]
    else:
        matching = [
            index
            for index in known
            if re.search("North America|北米", index.name)
            and re.search("(?i)cars|乗用車|automobiles", index.name)
        ]
    if len(matching) != 1:
        what = f"has no series {series}" if series else "names no series of cars to North America"
        refuse(name, f"{what}; it holds {codes}", "give its code as --series CODE")
    (chosen,) = matching
    if not chosen.code.startswith(_EXPORT_CONTRACT):
        what = f"{chosen.code} is no export price on contract currency"
        refuse(name, what, f"its codes begin with {_EXPORT_CONTRACT}")
    if chosen.frequency not in ("", "M", "MONTHLY") or "2020" not in (chosen.unit or "2020"):
        what = f"{chosen.code} is {chosen.frequency or 'monthly'} in {chosen.unit}"
        refuse(name, what, "take the monthly index, 2020 = 100")
    return chosen
