"""Figures of the car trade: both flows, price cut, mirror ladder, cars that close the gap."""

import numpy as np
import pandas as pd

from helpers.parts import drawn_once
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import bare, beside
from helpers.trade import findings, words
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.history import TwoYears
from helpers.trade.mirror import LADDER_YEAR, OBSERVED, UNEXPLAINED, Mirror

RULES_UNITS = (20_000, 50_000)
CLOSED_PERCENT = (0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0)


@drawn_once
def both_flows(flows: CarTrade, effect: Effect) -> Drawing:
    """Bars from zero, for units and for value: both flows, and the programme on the smaller."""
    panels = (
        ("Vehicles, thousand", flows.japan_units, flows.us_units, effect.units),
        ("Value, USD billion", flows.japan_value, flows.us_value, effect.gross),
    )
    bars = ("Japan to US", "US to Japan", "with the programme")
    data = pd.DataFrame(
        [
            (measure, *(float(flow.value) / 1_000 for flow in (japan, back, more)))
            for measure, japan, back, more in panels
        ],
        columns=["measure", "japan_to_us", "us_to_japan", "programme"],
    )

    def draw(canvas: Canvas) -> None:
        top = 0.0
        for measure, japan, back, more in data.itertuples(index=False):
            top = canvas.text(0, top, str(measure), weight="bold") + 2
            axis = canvas.rows(bars, top, left=150, right=64)
            axis.barh([0, 1, 2], [japan, back, back], height=canvas.bar_height, color=_COLOURS)
            axis.barh(
                2,
                more,
                left=back,
                height=canvas.bar_height,
                facecolor="none",
                edgecolor=_COLOURS[1],
            )
            for row, value in enumerate((japan, back, back + more)):
                beside(axis, value, row, _amount(value), weight="bold" if row else "normal")
            bare(axis, 0, max(japan, back + more))
            top = canvas.bottom + 14

    return Drawing(
        "both_flows",
        f"Japan sends {numbers.plain(flows.units_ratio.value)} vehicles for each car it takes, "
        f"{numbers.plain((flows.japan_units / (flows.us_units + effect.units)).value)} with the "
        "programme",
        f"Car trade between Japan and the United States, {flows.year}. Outlined: a programme of "
        f"{findings.cars(effect)} a year at an assumed {numbers.usd(effect.unit_value.value)}",
        findings.publishers(flows),
        draw,
        f"Bars of the car trade of {flows.year}: {numbers.units(flows.japan_units.value)} and "
        f"{flows.japan_value.text} from Japan, {numbers.units(flows.us_units.value)} and "
        f"{flows.us_value.text} to Japan. The programme adds "
        f"{numbers.units(effect.units.value)} worth {words.usd(effect.gross)} to the smaller "
        "side.",
        data,
    )


_COLOURS = [style.JAPAN_TO_US, style.US_TO_JAPAN, style.US_TO_JAPAN]


@drawn_once
def price_cut(years: TwoYears) -> Drawing:
    """Change between two years of units, value and value per vehicle, as bars from zero."""
    shown = (
        years.units,
        years.value_jpy,
        years.value_usd,
        years.unit_value_jpy,
        years.unit_value_usd,
    )
    data = pd.DataFrame(
        [(measure.label, measure.after.unit, measure.change.value) for measure in shown],
        columns=["measure", "unit", "change_percent"],
    )
    before, after = years.units.before.period, years.units.after.period
    units, value = (words.signed(measure.change) for measure in (years.units, years.value_jpy))

    def draw(canvas: Canvas) -> None:
        labels = [
            f"{name}, {unit}" if "USD" in unit or "JPY" in unit else name
            for name, unit in zip(data["measure"], data["unit"], strict=True)
        ]
        axis = canvas.rows(labels, 0, left=340, right=66)
        change = data["change_percent"]
        axis.barh(
            range(len(data)),
            change,
            height=canvas.bar_height,
            color=[style.NEUTRAL, *[style.JAPAN_TO_US] * (len(data) - 1)],
        )
        for row, measure in enumerate(shown):
            beside(axis, max(0.0, measure.change.value), row, words.signed(measure.change))
        bare(axis, min(0.0, change.min()), max(0.1, change.max()))

    in_yen, in_usd = (
        numbers.direction(price.change.value)
        for price in (years.unit_value_jpy, years.unit_value_usd)
    )
    return Drawing(
        "price_cut",
        f"From {before} to {after} the number of vehicles "
        f"{numbers.moved(years.units.change.value)} and their value in yen "
        f"{numbers.moved(years.value_jpy.change.value)}",
        f"Vehicles from Japan to the United States, change from {before} to {after}, %",
        "JAMA and Japan Ministry of Finance (units and yen), as relayed by the press; Federal "
        "Reserve (exchange rate); own calculations.",
        draw,
        f"Bars of the change from {before} to {after}: vehicles {units}, export value in yen "
        f"{value}; value per vehicle {in_yen} in yen and "
        f"{'' if in_usd == in_yen else f'{in_usd} '}in dollars.",
        data,
    )


