"""The inside view: how many cars of each model buyers take, from segment to units, as one
simulation.

units = min(cap, segment x level x share x drive side x fit x price response x channel x ramp x
months / 12)

segment: yearly registrations of the cars a buyer would weigh against the model. share: part of them
taken at the base price, with right-hand drive and no trouble with size. drive side: 1 with
right-hand drive, else what is left. fit: part of the segment's buyers with room for the car. price
response: (price / base price) ^ elasticity. channel: part of buyers reached. ramp: the year of the
programme against its second. Common inputs are drawn once for all models, shares once a model.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.inputs import Floats
from helpers.uncertainty import QuantileTable, correlation_matrix, replicate_sizes, score_chunks

COMMON = (
    "segment_level",
    "price_elasticity",
    "lhd_demand_percent",
    "fit_odds",
    "channel_percent",
    "ramp_percent",
)
CORRELATIONS = ("share_share", "share_fit", "channel_ramp")
STEPS = ("segment", "share", "drive side", "fit", "price", "channel", "ramp and months", "supply")
FOOTPRINT_LENGTH_M, FOOTPRINT_WIDTH_M = 4.125, 1.55


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
        bounds = {
            "segment_units": np.inf,
            "fit_share": 1,
            "price_ratio": np.inf,
            "cap_units": np.inf,
        }
        faults = [
            Fault(
                f"{self.model}, {name}",
                f"{getattr(self, name)} is out of range",
                f"write 0 to {high}",
            )
            for name, high in bounds.items()
            if not 0 <= getattr(self, name) <= high
        ]
        if self.price_ratio == 0:
            faults.append(
                Fault(f"{self.model}, price_ratio", "0 is no price", "write a positive ratio")
            )
        if faults:
            raise InputError(faults)


@dataclass(frozen=True)
class Terms:
    """What holds for all models: the scenario's centre of two uncertain inputs, and the part of the
    year.
    """

    lhd_demand_percent: float
    price_elasticity: float
    months_on_sale: float


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


def share_input(model: str) -> str:
    """Name of the share of a model among the uncertain inputs."""
    return f"share_{model}"


def market(assumptions: pd.DataFrame, models: Sequence[str], programme_year: int) -> Market:
    """The uncertain inputs of these models in a year of the programme, from the table
    `volume_assumptions`.
    """
    rows: dict[tuple[str, str], dict[Any, Any]] = {
        (row["model"], row["factor"]): row for row in assumptions.to_dict("records")
    }
    keys = {name: ("all", name) for name in COMMON} | {
        "ramp_percent": ("all", f"ramp_year_{programme_year}_percent")
    }
    keys |= {share_input(model): (model, "share_percent") for model in models}
    missing = [
        key
        for key in (*keys.values(), *(("all", f"correlation_{kind}") for kind in CORRELATIONS))
        if key not in rows
    ]
    if missing:
        raise InputError(
            [
                Fault(
                    "data/market/volume_assumptions.csv",
                    f"no row for model {model}, factor {factor}",
                )
                for model, factor in missing
            ]
        )
    tables = {
        name: QuantileTable.of(
            *(rows[key][column] for column in ("distribution", "low", "mode", "high"))
        )
        for name, key in keys.items()
    }
    shares = [share_input(model) for model in models]
    rho = {kind: float(rows["all", f"correlation_{kind}"]["mode"]) for kind in CORRELATIONS}
    pairs = {
        (one, other): rho["share_share"]
        for place, one in enumerate(shares)
        for other in shares[place + 1 :]
    }
    pairs |= {(one, "fit_odds"): rho["share_fit"] for one in shares} | {
        ("channel_percent", "ramp_percent"): rho["channel_ramp"]
    }
    modes = {name: float(rows[key]["mode"]) for name, key in keys.items()}
    return Market(tuple(models), tuple(keys), tables, modes, correlation_matrix(tuple(keys), pairs))


def cap_units(assumptions: pd.DataFrame, model: str, length_mm: float, width_mm: float) -> float:
    """Most cars of a model in a full year: its supply, or the room on the ships over its footprint,
    whichever is less.

    Footprint in units of the trade's reference car (RT43): (length + 0.3)(width + 0.1) / (4.125 x
    1.55), metres.
    """
    rows = assumptions.set_index(["model", "factor"])["mode"]
    footprint = (
        (length_mm / 1000 + 0.3)
        * (width_mm / 1000 + 0.1)
        / (FOOTPRINT_LENGTH_M * FOOTPRINT_WIDTH_M)
    )
    return float(min(rows[(model, "supply_units")], rows[("all", "shipping_slots")] / footprint))


def price_ratio(
    base_jpy: float, base_rate_jpy: float, scenario_jpy: float, pass_through_percent: float
) -> float:
    """Price the buyer sees over the base price.

    base_jpy: sticker of the base scenario. base_rate_jpy: sticker under the scenario's costs at the
    base exchange rate.
    scenario_jpy: the same at the scenario's rate. Only that part of the currency's effect (in
    logarithms) reaches the buyer.
    """
    return float(
        base_rate_jpy / base_jpy * (scenario_jpy / base_rate_jpy) ** (pass_through_percent / 100)
    )


def with_odds(share: float, odds_ratio: Floats) -> Floats:
    """The share after its odds are multiplied; 0 and 1 stay what they are."""
    return np.asarray(share * odds_ratio / (1 - share + share * odds_ratio))


def logit_response(share: float, elasticity: float, ratio: float) -> float:
    """Units over units at the base price by a logit demand with that elasticity at the base price;
    a check on the constant elasticity.

    The two part beyond price changes of about a quarter. share: 0 to 1, of the segment at the base
    price. Berry 1994: elasticity = alpha x price x (1 - share).
    """
    grown = np.exp(elasticity / (1 - share) * (ratio - 1))
    return float(grown / (1 - share + share * grown))


def drawn(place: Market, scores: Floats) -> dict[str, Floats]:
    """Values of every uncertain input at the scores (inputs, points)."""
    return {name: place.tables[name].at(row) for name, row in zip(place.names, scores, strict=True)}


def step_factors(
    place: Market, car: Offer, terms: Terms, values: Mapping[str, Floats]
) -> Iterator[Floats | float]:
    """The factors of a model, step by step in the order of `STEPS` up to ramp and months, at the
    drawn values.
    """
    yield car.segment_units * values["segment_level"]
    yield values[share_input(car.model)] / 100
    if car.right_hand_drive:
        yield 1.0
    else:
        left, mode = values["lhd_demand_percent"] / 100, place.modes["lhd_demand_percent"] / 100
        yield with_odds(terms.lhd_demand_percent / 100, left / (1 - left) * (1 - mode) / mode)
    yield with_odds(car.fit_share, values["fit_odds"])
    yield np.exp(
        terms.price_elasticity
        * np.log(car.price_ratio)
        / place.modes["price_elasticity"]
        * values["price_elasticity"]
    )
    yield values["channel_percent"] / 100
    yield values["ramp_percent"] / 100 * (terms.months_on_sale / 12)


def units_at(
    place: Market, cars: Sequence[Offer], terms: Terms, values: Mapping[str, Floats]
) -> Floats:
    """Units of each car at the drawn values: an array (cars, points)."""
    found = np.empty((len(cars), len(values["segment_level"])))
    for row, car in zip(found, cars, strict=True):
        row[:] = 1.0
        for factor in step_factors(place, car, terms, values):
            row *= factor
        np.minimum(row, car.cap_units * terms.months_on_sale / 12, out=row)
    return found


@dataclass(frozen=True)
class Simulation:
    """Simulated units (cars, draws), in the order of the cars, and how the draws fall into
    independent replicates.
    """

    cars: tuple[Offer, ...]
    units: Floats

    @property
    def total(self) -> Floats:
        """Units of all cars together, one a draw."""
        return np.asarray(self.units.sum(axis=0))

    def replicates(self) -> list[slice]:
        """Where each independent replicate stands among the draws."""
        ends = np.cumsum(replicate_sizes(self.units.shape[1]))
        return [
            slice(int(end - size), int(end))
            for end, size in zip(ends, replicate_sizes(self.units.shape[1]), strict=True)
        ]


def simulate(
    place: Market, cars: Sequence[Offer], terms: Terms, draws: int, seed: int
) -> Simulation:
    """Run the model at `draws` points. Memory is 8 bytes a car and draw, beside chunks of fixed
    size.
    """
    return simulate_at(
        place,
        cars,
        terms,
        (drawn(place, scores) for scores in score_chunks(draws, place.correlation, seed)),
        draws,
    )


def simulate_at(
    place: Market,
    cars: Sequence[Offer],
    terms: Terms,
    chunks: Iterable[Mapping[str, Floats]],
    draws: int,
) -> Simulation:
    """The same at values that were drawn before, in chunks that hold `draws` points together."""
    units = np.empty((len(cars), draws))
    start = 0
    for values in chunks:
        found = units_at(place, cars, terms, values)
        units[:, start : start + found.shape[1]] = found
        start += found.shape[1]
    return Simulation(tuple(cars), units)


def walk(place: Market, cars: Sequence[Offer], terms: Terms, draws: int, seed: int) -> pd.DataFrame:
    """Mean units left after each step, per model: columns model, title and `STEPS`. The last is the
    mean of `simulate`.
    """
    sums = np.zeros((len(cars), len(STEPS)))
    for scores in score_chunks(draws, place.correlation, seed):
        values = drawn(place, scores)
        for row, car in zip(sums, cars, strict=True):
            running: Floats = np.ones(scores.shape[1])
            for column, factor in enumerate(step_factors(place, car, terms, values)):
                running = running * factor
                row[column] += running.sum()
            row[-1] += np.minimum(running, car.cap_units * terms.months_on_sale / 12).sum()
    frame = pd.DataFrame(sums / draws, columns=list(STEPS))
    frame.insert(0, "title", [car.title for car in cars])
    frame.insert(0, "model", [car.model for car in cars])
    return frame
