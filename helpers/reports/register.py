"""The sources of a report: every id its results and tables name, looked up in the source
register.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpers.data import load


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
    found: dict[str, Source] = {}
    for row in frame.itertuples(index=False):
        source = Source(
            str(row.source_id), str(row.publisher), str(row.title), str(row.published), str(row.url)
        )
        for identifier in (source.source_id, *filter(None, str(row.aliases).split(";"))):
            found[identifier.strip()] = source
    return found


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
