"""The command as people type it: real processes, exit codes, and lines instead of tracebacks."""

import io
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from helpers import PROJECT_ROOT, cli
from helpers.commands.shared import listing
from helpers.data import load
from helpers.scenarios import load_scenarios, parameters


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from helpers.cli import main; main()", *words],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_scenarios_lists_every_scenario_with_its_changes() -> None:
    done = run("scenarios")
    assert done.returncode == 0
    assert all(one.name in done.stdout for one in load_scenarios())
    assert "jpy_per_usd = 170.0" in done.stdout


def test_parameters_lists_every_parameter_or_those_of_a_notebook() -> None:
    listed = run("parameters").stdout
    assert all(one.name in listed for one in parameters())
    shown = run("parameters", "notebooks/03_vehicle_fit.ipynb").stdout
    assert "street_width_m" in shown
    assert "as_of_date" not in shown


def test_check_finds_nothing_wrong_with_what_ships() -> None:
    done = run("check")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("parameters", "07_weather"), "there is no such notebook; write one of 00_brief"),
        (("run", "07_weather"), "05_claim_audit, or the path of a notebook"),
        (("run", "--scenario", "weak_yenn"), "there is no such scenario"),
        (("run", "-p", "jpy_per_us=175"), "there is no such parameter; did you mean jpy_per_usd?"),
        (("run", "-p", "jpy_per_usd=yes"), "is not a number"),
        (("run", "-p", "jpy_per_usd=1e9"), "is not a number"),
        (
            ("run", "-p", "jpy_per_usd"),
            "there is no value; write NAME=VALUE, such as jpy_per_usd=175\n1 ",
        ),
        (("run", "-p", "draws=5"), "out of range"),
        (("run", "-p", "models=camri"), "did you mean camry?"),
        (("run", "05", "--texts", "nowhere"), "--texts nowhere: holds none of the texts"),
        (("claims", "export", "reviews.jsonld"), "--base-url: is missing; give the one at which"),
    ],
)
def test_bad_words_end_with_one_line_each_and_exit_2(
    words: tuple[str, ...], message: str, tmp_path: object
) -> None:
    done = run(*words, *(["--output", f"{tmp_path}/out"] if words[0] == "run" else []))
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "nothing was run" in done.stderr


def commands(app: typer.Typer) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every command's words, with the example that its help ends with."""
    pending: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while pending:
        words, command = pending.pop()
        inner = getattr(command, "commands", {})
        pending += [((*words, name), each) for name, each in inner.items()]
        if not inner:
            yield words, command.epilog or ""


def test_every_help_ends_with_an_example_of_its_own_command() -> None:
    for words, epilog in commands(cli.app):
        start, _, rest = epilog.partition(" reverse-imports ")
        assert (start, tuple(shlex.split(rest)[: len(words)])) == ("Example:", words)


def test_short_help_reaches_the_last_command() -> None:
    assert "Example: reverse-imports data status" in run("data", "status", "-h").stdout


def test_help_fills_its_lines() -> None:
    shown = CliRunner().invoke(cli.app, ["run", "--help"], env={"COLUMNS": "200"}).stdout
    assert "the output folder is in use, 130 interrupted" in shown


def test_a_listing_cuts_no_name_in_a_narrow_terminal() -> None:
    table = listing("Name", "Choices", "Meaning")
    table.add_row("cars", "highlander_hybrid_limited", "further cars of the table")
    console = Console(width=30, file=io.StringIO())
    console.print(table)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    start, end = lines[0].index("Choices"), lines[0].index("Meaning")
    assert "".join(line[start:end].strip() for line in lines[1:]) == "highlander_hybrid_limited"


def test_a_result_is_shown_as_a_line_to_quote() -> None:
    row = load("trade_flows").query(
        "flow == 'us_to_jp_vehicles' and measure == 'units' and period == '2024'"
        " and product == 'automobiles_incl_used'"
    )
    told = run("show", "gap_units").stdout
    assert told.startswith("gap_units: ")
    assert ", derived, known until 2024-12-31\n" in told
    assert all(f"  {source}: " in told for source in row["source_ids"].iloc[0].split(";"))
    assert told.rstrip().endswith("notebooks: 01_trade_imbalance")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("gap_unitz", "did you mean gap_units?"),
        ("sticker_jpy.highlandr", "did you mean highlander?"),
        ("nonsense", "helpers/result_names.csv lists all"),
    ],
)
def test_a_result_that_is_not_is_answered_with_the_nearest(name: str, remedy: str) -> None:
    done = run("show", name)
    assert (done.returncode, remedy in done.stderr) == (2, True)


def test_a_broken_pipe_is_told_and_not_taken_for_a_reader_that_left() -> None:
    app = typer.Typer(cls=cli.Commands)

    @app.callback()
    def group() -> None:
        """Several commands."""

    @app.command()
    def work() -> None:
        """Write to a process that is gone."""
        taken, given = os.pipe()
        os.close(taken)
        with os.fdopen(given, "wb", buffering=0) as pipe:
            pipe.write(b"job")

    ended = CliRunner().invoke(app, ["work"])
    assert ended.exit_code == 1
    assert (
        "a process that took part in the work ended before its time; run the same" in ended.output
    )


def test_a_scenario_of_ones_own_does_not_take_the_name_of_one_that_ships(tmp_path: Path) -> None:
    shipped = (PROJECT_ROOT / "data" / "scenarios" / "weak_yen.yaml").read_text(encoding="utf-8")
    own = tmp_path / "weak_yen.yaml"
    words = ("run", "01", "--dry-run", "--scenario-file", str(own), "--output", str(tmp_path / "o"))
    own.write_text(shipped, encoding="utf-8")
    assert run(*words).returncode == 0
    own.write_text(shipped.replace("170", "171"), encoding="utf-8")
    done = run(*words)
    assert done.returncode == 2
    assert "a scenario that ships is called weak_yen, and its reports would be" in done.stderr
    assert "rename the file and its name, such as my_weak_yen" in done.stderr
