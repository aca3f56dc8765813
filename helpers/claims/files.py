"""Files of the claim audit: a new article becomes template rows, verdicts become CSV and JSON-LD,
hashes are held against the texts.

The text of an article is read, numbered and hashed; it is never stored.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import claims, files
from helpers.claims.audit import open_work
from helpers.claims.review import claim_reviews, verdict_rows
from helpers.data import DATA
from helpers.data.checking import checked
from helpers.errors import Fault, InputError
from helpers.scenarios import Scenario
from helpers.texts import csv_text, is_day, visible

LARGEST_TEXT = 1_000_000
MOST_PARAGRAPHS = 1_000
_FILE_NAME = re.compile(r"[A-Za-z0-9_.\-]+\.txt")


@dataclass(frozen=True)
class ArticleText:
    """A text as the audit sees it: the hash of the file, and the first twelve digits of the hash of
    each paragraph, numbered from 1.
    """

    sha256: str
    paragraphs: tuple[str, ...]


def read_article(path: Path) -> ArticleText:
    """Number and hash a text. A paragraph is a non-empty line, stripped; title and boilerplate
    count.

    Raises InputError for a file that is missing, empty, too large or not UTF-8.
    """
    where = path.name
    if not path.is_file():
        raise InputError([Fault(where, "there is no such file")])
    if path.stat().st_size > LARGEST_TEXT:
        raise InputError(
            [
                Fault(
                    where,
                    f"the file has {path.stat().st_size:,} bytes",
                    f"keep it under {LARGEST_TEXT:,}",
                )
            ]
        )
    raw = path.read_bytes()
    try:
        lines = [line.strip() for line in raw.decode("utf-8").splitlines()]
    except UnicodeDecodeError as error:
        raise InputError(
            [Fault(where, f"byte {error.start} is not UTF-8", "save the file as UTF-8")]
        ) from None
    paragraphs = [hashlib.sha256(line.encode()).hexdigest()[:12] for line in lines if line]
    if not paragraphs:
        raise InputError([Fault(where, "the file holds no text")])
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise InputError(
            [
                Fault(
                    where,
                    f"the file has {len(paragraphs):,} paragraphs",
                    f"an article has at most {MOST_PARAGRAPHS:,}",
                )
            ]
        )
    return ArticleText(hashlib.sha256(raw).hexdigest(), tuple(paragraphs))


def add_article(
    path: Path, data_folder: Path = DATA, *, published: str = "", outlet: str = "", url: str = ""
) -> str:
    """Write template rows for a local text and say what to do next: one row in articles.csv, one a
    paragraph in claims.csv.

    published (YYYY-MM-DD), outlet and url fill the article's row; what is left out,
    `reverse-imports check` asks for. Raises InputError for an unusable file or date, and for a text
    that is in the tables already; nothing is written then.
    """
    if not _FILE_NAME.fullmatch(path.name):
        raise InputError(
            [
                Fault(
                    path.name,
                    "is not a usable file name",
                    "use letters, digits, _ - . and the ending .txt",
                )
            ]
        )
    text = read_article(path)
    if published:
        _check_day(published)
    article_file, claim_file = (
        data_folder / "claims" / "articles.csv",
        data_folder / "claims" / "claims.csv",
    )
    articles, claim_names = _read(article_file), _header(claim_file)
    for row in articles:
        if text.sha256 == row["sha256"] or path.name == row["file"]:
            raise InputError(
                [
                    Fault(
                        path.name,
                        f"is in the tables already, as {row['article_id']}",
                        "edit its rows instead",
                    )
                ]
            )
    number = 1 + max(
        (
            int(row["article_id"][1:])
            for row in articles
            if re.fullmatch(r"A\d+", row["article_id"])
        ),
        default=-1,
    )
    article_id = f"A{number}"
    article = {
        "article_id": article_id,
        "file": path.name,
        "outlet": outlet,
        "url": url,
        "published": published,
        "published_basis": "inferred" if published else "",
        "origin_group": article_id.lower(),
        "sha256": text.sha256,
    }
    templates = [
        {
            "claim_id": f"{article_id}-{place:02d}",
            "article_id": article_id,
            "paragraph": str(place),
            "paragraph_sha12": digest,
            "claim_type": "factual",
            "modality": "reported",
            "check_class": "human",
            "rule": "stances",
            "rule_args": "{}",
            "confidence": "low",
        }
        for place, digest in enumerate(text.paragraphs, 1)
    ]
    _append(
        {article_file: (_header(article_file), [article]), claim_file: (claim_names, templates)}
    )
    missing = [
        name
        for name, value in (("outlet", outlet), ("url", url), ("published", published))
        if not value
    ]
    steps = [
        f"{article_id}: {len(text.paragraphs)} paragraphs of {path.name} are numbered and hashed "
        "in data/claims/claims.csv."
    ]
    steps.append(
        "Write one assertion in your own words into the column claim of each paragraph that "
        "makes one; delete the other rows."
    )
    steps += (
        [f"Fill {', '.join(missing)} of {article_id} in data/claims/articles.csv."]
        if missing
        else []
    )
    return "\n".join(
        [*steps, "Then choose rules and link facts; reverse-imports check says what is missing."]
    )


def export_csv(
    path: Path, data_folder: Path = DATA, inputs: claims.ClaimInputs | None = None
) -> str:
    """Write one row a claim: claim_id, verdict_then, verdict_now, arithmetic, evidence_ids. Returns
    a message.
    """
    rows = verdict_rows(claims.audit(_tables(data_folder), _settings(inputs)))
    _write(path, csv_text(rows))
    return f"{len(rows)} verdicts are in {path.name}."


def export_claimreview(
    path: Path, data_folder: Path = DATA, inputs: claims.ClaimInputs | None = None
) -> str:
    """Write all verdicts as schema.org ClaimReview, JSON-LD. Opinions, forecasts and what cannot be
    checked carry no rating.
    """
    tables = _tables(data_folder)
    document = claim_reviews(claims.audit(tables, _settings(inputs)), tables)
    _write(path, json_text(document))
    return f"{len(document['@graph'])} reviews are in {path.name}."


def _settings(inputs: claims.ClaimInputs | None) -> claims.ClaimInputs:
    """The settings given, else those of the base scenario."""
    return inputs or Scenario().of(claims.ClaimInputs)


def json_text(document: dict[str, Any]) -> str:
    """The document as JSON that may stand in a page: no character that could open a tag, no
    invisible or direction-turning mark.
    """
    text = json.dumps(_plain(document), ensure_ascii=False, indent=1, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + "\n"


def export(path: Path, data_folder: Path = DATA, inputs: claims.ClaimInputs | None = None) -> str:
    """Write the verdicts in the form the file's ending asks for: .csv or .jsonld. Raises InputError
    for another ending.
    """
    forms: dict[str, Callable[..., str]] = {".csv": export_csv, ".jsonld": export_claimreview}
    if path.suffix.lower() not in forms:
        raise InputError(
            [
                Fault(
                    path.name,
                    "the ending says no form",
                    f"write a name that ends in {' or '.join(forms)}",
                )
            ]
        )
    return forms[path.suffix.lower()](path, data_folder, inputs)


def verify_paragraphs(folder: Path, data_folder: Path = DATA) -> str:
    """Hold the recorded hashes against the texts in a folder. Returns a message; raises InputError
    naming every hash that differs.

    Texts that are not in the folder are named as not checked. Raises InputError when none is.
    """
    articles, rows = (
        _read(data_folder / "claims" / "articles.csv"),
        _read(data_folder / "claims" / "claims.csv"),
    )
    faults, seen, absent, checked = [], [], [], 0
    for article in articles:
        path = folder / article["file"]
        if not path.is_file():
            absent.append(article["article_id"])
            continue
        text = read_article(path)
        seen.append(article["article_id"])
        if text.sha256 != article["sha256"]:
            faults.append(
                Fault(
                    "data/claims/articles.csv, column sha256",
                    f"{article['article_id']}: the file {path.name} has another hash",
                )
            )
        for line, row in enumerate(rows, 2):
            if row["article_id"] == article["article_id"]:
                checked += 1
                faults += _paragraph_faults(line, row, text)
    if not seen:
        raise InputError(
            [
                Fault(
                    str(folder),
                    "holds none of the texts that articles.csv names",
                    "give the folder with the texts",
                )
            ]
        )
    if faults:
        raise InputError(faults)
    rest = f"; not checked, no text: {', '.join(absent)}" if absent else ""
    return f"{checked} claims of {', '.join(seen)} stand in the paragraphs recorded{rest}."


def missing_evidence(data_folder: Path = DATA) -> list[str]:
    """One line a claim that waits for evidence, for `reverse-imports check`. Raises InputError for
    tables that cannot be read.
    """
    return open_work(_tables(data_folder), _settings(None))


def _paragraph_faults(line: int, row: dict[str, str], text: ArticleText) -> list[Fault]:
    where = f"data/claims/claims.csv line {line}, column paragraph_sha12"
    place = int(row["paragraph"]) if row["paragraph"].isdecimal() else 0
    if not 1 <= place <= len(text.paragraphs):
        return [
            Fault(
                where,
                f"{row['claim_id']}: the text has no paragraph {row['paragraph']}",
                f"it has {len(text.paragraphs)}",
            )
        ]
    if text.paragraphs[place - 1] == row["paragraph_sha12"]:
        return []
    elsewhere = [
        str(number)
        for number, digest in enumerate(text.paragraphs, 1)
        if digest == row["paragraph_sha12"]
    ]
    remedy = (
        f"the hash is that of paragraph {', '.join(elsewhere)}"
        if elsewhere
        else f"the text has {text.paragraphs[place - 1]} there"
    )
    return [Fault(where, f"{row['claim_id']}: paragraph {place} has another hash", remedy)]


def _tables(data_folder: Path) -> dict[str, pd.DataFrame]:
    found = {name: checked(name, data_folder) for name in claims.TABLES}
    faults = [fault for _, wrong in found.values() for fault in wrong]
    if faults:
        raise InputError(faults)
    return {name: frame.reset_index(drop=True) for name, (frame, _) in found.items()}


def _check_day(text: str) -> None:
    if not is_day(text):
        raise InputError([Fault("published", f"'{text}' is not a day", "write YYYY-MM-DD")])


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value or "" for name, value in row.items()} for row in csv.DictReader(file)]


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _append(changes: dict[Path, tuple[list[str], list[dict[str, str]]]]) -> None:
    """Add rows to several files: all new versions are written whole beside the old ones before the
    first is put in place.
    """
    texts = {}
    for path, (names, rows) in changes.items():
        added = io.StringIO()
        csv.DictWriter(added, names, restval="", lineterminator="\n").writerows(rows)
        old = path.read_text(encoding="utf-8")
        texts[path] = f"{old}{'' if old.endswith(chr(10)) else chr(10)}{added.getvalue()}"
    with _beside(texts) as drafts:
        for path, draft in drafts.items():
            draft.replace(path)


@contextmanager
def _beside(texts: dict[Path, str]) -> Iterator[dict[Path, Path]]:
    """Drafts next to their targets, taken away again if they were not put in place."""
    drafts = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, draft in drafts.items():
            draft.write_text(texts[path], encoding="utf-8", newline="")
        yield drafts
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    if not path.parent.is_dir():
        raise InputError([Fault(str(path), "the folder does not exist", "make it first")])
    files.write(path, text.encode())


def _plain(value: Any) -> Any:
    """Texts with invisible and direction-turning marks written out, all the way down."""
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return visible(value) if isinstance(value, str) else value
