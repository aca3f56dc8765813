"""Notebook 05: its method can be changed in a cell, and its Checks tell a wrong suite."""

import dataclasses
import datetime

import pytest

from helpers import study
from helpers.claims.audit import claim_rule
from helpers.claims.claim import Claim, Finding
from helpers.claims.evidence import Facts
from helpers.errors import InputError
from tests.notebooks import cells

STRICTER = """
def claim_rule(claim, facts, day):
    finding = RULES[claim.rule].rule(claim, claim.args, facts, day)
    middle = finding.label == "mostly_supported"
    return dataclasses.replace(finding, label="unsupported") if middle else finding


study = study.using(claim_rule=claim_rule)
audit = study.claims.audit
"""


@pytest.fixture(scope="module")
def shipped() -> cells.Run:
    return cells.run("05")


def test_the_rule_in_the_notebook_is_the_suites(shipped: cells.Run) -> None:
    assert shipped.error is None
    assert shipped.names["study"].replaced == ()


def test_an_own_rule_moves_figure_table_finding_and_headline(shipped: cells.Run) -> None:
    mine = cells.run("05", {"rule": STRICTER})
    assert mine.error is None
    assert mine.names["study"].replaced == ("claim_rule",)
    before, after = (own.results["claims_mostly_supported", ""] for own in (shipped, mine))
    assert before.value > 0
    assert after.value == 0
    for own in ("labels", "by_type"):
        assert mine.tables[own]["csv"] != shipped.tables[own]["csv"]
    assert mine.figures["tiles"]["csv"] != shipped.figures["tiles"]["csv"]
    assert "claim_rule" in mine.tables["checks"]["caption"]


def test_a_wrong_rule_of_the_suite_fails_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(claim: Claim, facts: Facts, day: datetime.date) -> Finding:
        return dataclasses.replace(claim_rule(claim, facts, day), label="contradicted")

    monkeypatch.setattr(study, "STEPS", study.STEPS.but(claim_rule=wrong))
    stopped = cells.run("05")
    assert isinstance(stopped.error, InputError)
    assert stopped.stopped_at == "checks"
