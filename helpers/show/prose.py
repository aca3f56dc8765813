"""Sentences with computed numbers. Prose that a notebook types itself holds no number."""

from collections.abc import Iterable

import pandas as pd
from IPython.display import display

from helpers.results import Result
from helpers.scenarios import Scenario
from helpers.scenarios import parameters as declared_parameters
from helpers.show.check import Stepwise
from helpers.show.table import table
from helpers.texts import escaped


def prose(*sentences: str | Result) -> None:
    """Publish one paragraph of computed sentences; of a result its sentence."""
    text = " ".join(map(_sentence, sentences))
    display({"text/html": f"<p>{escaped(text)}</p>", "text/plain": text}, raw=True)


def answer(*sentences: str | Result) -> None:
    """Publish the answer in brief: a bullet a sentence; of a result its sentence."""
    lines = [_sentence(sentence) for sentence in sentences]
    items = "\n".join(f"<li>{escaped(line)}</li>" for line in lines)
    display(
        {
            "text/html": f'<ul class="answer">\n{items}\n</ul>',
            "text/plain": "\n".join(f"• {line}" for line in lines),
        },
        raw=True,
    )


def own_answer(study: Stepwise, sentences: Iterable[str | Result]) -> None:
    """Publish the answer once more where the reader replaced a step below the answer in brief;
    nothing where none is replaced.
    """
    if study.replaced:
        prose(f"Your answer, by a {' and a '.join(study.replaced)} of your own:")
        answer(*sentences)


def _sentence(text: str | Result) -> str:
    return text.sentence if isinstance(text, Result) else text


def result(*results: Result) -> None:
    """Leave results in the executed notebook, from where batches collect them."""
    for own in results:
        display(own)


def parameters(scenario: Scenario) -> None:
    """Publish the parameters that differ from the base scenario, or say that none does."""
    differing = scenario.differing()
    if not differing:
        prose("All parameters have their base values.")
        return
    rows = [
        (one.name, _shown(value), _shown(base), one.unit, one.meaning)
        for one in declared_parameters()
        for value, base in [differing.get(one.name, (None, None))]
        if one.name in differing
    ]
    frame = pd.DataFrame(rows, columns=["Parameter", "Value", "Base value", "Unit", "Meaning"])
    table(frame, name="parameters", caption="Parameters that differ from the base scenario")


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
