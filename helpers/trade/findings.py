"""The car trade in sentences and results, which notebook, brief and explore share."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from helpers import results
from helpers.quantities import Quantity, fact
from helpers.results import Result, result
from helpers.scenarios import Scenario
from helpers.show import numbers
from helpers.trade.duty import Duty
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.history import TwoYears
from helpers.trade.market import Outcome
from helpers.trade.mirror import Mirror
from helpers.trade.part import TradePart

NO_SOLUTION = "no number of cars"
NO_CHANGE = "no change of duty"


def answer(trade: TradePart) -> list[Result | str]:
    """The answer in brief."""
    flows, effect = trade.flows, trade.effect
    return [
        units_ratio(flows, flows.units_ratio),
        share_of_deficit(flows, flows.share_of_goods_deficit),
        doubling(effect, flows),
        negligible(effect, flows),
        closing_net(effect, effect.units_to_close_net),
        index_month(trade),
        who_pays(trade, trade.now),
    ]


def publishers(flows: CarTrade) -> str:
    """The source line of a figure that rests on the car trade, with the basis of the scenario."""
    japan = f"{flows.outlet} (figures from Japan, as printed)" if flows.outlet else "JAMA"
    return (
        f"{japan}, Japan Ministry of Finance, US Commerce, as relayed by the press; US Census "
        "Bureau; own calculations."
    )


def units_ratio(flows: CarTrade, ratio: Quantity) -> Result:
    """How many vehicles come one way for one the other way."""
    period = flows.us_units.period
    stands_in = "" if period == str(flows.year) else f" (figure of {period})"
    return result(
        "units_ratio",
        ratio,
        f"In {flows.year} Japan ships {numbers.units(flows.japan_units.value)} to the United "
        f"States and takes {_cars_to_japan(flows)}{stands_in}: {numbers.plain(ratio.value)} to "
        "one.",
    )


def _cars_to_japan(flows: CarTrade) -> str:
    return f"{numbers.units(flows.us_units.value, 'US-built cars')} (used ones included)"


def gap_units(flows: CarTrade, gap: Quantity) -> Result:
    """The gap in vehicles."""
    return result(
        "gap_units",
        gap,
        f"In {flows.year} Japan ships {numbers.units(gap.value)} more to the United States than "
        "it takes.",
    )


def gap_value(flows: CarTrade, gap: Quantity) -> Result:
    """The gap in money."""
    return result("gap_value_usd_mn", gap, f"The car gap of {flows.year} is {gap.text}.")


def cover(share: Quantity) -> Result:
    """US exports against US imports."""
    sentence = f"US car exports to Japan cover {share.text} of US car imports from Japan."
    return result("cover_percent", share, sentence)


def two_way_trade(index: Quantity) -> Result:
    """The index of two-way trade."""
    sentence = (
        f"The Grubel-Lloyd index of two-way trade is {index.value:.3f}; 0 is one way only, 1 is "
        "balance."
    )
    return result("grubel_lloyd", index, sentence)


def share_of_deficit(flows: CarTrade, share: Quantity) -> Result:
    """The car gap against the whole goods deficit, with its publication."""
    deficit = flows.goods_deficit
    return result(
        "car_share_of_deficit_percent",
        share,
        f"The car gap of {flows.gap_value.text} is {share.text} of the US goods deficit with "
        f"Japan, {deficit.text} in {deficit.period} (publication {flows.publication}).",
    )


def gap(flows: CarTrade) -> tuple[Result, ...]:
    """The gap in units and value with its measures."""
    return (
        gap_units(flows, flows.gap_units),
        units_ratio(flows, flows.units_ratio),
        gap_value(flows, flows.gap_value),
        cover(flows.cover),
        two_way_trade(flows.grubel_lloyd),
        share_of_deficit(flows, flows.share_of_goods_deficit),
    )


def price_cut(years: TwoYears) -> tuple[Result, ...]:
    """Units against value in two years."""
    units, value = years.units.change, years.value_jpy.change
    sentence = (
        f"From {years.units.before.period} to {years.units.after.period} the export value changes "
        f"by {signed(value)} in yen and the number of vehicles by {signed(units)}, so the value "
        f"per vehicle {moves(years.unit_value_jpy.change)}."
    )
    return (
        result("units_change_2025_percent", units, sentence),
        result("value_change_2025_percent", value, sentence),
    )


def moves(change: Quantity) -> str:
    """The direction of a change, to a tenth of a percent."""
    tenth = round(change.value, 1)
    return "falls" if tenth < 0 else "rises" if tenth > 0 else "stays the same"


def mirror(ladder: Mirror) -> tuple[Result, ...]:
    """What the two sides' statistics leave unexplained."""
    sentence = (
        f"US imports of 2024 at customs value stand {signed(ladder.unexplained)} from Japan's "
        f"exports after every step; at CIF value they stand {signed(ladder.unexplained_cif)} from "
        "customs value plus the assumed freight and insurance."
    )
    return (
        result("mirror_unexplained_percent", ladder.unexplained, sentence),
        result("mirror_cif_unexplained_percent", ladder.unexplained_cif, sentence),
    )


