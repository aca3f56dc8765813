"""Figures of the car trade: both flows, dots, the price cut, the mirror ladder.

Each builder returns the figure, its alt text and the plotted data.
"""

import math

import pandas as pd
from matplotlib.figure import Figure

from helpers.show import numbers, style
from helpers.trade import sentences as words
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.mirror import Mirror

Drawn = tuple[Figure, str, pd.DataFrame]
CARS_A_DOT = 10_000
DOTS_A_ROW = 50


def both_flows(trade: CarTrade, effect: Effect) -> Drawn:
    """Diverging bars, one panel for units and one for value, today and with the programme on
    top.
    """
    panels = (
        ("Vehicles, thousand", 1_000, trade.japan_units.value, trade.us_units.value, effect.units),
        (
            "Value, USD billion",
            1_000,
            trade.japan_value_usd_mn.value,
            trade.us_value_usd_mn.value,
            effect.gross.value,
        ),
    )
    data = pd.DataFrame(
        [
            (measure, row, japan / scale, back / scale, back_more / scale)
            for measure, scale, japan, back, more in panels
            for row, back_more in ((str(trade.year), 0.0), ("with the programme", more))
        ],
        columns=["measure", "row", "japan_to_us", "us_to_japan", "programme"],
    )
    fig, axes = style.canvas(
        f"Japan sends {numbers.plain(trade.units_ratio)} vehicles for each car it takes, "
        f"{numbers.plain(trade.japan_units.value / (trade.us_units.value + effect.units))} with "
        "the programme",
        f"Car trade between Japan and the United States, {trade.year}; hatched: a programme of "
        f"{numbers.units(effect.units, 'cars')} a year at {numbers.usd(effect.unit_value_usd)}",
        words.publishers(trade),
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
        f"Diverging bars of the car trade of {trade.year}: "
        f"{numbers.units(trade.japan_units.value)} and "
        f"{words.usd_mn(trade.japan_value_usd_mn.value)} from Japan, "
        f"{numbers.units(trade.us_units.value)} and {words.usd_mn(trade.us_value_usd_mn.value)} "
        f"to Japan. The programme adds {numbers.units(effect.units)} worth "
        f"{words.usd_mn(effect.gross.value)} to the smaller side."
    )
    return fig, alt, data


def dot_strip(trade: CarTrade, effect: Effect) -> Drawn:
    """One dot is 10,000 cars; the last dot of a group has the area of what is left over."""
    groups = (
        ("Japan → US", trade.japan_units.value, style.JAPAN_TO_US, True),
        ("US → Japan", trade.us_units.value, style.US_TO_JAPAN, True),
        ("programme", effect.units, style.US_TO_JAPAN, False),
    )
    row_counts = [math.ceil(max(1, value / CARS_A_DOT) / DOTS_A_ROW) for _, value, _, _ in groups]
    total_rows = sum(row_counts) + len(groups) - 1
    fig, axis = style.canvas(
        f"{numbers.units(effect.units, 'cars')} are "
        f"{numbers.percent(effect.share_of_japan_units_percent)} of what Japan ships, and "
        f"{effect.units / trade.us_units.value:.1f} times what it takes",
        f"Vehicles a year, {trade.year}; one dot is {numbers.plain(CARS_A_DOT)} cars, a smaller "
        "dot is what is left over",
        words.publishers(trade),
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
        f"{trade.japan_units.value / CARS_A_DOT:.0f} dots from Japan to the United States, "
        f"{trade.us_units.value / CARS_A_DOT:.1f} dots the other way, "
        f"{effect.units / CARS_A_DOT:.1f} dots for the programme."
    )
    return fig, alt, pd.DataFrame(rows, columns=["flow", "vehicles", "dots"])


def price_cut(years: pd.DataFrame) -> Drawn:
    """Change from 2024 to 2025 of units, value and value per vehicle, as bars from zero."""
    shown = years[years["measure"] != "Exchange rate"].reset_index(drop=True)
    data = shown[["measure", "unit", "change_percent"]]
    units, value = (
        float(shown.loc[shown["measure"] == name, "change_percent"].iloc[0])
        for name in ("Vehicles shipped", "Export value")
    )
    fig, axis = style.canvas(
        f"From 2024 to 2025 shipments change by {words.signed_percent(units)}, their value in "
        f"yen by {words.signed_percent(value)}",
        "Vehicles from Japan to the United States, change from 2024 to 2025, %",
        "JAMA and Japan Ministry of Finance (units and yen), as relayed by the press; Federal "
        "Reserve (exchange rate); own calculations.",
        height_in=2.0,
    )
    for place, row in data.iterrows():
        change = float(row["change_percent"])
        axis.barh(
            place, change, height=0.6, color=style.NEUTRAL if place == 0 else style.JAPAN_TO_US
        )
        axis.text(
            change - 0.15, place, words.signed_percent(change), ha="right", va="center", size=9
        )
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
    named = dict(zip(data["measure"], data["change_percent"], strict=True))
    in_yen, in_usd = (
        words.moves(named[name])
        for name in ("Value per vehicle", "Value per vehicle at each year's rate")
    )
    alt = (
        f"Bars of the change from 2024 to 2025: vehicles {words.signed_percent(units)}, export "
        f"value in yen {words.signed_percent(value)}; value per vehicle {in_yen} in yen and "
        f"{'' if in_usd == in_yen else f'{in_usd} '}in dollars."
    )
    return fig, alt, data


def mirror_ladder(mirror: Mirror) -> Drawn:
    """The ladder from Japan's figure to the US figures: dots are published values, arrows are
    steps, dashed ones unexplained.
    """
    data = pd.DataFrame(
        [
            (rung.label, rung.kind, rung.value_usd_mn / 1_000, rung.change_usd_mn / 1_000)
            for rung in mirror.rungs
        ]
    )
    data.columns = pd.Index(["step", "kind", "usd_bn", "change_usd_bn"])
    fig, axis = style.canvas(
        "Both sides of the 2024 figures meet within "
        f"{numbers.percent(abs(mirror.unexplained_percent))} at customs value, "
        f"{numbers.percent(abs(mirror.unexplained_cif_percent))} at CIF value",
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
        f"{words.usd_mn(mirror.rungs[0].value_usd_mn)}, US customs value "
        f"{words.usd_mn(mirror.rungs[5].value_usd_mn)} with "
        f"{words.signed_percent(mirror.unexplained_percent)} unexplained, US CIF value "
        f"{words.usd_mn(mirror.rungs[-1].value_usd_mn)}."
    )
    return fig, alt, data


def _amount(value: float) -> str:
    return numbers.plain(value, 0 if value >= 100 else 1 if value >= 10 else 2)
