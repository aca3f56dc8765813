"""Numbers that know what they are: unit, period, quality, sources, and how these pass through
arithmetic.

>>> imports = fact(41_070, "USD million", "2024", "official", ("CENSUS",))
>>> imports - fact(1.99, "USD bn", "2024", "reported", ("ITC",))
$39.1 bn, 2024, derived
"""

import datetime
import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from helpers import numbers
from helpers.errors import Fault, InputError, refusal
from helpers.periods import last_day, read_period
from helpers.texts import MONEY, escaped

Floats = NDArray[np.float64]
Quality = Literal["official", "reported", "derived", "estimate", "unverified"]
QUALITIES: tuple[str, ...] = get_args(Quality)
"""Best first. What is computed from several numbers is as good as the weakest of them."""

ASSUMPTION = "ASSUMPTION"
"""The source id of a number that somebody assumed."""

POINTS = "points"
"""Percentage points: the unit of a difference of two shares."""
_SCALES = {"%": 0.01, POINTS: 0.01, "thousand": 1e3, "million": 1e6, "bn": 1e9, "trn": 1e12}
_HEADS = {"": "Ratio", "%": "Percent"}
_SYNONYMS = {"car": "cars", "vehicle": "cars", "vehicles": "cars", "trip": "trips"}
_SINGULAR = {"cars": "car", "trips": "trip"}
SIGNS = {"USD": "$", "JPY": "¥"}
_COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)
_SAME_KIND = (np.add, np.subtract, np.minimum, np.maximum, *_COMPARISONS)
_PURE_NUMBERS = (np.log, np.exp, np.sqrt, np.power)


def is_share(unit: str) -> bool:
    """Whether a unit counts hundredths: percent, or percentage points."""
    return unit.startswith(("%", POINTS))


class UnitError(InputError):
    """Quantities that do not go together; the message says why and what to write."""


@dataclass(frozen=True)
class Unit:
    """A unit taken apart: `scale` to its base units, and the power of each base unit."""

    scale: float
    powers: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """The base unit in words: `USD per car`."""
        above = " ".join(word for word, power in self.powers for _ in range(power))
        below = (_SINGULAR.get(word, word) for word, power in self.powers for _ in range(-power))
        return " per ".join((above, *below)).strip()


@functools.cache
def unit(text: str) -> Unit:
    """The unit that words such as `USD million per car` mean; "a year" is no unit."""
    scale, powers = 1.0, dict[str, int]()
    for number, part in enumerate(text.replace(" a year", "").split("per ")):
        sign = -1 if number else 1
        for word in part.split():
            if word in _SCALES:
                scale *= _SCALES[word] ** sign
            else:
                base = _SYNONYMS.get(word, word)
                powers[base] = powers.get(base, 0) + sign
    return Unit(scale, tuple(sorted((word, power) for word, power in powers.items() if power)))


@functools.cache
def _product(first: str, second: str, sign: int) -> str:
    powers = dict(unit(first).powers)
    for word, power in unit(second).powers:
        powers[word] = powers.get(word, 0) + sign * power
    return Unit(1.0, tuple(sorted((word, power) for word, power in powers.items() if power))).name


@dataclass(frozen=True)
class Provenance:
    """Where a number comes from. known_until: last day for which it is known, ISO, or empty."""

    period: str = ""
    quality: str = "estimate"
    source_ids: tuple[str, ...] = (ASSUMPTION,)
    known_until: str = ""


@functools.lru_cache(100_000)
def _joined(first: Provenance, second: Provenance) -> Provenance:
    """What two numbers hand on: the worst quality, never better than derived, and all sources."""
    periods = dict.fromkeys(
        period for part in (first, second) for period in part.period.split(", ") if period
    )
    days = [part.known_until for part in (first, second) if part.known_until]
    return Provenance(
        ", ".join(periods),
        max("derived", first.quality, second.quality, key=QUALITIES.index),
        tuple(dict.fromkeys((*first.source_ids, *second.source_ids))),
        min(days, default=""),
    )


