"""The notebooks where people open them: a real JupyterLab, driven by a real browser, its menus and
its keys.
"""

import re
from typing import Any

import pytest

from helpers.scenarios import NOTEBOOKS
from tests.lab.conftest import Lab
from tests.lab.window import (
    COUNTS,
    CURRENT,
    ERRORS,
    OPEN_MS,
    SETTLED,
    close,
    in_front,
    opened,
    run_all,
)
from tests.tiers import representatives

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
UNSAVED = ".lm-TabBar-tab.jp-mod-current.jp-mod-dirty"
ANSWER_IN_SIGHT = """() => {
  const panel = document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const answer = panel.querySelector('ul.answer li')?.getBoundingClientRect();
  return answer && answer.top >= 0 && answer.bottom < window.innerHeight;
}"""
PAINTED = """async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise(requestAnimationFrame);
}"""
MARKER = " edited by the reader"
SCREENS = ((1280, 800), (1920, 1080))


def set_first_source(page: Any, source: str) -> None:
    """Write into the first cell and save, as a reader who edits it does."""
    page.evaluate(
        f"source => {CURRENT}.content.model.sharedModel.cells[0].setSource(source)", source
    )
    page.wait_for_selector(UNSAVED)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_selector(UNSAVED, state="detached")


def formulas_shown(page: Any) -> list[str]:
    """What JupyterLab sets as formulas in what cells show, from the first screen to the last."""
    room = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer")
    room.evaluate("room => room.scrollTo(0, 0)")
    page.locator(".jp-MarkdownOutput mjx-container, ul.answer").first.wait_for()
    formulas: list[str] = []
    at = -1
    while (reached := room.evaluate("room => room.scrollTop")) > at:
        at = reached
        page.evaluate(PAINTED)
        formulas += page.locator(".jp-OutputArea mjx-container").all_inner_texts()
        room.evaluate("room => room.scrollBy(0, room.clientHeight / 2)")
    return formulas


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
    assert formulas_shown(page) == []
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


@pytest.mark.parametrize(
    "name", representatives([*NOTEBOOKS, "explore"], "02_import_volume", "explore")
)
def test_the_first_screen_holds_question_parameters_and_answer(
    name: str, page: Any, lab: Lab
) -> None:
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        in_front(page, lab, name)
        page.evaluate(SETTLED)
        notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        cells = notebook.locator(".jp-Cell")
        parts = {
            "question": cells.filter(has=page.locator("h2", has_text="Question")),
            "parameters": cells.filter(has_text="more: dict = {}"),
            "answer": notebook.locator("ul.answer li"),
        }
        if name == "explore":
            parts |= {"parameters": cells.filter(has_text="panel.show()")}
            parts |= {"answer": notebook.locator("tr[data-headline], tbody th[scope=row]")}
        room = notebook.locator(".jp-WindowedPanel-outer").bounding_box()
        for part, found in parts.items():
            box = found.first.bounding_box()
            assert box["height"] > 0, part
            assert box["y"] >= room["y"], f"{part} stands above the window of {width} px"
            if (name, part) != ("explore", "parameters"):  # what it shows goes on below
                end = room["y"] + room["height"]
                assert box["y"] + box["height"] <= end, f"{part} ends below it, at {width} px"
        close(page)
