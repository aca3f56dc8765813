"""The one number parser of the data package: plain ASCII digits or a message that says what to
write.
"""

import re
import unicodedata
from decimal import Decimal

from helpers.texts import plain_number

WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
LARGEST_WHOLE = 2**53  # above it a float no longer tells neighbouring whole numbers apart
_NO_VALUE = "na n/a n.a. nan none null nil - -- – — ? unknown inf -inf infinity #n/a ."
MISSING_WORDS = frozenset(_NO_VALUE.split())
_OTHER_UNITS = {
    "mm": (("metres", 1_000.0), ("centimetres", 10.0), ("inches", 25.4), ("feet", 304.8)),
    "m": (("mm", 0.001), ("feet", 0.3048), ("centimetres", 0.01)),
    "kg": (("tonnes", 1_000.0), ("pounds", 0.45359237)),
}


def in_another_unit(value: float, unit: str, lowest: float, highest: float) -> str:
    """What a value out of range may be in another unit: "it looks like inches: write 1839"; empty
    where none brings it into the range.
    """
    for name, factor in _OTHER_UNITS.get(unit, ()):
        if lowest <= value * factor <= highest:
            right = f"{value * factor:.4g}" if unit == "m" else f"{value * factor:.0f}"
            return f"it looks like {name}: write {right}"
    return ""


class NotANumber(ValueError):  # noqa: N818 - says what it is
    """`what` is wrong with the text and what to write `instead`."""

    def __init__(self, what: str, instead: str):
        super().__init__(f"{what}; {instead}")
        self.what, self.instead = what, instead


def parse(text: str, *, whole: bool, unit: str = "", optional: bool = False) -> int | float:
    """The number that `text` writes in plain digits, such as -12 or 0.25.

    whole: only whole numbers are allowed. unit: unit of the column, for the message; in a "fraction
    of 1", 25% is 0.25.
    optional: a missing value is an empty cell. Raises NotANumber for everything else: separators,
    signs other than "-", percent signs, exponents, other scripts' digits, leading zeros, words, and
    digits that a float cannot hold exactly.
    """
    kind = "a whole number" if whole else "a plain number"
    shown = f"'{text}'" if len(text) <= 40 else f"'{text[:37]}...'"
    if not (WHOLE if whole else NUMBER).fullmatch(text) or (
        text.startswith("-0") and not Decimal(text)
    ):
        raise NotANumber(f"{shown} is not {kind}", _instead(text, whole, unit, optional))
    if whole:
        if len(text) > 17 or abs(int(text)) > LARGEST_WHOLE:
            what = f"{shown} is too large to be held exactly"
            raise NotANumber(what, "check the unit of the column")
        return int(text)
    number = float(text)
    if len(text) > 40 or Decimal(repr(number)) != Decimal(text):
        what = f"{shown} has more digits than a number can hold exactly"
        raise NotANumber(what, "round it to 15 digits")
    return number


def _instead(text: str, whole: bool, unit: str, optional: bool) -> str:
    if text.strip().lower() in MISSING_WORDS:
        empty = "leave the cell empty if there is no value"
        return empty if optional else "this column needs a value"
    signs = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    meant = plain_number("".join(signs))
    example = "1500000" if whole else "1234.5"
    if meant is None:
        return f"write digits only, such as {example}"
    plain = meant.value / 100 if meant.percent and unit == "fraction of 1" else meant.value
    if whole and plain != plain.to_integral_value():
        if unit == "mm" and 0 < plain < 30:
            return f"it looks like metres: write {format((plain * 1000).normalize(), 'f')}"
        return f"write a whole number{f' in {unit}' if unit else f', such as {example}'}"
    written = format(plain.to_integral_value() if whole else plain, "f")
    if written.lstrip("-").strip("0.") == "":
        written = "0"
    if not (WHOLE if whole else NUMBER).fullmatch(written) or len(written) > 20:
        return f"write digits only, such as {example}"
    if meant.other is not None and not whole:
        return f"write {written}, or {format(meant.other, 'f')} if the comma is a decimal comma"
    return f"write {written}"
