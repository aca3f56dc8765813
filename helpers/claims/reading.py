"""Claims and evidence from their tables, with every fault at once."""

import datetime
import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.claims.claim import Claim, Link
from helpers.claims.evidence import Evidence
from helpers.claims.registry import RULES, problems
from helpers.claims.shared import ROW_TABLES, read_shared, records, with_shared_values
from helpers.errors import Fault, InputError
from helpers.periods import read_period
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
    "sources",
    *ROW_TABLES,
)
STANCES = ("supports", "refutes", "partial", "context")
TOLERANCES = ("", "exact", "plain", "hedged", "definition", "bound")


def read_claims(tables: Mapping[str, pd.DataFrame]) -> tuple[Claim, ...]:
    """The claims in table order. Raises InputError naming claim, column and remedy for every
    fault.
    """
    published, faults = _publication_days(tables["articles"])
    links: dict[str, list[Link]] = {}
    for row in records(tables["claim_evidence"]):
        links.setdefault(row["claim_id"], []).append(Link(row["evidence_id"], row["stance"]))
        if row["stance"] not in STANCES:
            faults.append(
                _fault(
                    "claim_evidence.csv",
                    f"{row['claim_id']} {row['evidence_id']}",
                    "stance",
                    f"'{row['stance']}'",
                    f"write one of {', '.join(STANCES)}",
                )
            )
    found, seen = [], set()
    for row in records(tables["claims"]):
        where = row["claim_id"]
        if where in seen:
            faults.append(
                _fault(
                    "claims.csv",
                    where,
                    "claim_id",
                    "the id stands twice",
                    "number the claims of an article",
                )
            )
        seen.add(where)
        claim_faults, args = _row_faults(row, published)
        faults += claim_faults
        if claim_faults:
            continue
        found.append(
            Claim(
                where,
                row["article_id"],
                int(row["paragraph"]),
                row["claim"],
                row["claim_type"],
                row["value"],
                row["unit"],
                row["attributed_to"],
                row["rule"],
                args,
                row["tolerance_kind"],
                published[row["article_id"]],
                tuple(links.get(where, ())),
            )
        )
    if faults:
        raise InputError(faults)
    return tuple(found)


def read_evidence(tables: Mapping[str, pd.DataFrame]) -> tuple[Evidence, ...]:
    """The evidence with tier and origin of its sources, and values that shared tables hold taken
    from there.
    """
    register = source_register(tables["sources"])
    faults, found = [], []
    for row in with_shared_values(records(tables["evidence"]), read_shared(tables)):
        where = row["evidence_id"]
        source_ids = tuple(
            filter(
                None,
                (
                    part.strip()
                    for part in (row.get("source_ids") or row.get("source_id", "")).split(";")
                ),
            )
        )
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
        tiers, origins = zip(*(register[source] for source in source_ids), strict=True)
        found.append(
            Evidence(
                where,
                row["metric"],
                row["value"],
                row["unit"],
                row["period"],
                row["statement"],
                source_ids,
                known_from,
                row["quality"],
                min(tiers),
                origins[0],
                tuple(dict.fromkeys(origins)),
            )
        )
    if faults:
        raise InputError(faults)
    return tuple(found)


def source_register(sources: pd.DataFrame) -> dict[str, tuple[int, str]]:
    """Source id, or one of its aliases → (tier, origin): `origin_group` where a source has one,
    else the source itself.
    """
    register: dict[str, tuple[int, str]] = {}
    for row in records(sources):
        entry = (int(float(row["tier"])), row["origin_group"] or row["source_id"])
        for name in [row["source_id"], *row.get("aliases", "").split(";")]:
            register.setdefault(name, entry)
    return register


def _publication_days(articles: pd.DataFrame) -> tuple[dict[str, datetime.date], list[Fault]]:
    days, faults = {}, []
    for row in records(articles):
        try:
            days[row["article_id"]] = read_day(row["published"])
        except ValueError as error:
            faults.append(
                _fault(
                    "articles.csv",
                    row["article_id"],
                    "published",
                    str(error),
                    "write the day of publication as YYYY-MM-DD",
                )
            )
    return days, faults


def _row_faults(
    row: Mapping[str, str], published: Mapping[str, datetime.date]
) -> tuple[list[Fault], dict[str, Any]]:
    where, faults = row["claim_id"], []

    def wrong(column: str, what: str, instead: str) -> None:
        faults.append(_fault("claims.csv", where, column, what, instead))

    if row["article_id"] not in published:
        wrong(
            "article_id",
            f"'{row['article_id']}' has no dated row in articles.csv",
            "add the article with its day of publication",
        )
    if not row["claim"].strip():
        wrong(
            "claim",
            "no claim is written",
            "write one assertion in your own words, or delete the row",
        )
    if not row["paragraph"].isdigit():
        wrong(
            "paragraph",
            f"'{row['paragraph']}' is not a whole number",
            "count the non-empty lines from 1",
        )
    if row["tolerance_kind"] not in TOLERANCES:
        wrong(
            "tolerance_kind",
            f"'{row['tolerance_kind']}'",
            f"write one of {', '.join(TOLERANCES[1:])}, or nothing",
        )
    try:
        args = json.loads(row["rule_args"] or "{}", parse_constant=_refuse)
    except (ValueError, RecursionError):
        args = None
    if not isinstance(args, dict):
        wrong(
            "rule_args",
            "this is not a JSON object",
            'write {"name": value} with plain numbers and texts',
        )
        return faults, {}
    for problem in problems(row["rule"], args):
        wrong(
            "rule" if row["rule"] not in RULES else "rule_args",
            problem,
            "the rules and their arguments are in data/claims/README.md",
        )
    needed = RULES[row["rule"]].value if row["rule"] in RULES else "any"
    if row["rule"] == "tariff_total" and args.get("claimed") != "threat_only":
        needed = "number"
    if (
        row["rule"] == "forecast"
        and isinstance(args.get("then"), dict)
        and args["then"].get("rule") == "within"
    ):
        needed = "number"
    if needed == "number" and not _is_number(row["value"]):
        wrong("value", f"'{row['value']}' is not a number", "write plain digits")
    if needed == "words" and not row["value"].strip():
        wrong("value", "nothing is asserted", "write what the article says, entries separated by ;")
    return faults, args


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _fault(file: str, row: str, column: str, what: str, instead: str) -> Fault:
    return Fault(f"data/claims/{file}, row {row}, column {column}", what, instead)
