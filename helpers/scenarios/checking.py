"""Checking parameter values against the vocabulary, with messages for people: what is wrong, and
what somebody may have meant, such as a number written as spreadsheets, keyboards and other
languages write it. A hint is only ever shown; no value is changed on the way in.
"""

import decimal
import functools
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from helpers.errors import Fault, InputError
from helpers.scenarios.assumptions import Value, assumptions, checked_row, is_row
from helpers.scenarios.vocabulary import Scenario
from helpers.texts import DASHES, LONGEST_NAME, did_you_mean, is_day, plain_number, printable, shown

WORDS = {
    "true": ("true", "yes", "y", "on", "wahr", "1"),
    "false": ("false", "no", "n", "off", "falsch", "0"),
}


def meant(value: Any, kind: str, lowest: float | None, highest: float | None) -> str | None:
    """How the value would be written for a parameter of this kind; None for no safe guess."""
    if kind in ("int", "float"):
        number = (
            _number(value)
            if isinstance(value, str)
            else value
            if isinstance(value, float) and math.isfinite(value)
            else None
        )
        if (
            number is None
            or (lowest is not None and number < lowest)
            or (highest is not None and number > highest)
        ):
            return None
        return (
            None
            if kind == "int" and number != int(number)
            else str(int(number))
            if number == int(number)
            else f"{decimal.Decimal(repr(number)):f}"
        )
    if kind == "bool":
        text = str(value).strip().lower()
        return next((plain for plain, forms in WORDS.items() if text in forms), None)
    if kind == "str" and isinstance(value, str):
        return _date(value)
    if kind == "list" and isinstance(value, str) and value.strip():
        return printable(
            f"[{', '.join(part.strip() for part in re.split('[,;]', value) if part.strip())}]", 200
        )
    return None


def _number(text: str) -> float | None:
    reading = plain_number(text)
    number = float(reading.value) if reading else math.inf
    return number if math.isfinite(number) else None


def _date(text: str) -> str | None:
    """A date whose order of year, month and day leaves no doubt."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES).strip()
    parts = re.fullmatch(
        r"(\d{4})[-/.年 ](\d{1,2})[-/.月 ](\d{1,2})日?(?:[T ].*)?", plain, re.ASCII
    ) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain, re.ASCII)
    day = f"{parts[1]}-{int(parts[2]):02}-{int(parts[3]):02}" if parts else ""
    return day if is_day(day) else None


@dataclass(frozen=True)
class Parameter:
    """What is declared of one parameter. `type`: int, float, str, bool, list or dict."""

    name: str
    type: str
    default: Any
    unit: str
    meaning: str
    why: str
    lowest: float | None
    highest: float | None
    choices: tuple[str, ...]
    notebooks: tuple[str, ...]

    @property
    def range(self) -> str:
        """The allowed values in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.lowest is None:
            return {
                "str": "YYYY-MM-DD",
                "bool": "true or false",
                "list": "rows of cars",
                "dict": "a place with its road widths",
            }[self.type]
        return f"{self.lowest:,} to {self.highest:,}".replace(",", "")

    @property
    def comment(self) -> str:
        """The trailing comment of the parameter's line in a notebook: unit, then meaning."""
        return f"{self.unit}; {self.meaning}" if self.unit else self.meaning


def parameters(notebook: str | None = None) -> list[Parameter]:
    """All parameters, or those that a notebook takes, in the order of declaration."""
    every = map(declared, Scenario.model_fields)
    return [own for own in every if notebook is None or notebook in own.notebooks]


@functools.cache
def declared(name: str) -> Parameter:
    """What is declared of the parameter of that name."""
    info = Scenario.model_fields[name]
    extra: Any = info.json_schema_extra
    limits = {
        kind: getattr(item, kind)
        for item in info.metadata
        for kind in ("ge", "le")
        if hasattr(item, kind)
    }
    default = info.get_default(call_default_factory=True)
    default = list(default) if isinstance(default, tuple) else default
    return Parameter(
        name,
        type(default).__name__,
        default,
        extra["unit"],
        info.description or "",
        extra["why"],
        limits.get("ge"),
        limits.get("le"),
        extra["choices"](),
        tuple(extra["notebooks"]),
    )


