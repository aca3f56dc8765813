"""The project's own files agree with each other."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from helpers import PROJECT_ROOT

PROJECT = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {
    "jupyter-server": "jupyter_server",
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
}


def floors(lines: list[str]) -> dict[str, str]:
    pairs = [re.fullmatch(r"([A-Za-z0-9_.-]+)\s*>=([0-9.]+)", line.strip()) for line in lines]
    assert all(pairs), "every direct dependency has a floor and nothing else"
    return {pair[1].lower(): pair[2] for pair in pairs if pair}


def test_conda_environment_has_the_same_dependencies_and_floors() -> None:
    groups = PROJECT["optional-dependencies"]
    declared = floors(PROJECT["dependencies"] + groups["test"] + groups["build"])
    wanted = {CONDA_NAMES.get(name, name): floor for name, floor in declared.items()}
    entries = yaml.safe_load((PROJECT_ROOT / "environment.yml").read_text(encoding="utf-8"))[
        "dependencies"
    ]
    conda = [
        entry
        for entry in entries
        if isinstance(entry, str) and not re.match(r"(python|pip)\b(?!-)", entry)
    ]
    (pip,) = [entry["pip"] for entry in entries if isinstance(entry, dict)]
    assert floors(conda + [entry for entry in pip if not entry.startswith("--")]) == wanted


def test_floors_of_the_design_are_kept() -> None:
    declared = floors(PROJECT["dependencies"])
    minimum = {
        "nbconvert": "7.17.1",
        "jupyter-server": "2.20.0",
        "jupyterlab": "4.5.7",
        "mistune": "3.3.0",
        "distributed": "2026.1.0",
    }
    assert {name: declared[name] for name in minimum} == minimum


@pytest.fixture(scope="module")
def lock() -> str:
    return (PROJECT_ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_lock_pins_and_hashes_every_direct_dependency(lock: str) -> None:
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock, re.MULTILINE))
    groups = PROJECT["optional-dependencies"]
    for name, floor in floors(PROJECT["dependencies"] + groups["test"] + groups["build"]).items():
        assert name in pinned, f"{name} is not in requirements.lock"
        assert [int(part) for part in re.findall(r"\d+", pinned[name])] >= [
            int(part) for part in floor.split(".")
        ]
    requirements = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in requirement for requirement in requirements)


def test_lock_names_no_index_and_no_local_path(lock: str) -> None:
    assert not re.search(r"https?://|file:|index-url|find-links|^\s*(-e|/|\.)", lock, re.MULTILINE)


MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
OPTIONS = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "pytest"
]["ini_options"]["addopts"]


def recipe(target: str) -> str:
    found = re.search(rf"^{target}: \.venv/package\.stamp\n((?:\t.+\n)+)", MAKEFILE, re.MULTILINE)
    assert found, f"the target {target} does not set up what it needs"
    return found[1]


def selection(target: str) -> str:
    """The expression of markers by which a target chooses among the tests; that of pyproject.toml
    where it names none.
    """
    (chosen,) = re.findall(r'-m "(.+?)"', recipe(target)) or re.findall(r"-m '(.+?)'", OPTIONS)
    return str(chosen)


@pytest.mark.parametrize(
    "target", ["reports", "test-quick", "test", "test-slow", "test-long", "lab", "refresh", "lint"]
)
def test_makefile_targets_set_up_what_they_need(target: str) -> None:
    folders = re.findall(r" (tests/\S+)", recipe(target))
    assert all((PROJECT_ROOT / folder).is_dir() for folder in folders)


@pytest.mark.parametrize("uv", [True, False])
def test_the_set_up_takes_uv_where_there_is_one_and_pip_elsewhere(uv: bool, tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(PROJECT_ROOT / name, tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "make", "cat", "python3", *(["uv"] if uv else [])):
        (tools / name).symlink_to(shutil.which(name) or "/bin/true")
    dry = subprocess.run(
        ["make", "--dry-run", "reports"],
        cwd=tmp_path,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (line,) = (line for line in dry.splitlines() if "requirements.lock" in line and "pip" in line)
    commands = [command.strip() for command in line.split("||")]
    assert ["uv pip install" in command for command in commands] == (
        [True, False] if uv else [False]
    )
    assert "-m pip install" in commands[-1]
    assert all("--require-hashes" in command for command in commands)


@pytest.mark.parametrize(
    "markers",
    [{"slow": slow, "long": long} for slow in (False, True) for long in (False, True)],
    ids=str,
)
def test_every_test_belongs_to_one_target(markers: dict[str, bool]) -> None:
    chosen = [
        target
        for target in ("test", "test-slow", "test-long")
        if eval(selection(target), markers.copy())
    ]
    assert len(chosen) == 1


def test_a_change_must_pass_what_is_tried_once_and_what_repeats() -> None:
    commands = (PROJECT_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [command for command in commands if command.startswith("make ")] == [
        "make lint",
        "make test",
        "make test-slow",
    ]


def test_licences_and_citation_are_stated() -> None:
    citation = yaml.safe_load((PROJECT_ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"] == "MIT"
    assert "MIT License" in (PROJECT_ROOT / "LICENSE").read_text(encoding="utf-8")
