"""What must hold inside and between the tables of the claim audit and the register of sources."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from helpers.data.rules import Finding, Row, Rows, Rule, grouped
from helpers.periods import surely_public


def _claim_rows(rows: Rows) -> Iterator[Finding]:
    for row in rows["claims"]:
        article = row["claim_id"].partition("-")[0]
        if article != row["article_id"]:
            yield Finding(
                "claims",
                row["line"],
                "article_id",
                f"'{row['article_id']}' for claim {row['claim_id']}",
                f"write {article}",
            )
        if (row["expected_then"] == "") != (row["expected_now"] == ""):
            yield Finding(
                "claims",
                row["line"],
                "expected_now",
                "expected_then and expected_now come together",
                "fill both or neither",
            )
        problem = _not_an_object(row["rule_args"])
        if problem:
            yield Finding(
                "claims",
                row["line"],
                "rule_args",
                problem,
                'write a JSON object such as {"fact": "fx.usdjpy@2024"}',
            )


def _not_an_object(text: str) -> str:
    try:
        return "" if isinstance(json.loads(text), dict) else "is not a JSON object"
    except json.JSONDecodeError as error:
        return f"is not JSON at character {error.colno}: {error.msg}"


def _one_hash_a_paragraph(rows: Rows) -> Iterator[Finding]:
    for (article, paragraph), group in grouped(rows["claims"], "article_id", "paragraph").items():
        for row in group[1:]:
            if row["paragraph_sha12"] != group[0]["paragraph_sha12"]:
                what = (
                    f"differs from that of line {group[0]['line']}, also paragraph {paragraph} "
                    f"of {article}"
                )
                yield Finding(
                    "claims", row["line"], "paragraph_sha12", what, "one paragraph has one hash"
                )


def _known_when_published(rows: Rows) -> Iterator[Finding]:
    """A fact is known from the day of its first source at the earliest: the typed day says nothing
    that no source shows.
    """
    public = {
        name: surely_public(row["published"] or "", str(row["last_checked"])).isoformat()
        for row in rows["sources"]
        for name in [row["source_id"], *(row["aliases"] or "").split(";")]
    }
    for row in rows["evidence"]:
        if row["metric"].startswith("assumption."):
            continue
        days = [public[source] for source in row["source_id"].split(";") if source in public]
        if days and row["known_from"] < min(days):
            what = f"{row['known_from']} is before every source it cites"
            remedy = f"cite a source of that day, or write {min(days)}"
            yield Finding("evidence", row["line"], "known_from", what, remedy)


def _contradictions(rows: Rows) -> Iterator[Finding]:
    for row in rows["contradictions"]:
        articles = set(row["article_ids"].split(";"))
        for claim in filter(None, row["claim_ids"].split(";")):
            if claim.partition("-")[0] not in articles:
                what = f"{claim} is of an article that article_ids does not name"
                yield Finding(
                    "contradictions", row["line"], "claim_ids", what, "name the article too"
                )


def _provenance(rows: Rows) -> Iterator[Finding]:
    """Nothing rests on itself, however long the way round."""
    parents: dict[str, set[str]] = defaultdict(set)
    for row in rows["provenance"]:
        parents[row["child"]].add(row["parent"])
    for row in rows["provenance"]:
        reached: set[str] = set()
        waiting = [row["parent"]]
        while waiting:
            text = waiting.pop()
            if text not in reached:
                reached.add(text)
                waiting.extend(parents[text])
        if row["child"] in reached:
            yield Finding(
                "provenance",
                row["line"],
                "parent",
                f"makes {row['child']} rest on itself",
                "take one link of the circle out",
            )


def _shared_values(rows: Rows) -> Iterator[Finding]:
    """The table, row and columns that a shared value names are there, and the row is exactly
    one.
    """
    for link in rows["shared_values"]:
        table: list[Row] | None = rows.get(link["table"])
        if not table:
            continue
        for name in ("value_column", "from_column", "to_column"):
            if not link[name] or link[name] in table[0]:
                continue
            yield Finding(
                "shared_values",
                link["line"],
                name,
                f"'{link[name]}' is not a column of {link['table']}",
                "name one of its columns",
            )
        wanted = dict(part.split("=", 1) for part in link["row"].split(";"))
        unknown = sorted(set(wanted) - set(table[0]))
        if unknown:
            yield Finding(
                "shared_values",
                link["line"],
                "row",
                f"{', '.join(unknown)}: no such column in {link['table']}",
                "name its columns",
            )
            continue
        found = [
            row
            for row in table
            if all(_as_text(row[column]) == value for column, value in wanted.items())
        ]
        if not found:
            yield Finding(
                "shared_values",
                link["line"],
                "row",
                f"no row of {link['table']} has {link['row']}",
                "correct the conditions",
            )
        elif len(found) > 1:
            yield Finding(
                "shared_values",
                link["line"],
                "row",
                f"{len(found)} rows of {link['table']} have {link['row']}",
                "add a condition that picks one",
            )


def _as_text(value: Any) -> str:
    """A cell as the file writes it: 2012 and not 2012.0, empty for a blank."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _one_id_a_source(rows: Rows) -> Iterator[Finding]:
    ids = {row["source_id"] for row in rows["sources"]}
    uses = Counter(old for row in rows["sources"] for old in row["aliases"].split(";") if old)
    first: dict[str, str] = {}
    for row in rows["sources"]:
        for old in filter(None, row["aliases"].split(";")):
            if old in ids:
                yield Finding(
                    "sources",
                    row["line"],
                    "aliases",
                    f"{old} is itself the id of a source",
                    "an earlier id leads to one source only",
                )
            elif uses[old] > 1:
                yield Finding(
                    "sources",
                    row["line"],
                    "aliases",
                    f"{old} leads to more than one source",
                    "keep it once",
                )
        address = _address(row["url"])
        seen = first.setdefault(address, row["source_id"]) if address else row["source_id"]
        if seen != row["source_id"]:
            instead = f"quote {seen}, and list {row['source_id']} among its aliases"
            yield Finding("sources", row["line"], "url", f"is the address of {seen} too", instead)


def _address(url: str) -> str:
    """An address without what does not change the page: scheme, www, a final slash, a fragment."""
    return (
        url.partition("#")[0]
        .removeprefix("https://")
        .removeprefix("http://")
        .removeprefix("www.")
        .rstrip("/")
    )


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("claims",), _claim_rows),
    (("claims",), _one_hash_a_paragraph),
    (("evidence", "sources"), _known_when_published),
    (("contradictions",), _contradictions),
    (("provenance",), _provenance),
    (("shared_values",), _shared_values),
    (("sources",), _one_id_a_source),
)
