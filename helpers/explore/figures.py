"""The figures of the panel: volume, money, room. Each draws with texts, lines and boxes alone, so
that it can follow every move of a control.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.explore.findings import words
from helpers.explore.headlines import HEADLINES, Answers
from helpers.explore.surface import LiveSurface, Surface
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
from helpers.show import Drawing, numbers, style
from helpers.show.canvas import length
from helpers.volume import findings as volume_findings

LIVE_PX = 470.0
ROW_PX, NAME_PX, SMALL_PX = 21.0, 128.0, 11.5
SOURCE = "notebook {} of this suite, which names the source of each number; own calculations."
_PLACES = {
    STALL_LENGTH: "stall length",
    STALL_WIDTH: "stall width",
    GETTING_OUT: "getting out",
    WHEEL_STOP: "wheel stop",
    DOOR: "door",
    STREET_ALONE: "street",
    STREET_MEETING: "meeting a car",
}
_COLOURS = {USABLE: style.GOOD, WITH_CARE: style.CAUTION, NOT_COMPUTED: style.NEUTRAL}
_SHADES = {
    "duty_difference_usd_mn": style.JAPAN_TO_US,
    "programme_value_usd_mn": style.US_TO_JAPAN,
    "programme_net_usd_mn": style.ACCENTS[2],
    "programme_cost_usd_mn": style.NEUTRAL,
}


def live(drawing: Drawing) -> str:
    """A drawing as the panel shows it, its words above it."""
    surface = LiveSurface(LIVE_PX)
    drawing.draw(surface)  # type: ignore[arg-type]  # the drawings below need no more of a canvas
    return (
        f'<figure data-figure="{drawing.name}" style="margin:8px 0 0"><figcaption '
        f'style="line-height:1.3"><strong>{html.escape(drawing.title)}</strong><br><small>'
        f"{html.escape(drawing.subtitle)}</small></figcaption>{surface.svg(drawing.alt)}</figure>"
    )


def volume(now: Answers, reference: Answers) -> Drawing:
    """How likely it is that at most so many cars come, in both settings, and the volume asked
    for.
    """
    pool, before = now.study.volume.pool, reference.study.volume.pool
    low, high = now.volume_interval
    middle, asked = pool.quantiles([0.5])[0], pool.threshold
    chance = numbers.probability(pool.probability)
    right = max(1.6 * asked, 1.1 * high, 1.1 * reference.volume_interval[1])
    cars = np.linspace(0, right, 61)
    own, other = (100 * of.distribution(cars) for of in (pool, before))

    def draw(surface: Surface) -> None:
        left, top, height = 48.0, 8.0, 150.0
        axis = Axis(left, surface.width - 24, right)

        def y(percent: Any) -> Any:
            return top + height * (1 - np.asarray(percent) / 100)

        for percent in (0, 50, 100):
            surface.text(left - 8, y(percent) - 8, f"{percent} %", size=SMALL_PX, ha="right")
            surface.line([left, axis.end], [y(percent)] * 2, color=style.LIGHT, linewidth=0.8)
        at = axis.at(asked)
        surface.line([at, at], [top, top + height], color=style.US_TO_JAPAN, linewidth=1.4)
        asks = f"{volume_findings.cars(asked)} or more:"
        fits = at + 6 + length(asks) < surface.width
        x, side = (at + 6, "left") if fits else (at - 6, "right")
        surface.text(x, top + height - 36, asks, ha=side)
        surface.text(x, top + height - 20, chance, ha=side, weight="bold")
        surface.line(axis.at(cars), y(other), color=style.NEUTRAL, linewidth=1.4, linestyle="--")
        surface.line(axis.at(cars), y(own), color=style.INK, linewidth=2.6)
        surface.box(axis.at(low), y(50) - 2, axis.at(high) - axis.at(low), 4, color=style.LIGHT)
        surface.box(axis.at(middle) - 4, y(50) - 4, 8, 8, color=style.INK)
        axis.draw(surface, top + height, "cars a year")

    return Drawing(
        "volume",
        volume_findings.headline(asked, pool.probability),
        "Probability that at most so many cars come, %; square: median; bar: 80 % interval; "
        f"dashed: {reference.title}",
        SOURCE.format("02"),
        draw,
        f"Cumulative curve of cars a year. Median {volume_findings.cars(middle)}, 80 % interval "
        f"{numbers.span(low, high)}; {volume_findings.cars(asked)} or more: {chance}.",
        pd.DataFrame({"cars": cars, "now_percent": own, "reference_percent": other}),
    )


def money(now: Answers, reference: Answers) -> Drawing:
    """Prices of the chosen models, and what the programme turns over, costs and may protect."""
    cost = now.study.cost
    prices = cost.cars.list_price
    assumed = [model for model in cost.shown if prices[model].quality == "unverified"]
    stickers = [
        Bar(
            cost.cars.title[model] + (" *" if model in assumed else ""),
            cost.estimate(model).value / 1e6,
            _sticker(reference, model),
            style.US_TO_JAPAN,
        )
        for model in cost.shown
    ]
    labels = {headline.name: now.named(headline.label) for headline in HEADLINES}
    before = reference.numbers_of(now.car)
    amounts = [
        Bar(labels[name].removesuffix(", a year"), value, before[name], colour)
        for name, colour in _SHADES.items()
        if (value := now.numbers[name]) is not None
    ]
    groups = {"Price in Japan, ¥ million": (stickers, 2), "USD million a year": (amounts, 0)}

    def draw(surface: Surface) -> None:
        top = 0.0
        for heading, (bars, decimals) in groups.items():
            top = surface.text(0, top, heading, weight="bold") + 2
            top = _bars(surface, top, bars, decimals) + 10

    rate = words(now.study.scenario.jpy_per_usd)
    values = [bar.value for bar in stickers]
    listed = ", ".join(f"{bar.name} {numbers.plain(bar.value)}" for bar in amounts)
    return Drawing(
        "money",
        f"At {rate} yen per dollar a {cost.cars.title[now.car]} would cost "
        f"{numbers.jpy(now.numbers['sticker_jpy'] or 0.0)} in Japan",
        f"Bars from zero; tick: {reference.title}"
        + ("; *: US list price assumed" if assumed else ""),
        SOURCE.format("04"),
        draw,
        f"Bars of {len(stickers)} prices from {numbers.jpy(1e6 * min(values))} to "
        f"{numbers.jpy(1e6 * max(values))}, and in USD million a year: {listed}.",
        pd.DataFrame(
            [
                (heading, bar.name, bar.value, bar.before)
                for heading, (bars, _) in groups.items()
                for bar in bars
            ],
            columns=["measure", "item", "now", "reference"],
        ),
    )


def _sticker(reference: Answers, model: str) -> float | None:
    """The model's price in the other setting, ¥ m; None where it is not sold there."""
    cost = reference.study.cost
    if model not in (*cost.models, cost.leading):
        return None
    return float(cost.estimate(model).value / 1e6)


