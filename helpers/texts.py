"""What a short text says or may have meant: a name near to a known one, a day, a number, the age of
a publication. And texts on their way into HTML or CSV: always text there, never markup, never a
formula, nothing invisible.
"""

import datetime
import difflib
import html
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

LIKENESS = 0.55
LONGEST_NAME, LONGEST_MESSAGE, LONGEST_PASSAGE, LONGEST_PATH = 60, 300, 2_000, 4_096
MOST_NAMED = 3  # names that are offered where a text begins several
SHORTEST_BEGINNING = 3  # letters of a name from which the whole is guessed
LONGEST_NUMBER = 60
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
LONGEST_ALT = 400
MONEY = "mathjax_ignore tex2jax_ignore"
"""Classes of an element whose dollar signs are money; elsewhere two of them enclose a formula."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_FORMULA = re.compile(r"(\A|[;\t\n|])([\s\x00-\x20\u200b\u2060\ufeff]*)(?=[=+\-@＝＋－＠﹢﹣﹫])")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9,.]*( ?%)?")
_CURRENCY = r"(?:[$¥€£円]|USD|JPY|EUR)"


def printable(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """A text that others wrote, fit for one line of a terminal, a log or a page: characters that
    move the cursor, colour, reverse or are none stand as their escapes, and what is beyond
    `longest` characters is cut.
    """
    safe = "".join(_safe(character) for character in text[:longest])
    return safe if len(text) <= longest and len(safe) <= longest else f"{safe[:longest]}…"


def _safe(character: str) -> str:
    is_safe = character.isprintable()
    return (
        character
        if is_safe
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
    )


def shown(value: Any) -> str:
    """A value as a message quotes it."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**40:
        return "a number of more than 40 digits"
    is_plain = isinstance(value, str | bool | int | float | list | dict | None)
    return printable(
        json.dumps(value, ensure_ascii=False, default=repr) if is_plain else repr(value),
        LONGEST_NAME,
    )


def passage(text: str) -> str:
    """Sentences that others wrote, on one line with single blanks, printable."""
    return printable(" ".join(text.split()), LONGEST_PASSAGE)


def passages_in(content: Any) -> Any:
    """Nested lists and mappings with every string a passage."""
    if isinstance(content, str):
        return passage(content)
    if isinstance(content, Mapping):
        return {key: passages_in(value) for key, value in content.items()}
    return (
        [passages_in(value) for value in content] if isinstance(content, list | tuple) else content
    )


def nearest(text: str, known: Iterable[str]) -> str:
    """The known name that the text most likely means, whatever its capitals: the one it begins or
    stands in, those it begins where they are few, or the most alike; empty when none is near.
    """
    names = {_folded(name): name for name in known}
    wanted = _folded(text)
    if wanted in names:
        return names[wanted]
    near: list[str] = []
    if len(wanted) >= SHORTEST_BEGINNING:
        near = [name for name in names if name.startswith(wanted)]
        near = near or [name for name in names if wanted in name]
    if not 0 < len(near) <= MOST_NAMED:
        near = difflib.get_close_matches(wanted, names, 1, LIKENESS) or near[:1]
    return " or ".join(names[name] for name in near)


