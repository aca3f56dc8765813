"""Sentences with computed numbers. Prose that a notebook types itself holds no number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
from IPython.display import display

from helpers import numbers
from helpers.errors import Fault, InputError
from helpers.quantities import Quantity
from helpers.results import Result
from helpers.show.table import Table
from helpers.texts import MONEY, escaped

S = TypeVar("S", bound="Stepwise")

RELATIVE_TOLERANCE = 1e-9
OWN_STEP = "own-step"  # the class of the words before an answer by a step of the reader's own


class Stepwise(Protocol):
    """A study as far as a check needs it."""

    @property
    def own(self: S) -> S:
        """The same by the suite's own steps."""
        ...

    @property
    def replaced(self) -> tuple[str, ...]:
        """The steps that the reader replaced."""
        ...


def check(study: S, compared: Mapping[str, tuple[Any, Callable[[S], Any]]]) -> Table:
    """A table of numbers worked out above beside the same numbers of the study and of the suite.

    compared: what it is → the number shown above, and the function that takes it from a study.
    Raises InputError where they differ while no step is replaced: then the lines above or the
    suite are wrong. With a step replaced by the reader, the table names it and shows both.
    """
    rows = []
    for what, (shown, of) in compared.items():
        own, suite = of(study), of(study.own)
        unit = shown.unit if isinstance(shown, Quantity) else ""
        values = [_plain(number, unit) for number in (shown, own, suite)]
        equal = np.isclose(values[0], values[1:], rtol=RELATIVE_TOLERANCE).all()
        rows.append((what, unit, *values, bool(equal)))
    frame = pd.DataFrame(
        rows, columns=["Number", "Unit", "Shown above", "Study", "Suite's own steps", "Equal"]
    )
    differing = frame.loc[~frame["Equal"], "Number"]
    if len(differing) and not study.replaced:
        raise InputError(
            Fault(what, "differs between the lines above and the study", _REMEDY)
            for what in differing
        )
    replaced = f"; replaced by the reader: {', '.join(study.replaced)}" if study.replaced else ""
    decimals = dict.fromkeys(("Shown above", "Study", "Suite's own steps"), 2)
    return Table(
        "checks",
        f"Numbers worked out above, and those of the study{replaced}",
        frame,
        decimals=decimals,
    )


_REMEDY = "hand an own method to the study with study.using(...); otherwise one of the two is wrong"


def _plain(number: Any, unit: str) -> float:
    """The number as a float in that unit; of draws the median."""
    value = number.to(unit).value if isinstance(number, Quantity) else number
    return float(np.median(value))


def prose(*sentences: str | Result) -> None:
    """Publish one paragraph of computed sentences; of a result its sentence."""
    text = " ".join(map(_sentence, sentences))
    html = f'<p class="{MONEY}">{_markup(text)}</p>'
    display({"text/html": html, "text/plain": text}, raw=True)


def answer(*sentences: str | Result, asked: Sequence[str] = ()) -> None:
    """Publish the answer in brief: a bullet a sentence; of a result its sentence. asked: the
    question before each.
    """
    lines = [_sentence(sentence) for sentence in sentences]
    answered = list(zip(asked or [""] * len(lines), lines, strict=True))
    items = "\n".join(f"<li>{_asked(question)}{_markup(line)}</li>" for question, line in answered)
    display(
        {
            "text/html": f'<ul class="answer {MONEY}">\n{items}\n</ul>',
            "text/plain": "\n".join(
                f"• {f'{question} {line}'.strip()}" for question, line in answered
            ),
        },
        raw=True,
    )


def _asked(question: str) -> str:
    return f'<strong class="asked">{escaped(question)}</strong> ' if question else ""


@dataclass(frozen=True)
class Summary:
    """Lists under heads, folded under a title, in a language of its own. It shows itself at the end
    of a cell. language: as browsers name it, such as `ja`.
    """

    title: str
    lists: Mapping[str, Sequence[str]]
    language: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        html = "".join(
            f"<p><strong>{escaped(head)}</strong></p>\n<ul>\n{_items(lines)}\n</ul>\n"
            for head, lines in self.lists.items()
        )
        text = "\n".join(
            f"{head}\n" + "\n".join(f"• {line}" for line in lines)
            for head, lines in self.lists.items()
        )
        return {
            "text/html": f'<details class="summary {MONEY}" lang="{self.language}">'
            f"<summary>{escaped(self.title)}</summary>\n{html}</details>",
            "text/plain": text,
        }


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"<li>{_markup(line)}</li>" for line in lines)


def _markup(text: str) -> str:
    """A sentence as HTML, in which no line ends between a number and its unit."""
    return escaped(numbers.unbroken(text))


def own_answer(study: Stepwise, sentences: Iterable[str | Result]) -> None:
    """Publish the answer once more where the reader replaced a step below the answer in brief;
    nothing where none is replaced.
    """
    if study.replaced:
        text = f"Your answer, by a {' and a '.join(study.replaced)} of your own:"
        html = f'<p class="{OWN_STEP}">{escaped(text)}</p>'
        display({"text/html": html, "text/plain": text}, raw=True)
        answer(*sentences)


def _sentence(text: str | Result) -> str:
    return text.sentence if isinstance(text, Result) else text


def result(*results: Result) -> None:
    """Leave results in the executed notebook, from where batches collect them."""
    for own in results:
        display(own)
