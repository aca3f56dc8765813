"""Numbers that follow from other rows: a sum, a share, a ratio or a conversion says the same as the
rows it is made of.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from helpers.data.rules import Finding, Row, Rows, Rule, grouped
from helpers.periods import read_period

_FACTORS = {"": 1.0, "bn": 1e9, "m": 1e6, "%": 0.01}
_UNITS = {"usd_mn": 1e6, "jpy_bn": 1e9, "percent": 0.01}
_NUMBER = r"([\d,]*\d(?:\.\d+)?)(bn|m(?!\w)|%)?(?: yen| m3| mm)?"
_TERM = rf"(?:{_NUMBER}|\((\d+(?:\.\d+)?) - (\d+(?:\.\d+)?)\))"
_COMPUTED = re.compile(rf"{_TERM}(?: (?:[-+/x]|of) {_TERM})+(?= \(|[;:.,](?: |$)|$)")
_LEAST_COUNT = 100
"""Factors of growth and conversion are smaller; a larger number is a count, a value or a rate."""
_MM3_IN_M3 = 1e9
_COPY = "copy the row again from the commit that made it"
_LEVELS = (0.0, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 1.0)


def _terms(text: str) -> list[tuple[float, str, str]]:
    """The numbers of a computation with the word behind each, such as m, and the sign before it."""
    terms = []
    for match in re.finditer(rf"(?:(?:^| )([-+/x]|of) )?{_TERM}", text):
        sign, number, word, minuend, subtrahend = match.groups()
        if minuend:
            terms.append((float(minuend) - float(subtrahend), "", sign or "+"))
        else:
            terms.append((float(number.replace(",", "")), word or "", sign or "+"))
    return terms


def _result(terms: list[tuple[float, str, str]], unit: str) -> float:
    """What a computation gives in the unit of its row. Numbers without a word stand in that unit,
    but for a share in percent and a box in cubic metres.
    """
    total = 0.0
    for number, word, sign in terms:
        term = number * _FACTORS[word]
        if sign == "/":
            total = total / term if term else math.nan
        else:
            total = {"+": total + term, "-": total - term}.get(sign, total * term)
    words = {word for _, word, _ in terms}
    if unit == "m3":
        return total / _MM3_IN_M3
    if words == {""} and not (unit == "percent" and any(sign == "/" for *_, sign in terms)):
        return total
    return total / (1.0 if words == {"%", "m"} and unit == "" else _UNITS.get(unit, 1.0))


def _computed(table: str, value: str, unit: str) -> Rule:
    """A row whose note begins with a computation, as in "6,192.0 / 1.016", has its result."""

    def rule(rows: Rows) -> Iterator[Finding]:
        for row in rows[table]:
            match = _COMPUTED.match(row["note"])
            if match is None or row[value] is None:
                continue
            result = _result(_terms(match[0]), row.get(unit, ""))
            printed = f"{row[value]:.15g}"
            rounding = 0.5 * 10.0 ** -len(printed.partition(".")[2])
            if not math.isclose(row[value], result, rel_tol=0.005, abs_tol=rounding):
                what = f"{printed}, but {match[0]} is {result:.6g}"
                yield row, value, what, "correct the number or the computation in the note"

    return rule


def _operands(rows: Rows) -> Iterator[Finding]:
    """The counts, values and rates that a derived flow is computed from are those of other rows."""
    known = {row["value"] for row in rows["trade_flows"]}
    known |= {row["units"] for row in rows["japan_market"]}
    known |= {row["jpy_per_usd"] for row in rows["fx_usdjpy_annual"]}
    known |= set(_fiscal_rates(rows["fx_usdjpy_monthly"]))
    known |= {abs(row[name]) for row in rows["goods_trade"] for name in _GOODS if row[name]}
    for row in rows["trade_flows"]:
        match = _COMPUTED.match(row["note"])
        if match is None or row["quality"] != "derived":
            continue
        for number, word, _ in _terms(match[0]):
            written = (number, number * _FACTORS[word])
            if number * _FACTORS[word] >= _LEAST_COUNT and not any(
                math.isclose(value, operand, rel_tol=1e-5) for value in known for operand in written
            ):
                what = f"'{match[0]}' takes {number:,.15g}, which no row of trade or market has"
                yield row, "note", what, "take the number of a row, or correct that row"


def _fiscal_rates(months: list[Row]) -> Iterator[float]:
    """The mean rate of each whole fiscal year, April to March."""
    rates = defaultdict(list)
    for row in months:
        year, month = map(int, row["period"].split("-"))
        rates[year - (month < 4)].append(row["jpy_per_usd"])
    return (sum(rates[year]) / 12 for year in rates if len(rates[year]) == 12)


_GOODS = ("exports_usd_mn", "imports_usd_mn", "balance_usd_mn")


def _surplus(rows: Rows) -> Iterator[Finding]:
    """Exports less imports are the surplus of a period and vintage, to the coarsest rounding in
    which one of them is printed.
    """
    flows = [row for row in rows["trade_flows"] if row["flow"] == "jp_us_goods"]
    for group in grouped(flows, "reporter", "measure", "period", "vintage").values():
        values = {row["product"]: row["value"] for row in group}
        if not {"exports_jp_to_us", "imports_jp_from_us"} <= values.keys():
            continue
        surplus = values["exports_jp_to_us"] - values["imports_jp_from_us"]
        rounding = 10 if any(value % 10 == 0 for value in values.values()) else 0.25
        for row in group:
            if row["product"] == "surplus_jp_with_us" and abs(surplus - row["value"]) > rounding:
                what = f"{row['value']:.15g} is not exports less imports, {surplus:.15g}"
                yield row, "value", what, "correct one of the three"


# Market

_SUMS = {
    "market_total_incl_kei": ("market_kei", "market_standard_excl_kei"),
    "imports_total": ("imports_foreign_brand", "imports_japanese_brand"),
}
_PARTS = {
    "market_total_incl_kei": r"maker_\w+",
    "imports_foreign_brand": r"imports_foreign_brand_price_\w+",
    "imports_japanese_brand": r"imports_japanese_brand_\w+",
}


def _sums(rows: Rows) -> Iterator[Finding]:
    """A market is the sum of its parts, to a thousandth where one of them is worked back."""
    for (period,), group in grouped(rows["japan_market"], "period").items():
        units = {row["series"]: row["units"] for row in group}
        for row in group:
            parts = _SUMS.get(row["series"], ())
            if parts and all(part in units for part in parts):
                total = sum(units[part] for part in parts)
                if not math.isclose(row["units"], total, rel_tol=0.001):
                    what = f"{row['units']}, but {' and '.join(parts)} of {period} add to {total}"
                    yield row, "units", what, "correct one of the three"
            pattern = _PARTS.get(row["series"], "")
            total = sum(units[name] for name in units if re.fullmatch(pattern, name))
            if total > row["units"]:
                what = f"{row['units']} is less than its parts of {period}, which add to {total}"
                yield row, "units", what, "correct the whole or one of its parts"


def _periods_in_periods(rows: Rows) -> Iterator[Finding]:
    """A month or half-year counts no more than the year that holds it."""
    for (series,), group in grouped(rows["japan_market"], "series").items():
        if series.endswith(("_average", "_yearly")):
            continue
        spans = [(read_period(row["period"]), row) for row in group]
        for long, whole in spans:
            for short, part in spans:
                inside = long.first <= short.first and short.last <= long.last
                if inside and part["units"] > whole["units"]:
                    what = f"{part['units']} is more than the {whole['units']} of {whole['period']}"
                    yield part, "units", what, f"correct it or line {whole['line']}"


def _reach(rows: Rows) -> Iterator[Finding]:
    """The reach of a maker is its cars sold over those of the maker that sold most, in the period
    that its reason names.
    """
    scored = [row for row in rows["adoption"] if row["driver"] == "reach"]
    sold = {
        row["maker"]: count["units"]
        for row in scored
        for count in rows["japan_market"]
        if count["period"] in row["why"]
        and re.match(rf"maker_{row['maker'].lower()}(_|$)", count["series"])
    }
    most = max(sold.values(), default=0)
    for row in scored:
        if row["maker"] in sold and most:
            reach = sold[row["maker"]] / most
            if abs(row["score"] - reach) > 0.0051:
                what = f"{row['score']}, but its cars in japan_market.csv give {reach:.2f}"
                yield row, "score", what, "correct one of them"


def _freight(rows: Rows) -> Iterator[Finding]:
    """The freight of a car is its box times the rate, in each of low, value and high."""
    costs = {row["item"]: row for row in rows["costs"]}
    rate = costs.get("ocean_freight_rate")
    for item, row in costs.items():
        box = costs.get(f"box_volume_{item.removeprefix('ocean_freight_')}")
        if rate is None or box is None or not item.startswith("ocean_freight_"):
            continue
        for column in ("low", "value", "high"):
            if None in (row[column], box["value"], rate[column]):
                continue
            freight = box["value"] * rate[column]
            if abs(row[column] - freight) > 1:
                product = f"box_volume times ocean_freight_rate is {freight:.0f}"
                what = f"{row[column]:.15g}, but {product}"
                yield row, column, what, "correct one of the three"


def _quantiles(rows: Rows) -> Iterator[Finding]:
    """Quantiles rise, and the probability of the event goes with them."""
    questions = {row["question_id"]: row for row in rows["questions"]}
    for row in rows["forecasts"]:
        names = [name for name in row if re.fullmatch(r"p\d\d_units", name)]
        values = [row[name] for name in names]
        if None in values:
            continue
        for before, after in pairwise(names):
            if row[after] < row[before]:
                what = f"{row[after]:.15g} is below {before}, {row[before]:.15g}"
                yield row, after, what, _COPY
        low, high = _reaches(values, row["threshold_units"])
        below = questions.get(row["question_id"], {}).get("below_value")
        if below is not None:
            least, most = _reaches(values, below)
            low, high = max(0.0, low - most), high - least
        if not low - 0.5 <= row["probability_percent"] <= high + 0.5:
            given = f"the quantiles, which give {low:.0f} to {high:.0f} %"
            what = f"{row['probability_percent']:.15g} does not go with {given}"
            yield row, "probability_percent", what, _COPY


def _reaches(quantiles: list[float], threshold: float) -> tuple[float, float]:
    """Bounds, in percent, of the probability that the outcome reaches a threshold."""
    values = [-math.inf, *quantiles, math.inf]
    at_most = max(level for level, value in zip(_LEVELS, values, strict=True) if value < threshold)
    above = min(level for level, value in zip(_LEVELS, values, strict=True) if value >= threshold)
    return 100 * (1 - above), 100 * (1 - at_most)


def _views(rows: Rows) -> Iterator[Finding]:
    """A forecast by both views lies between the two."""
    for group in grouped(rows["forecasts"], "question_id", "made_on").values():
        views: Mapping[str, Row] = {row["view"]: row for row in group}
        if len(views) < 3:
            continue
        ends = sorted(views[name]["probability_percent"] for name in views if name != "both")
        both = views["both"]
        if not ends[0] <= both["probability_percent"] <= ends[1]:
            between = f"between the views, {ends[0]:g} and {ends[1]:g}"
            what = f"{both['probability_percent']:.15g} does not lie {between}"
            yield both, "probability_percent", what, _COPY


# Vehicles


def _road_shares(rows: Rows) -> Iterator[Finding]:
    """A share of roads is their length over that of all bands, or of the longest row without."""
    for (scope, year, basis), group in grouped(
        rows["road_widths"], "scope", "year", "width_basis"
    ).items():
        lengths = [row["length_km"] for row in group]
        if None in lengths or not any(lengths):
            continue
        banded = group[0]["band"] != "all"
        total = sum(lengths) if banded else max(lengths)
        for row in group:
            share = row["length_km"] / total
            if abs(row["share"] - share) > 0.0005:
                what = f"{row['share']}, but its length of {scope}, {year}, {basis or 'all'} gives "
                instead = "correct one; leave lengths blank where the share is of other roads too"
                yield row, "share", f"{what}{share:.4f}", instead


def _country(rows: Rows) -> Iterator[Finding]:
    """The roads of Japan are those of its prefectures."""
    for group in grouped(rows["road_widths"], "year", "road_class", "width_basis", "band").values():
        parts = sum(row["length_km"] or 0 for row in group if row["scope"] != "Japan")
        for row in group:
            length = row["length_km"] if row["scope"] == "Japan" else None
            if length is not None and parts and abs(length - parts) > 0.5:
                what = f"{length}, but the prefectures add to {parts:.1f}"
                yield row, "length_km", what, "correct one of them"


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("trade_flows",), _computed("trade_flows", "value", "measure")),
    (("japan_market",), _computed("japan_market", "units", "")),
    (("costs",), _computed("costs", "value", "unit")),
    (
        ("trade_flows", "japan_market", "fx_usdjpy_annual", "fx_usdjpy_monthly", "goods_trade"),
        _operands,
    ),
    (("trade_flows",), _surplus),
    (("japan_market",), _sums),
    (("japan_market",), _periods_in_periods),
    (("adoption", "japan_market"), _reach),
    (("costs",), _freight),
    (("forecasts", "questions"), _quantiles),
    (("forecasts",), _views),
    (("road_widths",), _road_shares),
    (("road_widths",), _country),
)
"""The tables that a rule reads, first the one whose rows it judges, and the rule."""
