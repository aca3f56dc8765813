"""Notebook 03: its method can be changed in a cell, and its Checks tell a wrong suite."""

from typing import Any

import pytest

from helpers import study
from helpers.errors import InputError
from helpers.fit.space import required_space
from tests.notebooks import cells

OWN = """
def required_space(car, allowances):
    return {
        "stall length": car.length_mm,
        "stall width": car.width_mm + 500,
        "getting out": car.width_mm,
        "street, alone": car.width_mm,
        "length at the wheel stop": car.length_mm,
        "opening a door": car.width_mm,
        "street, meeting a small car": car.width_mm,
    }


study = study.using(required_space=required_space)
fit = study.fit
"""


@pytest.fixture(scope="module")
def shipped() -> cells.Run:
    return cells.run("03")


def test_the_space_in_the_notebook_is_the_suites(shipped: cells.Run) -> None:
    assert shipped.error is None
    assert shipped.names["study"].replaced == ()


def test_an_own_space_moves_figure_table_finding_and_headline(shipped: cells.Run) -> None:
    mine = cells.run("03", {"space": OWN})
    assert mine.error is None
    assert mine.names["study"].replaced == ("required_space",)
    before, after = (own.results["models_that_fit", ""] for own in (shipped, mine))
    assert (before.value, after.value) == (0, 0)
    assert mine.results["fit_verdict", "camry"].value == "no"
    assert "is wider than the stall" in mine.results["fit_verdict", "camry"].sentence
    assert shipped.figures["stalls"]["title"].startswith("5 of 6 models can be parked")
    assert mine.figures["stalls"]["title"].startswith("None of 6 models can be parked")
    assert mine.tables["margins"]["csv"] != shipped.tables["margins"]["csv"]
    assert mine.tables["spare"]["csv"].count(",no,") == 6
    assert mine.text("spare-said") != shipped.text("spare-said")
    assert "required_space" in mine.tables["checks"]["caption"]


def test_a_wrong_space_of_the_suite_fails_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(car: Any, allowances: Any) -> dict[str, Any]:
        return required_space(car, allowances) | {"stall width": car.width_mm + 500}

    monkeypatch.setattr(study, "STEPS", study.STEPS.but(required_space=wrong))
    stopped = cells.run("03")
    assert isinstance(stopped.error, InputError)
    assert stopped.stopped_at == "checks"
