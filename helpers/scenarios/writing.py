"""Writing a scenario file that `read_scenario_file` reads back as the very same scenario."""

import re
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from helpers.errors import Fault, InputError
from helpers.scenarios.reading import SCENARIO_FOLDER, NamedScenario, read_scenario_file
from helpers.scenarios.strict_yaml import scalar
from helpers.scenarios.vocabulary import Scenario


def scenario_text(name: str, title: str, story: str, changes: Mapping[str, Any]) -> str:
    """The text of a scenario file, ASCII only, whatever the words hold. changes: parameter to
    value.
    """
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
        raise InputError(
            [
                Fault(
                    f"scenario file {path.name}",
                    "is not a scenario's file name",
                    "write small letters, digits and _, at most 60, then .yaml",
                )
            ]
        )
    if path.parent != SCENARIO_FOLDER and (SCENARIO_FOLDER / path.name).exists():
        raise InputError(
            [
                Fault(
                    f"scenario {path.stem}",
                    "a scenario of this name ships with the suite",
                    "choose another name",
                )
            ]
        )
    if path.exists() and not replace:
        raise InputError(
            [
                Fault(
                    path.name,
                    "there is a file of this name",
                    "choose another name, or ask to replace it",
                )
            ]
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
        found = read_scenario_file(trial, path.name)
    try:
        with path.open("w" if replace else "x", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise InputError(
            [
                Fault(
                    path.name,
                    f"the file cannot be written: {error.strerror}",
                    "choose another folder or name",
                )
            ]
        ) from None
    return found


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
        return f"[{', '.join(map(_quoted, value))}]"
    return str(value) if isinstance(value, int) else _quoted(value)


def _quoted(text: str) -> str:
    """The text in double quotes on one line, everything beyond ASCII escaped."""
    written: str = yaml.safe_dump(text, default_style='"', allow_unicode=False, width=10**9)
    return written.strip()
