"""The two engines, and small batches of small notebooks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.batch import Options, Plan, Progress, Summary, plan
from helpers.batch import run as run_batch
from helpers.batch.ledger import inputs
from helpers.batch.planning import CHECKED_DATA
from helpers.batch.privacy import kernel_environment
from helpers.batch.suite import SUITE
from helpers.engine.kernel import KernelEngine
from helpers.engine.outcome import Engine
from helpers.engine.warm import WarmEngine
from helpers.files import write
from helpers.scenarios import load_scenario
from tests.batch.small_notebooks import LIMITS, notebook


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook of these cells under a name; gives its path."""

    def made(name: str, *sources: str, **options: Any) -> Path:
        folder = tmp_path / "sources"
        folder.mkdir(exist_ok=True)
        nbformat.write(notebook(*sources, **options), folder / f"{name}.ipynb")
        return folder / f"{name}.ipynb"

    return made


@pytest.fixture
def planned(tmp_path: Path) -> Callable[..., Plan]:
    """Plan notebooks under scenarios into a folder of the test, without reports unless wanted.

    The data package is vouched for, as a finished batch does: its own tests check it.
    """

    def made(paths: list[Path], *scenarios: str, **options: Any) -> Plan:
        chosen = Options(
            **{"output": tmp_path / "out", "workers": 2, "html": False, "limits": LIMITS, **options}
        )
        ledger = chosen.output / ".ledger"
        ledger.mkdir(parents=True, exist_ok=True)
        write(ledger / CHECKED_DATA, inputs().checked.encode())
        return plan(paths, [load_scenario(name) for name in scenarios or ("base",)], chosen)

    return made


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmEngine]:
    engine = WarmEngine(kernel_environment(), SUITE)
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def plain() -> Iterator[KernelEngine]:
    engine = KernelEngine(kernel_environment(), SUITE)
    yield engine
    engine.stop()


@pytest.fixture
def run(warm: WarmEngine) -> Callable[..., Summary]:
    """Run a plan in the session's warm processes: their start is tested apart."""

    def ran(plan: Plan, progress: Callable[[Progress], None] = lambda _: None) -> Summary:
        return run_batch(plan, progress, warm)

    return ran


@pytest.fixture(params=["warm", pytest.param("plain", marks=pytest.mark.slow)])
def either(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; `make test` tries the plain one with a few faults."""
    engine: Engine = request.getfixturevalue(request.param)
    return engine
