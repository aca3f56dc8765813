"""The engine needs nothing of the suite around it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers import PROJECT_ROOT

RUN = """
import os, sys
from pathlib import Path
from helpers.engine.folders import new_folder
from helpers.engine.outcome import Job, Limits
from helpers.engine.outcome import judged
from helpers.engine.processes import FIXED
from helpers.engine.warm import chosen

engine = chosen(sys.argv[1], {**FIXED, **os.environ}, workers=1, suite="")
job = Job("small", Path("small.ipynb").read_text(), {"rate": 175}, {})
folder = new_folder("run")
try:
    outcome = judged(folder, engine.execute(job, folder, Limits()), 0.0)
finally:
    engine.stop()
print(outcome.state, outcome.message, *engine.refusals, *outcome.files)
Path("executed.ipynb").write_bytes(outcome.files[".ipynb"])
"""


@pytest.mark.parametrize("kind", ["warm", "kernel"])
def test_the_engine_runs_a_notebook_where_nothing_else_of_the_suite_is(
    kind: str, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT_ROOT / "helpers" / "engine", tmp_path / "helpers" / "engine")
    (tmp_path / "helpers" / "__init__.py").touch()
    cells = [
        nbformat.v4.new_code_cell("import helpers; folder = helpers.__file__"),
        nbformat.v4.new_code_cell("rate = 150", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("print(folder, 2 * rate)"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, tmp_path / "small.ipynb")
    done = subprocess.run(
        [sys.executable, "-c", RUN, kind],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["done", ".ipynb"], done.stdout + done.stderr
    executed = nbformat.read(tmp_path / "executed.ipynb", as_version=4)
    told = executed.cells[-1].outputs[0].text
    assert told == f"{tmp_path / 'helpers' / '__init__.py'} 350\n"
