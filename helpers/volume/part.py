"""The volume part of a study: how many US-built cars come to Japan in a year."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from helpers.cost.part import CostPart
from helpers.fit.part import FitPart
from helpers.parts import Inputs, Part, worked_out
from helpers.quantities import ASSUMPTION, Floats, Provenance, Quantity
from helpers.uncertainty import Estimated, over_replicates, replicates, score_chunks
from helpers.volume import candidates, demand, drivers, precedents
from helpers.volume.adoption import Adoption, adoption_of
from helpers.volume.candidates import Candidate
from helpers.volume.demand import Count, Draws, Market, Offer, Terms
from helpers.volume.pooling import LEVELS, Pool
from helpers.volume.precedents import OutsideView

MOST_DRAWS_SHARED = 16_384
"""Point sets up to this size are drawn once for all scenarios, larger ones in chunks each time."""
YEARS = (1, 2, 3)
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

    @worked_out
    def room(self) -> Mapping[str, float]:
        """Part of each model's segment buyers with room for it, 0 to 1."""
        return candidates.room_shares(self.candidates.values(), self.segments, self.fit.room_beside)

    @worked_out
    def offers(self) -> tuple[Offer, ...]:
        """The models of makers that take part, as the demand for them needs them."""
        right_hand_drive = self.parameter("right_hand_drive_models")
        prices = self.cost.price_ratio.value
        return tuple(
            Offer(
                car.model,
                car.title,
                car.maker,
                car.model in right_hand_drive,
                car.segment_units,
                self.room[car.model],
                float(prices[car.model]),
                car.cap_units,
            )
            for car in self.chosen
        )

    # The count, model by model

    @worked_out
    def market(self) -> Market:
        """The uncertain inputs of the chosen models in the year of the programme."""
        return self._market(self.parameter("programme_year"))

    def _market(self, year: int) -> Market:
        models = [car.model for car in self.chosen]
        return demand.market(self.table("volume_assumptions"), models, year)

    @worked_out
    def draws(self) -> Draws:
        """Drawn values of every uncertain input, one array each."""
        chunks = list(self._chunks(self.market))
        return Draws({name: np.concatenate([part[name] for part in chunks]) for name in chunks[0]})

    def _chunks(self, market: Market) -> Iterator[Draws]:
        draws, seed = self.parameter("draws"), self.parameter("seed")
        return (market.drawn(scores) for scores in score_chunks(draws, market.correlation, seed))

    @property
    def _drawn(self) -> Iterator[Draws]:
        """All draws, a chunk after the other where they are too many to be kept."""
        small = self.parameter("draws") <= MOST_DRAWS_SHARED
        return iter([self.draws]) if small else self._chunks(self.market)

    @worked_out
    def terms(self) -> Terms:
        """What holds for all models."""
        return self.of(Terms)

    @worked_out
    def count(self) -> Count:
        """The count as a function of draws."""
        return Count(self.step("model_demand"), self.market, self.offers, self.terms)

    @worked_out
    def units(self) -> Floats:
        """Simulated cars: an array (offers, draws)."""
        return self.count.over(self._drawn, self.parameter("draws"))

    @property
    def units_by_maker(self) -> dict[str, Floats]:
        """Simulated cars of each maker that takes part with a model."""
        return {
            maker: self.units[[car.maker == maker for car in self.offers]].sum(axis=0)
            for maker in dict.fromkeys(car.maker for car in self.offers)
        }

    @worked_out
    def walk(self) -> pd.DataFrame:
        """Mean cars left after each stage of the count, per model."""
        return self.count.walk(self._drawn)

    @worked_out
    def by_year(self) -> pd.DataFrame:
        """Counted cars in each of the first three years, a full year each: columns year, p10, p50,
        p90.
        """
        terms = Terms(self.terms.lhd_demand_percent, self.terms.price_elasticity, 12.0)
        rows = []
        for year in YEARS:
            market = self._market(year)
            count = Count(self.step("model_demand"), market, self.offers, terms)
            total = count.over(self._chunks(market), self.parameter("draws")).sum(axis=0)
            rows.append((year, *np.quantile(total, [0.1, 0.5, 0.9])))
        return pd.DataFrame(rows, columns=["year", "p10", "p50", "p90"])

    @worked_out
    def swings(self) -> pd.DataFrame:
        """Cars with one input at its 10th and 90th percentile, all others at their median."""
        return drivers.swings(self.count)

    @worked_out
    def variance_shares(self) -> pd.DataFrame:
        """Shares of the variance of the count by group of inputs, percent."""
        return drivers.variance_shares(self.count, self.parameter("seed"))

    @worked_out
    def adoption(self) -> Adoption:
        """Probability that each maker that takes part ships."""
        return adoption_of(
            self.table("volume_assumptions"),
            self.table("adoption"),
            tuple(dict.fromkeys(car.maker for car in self.chosen)),
            self.parameter("trade_pressure_percent"),
        )

    # What earlier programmes sold

    @worked_out
    def precedents(self) -> pd.DataFrame:
        """Every precedent with a ratio of actual to plan, and whether it counts."""
        return precedents.usable(self.table("precedents"))

    @worked_out
    def outside(self) -> OutsideView:
        """Distribution of actual over plan for a new programme."""
        return precedents.outside_view(self.precedents)

    @worked_out
    def plan_units(self) -> float:
        """The reported volume read as the plan for the period looked at.

        It is the plan of a full year of the base scenario's programme. Other models or makers get
        the part of it that their segments and most likely shares stand for.
        """
        own, base = (sum(car.parity_units for car in part.chosen) for part in (self, self.base))
        months = self.parameter("months_on_sale")
        return float(self.parameter("programme_units") * months / 12 * own / base)

    # Both together

    @worked_out
    def pool(self) -> Pool:
        """The count and the precedents, put together."""
        return Pool(
            np.sort(self.units.sum(axis=0)),
            self.outside,
            self.plan_units,
            self.parameter("top_down_weight_percent") / 100,
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
    def median(self) -> Quantity:
        """The median of both views, with its 80 % interval."""
        return self._middle(self.pool.quantiles, self.provenance)

    @property
    def counted_median(self) -> Quantity:
        """The median by the count alone, with its 80 % interval."""
        return self._middle(self.pool.inside_quantiles, self.count_provenance)

    @property
    def precedents_median(self) -> Quantity:
        """The median by the precedents alone, with its 80 % interval."""
        return self._middle(self.pool.outside_quantiles, self.precedents_provenance)

    def _middle(self, quantiles: Callable[[list[float]], Floats], own: Provenance) -> Quantity:
        low, middle, high = map(float, quantiles([0.1, 0.5, 0.9]))
        return Quantity(middle, UNIT, own, (low, high))

    @worked_out
    def errors(self) -> dict[str, Estimated]:
        """Mean, median and probability by the count, and the pooled median, each with its Monte
        Carlo standard error.
        """
        total, pool = self.units.sum(axis=0), self.pool
        measures: dict[str, Callable[[Floats], float]] = {
            "mean": lambda units: float(units.mean()),
            "p50": lambda units: float(np.median(units)),
            "probability": lambda units: float((units >= pool.threshold).mean()),
            "pooled_p50": lambda units: float(pool.of(units).quantiles([0.5])[0]),
        }
        return {
            name: Estimated(
                measure(total), over_replicates([measure(total[part]) for part in parts])
            )
            for parts in [replicates(len(total))]
            for name, measure in measures.items()
        }

    @worked_out
    def headlines(self) -> dict[str, float]:
        """The numbers of the volume that a sweep keeps, by result name."""
        pool, asked = self.pool, self.threshold
        names = [f"volume_p{round(100 * level):02d}_units" for level in LEVELS]
        return dict(zip(names, map(float, pool.quantiles()), strict=True)) | {
            "volume_probability_percent": 100 * pool.probability,
            "volume_inside_p50_units": float(pool.inside_quantiles([0.5])[0]),
            "volume_inside_probability_percent": 100 * pool.inside_probability(asked),
            "volume_outside_p50_units": float(pool.outside_quantiles([0.5])[0]),
            "volume_outside_probability_percent": 100 * pool.outside_probability(asked),
        }

    # What all this rests on

    @property
    def count_provenance(self) -> Provenance:
        """Sources of the count: those of the segments, and assumptions."""
        models = {car.model for car in self.chosen}
        return _assumed(self.segments.loc[self.segments["model"].isin(models), "source_ids"])

    @property
    def precedents_provenance(self) -> Provenance:
        """Sources of the precedents that count, and the assumption that they say something."""
        return _assumed(self.precedents.loc[self.precedents["used"], "source_ids"])

    @property
    def provenance(self) -> Provenance:
        """Sources of both views together."""
        return _assumed(
            [*self.count_provenance.source_ids[:-1], *self.precedents_provenance.source_ids[:-1]]
        )


def _assumed(cells: "pd.Series[str] | list[str]") -> Provenance:
    """An estimate on these sources, each cell one or several, and on assumptions."""
    ids = dict.fromkeys(source for cell in cells for source in str(cell).split(";"))
    return Provenance("", "estimate", (*ids, ASSUMPTION))
