"""What must hold inside and between the trade, market and vehicle tables, beyond what one column
can say.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from helpers.data import vehicle_rules
from helpers.texts import publication_order

Row = dict[str, Any]
"""One row: values by column name, None where a number is blank, and its physical line as "line"."""
Rows = Mapping[str, list[Row]]
Finding = tuple[Row, str, str, str]
"""What a rule found: the row, its column, what is wrong, and what to write instead."""
Rule = Callable[[Rows], Iterator[Finding]]


def grouped(rows: list[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    """The rows by their values in these columns, in order of appearance."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


# Trade


def _months_and_years(rows: Rows) -> Iterator[Finding]:
    """Twelve months of one vintage add to its yearly row; those of several need not."""
    months: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows["goods_trade_monthly"]:
        months[int(row["month"][:4]), row["vintage"]].append(row)
    for year in rows["goods_trade"]:
        twelve = months[year["year"], year["vintage"]]
        if len(twelve) != 12:
            continue
        for column in ("exports_usd_mn", "imports_usd_mn", "balance_usd_mn"):
            total = sum(month[column] for month in twelve)
            if year[column] is not None and abs(total - year[column]) > 0.15:
                what = (
                    f"{year[column]:.1f}, but the twelve months of goods_trade_monthly.csv add to "
                    f"{total:.1f}"
                )
                yield year, column, what, "correct one of them"


def _vintages(rows: Rows) -> Iterator[Finding]:
    """Years rise, and publications of a year stand from old to new."""
    for before, after in pairwise(rows["goods_trade"]):
        order = [publication_order(row["vintage"]) for row in (before, after)]
        if after["year"] < before["year"]:
            yield (
                after,
                "year",
                f"{after['year']} stands after {before['year']}",
                "let the years rise",
            )
        elif after["year"] == before["year"] and order[1] < order[0]:
            what = (
                f"'{after['vintage']}' is older than '{before['vintage']}' of line {before['line']}"
            )
            yield after, "vintage", what, "let the vintages of a year run from old to new"


def _balance(table: str) -> Rule:
    """Exports less imports give the balance, to the rounding in which the row is printed."""

    def rule(rows: Rows) -> Iterator[Finding]:
        for row in rows[table]:
            exports, imports, balance = (
                row[f"{name}_usd_mn"] for name in ("exports", "imports", "balance")
            )
            if None in (exports, imports, balance):
                continue
            rounding = 100 if balance % 1000 == 0 else 0.25
            if abs(exports - imports - balance) > rounding:
                what = f"{balance:.1f} is not exports less imports, {exports - imports:.1f}"
                yield row, "balance_usd_mn", what, "correct one of the three"

    return rule


def _yearly_rates(rows: Rows) -> Iterator[Finding]:
    months: dict[int, list[float]] = defaultdict(list)
    for row in rows["fx_usdjpy_monthly"]:
        months[int(row["period"][:4])].append(row["jpy_per_usd"])
    for row in rows["fx_usdjpy_annual"]:
        rates, mean = months[row["period"]], row["jpy_per_usd"]
        if len(rates) == 12 and abs(sum(rates) / 12 - mean) > 0.2:
            what = f"{mean} is more than 0.2 yen from the mean of the months, {sum(rates) / 12:.4f}"
            yield row, "jpy_per_usd", what, "correct one of them"


_FORMS = {
    "calendar_year": r"\d{4}",
    "fiscal_year": r"FY\d{4}",
    "month": r"\d{4}-\d{2}",
    "year_to_date": r"\d{4}-\d{2}/\d{4}-\d{2}",
}


def _kinds_of_period(rows: Rows) -> Iterator[Finding]:
    for row in rows["trade_flows"]:
        form = _FORMS.get(row["period_kind"])
        if form and not re.fullmatch(form, row["period"]):
            what = f"'{row['period']}' is not a period of the kind {row['period_kind']}"
            yield row, "period", what, "correct period or period_kind"