def duty(found: Duty) -> Result:
    """The duty on a day and the rule behind it."""
    importer = {"US": "United States"}.get(found.importer, found.importer)
    total = found.total
    carried = (
        f"; known until {numbers.day(found.known_until)}, carried forward since"
        if found.carried
        else ""
    )
    return result(
        "duty_on_date_percent",
        total,
        f"On {numbers.day(found.day)} a {found.product.replace('_', ' ')} from "
        f"{found.exporter} pays "
        f"{total.text} duty in the {importer} ({found.rule}){carried}.",
    )


def collected(trade: TradePart, rate: Quantity) -> Result:
    """The duty collected, as a rate of customs value, against the schedule."""
    found = trade.collected
    away = rate.value - found.schedule.value
    side = "below" if away < 0 else "above"
    return result(
        "duty_collected_percent",
        rate,
        f"The duty collected is {rate.text} of customs value, {numbers.plain(abs(away), 1)} points "
        f"{side} the schedule: from {numbers.day(found.share.period)} customs calculated "
        f"{numbers.percent(found.share.value, 0)} of what a schedule asks for on vehicles and "
        "parts from Japan, as estimated by the Budget Lab at Yale.",
    )


def absorbed(percent: float) -> str:
    """A measured absorption; NaN where the duty does not differ from the baseline. A price that
    fell by more than full absorption asks for is no share of a duty.
    """
    if math.isnan(percent):
        return "with no change of duty to absorb"
    if percent > 100:
        return "lower than full absorption of the duty asks for"
    return f"{numbers.percent(percent, 0)} of full absorption of the duty"


def index_month(trade: TradePart) -> Result:
    """The export price in the month whose level was printed, against its benchmark."""
    row, share = trade.index_row, trade.us_share
    alone = numbers.percent(-row["change_percent"] / float(share))
    sentence = (
        f"In {row['month']} the export price of cars to North America is "
        f"{numbers.percent(-row['change_percent'])} below the year before, "
        f"{absorbed(row['absorbed_percent'])} in the United States; {share.text} of the cars go "
        f"there, and had prices to Canada not moved, theirs would be {alone} lower."
    )
    return _absorption("measured_absorption_percent", row, sentence)


def index_latest(trade: TradePart) -> Result:
    """The export price in the newest month, and what it says once the duty is cut."""
    row = trade.index.to_dict("records")[-1]
    change, full = row["change_percent"], row["benchmark_percent"]
    below = change < full - 0.05
    said = (
        "below that: prices had not yet been raised again after the cut"
        if below
        else "not below that"
    )
    source_ids = tuple(row["source_ids"].split(";"))
    return result(
        "export_price_latest_percent",
        fact(change, "%", row["month"], row["quality"], source_ids),
        f"In {row['month']} the export price is {numbers.percent(-change)} below the year before; "
        f"full absorption of a duty of {numbers.percent(row['duty_percent'])} at entry asks for "
        f"{numbers.percent(-full)}, and the price is {said}.",
    )


