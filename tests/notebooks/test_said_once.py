"""A page says a thing once: no sentence of eight words or more stands twice in what it shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from helpers.show.drawing import MIME as FIGURE_MIME
from helpers.show.table import MIME as TABLE_MIME
from tests.notebooks.cells import NOTEBOOKS

FEWEST_WORDS = 8


def texts(cell: dict[str, Any]) -> Iterator[str]:
    """What a reader sees of a cell as words: text, said sentences, captions, figure words."""
    if cell["cell_type"] == "markdown":
        yield "".join(cell["source"])
    for data in (output.get("data", {}) for output in cell.get("outputs", [])):
        if FIGURE_MIME in data:
            yield from (str(data[FIGURE_MIME]["words"][own]) for own in ("title", "subtitle"))
            yield data[FIGURE_MIME]["words"]["source"]
        elif TABLE_MIME in data:
            yield data[TABLE_MIME]["caption"]
        elif "text/html" in data:
            yield "".join(data["text/plain"])


def repeated(cells: list[dict[str, Any]]) -> list[str]:
    seen, again = set[str](), list[str]()
    for cell in cells:
        for text in texts(cell):
            for sentence in re.split(r"(?<=[.;:])\s+|\n", text):
                own = sentence.strip(" •")
                if len(own.split()) >= FEWEST_WORDS:
                    again += [own] if own in seen else []
                    seen.add(own)
    return again


@pytest.mark.parametrize("name", ["01_trade_imbalance", "04_landed_cost"])
def test_no_sentence_stands_twice_on_a_page(name: str) -> None:
    stored = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))
    assert repeated(stored["cells"]) == []


def test_a_sentence_that_stands_twice_is_found() -> None:
    cell = {"cell_type": "markdown", "source": ["One two three four five six seven eight.\n"] * 2}
    assert len(repeated([cell])) == 1