def _one_rate_a_day(rows: Rows) -> Iterator[Finding]:
    """Intervals of one instrument on one product do not overlap."""
    for group in grouped(rows["tariffs"], "instrument", "importer", "exporter", "product").values():
        for before, after in pairwise(sorted(group, key=lambda row: row["effective_from"])):
            start, end = after["effective_from"], before["effective_to"]
            if end == "" or end >= start:
                ends = f"of line {before['line']}, which ends {end or 'never'}"
                what = f"{start} lies inside the interval {ends}"
                yield after, "effective_from", what, "end that one on the day before"


def _confirmed(rows: Rows) -> Iterator[Finding]:
    """An open rate, and no other, says until when it is known, on its first day or later."""
    for row in rows["tariffs"]:
        day, start, end = row["confirmed_on"], row["effective_from"], row["effective_to"]
        if (not end) != bool(day) or (day and day < start):
            what = f"'{day}' for a rate in force from {start} to {end or 'now'}"
            open_rate = "write the last day on which a source has it in force"
            instead = "leave it blank: the last day says it" if end else open_rate
            yield row, "confirmed_on", what, instead


def _dates_in_ids(rows: Rows) -> Iterator[Finding]:
    for row in rows["events"]:
        thread, _, stamp = row["event_id"].rpartition(".")
        day = row["date"].replace("-", "")
        if re.sub("[a-z]$", "", stamp) != day:
            what = f"'{row['event_id']}' does not end in its date {row['date']}"
            yield row, "event_id", what, f"write {thread}.{day}"


# Market


def _attainment(rows: Rows) -> Iterator[Finding]:
    for row in rows["precedents"]:
        plan, result = row["target_period_units"], row["actual_period_units"]
        stated = row["attainment_ratio"]
        if None not in (stated, result) and plan and abs(result / plan - stated) > 0.006:
            what = f"{stated} is not result over plan, {result / plan:.3f}"
            yield row, "attainment_ratio", what, "correct one of the three"


def _years_of_ratios(rows: Rows) -> Iterator[Finding]:
    """A ratio is above 0, as its logarithm is taken, and its year can be told."""
    for row in rows["precedents"]:
        if row["attainment_ratio"] is None:
            continue
        if row["attainment_ratio"] <= 0:
            remedy = "leave it blank and say in the note what was sold"
            yield row, "attainment_ratio", "a ratio of 0 cannot be compared", remedy
        if not re.match(r"\d{4}", row["target_period"]):
            what = f"'{row['target_period']}' beside a ratio is not a calendar period"
            yield row, "target_period", what, "write YYYY, YYYY-MM, YYYY-MM-DD or start/end"
        if row["first_year"] is None:
            remedy = "write the first year of sale, or leave the ratio blank"
            yield row, "first_year", "is blank beside a ratio", remedy


def _programme(rows: Rows) -> Iterator[Finding]:
    """The trim of a programme model is a US-built candidate announced on the same day."""
    vehicles = {row["vehicle_id"]: row for row in rows["vehicles"]}
    for row in rows["programme_models"]:
        name, day = row["vehicle_id"], row["announced_on"]
        vehicle = vehicles[name]
        if vehicle["role"] != "us_candidate" or vehicle["assembly_country"] != "USA":
            what = f"'{name}' is not a US-built candidate"
            yield row, "vehicle_id", what, "name one with the role us_candidate"
        if day and not vehicle["japan_status"].startswith(f"announced {day}"):
            what = f"{day}, but japan_status of {name} is '{vehicle['japan_status']}'"
            yield row, "announced_on", what, "correct one of them"


def _plants(rows: Rows) -> Iterator[Finding]:
    """A vehicle's state is one where a plant builds the model and is not known to have ended."""
    states = {
        model: {row["state"] for row in group if not row["to"]}
        for (model,), group in grouped(rows["plants"], "model").items()
    }
    for row in rows["vehicles"]:
        if row["role"] != "us_candidate":
            continue
        names = row["model"], f"{row['make']} {row['model']} {row['trim']}"
        built = set().union(*(states.get(name, set()) for name in names))
        if built and row["assembly_state"] not in built:
            what = f"'{row['assembly_state']}', but plants.csv has {', '.join(sorted(built))}"
            yield row, "assembly_state", what, "correct one of them"


