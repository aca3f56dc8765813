"""Who rests on whom: the texts and the sources behind them as layers, origins first."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.models.claims.rows import records


@dataclass(frozen=True)
class Node:
    """A text. depth: steps to the farthest origin it rests on, 0 for an origin. is_article: whether it is one of the audited articles."""

    node_id: str
    name: str
    depth: int
    is_article: bool


@dataclass(frozen=True)
class Edge:
    """One text resting on another. stated: whether a text says so itself; else it is inferred."""

    child: str
    parent: str
    relation: str
    stated: bool


def provenance(tables: Mapping[str, pd.DataFrame]) -> tuple[list[Node], list[Edge]]:
    """The texts in layers and the links between them. A circle of links is cut where it closes."""
    edges = [Edge(row["child"], row["parent"], row["relation"], row["basis"].startswith("stated")) for row in records(tables["provenance"])]
    outlets = {row["article_id"]: row["outlet"] for row in records(tables["articles"])}
    publishers = {row["source_id"]: row["publisher"] for row in records(tables["sources"])}
    parents: dict[str, list[str]] = {}
    for edge in edges:
        parents.setdefault(edge.child, []).append(edge.parent)
    ids = list(dict.fromkeys([*outlets, *(end for edge in edges for end in (edge.child, edge.parent))]))
    nodes = [Node(id, outlets.get(id, publishers.get(id, id)), _depth(id, parents, ()), id in outlets) for id in ids]
    return nodes, edges


def origins_of(article: str, edges: list[Edge]) -> list[str]:
    """The texts at the far end of an article's links, in the order they are reached."""
    parents: dict[str, list[str]] = {}
    for edge in edges:
        parents.setdefault(edge.child, []).append(edge.parent)
    found, waiting, seen = [], [article], set()
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        waiting += parents.get(node, [])
        if node not in parents and node != article:
            found.append(node)
    return found


def _depth(node: str, parents: Mapping[str, list[str]], path: tuple[str, ...]) -> int:
    above = [parent for parent in parents.get(node, []) if parent not in (*path, node)]
    return 1 + max(_depth(parent, parents, (*path, node)) for parent in above) if above else 0
