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
from helpers.quantities import QUALITIES
from helpers.texts import read_day

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
STANCES = ("supports", "refutes", "partial", "context")
# Rules that weigh no evidence: a stance would bear on nothing.
WITHOUT_STANCE = ("opinion", "unverifiable", "not_found")
TOLERANCES = ("", "exact", "plain", "hedged", "definition", "bound")


def read_claims(tables: Mapping[str, pd.DataFrame]) -> tuple[Claim, ...]:
    """The claims in table order. Raises InputError naming claim, column and remedy for every
    fault.
    """
    published, faults = _publication_days(tables["articles"])
    words, outlets = read_words(tables["vague_words"]), outlets_of(tables)
    links: dict[str, list[Link]] = {}
    for row in records(tables["claim_evidence"]):
        links.setdefault(row["claim_id"], []).append(Link(row["evidence_id"], row["stance"]))
        if row["stance"] not in STANCES:
            where = f"{row['claim_id']} {row['evidence_id']}"
            instead = f"write one of {', '.join(STANCES)}"
            what = f"'{row['stance']}'"
            faults.append(_fault("claim_evidence.csv", where, "stance", what, instead))
    found, seen = list[Claim](), set[str]()
    for row in records(tables["claims"]):
        name = row["claim_id"]
        if name in seen:
            instead = "number the claims of an article"
            faults.append(_fault("claims.csv", name, "claim_id", "the id stands twice", instead))
        seen.add(name)
        own = tuple(links.get(name, ()))
        wrong, args = _row_faults(row, published, words, own)
        faults += wrong
        if wrong:
            continue
        found.append(
            Claim(
                claim_id=name,
                article_id=row["article_id"],
                paragraph=int(row["paragraph"]),
                text=row["claim"],
                args=args,
                published=published[row["article_id"]],
                links=own,
                outlet=outlets[row["article_id"]],
                **{name: row.get(name, "") for name in _AS_WRITTEN},
            )
        )
    if faults:
        raise InputError(faults)
    return tuple(found)


_HOW = ("claim_type", "value", "unit", "attributed_to", "rule", "tolerance_kind")
_AS_WRITTEN = (*_HOW, "period", "result")


def read_evidence(tables: Mapping[str, pd.DataFrame]) -> tuple[Evidence, ...]:
    """The evidence with tier, origin and days of its sources, and values that shared tables hold
    taken from there. A fact is public from the day of its first source on, whatever its row says,
    or from the later day that its row names; the reader's own assumptions have no such day.
    """
    register = source_register(tables["sources"])
    pages = {_page(row["url"]): row["article_id"] for row in records(tables["articles"])}
    faults, found = [], []
    for row in with_shared_values(records(tables["evidence"]), read_shared(tables)):
        where = row["evidence_id"]
        source_ids = tuple(filter(None, map(str.strip, row["source_id"].split(";"))))
        unknown = [source for source in source_ids if source not in register]
        try:
            known_from = read_day(row["known_from"])
            read_period(row["period"])
            if unknown or not source_ids:
                raise ValueError(
                    f"no source {', '.join(unknown)}" if unknown else "no source is named"
                )
            if row["quality"] not in QUALITIES:
                raise ValueError(f"quality '{row['quality']}'; write one of {', '.join(QUALITIES)}")
        except ValueError as error:
            faults.append(Fault(f"data/claims/evidence.csv, row {where}", str(error)))
            continue
        sources = [register[source] for source in source_ids]
        days = [source.public_from for source in sources]
        origins = tuple(dict.fromkeys(source.origin for source in sources))
        own_pages = {pages.get(source.page, "") for source in sources}
        found.append(
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
    return tuple(found)


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
            _page(row["url"]),
        )
        for name in [row["source_id"], *row.get("aliases", "").split(";")]:
            register.setdefault(name, source)
    return register


def _page(url: str) -> str:
    """An address without what does not change the page: scheme, www, a final slash, a fragment."""
    return url.partition("#")[0].partition("//")[2].removeprefix("www.").rstrip("/")


def _publication_days(articles: pd.DataFrame) -> tuple[dict[str, datetime.date], list[Fault]]:
    days, faults = {}, []
    for row in records(articles):
        try:
            days[row["article_id"]] = read_day(row["published"])
        except ValueError as error:
            instead = "write the day of publication as YYYY-MM-DD"
            where = row["article_id"]
            faults.append(_fault("articles.csv", where, "published", str(error), instead))
    return days, faults


def read_words(table: pd.DataFrame) -> dict[tuple[str, str], tuple[str, float]]:
    """The lexicon of vague words: (word, unit) → side of the bound and bound, one for all
    articles.
    """
    return {
        (row["word"], row["unit"]): (row["side"], float(row["bound"])) for row in records(table)
    }


def _with_bounds(
    args: dict[str, Any], words: Mapping[tuple[str, str], tuple[str, float]]
) -> tuple[dict[str, Any], str]:
    """The arguments with the bounds of the vague words they name, and what is wrong with those;
    an inner rule's as well.
    """
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
    published: Mapping[str, datetime.date],
    words: Mapping[tuple[str, str], tuple[str, float]],
    links: Sequence[Link],
) -> tuple[list[Fault], dict[str, Any]]:
    where, faults = row["claim_id"], []

    def wrong(column: str, what: str, instead: str) -> None:
        faults.append(_fault("claims.csv", where, column, what, instead))

    if row["article_id"] not in published:
        what = f"'{row['article_id']}' has no dated row in articles.csv"
        wrong("article_id", what, "add the article with its day of publication")
    if not row["claim"].strip():
        instead = "write one assertion in your own words, or delete the row"
        wrong("claim", "no claim is written", instead)
    if not row["paragraph"].isdigit():
        what = f"'{row['paragraph']}' is not a whole number"
        wrong("paragraph", what, "count the non-empty lines from 1")
    if row["tolerance_kind"] not in TOLERANCES:
        instead = f"write one of {', '.join(TOLERANCES[1:])}, or nothing"
        wrong("tolerance_kind", f"'{row['tolerance_kind']}'", instead)
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


def _fault(file: str, row: str, column: str, what: str, instead: str) -> Fault:
    return Fault(f"data/claims/{file}, row {row}, column {column}", what, instead)
