"""What the headlines say in words that can be true or false, and in which scenarios they are
true.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.brief.part import HeadlineNumbers
from helpers.volume.findings import likelihood

_BOUNDS = (1.0, 5.0, 10.0, 25.0, 50.0, 100.0)


@dataclass(frozen=True)
class Statement:
    """What a headline says in words that can be true or false of any scenario.

    name: the headline, a field of `HeadlineNumbers` without its unit. word: the class it claims.
    bound: the round number it stays below, 0 for none.
    """

    name: str
    word: str
    bound: float = 0.0


@dataclass(frozen=True)
class Held:
    """A statement and the scenarios, by title, in which it is true and in which not."""

    statement: Statement
    holds_in: tuple[str, ...]
    fails_in: tuple[str, ...]

    @property
    def cases(self) -> int:
        """Number of scenarios that were tried."""
        return len(self.holds_in) + len(self.fails_in)


def statements(own: HeadlineNumbers) -> tuple[Statement, ...]:
    """What the five headlines say in words that another scenario can make false."""
    certain = own.break_even_percent <= 100
    return (
        Statement("share_of_gap", "below", _bound(own.share_of_gap_percent)),
        Statement("probability", _likelihood(own.probability_percent)),
        Statement("fit", _majority(own)),
        Statement("sticker", _dearness(own)),
        Statement("break_even", _worth(own), _bound(own.break_even_percent) if certain else 0.0),
    )


def holds(statement: Statement, numbers: HeadlineNumbers) -> bool:
    """Whether a statement is true of these numbers."""
    if statement.name == "share_of_gap":
        return numbers.share_of_gap_percent < statement.bound or math.isinf(statement.bound)
    if statement.name == "probability":
        return _likelihood(numbers.probability_percent) == statement.word
    if statement.name == "fit":
        return _majority(numbers) == statement.word
    if statement.name == "sticker":
        return _dearness(numbers) == statement.word
    if statement.bound:
        return numbers.break_even_percent < statement.bound
    return _worth(numbers) == statement.word


def robustness(own: HeadlineNumbers, others: Mapping[str, HeadlineNumbers]) -> tuple[Held, ...]:
    """For each headline of `own` the scenarios in which it stays true and in which not."""
    return tuple(
        Held(
            statement,
            tuple(name for name, numbers in others.items() if holds(statement, numbers)),
            tuple(name for name, numbers in others.items() if not holds(statement, numbers)),
        )
        for statement in statements(own)
    )


def _bound(percent: float) -> float:
    return next((bound for bound in _BOUNDS if percent < bound), math.inf)


def _likelihood(percent: float) -> str:
    """The word for a chance; what is very likely is likely too."""
    return likelihood(percent / 100).removeprefix("very ")


def _majority(numbers: HeadlineNumbers) -> str:
    if not numbers.sized:
        return "unknown"
    return "most" if 2 * numbers.fitting > numbers.sized else "half or fewer"


def _dearness(numbers: HeadlineNumbers) -> str:
    return "dearer" if numbers.sticker_jpy > numbers.rival_jpy else "no dearer"


def _worth(numbers: HeadlineNumbers) -> str:
    if math.isinf(numbers.break_even_percent):
        return "nothing to protect"
    return "worth it" if numbers.break_even_percent <= 100 else "never"
