"""Pre-commit, devcontainer and JupyterLab settings name things that are there."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from helpers import PROJECT_ROOT

HOOKS = [
    hook
    for repository in yaml.safe_load(
        (PROJECT_ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    )["repos"]
    for hook in repository["hooks"]
]
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_hooks_use_the_tools_of_the_environment(hook: dict[str, str]) -> None:
    program, *words = hook["entry"].split()
    assert program.startswith(".venv/bin/")
    assert hook["language"] == "system", "nothing is downloaded"
    found = Path(sys.executable).parent / Path(program).name
    assert found.exists()
    assert all((PROJECT_ROOT / word).exists() for word in words if "/" in word)
    re.compile(hook.get("files", ""))
    if program.endswith("reverse-imports"):
        done = subprocess.run(
            [found, words[0], "--help"], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0
        assert all(word in done.stdout for word in words[1:])


def test_the_hooks_cover_style_structure_and_stored_outputs() -> None:
    entries = {hook["id"]: hook for hook in HOOKS}
    assert {"ruff", "ruff-format", "data", "notebook-structure", "refresh"} <= set(entries)
    assert entries["refresh"]["stages"] == ["pre-push"], "a commit stays quick"


def test_the_devcontainer_sets_up_by_make() -> None:
    container = json.loads(
        (PROJECT_ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    )
    target = container["postCreateCommand"].removeprefix("make ")
    assert re.search(rf"^{re.escape(target)}:", MAKEFILE, re.MULTILINE)
    assert "chromium" in container["onCreateCommand"]
    assert container["image"].startswith("mcr.microsoft.com/devcontainers/python:3.")


def test_binder_installs_the_package_from_the_whole_repository() -> None:
    """A local reference makes the builder copy the repository before it installs."""
    entries = yaml.safe_load((PROJECT_ROOT / "environment.yml").read_text(encoding="utf-8"))[
        "dependencies"
    ]
    (pip,) = [entry["pip"] for entry in entries if isinstance(entry, dict)]
    assert "--editable ." in pip
    assert not (PROJECT_ROOT / "binder").exists(), "a binder folder would hide environment.yml"
    assert not (PROJECT_ROOT / ".binder").exists()


def test_jupyterlab_settings_are_those_of_the_installed_version() -> None:
    overrides = json.loads(
        (PROJECT_ROOT / "lab" / "settings" / "overrides.json").read_text(encoding="utf-8")
    )
    schemas = Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    for plugin, settings in overrides.items():
        package, _, name = plugin.partition(":")
        known = json.loads((schemas / package / f"{name}.json").read_text(encoding="utf-8"))[
            "properties"
        ]
        assert set(settings) <= set(known), plugin


def test_the_layout_shows_the_contents() -> None:
    layout = json.loads((PROJECT_ROOT / "lab" / "workspace.json").read_text(encoding="utf-8"))[
        "data"
    ]["layout-restorer:data"]
    assert layout["left"]["current"] == "@jupyterlab/toc:plugin"
    assert not layout["left"]["collapsed"]
