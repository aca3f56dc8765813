"""The three figures of the explore panel: volume, money, room. Small and quick, because they follow
every move of a control.

Their words stand beside them as text of the page, not in the drawing, and nothing in the drawing is
laid out by measuring: a figure of the notebooks takes too long to draw for that.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.explore.headlines import Answers
from helpers.fit.cars import SOURCED
from helpers.fit.limits import NOT_COMPUTED, USABLE, WITH_CARE
from helpers.fit.space import (
    DOOR,
    GETTING_OUT,
    STALL_LENGTH,
    STALL_WIDTH,
    STREET_ALONE,
    STREET_MEETING,
    WHEEL_STOP,
)
from helpers.show import Chart, numbers, style
from helpers.show.figure import svg
from helpers.show.prose import prose
from helpers.volume import findings as volume_findings

WIDTH_IN = 6.2
BASE_NOTE = "grey: base scenario"
_PLACES = {
    STALL_LENGTH: "stall length",
    STALL_WIDTH: "stall width",
    GETTING_OUT: "getting out",
    WHEEL_STOP: "wheel stop",
    DOOR: "door",
    STREET_ALONE: "street",
    STREET_MEETING: "meeting a car",
}


@dataclass(frozen=True)
class Drawing:
    """A chart whose title and subtitle stand beside it as text of the page."""

    chart: Chart
    subtitle: str

    def html(self) -> str:
        """The drawing as one HTML figure."""
        chart = self.chart
        caption = (
            f"<strong>{html.escape(chart.title)}</strong><br>"
            f"<small>{html.escape(self.subtitle)}</small>"
        )
        return (
            f'<figure data-figure="{chart.name}" style="margin:8px 0 0"><figcaption '
            f'style="line-height:1.3">{caption}</figcaption>'
            f"{svg(chart.figure, f'live_{chart.name}', chart.alt)}</figure>"
        )

    def show(self) -> None:
        """Publish the chart as notebooks publish theirs, its words as a paragraph before it."""
        prose(f"{self.chart.title}.", f"{self.subtitle}.")
        display(self.chart)


def _drawing(
    name: str, figure: Figure, title: str, subtitle: str, alt: str, data: pd.DataFrame
) -> Drawing:
    figure.set_label(title)
    return Drawing(Chart(name, figure, alt, data), subtitle)


def volume(now: Answers, base: Answers) -> Drawing:
    """Cumulative distribution of the cars a year, now and in the base scenario, with the volume
    asked for.
    """
    pool, before = now.study.volume.pool, base.study.volume.pool
    middle, (low, high) = now.numbers["volume_p50_units"], now.volume_interval
    asked, chance = pool.threshold, numbers.probability(pool.probability)
    right = max(1.6 * asked, 1.1 * high, 1.1 * base.volume_interval[1])
    at = np.linspace(0, right, 61)
    figure, (axis,) = _axes(2.2, left=0.62, bottom=0.5)
    data = pd.DataFrame(
        {
            "cars": at,
            "now_percent": 100 * pool.distribution(at),
            "base_percent": 100 * before.distribution(at),
        }
    )
    axis.plot(
        at, data["base_percent"].to_numpy(), color=style.NEUTRAL, linewidth=1.4, linestyle="--"
    )
    axis.plot(at, data["now_percent"].to_numpy(), color=style.INK, linewidth=2.6)
    axis.axvline(asked, color=style.US_TO_JAPAN, linewidth=1.2, linestyle=":")
    axis.plot([low, high], [50, 50], color=style.INK, linewidth=5, alpha=0.3, solid_capstyle="butt")
    axis.plot(middle, 50, "D", color=style.INK, markersize=6)
    axis.annotate(
        f"{volume_findings.cars(asked)} or more:\n{chance}",
        (asked, 3),
        (5, 0),
        textcoords="offset points",
        size=9,
        weight="bold",
        va="bottom",
    )
    axis.set(xlim=(0, right), ylim=(0, 101), xlabel="cars a year", yticks=(0, 50, 100))
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    return _drawing(
        "volume",
        figure,
        volume_findings.headline(asked, pool.probability),
        f"Probability that at most so many cars come, %; bar: 80 % interval; {BASE_NOTE}, dashed",
        f"Cumulative curve of cars a year. Median {volume_findings.cars(middle)}, 80 % interval "
        f"{numbers.span(low, high)}; {volume_findings.cars(asked)} or more: {chance}.",
        data,
    )


def money(now: Answers, base: Answers) -> Drawing:
    """Stickers of the chosen models, and what the programme turns over, costs and may protect in a
    year.
    """
    cost, models = now.study.cost, now.study.cost.shown
    figure, (left, right) = _axes(
        0.75 + 0.24 * max(len(models), 4), columns=2, left=1.25, bottom=0.42, gap=1.75
    )
    prices = cost.cars.list_price
    assumed = [model for model in models if prices[model].quality == "unverified"]
    stickers = [cost.estimate(model).value / 1e6 for model in models]
    names = [cost.cars.title[model] + (" *" if model in assumed else "") for model in models]
    before = [_base_sticker(base, model) for model in models]
    _bars(left, names, stickers, before, [style.US_TO_JAPAN] * len(models), 1)
    left.set_title("Sticker in Japan, ¥ m", size=9)
    items = {
        "duty_difference_usd_mn": f"{cost.maker}'s duty difference",
        "programme_value_usd_mn": "value of the cars",
        "programme_net_usd_mn": "gap shrinks by",
        "programme_cost_usd_mn": "programme's cost",
    }
    shades = (style.JAPAN_TO_US, style.US_TO_JAPAN, style.ACCENTS[1], style.NEUTRAL)
    amounts, old = ([answers.numbers[name] for name in items] for answers in (now, base))
    _bars(right, list(items.values()), amounts, old, shades, 0)
    right.set_title("USD million a year", size=9)
    groups = (
        ("sticker, JPY million", names, stickers, before),
        ("USD million a year", items.values(), amounts, old),
    )
    rows = [(measure, *row) for measure, *columns in groups for row in zip(*columns, strict=True)]
    listed = ", ".join(
        f"{item} {numbers.plain(amount)}"
        for item, amount in zip(items.values(), amounts, strict=True)
    )
    marked = "; *: US list price assumed" if assumed else ""
    return _drawing(
        "money",
        figure,
        f"At {numbers.plain(now.study.scenario.jpy_per_usd, 2)} yen per dollar a "
        f"{cost.cars.title[cost.leading]} would cost {numbers.jpy(now.numbers['sticker_jpy'])} in "
        "Japan",
        f"Bars from zero; {BASE_NOTE}, tick{marked}",
        f"Bars of {len(models)} stickers from {numbers.jpy(1e6 * min(stickers))} to "
        f"{numbers.jpy(1e6 * max(stickers))}, and in USD million a year: {listed}.",
        pd.DataFrame(rows, columns=["measure", "item", "now", "base"]),
    )


def _base_sticker(base: Answers, model: str) -> float | None:
    """The same model's sticker in the base scenario, ¥ m; None where the base scenario does not
    sell it.
    """
    cost = base.study.cost
    if model not in (*cost.models, cost.leading):
        return None
    return float(cost.estimate(model).value / 1e6)


def room(now: Answers, base: Answers) -> Drawing:
    """For each chosen model the street it needs alone and to meet a small car, against the street
    of the scenario. base: not drawn.
    """
    fit, scenario = now.study.fit, now.study.scenario
    models = fit.verdicts
    needs = (
        fit.places.pivot(index="vehicle_id", columns="place", values="need_mm").reindex(
            models["vehicle_id"]
        )
        / 1000
    )
    alone, meeting = needs[STREET_ALONE].to_numpy(), needs[STREET_MEETING].to_numpy()
    figure, (axis,) = _axes(0.72 + 0.24 * len(models), left=1.25, bottom=0.5, right=1.95)
    unsized = (models["basis"] != SOURCED) & (models["verdict"] != NOT_COMPUTED)
    verdicts = models["verdict"].mask(unsized, NOT_COMPUTED)
    texts = [
        _verdict_text(verdict, because, unsure)
        for verdict, because, unsure in zip(
            models["verdict"], models["because"], unsized, strict=True
        )
    ]
    colours = {USABLE: style.GOOD, WITH_CARE: style.CAUTION, NOT_COMPUTED: style.NEUTRAL}
    for row, (verdict, text, one_way, two_way) in enumerate(
        zip(verdicts, texts, alone, meeting, strict=True)
    ):
        colour = colours.get(verdict, style.BAD)
        axis.plot([one_way, two_way], [row, row], color=colour, linewidth=2)
        axis.plot([one_way], [row], "|", color=colour, markersize=10, markeredgewidth=2)
        axis.plot([two_way], [row], "o", color=colour, markersize=6.5)
        axis.annotate(
            text,
            (1, row),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            size=8.5,
            annotation_clip=False,
        )
    axis.axvline(fit.sizes.street_mm / 1000, color=style.INK, linewidth=1.4)
    axis.set_yticks(range(len(models)), list(models["title"]), size=8.5)
    axis.set(
        ylim=(len(models) - 0.5, -0.5),
        xlim=(0, 1.06 * max(fit.sizes.street_mm / 1000, float(np.nanmax([*meeting, 0.1])))),
        xlabel="clear width of the street, m",
    )
    axis.tick_params(axis="y", length=0)
    fits, sized = fit.counts
    counted = "chosen models" if sized == len(models) else "chosen models of sourced size"
    listed = "; ".join(f"{name} {text}" for name, text in zip(models["title"], texts, strict=True))
    return _drawing(
        "room",
        figure,
        f"{fits} of {sized} {counted} are usable without care in a {scenario.street_width_m:g} m "
        f"street and a {scenario.stall_width_mm / 1000:g} m stall",
        f"Tick: alone, dot: meeting a small car, with {scenario.clearance_mm} mm beside each; "
        f"line: what the street leaves inside its edge of {scenario.street_edge_m:g} m",
        "Street width needed by each chosen model, alone and meeting a small car, against "
        f"{fit.sizes.street_mm / 1000:g} m. {listed}.",
        pd.DataFrame(
            {"model": models["title"], "alone_m": alone, "meeting_m": meeting, "verdict": texts}
        ),
    )


def _verdict_text(verdict: str, because: str, unsized: bool) -> str:
    """The verdict of a model and what it hangs on. unsized: its size is assumed, so it has none."""
    if unsized:
        return "no verdict: size assumed"
    return USABLE if verdict == USABLE else f"{verdict}: {_PLACES[because]}"


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
    for row, (value, old) in enumerate(zip(values, before, strict=True)):
        if old is not None:
            axis.plot([old], [row], "|", color="#444444", markersize=13, markeredgewidth=1.6)
        end = max(value, old or 0.0, 0.0)
        axis.annotate(
            numbers.plain(value, decimals),
            (end, row),
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
        figure = Figure(figsize=(WIDTH_IN, height_in))
        wide = (WIDTH_IN - left - right - gap * (columns - 1)) / columns
        top = 0.28 if columns > 1 else 0.12
        boxes = [
            (
                (left + column * (wide + gap)) / WIDTH_IN,
                bottom / height_in,
                wide / WIDTH_IN,
                (height_in - top - bottom) / height_in,
            )
            for column in range(columns)
        ]
        return figure, [figure.add_axes(box) for box in boxes]
