"""Figures worked out elsewhere, and the study of the base scenario."""

import json
from typing import Any

import pytest

from helpers import PROJECT_ROOT
from helpers.study import Study

BASE = Study.of()


@pytest.fixture(scope="session")
def base() -> Study:
    return BASE


@pytest.fixture(scope="session")
def landed_golden() -> Any:
    return json.loads(
        (PROJECT_ROOT / "tests" / "golden" / "landed_cost.json").read_text(encoding="utf-8")
    )