def declared_half_year(row: Mapping[Hashable, Any]) -> Result:
    """Declared value per vehicle of a half-year; a row of `TradePart.declared`."""
    change, source_ids = row["unit_value_usd_percent"], tuple(row["source_ids"].split(";"))
    sentence = (
        f"In {row['period']} declared dollars per vehicle change by {numbers.percent(change)} on "
        f"the year before, {absorbed(row['absorbed_percent'])}, changes of the model mix included."
    )
    number = fact(change, "%", row["period"], row["quality"], source_ids)
    return result("declared_unit_value_percent", number, sentence)


def absorption(trade: TradePart) -> tuple[Result, ...]:
    """Measured absorption: the index in the month of its largest fall and in the last, and declared
    unit values of the half-year.
    """
    half_year = declared_half_year(trade.declared.to_dict("records")[-1])
    return index_month(trade), index_latest(trade), half_year


def _absorption(name: str, row: Mapping[Hashable, Any], sentence: str) -> Result:
    source_ids = tuple(row["source_ids"].split(";"))
    if math.isnan(row["absorbed_percent"]):
        return results.word(
            name, NO_CHANGE, sentence, quality=row["quality"], source_ids=source_ids
        )
    share = fact(row["absorbed_percent"], "%", "", row["quality"], source_ids)
    return result(name, share, sentence)


def benchmark(baseline: Quantity, duty: Quantity, cut: Quantity, name: str = "") -> Result:
    """The price cut that full absorption of a duty needs."""
    return result(
        name or "full_absorption_cut_percent",
        cut,
        f"From {baseline.text} to {duty.text} duty the landed price stays the same if the export "
        f"price changes by {signed(cut)}.",
    )


def of_flow(trade: TradePart) -> str:
    """The flow that a duty is followed from, in words."""
    flow = trade.untaxed
    return (
        f"on the cars of {flow.year}"
        if flow.year == trade.flows.year
        else (f"on the cars of {flow.year}, the last year before the duty")
    )


def who_pays(trade: TradePart, outcome: Outcome) -> str:
    """Exporter against buyer at the assumed elasticities."""
    if not outcome.changed:
        return (
            f"A duty of {outcome.duty.text} equals the baseline, so there is no additional duty to "
            "bear."
        )
    return (
        f"A duty of {outcome.duty.text} on cars from Japan alone lowers their export price by "
        f"{size(outcome.export_price)}, raises their landed price by {size(outcome.landed_price)} "
        f"and lowers their number by {size(outcome.cars)}, {of_flow(trade)}, at the assumed "
        f"elasticities; exporters absorb {size(outcome.absorbed)} of the change."
    )


def welfare(outcome: Outcome) -> str:
    """Who gains and who loses, at the assumed elasticities."""
    if not outcome.changed:
        return "A duty that does not change moves no welfare."
    winner = "gain" if middle(outcome.us_net).value >= 0 else "lose"
    return (
        f"US buyers lose {size(outcome.us_buyers)} a year, makers of US-built cars gain "
        f"{size(outcome.us_makers)} and the Treasury {size(outcome.us_treasury)}: the United "
        f"States {winner} {size(outcome.us_net)} because exporters in Japan, who lose "
        f"{size(outcome.exporters)}, sell cheaper; all at the assumed elasticities."
    )


def saving(trade: TradePart, static: Quantity, responding: Quantity) -> str:
    """Duty saved by the lower rate, with and without response."""
    verb = "saves" if static.value >= 0 else "costs"
    return (
        f"Against {trade.otherwise.duty.text} the duty now {verb} {size(static)} a year on an "
        f"unchanged flow and {size(responding)} when prices and demand respond (elasticities "
        "assumed)."
    )


