"""What the trade notebook records: each result as the keyword arguments of `results.record`."""

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers.data.picking import Quantity, all_sources, weakest
from helpers.quantities import QUALITIES
from helpers.scenarios import Scenario
from helpers.show import numbers
from helpers.trade import sentences as words
from helpers.trade.case import TradeCase
from helpers.trade.duty import Duty
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.incidence import Incidence, IncidenceInputs, full_absorption_factor
from helpers.trade.mirror import Mirror

Record = dict[str, Any]
NO_SOLUTION = "no number of cars"
NO_CHANGE = "no change of duty"
_DUTY_SOURCES = ("CRS-IF10971", "FR17908", "PROC10908")


def gap(trade: CarTrade) -> list[Record]:
    """The gap in units and value with its measures."""
    units, values = (
        (trade.japan_units, trade.us_units),
        (trade.japan_value_usd_mn, trade.us_value_usd_mn),
    )
    more = (
        f"In {trade.year} Japan ships {numbers.units(trade.gap_units)} more to the United States "
        "than it takes."
    )
    cover = (
        f"US car exports to Japan cover {numbers.percent(trade.cover_percent)} of US car imports "
        "from Japan."
    )
    index = (
        f"The Grubel-Lloyd index of two-way trade is {trade.grubel_lloyd:.3f}; 0 is one way "
        "only, 1 is balance."
    )
    return [
        _from("gap_units", trade.gap_units, "vehicles", units, more),
        _from("units_ratio", trade.units_ratio, "vehicles for one", units, words.ratio(trade)),
        _from(
            "gap_value_usd_mn",
            trade.gap_usd_mn,
            "USD million",
            values,
            f"The car gap of {trade.year} is {words.usd_mn(trade.gap_usd_mn)}.",
        ),
        _from("cover_percent", trade.cover_percent, "%", values, cover),
        _from("grubel_lloyd", trade.grubel_lloyd, "index from 0 to 1", values, index),
        _from(
            "car_share_of_deficit_percent",
            trade.share_of_goods_deficit_percent,
            "%",
            (*values, trade.goods_deficit_usd_mn),
            words.share_of_deficit(trade),
        ),
    ]


def price_cut(years: pd.DataFrame) -> list[Record]:
    """What changed from 2024 to 2025, from `trade.year_on_year`."""
    rows = {row["measure"]: row for row in years.to_dict("records")}
    names = {
        "units_change_2025_percent": "Vehicles shipped",
        "value_change_2025_percent": "Export value",
    }
    return [
        _record(
            name,
            rows[measure]["change_percent"],
            "%",
            "derived",
            rows[measure]["source_ids"].split(";"),
            words.price_cut(years),
        )
        for name, measure in names.items()
    ]


def mirror(found: Mirror) -> list[Record]:
    """What the two sides' statistics leave unexplained."""
    sentence = words.unexplained(found)
    return [
        _record(
            "mirror_unexplained_percent",
            found.unexplained_percent,
            "%",
            "estimate",
            found.source_ids,
            sentence,
        ),
        _record(
            "mirror_cif_unexplained_percent",
            found.unexplained_cif_percent,
            "%",
            "estimate",
            found.source_ids,
            sentence,
        ),
    ]


def duty(found: Duty) -> list[Record]:
    """The duty on the day asked for."""
    quality = max((one.quality for one in found.components if one.counts), key=QUALITIES.index)
    return [
        _record(
            "duty_on_date_percent",
            found.total_percent,
            "%",
            quality,
            found.source_ids,
            words.duty(found),
        )
    ]


def absorption(index: pd.DataFrame, declared: pd.DataFrame, month: str) -> list[Record]:
    """Measured absorption: the index in one month and in the last, and declared unit values of the
    half-year.
    """
    chosen, latest, half = (
        index[index["month"] == month].to_dict("records")[0],
        index.to_dict("records")[-1],
        declared.to_dict("records")[-1],
    )
    found = [
        ("measured_absorption_percent", chosen, words.index_month(chosen)),
        ("measured_absorption_latest_percent", latest, words.index_month(latest)),
        ("declared_absorption_percent", half, words.declared_half_year(half)),
    ]
    return [
        _record(
            name,
            _or_no_change(row["absorbed_percent"]),
            "%",
            "derived",
            [*row["source_ids"].split(";"), *_DUTY_SOURCES],
            text,
        )
        for name, row, text in found
    ]


