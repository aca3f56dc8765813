"""What the front page says first: the answers in words, five numbers, one picture."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from helpers.quantities import said
from helpers.reports.comparison import BRIEF
from helpers.reports.context import ScenarioResult
from helpers.reports.readme import PICTURE_NAME
from helpers.results import LABELS, Result
from helpers.show.figure import MIME as FIGURE

CARDS = 5


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
    """What one scenario's brief says. picture: the bundle of its figure, empty without one."""

    scenario: str = ""
    answers: Sequence[str] = ()
    cards: Sequence[Card] = ()
    picture: Mapping[str, Any] = field(default_factory=dict)


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
    pictures = (data for data in bundles if data.get(FIGURE, {}).get("name") == PICTURE_NAME)
    return Front(
        scenario,
        tuple(answer for data in bundles for answer in _answers(data)),
        tuple(_card(result, own) for result in headlines),
        next(pictures, {}),
    )


def _answers(data: Mapping[str, Any]) -> Iterator[str]:
    shown = data.get("text/html", "")
    if 'class="answer"' in shown:
        for item in re.findall(r"<li>(.*?)</li>", shown, re.DOTALL):
            yield html.unescape(re.sub(r"<[^>]*>", "", item)).strip()


def _card(result: Result, own: Sequence[ScenarioResult]) -> Card:
    """The number with the notebook that works it out: the first but the brief that records it."""
    same = [
        known.notebook
        for known in own
        if (known.result.name, known.result.subject) == (result.name, result.subject)
    ]
    notebook = min((name for name in same if name != BRIEF), default=BRIEF)
    value = result.value if isinstance(result.value, str) else said(result.value, result.unit)
    anchor = f"result-{result.name}" + (f"-{result.subject}" if result.subject else "")
    return Card(
        LABELS.get(result.name, result.name.replace("_", " ").capitalize()),
        value,
        result.text.removeprefix(value).strip(" ()"),
        result,
        f"{own[0].scenario}/{notebook}.html#{anchor}",
    )
