"""What must hold inside and between the trade, market and vehicle tables, beyond what one column
can say.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from helpers.data import vehicle_rules
from helpers.texts import publication_order

Row = dict[str, Any]
"""One row: values by column name, None where a number is blank, and its physical line as "line"."""
Rows = Mapping[str, list[Row]]


class Finding(NamedTuple):
    """What a rule found: in which table, on which line, in which column, what is wrong and what to
    write instead.
    """

    table: str
    line: int
    column: str
    what: str
    instead: str


Rule = Callable[[Rows], Iterator[Finding]]


def grouped(rows: list[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    """The rows by their values in these columns, in order of appearance."""
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


# Trade


def _months_and_years(rows: Rows) -> Iterator[Finding]:
    """Twelve months of one vintage add to the yearly row of that vintage. Months of several
    vintages, as in 2024, need not.
    """
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
                    f"{year[column]:.1f}, but the twelve months of goods_trade_monthly.csv add "
                    f"to {total:.1f}"
                )
                yield Finding("goods_trade", year["line"], column, what, "correct one of them")


def _vintages(rows: Rows) -> Iterator[Finding]:
    """The publications of a year stand from old to new, years in their order: the last row of a
    year is its newest figure.
    """
    for before, after in pairwise(rows["goods_trade"]):
        if after["year"] < before["year"]:
            what = f"{after['year']} stands after {before['year']}"
            yield Finding("goods_trade", after["line"], "year", what, "let the years rise")
        elif after["year"] == before["year"] and publication_order(
            after["vintage"]
        ) < publication_order(before["vintage"]):
            what = (
                f"'{after['vintage']}' is older than '{before['vintage']}' of line {before['line']}"
            )
            yield Finding(
                "goods_trade",
                after["line"],
                "vintage",
                what,
                "let the vintages of a year run from old to new",
            )


def _yearly_balance(rows: Rows) -> Iterator[Finding]:
    return _balance("goods_trade", rows["goods_trade"])


def _monthly_balance(rows: Rows) -> Iterator[Finding]:
    return _balance("goods_trade_monthly", rows["goods_trade_monthly"])


def _balance(table: str, rows: list[Row]) -> Iterator[Finding]:
    """Exports less imports give the balance, to the rounding in which the row is printed."""
    for row in rows:
        exports, imports, balance = (
            row["exports_usd_mn"],
            row["imports_usd_mn"],
            row["balance_usd_mn"],
        )
        if None in (exports, imports, balance):
            continue
        rounding = 100 if balance % 1000 == 0 else 0.25
        if abs(exports - imports - balance) > rounding:
            what = f"{balance:.1f} is not exports less imports, {exports - imports:.1f}"
            yield Finding(table, row["line"], "balance_usd_mn", what, "correct one of the three")


def _yearly_rates(rows: Rows) -> Iterator[Finding]:
    months: dict[int, list[float]] = defaultdict(list)
    for row in rows["fx_usdjpy_monthly"]:
        months[int(row["period"][:4])].append(row["jpy_per_usd"])
    for row in rows["fx_usdjpy_annual"]:
        rates = months[row["period"]]
        if len(rates) == 12 and abs(sum(rates) / 12 - row["jpy_per_usd"]) > 0.2:
            what = (
                f"{row['jpy_per_usd']} is more than 0.2 yen from the mean of the months, "
                f"{sum(rates) / 12:.4f}"
            )
            yield Finding(
                "fx_usdjpy_annual", row["line"], "jpy_per_usd", what, "correct one of them"
            )


def _kinds_of_period(rows: Rows) -> Iterator[Finding]:
    forms = {
        "calendar_year": r"\d{4}",
        "fiscal_year": r"FY\d{4}",
        "month": r"\d{4}-\d{2}",
        "year_to_date": r"\d{4}-\d{2}/\d{4}-\d{2}",
    }
    for row in rows["trade_flows"]:
        form = forms.get(row["period_kind"])
        if form and not re.fullmatch(form, row["period"]):
            what = f"'{row['period']}' is not a period of the kind {row['period_kind']}"
            yield Finding(
                "trade_flows", row["line"], "period", what, "correct period or period_kind"
            )


def _one_rate_a_day(rows: Rows) -> Iterator[Finding]:
    """Intervals of one instrument on one product do not overlap."""
    for group in grouped(rows["tariffs"], "instrument", "importer", "exporter", "product").values():
        for before, after in pairwise(sorted(group, key=lambda row: row["effective_from"])):
            if before["effective_to"] == "" or before["effective_to"] >= after["effective_from"]:
                what = (
                    f"{after['effective_from']} lies inside the interval of line "
                    f"{before['line']}, which ends {before['effective_to'] or 'never'}"
                )
                yield Finding(
                    "tariffs",
                    after["line"],
                    "effective_from",
                    what,
                    "end that one on the day before",
                )


def _confirmed(rows: Rows) -> Iterator[Finding]:
    """An open rate, and no other, says until when it is known, on its first day or later."""
    for row in rows["tariffs"]:
        day, opened = row["confirmed_on"], not row["effective_to"]
        if opened != bool(day) or (day and day < row["effective_from"]):
            what = (
                f"'{day}' for a rate in force from {row['effective_from']} "
                f"to {row['effective_to'] or 'now'}"
            )
            instead = (
                "write the last day on which a source has it in force"
                if opened
                else "leave it blank: the last day says it"
            )
            yield Finding("tariffs", row["line"], "confirmed_on", what, instead)


def _dates_in_ids(rows: Rows) -> Iterator[Finding]:
    for row in rows["events"]:
        thread, _, stamp = row["event_id"].rpartition(".")
        day = row["date"].replace("-", "")
        if re.sub("[a-z]$", "", stamp) != day:
            yield Finding(
                "events",
                row["line"],
                "event_id",
                f"'{row['event_id']}' does not end in its date {row['date']}",
                f"write {thread}.{day}",
            )


# Market


def _attainment(rows: Rows) -> Iterator[Finding]:
    for row in rows["precedents"]:
        plan, result, stated = (
            row["target_period_units"],
            row["actual_period_units"],
            row["attainment_ratio"],
        )
        if (
            stated is not None
            and plan
            and result is not None
            and abs(result / plan - stated) > 0.006
        ):
            what = f"{stated} is not result over plan, {result / plan:.3f}"
            yield Finding(
                "precedents", row["line"], "attainment_ratio", what, "correct one of the three"
            )


def _years_of_ratios(rows: Rows) -> Iterator[Finding]:
    """A ratio is above 0, as the estimate takes its logarithm, and its year of the programme can be
    told.
    """
    for row in rows["precedents"]:
        if row["attainment_ratio"] is None:
            continue
        if row["attainment_ratio"] <= 0:
            yield Finding(
                "precedents",
                row["line"],
                "attainment_ratio",
                "a ratio of 0 cannot be compared",
                "leave it blank and say in the note what was sold",
            )
        if not re.match(r"\d{4}", row["target_period"]):
            what = f"'{row['target_period']}' beside a ratio is not a calendar period"
            yield Finding(
                "precedents",
                row["line"],
                "target_period",
                what,
                "write YYYY, YYYY-MM, YYYY-MM-DD or start/end",
            )
        if row["first_year"] is None:
            yield Finding(
                "precedents",
                row["line"],
                "first_year",
                "is blank beside a ratio",
                "write the first year of sale, or leave the ratio blank",
            )


def _programme(rows: Rows) -> Iterator[Finding]:
    """The trim that stands for a programme model is a US-built candidate with the same day of
    announcement.
    """
    vehicles = {row["vehicle_id"]: row for row in rows["vehicles"]}
    for row in rows["programme_models"]:
        vehicle = vehicles[row["vehicle_id"]]
        if vehicle["role"] != "us_candidate" or vehicle["assembly_country"] != "USA":
            what = f"'{row['vehicle_id']}' is not a US-built candidate"
            yield Finding(
                "programme_models",
                row["line"],
                "vehicle_id",
                what,
                "name one with the role us_candidate",
            )
        if row["announced_on"] and not vehicle["japan_status"].startswith(
            f"announced {row['announced_on']}"
        ):
            what = (
                f"{row['announced_on']}, but japan_status of {row['vehicle_id']} is "
                f"'{vehicle['japan_status']}'"
            )
            yield Finding(
                "programme_models", row["line"], "announced_on", what, "correct one of them"
            )


def _plants(rows: Rows) -> Iterator[Finding]:
    """A vehicle's state is one where a plant is known to build the model and not known to have
    ended.
    """
    states = {
        model: {row["state"] for row in group if not row["to"]}
        for (model,), group in grouped(rows["plants"], "model").items()
    }
    for row in rows["vehicles"]:
        if row["role"] != "us_candidate":
            continue
        built = states.get(row["model"], set()) | states.get(
            f"{row['make']} {row['model']} {row['trim']}", set()
        )
        if built and row["assembly_state"] not in built:
            what = f"'{row['assembly_state']}', but plants.csv has {', '.join(sorted(built))}"
            yield Finding("vehicles", row["line"], "assembly_state", what, "correct one of them")


def _segments(rows: Rows) -> Iterator[Finding]:
    counted = {(row["series"], row["period"]) for row in rows["japan_market"]}
    for row in rows["volume_segments"]:
        if (row["series"], row["period"]) not in counted:
            what = f"japan_market.csv has no {row['series']} for {row['period']}"
            yield Finding(
                "volume_segments",
                row["line"],
                "series",
                what,
                "name a series and period that stand there",
            )


def _supply_caps(rows: Rows) -> Iterator[Finding]:
    """A supply cap whose reason is "5 % of US sales of 316,185 in 2025" is that share, to the
    hundred, of a figure of us_models.
    """
    titles = {row["model"]: row["title"] for row in rows["programme_models"]}
    for row in rows["volume_assumptions"]:
        reason = (
            re.match(r"(\d+) % of [^0-9]*? of ([\d,]*\d)(?: in (\d{4}))?", row["why"])
            if row["factor"] == "supply_units"
            else None
        )
        if reason is None:
            continue
        share, base, year = int(reason[1]), int(reason[2].replace(",", "")), reason[3]
        counted = [
            one
            for one in rows["us_models"]
            if one["model"] == titles.get(row["model"]) and year in (None, str(one["period"]))
        ]
        if base not in {one["units"] for one in counted}:
            what = (
                f"us_models.csv has no figure of {reason[2]} for "
                f"{row['model']}{f' in {year}' if year else ''}"
            )
            yield Finding(
                "volume_assumptions", row["line"], "why", what, "name a figure that stands there"
            )
        elif row["mode"] != round(share * base / 100, -2):
            what = (
                f"{row['mode']:.15g}, but {share} % of {reason[2]} is "
                f"{round(share * base / 100, -2):.15g} to the hundred"
            )
            yield Finding(
                "volume_assumptions", row["line"], "mode", what, "correct the number or its reason"
            )


# Vehicles


def _plausible(rows: Rows) -> Iterator[Finding]:
    """What a car cannot be, and the same car twice."""
    cars = rows["vehicles"]
    for row in cars:
        for wrong in vehicle_rules.implausible(row):
            yield Finding("vehicles", row["line"], *wrong)
    for position, wrong in vehicle_rules.twins(list(cars)):
        yield Finding("vehicles", cars[position]["line"], *wrong)


def _prices(rows: Rows) -> Iterator[Finding]:
    for row in rows["vehicles"]:
        if (row["msrp_usd"] is None) != (row["msrp_model_year"] is None):
            yield Finding(
                "vehicles",
                row["line"],
                "msrp_model_year",
                "a price and its model year come together",
                "fill both or neither",
            )


def _limits(rows: Rows) -> Iterator[Finding]:
    for row in rows["constraints"]:
        if (row["limit_value"] is None) == (row["limit_of"] == ""):
            yield Finding(
                "constraints",
                row["line"],
                "limit_value",
                "exactly one of limit_value and limit_of is filled",
                "fill one of them",
            )
        for column in ("limit_deduction", "limit_divisor"):
            if (row[column] is None) != (row["limit_of"] == ""):
                what = f"limit_of and {column} come together"
                yield Finding("constraints", row["line"], column, what, "fill both or neither")


def _shares(rows: Rows) -> Iterator[Finding]:
    """The bands of a place add to at most all of its roads."""
    bands = [row for row in rows["road_widths"] if row["band"] != "all"]
    for (scope, year, basis), group in grouped(bands, "scope", "year", "width_basis").items():
        total = sum(row["share"] for row in group)
        if total > 1.001:
            what = f"the shares of {scope}, {year}, {basis} add to {total:.4f}"
            yield Finding(
                "road_widths", group[-1]["line"], "share", what, "together they are 1 at most"
            )


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("goods_trade", "goods_trade_monthly"), _months_and_years),
    (("goods_trade",), _vintages),
    (("goods_trade",), _yearly_balance),
    (("goods_trade_monthly",), _monthly_balance),
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
