"""Files of the claim audit: verdicts become CSV and JSON-LD, hashes are held against the texts."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import claims, files
from helpers.claims.article import paragraph_hash
from helpers.claims.audit import open_work
from helpers.claims.review import claim_reviews, verdict_rows
from helpers.data import DATA
from helpers.data.checking import checked
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios import Scenario
from helpers.texts import csv_text, visible

_ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s<>\"'\\`#?]*")


def export(
    path: Path,
    data_folder: Path = DATA,
    inputs: claims.ClaimInputs | None = None,
    *,
    base_url: str = "",
) -> str:
    """Write the verdicts in the form the file's ending asks for. Returns what to tell.

    `.csv`: one row a claim. `.jsonld`: rated verdicts as schema.org ClaimReview, an index and
    beside it one file an article, for reports that stand at `base_url`. Raises InputError for
    another ending and for an address that is none.
    """
    forms: dict[str, Callable[[], str]] = {
        ".csv": lambda: _export_rows(path, data_folder, inputs),
        ".jsonld": lambda: _export_reviews(path, data_folder, inputs, base_url),
    }
    form = forms.get(path.suffix.lower())
    if form is None:
        instead = f"write a name that ends in {' or '.join(forms)}"
        raise refusal(path.name, "the ending says no form", instead)
    if not path.parent.is_dir():
        raise refusal(str(path), "the folder does not exist", "make it first")
    return form()


def _export_rows(path: Path, data_folder: Path, inputs: claims.ClaimInputs | None) -> str:
    rows = verdict_rows(claims.audit(tables_in(data_folder), _settings(inputs)))
    files.write(path, csv_text(rows).encode())
    return f"{len(rows)} verdicts are in {path.name}."


def _export_reviews(
    path: Path, data_folder: Path, inputs: claims.ClaimInputs | None, base_url: str
) -> str:
    if not _ADDRESS.fullmatch(base_url):
        what = f"'{base_url}' is no address" if base_url else "is missing"
        instead = "give the one at which the reports will stand, such as https://example.org/audit"
        raise refusal("--base-url", what, instead)
    tables = tables_in(data_folder)
    audit = claims.audit(tables, _settings(inputs))
    documents = claim_reviews(audit, tables, base_url, path.stem)
    replace_files({path.parent / name: json_text(part) for name, part in documents.items()})
    count = sum(len(part.get("dataFeedElement", ())) for part in documents.values())
    return (
        f"{count} reviews are in {len(documents) - 1} files beside {path.name}, which lists them. "
        f"{len(audit.verdicts) - count} claims have a verdict without a rating and are left out."
    )


def _settings(inputs: claims.ClaimInputs | None) -> claims.ClaimInputs:
    """The settings given, else those of the base scenario."""
    return inputs or Scenario().of(claims.ClaimInputs)


def json_text(document: dict[str, Any]) -> str:
    """The document as JSON that may stand in a page: no tag, no invisible mark."""
    text = json.dumps(_plain(document), ensure_ascii=False, indent=1, allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026") + "\n"


def verify_paragraphs(folder: Path, data_folder: Path = DATA) -> str:
    """Hold the recorded hashes against the texts in a folder. Returns a message; raises InputError
    naming every hash that differs.

    Texts that are not in the folder are named as not checked. Raises InputError when none is.
    """
    rows = list(enumerate(read_rows(data_folder / "claims" / "claims.csv"), 2))
    faults, seen, absent, checked = list[Fault](), list[str](), list[str](), 0
    for article in read_rows(data_folder / "claims" / "articles.csv"):
        path, name = folder / article["file"], article["article_id"]
        if not path.is_file():
            absent.append(name)
            continue
        seen.append(name)
        if hashlib.sha256(path.read_bytes()).hexdigest() != article["sha256"]:
            what = f"{name}: the file {path.name} has another hash"
            faults.append(Fault("data/claims/articles.csv, column sha256", what))
        hashes = [paragraph_hash(paragraph) for paragraph in numbered_paragraphs(path)]
        own = [(line, row) for line, row in rows if row["article_id"] == name]
        checked += len(own)
        faults += [fault for line, row in own for fault in _paragraph_faults(line, row, hashes)]
    if not seen:
        what = "holds none of the texts that articles.csv names"
        raise refusal(str(folder), what, "give the folder with the texts")
    if faults:
        raise InputError(faults)
    rest = f"; not checked, no text: {', '.join(absent)}" if absent else ""
    return f"{checked} claims of {', '.join(seen)} stand in the paragraphs recorded{rest}."


def missing_evidence(data_folder: Path = DATA) -> list[str]:
    """One line a claim that waits for evidence. Raises InputError for unsound tables."""
    return open_work(tables_in(data_folder), _settings(None))


def numbered_paragraphs(path: Path) -> tuple[str, ...]:
    """The paragraphs of a text file that was read into the audit: its non-empty lines, stripped.
    Raises InputError for a file that is not UTF-8.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        told = f"byte {error.start} is not UTF-8"
        raise refusal(path.name, told, "give the text that was read") from None
    return tuple(filter(None, map(str.strip, lines)))


