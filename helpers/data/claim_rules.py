"""What must hold inside and between the tables of the claim audit and the register of sources."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

from helpers.data.rules import Finding, Row, Rows, Rule, grouped
from helpers.periods import surely_public
from helpers.texts import as_text, same_page


def _claim_rows(rows: Rows) -> Iterator[Finding]:
    for row in rows["claims"]:
        article = row["claim_id"].partition("-")[0]
        if article != row["article_id"]:
            what = f"'{row['article_id']}' for claim {row['claim_id']}"
            yield row, "article_id", what, f"write {article}"
        if (row["expected_then"] == "") != (row["expected_now"] == ""):
            what = "expected_then and expected_now come together"
            yield row, "expected_now", what, "fill both or neither"
        if problem := _not_an_object(row["rule_args"]):
            remedy = 'write a JSON object such as {"fact": "fx.usdjpy@2024"}'
            yield row, "rule_args", problem, remedy


def _not_an_object(text: str) -> str:
    try:
        return "" if isinstance(json.loads(text), dict) else "is not a JSON object"
    except json.JSONDecodeError as error:
        return f"is not JSON at character {error.colno}: {error.msg}"


def _one_hash_a_paragraph(rows: Rows) -> Iterator[Finding]:
    for (article, paragraph), group in grouped(rows["claims"], "article_id", "paragraph").items():
        first = group[0]
        for row in group[1:]:
            if row["paragraph_sha12"] != first["paragraph_sha12"]:
                other = f"line {first['line']}, also paragraph {paragraph} of {article}"
                what = f"differs from that of {other}"
                yield row, "paragraph_sha12", what, "one paragraph has one hash"


def _known_when_published(rows: Rows) -> Iterator[Finding]:
    """A fact is known from the day of its first source at the earliest."""
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
            yield row, "known_from", what, f"cite a source of that day, or write {min(days)}"


def _contradictions(rows: Rows) -> Iterator[Finding]:
    for row in rows["contradictions"]:
        articles = set(row["article_ids"].split(";"))
        for claim in filter(None, row["claim_ids"].split(";")):
            if claim.partition("-")[0] not in articles:
                what = f"{claim} is of an article that article_ids does not name"
                yield row, "claim_ids", what, "name the article too"


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
            what = f"makes {row['child']} rest on itself"
            yield row, "parent", what, "take one link of the circle out"


def _shared_values(rows: Rows) -> Iterator[Finding]:
    """The table, columns and row that a shared value names are there, the row once."""
    for link in rows["shared_values"]:
        name, table = link["table"], rows.get(link["table"])
        if not table:
            continue
        for side in ("value_column", "from_column", "to_column"):
            if link[side] and link[side] not in table[0]:
                yield (
                    link,
                    side,
                    f"'{link[side]}' is not a column of {name}",
                    "name one of its columns",
                )
        wanted = dict(part.split("=", 1) for part in link["row"].split(";"))
        if unknown := sorted(set(wanted) - set(table[0])):
            what = f"{', '.join(unknown)}: no such column in {name}"
            yield link, "row", what, "name its columns"
            continue
        count = sum(_fits(row, wanted) for row in table)
        if not count:
            yield link, "row", f"no row of {name} has {link['row']}", "correct the conditions"
        elif count > 1:
            what = f"{count} rows of {name} have {link['row']}"
            yield link, "row", what, "add a condition that picks one"


def _shared_facts(rows: Rows) -> Iterator[Finding]:
    """A fact has the value of the row it shares, to the decimals it is written with."""
    facts = {row["evidence_id"]: row for row in rows["evidence"]}
    for link in rows["shared_values"]:
        wanted = dict(part.split("=", 1) for part in link["row"].split(";"))
        column, table = link["value_column"], rows.get(link["table"], ())
        fitting = [row for row in table if wanted.keys() <= row.keys() and _fits(row, wanted)]
        if len(fitting) == 1 and column in fitting[0]:
            fact, shared = facts[link["evidence_id"]], as_text(fitting[0][column])
            if shared and not _same(fact["value"], shared, link["factor"]):
                times = f" times {link['factor']:.15g}" if link["factor"] else ""
                what = f"'{fact['value']}', but {link['table']}.csv has {shared}{times}"
                yield fact, "value", what, f"correct one of them; the row is {link['row']}"


def _same(value: str, shared: str, factor: float | None) -> bool:
    try:
        written = Decimal(value)
        exact = Decimal(shared) * Decimal(repr(factor or 1))
    except ArithmeticError:
        return value == shared
    return written == exact.quantize(Decimal(1).scaleb(min(0, int(written.as_tuple().exponent))))


def _fits(row: Row, wanted: dict[str, str]) -> bool:
    return all(as_text(row[column]) == value for column, value in wanted.items())


def _one_id_a_source(rows: Rows) -> Iterator[Finding]:
    ids = {row["source_id"] for row in rows["sources"]}
    uses = Counter(old for row in rows["sources"] for old in row["aliases"].split(";") if old)
    first: dict[str, str] = {}
    for row in rows["sources"]:
        for old in filter(None, row["aliases"].split(";")):
            if old in ids:
                what = f"{old} is itself the id of a source"
                yield row, "aliases", what, "an earlier id leads to one source only"
            elif uses[old] > 1:
                yield row, "aliases", f"{old} leads to more than one source", "keep it once"
        page, source_id = same_page(row["url"]), row["source_id"]
        seen = first.setdefault(page, source_id) if page else source_id
        if seen != source_id:
            remedy = f"quote {seen}, and list {source_id} among its aliases"
            yield row, "url", f"is the address of {seen} too", remedy


RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("claims",), _claim_rows),
    (("claims",), _one_hash_a_paragraph),
    (("evidence", "sources"), _known_when_published),
    (("contradictions",), _contradictions),
    (("provenance",), _provenance),
    (("shared_values",), _shared_values),
    (("evidence", "shared_values"), _shared_facts),
    (("sources",), _one_id_a_source),
)
