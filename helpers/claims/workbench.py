"""The way of an article into the audit and out of it: a copy becomes a draft, a draft is judged as
far as it is filled in, its complete claims go into the tables, and an article leaves them again.
"""

import datetime
import functools
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from helpers import claims
from helpers.claims.article import Article, check_published, paragraph_hash, read_article
from helpers.claims.audit import open_work
from helpers.claims.draft import Audited, Draft, Row, draft_text, is_draft, read_draft
from helpers.claims.files import (
    csv_rows,
    header,
    read_rows,
    replace_files,
    rows_without,
    tables_in,
)
from helpers.claims.lookup import EVIDENCE, entries_of_facts
from helpers.claims.registry import RULES
from helpers.claims.worth import Entry, reasons, sentences
from helpers.data import DATA, check_all
from helpers.errors import Fault, InputError, refusal
from helpers.files import near
from helpers.scenarios import Scenario
from helpers.texts import did_you_mean, passage

DRAFTS = "drafts"
ARTICLES, CLAIMS, LINKS = "claims/articles.csv", "claims/claims.csv", "claims/claim_evidence.csv"
SOURCES = "sources.csv"
_TABLES = {"articles": ARTICLES, "claims": CLAIMS, "evidence": EVIDENCE, "sources": SOURCES}
_BY_CLAIM = (CLAIMS, LINKS, "claims/judgements.csv", "claims/corrections.csv")
_BY_ARTICLE = (ARTICLES, "claims/paragraph_blocks.csv")


def read(
    path: Path,
    data_folder: Path = DATA,
    *,
    store: bool = False,
    outlet: str = "",
    url: str = "",
    published: str = "",
) -> str:
    """Read an article into a draft, or a draft into verdicts; with `store`, its complete claims
    into the tables. Returns what to tell.

    outlet, url and published (YYYY-MM-DD) go before what a page says of itself. Raises InputError
    for what cannot be read; nothing is written then.
    """
    if is_draft(path):
        return judge_draft(path, data_folder, store)
    if store:
        raise refusal(path.name, "is no draft", "read it first, then store its draft")
    if published:
        check_published(published, "--published")
    article = read_article(path)
    outlet, url = outlet or article.outlet, url or article.url
    published = published or article.published
    article = replace(article, outlet=outlet, url=url, published=published)
    return _new_draft(path, article, data_folder)


def _new_draft(path: Path, article: Article, data_folder: Path) -> str:
    folder = data_folder.parent / DRAFTS
    articles = read_rows(data_folder / ARTICLES)
    for row in articles:
        if row["sha256"] == article.sha256:
            what = f"is in the tables already, as {row['article_id']}"
            remedy = f"take it out first: reverse-imports claims remove {row['article_id']}"
            raise refusal(path.name, what, remedy)
    for kept in sorted(folder.glob("*.txt")) if folder.is_dir() else []:
        if kept.read_bytes() == article.text.encode():
            what = f"has a draft already: {near(kept.with_suffix('.yaml'))}"
            raise refusal(path.name, what, "complete that one, or delete it")
    article_id = _free_id(articles, folder)
    row = {
        "article_id": article_id,
        "file": f"{article_id}.txt",
        "outlet": article.outlet,
        "url": article.url,
        "published": article.published,
        "published_basis": "printed" if article.published else "",
        "origin_group": article_id.lower(),
        "reviewed_on": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    audited = [Entry(row["claim_id"], row["claim"]) for row in read_rows(data_folder / CLAIMS)]
    text = draft_text(article, row, audited, entries_of_facts(data_folder))
    folder.mkdir(exist_ok=True)
    replace_files({folder / f"{article_id}.txt": article.text, folder / f"{article_id}.yaml": text})
    return "\n".join(_told_of(path, article, near(folder / f"{article_id}.yaml"), row))


def _told_of(path: Path, article: Article, draft: Path, row: Mapping[str, str]) -> Iterator[str]:
    all_sentences = [
        sentence
        for paragraph in article.paragraphs
        for sentence in sentences(paragraph, article.language)
    ]
    worth = sum(bool(reasons(sentence)) for sentence in all_sentences)
    spoken = {"ja": "Japanese", "en": "English"}[article.language]
    yield (
        f"{path.name}: a {article.form} in {article.encoding}, {spoken}, "
        f"{len(article.paragraphs)} paragraphs, {len(all_sentences)} sentences, {worth} of them "
        "worth checking."
    )
    if article.marks:
        yield f"Left out: {article.marks} characters that cannot be seen or that turn the text."
    if article.dropped:
        shown = "; ".join(passage(line) for line in dict.fromkeys(article.dropped))
        yield f"Left out as running heads and page numbers: {shown[:200]}"
    missing = [name for name in ("outlet", "url", "published") if not row[name]]
    yield f"The draft is {draft}; its first lines say how to complete it."
    if missing:
        yield f"Not found in the copy: {', '.join(missing)}."


def _free_id(articles: Sequence[Mapping[str, str]], folder: Path) -> str:
    used = [row["article_id"] for row in articles]
    used += [path.stem for path in folder.glob("*.yaml")] if folder.is_dir() else []
    numbers = [int(name[1:]) for name in used if re.fullmatch(r"A[0-9]{1,9}", name)]
    return f"A{max(numbers, default=-1) + 1}"


def judge_draft(path: Path, data_folder: Path = DATA, store: bool = False) -> str:
    """What a draft comes to so far: a verdict for each complete claim, a line for each thing that
    is missing. With `store` the complete claims replace the article's rows in the tables.
    """
    columns = {name: header(data_folder / file) for name, file in _TABLES.items()}
    draft = read_draft(path, columns, _audited(data_folder))
    if not draft.claims:
        return f"{path.name}: no claim is written yet; write one into `claim` of its sentence."
    missing: list[str] = []
    incomplete: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="reverse-imports-draft-") as folder:
        trial = shutil.copytree(data_folder, Path(folder) / "data")
        while True:
            chosen = [row for row in draft.claims if row.get("claim_id") not in incomplete]
            added = _additions(draft, chosen, data_folder)
            _put(added, data_folder, trial)
            faults = check_all(trial)
            if not faults:
                try:
                    said = list(_verdicts(draft, trial))
                    break
                except InputError as refused:  # what a rule cannot judge
                    faults = list(refused.faults)
            lines, ids = _in_the_draft(draft, added, faults)
            missing += lines
            if not ids - incomplete:  # a fault of the article or a fact: no claim is complete
                chosen, said = [], []
                break
            incomplete |= ids
    count = f"{len(chosen)} of {len(draft.claims)} claims are complete."
    if store and chosen:
        _put(added, data_folder, data_folder)
        count += f" They are in the tables, as {draft.article_id}."
    elif chosen:
        count += f" reverse-imports claims read {path} --store writes them into the tables."
    return "\n".join([*dict.fromkeys(missing), *said, count])