def _paragraph_faults(line: int, row: dict[str, str], paragraphs: list[str]) -> list[Fault]:
    where = f"data/claims/claims.csv line {line}, column paragraph_sha12"
    place = int(row["paragraph"]) if row["paragraph"].isdecimal() else 0
    if not 1 <= place <= len(paragraphs):
        what = f"{row['claim_id']}: the text has no paragraph {row['paragraph']}"
        return [Fault(where, what, f"it has {len(paragraphs)}")]
    recorded = row["paragraph_sha12"]
    if paragraphs[place - 1] == recorded:
        return []
    elsewhere = [str(number) for number, digest in enumerate(paragraphs, 1) if digest == recorded]
    remedy = (
        f"the hash is that of paragraph {', '.join(elsewhere)}"
        if elsewhere
        else f"the text has {paragraphs[place - 1]} there"
    )
    return [Fault(where, f"{row['claim_id']}: paragraph {place} has another hash", remedy)]


def tables_in(data_folder: Path) -> dict[str, pd.DataFrame]:
    """The checked tables of the audit. Raises InputError with every fault."""
    checked_tables = {name: checked(name, data_folder) for name in claims.TABLES}
    faults = [fault for _, wrong in checked_tables.values() for fault in wrong]
    if faults:
        raise InputError(faults)
    return {name: frame.reset_index(drop=True) for name, (frame, _) in checked_tables.items()}


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table's file as texts, unchecked."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: value or "" for name, value in row.items()} for row in csv.DictReader(file)]


def rows_without(path: Path, leaves: Callable[[Mapping[str, str]], bool]) -> str:
    """The text of a table less the rows that leave; all other lines as they stand."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    names = next(csv.reader(lines[:1]))
    kept = [
        line if line.endswith("\n") else f"{line}\n"
        for line in lines[1:]
        if not leaves(dict(zip(names, next(csv.reader([line])), strict=False)))
    ]
    return "".join([lines[0], *kept])


def csv_rows(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as lines of a table with these columns."""
    written = io.StringIO()
    csv.DictWriter(
        written, names, restval="", extrasaction="ignore", lineterminator="\n"
    ).writerows(rows)
    return written.getvalue()


def header(path: Path) -> list[str]:
    """The columns of a table's file."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def replace_files(texts: Mapping[Path, str]) -> None:
    """Write several files: all stand whole beside the old ones before one is put in place."""
    drafts = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, draft in drafts.items():
            draft.write_text(texts[path], encoding="utf-8", newline="")
        for path, draft in drafts.items():
            draft.replace(path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    """Texts with invisible and direction-turning marks written out, all the way down."""
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return visible(value) if isinstance(value, str) else value
