"""What differs between two sets of results: two scenarios, or two runs of one with other data."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import PROJECT_ROOT, __version__
from helpers.errors import Fault, InputError
from helpers.quantities import is_share
from helpers.reports.changes import label
from helpers.reports.domcheck import check_page
from helpers.reports.overview import environment
from helpers.scenarios import load_scenarios
from helpers.show import numbers
from helpers.texts import LONGEST_NAME, did_you_mean, printable

FILE = "results.parquet"
BASE = "base"


@dataclass(frozen=True)
class Side:
    """One of the two. results: a row each, by notebook, name and subject."""

    title: str
    results: pd.DataFrame


@dataclass(frozen=True)
class Difference:
    """One result that is printed otherwise on the two sides. change: in the unit of the number,
    points for percent; empty for words. Texts and sentences are empty where a side has no such
    result.
    """

    notebook: str
    label: str
    texts: tuple[str, str]
    change: str
    sentences: tuple[str, str]

    @property
    def told(self) -> bool:
        """Whether the sentences differ, too."""
        return self.sentences[0] != self.sentences[1]


def side(name: str, folder: Path) -> Side:
    """The results of a scenario in a folder of reports; or, where the name is itself such a folder,
    those of its base scenario.

    Raises `InputError` for a folder without results, and for a scenario that was not run there.
    """
    title, titles = name, {shipped.name: shipped.title for shipped in load_scenarios()}
    if (Path(name) / FILE).is_file():
        folder, name = Path(name), BASE
    if not (folder / FILE).is_file():
        what = "there is no such file"
        remedy = f"run them first: reverse-imports run --scenario {name} --output {folder}"
        if name not in titles:
            what += f", and no scenario {printable(name, LONGEST_NAME)} ships"
            remedy = did_you_mean(name, titles, remedy)
        raise InputError([Fault(str(folder / FILE), what, remedy)])
    frame = pd.read_parquet(folder / FILE)
    own = frame[frame["scenario"] == name]
    if own.empty:
        what = f"it has no results of {name!r}"
        if (folder / name).is_dir():
            what += ": its reports failed or are of other code or data"
            remedy = "run it again with the same settings"
        elif name in titles:
            remedy = f"run it first: reverse-imports run --scenario {name} --output {folder}"
        else:
            known = sorted(set(frame["scenario"]))
            remedy = did_you_mean(name, known, f"it has {', '.join(known)}")
        raise InputError([Fault(str(folder / FILE), what, remedy)])
    return Side(titles.get(title, title), own.set_index(["notebook", "name", "subject"]))


def differences(first: Side, second: Side) -> list[Difference]:
    """Every result whose text or sentence differs, in the order of the notebooks."""
    keys = dict.fromkeys([*first.results.index, *second.results.index])
    both = (
        (
            key,
            [
                side.results.loc[[key]].iloc[0] if key in side.results.index else None
                for side in (first, second)
            ],
        )
        for key in keys
    )
    return sorted(
        (_difference(key, rows) for key, rows in both if _differs(rows)),
        key=lambda difference: difference.notebook,
    )


def _differs(rows: Sequence[pd.Series | None]) -> bool:
    first, second = rows
    if first is None or second is None:
        return True
    return bool(any(first[column] != second[column] for column in ("text", "sentence")))


def _difference(key: tuple[str, str, str], rows: Sequence[pd.Series | None]) -> Difference:
    notebook, name, subject = key
    return Difference(
        notebook, label(name, subject), _pair(rows, "text"), _change(rows), _pair(rows, "sentence")
    )


def _pair(rows: Sequence[pd.Series | None], column: str) -> tuple[str, str]:
    first, second = ("" if row is None else str(row[column]) for row in rows)
    return first, second


def _change(rows: Sequence[pd.Series | None]) -> str:
    """How far the number moves; empty where either side has none."""
    first, second = rows
    if first is None or second is None or pd.isna(first["value"]) or pd.isna(second["value"]):
        return ""
    before, after = float(first["value"]), float(second["value"])
    sign = "+" if after > before else ""
    if is_share(str(first["unit"])):
        points = numbers.plain(after - before, 1)
        return "under 0.1 points" if points == numbers.plain(0, 1) else f"{sign}{points} points"
    return f"{sign}{numbers.percent(100 * (after / before - 1))}" if before else ""


def page(first: Side, second: Side) -> str:
    """The page of all differences."""
    differing = differences(first, second)
    text = (
        environment()
        .get_template("compare.html.j2")
        .render(
            first=first.title,
            second=second.title,
            groups=list(_by_notebook(differing)),
            count=len(differing),
            alone=sum("" in difference.texts for difference in differing),
            same=len(first.results) - sum(bool(difference.texts[0]) for difference in differing),
            version=__version__,
        )
    )
    check_page(text, "compare")
    return text


def _by_notebook(differing: Sequence[Difference]) -> Iterator[tuple[str, list[Difference]]]:
    for notebook, group in itertools.groupby(differing, key=lambda difference: difference.notebook):
        yield _title(notebook), list(group)


def _title(notebook: str) -> str:
    """The heading of a shipped notebook; the name of any other."""
    path = PROJECT_ROOT / "notebooks" / f"{notebook}.ipynb"
    if not path.is_file():
        return notebook
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
    return "".join(first).splitlines()[0].lstrip("# ")
