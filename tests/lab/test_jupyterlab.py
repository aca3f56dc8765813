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

from helpers.explore.headlines import HEADLINES, Answers
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
    close(page)


def test_explore_follows_its_controls_and_its_scenario_runs(
    page: Any, lab: Lab, tmp_path: Path
) -> None:
    opened(page, lab, "explore")
    by_keyboard(page)
    assert page.evaluate(ERRORS) == []
    panel = page.locator(".jp-OutputArea").filter(has=page.locator("table.explore-numbers"))
    panel.locator("table.explore-numbers").scroll_into_view_if_needed()
    expect = expectations(Scenario())
    assert headline(panel, "sticker_jpy") == expect["sticker_jpy"]

    handle = panel.locator(".widget-slider", has_text="Yen per dollar").locator(".noUi-handle")
    handle.focus()
    for _ in range(5):
        handle.press("PageUp")
    rate = float(
        panel.locator(".widget-slider", has_text="Yen per dollar")
        .locator(".widget-readout")
        .text_content()
    )
    assert rate > 150
    follows(panel, expectations(Scenario(jpy_per_usd=rate)))
    said = panel.locator(".explore-said").text_content()
    assert re.search(
        r"exchange rate .* because nearly all of its cost is in dollars", said, re.IGNORECASE
    )

    column = panel.locator(
        ".widget-vbox", has=page.locator("strong", has_text=re.compile("^Wheel on the right$"))
    ).last
    column.get_by_role("checkbox", name="Camry").check()
    scenario = Scenario(jpy_per_usd=rate, right_hand_drive_models=("camry", "highlander"))
    follows(panel, expectations(scenario))
    assert panel.locator("figure svg[role=img]").count() == 3

    panel.get_by_role("textbox", name="Save as").fill("from_the_panel")
    panel.get_by_role("textbox", name="Save as").press("Enter")
    panel.get_by_role("button", name="Save as scenario").click()
    panel.get_by_text("Saved from_the_panel.yaml").wait_for()
    file = lab.folder / "notebooks" / "from_the_panel.yaml"
    assert read_scenario_file(file).scenario == scenario
    assert str(file) in panel.locator("code").text_content()
    assert recorded(file, tmp_path)["sticker_jpy"] == pytest.approx(
        numbers(scenario)["sticker_jpy"], rel=1e-9
    )
    close(page)


def by_keyboard(page: Any) -> None:
    """Run a notebook from top to bottom as a reader without a mouse does, one Shift+Enter a
    cell.
    """
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Escape")
    for _ in range(page.evaluate(f"() => {CURRENT}.content.model.cells.length")):
        page.keyboard.press("Shift+Enter")
    page.wait_for_function(RAN, timeout=RUN_MS)


def numbers(scenario: Scenario) -> dict[str, float]:
    return Answers(Study.of(scenario)).numbers


def expectations(scenario: Scenario) -> dict[str, str]:
    """What the panel has to show, from the models."""
    values = numbers(scenario)
    return {one.name: one.text(values[one.name]) for one in HEADLINES}


def headline(panel: Any, name: str) -> str:
    return str(panel.locator(f"tr[data-headline={name}] td.now").text_content())


def follows(panel: Any, expected: dict[str, str]) -> None:
    """Wait until the panel shows every headline as the models give it."""
    for name, text in expected.items():
        panel.locator(
            f"tr[data-headline={name}] td.now", has_text=re.compile(f"^{re.escape(text)}$")
        ).wait_for()


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
    leading = Study.of().cost.leading
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["subject"] in ("", leading)
            and re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", row["value"])
        }
