"""What somebody may have meant: the plain form of a value written as spreadsheets, keyboards and
other languages write it.

A hint is only ever shown. No value is changed on the way in.
"""

import decimal
import json
import math
import re
import unicodedata
from typing import Any

from helpers.texts import DASHES, LONGEST_NAME, is_day, plain_number, printable

WORDS = {
    "true": ("true", "yes", "y", "on", "wahr", "1"),
    "false": ("false", "no", "n", "off", "falsch", "0"),
}


def shown(value: Any) -> str:
    """A value as a message quotes it."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    is_plain = isinstance(value, str | bool | int | float | list | dict | None)
    return printable(
        json.dumps(value, ensure_ascii=False, default=repr) if is_plain else repr(value),
        LONGEST_NAME,
    )


def meant(value: Any, kind: str, lowest: float | None, highest: float | None) -> str | None:
    """How the value would be written for a parameter of this kind and range, or None when no guess
    is safe to show.
    """
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
        return next((plain for plain, words in WORDS.items() if text in words), None)
    if kind == "str" and isinstance(value, str):
        return _date(value)
    if kind == "list" and isinstance(value, str) and value.strip():
        return printable(
            f"[{', '.join(part.strip() for part in re.split('[,;]', value) if part.strip())}]", 200
        )
    return None


def _number(text: str) -> float | None:
    found = plain_number(text)
    number = float(found.value) if found else math.inf
    return number if math.isfinite(number) else None


def _date(text: str) -> str | None:
    """A date whose order of year, month and day leaves no doubt."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES).strip()
    found = re.fullmatch(
        r"(\d{4})[-/.年 ](\d{1,2})[-/.月 ](\d{1,2})日?(?:[T ].*)?", plain, re.ASCII
    ) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain, re.ASCII)
    day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""
    return day if is_day(day) else None