def did_you_mean(text: str, known: Iterable[str], otherwise: str) -> str:
    """What to write instead of an unknown name: the nearest known one, else `otherwise`."""
    near = nearest(text, known)
    return f"did you mean {near}?" if near else otherwise


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def read_day(text: str) -> datetime.date:
    """The day written YYYY-MM-DD. Raises ValueError, in words, for any other text."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("a date is written YYYY-MM-DD, such as 2025-09-16")
    return datetime.date.fromisoformat(text)


def is_day(text: str) -> bool:
    """Whether the text is a day of the calendar, written YYYY-MM-DD."""
    try:
        read_day(text)
    except ValueError:
        return False
    return True


class Meant(NamedTuple):
    """The number a text most likely means, and where a comma may mean two things the other."""

    value: Decimal
    other: Decimal | None
    percent: bool


def plain_number(text: str) -> Meant | None:
    """The number a person reads in the text: full-width digits, separators, currency, percent,
    accounting brackets. None when unclear.
    """
    if len(text) > LONGEST_NUMBER:
        return None
    guess = unicodedata.normalize("NFKC", text).translate(DASHES).strip()
    if accounting := re.fullmatch(r"\((.+)\)", guess):
        guess = f"-{accounting[1]}"
    percent = guess.endswith("%")
    guess = re.sub(rf"^([+-]?)\s*{_CURRENCY}\s*|\s*(?:%|{_CURRENCY})$", r"\1", guess)
    guess = re.sub(r"(?<=[0-9])[\s_'’](?=[0-9])", "", guess).strip().removeprefix("+")
    guess = re.sub(r"^(-?)0+(?=[0-9])", r"\1", guess)
    other = None
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", guess):
        other = (
            Decimal(guess.replace(",", ".")) if guess.count(",") == 1 and "." not in guess else None
        )
        guess = guess.replace(",", "")
    elif re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{3}){2,}(,[0-9]+)?", guess):
        guess = guess.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?[0-9]+,[0-9]+", guess):
        guess = guess.replace(",", ".")
    if not re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", guess):
        return None
    return Meant(Decimal(guess), other, percent)


PRINTED, ADDED, READ = "printed", "added", "read"
_DIGITS = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def as_text(value: Any) -> str:
    """A cell of a table as text: 2024 and not 2024.0, empty for a blank."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def in_words(value: Any, each: Callable[[Any], str] = as_text) -> str:
    """A value of a scenario in words: a list by its members, a car or a place of one's own by its
    name, anything else by `each`.
    """
    if isinstance(value, list | tuple):
        return ", ".join(in_words(member, each) for member in value) or "none"
    if isinstance(value, Mapping):
        return str(value.get("vehicle_id") or value.get("name") or "own values")
    return each(value)


def same_page(url: str) -> str:
    """An address without what does not change the page: scheme, www, a final slash, a fragment."""
    return re.sub(r"\Ahttps?://", "", url.partition("#")[0]).removeprefix("www.").rstrip("/")


def how_stated(text: str, number: float) -> str:
    """How a number comes from a text: PRINTED, ADDED from several in it, or READ from words."""
    numbers = [float(digits.replace(",", "")) for digits in _DIGITS.findall(text)]
    if any(math.isclose(printed, number) for printed in numbers):
        return PRINTED
    return ADDED if len(numbers) > 1 and math.isclose(sum(numbers), number) else READ


def publication_order(vintage: str) -> str:
    """What sorts the vintages of one figure from old to new: first_release, then years and days;
    before_2026-06 comes before that month.
    """
    return "" if vintage == "first_release" else vintage.removeprefix("before_")


def visible(text: str) -> str:
    """The text with marks that control, turn or hide written out as [U+202E]."""
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match.group()):04X}]", text.replace("\r\n", "\n"))


def short(text: str, longest: int = LONGEST_ALT) -> str:
    """The text on one line, invisible characters written out, cut with an ellipsis."""
    plain = visible(text).replace("\n", " ")
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"


def escaped(text: str) -> str:
    """The text for HTML, between tags or in a quoted attribute."""
    return html.escape(visible(text))


def no_formula(text: str) -> str:
    """The text for a CSV cell, an apostrophe before what a spreadsheet would compute."""
    # a bare carriage return would end the row, unquoted
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(("\t", "\n")):
        text = f"'{text}"
    return text if _PLAIN_NUMBER.fullmatch(text) else _FORMULA.sub(r"\1\2'", text)


def csv_text(frame: "pd.DataFrame") -> str:
    """The frame as CSV, no text a formula for a spreadsheet; floats keep 10 digits."""
    safe = frame.map(lambda value: no_formula(value) if isinstance(value, str) else value)
    safe.columns = [no_formula(str(column)) for column in frame.columns]
    return safe.to_csv(index=False, float_format="%.10g", lineterminator="\n")
