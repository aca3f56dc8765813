"""Tables of the data package, read once for all model tests."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.cost import case
from helpers.data import load


@pytest.fixture(scope="session")
def cost_tables() -> Mapping[str, pd.DataFrame]:
    return {name: load(name) for name in case.TABLES}


@pytest.fixture(scope="session")
def landed_golden() -> Any:
    return json.loads(
        (PROJECT_ROOT / "tests" / "golden" / "landed_cost.json").read_text(encoding="utf-8")
    )
