"""The shipped tables and what is parsed from them, once for all tests of the claim audit."""

from collections.abc import Mapping

import pandas as pd
import pytest

from helpers import claims
from helpers.claims import Audit, Case
from helpers.data import load
from tests.claims.claim_making import inputs


@pytest.fixture(scope="session")
def tables() -> Mapping[str, pd.DataFrame]:
    return {name: load(name) for name in claims.TABLES}


@pytest.fixture(scope="session")
def case(tables: Mapping[str, pd.DataFrame]) -> Case:
    return claims.read_case(tables)


@pytest.fixture(scope="session")
def base(case: Case) -> Audit:
    return claims.judge_all(case, inputs())
