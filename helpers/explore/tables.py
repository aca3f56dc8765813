"""The headline numbers of the panel as tables: live beside the base scenario, and still."""

import html
import math

import pandas as pd

from helpers import numbers
from helpers.explore.headlines import HEADLINES, Answers
from helpers.show import Table


def live(now: Answers, base: Answers) -> str:
    """The headline numbers as an HTML table: base, now, and the difference in percent."""
    lines = []
    for headline in HEADLINES:
        before, value = base.numbers[headline.name], now.numbers[headline.name]
        moved = "" if _same(before, value) else " class=moved"
        lines.append(
            f'<tr data-headline="{headline.name}"{moved}>'
            f'<th scope="row">{html.escape(now.named(headline.label))}</th>'
            f'<td>{headline.text(before)}</td><td class="now">{headline.text(value)}</td>'
            f"<td>{_change(before, value)}</td><td>{headline.notebook}</td></tr>"
        )
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Headline", "Base", "Now", "Change", "Notebook")
    )
    caption = (
        "Headline numbers, every one resting on assumptions. 80 % interval of cars a year: "
        f"{numbers.span(*now.volume_interval)}."
    )
    return (
        f'<table class="explore-numbers"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def still(base: Answers) -> Table:
    """The headline numbers of the base scenario."""
    spans = {"volume_p50_units": numbers.span(*base.volume_interval)}
    rows = [
        (
            base.named(headline.label),
            headline.text(base.numbers[headline.name]),
            spans.get(headline.name, "–"),
            headline.name,
            headline.notebook,
        )
        for headline in HEADLINES
    ]
    columns = ["Headline", "Base scenario", "80 % interval", "Result name", "Notebook"]
    caption = "Headline numbers of the base scenario, as notebooks 01 to 04 work them out"
    return Table("base_state", caption, pd.DataFrame(rows, columns=columns))


def _same(before: float, value: float) -> bool:
    return math.isclose(before, value, rel_tol=1e-9)


def _change(before: float, value: float) -> str:
    if _same(before, value):
        return "–"
    if not before:
        return "from nought"
    relative = 100 * (value - before) / abs(before)
    return f"{'+' if value > before else ''}{numbers.percent(relative, 1)}"
