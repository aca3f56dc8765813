"""The `reverse-imports` command. Thin: it parses words, calls the rooms below, and turns faults
into lines and exit codes.
"""

import io
import math
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.table import Table

from helpers import __version__, claims_commands, data_commands, forecast_commands
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios import (
    NOTEBOOKS,
    NamedScenario,
    check_values,
    load_scenario,
    load_scenarios,
    parameters,
    parse_text,
    read_scenario_file,
)
from helpers.texts import LONGEST_PATH, passage, printable

if TYPE_CHECKING:  # a command imports what it needs when it runs, so that the others start fast
    from helpers.batch import Plan, Progress

FAILED = 1
BAD_INPUT = 2
FOLDER_IN_USE = 3

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="Run and check the reverse-imports notebooks.",
)
app.add_typer(claims_commands.app, name="claims")
app.add_typer(data_commands.app, name="data")
app.add_typer(forecast_commands.app, name="forecast")


def main() -> None:
    """Entry point: bad input ends as lines on stderr and exit code 2, never as a traceback."""
    with _home(), _reader():
        try:
            app()
        except InputError as error:
            for fault in error.faults:
                print(fault, file=sys.stderr)
            count = f"{len(error.faults)} fault{'s' if len(error.faults) > 1 else ''}"
            print(f"{count} found; nothing was run.", file=sys.stderr)
            sys.exit(BAD_INPUT)
        except OSError as error:
            told = printable(f"{error.filename or 'the system'}: {error.strerror or error}")
            print(told, file=sys.stderr)
            sys.exit(FAILED)


@contextmanager
def _home() -> Iterator[None]:
    """A place for settings where a user has none: an empty home, as in some containers, or, where
    the home can only be read, one for matplotlib, which would complain.
    """
    try:
        name = "MPLCONFIGDIR"
        has_place = os.access(Path.home(), os.W_OK) or name in os.environ
    except RuntimeError:  # Jupyter and matplotlib look for their settings there
        name, has_place = "HOME", False
    if has_place:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="reverse-imports-home-") as folder:
        os.environ[name] = folder
        yield


@contextmanager
def _reader() -> Iterator[None]:
    """Output may lose its reader, as in `... | head -1`, or its disk be full: the work goes on."""
    streams = sys.stdout, sys.stderr
    for stream in filter(None, streams):
        if isinstance(stream, io.TextIOWrapper):  # some terminals lack characters of ours
            stream.reconfigure(errors="backslashreplace")
    with Path(os.devnull).open("w") as nowhere:
        sys.stdout, sys.stderr = (_Unread(stream or nowhere) for stream in streams)  # None: `>&-`
        try:
            yield
        finally:
            for stream in filter(None, streams):
                try:
                    stream.flush()
                except OSError:  # Python flushes once more at its end
                    os.dup2(nowhere.fileno(), stream.fileno())
            sys.stdout, sys.stderr = streams


class _Unread:
    """A stream that takes what is written when it can go nowhere."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or drop the text when its reader is gone."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, or drop what is left."""
        with suppress(OSError):
            self._stream.flush()


def _version(wanted: bool) -> None:
    if wanted:
        print(f"reverse-imports {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and stop."
        ),
    ] = False,
) -> None:
    """Options before the command."""


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
    """Check every table, source and scenario; say all that is wrong, and which claims wait for
    evidence.
    """
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
    listing = _listing("Name", "Story", "Changes")
    for scenario in load_scenarios():
        changes = ", ".join(f"{name} = {_words(value)}" for name, value in scenario.changes.items())
        listing.add_row(scenario.name, passage(scenario.story), passage(changes) or "nothing")
    _print(listing)


@app.command(name="parameters", epilog="Example: reverse-imports parameters 04")
def list_parameters(
    notebook: Annotated[
        str, typer.Argument(help="Only the parameters that this notebook takes.")
    ] = "",
) -> None:
    """List the parameters: default, unit, range, meaning and why that default."""
    name = _notebook_name(notebook) if notebook else None
    listing = _listing("Name", "Type", "Default", "Unit", "Range", "Meaning", "Why this default")
    for parameter in parameters(name):
        listing.add_row(
            parameter.name,
            parameter.type,
            _words(parameter.default),
            parameter.unit,
            parameter.range,
            parameter.meaning,
            parameter.why,
        )
    _print(listing)


