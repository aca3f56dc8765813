"""What is on record for one who reads an article: facts by a word, facts near to a sentence, and
claims beside the sentences they paraphrase.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.claims.article import language, paragraph_hash
from helpers.claims.files import numbered_paragraphs, read_rows
from helpers.claims.labels import in_words, number_in, proper_names
from helpers.claims.shared import records
from helpers.claims.worth import Entry, passage_about
from helpers.data import DATA
from helpers.errors import refusal
from helpers.texts import did_you_mean, escaped

EVIDENCE = "claims/evidence.csv"
_AMOUNTS = {"bn": 1e9, "tn": 1e12, "mn": 1e6, "million": 1e6}
_ASKED = {
    "event.": ("modality_at, forecast", "event"),
    "plant.": ("plant", "model"),
    "office.": ("holds_office", "person"),
    "tariff.total.": ("tariff_total", "goods"),
    "tariff.": ("tariff_component", "instrument"),
}


def entries_of_facts(data_folder: Path) -> list[Entry]:
    """The facts on record as entries: the address that rules take, and what it says."""
    entries, on_record = [], read_rows(data_folder / EVIDENCE)
    names = proper_names(row["statement"] for row in on_record)
    for row in on_record:
        scale = next((_AMOUNTS[part] for part in row["unit"].split() if part in _AMOUNTS), 1.0)
        when = f"@{row['period']}" if "/" not in row["period"] and row["period"] else ""
        value = f" {row['value']} {row['unit']}." if row["value"] else ""
        entries.append(
            Entry(
                f"{row['evidence_id']} {row['metric']}{when}",
                f"{in_words(row['metric'], names)}: {row['statement'].rstrip('.')}.{value}",
                number_in(row["value"]),
                row["unit"],
                scale,
            )
        )
    return entries


@dataclass(frozen=True)
class Listed:
    """A fact on record as the workbench lists it: id, how a rule asks for it, and what it says."""

    evidence_id: str
    asked_by: str
    value: str
    period: str
    known_from: str
    statement: str


def facts(wanted: str, data_folder: Path = DATA) -> list[Listed]:
    """The facts in whose metric, words, value or unit every word wanted stands, by metric.

    Raises InputError when there is none, naming the nearest words that facts have.
    """
    rows = read_rows(data_folder / EVIDENCE)
    parts = wanted.casefold().replace("_", " ").split()
    told = {row["evidence_id"]: _searched(row) for row in rows}
    matches = [row for row in rows if all(part in told[row["evidence_id"]] for part in parts)]
    if not parts or not matches:
        vocabulary = sorted({word for text in told.values() for word in re.findall(r"\w+", text)})
        instead = did_you_mean(wanted, vocabulary, "try another word, such as tariff")
        raise refusal(f"facts {wanted}".strip(), "no fact on record says this", instead)
    matches.sort(key=lambda row: (row["metric"], row["period"]))
    return [
        Listed(
            asked_by=_asked_by(row["metric"]),
            value=f"{row['value']} {row['unit']}".strip(),
            **{name: row[name] for name in ("evidence_id", "period", "known_from", "statement")},
        )
        for row in matches
    ]


def _searched(row: Mapping[str, str]) -> str:
    names = ("evidence_id", "metric", "statement", "value", "unit")
    return " ".join(f"{row[name]} {in_words(row[name])}" for name in names).casefold()


def _asked_by(metric: str) -> str:
    """How a rule names a metric: by its address, or by the part of it that the rule knows."""
    for start, (rule, argument) in _ASKED.items():
        if metric.startswith(start):
            return f"{rule} {argument}: {metric.removeprefix(start)}"
    return metric


def beside_texts(
    page: str, folder: Path, tables: Mapping[str, pd.DataFrame]
) -> tuple[str, list[str]]:
    """A page of claims by article with the sentence of the article beside each claim, and the ids
    of the claims that have one: those whose text is in the folder and whose paragraph has the hash
    on record.
    """
    texts = {
        row["article_id"]: numbered_paragraphs(folder / row["file"])
        for row in records(tables["articles"])
        if (folder / row["file"]).is_file()
    }
    shown = []
    for row in records(tables["claims"]):
        paragraphs, place = texts.get(row["article_id"], ()), int(row["paragraph"])
        opening = f'<div id="{row["claim_id"]}">'
        if place > len(paragraphs) or opening not in page:
            continue
        paragraph = paragraphs[place - 1]
        if paragraph_hash(paragraph) == row["paragraph_sha12"]:
            before, sentence, after = passage_about(row["claim"], paragraph, language(paragraph))
            quoted = f"{escaped(before)} <mark>{escaped(sentence)}</mark> {escaped(after)}".strip()
            page = page.replace(opening, f"{opening}<blockquote>{quoted}</blockquote>", 1)
            shown.append(row["claim_id"])
    return page, shown
