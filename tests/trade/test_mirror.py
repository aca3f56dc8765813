"""Mirror statistics: the published pairs, the ladder that leads from one figure to the other."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import PROJECT_ROOT
from helpers.quantities import Quantity
from helpers.study import Study
from helpers.trade import mirror

GOLDEN = json.loads((PROJECT_ROOT / "tests" / "golden" / "trade.json").read_text(encoding="utf-8"))
TRADE = Study.of().trade


def ladder(margin_percent: float = 6.0) -> mirror.Mirror:
    return mirror.mirror(TRADE.mirror_facts, Quantity(margin_percent, "%"))


def unexplained(exports: float, margin: float, imports: float) -> float:
    facts = TRADE.mirror_facts.but(customs_value=exports, cif_value=imports)
    return float(mirror.mirror(facts, Quantity(margin, "%")).unexplained_cif.value)


def test_worked_example() -> None:
    assert unexplained(100, 6, 112) == pytest.approx(
        GOLDEN["worked_examples"]["mirror_unexplained_100_6_112"], abs=1e-3
    )
    assert unexplained(100, 6, 106) == pytest.approx(0)


def test_published_pairs() -> None:
    pairs = TRADE.pairs.set_index("year")
    for year, percent in GOLDEN["mirror_pairs"]["difference_percent"].items():
        assert pairs.loc[int(year), "difference_percent"] == pytest.approx(percent, abs=0.06)
    assert pairs.loc[2024, "exports_usd_mn"] == pytest.approx(39_788, abs=1)


def test_the_steps_lead_from_the_first_figure_to_the_last() -> None:
    for margin in (0.0, 2.0, 6.0, 30.0):
        rungs = ladder(margin).rungs
        reached = rungs[0].value.value
        for rung in rungs[1:]:
            if rung.kind != "observed":
                reached += rung.change.value
            assert rung.value.value == pytest.approx(reached)
        assert rungs[-1].value.value == pytest.approx(40_826)


def margin_seen(found: mirror.Mirror) -> float:
    """CIF value over customs value, percent: what freight and insurance seem to cost."""
    customs, cif = (
        rung.value.value for rung in found.rungs if rung.label.startswith("US: imports")
    )
    return 100 * (cif / customs - 1)


def test_published_figures_are_rungs_and_residuals_stay_residuals() -> None:
    found = ladder()
    assert [round(rung.value.value) for rung in found.rungs if rung.kind == "observed"] == [
        39_788,
        39_933,
        40_826,
    ]
    assert sum(rung.kind == "unexplained" for rung in found.rungs) == 2
    assert round(margin_seen(found), 1) == GOLDEN["mirror_pairs"]["cif_over_customs_percent"]
    assert abs(found.unexplained.value) > 0.1
    assert all(rung.value.source_ids for rung in found.rungs)


def test_the_margin_seen_leaves_nothing_unexplained() -> None:
    assert ladder(margin_seen(ladder())).unexplained_cif.value == pytest.approx(0)


@given(st.floats(0, 29), st.floats(0.1, 1))
@settings(max_examples=50, deadline=None)
def test_a_higher_margin_expects_more(margin: float, more: float) -> None:
    assert unexplained(100, margin + more, 100) < unexplained(100, margin, 100)


def test_trucks_are_those_of_the_year_of_the_ladder() -> None:
    share = TRADE.mirror_facts.truck_share
    assert share.period == "2024-04/2024-09"
    assert round(share.value, 2) == 2.70
    cars = next(rung.value for rung in ladder().rungs if rung.label.startswith("Scope"))
    assert cars.value == pytest.approx(38_965, abs=10)
    assert ladder().unexplained.value == pytest.approx(2.48, abs=0.03)
