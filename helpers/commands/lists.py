"""The commands that check and list: data, scenarios, parameters, assumptions."""

import math
from typing import Annotated, Any

import typer

from helpers.commands.shared import listing, notebook_name, print_listing
from helpers.errors import InputError
from helpers.scenarios import load_scenarios, parameters
from helpers.texts import passage

app = typer.Typer()


@app.command(epilog="Example: reverse-imports check --stale")
def check(
    stale: Annotated[
        bool,
        typer.Option("--stale", help="Also list the series that are due to be looked up again."),
    ] = False,
    days: Annotated[
        int | None,
        typer.Option(
            help="With --stale: due after so many days, instead of each series' own measure."
        ),
    ] = None,
) -> None:
    """Check every table, source and scenario; say what is wrong and which claims wait."""
    import datetime

    from helpers.claims.files import missing_evidence
    from helpers.data import check_all, freshness
    from helpers.scenarios.tables import NO_NAMES

    faults = list(check_all())
    try:
        scenarios = load_scenarios()
    except InputError as error:
        # what is wrong with a table that gives no names is said above, once
        faults += [fault for fault in error.faults if not faults or fault.what != NO_NAMES]
    if faults:
        raise InputError(faults)
    print(
        "\n".join(
            [*missing_evidence(), f"The data package and {len(scenarios)} scenarios are in order."]
        )
    )
    if stale:
        due = freshness.stale(datetime.datetime.now(datetime.UTC).date(), days)
        print("\n".join(series.line() for series in due) or "No series is due.")


@app.command(epilog="Example: reverse-imports scenarios")
def scenarios() -> None:
    """List the scenarios with their stories and what they change."""
    table = listing("Name", "Story", "Changes")
    for scenario in load_scenarios():
        changes = ", ".join(f"{name} = {_words(value)}" for name, value in scenario.changes.items())
        table.add_row(scenario.name, passage(scenario.story), passage(changes) or "nothing")
    print_listing(table)


@app.command(name="parameters", epilog="Example: reverse-imports parameters 04")
def list_parameters(
    notebook: Annotated[
        str, typer.Argument(help="Only the parameters that this notebook takes.")
    ] = "",
) -> None:
    """List the parameters: default, unit, range, meaning and why that default."""
    name = notebook_name(notebook) if notebook else None
    table = listing("Name", "Type", "Default", "Unit", "Range", "Meaning", "Why this default")
    for parameter in parameters(name):
        table.add_row(
            parameter.name,
            parameter.type,
            _words(parameter.default),
            parameter.unit,
            parameter.range,
            parameter.meaning,
            parameter.why,
        )
    print_listing(table)


@app.command(name="assumptions", epilog="Example: reverse-imports assumptions")
def list_assumptions() -> None:
    """List the rows of the assumption tables; `-p`, scenario files and `more` set them by name."""
    from helpers.scenarios.assumptions import assumptions

    table = listing("Name", "Unit", "Low", "Likely", "High", "Table")
    for row in assumptions().values():
        ends = ("" if math.isnan(end) else f"{end:g}" for end in (row.low, row.likely, row.high))
        table.add_row(row.name, row.unit, *ends, row.table)
    print_listing(table)


def _words(value: Any) -> str:
    return (
        (", ".join(map(_words, value)) or "none") if isinstance(value, list | tuple) else str(value)
    )
