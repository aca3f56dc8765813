"""The numbers of the panel as tables: two settings side by side, and the base scenario."""

import html
from collections.abc import Sequence

import pandas as pd

from helpers import numbers
from helpers.explore.findings import Setting
from helpers.explore.headlines import HEADLINES, Answers, text_of
from helpers.show import Table
from helpers.texts import MONEY

_LAND = html.escape(
    "const id = CSS.escape(decodeURIComponent(this.hash.slice(1))), end = Date.now() + 20000, "
    "timer = setInterval(() => {const step = document.querySelector("
    "`.jp-NotebookPanel:not(.lm-mod-hidden) h3[data-jupyter-id='${id}']`); step?.scrollIntoView(); "
    "if (step || Date.now() > end) clearInterval(timer)}, 100)"
)
"""JupyterLab scrolls to a heading of a notebook that is open, and not of one that it opens."""

_NO_CHANGE = "–"


def live(
    reference: Answers,
    now: Answers,
    differing: Sequence[Setting],
    notebooks: str,
    stale: bool = False,
) -> str:
    """Two settings side by side as HTML: what differs in them, their numbers, and by how much.

    notebooks: where the notebooks lie, for the link to the step that works a number out. stale:
    whether the controls have moved on to a setting that cannot be.
    """
    before = reference.numbers_of(now.car)
    rows = [
        _line(
            now.named(headline.label),
            text_of(headline, before[headline.name]),
            text_of(headline, now.numbers[headline.name]),
            headline.difference(before[headline.name], now.numbers[headline.name]) or _NO_CHANGE,
            f'<a href="{notebooks}{html.escape(headline.step)}" onclick="{_LAND}">'
            f"{headline.notebook[:2]}</a>",
            f' data-headline="{headline.name}"',
        )
        for headline in HEADLINES
    ]
    middle = [headline.name for headline in HEADLINES].index("volume_p50_units")
    low, high = (numbers.span(*answers.volume_interval) for answers in (reference, now))
    rows.insert(middle + 1, _line("80 % of what may come", low, high, "", "", ""))
    settings = [_line(*setting, "", "", " data-setting") for setting in differing]
    names = ("Number", reference.title, "Now", "Difference", "Why")
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in names)
    caption = "Every number rests on assumptions. A link under Why opens the step that makes it."
    if stale:
        caption = "Not of this setting: these are the numbers of the last setting that can be."
    classes = f"explore-numbers{' explore-stale' * stale} {MONEY}"
    return (
        f'<table class="{classes}"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(settings)}</tbody>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _line(label: str, before: str, now: str, change: str, why: str, marks: str) -> str:
    moved = ' class="explore-moved"' if change not in ("", _NO_CHANGE) else ""
    return (
        f'<tr{marks}{moved}><th scope="row">{html.escape(label)}</th><td>{html.escape(before)}</td>'
        f'<td class="explore-now">{html.escape(now)}</td><td>{change}</td>'
        f"<td>{why}</td></tr>"
    )


def still(base: Answers) -> Table:
    """The headline numbers of the base scenario."""
    spans = {"volume_p50_units": numbers.span(*base.volume_interval)}
    rows = [
        (
            base.named(headline.label),
            text_of(headline, base.numbers[headline.name]),
            spans.get(headline.name, "–"),
            headline.name,
            headline.notebook[:2],
        )
        for headline in HEADLINES
    ]
    columns = ["Headline", "Base scenario", "80 % interval", "Result name", "Notebook"]
    caption = "Headline numbers of the base scenario, as notebooks 01 to 04 work them out"
    return Table("base_state", caption, pd.DataFrame(rows, columns=columns))
