"""A study works out a part once for equal inputs, and again for a changed one."""

import inspect
import linecache
from collections.abc import Callable
from typing import Any

import pytest

from helpers import study
from helpers.errors import InputError
from helpers.parts import Inputs, Memory, Part, Steps, worked_out
from helpers.scenarios import Scenario, check_values
from helpers.study import STEPS, Study


class Counting(Part):
    """Counts how often each answer is worked out."""

    worked: list[str]

    @worked_out
    def rate(self) -> float:
        self.worked.append("rate")
        return float(self.parameter("jpy_per_usd"))

    @worked_out
    def doubled(self) -> float:
        self.worked.append("doubled")
        return 2 * self.rate

    @worked_out
    def by_step(self) -> float:
        self.worked.append("by_step")
        return float(self.step("twice")(self.parameter("unit_value_usd")))


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(Counting, "worked", done, raising=False)
    return done


MEMORY_STEPS = Steps({"twice": lambda value: 2 * value})


def part(memory: Memory, steps: Steps = MEMORY_STEPS, **parameters: float) -> Counting:
    base = Inputs({}, Scenario(), steps, memory)
    return Counting(Inputs({}, check_values(parameters, "test"), steps, memory, base))


def test_equal_inputs_share_a_result_and_other_parameters_do_not_matter(worked: list[str]) -> None:
    memory = Memory()
    assert part(memory).doubled == part(memory, unit_value_usd=50_000.0).doubled
    assert worked == ["doubled", "rate"]


def test_a_changed_input_is_worked_out_again_through_what_reads_it(worked: list[str]) -> None:
    memory = Memory()
    once, other = part(memory).doubled, part(memory, jpy_per_usd=100.0).doubled
    assert (other, once) == (200, 2 * Scenario().jpy_per_usd)
    assert worked == ["doubled", "rate"] * 2


def test_another_step_is_another_input(worked: list[str]) -> None:
    memory = Memory()
    thrice = MEMORY_STEPS.but(twice=lambda value: 3 * value)
    assert part(memory, thrice).by_step == 1.5 * part(memory).by_step
    assert worked == ["by_step", "by_step"]


def test_what_came_first_is_kept_beside_what_came_later(worked: list[str]) -> None:
    memory = Memory()
    for rate in (100.0, 120.0, 100.0, 120.0):
        assert part(memory, jpy_per_usd=rate).rate == rate
    assert worked == ["rate", "rate"]


def test_scenarios_share_what_their_difference_does_not_touch() -> None:
    study = Study.of()
    weak_yen = study.under(check_values({"jpy_per_usd": 180.0}, "test"))
    assert weak_yen.trade.flows is study.trade.flows
    assert weak_yen.trade.now is study.trade.now
    assert weak_yen.trade.effect is not study.trade.effect
    assert study.under(study.scenario).trade.effect is study.trade.effect


def test_a_replaced_step_moves_what_rests_on_it_and_nothing_else() -> None:
    study = Study.of()
    mine = study.using(net_effect=lambda value, *_: value)
    assert mine.trade.effect.net.value == mine.trade.effect.gross.value
    assert mine.trade.now is study.trade.now
    assert mine.own.trade.effect is study.trade.effect
    assert mine.base.trade.effect.net.value == study.trade.effect.net.value
    assert (mine.replaced, mine.own.replaced) == (("net_effect",), ())


def test_an_own_step_may_call_the_suites() -> None:
    study = Study.of()
    suite = study.steps["net_effect"]
    mine = study.using(net_effect=lambda *facts: 2 * suite(*facts))
    assert mine.trade.effect.net.value == pytest.approx(2 * study.trade.effect.net.value)


CELL = """
import numpy as np
{before}

def model_demand(car, draws):
{body}
"""


def written_again(change: tuple[str, str] = ("", ""), before: str = "") -> Callable[..., Any]:
    """The suite's step as a cell would write it, with a change."""
    suites = inspect.getsource(STEPS["model_demand"])
    body = suites[suites.index('"""') :].replace(*change)
    namespace: dict[str, Any] = {}
    source = CELL.format(before=before, body=f"    {body}")
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    exec(compile(source, "<cell>", "exec"), namespace)
    return namespace["model_demand"]  # type: ignore[no-any-return]


def test_a_step_that_is_the_suites_once_more_is_the_suites() -> None:
    mine = Study.of().using(model_demand=written_again())
    assert mine.steps["model_demand"] is STEPS["model_demand"]


@pytest.mark.parametrize(
    ("change", "before"),
    [(("/ 12", "/ 11"), ""), (("", ""), "np = type('other', (), {'minimum': max})")],
)
def test_an_edit_or_another_meaning_of_a_name_makes_it_ones_own(
    change: tuple[str, str], before: str
) -> None:
    step = written_again(change, before)
    assert Study.of().using(model_demand=step).steps["model_demand"] is step


def test_another_default_of_a_named_argument_makes_it_ones_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def made(default: int) -> Callable[..., float]:
        def step(car: float, *, more: int = default) -> float:
            return car + more

        return step

    monkeypatch.setattr(study, "STEPS", STEPS.but(net_effect=made(1)))
    edited = made(2)
    assert Study.of().using(net_effect=made(1)).steps["net_effect"] is study.STEPS["net_effect"]
    assert Study.of().using(net_effect=edited).steps["net_effect"] is edited


def test_an_unknown_step_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"net_efect: is no step.*did you mean net_effect\?"):
        Study.of().using(net_efect=abs)


def test_the_steps_show_a_line_each() -> None:
    lines = repr(STEPS).splitlines()
    assert len(lines) == len(STEPS)
    for name, line in zip(STEPS, lines, strict=True):
        assert line.startswith(f"{name}: ")
        assert len(line) > len(name) + 20
