"""Notebook 01: its methods can be changed in a cell, and its Checks tell a wrong suite."""

from collections.abc import Callable
from typing import Any

import pytest

from helpers import study
from helpers.errors import InputError
from helpers.trade.effect import net_effect
from helpers.trade.market import duty_incidence
from tests.notebooks import cells

NO_PARTS = """
def net_effect(value, parts_share, backfill_share, japan_value):
    return value - backfill_share * japan_value


study = study.using(net_effect=net_effect)
"""
BUYERS_PAY = """
def duty_incidence(market, duty):
    return 0 * duty, -2 * duty
"""


@pytest.fixture(scope="module")
def shipped() -> cells.Run:
    return cells.run("01")


def test_the_steps_in_the_notebook_are_the_suites(shipped: cells.Run) -> None:
    assert shipped.error is None
    assert shipped.names["study"].replaced == ()


def test_another_net_effect_moves_figure_table_finding_and_headline(shipped: cells.Run) -> None:
    mine = cells.run("01", {"net-effect": NO_PARTS})
    assert mine.error is None
    assert mine.results["programme_net_usd_mn", ""].value == 800
    assert "shrink the gap by $800 m" in mine.text("one-car-said")
    closing = "units_to_close_net", ""
    assert mine.results[closing].value < shipped.results[closing].value
    for table in ("lenses", "closing", "closing_grid"):
        assert mine.tables[table]["csv"] != shipped.tables[table]["csv"]
    assert mine.figures["closing_curve"]["csv"] != shipped.figures["closing_curve"]["csv"]
    assert "net_effect" in mine.tables["checks"]["caption"]


def test_another_incidence_moves_table_finding_and_headline(shipped: cells.Run) -> None:
    mine = cells.run("01", {"duty-incidence": BUYERS_PAY})
    assert mine.error is None
    assert mine.results["duty_absorbed_percent", ""].value == 0
    assert "lowers their export price by 0.0 %" in mine.text("duty-read")
    for table in ("outcomes", "by_origin"):
        assert mine.tables[table]["csv"] != shipped.tables[table]["csv"]
    assert "duty_incidence" in mine.tables["checks"]["caption"]


def no_parts(value: Any, parts_share: Any, backfill_share: Any, japan_value: Any) -> Any:
    return net_effect(value, 0 * parts_share, backfill_share, japan_value)


def half_the_duty(market: Any, duty: Any) -> Any:
    return duty_incidence(market, duty / 2)


@pytest.mark.parametrize(
    ("name", "wrong"), [("net_effect", no_parts), ("duty_incidence", half_the_duty)]
)
def test_a_wrong_step_of_the_suite_fails_the_checks(
    name: str, wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study, "STEPS", study.STEPS.but(**{name: wrong}))
    stopped = cells.run("01")
    assert isinstance(stopped.error, InputError)
    assert stopped.stopped_at == "checks"
