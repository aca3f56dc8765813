"""One scenario worked out: each part when first asked for, once, by steps that a reader may
replace.

base = Study.of()                           # the base scenario, tables read when needed
study = base.under(scenario)                # another scenario; equal inputs share their results
mine = study.using(price_walk=my_price_walk)  # the same scenario by an own step
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from textwrap import dedent
from types import CodeType, FunctionType
from typing import Any

import numpy as np
import pandas as pd

from helpers.brief.part import BriefPart
from helpers.claims.audit import claim_rule
from helpers.claims.part import ClaimsPart
from helpers.cost.part import CostPart
from helpers.cost.sticker import price_walk
from helpers.data import load
from helpers.fit.part import FitPart
from helpers.fit.space import required_space
from helpers.parts import Inputs, Memory, Steps, parameter_quantity
from helpers.quantities import Quantities, Quantity
from helpers.scenarios import Scenario, parameters
from helpers.trade.effect import net_effect
from helpers.trade.market import duty_incidence
from helpers.trade.part import TradePart
from helpers.uncertainty import drawn_levels
from helpers.volume.demand import model_demand
from helpers.volume.part import VolumePart
from helpers.volume.pooling import pooling

STEPS = Steps(
    {
        "net_effect": net_effect,
        "duty_incidence": duty_incidence,
        "required_space": required_space,
        "price_walk": price_walk,
        "model_demand": model_demand,
        "pooling": pooling,
        "claim_rule": claim_rule,
    }
)
"""The suite's own steps."""
_AS_WRITTEN = STEPS


class Tables(dict[str, pd.DataFrame]):
    """The tables of the data package, each read and checked when first asked for."""

    def __missing__(self, name: str) -> pd.DataFrame:
        self[name] = load(name)
        return self[name]


class Study:
    """A scenario with its tables and steps. Parts share what has equal inputs."""

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        scenario: Scenario,
        steps: Steps | None = None,
        memory: Memory | None = None,
        is_base: bool = False,
    ):
        self.tables, self.scenario, self.is_base = tables, scenario, is_base
        self.steps = STEPS if steps is None else steps
        self.memory = Memory() if memory is None else memory

    @classmethod
    def of(cls, scenario: Scenario | None = None) -> "Study":
        """The study of a scenario, or of the base scenario, from the tables of the data package."""
        return cls(Tables(), scenario or Scenario())

    def under(self, scenario: Scenario) -> "Study":
        """Another scenario from the same tables by the same steps."""
        return Study(self.tables, scenario, self.steps, self.memory)

    def across(self, scenarios: Mapping[str, Scenario]) -> dict[str, "Study"]:
        """A study for each of many scenarios, by name."""
        return {name: self.under(scenario) for name, scenario in scenarios.items()}

    def using(self, **steps: Callable[..., Any]) -> "Study":
        """The same scenario with other steps; everything that rests on them follows. A step that is
        the suite's once more counts as the suite's: what rests on it is known already.

        Raises InputError for a name that is no step, naming the nearest one.
        """
        own = {
            name: STEPS[name] if name in STEPS and _alike(step, STEPS[name]) else step
            for name, step in steps.items()
        }
        return Study(self.tables, self.scenario, self.steps.but(**own), self.memory)

    @property
    def own(self) -> "Study":
        """The same scenario by the suite's own steps."""
        return Study(self.tables, self.scenario, STEPS, self.memory)

    @cached_property
    def base(self) -> "Study":
        """The base scenario, always by the suite's own steps."""
        if self.is_base:
            return self
        return Study(self.tables, Scenario(), STEPS, self.memory, is_base=True)

    @cached_property
    def trade(self) -> TradePart:
        """Notebook 01: flows, duty, and what the programme changes."""
        return TradePart(self._inputs)

    @cached_property
    def fit(self) -> FitPart:
        """Notebook 03: which car fits which street and bay."""
        return FitPart(self._inputs, None if self.is_base else self.base.fit)

    @cached_property
    def cost(self) -> CostPart:
        """Notebook 04: price in Japan, and what the programme could be worth."""
        return CostPart(self._inputs, self.trade, None if self.is_base else self.base.cost)

    @cached_property
    def volume(self) -> VolumePart:
        """Notebook 02: how many cars come in a year."""
        base = None if self.is_base else self.base.volume
        return VolumePart(self._inputs, self.fit, self.cost, base)

    @property
    def likely_units(self) -> Quantity:
        """Draws of the cars a year of all makers that ship, by both views of the volume: what
        effect and cost take to work out the programme at its own likely size.
        """
        levels = drawn_levels("units", self.tables["cost_ranges"])
        return Quantity(
            np.quantile(self.volume.pooled_units, levels), "cars a year", self.volume.provenance
        )

    @cached_property
    def claims(self) -> ClaimsPart:
        """Notebook 05: every claim of the articles judged."""
        return ClaimsPart(self._inputs, None if self.is_base else self.base.claims)

    @cached_property
    def brief(self) -> BriefPart:
        """Notebook 00: the headlines of all parts on one page."""
        parts = self.trade, self.volume, self.fit, self.cost, self.claims
        return BriefPart(self._inputs, *parts)

    @property
    def replaced(self) -> tuple[str, ...]:
        """The steps whose code differs from the suite's as it was written.

        A wrong function in `STEPS` is a fault of the suite, not a step that the reader replaced.
        """
        steps = ((name, step) for name, step in self.steps.items() if step is not STEPS[name])
        return tuple(name for name, step in steps if _code(step) != _code(_AS_WRITTEN[name]))

    @cached_property
    def given(self) -> Quantities:
        """Every numeric parameter of the scenario, with its unit."""
        numeric = (own.name for own in parameters() if own.type in ("int", "float"))
        return Quantities(
            **{name: parameter_quantity(name, getattr(self.scenario, name)) for name in numeric}
        )

    @cached_property
    def _inputs(self) -> Inputs:
        base = None if self.is_base else self.base._inputs
        return Inputs(self.tables, self.scenario, self.steps, self.memory, base)


def _code(step: Callable[..., Any]) -> tuple[Any, ...]:
    """What a function does, without its docstring, annotations and place.

    It is compiled once more by itself: how Python writes a call such as `np.minimum(...)` depends
    on whether the same file or cell imports np.
    """
    code, source = step.__code__, ""
    with suppress(OSError, TypeError):  # a function that stands in no file and no cell
        source = dedent(inspect.getsource(step))
    if source.startswith("def "):
        alone = compile(source, "step", "exec").co_consts
        code = next(own for own in alone if getattr(own, "co_name", "") == step.__name__)
    constants = tuple(constant for constant in code.co_consts if constant != step.__doc__)
    return code.co_code, code.co_names, code.co_varnames, constants


def _alike(step: Callable[..., Any], suites: Callable[..., Any]) -> bool:
    """Whether a function is another one written once more: the same code, in which every name means
    the very same thing.
    """
    if not (isinstance(step, FunctionType) and isinstance(suites, FunctionType)):
        return False
    if step.__closure__ or suites.__closure__:
        return False
    if (step.__defaults__, step.__kwdefaults__) != (suites.__defaults__, suites.__kwdefaults__):
        return False
    return _code(step) == _code(suites) and all(
        step.__globals__.get(name) is suites.__globals__.get(name)
        for name in _outer_names(step.__code__)
    )


def _outer_names(code: CodeType) -> set[str]:
    """The names that a function takes from its module or cell."""
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_outer_names, inner))
