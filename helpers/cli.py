"""The `reverse-imports` command. Thin: it parses words, calls the rooms below, and turns faults into lines and exit codes."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from helpers import __version__
from helpers.errors import Fault, InputError
from helpers.scenarios import NOTEBOOKS, load_scenarios, parameters

BAD_INPUT = 2

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Run and check the reverse-imports notebooks.")


def main() -> None:
    """Entry point: bad input ends as lines on stderr and exit code 2, never as a traceback."""
    try:
        app()
    except InputError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        print(f"{len(error.faults)} fault{'s' if len(error.faults) > 1 else ''} found; nothing was run.", file=sys.stderr)
        sys.exit(BAD_INPUT)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"reverse-imports {__version__}")
        raise typer.Exit


@app.callback()
def options(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")] = False) -> None:
    """Options before the command."""


@app.command()
def check() -> None:
    """Check every table, source and scenario; say all that is wrong."""
    from helpers.data import check_all

    faults = list(check_all())
    try:
        found = load_scenarios()
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    print(f"The data package and {len(found)} scenarios are in order.")


@app.command()
def scenarios() -> None:
    """List the scenarios with their stories and what they change."""
    listing = _listing("Name", "Story", "Changes")
    for one in load_scenarios():
        changes = ", ".join(f"{name} = {_words(value)}" for name, value in one.changes.items())
        listing.add_row(one.name, one.story, changes or "nothing")
    _print(listing)


@app.command(name="parameters")
def list_parameters(notebook: Annotated[str, typer.Argument(help="Only the parameters that this notebook takes.")] = "") -> None:
    """List the parameters: default, unit, range, meaning and why that default."""
    name = _notebook_name(notebook) if notebook else None
    listing = _listing("Name", "Type", "Default", "Unit", "Range", "Meaning", "Why this default")
    for one in parameters(name):
        listing.add_row(one.name, one.type, _words(one.default), one.unit, one.range, one.meaning, one.why)
    _print(listing)


def _notebook_name(text: str) -> str:
    """The notebook meant by `01`, `01_trade_imbalance`, or a path to it."""
    stem = Path(text).name.removesuffix(".ipynb")
    for name in NOTEBOOKS:
        if stem in (name, name[:2]):
            return name
    raise InputError([Fault(f"notebook {text}", "there is no such notebook", f"write one of {', '.join(NOTEBOOKS)}")])


def _words(value: Any) -> str:
    return (", ".join(value) or "none") if isinstance(value, list | tuple) else str(value)


def _listing(*headers: str) -> Table:
    listing = Table(*headers, box=None, pad_edge=False, header_style="bold")
    listing.columns[0].no_wrap = True
    return listing


def _print(listing: Table) -> None:
    console = Console(markup=False, highlight=False)
    console.print(listing) if console.is_terminal else Console(markup=False, highlight=False, width=200).print(listing)
