"""The `reverse-imports data` commands: bring an official download in, fetch one, and say how old
each series is.
"""

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from helpers import PROJECT_ROOT
from helpers.commands.shared import BAD_INPUT, group
from helpers.errors import InputError
from helpers.texts import did_you_mean

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from helpers.data.importing import Moved, Plan

app = group("Import official downloads, fetch them, say how old each series is and what changed.")
Publisher = Annotated[str, typer.Argument(metavar="PUBLISHER", help="fred, census, estat or boj.")]
Yes = Annotated[bool, typer.Option("--yes", help="Write; without it only the difference is shown.")]


@app.command(
    name="import", epilog="Example: reverse-imports data import fred ~/Downloads/DEXJPUS.csv"
)
def import_file(
    publisher: Publisher,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file as downloaded.")],
    yes: Yes = False,
    series: Annotated[
        str, typer.Option(help="boj: code of the series, where the file does not name it.")
    ] = "",
) -> None:
    """Bring an official download in: difference, headlines that move, with --yes the rows."""
    try:
        content = file.read_bytes()
    except OSError as error:
        print(f"{file.name}: cannot be read: {error.strerror}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None
    _bring_in(publisher, content, file.name, yes, series)


@app.command(epilog="Example: reverse-imports data fetch fred --yes")
def fetch(
    publisher: Annotated[
        str, typer.Argument(metavar="[PUBLISHER]", help="fred or census; both by default.")
    ] = "",
    yes: Yes = False,
    folder: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the downloads are kept.")
    ] = PROJECT_ROOT / "reports" / "downloads",
    address: Annotated[
        str, typer.Option(metavar="URL", help="Another address than the publisher's.")
    ] = "",
) -> None:
    """Download what a publisher offers without a key to a file, and bring it in."""
    from helpers.data import fetching

    if publisher and publisher not in fetching.FEEDS:
        otherwise = f"write {' or '.join(fetching.FEEDS)}; other files are downloaded by hand"
        instead = did_you_mean(publisher, fetching.FEEDS, otherwise)
        _end(f"publisher '{publisher}': has no file at a lasting address; {instead}")
    failed = 0
    for source in [publisher] if publisher else fetching.FEEDS:
        try:
            for number, feed in enumerate([address] if address else fetching.FEEDS[source], 1):
                _bring_in(source, *_downloaded(feed, source, number, folder), yes)
        except typer.Exit:
            failed += 1
    if failed == (1 if publisher else len(fetching.FEEDS)):
        raise typer.Exit(BAD_INPUT)


def _downloaded(feed: str, publisher: str, number: int, folder: Path) -> tuple[bytes, str]:
    from helpers.data import fetching
    from helpers.files import write

    try:
        content = fetching.download(feed)
    except InputError as error:
        _end(*error.faults)
    ending = "json" if content[:1] == b"[" else "csv"
    path = folder / f"{publisher}-{number}-{_today()}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, content)
    print(f"Downloaded to {path.name}.")
    return content, path.name


@app.command(epilog="Example: reverse-imports data status")
def status() -> None:
    """Say of each series its newest period, until when it is known, whether a newer one is due and
    what brings it in; those that are due first.
    """
    from helpers.data import freshness

    listed = sorted(freshness.series(_today()), key=lambda entry: not entry.is_due())
    print("\n".join(entry.line() for entry in listed))
    print(f"{sum(entry.is_due() for entry in listed)} of {len(listed)} series are due.")


@app.command(epilog="Example: reverse-imports data feed site/feed.xml --base-url https://…")
def feed(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The Atom file to write.")],
    base_url: Annotated[str, typer.Option(metavar="URL", help="Where the front page will stand.")],
) -> None:
    """Write what the imports changed as an Atom feed, for a site that shows the reports."""
    from helpers.batch.ledger import data_date
    from helpers.files import write
    from helpers.reports.changes import newest_changes
    from helpers.reports.feed import feed as atom

    write(file, atom(newest_changes(most=None), base_url, data_date()).encode())
    print(f"Feed: {file}")


def _bring_in(publisher: str, content: bytes, name: str, yes: bool, series: str = "") -> None:
    from helpers.data import DATA, importing

    if publisher not in importing.PARSERS:
        otherwise = f"write {', '.join(importing.PARSERS)}"
        instead = did_you_mean(publisher, importing.PARSERS, otherwise)
        _end(f"publisher '{publisher}': is not known; {instead}")
    try:
        plan = importing.plan(publisher, content, name, _today(), DATA, series)
        print("\n".join(plan.lines()))
        if not plan.changes:
            print("Nothing is new; nothing was written.")
            return
        moves = moved(plan, DATA)
    except InputError as error:
        _end(*error.faults)
    print("\n".join(["Headlines that move:", *(move.line() for move in moves)] if moves else
                    ["No headline moves."]))  # fmt: skip
    if not yes:
        print("Nothing was written; add --yes to write it.")
        return
    importing.carry_out(plan, moves, _today(), DATA)
    written = " ".join(f"data/{path}" for path in (*plan.files, "changes.csv"))
    print(f"Written. Next: make refresh. To take it back: git restore {written}")


def moved(plan: "Plan", folder: Path) -> "list[Moved]":
    """The headlines of the base scenario that a plan moves, before and after."""
    from helpers.data import importing

    before = headlines(folder)
    with importing.staged(plan, folder) as staged:
        after = headlines(staged)
    return [
        importing.Moved(*name, before.get(name, ""), text)
        for name, text in after.items()
        if before.get(name) != text
    ]


def headlines(folder: Path) -> Mapping[tuple[str, str], str]:
    """The headlines of the base scenario from a folder's tables, by name and subject."""
    from helpers.brief.findings import results
    from helpers.data.checking import checked
    from helpers.data.descriptor import read_package
    from helpers.scenarios import Scenario
    from helpers.scenarios.tables import NEWEST_TWELVE_MONTHS, rate
    from helpers.study import Study

    tables = {
        name: checked(name, folder)[0].reset_index(drop=True) for name in read_package(folder)
    }
    yen = rate(NEWEST_TWELVE_MONTHS, tables["fx_usdjpy_annual"], tables["fx_usdjpy_monthly"])
    base = Study(tables, Scenario(jpy_per_usd=yen.jpy_per_usd), is_base=True)
    shown = {(result.name, result.subject): result.text for result in results(base.brief)}
    return {("jpy_per_usd", ""): f"{yen.jpy_per_usd} yen per dollar"} | shown


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


def _end(*lines: object) -> NoReturn:
    print("\n".join(map(str, lines)), file=sys.stderr)
    raise typer.Exit(BAD_INPUT)
