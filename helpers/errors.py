"""The one way bad input is reported: what is wrong, where, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.texts import LONGEST_PASSAGE, printable


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input.

    where: the place as a reader finds it, e.g. ``data/market/japan_market.csv line 7, column
    units``.
    what: what stands there and why that is wrong.
    instead: what to write; empty when there is no single remedy.
    """

    where: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        where, what, instead = (
            printable(text, LONGEST_PASSAGE) for text in (self.where, self.what, self.instead)
        )
        return f"{where}: {what}; {instead}" if instead else f"{where}: {what}"


class InputError(ValueError):
    """Bad input, with every fault found. Shown to people as lines, never as a traceback.

    In a notebook IPython prints the lines alone, because of ``_render_traceback_``.
    """

    def __init__(self, faults: Iterable[Fault]):
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {len(self.faults)} fault(s)", *map(str, self.faults)]


def refusal(where: str, what: str, instead: str = "") -> InputError:
    """Bad input with one fault, to be raised."""
    return InputError([Fault(where, what, instead)])
