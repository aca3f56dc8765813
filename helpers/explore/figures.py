"""The three figures of the explore panel: volume, money, room. Small and quick, because they follow
every move of a control.

Their words stand beside them as text of the page, not in the drawing, and nothing in the drawing is
laid out by measuring: a figure of the notebooks takes too long to draw for that.
"""

import html
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.cost import premium_views
from helpers.cost.case import CostCase
from helpers.cost.price_walk import PriceWalk
from helpers.explore.exploration import Outlook
from helpers.fit.answer import fitting
from helpers.fit.cars import SOURCED
from helpers.fit.limits import FITS, NOT_COMPUTED, TIGHT
from helpers.fit.places import STALL_LENGTH, STALL_WIDTH, STREET_ALONE, STREET_MEETING
from helpers.show import numbers, style
from helpers.show.figure import figure, svg
from helpers.show.prose import prose
from helpers.volume import findings as volume_findings

WIDTH_IN = 6.2
BASE_NOTE = "grey: base scenario"
_PLACES = {
    STALL_LENGTH: "stall length",
    STALL_WIDTH: "stall width",
    STREET_ALONE: "street",
    STREET_MEETING: "meeting a car",
}


@dataclass(frozen=True)
class Picture:
    """A drawing with its words. alt: what the drawing shows, with the numbers. data: the plotted
    values.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    figure: Figure
    data: pd.DataFrame

    def html(self) -> str:
        """The picture as one HTML figure, its words as text of the page."""
        words = (
            f"<strong>{html.escape(self.title)}</strong><br><small>{html.escape(self.subtitle)}</"
            "small>"
        )
        drawing = svg(self.figure, f"live_{self.name}", self.alt)
        return (
            f'<figure data-figure="{self.name}" style="margin:8px 0 0"><figcaption '
            f'style="line-height:1.3">{words}</figcaption>{drawing}</figure>'
        )

    def show(self) -> None:
        """Publish the picture as notebooks publish theirs, its words as a paragraph before it."""
        prose(f"{self.title}.", f"{self.subtitle}.")
        self.figure.set_label(self.title)
        figure(self.figure, name=self.name, alt=self.alt, data=self.data)


def volume_picture(now: Outlook, base: Outlook) -> Picture:
    """Cumulative distribution of the cars a year, now and in the base scenario, with the volume
    asked for.
    """
    pool = now.volume
    low, middle, high = (float(value) for value in pool.quantiles([0.1, 0.5, 0.9]))
    right = max(1.6 * pool.threshold, 1.1 * high, 1.1 * float(base.volume.quantiles([0.9])[0]))
    at = np.linspace(0, right, 61)
    fig, (axis,) = _axes(2.2, left=0.62, bottom=0.5)
    data = pd.DataFrame(
        {
            "cars": at,
            "now_percent": 100 * pool.distribution(at),
            "base_percent": 100 * base.volume.distribution(at),
        }
    )
    axis.plot(
        at, data["base_percent"].to_numpy(), color=style.NEUTRAL, linewidth=1.4, linestyle="--"
    )
    axis.plot(at, data["now_percent"].to_numpy(), color=style.INK, linewidth=2.6)
    axis.axvline(pool.threshold, color=style.US_TO_JAPAN, linewidth=1.2, linestyle=":")
    axis.plot([low, high], [50, 50], color=style.INK, linewidth=5, alpha=0.3, solid_capstyle="butt")
    axis.plot(middle, 50, "D", color=style.INK, markersize=6)
    asked = (
        f"{volume_findings.cars(pool.threshold)} or more:\n{numbers.probability(pool.probability)}"
    )
    axis.annotate(
        asked,
        (pool.threshold, 3),
        (5, 0),
        textcoords="offset points",
        size=9,
        weight="bold",
        va="bottom",
    )
    axis.set(xlim=(0, right), ylim=(0, 101), xlabel="cars a year", yticks=(0, 50, 100))
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    alt = (
        f"Cumulative curve of cars a year. Median {volume_findings.cars(middle)}, 80 % interval "
        f"{numbers.span(low, high)}; {volume_findings.cars(pool.threshold)} or more: "
        f"{numbers.probability(pool.probability)}."
    )
    subtitle = (
        f"Probability that at most so many cars come, %; bar: 80 % interval; {BASE_NOTE}, dashed"
    )
    return Picture(
        "volume",
        volume_findings.headline(pool.threshold, pool.probability),
        subtitle,
        alt,
        fig,
        data,
    )


def money_picture(now: Outlook, base: Outlook) -> Picture:
    """Stickers of the chosen models, and what the programme turns over, costs and may protect in a
    year.
    """
    walks, case = now.cost.shown, now.cost
    fig, (left, right) = _axes(
        0.75 + 0.24 * max(len(walks), 4), columns=2, left=1.25, bottom=0.42, gap=1.75
    )
    stickers = [walk.sticker_jpy / 1e6 for walk in walks]
    names = [walk.car.title + ("" if walk.car.price_is_sourced else " *") for walk in walks]
    before = [_base_sticker(base.cost, walk) for walk in walks]
    _bars(left, names, stickers, before, [style.US_TO_JAPAN] * len(walks), 1)
    left.set_title("Sticker in Japan, ¥ m", size=9)
    items = (
        f"{premium_views.MAKER}'s duty difference",
        "value of the cars",
        "gap shrinks by",
        "programme's cost",
    )
    shades = (style.JAPAN_TO_US, style.US_TO_JAPAN, style.ACCENTS[1], style.NEUTRAL)
    _bars(right, items, _money(now), _money(base), shades, 0)
    right.set_title("USD million a year", size=9)
    dear = case.leading
    title = (
        f"At {numbers.plain(dear.jpy_per_usd, 2)} yen per dollar a {dear.car.title} would cost "
        f"{numbers.jpy(dear.sticker_jpy)} in Japan"
    )
    marked = (
        "; *: US list price assumed" if any(not walk.car.price_is_sourced for walk in walks) else ""
    )
    groups = (
        ("sticker, JPY million", names, stickers, before),
        ("USD million a year", items, _money(now), _money(base)),
    )
    rows = [(measure, *row) for measure, *columns in groups for row in zip(*columns, strict=True)]
    parts = ", ".join(
        f"{item} {numbers.plain(value)}" for item, value in zip(items, _money(now), strict=True)
    )
    alt = (
        f"Bars of {len(walks)} stickers from {numbers.jpy(1e6 * min(stickers))} to "
        f"{numbers.jpy(1e6 * max(stickers))}, and in USD million a year: {parts}."
    )
    data = pd.DataFrame(rows, columns=["measure", "item", "now", "base"])
    return Picture("money", title, f"Bars from zero; {BASE_NOTE}, tick{marked}", alt, fig, data)


def room_picture(now: Outlook) -> Picture:
    """For each chosen model the street it needs alone and to meet a small car, against the street
    of the scenario.
    """
    models, places, inputs = now.room.models, now.room.places, now.room.inputs
    needs = (
        places.pivot(index="vehicle_id", columns="place", values="need_mm").reindex(
            models["vehicle_id"]
        )
        / 1000
    )
    alone, meeting = needs[STREET_ALONE].to_numpy(), needs[STREET_MEETING].to_numpy()
    fits, sized = fitting(models)
    fig, (axis,) = _axes(0.72 + 0.24 * len(models), left=1.25, bottom=0.5, right=1.95)
    colours = {FITS: style.GOOD, TIGHT: style.CAUTION}
    unsized = (models["basis"] != SOURCED) & (models["verdict"] != NOT_COMPUTED)
    words = [
        _verdict_words(row, unsure)
        for row, unsure in zip(models.to_dict("records"), unsized, strict=True)
    ]
    for place, (verdict, word, one, two) in enumerate(
        zip(models["verdict"].mask(unsized, NOT_COMPUTED), words, alone, meeting, strict=True)
    ):
        colour = colours.get(verdict, style.NEUTRAL if verdict == NOT_COMPUTED else style.BAD)
        axis.plot([one, two], [place, place], color=colour, linewidth=2)
        axis.plot([one], [place], "|", color=colour, markersize=10, markeredgewidth=2)
        axis.plot([two], [place], "o", color=colour, markersize=6.5)
        axis.annotate(
            word,
            (1, place),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            size=8.5,
            annotation_clip=False,
        )
    axis.axvline(inputs.street_width_m, color=style.INK, linewidth=1.4)
    axis.set_yticks(range(len(models)), list(models["title"]), size=8.5)
    axis.set(
        ylim=(len(models) - 0.5, -0.5),
        xlim=(0, 1.06 * max(inputs.street_width_m, float(np.nanmax([*meeting, 0.1])))),
        xlabel="width of the street, m",
    )
    axis.tick_params(axis="y", length=0)
    counted = "chosen models" if sized == len(models) else "chosen models of sourced size"
    title = (
        f"{fits} of {sized} {counted} fit a {inputs.street_width_m:g} m street and a "
        f"{inputs.stall_width_mm / 1000:g} m stall"
    )
    listed = "; ".join(f"{name} {word}" for name, word in zip(models["title"], words, strict=True))
    alt = (
        "Street width needed by each chosen model, alone and meeting a small car, against "
        f"{inputs.street_width_m:g} m. {listed}."
    )
    subtitle = (
        f"Tick: alone, dot: meeting a small car, with {inputs.clearance_mm} mm on each side; "
        "line: the street of the scenario"
    )
    data = pd.DataFrame(
        {"model": models["title"], "alone_m": alone, "meeting_m": meeting, "verdict": words}
    )
    return Picture("room", title, subtitle, alt, fig, data)


def _verdict_words(row: Mapping[Hashable, Any], unsized: bool) -> str:
    """The verdict of a model and what it hangs on. unsized: its size is assumed, so it has none."""
    if unsized:
        return "no verdict: size assumed"
    return FITS if row["verdict"] == FITS else f"{row['verdict']}: {_PLACES[row['because']]}"


def _money(outlook: Outlook) -> list[float]:
    found = outlook.numbers
    return [
        found[name]
        for name in (
            "duty_difference_usd_mn",
            "programme_value_usd_mn",
            "programme_net_usd_mn",
            "programme_cost_usd_mn",
        )
    ]


def _base_sticker(base: CostCase, walk: PriceWalk) -> float | None:
    """The same model's sticker in the base scenario, ¥ m; None where the base scenario does not
    sell it.
    """
    return next(
        (
            one.sticker_jpy / 1e6
            for one in (*base.walks, base.leading)
            if one.car.model == walk.car.model
        ),
        None,
    )


def _bars(
    axis: Axes,
    names: Sequence[str],
    values: Sequence[float],
    before: Sequence[float | None],
    colours: Sequence[str],
    decimals: int,
) -> None:
    """Horizontal bars from zero with their value, and a grey tick where the base scenario
    stands.
    """
    axis.barh(range(len(names)), values, height=0.62, color=list(colours))
    for place, (value, old) in enumerate(zip(values, before, strict=True)):
        if old is not None:
            axis.plot([old], [place], "|", color="#444444", markersize=13, markeredgewidth=1.6)
        end = max(value, old or 0.0, 0.0)
        axis.annotate(
            numbers.plain(value, decimals),
            (end, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=8.5,
        )
    axis.axvline(0, color=style.INK, linewidth=0.8)
    axis.set_yticks(range(len(names)), list(names), size=8.5)
    known = [*values, *(old for old in before if old is not None), 0.0]
    axis.set(
        ylim=(len(names) - 0.5, -0.5), xlim=(1.05 * min(known), 1.22 * max(*known, 1e-9)), xticks=[]
    )
    axis.tick_params(axis="y", length=0)
    axis.spines[["left", "bottom"]].set_visible(False)


def _axes(
    height_in: float,
    *,
    columns: int = 1,
    left: float,
    bottom: float,
    right: float = 0.15,
    gap: float = 0.0,
) -> tuple[Figure, Any]:
    """A figure with axes at fixed places; left, bottom, right, gap in inches."""
    with style.rc():
        fig = Figure(figsize=(WIDTH_IN, height_in))
        wide = (WIDTH_IN - left - right - gap * (columns - 1)) / columns
        top = 0.28 if columns > 1 else 0.12
        places = [
            (
                (left + place * (wide + gap)) / WIDTH_IN,
                bottom / height_in,
                wide / WIDTH_IN,
                (height_in - top - bottom) / height_in,
            )
            for place in range(columns)
        ]
        return fig, [fig.add_axes(place) for place in places]
