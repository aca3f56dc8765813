"""Figures of the brief: the headlines over all scenarios, and the verdicts on each article."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from helpers.brief import findings
from helpers.brief.findings import Headline
from helpers.brief.part import BriefPart, HeadlineNumbers
from helpers.claims.labels import HELD, OFF, of_group
from helpers.claims.summary import by_article
from helpers.parts import drawn_once
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX, LINE_HEIGHT, TEXT_PX, length
from helpers.volume.findings import likelihood

SOURCE = "notebooks 01 to 04 of this suite, which name the source of each number; own calculations."
STRIP_GAP_PX, BAR_PX = 14.0, 20.0
STRIP_SOURCE = (
    "the claim audit of this suite (notebook 05); verdicts are computed from dated facts."
)
# Groups of the verdict strip: name, labels, colour, sign. The sign stands in the bar, so that
# colour is never alone.
_GROUPS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("supported or mostly", HELD, style.GOOD, "✓"),
    ("mixed or off", OFF, style.CAUTION, "△"),
    ("contradicted", ("contradicted",), style.BAD, "✗"),
    ("no support", ("unsupported",), "#CC79A7", "–"),
    (
        "forecast",
        ("forecast_met", "forecast_partly_met", "forecast_pending", "forecast_missed"),
        "#56B4E9",
        "→",
    ),
    ("opinion, not found or beyond checking", of_group("none"), style.LIGHT, "?"),
)


def headlines(brief: BriefPart, others: Mapping[str, HeadlineNumbers]) -> Drawing:
    """Five strips from zero, one a headline: scenarios as circles, this run as a diamond."""
    own, volume = brief.headlines, brief.volume
    shown = findings.headlines(brief)
    cars = numbers.units(brief.parameter("programme_units"), "US-built cars")
    values = {
        headline.label: [headline.of(numbers_of) for numbers_of in others.values()]
        for headline in shown
    }
    rows = [
        (headline.label, scenario, value)
        for headline in shown
        for scenario, value in zip(
            ["this run", *others], [headline.of(own), *values[headline.label]], strict=True
        )
    ]

    def draw(canvas: Canvas) -> None:
        y = 0.0
        for headline in shown:
            y = _strip(canvas, y, headline, own, values[headline.label]) + STRIP_GAP_PX

    listed = "; ".join(f"{headline.label} {headline.text(own)}" for headline in shown)
    return Drawing(
        "headlines_picture",
        f"{cars} a year are worth {numbers.percent(own.share_of_gap_percent)} of the car gap; a "
        f"volume of {numbers.plain(volume.threshold)} is {likelihood(volume.probability)}",
        "Diamond: this run; circles: other scenarios; bar: 80 % interval, for the share the range "
        "of values per car, for the chance other choices of method. Every axis starts at zero",
        SOURCE,
        draw,
        f"Five strips, one a headline, with this run and {len(others)} scenarios. {listed}.",
        pd.DataFrame(rows, columns=["headline", "scenario", "value"]),
    )


def _strip(
    canvas: Canvas, top: float, headline: Headline, own: HeadlineNumbers, others: Sequence[float]
) -> float:
    """Name and number on one line, below them the marks and their axis; where the strip ends."""
    value, ends = headline.of(own), headline.interval or ()
    canvas.text(canvas.width, top, headline.text(own), ha="right", size=13, weight="bold")
    y = canvas.text(0, top, f"{headline.label}, {headline.unit}")
    axis = canvas.axes(y + 6, 22, left=6, right=12)
    look: dict[str, Any] = {"clip_on": False, "markeredgecolor": style.INK}
    if ends:
        axis.plot(ends, [0, 0], color=style.US_TO_JAPAN, linewidth=8, alpha=0.35)
    axis.plot(others, [0] * len(others), "o", color="white", markersize=8, **look)
    axis.plot(value, 0, "D", color=style.US_TO_JAPAN, markersize=11, clip_on=False)
    right = 1.04 * (max([value, *others, *ends]) or 1.0)
    axis.set(xlim=(0, right), ylim=(-1, 1), yticks=[])
    axis.spines["left"].set_visible(False)
    axis.xaxis.set_major_locator(MaxNLocator(4 if canvas.narrow else 8, steps=[1, 2, 2.5, 5, 10]))
    axis.xaxis.set_major_formatter(lambda tick, _: f"{tick:g}")
    canvas.reach(y + 28 + AXIS_PX)
    return y + 28 + AXIS_PX


@drawn_once
def verdicts(brief: BriefPart) -> Drawing:
    """One bar an article, its claims by verdict, with sign and count in each part."""
    audit = brief.claims.audit
    crossed = by_article(audit).set_index("article")
    counts = pd.DataFrame(
        {
            name: crossed.reindex(columns=list(labels), fill_value=0).sum(axis=1)
            for name, labels, _, _ in _GROUPS
        }
    )
    named = {own.claim.article_id: own.claim.outlet for own in audit.verdicts}
    outlets = [named[article] for article in counts.index]
    wrong = counts["contradicted"].to_numpy()
    title = "No claim of the articles is contradicted by the facts"
    if wrong.sum():
        title = (
            f"{wrong.max()} of {wrong.sum()} contradicted claims stand in one article, "
            f"{outlets[wrong.argmax()]}"
        )

    def draw(canvas: Canvas) -> None:
        top = _key(canvas) + 10
        left = 12 + max(map(length, outlets))
        axis = canvas.rows(outlets, top, left=left, row=BAR_PX + 4)
        room = canvas.width - (0 if canvas.narrow else left)
        _stacked(axis, counts, room, (canvas.bottom - top) / len(counts))

    listed = ", ".join(f"{counts[name].sum()} {name}" for name, *_ in _GROUPS)
    return Drawing(
        "verdicts",
        title,
        f"Claims by verdict, as of {numbers.day(str(audit.inputs.as_of_date))}",
        STRIP_SOURCE,
        draw,
        f"Stacked bars of the claims of {len(counts)} articles by verdict: {listed}. {title}.",
        counts.reset_index(),
    )


def _key(canvas: Canvas) -> float:
    """The sign, colour and name of each group, as many on a line as fit; where it ends."""
    x, y = 0.0, 0.0
    for name, _, colour, sign in _GROUPS:
        words = f"{sign} {name}"
        wide = 18 + length(words) + 16
        if x and x + wide - 16 > canvas.width:
            x, y = 0.0, y + LINE_HEIGHT * TEXT_PX + 3
        canvas.box(x, y + 2, 12, 12, color=colour)
        canvas.text(x + 18, y, words)
        x += wide
    return y + LINE_HEIGHT * TEXT_PX


def _stacked(axis: Axes, counts: pd.DataFrame, room: float, step: float) -> None:
    """The bars, one a row. room: their width in pixels. step: of a row."""
    rows, left = range(len(counts)), counts.cumsum(axis=1) - counts
    most, part = max(1, counts.sum(axis=1).max()), BAR_PX / step
    axis.set(xlim=(0, most), xticks=[])
    axis.spines["bottom"].set_visible(False)
    for name, _, colour, sign in _GROUPS:
        axis.barh(rows, counts[name], left=left[name], color=colour, height=part)
        ink = "white" if colour in (style.GOOD, style.BAD) else style.INK
        for row, (start, count) in enumerate(zip(left[name], counts[name], strict=True)):
            text = f"{sign}{count}"
            if room * count / most > length(text) + 4:
                axis.text(start + count / 2, row, text, ha="center", va="center", color=ink)