def incidence(trade: TradePart) -> tuple[Result, ...]:
    """Benchmarks, burden, revenue, quantities and welfare, at the assumptions of the scenario."""
    now, other, baseline = trade.now, trade.otherwise, trade.baseline_duty
    bears, gains = who_pays(trade, now), welfare(now)
    return (
        benchmark(baseline, now.duty, trade.full_cut(now.duty)),
        benchmark(
            baseline,
            other.duty,
            trade.full_cut(other.duty),
            "full_absorption_cut_counterfactual_percent",
        ),
        result("duty_absorbed_percent", now.absorbed, bears),
        result("landed_price_change_percent", now.landed_price, bears),
        result("japan_quantity_percent", now.cars, bears),
        result("japan_quantity_counterfactual_percent", other.cars, who_pays(trade, other)),
        result(
            "duty_revenue_usd_mn",
            now.revenue,
            f"A duty of {now.duty.text} raises {now.revenue.text} a year {of_flow(trade)} "
            "(elasticities assumed).",
        ),
        result(
            "duty_saving_static_usd_mn",
            trade.saving_static,
            saving(trade, trade.saving_static, trade.saving),
        ),
        result(
            "duty_saving_usd_mn",
            trade.saving,
            saving(trade, trade.saving_static, trade.saving),
        ),
        result("us_buyers_usd_mn", now.us_buyers, gains),
        result("us_makers_usd_mn", now.us_makers, gains),
        result("us_treasury_usd_mn", now.us_treasury, gains),
        result("us_net_usd_mn", now.us_net, gains),
        result("japan_exporters_usd_mn", now.exporters, gains),
    )


def doubling(effect: Effect, flows: CarTrade) -> Result:
    """What the programme does to the flow of US-built cars to Japan."""
    verb = (
        "more than double"
        if effect.more_than_doubles
        else f"raise by {numbers.percent(effect.share_of_us_units.value, 0)}"
    )
    return result(
        "programme_flow_multiple",
        effect.flow_multiple,
        f"{cars(effect)} a year would {verb} the flow of {_cars_to_japan(flows)} to Japan, to "
        f"{effect.flow_multiple.value:.2f} times.",
    )


def negligible(effect: Effect, flows: CarTrade) -> Result:
    """What the programme does to the goods deficit."""
    verdict, word = (
        ("below", "negligible") if effect.negligible else ("not below", "more than negligible")
    )
    return result(
        "programme_share_of_deficit_percent",
        effect.share_of_deficit,
        f"At an assumed {numbers.usd(effect.unit_value.value)} a car {cars(effect)} are "
        f"{effect.share_of_deficit.text} of the goods deficit of {flows.goods_deficit.period}, "
        f"{verdict} the {share_text(effect.negligible_share)} mark: {word} for the deficit.",
    )


def share_of_flow(effect: Effect, flows: CarTrade) -> Result:
    """The value of the programme against the value that flows from Japan."""
    return result(
        "programme_share_of_flow_percent",
        effect.share_of_flow,
        f"{cars(effect)} at an assumed {numbers.usd(effect.unit_value.value)} are worth "
        f"{usd(effect.gross)}, {numbers.percent(effect.share_of_flow.value, 2)} of the "
        f"{flows.japan_value.text} that flow from Japan.",
    )


def share_of_gap(effect: Effect, flows: CarTrade) -> Result:
    """The value of the programme against the car gap."""
    analyst = effect.units.value == Scenario().programme_units
    origin = ", one analyst's estimate," if analyst else ""
    return result(
        "programme_share_of_gap_percent",
        effect.share_of_gap,
        f"{cars(effect)} a year{origin} are {effect.share_of_gap.text} of the {flows.year} "
        "US-Japan car gap by gross value (value per car assumed).",
    )


def net_change(effect: Effect, net: Quantity) -> Result:
    """What the gap shrinks by, net of Japanese parts and backfill."""
    sentence = (
        f"{cars(effect)} a year {gap_change(net)} net of Japanese parts and backfill (assumed)."
    )
    return result("programme_net_usd_mn", net.to(effect.net.unit), sentence)


