"""YAML files read so that data can never become code or change value silently."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpers.errors import Fault, InputError, refusal
from helpers.texts import LONGEST_NAME, printable

Lines = dict[tuple[str, ...], int]


@dataclass(frozen=True)
class Size:
    """How large a file may be: bytes, values and keys, nesting; and the form that keeps it so."""

    bytes: int = 64 * 1024
    nodes: int = 1_000
    depth: int = 5
    form: str = "flat list of parameters"


def strict_yaml(
    path: Path, where: str, keys: Sequence[str], what: str, most: Size = Size()
) -> tuple[Any, Lines]:
    """The content of a YAML file and the line of every key path, entries of a list counted from 0.
    Refuses whatever can run code or surprise.

    where: the file as its reader knows it. keys: what the file may name. what: what it holds, such
    as "scenario", for the messages.
    """
    raw = path.read_bytes()
    if len(raw) > most.bytes:
        raise refusal(where, f"the file has {len(raw):,} bytes", f"keep it under {most.bytes:,}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(where, f"byte {error.start} is not UTF-8", "save the file as UTF-8") from None
    try:
        _refuse_unsafe(text, where, what, most)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise refusal(f"{where} line {line}", f"this is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise refusal(where, f"this is not YAML: {str(error).splitlines()[0]}") from None
    if node is None:
        raise refusal(where, "the file is empty", f"write the keys {', '.join(keys)}")
    lines: Lines = {}
    faults: list[Fault] = []
    content = _value(node, (), lines, faults, where)
    if faults:
        raise InputError(faults)
    return content, lines


def unknown_keys(
    content: Mapping[str, Any], lines: Lines, where: str, keys: Sequence[str]
) -> list[Fault]:
    """A fault for each key of the file that is none of `keys`."""
    return [
        Fault(
            f"{where} line {lines[(key,)]}",
            f"unknown key '{printable(key, LONGEST_NAME)}'",
            f"write one of {', '.join(keys)}",
        )
        for key in content
        if key not in keys
    ]


def _refuse_unsafe(text: str, where: str, what: str, most: Size) -> None:
    """Stop before anything is built: tags, anchors, aliases, depth, size and a second document."""
    depth = documents = nodes = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = f"{where} line {event.start_mark.line + 1 if event.start_mark else 1}"
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(
            event, yaml.CollectionEndEvent
        )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise refusal(
                line,
                "anchors and aliases (& and *) are not allowed",
                "write the value out, in quotes if it starts with & or *",
            )
        tag = getattr(event, "tag", None)
        if tag:
            raise refusal(
                line,
                f"the tag {printable(tag, LONGEST_NAME)} is not allowed",
                "write the plain value",
            )
        if depth > most.depth or nodes > most.nodes:
            raise refusal(
                line, "the file is nested too deep or too large", f"a {what} is a {most.form}"
            )
        if documents > 1:
            raise refusal(line, "a second document starts here", f"write one {what} per file")


def _value(
    node: yaml.Node, path: tuple[str, ...], lines: Lines, faults: list[Fault], where: str
) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return scalar(node.value) if node.style is None else node.value
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(entry, (*path, str(position)), lines, faults, where)
            for position, entry in enumerate(node.value)
        ]
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.append(Fault(f"{where} line {line}", "a key is not a plain name"))
            continue
        key = key_node.value
        if key in content:
            faults.append(
                Fault(
                    f"{where} line {line}",
                    f"'{printable(key, LONGEST_NAME)}' stands twice",
                    "keep one of the two",
                )
            )
        lines[(*path, key)] = line
        content[key] = _value(value_node, (*path, key), lines, faults, where)
    return content


def scalar(text: str) -> Any:
    """Plain YAML text: numbers and true/false in one form, empty as None, else text."""
    if re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,17})", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}", text, re.ASCII):
        return float(text)
    if text in ("true", "false"):
        return text == "true"
    return None if text in ("", "~", "null") else text
