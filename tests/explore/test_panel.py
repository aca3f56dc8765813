"""The explore panel without a browser: what it shows after a move, what it says, what it saves."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.explore import figures
from helpers.explore.controls import INVALID
from helpers.explore.headlines import HEADLINES, Answers, text_of
from helpers.explore.levers import NAMES, NUMBERS
from helpers.explore.panel import KEPT, Panel
from helpers.explore.surface import LiveSurface
from helpers.scenarios import Scenario, load_scenarios, parameters, read_scenario_file
from helpers.show.canvas import NARROW_PX, WIDE_PX, unreadable
from helpers.study import Study

STUDY = Study.of()
BASE = STUDY.scenario
DRAWINGS = (figures.volume, figures.money, figures.room)


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    yield Panel(STUDY, tmp_path)
    ipywidgets.Widget.close_all()


def walk(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def texts(panel: Panel) -> list[str]:
    """What every text of the panel says, in order, without its style sheet."""
    shown = []
    for widget in walk(panel.layout.widget):
        if isinstance(widget, ipywidgets.HTML):
            shown.append(widget.value)
        elif isinstance(widget, ipywidgets.Output):
            shown += [output["data"]["text/html"] for output in widget.outputs]
    return [text for text in shown if "<style>" not in text]


def table(panel: Panel) -> str:
    (shown,) = [text for text in texts(panel) if "explore-numbers" in text]
    return shown


def rows(panel: Panel) -> dict[str, tuple[str, str, str]]:
    """Each headline: what it is compared with, what it is now, by how much it differs."""
    pattern = r'data-headline="(\w+)".*?<td>([^<]*)</td><td[^>]*>([^<]*)</td><td>([^<]*)<'
    return {
        name: (before, now, change)
        for name, before, now, change in re.findall(pattern, table(panel))
    }


def said(panel: Panel) -> str:
    (shown,) = [text for text in texts(panel) if 'role="status"' in text]
    return html.unescape(shown).replace("\u00a0", " ")


def expected(scenario: Scenario) -> dict[str, str]:
    values = Answers(STUDY.under(scenario)).numbers
    return {own.name: text_of(own, values[own.name]) for own in HEADLINES}


def button(panel: Panel, description: str) -> Any:
    (wanted,) = [
        widget
        for widget in walk(panel.layout.widget)
        if isinstance(widget, ipywidgets.Button) and widget.description == description
    ]
    return wanted


def entry(panel: Panel, description: str) -> Any:
    (wanted,) = [
        widget
        for widget in walk(panel.layout.widget)
        if getattr(widget, "description", "") == description
    ]
    return wanted


def count(panel: Panel, month: str, cars: str, scope: tuple[str, str] = ("all", "all")) -> None:
    """Enter a counted month as a reader does."""
    panel.counted.month.value, panel.counted.count.value = month, cars
    panel.counted.scope.value = scope
    button(panel, "Take the month in").click()


def test_controls_take_part_of_the_vocabulary_within_its_bounds() -> None:
    declared = {own.name: own for own in parameters()}
    for lever in NUMBERS:
        own = declared[lever.name]
        assert own.lowest is not None
        assert own.highest is not None
        assert own.lowest <= lever.low < own.default < lever.high <= own.highest
        assert lever.step > 0
    assert all(declared[lever.name].choices for lever in NAMES)


def test_sliders_report_only_when_let_go(panel: Panel) -> None:
    kinds = ipywidgets.IntSlider | ipywidgets.FloatSlider
    sliders = [own for own in walk(panel.layout.widget) if isinstance(own, kinds)]
    assert len(sliders) == len(NUMBERS)
    assert not any(slider.continuous_update for slider in sliders)


def test_a_move_changes_numbers_sentence_and_figures(panel: Panel) -> None:
    before = texts(panel)
    panel.controls.move("jpy_per_usd", 175.0)
    own = rows(panel)
    assert {name: now for name, (_, now, _) in own.items()} == expected(Scenario(jpy_per_usd=175.0))
    assert {name: was for name, (was, _, _) in own.items()} == expected(BASE)
    assert own["volume_probability_percent"][2].endswith(" points")
    (interval,) = re.findall(r"80 % of what may come</th>(.*?)</tr>", table(panel))
    was, now, change = re.findall(r"<td[^>]*>([^<]*)</td>", interval)[:3]
    assert (was != now, change) == (True, ""), "a dash would say that nothing differs"
    was, now, _ = own["sticker_jpy"]
    assert re.fullmatch(
        rf"Compared with Base \(Yen per dollar, {BASE.jpy_per_usd} → 175\), the .* price rises "
        rf"from {was} to {now}, because nearly all of its cost is "
        r"in dollars; \w+ more numbers differ\.",
        re.sub("<[^>]*>", "", said(panel)),
    )
    pictures = [text for text in texts(panel) if "data-figure" in text]
    changed = [text for text in pictures if text not in before]
    assert [re.findall(r'data-figure="(\w+)"', text) for text in changed] == [["volume"], ["money"]]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("us_duty_percent", 20.0, "duty difference falls"),
        ("programme_units", 40_000, "value of the cars rises"),
        ("unit_value_usd", 50_000.0, "value of the cars rises"),
        ("right_hand_drive_models", (), "median of cars a year falls"),
        ("street_width_m", 7.0, "number of models usable without care rises"),
    ],
)
def test_the_sentence_gives_each_control_its_own_reason(
    panel: Panel, name: str, value: Any, words: str
) -> None:
    panel.controls.move(name, value)
    assert words in said(panel)
    assert "because" in said(panel)


def test_sentence_and_table_compare_with_the_same_setting(panel: Panel) -> None:
    panel.controls.move("jpy_per_usd", 175.0)
    button(panel, "Keep to compare").click()
    assert "Compared with Kept, nothing differs." in said(panel)
    assert not any(change != "–" for *_, change in rows(panel).values())
    panel.controls.move("jpy_per_usd", 180.0)
    assert "Compared with Kept (Yen per dollar, 175 → 180)" in said(panel)
    assert rows(panel)["sticker_jpy"][0] == expected(Scenario(jpy_per_usd=175.0))["sticker_jpy"]
    entry(panel, "Compare with").value = "weak_yen"
    assert "Compared with Weak yen (Yen per dollar, 170 → 180)" in said(panel)
    assert '<th scope="col">Weak yen</th>' in table(panel)


def test_reset_brings_the_last_digit_back(panel: Panel) -> None:
    panel.controls.move("jpy_per_usd", 175.5)
    panel.controls.move("street_width_m", 6.3)
    panel.controls.numbers["jpy_per_usd"].back.click()
    assert panel.scenario == Scenario(street_width_m=6.3)
    panel.controls.move("models", ("camry",))
    button(panel, "Reset all").click()
    assert panel.scenario == BASE
    assert panel.controls.values()["jpy_per_usd"] == BASE.jpy_per_usd
    assert rows(panel) == {name: (text, text, "–") for name, text in expected(BASE).items()}


def test_a_maker_takes_its_models_along_and_leaves_no_number(panel: Panel) -> None:
    maker = STUDY.cost.maker
    others = tuple(own for own in BASE.makers if own != maker)
    of_maker = {name for name, own in STUDY.cost.cars.maker.items() if own == maker}
    panel.controls.move("makers", others)
    assert panel.scenario.makers == others
    assert set(panel.scenario.models) == set(BASE.models) - of_maker
    titles = [STUDY.cost.cars.title[name] for name in of_maker]
    assert not any(title in text for title in titles for text in texts(panel) if "<svg" in text)
    now = rows(panel)
    assert now["duty_difference_usd_mn"][1:] == ("does not apply", "–")
    assert now["break_even_probability_percent"][1:] == ("does not apply", "–")
    assert f"{maker} takes no part" in said(panel)
    panel.controls.move("makers", BASE.makers)
    assert panel.scenario == BASE


@pytest.mark.parametrize("typed", ["500", "12 yen", ""])
def test_what_cannot_be_is_said_and_marked_and_not_cut(panel: Panel, typed: str) -> None:
    before = rows(panel)
    control = panel.controls.numbers["jpy_per_usd"]
    panel.controls.move("jpy_per_usd", typed)
    assert control.entry.value == typed
    assert INVALID in control.entry._dom_classes
    assert "Yen per dollar" in said(panel)
    assert "50 to 400" in said(panel)
    assert "explore-stale" in table(panel)
    assert rows(panel) == before
    with pytest.raises(InputError):
        panel.save("stale")
    panel.controls.move("us_duty_percent", 20.0)
    assert "explore-stale" in table(panel), "the other entry still cannot be"
    panel.controls.move("jpy_per_usd", "300")
    assert panel.scenario == Scenario(jpy_per_usd=300.0, us_duty_percent=20.0)
    assert INVALID not in control.entry._dom_classes
    assert "explore-stale" not in table(panel)


def test_no_maker_is_explained_and_left_behind(panel: Panel) -> None:
    panel.controls.move("makers", ())
    assert "no chosen model is made by a chosen maker" in said(panel) or "no model" in said(panel)
    assert "explore-stale" in table(panel)
    panel.controls.move("makers", ("Honda",))
    assert panel.scenario.makers == ("Honda",)
    assert "explore-stale" not in table(panel)


def test_every_scenario_can_be_the_start(panel: Panel) -> None:
    for named in reversed(load_scenarios()):
        entry(panel, "Start from").value = named.name
        assert panel.scenario == named.scenario, named.name
        assert named.story in said(panel)
        panel.controls.move("unit_value_usd", 44_000.0)
        moved = named.scenario.model_copy(update={"unit_value_usd": 44_000.0})
        assert panel.scenario == moved, "parameters without a control stay"


def test_a_control_that_moves_nothing_says_from_where_on_it_does(panel: Panel) -> None:
    panel.show()
    notes = {name: own.note.value for name, own in panel.controls.numbers.items() if own.note.value}
    near, far = map(float, re.findall(r"[\d.]+(?= )", notes["street_width_m"])[-2:])
    assert near < BASE.street_width_m < far
    assert expected(Scenario(street_width_m=round(near + 0.1, 1))) == expected(BASE)
    assert expected(Scenario(street_width_m=round(far - 0.1, 1))) == expected(BASE)
    assert expected(Scenario(street_width_m=near)) != expected(BASE)
    assert expected(Scenario(street_width_m=far)) != expected(BASE)
    assert "jpy_per_usd" not in notes


def test_a_counted_month_moves_the_forecast(panel: Panel) -> None:
    count(panel, "2026-10", "600")
    observations = pd.DataFrame(
        [("2026-10", "all", "all", 600, "unverified", "ASSUMPTION", "")],
        columns=STUDY.tables["observations"].columns,
    )
    alone = Study(
        {**{name: STUDY.tables[name] for name in STUDY.tables}, "observations": observations}, BASE
    )
    now = rows(panel)["volume_p50_units"][1]
    assert now == expected_text("volume_p50_units", Answers(alone))
    assert now != expected(BASE)["volume_p50_units"]
    assert "2026-10: 600 cars of all makers" in table(panel)
    assert "forecast observe" in "".join(texts(panel))
    button(panel, "Forget the months").click()
    assert rows(panel)["volume_p50_units"][1] == expected(BASE)["volume_p50_units"]


def expected_text(name: str, answers: Answers) -> str:
    (headline,) = [own for own in HEADLINES if own.name == name]
    return text_of(headline, answers.numbers[name])


@pytest.mark.parametrize(("month", "cars"), [("2026-13", "4"), ("1999-01", "4"), ("2026-10", "-4")])
def test_a_month_that_cannot_be_is_refused(panel: Panel, month: str, cars: str) -> None:
    count(panel, month, cars)
    assert "; write a" in said(panel)
    assert rows(panel)["volume_p50_units"][1] == expected(BASE)["volume_p50_units"]


def test_figures_describe_themselves_in_every_scenario() -> None:
    base = Answers(STUDY, "Base")
    for named in load_scenarios():
        for draw in DRAWINGS:
            drawing = draw(Answers(STUDY.under(named.scenario)), base)
            assert re.search(r"\d", drawing.alt)
            assert not drawing.data.empty
            words = f"{drawing.title} {drawing.subtitle} {drawing.alt}"
            assert "nan" not in words.lower().split()


@pytest.mark.parametrize("scenario", [Scenario(), Scenario(jpy_per_usd=250.0, street_width_m=9.0)])
def test_figures_can_be_read_at_both_widths(scenario: Scenario) -> None:
    now, base = Answers(STUDY.under(scenario)), Answers(STUDY, "Base")
    for draw in DRAWINGS:
        drawing = draw(now, base)
        for width in (WIDE_PX, NARROW_PX):
            assert unreadable(drawing.canvas(width).drawn("x")) == []


def test_the_live_drawing_holds_what_the_stored_one_holds() -> None:
    base = Answers(STUDY, "Base")
    for draw in DRAWINGS:
        drawing, surface = draw(base, base), LiveSurface(WIDE_PX)
        drawing.draw(surface)  # type: ignore[arg-type]
        live = re.findall(r"<text[^>]*>([^<]*)</text>", surface.svg(drawing.alt))
        stored = [text.text for text in drawing.canvas(WIDE_PX).drawn("x").texts]
        assert [html.unescape(text) for text in live] == stored


def test_a_model_of_assumed_size_is_drawn_without_a_verdict() -> None:
    scenario = Scenario(models=("camry", "ascent"), makers=("Toyota", "Subaru"))
    drawing = figures.room(Answers(STUDY.under(scenario)), Answers(STUDY))
    assert drawing.title.startswith("0 of 1 chosen models of sourced size are usable")
    assert list(drawing.data["verdict"]) == [
        "with care: meeting a car",
        "no verdict: size assumed",
    ]


def test_a_saved_setting_reads_back_and_can_be_the_start(panel: Panel, tmp_path: Path) -> None:
    panel.controls.move("jpy_per_usd", 163.5)
    panel.controls.move("models", ("camry", "highlander"))
    button(panel, "Save as scenario").click()
    path = tmp_path / "my_scenario.yaml"
    assert read_scenario_file(path).scenario == panel.scenario
    assert any("Saved my_scenario.yaml" in text for text in texts(panel))
    assert any(f"--scenario-file {path}" in text for text in texts(panel))
    stored = path.read_bytes()
    panel.controls.move("jpy_per_usd", 170.0)
    button(panel, "Save as scenario").click()
    assert path.read_bytes() == stored
    assert any(
        "Not saved" in text and "there is a file of this name" in text for text in texts(panel)
    )
    button(panel, "Reset all").click()
    assert panel.scenario.jpy_per_usd == 163.5
    entry(panel, "Start from").value = "base"
    entry(panel, "Start from").value = "my_scenario.yaml"
    assert panel.scenario == read_scenario_file(path).scenario
    panel.controls.move("jpy_per_usd", 170.0)
    entry(panel, "replace a file of this name").value = True
    button(panel, "Save as scenario").click()
    assert read_scenario_file(path).scenario.jpy_per_usd == 170.0


def test_the_command_runs_what_is_shown(panel: Panel) -> None:
    from helpers.scenarios import parse_text

    def command() -> list[str]:
        (shown,) = [text for text in texts(panel) if "Run it:" in text]
        code = re.search("<code>(.*?)</code>", shown)
        assert code
        return html.unescape(code[1]).split()

    assert command() == ["reverse-imports", "run"]
    entry(panel, "Start from").value = "weak_yen"
    assert command()[2:] == ["--scenario", "weak_yen"]
    panel.controls.move("models", ("camry", "tundra"))
    pairs = [word.split("=", 1) for word in command() if "=" in word]
    values = {name: parse_text(name, text) for name, text in pairs}
    assert (
        Scenario(**{name: tuple(v) if isinstance(v, list) else v for name, v in values.items()})
        == panel.scenario
    )


def test_a_name_that_cannot_be_is_said_and_escaped(panel: Panel, tmp_path: Path) -> None:
    for name in ("Übung", "<script>alert(1)</script>", "a b", "", "../up", "weak_yen"):
        entry(panel, "Save as").value = name
        button(panel, "Save as scenario").click()
        assert any("Not saved" in text for text in texts(panel)), name
        assert not any("<script" in text for text in texts(panel))
        with pytest.raises(InputError):
            panel.save(name)
    assert list(tmp_path.iterdir()) == []
    assert not (tmp_path.parent / "up.yaml").exists()


def test_a_file_with_faults_is_no_start(panel: Panel, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("name: broken\n", encoding="utf-8")
    panel.begin("broken.yaml")
    assert "the key 'title' is missing" in said(panel)
    assert "explore-stale" in table(panel)
    panel.begin("base")
    assert panel.scenario == BASE
    assert KEPT not in dict(panel.files.options())
