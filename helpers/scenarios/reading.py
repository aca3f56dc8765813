"""Scenario files and notebook parameters, read so that data can never become code or change value
silently, and written so that they read back as the very same scenario.
"""

import ast
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from helpers import PROJECT_ROOT
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios.checking import check_values, parameters
from helpers.scenarios.strict_yaml import scalar, strict_yaml, unknown_keys
from helpers.scenarios.tables import by_rule
from helpers.scenarios.vocabulary import Scenario
from helpers.texts import LONGEST_NAME, did_you_mean, printable

SCENARIO_FOLDER = PROJECT_ROOT / "data" / "scenarios"
MORE = "more"
"""The parameter of a notebook that takes all parameters it does not show, by name."""
KEYS = ("name", "title", "story", "parameters")


@dataclass(frozen=True)
class NamedScenario:
    """A scenario with the words that introduce it. `changes`: what its file sets."""

    name: str
    title: str
    story: str
    changes: Mapping[str, Any]
    scenario: Scenario


def load_scenario(name: str, folder: Path = SCENARIO_FOLDER) -> NamedScenario:
    """The scenario of that name from the scenario folder."""
    path = folder / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
        known = sorted(file.stem for file in folder.glob("*.yaml"))
        raise refusal(
            f"scenario {printable(name, LONGEST_NAME)}",
            "there is no such scenario",
            did_you_mean(name, known, f"write one of {', '.join(known)}"),
        )
    return read_scenario_file(path)


