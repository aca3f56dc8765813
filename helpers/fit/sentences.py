"""Words and labels that the figures and tables of vehicle fit share."""

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.fit.cars import Car
from helpers.fit.limits import FAILS, FITS, NOT_COMPUTED, TIGHT
from helpers.show import numbers

SYMBOLS = {FITS: "✓", TIGHT: "△", FAILS: "✗", NOT_COMPUTED: "?"}
"""A sign for each verdict, so that colour never stands alone."""


def joined(names: Iterable[str]) -> str:
    """A, B and C."""
    listed = list(names)
    return (
        listed[0]
        if len(listed) == 1
        else f"{', '.join(listed[:-1])} and {listed[-1]}"
        if listed
        else "none"
    )


def verb(count: int, plural: str) -> str:
    """The verb of that many models: 1 of 6 models fits, 2 of 6 models fit."""
    return plural if count != 1 else "is" if plural == "are" else f"{plural}s"


def named(names: list[str]) -> str:
    """Up to three names, else how many there are."""
    return joined(names) if len(names) <= 3 else str(len(names))


def size_text(length_mm: float, width_mm: float) -> str:
    """5.0 × 2.3 m."""
    return f"{_metres(length_mm)} × {_metres(width_mm)} m"


def _metres(value_mm: float) -> str:
    text = f"{value_mm / 1000:.3f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def same_size(cars: list[Car], named: Mapping[str, str] | None = None) -> list[tuple[str, Car]]:
    """Cars of one model and size as one entry: (label, the one that stands for them), as `sizes`
    groups them.
    """
    named = named or {}
    return [
        (label, next((car for car in alike if car.vehicle_id in named), alike[0]))
        for label, alike in sizes(cars, named)
    ]


def sizes(cars: list[Car], named: Mapping[str, str]) -> list[tuple[str, list[Car]]]:
    """Cars of one model and size together: (label, all of them). All dimensions in mm and the
    radius must agree.

    named: vehicle_id → title, for cars that stand for their entry under that title. Else the label
    is the model where all its trims agree, or the first trim.
    """
    groups: dict[tuple[object, ...], list[Car]] = {}
    for car in cars:
        key = (
            car.model,
            car.role,
            *(
                (column, one.value)
                for column, one in sorted(car.dimensions.items())
                if column.endswith(("_mm", "_m"))
            ),
        )
        groups.setdefault(key, []).append(car)
    trims = [car.model for car in cars]
    entries = []
    for alike in groups.values():
        chosen = next((car for car in alike if car.vehicle_id in named), alike[0])
        label = named.get(chosen.vehicle_id) or (
            chosen.model if len(alike) == trims.count(chosen.model) else chosen.name
        )
        entries.append((label, alike))
    return entries


def records(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, values by attribute."""
    return list(frame.itertuples())


def titles_of(verdicts: pd.DataFrame) -> dict[str, str]:
    """vehicle_id → title of the programme's models."""
    return dict(zip(verdicts["vehicle_id"], verdicts["title"], strict=True))


def signed(value: float) -> str:
    """+85, −933, 0."""
    return f"+{numbers.plain(value)}" if value >= 0.5 else numbers.plain(value)


def shortened(label: str, longest: int) -> str:
    """A label cut at a word."""
    return textwrap.shorten(label, longest, placeholder="…")
