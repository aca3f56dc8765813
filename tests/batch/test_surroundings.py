"""The command wherever it is started: hostile folders, lost readers, users without a home, copied
checkouts.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers import PROJECT_ROOT
from helpers.batch import Options, Plan, plan
from helpers.errors import InputError
from helpers.scenarios import load_scenario
from tests.tiers import representatives

Make = Callable[..., Path]
Planned = Callable[..., Plan]
COMMAND = str(Path(sys.executable).parent / "reverse-imports")
GRID = "parameters: {jpy_per_usd: [150, 175]}\n"


def command(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words], cwd=folder, capture_output=True, text=True, timeout=200
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            ("sweep", "grid.yaml", "--output", "points.parquet"), id="sweep", marks=pytest.mark.slow
        ),
        pytest.param(("run", "MADE", "--output", "out", "--no-html"), id="run warm"),
        pytest.param(
            ("run", "MADE", "--output", "out", "--no-html", "--engine", "kernel"),
            id="run in a kernel",
            marks=pytest.mark.slow,
        ),
        pytest.param(("check",), id="check", marks=pytest.mark.slow),
    ],
)
def test_nothing_is_imported_from_the_folder_one_stands_in(
    words: tuple[str, ...], make: Make, tmp_path: Path
) -> None:
    folder = tmp_path / "hostile"
    (folder / "helpers").mkdir(parents=True)
    trap = (
        f"open({str(tmp_path / 'imported')!r}, 'a').write(__name__)\nraise SystemExit('imported')\n"
    )
    for name in ("select.py", "json.py", "random.py", "helpers/__init__.py"):
        (folder / name).write_text(trap)
    (folder / "grid.yaml").write_text(GRID)
    notebook = str(make("small", "print(jpy_per_usd)"))
    done = command(*(notebook if word == "MADE" else word for word in words), folder=folder)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "imported").exists()


def test_a_batch_whose_reader_is_gone_ends_as_any_other(make: Make, tmp_path: Path) -> None:
    notebook = str(make("small", "print(jpy_per_usd)"))
    read, write = os.pipe()
    os.close(read)
    words = [
        COMMAND,
        "run",
        notebook,
        "--scenario",
        "base",
        "--scenario",
        "fx_latest",
        "--output",
        "out",
    ]
    done = subprocess.run(
        words, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True, timeout=200
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"results.csv", "manifest.json", "index.html"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }
    assert (tmp_path / "out" / "fx_latest" / "small.ipynb").is_file()


@pytest.mark.parametrize(
    "reader",
    representatives([">&-", "> /dev/full", ">&- 2>&-", "> /dev/full 2> /dev/full"], ">&- 2>&-"),
)
def test_what_is_printed_may_go_nowhere(reader: str, make: Make, tmp_path: Path) -> None:
    words = shlex.join(
        [COMMAND, "run", str(make("small", "print(1)")), "--output", "out", "--no-html"]
    )
    done = subprocess.run(
        f"{words} {reader}",
        shell=True,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        timeout=200,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert {"results.csv", "manifest.json"} <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("reader", representatives(["2>&-", "2> /dev/full"], "2>&-"))
def test_bad_input_keeps_its_exit_code_when_nobody_reads_why(reader: str, tmp_path: Path) -> None:
    words = shlex.join([COMMAND, "run", "--scenario", "unheard_of", "--output", "out"])
    assert (
        subprocess.run(f"{words} {reader}", shell=True, cwd=tmp_path, timeout=200).returncode == 2
    )
    assert list(tmp_path.iterdir()) == []


NO_HOME = """
import os, pwd
def nobody(number):
    raise KeyError(number)