def load_scenarios(folder: Path = SCENARIO_FOLDER) -> list[NamedScenario]:
    """Every scenario of the folder, base first. All faults come in one `InputError`."""
    scenarios: list[NamedScenario] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml"), key=lambda file: (file.stem != "base", file.stem)):
        try:
            scenarios.append(read_scenario_file(path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return scenarios


def read_scenario_file(path: Path, where: str = "") -> NamedScenario:
    """Read one scenario file, called `where`. Raises `InputError` with every fault by line."""
    where = where or _shown(path)
    if not path.is_file():
        raise refusal(where, "there is no such file")
    content, lines = strict_yaml(path, where, KEYS, "scenario")
    if not isinstance(content, dict):
        raise refusal(where, "a scenario file is a mapping", f"write the keys {', '.join(KEYS)}")
    faults = unknown_keys(content, lines, where, KEYS)
    faults += [
        Fault(where, f"the key '{key}' is missing", f"write {key}: some text")
        for key in KEYS[:3]
        if key not in content
    ]
    faults += [
        Fault(f"{where} line {lines[(key,)]}", f"'{key}' is not a text")
        for key in KEYS[:3]
        if key in content and not (isinstance(content[key], str) and content[key].strip())
    ]
    name = content.get("name")
    if isinstance(name, str) and not re.fullmatch(r"[a-z0-9_]{1,60}", name):
        faults.append(
            Fault(
                f"{where} line {lines[('name',)]}",
                f"'{printable(name, LONGEST_NAME)}' is not a scenario name",
                "write small letters, digits and _, at most 60",
            )
        )
    elif isinstance(name, str) and name != path.stem:
        faults.append(
            Fault(
                f"{where} line {lines[('name',)]}",
                f"the name '{printable(name, LONGEST_NAME)}' differs from the file name",
                f"write name: {path.stem}",
            )
        )
    changes = content.get("parameters")
    changes = {} if changes is None and "parameters" in content else changes
    if not isinstance(changes, dict):
        raise InputError(
            [
                *faults,
                Fault(
                    where,
                    "'parameters' is not a mapping of names to values",
                    "write parameters: {} when nothing differs",
                ),
            ]
        )
    at = {key[1]: line for key, line in lines.items() if len(key) == 2}
    try:
        changes = {
            name: by_rule(name, value, f"{where} line {at[name]}")
            for name, value in changes.items()
        }
        scenario = check_values(changes, where, at)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    if faults:
        raise InputError(faults)
    return NamedScenario(
        content["name"],
        content["title"],
        content["story"],
        {key: scenario.value(key) for key in changes},
        scenario,
    )


def from_parameters(namespace: Mapping[str, Any]) -> Scenario:
    """The checked scenario of a notebook, from its global names: `from_parameters(globals())`.

    Parameters that the notebook does not show can be set in `more`, by name. Names that papermill
    injected are checked too: papermill itself only logs a misspelt name and goes on with the
    default. Raises InputError for a bad name or value, and for a name that is set twice.
    """
    more = namespace.get(MORE, {})
    if not isinstance(more, Mapping):
        remedy = "write {'NAME': VALUE} in a cell, -y '{more: {NAME: VALUE}}' for papermill"
        raise refusal(f"parameter {MORE}", "is no mapping of names to values", remedy)
    declared = (parameter.name for parameter in parameters())
    values = {name: namespace[name] for name in declared if name in namespace}
    for source in namespace.get("In", []):
        if source.startswith("# Parameters\n"):
            injected = [name for name in _assigned(source) if name != MORE]
            values |= {name: namespace.get(name) for name in injected}
    base = Scenario()
    twice = [
        name
        for name in more
        if name in values and values[name] != _plain(getattr(base, str(name), None))
    ]
    if twice:
        raise InputError(
            Fault(f"parameter {name}", f"is set in the cell and in {MORE}", "keep one of the two")
            for name in twice
        )
    return check_values({**values, **more}, "parameters")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _assigned(source: str) -> list[str]:
    targets = [node.targets for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    return [target.id for group in targets for target in group if isinstance(target, ast.Name)]


def _shown(path: Path) -> str:
    """The path as a reader knows it: from the project root where it lies inside, else as given."""
    return str(path.relative_to(PROJECT_ROOT)) if path.is_relative_to(PROJECT_ROOT) else str(path)


def scenario_text(name: str, title: str, story: str, changes: Mapping[str, Any]) -> str:
    """The text of a scenario file, ASCII only. changes: parameter to value."""
    lines = [f"name: {name}", f"title: {_quoted(title)}", f"story: {_quoted(story)}"]
    lines += (
        ["parameters:", *(f"  {key}: {_written(value)}" for key, value in changes.items())]
        if changes
        else ["parameters: {}"]
    )
    return "\n".join(lines) + "\n"


def write_scenario_file(
    path: Path, scenario: Scenario, title: str, story: str, replace: bool = False
) -> NamedScenario:
    """Write what of the scenario differs from the base scenario to `path`, whose stem becomes its
    name, and return it as read back.

    An existing file is left alone unless `replace` is set. Raises `InputError` for a name, title or
    story that a scenario cannot have, the name of a shipped scenario, a value that the file cannot
    hold exactly, and a folder that cannot be written to.
    """
    path = path.resolve()
    if not re.fullmatch(r"[a-z0-9_]{1,60}\.yaml", path.name):
        raise refusal(
            f"scenario file {path.name}",
            "is not a scenario's file name",
            "write small letters, digits and _, at most 60, then .yaml",
        )
    if path.parent != SCENARIO_FOLDER and (SCENARIO_FOLDER / path.name).exists():
        raise refusal(
            f"scenario {path.stem}",
            "a scenario of this name ships with the suite",
            "choose another name",
        )
    if path.exists() and not replace:
        raise refusal(
            path.name, "there is a file of this name", "choose another name, or ask to replace it"
        )
    changes = {name: value for name, (value, _) in scenario.differing().items()}
    lost = [
        name
        for name, value in changes.items()
        if isinstance(value, float) and scalar(_written(value)) != value
    ]
    if lost:
        raise InputError(
            [
                Fault(
                    f"parameter {name}", f"a file cannot hold {changes[name]!r} exactly", "round it"
                )
                for name in lost
            ]
        )
    text = scenario_text(path.stem, title, story, changes)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / path.name
        trial.write_text(text, encoding="ascii")
        written = read_scenario_file(trial, path.name)
    try:
        with path.open("w" if replace else "x", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise refusal(
            path.name,
            f"the file cannot be written: {error.strerror}",
            "choose another folder or name",
        ) from None
    return written


def _written(value: Any) -> str:
    """A value in the one plain form that the reader takes for its type."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else f"{text}.0"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_written(entry)}' for key, entry in value.items())}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_written, value))}]"
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    """The text in double quotes on one line, everything beyond ASCII escaped."""
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=False, width=10**9)
    return written.strip()
