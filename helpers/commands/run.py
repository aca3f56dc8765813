"""The command that runs notebooks under scenarios."""

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpers.commands.claims import check_texts, show_beside_texts
from helpers.commands.progress import shown_progress
from helpers.commands.shared import FAILED, FOLDER_IN_USE, Scheduler, TrustScheduler
from helpers.errors import InputError, refusal
from helpers.files import near
from helpers.texts import LONGEST_PATH, printable

if TYPE_CHECKING:  # a command imports what it needs when it runs, so that the others start fast
    from helpers.batch import Plan

app = typer.Typer()


@app.command(epilog="Example: reverse-imports run 02 04 --scenario weak_yen -p months_on_sale=9")
def run(
    notebooks: Annotated[
        list[str] | None,
        typer.Argument(
            help="Notebooks, such as 01 or 01_trade_imbalance, or paths. All if none is named."
        ),
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option(help="Scenario by name; may come more than once.")
    ] = None,
    all_scenarios: Annotated[
        bool, typer.Option("--all-scenarios", help="Every scenario that ships.")
    ] = False,
    scenario_file: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE|FOLDER",
            help="Scenario from a YAML file, or all of a folder; may come more than once.",
        ),
    ] = None,
    p: Annotated[
        list[str] | None,
        typer.Option("-p", metavar="NAME=VALUE", help="Set a parameter on top of every scenario."),
    ] = None,
    car: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE.csv", help="Cars of your own for 03; may come more than once."),
    ] = None,
    place: Annotated[
        Path | None,
        typer.Option(metavar="FILE.yaml", help="A place of your own: sizes, and road widths."),
    ] = None,
    output: Annotated[str, typer.Option(help="Folder for the reports.")] = "reports",
    workers: Annotated[
        int | None, typer.Option(help="Runs at a time; default: one a core.")
    ] = None,
    engine: Annotated[
        str,
        typer.Option(help="warm: forked from a prepared process; kernel: a fresh kernel per run."),
    ] = "warm",
    scheduler: Scheduler = "",
    trust_scheduler: TrustScheduler = False,
    upload: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Also send finished files to an fsspec address, such as s3://bucket/folder.",
        ),
    ] = "",
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="Longest time for one run.")
    ] = 900.0,
    memory: Annotated[
        float,
        typer.Option(
            metavar="MB", help="Most memory for one run; default: an equal share of the machine."
        ),
    ] = 0.0,
    retries: Annotated[
        int,
        typer.Option(help="How often a run that was killed from outside is tried again."),
    ] = 1,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="End with the first run that fails.")
    ] = False,
    max_failures: Annotated[
        int, typer.Option(metavar="N", help="End when so many runs have failed; 0: never.")
    ] = 0,
    failed: Annotated[
        bool,
        typer.Option("--failed", help="Of these runs, those that failed or were left out before."),
    ] = False,
    keep_environment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Hand this variable, such as HTTPS_PROXY, on to the notebooks."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run finished work again.")] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Check everything, say what would run and how long, run nothing."
        ),
    ] = False,
    html: Annotated[bool, typer.Option("--html/--no-html", help="Export a report per run.")] = True,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Print every report to PDF too; needs Chromium.")
    ] = False,
    png: Annotated[
        bool, typer.Option("--png", help="Draw every figure as PNG too; needs Chromium.")
    ] = False,
    texts: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write the claim report once more into this folder, with the sentences of the "
            "articles whose texts it holds.",
        ),
    ] = None,
) -> None:
    """Run notebooks under scenarios: executed notebooks, HTML reports, results table, index and
    manifest.

    Exit codes: 0 all done, 1 some failed, 2 bad input and nothing was run, 3 the output folder is
    in use, 130 interrupted. OUTPUT/.ledger holds a log per run, and events.jsonl, a line an event.
    """
    from helpers.batch import FolderInUseError, Ledger, Limits, Options, only_failed, plan, warming
    from helpers.batch import run as run_batch

    if not output.strip():
        raise refusal("--output", "names no folder", "give a folder, such as reports")
    options = Options(
        output=Path(output),
        workers=Options.workers if workers is None else workers,
        engine=engine,  # type: ignore[arg-type]
        limits=Limits(timeout, min(timeout, Limits.cell_s), memory),
        retries=retries,
        most_failures=1 if fail_fast else max_failures,
        keep_environment=tuple(keep_environment or ()),
        force=force,
        html=html,
        scheduler=scheduler,
        trust_scheduler=trust_scheduler,
        upload=upload,
    )
    _check_browser(pdf, png, html)
    if texts is not None:
        if not html:
            what = "shows sentences in a report"
            raise refusal(f"--texts {texts}", what, "leave out --no-html")
        check_texts(texts)
    try:
        if not dry_run:
            Ledger(options.output).refuse_owned()  # ahead of the checks, which take a second
        with nullcontext() if dry_run else warming(options) as warm_engine:
            from helpers.commands.choices import chosen_scenarios, notebook_path, own_values
            from helpers.scenarios import NOTEBOOKS

            own, files = own_values(car or [], place), scenario_file or []
            named, as_given = chosen_scenarios(scenario or [], all_scenarios, files, p or [], own)
            options = replace(options, as_given=as_given)
            planned = plan([notebook_path(text) for text in notebooks or NOTEBOOKS], named, options)
            planned = only_failed(planned) if failed else planned
            if dry_run:
                _tell_plan(planned)
                return
            with shown_progress(len(planned.pending())) as progress:
                summary = run_batch(planned, progress, warm_engine)
    except FolderInUseError as error:
        print(printable(f"{error} or give another --output"), file=sys.stderr)
        raise typer.Exit(FOLDER_IN_USE) from None
    print("\n".join(summary.lines()))
    status = summary.exit_code
    if (pdf or png) and not summary.interrupted:
        status = _draw(planned, pdf, png) or status
    if texts is not None and not summary.interrupted:
        made = (
            planned.options.output / run.scenario / f"{run.notebook}.html" for run in planned.runs
        )
        print("\n".join(show_beside_texts(filter(Path.is_file, made), texts)))
    if (index := planned.options.output / "index.html").is_file() and html:
        print(f"Reports: {printable(str(near(index)), LONGEST_PATH)}")
    raise typer.Exit(status)


