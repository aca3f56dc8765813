"""The commands of `reverse-imports forecast`: counted months, forecasts on record, outcomes."""

from pathlib import Path
from typing import Annotated

import typer

from helpers.commands.shared import group

app = group("Take in counted months, put forecasts on record, and settle them.")


@app.command(epilog="Example: reverse-imports forecast observe months.csv --yes")
def observe(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="Rows as in data/market/observations.csv, such as "
            "2027-03,MAKER,MODEL,410,reported,SOURCE,",
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Store the rows.")] = False,
) -> None:
    """Check counted months, show what they do to the forecast, and store them with --yes."""
    from helpers.commands import forecasting

    print(forecasting.observe(file, store=yes))


@app.command(epilog="Example: reverse-imports forecast register")
def register() -> None:
    """Put today's answer to every open question on record."""
    from helpers.commands import forecasting

    print(forecasting.register())


@app.command(epilog="Example: reverse-imports forecast resolve us_built_2027 9400 --source V05")
def resolve(
    question: Annotated[str, typer.Argument(help="Id of a question in data/market/questions.csv.")],
    outcome: Annotated[float, typer.Argument(help="What happened: cars, yen, or 1 or 0.")],
    source: Annotated[str, typer.Option(help="Ids of its sources, parted by semicolons.")],
) -> None:
    """Write down what came out of a question, and show the scores of its forecasts."""
    from helpers.commands import forecasting

    print(forecasting.resolve(question, outcome, source))
