"""Notebook 02 shows its method: what is changed in a cell moves everything after it, and its checks
notice a wrong step of the suite.
"""

import functools
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

import helpers.study
from tests.notebooks.cells import NOTEBOOKS, Run, run
from tests.tiers import representatives

FEW = {"draws": 512}
EXTREMES: dict[str, dict[str, Any]] = {
    "nobody_fits": {"more": {"street_width_m": 2.0}},
    "a_handful": {"models": ["integra_type_s"], "months_on_sale": 0.5},
    "count_only": {"top_down_weight_percent": 0.0},
    "precedents_only": {"top_down_weight_percent": 100.0, "programme_units": 1},
    "nobody_wants_it": {"lhd_demand_percent": 0.0, "right_hand_drive_models": []},
    "own_rows": {"more": {"share_percent.camry": 4.0, "survey_error_percent.all": 10.0}},
}


def cell(cell_id: str) -> str:
    notebook = nbformat.read(NOTEBOOKS / "02_import_volume.ipynb", as_version=4)
    return next(str(own.source) for own in notebook.cells if own.id == cell_id)


@pytest.fixture(scope="module")
def plain() -> Run:
    return run("02", **FEW)


def test_every_number_worked_out_in_the_open_is_the_study_s(plain: Run) -> None:
    assert plain.error is None
    checks = plain.tables["checks"]
    assert checks["csv"].count(",True\n") == len(checks["csv"].splitlines()) - 1 > 5
    study = plain.names["study"]
    assert study.replaced == ()
    kept = study.volume.headlines
    recorded = {name: result.value for (name, _), result in plain.results.items()}
    shared = set(kept) & set(recorded)
    assert len(shared) == 6
    assert {name: recorded[name] for name in shared} == pytest.approx(
        {name: kept[name] for name in shared}, rel=1e-9
    )


@pytest.mark.parametrize("name", representatives(list(EXTREMES), "nobody_fits"))
def test_both_books_agree_where_numbers_go_to_extremes(name: str) -> None:
    done = run("02", **FEW, **EXTREMES[name])
    assert done.error is None, done.error
    assert len(done.results) == 12


def test_another_pooling_rule_moves_figure_table_finding_and_headline(plain: Run) -> None:
    mixed = "return (1 - weight) * counted + weight * precedents"
    assert mixed in cell("pooling")
    higher = "return counted**weight * precedents**weight"
    other = run("02", {"pooling": cell("pooling").replace(mixed, higher)}, **FEW)
    assert other.error is None
    assert other.names["study"].replaced == ("pooling",)
    for name in ("volume_p50_units", "volume_probability_percent"):
        assert other.results[name, ""].value != plain.results[name, ""].value
        assert other.results[name, ""].sentence != plain.results[name, ""].sentence
    assert other.figures["curve"]["title"] != plain.figures["curve"]["title"]
    assert other.tables["other_views"]["csv"] != plain.tables["other_views"]["csv"]
    for name in ("curve", "outcomes"):
        assert other.figures[name]["csv"] != plain.figures[name]["csv"], name
    assert "replaced by the reader: pooling" in other.tables["checks"]["caption"]
    assert (
        other.results["volume_outside_p50_units", ""]
        == plain.results["volume_outside_p50_units", ""]
    )


def test_another_demand_moves_the_walk_the_drivers_and_the_decision(plain: Run) -> None:
    halved = cell("demand").replace("* network * ramp *", "* network * ramp / 2 *")
    assert halved != cell("demand")
    other = run("02", {"demand": halved}, **FEW)
    assert other.error is None
    assert other.names["study"].replaced == ("model_demand",)
    for name in ("volume_p50_units", "volume_inside_p50_units", "rhd_added_units"):
        assert other.results[name, ""].value < plain.results[name, ""].value
    for name in ("choices", "swings", "curve"):
        assert other.figures[name]["csv"] != plain.figures[name]["csv"], name
    for name in ("years", "coming", "decisions", "by_model", "walk"):
        assert other.tables[name]["csv"] != plain.tables[name]["csv"], name


@pytest.mark.parametrize("step", ["model_demand", "pooling"])
def test_a_wrong_step_of_the_suite_fails_the_checks(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own: Callable[..., Any] = helpers.study.STEPS[step]

    @functools.wraps(own)
    def wrong(*inputs: Any) -> Any:
        return own(*inputs) ** 1.01

    monkeypatch.setattr(helpers.study, "STEPS", helpers.study.STEPS.but(**{step: wrong}))
    done = run("02", **FEW)
    assert done.stopped_at == "checks"
    assert "differs between the lines above and the study" in str(done.error)


def test_a_method_changed_without_handing_it_over_is_refused() -> None:
    silent = cell("pooled-at").replace("sales.at_most(cars), w)", "sales.at_most(cars), 0.9 * w)")
    assert silent != cell("pooled-at")
    done = run("02", {"pooled-at": silent}, **FEW)
    assert done.stopped_at == "checks"
    assert "study.using" in str(done.error)
