"""The explore panel in a real JupyterLab: every control moved, its files, and where its links
lead.
"""

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.explore.headlines import HEADLINES, Answers, text_of
from helpers.scenarios import Scenario, read_scenario_file
from helpers.study import Study
from tests.lab.conftest import Lab
from tests.lab.window import BRING, CURRENT, ERRORS, RAN, RUN_MS, close, opened, run_all

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
STUDY = Study.of()
IN_SIGHT = """own => {
  const box = own.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top === own || own.contains(top);
}"""
PHONE = (354, 800)
COVERED = """own => [...own.querySelectorAll('.widget-slider')].filter(slider => {
  const row = slider.parentElement;
  const parts = [...slider.children, ...[...row.children].filter(part => part !== slider)]
    .map(part => part.getBoundingClientRect()).filter(box => box.width > 0);
  const right = own.getBoundingClientRect().right;
  return parts.some((one, at) => one.right > right + 1 || parts.slice(at + 1).some(other =>
    one.left < other.right - 1 && other.left < one.right - 1 &&
    one.top < other.bottom - 1 && other.top < one.bottom - 1));
}).map(slider => slider.textContent)"""
SETTLING = 30
STEP_IN_SIGHT = f"""text => {{
  const headings = [...{CURRENT}.content.node.querySelectorAll('h3')];
  const heading = headings.find(own => own.textContent.startsWith(text))?.getBoundingClientRect();
  const room = {CURRENT}.content.node.getBoundingClientRect();
  return heading && heading.height > 0 && heading.top >= room.top && heading.bottom <= room.bottom;
}}"""
MOVES: dict[str, Any] = {
    "jpy_per_usd": 175.25,
    "us_duty_percent": 20.0,
    "programme_units": 35_000,
    "unit_value_usd": 52_000.0,
    "street_width_m": 7.0,
    "clearance_mm": 300,
    "right_hand_drive_models": ("highlander", "tundra"),
    "models": ("camry", "highlander", "tundra", "integra_type_s", "murano"),
}


