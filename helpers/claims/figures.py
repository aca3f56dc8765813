"""Pictures of the claim audit: tiles of verdicts, the status ladder, duties as stated."""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.dates
import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.claims import LABELS, Audit, Case, Verdict
from helpers.claims.claim import Claim
from helpers.claims.evidence import Evidence, Facts, known
from helpers.claims.labels import say, word
from helpers.claims.shared import records
from helpers.claims.summary import counts
from helpers.data.picking import RUNGS
from helpers.show import Chart, numbers, style
from helpers.texts import PRINTED, how_stated, short
from helpers.trade.duty import steps, total_duty

DATES: Any = matplotlib.dates
SOURCE = "claims, facts and stances of the data package, one auditor; verdicts are computed."

# Colour says how a claim fares, the sign inside says which label: colour is never alone. A round
# tile is a forecast judged later.
LOOK: Mapping[str, tuple[str, str]] = {
    "supported": (style.GOOD, ""),
    "mostly_supported": ("#56B4E9", "."),
    "mixed": (style.CAUTION, "+"),
    "overstated": (style.CAUTION, "^"),
    "understated": (style.CAUTION, "v"),
    "outdated": (style.CAUTION, "<"),
    "unsupported": ("#CC79A7", "d"),
    "contradicted": (style.BAD, "x"),
    "not_found": (style.LIGHT, "d"),
    "cannot_be_checked": (style.LIGHT, "_"),
    "opinion": (style.LIGHT, ""),
    "forecast_met": (style.GOOD, ""),
    "forecast_partly_met": ("#56B4E9", "."),
    "forecast_pending": (style.LIGHT, "."),
    "forecast_missed": (style.BAD, "x"),
}
_TILES_SUBTITLE = (
    "One tile a claim in reading order, small numbers are paragraphs; forecasts as of {}"
)
LONGEST_LINE = 30