@app.command(name="assumptions", epilog="Example: reverse-imports assumptions")
def list_assumptions() -> None:
    """List the rows of the assumption tables; `-p`, scenario files and `more` set them by name."""
    from helpers.scenarios.assumptions import assumptions

    listing = _listing("Name", "Unit", "Low", "Likely", "High", "Table")
    for row in assumptions().values():
        ends = ("" if math.isnan(end) else f"{end:g}" for end in (row.low, row.likely, row.high))
        listing.add_row(row.name, row.unit, *ends, row.table)
    _print(listing)


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
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="dask.distributed scheduler, such as tcp://127.0.0.1:8786."
        ),
    ] = "",
    trust_scheduler: Annotated[
        bool,
        typer.Option(
            "--trust-scheduler", help="Allow an address that is neither loopback nor TLS."
        ),
    ] = False,
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

    named, as_given = _chosen_scenarios(
        scenario or [], all_scenarios, scenario_file or [], p or [], _own(car or [], place)
    )
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
        as_given=as_given,
    )
    _check_browser(pdf, png, html)
    if texts is not None:
        if not html:
            what = "shows sentences in a report"
            raise InputError([Fault(f"--texts {texts}", what, "leave out --no-html")])
        claims_commands.check_texts(texts)
    try:
        if not dry_run:
            Ledger(options.output).refuse_owned()  # ahead of the checks, which take a second
        with nullcontext() if dry_run else warming(options) as warm_engine:
            planned = plan([_notebook(text) for text in notebooks or NOTEBOOKS], named, options)
            planned = only_failed(planned) if failed else planned
            if dry_run:
                _tell_plan(planned)
                return
            with _shown_progress(len(planned.pending())) as progress:
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
        print("\n".join(claims_commands.show_beside_texts(filter(Path.is_file, made), texts)))
    if (index := planned.options.output / "index.html").is_file() and html:
        print(f"Reports: {printable(str(_near(index)), LONGEST_PATH)}")
    raise typer.Exit(status)


@app.command(epilog="Example: reverse-imports refresh --check")
def refresh(
    check: Annotated[
        bool,
        typer.Option("--check", help="Store nothing; say which files differ from a fresh run."),
    ] = False,
) -> None:
    """Execute the shipped notebooks in place and store them with their outputs; README's first
    screen and docs/assumptions.md follow.
    """
    from helpers import assumptions_page, files
    from helpers.batch import refresh as refresh_notebooks
    from helpers.batch.interrupts import INTERRUPTED
    from helpers.reports import readme

    status = refresh_notebooks(check, progress=lambda each: print(each.line(check), flush=True))
    if status == INTERRUPTED:
        raise typer.Exit(status)
    for path, text in (readme.changed_files() | assumptions_page.changed_files()).items():
        print(f"{path.name}: {'is not current' if check else 'refreshed'}")
        if check:
            status = 1
        else:
            path.parent.mkdir(exist_ok=True)
            files.write(path, text.encode())
    raise typer.Exit(status)


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
    from helpers.quoted import quote

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
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="dask.distributed scheduler, such as tcp://127.0.0.1:8786."
        ),
    ] = "",
    trust_scheduler: Annotated[
        bool,
        typer.Option(
            "--trust-scheduler", help="Allow an address that is neither loopback nor TLS."
        ),
    ] = False,
) -> None:
    """Headline numbers over a grid or a sample of parameters, without notebooks.

    A grid: {parameters: {jpy_per_usd: {from: 120, to: 180, step: 5}}}. A sample: {numbers: volume,
    design: sobol, points: 1024, parameters: {share_percent.camry: {from: 4, to: 16}}}. numbers:
    brief (the five headlines) or volume; scenario: what the points stand on.
    """
    from helpers.batch import Options
    from helpers.batch.local_agents import LostError
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
        raise typer.Exit(1) from None
    print(f"{points:,} points in {_near(output.resolve())}")
    if summary:
        from helpers.batch.summary import write

        print(f"Summary: {_near(write(output).resolve())}")


@app.command(
    name="new-notebook",
    epilog='Example: reverse-imports new-notebook 06_fuel_use "Fuel use" --parameter jpy_per_usd',
)
def add_notebook(
    name: Annotated[str, typer.Argument(help="File name without ending, such as 06_fuel_use.")],
    title: Annotated[str, typer.Argument(help="Heading, such as 'Fuel use'.")],
    parameter: Annotated[
        list[str] | None, typer.Option(help="A parameter it takes; may come more than once.")
    ] = None,
) -> None:
    """Write a notebook in the form of the suite, and say what to register."""
    from helpers.notebook_template import new_notebook

    written = new_notebook(name, title, parameter or [])
    print("\n".join([f"{_near(written.path)} is written.", *written.steps]))


