"""A draft: an article's sentences with what is near to them and with the rows that an auditor fills
in, in one file outside the tables.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpers.claims.article import Article
from helpers.claims.worth import Entry, kind, near, reasons, sentences, stated_numbers, unit_of
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios.strict_yaml import Size, strict_yaml, unknown_keys
from helpers.texts import did_you_mean

KEYS = ("article", "sentences", "facts", "sources")
LARGEST = Size(10_000_000, 200_000, 12, "list of sentences with their claims")
SHOWN = ("text", "worth checking", "audited already", "facts on record")
_FILLED_IN = (
    "period",
    "attributed_to",
    "rule",
    "rule_args",
    "tolerance_kind",
    "evidence",
    "reason",
)
HEADING = """\
# Claims of an article, to be filled in. This file stays outside the tables and outside git.
# 1. Complete `article`: outlet, url, published (YYYY-MM-DD), published_basis (printed, inferred).
# 2. Where a sentence asserts something, write it into `claim`: one assertion, in your own words,
#    with every word that limits it. It asserts two: copy its block and give it the next free id.
#    `value` is what it states, in plain digits, or names separated by ; and `unit` a noun.
#    `period` is the time it speaks of (2024, 2025-09): facts of another time do not count then.
# 3. Say how to judge it. `like: CLAIM_ID` takes rule, arguments and facts of an audited claim.
#    Else write rule, rule_args, tolerance_kind and evidence ({FACT_ID: supports}); `claims facts
#    WORD` lists what is on record, data/claims/README.md the rules.
# 4. A fact that is not on record goes into `facts`, its source into `sources`: the columns of
#    data/claims/evidence.csv and data/sources.csv, with ids of your own such as N1.
# 5. `reverse-imports claims read FILE` shows verdicts and what is missing; with --store it writes
#    the complete claims into the tables. Blocks without a claim are left out.
"""


@dataclass(frozen=True)
class Row:
    """Values for one row of a table as texts, and the line of the draft they stand in."""

    values: Mapping[str, str]
    line: int

    def get(self, name: str) -> str:
        """A value; blank when it is not given."""
        return self.values.get(name, "")


@dataclass(frozen=True)
class Audited:
    """A claim of the tables: its row, and the stance of each fact linked to it."""

    row: Mapping[str, str]
    stances: Mapping[str, str]


@dataclass(frozen=True)
class Draft:
    """A draft as read. claims: blocks whose claim is written. stances, texts: the evidence and the
    sentence of each of them, by claim id.
    """

    path: Path
    article: Row
    claims: tuple[Row, ...]
    stances: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]
    facts: tuple[Row, ...]
    sources: tuple[Row, ...]

    @property
    def article_id(self) -> str:
        """The article's id."""
        return self.article.get("article_id")

    @property
    def where(self) -> str:
        """The file as its reader knows it."""
        return self.path.name


def draft_text(
    article: Article, row: Mapping[str, str], claims: Sequence[Entry], facts: Sequence[Entry]
) -> str:
    """The draft of an article: a block a sentence, with proposals where it is worth checking.

    row: the article's row. claims, facts: what is audited and on record already.
    """
    blocks: list[dict[str, Any]] = []
    for number, paragraph in enumerate(article.paragraphs, 1):
        for sentence in sentences(paragraph, article.language):
            claim_id = f"{row['article_id']}-{len(blocks) + 1:02d}"
            blocks.append(
                {"claim_id": claim_id, "paragraph": number, "text": sentence}
                | _proposals(sentence, claims, facts)
            )
    content = {"article": dict(row), "sentences": blocks, "facts": [], "sources": []}
    return HEADING + "".join(f"\n{_yaml({key: part})}" for key, part in content.items())


def _proposals(sentence: str, claims: Sequence[Entry], facts: Sequence[Entry]) -> dict[str, Any]:
    grounds = reasons(sentence)
    if not grounds:
        return {"claim": ""}
    on_record = near(sentence, facts)
    proposed = {
        "worth checking": ", ".join(grounds),
        "audited already": [
            f"{match.entry.name} ({match.percent:.0f} %): {match.entry.words}"
            for match in near(sentence, claims)
        ],
        "facts on record": [
            f"{match.entry.name}{' (same number)' * match.same_number}: {match.entry.words}"
            for match in on_record
        ],
        "claim": "",
        "like": "",
        "claim_type": kind(grounds),
        "value": "",
        "unit": "",
    }
    stated = stated_numbers(sentence)
    if len(stated) == 1:  # in the unit of the fact that has the same number, which rules compare
        unit = unit_of(sentence)
        fact = next(
            (match.entry for match in on_record if match.same_number and unit in match.entry.unit),
            Entry("", ""),
        )
        proposed["value"] = f"{stated[0] / fact.scale:.15g}"
        proposed["unit"] = fact.unit or unit
    kept = {name: value for name, value in proposed.items() if value != []}
    return kept | {name: {} if name in ("rule_args", "evidence") else "" for name in _FILLED_IN}


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def is_draft(path: Path) -> bool:
    """Whether a file is a draft, by its ending."""
    return path.suffix.lower() in (".yaml", ".yml")