def room(now: Answers, _: Answers) -> Drawing:
    """For each chosen model the street it needs alone and to meet a small car, against the street
    of the scenario.
    """
    fit, scenario = now.study.fit, now.study.scenario
    models = fit.verdicts
    needs = fit.places.pivot(index="vehicle_id", columns="place", values="need_mm")
    needs = needs.reindex(models["vehicle_id"]) / 1000
    alone, meeting = needs[STREET_ALONE].to_numpy(), needs[STREET_MEETING].to_numpy()
    unsized = (models["basis"] != SOURCED) & (models["verdict"] != NOT_COMPUTED)
    verdicts = models["verdict"].mask(unsized, NOT_COMPUTED)
    texts = [
        _verdict_text(*row)
        for row in zip(models["verdict"], models["because"], unsized, strict=True)
    ]
    street = fit.sizes.street_mm / 1000
    right = 1.06 * max(street, float(np.nanmax([*meeting, 0.1])))

    def draw(surface: Surface) -> None:
        frame = (12.0, surface.width - 12) if surface.narrow else (NAME_PX, surface.width - 160)
        axis, top = Axis(*frame, right), 4.0
        for name, verdict, text, one_way, two_way in zip(
            models["title"], verdicts, texts, alone, meeting, strict=True
        ):
            colour = _COLOURS.get(verdict, style.BAD)
            if surface.narrow:
                top = surface.text(0, top, f"{name}: {text}", size=SMALL_PX)
            else:
                surface.text(0, top + 2, name, size=SMALL_PX)
                surface.text(axis.end + 8, top + 2, text, size=SMALL_PX)
            y = top + ROW_PX / 2
            ends = axis.at(np.nan_to_num([one_way, two_way]))
            surface.line(ends, [y, y], color=colour, linewidth=2)
            surface.box(ends[0] - 1, y - 6, 2, 12, color=colour)
            surface.box(ends[1] - 4, y - 4, 8, 8, color=colour)
            top += ROW_PX
        surface.line([axis.at(street)] * 2, [4, top], color=style.INK, linewidth=1.4)
        axis.draw(surface, top, "clear width of the street, m")

    fits, sized = fit.counts
    counted = "chosen models" if sized == len(models) else "chosen models of sourced size"
    listed = "; ".join(f"{name} {text}" for name, text in zip(models["title"], texts, strict=True))
    return Drawing(
        "room",
        f"{fits} of {sized} {counted} are usable without care in a {scenario.street_width_m:g} m "
        f"street and a {scenario.stall_width_mm / 1000:g} m stall",
        f"Tick: alone; square: meeting a small car, with {scenario.clearance_mm} mm beside each; "
        f"line: what the street leaves inside its edge of {scenario.street_edge_m:g} m",
        SOURCE.format("03"),
        draw,
        "Street width needed by each chosen model, alone and meeting a small car, against "
        f"{street:g} m. {listed}.",
        pd.DataFrame(
            {"model": models["title"], "alone_m": alone, "meeting_m": meeting, "verdict": texts}
        ),
    )


