"""Tables of the claim audit."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.claims import Audit, summary
from helpers.claims.comparison import Contradiction, different_answers
from helpers.claims.evidence import passes
from helpers.claims.labels import HELD, OFF, of_group
from helpers.claims.review import named
from helpers.claims.shared import records
from helpers.claims.summary import Agreement
from helpers.show import Table

_GROUPS = (
    ("Supported or mostly", HELD),
    ("Mixed or off", OFF),
    ("Unsupported", ("unsupported",)),
    ("Contradicted", ("contradicted",)),
    ("Forecast met or partly", ("forecast_met", "forecast_partly_met")),
    ("Forecast pending", ("forecast_pending",)),
    ("Forecast missed", ("forecast_missed",)),
    ("Opinion, not found or beyond checking", of_group("none")),
)


def counts(crossed: pd.DataFrame, name: str, caption: str) -> Table:
    """Counts by label brought together in groups that a reader can take in; groups without a claim
    are left out.
    """
    first = str(crossed.columns[0])
    groups = {
        name: crossed[[label for label in labels if label in crossed.columns]].sum(axis=1)
        for name, labels in _GROUPS
    }
    kept = {name: column for name, column in groups.items() if column.any()}
    frame = pd.DataFrame({first.capitalize(): crossed[first], **kept, "All": crossed["claims"]})
    return Table(name, caption, frame)


_OUTCOMES = {
    "shown": "one side holds, the other fails",
    "all fail": "no side holds",
    "none fails": "no side fails",
    "open": "not decided",
    "order": "about dates alone",
}


def contradictions(found: list[Contradiction], tables: Mapping[str, pd.DataFrame]) -> Table:
    """The noted contradictions in words: who says what, what the evidence says, and how the
    verdicts fall.
    """
    articles = {row["article_id"]: row for row in records(tables["articles"])}
    rows = [
        (
            named(one.positions, articles),
            named(one.resolution, articles),
            _OUTCOMES[one.outcome],
            "; ".join(articles[name]["outlet"] for name in one.articles),
        )
        for one in found
    ]
    columns = ["What they say", "What the evidence says", "Verdicts", "Articles"]
    return Table(
        "contradictions",
        "Contradictions between and within the articles",
        pd.DataFrame(rows, columns=columns),
    )


def agreement(found: list[Agreement]) -> Table:
    """Kappa by coder, date and set of labels; one row saying so when nobody has judged yet."""
    rows: list[tuple[Any, ...]] = [
        (one.coder, one.side, one.scheme, one.claims, one.agreeing, one.kappa) for one in found
    ]
    empty = [("nobody yet", "", "", 0, 0, None)]
    frame = pd.DataFrame(
        rows or empty, columns=["Second coder", "Date", "Labels", "Claims", "Agreeing", "Kappa"]
    )
    return Table(
        "kappa",
        "Agreement with a second coder",
        frame,
    )


def articles(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> Table:
    """The articles with their day, how that day is known, and how many claims each has."""
    rows = [
        (
            row["article_id"],
            row["outlet"],
            row["published"],
            row["published_basis"],
            sum(one.claim.article_id == row["article_id"] for one in audit.verdicts),
        )
        for row in tables["articles"].to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=["Id", "Outlet", "Published", "Day is", "Claims"])
    return Table(
        "articles",
        "The articles and their claims",
        frame,
    )


def answers(audit: Audit) -> Table:
    """Questions that claims answer differently, read off their rules."""
    frame = different_answers(audit).rename(columns=str.capitalize)
    return Table(
        "answers",
        "Questions that claims answer differently",
        frame,
    )


def differing(differing: pd.DataFrame) -> Table:
    """Facts whose own value or period differs from the table they share."""
    names = {
        "evidence_id": "Fact",
        "place": "Shared table and row",
        "fact": "Fact says",
        "shared": "Table says",
    }
    frame = differing.rename(columns=names)
    return Table(
        "shared",
        "Facts that differ from the table they share; the table counts",
        frame,
    )


def checks(audit: Audit, matrix: pd.DataFrame) -> Table:
    """Checks of this notebook in words: check, computed, expected, holds."""
    total, labelled = len(audit.verdicts), sum(summary.counts(audit).values())
    sides = [(one, side) for one in audit.verdicts for side in (one.then, one.now)]
    early = sum(
        audit.evidence[id].known_from > one.claim.published
        for one in audit.verdicts
        for id in one.then.evidence_ids
    )
    filtered = sum(
        not passes(audit.evidence[id], audit.inputs)
        for _, side in sides
        for id in side.evidence_ids
    )
    judged = [
        one
        for one in audit.verdicts
        if one.claim.rule == "forecast"
        and "now" not in one.claim.args
        and one.claim.published < audit.inputs.as_of
    ]
    astray = sum(
        not one.now.label.startswith("forecast_") and one.now.label != "unsupported"
        for one in judged
    )
    uneven = int((matrix != matrix.T).sum().sum())
    rows = [
        ("claims with exactly one label", labelled, total),
        ("facts used at publication that were not public then", early, 0),
        ("facts used that the settings leave out", filtered, 0),
        ("forecasts by event or outcome with a label that is none of a forecast", astray, 0),
        ("cells in which the matrix of contradictions is not symmetric", uneven, 0),
    ]
    frame = pd.DataFrame(
        [(*row, row[1] == row[2]) for row in rows],
        columns=["Check", "Computed", "Expected", "Holds"],
    )
    return Table(
        "audit_checks",
        "Checks of the audit",
        frame,
    )
