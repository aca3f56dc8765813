"""The count, model by model: how many cars buyers take, from segment to units, as one simulation.

units = min(cap, segment x level x share x drive side x room x price response x network x ramp
        x year) x months / 12

segment: yearly registrations of the cars a buyer would weigh against the model. share: part of them
taken at the base price, with right-hand drive and no trouble with size. drive side: 1 with
right-hand drive, else what is left. room: part of the segment's buyers with room for the car. price
response: (price / base price) ^ elasticity. network: part of buyers reached. ramp: the year of the
programme against its second. year: what moves the count of one year beyond all that is named.
Common inputs are drawn once for all models, shares and whether it comes once a model, the start of
sales once a maker.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError, refusal
from helpers.quantities import Floats
from helpers.uncertainty import QuantileTable, correlation_matrix

YEARS = (1, 2, 3)
COMMON = (
    "segment_level",
    "yen_level",
    "price_level",
    "price_elasticity",
    "lhd_demand_percent",
    "fit_odds",
    "channel_percent",
    *(f"ramp_year_{year}_percent" for year in YEARS),
    "year_level",
)
EVENTS = ("trade_pressure", "precedent_class", "attainment")
"""Inputs drawn as plain normal scores: what they decide is a chance and no range of the table."""
CORRELATIONS = ("share_share", "share_fit", "channel_ramp")
STAGES = (
    "segment",
    "share",
    "drive side",
    "fit",
    "price",
    "channel",
    "ramp and months",
    "supply",
    "comes at all",
)
START = 2026
"""The year in whose months the start of sales is counted."""
WHOLE_YEAR = "programme"
"""The period looked at is a year of the programme and no calendar year."""


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
    """What holds for all models: the centre of uncertain inputs, and the period looked at."""

    lhd_demand_percent: float
    price_elasticity: float
    share_level_percent: float
    yen_pass_through_percent: float
    months_on_sale: float
    programme_year: int
    sale_year: str


class Draws(dict[str, Floats]):
    """Drawn values of every uncertain input by name, one number a draw."""

    @property
    def nbytes(self) -> int:
        """Memory of all arrays together."""
        return sum(values.nbytes for values in self.values())


Step = Callable[[Offer, Mapping[str, Floats]], Floats]
"""How many cars of a model buyers take: see `model_demand`."""


def model_demand(car: Offer, draws: Mapping[str, Floats]) -> Floats:
    """Cars of one model that buyers take in the period if it comes, one number a draw."""
    segment = car.segment_units * draws["segment_level"]
    share = draws["share_" + car.model] / 100
    side = 1 if car.right_hand_drive else draws["lhd_demand_percent"] / 100
    odds = draws["fit_odds"]
    room = car.fit_share * odds / (1 - car.fit_share + car.fit_share * odds)
    price = (car.price_ratio * draws["price_level"]) ** draws["price_elasticity"]
    network, ramp = draws["channel_percent"] / 100, draws["ramp_" + car.maker] / 100
    wanted = segment * share * side * room * price * network * ramp * draws["year_level"]
    return np.minimum(car.cap_units, wanted) * draws["months_" + car.maker] / 12


@dataclass(frozen=True)
class JointDistribution:
    """The uncertain inputs of a set of models, with how they hang together; no scenario enters but
    the models.
    """

    makers: tuple[str, ...]
    names: tuple[str, ...]
    tables: Mapping[str, QuantileTable]
    modes: Mapping[str, float]
    correlation: Floats

    def drawn(self, scores: Floats) -> Draws:
        """Values of every uncertain input at normal scores (inputs, points)."""
        rows = zip(self.names, scores, strict=True)
        return Draws(
            {name: self.tables[name].at(row) if name in self.tables else row for name, row in rows}
        )

    @property
    def middle(self) -> Draws:
        """Every input at its median, as one draw."""
        return self.drawn(np.zeros((len(self.names), 1)))


def share_input(model: str) -> str:
    """Name of the share of a model among the uncertain inputs."""
    return f"share_{model}"


def joint_distribution(assumptions: pd.DataFrame, makers: Mapping[str, str]) -> JointDistribution:
    """The uncertain inputs of these models, from the table `volume_assumptions`.

    makers: model to its maker. Raises InputError for a missing row.
    """
    rows: dict[tuple[str, str], dict[Any, Any]] = {
        (row["model"], row["factor"]): row for row in assumptions.to_dict("records")
    }
    shares = [share_input(model) for model in makers]
    names = tuple(dict.fromkeys(makers.values()))
    keys = {name: ("all", name) for name in COMMON}
    keys |= {share_input(model): (model, "share_percent") for model in makers}
    keys |= {f"start_{maker}": (maker.lower(), "start_month") for maker in names}
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
    pairs = {
        (first, second): rho["share_share"]
        for index, first in enumerate(shares)
        for second in shares[index + 1 :]
    }
    pairs |= {(share, "fit_odds"): rho["share_fit"] for share in shares}
    pairs |= {
        ("channel_percent", f"ramp_year_{year}_percent"): rho["channel_ramp"] for year in YEARS
    }
    modes = {name: float(rows[key]["mode"]) for name, key in keys.items()}
    every = (
        *keys,
        *EVENTS,
        *(f"ships_{maker}" for maker in names),
        *(f"comes_{model}" for model in makers),
    )
    return JointDistribution(names, every, tables, modes, correlation_matrix(every, pairs))


def with_odds(share: float, odds_ratio: Floats) -> Floats:
    """The share after its odds are multiplied; 0 and 1 stay what they are."""
    return np.asarray(share * odds_ratio / (1 - share + share * odds_ratio))


def centred(draws: Mapping[str, Floats], distribution: JointDistribution, terms: Terms) -> Draws:
    """The draws with the inputs whose middle is a parameter moved there, and the months and the
    ramp of each maker in the period looked at.

    What is left with left-hand drive moves in odds, shares and the price response in proportion;
    the part of a drawn yen that reaches the price moves the price.
    """
    modes = distribution.modes
    left, usual = draws["lhd_demand_percent"] / 100, modes["lhd_demand_percent"] / 100
    spread = left / (1 - left) * (1 - usual) / usual
    yen = draws["yen_level"] ** (terms.yen_pass_through_percent / 100)
    moved = {
        "lhd_demand_percent": 100 * with_odds(terms.lhd_demand_percent / 100, spread),
        "price_elasticity": draws["price_elasticity"]
        * (terms.price_elasticity / modes["price_elasticity"]),
        "price_level": draws["price_level"] * yen,
    }
    if terms.share_level_percent != 100:
        shares = [name for name in draws if name.startswith("share_")]
        moved |= {name: draws[name] * terms.share_level_percent / 100 for name in shares}
    return Draws({**draws, **moved, **in_period(draws, distribution.makers, terms)})


def in_period(draws: Mapping[str, Floats], makers: Collection[str], terms: Terms) -> Draws:
    """Months on sale and ramp of each maker in the period: `months_MAKER`, `ramp_MAKER`."""
    if terms.sale_year == WHOLE_YEAR:
        ramp = draws[f"ramp_year_{terms.programme_year}_percent"]
        months = np.asarray(terms.months_on_sale, dtype=float)
        return Draws(
            {f"months_{maker}": months for maker in makers}
            | {f"ramp_{maker}": ramp for maker in makers}
        )
    first = 12.0 * (int(terms.sale_year) - START)
    return between(draws, makers, first, first + 12)


def between(
    draws: Mapping[str, Floats], makers: Collection[str], first: float, last: float
) -> Draws:
    """The same between two points of time, in months after the start of 2026."""
    sales_draws = Draws()
    for maker in makers:
        start = draws[f"start_{maker}"]
        sales_draws[f"months_{maker}"] = np.clip(last - np.maximum(start, first), 0, last - first)
        since = (np.maximum(start, first) + last) / 2 - start
        year = np.clip(since // 12, 0, len(YEARS) - 1).astype(np.intp)
        sales_draws[f"ramp_{maker}"] = np.choose(
            year, [draws[f"ramp_year_{sales_year}_percent"] for sales_year in YEARS]
        )
    return sales_draws


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
    cars: tuple[Offer, ...]

    def wanted(self, draws: Mapping[str, Floats]) -> Floats:
        """Units of each car if it comes, at draws that are centred: an array (cars, draws). Raises
        InputError where the step gives what is no number.
        """
        units = np.empty((len(self.cars), len(draws["segment_level"])))
        for row, car in zip(units, self.cars, strict=True):
            row[:] = self.step(car, draws)
            if not np.isfinite(row).all():
                raise refusal(f"step model_demand, {car.model}", "gives what is no number")
        return units

    def stages(self, draws: Mapping[str, Floats], coming: Floats) -> pd.DataFrame:
        """Mean units left after each stage, per model: columns model, title and `STAGES`. The last
        is the mean of the simulation. draws: centred; coming: (cars, draws), 1 where the car comes.
        """
        rows = []
        for car, comes in zip(self.cars, coming, strict=True):
            left = [float(np.mean(value)) for value in self._stages(car, draws)]
            last = float(np.mean(self.step(car, draws) * comes))
            rows.append((car.model, car.title, *left, last))
        return pd.DataFrame(rows, columns=["model", "title", *STAGES])

    def _stages(self, car: Offer, draws: Mapping[str, Floats]) -> Iterator[Any]:
        """What the step gives while all that comes later holds nobody back."""
        share, ramp, months = share_input(car.model), f"ramp_{car.maker}", f"months_{car.maker}"
        everybody = np.full_like(draws["segment_level"], 100.0)
        free = replace(car, right_hand_drive=True, fit_share=1.0, price_ratio=1.0, cap_units=np.inf)
        level = np.ones_like(everybody)
        open_to = {**draws, share: everybody, "channel_percent": everybody, "price_level": level}
        open_to |= {ramp: everybody, months: 12 * level, "year_level": level}
        yield self.step(free, open_to)
        open_to[share] = draws[share]
        yield self.step(free, open_to)
        for name in ("right_hand_drive", "fit_share", "price_ratio"):
            free = replace(free, **{name: getattr(car, name)})
            if name == "price_ratio":
                open_to["price_level"] = draws["price_level"]
            yield self.step(free, open_to)
        open_to["channel_percent"] = draws["channel_percent"]
        yield self.step(free, open_to)
        open_to |= {name: draws[name] for name in (ramp, months, "year_level")}
        yield self.step(free, open_to)
        yield self.step(car, open_to)
