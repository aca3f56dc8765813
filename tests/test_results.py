"""A result is whole or refused, and comes back from an executed notebook as it went in."""

import math
from typing import Any

import nbformat
import pytest
from pydantic import ValidationError

from helpers import results, show
from helpers.quantities import fact
from helpers.results import Result
from tests.displays import published


@pytest.fixture(autouse=True)
def listed_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(results.NAMES, "cars_that_fit", "test entry")


def made(**changes: Any) -> Result:
    arguments: dict[str, Any] = {
        "name": "cars_that_fit",
        "value": 3,
        "unit": "cars",
        "quality": "derived",
        "source_ids": ("F01",),
        "sentence": "Three cars fit.",
    }
    return Result(**arguments | changes)


def recorded(result: Result) -> Any:
    with published() as bundles:
        show.result(result)
    (bundle,) = bundles
    return bundle


def notebook_with(*outputs: Any) -> Any:
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("display_data", data=output) for output in outputs]
    return nbformat.v4.new_notebook(cells=[cell])


def test_what_is_recorded_is_collected_unchanged() -> None:
    number = fact(math.pi * 1e6, "cars", "", "derived", ("F01",), interval=(1.0, 4e6))
    output = recorded(results.result("cars_that_fit", number, "They fit."))
    (result,) = results.collect(notebook_with(output))
    assert (result.value, result.low, result.high, result.interval) == (
        3141592.65359,
        1.0,
        4e6,
        "80 %",
    )
    assert (result.unit, result.quality, result.source_ids) == ("cars", "derived", ("F01",))
    assert output["text/plain"] == "cars_that_fit: 3,140,000 cars (1 to 4,000,000), derived"


def test_a_name_may_come_once_per_notebook() -> None:
    with pytest.raises(ValueError, match=r"more than once.*cars_that_fit"):
        results.collect(notebook_with(recorded(made()), recorded(made())))


@pytest.mark.parametrize(
    "changes",
    [
        {"value": math.nan},
        {"value": math.inf},
        {"quality": "guess"},
        {"source_ids": []},
        {"sentence": ""},
        {"low": 2.0, "high": 1.0, "interval": "80 %"},
        {"low": 1.0, "high": 2.0, "interval": ""},
    ],
)
def test_half_results_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(**changes)


def test_unlisted_names_are_refused() -> None:
    with pytest.raises(ValueError, match="not listed"):
        results.result("never_heard_of", fact(1, "", "", "derived", ("F01",)), "x")
