"""The forms that keys, tokens and passwords of many services have: the rules of gitleaks, whose
configuration stands in `secret_rules` as it was published, and a few that it lacks.
"""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GITLEAKS = Path(__file__).parent / "secret_rules" / "gitleaks.toml"
NOT_TAKEN = {"generic-api-key"}  # finds any word like "key" before any name of a file
# the end of a line break, a tab or a colour, such as [0m: no part of a word
WRITTEN_OUT = r"(?<=\\[nrt])|(?<=[\d\[]m)"
ALONE = rf"(?:(?<![A-Za-z0-9])|{WRITTEN_OUT})"
IN_PYTHON = {  # what of a pattern Go and Python write differently, and where a value may end
    "(?i)": "",
    r"[\w.-]{0,50}?": "",  # what stands before its name makes no difference
    "[:alnum:]": "a-zA-Z0-9",
    r"\z": r"\Z",
    r"""(?:[\x60'"\s;]|\\[nr]|$)""": r"(?![\w-])",  # in a page a tag may follow
}
KEY_END = r"-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----"
QUOTES = "\"'<>"  # end a word, as blanks do
SHORTEST = 15  # characters of a word that is a secret by itself
HIDDEN = "[secret]"  # what a reader sees instead


@dataclass(frozen=True)
class Form:
    """How secrets of a kind look.

    marks: a text that holds none of these, in small letters, holds no such secret, which is quick
    to tell. entropy: bits a character that one has at least; names and placeholders have less.
    spared: what is none, such as the examples of a manual. is_word: whether it stands in one word.
    """

    marks: tuple[str, ...]
    pattern: str
    what: str
    entropy: float = 0.0
    spared: tuple[str, ...] = ()
    is_word: bool = False

    def is_in(self, text: str) -> bool:
        """Whether the text holds one."""
        return any(map(self._counts, re.finditer(self.pattern, text)))

    def hidden_in(self, text: str) -> str:
        """The text without them."""
        return re.sub(self.pattern, lambda match: HIDDEN if self._counts(match) else match[0], text)

    def marked(self, small: str) -> bool:
        """Whether it is worth to look into a text, given in small letters."""
        return any(mark in small for mark in self.marks)

    def _counts(self, match: re.Match[str]) -> bool:
        secret = next(filter(None, match.groups()), match[0])
        is_spared = any(re.search(pattern, secret) for pattern in self.spared)
        return not is_spared and entropy(secret) >= self.entropy


def found_in(text: str) -> str:
    """What secret the text holds, in words, or an empty string. Looks at each word once, however
    often it stands there.
    """
    spaced = text
    for quote in QUOTES:
        spaced = spaced.replace(quote, " ")
    words = set(spaced.split())
    long = {word: word.casefold() for word in words if len(word) >= SHORTEST}
    small, small_long = "\n".join(words).casefold(), "\n".join(long.values())
    for form in known():
        if not form.marked(small_long if form.is_word else small):
            continue
        if form.is_word:
            text_or_words = "\n".join(word for word in long if form.marked(long[word]))
        else:
            text_or_words = text
        if form.is_in(text_or_words):
            return form.what
    return ""


def hidden(text: str) -> str:
    """The text with a word in place of every secret."""
    small = text.casefold()
    for form in known():
        if form.marked(small):
            text = form.hidden_in(text)
    return text


def entropy(text: str) -> float:
    """Bits a character, from how often each stands in the text."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)


OWN = (
    Form(
        ("-----begin",),
        rf"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?)(?:{KEY_END}|\Z)",
        "a private key",
    ),
    Form(("sk-",), rf"{ALONE}sk-[\w-]{{32,}}", "an access token", entropy=3.5, is_word=True),
    Form(
        ("aws_secret_access_key",),
        r"(?i:aws_secret_access_key)[\"'\\\s:=]{1,8}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])",
        "an access key of a cloud",
    ),
    Form(
        ("://",),
        r"://[^\s/:@\"'<>(){}\[\]$*]{0,64}:[^\s/:@\"'<>(){}\[\]$*]{3,128}@",
        "an address with a password",
        is_word=True,
    ),
)


@cache
def known() -> tuple[Form, ...]:
    """All forms, our own first: a private key is hidden to its end."""
    return (*OWN, *_of_gitleaks(tomllib.loads(GITLEAKS.read_text(encoding="utf-8"))["rules"]))


def _of_gitleaks(rules: list[Mapping[str, Any]]) -> Iterator[Form]:
    """The forms by rules for any text. One for files of a certain name finds too much elsewhere;
    one that goes on over any number of characters takes too long on a long text.
    """
    for rule in rules:
        if rule["id"] in NOT_TAKEN or "path" in rule or re.search(r"(?<!\\)\.\*", rule["regex"]):
            continue
        spared = [allowed.get("regexes", []) for allowed in rule.get("allowlists", [])]
        pattern = _in_python(rule["regex"])
        yield Form(
            tuple(map(str.casefold, rule["keywords"])),
            pattern,
            f"a secret ({rule['id']})",
            rule.get("entropy", 0.0),
            tuple(pattern for patterns in spared for pattern in patterns),
            is_word=not re.search(r"""\\s|["'>]""", pattern.removeprefix("(?a)" + ALONE)),
        )


def _in_python(pattern: str) -> str:
    """A pattern of Go for Python, where flags hold for the whole. What it finds may begin where a
    line break or a colour is written out.
    """
    flags = "(?ai)" if "(?i)" in pattern else "(?a)"
    for go, python in IN_PYTHON.items():
        pattern = pattern.replace(go, python)
    begins_alone = pattern.startswith(r"\b")
    return flags + (ALONE + pattern.removeprefix(r"\b") if begins_alone else pattern)
