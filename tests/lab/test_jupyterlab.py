"""The notebooks where people open them: a real JupyterLab, driven by a real browser, its menus and
its keys.
"""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.explore.headlines import HEADLINES, Answers, text_of
from helpers.scenarios import NOTEBOOKS, Scenario, read_scenario_file
from helpers.study import Study
from tests.lab.conftest import Lab
from tests.tiers import representatives

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
OPEN_MS, RUN_MS, FOLLOW_MS = 60_000, 120_000, 20_000
CURRENT = "window.jupyterapp.shell.currentWidget"
RAN = f"""() => {{
  const panel = {CURRENT};
  const cells = panel.content.model.sharedModel.cells.filter(cell => cell.cell_type === 'code' && \
cell.getSource().trim());
  const status = panel.sessionContext.session?.kernel?.status;
  return status === 'idle' && cells.every(cell => cell.execution_count !== null && \
cell.executionState !== 'running');
}}"""
ERRORS = f"""() => {CURRENT}.content.model.sharedModel.cells.filter(cell => cell.cell_type === \
'code')
  .flatMap(cell => cell.getOutputs()).filter(output => output.output_type === 'error' || \
output.name === 'stderr')
  .map(output => output.evalue ?? output.text)"""
COUNTS = (
    f"() => {CURRENT}.content.model.sharedModel.cells.filter(cell => cell.cell_type === "
    "'code').map(cell => cell.execution_count)"
)
SETTLED = f"""async () => {{
  const kernel = {CURRENT}.sessionContext.session.kernel;
  await Promise.all([kernel.info, kernel.spec]);
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}}"""
UNSAVED = ".lm-TabBar-tab.jp-mod-current.jp-mod-dirty"
STUDY = Study.of()
IN_SIGHT = """own => {
  const box = own.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top === own || own.contains(top);
}"""
SETTLING = 30
ANSWER_IN_SIGHT = """() => {
  const panel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const answer = panel.querySelector('ul.answer li')?.getBoundingClientRect();
  return answer && answer.top >= 0 && answer.bottom < window.innerHeight;
}"""
MARKER = " edited by the reader"
FORGET = (
    f"() => {{ {CURRENT}.content.model.sharedModel.cells.forEach(cell => cell.cell_type === "
    "'code' && (cell.execution_count = null)) }"
)


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    """One window for all tests, as a reader keeps one."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(FOLLOW_MS)
    yield context.new_page()
    context.close()


def in_front(page: Any, lab: Lab, name: str) -> None:
    """Bring one notebook to the front and wait until its kernel is ready."""
    path = f"notebooks/{name}.ipynb"
    if not page.url.startswith(lab.address):
        page.goto(lab.url(f"lab/workspaces/reverse-imports/tree/{path}"))
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=OPEN_MS)
    page.evaluate(
        "async path => { await window.jupyterapp.commands.execute('docmanager:open', {path}); }",
        path,
    )
    page.wait_for_function(
        f"path => {CURRENT}?.context?.path === path && "
        f"{CURRENT}.sessionContext?.session?.kernel?.status === 'idle'",
        arg=path,
        timeout=OPEN_MS,
    )


def opened(page: Any, lab: Lab, name: str) -> None:
    """One notebook in front, its stored counts forgotten so that only a run brings them."""
    in_front(page, lab, name)
    page.evaluate(FORGET)


def set_first_source(page: Any, source: str) -> None:
    """Write into the first cell and save, as a reader who edits it does."""
    page.evaluate(
        f"source => {CURRENT}.content.model.sharedModel.cells[0].setSource(source)", source
    )
    page.wait_for_selector(UNSAVED)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_selector(UNSAVED, state="detached")


def run_all(page: Any) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(RAN, timeout=RUN_MS)


def close(page: Any) -> None:
    """End the kernel of the notebook in front and close it unsaved, so that the next one has the
    machine to itself.
    """
    page.evaluate(
        f"async () => {{ const panel = {CURRENT}; await panel.sessionContext.shutdown(); "
        "panel.context.model.dirty = false; panel.close(); }"
    )


def test_lab_opens_on_the_brief_trusted_with_its_contents_beside_it(page: Any, lab: Lab) -> None:
    page.goto(lab.url())
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=OPEN_MS)
    assert page.url.endswith("/lab/workspaces/reverse-imports/tree/notebooks/00_brief.ipynb")
    contents = page.locator(".jp-TableOfContents").get_by_text("Answer in brief", exact=True)
    contents.wait_for()
    page.wait_for_function(
        f"() => {CURRENT}?.sessionContext?.session?.kernel?.name === 'python3'", timeout=OPEN_MS
    )
    assert page.evaluate(
        f"() => [...{CURRENT}.content.model.cells].every(cell => cell.type !== 'code' || "
        "cell.trusted)"
    )
    assert page.locator(".jp-toast-button, .Toastify__toast").count() == 0, (
        "nothing asks the reader for anything"
    )
    contents.click()
    page.locator(".jp-RenderedHTMLCommon h2", has_text="Answer in brief").wait_for()
    close(page)


@pytest.mark.parametrize("name", representatives([*NOTEBOOKS, "explore"], "01_trade_imbalance"))
def test_a_notebook_opens_as_saved_and_saving_stores_the_edit_alone(
    name: str, page: Any, lab: Lab
) -> None:
    file = lab.folder / "notebooks" / f"{name}.ipynb"
    stored = file.read_bytes()
    in_front(page, lab, name)
    page.evaluate(SETTLED)
    assert page.locator(UNSAVED).count() == 0
    source = page.evaluate(f"() => {CURRENT}.content.model.sharedModel.cells[0].getSource()")
    set_first_source(page, source + MARKER)
    edited = file.read_bytes()
    assert edited.count(MARKER.encode()) == 1
    assert edited.replace(MARKER.encode(), b"") == stored
    set_first_source(page, source)
    assert file.read_bytes() == stored
    close(page)


@pytest.mark.parametrize("name", representatives(NOTEBOOKS, "00_brief"))
def test_run_all_gives_no_error_and_nothing_on_stderr(name: str, page: Any, lab: Lab) -> None:
    opened(page, lab, name)
    run_all(page)
    assert page.evaluate(ERRORS) == []
    counts = page.evaluate(COUNTS)
    assert counts == list(range(1, len(counts) + 1))
    links = page.evaluate(f"() => {CURRENT}.content.model.sharedModel.cells.at(-1).getSource()")
    assert all(
        (lab.folder / "notebooks" / link).is_file()
        for link in re.findall(r"\]\((\w+\.ipynb)\)", links)
    )
    assert ".ipynb)" in links, "the last cell leads on"
    page.locator(".jp-Notebook a", has_text="Back to the answer").click()
    page.locator(".jp-Notebook ul.answer").first.wait_for()
    page.wait_for_function(ANSWER_IN_SIGHT)
    close(page)


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
    size: tuple[int, int], page: Any, lab: Lab, tmp_path: Path
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

    panel.locator(".explore-makers").get_by_role("checkbox", name="Toyota").uncheck()
    others = {"makers": ("Honda", "Nissan"), "models": ("integra_type_s", "passport", "murano")}
    follows(panel, expectations(Scenario(**others)))
    assert panel.locator(".explore-models input:disabled").count() == 4, "Toyota's and Subaru's"

    panel.get_by_text("Save this setting as a scenario").click()
    panel.get_by_role("textbox", name="Save as").fill(f"from_{size[0]}")
    panel.get_by_role("textbox", name="Save as").press("Enter")
    panel.get_by_role("button", name="Save as scenario").click()
    panel.get_by_text(f"Saved from_{size[0]}.yaml").wait_for()
    file = lab.folder / "notebooks" / f"from_{size[0]}.yaml"
    assert read_scenario_file(file).scenario == Scenario(**others)
    panel.locator("code", has_text=str(file)).wait_for()
    assert recorded(file, tmp_path)["programme_cost_usd_mn"] == pytest.approx(
        numbers(Scenario(**others))["programme_cost_usd_mn"], rel=1e-9
    )
    file.unlink()

    panel.locator("tr[data-headline=sticker_jpy] a").click()
    page.wait_for_function(f"() => {CURRENT}?.context?.path === 'notebooks/04_landed_cost.ipynb'")
    close(page)
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


def recorded(scenario: Path, folder: Path) -> dict[str, float]:
    """The results of a batch under a saved scenario, by the command that the panel shows."""
    command = [
        sys.executable,
        "-c",
        "from helpers.cli import main; main()",
        "run",
        "04",
        "--scenario-file",
        str(scenario),
        "--output",
        str(folder),
        "--no-html",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout
    leading = STUDY.cost.leading
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["subject"] in ("", leading)
            and re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", row["value"])
        }
