"""What several commands share: exit codes, options, listings, names of notebooks."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from helpers.errors import refusal
from helpers.texts import did_you_mean

FAILED = 1
BAD_INPUT = 2
FOLDER_IN_USE = 3

Scheduler = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS", help="dask.distributed scheduler, such as tcp://127.0.0.1:8786."
    ),
]
TrustScheduler = Annotated[
    bool,
    typer.Option("--trust-scheduler", help="Allow an address that is neither loopback nor TLS."),
]


def group(meaning: str) -> typer.Typer:
    """Commands under one word. Their faults end as lines in `main`."""
    return typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=meaning)


def notebook_name(text: str, or_else: str = "") -> str:
    """The notebook meant by `01`, `01_trade_imbalance`, or a path to it. or_else: what else may be
    written instead of a name that is none.
    """
    from helpers.scenarios import NOTEBOOKS

    stem = Path(text).name.removesuffix(".ipynb")
    for name in NOTEBOOKS:
        if stem in (name, name[:2]):
            return name
    remedy = did_you_mean(stem, NOTEBOOKS, f"write one of {', '.join(NOTEBOOKS)}{or_else}")
    raise refusal(f"notebook {text}", "there is no such notebook", remedy)


def listing(*headers: str) -> Table:
    """A table without lines for a terminal: its first column is never broken, a word that is too
    long for another is, and none is cut.
    """
    table = Table(*headers, box=None, pad_edge=False, header_style="bold")
    table.columns[0].no_wrap = True
    for column in table.columns:
        column.overflow = "fold"
    return table


def print_listing(table: Table) -> None:
    """Print a table as wide as the terminal; 200 characters wide into a file or a pipe."""
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=200)
    console.print(table)
