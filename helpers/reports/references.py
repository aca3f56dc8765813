"""What a page links its words and numbers to: the glossary with its meanings, and the register of
sources.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpers import GLOSSARY
from helpers.data import load

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
    text = GLOSSARY.read_text(encoding="utf-8")
    return tuple(Term(entry["word"], entry["meaning"]) for entry in _ENTRY.finditer(text))


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Any of the words, singular or plural, the longest first."""
    longest_first = sorted((term.word for term in terms()), key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})s?(?![\w-])", re.IGNORECASE
    )


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


@dataclass(frozen=True)
class Source:
    """One entry of the register as a reader sees it."""

    source_id: str
    publisher: str
    title: str
    published: str
    url: str

    @property
    def anchor(self) -> str:
        """The id of its entry on the page."""
        return anchor_of(self.source_id)


def anchor_of(source_id: str) -> str:
    """The page id of a source id."""
    return "source-" + re.sub(r"[^A-Za-z0-9]+", "-", source_id).strip("-").lower()


@functools.cache
def register() -> dict[str, Source]:
    """The source register, current ids and aliases alike → source. Read once a process."""
    frame = load("sources")
    by_id: dict[str, Source] = {}
    for row in frame.itertuples(index=False):
        source = Source(
            str(row.source_id), str(row.publisher), str(row.title), str(row.published), str(row.url)
        )
        for identifier in (source.source_id, *filter(None, str(row.aliases).split(";"))):
            by_id[identifier.strip()] = source
    return by_id


class Cited:
    """Collects the sources a page names, in order of first use."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}

    def anchor(self, source_id: str) -> str | None:
        """The page id of a source, which is then listed; None when the register does not know the
        id.
        """
        source = register().get(source_id)
        if source is None:
            return None
        self._sources[source.source_id] = source
        return source.anchor

    def listed(self) -> list[Source]:
        """All that was named, by id."""
        return sorted(self._sources.values(), key=lambda source: source.source_id)


def described(source_ids: Iterable[str], cited: Cited) -> list[tuple[str, str | None]]:
    """Each id with its page id."""
    return [(source_id, cited.anchor(source_id)) for source_id in source_ids]