def _check_browser(pdf: bool, png: bool, html: bool) -> None:
    if not (pdf or png):
        return
    from helpers.reports import find_browser

    if (pdf and not html) or not find_browser():
        raise refusal(
            "--pdf" if pdf else "--png",
            "Chromium prints a PDF from the HTML report, and draws a figure as PNG",
            "install Chromium and leave out --no-html",
        )


def _draw(planned: "Plan", pdf: bool, png: bool) -> int:
    """Print every report of a batch to PDF, draw every figure as PNG; the exit code."""
    import nbformat

    from helpers.reports import write_pdf, write_pngs

    status = 0
    for run in planned.runs:
        report = planned.options.output / run.scenario / f"{run.notebook}.html"
        executed = report.with_suffix(".ipynb")
        try:
            if pdf and report.is_file():
                write_pdf(report, report.with_suffix(".pdf"))
            if png and executed.is_file():
                write_pngs(nbformat.read(executed, as_version=4), report.with_suffix(""))
        except InputError as error:
            print(*error.faults, sep="\n", file=sys.stderr)
            status = FAILED
    return status


def _tell_plan(planned: "Plan") -> None:
    pending = set(planned.pending())
    for run in planned.runs:
        print(f"{'run ' if run in pending else 'kept'}  {run.name}")
    print(
        f"{len(pending)} of {len(planned.runs)} to run, about {planned.predicted_s():.0f} s with "
        f"{planned.options.workers} at a time. Nothing was run."
    )
