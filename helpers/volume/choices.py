"""How far the answer depends on choices of method, and on inputs: the same two numbers, the
probability of the volume asked for and the median, under one other choice at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.quantities import Floats
from helpers.volume import precedents
from helpers.volume.demand import share_input
from helpers.volume.pooling import Pool, View
from helpers.volume.precedents import OutsideView

if TYPE_CHECKING:
    from helpers.volume.part import VolumePart

WEIGHTS = (0.0, 0.25, 0.75, 1.0)
FIFTH = 0.2
UNCERTAIN = 0.8
"""A model that comes with no more than this probability is also tried as one that surely does."""
LABELS = {
    "segment_level": "size of the segments",
    "yen_level": "the yen over the year",
    "price_level": "price asked",
    "price_elasticity": "price response",
    "lhd_demand_percent": "left-hand drive",
    "fit_odds": "room for the car",
    "channel_percent": "sales network",
    "year_level": "chance of one year",
    "trade_pressure": "trade pressure",
    "precedent_class": "class of precedents",
    "attainment": "place among the precedents",
}


def mean_of_odds(counted: Any, sold: Any, weight: float) -> Any:
    """The geometric mean of the odds of both views."""
    yes = counted ** (1 - weight) * sold**weight
    no = (1 - counted) ** (1 - weight) * (1 - sold) ** weight
    return yes / np.where(yes + no > 0, yes + no, 1.0)


def choices(volume: "VolumePart") -> pd.DataFrame:
    """Every other choice: columns about, choice, probability (0 to 1) and median."""
    rows = [(about, choice, *_numbers(pool)) for about, choice, pool in _alternatives(volume)]
    return pd.DataFrame(rows, columns=["about", "choice", "probability", "median"])


def _numbers(pool: Pool) -> tuple[float, float]:
    return pool.probability, float(pool.quantiles([0.5])[0])


def _alternatives(volume: "VolumePart") -> Iterator[tuple[str, str, Pool]]:
    pool, few = volume.pool, _Few(volume)
    for weight in WEIGHTS:
        choice = f"precedents weigh {100 * weight:.0f} %"
        yield "weight of the views", choice, replace(pool, outside_share=weight)
    yield "pooling", "geometric mean of the odds", replace(pool, rule=mean_of_odds)
    for name, view in _views(volume):
        yield "precedents", name, few.pool(ratio=few.ratio(view))
    for car in volume.offers:
        chance = volume.adoption.models[car.model]
        if chance <= UNCERTAIN:
            yield "models", f"the {car.title} comes", few.with_model(car.model, 1.0)
        yield "models", f"without the {car.title}", few.with_model(car.model, 0.0)
    low, mode, high = volume.reading
    for reading in (low, high):
        times = reading / mode
        choice = f"the reported volume stands for {times:g} times as many"
        yield "reading of the volume", choice, few.pool(planned=volume.few.planned * times)
    yield "reading of the volume", "spread over models as the count has it", few.as_counted()


def _views(volume: "VolumePart") -> Iterator[tuple[str, OutsideView]]:
    """The precedents by other choices of classes, and each left out."""
    rows, weights, view = volume.precedents, volume.weights, volume.outside
    alike = tuple(replace(part, weight=1.0) for part in view.classes)
    yield "classes alike", replace(view, classes=alike)
    for part in view.classes:
        yield f"only {precedents.CLASS_NAMES[part.name]}", replace(view, classes=(part,))
    for index in rows.index[rows["used"]]:
        name = f"without the {rows['program'][index]}"
        yield name, precedents.outside_view(rows.drop(index), weights)


@dataclass(frozen=True)
class _Few:
    """The draws that are kept, by which other choices are tried."""

    volume: "VolumePart"

    def ratio(self, view: OutsideView) -> Floats:
        """Ratios by another view of the precedents, at the same draws."""
        draws = self.volume.draws
        return view.drawn(draws["precedent_class"], draws["attainment"])

    def pool(self, **parts: Floats) -> Pool:
        """Both views at these draws, some of their parts replaced."""
        return self.volume.pool_of(replace(self.volume.few, **parts))

    def with_model(self, model: str, chance: float) -> Pool:
        """A model that surely comes, as far as its maker ships, or does not."""
        volume = self.volume
        models = {**volume.adoption.models, model: chance}
        coming = replace(volume.adoption, models=models).coming(volume.makers, volume.draws)
        return self.pool(
            units=volume.count.wanted(volume.centred) * coming,
            planned=volume.simulation.planned(coming, volume.centred).sum(axis=0),
        )

    def as_counted(self) -> Pool:
        """The plan spread over the models by segment and most likely share, as the count has it."""
        volume = self.volume
        base = volume.base.chosen
        total = sum(car.parity_units for car in base)
        each = [car.parity_units * len(base) / total for car in volume.chosen]
        return self.pool(
            planned=np.array(each) @ volume.simulation.planned(volume.coming, volume.centred)
        )


def swings(volume: "VolumePart") -> pd.DataFrame:
    """Probability and median while one input is among its lowest or its highest fifth and all
    others are as drawn: columns input, probability_low, probability_high, median_low, median_high,
    the widest probability first. Of a model that may not come: without it and with it.
    """
    draws, few, rows = volume.draws, volume.few, []
    total, sold = few.units.sum(axis=0), few.planned * few.ratio
    titles = LABELS | {share_input(car.model): f"share of the {car.title}" for car in volume.offers}

    def at(mask: Floats) -> tuple[float, float]:
        return _numbers(volume.prior.of(View.of(total[mask]), View.of(sold[mask])))

    for name, title in titles.items():
        if name in draws:
            low, high = np.quantile(draws[name], [FIFTH, 1 - FIFTH])
            # of a score that decides a chance, low values are those in which it happens
            ends = at(draws[name] <= low), at(draws[name] >= high)
            rows.append((title, *ends[0], *ends[1]))
    for car, comes in zip(volume.offers, volume.coming, strict=True):
        if 0 < comes.mean() < 1:
            rows.append((f"the {car.title} comes", *at(comes == 0), *at(comes == 1)))
    frame = pd.DataFrame(
        rows,
        columns=["input", "probability_low", "median_low", "probability_high", "median_high"],
    )
    order = (frame["probability_high"] - frame["probability_low"]).abs()
    return frame.iloc[order.argsort(kind="stable")[::-1]].reset_index(drop=True)
