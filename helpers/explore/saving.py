"""Scenario files of the panel: those that can be the start, the one that is saved, the command that
runs a setting, and its report.
"""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers import PROJECT_ROOT
from helpers.errors import refusal
from helpers.scenarios import (
    NOTEBOOKS,
    NamedScenario,
    Scenario,
    load_scenarios,
    read_scenario_file,
    write_scenario_file,
)
from helpers.scenarios.reading import SCENARIO_FOLDER

REPORTS = PROJECT_ROOT / "reports"
RUN = "reverse-imports run"


class ScenarioFiles:
    """The scenarios that ship with the suite, and the files in a folder of the reader's own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._shipped = {named.name: named for named in load_scenarios()}

    @property
    def notebooks(self) -> str:
        """Where the notebooks lie, seen from the folder."""
        beside = (self.folder / f"{NOTEBOOKS[0]}.ipynb").is_file()
        return "" if beside else f"{os.path.relpath(PROJECT_ROOT / 'notebooks', self.folder)}/"

    def options(self) -> list[tuple[str, str]]:
        """Every scenario as title and name; a file as its name, ending included."""
        files = sorted(path.name for path in self.folder.glob("*.yaml"))
        own = (
            [] if self.folder == SCENARIO_FOLDER else [(f"my file {name}", name) for name in files]
        )
        return [*((named.title, name) for name, named in self._shipped.items()), *own]

    def read(self, name: str) -> NamedScenario:
        """A scenario by its name, a file as it is now. Raises InputError for a file with faults."""
        if name in self._shipped:
            return self._shipped[name]
        return read_scenario_file(self.folder / name, name)

    def save(self, name: str, scenario: Scenario, replace: bool = False) -> str:
        """Write a setting as a scenario file; the name that `read` takes. Raises InputError as
        `write_scenario_file` does.
        """
        path = self.folder / f"{name}.yaml"
        if path.parent != self.folder:
            remedy = "write small letters, digits and _"
            raise refusal("Save as", f"'{name}' is not a name but a path", remedy)
        changes = ", ".join(
            f"{key} = {_argument(value)}" for key, (value, _) in scenario.differing().items()
        )
        story = (
            f"Saved from the explore panel; differs from the base scenario in {changes}."
            if changes
            else "Saved from the explore panel; nothing differs."
        )
        write_scenario_file(path, scenario, name.replace("_", " ").capitalize(), story, replace)
        return path.name

    def command(self, scenario: Scenario, name: str) -> str:
        """What runs the notebooks under a setting; empty where only a file can hold it. name: the
        scenario that the setting stands on.
        """
        if scenario == self.read(name).scenario:
            if name == "base":
                return RUN
            if name in self._shipped:
                return f"{RUN} --scenario {name}"
            path = self.folder / name
            near = path.relative_to(PROJECT_ROOT) if path.is_relative_to(PROJECT_ROOT) else path
            return f"{RUN} --scenario-file {shlex.quote(str(near))}"
        values = {key: value for key, (value, _) in scenario.differing().items()}
        if any(_nested(value) for value in values.values()):
            return ""
        settings = (
            f"-p {shlex.quote(f'{key}={_argument(value)}')}" for key, value in values.items()
        )
        return " ".join([RUN, *settings])

    def reports(self, scenario: Scenario, name: str) -> Mapping[str, str]:
        """Notebook to the report of the scenario, as a link from the folder; none where the setting
        is another than the scenario, or its reports are older than its file.
        """
        if scenario != self.read(name).scenario:
            return {}
        stem = Path(name).stem
        file = self.folder / name if name not in self._shipped else SCENARIO_FOLDER / f"{name}.yaml"
        made = file.stat().st_mtime if file.is_file() else 0.0
        pages = {notebook: REPORTS / stem / f"{notebook}.html" for notebook in NOTEBOOKS}
        return {
            notebook: os.path.relpath(page, self.folder)
            for notebook, page in pages.items()
            if page.is_file() and page.stat().st_mtime >= made
        }


def _nested(value: Any) -> bool:
    """Whether a value is more than a word, a number or a list of them."""
    entries = value if isinstance(value, tuple | list) else (value,)
    return any(isinstance(entry, Mapping | tuple | list) for entry in entries)


def _argument(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ",".join(map(_argument, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
