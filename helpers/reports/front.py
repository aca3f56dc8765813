"""What the front page says first: the answers in words, five numbers, one picture."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from helpers.quantities import said
from helpers.reports.changes import label
from helpers.reports.comparison import BRIEF
from helpers.reports.context import ScenarioResult
from helpers.reports.markdown import asked_and_answer
from helpers.reports.readme import PICTURE_NAME
from helpers.results import Result
from helpers.show import numbers
from helpers.show.drawing import MIME as FIGURE
from helpers.show.table import MIME as TABLE

CARDS = 5
WRONG_NAME = "contradicted"
WHOLE_PERCENT = 10.0


@dataclass(frozen=True)
class Card:
    """One headline number. value, span: as a reader reads them, the span empty without an interval.
    href: where the report that works it out shows it.
    """

    label: str
    value: str
    span: str
    result: Result
    href: str


@dataclass(frozen=True)
class Front:
    """What one scenario's brief says. answers: each with the question before it, if there is one.
    picture: the bundle of its figure, empty without one. wrong: its table of contradicted claims as
    HTML. summary: the answers in another language, as HTML.
    """

    scenario: str = ""
    answers: Sequence[tuple[str, str]] = ()
    cards: Sequence[Card] = ()
    picture: Mapping[str, Any] = field(default_factory=dict)
    wrong: str = ""
    summary: str = ""


def front(brief: NotebookNode, scenario: str, results: Sequence[ScenarioResult]) -> Front:
    """The front of an executed brief. results: of all notebooks, so that a number leads to the one
    that works it out.
    """
    bundles = [
        output["data"]
        for cell in brief.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    own = [known for known in results if known.scenario == scenario]
    headlines = [known.result for known in own if known.notebook == BRIEF][:CARDS]
    shown = {data.get(kind, {}).get("name"): data for data in bundles for kind in (FIGURE, TABLE)}
    texts = [data.get("text/html", "") for data in bundles]
    return Front(
        scenario,
        tuple(answer for text in texts for answer in _answers(text)),
        tuple(_card(result, own) for result in headlines),
        shown.get(PICTURE_NAME, {}),
        shown.get(WRONG_NAME, {}).get("text/html", ""),
        next((text for text in texts if 'class="summary ' in text), ""),
    )


def _answers(shown: str) -> Iterator[tuple[str, str]]:
    if 'class="answer ' in shown:
        for item in re.findall(r"<li>(.*?)</li>", shown, re.DOTALL):
            yield asked_and_answer(item)


def _card(result: Result, own: Sequence[ScenarioResult]) -> Card:
    """The number with the notebook that works it out: the first but the brief that records it."""
    same = [
        known.notebook
        for known in own
        if (known.result.name, known.result.subject) == (result.name, result.subject)
    ]
    notebook = min((name for name in same if name != BRIEF), default=BRIEF)
    anchor = f"result-{result.name}" + (f"-{result.subject}" if result.subject else "")
    spread = ""
    if result.low is not None and result.high is not None:
        spread = numbers.joint(*(_read(end, result.unit) for end in (result.low, result.high)))
    text = result.text.partition(" (")[0].partition(" per ")[0]
    percent = result.unit.startswith("%")
    return Card(
        label(result.name, result.subject),
        _read(result.value, result.unit) if percent or not text else text,
        spread,
        result,
        f"{own[0].scenario}/{notebook}.html#{anchor}",
    )


def _read(value: float | str, unit: str) -> str:
    """A number in large type: percent from ten on without decimals, money without its "per car"."""
    if isinstance(value, str):
        return value
    if unit.startswith("%"):
        return numbers.percent(value, 0 if abs(value) >= WHOLE_PERCENT else 1)
    return said(value, unit).partition(" per ")[0]
