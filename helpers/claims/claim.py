"""A claim as data: one assertion with its place, its rule and the facts linked to it."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Link:
    """The stance of one fact towards a claim: supports, refutes, partial or context."""

    evidence_id: str
    stance: str


@dataclass(frozen=True)
class Claim:
    """One assertion of an article. `value` is what the article asserts, as text; `args` says what
    the rule compares it with.
    """

    claim_id: str
    article_id: str
    paragraph: int
    text: str
    claim_type: str
    value: str
    unit: str
    attributed_to: str
    rule: str
    args: Mapping[str, Any]
    tolerance_kind: str
    published: datetime.date
    links: tuple[Link, ...]

    @property
    def number(self) -> float:
        """The asserted number. Raises ValueError when the claim asserts a word."""
        return float(self.value)

    @property
    def words(self) -> frozenset[str]:
        """The asserted set, entries separated by semicolons."""
        return frozenset(filter(None, (part.strip() for part in self.value.split(";"))))
