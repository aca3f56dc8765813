"""One batch of notebooks that each harm in a way of their own, beside a healthy one: every state is
the expected one, and index, manifest, results and terminal are unharmed.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from helpers.batch.options import ENGINES
from helpers.engine.outcome import WRITES_TOO_MUCH
from tests.batch.small_notebooks import notebook

GROWS = """
import time
blocks = []
while True:
    blocks.append(bytearray(30_000_000))
    time.sleep(0.02)
"""
PRINTS_FROM_A_POOL = """
from concurrent.futures import ProcessPoolExecutor
def square(number):
    print('in child', number)
    return number * number
with ProcessPoolExecutor(1) as pool:
    print(list(pool.map(square, range(4))))
"""
FORKS = """
process = os.fork()
if process == 0:
    os._exit(0)
print(os.waitpid(process, 0)[1])
"""
SECRETS = """
print('AIza' + 'SyA1234567890abcdefghijklmnopqrstuv')
print('postgres://admin:' + 'hunter2hunter2' + '@db.example.com/prod')
"""
DOUBLES = """
from IPython.display import SVG
parts = ['<g id="a0"><rect width="1" height="1"/></g>']
parts += [f'<g id="a{i}"><use href="#a{i-1}"/><use href="#a{i-1}"/></g>' for i in range(1, 26)]
SVG('<svg xmlns="http://www.w3.org/2000/svg">' + ''.join(parts) + '<use href="#a25"/></svg>')
"""
CASES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "healthy": (("print('fine')",), "done", ""),
    "output_flood": (("while True: print('x' * 100)", "1"), "failed", WRITES_TOO_MUCH),
    "memory": ((GROWS,), "out-of-memory", "the limit is 600 MB"),
    "freezes_its_parent": (("import signal\nos.kill(os.getppid(), signal.SIGSTOP)",), "done", ""),
    "terminal_escapes": (("raise ValueError('\\x1b[2J' + 'hello')",), "failed", "\\x1b[2Jhello"),
    "long_error": (("raise ValueError('<' * 300_000)",), "failed", "<<<"),
    "secret_forms": ((SECRETS,), "failed", "the output holds "),
    "pool_prints": ((PRINTS_FROM_A_POOL,), "done", ""),
    "forks": ((FORKS,), "done", ""),
    "output_widget": (
        ("import ipywidgets\nout = ipywidgets.Output()\nwith out: print('inside')\nout",),
        "done",
        "",
    ),
    "overlay": (
        (
            "from IPython.display import HTML",
            "HTML('<div style=\"position:fixed;inset:0\">x</div>')",
        ),
        "failed",
        "may cover or hide the page",
    ),
    "svg_use_bomb": ((DOUBLES,), "failed", "its drawings repeat their parts"),
    "history_and_magic": (("x = 1", "%history -n", "%no_such_magic"), "failed", "UsageError"),
}
RUN = "import sys; from helpers.cli import main; sys.argv = {!r}; main()"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_each_case_ends_in_its_state_and_harms_no_other(engine: str, tmp_path: Path) -> None:
    for name, (sources, _, _) in CASES.items():
        nbformat.write(notebook(*sources), tmp_path / f"{name}.ipynb")
    words = ["reverse-imports", "run", *(f"{name}.ipynb" for name in CASES), "--memory", "600"]
    words += ["--engine", engine, "--output", "out", "--workers", "2", "--timeout", "60"]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(sys.path),
        "TMPDIR": str(temporary),
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(words)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert all(character.isprintable() or character == "\n" for character in done.stdout)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    ended = {run["notebook"]: (run["state"], run.get("message", "")) for run in manifest["runs"]}
    assert {name: state for name, (state, _) in ended.items()} == {
        name: state for name, (_, state, _) in CASES.items()
    }
    for name, (_, _, words_in_message) in CASES.items():
        message = ended[name][1]
        assert words_in_message in message
        assert len(message) <= 301
    assert "healthy" in (tmp_path / "out" / "index.html").read_text()
    assert (tmp_path / "out" / "results.csv").is_file()
    assert list(temporary.iterdir()) == []
    assert [process for process in psutil.process_iter() if _stands_in(process, tmp_path)] == []


def _stands_in(process: Any, folder: Path) -> bool:
    try:
        return bool(Path(process.cwd()).is_relative_to(folder))
    except (psutil.Error, OSError):
        return False
