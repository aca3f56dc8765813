"""The commands that read results: of two scenarios, of one name, of many parameters."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from helpers.commands.shared import FAILED, Scheduler, TrustScheduler
from helpers.files import near
from helpers.texts import printable

app = typer.Typer()


@app.command(epilog="Example: reverse-imports compare base weak_yen")
def compare(
    first: Annotated[str, typer.Argument(help="A scenario, or a folder of reports.")],
    second: Annotated[str, typer.Argument(help="The other one.")],
    output: Annotated[Path, typer.Option(help="Folder with the results.")] = Path("reports"),
) -> None:
    """Make a page of what differs between two scenarios that were run, in numbers and sentences.

    Two folders of reports are compared by their base scenario, as before and after new data:
    reverse-imports compare reports_june reports
    """
    from helpers import files
    from helpers.reports.differences import page, side

    sides = side(first, output), side(second, output)
    names = "_".join(re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") for name in (first, second))
    path = output / f"compare_{names}.html"
    files.write(path, page(*sides).encode())
    print(f"Differences: {path}")


@app.command(epilog="Example: reverse-imports show gap_value_usd_mn --scenario weak_yen")
def show(
    name: Annotated[str, typer.Argument(help="A result, or NAME.SUBJECT for one of its rows.")],
    scenario: Annotated[str, typer.Option(help="Scenario; others than base once run.")] = "base",
    output: Annotated[Path, typer.Option(help="Folder of the reports.")] = Path("reports"),
) -> None:
    """Print a result as a line to quote: number, interval, quality, sentence and sources."""
    from helpers.commands.quoted import quote

    print(quote(name, scenario, output))


@app.command(epilog="Example: reverse-imports sweep design.yaml --output points.parquet --summary")
def sweep(
    grid: Annotated[
        Path,
        typer.Argument(
            metavar="DESIGN.yaml",
            help="Parameters with lists of values, or from, to and step; a sample with design "
            "latin_hypercube or sobol, points, and ranges from, to.",
        ),
    ],
    output: Annotated[
        Path, typer.Option(metavar="FILE.parquet", help="Where the numbers go, one row a point.")
    ],
    summary: Annotated[
        bool,
        typer.Option("--summary", help="Also write FILE.html: tornado, response plots, table."),
    ] = False,
    workers: Annotated[int | None, typer.Option(help="Processes; default: one a core.")] = None,
    scheduler: Scheduler = "",
    trust_scheduler: TrustScheduler = False,
) -> None:
    """Headline numbers over a grid or a sample of parameters, without notebooks.

    A grid: {parameters: {jpy_per_usd: {from: 120, to: 180, step: 5}}}. A sample: {numbers: volume,
    design: sobol, points: 1024, parameters: {share_percent.camry: {from: 4, to: 16}}}. numbers:
    brief (the five headlines) or volume; scenario: what the points stand on.
    """
    from helpers.batch import Options
    from helpers.batch.cluster_worker import LostError
    from helpers.batch.sweep import sweep as compute

    options = Options(
        workers=Options.workers if workers is None else workers,
        scheduler=scheduler,
        trust_scheduler=trust_scheduler,
    )
    try:
        points = compute(
            grid,
            output,
            options,
            lambda done, total: print(f"{done:,} of {total:,} points", file=sys.stderr),
        )
    except (LostError, OSError) as error:
        print(f"{printable(str(error))}; nothing was written", file=sys.stderr)
        raise typer.Exit(FAILED) from None
    print(f"{points:,} points in {near(output.resolve())}")
    if summary:
        from helpers.batch.summary import write

        print(f"Summary: {near(write(output).resolve())}")
