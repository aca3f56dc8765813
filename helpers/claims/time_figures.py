"""Pictures of the claim audit over time: where plans stood on a ladder, and duties as stated."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.dates
import pandas as pd
from matplotlib.axes import Axes

from helpers.claims import Audit, Case
from helpers.claims.evidence import known
from helpers.claims.figures import SOURCE, Tables
from helpers.claims.labels import say
from helpers.claims.threads import Claimed, Thread, claimed_rungs, rising, threads
from helpers.data.picking import RUNGS
from helpers.numbers import day as in_days
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import AXIS_PX, spread, wrapped
from helpers.texts import PRINTED, how_stated, short
from helpers.trade.duty import steps, total_duty

DATES: Any = matplotlib.dates
# Colour, dashes and offset of a plan on the ladder: as many plans as can be told apart.
_STROKES = (
    (style.US_TO_JAPAN, "-", 0.0),
    (style.NEUTRAL, "-", -0.12),
    (style.INK, "--", 0.12),
    (style.JAPAN_TO_US, ":", 0.24),
)


def ladder(audit: Audit, case: Case) -> Drawing:
    """What was known of the plans when, as rungs of a ladder, with the rung each article claims."""
    seen = max([audit.inputs.as_of, *(verdict.claim.published for verdict in audit.verdicts)])
    facts = known(case.evidence, seen, audit.inputs, case.schedules)
    drawn = threads(audit, facts, _STROKES)
    risen = {thread: rising(facts.all_of(f"event.{thread.event}")) for thread in drawn}
    claimed = claimed_rungs(audit, drawn)
    days = [day for path in risen.values() for day, _ in path] + [claim.day for claim in claimed]
    first, last = min(days or [seen]), max(days or [seen]) + datetime.timedelta(days=45)
    places: dict[str, list[Claimed]] = {}
    for claim in sorted(claimed, key=lambda claim: claim.day):
        places.setdefault(claim.outlet, []).append(claim)
    listed = [
        f"{outlet}, {in_days(claims[0].day)}: "
        + "; ".join(
            f"{claim.thread.name} “{claim.rung}”, on record “{claim.actual or 'nothing'}”"
            for claim in claims
        )
        for outlet, claims in places.items()
    ]

    def draw(canvas: Canvas) -> None:
        axes = canvas.axes(14, 250, left=84, right=30 if canvas.narrow else 130)
        for thread, path in risen.items():
            heights = [RUNGS.index(rung) + thread.offset for _, rung in path]
            look = {"color": thread.colour, "linestyle": thread.dashes, "linewidth": 2}
            steps_days = [*(day for day, _ in path), last]
            axes.step(steps_days, [*heights, heights[-1]], where="post", **look)  # type: ignore[arg-type]
        for claim in claimed:
            level = RUNGS.index(claim.rung) + claim.thread.offset
            if claim.gap:
                gap = [RUNGS.index(str(claim.actual)), level]
                axes.plot([claim.day] * 2, gap, color=style.INK, linewidth=1, linestyle=(0, (2, 2)))  # type: ignore[arg-type]
            _diamond(axes, claim.day, level, claim.thread.colour)
        axes.set_yticks(range(len(RUNGS)), RUNGS)
        axes.set_ylim(-0.3, len(RUNGS) - 0.5)
        _by_month(canvas, axes, first - datetime.timedelta(days=20), last)
        axes.grid(axis="y")
        for index, rung in enumerate(RUNGS):
            here = [claim for claim in claimed if claim.rung == rung]
            above = index + 0.36 + max((claim.thread.offset for claim in here), default=0.0)
            _numbered(axes, {claim.outlet: claim.day for claim in here}, list(places), above)
        y = _thread_names(canvas, axes, risen)
        _list(canvas, y + 8, listed)

    rows = [
        (thread.name, "known", day.isoformat(), rung)
        for thread, path in risen.items()
        for day, rung in path
    ]
    rows += [
        (claim.outlet, f"claims {claim.thread.event}", claim.day.isoformat(), claim.rung)
        for claim in claimed
    ]
    title = _ladder_title(claimed)
    return Drawing(
        "ladder",
        title,
        "Highest rung publicly known of each plan (lines) and the rung an article claims at its "
        "publication (numbered diamonds)",
        SOURCE,
        draw,
        short(
            f"Status ladder with steps for {len(drawn)} plans of the makers and "
            f"{len(claimed)} diamonds for the rungs that {len(places)} articles claim. {title}."
        ),
        pd.DataFrame(rows, columns=["who", "what", "day", "rung"]),
    )


def _thread_names(
    canvas: Canvas, axes: Axes, risen: Mapping[Thread, list[tuple[datetime.date, str]]]
) -> float:
    """The plans' names at the ends of their lines, on a phone below the axis with a piece of their
    lines; where the next words may begin.
    """
    y = 14 + 250 + AXIS_PX + 4
    if canvas.narrow:
        for thread in risen:
            look = {"color": thread.colour, "linestyle": thread.dashes, "linewidth": 2}
            canvas.line([0, 28], [y + 7, y + 7], **look)
            y = canvas.text(36, y, thread.name)
        return y
    ends = [RUNGS.index(path[-1][1]) + thread.offset for thread, path in risen.items()]
    names = [wrapped(thread.name, 122, 12) for thread in risen]
    high = [0.38 * len(lines) for lines in names]
    for at, lines, thread in zip(spread(ends, high, -0.3, 9), names, risen, strict=True):
        where = axes.get_yaxis_transform()
        look = {"color": thread.colour, "va": "center", "size": 12}
        axes.text(1.01, at, "\n".join(lines), transform=where, **look)  # type: ignore[arg-type]
    return y


def _ladder_title(claimed: Sequence[Claimed]) -> str:
    ahead: dict[int, dict[str, None]] = {}
    for claim in claimed:
        if claim.gap > 0:
            ahead.setdefault(claim.gap, {})[claim.outlet] = None
    if not ahead:
        return "No article claims a higher status than was known on its day"
    parts = [f"{' and '.join(ahead[gap])} by {numbers.spelled(gap)}" for gap in sorted(ahead)[::-1]]
    return f"Rungs claimed ahead of what was known: {', '.join(parts)}"


def duties(audit: Audit, tables: Tables) -> Drawing:
    """US duties as the articles state them against the schedule."""
    stated = _stated_duties(audit)
    first = datetime.date(2025, 1, 1)
    ends = (duty.day + datetime.timedelta(days=35) for duty in stated)
    last = max([datetime.date(2026, 1, 31), *ends])
    schedule = steps(tables["tariffs"], "passenger_car", first.isoformat(), last.isoformat())
    days = [datetime.date.fromisoformat(day) for day in schedule["from_day"]]
    heights = [float(height) for height in schedule["total_percent"]]
    listed = [f"{duty.outlet}, {in_days(duty.day)}: {duty.words}" for duty in stated]

    def draw(canvas: Canvas) -> None:
        axes = canvas.axes(24, 230, left=34, right=12)
        canvas.text(0, 0, "% of customs value", size=11, color=style.NEUTRAL)
        line = {"where": "post", "color": style.JAPAN_TO_US}
        axes.step([*days, last], [*heights, heights[-1]], **line)  # type: ignore[arg-type]
        for day, height in zip(days, heights, strict=True):
            look = {"textcoords": "offset points", "color": style.JAPAN_TO_US, "size": 12}
            at = (DATES.date2num(day), height)
            axes.annotate(f"{say(height)} %", at, xytext=(4, 5), **look)  # type: ignore[arg-type]
        for number, duty in enumerate(stated, 1):
            fill = style.US_TO_JAPAN if duty.kind in _TOTALS else "white"
            _diamond(axes, duty.day, duty.percent, fill, style.US_TO_JAPAN)
            look = {"textcoords": "offset points", "size": 12, "weight": "bold", "va": "center"}
            at = (DATES.date2num(duty.day), duty.percent)
            axes.annotate(str(number), at, xytext=(9, -7), **look)  # type: ignore[arg-type]
        axes.set_ylim(0, 1.15 * max([duty.percent for duty in stated] + heights))
        _by_month(canvas, axes, first, last)
        axes.grid(axis="y")
        _list(canvas, 24 + 230 + AXIS_PX + 8, listed)

    rows = [
        ("schedule", day.isoformat(), height, "total")
        for day, height in zip(days, heights, strict=True)
    ]
    rows += [(duty.outlet, duty.day.isoformat(), duty.percent, duty.kind) for duty in stated]
    title = _duty_title(stated, tables["tariffs"])
    return Drawing(
        "duties",
        title,
        "US duty on passenger cars from Japan by day, everything included (line); as articles "
        "state it (numbered diamonds; hollow: one part of it, or a threat)",
        "tariff schedule of the data package (Federal Register and customs notices); articles.",
        draw,
        short(
            f"Step line of the total US duty on Japanese cars, from {say(heights[0])} % up to "
            f"{say(max(heights))} %, with {len(stated)} diamonds for duties as stated. {title}."
        ),
        pd.DataFrame(rows, columns=["who", "day", "duty_percent", "kind"]),
    )


_TOTALS = ("total", "sum of its rates")


@dataclass(frozen=True)
class StatedDuty:
    """A duty as an article states it. kind: total, sum of its rates, one part, threat."""

    outlet: str
    day: datetime.date
    percent: float
    kind: str
    words: str


def _duty_title(stated: Sequence[StatedDuty], tariffs: pd.DataFrame) -> str:
    totals = [
        (duty, total_duty(tariffs, duty.day.isoformat(), "passenger_car"))
        for duty in stated
        if duty.kind in _TOTALS
    ]
    if not totals:
        return "No article states a total duty on Japanese cars"
    duty, right = max(totals, key=lambda pair: abs(pair[0].percent - pair[1]))
    stands = "brings the duty" if duty.kind == "total" else "names duties that add up"
    return (
        f"{duty.outlet} {stands} to {say(duty.percent)} % on a Japanese car, which paid "
        f"{say(right)} % that day"
    )


def _stated_duties(audit: Audit) -> list[StatedDuty]:
    """What claims state of US duties on goods from Japan."""
    metrics = {row.metric: row for row in audit.evidence.values()}
    mfn = metrics.get("tariff.us_mfn_cars")
    stated = []
    for claim in (verdict.claim for verdict in audit.verdicts):
        args = claim.args
        if claim.rule not in ("tariff_total", "tariff_component"):
            continue
        if args.get("instrument") == "jp_cars":
            continue
        on = args["on"]
        day = claim.published if on == "publication" else datetime.date.fromisoformat(on)
        if args.get("claimed") == "threat_only":
            percent, kind, words = float(mfn.value) if mfn else 0.0, "threat", "still a threat"
        else:
            percent = claim.number
            amount = f"{say(percent)} %"
            if claim.rule == "tariff_component":
                what = "on cars" if "cars" in args["instrument"] else "on goods in general"
                kind, words = "one part", f"{amount} {what}"
            elif how_stated(claim.text, claim.number) == PRINTED:
                kind, words = "total", f"{amount} in all"
            else:
                kind, words = "sum of its rates", f"rates that add to {amount}"
        stated.append(StatedDuty(claim.outlet, day, percent, kind, words))
    return sorted(stated, key=lambda duty: (duty.day, duty.percent))


def _diamond(axes: Axes, day: datetime.date, level: float, fill: str, edge: str = "white") -> None:
    look: dict[str, Any] = {
        "marker": "D",
        "markersize": 9,
        "markeredgecolor": edge,
        "clip_on": False,
    }
    axes.plot([day], [level], color=fill, linestyle="none", **look)  # type: ignore[arg-type]


def _numbered(
    axes: Axes, days: Mapping[str, datetime.date], order: Sequence[str], level: float
) -> None:
    """Numbers of the articles above their diamonds, moved apart where they are close."""
    low, high = axes.get_xlim()
    wide = (high - low) / 18
    wanted = [DATES.date2num(day) for day in days.values()]
    for x, outlet in zip(spread(wanted, [wide] * len(wanted), low, high), days, strict=True):
        number = order.index(outlet) + 1
        axes.text(x, level, str(number), ha="center", va="center", size=12, weight="bold")


def _list(canvas: Canvas, y: float, entries: Sequence[str]) -> None:
    """What the numbers stand for, a line or more each."""
    for number, entry in enumerate(entries, 1):
        canvas.text(0, y, str(number), weight="bold")
        y = canvas.text(18, y, entry, width=canvas.width - 18)


def _by_month(canvas: Canvas, axes: Axes, first: datetime.date, last: datetime.date) -> None:
    """A time axis with as many months as there is room for."""
    axes.set_xlim(first, last)  # type: ignore[arg-type]
    months = (last - first).days / 30
    every = next((n for n in (1, 2, 3, 4, 6, 12) if months / n <= (3 if canvas.narrow else 8)), 24)
    axes.xaxis.set_major_locator(DATES.MonthLocator(interval=every))
    axes.xaxis.set_major_formatter(DATES.DateFormatter("%b %Y"))
