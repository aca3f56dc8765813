"""Articles against each other: noted contradictions put to the verdicts, questions answered
differently, and who rests on whom.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.claims.audit import Audit, Verdict
from helpers.claims.claim import Claim
from helpers.claims.labels import HELD, OFF, in_words, of_group, proper_names, say, word
from helpers.claims.shared import records
from helpers.texts import ADDED, how_stated

HOLDS = (*HELD, "forecast_met", "forecast_partly_met")
# the plainest first
FAILS = (*of_group("contradicted"), *OFF[1:], "mixed", "forecast_missed", "unsupported")

# Arguments that hold the answer a claim gives; what is left of a rule and its arguments is the
# question.
_ANSWERS = {
    "modality_at": ("rung", "at_least"),
    "plant": ("state",),
    "holds_office": ("claimed",),
    "tariff_total": ("claimed",),
    "set_equal": ("mode",),
}
_ANSWERED_BY_VALUE = ("within", "set_equal", "tariff_total", "tariff_component", "rank", "sign")
_ASKS = {
    "modality_at": "status of",
    "plant": "where built:",
    "holds_office": "office of",
    "tariff_total": "total duty on",
    "set_equal": "members of",
    "within": "figure for",
    "tariff_component": "rate of",
    "rank": "rank of",
    "sign": "sign of",
}


@dataclass(frozen=True)
class Contradiction:
    """A noted contradiction with what the verdicts say of it.

    outcome: "shown" = some of its claims hold and others fail; "all fail"; "none fails" = no
    contradiction in the facts; "open" = nothing decided; "order" = about the dates of the articles,
    with no claim. sides: the same for the claims of each article alone. resolution: what the
    auditor makes of it.
    """

    contradiction_id: str
    topic: str
    sides: Mapping[str, str]
    positions: str
    outcome: str
    resolution: str

    @property
    def fails(self) -> bool:
        """Whether at least one side fails."""
        return self.outcome in ("shown", "all fail")


def closest_number(audit: Audit) -> Verdict | None:
    """The verdict on the stated number nearest to its fact but unequal; None for none."""
    missed: dict[float, Verdict] = {}
    for verdict in audit.verdicts:
        fact = verdict.then.computed
        single = verdict.claim.rule == "within" and "match" not in verdict.claim.args
        if single and isinstance(fact, float) and fact:
            off = verdict.claim.number / fact - 1
            # an exact claim, and a hedged one below its fact, is not judged by distance alone
            kind = verdict.claim.tolerance_kind
            if off and {"exact": False, "hedged": off > 0}.get(kind, True):
                missed.setdefault(abs(off), verdict)
    return missed[min(missed)] if missed else None


def noted_contradictions(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> list[Contradiction]:
    """Every row of the contradictions table with the verdicts of its claims."""
    verdicts = {verdict.claim.claim_id: verdict for verdict in audit.verdicts}
    articles = set(tables["articles"]["article_id"])
    noted = []
    for row in records(tables["contradictions"]):
        named = [verdicts[id] for id in row["claim_ids"].split(";") if id in verdicts]
        sides = {
            article: _outcome(
                [verdict.headline for verdict in named if verdict.claim.article_id == article]
            )
            for article in row["article_ids"].split(";")
            if article in articles
        }
        outcome = _outcome([verdict.headline for verdict in named])
        texts = row["positions"], outcome, row["resolution"]
        noted.append(Contradiction(row["contradiction_id"], row["topic"], sides, *texts))
    return noted


def different_answers(audit: Audit) -> pd.DataFrame:
    """Questions that claims answer differently, read off their rules: nothing here is noted by
    hand.

    Columns question, article, answer, verdict; one row an answer, in the order of the claims.
    At different dates different answers can both be right: the verdicts say which.
    """
    names = proper_names(row.statement for row in audit.evidence.values())
    groups: dict[str, list[tuple[str, Verdict]]] = {}
    for verdict in audit.verdicts:
        if answered := _question_and_answer(verdict.claim, names):
            groups.setdefault(answered[0], []).append((answered[1], verdict))
    rows = []
    for question, answers in groups.items():
        if len({answer for answer, _ in answers}) > 1 and not _sets_agree(
            [verdict.claim for _, verdict in answers]
        ):
            asked = question[0].upper() + question[1:]
            rows += [
                (asked, verdict.claim.outlet, answer, word(verdict.headline))
                for answer, verdict in answers
            ]
    columns = ["question", "article", "answer", "verdict"]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=columns)


def _outcome(labels: list[str]) -> str:
    if not labels:
        return "order"
    holds, fails = any(label in HOLDS for label in labels), any(label in FAILS for label in labels)
    if holds and fails:
        return "shown"
    return "none fails" if holds else "all fail" if fails else "open"


def _sets_agree(claims: list[Claim]) -> bool:
    """Whether set claims can all be right: equal whole sets, named members inside."""
    if any(claim.rule != "set_equal" for claim in claims):
        return False
    whole = {claim.words for claim in claims if claim.args.get("mode") != "contains"}
    return len(whole) <= 1 and all(claim.words <= members for claim in claims for members in whole)


def _question_and_answer(claim: Claim, names: frozenset[str]) -> tuple[str, str] | None:
    rule, args = claim.rule, dict(claim.args)
    if rule == "forecast" and args.get("then", {}).get("rule") == "modality_at":
        args = dict(args["then"])
        rule = args.pop("rule")
    if rule not in _ASKS:
        return None
    own = {name: args.pop(name) for name in _ANSWERS.get(rule, ()) if name in args}
    if rule in _ANSWERED_BY_VALUE and "claimed" not in own:
        answer = f"{'among others ' if own.get('mode') == 'contains' else ''}{_shown(claim)}"
    else:
        answer = " ".join(
            "or more" if name == "at_least" else str(value).replace("_", " ")
            for name, value in own.items()
            if value is not False
        )
    parts = [
        value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for _, value in sorted(args.items())
    ]
    asked = ", ".join(
        "on the day of publication"
        if part == "publication"
        else in_words(part.removeprefix("models."), names)
        for part in parts
    )
    return f"{_ASKS[rule]} {asked}", answer or "as the rule puts it"


def _shown(claim: Claim) -> str:
    try:
        adding = "rates that add to " if how_stated(claim.text, claim.number) == ADDED else ""
        return f"{adding}{say(claim.number)} {claim.unit}".strip()
    except ValueError:
        return ", ".join(sorted(claim.words))


@dataclass(frozen=True)
class Edge:
    """One text resting on another. stated: whether a text says so itself; else it is inferred."""

    child: str
    parent: str
    relation: str
    stated: bool


def provenance(tables: Mapping[str, pd.DataFrame]) -> list[Edge]:
    """The links between the texts."""
    return [
        Edge(row["child"], row["parent"], row["relation"], row["basis"].startswith("stated"))
        for row in records(tables["provenance"])
    ]


def paths(article: str, edges: Sequence[Edge]) -> list[tuple[Edge, ...]]:
    """The ways from an article to the far end of its links, none through a text twice."""
    ways = list[tuple[Edge, ...]]()
    waiting: list[tuple[Edge, ...]] = [(edge,) for edge in edges if edge.child == article]
    while waiting:
        way = waiting.pop(0)
        seen = {article, *(edge.parent for edge in way)}
        further = [edge for edge in edges if edge.child == way[-1].parent]
        waiting += [(*way, edge) for edge in further if edge.parent not in seen]
        ways += [] if further else [way]
    return ways
