"""The commands of `reverse-imports claims`: an article into the audit, and verdicts out of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from helpers.commands.shared import group, listing, print_listing
from helpers.errors import refusal
from helpers.texts import passage

app = group("Read articles, find facts, verify texts, export verdicts.")


@app.command(epilog="Example: reverse-imports claims read page.html --published 2026-11-20")
def read(
    article: Annotated[
        Path,
        typer.Argument(
            help="An article: text, page saved from a browser, text copied from a PDF; or a draft."
        ),
    ],
    store: Annotated[
        bool, typer.Option("--store", help="Write a draft's complete claims into the tables.")
    ] = False,
    published: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Day of publication.")] = "",
    outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
    url: Annotated[str, typer.Option(help="Where it stands.")] = "",
) -> None:
    """Read an article into a draft with its sentences, those worth checking, and what is on record;
    or a draft into verdicts.
    """
    from helpers.claims import workbench

    print(workbench.read(article, store=store, published=published, outlet=outlet, url=url))


@app.command(epilog="Example: reverse-imports claims facts deficit")
def facts(word: Annotated[str, typer.Argument(help="A word, or several in quotes.")]) -> None:
    """List the facts on record that speak of something, and how a rule asks for each."""
    from helpers.claims import lookup

    table = listing("Fact", "Asked for by", "Value", "Period", "Public", "Says")
    for row in lookup.facts(word):
        cells = (row.asked_by, row.value, row.period, row.known_from, row.statement)
        table.add_row(row.evidence_id, *map(passage, cells))
    print_listing(table)


@app.command(epilog="Example: reverse-imports claims remove A5")
def remove(article: Annotated[str, typer.Argument(help="Id of the article, such as A5.")]) -> None:
    """Take an article and its claims out of the tables."""
    from helpers.claims import workbench

    print(workbench.remove(article))


@app.command(epilog="Example: reverse-imports claims verify texts/")
def verify(
    folder: Annotated[Path, typer.Argument(help="Folder with the texts of the articles.")],
) -> None:
    """Hold the recorded paragraph hashes against the texts."""
    from helpers.claims.files import verify_paragraphs

    print(verify_paragraphs(folder))


@app.command(
    epilog="Example: reverse-imports claims export reviews.jsonld --base-url https://example.org/audit"
)
def export(
    file: Annotated[
        Path, typer.Argument(help="FILE.csv: one row a claim. FILE.jsonld: schema.org ClaimReview.")
    ],
    base_url: Annotated[
        str, typer.Option(metavar="URL", help="Address of the reports, for FILE.jsonld.")
    ] = "",
) -> None:
    """Write all verdicts to a file."""
    from helpers.claims.files import export as export_verdicts

    print(export_verdicts(file, base_url=base_url))


def check_texts(folder: Path) -> None:
    """Raise InputError for a folder that holds no text of an audited article."""
    from helpers.data import load

    names = load("articles")["file"].tolist()
    if not any((folder / name).is_file() for name in names):
        what = "holds none of the texts that articles.csv names"
        raise refusal(f"--texts {folder}", what, "give the folder with the texts")


def show_beside_texts(reports: Iterable[Path], folder: Path) -> list[str]:
    """Write each report that holds claims once more into the folder of the articles' texts, with
    their sentences beside the claims. Returns what to tell.

    The texts are others' work: nothing of them goes into the reports themselves.
    """
    from helpers import files
    from helpers.claims import TABLES, lookup
    from helpers.data import load
    from helpers.reports.domcheck import check_page

    tables, told = {name: load(name) for name in TABLES}, []
    for report in reports:
        page, shown = lookup.beside_texts(report.read_text(encoding="utf-8"), folder, tables)
        if shown:
            target = folder / f"{report.stem}-{report.parent.name}.html"
            check_page(page, target.name)
            files.write(target, page.encode())
            told.append(
                f"{len(shown)} claims stand beside their sentences in {target}; not to share."
            )
    return told or ["No paragraph of the texts has the hash that a claim in these reports names."]
