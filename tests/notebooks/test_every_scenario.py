"""What must hold between notebooks and over all scenarios, read from what is stored and from a real
batch of all of them.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.batch import Options, plan, run, varied
from helpers.results import collect
from helpers.scenarios import (
    NOTEBOOKS,
    NamedScenario,
    Parameter,
    load_scenario,
    load_scenarios,
    parameters,
)
from tests.tiers import representatives

pytestmark = pytest.mark.timeout(900)
STORED = PROJECT_ROOT / "notebooks"
OTHER_DAY = {"tariff_date": "2025-05-01", "as_of_date": "2025-11-15"}


def batch(scenarios: list[NamedScenario], names: tuple[str, ...], folder: Path) -> pd.DataFrame:
    """Every recorded result: scenario, notebook, name, value, quality and the rest. Fails when a
    run fails.
    """
    summary = run(plan(names, scenarios, Options(output=folder, html=False)))
    assert summary.exit_code == 0, summary.lines()
    return pd.read_csv(folder / "results.csv", keep_default_na=False)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return batch(load_scenarios(), NOTEBOOKS, tmp_path_factory.mktemp("every_scenario"))


def value(results: pd.DataFrame, scenario: str, name: str) -> float:
    rows = results[(results["scenario"] == scenario) & (results["name"] == name)]
    return float(rows["value"].iloc[0])


@pytest.mark.slow
def test_every_notebook_ran_under_every_scenario(results: pd.DataFrame) -> None:
    pairs = set(zip(results["scenario"], results["notebook"], strict=True))
    assert pairs == {(one.name, name) for one in load_scenarios() for name in NOTEBOOKS}


def test_the_stored_brief_says_what_the_stored_notebooks_say() -> None:
    stored = {
        name: {
            (own.name, own.subject): own
            for own in collect(nbformat.read(STORED / f"{name}.ipynb", as_version=4))
        }
        for name in NOTEBOOKS
    }
    brief = stored.pop("00_brief")
    shared = [
        (brief[name], others[name])
        for others in stored.values()
        for name in brief.keys() & others.keys()
    ]
    assert len(shared) >= 5
    for in_brief, there in shared:
        assert in_brief.model_copy(update={"source_ids": there.source_ids}) == there


@pytest.mark.slow
def test_the_brief_says_what_the_notebooks_say(results: pd.DataFrame) -> None:
    brief = results[results["notebook"] == "00_brief"]
    others = results[results["notebook"] != "00_brief"]
    shared = brief.merge(others, on=["scenario", "name", "subject"], suffixes=("", "_there"))
    assert shared.groupby("scenario")["name"].nunique().min() >= 5
    for column in ("value", "text", "unit", "quality", "low", "high", "sentence"):
        differing = shared[shared[column] != shared[f"{column}_there"]]
        assert differing.empty, differing[["scenario", "name", column, f"{column}_there"]]


@pytest.mark.slow
def test_every_result_has_unit_quality_and_sources(results: pd.DataFrame) -> None:
    assert (results["source_ids"] != "").all()
    assert (results["sentence"].str.len() > 20).all()
    unverified = results[results["quality"] == "unverified"]
    elsewhere = unverified[unverified["notebook"] != "03_vehicle_fit"]
    assert elsewhere["sentence"].str.contains("has no source").all(), (
        "only results on unsourced dimensions, and they say so"
    )
    assert not unverified["name"].str.startswith("models_that").any()
    assert set(unverified.loc[unverified["name"].str.startswith("fit_verdict"), "text"]) <= {
        "not computed"
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "lower", "higher"),
    [
        ("sticker_jpy", "base", "weak_yen"),
        ("sticker_jpy", "weak_yen", "very_weak_yen"),
        ("sticker_jpy", "strong_yen", "base"),
        ("sticker_jpy", "base", "freight_high"),
        ("sticker_jpy", "base", "certification_full"),
        ("volume_inside_p50_units", "weak_yen", "base"),
        ("volume_inside_p50_units", "base", "strong_yen"),
        ("volume_inside_p50_units", "lhd_only", "base"),
        ("volume_inside_p50_units", "base", "rhd_offered"),
        ("volume_inside_p50_units", "toyota_only", "base"),
        ("volume_inside_p50_units", "base", "all_makers"),
        ("volume_inside_p50_units", "highlander_rhd_only", "base"),
        ("volume_probability_percent", "volume_50k", "base"),
        ("volume_probability_percent", "base", "volume_10k"),
        ("break_even_probability_percent", "base", "tariff_25"),
        ("programme_share_of_flow_percent", "base", "volume_50k"),
    ],
)
def test_results_move_the_way_they_must(
    results: pd.DataFrame, name: str, lower: str, higher: str
) -> None:
    assert value(results, lower, name) <= value(results, higher, name)


@pytest.mark.slow
def test_two_and_a_half_times_the_cars_have_two_and_a_half_times_the_effect(
    results: pd.DataFrame,
) -> None:
    name = "programme_value_usd_mn"
    assert value(results, "volume_50k", name) == pytest.approx(2.5 * value(results, "base", name))
    assert value(results, "volume_10k", name) == pytest.approx(0.5 * value(results, "base", name))


OF_ONES_OWN: dict[str, Any] = {
    "cars": ["jp_nbox"],
    "own_cars": [{"vehicle_id": "mine", "length_mm": 4_400, "width_mm": 1_750}],
    "own_place": {
        "name": "Town",
        "width_basis": "total",
        "bands": [{"from_m": 0, "to_m": 5, "length_km": 9}, {"from_m": 5, "length_km": 1}],
    },
}


def other_values(one: Parameter) -> list[Any]:
    """Values other than the default that the parameter may take, a moderate one first."""
    if one.name in OTHER_DAY:
        return [OTHER_DAY[one.name]]
    if one.name in OF_ONES_OWN:
        return [OF_ONES_OWN[one.name]]
    if one.type == "bool":
        return [not one.default]
    if one.type == "str":
        return [choice for choice in one.choices if choice != one.default]
    if one.type == "list":
        return [one.default[1:], list(one.choices)]
    assert one.lowest is not None
    assert one.highest is not None
    kind = int if one.type == "int" else float
    wanted = one.default * 1.6 if one.default else one.lowest + (one.highest - one.lowest) / 4
    moderate = [kind(round(wanted, 6))] if one.lowest <= wanted <= one.highest else []
    return [
        value for value in (*moderate, kind(one.lowest), kind(one.highest)) if value != one.default
    ]


def told(scenarios: list[NamedScenario], notebook: str, folder: Path) -> dict[str, list[str]]:
    """What a notebook says of each scenario: every result with its bounds and its sentence."""
    rows = batch(scenarios, (notebook,), folder)
    rows["said"] = (
        rows[["name", "value", "text", "low", "high", "sentence"]].astype(str).agg("|".join, axis=1)
    )
    return {str(name): sorted(group) for name, group in rows.groupby("scenario")["said"]}


def without_effect(
    notebook: str, start: str, choose: slice, names: set[str], folder: Path
) -> set[str]:
    """The parameters that move no result when only they take one of the chosen values, from a
    shipped scenario on.
    """
    base = load_scenario(start)
    scenarios, owner = [base], {}
    for one in parameters(notebook):
        for number, other in enumerate(other_values(one)[choose] if one.name in names else []):
            name = f"{one.name}_{number}"
            scenarios.append(replace(varied(base, {one.name: other}), name=name))
            owner[name] = one.name
    said = told(scenarios, notebook, folder)
    return names - {owner[name] for name in owner if said[name] != said[start]}


@pytest.mark.parametrize("notebook", representatives(NOTEBOOKS, "05_claim_audit"))
def test_every_parameter_changes_a_result(notebook: str, tmp_path: Path) -> None:
    silent = without_effect(
        notebook,
        "base",
        slice(1),
        {one.name for one in parameters(notebook)},
        tmp_path / "moderate",
    )
    if silent:
        silent = without_effect(notebook, "base", slice(1, None), silent, tmp_path / "extreme")
    # what one scenario hides, such as a door where no car passes another, a wider one shows
    for start in ("dense_city", "rural"):
        if silent:
            silent = without_effect(notebook, start, slice(None), silent, tmp_path / start)
    assert not silent
