"""Pictures of the claim audit: who rests on whom, and which verdicts flip under other settings."""

import textwrap
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from helpers.claims import Audit
from helpers.claims.comparison import Edge, Node, origins_of
from helpers.claims.figures import SOURCE
from helpers.claims.summary import Outcome
from helpers.show import Chart, style
from helpers.texts import short

_HALF_BOX = 0.41


def tree(nodes: Sequence[Node], edges: Sequence[Edge]) -> Chart:
    """Who rests on whom: origins at the left, articles at the right. Returns figure, alt text,
    data.
    """
    traced = {edge.child for edge in edges}
    articles = [node for node in nodes if node.is_article]
    followed = [node for node in articles if node.node_id in traced]
    roots = {origin for node in followed for origin in origins_of(node.node_id, list(edges))}
    copied = sorted(
        {edge.child for edge in edges if edge.relation == "copied"}
        & {node.node_id for node in articles}
    )
    citing = any(edge.parent in {node.node_id for node in articles} for edge in edges)
    title = (
        f"{len(followed)} articles rest on {len(roots)} "
        f"origins{'' if citing else ', and none cites another'}"
    )
    if untraced := [node.node_id for node in articles if node not in followed]:
        title += f"; not traced: {', '.join(untraced)}"
    title += (
        f"; {', '.join(copied)} {'is a copy' if len(copied) == 1 else 'are copies'}"
        if copied
        else ""
    )
    places, bends, columns, tallest = _layout(nodes, edges)
    fig, axes = style.canvas(title, _TREE_SUBTITLE, SOURCE, height_in=0.44 * tallest + 0.2)
    axes.set(xlim=(-0.47, columns - 0.53), ylim=(tallest - 0.5, -0.5))
    axes.axis("off")
    heads: dict[str, list[tuple[float, float]]] = {}
    strokes: dict[tuple[str, bool], list[list[tuple[float, float]]]] = {}
    for edge in edges:
        (x1, y1), (x2, y2) = places[edge.parent], places[edge.child]
        colour = style.BAD if edge.relation == "copied" else style.NEUTRAL
        way = [(x1 + _HALF_BOX, y1), *bends[(edge.parent, edge.child)], (x2 - _HALF_BOX, y2)]
        strokes.setdefault((colour, edge.stated), []).append(way)
        heads.setdefault(colour, []).append((x2 - _HALF_BOX - 0.015, y2))
    for (colour, stated), ways in strokes.items():
        path = Path(
            [point for way in ways for point in way],
            [code for way in ways for code in (Path.MOVETO, *[Path.LINETO] * (len(way) - 1))],
        )
        axes.add_patch(
            PathPatch(
                path,
                fill=False,
                edgecolor=colour,
                linewidth=1.2,
                linestyle="-" if stated else (0, (3, 2)),
            )
        )
    for colour, ends in heads.items():
        axes.scatter(*zip(*ends, strict=True), s=16, marker=">", color=colour)
    for node in nodes:
        x, y = places[node.node_id]
        face = "#FBE3D6" if node.is_article else "#EEF3F7"
        axes.add_patch(
            Rectangle(
                (x - _HALF_BOX, y - 0.38),
                2 * _HALF_BOX,
                0.76,
                facecolor=face,
                edgecolor="none",
                zorder=3,
            )
        )
        name = short(f"{node.node_id} {node.name}" if node.is_article else node.name, 42)
        lines = textwrap.wrap(name, 19 if node.is_article else 21, max_lines=2, placeholder="…")
        axes.text(
            x,
            y,
            "\n".join(lines),
            ha="center",
            va="center",
            size=7,
            zorder=4,
            weight="bold" if node.is_article else "normal",
        )
    rows = [
        (edge.child, edge.parent, edge.relation, "stated" if edge.stated else "inferred")
        for edge in edges
    ]
    said = "; ".join(
        f"{node.node_id} from {', '.join(origins_of(node.node_id, list(edges))) or 'not traced'}"
        for node in articles
    )
    alt = (
        f"Tree of {len(nodes)} texts and {len(edges)} links, origins left, articles right. "
        f"{title}. Origins: {said}."
    )
    return Chart(
        "provenance",
        fig,
        short(alt),
        pd.DataFrame(rows, columns=["child", "parent", "relation", "basis"]),
    )


_TREE_SUBTITLE = (
    "A line leads from a text to the one that rests on it; solid: stated in a text, dashed: "
    "inferred; orange: copied"
)


