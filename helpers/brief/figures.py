"""Figures of the brief: the headlines over all scenarios, and the verdicts on each article."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from helpers.brief import findings
from helpers.brief.findings import Headline
from helpers.brief.headlines import HeadlineNumbers
from helpers.brief.part import BriefPart
from helpers.claims.labels import HELD, OFF, of_group
from helpers.claims.summary import by_article
from helpers.show import Chart, numbers, style
from helpers.volume.findings import likelihood

SOURCE = "notebooks 01 to 04 of this suite, which name the source of each number; own calculations."
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


def headlines(brief: BriefPart, others: Mapping[str, HeadlineNumbers]) -> Chart:
    """Five strips from zero, one a headline: other scenarios as circles, this run as a diamond on
    its interval.
    """
    own, volume = brief.headlines, brief.volume
    shown = findings.headlines(brief)
    cars = numbers.units(brief.parameter("programme_units"), "US-built cars")
    figure, axes = style.canvas(
        f"{cars} a year are worth {numbers.percent(own.share_of_gap_percent)} of the car gap; a "
        f"volume of {numbers.plain(volume.threshold)} is {likelihood(volume.probability)}",
        "Diamond: this run; bar: 80 % interval, for the share the range of values per car; "
        "circles: other scenarios. Every axis starts at zero",
        SOURCE,
        rows=len(shown),
        height_in=3.5,
    )
    data = []
    for axis, headline in zip(axes, shown, strict=True):
        values = {name: headline.of(numbers_of) for name, numbers_of in others.items()}
        _strip(axis, headline, own, list(values.values()))
        named = [("this run", headline.of(own)), *values.items()]
        data += [(headline.label, name, value) for name, value in named]
    listed = "; ".join(f"{headline.label} {headline.text(own)}" for headline in shown)
    return Chart(
        "headlines_picture",
        figure,
        f"Five strips, one a headline, with this run and {len(others)} scenarios. {listed}.",
        pd.DataFrame(data, columns=["headline", "scenario", "value"]),
    )


def _strip(axis: Axes, headline: Headline, own: HeadlineNumbers, others: list[float]) -> None:
    value, ends = headline.of(own), headline.interval or ()
    if ends:
        look = {"linewidth": 6, "alpha": 0.35, "solid_capstyle": "butt"}
        axis.plot(ends, [0, 0], color=style.US_TO_JAPAN, **look)  # type: ignore[arg-type]
    axis.plot(
        others,
        [0] * len(others),
        "o",
        color="white",
        markeredgecolor=style.INK,
        markersize=6,
        clip_on=False,
    )
    axis.plot(value, 0, "D", color=style.US_TO_JAPAN, markersize=9, clip_on=False)
    right = 1.04 * (max([value, *others, *ends]) or 1.0)
    axis.set(xlim=(0, right), ylim=(-1, 1), yticks=[])
    axis.set_title(f"{headline.label}, {headline.unit}", size=9, pad=4)
    axis.set_title(headline.text(own), size=10, loc="right", pad=4)
    axis.spines["left"].set_visible(False)
    axis.tick_params(labelsize=8)
    axis.xaxis.set_major_formatter(lambda tick, _: f"{tick:g}")


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