def _audited(data_folder: Path) -> dict[str, Audited]:
    """The claims of the tables with the stances of their facts, by id."""
    stances: dict[str, dict[str, str]] = {}
    for link in read_rows(data_folder / LINKS):
        stances.setdefault(link["claim_id"], {})[link["evidence_id"]] = link["stance"]
    return {
        row["claim_id"]: Audited(row, stances.get(row["claim_id"], {}))
        for row in read_rows(data_folder / CLAIMS)
    }


@dataclass(frozen=True)
class _Additions:
    """What a draft brings: rows by file with the line of the draft each comes from, which rows of
    the tables go, and how many lines of each file stay.
    """

    rows: Mapping[str, list[tuple[dict[str, str], int]]]
    leaves: Callable[[str, Mapping[str, str]], bool]
    staying: Mapping[str, int]


def _additions(draft: Draft, chosen: Sequence[Row], data_folder: Path) -> _Additions:
    file = draft.article.get("file")
    text = (draft.path.parent / file).resolve()
    if not (file and text.is_file()):
        told = f"its text {file} is not beside it"
        raise refusal(draft.where, told, "read the article again")
    article, names = read_article(text), _fact_names(draft, data_folder)
    own = dict(draft.article.values) | {"sha256": article.sha256}
    rows: dict[str, list[tuple[dict[str, str], int]]] = {
        SOURCES: [(dict(row.values), row.line) for row in draft.sources],
        EVIDENCE: [
            (dict(row.values) | {"evidence_id": names[row.get("evidence_id")]}, row.line)
            for row in draft.facts
        ],
        ARTICLES: [(own, draft.article.line)],
        CLAIMS: [(_claim_row(row, draft, article), row.line) for row in chosen],
        LINKS: [
            (
                {
                    "claim_id": row.get("claim_id"),
                    "evidence_id": names.get(name, name),
                    "stance": stance,
                },
                row.line,
            )
            for row in chosen
            for name, stance in draft.stances[row.get("claim_id")].items()
        ],
    }
    keys = {EVIDENCE: "evidence_id", SOURCES: "source_id"}
    replaced = {file: {row.get(key) for row, _ in rows[file]} for file, key in keys.items()}

    def leaves(file: str, row: Mapping[str, str]) -> bool:
        if file in keys:
            return row[keys[file]] in replaced[file]
        return file in (ARTICLES, CLAIMS, LINKS) and _is_of(draft.article_id, row)

    staying = {
        file: 1 + sum(not leaves(file, row) for row in read_rows(data_folder / file))
        for file in rows
    }
    return _Additions(rows, leaves, staying)


def _is_of(article_id: str, row: Mapping[str, str]) -> bool:
    """Whether a row is one of an article, by its own id or that of its claim."""
    return (row.get("article_id") or row.get("claim_id", "").rpartition("-")[0]) == article_id