def incidence(found: Incidence, inputs: IncidenceInputs) -> list[Record]:
    """Benchmarks, burden, revenue, welfare and the response by origin, at the assumptions of the
    scenario.
    """
    now, other = found.now, found.counterfactual
    japan = next(row for row in found.by_origin.to_dict("records") if row["origin"] == "Japan")
    at = f"at {numbers.percent(inputs.absorption_percent, 0)} absorption (assumed)"
    here, there = numbers.percent(now.duty_percent), numbers.percent(other.duty_percent)
    sources = (*_DUTY_SOURCES, *found.source_ids, "ASSUMPTION")
    money = "USD million a year"
    benchmarks = [
        _record(
            name,
            100 * (full_absorption_factor(inputs.baseline_duty_percent, outcome.duty_percent) - 1),
            "%",
            "derived",
            _DUTY_SOURCES,
            words.benchmark(inputs, outcome.duty_percent),
        )
        for name, outcome in (
            ("full_absorption_cut_percent", now),
            ("full_absorption_cut_counterfactual_percent", other),
        )
    ]
    rows = (
        (
            "landed_price_change_percent",
            now.burden.landed_price_percent,
            "%",
            words.who_pays(now, inputs),
        ),
        (
            "exporter_share_of_duty_percent",
            now.burden.exporter_share_percent,
            "%",
            words.who_pays(now, inputs),
        ),
        (
            "duty_revenue_usd_mn",
            now.revenue_usd_mn,
            money,
            f"A duty of {here} raises {words.usd_mn(now.revenue_usd_mn)} a year {at}.",
        ),
        (
            "duty_saving_static_usd_mn",
            found.saving_static_usd_mn,
            money,
            f"{here} instead of {there} duty saves {words.usd_mn(found.saving_static_usd_mn)} a "
            "year on an unchanged flow.",
        ),
        (
            "duty_saving_usd_mn",
            found.saving_usd_mn,
            money,
            "With prices and demand responding the saving is "
            f"{words.usd_mn(found.saving_usd_mn)} a year {at}.",
        ),
        (
            "duty_triangle_usd_mn",
            now.triangle_usd_mn,
            money,
            f"Cars not bought cost welfare of {words.usd_mn(now.triangle_usd_mn)} a year {at}.",
        ),
    )
    origin = (
        f"If only Japan paid {there}, the number of its cars would change by "
        f"{words.signed_percent(japan['quantity_percent'])} {at}."
    )
    return [
        *benchmarks,
        *(
            _record(name, value, unit, found.quality, sources, sentence)
            for name, value, unit, sentence in rows
        ),
        _record(
            "japan_quantity_counterfactual_percent",
            japan["quantity_percent"],
            "%",
            found.quality,
            (*found.origin_source_ids, "ASSUMPTION"),
            origin,
        ),
    ]


