"""The explore panel without a browser: what it shows after a move, what it says, what it saves."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from helpers.errors import InputError
from helpers.explore import controls, figures
from helpers.explore import panel as explore
from helpers.explore.headlines import HEADLINES, Answers
from helpers.scenarios import Scenario, load_scenarios, parameters, read_scenario_file
from helpers.study import Study

STUDY = Study.of()


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[explore.Panel]:
    yield explore.Panel(STUDY, tmp_path)
    ipywidgets.Widget.close_all()


def texts(panel: explore.Panel) -> list[str]:
    """What every text of the panel says, in order."""
    return [widget.value for widget in walk(panel.widget) if isinstance(widget, ipywidgets.HTML)]


def walk(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def shown(panel: explore.Panel, name: str) -> str:
    """The present value of a headline as the panel shows it."""
    found = re.search(rf'data-headline="{name}".*?class="now">([^<]*)<', "".join(texts(panel)))
    assert found, name
    return found[1]


def said(panel: explore.Panel) -> str:
    (found,) = [text for text in texts(panel) if "explore-said" in text and "<style>" not in text]
    return found


def pictures(panel: explore.Panel) -> dict[str, str]:
    return {
        match[1]: text
        for text in texts(panel)
        if (match := re.search(r'data-figure="(\w+)"', text))
    }


def button(panel: explore.Panel) -> Any:
    (found,) = [widget for widget in walk(panel.widget) if isinstance(widget, ipywidgets.Button)]
    return found


def entry(panel: explore.Panel, description: str) -> Any:
    (found,) = [
        widget for widget in walk(panel.widget) if getattr(widget, "description", "") == description
    ]
    return found


def test_controls_take_part_of_the_vocabulary_within_its_bounds() -> None:
    declared = {one.name: one for one in parameters()}
    for name, (low, high, step) in controls.SLIDERS.items():
        one = declared[name]
        assert one.lowest is not None
        assert one.highest is not None
        assert one.lowest <= low < one.default < high <= one.highest
        assert step > 0
    assert all(declared[name].choices for name in controls.BOXES)


def test_sliders_report_only_when_let_go(panel: explore.Panel) -> None:
    sliders = [
        widget
        for widget in walk(panel.widget)
        if isinstance(widget, ipywidgets.IntSlider | ipywidgets.FloatSlider)
    ]
    assert len(sliders) == len(controls.SLIDERS)
    assert not any(slider.continuous_update for slider in sliders)


def test_a_move_changes_numbers_sentence_and_the_figures_it_touches(panel: explore.Panel) -> None:
    before = pictures(panel)
    panel.controls.move("jpy_per_usd", 175.0)
    expected = Answers(STUDY.under(Scenario(jpy_per_usd=175.0))).numbers
    headlines = {own.name: own.text(expected[own.name]) for own in HEADLINES}
    assert {name: shown(panel, name) for name in headlines} == headlines
    sticker = headlines["sticker_jpy"]
    assert re.search(
        rf"{Scenario().jpy_per_usd} to 175 JPY per USD: .* rises from ¥[\d.]+ m to "
        rf"{re.escape(sticker)}, because nearly all of its cost is in dollars",
        said(panel),
    )
    after = pictures(panel)
    assert {name for name in before if before[name] != after[name]} == {"volume", "money"}
    panel.controls.move("jpy_per_usd", Scenario().jpy_per_usd)
    assert pictures(panel) == before


def test_the_sentence_gives_each_control_its_own_reason(panel: explore.Panel) -> None:
    moves = {
        "us_duty_percent": (20.0, "duty difference falls"),
        "programme_units": (40_000, "value of the cars rises"),
        "unit_value_usd": (50_000.0, "value of the cars rises"),
        "right_hand_drive_models": ((), "median of cars a year falls"),
        "makers": (("Toyota", "Nissan"), "without Honda: the median of cars a year falls"),
        "street_width_m": (7.0, "number of models usable without care rises"),
    }
    for name, (value, words) in moves.items():
        panel.controls.move(name, value)
        assert words in said(panel)
        assert "because" in said(panel)
    panel.controls.move("jpy_per_usd", panel.scenario.jpy_per_usd + 0.01)
    assert "no headline number moves by as much as it shows" in said(panel)


def test_a_setting_that_cannot_be_is_explained_and_left_behind(panel: explore.Panel) -> None:
    for maker in ("Toyota", "Honda", "Nissan"):
        panel.controls.move(
            "makers", tuple(one for one in panel.controls.values()["makers"] if one != maker)
        )
    assert "no chosen model is made by a chosen maker" in said(panel)
    assert panel.scenario.makers == ("Nissan",)
    panel.controls.move("makers", ("Toyota",))
    assert panel.scenario.makers == ("Toyota",)
    assert "no chosen model" not in said(panel)


def test_every_scenario_can_be_the_start(panel: explore.Panel) -> None:
    for named in reversed(load_scenarios()):
        entry(panel, "Start from").value = named.name
        assert panel.scenario == named.scenario, named.name
        assert html.escape(named.story) in said(panel)
        panel.controls.move("unit_value_usd", 44_000.0)
        assert panel.scenario == named.scenario.model_copy(update={"unit_value_usd": 44_000.0}), (
            "parameters without a control stay"
        )


def test_a_value_beyond_a_slider_widens_it(panel: explore.Panel) -> None:
    scenario = Scenario(jpy_per_usd=300.0, programme_units=400_000)
    panel.controls.show(scenario)
    assert {name: panel.controls.values()[name] for name in ("jpy_per_usd", "programme_units")} == {
        "jpy_per_usd": 300.0,
        "programme_units": 400_000,
    }


def test_figures_describe_themselves_in_every_scenario(panel: explore.Panel) -> None:
    for named in load_scenarios():
        now = Answers(STUDY.under(named.scenario))
        for draw in (figures.volume, figures.money, figures.room):
            drawing = draw(now, panel.base)
            assert re.search(r"\d", drawing.chart.alt)
            assert not drawing.chart.data.empty
            texts = f"{drawing.chart.title} {drawing.subtitle} {drawing.chart.alt}"
            assert "nan" not in texts.lower().split()


def test_a_model_of_assumed_size_is_drawn_without_a_verdict() -> None:
    scenario = Scenario(models=("camry", "ascent"), makers=("Toyota", "Subaru"))
    chart = figures.room(Answers(STUDY.under(scenario)), Answers(STUDY)).chart
    assert chart.title.startswith("0 of 1 chosen models of sourced size are usable")
    assert list(chart.data["verdict"]) == [
        "with care: meeting a car",
        "no verdict: size assumed",
    ]


def test_the_button_saves_what_the_panel_shows(panel: explore.Panel, tmp_path: Path) -> None:
    panel.controls.move("jpy_per_usd", 163.5)
    panel.controls.move("models", ("camry", "highlander"))
    button(panel).click()
    assert read_scenario_file(tmp_path / "my_scenario.yaml").scenario == panel.scenario
    assert any(
        f"reverse-imports run --scenario-file {tmp_path}/my_scenario.yaml" in text
        for text in texts(panel)
    )
    stored = (tmp_path / "my_scenario.yaml").read_bytes()
    panel.controls.move("jpy_per_usd", 170.0)
    button(panel).click()
    assert (tmp_path / "my_scenario.yaml").read_bytes() == stored
    assert any(
        "Not saved" in text and "there is a file of this name" in text for text in texts(panel)
    )
    entry(panel, "replace a file of this name").value = True
    button(panel).click()
    assert read_scenario_file(tmp_path / "my_scenario.yaml").scenario.jpy_per_usd == 170.0


def test_a_name_that_cannot_be_is_said_and_escaped(panel: explore.Panel, tmp_path: Path) -> None:
    for name in ("Übung", "<script>alert(1)</script>", "a b", "", "../up", "weak_yen"):
        entry(panel, "Save as").value = name
        button(panel).click()
        assert any("Not saved" in text for text in texts(panel)), name
        assert not any("<script" in text for text in texts(panel))
        with pytest.raises(InputError):
            panel.save(name)
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "up.yaml").exists()
