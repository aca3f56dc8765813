"""The glossary: words with their meanings, and where a page first uses them."""

import functools
import re
from dataclasses import dataclass

from helpers import PROJECT_ROOT

_ENTRY = re.compile(r"^- \*\*(?P<word>[^*]+)\*\*: (?P<meaning>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Term:
    """One word and what it means here."""

    word: str
    meaning: str

    @property
    def anchor(self) -> str:
        """The id of its entry on a page."""
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.word.lower()).strip("-")


@functools.cache
def terms() -> tuple[Term, ...]:
    """All words, in alphabetical order. Read once a process."""
    text = (PROJECT_ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return tuple(Term(entry["word"], entry["meaning"]) for entry in _ENTRY.finditer(text))


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Any of the words, singular or plural, the longest first."""
    words = sorted((term.word for term in terms()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, words))})s?(?![\w-])", re.IGNORECASE)


class Terms:
    """Finds the words of the glossary in the texts of one page, each where it first stands."""

    def __init__(self) -> None:
        self._used: dict[str, Term] = {}

    def linked(self, text: str) -> str:
        """HTML text without tags, the first use of each word linked to its meaning."""
        return _pattern().sub(self._link, text)

    def used(self) -> list[Term]:
        """The words the page uses, in alphabetical order."""
        return [term for term in terms() if term.word in self._used]

    def _link(self, match: re.Match[str]) -> str:
        term = next(term for term in terms() if term.word.lower() == match[1].lower())
        if term.word in self._used:
            return match[0]
        self._used[term.word] = term
        return f'<a class="term" href="#{term.anchor}">{match[0]}</a>'
