"""The commands that write notebooks: the stored ones anew, and a new one."""

from typing import Annotated

import typer

from helpers.files import near

app = typer.Typer()


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
    print("\n".join([f"{near(written.path)} is written.", *written.steps]))
