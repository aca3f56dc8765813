"""What a batch is to run: the scenarios and notebooks that the words of a command line mean."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.commands.shared import notebook_name
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios import (
    NamedScenario,
    check_values,
    load_scenario,
    load_scenarios,
    parse_text,
    read_scenario_file,
)
from helpers.scenarios.reading import SCENARIO_FOLDER


@dataclass
class OwnValues:
    """The parameters that own cars and a place set, faults of their files, and their options."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def own_values(cars: list[Path], place: Path | None) -> OwnValues:
    """What files of own cars and of an own place set."""
    own = OwnValues()
    if not cars and place is None:
        return own
    from helpers.fit.own import read_cars, read_place

    for file in cars:
        own.words.append(f"--car {shlex.quote(str(file))}")
        try:
            own.values["own_cars"] = own.values.get("own_cars", []) + read_cars(file)
        except InputError as error:
            own.faults += error.faults
    if place:
        own.words.append(f"--place {shlex.quote(str(place))}")
        try:
            own.values |= read_place(place)
        except InputError as error:
            own.faults += error.faults
    return own


def chosen_scenarios(
    names: list[str],
    every: bool,
    files: list[Path],
    settings: list[str],
    own: OwnValues,
) -> tuple[list[NamedScenario], dict[str, str]]:
    """The scenarios of a batch with the settings on top, and how the command line names each."""
    from helpers.batch import varied

    values, faults = dict(own.values), list(own.faults)
    for text in settings:
        name, equals, value = text.partition("=")
        if equals:
            values[name] = parse_text(name, value)
        else:
            remedy = "write NAME=VALUE, such as jpy_per_usd=175"
            faults.append(Fault(f"-p {text}", "there is no value", remedy))
    try:
        check_values(values, "-p")
    except InputError as error:
        faults += error.faults
    wanted: list[tuple[Callable[[Any], NamedScenario], Any, str]]
    wanted = [
        (load_scenario, name, f"--scenario {name}")
        for name in names or ([] if every or files else ["base"])
    ]
    wanted += [
        (_own_scenario, path, f"--scenario-file {shlex.quote(str(path))}")
        for given in files
        for path in scenario_files(given)
    ]
    named_sources: list[tuple[NamedScenario, str]] = []
    for read, source, source_text in wanted:
        try:
            named_sources.append((read(source), source_text))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    if every:
        named_sources += [
            (named, f"--scenario {named.name}")
            for named in load_scenarios()
            if named.name not in names
        ]
    chosen = [
        (
            varied(named, values),
            " ".join([source_text, *own.words, *(f"-p {shlex.quote(text)}" for text in settings)]),
        )
        for named, source_text in named_sources
    ]
    return [named for named, _ in chosen], {
        named.name: source_text for named, source_text in chosen
    }


def _own_scenario(path: Path) -> NamedScenario:
    """The scenario of a file. Raises InputError for another one under the name of one that ships,
    whose reports it would replace.
    """
    named, shipped = read_scenario_file(path), SCENARIO_FOLDER / path.name
    if shipped.is_file() and load_scenario(named.name).changes != named.changes:
        what = f"a scenario that ships is called {named.name}, and its reports would be replaced"
        raise refusal(str(path), what, f"rename the file and its name, such as my_{named.name}")
    return named


def scenario_files(path: Path) -> list[Path]:
    """The file, or those of the folder by name."""
    if not path.is_dir():
        return [path]
    if inside := sorted(path.glob("*.yaml")):
        return inside
    raise refusal(f"--scenario-file {path}", "the folder holds no .yaml file", "name a file")


def notebook_path(text: str) -> str | Path:
    """A shipped notebook by its name, or a path to any other."""
    path = Path(text)
    if path.suffix == ".ipynb" and path.is_file():
        return path
    return notebook_name(text, ", or the path of a notebook")
