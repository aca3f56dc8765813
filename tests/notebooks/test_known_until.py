"""A result that rests on a dated series says until when that series is known."""

import json

import pytest

from helpers import PROJECT_ROOT
from helpers.data import load
from helpers.results import collect
from helpers.scenarios import NOTEBOOKS

SERIES = (
    "fx_usdjpy_annual",
    "fx_usdjpy_monthly",
    "goods_trade",
    "goods_trade_monthly",
    "trade_flows",
    "road_widths",
    "volume_segments",
)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_what_rests_on_a_dated_series_says_until_when_it_is_known(notebook: str) -> None:
    """By the sources that the series cite."""
    sources = {
        source for name in SERIES for cell in load(name)["source_ids"] for source in cell.split(";")
    }
    path = PROJECT_ROOT / "notebooks" / f"{notebook}.ipynb"
    blank = [
        (own.name, own.subject)
        for own in collect(json.loads(path.read_text(encoding="utf-8")))
        if sources & set(own.source_ids) and not own.known_until
    ]
    assert blank == []
