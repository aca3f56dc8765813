"""Figures of the car trade: both flows, dots, the price cut, the mirror ladder."""

import math

import pandas as pd

from helpers.show import Chart, numbers, style
from helpers.trade import findings
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.history import TwoYears
from helpers.trade.mirror import Mirror

CARS_A_DOT = 10_000
DOTS_A_ROW = 50


def both_flows(flows: CarTrade, effect: Effect) -> Chart:
    """Diverging bars, one panel for units and one for value, today and with the programme on
    top.
    """
    panels = (
        (
            "Vehicles, thousand",
            1_000,
            flows.japan_units.value,
            flows.us_units.value,
            effect.units.value,
        ),
        (
            "Value, USD billion",
            1_000,
            flows.japan_value.value,
            flows.us_value.value,
            effect.gross.value,
        ),
    )
    data = pd.DataFrame(
        [
            (measure, row, japan / scale, back / scale, back_more / scale)
            for measure, scale, japan, back, more in panels
            for row, back_more in ((str(flows.year), 0.0), ("with the programme", more))
        ],
        columns=["measure", "row", "japan_to_us", "us_to_japan", "programme"],
    )
    fig, axes = style.canvas(
        f"Japan sends {numbers.plain(flows.units_ratio.value)} vehicles for each car it takes, "
        f"{numbers.plain((flows.japan_units / (flows.us_units + effect.units)).value)} with the "
        "programme",
        f"Car trade between Japan and the United States, {flows.year}; hatched: a programme of "
        f"{findings.cars(effect)} a year at {numbers.usd(effect.unit_value.value)}",
        findings.publishers(flows),
        rows=2,
        height_in=3.3,
    )
    for axis, (measure, *_) in zip(axes, panels, strict=True):
        rows = data[data["measure"] == measure].reset_index(drop=True)
        top = float(rows["japan_to_us"].max())
        for place, row in rows.iterrows():
            axis.barh(place, row["japan_to_us"], height=0.6, color=style.JAPAN_TO_US)
            axis.barh(place, -row["us_to_japan"], height=0.6, color=style.US_TO_JAPAN)
            axis.barh(
                place,
                -row["programme"],
                left=-row["us_to_japan"],
                height=0.6,
                color="white",
                edgecolor=style.US_TO_JAPAN,
                hatch="////",
                linewidth=1,
            )
            back = row["us_to_japan"] + row["programme"]
            axis.text(
                row["japan_to_us"] + top * 0.012,
                place,
                _amount(row["japan_to_us"]),
                va="center",
                ha="left",
                size=9,
            )
            axis.text(
                -back - top * 0.012,
                place,
                f"US → Japan  {_amount(back)}",
                va="center",
                ha="right",
                size=9,
                color=style.US_TO_JAPAN,
            )
        axis.text(
            top * 0.5,
            0,
            "Japan → US",
            va="center",
            ha="center",
            size=9,
            weight="bold",
            color="white",
        )
        low = float((rows["us_to_japan"] + rows["programme"]).max())
        axis.axvline(0, color=style.INK, linewidth=0.9)
        axis.set_yticks([0, 1], rows["row"], size=9)
        axis.set_ylim(1.6, -0.6)
        axis.set_xlim(-low - (top + low) * 0.33, top * 1.12)
        axis.set_title(measure, size=9.5)
        axis.spines[["left", "bottom"]].set_visible(False)
        axis.set_xticks([])
        axis.tick_params(axis="y", length=0)
    alt = (
        f"Diverging bars of the car trade of {flows.year}: "
        f"{numbers.units(flows.japan_units.value)} and "
        f"{flows.japan_value.text} from Japan, "
        f"{numbers.units(flows.us_units.value)} and {flows.us_value.text} "
        f"to Japan. The programme adds {numbers.units(effect.units.value)} worth "
        f"{findings.usd(effect.gross)} to the smaller side."
    )
    return Chart("both_flows", fig, alt, data)