def check_values(
    values: Mapping[str, Any], where: str, lines: Mapping[str, int] | None = None
) -> Scenario:
    """A scenario from parameter values, or an `InputError` with every fault.

    where: what the values came from, for the messages. lines: line number of each name, if it came
    from a file.
    """

    def place_of(name: str) -> str:
        line = f" line {lines[name]}" if lines and name in lines else ""
        return f"{where}{line}, parameter {printable(name, LONGEST_NAME)}"

    rows: dict[str, Value] = {}
    faults = []
    for name, value in values.items():
        try:
            if name not in Scenario.model_fields and is_row(str(name)):
                rows[name] = checked_row(name, value, place_of(name))
            elif name not in Scenario.model_fields:
                instead = _known_name(str(name))
                faults.append(Fault(place_of(str(name)), "there is no such parameter", instead))
        except InputError as error:
            faults += error.faults
    chosen = {name: value for name, value in values.items() if name in Scenario.model_fields}
    faults += [
        Fault(
            place_of(name),
            f"{shown(value)} is of type {type(value).__name__}",
            "give the plain Python value",
        )
        for name, value in chosen.items()
        if not _plain(value)
    ]
    chosen = {name: value for name, value in chosen.items() if _plain(value)}
    try:
        scenario = Scenario.model_validate(chosen)
    except ValidationError as error:
        for detail in error.errors():
            cause: Any = detail.get("ctx", {}).get("error")
            if isinstance(cause, InputError):
                name = str(detail["loc"][0])
                faults += [
                    Fault(
                        f"{place_of(name)}{fault.where.removeprefix(name)}",
                        fault.what,
                        fault.instead,
                    )
                    for fault in cause.faults
                ]
            else:
                faults.append(_fault(place_of, detail))
        raise InputError(faults) from None
    if faults:
        raise InputError(faults)
    return scenario.with_rows(rows) if rows else scenario


def _plain(value: Any) -> bool:
    """Whether the value is of a built-in type: papermill pastes every other as text."""
    if type(value) in (list, tuple):
        return all(map(_plain, value))
    return type(value) in (int, float, str, bool, dict, type(None))


def _known_name(name: str) -> str:
    known = assumptions() if "." in name else Scenario.model_fields
    return did_you_mean(name, known, "see: reverse-imports parameters")


def _fault(place_of: Callable[[str], str], detail: Any) -> Fault:
    name = str(detail["loc"][0])
    described = declared(name)
    value = shown(detail["input"])
    kinds = {
        "int": "a whole number",
        "float": "a number",
        "str": "text",
        "bool": "true or false",
        "list": "a list of names",
        "dict": "a mapping",
    }
    hint = ""
    if detail["type"] == "value_error":
        what, _, hint = printable(str(detail["ctx"]["error"]), 200).partition("; ")
        what = what if described.choices else f"{value}: {what}"
    elif detail["type"] in ("greater_than_equal", "less_than_equal"):
        what = f"{value} is out of range"
    elif detail["input"] is None:
        what, hint = "there is no value", "leave the line out to keep the base value"
    else:
        what = f"{value} is not {kinds[described.type]}"
    guess = (
        meant(detail["input"], described.type, described.lowest, described.highest)
        if len(detail["loc"]) == 1
        else None
    )
    allowed = described.range + (f" ({described.unit})" if described.unit else "")
    return Fault(place_of(name), what, hint or f"write {guess or allowed}")


def parse_text(name: str, text: str) -> Any:
    """The value that a command-line text `NAME=VALUE` means, by the parameter's declared type.

    Numbers are plain ASCII digits with an optional point; lists are separated by commas. Anything
    else stays text, so that `check_values` refuses it with the expected form.
    """
    if name not in Scenario.model_fields:
        number = is_row(name) and re.fullmatch(
            r"[+-]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?", text, re.ASCII
        )
        return float(text) if number else text
    kind = declared(name).type
    if kind == "int" and re.fullmatch(r"[+-]?(0|[1-9][0-9]{0,17})", text, re.ASCII):
        return int(text)
    if kind == "float" and re.fullmatch(
        r"[+-]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?", text, re.ASCII
    ):
        return float(text)
    if kind == "bool" and text in ("true", "false", "True", "False"):
        return text.lower() == "true"
    if kind == "list":
        return [entry.strip() for entry in text.split(",") if entry.strip()]
    return text
