"""The numbers of the explore panel are those of the notebooks, whatever was moved before."""

from typing import Any

import nbformat
import pytest

from helpers import PROJECT_ROOT
from helpers.errors import InputError
from helpers.explore.headlines import HEADLINES, Answers
from helpers.parts import Memory
from helpers.results import collect
from helpers.scenarios import Scenario, load_scenarios
from helpers.study import Study, Tables

BASE = Scenario()
TABLES = Tables()
MOVES: dict[str, Any] = {
    "jpy_per_usd": 175.0,
    "us_duty_percent": 20.0,
    "programme_units": 35_000,
    "unit_value_usd": 52_000.0,
    "street_width_m": 7.0,
    "clearance_mm": 400,
    "makers": ("Toyota",),
    "models": ("highlander", "tundra"),
    "right_hand_drive_models": ("tundra",),
}


DIFFERENCES = (
    ("volume_probability_percent", 13.0, 9.9),
    ("break_even_probability_percent", 6.4, 6.9),
    ("sticker_jpy", 9_190_000.0, 9_985_600.0),
    ("volume_p50_units", 5_800.0, 4_630.0),
    ("models_that_fit", 2.0, 2.0),
    ("duty_difference_usd_mn", 1_175.0, None),
)


@pytest.fixture
def base() -> Study:
    return Study(TABLES, BASE, memory=Memory(4))


def numbers(base: Study, scenario: Scenario) -> dict[str, float | None]:
    return Answers(base.under(scenario)).numbers


def alone(scenario: Scenario) -> dict[str, float | None]:
    """The same numbers with nothing worked out before."""
    return Answers(Study(TABLES, scenario)).numbers


def test_base_numbers_are_those_that_the_notebooks_store(base: Study) -> None:
    stored = {}
    for path in sorted((PROJECT_ROOT / "notebooks").glob("0[1-4]_*.ipynb")):
        for own in collect(nbformat.read(path, as_version=4)):
            if own.subject in ("", base.cost.leading):
                stored[own.name] = own.value
    own = numbers(base, BASE)
    assert own == pytest.approx({name: stored[name] for name in own}, rel=1e-9)


def test_a_walk_of_moves_gives_the_numbers_of_its_last_place_alone(base: Study) -> None:
    moved: dict[str, Any] = {}
    for name, value in MOVES.items():
        moved[name] = value
        numbers(base, Scenario(**moved))
    assert numbers(base, Scenario(**moved)) == alone(Scenario(**moved))


def test_a_model_of_assumed_size_is_in_no_count_of_models_that_fit(base: Study) -> None:
    scenario = Scenario(
        models=("camry", "ascent"),
        makers=("Toyota", "Subaru"),
        street_width_m=8.0,
        stall_length_mm=6_000,
        stall_width_mm=3_000,
    )
    study = base.under(scenario)
    assert list(study.fit.verdicts["verdict"]) == ["usable", "usable"]
    assert Answers(study).numbers["models_that_fit"] == 1


@pytest.mark.parametrize("name", MOVES)
def test_every_control_moves_a_headline(name: str, base: Study) -> None:
    assert numbers(base, BASE) != numbers(base, Scenario(**{name: MOVES[name]}))


def test_without_the_leading_maker_no_number_is_its_own(base: Study) -> None:
    others = tuple(maker for maker in BASE.makers if maker != base.cost.maker)
    now = Answers(base.under(Scenario(makers=others, models=("passport", "murano"))))
    assert now.car == "passport"
    assert {name for name, value in now.numbers.items() if value is None} == {
        "duty_difference_usd_mn",
        "break_even_probability_percent",
    }
    assert now.numbers["sticker_jpy"] == base.cost.estimate("passport").value
    assert Answers(base).numbers_of("passport")["sticker_jpy"] == now.numbers["sticker_jpy"]


def test_a_difference_is_in_the_unit_of_its_number() -> None:
    differences = {
        own.name: own.difference(*values)
        for own in HEADLINES
        for name, *values in DIFFERENCES
        if own.name == name
    }
    assert differences == {
        "volume_probability_percent": "−3.1 points",
        "break_even_probability_percent": "+0.5 points",
        "sticker_jpy": "+¥796,000",
        "volume_p50_units": "−1,170",
        "models_that_fit": "",
        "duty_difference_usd_mn": "",
    }


def test_every_step_that_a_number_leads_to_is_there() -> None:
    for own in HEADLINES:
        notebook = nbformat.read(PROJECT_ROOT / "notebooks" / f"{own.notebook}.ipynb", as_version=4)
        headings = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert headings.splitlines().count(f"### {own.heading}") == 1
        assert own.step == f"{own.notebook}.ipynb#{'-'.join(own.heading.split())}"


def test_shipped_scenarios_and_back_again(base: Study) -> None:
    first = numbers(base, BASE)
    for named in load_scenarios():
        numbers(base, named.scenario)
    assert numbers(base, BASE) == first


@pytest.mark.parametrize(
    ("name", "untouched"),
    [
        ("us_duty_percent", {"effect", "volume", "room", "sticker"}),
        ("unit_value_usd", {"premium", "sticker", "volume", "room"}),
        ("street_width_m", {"premium", "sticker", "effect"}),
        ("jpy_per_usd", {"room"}),
        ("makers", {"sticker", "effect", "room"}),
    ],
)
def test_what_a_move_leaves_alone_is_the_very_same_object(
    name: str, untouched: set[str], base: Study
) -> None:
    before, after = (
        {
            "effect": study.trade.effect,
            "volume": study.volume.pool,
            "room": study.fit.verdicts,
            "sticker": study.cost.sticker(),
            "premium": study.cost.premium,
        }
        for study in (base.under(BASE), base.under(Scenario(**{name: MOVES[name]})))
    )
    assert {part for part in before if before[part] is after[part]} == untouched


def test_a_setting_that_cannot_be_leaves_the_next_one_right(base: Study) -> None:
    before = numbers(base, BASE)
    for nothing in ({"makers": ("Subaru",)}, {"models": ()}, {"makers": ()}):
        with pytest.raises(InputError, match="no chosen model is made by a chosen maker"):
            numbers(base, Scenario(**nothing, jpy_per_usd=180.0))
    assert numbers(base, BASE) == before
