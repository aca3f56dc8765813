"""A new article leaves every test green: the way of CONTRIBUTING, in a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers import PROJECT_ROOT
from helpers.claims import workbench

PAGE = """<html><head><title>Cars</title><meta property="og:site_name" content="A Paper">
<link rel="canonical" href="https://example.org/a">
<meta property="article:published_time" content="2026-11-20"></head><body><article>
<h1>A headline about cars</h1>
<p>Japan shipped three million vehicles to the United States in 2024.</p>
<p>A car from Japan paid 27.5 percent from 3 April 2025.</p>
<p>Toyota has said that it aims to sell such cars in Japan.</p>
<p>The negotiator made ten trips to Washington.</p></article></body></html>"""
FILLED: dict[str, dict[str, Any]] = {
    "A car from Japan paid 27.5 percent from 3 April 2025.": {
        "claim": "A car from Japan paid 27.5% from 3 April 2025",
        "rule": "tariff_total",
        "rule_args": {"goods": "cars_from_japan", "on": "2025-04-03"},
        "tolerance_kind": "exact",
    },
    "Japan shipped three million vehicles to the United States in 2024.": {
        "claim": "Japan shipped three million vehicles to the US in 2024",
        "claim_type": "numeric",
        "value": "3000000",
        "unit": "units",
        "rule": "within",
        "rule_args": {"facts": ["trade.jp_us_vehicle_units@2024"]},
        "tolerance_kind": "plain",
        "evidence": {"E047": "refutes"},
    },
}
FILLED |= {
    "Toyota has said that it aims to sell such cars in Japan.": {
        "claim": "Toyota has said that it aims to sell such cars in Japan",
        "claim_type": "factual",
        "rule": "modality_at",
        "rule_args": {"event": "toyota_plan", "rung": "aims", "at_least": True},
    },
    "The negotiator made ten trips to Washington.": {
        "claim": "The negotiator made ten trips to Washington",
        "claim_type": "numeric",
        "value": "10",
        "unit": "trips",
        "rule": "within",
        "rule_args": {"facts": ["talks.us_japan_round"]},
        "tolerance_kind": "exact",
    },
}
TRIED = (
    "tests/claims/test_golden.py",
    "tests/claims/test_tables.py",
    "tests/claims/test_comparison.py",
    "tests/claims/test_mutations.py",
    "tests/claims/test_sentences.py",
    "tests/data/test_claim_tables.py",
    "tests/data/test_values.py",
)

# Of the tests that change each claim, those of the new article.
OWN_MUTATIONS = "not test_mutations or A5"


@pytest.mark.slow
@pytest.mark.timeout(900)  # it runs other tests
def test_a_new_article_leaves_the_tests_of_the_tables_green(tmp_path: Path) -> None:
    """A true and a false claim go in; the tests that read the shipped tables pass as before."""
    copy = tmp_path / "project"
    for name in ("helpers", "tests", "data", "notebooks", "docs"):
        shutil.copytree(
            PROJECT_ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT_ROOT / "pyproject.toml", copy)
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    workbench.read(page, copy / "data")
    (draft,) = (copy / "drafts").glob("*.yaml")
    content = yaml.safe_load(draft.read_text(encoding="utf-8"))
    for sentence in content["sentences"]:
        sentence |= FILLED.get(sentence["text"], {})
    draft.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    told = workbench.read(draft, copy / "data", store=True)
    assert "They are in the tables" in told
    assert "contradicted" in told
    assert "The claim names no period; the latest fact on record is of 26 June 2025" in told
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", *TRIED, "-k", OWN_MUTATIONS],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
