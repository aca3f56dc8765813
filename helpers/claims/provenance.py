"""Who rests on whom: the texts, the sources behind them, and the links between them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.claims.rows import records


@dataclass(frozen=True)
class Node:
    """A text. is_article: whether it is one of the audited articles."""

    node_id: str
    name: str
    is_article: bool


@dataclass(frozen=True)
class Edge:
    """One text resting on another. stated: whether a text says so itself; else it is inferred."""

    child: str
    parent: str
    relation: str
    stated: bool


def provenance(tables: Mapping[str, pd.DataFrame]) -> tuple[list[Node], list[Edge]]:
    """The texts and the links between them."""
    edges = [
        Edge(row["child"], row["parent"], row["relation"], row["basis"].startswith("stated"))
        for row in records(tables["provenance"])
    ]
    outlets = {row["article_id"]: row["outlet"] for row in records(tables["articles"])}
    publishers = {row["source_id"]: row["publisher"] for row in records(tables["sources"])}
    ids = list(
        dict.fromkeys([*outlets, *(end for edge in edges for end in (edge.child, edge.parent))])
    )
    nodes = [Node(id, outlets.get(id, publishers.get(id, id)), id in outlets) for id in ids]
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