@dataclass
class OwnValues:
    """The parameters that own cars and an own place set, what is wrong with their files, and how
    the command line names these.
    """

    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def _own(cars: list[Path], place: Path | None) -> OwnValues:
    from helpers.fit.own import read_cars, read_place

    own = OwnValues()
    for file in cars:
        own.words.append(f"--car {shlex.quote(str(file))}")
        try:
            own.values["own_cars"] = own.values.get("own_cars", []) + read_cars(file)
        except InputError as error:
            own.faults += error.faults
    if place:
        own.words.append(f"--place {shlex.quote(str(place))}")
        try:
            own.values |= read_place(place)
        except InputError as error:
            own.faults += error.faults
    return own


def _chosen_scenarios(
    names: list[str],
    every: bool,
    files: list[Path],
    settings: list[str],
    own: "OwnValues",
) -> tuple[list[NamedScenario], dict[str, str]]:
    """The scenarios of a batch with the settings on top, and how the command line names each."""
    from helpers.batch import varied

    values, faults = dict(own.values), list(own.faults)
    for text in settings:
        name, equals, value = text.partition("=")
        if equals:
            values[name] = parse_text(name, value)
        else:
            remedy = "write NAME=VALUE, such as jpy_per_usd=175"
            faults.append(Fault(f"-p {text}", "there is no value", remedy))
    try:
        check_values(values, "-p")
    except InputError as error:
        faults += error.faults
    wanted: list[tuple[Callable[[Any], NamedScenario], Any, str]]
    wanted = [
        (load_scenario, name, f"--scenario {name}")
        for name in names or ([] if every or files else ["base"])
    ]
    wanted += [
        (read_scenario_file, path, f"--scenario-file {shlex.quote(str(path))}")
        for given in files
        for path in _scenario_files(given)
    ]
    named_sources: list[tuple[NamedScenario, str]] = []
    for read, source, source_text in wanted:
        try:
            named_sources.append((read(source), source_text))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    if every:
        named_sources += [
            (named, f"--scenario {named.name}")
            for named in load_scenarios()
            if named.name not in names
        ]
    chosen = [
        (
            varied(named, values),
            " ".join([source_text, *own.words, *(f"-p {shlex.quote(text)}" for text in settings)]),
        )
        for named, source_text in named_sources
    ]
    return [named for named, _ in chosen], {
        named.name: source_text for named, source_text in chosen
    }


def _scenario_files(path: Path) -> list[Path]:
    """The file, or those of the folder by name."""
    if not path.is_dir():
        return [path]
    if inside := sorted(path.glob("*.yaml")):
        return inside
    raise refusal(f"--scenario-file {path}", "the folder holds no .yaml file", "name a file")


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


@contextmanager
def _shown_progress(total: int) -> "Iterator[Callable[[Progress], None]]":
    """A bar with the time left on a terminal, a line per finished run elsewhere; failures as they
    come on both.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, markup=False, highlight=False)
    if not console.is_terminal:
        yield lambda news: print(_news(news), flush=True) if news.outcome else None
        return
    with Bar(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=console,
    ) as bar:
        task = bar.add_task("", total=total)

        def tell(news: "Progress") -> None:
            bar.update(
                task,
                completed=news.done,
                description=f"about {news.remaining_s:.0f} s left · {news.run.name}",
            )
            if news.outcome and news.outcome.state != "done":
                console.print(_news(news))

        yield tell


def _news(news: "Progress") -> str:
    assert news.outcome
    message = f": {news.outcome.message}" if news.outcome.message else ""
    return (
        f"[{news.done}/{news.total}] {news.run.name}: {news.outcome.state}{message} "
        f"({news.outcome.seconds:.1f} s, about {news.remaining_s:.0f} s left)"
    )


def _near(path: Path) -> Path:
    """The path from the current folder if it lies there."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _notebook(text: str) -> str | Path:
    """A shipped notebook by its name, or a path to any other."""
    path = Path(text)
    return path if path.suffix == ".ipynb" and path.is_file() else _notebook_name(text)


def _notebook_name(text: str) -> str:
    """The notebook meant by `01`, `01_trade_imbalance`, or a path to it."""
    stem = Path(text).name.removesuffix(".ipynb")
    for name in NOTEBOOKS:
        if stem in (name, name[:2]):
            return name
    remedy = f"write one of {', '.join(NOTEBOOKS)}, or the path of a notebook"
    raise refusal(f"notebook {text}", "there is no such notebook", remedy)


def _words(value: Any) -> str:
    return (
        (", ".join(map(_words, value)) or "none") if isinstance(value, list | tuple) else str(value)
    )


def _listing(*headers: str) -> Table:
    listing = Table(*headers, box=None, pad_edge=False, header_style="bold")
    listing.columns[0].no_wrap = True
    return listing


def _print(listing: Table) -> None:
    console = Console(markup=False, highlight=False)
    console.print(listing) if console.is_terminal else Console(
        markup=False, highlight=False, width=200
    ).print(listing)
