"""Text from tables, files and people on its way into HTML or CSV: always text there, never markup,
never a formula, nothing invisible.
"""

import html
import re

LONGEST_ALT = 400
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_FORMULA = re.compile(r"(\A|[;\t\n|])([\s\x00-\x20\u200b\u2060\ufeff]*)(?=[=+\-@＝＋－＠﹢﹣﹫])")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9,.]*( ?%)?")


def visible(text: str) -> str:
    """The text with control characters and marks that turn or hide text written out as [U+202E];
    line breaks and tabs stay.
    """
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match.group()):04X}]", text.replace("\r\n", "\n"))


def short(text: str, longest: int = LONGEST_ALT) -> str:
    """The text on one line, its invisible characters written out, cut with an ellipsis; as it
    stands, short enough for an alt text.
    """
    plain = visible(text).replace("\n", " ")
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"


def escaped(text: str) -> str:
    """The text for HTML, between tags or in a quoted attribute."""
    return html.escape(visible(text))


def no_formula(text: str) -> str:
    """The text for a CSV cell. An apostrophe keeps a spreadsheet from computing it, also after a
    separator it might split at.
    """
    # a bare carriage return would end the row, unquoted
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(("\t", "\n")):
        text = f"'{text}"
    return text if _PLAIN_NUMBER.fullmatch(text) else _FORMULA.sub(r"\1\2'", text)
