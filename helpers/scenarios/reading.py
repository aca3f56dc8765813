"""Scenario files and notebook parameters, read so that data can never become code or change value silently."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpers import PROJECT_ROOT
from helpers.errors import Fault, InputError
from helpers.scenarios.checking import check_values, parameters
from helpers.scenarios.hints import printable
from helpers.scenarios.vocabulary import Scenario

SCENARIO_FOLDER = PROJECT_ROOT / "data" / "scenarios"
MAX_BYTES = 64 * 1024
MAX_NODES = 1_000
MAX_DEPTH = 4
KEYS = ("name", "title", "story", "parameters")


@dataclass(frozen=True)
class NamedScenario:
    """A scenario with the words that introduce it. `changes` holds only the parameters its file sets."""

    name: str
    title: str
    story: str
    changes: Mapping[str, Any]
    scenario: Scenario


def load_scenario(name: str, folder: Path = SCENARIO_FOLDER) -> NamedScenario:
    """The scenario of that name from the scenario folder."""
    path = folder / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.yaml")))
        raise InputError([Fault(f"scenario {printable(name)}", "there is no such scenario", f"write one of {known}")])
    return read_scenario_file(path)


def load_scenarios(folder: Path = SCENARIO_FOLDER) -> list[NamedScenario]:
    """Every scenario of the folder, base first, then by name. All faults of all files come in one `InputError`."""
    found: list[NamedScenario] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.yaml"), key=lambda file: (file.stem != "base", file.stem)):
        try:
            found.append(read_scenario_file(path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def read_scenario_file(path: Path) -> NamedScenario:
    """Read one scenario file. Raises `InputError` with every fault, each with its line."""
    where = _shown(path)
    if not path.is_file():
        raise InputError([Fault(where, "there is no such file")])
    content, lines = strict_yaml(path, where)
    if not isinstance(content, dict):
        raise InputError([Fault(where, "a scenario file is a mapping", f"write the keys {', '.join(KEYS)}")])
    faults = [
        Fault(f"{where} line {lines[(key,)]}", f"unknown key '{printable(key)}'", f"write one of {', '.join(KEYS)}") for key in content if key not in KEYS
    ]
    faults += [Fault(where, f"the key '{key}' is missing", f"write {key}: some text") for key in KEYS[:3] if key not in content]
    faults += [
        Fault(f"{where} line {lines[(key,)]}", f"'{key}' is not a text")
        for key in KEYS[:3]
        if key in content and not (isinstance(content[key], str) and content[key].strip())
    ]
    name = content.get("name")
    if isinstance(name, str) and not re.fullmatch(r"[a-z0-9_]{1,60}", name):
        faults.append(Fault(f"{where} line {lines[('name',)]}", f"'{printable(name)}' is not a scenario name", "write small letters, digits and _, at most 60"))
    elif isinstance(name, str) and name != path.stem:
        faults.append(Fault(f"{where} line {lines[('name',)]}", f"the name '{printable(name)}' differs from the file name", f"write name: {path.stem}"))
    changes = content.get("parameters")
    changes = {} if changes is None and "parameters" in content else changes
    if not isinstance(changes, dict):
        raise InputError([*faults, Fault(where, "'parameters' is not a mapping of names to values", "write parameters: {} when nothing differs")])
    try:
        scenario = check_values(changes, where, {key[1]: line for key, line in lines.items() if len(key) == 2})
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    if faults:
        raise InputError(faults)
    return NamedScenario(content["name"], content["title"], content["story"], {key: getattr(scenario, key) for key in changes}, scenario)


def from_parameters(namespace: Mapping[str, Any]) -> Scenario:
    """The checked scenario of a notebook, from its global names: `from_parameters(globals())`.

    Parameters the notebook does not take keep their base value. Names that papermill injected are checked too:
    papermill itself only logs a misspelt name and goes on with the default.
    """
    values = {one.name: namespace[one.name] for one in parameters() if one.name in namespace}
    for source in namespace.get("In", []):
        if source.startswith("# Parameters\n"):
            values |= {name: namespace.get(name) for name in _assigned(source)}
    return check_values(values, "parameters")


def _assigned(source: str) -> list[str]:
    targets = [node.targets for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    return [target.id for group in targets for target in group if isinstance(target, ast.Name)]


def _shown(path: Path) -> str:
    """The path as a reader knows it: from the project root where it lies inside, else as given."""
    return str(path.relative_to(PROJECT_ROOT)) if path.is_relative_to(PROJECT_ROOT) else str(path)


def strict_yaml(path: Path, where: str) -> tuple[Any, dict[tuple[str, ...], int]]:
    """The content of a YAML file and the line of every key path. Refuses whatever can run code or surprise."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise InputError([Fault(where, f"the file has {len(raw):,} bytes", f"keep it under {MAX_BYTES:,}")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(where, f"byte {error.start} is not UTF-8", "save the file as UTF-8")]) from None
    try:
        _refuse_unsafe(text, where)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError([Fault(f"{where} line {line}", f"this is not YAML: {error.problem}")]) from None
    except yaml.YAMLError as error:
        raise InputError([Fault(where, f"this is not YAML: {str(error).splitlines()[0]}")]) from None
    if node is None:
        raise InputError([Fault(where, "the file is empty", f"write the keys {', '.join(KEYS)}")])
    lines: dict[tuple[str, ...], int] = {}
    faults: list[Fault] = []
    content = _value(node, (), lines, faults, where)
    if faults:
        raise InputError(faults)
    return content, lines


def _refuse_unsafe(text: str, where: str) -> None:
    """Stop before anything is built: tags, anchors, aliases, depth, size and a second document."""
    depth = documents = nodes = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = f"{where} line {event.start_mark.line + 1 if event.start_mark else 1}"
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise InputError([Fault(line, "anchors and aliases (& and *) are not allowed", "write the value out, in quotes if it starts with & or *")])
        tag = getattr(event, "tag", None)
        if tag:
            raise InputError([Fault(line, f"the tag {printable(tag)} is not allowed", "write the plain value")])
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise InputError([Fault(line, "the file is nested too deep or too large", "a scenario is a flat list of parameters")])
        if documents > 1:
            raise InputError([Fault(line, "a second document starts here", "write one scenario per file")])


def _value(node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int], faults: list[Fault], where: str) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node.value) if node.style is None else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry, path, {}, faults, where) for entry in node.value]
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(Fault(f"{where} line {line}", "a key is not a plain name"))
            continue
        key = key_node.value
        if key in content:
            faults.append(Fault(f"{where} line {line}", f"'{printable(key)}' stands twice", "keep one of the two"))
        lines[(*path, key)] = line
        content[key] = _value(value_node, (*path, key), lines, faults, where)
    return content


def _scalar(text: str) -> Any:
    """Plain YAML text: numbers and true/false in their one plain form, empty as None, everything else as text."""
    if re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,17})", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}", text, re.ASCII):
        return float(text)
    if text in ("true", "false"):
        return text == "true"
    return None if text in ("", "~", "null") else text
