"""The volume part of a study: how many US-built cars come to Japan in a year."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.cost.part import CostPart
from helpers.data.picking import source_tuple
from helpers.fit.part import FitPart
from helpers.parts import Inputs, Part, worked_out
from helpers.periods import last_day
from helpers.quantities import ASSUMPTION, Floats, Provenance, Quantity
from helpers.uncertainty import (
    Estimated,
    correlated,
    over_replicates,
    points,
    replicates,
    score_chunks,
)
from helpers.volume import candidates, choices, demand, precedents, sensitivity, updating
from helpers.volume.adoption import Adoption, adoption_of
from helpers.volume.candidates import Candidate
from helpers.volume.demand import Count, Draws, JointDistribution, Offer, Terms
from helpers.volume.pooling import LEVELS, Pool, View
from helpers.volume.precedents import OutsideView, Weights
from helpers.volume.simulation import Simulated, Simulation
from helpers.volume.updating import Observation, Weighed

MOST_DRAWS_SHARED = 16_384
"""Point sets up to this size are drawn once for all scenarios, larger ones in chunks each time."""
UNIT = "vehicles a year"


class VolumePart(Part):
    """What notebook 02 works out."""

    def __init__(
        self, inputs: Inputs, fit: FitPart, cost: CostPart, base: "VolumePart | None" = None
    ):
        super().__init__(inputs)
        self.fit, self.cost, self.base = fit, cost, base or self

    # What is offered

    @worked_out
    def segments(self) -> pd.DataFrame:
        """The parts of each model's segment with their yearly units."""
        return candidates.segment_parts(self.table("volume_segments"), self.table("japan_market"))

    @worked_out
    def candidates(self) -> Mapping[str, Candidate]:
        """What the tables say of every model that may come, by name."""
        return candidates.candidates(
            self.table("programme_models"),
            self.table("vehicles"),
            self.segments,
            self.table("volume_assumptions"),
        )

    @worked_out
    def chosen(self) -> tuple[Candidate, ...]:
        """The chosen models whose maker takes part."""
        return candidates.chosen(
            self.candidates, self.parameter("models"), self.parameter("makers")
        )

    @property
    def makers(self) -> dict[str, str]:
        """Each chosen model and its maker."""
        return {car.model: car.maker for car in self.chosen}

    @worked_out
    def room(self) -> Mapping[str, float]:
        """Part of each model's segment buyers with room for it, 0 to 1."""
        return candidates.room_shares(self.candidates.values(), self.segments, self.fit.room_beside)

    @worked_out
    def every_offer(self) -> Mapping[str, Offer]:
        """Every model that may come, chosen or not, as the demand for it needs it."""
        right_hand_drive = self.parameter("right_hand_drive_models")
        prices = self.cost.price_ratio.value
        return {
            car.model: Offer(
                car.model,
                car.title,
                car.maker,
                car.model in right_hand_drive,
                car.segment_units,
                self.room[car.model],
                float(prices[car.model]),
                car.cap_units,
            )
            for car in self.candidates.values()
        }

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The chosen ones."""
        return tuple(self.every_offer[car.model] for car in self.chosen)

    # What is drawn

    @worked_out
    def distribution(self) -> JointDistribution:
        """The uncertain inputs of the chosen models."""
        return demand.joint_distribution(self.table("volume_assumptions"), self.makers)

    @worked_out
    def draws(self) -> Draws:
        """Drawn values of every uncertain input, one array each; at most 16,384 of each."""
        count = min(self.parameter("draws"), MOST_DRAWS_SHARED)
        correlation = self.distribution.correlation
        scores = _points(count, len(correlation), self.parameter("seed"))
        return self.distribution.drawn(correlated(scores, correlation))

    def _chunks(self, draws: int) -> Iterator[Draws]:
        scores = score_chunks(draws, self.distribution.correlation, self.parameter("seed"))
        return map(self.distribution.drawn, scores)

    @worked_out
    def terms(self) -> Terms:
        """What holds for all models."""
        return self.of(Terms)

    @worked_out
    def adoption(self) -> Adoption:
        """Probability that each maker ships, and that each model comes if its maker does."""
        return adoption_of(
            self.table("volume_assumptions"),
            self.table("adoption"),
            self.makers,
            self.parameter("trade_pressure_percent"),
        )

    @worked_out
    def coming(self) -> Floats:
        """1 where a model comes, 0 where not: an array (offers, draws)."""
        return self.adoption.coming(self.makers, self.draws)

    @worked_out
    def centred(self) -> Draws:
        """The draws as the scenario centres them, with months and ramp of each maker."""
        return demand.centred(self.draws, self.distribution, self.terms)

    @worked_out
    def count(self) -> Count:
        """The count as a function of draws."""
        return Count(self.step("model_demand"), self.offers)

    # What earlier programmes sold

    @worked_out
    def weights(self) -> Weights:
        """What a ratio of each measure and class counts for."""
        return Weights.of(self.table("volume_assumptions"))

    @worked_out
    def precedents(self) -> pd.DataFrame:
        """Every precedent with a ratio of actual to plan, and what it counts for."""
        return precedents.usable(self.table("precedents"), self.weights)

    @worked_out
    def outside(self) -> OutsideView:
        """Distribution of actual over plan for a new programme."""
        return precedents.outside_view(self.precedents, self.weights)

    @worked_out
    def back_test(self) -> pd.DataFrame:
        """Each precedent predicted from the others."""
        return precedents.back_test(self.precedents, self.weights)

    @worked_out
    def ratio(self) -> Floats:
        """Drawn ratios of sold to planned."""
        return self.outside.drawn(self.draws["precedent_class"], self.draws["attainment"])

    @worked_out
    def effects(self) -> Mapping[str, float]:
        """What the scenario does to the demand for each chosen model, 1 in the base scenario:
        price, wheel, room and shares, all inputs at their median, a full second year.
        """
        year = replace(
            self.terms, months_on_sale=12.0, programme_year=2, sale_year=demand.WHOLE_YEAR
        )
        usual = replace(
            self.base.terms, months_on_sale=12.0, programme_year=2, sale_year=demand.WHOLE_YEAR
        )
        inputs = self.distribution
        current, before = (demand.centred(inputs.middle, inputs, terms) for terms in (year, usual))
        step = self.step("model_demand")
        effects = {}
        for car in self.offers:
            base = self.base.every_offer[car.model]
            taken, usually = (
                float(np.mean(step(replace(offer, cap_units=np.inf), values)))
                for offer, values in ((car, current), (base, before))
            )
            effects[car.model] = taken / usually if usually else 0.0
        return effects

    @worked_out
    def reading(self) -> tuple[float, float, float]:
        """How many times the reported volume the plan is: low, most likely, high."""
        rows = self.table("volume_assumptions")
        low, mode, high = rows[rows["factor"] == "plan_reading"][["low", "mode", "high"]].iloc[0]
        return float(low), float(mode), float(high)

    @worked_out
    def plan(self) -> Mapping[str, float]:
        """The reported volume read as a plan for a full second year of the base scenario's models,
        each alike: what each chosen model has of it, times what the scenario does to its demand.
        """
        each = self.parameter("programme_units") * self.reading[1] / len(self.base.chosen)
        return {model: each * effect for model, effect in self.effects.items()}

    # One simulation of both views

    @worked_out
    def simulation(self) -> Simulation:
        """Both views as functions of draws."""
        return Simulation(
            self.count, self.chosen, self.plan, self.observations, self.others, self.month_noise
        )

    @worked_out
    def simulated(self) -> Simulated:
        """What every draw says by both views."""
        count = self.parameter("draws")
        if count <= MOST_DRAWS_SHARED:
            return self.few
        units = np.empty((len(self.offers), count))
        planned, ratio = np.empty(count), np.empty(count)
        told = np.empty((2, count if self.observations else 0))
        start = 0
        for drawn in self._chunks(count):
            chunk = self.simulation.at(
                demand.centred(drawn, self.distribution, self.terms),
                self.adoption.coming(self.makers, drawn),
                self.outside.drawn(drawn["precedent_class"], drawn["attainment"]),
            )
            end = start + chunk.planned.size
            units[:, start:end], planned[start:end] = chunk.units, chunk.planned
            ratio[start:end] = chunk.ratio
            if self.observations:
                told[:, start:end] = chunk.counted, chunk.sold
            start = end
        return Simulated(units, planned, ratio, *told)

    @worked_out
    def few(self) -> Simulated:
        """The same of the draws that are kept."""
        return self.simulation.at(self.centred, self.coming, self.ratio)

    def if_observed(self, seen: tuple[Observation, ...]) -> Simulated:
        """What the draws that are kept would say if this had been observed and nothing else."""
        if_seen = replace(self.simulation, observations=seen)
        counted, sold = if_seen.told(self.centred, self.coming, self.ratio)
        return replace(self.few, counted=counted, sold=sold)

    def first_month(self, cars: int) -> Simulated:
        """The same after one month of so many cars, the first by which each has likely started."""
        starts = [
            float(np.median(self.draws[f"start_{maker}"])) for maker in self.distribution.makers
        ]
        month = int(np.ceil(max(starts)))
        return self.if_observed((Observation(month, updating.ALL, updating.ALL, cars),))

    @worked_out
    def observations(self) -> tuple[Observation, ...]:
        """The months that were observed."""
        makers = {name: car.maker for name, car in self.candidates.items()}
        return updating.observed(self.table("observations"), makers, demand.START)

    @worked_out
    def others(self) -> Mapping[tuple[str, str], tuple[float, float, float]]:
        """Other imported cars of a maker in a body class, a month: low, mode and high."""
        rows = self.table("volume_assumptions")
        return {
            (str(row["model"]), str(row["factor"]).removeprefix("other_")): (
                float(row["low"]),
                float(row["mode"]),
                float(row["high"]),
            )
            for row in rows[rows["factor"].str.startswith("other_")].to_dict("records")
        }

    @worked_out
    def month_noise(self) -> float:
        """How far a month strays from a twelfth of its year, as a part of it."""
        modes = self.table("volume_assumptions").set_index("factor")["mode"]
        return float(modes["month_noise_percent"]) / 100

    @property
    def units(self) -> Floats:
        """Counted cars: an array (offers, draws)."""
        return self.simulated.units

    @worked_out
    def walk(self) -> pd.DataFrame:
        """Mean cars left after each stage of the count, per model."""
        return self.count.stages(self.centred, self.coming)

    @worked_out
    def by_year(self) -> pd.DataFrame:
        """Counted cars in each of the first three years, a full year each, and in the calendar
        years that have begun or come next: columns period, p10, p50, p90.
        """
        full = replace(self.terms, months_on_sale=12.0, sale_year=demand.WHOLE_YEAR)
        periods = {f"year {year}": replace(full, programme_year=year) for year in demand.YEARS}
        periods |= {
            str(year): replace(self.terms, sale_year=str(year))
            for year in range(demand.START, demand.START + 3)
        }
        rows = []
        for name, terms in periods.items():
            drawn = demand.centred(self.draws, self.distribution, terms)
            total = (self.count.wanted(drawn) * self.coming).sum(axis=0)
            rows.append((name, *np.quantile(total, [0.1, 0.5, 0.9])))
        return pd.DataFrame(rows, columns=["period", "p10", "p50", "p90"])

    # Both together

    @property
    def prior_weight(self) -> float:
        """Weight of the precedents before any month was observed, 0 to 1."""
        return float(self.parameter("top_down_weight_percent")) / 100

    @worked_out
    def weighed(self) -> tuple[Weighed, Weighed] | None:
        """The draws of both views weighed by what was observed; None where nothing was."""
        return self.simulated.weighed

    @worked_out
    def prior(self) -> Pool:
        """The count and the precedents, put together, before any observation."""
        return self.pool_of(replace(self.simulated, counted=np.empty(0), sold=np.empty(0)))

    @worked_out
    def pool(self) -> Pool:
        """The same after what was observed."""
        if self.weighed is None:
            return self.prior
        updating.refuse_impossible(*self.weighed)
        return self.pool_of(self.simulated)

    def pool_of(self, simulated: Simulated) -> Pool:
        """Both views of these draws, put together after what was observed."""
        counted, sold = simulated.view_weights
        weight = self.prior_weight
        if simulated.weighed is not None:
            weight = updating.view_weight(weight, *simulated.weighed)
        return Pool(
            View.of(simulated.units.sum(axis=0), counted),
            View.of(simulated.planned * simulated.ratio, sold),
            weight,
            self.threshold,
            self.step("pooling"),
        )

    @property
    def threshold(self) -> int:
        """Volume whose probability is asked for."""
        return int(self.parameter("threshold_units"))

    @property
    def probability(self) -> float:
        """P(threshold or more) by both views, 0 to 1."""
        return self.pool.probability

    @property
    def chance(self) -> Quantity:
        """The same in percent, with its range over choices of method."""
        value = 100 * self.probability
        return Quantity(value, "%", self.provenance, self.range_percent, "choices of method")

    @worked_out
    def median(self) -> Quantity:
        """The median of both views, with its 80 % interval."""
        return self._middle(self.pool.quantiles, self.provenance)

    @property
    def counted_median(self) -> Quantity:
        """The median by the count alone, with its 80 % interval."""
        return self._middle(self.pool.inside.quantiles, self.count_provenance)

    @property
    def precedents_median(self) -> Quantity:
        """The median by the precedents alone, with its 80 % interval."""
        return self._middle(self.pool.outside.quantiles, self.precedents_provenance)

    def _middle(self, quantiles: Callable[[list[float]], Floats], basis: Provenance) -> Quantity:
        low, middle, high = map(float, quantiles([0.1, 0.5, 0.9]))
        return Quantity(middle, UNIT, basis, (low, high))

    @worked_out
    def pooled_units(self) -> Floats:
        """Equally likely yearly units of all makers that ship, both views together, rising: as many
        as there are draws, at most 16,384.
        """
        return self.pool.outcomes(min(self.parameter("draws"), MOST_DRAWS_SHARED))

    @worked_out
    def errors(self) -> dict[str, Estimated]:
        """Mean, median and probability by the count, and the pooled median and probability, each
        with its Monte Carlo standard error.
        """
        simulated, prior = self.simulated, self.prior
        total, sold = simulated.units.sum(axis=0), simulated.planned * simulated.ratio
        pools = [
            prior.of(View.of(total[part]), View.of(sold[part])) for part in replicates(len(total))
        ]
        measures: dict[str, Callable[[Pool], float]] = {
            "mean": lambda pool: float(pool.inside.units.mean()),
            "p50": lambda pool: float(pool.inside.quantiles([0.5])[0]),
            "pooled_p50": lambda pool: float(pool.quantiles([0.5])[0]),
            "pooled_probability": lambda pool: pool.probability,
        }
        return {
            name: Estimated(measure(prior), over_replicates([measure(pool) for pool in pools]))
            for name, measure in measures.items()
        }

    @worked_out
    def headlines(self) -> dict[str, float]:
        """The numbers of the volume that a sweep keeps, by result name."""
        pool, asked = self.pool, self.threshold
        names = [f"volume_p{round(100 * level):02d}_units" for level in LEVELS]
        return dict(zip(names, map(float, pool.quantiles()), strict=True)) | {
            "volume_probability_percent": 100 * pool.probability,
            "volume_inside_p50_units": float(pool.inside.quantiles([0.5])[0]),
            "volume_inside_probability_percent": 100 * pool.inside.at_least(asked),
            "volume_outside_p50_units": float(pool.outside.quantiles([0.5])[0]),
            "volume_outside_probability_percent": 100 * pool.outside.at_least(asked),
        }

    # What it depends on

    @worked_out
    def choices(self) -> pd.DataFrame:
        """Probability and median under other choices of method, one at a time."""
        return choices.choices(self)

    @property
    def range_percent(self) -> tuple[float, float]:
        """Lowest and highest probability over the choices of method, percent."""
        tried = [*self.choices["probability"], self.probability]
        return 100 * float(min(tried)), 100 * float(max(tried))

    @worked_out
    def swings(self) -> pd.DataFrame:
        """Probability and median with each input among its lowest and highest fifth."""
        return choices.swings(self)

    @worked_out
    def variance_shares(self) -> pd.DataFrame:
        """Shares of the variance of the count by group of inputs, percent, with standard errors."""
        return sensitivity.variance_shares(self)

    # What all this rests on

    @property
    def count_provenance(self) -> Provenance:
        """What the count rests on: segments, prices with their rate, room, assumptions."""
        rows = self.segments[self.segments["model"].isin(self.makers)]
        return _assumed([*rows["source_ids"], *self._room_sources], rows["period"], self._ratios)

    @property
    def precedents_provenance(self) -> Provenance:
        """What the precedents rest on: those that count, the prices and the room that move the
        plan, and the assumption that they say something.
        """
        used = self.precedents.loc[self.precedents["used"], "source_ids"]
        return _assumed([*used, *self._room_sources], [], self._ratios)

    @property
    def provenance(self) -> Provenance:
        """What both views together rest on, and what was observed."""
        views = self.count_provenance, self.precedents_provenance
        cells = [source for view in views for source in view.source_ids]
        joined = _assumed([*cells, *self.table("observations")["source_ids"]], [], [])
        days = filter(None, (view.known_until for view in views))
        return replace(joined, known_until=min(days, default=""))

    @property
    def _ratios(self) -> list[Quantity]:
        return [self.cost.price_ratio[car.model] for car in self.chosen]

    @property
    def _room_sources(self) -> tuple[str, ...]:
        beside = self.segments.loc[self.segments["model"].isin(self.makers), "reference_vehicle_id"]
        return self.fit.room_sources([*(car.vehicle_id for car in self.chosen), *beside])


@lru_cache(4)  # another range, correlation or model leaves the points as they are
def _points(draws: int, inputs: int, seed: int) -> Floats:
    scores = np.hstack(list(points(draws, inputs, seed)))
    scores.setflags(write=False)
    return scores


def _assumed(
    cells: Iterable[str], periods: Iterable[str], quantities: Iterable[Quantity]
) -> Provenance:
    """An estimate on these sources, each cell one or several, on these quantities and on
    assumptions: known until the earliest day to which quantities and counts are. periods: of the
    counts, parted by commas; of these the newest tells, as older ones stand in for its year.
    """
    parts = tuple(quantities)
    named = source_tuple([*cells, *(source for part in parts for source in part.source_ids)])
    counted = [last_day(period) for cell in periods for period in cell.split(", ")]
    days = [max(counted, default=""), *(part.known_until for part in parts)]
    sources = (*(source for source in named if source != ASSUMPTION), ASSUMPTION)
    return Provenance("", "estimate", sources, min(filter(None, days), default=""))