def closing_net(effect: Effect, units: Quantity | None) -> Result:
    """How many cars close the share of the gap asked for, net of Japanese parts and backfill."""
    counted = "net of Japanese parts and backfill (assumed)"
    return _closing("units_to_close_net", effect, units, counted)


def closing_gross(effect: Effect, units: Quantity | None) -> Result:
    """How many cars close that share by their whole value."""
    counted = "counting the whole value of a car (assumed)"
    return _closing("units_to_close_gross", effect, units, counted)


def _closing(name: str, effect: Effect, units: Quantity | None, counted: str) -> Result:
    share = share_text(effect.close_share)
    if units is None:
        sentence = (
            f"No number of cars closes {share} of the car gap {counted}: each car adds as much "
            "from Japan as it takes off."
        )
        source_ids = effect.net.source_ids
        return results.word(name, NO_SOLUTION, sentence, quality="estimate", source_ids=source_ids)
    times = units.value / effect.units.value
    return result(
        name,
        units,
        f"Closing {share} of the car gap takes {numbers.units(units.value, 'cars')} a year "
        f"{counted}, {times:.1f} times the programme.",
    )


def effect(found: Effect, flows: CarTrade) -> tuple[Result, ...]:
    """The programme through four lenses, and the cars that close the share asked for."""
    own = cars(found)
    low = found.net.interval[0] if found.net.interval else found.net.value
    worst = fact(low, found.net.unit, found.net.period, "estimate", found.net.source_ids)
    rate = found.gross_jpy.value * 1e9 / (found.gross.value * 1e6)
    return (
        result(
            "programme_share_of_japan_units_percent",
            found.share_of_japan_units,
            f"{own} a year are {found.share_of_japan_units.text} of the vehicles Japan ships to "
            "the United States.",
        ),
        doubling(found, flows),
        result("programme_value_usd_mn", found.gross, share_of_flow(found, flows).sentence),
        result(
            "programme_value_jpy_bn",
            found.gross_jpy,
            f"At ¥{rate:.2f} per dollar, the rate of the scenario, {own} are worth "
            f"{found.gross_jpy.text}.",
        ),
        share_of_flow(found, flows),
        share_of_gap(found, flows),
        negligible(found, flows),
        result(
            "units_to_be_visible",
            found.units_to_be_visible,
            f"{numbers.units(found.units_to_be_visible.value, 'cars')} a year reach the assumed "
            f"mark of {found.negligible_share.text} of the goods deficit.",
        ),
        result(
            "programme_us_value_added_usd_mn",
            found.us_value_added,
            f"{own} a year hold {usd(found.us_value_added)} of US value added (assumed value and "
            "content).",
        ),
        result(
            "programme_share_of_value_added_percent",
            found.share_of_value_added_gap,
            f"The US value added in {own} a year is {found.share_of_value_added_gap.text} of the "
            f"gap in what each side adds itself, {found.value_added_gap.text} (content assumed).",
        ),
        net_change(found, found.net),
        result(
            "programme_net_low_usd_mn",
            worst,
            f"At the unfavourable end of every assumed range {own} {gap_change(worst)}.",
        ),
        closing_gross(found, found.units_to_close_gross),
        closing_net(found, found.units_to_close_net),
    )


def likely_share(found: Effect, flows: CarTrade) -> Result:
    """The programme at the size of our own distribution, against the car gap."""
    units = middle(found.units)
    return result(
        "likely_share_of_gap_percent",
        found.share_of_gap,
        f"At our own distribution of volumes, {units.text} a year of all makers, the cars are "
        f"{middle(found.share_of_gap).text} of the {flows.year} US-Japan car gap by gross value "
        "(value per car assumed).",
    )


