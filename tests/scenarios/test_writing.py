"""Scenario files written by the suite read back as the very same scenario, and never cost a file
that was there.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.scenarios import (
    Scenario,
    check_values,
    load_scenarios,
    parameters,
    read_scenario_file,
    scenario_text,
    write_scenario_file,
)
from helpers.scenarios.reading import SCENARIO_FOLDER

WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)


def values_of(one: Any) -> st.SearchStrategy[Any]:
    if one.choices:
        chosen = st.sampled_from(one.choices)
        return chosen if one.type == "str" else st.lists(chosen, unique=True)
    if one.type == "int":
        return st.integers(int(one.lowest), int(one.highest))
    if one.type == "float":
        return st.floats(one.lowest, one.highest).map(lambda value: round(value, 9) + 0.0)
    if one.type == "dict":
        bands = [{"from_m": 0, "to_m": 4.5, "length_km": 12.0}, {"from_m": 4.5, "length_km": 8}]
        place = {"name": "Ōmachi", "width_basis": "total", "bands": bands}
        return st.sampled_from([{}, place])
    if one.type == "list":
        ids = st.from_regex(r"[a-z0-9_]{1,20}", fullmatch=True)
        row = st.fixed_dictionaries(
            {
                "vehicle_id": ids,
                "model": st.just("ジムニー"),
                "length_mm": st.integers(2_000, 8_000),
            }
        )
        return st.lists(row, max_size=3, unique_by=lambda own: own["vehicle_id"])
    return st.booleans() if one.type == "bool" else st.dates().map(str)


CHANGES = st.lists(
    st.sampled_from(parameters()), unique_by=lambda one: one.name, max_size=12
).flatmap(lambda chosen: st.fixed_dictionaries({one.name: values_of(one) for one in chosen}))


@settings(max_examples=150, deadline=None)
@given(changes=CHANGES, title=WORDS, story=WORDS)
def test_any_scenario_and_any_words_come_back(
    tmp_path_factory: pytest.TempPathFactory, changes: dict[str, Any], title: str, story: str
) -> None:
    scenario = check_values(changes, "test")
    path = tmp_path_factory.mktemp("written") / "own.yaml"
    written = write_scenario_file(path, scenario, title, story)
    found = read_scenario_file(path)
    assert (found, found.scenario, found.title, found.story) == (written, scenario, title, story)
    assert path.read_bytes().isascii()


@pytest.mark.parametrize("named", load_scenarios(), ids=lambda one: one.name)
def test_shipped_scenarios_come_back(named: Any, tmp_path: Path) -> None:
    write_scenario_file(
        tmp_path / f"my_{named.name}.yaml", named.scenario, named.title, named.story
    )
    assert read_scenario_file(tmp_path / f"my_{named.name}.yaml").scenario == named.scenario


@pytest.mark.parametrize("named", load_scenarios(), ids=lambda one: one.name)
def test_a_shipped_scenario_sets_only_what_differs(named: Any) -> None:
    assert set(named.changes) == set(named.scenario.differing())


def test_an_existing_file_is_kept_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="there is a file of this name"):
        write_scenario_file(path, Scenario(), "Own", "Own settings.")
    assert path.read_text(encoding="utf-8") == "mine"
    write_scenario_file(path, Scenario(), "Own", "Own settings.", replace=True)
    assert read_scenario_file(path).changes == {}


@pytest.mark.parametrize(
    "name", ["Own", "own file", "../own", "own.yml", "", "ünsere", "a" * 61, ".hidden"]
)
def test_a_name_no_scenario_can_have_is_refused(name: str, tmp_path: Path) -> None:
    file = tmp_path / (name if name.endswith("yml") else f"{name}.yaml")
    if name == "../own":
        file = tmp_path / "inner" / "missing" / ".." / "Own.yaml"
    with pytest.raises(InputError):
        write_scenario_file(file, Scenario(), "Own", "Own settings.")
    assert list(tmp_path.rglob("*.y*ml")) == []


def test_the_name_of_a_shipped_scenario_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="ships with the suite"):
        write_scenario_file(tmp_path / "weak_yen.yaml", Scenario(), "Own", "Own settings.")
    assert (SCENARIO_FOLDER / "weak_yen.yaml").exists()


@pytest.mark.parametrize("value", [1.2345678901234567e-7, 1e-20])
def test_a_value_that_the_file_cannot_hold_is_named_and_nothing_written(
    tmp_path: Path, value: float
) -> None:
    with pytest.raises(InputError) as caught:
        write_scenario_file(
            tmp_path / "own.yaml",
            Scenario(insurance_percent=value, discount_rate_percent=value),
            "Own",
            "Own settings.",
        )
    assert list(map(str, caught.value.faults)) == [
        f"parameter {name}: a file cannot hold {value!r} exactly; round it"
        for name in ("insurance_percent", "discount_rate_percent")
    ]
    assert not (tmp_path / "own.yaml").exists()


@pytest.mark.parametrize(("title", "story"), [("", "Own."), ("Own", " ")])
def test_blank_words_are_refused(title: str, story: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^own\.yaml line \d: '(title|story)' is not a text$"):
        write_scenario_file(tmp_path / "own.yaml", Scenario(), title, story)


def test_a_missing_folder_is_a_fault_not_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_scenario_file(tmp_path / "nowhere" / "own.yaml", Scenario(), "Own", "Own settings.")


def test_numbers_are_written_without_exponents() -> None:
    text = scenario_text(
        "own",
        "Own",
        "Own.",
        {
            "insurance_percent": 1e-7,
            "jpy_per_usd": 200.0,
            "models": ("camry",),
            "count_unverified": True,
        },
    )
    assert (
        'insurance_percent: 0.0000001\n  jpy_per_usd: 200.0\n  models: ["camry"]\n  '
        "count_unverified: true\n" in text
    )