def together(parts: Iterable[Any]) -> Provenance:
    """What things that each have a quality and source ids hand on: the worst quality, all sources,
    and the earliest day to which one is known.
    """
    listed = list(parts)
    return Provenance(
        "",
        max((part.quality for part in listed), key=QUALITIES.index, default="derived"),
        tuple(dict.fromkeys(source for part in listed for source in part.source_ids)),
        min(filter(None, (getattr(part, "known_until", "") for part in listed)), default=""),
    )


_NOTHING = Provenance("", "official", ())  # a plain number: it makes no other number worse


@dataclass(frozen=True, eq=False, repr=False)
class Quantity(NDArrayOperatorsMixin):
    """A value of a unit: one number, a Series with a row each, or an array of draws.

    provenance: one for all, or one per row of a Series. interval: low and high, where known;
    `interval_label` says which. needs_draws: two sides with an interval went in, so that only
    draws could tell the interval of this number.
    Arithmetic and comparison check units (UnitError). An interval passes through an operation
    when one side alone has one.
    """

    value: Any
    unit: str = ""
    provenance: Provenance | tuple[Provenance, ...] = Provenance()
    interval: tuple[Any, Any] | None = None
    interval_label: str = "80 %"
    needs_draws: bool = False

    if TYPE_CHECKING:  # what numpy's mixin gives, with its type

        def __add__(self, other: Any) -> "Quantity": ...
        def __radd__(self, other: Any) -> "Quantity": ...
        def __sub__(self, other: Any) -> "Quantity": ...
        def __rsub__(self, other: Any) -> "Quantity": ...
        def __mul__(self, other: Any) -> "Quantity": ...
        def __rmul__(self, other: Any) -> "Quantity": ...
        def __truediv__(self, other: Any) -> "Quantity": ...
        def __rtruediv__(self, other: Any) -> "Quantity": ...
        def __pow__(self, other: Any) -> "Quantity": ...
        def __rpow__(self, other: Any) -> "Quantity": ...
        def __neg__(self) -> "Quantity": ...

    __pandas_priority__ = 5_000  # a Series leaves arithmetic with a Quantity to the Quantity

    def __post_init__(self) -> None:
        if isinstance(self.value, float) and not math.isfinite(self.value):
            raise refusal(f"quantity in {self.unit or 'ratio'}", f"{self.value} is not a number")

    @property
    def period(self) -> str:
        """The period of all rows together."""
        return self._all.period

    @property
    def quality(self) -> str:
        """The worst quality of any row."""
        return self._all.quality

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources of all rows, each once."""
        return self._all.source_ids

    @property
    def known_until(self) -> str:
        """The earliest day to which any row is known; empty where none says."""
        return self._all.known_until

    @property
    def ends(self) -> tuple[Any, Any]:
        """Low and high of the interval; without one the value twice."""
        return self.interval or (self.value, self.value)

    @property
    def _all(self) -> Provenance:
        if isinstance(self.provenance, Provenance):
            return self.provenance
        first, *others = self.provenance
        joined = functools.reduce(_joined, others, first)
        worst = max((row.quality for row in self.provenance), key=QUALITIES.index)
        return replace(joined, quality=worst)

    def to(self, wanted: str) -> "Quantity":
        """The same in another unit of its kind: USD as USD million, a ratio as %."""
        current, other = unit(self.unit), unit(wanted)
        if current.powers != other.powers:
            raise UnitError([self._mismatch(wanted)])
        factor = current.scale / other.scale
        if factor == 1:
            return replace(self, unit=wanted)
        ends = (self.interval[0] * factor, self.interval[1] * factor) if self.interval else None
        return replace(self, value=self.value * factor, unit=wanted, interval=ends)

    def known_as(self, newest: "Quantity") -> "Quantity":
        """The same, known for as long as that number: it is set against an earlier one."""
        return replace(self, provenance=replace(self._all, known_until=newest.known_until))

    def _mismatch(self, wanted: str) -> Fault:
        current, other = self.unit or "a ratio", wanted or "a ratio"
        kinds = {word for text in (self.unit, wanted) for word, _ in unit(text).powers}
        if self.provenance is _NOTHING:
            return Fault(
                f"{self.value}",
                f"has no unit; {other} is needed",
                f"write Quantity({self.value}, '{wanted}')",
            )
        remedy = (
            "multiply by an exchange rate"
            if {"USD", "JPY"} <= kinds
            else "check what is added or compared"
        )
        return Fault(f"{current} and {other}", "do not go together", remedy)

    def median(self, percent: float = 80) -> "Quantity":
        """The median of draws, with the interval that holds that percent of them."""
        tail = (100 - percent) / 200
        low, middle, high = (float(end) for end in np.quantile(self.value, [tail, 0.5, 1 - tail]))
        return replace(self, value=middle, interval=(low, high), interval_label=f"{percent:g} %")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options:
            return NotImplemented
        sides = [
            side if isinstance(side, Quantity) else Quantity(side, "", _NOTHING) for side in inputs
        ]
        if ufunc in _SAME_KIND:
            sides, name = _alike(sides)
        elif ufunc in (np.multiply, np.true_divide):
            name = _product(sides[0].unit, sides[1].unit, 1 if ufunc is np.multiply else -1)
            sides = [side.to(unit(side.unit).name) for side in sides]
        elif ufunc in _PURE_NUMBERS:
            sides, name = [side.to("") for side in sides], ""
        elif ufunc in (np.negative, np.absolute):
            name = sides[0].unit
        else:
            raise UnitError(
                [
                    Fault(
                        f"numpy.{ufunc.__name__}", "keeps no unit", f"take .to('{self.unit}').value"
                    )
                ]
            )
        value = ufunc(*(side.value for side in sides))
        if ufunc in _COMPARISONS:
            return value
        return _result(ufunc, value, name, sides)

    def __float__(self) -> float:
        return float(self.to("").value)

    def __getitem__(self, row: Any) -> "Quantity":
        """One row of a Series, with its own provenance."""
        position = self.value.index.get_loc(row)
        basis = (
            self.provenance
            if isinstance(self.provenance, Provenance)
            else self.provenance[position]
        )
        ends = self.interval and tuple(
            end.iloc[position] if isinstance(end, pd.Series) else end for end in self.interval
        )
        return replace(
            self, value=self.value.iloc[position].item(), provenance=basis, interval=ends
        )

    def called(self, names: Any, head: str = "") -> "Quantity":
        """A Series whose rows are shown under other names, such as titles for ids: a mapping, a
        Series or a function. head: over the names.
        """
        index = self.value.rename(names).rename_axis(head or self.value.index.name)
        return replace(self, value=index)

    def rows(self) -> Iterator[tuple[Any, "Quantity"]]:
        """Name and quantity of each row of a Series."""
        return ((name, self[name]) for name in self.value.index)

    @property
    def text(self) -> str:
        """The number as a reader reads it, with its interval: `$39.1 bn (38.0 to 40.2)`."""
        shown = self.median() if isinstance(self.value, np.ndarray) else self
        number = said(self._readable(shown.value), self.unit)
        if shown.interval:
            tail = number.partition(" per ")[2] if " per " in number else unit(self.unit).name
            tail = POINTS if self.unit == POINTS else tail
            low, high = (
                said(self._readable(float(end)), self.unit)
                .removesuffix(tail)
                .removesuffix(" per ")
                .strip()
                for end in shown.interval
            )
            if low != high:
                number += f" ({low} to {high})"
        return number

    def _readable(self, value: Any) -> Any:
        """The value without digits that assumptions do not carry: of an estimate the first three,
        where it is no number that somebody wrote down.
        """
        exact = self.quality not in ("estimate", "unverified") or float(value).is_integer()
        return value if exact or abs(value) < 1_000 else numbers.significant(value)

    def frame(self) -> pd.DataFrame:
        """A Series for readers: value, quality and sources of each row."""
        cells = [(row.text, row.quality, ", ".join(row.source_ids)) for _, row in self.rows()]
        return pd.DataFrame(cells, self.value.index, ["value", "quality", "sources"])

    @property
    def _when(self) -> str:
        """The period as it is read: years as they are, months and several years by their ends, an
        open end as since or until; nothing where there is no period.
        """
        named = [period for period in self.period.split(", ") if period]
        if len(named) <= 2 and all(period.isdecimal() for period in named):
            return " and ".join(sorted(named))
        try:
            periods = [read_period(period) for period in named]
        except ValueError:
            return self.period
        first, last = min(span.first for span in periods), max(span.last for span in periods)
        if last == datetime.date.max:
            return "" if first == datetime.date.min else f"since {first:%B %Y}"
        if first == datetime.date.min:
            return f"until {last:%B %Y}"
        whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
        form = "%Y" if whole_years else "%B %Y"
        return " to ".join(dict.fromkeys(f"{day:{form}}" for day in (first, last)))

    def __repr__(self) -> str:
        if isinstance(self.value, pd.Series):
            return self.frame().to_string()
        lost = "interval needs draws" if self.needs_draws else ""
        return ", ".join(part for part in (self.text, self._when, self.quality, lost) if part)

    def _repr_html_(self) -> str | None:
        if not isinstance(self.value, pd.Series):
            return None
        caption = ", ".join(part for part in (_HEADS.get(self.unit, self.unit), self._when) if part)
        head = f'<th scope="col">{escaped(str(self.value.index.name or "Name").capitalize())}</th>'
        every = unit(self.unit).name.partition(" per ")
        per = every[1] + every[2]  # the caption says it once
        rows = "\n".join(
            f'<tr><th scope="row">{escaped(str(name))}</th>'
            f'<td style="text-align:right">{escaped(row.text.replace(per, ""))}</td>'
            f"<td>{row.quality}</td></tr>"
            for name, row in self.rows()
        )
        return (
            f'<table class="{MONEY}">\n<caption>{escaped(caption)}</caption>\n<thead><tr>{head}'
            '<th scope="col" style="text-align:right">Value</th><th scope="col">Quality</th>'
            f"</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
            f"<details><summary>Sources: {len(self.source_ids)}</summary>"
            f"{escaped(', '.join(self.source_ids))}</details>"
        )


def fact(
    value: Any,
    unit: str,
    period: str = "",
    quality: str = "estimate",
    source_ids: tuple[str, ...] = (),
    known_until: str = "",
    interval: tuple[float, float] | None = None,
) -> Quantity:
    """A number from a table, known until the end of its period where no other day is given. Without
    a source it is unverified, whatever the table says of it.
    """
    if not source_ids:
        quality = "unverified"
    until = known_until or last_day(period)
    return Quantity(value, unit, Provenance(period, quality, source_ids, until), interval)


def column(rows: Mapping[str, Quantity]) -> Quantity:
    """Named numbers of one kind as a Series in the unit of the first, a provenance each."""
    unit = next(iter(rows.values())).unit
    return Quantity(
        pd.Series({name: row.to(unit).value for name, row in rows.items()}, dtype=float),
        unit,
        tuple(row._all for row in rows.values()),
    )


def resting_on(value: Any, unit: str, *parts: Quantity) -> Quantity:
    """A number that a method other than arithmetic worked out from these quantities."""
    return Quantity(value, unit, functools.reduce(_joined, (part._all for part in parts), _NOTHING))


def _alike(sides: list[Quantity]) -> tuple[list[Quantity], str]:
    """Both sides in the unit of the first. A plain 0, from which `sum` starts, takes any unit."""
    for side, other in ((0, 1), (1, 0)):
        value = sides[side].value
        if sides[side].provenance is _NOTHING and np.ndim(value) == 0 and not value:
            sides[side] = replace(sides[side], unit=sides[other].unit)
    first, second = sides
    return [first, second.to(first.unit)], first.unit


def _result(ufunc: Any, value: Any, name: str, sides: list[Quantity]) -> Quantity:
    spread = [side for side in sides if side.interval]
    draws = isinstance(value, np.ndarray)
    ends = _ends(ufunc, sides) if len(spread) == 1 and not draws else None
    lost = any(side.needs_draws for side in sides) or (bool(spread) and ends is None)
    label = spread[0].interval_label if ends else "80 %"
    return Quantity(value, name, _provenance(sides), ends, label, lost and not draws)


def _ends(ufunc: Any, sides: list[Quantity]) -> tuple[Any, Any] | None:
    """The operation at both ends of the one interval; None where a divisor's interval holds 0."""
    if (
        ufunc is np.true_divide
        and (by := sides[1].interval)
        and np.any((np.asarray(by[0]) <= 0) & (np.asarray(by[1]) >= 0))
    ):
        return None
    first, last = (
        ufunc(*(side.interval[end] if side.interval else side.value for side in sides))
        for end in (0, 1)
    )
    return np.minimum(first, last), np.maximum(first, last)


