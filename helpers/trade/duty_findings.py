"""The duty and who bears it, in sentences and results."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

from helpers import results
from helpers.data.picking import source_tuple
from helpers.periods import last_day
from helpers.quantities import Provenance, Quantity, fact
from helpers.results import Result, result
from helpers.show import numbers
from helpers.trade.duty import Duty
from helpers.trade.market import Outcome
from helpers.trade.part import TradePart
from helpers.trade.words import middle, rate_text, share_text, size

NO_CHANGE = "no change of duty"


def duty(duty: Duty) -> Result:
    """The duty on a day and the rule behind it."""
    importer = {"US": "United States"}.get(duty.importer, duty.importer)
    total = duty.total
    carried = (
        f"; known until {numbers.day(duty.known_until)}, carried forward since"
        if duty.carried
        else ""
    )
    return result(
        "duty_on_date_percent",
        total,
        f"On {numbers.day(duty.day)} a {duty.product.replace('_', ' ')} from "
        f"{duty.exporter} pays "
        f"{share_text(total)} duty in the {importer} ({duty.rule}){carried}.",
    )


def collected(trade: TradePart, rate: Quantity) -> Result:
    """The duty collected, as a rate of customs value, against the schedule."""
    rates = trade.collected
    away = rate.value - rates.schedule.value
    side = "below" if away < 0 else "above"
    return result(
        "duty_collected_percent",
        rate,
        f"The duty collected is {rate.text} of customs value, {numbers.plain(abs(away), 1)} "
        f"percentage points {side} the schedule: from {numbers.day(rates.share.period)} customs "
        f"calculated {numbers.percent(rates.share.value, 0)} of what a schedule asks for on "
        "vehicles and parts from Japan, as estimated by the Budget Lab at Yale.",
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
        f"In {numbers.day(row['month'])} the export price of cars to North America is "
        f"{numbers.percent(-row['change_percent'])} below the year before, "
        f"{absorbed(row['absorbed_percent'])} in the United States. About "
        f"{numbers.percent(share.value, 0)} of the cars go there; had prices to Canada not moved, "
        f"theirs would be {alone} lower."
    )
    rests_on = Provenance(
        row["month"], row["quality"], source_tuple([row["source_ids"]]), last_day(row["month"])
    )
    if math.isnan(row["absorbed_percent"]):
        return results.word("measured_absorption_percent", NO_CHANGE, sentence, rests_on)
    share = Quantity(row["absorbed_percent"], "%", rests_on)
    return result("measured_absorption_percent", share, sentence)


def index_latest(trade: TradePart) -> Result:
    """The export price in the newest month, and what it says once the duty is cut."""
    row = trade.index.to_dict("records")[-1]
    change, full = row["change_percent"], row["benchmark_percent"]
    below = change < full - 0.05
    said = (
        "below that: it had not yet been raised again after the cut" if below else "not below that"
    )
    source_ids = source_tuple([row["source_ids"]])
    return result(
        "export_price_latest_percent",
        fact(change, "%", row["month"], row["quality"], source_ids),
        f"In {numbers.day(row['month'])} the export price is {numbers.percent(-change)} below the "
        f"year before. Full absorption of a duty of {rate_text(row['duty_percent'])} at entry asks "
        f"for {numbers.percent(-full)}, and the price is {said}.",
    )


def declared_half_year(row: Mapping[Hashable, Any]) -> Result:
    """Declared value per vehicle of a half-year; a row of `TradePart.declared`."""
    change, source_ids = row["unit_value_usd_percent"], source_tuple([row["source_ids"]])
    sentence = (
        f"From {numbers.day(row['period'])} the declared value per vehicle in dollars "
        f"{numbers.moved(change)} on the year before, {absorbed(row['absorbed_percent'])}, "
        "changes of the model mix included."
    )
    number = fact(change, "%", row["period"], row["quality"], source_ids)
    return result("declared_unit_value_percent", number, sentence)


def absorption(trade: TradePart) -> tuple[Result, ...]:
    """Measured absorption: the index at its largest fall and last, and declared unit values."""
    half_year = declared_half_year(trade.declared.to_dict("records")[-1])
    return index_month(trade), index_latest(trade), half_year


def benchmark(baseline: Quantity, duty: Quantity, cut: Quantity, name: str = "") -> Result:
    """The price cut that full absorption of a duty needs."""
    return result(
        name or "full_absorption_cut_percent",
        cut,
        f"From {share_text(baseline)} to {share_text(duty)} duty the landed price stays the same "
        f"if the export price {numbers.moved(cut.value)}.",
    )


def of_flow(trade: TradePart) -> str:
    """The flow that a duty is followed from, in words."""
    flow = trade.untaxed
    return (
        f"on the cars of {flow.year}"
        if flow.year == trade.flows.year
        else (f"on the cars of {flow.year}, the last year before the duty")
    )


def bearer(outcome: Outcome) -> str:
    """How much of a duty exporters absorb, at the assumed elasticities."""
    if not outcome.changed:
        return no_duty(outcome)
    share = middle(outcome.absorbed)
    ends = [numbers.percent(end, 0) for end in share.ends]
    return (
        f"At the assumed elasticities exporters absorb {numbers.percent(share.value, 0)} "
        f"({numbers.between(*ends)}) of a duty of {share_text(outcome.duty)} that Japan alone pays."
    )


def who_pays(trade: TradePart, outcome: Outcome) -> str:
    """What a duty does to prices and to the number of cars, at the assumed elasticities."""
    if not outcome.changed:
        return no_duty(outcome)
    return (
        f"A duty of {share_text(outcome.duty)} on cars from Japan alone lowers their export price "
        f"by {size(outcome.export_price)}, raises their landed price by "
        f"{size(outcome.landed_price)} and lowers their number by {size(outcome.cars)}, "
        f"{of_flow(trade)}, at the assumed elasticities."
    )


def no_duty(outcome: Outcome) -> str:
    """A duty that equals the one before."""
    return (
        f"A duty of {share_text(outcome.duty)} equals the baseline, so there is no additional "
        "duty to bear."
    )


def welfare(outcome: Outcome) -> str:
    """Who gains and who loses, at the assumed elasticities."""
    if not outcome.changed:
        return "A duty that does not change moves no welfare."
    winner = "gain" if middle(outcome.us_net).value >= 0 else "lose"
    return (
        f"At the assumed elasticities US buyers lose {size(outcome.us_buyers)} a year, makers of "
        f"US-built cars gain {size(outcome.us_makers)} and the Treasury "
        f"{size(outcome.us_treasury)}. The United States {winner} {size(outcome.us_net)} because "
        f"exporters in Japan, who lose {size(outcome.exporters)}, sell cheaper, all assumed."
    )


def saving(trade: TradePart, static: Quantity, responding: Quantity) -> str:
    """Duty saved by the lower rate, with and without response."""
    verb = "saves" if static.value >= 0 else "costs"
    return (
        f"Against {share_text(trade.otherwise.duty)} the duty now {verb} {size(static)} a year on "
        f"an unchanged flow and {size(responding)} when prices and demand respond (elasticities "
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
        result("duty_absorbed_percent", now.absorbed, bearer(now)),
        result("landed_price_change_percent", now.landed_price, bears),
        result("japan_quantity_percent", now.cars, bears),
        result("japan_quantity_counterfactual_percent", other.cars, who_pays(trade, other)),
        result(
            "duty_revenue_usd_mn",
            now.revenue,
            f"A duty of {share_text(now.duty)} raises {now.revenue.text} a year {of_flow(trade)} "
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