def read_draft(
    path: Path, columns: Mapping[str, Sequence[str]], claims: Mapping[str, Audited]
) -> Draft:
    """A draft with its blocks as rows. Raises InputError with every fault of its form.

    columns: the columns of articles, claims, evidence and sources. claims: those audited already,
    by id, for `like`.
    """
    where = path.name
    if not path.is_file():
        raise refusal(where, "there is no such file")
    content, lines = strict_yaml(path, where, KEYS, "draft", LARGEST)
    if not isinstance(content, dict):
        raise refusal(where, "this is no draft", f"write the keys {', '.join(KEYS)}")
    faults = unknown_keys(content, lines, where, KEYS)
    kinds = dict(zip(KEYS, (dict, list, list, list), strict=True))
    for key, form in kinds.items():
        if not isinstance(content.get(key) or form(), form):
            faults.append(
                Fault(
                    f"{where} line {lines[(key,)]}",
                    f"{key} is no {'mapping' if form is dict else 'list'}",
                    "keep the form that claims read wrote",
                )
            )
    if faults:
        raise InputError(faults)
    reader = _Reader(where, lines, faults)
    article = reader.row(("article",), content.get("article") or {}, columns["articles"])
    known = (*columns["claims"], *SHOWN, "like", "evidence")
    blocks = [
        (reader.row(("sentences", str(place)), block, known, claims), block)
        for place, block in enumerate(content.get("sentences") or [])
        if isinstance(block, dict) and str(block.get("claim") or "").strip()
    ]
    draft = Draft(
        path,
        article,
        tuple(row for row, _ in blocks),
        {row.get("claim_id"): reader.stances(row, block, claims) for row, block in blocks},
        {row.get("claim_id"): _text(block.get("text")) for row, block in blocks},
        tuple(reader.rows("facts", content.get("facts") or [], columns["evidence"])),
        tuple(reader.rows("sources", content.get("sources") or [], columns["sources"])),
    )
    reader.check_ids(draft)
    if faults:
        raise InputError(faults)
    return draft


@dataclass(frozen=True)
class _Reader:
    """Turns entries of the file into rows and collects what is wrong with them."""

    where: str
    lines: Mapping[tuple[str, ...], int]
    faults: list[Fault]

    def wrong(self, line: int, what: str, instead: str = "") -> None:
        """Note a fault of a line."""
        self.faults.append(Fault(f"{self.where} line {line}", what, instead))

    def row(
        self,
        path: tuple[str, ...],
        entry: Mapping[str, Any],
        known: Sequence[str],
        claims: Mapping[str, Audited] | None = None,
    ) -> Row:
        """An entry as a row; what it leaves blank is taken from the claim it is like."""
        line = min((self.lines[(*path, name)] for name in entry), default=1)
        for name in entry:
            if name not in known:
                near_to = did_you_mean(name, known, f"write one of {', '.join(known)}")
                self.wrong(self.lines[(*path, name)], f"unknown key '{name}'", near_to)
        values = {
            name: _text(value)
            for name, value in entry.items()
            if name not in SHOWN and name not in ("like", "evidence")
        }
        like = _text(entry.get("like"))
        if like and claims is not None:
            if like in claims:
                taken = ("rule", "rule_args", "tolerance_kind", "unit", "period", "subject")
                values |= {
                    name: claims[like].row.get(name, "") for name in taken if not values.get(name)
                }
            else:
                told = did_you_mean(like, claims, "write the id of an audited claim")
                self.wrong(line, f"like: there is no claim '{like}'", told)
        return Row({name: value for name, value in values.items() if value}, line)

    def rows(self, key: str, entries: list[Any], known: Sequence[str]) -> list[Row]:
        """The entries of a list as rows."""
        rows = []
        for place, entry in enumerate(entries):
            if isinstance(entry, dict):
                rows.append(self.row((key, str(place)), entry, known))
            else:
                self.wrong(self.lines[(key,)], f"an entry of {key} is no mapping")
        return rows

    def stances(
        self, row: Row, block: Mapping[str, Any], claims: Mapping[str, Audited]
    ) -> Mapping[str, str]:
        """Fact id → stance, as the block gives it, else as the claim it is like has it."""
        given = block.get("evidence") or {}
        if not isinstance(given, dict):
            self.wrong(row.line, "evidence is no mapping", "write {FACT_ID: supports}")
            return {}
        like = _text(block.get("like"))
        own = {name: _text(stance) for name, stance in given.items()}
        return own or (claims[like].stances if like in claims else {})

    def check_ids(self, draft: Draft) -> None:
        """Every claim has an id of its own that begins with the article's."""
        seen: set[str] = set()
        for row in draft.claims:
            claim_id = row.get("claim_id")
            if claim_id in seen or not claim_id.startswith(f"{draft.article_id}-"):
                what = "stands twice" if claim_id in seen else f"is no id of {draft.article_id}"
                used = [int(name.rpartition("-")[2]) for name in seen if name[-1:].isdigit()]
                free = f"{draft.article_id}-{max(used, default=0) + 1:02d}"
                self.wrong(row.line, f"claim_id '{claim_id}' {what}", f"write {free} or the next")
            seen.add(claim_id)


def _text(value: Any) -> str:
    """A value of the file as a cell of a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
    return str(value).strip()
