"""Texts that others wrote reach terminal, log, manifest and index clean and short, whatever the
channel.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.batch.privacy import strings
from helpers.texts import printable
from tests.batch.small_notebooks import notebook
from tests.tiers import representatives

HOSTILE = "\x1b]0;title\x07\x1b[2J\x1b]52;c;aGVsbG8=\x07hello\rOK all done\u202egnp.exe\x9b31m"
SURROGATE = HOSTILE + "\ud800"
FAILS_IN_A_THREAD = """
import threading
def fail():
    raise ValueError({!a})
thread = threading.Thread(target=fail)
thread.start()
thread.join()
"""
WRITES_TO_STDERR = """
import os, sys
sys.stderr.write(chr(27) + '[2J')
os.write(2, bytes([27]) + b'[2J')
print(chr(27) + '[2J')
"""
RUN = "import sys; from helpers.cli import main; sys.argv = {!r}; main()"
SCENARIO = """name: {name}
title: "Title \\e]0;x\\a\\e[2J end"
story: "Story \\e[31m \\u202e end"
parameters: {{}}
"""


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a folder of the test, in a process of its own."""
    code = RUN.format(["reverse-imports", *words])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=folder, env=environment, check=False
    )


def unprintable(text: str) -> set[str]:
    """What in a text does more than stand there."""
    return {
        character for character in text if not character.isprintable() and character not in "\n\xa0"
    }


@pytest.fixture(scope="module")
def batch(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[subprocess.CompletedProcess[bytes], Path]:
    """One batch with every channel by which a text comes in, beside a healthy notebook."""
    folder = tmp_path_factory.mktemp("foreign")
    heading = notebook("print('fine')")
    heading.cells[0].source = "# Heading \x1b[2J\u202e end"
    books = {
        "healthy": heading,
        "escapes": notebook(f"raise ValueError({HOSTILE!a})"),
        "surrogates": notebook(f"raise ValueError({SURROGATE!a})"),
        "long_error": notebook("raise ValueError('<' * 300_000)"),
        "kind_of_error": notebook(f"raise type({HOSTILE!a}, (Exception,), {{}})('x')"),
        "in_a_thread": notebook(FAILS_IN_A_THREAD.format(HOSTILE)),
        "shared_cell": notebook("1", before=("raise ValueError('<' * 300_000 + chr(27))",)),
        "writes_to_stderr": notebook(WRITES_TO_STDERR),
    }
    for name, book in books.items():
        nbformat.write(book, folder / f"{name}.ipynb")
    (folder / "told.yaml").write_text(SCENARIO.format(name="told"))
    paths = [f"{name}.ipynb" for name in books]
    return command(
        folder, "run", *paths, "--scenario-file", "told.yaml", "--output", "out", "--workers", "2"
    ), folder / "out"


def test_no_control_character_reaches_the_terminal(
    batch: tuple[subprocess.CompletedProcess[bytes], Path],
) -> None:
    done, _ = batch
    assert done.returncode == 1
    assert [unprintable(stream.decode()) for stream in (done.stdout, done.stderr)] == [set(), set()]
    assert "Traceback" not in done.stderr.decode()
    assert max(map(len, done.stdout.decode().splitlines())) < 1_000


def test_manifest_index_and_results_are_written_clean(
    batch: tuple[subprocess.CompletedProcess[bytes], Path],
) -> None:
    _, output = batch
    manifest = json.loads((output / "manifest.json").read_text())
    assert {text for text in strings(manifest) if unprintable(text)} == set()
    states = {run["notebook"]: run["state"] for run in manifest["runs"]}
    assert {name for name, state in states.items() if state == "done"} == {
        "healthy",
        "writes_to_stderr",
    }
    assert max(len(run.get("message", "")) for run in manifest["runs"]) <= 301
    for name in ("index.html", "results.csv"):
        assert unprintable((output / name).read_text()) <= {"\r"}
    index = (output / "index.html").read_text()
    assert "&lt;" * 1_000 not in index
    assert all(text in index for text in ("healthy", "long_error", "Title", "Story"))


def test_the_whole_text_stays_in_the_failed_notebook(
    batch: tuple[subprocess.CompletedProcess[bytes], Path],
) -> None:
    _, output = batch
    assert "<" * 300_000 in (output / "told" / "long_error.failed.ipynb").read_text()


@pytest.mark.parametrize(
    "name",
    representatives(["\x1b[2J.ipynb", "a\u202eb.ipynb", "a\nb.ipynb"], "\x1b[2J.ipynb"),
)
def test_the_name_of_a_file_is_told_clean(tmp_path: Path, name: str) -> None:
    nbformat.write(notebook("1"), tmp_path / name)
    done = command(tmp_path, "run", name, "--output", "out")
    assert done.returncode == 2
    assert unprintable(done.stderr.decode()) == set()
    assert printable(name).removesuffix(".ipynb") in done.stderr.decode()


@pytest.mark.parametrize("text", [SURROGATE, "\ud800" * 400, "x" * 301, "\x1b" * 299])
def test_a_text_is_clean_short_and_the_same_when_cleaned_again(text: str) -> None:
    clean = printable(text)
    assert clean.isprintable()
    assert len(clean) <= 301
    assert printable(clean[:300]) == clean[:300]
    clean.encode()
