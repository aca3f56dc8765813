"""The `reverse-imports` command. Thin: it puts the groups of commands together, and turns faults
into lines and exit codes.
"""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from helpers import __version__
from helpers.commands import claims, data, forecast, lists, notebooks, results, run
from helpers.commands.shared import BAD_INPUT, FAILED
from helpers.commands.streams import lasting_output, settings_place
from helpers.errors import InputError
from helpers.texts import printable


class Commands(TyperGroup):
    """Commands of which none ends without a word: typer takes every broken pipe for a reader of the
    output who left, and exits; ours outlives its reader, so another process is gone.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a broken pipe ends it with a line on stderr."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            told = "a process that took part in the work ended before its time"
            print(f"{told}; run the same command again: what is done is kept", file=sys.stderr)
            raise typer.Exit(FAILED) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="markdown",  # the other joins no lines of a docstring
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="Run and check the reverse-imports notebooks.",
)
for group in (lists, run, notebooks, results):
    app.add_typer(group.app)
app.add_typer(claims.app, name="claims")
app.add_typer(data.app, name="data")
app.add_typer(forecast.app, name="forecast")


def main() -> None:
    """Entry point: bad input ends as lines on stderr and exit code 2, never as a traceback."""
    with settings_place(), lasting_output():
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