pwd.getpwuid = nobody  # as the system answers for a user id that it does not list
os.environ.pop("HOME", None)
from helpers.cli import main
main()
"""


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("check",), id="check", marks=pytest.mark.slow),
        pytest.param(("run", "MADE", "--output", "out"), id="run"),
    ],
)
def test_a_user_without_home_and_name_is_served(
    words: tuple[str, ...], make: Make, tmp_path: Path
) -> None:
    notebook = str(make("small", "print(jpy_per_usd)"))
    given = [notebook if word == "MADE" else word for word in words]
    unset = ("HOME", "LOGNAME", "USER", "LNAME", "USERNAME")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment["PYTHONPATH"] = str(PROJECT_ROOT)
    script = [sys.executable, "-c", NO_HOME, *given]
    done = subprocess.run(
        script, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"HOME": "/proc/1"},  # which nobody can write into
    ],
    ids=["a terminal without our characters", "a home that can only be read"],
)
def test_words_and_settings_find_a_place(
    variables: dict[str, str], make: Make, tmp_path: Path
) -> None:
    unset = {name: value for name, value in os.environ.items() if name != "MPLCONFIGDIR"}
    done = subprocess.run(
        [COMMAND, "run", str(make("small", "print('é')")), "--output", "out"],
        cwd=tmp_path,
        env=unset | variables,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 done in " in done.stdout


@pytest.mark.parametrize(
    "name",
    ["", "data/out", "helpers", "notebooks/reports", "tests/x", "docs/x", "lab", "benchmarks/x"],
)
def test_reports_do_not_go_into_what_they_are_made_from(
    name: str, make: Make, planned: Planned
) -> None:
    before = set(PROJECT_ROOT.glob("*/*"))
    with pytest.raises(InputError) as caught:
        plan(
            [make("small", "print(1)")],
            [load_scenario("base")],
            Options(output=PROJECT_ROOT / name),
        )
    (fault,) = caught.value.faults
    assert "the project itself stands there" in str(fault)
    assert set(PROJECT_ROOT.glob("*/*")) == before


def test_nor_by_a_link(make: Make, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(PROJECT_ROOT / "data")
    with pytest.raises(InputError, match="the project itself stands there"):
        plan(
            [make("small", "print(1)")],
            [load_scenario("base")],
            Options(output=tmp_path / "link" / "out"),
        )


@pytest.mark.parametrize(
    "text",
    representatives(["s3://bucket/x", "S3://bucket/x", "ftp://reports", ""], "S3://bucket/x"),
)
def test_an_output_that_is_no_folder_is_refused_in_one_line(
    text: str, make: Make, tmp_path: Path
) -> None:
    done = command("run", str(make("small", "print(1)")), "--output", text, folder=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 2  # the fault, and that nothing was run
    assert "--output" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sources"]


@pytest.mark.parametrize("text", representatives(["a file", "x" * 5_000], "a file"))
def test_an_output_that_cannot_be_a_folder_is_refused_in_one_line(
    text: str, make: Make, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    done = command("run", str(make("small", "print(1)")), "--output", text, folder=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 2)
    assert "it cannot be used: " in done.stderr


@pytest.mark.parametrize("name", ["", "HTTPS_PROXY=x", "MY KEY"])
def test_what_is_no_variable_is_not_handed_on(name: str, make: Make, planned: Planned) -> None:
    with pytest.raises(InputError, match="is no name of a variable"):
        planned([make("small", "print(1)")], keep_environment=(name,))


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        pytest.param(
            PROJECT_ROOT / "data",
            "the project itself stands there",
            id="data",
            marks=pytest.mark.slow,
        ),
        pytest.param(Path("link"), "the project itself stands there", id="a link to data"),
        pytest.param(
            Path("s3://bucket"), "is an address, not a folder", id="address", marks=pytest.mark.slow
        ),
    ],
)
def test_nor_do_the_numbers_of_a_grid_go_there(folder: Path, told: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(PROJECT_ROOT / "data")
    (tmp_path / "grid.yaml").write_text(GRID)
    before = set((PROJECT_ROOT / "data").iterdir())
    output = str(folder / "points.parquet")
    done = command("sweep", "grid.yaml", "--output", output, folder=tmp_path)
    assert set((PROJECT_ROOT / "data").iterdir()) == before
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("grid", "told"),
    [
        (
            "jpy: {from: 100, to: 200, step: 0.01}",
            "there is no such parameter; did you mean jpy_per_usd?",
        ),
        pytest.param(
            "jpy_per_usd: {from: -100, to: 200, step: 0.01}",
            "-100.0 is out of range; write 50 to 400 (JPY per USD)",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "flow_basis: [officia, reported]", "did you mean official?", marks=pytest.mark.slow
        ),
    ],
)
def test_each_cause_of_error_in_a_grid_is_one_line(grid: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text(f"parameters:\n  {grid}\n")
    done = command("sweep", "grid.yaml", "--output", "points.parquet", folder=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_a_copied_or_moved_environment_is_made_anew(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second, copied"
    (first / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(PROJECT_ROOT / name, first)
    (first / ".venv" / "folder").write_text(f"{first}\n")
    for name in ("lock.stamp", "package.stamp"):
        (first / ".venv" / name).touch()
    shutil.copytree(first, second, copy_function=shutil.copy2)
    dry = [
        subprocess.run(
            ["make", "--dry-run", "reports"], cwd=folder, capture_output=True, text=True, check=True
        ).stdout
        for folder in (first, second)
    ]
    assert "venv --clear" not in dry[0]
    assert "venv --clear" in dry[1]
    assert "--editable" in dry[1]
