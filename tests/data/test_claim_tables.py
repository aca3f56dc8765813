"""The tables of the claim audit: places in the articles, links, and no use of facts before their
day.
"""

import hashlib
import json
from pathlib import Path

import pytest

from helpers import PROJECT_ROOT
from helpers.claims.registry import RULES
from helpers.claims.shared import ROW_TABLES, read_shared
from helpers.data import DATA, check_all, load
from helpers.data.checking import checked
from helpers.data.descriptor import read_package
from helpers.errors import InputError

ARTICLES = PROJECT_ROOT.parent / "shared" / "articles"
TEXTS = sorted(ARTICLES.glob("*.txt")) if ARTICLES.is_dir() else []


def test_arguments_are_objects_and_name_known_metrics() -> None:
    metrics = set(load("evidence")["metric"])
    unsettled = {"rhd_rd_programme"}  # a forecast about it waits for its first report
    for row in load("claims").itertuples():
        arguments = json.loads(row.rule_args)
        assert isinstance(arguments, dict)
        if "event" in arguments:
            assert f"event.{arguments['event']}" in metrics or arguments["rung"] == "none", (
                row.claim_id
            )
        for event in arguments.get("events", ()):
            assert f"event.{event}" in metrics or event in unsettled, row.claim_id


def test_check_and_audit_know_the_same_rules_and_shared_tables() -> None:
    columns = {
        (table.name, column.name): column
        for table in read_package(DATA).values()
        for column in table.columns
    }
    assert set(columns["claims", "rule"].enum) == set(RULES)
    assert set(columns["shared_values", "table"].enum) == set(ROW_TABLES)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("first_year=2012", 0),
        ("first_year=2024", 1),
        ("first_year=2012.0", 1),
        ("last_year=", 1),
        ("precedent_id=cavalier", 0),
    ],
)
def test_check_and_audit_judge_a_shared_row_alike(package: Path, row: str, told: int) -> None:
    path = package / "claims" / "shared_values.csv"
    (line,) = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("E077,")
    ]
    path.write_text(
        path.read_text(encoding="utf-8").replace(line, f"E077,precedents,{row},program,,,"),
        encoding="utf-8",
    )
    faults = [fault for fault in check_all(package) if ", column row" in fault.where]
    tables = {
        name: checked(name, package)[0] for name in ("evidence", "shared_values", *ROW_TABLES)
    }
    try:
        read_shared(tables)
        refused = 0
    except InputError as error:
        refused = len(error.faults)
    assert len(faults) == refused == told


def test_a_fact_known_before_its_first_source_is_a_fault_with_its_line(package: Path) -> None:
    """The day of the row is held against the days of the sources it cites."""
    path = package / "claims" / "evidence.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            ",S01,2025-12-19,official\nE002", ",S01,2025-12-18,official\nE002"
        ),
        encoding="utf-8",
    )
    (fault,) = map(str, check_all(package))
    assert "evidence.csv line 2, column known_from: 2025-12-18 is before every source" in fault
    assert "write 2025-12-19" in fault


def test_the_articles_are_told_apart_by_their_hash() -> None:
    articles = load("articles")
    assert articles["sha256"].is_unique
    assert (articles["file"].map(lambda name: Path(name).name) == articles["file"]).all()


@pytest.mark.skipif(
    not TEXTS,
    reason=(
        "the article texts are not part of the repository; they are checked where they lie "
        "beside it"
    ),
)
def test_places_in_the_articles() -> None:
    """Each claim's paragraph is the non-empty line of that number, by the first 12 digits of its
    SHA-256.
    """
    articles = load("articles")
    lines: dict[str, list[str]] = {}
    for row in articles.itertuples():
        if not (ARTICLES / row.file).is_file():
            continue  # an article whose text lies elsewhere
        content = (ARTICLES / row.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.sha256
        lines[row.article_id] = [
            line.strip() for line in content.decode("utf-8").splitlines() if line.strip()
        ]
    wrong = [
        row.claim_id
        for row in load("claims").itertuples()
        if row.article_id in lines
        and hashlib.sha256(lines[row.article_id][row.paragraph - 1].encode()).hexdigest()[:12]
        != row.paragraph_sha12
    ]
    assert wrong == []


@pytest.mark.skipif(
    not TEXTS,
    reason=(
        "the article texts are not part of the repository; they are checked where they lie "
        "beside it"
    ),
)
def test_no_article_text_in_the_package() -> None:
    """No run of 12 words of an article stands in any table or guide."""
    words = 12
    runs: set[tuple[str, ...]] = set()
    for path in TEXTS:
        tokens = path.read_text(encoding="utf-8").lower().split()
        runs |= {tuple(tokens[start : start + words]) for start in range(len(tokens) - words + 1)}
    copied = []
    for path in [*(PROJECT_ROOT / "data").rglob("*.csv"), *(PROJECT_ROOT / "data").rglob("*.md")]:
        tokens = (
            path.read_text(encoding="utf-8").lower().replace(",", " , ").replace('"', " ").split()
        )
        plain = [token for token in tokens if token != ","]
        copied += [
            (path.name, " ".join(run))
            for start in range(len(plain) - words + 1)
            if (run := tuple(plain[start : start + words])) in runs
        ]
    assert copied == []
