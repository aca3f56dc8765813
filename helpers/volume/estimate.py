"""How many US-built cars come to Japan in a year: the one composite that notebooks, the brief and
sweeps share.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from helpers.cost import price_walk
from helpers.cost.price_walk import LandedCostInputs
from helpers.errors import Fault, InputError
from helpers.fit.places import FitInputs
from helpers.fit.usable_shares import UsableShare, usable_shares
from helpers.inputs import Floats, Parameters
from helpers.uncertainty import Estimated, over_replicates
from helpers.volume import demand, precedents
from helpers.volume.pooling import LEVELS, Pool
from helpers.volume.precedents import OutsideView

TABLES = (
    "volume_assumptions",
    "volume_segments",
    "japan_market",
    "precedents",
    "programme_models",
    "vehicles",
    "constraints",
    "road_widths",
)


@dataclass(frozen=True)
class VolumeInputs:
    """What the volume itself depends on; the fit and the price of the cars have inputs of their
    own.
    """

    programme_units: int
    jpy_per_usd: float
    makers: tuple[str, ...]
    models: tuple[str, ...]
    right_hand_drive_models: tuple[str, ...]
    lhd_demand_percent: float
    price_elasticity: float
    yen_pass_through_percent: float
    months_on_sale: float
    programme_year: int
    threshold_units: int
    top_down_weight_percent: float
    draws: int
    seed: int


@dataclass(frozen=True)
class Candidate:
    """What the tables say of one model: who makes it, the trim that stands for it, its yearly
    segment, its price walk's car, its cap.

    parity_units: segment times the most likely share, the model's weight when the reported volume
    is spread over models.
    """

    model: str
    title: str
    maker: str
    vehicle_id: str
    segment_units: float
    parity_units: float
    imported: price_walk.ImportedCar
    cap_units: float


@dataclass(frozen=True)
class Evidence:
    """What the tables say, read once. fleet: the vehicles whose fit is needed, trims of the models
    and the cars that stand for their segments.
    """

    assumptions: pd.DataFrame
    segments: pd.DataFrame
    candidates: Mapping[str, Candidate]
    fleet: pd.DataFrame
    constraints: pd.DataFrame
    road_widths: pd.DataFrame
    precedents: pd.DataFrame
    outside: OutsideView


def evidence(tables: Mapping[str, pd.DataFrame]) -> Evidence:
    """Read the tables named in `TABLES`."""
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise InputError(
            [Fault("tables", f"{name} is missing", f"load {', '.join(TABLES)}") for name in missing]
        )
    programme, parts = (
        tables["programme_models"],
        segments(tables["volume_segments"], tables["japan_market"]),
    )
    cars = price_walk.imported_cars(programme, tables["vehicles"], programme["model"])
    rows = precedents.usable(tables["precedents"])
    candidates = [
        _candidate(row, car, parts, tables["volume_assumptions"])
        for row, car in zip(programme.to_dict("records"), cars, strict=True)
    ]
    needed = {*programme["vehicle_id"], *parts["reference_vehicle_id"]}
    # tabulates every distribution now, where a batch does it once for all scenarios
    for year in (1, 2, 3):
        demand.market(tables["volume_assumptions"], tuple(one.model for one in candidates), year)
    return Evidence(
        assumptions=tables["volume_assumptions"],
        segments=parts,
        candidates={one.model: one for one in candidates},
        fleet=tables["vehicles"][tables["vehicles"]["vehicle_id"].isin(needed)],
        constraints=tables["constraints"],
        road_widths=tables["road_widths"],
        precedents=rows,
        outside=precedents.outside_view(rows),
    )


def _candidate(
    row: Mapping[Any, Any],
    car: price_walk.ImportedCar,
    parts: pd.DataFrame,
    assumptions: pd.DataFrame,
) -> Candidate:
    units = float(parts.loc[parts["model"] == car.model, "units_a_year"].sum())
    if not units:
        raise InputError(
            [
                Fault(
                    "data/market/volume_segments.csv",
                    f"no segment for {car.model}",
                    "add a row for it",
                )
            ]
        )
    rows = assumptions[
        (assumptions["model"] == car.model) & (assumptions["factor"] == "share_percent")
    ]
    parity = units * float(rows["mode"].iloc[0]) / 100
    return Candidate(
        car.model,
        car.title,
        row["maker"],
        row["vehicle_id"],
        units,
        parity,
        car,
        demand.cap_units(assumptions, car.model, car.length_mm, car.width_mm),
    )


def segments(parts: pd.DataFrame, japan_market: pd.DataFrame) -> pd.DataFrame:
    """The parts of each model's segment with their yearly units: the table `volume_segments` joined
    to the counts it names.
    """
    counts = japan_market[["series", "period", "units"]]
    joined = parts.merge(counts, on=["series", "period"], how="left", validate="many_to_one")
    if joined["units"].isna().any():
        rows = joined[joined["units"].isna()]
        raise InputError(
            [
                Fault(
                    "data/market/volume_segments.csv", f"no count of {row.series} for {row.period}"
                )
                for row in rows.itertuples()
            ]
        )
    joined["units_a_year"] = joined["units"] * joined["times_a_year"]
    return joined


@dataclass(frozen=True)
class ImportVolume:
    """The estimate: cars as the demand model sees them, the simulation, and the pool of both
    views.
    """

    inputs: VolumeInputs
    market: demand.Market
    terms: demand.Terms
    simulation: demand.Simulation
    pool: Pool

    @property
    def threshold(self) -> int:
        """Volume whose probability is asked for."""
        return self.inputs.threshold_units

    @property
    def probability(self) -> float:
        """P(threshold or more), both views mixed."""
        return self.pool.probability(self.threshold)

    def walk(self) -> pd.DataFrame:
        """Mean units left after each step, per model."""
        return demand.walk(
            self.market, self.simulation.cars, self.terms, self.inputs.draws, self.inputs.seed
        )

    def errors(self) -> dict[str, Estimated]:
        """Mean, median and probability by the simulation, and the pooled median, each with its
        Monte Carlo standard error.
        """
        total, parts = self.simulation.total, self.simulation.replicates()
        measures: dict[str, Callable[[Floats], float]] = {
            "mean": lambda units: float(units.mean()),
            "p50": lambda units: float(np.median(units)),
            "probability": lambda units: float((units >= self.threshold).mean()),
            "pooled_p50": lambda units: float(
                replace(self.pool, inside=np.sort(units)).quantiles([0.5])[0]
            ),
        }
        return {
            name: Estimated(
                measure(total), over_replicates([measure(total[part]) for part in parts])
            )
            for name, measure in measures.items()
        }


def estimate(known: Evidence, scenario: Parameters, base: Parameters) -> ImportVolume:
    """The import volume under a scenario. `base` gives the prices at which the shares of the
    assumption table are meant.
    """
    inputs = scenario.of(VolumeInputs)
    usable = usable_shares(
        known.fleet, known.constraints, known.road_widths, scenario.of(FitInputs)
    )
    shares = fit_shares(known, usable)
    cars = offers_of(
        known, inputs, scenario.of(LandedCostInputs), base.of(LandedCostInputs), shares
    )
    market = demand.market(known.assumptions, [car.model for car in cars], inputs.programme_year)
    terms = terms_of(inputs)
    simulation = demand.simulate(market, cars, terms, inputs.draws, inputs.seed)
    return ImportVolume(
        inputs,
        market,
        terms,
        simulation,
        pool_of(known, inputs, base.of(VolumeInputs), simulation.total),
    )


def terms_of(inputs: VolumeInputs) -> demand.Terms:
    """What holds for all models."""
    return demand.Terms(inputs.lhd_demand_percent, inputs.price_elasticity, inputs.months_on_sale)


def pool_of(known: Evidence, inputs: VolumeInputs, base: VolumeInputs, units: Floats) -> Pool:
    """The simulated units mixed with the precedents.

    The reported volume is read as the plan of a full year of the base scenario's programme. Other
    models or makers get the part of it that their segments and most likely shares stand for.
    """
    parts = [
        sum(known.candidates[model].parity_units for model in chosen_models(known, one))
        for one in (inputs, base)
    ]
    plan = inputs.programme_units * inputs.months_on_sale / 12 * parts[0] / parts[1]
    return Pool.of(units, known.outside, plan, inputs.top_down_weight_percent)


def chosen_models(known: Evidence, inputs: VolumeInputs) -> list[str]:
    """The models whose maker takes part. Raises InputError when there is none."""
    chosen = [model for model in inputs.models if known.candidates[model].maker in inputs.makers]
    if not chosen:
        makers = (
            ", ".join(sorted({known.candidates[model].maker for model in inputs.models}))
            or "any maker"
        )
        raise InputError(
            [
                Fault(
                    "parameters, makers and models",
                    "no chosen model is made by a chosen maker",
                    f"add models, or one of {makers}",
                )
            ]
        )
    return chosen


def fit_shares(known: Evidence, usable: Mapping[str, UsableShare]) -> dict[str, float]:
    """Part of each model's segment buyers with room for it, 0 to 1.

    Buyers of the segment have room for the car that stands for it. The streets and bays a model can
    use are therefore taken relative to those its segment's car can use, and never above 1. Where
    not even that car has room, neither has the model.
    """
    shares = {}
    for model, parts in known.segments.groupby("model", sort=False):
        own = usable[known.candidates[str(model)].vehicle_id].together.mid
        others = [usable[name].together.mid for name in parts["reference_vehicle_id"]]
        relative = [min(1.0, own / other) if other else 0.0 for other in others]
        shares[str(model)] = float(np.average(relative, weights=parts["units_a_year"]))
    return shares


def offers_of(
    known: Evidence,
    inputs: VolumeInputs,
    costs: LandedCostInputs,
    base_costs: LandedCostInputs,
    shares: Mapping[str, float],
) -> list[demand.Offer]:
    """The models of the makers that take part, as the demand model needs them. shares: model to
    part of buyers with room for it.
    """
    found = []
    for one in (known.candidates[model] for model in chosen_models(known, inputs)):
        ratio = _price_ratio(one.imported, costs, base_costs, inputs.yen_pass_through_percent)
        right = one.model in inputs.right_hand_drive_models
        found.append(
            demand.Offer(
                one.model,
                one.title,
                one.maker,
                right,
                one.segment_units,
                shares[one.model],
                ratio,
                one.cap_units,
            )
        )
    return found


def _price_ratio(
    car: price_walk.ImportedCar,
    costs: LandedCostInputs,
    base: LandedCostInputs,
    pass_through_percent: float,
) -> float:
    at_base = price_walk.price_walk(car, base).sticker_jpy
    at_base_rate = price_walk.sticker_at_rate(car, costs, base.jpy_per_usd)
    return demand.price_ratio(
        at_base, at_base_rate, price_walk.price_walk(car, costs).sticker_jpy, pass_through_percent
    )


def headlines(found: ImportVolume) -> dict[str, float]:
    """The numbers of the volume that a sweep keeps, by result name."""
    names = [f"volume_p{round(100 * level):02d}_units" for level in LEVELS]
    return dict(zip(names, map(float, found.pool.quantiles()), strict=True)) | {
        "volume_probability_percent": 100 * found.probability,
        "volume_inside_p50_units": float(found.pool.inside_quantiles([0.5])[0]),
        "volume_inside_probability_percent": 100 * found.pool.inside_probability(found.threshold),
        "volume_outside_p50_units": float(found.pool.outside_quantiles([0.5])[0]),
        "volume_outside_probability_percent": 100 * found.pool.outside_probability(found.threshold),
    }