def _provenance(sides: list[Quantity]) -> Provenance | tuple[Provenance, ...]:
    if len(sides) == 1:
        only = sides[0].provenance
        return (
            _joined(only, _NOTHING)
            if isinstance(only, Provenance)
            else tuple(_joined(row, _NOTHING) for row in only)
        )
    first, second = (side.provenance for side in sides)
    if isinstance(first, Provenance) and isinstance(second, Provenance):
        return _joined(first, second)
    count = len(first) if isinstance(first, tuple) else len(second)  # type: ignore[arg-type]
    columns = [part if isinstance(part, tuple) else (part,) * count for part in (first, second)]
    return tuple(map(_joined, *columns))


def said(value: float, name: str) -> str:
    """A number with its unit as a reader reads it: $39.1 bn, ¥8.65 m, 20,000 cars, 4.1 %."""
    parts = unit(name)
    if name.startswith("%"):
        return numbers.percent(value)
    if name == POINTS:
        return f"{numbers.plain(value, 1)} points"
    money = next((word for word, power in parts.powers if power == 1 and word in SIGNS), "")
    per = "".join(f" per {_SINGULAR.get(word, word)}" for word, power in parts.powers if power < 0)
    if money:
        scaled = value * parts.scale
        return (numbers.usd(scaled) if money == "USD" else numbers.jpy(scaled)) + per
    noun, size = parts.name, value * parts.scale
    if float(size).is_integer() or abs(size) >= 1_000:
        return numbers.units(size, noun)
    return f"{numbers.plain(numbers.significant(size), _places(size))} {noun}".strip()


def _places(size: float) -> int:
    return max(0, 2 - math.floor(math.log10(abs(size)))) if size else 0


class Quantities:
    """Named quantities or columns, read as attributes; `quantities["highlander"]` is one row."""

    def __init__(self, **named: Any):
        self.__dict__.update(named)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def __getitem__(self, row: Any) -> "Quantities":
        return Quantities(**{name: column[row] for name, column in vars(self).items()})

    def but(self, **changes: Any) -> "Quantities":
        """The same with other values; a plain number or array takes the unit that the name had.

        Raises InputError for a name that is not there.
        """
        known = vars(self)
        unknown = [name for name in changes if name not in known]
        if unknown:
            near = get_close_matches(unknown[0], known, 1, 0)
            raise refusal(unknown[0], "is not among these quantities", f"did you mean {near[0]}?")
        changed = {
            name: value
            if isinstance(value, Quantity)
            else replace(known[name], value=value, interval=None)
            for name, value in changes.items()
        }
        return Quantities(**known | changed)
