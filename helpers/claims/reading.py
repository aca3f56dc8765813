"""Claims and evidence from their tables, with every fault at once."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.claims.claim import Claim, Link
from helpers.claims.evidence import Evidence, is_assumption
from helpers.claims.labels import number_in
from helpers.claims.registry import RULES, problems
from helpers.claims.shared import ROW_TABLES, outlets_of, read_shared, records, with_shared_values
from helpers.errors import Fault, InputError
from helpers.periods import read_period, surely_public
from helpers.texts import read_day, same_page

TABLES = (
    "articles",
    "claims",
    "evidence",
    "claim_evidence",
    "contradictions",
    "provenance",
    "shared_values",
    "paragraph_blocks",
    "judgements",
    "corrections",
    "vague_words",
    "sources",
    *ROW_TABLES,
)
# Rules that weigh no evidence: a stance would bear on nothing.
WITHOUT_STANCE = ("opinion", "unverifiable", "not_found")


def read_claims(tables: Mapping[str, pd.DataFrame]) -> tuple[Claim, ...]:
    """The claims in table order. Raises InputError naming claim, column and remedy for every
    rule that cannot judge its row; the form of the rows is that of their description.
    """
    days = {row["article_id"]: row["published"] for row in records(tables["articles"])}
    words, outlets = read_words(tables["vague_words"]), outlets_of(tables)
    links: dict[str, list[Link]] = {}
    for row in records(tables["claim_evidence"]):
        links.setdefault(row["claim_id"], []).append(Link(row["evidence_id"], row["stance"]))
    claims, faults = list[Claim](), list[Fault]()
    for row in records(tables["claims"]):
        name = row["claim_id"]
        own = tuple(links.get(name, ()))
        wrong, args = _row_faults(row, words, own)
        faults += wrong
        if wrong:
            continue
        claims.append(
            Claim(
                claim_id=name,
                article_id=row["article_id"],
                paragraph=int(row["paragraph"]),
                text=row["claim"],
                args=args,
                published=read_day(days[row["article_id"]]),
                links=own,
                outlet=outlets[row["article_id"]],
                **{name: row.get(name, "") for name in _AS_WRITTEN},
            )
        )
    if faults:
        raise InputError(faults)
    return tuple(claims)


_HOW = ("claim_type", "value", "unit", "attributed_to", "rule", "tolerance_kind")
_AS_WRITTEN = (*_HOW, "period", "result")


def read_evidence(tables: Mapping[str, pd.DataFrame]) -> tuple[Evidence, ...]:
    """The evidence with tier, origin and days of its sources, and values that shared tables hold
    taken from there. A fact is public from the day of its first source on, whatever its row says,
    or from the later day that its row names; the reader's own assumptions have no such day.
    """
    register = source_register(tables["sources"])
    pages = {same_page(row["url"]): row["article_id"] for row in records(tables["articles"])}
    faults, facts = [], []
    for row in with_shared_values(records(tables["evidence"]), read_shared(tables)):
        where, source_ids = row["evidence_id"], tuple(row["source_id"].split(";"))
        known_from = read_day(row["known_from"])
        try:
            read_period(row["period"])
        except ValueError as error:
            faults.append(Fault(f"data/claims/evidence.csv, row {where}", str(error)))
            continue
        sources = [register[source] for source in source_ids]
        days = [source.public_from for source in sources]
        origins = tuple(dict.fromkeys(source.origin for source in sources))
        own_pages = {pages.get(source.page, "") for source in sources}
        facts.append(
            Evidence(
                where,
                row["metric"],
                row["value"],
                row["unit"],
                row["period"],
                row["statement"],
                source_ids,
                known_from if is_assumption(row["metric"]) else max(known_from, min(days)),
                row["quality"],
                min(source.tier for source in sources),
                origins[0],
                origins,
                frozenset() if "" in own_pages else frozenset(own_pages),
                max(days),
            )
        )
    if faults:
        raise InputError(faults)
    return tuple(facts)


@dataclass(frozen=True)
class Source:
    """A source as the audit weighs it. origin: `origin_group` where it has one, else itself; a
    mirror counts as its origin. public_from: the day by which it was public for certain.
    """

    tier: int
    origin: str
    public_from: datetime.date
    page: str


def source_register(sources: pd.DataFrame) -> dict[str, Source]:
    """Source id, or one of its aliases → the source."""
    register: dict[str, Source] = {}
    for row in records(sources):
        source = Source(
            int(float(row["tier"])),
            row["origin_group"] or row["source_id"],
            surely_public(row["published"], row["last_checked"]),
            same_page(row["url"]),
        )
        for name in [row["source_id"], *row.get("aliases", "").split(";")]:
            register.setdefault(name, source)
    return register


def read_words(table: pd.DataFrame) -> dict[tuple[str, str], tuple[str, float]]:
    """The lexicon of vague words: (word, unit) → side of the bound and bound."""
    return {
        (row["word"], row["unit"]): (row["side"], float(row["bound"])) for row in records(table)
    }


def _with_bounds(
    args: dict[str, Any], words: Mapping[tuple[str, str], tuple[str, float]]
) -> tuple[dict[str, Any], str]:
    """The arguments with the bounds of the vague words in them, and what is wrong there."""
    problem = ""
    for name in ("then", "now"):
        if isinstance(args.get(name), dict):
            inner, wrong = _with_bounds(args[name], words)
            args, problem = args | {name: inner}, problem or wrong
    if not isinstance(args.get("word"), str):
        return args, problem
    fitting = {
        unit: bound
        for (word, unit), bound in words.items()
        if word == args["word"] and args.get("unit", unit) == unit
    }
    if len(fitting) != 1:
        return args, f"'{args['word']}' with its unit has {len(fitting)} rows in vague_words.csv"
    ((unit, (_, bound)),) = fitting.items()
    return args | {"unit": unit, "bound": bound}, problem


def _row_faults(
    row: Mapping[str, str],
    words: Mapping[tuple[str, str], tuple[str, float]],
    links: Sequence[Link],
) -> tuple[list[Fault], dict[str, Any]]:
    where, faults = row["claim_id"], []

    def wrong(column: str, what: str, instead: str) -> None:
        where_column = f"data/claims/claims.csv, row {where}, column {column}"
        faults.append(Fault(where_column, what, instead))

    try:
        args = json.loads(row["rule_args"] or "{}", parse_constant=_refuse)
    except (ValueError, RecursionError):
        args = None
    if not isinstance(args, dict):
        instead = 'write {"name": value} with plain numbers and texts'
        wrong("rule_args", "this is not a JSON object", instead)
        return faults, {}
    args, unread = _with_bounds(args, words)
    rule = row["rule"]
    for problem in [unread] * bool(unread) + problems(rule, args):
        column = "rule_args" if rule in RULES else "rule"
        wrong(column, problem, "the rules and their arguments are in data/claims/README.md")
    if rule in WITHOUT_STANCE and any(link.stance != "context" for link in links):
        wrong("rule", f"{rule} takes no stance", "take its rows out of claim_evidence.csv")
    needed = _needed(rule, args)
    if needed == "number" and number_in(row["value"]) is None:
        wrong("value", f"'{row['value']}' is not a number", "write plain digits")
    if needed == "words" and not row["value"].strip():
        wrong("value", "nothing is asserted", "write what the article says, entries separated by ;")
    return faults, args


def _needed(rule: str, args: Mapping[str, Any]) -> str:
    """What a claim with this rule must assert: number, words or any."""
    if rule == "tariff_total" and args.get("claimed") != "threat_only":
        return "number"
    then = args.get("then")
    if rule == "forecast" and isinstance(then, dict) and then.get("rule") == "within":
        return "number"
    return RULES[rule].value if rule in RULES else "any"


def _refuse(constant: str) -> None:
    raise ValueError(constant)
