"""Everything a notebook shows: figures, tables, sentences, results. One style, one way each."""

from helpers import numbers
from helpers.show.canvas import Canvas
from helpers.show.drawing import Drawing
from helpers.show.prose import answer, check, own_answer, prose, result
from helpers.show.table import Table, sources

__all__ = [
    "Canvas",
    "Drawing",
    "Table",
    "answer",
    "check",
    "numbers",
    "own_answer",
    "prose",
    "result",
    "sources",
]
