"""How far a batch is, told while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from helpers.batch import Progress


@contextmanager
def shown_progress(total: int) -> "Iterator[Callable[[Progress], None]]":
    """A bar with the time left on a terminal, else a line a run; failures as they come."""
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
