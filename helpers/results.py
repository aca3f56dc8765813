"""The one form of a result, which leaves itself in the executed notebook that shows it."""

import csv
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from helpers.quantities import ASSUMPTION, Provenance, Quality, Quantity

MIME = "application/vnd.reverse-imports.result+json"
SUITE, EDITED, OWN = "suite", "edited notebook", "own notebook"
"""By whose method a result comes about: the suite's; the suite's notebook with an own step or
another edit; a notebook that is not the suite's.
"""


class Result(BaseModel):
    """One named number or word with all that is needed to quote it.

    subject: what the result is about where a name serves several, such as a model; else empty.
    text: the number as a reader reads it. known_until: last day for which the number is known, ISO,
    or empty.
    low, high: bounds of the interval, `interval` says which (such as "80 %").
    quality: "official", "reported" or "derived" where it rests on sourced values alone, by the
    weakest of them; "estimate" where somebody estimated it or a model that takes assumptions
    computed it; "unverified" where the number itself, or what it rests on directly such as a
    dimension, is assumed or has no source.
    sentence: one plain sentence with the number, for a reader who sees nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    subject: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    value: int | float | str
    text: str = ""
    unit: str
    quality: Quality
    source_ids: tuple[str, ...] = Field(min_length=1)
    sentence: str = Field(min_length=1)
    low: float | None = None
    high: float | None = None
    interval: str = ""
    known_until: str = ""

    @model_validator(mode="after")
    def _interval_is_whole(self) -> "Result":
        if (self.low is None) != (self.high is None) or (self.low is not None) != bool(
            self.interval
        ):
            raise ValueError("low, high and interval come together")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        named = f"{self.name}, {self.subject}" if self.subject else self.name
        return {
            MIME: self.model_dump(mode="json"),
            "text/plain": f"{named}: {self.text}, {self.quality}",
        }


def result(name: str, quantity: Quantity, sentence: str, subject: str = "") -> Result:
    """A quantity as the result of that name. Raises ValueError for one not in `NAMES`."""
    shown = quantity.median() if isinstance(quantity.value, np.ndarray) else quantity
    low, high = shown.interval or (None, None)
    return Result(
        name=_listed(name),
        subject=subject,
        value=_rounded(_plain(shown.value)),
        text=shown.text,
        unit=shown.unit,
        sentence=sentence,
        quality=shown.quality,
        source_ids=shown.source_ids or (ASSUMPTION,),
        known_until=shown.known_until,
        low=_rounded(_plain(low)),
        high=_rounded(_plain(high)),
        interval=shown.interval_label if shown.interval else "",
    )


def word(
    name: str, value: str, sentence: str, rests_on: Quantity | Provenance, subject: str = ""
) -> Result:
    """A word, such as a verdict, as the result of that name, and what it rests on."""
    return Result(
        name=_listed(name),
        subject=subject,
        value=value,
        text=value,
        unit="",
        sentence=sentence,
        quality=rests_on.quality,
        source_ids=rests_on.source_ids,
        known_until=rests_on.known_until,
    )


def _listed(name: str) -> str:
    if name not in NAMES:
        raise ValueError(f"result name {name} is not listed in helpers/result_names.csv")
    return name


def _plain(number: Any) -> Any:
    return number.item() if hasattr(number, "item") else number


def _rounded(value: Any) -> Any:
    """Twelve significant digits: more are noise that differs between machines."""
    return float(f"{value:.12g}") if isinstance(value, float) and math.isfinite(value) else value


def collect(notebook: Mapping[str, Any]) -> list[Result]:
    """The results of an executed notebook, in order. Raises ValueError for a name twice."""
    outputs = [
        output
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
    ]
    bundles = [output.get("data", {}).get(MIME) for output in outputs]
    results = [
        Result.model_validate(json.loads(bundle) if isinstance(bundle, str) else bundle)
        for bundle in bundles
        if bundle
    ]
    names = [(result.name, result.subject) for result in results]
    if len(set(names)) < len(names):
        raise ValueError(
            "recorded more than once: "
            f"{sorted({' '.join(name).strip() for name in names if names.count(name) > 1})}"
        )
    return results


def _names() -> list[dict[str, str]]:
    """The rows of the list of results: name, head of its column and meaning."""
    with Path(__file__).with_name("result_names.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_ROWS = _names()
NAMES: dict[str, str] = {row["name"]: row["meaning"] for row in _ROWS}
"""Result name → what it is. Stable: other programs read results by these names."""
LABELS: dict[str, str] = {row["name"]: row["head"] for row in _ROWS if row["head"]}
"""Result name → the head of its column where headlines stand side by side."""