def tiles(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> Chart:
    """One tile a claim in reading order, by article, part of the text and paragraph. Returns
    figure, alt text, data.
    """
    blocks, outlets = (
        records(tables["paragraph_blocks"]),
        {row["article_id"]: row["outlet"] for row in records(tables["articles"])},
    )
    placed: list[tuple[float, float, Verdict]] = []
    headings: list[tuple[float, str, bool]] = []
    numbers_above: list[tuple[float, float, int]] = []
    line = 0.0
    for article in dict.fromkeys(verdict.claim.article_id for verdict in audit.verdicts):
        parts: dict[str, list[Verdict]] = {}
        for verdict in audit.verdicts:
            if verdict.claim.article_id == article:
                parts.setdefault(block_of(verdict.claim, blocks), []).append(verdict)
        headings.append((line - 0.15, f"{article}  {outlets.get(article, '')}", True))
        line += 1.45
        for part, verdicts in parts.items():
            if part:
                headings.append((line, part, False))
            line = _lay_out(
                sorted(verdicts, key=lambda one: (one.claim.paragraph, one.claim.claim_id)),
                line,
                placed,
                numbers_above,
            )
    found = counts(audit)
    shown = [label for label in LABELS if found[label]]
    height = line + 0.8 + 1.25 * -(-len(shown) // 4)
    fig, axes = style.canvas(
        _tiles_title(audit, blocks),
        _TILES_SUBTITLE.format(audit.inputs.as_of_date),
        SOURCE,
        height_in=0.2 * height,
    )
    axes.set(xlim=(-6.9, LONGEST_LINE + 9.3), ylim=(height - 0.6, -0.8))
    axes.axis("off")
    _draw_tiles(axes, [(x, y, verdict.headline) for x, y, verdict in placed])
    for y, text, strong in headings:
        if strong:
            axes.text(-6.9, y, short(text, 70), va="center", size=8.5, weight="bold")
        else:
            axes.text(
                -0.9, y, short(text, 15), va="center", ha="right", size=8, color=style.NEUTRAL
            )
    for x, y, number in numbers_above:
        axes.text(x, y - 0.58, number, va="bottom", ha="center", size=6.5, color=style.NEUTRAL)
    _key(axes, shown, found, line + 0.3)
    data = pd.DataFrame(
        [
            (one.claim.article_id, one.claim.paragraph, one.claim.claim_id, one.headline)
            for *_, one in placed
        ],
        columns=["article", "paragraph", "claim", "verdict"],
    )
    said = ", ".join(f"{found[label]} {word(label)}" for label in shown[:8])
    return Chart(
        "tiles",
        fig,
        short(
            f"Tile map of {len(placed)} claims by article and paragraph. "
            f"{_tiles_title(audit, blocks)}. Tiles: {said}."
        ),
        data,
    )


def block_of(claim: Claim, blocks: Sequence[Mapping[str, str]]) -> str:
    """The part of its text a claim stands in; empty for a text in one part."""
    for row in blocks:
        if row["article_id"] == claim.article_id and int(
            row["first_paragraph"]
        ) <= claim.paragraph <= int(row["last_paragraph"]):
            return row["block"]
    return "rest" if any(row["article_id"] == claim.article_id for row in blocks) else ""


def _tiles_title(audit: Audit, blocks: Sequence[Mapping[str, str]]) -> str:
    where: dict[str, int] = {}
    for verdict in audit.verdicts:
        if verdict.headline == "contradicted":
            part = block_of(verdict.claim, blocks)
            place = (
                f"the {part} of {verdict.claim.article_id}" if part else verdict.claim.article_id
            )
            where[place] = where.get(place, 0) + 1
    if not where:
        return "No claim is contradicted under these settings"
    place, most = max(where.items(), key=lambda item: item[1])
    return f"{most} of {sum(where.values())} contradicted claims stand in {place}"


def _lay_out(
    verdicts: list[Verdict],
    line: float,
    placed: list[tuple[float, float, Verdict]],
    numbers_above: list[tuple[float, float, int]],
) -> float:
    """Place the tiles of one part; a new line starts at a paragraph where the line is full. Returns
    the next free line.
    """
    x, previous = 0.0, None
    for verdict in verdicts:
        paragraph = verdict.claim.paragraph
        if paragraph != previous:
            ahead = sum(other.claim.paragraph == paragraph for other in verdicts)
            x += 0.55 if x else 0.0
            if x and x + ahead > LONGEST_LINE + 8:
                x, line = 0.0, line + 1.75
            numbers_above.append((x, line, paragraph))
        elif x > LONGEST_LINE + 8:
            x, line = 0.0, line + 1.75
        placed.append((x, line, verdict))
        x, previous = x + 1.0, paragraph
    return line + 1.75


def _draw_tiles(axes: Any, tiles_at: list[tuple[float, float, str]]) -> None:
    """Squares are short thick strokes, one path a label: a picture of many tiles stays small."""
    for label in dict.fromkeys(label for *_, label in tiles_at):
        colour, sign = LOOK[label]
        at = [(x, y) for x, y, other in tiles_at if other == label]
        xs, ys = zip(*at, strict=True)
        if label.startswith("forecast"):
            axes.scatter(xs, ys, s=100, marker="o", color=colour, linewidths=0)
        else:
            ends = [point for x, y in at for point in ((x - 0.44, y), (x + 0.44, y))]
            path = Path(ends, [Path.MOVETO, Path.LINETO] * len(at))
            axes.add_patch(
                PathPatch(path, fill=False, edgecolor=colour, linewidth=9.4, capstyle="butt")
            )
        if sign == ".":
            ends = [point for x, y in at for point in ((x - 0.12, y), (x + 0.12, y))]
            dots = Path(ends, [Path.MOVETO, Path.LINETO] * len(at))
            axes.add_patch(
                PathPatch(
                    dots, fill=False, edgecolor=style.INK, linewidth=2.8, capstyle="butt", zorder=3
                )
            )
        elif sign:
            ink = "white" if colour in (style.BAD, style.GOOD) else style.INK
            axes.scatter(
                xs,
                ys,
                s=30,
                marker=sign,
                color=ink,
                linewidths=1.4 if sign in "x+_" else 0,
                zorder=3,
            )


def _key(axes: Any, shown: list[str], found: Mapping[str, int], top: float) -> None:
    for index, label in enumerate(shown):
        x, y = -6.3 + 11.6 * (index % 4), top + 1.25 * (index // 4)
        _draw_tiles(axes, [(x, y, label)])
        axes.text(x + 0.9, y, f"{word(label)} {found[label]}", va="center", size=8.5)


@dataclass(frozen=True)
class Thread:
    """A plan on the ladder. offset keeps lines apart that run on one rung."""

    event: str
    name: str
    colour: str
    dashes: str
    offset: float


_STROKES = (
    (style.US_TO_JAPAN, "-", 0.0),
    (style.NEUTRAL, "-", -0.1),
    (style.INK, "--", 0.1),
    (style.US_TO_JAPAN, ":", 0.2),
)


def threads(audit: Audit, facts: Facts) -> list[Thread]:
    """The plans that the claims ask for most, those that climbed first, as many as can be told
    apart.
    """
    asked = Counter[str]()
    for verdict in audit.verdicts:
        args = verdict.claim.args
        inner = args.get("then", {}).get("event", "")
        asked.update({*args.get("events", []), args.get("event", ""), inner} - {""})
    climbs = {event: len(rising(facts.all_of(f"event.{event}"))) for event in asked}
    known_of = sorted(
        (event for event in asked if climbs[event]),
        key=lambda event: (climbs[event] < 2, -asked[event], event),
    )
    return [
        Thread(event, facts.in_words(event).removesuffix(" plan"), *stroke)
        for event, stroke in zip(known_of, _STROKES, strict=False)
    ]


def ladder(audit: Audit, case: Case) -> Chart:
    """What was known of the plans when, as rungs of a ladder, with the rung each article claims.
    Returns figure, alt text, data.
    """
    seen = max([audit.inputs.as_of, *(verdict.claim.published for verdict in audit.verdicts)])
    facts = known(case.evidence, seen, audit.inputs, case.schedules)
    drawn = {thread.event: thread for thread in threads(audit, facts)}
    rows, ends = [], []
    claimed = _claimed_rungs(audit, drawn)
    fig, axes = style.canvas(_ladder_title(claimed), _LADDER_SUBTITLE, SOURCE, height_in=3.9)
    steps_of = {event: rising(facts.all_of(f"event.{event}")) for event in drawn}
    seen_days = [day for risen in steps_of.values() for day, _ in risen]
    seen_days += [day for day, *_ in claimed.values()] or [seen]
    first, last = min(seen_days), max(seen_days) + datetime.timedelta(days=45)
    for event, risen in steps_of.items():
        thread = drawn[event]
        days = [*(day for day, _ in risen), last]
        heights = [RUNGS.index(rung) + thread.offset for _, rung in risen]
        axes.step(
            days,
            [*heights, heights[-1]],
            where="post",
            color=thread.colour,
            linestyle=thread.dashes,
            linewidth=2,
        )
        ends.append([heights[-1], thread.name, thread.colour])
        rows += [(thread.name, "known", day.isoformat(), rung) for day, rung in risen]
    for (article, event), (day, rung, actual, _) in claimed.items():
        colour, level = drawn[event].colour, RUNGS.index(rung) + drawn[event].offset
        if actual is not None and actual != rung:
            axes.plot(
                [day, day],
                [RUNGS.index(actual), level],
                color=style.INK,
                linewidth=1,
                linestyle=(0, (2, 2)),
            )
        axes.plot(
            [day],
            [level],
            marker="D",
            markersize=7,
            color=colour,
            markeredgecolor="white",
            linestyle="none",
            zorder=4,
        )
        rows.append((article, f"claims {event}", day.isoformat(), rung))
    _claim_labels(axes, claimed)
    for at, name, colour in _apart(ends, 0.27):
        axes.text(
            1.01,
            at,
            name,
            transform=axes.get_yaxis_transform(),
            va="center",
            size=8.5,
            color=colour,
        )
    axes.set_yticks(range(len(RUNGS)), RUNGS)
    axes.set_ylim(-0.3, len(RUNGS) - 0.6)
    axes.set_xlim(first - datetime.timedelta(days=20), last)
    axes.xaxis.set_major_locator(DATES.MonthLocator(bymonth=(1, 4, 7, 10)))
    axes.xaxis.set_major_formatter(DATES.DateFormatter("%b %Y"))
    axes.grid(axis="y")
    data = pd.DataFrame(rows, columns=["who", "what", "day", "rung"])
    said = "; ".join(
        f"{article} claims {rung}, {actual or 'nothing'} was known"
        for (article, _), (_, rung, actual, _) in claimed.items()
    )
    return Chart(
        "ladder",
        fig,
        short(
            "Status ladder over time with steps for the makers' plans and a diamond for each "
            f"article's claim. {said}."
        ),
        data,
    )


_LADDER_SUBTITLE = (
    "Highest rung publicly known of each plan (lines) and the rung an article claims at its "
    "publication (diamonds)"
)


def rising(rows: Sequence[Evidence]) -> list[tuple[datetime.date, str]]:
    """The days on which the highest known rung rose, with the rung."""
    risen: list[tuple[datetime.date, str]] = []
    for row in sorted(
        (row for row in rows if row.value in RUNGS),
        key=lambda row: (row.known_from, row.evidence_id),
    ):
        if not risen or RUNGS.index(row.value) > RUNGS.index(risen[-1][1]):
            risen.append((row.known_from, row.value))
    return risen


def _claimed_rungs(
    audit: Audit, drawn: Mapping[str, Thread]
) -> dict[tuple[str, str], tuple[datetime.date, str, str | None, str]]:
    """(article, event) → day, claimed rung, rung known on the day, label: the first claim of each
    article on a thread of the ladder.
    """
    found: dict[tuple[str, str], tuple[datetime.date, str, str | None, str]] = {}
    for verdict in audit.verdicts:
        args = (
            verdict.claim.args
            if verdict.claim.rule == "modality_at"
            else verdict.claim.args.get("then", {})
        )
        if args.get("event") in drawn:
            actual = verdict.then.computed if isinstance(verdict.then.computed, str) else None
            key = (verdict.claim.article_id, args["event"])
            found.setdefault(
                key, (verdict.claim.published, args["rung"], actual, verdict.then.label)
            )
    return found


def _ladder_title(
    claimed: Mapping[tuple[str, str], tuple[datetime.date, str, str | None, str]],
) -> str:
    ahead: dict[int, set[str]] = {}
    for (article, _), (_, rung, actual, _) in claimed.items():
        gap = RUNGS.index(rung) - RUNGS.index(actual) if actual is not None else 0
        if gap > 0:
            ahead.setdefault(gap, set()).add(article)
    if not ahead:
        return "No article claims a higher status than was known on its day"
    parts = [
        f"{' and '.join(sorted(articles))} by {numbers.spelled(gap)}"
        for gap, articles in sorted(ahead.items(), reverse=True)
    ]
    return f"Rungs claimed ahead of what was known: {', '.join(parts)}"


def _claim_labels(
    axes: Any, claimed: Mapping[tuple[str, str], tuple[datetime.date, str, str | None, str]]
) -> None:
    """Names beside the diamonds, above those ahead of what was known; articles close together on
    one rung share a label.
    """
    places: list[tuple[datetime.date, str, bool, list[str]]] = []
    for (article, _), (day, rung, actual, _) in sorted(
        claimed.items(), key=lambda item: item[1][0]
    ):
        near = next(
            (
                names
                for other, other_rung, _, names in places
                if other_rung == rung and abs((other - day).days) < 14
            ),
            None,
        )
        if near is None:
            places.append((day, rung, actual == rung, [article]))
        elif article not in near:
            near.append(article)
    for day, rung, as_known, names in places:
        at = (DATES.date2num(day), RUNGS.index(rung))
        axes.annotate(
            ", ".join(names),
            at,
            xytext=(0, -20 if as_known else 10),
            textcoords="offset points",
            ha="center",
            size=9,
            weight="bold",
        )


def _apart(ends: list[list[Any]], gap: float) -> list[list[Any]]:
    """Labels moved so that neighbours keep a gap, each bunch around its middle."""
    bunches: list[list[list[Any]]] = []
    for end in sorted(ends, key=lambda end: end[0]):
        if bunches and end[0] - bunches[-1][-1][0] < gap:
            bunches[-1].append(end)
        else:
            bunches.append([end])
    placed = []
    for bunch in bunches:
        middle = sum(end[0] for end in bunch) / len(bunch)
        placed += [
            [middle + gap * (index - (len(bunch) - 1) / 2), *end[1:]]
            for index, end in enumerate(bunch)
        ]
    return placed


def duties(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> Chart:
    """US duties as the articles state them against the schedule. Returns figure, alt text, data."""
    stated = _stated_duties(audit)
    first = datetime.date(2025, 3, 1)
    last = max(
        [datetime.date(2026, 1, 31), *(one.day + datetime.timedelta(days=35) for one in stated)]
    )
    schedule = steps(tables["tariffs"], "passenger_car", first.isoformat(), last.isoformat())
    fig, axes = style.canvas(
        _duty_title(stated, tables["tariffs"]), _DUTY_SUBTITLE, _DUTY_SOURCE, height_in=3.7
    )
    days = [datetime.date.fromisoformat(day) for day in schedule["from_day"]]
    heights = [float(height) for height in schedule["total_percent"]]
    axes.step([*days, last], [*heights, heights[-1]], where="post", color=style.JAPAN_TO_US)
    for day, height in zip(days, heights, strict=True):
        at = (DATES.date2num(day), height)
        axes.annotate(
            f"{say(height)} %",
            at,
            xytext=(4, 5),
            textcoords="offset points",
            size=9,
            color=style.JAPAN_TO_US,
        )
    for one in stated:
        at = (DATES.date2num(one.day), one.percent)
        fill = style.US_TO_JAPAN if one.kind in _TOTALS else "white"
        axes.plot(
            *at,
            marker="D",
            markersize=7,
            color=fill,
            markeredgecolor=style.US_TO_JAPAN,
            linestyle="none",
            zorder=4,
        )
        late = one.day > first + 0.7 * (last - first)
        place = {
            "xytext": (-9 if late else 9, -12 if one.kind == "one part" else 0),
            "ha": "right" if late else "left",
        }
        axes.annotate(one.words, at, textcoords="offset points", size=8.5, va="center", **place)
    axes.set_ylim(0, 1.12 * max([one.percent for one in stated] + heights))
    axes.set_xlim(first, last)
    axes.set_ylabel("% of customs value")
    axes.xaxis.set_major_locator(DATES.MonthLocator(interval=2))
    axes.xaxis.set_major_formatter(DATES.DateFormatter("%b %Y"))
    axes.grid(axis="y")
    rows = [
        ("schedule", day.isoformat(), height, "total")
        for day, height in zip(days, heights, strict=True)
    ]
    rows += [(one.article, one.day.isoformat(), one.percent, one.kind) for one in stated]
    levels = [f"{one.article} {say(one.percent)} % ({one.kind})" for one in stated]
    said = "; ".join(
        f"{one.words if one.kind == 'threat' else level} on {one.day}"
        for one, level in zip(stated, levels, strict=True)
    )
    alt = (
        f"Step line of the total US duty on Japanese cars, from {say(heights[0])} % up to "
        f"{say(max(heights))} %. Diamonds, as stated: {said}."
    )
    return Chart(
        "duties",
        fig,
        short(alt),
        pd.DataFrame(rows, columns=["who", "day", "duty_percent", "kind"]),
    )


_DUTY_SUBTITLE = (
    "US duty on passenger cars from Japan by day, everything included (line); as articles state "
    "it (diamonds; hollow: one part of it, or a threat)"
)
_DUTY_SOURCE = (
    "tariff schedule of the data package (Federal Register and customs notices); articles."
)


_TOTALS = ("total", "sum of its rates")


@dataclass(frozen=True)
class StatedDuty:
    """A duty as an article states it. kind: total, sum of its rates, one part, threat (drawn at the
    rate without new duties).
    """

    article: str
    day: datetime.date
    percent: float
    kind: str
    words: str


def _duty_title(stated: Sequence[StatedDuty], tariffs: pd.DataFrame) -> str:
    off = [
        (one.percent - total_duty(tariffs, one.day.isoformat(), "passenger_car"), one)
        for one in stated
        if one.kind in _TOTALS
    ]
    if not off:
        return "No article states a total duty on Japanese cars"
    _, one = max(off, key=lambda pair: abs(pair[0]))
    right = total_duty(tariffs, one.day.isoformat(), "passenger_car")
    puts = (
        f"{one.article} puts the duty on Japanese cars at"
        if one.kind == "total"
        else f"The duties that {one.article} names add to"
    )
    return f"{puts} {say(one.percent)} %; on that day a Japanese car paid {say(right)} %"


def _stated_duties(audit: Audit) -> list[StatedDuty]:
    """What claims state of US duties on goods from Japan."""
    base = next(
        (float(row.value) for row in audit.evidence.values() if row.metric == "tariff.us_mfn_cars"),
        0.0,
    )
    found = []
    for claim in (verdict.claim for verdict in audit.verdicts):
        if (
            claim.rule not in ("tariff_total", "tariff_component")
            or claim.args.get("instrument") == "jp_cars"
        ):
            continue
        day = (
            claim.published
            if claim.args["on"] == "publication"
            else datetime.date.fromisoformat(claim.args["on"])
        )
        if claim.args.get("claimed") == "threat_only":
            found.append(
                StatedDuty(
                    claim.article_id, day, base, "threat", f"{claim.article_id}: still a threat"
                )
            )
        elif claim.rule == "tariff_total":
            printed = how_stated(claim.text, claim.number) == PRINTED
            said = (
                f"{claim.article_id}: {say(claim.number)} % in all"
                if printed
                else f"{claim.article_id}: rates add to {say(claim.number)} %"
            )
            found.append(
                StatedDuty(
                    claim.article_id,
                    day,
                    claim.number,
                    "total" if printed else "sum of its rates",
                    said,
                )
            )
        else:
            what = "on cars" if "cars" in claim.args["instrument"] else "on goods in general"
            found.append(
                StatedDuty(
                    claim.article_id,
                    day,
                    claim.number,
                    "one part",
                    f"{claim.article_id}: {say(claim.number)} % {what}",
                )
            )
    return found
