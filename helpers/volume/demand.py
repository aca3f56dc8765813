"""The count, model by model: how many cars buyers take, from segment to units, as one simulation.

units = min(cap, segment x level x share x drive side x room x price response x network x ramp)
        x months / 12

segment: yearly registrations of the cars a buyer would weigh against the model. share: part of them
taken at the base price, with right-hand drive and no trouble with size. drive side: 1 with
right-hand drive, else what is left. room: part of the segment's buyers with room for the car. price
response: (price / base price) ^ elasticity. network: part of buyers reached. ramp: the year of the
programme against its second. Common inputs are drawn once for all models, shares once a model.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.quantities import Floats
from helpers.uncertainty import QuantileTable, correlation_matrix

COMMON = (
    "segment_level",
    "price_elasticity",
    "lhd_demand_percent",
    "fit_odds",
    "channel_percent",
    "ramp_percent",
)
CORRELATIONS = ("share_share", "share_fit", "channel_ramp")
STAGES = ("segment", "share", "drive side", "fit", "price", "channel", "ramp and months", "supply")


@dataclass(frozen=True)
class Offer:
    """One model as it is offered in Japan: what the demand for it depends on, as plain numbers.

    segment_units: yearly registrations. fit_share: 0 to 1, part of the segment's buyers with room
    for it. price_ratio: price the buyer sees over the price at which the shares are meant.
    cap_units: most that supply and shipping allow in a full year.
    """

    model: str
    title: str
    maker: str
    right_hand_drive: bool
    segment_units: float
    fit_share: float
    price_ratio: float
    cap_units: float

    def __post_init__(self) -> None:
        ranges = {"segment_units": np.inf, "fit_share": 1.0, "cap_units": np.inf}
        bad = [name for name, most in ranges.items() if not 0 <= getattr(self, name) <= most]
        bad += [] if 0 < self.price_ratio < np.inf else ["price_ratio"]
        if bad:
            raise InputError(
                Fault(f"{self.model}, {name}", f"{getattr(self, name)} is out of range")
                for name in bad
            )


@dataclass(frozen=True)
class Terms:
    """What holds for all models: the scenario's centre of two uncertain inputs, and the part of the
    year.
    """

    lhd_demand_percent: float
    price_elasticity: float
    months_on_sale: float


class Draws(dict[str, Floats]):
    """Drawn values of every uncertain input by name, one number a draw."""

    @property
    def nbytes(self) -> int:
        """Memory of all arrays together."""
        return sum(values.nbytes for values in self.values())


Step = Callable[[Offer, Mapping[str, Floats], Terms], Floats]
"""How many cars of a model buyers take: see `model_demand`."""


def model_demand(car: Offer, draws: Mapping[str, Floats], terms: Terms) -> Floats:
    """Cars of one model that buyers take in the period looked at, one number a draw."""
    segment = car.segment_units * draws["segment_level"]
    share = draws["share_" + car.model] / 100
    side = 1 if car.right_hand_drive else draws["lhd_demand_percent"] / 100
    odds = draws["fit_odds"]
    room = car.fit_share * odds / (1 - car.fit_share + car.fit_share * odds)
    price = car.price_ratio ** draws["price_elasticity"]
    network, ramp = draws["channel_percent"] / 100, draws["ramp_percent"] / 100
    wanted = segment * share * side * room * price * network * ramp
    return np.minimum(car.cap_units, wanted) * terms.months_on_sale / 12


@dataclass(frozen=True)
class Market:
    """The uncertain inputs of a set of models: names, quantile tables and correlations. No scenario
    enters but models and year.
    """

    models: tuple[str, ...]
    names: tuple[str, ...]
    tables: Mapping[str, QuantileTable]
    modes: Mapping[str, float]
    correlation: Floats

    def drawn(self, scores: Floats) -> Draws:
        """Values of every uncertain input at normal scores (inputs, points)."""
        rows = zip(self.names, scores, strict=True)
        return Draws({name: self.tables[name].at(row) for name, row in rows})


def share_input(model: str) -> str:
    """Name of the share of a model among the uncertain inputs."""
    return f"share_{model}"


def market(assumptions: pd.DataFrame, models: Sequence[str], programme_year: int) -> Market:
    """The uncertain inputs of these models in a year of the programme, from the table
    `volume_assumptions`. Raises InputError for a missing row.
    """
    rows: dict[tuple[str, str], dict[Any, Any]] = {
        (row["model"], row["factor"]): row for row in assumptions.to_dict("records")
    }
    keys = {name: ("all", name) for name in COMMON} | {
        "ramp_percent": ("all", f"ramp_year_{programme_year}_percent")
    }
    keys |= {share_input(model): (model, "share_percent") for model in models}
    correlated = {kind: ("all", f"correlation_{kind}") for kind in CORRELATIONS}
    missing = [key for key in (*keys.values(), *correlated.values()) if key not in rows]
    if missing:
        raise InputError(
            Fault("data/market/volume_assumptions.csv", f"no row for model {model}, factor {name}")
            for model, name in missing
        )
    tables = {
        name: QuantileTable.of(
            *(rows[key][column] for column in ("distribution", "low", "mode", "high"))
        )
        for name, key in keys.items()
    }
    rho = {kind: float(rows[key]["mode"]) for kind, key in correlated.items()}
    shares = [share_input(model) for model in models]
    pairs = {
        (first, second): rho["share_share"]
        for index, first in enumerate(shares)
        for second in shares[index + 1 :]
    }
    pairs |= {(share, "fit_odds"): rho["share_fit"] for share in shares} | {
        ("channel_percent", "ramp_percent"): rho["channel_ramp"]
    }
    modes = {name: float(rows[key]["mode"]) for name, key in keys.items()}
    return Market(tuple(models), tuple(keys), tables, modes, correlation_matrix(tuple(keys), pairs))


def with_odds(share: float, odds_ratio: Floats) -> Floats:
    """The share after its odds are multiplied; 0 and 1 stay what they are."""
    return np.asarray(share * odds_ratio / (1 - share + share * odds_ratio))


def centred(draws: Mapping[str, Floats], modes: Mapping[str, float], terms: Terms) -> Draws:
    """The draws with the two inputs whose middle is a parameter moved there: what is left with
    left-hand drive in odds, the price response in proportion.
    """
    left, usual = draws["lhd_demand_percent"] / 100, modes["lhd_demand_percent"] / 100
    spread = left / (1 - left) * (1 - usual) / usual
    moved = {
        "lhd_demand_percent": 100 * with_odds(terms.lhd_demand_percent / 100, spread),
        "price_elasticity": draws["price_elasticity"]
        * (terms.price_elasticity / modes["price_elasticity"]),
    }
    return Draws({**draws, **moved})


def logit_response(share: float, elasticity: float, ratio: float) -> float:
    """Units over units at the base price by a logit demand with that elasticity at the base price;
    a check on the constant elasticity.

    The two part beyond price changes of about a quarter. share: 0 to 1, of the segment at the base
    price. Berry 1994: elasticity = alpha x price x (1 - share).
    """
    grown = np.exp(elasticity / (1 - share) * (ratio - 1))
    return float(grown / (1 - share + share * grown))


@dataclass(frozen=True)
class Count:
    """Everything that a count of cars needs but the draws. step: see `model_demand`."""

    step: Step
    market: Market
    cars: tuple[Offer, ...]
    terms: Terms

    def units(self, draws: Mapping[str, Floats]) -> Floats:
        """Units of each car at the drawn values: an array (cars, draws). Raises InputError where
        the step gives what is no number.
        """
        moved = centred(draws, self.market.modes, self.terms)
        units = np.empty((len(self.cars), len(draws["segment_level"])))
        for row, car in zip(units, self.cars, strict=True):
            row[:] = self.step(car, moved, self.terms)
            if not np.isfinite(row).all():
                raise InputError(
                    [Fault(f"step model_demand, {car.model}", "gives what is no number")]
                )
        return units

    def over(self, chunks: Iterable[Mapping[str, Floats]], draws: int) -> Floats:
        """The same for values drawn in chunks that hold `draws` points together: memory is 8 bytes
        a car and draw beside one chunk.
        """
        units = np.empty((len(self.cars), draws))
        start = 0
        for values in chunks:
            part = self.units(values)
            units[:, start : start + part.shape[1]] = part
            start += part.shape[1]
        return units

    def total_at(self, scores: Floats) -> Floats:
        """Cars of all models together at normal scores (inputs, points)."""
        return np.asarray(self.units(self.market.drawn(scores)).sum(axis=0))

    def walk(self, chunks: Iterable[Mapping[str, Floats]]) -> pd.DataFrame:
        """Mean units left after each stage, per model: columns model, title and `STAGES`. The last
        is the mean of the simulation.
        """
        sums, draws = np.zeros((len(self.cars), len(STAGES))), 0
        for values in chunks:
            moved = centred(values, self.market.modes, self.terms)
            draws += len(values["segment_level"])
            for row, car in zip(sums, self.cars, strict=True):
                row += [float(np.sum(left)) for left in self._stages(car, moved)]
        frame = pd.DataFrame(sums / draws, columns=list(STAGES))
        frame.insert(0, "title", [car.title for car in self.cars])
        frame.insert(0, "model", [car.model for car in self.cars])
        return frame

    def _stages(self, car: Offer, draws: Mapping[str, Floats]) -> Iterator[Any]:
        """What the step gives while all that comes later holds nobody back, so that a step of the
        reader's own is walked as well.
        """
        share, everybody = share_input(car.model), np.full_like(draws["segment_level"], 100.0)
        free = replace(car, right_hand_drive=True, fit_share=1.0, price_ratio=1.0, cap_units=np.inf)
        open_to = {**draws, share: everybody, "channel_percent": everybody}
        open_to["ramp_percent"] = everybody
        year = replace(self.terms, months_on_sale=12.0)
        yield self.step(free, open_to, year)
        for name in (
            share,
            "right_hand_drive",
            "fit_share",
            "price_ratio",
            "channel_percent",
            "ramp_percent",
            "cap_units",
        ):
            if name in draws:
                open_to[name] = draws[name]
            else:
                free = replace(free, **{name: getattr(car, name)})
            year = self.terms if name == "ramp_percent" else year
            yield self.step(free, open_to, year)