@drawn_once
def mirror_ladder(mirror: Mirror) -> Drawing:
    """The ladder: dots are published values, arrows are steps, dashed ones unexplained."""
    data = pd.DataFrame(
        [
            (rung.label, rung.kind, rung.value.value / 1_000, rung.change.value / 1_000)
            for rung in mirror.rungs
        ],
        columns=["step", "kind", "usd_bn", "change_usd_bn"],
    )

    def draw(canvas: Canvas) -> None:
        axis = canvas.rows(list(data["step"]), 0, left=250, right=60)
        for row, (_, kind, value, change) in enumerate(data.itertuples(index=False)):
            if kind == OBSERVED:
                axis.plot(value, row, "o", color=style.JAPAN_TO_US, markersize=9)
                beside(axis, value, row, f"{value:.2f}", weight="bold")
                continue
            unknown = kind == UNEXPLAINED
            colour = style.BAD if unknown else style.NEUTRAL
            if change:
                arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.8}
                arrow |= {"shrinkA": 0, "shrinkB": 0, "linestyle": "--" if unknown else "-"}
                ends = {"xy": (value, row), "xytext": (value - change, row)}
                axis.annotate("", **ends, arrowprops=arrow)  # type: ignore[arg-type]
            else:
                axis.plot(value, row, "|", color=colour, markersize=12)
            text = ("+" if change > 0 else "") + numbers.plain(change, 2)
            beside(axis, max(value, value - change), row, text, color=colour)
        edges = [*data["usd_bn"], *(data["usd_bn"] - data["change_usd_bn"])]
        bare(axis, min(edges) - 0.1, max(edges))

    return Drawing(
        "mirror_ladder",
        f"Both sides of the {LADDER_YEAR} figures meet within "
        f"{numbers.percent(abs(mirror.unexplained.value))} at customs value, "
        f"{numbers.percent(abs(mirror.unexplained_cif.value))} with freight and insurance",
        f"Cars from Japan to the United States, {LADDER_YEAR}, USD billion. Dots: published; "
        "arrows: steps; dashed: unexplained. The axis does not start at zero",
        "Japan Ministry of Finance, JAMA, US Commerce, UN Comtrade, as relayed by others; "
        "Federal Reserve; own calculations.",
        draw,
        f"Ladder of mirror statistics for {LADDER_YEAR}: Japan's exports "
        f"{mirror.published[0].text}, US customs value {mirror.published[1].text} with "
        f"{words.signed(mirror.unexplained)} unexplained, US value with freight and insurance "
        f"{mirror.published[-1].text}.",
        data,
    )


@drawn_once
def closing_curve(effect: Effect, flows: CarTrade) -> Drawing:
    """Cars needed against the share of the gap, gross and net, fixed volumes as rules."""
    per_car, gap = effect.net_per_car.to("USD per car").value, flows.gap_value.to("USD").value
    lines = {"whole value of a car": effect.unit_value.value}
    lines |= {"net of parts and backfill": per_car} if per_car > 0 else {}
    shares = np.array(CLOSED_PERCENT)
    data = pd.concat(
        [
            pd.DataFrame({"share_percent": shares, "line": name, "cars": shares / 100 * gap / car})
            for name, car in lines.items()
        ]
    )
    programme = round(effect.units.value)
    rules = [units for units in RULES_UNITS if not 1 / 1.6 < units / programme < 1.6] + [programme]

    def draw(canvas: Canvas) -> None:
        looks = ({"color": style.NEUTRAL, "linestyle": "--"}, {"color": style.US_TO_JAPAN})
        top = canvas.key(0, zip(lines, looks, strict=False))
        axis = canvas.axes(top + 8, 270, left=78, right=8)
        for name, look in zip(lines, looks, strict=False):
            curve = data[data["line"] == name]
            axis.plot(curve["share_percent"], curve["cars"], **look)  # type: ignore[arg-type]
        for cars in rules:
            own_rule = cars == programme
            colour = style.US_TO_JAPAN if own_rule else style.LIGHT
            axis.axhline(cars, color=colour, linewidth=1.4 if own_rule else 1.0, zorder=0)
            reached = numbers.percent(100 * cars * list(lines.values())[-1] / gap)
            text = f"{numbers.plain(cars)} cars: {reached}"
            weight = "bold" if own_rule else "normal"
            axis.text(104, cars, text, ha="right", va="bottom", size=11, weight=weight)
        if effect.units_to_close_net is not None:
            spot = effect.close_share.value, effect.units_to_close_net.value
            axis.plot(*spot, "o", color=style.US_TO_JAPAN, markersize=8)
        low = min(float(data["cars"].min()), *RULES_UNITS, programme)
        axis.set(xscale="log", yscale="log", xlim=(0.5, 108))
        axis.set_ylim(low * 0.7, float(data["cars"].max()) * 1.25)
        axis.set_xticks(CLOSED_PERCENT[1:], [f"{percent:g}" for percent in CLOSED_PERCENT[1:]])
        ticks = [10**power for power in range(3, 8)]
        axis.set_yticks(ticks, [numbers.plain(tick) for tick in ticks], size=11)
        axis.minorticks_off()
        canvas.text(canvas.width - 8, canvas.bottom + 22, "share of the gap, %", ha="right")

    share, net = words.share_text(effect.close_share), effect.units_to_close_net
    gross = effect.units_to_close_gross
    said = [
        f"{numbers.units(cars.value, 'cars')} {name}" if cars is not None else f"no number {name}"
        for cars, name in ((gross, "gross"), (net, "net"))
    ]
    return Drawing(
        "closing_curve",
        f"Closing {share} of the car gap takes {numbers.units(net.value, 'cars')} a year, net of "
        "parts and backfill"
        if net is not None
        else "No number of cars closes the gap: each adds as much from Japan as it takes off",
        f"US-built cars a year against the share of the {flows.gap_value.text} car gap of "
        f"{flows.year} that they close; both axes logarithmic. Level lines: what that many cars "
        "close, the programme in bold",
        "the car trade as above; value, parts and backfill are assumptions of the scenario.",
        draw,
        "Line chart of cars a year against the share they close of the "
        f"{flows.gap_value.text} car gap: {' and '.join(said)} for {share}.",
        data,
    )


def _amount(value: float) -> str:
    return numbers.plain(value, 0 if value >= 100 else 1 if value >= 10 else 2)
