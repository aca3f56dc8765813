"""Tables of the claim audit."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.claims import Audit, comparison, summary
from helpers.claims.comparison import Contradiction, different_answers
from helpers.claims.evidence import passes
from helpers.claims.labels import HELD, OFF, of_group
from helpers.claims.review import named
from helpers.claims.shared import outlets_of, records
from helpers.claims.summary import Agreement
from helpers.show import Table, numbers
from helpers.texts import is_day

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
    """Counts by label in groups that a reader can take in; empty groups left out."""
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


def contradictions(noted: list[Contradiction], tables: Mapping[str, pd.DataFrame]) -> Table:
    """The noted contradictions: who says what, the evidence, and how the verdicts fall."""
    outlets = outlets_of(tables)
    rows = [
        (
            _topic(contradiction),
            named(contradiction.positions, outlets),
            named(contradiction.resolution, outlets),
            _OUTCOMES[contradiction.outcome],
        )
        for contradiction in noted
    ]
    columns = ["Topic", "What they say", "What the evidence says", "Verdicts"]
    return Table(
        "contradictions",
        "Contradictions between and within the articles",
        pd.DataFrame(rows, columns=columns),
    )


_SIGNS = {"shown": "△ in part", "all fail": "✗ fails", "none fails": "✓ holds", "open": "? open"}


def who_is_right(noted: list[Contradiction], tables: Mapping[str, pd.DataFrame]) -> Table:
    """The noted contradictions in which an article fails: a row a topic, a column an article, and
    how its statements on the topic fare.
    """
    outlets = outlets_of(tables)
    rows = [
        (
            _topic(contradiction),
            *(_SIGNS.get(contradiction.sides.get(article, ""), "") for article in outlets),
        )
        for contradiction in noted
        if contradiction.fails
    ]
    frame = pd.DataFrame(rows, columns=["Topic", *outlets.values()])
    caption = "Who is right where articles contradict each other or themselves; blank: says nothing"
    return Table("who_is_right", caption, frame)


def _topic(noted: Contradiction) -> str:
    return noted.topic[:1].upper() + noted.topic[1:]


_SIDES = {"then": "at publication", "now": "today"}


def agreement(agreements: list[Agreement]) -> Table:
    """Kappa by coder, date and set of labels; one row saying so when nobody has judged yet."""
    rows: list[tuple[Any, ...]] = [
        (row.coder, _SIDES[row.side], row.scheme, row.claims, row.agreeing, row.kappa)
        for row in agreements
    ]
    empty = [("nobody yet", "", "", 0, 0, None)]
    frame = pd.DataFrame(
        rows or empty, columns=["Second coder", "Date", "Labels", "Claims", "Agreeing", "Kappa"]
    )
    return Table("kappa", "Agreement with a second coder", frame)


def articles(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> Table:
    """The articles with their day, how that day is known, and how many claims each has."""
    rows = [
        (
            row["outlet"],
            numbers.day(row["published"]),
            row["published_basis"],
            sum(verdict.claim.article_id == row["article_id"] for verdict in audit.verdicts),
        )
        for row in records(tables["articles"])
    ]
    frame = pd.DataFrame(rows, columns=["Outlet", "Published", "The day is", "Claims"])
    return Table("articles", "The articles and their claims", frame)


def answers(audit: Audit) -> Table:
    """Questions that claims answer differently, read off their rules."""
    frame = different_answers(audit).rename(columns=str.capitalize)
    return Table("answers", "Questions that claims answer differently", frame)


def differing(differing: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> Table:
    """Facts whose own value or period differs from the table they share."""
    statements = tables["evidence"].set_index("evidence_id")["statement"]
    frame = pd.DataFrame(
        {
            "Fact": differing["evidence_id"].map(statements),
            "Shared table": [
                place.partition(":")[0].replace("_", " ") for place in differing["place"]
            ],
            "Fact says": differing["fact"].map(_in_days),
            "Table says": differing["shared"].map(_in_days),
        }
    )
    return Table("shared", "Facts that differ from the table they share; the table counts", frame)


def _in_days(text: str) -> str:
    """A period in words; any other value as it is."""
    return numbers.day(text) if is_day(text.partition("/")[0]) else text


_RESTS = {
    "copied": "copies",
    "derived": "draws on",
    "names": "names",
    "quotes": "quotes",
    "summarised": "sums up",
}


def provenance(tables: Mapping[str, pd.DataFrame]) -> Table:
    """Who rests on whom: a row for each way from an article to a text that rests on none."""
    edges, outlets = comparison.provenance(tables), outlets_of(tables)
    publishers = {row["source_id"]: row["publisher"] for row in records(tables["sources"])}
    names = publishers | outlets
    rows, origins = [], set()
    for article, outlet in outlets.items():
        ways = comparison.paths(article, edges)
        origins |= {way[-1].parent for way in ways}
        for way in ways:
            steps = [
                f"{_RESTS[edge.relation]} {names.get(edge.parent, edge.parent)}" for edge in way
            ]
            inferred = not all(edge.stated for edge in way)
            basis = "inferred" if inferred else "stated in the texts"
            rows.append((outlet, ", which ".join(steps), basis))
        if not ways:
            rows.append((outlet, "not traced", ""))
    traced = {edge.child for edge in edges} & set(outlets)
    caption = f"{len(traced)} articles rest on {len(origins)} origins"
    caption += "" if {edge.parent for edge in edges} & set(outlets) else ", and none cites another"
    frame = pd.DataFrame(rows, columns=["Article", "What it rests on", "How we know"])
    return Table("provenance", caption, frame)


def checks(audit: Audit) -> Table:
    """Checks of this notebook in words: check, computed, expected, holds."""
    total, labelled = len(audit.verdicts), sum(summary.counts(audit).values())
    sides = [(verdict, side) for verdict in audit.verdicts for side in (verdict.then, verdict.now)]
    early = sum(
        audit.evidence[id].known_from > verdict.claim.published
        for verdict in audit.verdicts
        for id in verdict.then.evidence_ids
    )
    filtered = sum(
        not passes(audit.evidence[id], audit.inputs)
        for _, side in sides
        for id in side.evidence_ids
    )
    judged = [
        verdict
        for verdict in audit.verdicts
        if verdict.claim.rule == "forecast"
        and "now" not in verdict.claim.args
        and verdict.claim.published < audit.inputs.as_of
    ]
    astray = sum(
        not verdict.now.label.startswith("forecast_") and verdict.now.label != "unsupported"
        for verdict in judged
    )
    rows = [
        ("claims with exactly one label", labelled, total),
        ("facts used at publication that were not public then", early, 0),
        ("facts used that the settings leave out", filtered, 0),
        ("forecasts by event or outcome with a label that is none of a forecast", astray, 0),
    ]
    frame = pd.DataFrame(
        [(*row, row[1] == row[2]) for row in rows],
        columns=["Check", "Computed", "Expected", "Holds"],
    )
    return Table("audit_checks", "Checks of the audit", frame)
