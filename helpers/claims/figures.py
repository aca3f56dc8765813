"""Pictures of the claim audit: verdicts as tiles, and labels that flip under other settings."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.claims import Audit, Verdict
from helpers.claims.labels import HELD, OFF
from helpers.claims.shared import records
from helpers.claims.summary import Outcome, counts, part_of
from helpers.numbers import day as in_days
from helpers.show import Canvas, Drawing, numbers, style
from helpers.show.canvas import length
from helpers.texts import short

SOURCE = "claims, facts and stances of the data package, one auditor; verdicts are computed."
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Kind:
    """How a claim fares, in four kinds; strokes in the unit square repeat the colour."""

    words: str
    labels: tuple[str, ...]
    colour: str
    strokes: tuple[tuple[tuple[float, float], tuple[float, float]], ...]


_FAILS = Kind(
    "contradicted or without support",
    ("contradicted", "unsupported", "forecast_missed"),
    style.BAD,
    (((0.25, 0.25), (0.75, 0.75)), ((0.25, 0.75), (0.75, 0.25))),
)
KINDS = (
    Kind("holds", (*HELD, "forecast_met"), style.GOOD, ()),
    Kind(
        "holds in part or no longer",
        (*OFF, "forecast_partly_met"),
        style.CAUTION,
        (((0.2, 0.5), (0.8, 0.5)),),
    ),
    _FAILS,
    Kind(
        "opinion, open or not checkable",
        ("opinion", "not_found", "cannot_be_checked", "forecast_pending"),
        style.LIGHT,
        (((0.42, 0.5), (0.58, 0.5)),),
    ),
)
_TILE, _STEP, _GAP, _LINE = 13.0, 15.0, 6.0, 19.0


def tiles(audit: Audit, tables: Tables) -> Drawing:
    """One tile a claim in reading order, by article and part of the text."""
    blocks = records(tables["paragraph_blocks"])
    rows: dict[str, dict[str, list[Verdict]]] = {}
    for verdict in audit.verdicts:
        parts = rows.setdefault(verdict.claim.outlet, {})
        parts.setdefault(part_of(verdict.claim, blocks), []).append(verdict)

    def draw(canvas: Canvas) -> None:
        placed: dict[str, list[tuple[float, float]]] = {}
        y = _key(canvas, audit) + 10
        for outlet, parts in rows.items():
            y = canvas.text(0, y, outlet, weight="bold") + 2
            for part, verdicts in parts.items():
                y = _part(canvas, y, part, verdicts, placed)
        for kind in KINDS:
            _squares(canvas, placed.get(kind.words, []), kind)

    fares = ", ".join(f"{sum(counts(audit)[name] for name in k.labels)} {k.words}" for k in KINDS)
    title = _tiles_title(audit, blocks)
    data = pd.DataFrame(
        [
            (
                verdict.claim.article_id,
                verdict.claim.paragraph,
                verdict.claim.claim_id,
                verdict.headline,
            )
            for verdict in audit.verdicts
        ],
        columns=["article", "paragraph", "claim", "verdict"],
    )
    return Drawing(
        "tiles",
        title,
        f"{len(audit.verdicts)} claims of {numbers.units(len(rows), 'articles')} in reading order, "
        "a gap for each new paragraph; at the right, how many are contradicted or without support. "
        f"Forecasts as of {in_days(audit.inputs.as_of)}",
        SOURCE,
        draw,
        short(f"Tile map of {len(data)} claims by article and paragraph: {fares}. {title}."),
        data,
    )


def _key(canvas: Canvas, audit: Audit) -> float:
    """The kinds with their numbers of claims; where the next line begins."""
    x, y, tally = 0.0, 0.0, counts(audit)
    for kind in KINDS:
        text = f"{kind.words} {sum(tally[name] for name in kind.labels)}"
        wide = _TILE + 5 + length(text) + 14
        if x and x + wide > canvas.width:
            x, y = 0.0, y + _LINE
        _squares(canvas, [(x, y + 1)], kind)
        canvas.text(x + _TILE + 5, y, text)
        x += wide
    return y + _LINE


def _part(
    canvas: Canvas,
    y: float,
    part: str,
    verdicts: list[Verdict],
    placed: dict[str, list[tuple[float, float]]],
) -> float:
    """Places for the tiles of one part; paragraphs stay together where they fit a line."""
    failing = sum(verdict.headline in _FAILS.labels for verdict in verdicts)
    left, right = (0.0 if canvas.narrow else 110.0), 58.0
    if part:
        below = canvas.text(0, y, part, size=11, color=style.NEUTRAL)
        y = below if canvas.narrow else y
    canvas.text(canvas.width, y, f"{failing} of {len(verdicts)}", ha="right", size=11)
    end, x = canvas.width - right, left
    ordered = sorted(
        verdicts, key=lambda verdict: (verdict.claim.paragraph, verdict.claim.claim_id)
    )
    for _, group in itertools.groupby(ordered, key=lambda verdict: verdict.claim.paragraph):
        paragraph = list(group)
        if x > left and x + _STEP * len(paragraph) > end:
            x, y = left, y + _LINE
        for verdict in paragraph:
            if x + _TILE > end:
                x, y = left, y + _LINE
            kind = next(kind for kind in KINDS if verdict.headline in kind.labels)
            placed.setdefault(kind.words, []).append((x, y + 1))
            x += _STEP
        x += _GAP
    canvas.reach(y + _LINE)
    return y + _LINE + 4


def _squares(canvas: Canvas, corners: Sequence[tuple[float, float]], kind: Kind) -> None:
    """Tiles of one kind as two paths, squares and strokes: a picture of many tiles stays small."""
    if not corners:
        return
    ends = ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
    ink = "white" if kind.colour == style.BAD else style.INK
    looks: Iterable[tuple[Sequence[Any], dict[str, Any]]] = (
        ([ends], {"facecolor": kind.colour, "linewidth": 0}),
        (kind.strokes, {"fill": False, "edgecolor": ink, "linewidth": 1.8}),
    )
    for lines, look in looks:
        paths = [
            Path([(x + _TILE * right, y + _TILE * down) for right, down in line])
            for x, y in corners
            for line in lines
        ]
        if paths:
            joined = Path.make_compound_path(*paths)
            canvas.figure.add_artist(PathPatch(joined, transform=canvas.pixels, **look))


def _tiles_title(audit: Audit, blocks: Sequence[Mapping[str, str]]) -> str:
    where = Counter(
        (part_of(verdict.claim, blocks), verdict.claim.outlet)
        for verdict in audit.verdicts
        if verdict.headline == "contradicted"
    )
    if not where:
        return "No claim is contradicted under these settings"
    ((part, outlet), most), *_ = where.most_common(1)
    place = f"the {part} of {outlet}" if part else outlet
    return f"{most} of {where.total()} contradicted claims stand in {place}"


def flips(audit: Audit, outcomes: Sequence[Outcome]) -> Drawing:
    """How many labels change under each other setting."""
    ranked = sorted(outcomes, key=lambda outcome: -len(outcome.flips))
    quiet = sum(len(outcome.flips) <= 3 for outcome in outcomes)
    widths = [len(outcome.flips) for outcome in ranked]

    def draw(canvas: Canvas) -> None:
        axes = canvas.rows([outcome.words for outcome in ranked], 0, left=265, right=40, row=22)
        axes.barh(range(len(ranked)), widths, color=style.NEUTRAL, height=0.5)
        for index, count in enumerate(widths):
            look = {"textcoords": "offset points", "va": "center", "size": 12}
            axes.annotate(str(count), (count, index), xytext=(5, 0), **look)  # type: ignore[arg-type]
        axes.set(xlim=(0, max([*widths, 1])), xticks=[])
        axes.spines["bottom"].set_visible(False)

    rows = [(outcome.words, len(outcome.flips), " ".join(outcome.flips)) for outcome in outcomes]
    most = "; ".join(f"{outcome.words}: {len(outcome.flips)}" for outcome in ranked[:3])
    return Drawing(
        "flips",
        f"{quiet} of {len(outcomes)} other settings change three labels or fewer; "
        f"“{ranked[0].words}” changes {widths[0]}",
        f"Labels shown that change, of {len(audit.verdicts)}, when one setting changes and the "
        "others stay",
        SOURCE,
        draw,
        short(
            f"Bars: how many of {len(audit.verdicts)} labels change when one setting changes. "
            f"Most: {most}."
        ),
        pd.DataFrame(rows, columns=["setting", "labels_changed", "claims"]),
    )
