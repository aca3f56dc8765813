"""What a study is made of: parts that are worked out when first asked for, and once for equal
inputs.

A part names what it reads (parameters, tables, steps) by reading it. What was read is kept with
the result, so that the result serves every scenario whose values of just these inputs are equal.
"""

import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

import pandas as pd

from helpers.errors import refusal
from helpers.quantities import ASSUMPTION, Provenance, Quantities, Quantity
from helpers.scenarios import Scenario
from helpers.scenarios.assumptions import with_rows
from helpers.scenarios.checking import declared
from helpers.scenarios.tables import RULES, basis

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
D = TypeVar("D", bound="Drawn")
Reads = dict[tuple[str, str], Any]
"""What was read: kind of input and its name to the value it had."""

BASE = "base "
MOST_BYTES_KEPT = 6_000_000
MOST_TABLES_KEPT = 256
"""A larger result (it says so by `nbytes`) serves its own study only: to keep it for others costs
more memory than it saves time. Likewise of tables in which a scenario sets rows.
"""
MOST_FIGURES_KEPT = 16  # of each figure function


class Steps(Mapping[str, Callable[..., Any]]):
    """The replaceable steps of a study: name to function. It shows one line on each."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]):
        self._functions = dict(functions)

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)

    def but(self, **steps: Callable[..., Any]) -> "Steps":
        """The same with other functions. Raises InputError for a name that is no step."""
        for name in steps:
            if name not in self:
                near = get_close_matches(name, self, 1, 0)[0]
                raise refusal(name, "is no step of the study", f"did you mean {near}?")
        return Steps(self._functions | steps)

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {_first_line(step)}" for name, step in self.items())


def _first_line(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "(no description)").splitlines()[0]


@dataclass
class Memory:
    """Results already worked out, each with what was read for it; at most `most` of each."""

    most: int = 32
    kept: dict[str, list[tuple[Reads, Any]]] = field(default_factory=dict)
    unfinished: list[tuple[str, Reads]] = field(default_factory=list)
    tables: dict[Any, pd.DataFrame] = field(default_factory=dict)

    def note(self, scope: str, reads: Reads) -> None:
        """Write down what was read with every result that is being worked out."""
        for own, collected in self.unfinished:
            if own == scope:
                collected.update(reads)
            else:
                collected.update({(scope + kind, name): v for (kind, name), v in reads.items()})


@dataclass(frozen=True)
class Inputs:
    """What all parts of one study read: tables, scenario and steps; and the memory they share.

    base: the inputs of the base scenario that this study compares with, None for these themselves.
    values: what inputs were found to be, which stays so for a study.
    """

    tables: Mapping[str, pd.DataFrame]
    scenario: Scenario
    steps: Steps
    memory: Memory
    base: "Inputs | None" = None
    values: dict[tuple[str, str], Any] = field(default_factory=dict, compare=False)

    @property
    def scope(self) -> str:
        """What marks a read of the base scenario as one."""
        return "" if self.base else BASE

    def now(self, kind: str, name: str) -> Any:
        """The present value of an input, without writing down that it was read."""
        if (kind, name) not in self.values:
            self.values[kind, name] = self._now(kind, name)
        return self.values[kind, name]

    def _now(self, kind: str, name: str) -> Any:
        if kind.startswith(BASE):
            return (self.base or self).now(kind.removeprefix(BASE), name)
        if kind == "parameter":
            return getattr(self.scenario, name)
        return self.steps[name] if kind == "step" else self._table(name)

    def _table(self, name: str) -> pd.DataFrame:
        """The table with the rows that the scenario sets; one object for equal rows."""
        if not self.scenario.rows:
            return self.tables[name]
        key = (name, self.scenario.rows)
        if key not in self.memory.tables:
            rows = with_rows(name, self.tables[name], self.scenario.rows)
            self.memory.tables[key] = rows
            for old in list(self.memory.tables)[:-MOST_TABLES_KEPT]:
                del self.memory.tables[old]
        return self.memory.tables[key]

    def read(self, kind: str, name: str) -> Any:
        """The same, written down."""
        value = self.now(kind, name)
        self.memory.note(self.scope, {(kind, name): value})
        return value

    def worked_out(self, key: str, work: Callable[[], R]) -> tuple[Reads, R]:
        """The result of `work` with what was read for it, once for equal inputs."""
        return self.once(self.memory.kept.setdefault(key, []), work, self.memory.most)

    def once(
        self, kept: list[tuple[Reads, R]], work: Callable[[], R], most: int
    ) -> tuple[Reads, R]:
        """What `work` reads, and its result. Where all that was read for one of `kept` is the same
        now, that one again; else it is added to them, at most so many.
        """
        for reads, result in reversed(kept):
            if all(_same(self.now(*name), value) for name, value in reads.items()):
                self.memory.note(self.scope, reads)
                return reads, result
        reads, result = self._recorded(work)
        if getattr(result, "nbytes", 0) <= MOST_BYTES_KEPT:
            kept.append((reads, result))
        del kept[:-most]
        return reads, result

    def _recorded(self, work: Callable[[], R]) -> tuple[Reads, R]:
        reads: Reads = {}
        self.memory.unfinished.append((self.scope, reads))
        try:
            return reads, work()
        finally:
            self.memory.unfinished.pop()


def _same(now: Any, then: Any) -> bool:
    """Whether an input has not changed. Tables are the same only as objects."""
    return now is then or (not isinstance(now, pd.DataFrame) and bool(now == then))


def parameter_quantity(name: str, value: float) -> Quantity:
    """A numeric parameter with its whole unit. The base value has the source that its reason names,
    any other is assumed. A rate that is an average of the table is known until its last day.
    """
    parameter = declared(name)
    source = re.match(r"[A-Z][A-Z0-9-]+(?=:)", parameter.why)
    source_ids = (source.group(),) if source and value == parameter.default else (ASSUMPTION,)
    average = basis(value) if name in RULES else None
    until = average.known_until if average else ""
    return Quantity(value, parameter.unit, Provenance("", "estimate", source_ids, until))


class Part:
    """One question of a study. Subclasses give their answers as `worked_out` properties."""

    def __init__(self, inputs: Inputs):
        self.inputs = inputs
        self.results: dict[str, tuple[Reads, Any]] = {}

    def parameter(self, name: str) -> Any:
        """The plain value of a parameter."""
        return self.inputs.read("parameter", name)

    def given(self, *names: str) -> Quantities:
        """Parameters as quantities, with the unit that the vocabulary declares."""
        return Quantities(
            **{name: parameter_quantity(name, self.parameter(name)) for name in names}
        )

    def of(self, inputs: type[T]) -> T:
        """A dataclass filled with the parameters that its fields name."""
        return inputs(**{own.name: self.parameter(own.name) for own in fields(inputs)})  # type: ignore[arg-type]

    def table(self, name: str) -> pd.DataFrame:
        """A table of the data package. It is shared: read it, do not change it."""
        return self.inputs.read("table", name)  # type: ignore[no-any-return]

    def step(self, name: str) -> Callable[..., Any]:
        """The function in force for a replaceable step."""
        return self.inputs.read("step", name)  # type: ignore[no-any-return]


class worked_out(Generic[R]):  # noqa: N801 - reads like `property`, as which it serves
    """A property of a part that is worked out once for equal inputs."""

    def __init__(self, work: Callable[[Any], R]):
        self.work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.key = name, f"{owner.__name__}.{name}"

    @overload
    def __get__(self, part: None, owner: type) -> "worked_out[R]": ...
    @overload
    def __get__(self, part: Part, owner: type) -> R: ...
    def __get__(self, part: Part | None, owner: type) -> "worked_out[R] | R":
        if part is None:
            return self
        if self.name in part.results:
            part.inputs.memory.note(part.inputs.scope, part.results[self.name][0])
        else:
            part.results[self.name] = part.inputs.worked_out(self.key, lambda: self.work(part))
        return part.results[self.name][1]  # type: ignore[no-any-return]


class Drawn(Protocol):
    """A figure that draws itself once."""

    @property
    def bundle(self) -> Mapping[str, Any]:
        """The drawing, as a notebook takes it."""
        ...


def drawn_once(figure: Callable[P, D]) -> Callable[P, D]:
    """A figure function that draws only what differs: it gives an earlier figure again where its
    arguments are the same and all that was read of the part among them is.

    What a batch draws of the base scenario, before it forks its runs, so serves them all.
    """
    calls: list[tuple[Any, list[tuple[Reads, D]]]] = []  # by arguments, what was drawn of them

    @functools.wraps(figure)
    def drawing(*given: P.args, **named: P.kwargs) -> D:
        parts = [own for own in (*given, *named.values()) if isinstance(own, Part)]
        if len(parts) > 1:
            return figure(*given, **named)
        arguments = _lasting([given, named])
        kept = next((own for known, own in calls if _equal(arguments, known)), None)
        if kept is None:
            calls.append((arguments, kept := []))
            del calls[:-MOST_FIGURES_KEPT]

        def work() -> D:
            made = figure(*given, **named)
            made.bundle  # noqa: B018 - drawing reads parts too
            return made

        if parts:
            return parts[0].inputs.once(kept, work, MOST_FIGURES_KEPT)[1]
        if not kept:
            kept.append(({}, work()))
        return kept[0][1]

    return drawing


def _lasting(argument: Any) -> Any:
    """An argument as it is now, whatever becomes of it. Of a part counts what is read of it."""
    if isinstance(argument, Part):
        return type(argument)
    if isinstance(argument, pd.DataFrame):
        return argument.copy()
    if isinstance(argument, Mapping):
        return tuple((name, _lasting(value)) for name, value in argument.items())
    return tuple(map(_lasting, argument)) if isinstance(argument, list | tuple) else argument


def _equal(now: Any, then: Any) -> bool:
    """Whether two arguments are surely the same. An object that may change is not."""
    if type(now) is not type(then):
        return False
    if isinstance(now, tuple):
        return len(now) == len(then) and all(map(_equal, now, then))
    if isinstance(now, pd.DataFrame):
        return bool(now.equals(then))
    if isinstance(now, str | int | float):
        return bool(now == then)
    made_as = getattr(now, "__dataclass_params__", None)
    return now is then and (isinstance(now, type) or (made_as is not None and made_as.frozen))
