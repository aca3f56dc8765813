"""A window of JupyterLab as a reader uses it: notebooks are brought to the front, run, closed."""

from typing import Any

from tests.lab.conftest import Lab

OPEN_MS, RUN_MS = 60_000, 120_000
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
BRING = "async path => { await window.jupyterapp.commands.execute('docmanager:open', {path}); }"
FORGET = (
    f"() => {{ {CURRENT}.content.model.sharedModel.cells.forEach(cell => cell.cell_type === "
    "'code' && (cell.execution_count = null)) }"
)


def in_front(page: Any, lab: Lab, name: str) -> None:
    """Bring one notebook to the front and wait until its kernel is ready."""
    path = f"notebooks/{name}.ipynb"
    if not page.url.startswith(lab.address):
        page.goto(lab.url(f"lab/workspaces/reverse-imports/tree/{path}"))
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=OPEN_MS)
    page.evaluate(BRING, path)
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