def likely(found: Effect, flows: CarTrade) -> tuple[Result, ...]:
    """The programme at the size of our own distribution."""
    deficit, net = middle(found.share_of_deficit), middle(found.net)
    return (
        likely_share(found, flows),
        result(
            "likely_share_of_deficit_percent",
            found.share_of_deficit,
            f"At our own distribution of volumes the cars are {deficit.text} of the goods deficit "
            f"of {flows.goods_deficit.period} (value per car assumed).",
        ),
        result(
            "likely_net_usd_mn",
            found.net,
            f"At our own distribution of volumes the gap shrinks by {net.text} net of Japanese "
            "parts and backfill (assumed).",
        ),
    )


def beside_a_month(trade: TradePart, effect: Effect) -> str:
    """The programme of a year beside the usual move of the goods deficit in a month."""
    moved = trade.goods_months.deficit.value.diff().abs().iloc[-12:]
    first, last = (numbers.day(own) for own in (moved.index[0], moved.index[-1]))
    middle_move, largest = (numbers.usd(own * 1e6) for own in (moved.median(), moved.max()))
    return (
        f"From one month to the next the goods deficit moves by {middle_move} in the middle and by "
        f"{largest} at most ({first} to {last}); the programme is worth {usd(effect.gross)} in a "
        "whole year (value per car assumed)."
    )


def beside_oil(trade: TradePart, effect: Effect) -> str:
    """A month of more oil beside a year of the programme, as far as published."""
    months = trade.goods_months
    rise = months.exports.value.diff(12)
    more = Quantity(abs(rise.iloc[-1]), "USD million")
    times, side = float(more.value / effect.gross.value), "more" if rise.iloc[-1] >= 0 else "less"
    crude = months.crude
    return (
        f"In {numbers.day(rise.index[-1])} the United States sell Japan {usd(more)} {side} of all "
        f"goods than a year before, {numbers.plain(times, 1)} times what the programme brings in a "
        "whole year (value per car assumed). How much of that is oil was not found; reported is "
        f"that Japan bought {numbers.plain(crude.value, 1)} times as much US crude oil in "
        f"{numbers.day(crude.period)} as a year before."
    )


def everything(trade: TradePart) -> tuple[Result, ...]:
    """Every result of the trade notebook."""
    return (
        *gap(trade.flows),
        *price_cut(trade.years),
        *mirror(trade.mirror),
        duty(trade.duty),
        collected(trade, (trade.collected.share * trade.collected.schedule).to("%")),
        *absorption(trade),
        *incidence(trade),
        *effect(trade.effect, trade.flows),
    )


def middle(quantity: Quantity) -> Quantity:
    """The median of draws with its interval; a plain number as it is."""
    return quantity.median() if isinstance(quantity.value, np.ndarray) else quantity


def size(change: Quantity) -> str:
    """How large a change is, with its interval and without its sign: 8.4 % (3.8 % to 13.7 %)."""
    own = middle(change)
    if own.value >= 0 or not own.interval:
        return replace(own, value=abs(own.value)).text
    low, high = own.interval
    return replace(own, value=-own.value, interval=(-high, -low)).text


def cars(effect: Effect) -> str:
    """The programme in words: 20,000 cars."""
    return numbers.units(effect.units.value, "cars")


def gap_change(less: Quantity) -> str:
    """What the gap does: shrinks by $680 m, or grows."""
    amount = less.to("USD").value
    return f"{'shrink' if amount >= 0 else 'widen'} the gap by {numbers.usd(abs(amount))}"


def usd(money: Quantity) -> str:
    """A sum in dollars without its range: $800 m."""
    return numbers.usd(money.to("USD").value)


def share_text(share: Quantity) -> str:
    """A share that a reader set, without idle decimals: 10 %, 2.5 %."""
    return numbers.percent(share.value, 0 if share.value % 1 == 0 else 1)


def signed(change: Quantity, decimals: int = 1) -> str:
    """A change in percent with its sign."""
    text = numbers.percent(change.value, decimals)
    return f"+{text}" if round(change.value, decimals) > 0 else text