def effect(found: Effect, trade: CarTrade) -> list[Record]:
    """The programme through four lenses, and the cars that close the share asked for."""
    cars, money = numbers.units(found.units, "cars"), "USD million a year"
    deficit = (*found.source_ids, *trade.goods_deficit_usd_mn.source_ids)
    of_flow = (
        f"{cars} a year are {numbers.percent(found.share_of_japan_units_percent)} of the "
        "vehicles Japan ships to the United States."
    )
    in_yen = (
        f"At ¥{found.rate.value:.2f} per dollar, the {found.rate.basis}, {cars} are worth "
        f"{numbers.jpy(found.gross_jpy_bn * 1e9)}."
    )
    origin = ", one analyst's estimate," if found.units == Scenario().programme_units else ""
    of_gap = (
        f"{cars} a year{origin} are {numbers.percent(found.share_of_gap_percent)} of the "
        f"{trade.year} US-Japan car gap by gross value (value per car assumed)."
    )
    visible = (
        f"{numbers.units(found.units_to_be_visible, 'cars')} a year reach the assumed mark of "
        f"{numbers.percent(found.negligible_percent)} of the goods deficit."
    )
    added = (
        f"{cars} a year hold {words.usd_mn(found.us_value_added.value)} of US value added "
        "(assumed value and content)."
    )
    net = (
        f"{cars} a year {words.gap_change(found.net.value)} net of Japanese parts and backfill "
        "(assumed)."
    )
    worst = (
        f"At the unfavourable end of every assumed range {cars} {words.gap_change(found.net.low)}."
    )
    ranges = "range of the assumptions"
    rows: tuple[
        tuple[str, float | str, str, Iterable[str], str, tuple[float, float, str] | None], ...
    ] = (
        (
            "programme_share_of_japan_units_percent",
            found.share_of_japan_units_percent,
            "%",
            trade.japan_units.source_ids,
            of_flow,
            None,
        ),
        (
            "programme_flow_multiple",
            found.flow_multiple,
            "times",
            trade.us_units.source_ids,
            words.doubling(found, trade),
            None,
        ),
        (
            "programme_value_usd_mn",
            found.gross.value,
            money,
            found.source_ids,
            words.share_of_flow(found, trade),
            (found.gross.low, found.gross.high, "range of values per car found in the trade"),
        ),
        (
            "programme_value_jpy_bn",
            found.gross_jpy_bn,
            "JPY billion a year",
            found.source_ids,
            in_yen,
            None,
        ),
        (
            "programme_share_of_flow_percent",
            found.share_of_flow_percent,
            "%",
            found.source_ids,
            words.share_of_flow(found, trade),
            None,
        ),
        (
            "programme_share_of_gap_percent",
            found.share_of_gap_percent,
            "%",
            found.source_ids,
            of_gap,
            None,
        ),
        (
            "programme_share_of_deficit_percent",
            found.share_of_deficit_percent,
            "%",
            deficit,
            words.negligible(found, trade),
            None,
        ),
        (
            "units_to_be_visible",
            found.units_to_be_visible,
            "vehicles a year",
            deficit,
            visible,
            None,
        ),
        (
            "programme_us_value_added_usd_mn",
            found.us_value_added.value,
            money,
            found.source_ids,
            added,
            (found.us_value_added.low, found.us_value_added.high, ranges),
        ),
        (
            "programme_net_usd_mn",
            found.net.value,
            money,
            found.source_ids,
            net,
            (found.net.low, found.net.high, ranges),
        ),
        ("programme_net_low_usd_mn", found.net.low, money, found.source_ids, worst, None),
        (
            "units_to_close_gross",
            _or_none(found.units_to_close_gross),
            "vehicles a year",
            found.source_ids,
            words.closing(found, net=False),
            None,
        ),
        (
            "units_to_close_net",
            _or_none(found.units_to_close_net),
            "vehicles a year",
            found.source_ids,
            words.closing(found, net=True),
            None,
        ),
    )
    return [
        _record(name, value, unit, found.quality, ("BENZ25", *sources), sentence, interval)
        for name, value, unit, sources, sentence, interval in rows
    ]


def source_ids(case: TradeCase, month: str) -> list[str]:
    """Ids of every source behind a result or a table of the case, each once; month: as for
    `absorption`.
    """
    recorded = (
        *gap(case.trade),
        *price_cut(case.years),
        *mirror(case.mirror),
        *duty(case.duty),
        *absorption(case.index, case.declared, month),
        *incidence(case.incidence, case.incidence_inputs),
        *effect(case.effect, case.trade),
    )
    named = [source for record in recorded for source in record["source_ids"]]
    named += [
        source for found in case.duties for one in found.components for source in one.source_ids
    ]
    return list(dict.fromkeys([*case.source_ids, *named]))


def _or_no_change(absorbed: float) -> float | str:
    return NO_CHANGE if math.isnan(absorbed) else absorbed


def _or_none(found: float | None) -> float | str:
    return NO_SOLUTION if found is None else found


def _from(
    name: str, value: float, unit: str, quantities: tuple[Quantity, ...], sentence: str
) -> Record:
    return _record(name, value, unit, weakest(*quantities), all_sources(*quantities), sentence)


def _record(
    name: str,
    value: float | str,
    unit: str,
    quality: str,
    sources: Iterable[str],
    sentence: str,
    interval: tuple[float, float, str] | None = None,
) -> Record:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "quality": quality,
        "source_ids": tuple(dict.fromkeys(sources)),
        "sentence": sentence,
        "interval": interval,
    }
