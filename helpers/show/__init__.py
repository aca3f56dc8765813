"""Everything a notebook shows: figures, tables, sentences. One style, one way each."""

from helpers.show import numbers
from helpers.show.figure import figure
from helpers.show.prose import answer, parameters, prose
from helpers.show.table import sources, table

__all__ = ["answer", "figure", "numbers", "parameters", "prose", "sources", "table"]