def dot_strip(flows: CarTrade, effect: Effect) -> Chart:
    """One dot is 10,000 cars; the last dot of a group has the area of what is left over."""
    groups = (
        ("Japan → US", flows.japan_units.value, style.JAPAN_TO_US, True),
        ("US → Japan", flows.us_units.value, style.US_TO_JAPAN, True),
        ("programme", effect.units.value, style.US_TO_JAPAN, False),
    )
    row_counts = [math.ceil(max(1, value / CARS_A_DOT) / DOTS_A_ROW) for _, value, _, _ in groups]
    total_rows = sum(row_counts) + len(groups) - 1
    fig, axis = style.canvas(
        f"{numbers.units(effect.units.value, 'cars')} are "
        f"{numbers.percent(effect.share_of_japan_units.value)} of what Japan ships, and "
        f"{effect.units.value / flows.us_units.value:.1f} times what it takes",
        f"Vehicles a year, {flows.year}; one dot is {numbers.plain(CARS_A_DOT)} cars, a smaller "
        "dot is what is left over",
        findings.publishers(flows),
        height_in=0.25 + 0.2 * total_rows,
    )
    level, rows = 0.0, []
    for (label, value, colour, filled), count in zip(groups, row_counts, strict=True):
        whole = math.floor(value / CARS_A_DOT)
        look = {
            "color": colour,
            "markerfacecolor": colour if filled else "white",
            "linestyle": "",
            "marker": "o",
            "markeredgewidth": 1.2,
        }
        for first, dots, share in ((0, whole, 1.0), (whole, 1, value / CARS_A_DOT - whole)):
            spots = range(first, first + dots) if share else range(0)
            columns, lines = (
                [spot % DOTS_A_ROW for spot in spots],
                [level + spot // DOTS_A_ROW for spot in spots],
            )
            axis.plot(columns, lines, markersize=7.5 * math.sqrt(share), **look)
        axis.text(
            -1.2,
            level,
            f"{label}\n{numbers.plain(numbers.significant(value))}",
            ha="right",
            va="center",
            size=9,
            linespacing=1.1,
        )
        rows.append((label, value, value / CARS_A_DOT))
        level += count + 1
    axis.set_xlim(-10.5, DOTS_A_ROW)
    axis.set_ylim(total_rows - 0.2, -0.8)
    axis.set_axis_off()
    alt = (
        f"Dot strip, one dot for {numbers.plain(CARS_A_DOT)} cars: "
        f"{flows.japan_units.value / CARS_A_DOT:.0f} dots from Japan to the United States, "
        f"{flows.us_units.value / CARS_A_DOT:.1f} dots the other way, "
        f"{effect.units.value / CARS_A_DOT:.1f} dots for the programme."
    )
    return Chart("dot_strip", fig, alt, pd.DataFrame(rows, columns=["flow", "vehicles", "dots"]))


def price_cut(years: TwoYears) -> Chart:
    """Change from 2024 to 2025 of units, value and value per vehicle, as bars from zero."""
    shown = (
        years.units,
        years.value_jpy,
        years.value_usd,
        years.unit_value_jpy,
        years.unit_value_usd,
    )
    data = pd.DataFrame(
        [(own.label, own.after.unit, own.change.value) for own in shown],
        columns=["measure", "unit", "change_percent"],
    )
    before, after = years.units.before.period, years.units.after.period
    units, value = (findings.signed(own.change) for own in (years.units, years.value_jpy))
    fig, axis = style.canvas(
        f"From {before} to {after} shipments change by {units}, their value in yen by {value}",
        f"Vehicles from Japan to the United States, change from {before} to {after}, %",
        "JAMA and Japan Ministry of Finance (units and yen), as relayed by the press; Federal "
        "Reserve (exchange rate); own calculations.",
        height_in=2.0,
    )
    for place, own in enumerate(shown):
        change, text = own.change.value, findings.signed(own.change)
        colour = style.NEUTRAL if place == 0 else style.JAPAN_TO_US
        axis.barh(place, change, height=0.6, color=colour)
        axis.text(change - 0.15, place, text, ha="right", va="center", size=9)
    axis.axvline(0, color=style.INK, linewidth=0.9)
    axis.set_yticks(
        range(len(data)),
        [f"{row['measure']} ({row['unit']})" for _, row in data.iterrows()],
        size=9,
    )
    axis.set_ylim(len(data) - 0.4, -0.6)
    axis.set_xlim(min(0.0, float(data["change_percent"].min())) * 1.18, 0.2)
    axis.spines[["left", "bottom"]].set_visible(False)
    axis.set_xticks([])
    axis.tick_params(axis="y", length=0)
    in_yen, in_usd = (
        findings.moves(own.change) for own in (years.unit_value_jpy, years.unit_value_usd)
    )
    alt = (
        f"Bars of the change from {before} to {after}: vehicles {units}, export value in yen "
        f"{value}; value per vehicle {in_yen} in yen and "
        f"{'' if in_usd == in_yen else f'{in_usd} '}in dollars."
    )
    return Chart("price_cut", fig, alt, data)


def mirror_ladder(mirror: Mirror) -> Chart:
    """The ladder from Japan's figure to the US figures: dots are published values, arrows are
    steps, dashed ones unexplained.
    """
    data = pd.DataFrame(
        [
            (rung.label, rung.kind, rung.value.value / 1_000, rung.change.value / 1_000)
            for rung in mirror.rungs
        ]
    )
    data.columns = pd.Index(["step", "kind", "usd_bn", "change_usd_bn"])
    fig, axis = style.canvas(
        "Both sides of the 2024 figures meet within "
        f"{numbers.percent(abs(mirror.unexplained.value))} at customs value, "
        f"{numbers.percent(abs(mirror.unexplained_cif.value))} at CIF value",
        "Cars from Japan to the United States, 2024, USD billion; the axis does not start at zero",
        "Japan Ministry of Finance, JAMA, US Commerce, UN Comtrade, as relayed by others; "
        "Federal Reserve; own calculations.",
        height_in=3.7,
    )
    for place, row in data.iterrows():
        value, change = float(row["usd_bn"]), float(row["change_usd_bn"])
        if row["kind"] == "observed":
            axis.plot(value, place, "o", color=style.JAPAN_TO_US, markersize=8)
            axis.text(
                value + 0.13, place, f"{value:.2f}", va="center", ha="left", size=9, weight="bold"
            )
            continue
        colour = style.BAD if row["kind"] == "unexplained" else style.NEUTRAL
        if change:
            dash = "--" if row["kind"] == "unexplained" else "-"
            arrow = {
                "arrowstyle": "-|>",
                "color": colour,
                "linewidth": 1.8,
                "linestyle": dash,
                "shrinkA": 0,
                "shrinkB": 0,
            }
            axis.annotate("", xy=(value, place), xytext=(value - change, place), arrowprops=arrow)
        else:
            axis.plot(value, place, "|", color=colour, markersize=11)
        sign = "+" if change > 0 else ""
        axis.text(
            max(value, value - change) + 0.13,
            place,
            f"{sign}{numbers.plain(change, 2)}",
            va="center",
            ha="left",
            size=9,
            color=colour,
        )
    axis.set_yticks(range(len(data)), data["step"], size=9)
    axis.set_ylim(len(data) - 0.4, -0.6)
    edges = [*data["usd_bn"], *(data["usd_bn"] - data["change_usd_bn"])]
    axis.set_xlim(min(edges) - 0.3, max(edges) + 0.75)
    axis.grid(axis="x")
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    alt = (
        "Ladder of mirror statistics for 2024: Japan's exports "
        f"{mirror.published[0].text}, US customs value "
        f"{mirror.published[1].text} with "
        f"{findings.signed(mirror.unexplained)} unexplained, US CIF value "
        f"{mirror.published[-1].text}."
    )
    return Chart("mirror_ladder", fig, alt, data)


def _amount(value: float) -> str:
    return numbers.plain(value, 0 if value >= 100 else 1 if value >= 10 else 2)