def _fact_names(draft: Draft, data_folder: Path) -> dict[str, str]:
    """The id in the table for every fact of a draft: its own where it has the form of one, that of
    an equal fact on record, else the next free one.
    """
    on_record = read_rows(data_folder / EVIDENCE)
    same = ("metric", "value", "period", "statement")
    equal = {tuple(row[name] for name in same): row["evidence_id"] for row in on_record}
    number = max(int(row["evidence_id"][1:]) for row in on_record)
    names = {}
    for row in draft.facts:
        name = row.get("evidence_id")
        kept = equal.get(tuple(row.get(column) for column in same))
        if kept is None:
            number += 1
            kept = f"E{number:03d}"
        names[name] = name if re.fullmatch(r"E\d{3,}", name) else kept
    return names


def _claim_row(row: Row, draft: Draft, article: Article) -> dict[str, str]:
    place = row.get("paragraph")
    inside = place.isdigit() and 1 <= int(place) <= len(article.paragraphs)
    rule = row.get("rule")
    forecast = row.get("claim_type") == "forecast"
    own = {
        "article_id": draft.article_id,
        "paragraph_sha12": paragraph_hash(article.paragraphs[int(place) - 1]) if inside else "",
        "modality": "planned" if forecast else "reported",
        "rule_args": "{}",
        "confidence": "medium",
    }
    given = dict(row.values)
    needs_value = rule in RULES and RULES[rule].value != "any"
    if not given.get("value") or not (given.get("unit") or needs_value):
        given |= {"value": "", "unit": ""}
    return own | given


def _in_the_draft(
    draft: Draft, added: _Additions, faults: Sequence[Fault]
) -> tuple[list[str], set[str]]:
    """Faults of the trial as lines about the draft, and the claims that have one. A fault of the
    article or a fact leaves no claim complete, and a line without a place in the draft neither.
    """
    told, ids = dict[str, None](), set[str]()
    for fault in faults:
        line, claim_id = _place_in_draft(added, fault.where)
        column = re.search(r"column (\w+)", fault.where)
        where = f"{draft.where} line {line}" if line else fault.where
        where += f", {column[1]}" if line and column else ""
        told[str(Fault(where, fault.what, fault.instead))] = None
        ids |= {claim_id} if claim_id else set()
    return list(told), ids


def _place_in_draft(added: _Additions, where: str) -> tuple[int, str]:
    match = re.match(r"data/([\w/]+\.csv)(?: line (\d+))?(?:,? row ([\w.-]+))?", where)
    if match is None:
        return 0, ""
    for place, (row, line) in enumerate(added.rows.get(match[1], []), 1):
        named = match[3] and match[3] in (row.get("claim_id"), row.get("evidence_id"))
        counted = match[2] and int(match[2]) == added.staying[match[1]] + place
        if named or counted:
            return line, row.get("claim_id", "")
    return 0, ""


def _verdicts(draft: Draft, trial: Path) -> Iterator[str]:
    tables = tables_in(trial)
    settings = Scenario().of(claims.ClaimInputs)
    lines = {row.get("claim_id"): row.line for row in draft.claims}
    for verdict in claims.audit(tables, settings).verdicts:
        name = verdict.claim.claim_id
        if name not in lines:
            continue
        then, now = (side.label.replace("_", " ") for side in (verdict.then, verdict.now))
        when = then if then == now else f"{then} at publication, {now} today"
        yield f"{name} (line {lines[name]}): {when}. {passage(verdict.now.explanation)}"
        yield f"  article: {passage(draft.texts[name])}"
        yield f"  claim:   {passage(verdict.claim.text)}"
    yield from (line for line in open_work(tables, settings) if line.partition(":")[0] in lines)


def _put(added: _Additions, data_folder: Path, target: Path) -> None:
    """Write the tables of a folder with the additions into another, or into the same."""
    texts = {}
    for file, rows in added.rows.items():
        path = data_folder / file
        staying = rows_without(path, functools.partial(added.leaves, file))
        texts[target / file] = staying + csv_rows(header(path), [row for row, _ in rows])
    replace_files(texts)


def remove(article_id: str, data_folder: Path = DATA) -> str:
    """Take an article out of the tables: its row, its claims and all that hangs on them. Facts and
    sources stay. Returns what to tell. Raises InputError for an article that is not there.
    """
    known = [row["article_id"] for row in read_rows(data_folder / ARTICLES)]
    if article_id not in known:
        otherwise = f"the tables hold {', '.join(known) or 'no article'}"
        instead = did_you_mean(article_id, known, otherwise)
        raise refusal(article_id, "there is no such article", instead)
    gone: dict[str, Callable[[Mapping[str, str]], bool]] = {
        file: lambda row: _is_of(article_id, row) for file in (*_BY_CLAIM, *_BY_ARTICLE)
    }
    gone["claims/provenance.csv"] = lambda row: article_id in (row["child"], row["parent"])
    gone["claims/contradictions.csv"] = lambda row: article_id in row["article_ids"].split(";")
    texts: dict[Path, str] = {}
    told: list[str] = []
    for file, leaves in gone.items():
        path = data_folder / file
        count = sum(map(leaves, read_rows(path)))
        if count:
            texts[path] = rows_without(path, leaves)
            told.append(f"{count} of {path.name}")
    replace_files(texts)
    return f"{article_id} is out of the tables; rows gone: {', '.join(told)}."