@pytest.mark.parametrize("size", [(1280, 800), pytest.param((1920, 1080), marks=pytest.mark.slow)])
def test_explore_answers_beside_its_controls_and_its_scenario_runs(
    size: tuple[int, int], page: Any, lab: Lab
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(page, lab, "explore")
    by_keyboard(page)
    assert page.evaluate(ERRORS) == []
    panel = page.locator(".explore-panel")
    panel.evaluate("own => own.scrollIntoView({block: 'start'})")
    follows(panel, expectations(Scenario()))

    moved: dict[str, Any] = {}
    for name, value in MOVES.items():
        moved[name] = value
        move(panel, name, value)
        follows(panel, expectations(Scenario(**moved)), in_sight=True)
    assert panel.locator("figure svg[role=img]").count() == 3

    invalid = panel.locator(".explore-jpy_per_usd")
    move(panel, "jpy_per_usd", "500")
    panel.locator("table.explore-stale").wait_for()
    assert invalid.locator(".explore-invalid input").input_value() == "500"
    assert "Yen per dollar: 500.0 is out of range" in panel.get_by_role("status").text_content()

    panel.get_by_role("button", name="Reset all").click()
    panel.locator("table.explore-stale").wait_for(state="detached")
    follows(panel, expectations(Scenario()))
    shown = invalid.locator("input[type=text]").input_value()
    assert float(shown) == Scenario().jpy_per_usd

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    for _ in range(SETTLING):
        if not (covered := panel.evaluate(COVERED)):
            break
        page.wait_for_timeout(100)
    assert covered == [], "parts of a control stand over each other on a phone"
    page.evaluate("() => window.jupyterapp.shell.expandLeft()")
    page.set_viewport_size({"width": size[0], "height": size[1]})

    panel.locator(".explore-makers").get_by_role("checkbox", name="Toyota").uncheck()
    others = {"makers": ("Honda", "Nissan"), "models": ("integra_type_s", "passport", "murano")}
    follows(panel, expectations(Scenario(**others)))
    assert panel.locator(".explore-models input:disabled").count() == 4, "Toyota's and Subaru's"

    name = f"from_{size[0]}"
    panel.get_by_text("Save this setting as a scenario").click()
    panel.get_by_role("textbox", name="Save as").fill(name)
    panel.get_by_role("textbox", name="Save as").press("Enter")
    panel.get_by_role("button", name="Save as scenario").click()
    panel.get_by_text(f"Saved {name}.yaml").wait_for()
    file = lab.folder / "notebooks" / f"{name}.yaml"
    assert read_scenario_file(file).scenario == Scenario(**others)

    panel.get_by_text("There is no report of this setting yet.").wait_for()
    panel.locator("code", has_text=f"--scenario-file notebooks/{name}.yaml").wait_for()
    panel.get_by_role("button", name="Copy").click()
    command = page.evaluate("() => navigator.clipboard.readText()")
    assert recorded(f"{command} 04", lab)["programme_cost_usd_mn"] == pytest.approx(
        numbers(Scenario(**others))["programme_cost_usd_mn"], rel=1e-9
    )
    panel.get_by_role("button", name="Look for reports").click()
    panel.locator("p", has_text="Its reports:").get_by_role("link", name="04").click()
    report = f"reports/{name}/04_landed_cost.html"
    page.wait_for_function(f"path => {CURRENT}?.context?.path === path", arg=report)
    shown = page.frame_locator(".jp-HTMLViewer:not(.lm-mod-hidden) iframe")
    shown.get_by_role("heading", name="Answer in brief").wait_for()
    assert name.replace("_", " ").capitalize() in shown.locator("body").inner_text()
    file.unlink()
    page.evaluate(f"() => {CURRENT}.close()")
    close(page)


def test_every_number_leads_to_the_step_that_makes_it(page: Any, lab: Lab) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    opened(page, lab, "explore")
    run_all(page)
    for headline in HEADLINES:
        page.evaluate(BRING, "notebooks/explore.ipynb")
        page.locator(f".explore-panel tr[data-headline={headline.name}] a").click()
        page.wait_for_function(
            f"path => {CURRENT}?.context?.path === path", arg=f"notebooks/{headline.notebook}.ipynb"
        )
        page.wait_for_function(STEP_IN_SIGHT, arg=headline.heading)
    for name in dict.fromkeys(("explore", *(own.notebook for own in HEADLINES))):
        page.evaluate(BRING, f"notebooks/{name}.ipynb")
        close(page)


def move(panel: Any, name: str, value: Any) -> None:
    """Type a number, or tick just these boxes."""
    control = panel.locator(f".explore-{name}")
    if isinstance(value, tuple):
        for model, title in STUDY.cost.cars.title.items():
            box = control.get_by_role("checkbox", name=title, exact=True)
            box.set_checked(model in value)
        return
    entry = control.locator("input[type=text]")
    entry.fill(str(value))
    entry.press("Enter")


def by_keyboard(page: Any) -> None:
    """Run a notebook from top to bottom as a reader without a mouse does, one Shift+Enter a
    cell.
    """
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    for _ in range(page.evaluate(f"() => {CURRENT}.content.model.cells.length")):
        page.keyboard.press("Shift+Enter")
    page.wait_for_function(RAN, timeout=RUN_MS)


def numbers(scenario: Scenario) -> dict[str, float | None]:
    return Answers(STUDY.under(scenario)).numbers


def expectations(scenario: Scenario) -> dict[str, str]:
    """What the panel has to show, from the models."""
    values = numbers(scenario)
    return {own.name: text_of(own, values[own.name]) for own in HEADLINES}


def follows(panel: Any, expected: dict[str, str], in_sight: bool = False) -> None:
    """Wait until the panel shows every headline as the models give it. in_sight: without
    scrolling.
    """
    for name, text in expected.items():
        number = panel.locator(
            f"tr[data-headline={name}] td.explore-now",
            has_text=re.compile(f"^{re.escape(text)}$"),
        )
        number.wait_for()
        if in_sight:
            for _ in range(SETTLING):  # a table that is drawn anew takes its place in steps
                if number.evaluate(IN_SIGHT):
                    break
                panel.page.wait_for_timeout(100)
            else:
                pytest.fail(f"{name} is out of sight")


def recorded(command: str, lab: Lab) -> dict[str, float]:
    """The results that a command leaves which was copied from the panel."""
    program, *words = shlex.split(command)
    done = subprocess.run(
        [Path(sys.executable).parent / program, *words],
        cwd=lab.folder,
        env=lab.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    leading = STUDY.cost.leading
    with (lab.folder / "reports" / "results.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["subject"] in ("", leading)
            and re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", row["value"])
        }
