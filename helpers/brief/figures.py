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
from helpers.show import Canvas, Chart, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX
from helpers.volume.findings import likelihood

SOURCE = "notebooks 01 to 04 of this suite, which name the source of each number; own calculations."
STRIP_GAP_PX = 14.0
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
    """Five strips from zero, one a headline: other scenarios as circles, this run as a diamond on
    its interval.
    """
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
        "Diamond: this run; bar: 80 % interval, for the share the range of values per car; "
        "circles: other scenarios. Every axis starts at zero",
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
    axis.xaxis.set_major_locator(MaxNLocator(4 if canvas.narrow else 8))
    axis.xaxis.set_major_formatter(lambda tick, _: f"{tick:g}")
    canvas.reach(y + 28 + AXIS_PX)
    return y + 28 + AXIS_PX


def verdicts(brief: BriefPart) -> Chart:
    """One bar an article, its claims by verdict, with sign and count in each part."""
    audit, articles = brief.claims.audit, brief.table("articles").set_index("article_id")
    crossed = by_article(audit).set_index("article")
    counts = pd.DataFrame(
        {
            name: crossed.reindex(columns=list(labels), fill_value=0).sum(axis=1)
            for name, labels, _, _ in _GROUPS
        }
    )
    outlets = articles["outlet"].reindex(counts.index, fill_value="")
    wrong = counts["contradicted"]
    title = "No claim of the articles is contradicted"
    if wrong.sum():
        title = (
            f"{wrong.max()} of {wrong.sum()} contradicted claims stand in one article, "
            f"{outlets.loc[str(wrong.idxmax())]}"
        )
    figure, axis = style.canvas(
        title,
        f"Claims by verdict, number of claims, forecasts as of {audit.inputs.as_of_date}",
        STRIP_SOURCE,
        height_in=2.5,
    )
    _stacked(axis, counts)
    short = outlets.str.split(r" \(|;", regex=True).str[0]
    labels = [f"{article} {outlet}" for article, outlet in short.items()]
    axis.set_yticks(range(len(counts)), labels, size=8.5)
    listed = ", ".join(f"{counts[name].sum()} {name}" for name, *_ in _GROUPS)
    return Chart(
        "verdicts",
        figure,
        f"Stacked bars of the claims of {len(counts)} articles by verdict: {listed}. {title}.",
        counts.reset_index(),
    )


def _stacked(axis: Axes, counts: pd.DataFrame) -> None:
    rows, left = range(len(counts)), counts.cumsum(axis=1) - counts
    for name, _, colour, sign in _GROUPS:
        look = {"color": colour, "height": 0.7, "label": f"{sign} {name}"}
        axis.barh(rows, counts[name], left=left[name], **look)  # type: ignore[arg-type]
        ink = "white" if colour in (style.GOOD, style.BAD) else style.INK
        for row, (start, count) in enumerate(zip(left[name], counts[name], strict=True)):
            if count > 1:
                text = f"{sign}{count}" if count > 2 else sign
                middle = start + count / 2
                axis.text(middle, row, text, ha="center", va="center", size=7.5, color=ink)
    axis.invert_yaxis()
    axis.set_xlim(0, counts.sum(axis=1).max() * 1.02)
    axis.spines["left"].set_visible(False)
    axis.tick_params(left=False)
    axis.legend(
        ncols=3,
        loc="upper center",
        bbox_to_anchor=(0.45, -0.12),
        fontsize=8,
        handlelength=1.0,
        columnspacing=1.2,
    )