def _verdict_text(verdict: str, because: str, unsized: bool) -> str:
    """The verdict of a model and what it hangs on. unsized: its size is assumed, so it has none."""
    if unsized:
        return "no verdict: size assumed"
    return USABLE if verdict == USABLE else f"{verdict}: {_PLACES[because]}"


@dataclass(frozen=True)
class Axis:
    """A scale from zero to `right` between two places of a surface."""

    start: float
    end: float
    right: float

    def at(self, value: Any) -> Any:
        """Where a value stands."""
        return self.start + (self.end - self.start) * np.asarray(value) / self.right

    def draw(self, surface: Surface, top: float, name: str) -> None:
        """The line with its numbers, and what they are below."""
        surface.line([self.start, self.end], [top, top], color=style.NEUTRAL)
        step = 10.0 ** np.floor(np.log10(self.right))
        step = next(step * part for part in (0.2, 0.5, 1, 2) if self.right / (step * part) <= 5)
        for value in np.arange(0, self.right, step):
            x = self.at(value)
            surface.line([x, x], [top, top + 4], color=style.NEUTRAL)
            surface.text(x, top + 5, numbers.plain(value), size=SMALL_PX, ha="center")
        surface.text(self.end, top + 21, name, size=SMALL_PX, ha="right")


@dataclass(frozen=True)
class Bar:
    """One amount with its name, and the amount of the other setting if it has one."""

    name: str
    value: float
    before: float | None
    colour: str


def _bars(surface: Surface, top: float, bars: Sequence[Bar], decimals: int) -> float:
    """Bars from zero with their value, and a tick where the other setting stands; where they
    end.
    """
    known = [value for bar in bars for value in (bar.value, bar.before or 0.0)]
    least, most = min(*known, 0.0), max(*known, 1e-9)
    left = 0.0 if surface.narrow else NAME_PX + 40
    scale = (surface.width - left - 52) / (most - least)
    zero = left - least * scale
    for bar in bars:
        if surface.narrow:
            top = surface.text(0, top, bar.name, size=SMALL_PX)
        else:
            surface.text(0, top + 2, bar.name, size=SMALL_PX)
        ends = sorted((zero, zero + bar.value * scale))
        surface.box(ends[0], top + 3, ends[1] - ends[0], ROW_PX - 6, color=bar.colour)
        end = ends[1]
        if bar.before is not None:
            tick = zero + bar.before * scale
            surface.line([tick, tick], [top + 1, top + ROW_PX - 1], color="#444444", linewidth=1.8)
            end = max(end, tick)
        surface.text(end + 5, top + 2, numbers.plain(bar.value, decimals), size=SMALL_PX)
        top += ROW_PX
    return top