def _layout(
    nodes: Sequence[Node], edges: Sequence[Edge]
) -> tuple[
    dict[str, tuple[float, float]], dict[tuple[str, str], list[tuple[float, float]]], int, int
]:
    """Places of the texts and bends of the links that pass a column, in layers (Sugiyama): articles
    last, every other text as far right as its children allow. Returns places, bends, number of
    columns, rows of the tallest column.
    """
    layer = {node.node_id: 0 for node in nodes}
    # a text stands left of those that rest on it; articles at 0, steps counted leftwards
    for _ in nodes:
        for edge in edges:
            if _leads_to_article(edge.child, edges, nodes):
                layer[edge.parent] = max(layer[edge.parent], min(layer[edge.child] + 1, len(nodes)))
    for edge in edges:  # texts that lead to no article stand right of what they rest on
        if not _leads_to_article(edge.child, edges, nodes):
            layer[edge.child] = max(0, layer[edge.parent] - 1)
    deepest = max(layer.values(), default=0)
    column = {node_id: deepest - steps for node_id, steps in layer.items()}
    points: dict[str, int] = dict(column)
    links: list[tuple[str, str]] = []
    chains: dict[tuple[str, str], list[str]] = {}
    for edge in edges:
        between = [
            f"{edge.parent}>{edge.child}@{x}"
            for x in range(column[edge.parent] + 1, column[edge.child])
        ]
        points |= {name: column[edge.parent] + 1 + index for index, name in enumerate(between)}
        chain = [edge.parent, *between, edge.child]
        links += pairwise(chain)
        chains[(edge.parent, edge.child)] = between
    order, tallest = _sweep(
        [[name for name, at in points.items() if at == x] for x in range(deepest + 1)], links
    )
    places = {node.node_id: (float(column[node.node_id]), order[node.node_id]) for node in nodes}
    bends = {
        ends: [
            (points[name] + side, order[name])
            for name in between
            for side in (-_HALF_BOX, _HALF_BOX)
        ]
        for ends, between in chains.items()
    }
    return places, bends, deepest + 1, tallest


def _leads_to_article(node: str, edges: Sequence[Edge], nodes: Sequence[Node]) -> bool:
    articles, waiting, seen = {one.node_id for one in nodes if one.is_article}, [node], set[str]()
    while waiting:
        current = waiting.pop()
        if current in articles:
            return True
        if current not in seen:
            seen.add(current)
            waiting += [edge.child for edge in edges if edge.parent == current]
    return False


def _sweep(
    columns: Sequence[Sequence[str]], links: Sequence[tuple[str, str]]
) -> tuple[dict[str, float], int]:
    """Each column ordered by the middle of its neighbours, a few sweeps from both sides; columns
    are centred.
    """
    tallest = max(map(len, columns))
    order = {name: float(index) for column in columns for index, name in enumerate(column)}
    for sweep in range(12):
        for column in columns if sweep % 2 else columns[::-1]:
            near = {
                name: [order[a if b == name else b] for a, b in links if name in (a, b)]
                for name in column
            }
            middle = {
                name: sum(found) / len(found) if found else order[name]
                for name, found in near.items()
            }
            for index, name in enumerate(sorted(column, key=lambda name: (middle[name], name))):
                order[name] = index + (tallest - len(column)) / 2
    return order, tallest


def strip(audit: Audit, outcomes: Sequence[Outcome]) -> Chart:
    """How many labels change under each other setting. Returns figure, alt text, data."""
    ranked = sorted(outcomes, key=lambda one: len(one.flips))
    quiet = sum(len(one.flips) <= 3 for one in outcomes)
    most = ranked[-1]
    title = (
        f"{quiet} of {len(outcomes)} other settings change three labels or fewer, “{most.words}” "
        f"changes {len(most.flips)}"
    )
    subtitle = _STRIP_SUBTITLE.format(len(audit.verdicts))
    fig, axes = style.canvas(title, subtitle, SOURCE, height_in=0.27 * len(ranked) + 0.3)
    widths = [len(one.flips) for one in ranked]
    axes.barh(range(len(ranked)), widths, color=style.NEUTRAL, height=0.6)
    axes.set_yticks(range(len(ranked)), [one.words for one in ranked])
    for index, one in enumerate(ranked):
        axes.text(len(one.flips) + 0.012 * max(widths), index, _which(one), va="center", size=8)
    axes.set_xlim(0, 2.1 * max([*widths, 1]))
    axes.tick_params(axis="y", length=0)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks([])
    rows = [(one.words, len(one.flips), " ".join(one.flips)) for one in outcomes]
    said = "; ".join(f"{one.words}: {len(one.flips)}" for one in ranked[::-1][:3])
    alt = (
        f"Bars: how many of {len(audit.verdicts)} labels change when one setting changes. Most: "
        f"{said}."
    )
    return Chart(
        "flips",
        fig,
        short(alt),
        pd.DataFrame(rows, columns=["setting", "labels_changed", "claims"]),
    )


_STRIP_SUBTITLE = "Labels shown that change, of {}, when one setting changes and the others stay"


def _which(one: Outcome) -> str:
    ids = ", ".join(one.flips[:4])
    return (
        f"{len(one.flips)}  {ids}{f' and {len(one.flips) - 4} more' if len(one.flips) > 4 else ''}"
        if one.flips
        else "0"
    )