def _segments(rows: Rows) -> Iterator[Finding]:
    counted = {(row["series"], row["period"]) for row in rows["japan_market"]}
    for row in rows["volume_segments"]:
        if (row["series"], row["period"]) not in counted:
            what = f"japan_market.csv has no {row['series']} for {row['period']}"
            yield row, "series", what, "name a series and period that stand there"


def _supply_caps(rows: Rows) -> Iterator[Finding]:
    """A supply cap that is said to be a share of a figure of us_models is that, to the hundred."""
    titles = {row["model"]: row["title"] for row in rows["programme_models"]}
    for row in rows["volume_assumptions"]:
        reason = re.match(r"(\d+) % of [^0-9]*? of ([\d,]*\d)(?: in (\d{4}))?", row["why"])
        if reason is None or row["factor"] != "supply_units":
            continue
        share, base, year = int(reason[1]), int(reason[2].replace(",", "")), reason[3]
        counted = {
            sold["units"]
            for sold in rows["us_models"]
            if sold["model"] == titles.get(row["model"]) and year in (None, str(sold["period"]))
        }
        cap = round(share * base / 100, -2)
        if base not in counted:
            what = f"us_models.csv has no figure of {reason[2]} for {row['model']}"
            what += f" in {year}" if year else ""
            yield row, "why", what, "name a figure that stands there"
        elif row["mode"] != cap:
            what = f"{row['mode']:.15g}, but {share} % of {reason[2]} is {cap:.15g} to the hundred"
            yield row, "mode", what, "correct the number or its reason"


# Vehicles


def _plausible(rows: Rows) -> Iterator[Finding]:
    """What a car cannot be, and the same car twice."""
    cars = rows["vehicles"]
    for row in cars:
        yield from ((row, *wrong) for wrong in vehicle_rules.implausible(row))
    for position, wrong in vehicle_rules.twins(list(cars)):
        yield (cars[position], *wrong)


def _prices(rows: Rows) -> Iterator[Finding]:
    for row in rows["vehicles"]:
        if (row["msrp_usd"] is None) != (row["msrp_model_year"] is None):
            what = "a price and its model year come together"
            yield row, "msrp_model_year", what, "fill both or neither"


def _limits(rows: Rows) -> Iterator[Finding]:
    for row in rows["constraints"]:
        if (row["limit_value"] is None) == (row["limit_of"] == ""):
            what = "exactly one of limit_value and limit_of is filled"
            yield row, "limit_value", what, "fill one of them"
        for column in ("limit_deduction", "limit_divisor"):
            if (row[column] is None) != (row["limit_of"] == ""):
                yield row, column, f"limit_of and {column} come together", "fill both or neither"


def _shares(rows: Rows) -> Iterator[Finding]:
    """The bands of a place add to at most all of its roads."""
    bands = [row for row in rows["road_widths"] if row["band"] != "all"]
    for (scope, year, basis), group in grouped(bands, "scope", "year", "width_basis").items():
        total = sum(row["share"] for row in group)
        if total > 1.001:
            what = f"the shares of {scope}, {year}, {basis} add to {total:.4f}"
            yield group[-1], "share", what, "together they are 1 at most"


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("goods_trade", "goods_trade_monthly"), _months_and_years),
    (("goods_trade",), _vintages),
    (("goods_trade",), _balance("goods_trade")),
    (("goods_trade_monthly",), _balance("goods_trade_monthly")),
    (("fx_usdjpy_annual", "fx_usdjpy_monthly"), _yearly_rates),
    (("trade_flows",), _kinds_of_period),
    (("tariffs",), _one_rate_a_day),
    (("tariffs",), _confirmed),
    (("events",), _dates_in_ids),
    (("precedents",), _attainment),
    (("precedents",), _years_of_ratios),
    (("programme_models", "vehicles"), _programme),
    (("vehicles", "plants"), _plants),
    (("volume_segments", "japan_market"), _segments),
    (("volume_assumptions", "us_models", "programme_models"), _supply_caps),
    (("vehicles",), _plausible),
    (("vehicles",), _prices),
    (("constraints",), _limits),
    (("road_widths",), _shares),
)
"""The tables that a rule reads, first the one whose rows it judges, and the rule."""
