"""How many US-built cars come to Japan in a year: the one composite that notebooks, the brief and sweeps share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from helpers.errors import Fault, InputError
from helpers.models import demand, landed_cost, precedents, road_access
from helpers.models.pooling import LEVELS, Pool
from helpers.models.precedents import OutsideView
from helpers.models.uncertainty import Estimated, Floats, over_replicates

TABLES = ("volume_assumptions", "volume_segments", "japan_market", "precedents", "programme_models", "vehicles", "road_widths")
T = TypeVar("T")


class Parameters(Protocol):
    """Whatever can hand over parameters by name, such as a scenario."""

    def of(self, inputs: type[T]) -> T:
        """The dataclass filled with the parameters its fields name."""
        ...


@dataclass(frozen=True)
class VolumeInputs:
    """What the volume itself depends on; the fit and the price of the cars have inputs of their own."""

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
    clearance_mm: int
    region: str


@dataclass(frozen=True)
class Evidence:
    """What the tables say, read once: per model its segment, cap and car; the precedents; the assumption rows."""

    assumptions: pd.DataFrame
    segments: pd.DataFrame
    programme: pd.DataFrame
    vehicles: pd.DataFrame
    road_widths: pd.DataFrame
    imported: Mapping[str, landed_cost.ImportedCar]
    caps: Mapping[str, float]
    precedents: pd.DataFrame
    outside: OutsideView


def evidence(tables: Mapping[str, pd.DataFrame]) -> Evidence:
    """Read the tables named in `TABLES`."""
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise InputError([Fault("tables", f"{name} is missing", f"load {', '.join(TABLES)}") for name in missing])
    programme = tables["programme_models"].set_index("model")
    cars = {car.model: car for car in landed_cost.imported_cars(tables["programme_models"], tables["vehicles"], programme.index)}
    rows = precedents.usable(tables["precedents"])
    return Evidence(
        assumptions=tables["volume_assumptions"],
        segments=segments(tables["volume_segments"], tables["japan_market"]),
        programme=programme,
        vehicles=tables["vehicles"].set_index("vehicle_id"),
        road_widths=tables["road_widths"],
        imported=cars,
        caps={name: demand.cap_units(tables["volume_assumptions"], name, car.length_mm, car.width_mm) for name, car in cars.items()},
        precedents=rows,
        outside=precedents.outside_view(rows),
    )


def segments(parts: pd.DataFrame, japan_market: pd.DataFrame) -> pd.DataFrame:
    """The parts of each model's segment with their yearly units: the table `volume_segments` joined to the counts it names."""
    counts = japan_market[["series", "period", "units"]]
    joined = parts.merge(counts, on=["series", "period"], how="left", validate="many_to_one")
    if joined["units"].isna().any():
        rows = joined[joined["units"].isna()]
        raise InputError([Fault("data/market/volume_segments.csv", f"no count of {row.series} for {row.period}") for row in rows.itertuples()])
    joined["units_a_year"] = joined["units"] * joined["times_a_year"]
    return joined


@dataclass(frozen=True)
class ImportVolume:
    """The estimate: cars as the demand model sees them, the simulation, and the pool of both views."""

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
        return demand.walk(self.market, self.simulation.cars, self.terms, self.inputs.draws, self.inputs.seed)

    def errors(self) -> dict[str, Estimated]:
        """Mean, median and probability by the simulation, and the pooled median, each with its Monte Carlo standard error."""
        total, parts = self.simulation.total, self.simulation.replicates()
        measures: dict[str, Callable[[Floats], float]] = {
            "mean": lambda units: float(units.mean()),
            "p50": lambda units: float(np.median(units)),
            "probability": lambda units: float((units >= self.threshold).mean()),
            "pooled_p50": lambda units: float(replace(self.pool, inside=np.sort(units)).quantiles([0.5])[0]),
        }
        return {name: Estimated(measure(total), over_replicates([measure(total[part]) for part in parts])) for name, measure in measures.items()}


def estimate(known: Evidence, scenario: Parameters, base: Parameters) -> ImportVolume:
    """The import volume under a scenario. `base` gives the prices at which the shares of the assumption table are meant."""
    inputs = scenario.of(VolumeInputs)
    chosen = [name for name in inputs.models if known.programme.at[name, "maker"] in inputs.makers]
    costs = scenario.of(landed_cost.LandedCostInputs)
    base_costs = base.of(landed_cost.LandedCostInputs)
    cars = [_car(known, name, inputs, costs, base_costs) for name in chosen]
    market = demand.market(known.assumptions, chosen, inputs.programme_year)
    terms = demand.Terms(inputs.lhd_demand_percent, inputs.price_elasticity, inputs.months_on_sale)
    simulation = demand.simulate(market, cars, terms, inputs.draws, inputs.seed)
    plan = inputs.programme_units * inputs.months_on_sale / 12
    return ImportVolume(inputs, market, terms, simulation, Pool.of(simulation.total, known.outside, plan, inputs.top_down_weight_percent))


def _car(known: Evidence, model: str, inputs: VolumeInputs, costs: landed_cost.LandedCostInputs, base: landed_cost.LandedCostInputs) -> demand.Car:
    imported, row = known.imported[model], known.programme.loc[model]
    sticker = landed_cost.price_walk(imported, costs).sticker_jpy
    at_base_rate = landed_cost.sticker_at_rate(imported, costs, base.jpy_per_usd)
    ratio = demand.price_ratio(landed_cost.price_walk(imported, base).sticker_jpy, at_base_rate, sticker, inputs.yen_pass_through_percent)
    parts = known.segments[known.segments["model"] == model]
    bands = road_access.road_bands(known.road_widths, inputs.region)
    fits = [_street_share(bands, imported.width_mm, float(known.vehicles["width_mm"][name]), inputs.clearance_mm) for name in parts["reference_vehicle_id"]]
    units = float(parts["units_a_year"].sum())
    share = float((parts["units_a_year"] * fits).sum() / units)
    return demand.Car(model, str(row["title"]), str(row["maker"]), model in inputs.right_hand_drive_models, units, share, ratio, known.caps[model])


def _street_share(bands: pd.DataFrame, width_mm: float, reference_mm: float, clearance_mm: float) -> float:
    own, other = (road_access.share_at_least(bands, road_access.alone_width_m(width, clearance_mm)).mid for width in (width_mm, reference_mm))
    return min(1.0, own / other) if other else 0.0


def headlines(known: Evidence, scenario: Parameters, base: Parameters) -> dict[str, float]:
    """The numbers of the volume that a sweep keeps, by result name."""
    found = estimate(known, scenario, base)
    names = [f"volume_p{round(100 * level):02d}_units" for level in LEVELS]
    return dict(zip(names, map(float, found.pool.quantiles()), strict=True)) | {
        "volume_probability_percent": 100 * found.probability,
        "volume_inside_p50_units": float(found.pool.inside_quantiles([0.5])[0]),
        "volume_inside_probability_percent": 100 * found.pool.inside_probability(found.threshold),
        "volume_outside_p50_units": float(found.pool.outside_quantiles([0.5])[0]),
        "volume_outside_probability_percent": 100 * found.pool.outside_probability(found.threshold),
    }
