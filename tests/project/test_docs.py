"""Every command, link and scenario of the guides works: commands really run, long ones are checked
as far as they cost nothing.
"""

import functools
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from helpers import PROJECT_ROOT, cli
from helpers.batch.collect import COLUMNS, parquet
from helpers.scenarios import Scenario, read_scenario_file, write_scenario_file

GUIDES = ("README.md", "CONTRIBUTING.md")
LINKED = (
    *GUIDES,
    "docs/assumptions.md",
    "data/README.md",
    "data/trade/README.md",
    "data/market/README.md",
    "data/vehicles/README.md",
    "data/claims/README.md",
)
TARGETS = set(
    re.findall(
        r"^([a-z-]+):", (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
)
HERE = Path(sys.executable).parent
# Commands of other programs that a guide may name without our running them, and those that write
# into the tree or take long.
ELSEWHERE = {"git", "pipx", "conda", "pre-commit", "nbdiff", "nbdime", "cd"}
TOO_LONG = {"refresh", "new-notebook", "forecast"}
SAMPLES = {
    "my_scenario.yaml": None,
    "design.yaml": "parameters:\n  jpy_per_usd: {from: 120, to: 180, step: 30}\n  draws: [256]\n",
    "article.txt": "Toyota will sell cars.\n\nAbout 20,000 may come.\n",
    "ARTICLE.txt": "Toyota will sell cars.\n\nAbout 20,000 may come.\n",
}


def blocks(guide: str) -> Iterator[tuple[str, str]]:
    """Language and text of each fenced block."""
    text = (PROJECT_ROOT / guide).read_text(encoding="utf-8")
    yield from re.findall(r"^```([a-z]*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, list[str]]]:
    """Each command line of a block without its comment, as (guide, words)."""
    found = []
    for guide in GUIDES:
        for language, text in blocks(guide):
            if language not in ("", "sh", "bash", "console"):
                continue
            found += [
                (guide, words)
                for line in text.splitlines()
                if (words := shlex.split(line, comments=True))
            ]
    return found


def inline() -> list[tuple[str, list[str]]]:
    """Each command in running text: `make test`, `reverse-imports check`, `dask worker`."""
    texts = {
        guide: re.sub(
            r"^```.*?^```",
            "",
            (PROJECT_ROOT / guide).read_text(encoding="utf-8"),
            flags=re.MULTILINE | re.DOTALL,
        )
        for guide in GUIDES
    }
    spans = [
        (guide, span) for guide, text in texts.items() for span in re.findall(r"`([^`\n]+)`", text)
    ]
    return [
        (guide, shlex.split(span))
        for guide, span in spans
        if re.match(r"(\.venv/bin/)?(make|reverse-imports|dask) ", span)
    ]


def program(words: list[str]) -> str:
    return Path(words[0]).name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the project to a command: its notebooks, and the files that the
    guides tell a reader to have.
    """
    found = tmp_path_factory.mktemp("reader")
    (found / "notebooks").symlink_to(PROJECT_ROOT / "notebooks")
    for name, text in SAMPLES.items():
        if text is None:
            write_scenario_file(found / name, Scenario(jpy_per_usd=175.0), "Mine", "My own rate.")
        else:
            (found / name).write_text(text, encoding="utf-8")
    return found


def ran(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    script = HERE / program(words)
    assert script.exists(), f"{words[0]} is not installed with the suite"
    return subprocess.run(
        [str(script), *words[1:]], cwd=folder, capture_output=True, text=True, timeout=120
    )


def helped(words: list[str], folder: Path) -> None:
    """The subcommand exists, and takes every option that the guide writes."""
    names = [word for word in words[1:] if re.fullmatch(r"[a-z][a-z-]*", word)]
    for count in range(min(2, len(names)), 0, -1):
        shown = help_of(words[0], tuple(names[:count]), folder)
        if shown:
            break
    assert shown, words
    assert all(option.split("=")[0] in shown for option in words if option.startswith("--")), words


@functools.cache
def help_of(command: str, names: tuple[str, ...], folder: Path) -> str:
    """What a subcommand's help prints; nothing where there is no such subcommand."""
    if program([command]) == "reverse-imports":
        told = CliRunner().invoke(cli.app, [*names, "--help"], env={"COLUMNS": "200"})
        return told.stdout if told.exit_code == 0 else ""
    done = ran([command, *names, "--help"], folder)
    return done.stdout if done.returncode == 0 else ""


def executes(words: list[str]) -> bool:
    """Whether a command executes notebooks or sweeps, which takes a while."""
    name, first = program(words), words[1]
    runs = name == "papermill" and first != "--help-notebook"
    return runs or (name == "reverse-imports" and first in ("run", "sweep", "compare"))


@pytest.mark.parametrize(
    ("guide", "words"),
    [
        pytest.param(*command, marks=[pytest.mark.slow] if executes(command[1]) else [])
        for command in commands()
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_commands_of_the_guides_work(guide: str, words: list[str], folder: Path) -> None:
    name = program(words)
    assert not {"|", "&&", ";", ">"} & set(words), "one command a line, so that it can be tried"
    if name == "make":
        assert set(words[1:]) <= TARGETS
    elif name in ELSEWHERE:
        pass
    # a cluster is tried in tests/batch
    elif (
        name == "dask"
        or "--scheduler" in words
        or (name == "reverse-imports" and words[1] in TOO_LONG)
    ):
        helped(words, folder)
    else:
        notebooks_named = [word for word in words[2:] if re.fullmatch(r"\d\d(_\w+)?", word)]
        whole_batch = name == "reverse-imports" and words[1] == "run" and not notebooks_named
        done = ran([*words, "--dry-run"] if whole_batch else words, folder)
        assert done.returncode == 0, done.stderr + done.stdout
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("guide", "words"),
    inline(),
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_commands_in_running_text_exist(guide: str, words: list[str], folder: Path) -> None:
    if program(words) == "make":
        assert set(words[1:]) <= TARGETS
    else:
        helped(words, folder)


def test_the_guide_to_the_cluster_is_tried() -> None:
    tried = {(program(words), words[1]) for _, words in commands()}
    assert {("dask", "scheduler"), ("dask", "worker"), ("reverse-imports", "sweep")} <= tried


def test_every_target_of_the_makefile_is_described() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"^## ([a-z-]+):", makefile, re.MULTILINE)) == TARGETS


def test_scenarios_printed_in_a_guide_are_scenarios(tmp_path: Path) -> None:
    printed = [
        text
        for guide in GUIDES
        for language, text in blocks(guide)
        if language == "yaml" and text.startswith("name:")
    ]
    assert printed
    for text in printed:
        name = text.splitlines()[0].removeprefix("name:").strip()
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        assert read_scenario_file(tmp_path / f"{name}.yaml").changes


def test_an_own_step_of_the_guide_moves_the_price_by_what_it_says() -> None:
    names: dict[str, Any] = {}
    assert evaluated(".using(", names).value == pytest.approx(200_000)
    assert names["study"].replaced == ("price_walk",)


def evaluated(part: str, names: dict[str, Any]) -> Any:
    """What the last line gives of the Python in the guides that has this part."""
    codes = [text for guide in GUIDES for language, text in blocks(guide) if language == "python"]
    (code,) = [text for text in codes if part in text]
    *lines, last = code.strip().splitlines()
    exec("\n".join(lines), names)
    return eval(last, names)


def test_three_lines_set_the_scenarios_of_a_run_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"value": value, "low": None, "high": None, "text": str(value), "scenario": scenario}
        | {"notebook": "04_landed_cost", "name": "sticker_jpy", "subject": subject}
        for scenario, value, subject in (("base", 9.2, "a"), ("weak", 9.9, "a"), ("base", 8.0, ""))
    ]
    (tmp_path / "reports").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports" / "results.parquet").write_bytes(parquet(rows))
    monkeypatch.chdir(tmp_path / "notebooks")
    beside = evaluated("results.parquet", {})
    assert beside.loc[("04_landed_cost", "sticker_jpy", "a")].to_dict() == {
        "base": "9.2",
        "weak": "9.9",
    }
    assert beside.loc[("04_landed_cost", "sticker_jpy", ""), "base"] == "8.0"


@pytest.mark.parametrize("guide", LINKED)
def test_links_lead_to_files_of_the_project(guide: str) -> None:
    path = PROJECT_ROOT / guide
    links = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    missing = [
        link
        for link in links
        if not link.startswith(("http", "#")) and not (path.parent / link.split("#")[0]).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("guide", GUIDES)
def test_files_named_in_a_guide_exist(guide: str) -> None:
    text = (PROJECT_ROOT / guide).read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:data|docs|helpers|tests|notebooks|benchmarks|lab)/[\w./-]*)`", text)
    )
    printed = {"data/scenarios/my_city.yaml"}
    assert {name for name in named - printed if not (PROJECT_ROOT / name).exists()} == set()
