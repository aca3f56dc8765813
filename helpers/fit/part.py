"""The fit part of a study: which car can be used in which bay, street and place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.data import DATA, own_rows
from helpers.data.picking import source_tuple
from helpers.errors import Fault, InputError
from helpers.fit.access import (
    Access,
    LargeStalls,
    access,
    by_region,
    legal_carriageway_m,
    legal_width_mm,
    road_bands,
    room_beside,
)
from helpers.fit.cars import (
    SOURCED,
    TURNING_COLUMNS,
    Car,
    Dimension,
    band_of_shapes,
    enclosing,
    nearest,
    on_sale,
    read_cars,
)
from helpers.fit.limits import Need, margin_table, width_margins
from helpers.fit.sight import SightInputs, driver_and_mirrors
from helpers.fit.space import (
    AISLE,
    CORNER,
    DECIDING,
    STREET_ALONE,
    STREET_LEGAL,
    Allowances,
    Needs,
    Question,
    Sizes,
    aisle_need,
    corner_need,
    cut_need,
    limit_value,
    place_table,
    rests_on,
    space_needs,
    usable_count,
    verdict_table,
)
from helpers.fit.turning import Shape
from helpers.parts import Inputs, Part, worked_out
from helpers.quantities import ASSUMPTION

OWN = "own"
"""The role of a reader's own car."""
_SIZES_MM = ("length_mm", "width_mm", "height_mm")
_LARGE_STALLS = ("stall_ordinary_l", "stall_ordinary_w", "std_ord_large_share")


class FitPart(Part):
    """What notebook 03 works out."""

    def __init__(self, inputs: Inputs, base: "FitPart | None" = None):
        super().__init__(inputs)
        self.base = base or self

    @worked_out
    def vehicles(self) -> pd.DataFrame:
        """The table of vehicles and below it the reader's own cars, whose role is own."""
        table, rows = self.table("vehicles"), self.parameter("own_cars")
        if not rows:
            return table
        own = own_rows.own_cars(rows, DATA).reset_index(drop=True)
        blank = {"quality": "unverified", "source_ids": ASSUMPTION}
        own = own.assign(
            **{name: own[name].where(own[name] != "", word) for name, word in blank.items()},
            role=OWN,
            model=own["model"].where(own["model"] != "", own["vehicle_id"]),
        )
        return pd.concat([table, own], ignore_index=True)

    @worked_out
    def cars(self) -> list[Car]:
        """Every car of the table, in its order; dimensions without a source as bands."""
        return read_cars(
            self.vehicles,
            self.parameter("unsourced_band_percent"),
            self.parameter("turn_radius_change_percent"),
        )

    @property
    def car(self) -> Mapping[str, Car]:
        """The same by vehicle_id."""
        return {car.vehicle_id: car for car in self.cars}

    @worked_out
    def allowances(self) -> Allowances:
        """What a car needs beyond its body."""
        return Allowances(
            self.parameter("clearance_mm"),
            self.parameter("mirror_allowance_mm"),
            self.parameter("folded_mirrors_mm"),
            self.parameter("wheel_stop_gap_mm"),
            self.parameter("door_room_mm"),
            self.parameter("least_door_room_mm"),
            limit_value(self.table("constraints"), "rso_dv_small_width"),
        )

    @worked_out
    def sizes(self) -> Sizes:
        """The stall and the street of the scenario."""
        return self.of(Sizes)

    @worked_out
    def needs(self) -> dict[str, Needs]:
        """The space that each car needs to stand and to drive, in mm, by the step in force."""
        return space_needs(self.cars, self.allowances, self.step("required_space"))

    @worked_out
    def _plans(self) -> dict[str, list[Shape]]:
        return {car.vehicle_id: band_of_shapes(car) for car in self.cars}

    def _turning(self, measure: Callable[[list[Shape]], Need | str]) -> Needs:
        plans = self._plans
        return {
            car.vehicle_id: measure(plans[car.vehicle_id])
            if plans[car.vehicle_id]
            else f"{', '.join(car.missing(TURNING_COLUMNS))} missing"
            for car in self.cars
        }

    @worked_out
    def corner(self) -> Needs:
        """Narrowest square corner of each car in one move, in mm."""
        return self._turning(corner_need)

    @worked_out
    def aisle(self) -> Needs:
        """Narrowest aisle from which each car reverses into the stall in one move, in mm."""
        stall, neighbour = self.parameter("stall_width_mm"), self.parameter("neighbour_width_mm")
        return self._turning(lambda plans: aisle_need(plans, stall, neighbour))

    @worked_out
    def corner_cut(self) -> Needs:
        """Shortest base of a cut with which each car rounds the corner in one move, in mm."""
        lane = self.parameter("corner_lane_width_m")
        return self._turning(lambda plans: cut_need(plans, lane))

    @worked_out
    def questions(self) -> dict[str, Question]:
        """The sizes of the scenario, and what each car needs of them, by name."""
        columns = rests_on(self.step("required_space"), self.allowances)
        usable = self.sizes.usable_mm
        asked = [
            Question(name, usable[name], self.needs[name], columns[name], True) for name in DECIDING
        ]
        corner = 1000 * self.parameter("corner_lane_width_m")
        aisle = 1000 * self.parameter("aisle_width_m")
        asked += [
            Question(STREET_LEGAL, self.sizes.street_mm, self._legal, ("width_mm",), False),
            Question(CORNER, corner, self.corner, TURNING_COLUMNS, False),
            Question(AISLE, aisle, self.aisle, TURNING_COLUMNS, False),
        ]
        return {question.name: question for question in asked}

    @property
    def _legal(self) -> Needs:
        widths = {car.vehicle_id: car.dimensions.get("width_mm") for car in self.cars}
        return {
            vehicle_id: "width_mm missing"
            if width is None
            else Need(
                *(1000 * legal_carriageway_m(end) for end in (width.value, width.low, width.high))
            )
            for vehicle_id, width in widths.items()
        }

    @worked_out
    def places(self) -> pd.DataFrame:
        """Every car against the places of the scenario; see `place_table`."""
        return place_table(self.cars, self.questions.values(), self.parameter("tolerance_mm"))

    @worked_out
    def every_verdict(self) -> pd.DataFrame:
        """One word for each car of the table; see `verdict_table`."""
        return verdict_table(self.places, self.parameter("tolerance_mm"))

    @worked_out
    def otherwise(self) -> pd.DataFrame:
        """The dimensions of cars shown that are published otherwise: columns vehicle_id, dimension,
        value_mm, source_ids, and verdict (that of the car with this value).
        """
        table, tolerance = self.table("other_values"), self.parameter("tolerance_mm")
        table = table[table["vehicle_id"].isin(self.titles)].reset_index(drop=True)
        words = []
        for row in table.to_dict("records"):
            car, value = self.car[row["vehicle_id"]], float(row["value_mm"])
            size = {row["dimension"]: Dimension(value, value, value, SOURCED)}
            cars = [replace(car, dimensions={**car.dimensions, **size})]
            needs = space_needs(cars, self.allowances, self.step("required_space"))
            asked = [
                replace(question, needs=needs[name])
                for name, question in self.questions.items()
                if question.decides
            ]
            words += [*verdict_table(place_table(cars, asked, tolerance), tolerance)["verdict"]]
        columns = ["vehicle_id", "dimension", "value_mm", "source_ids"]
        return table[columns].assign(verdict=pd.Series(words, dtype="str"))

    @worked_out
    def verdicts(self) -> pd.DataFrame:
        """One word for each chosen model: columns model, title, and those of `verdict_table`."""
        return self._programme.merge(self.every_verdict, on="vehicle_id", validate="one_to_one")

    @property
    def titles(self) -> dict[str, str]:
        """The cars shown by vehicle_id."""
        return dict(zip(self.shown["vehicle_id"], self.shown["title"], strict=True))

    @property
    def counts(self) -> tuple[int, int]:
        """How many chosen models are usable, and of how many with sourced length and width."""
        return usable_count(self.verdicts)

    @property
    def _programme(self) -> pd.DataFrame:
        """The chosen models: columns model, title, vehicle_id."""
        rows = self.table("programme_models").set_index("model")
        chosen, known = self.parameter("models"), {car.vehicle_id for car in self.cars}
        faults = [] if chosen else [Fault("models", "no model is named")]
        faults += [
            Fault("models", f"{model} is not in programme_models")
            for model in chosen
            if model not in rows.index
        ]
        named = rows.loc[[model for model in chosen if model in rows.index], "vehicle_id"]
        faults += [
            Fault("programme_models", f"{model} stands for vehicle {vehicle_id}, not in vehicles")
            for model, vehicle_id in named.items()
            if vehicle_id not in known
        ]
        if faults:
            raise InputError(faults)
        return rows.loc[list(chosen), ["title", "vehicle_id"]].reset_index()

    @property
    def _others(self) -> pd.DataFrame:
        """The other cars to be shown: columns model (the vehicle_id), title, vehicle_id."""
        chosen = list(self.parameter("cars")) + [
            row["vehicle_id"] for row in self.parameter("own_cars")
        ]
        chosen = [key for key in chosen if key not in set(self._programme["vehicle_id"])]
        titles = [self.car[key].name for key in chosen]
        return pd.DataFrame({"model": chosen, "title": titles, "vehicle_id": chosen}, dtype="str")

    @worked_out
    def shown(self) -> pd.DataFrame:
        """What matters of each car shown, a row a car: the chosen models, then the cars that the
        reader names or gives.

        Columns: model (of others the vehicle_id), title, vehicle_id, programme (whether it is a
        chosen model), those of `verdict_table`, and length_mm, width_mm, height_mm (NaN when
        missing), corner_m, corner_low_m, corner_high_m (NaN when not computed), enclosed_by (the
        smallest car on sale in Japan that is at least as long and as wide, "" when there is none),
        nearest (the car on sale nearest in length and width), quality, source_ids, and those of
        `driver_and_mirrors`.
        """
        named = pd.concat(
            [self._programme.assign(programme=True), self._others.assign(programme=False)],
            ignore_index=True,
        )
        table = named.merge(self.every_verdict, on="vehicle_id", validate="one_to_one")
        sold, setting = on_sale(self.cars), self.of(SightInputs)
        right = self.parameter("right_hand_drive_models")
        allowance = self.parameter("mirror_allowance_mm")
        rows: list[dict[str, Any]] = []
        for model, vehicle_id in zip(table["model"], table["vehicle_id"], strict=True):
            car, corner = self.car[vehicle_id], self.corner[vehicle_id]
            ends = (corner.value, corner.low, corner.high) if isinstance(corner, Need) else ()
            metres = [end / 1000 for end in ends] or [float("nan")] * 3
            row = dict(zip(("corner_m", "corner_low_m", "corner_high_m"), metres, strict=True))
            sizes = {column: car.value(column) or float("nan") for column in _SIZES_MM}
            others = [other for other in sold if other is not car]
            about = {"enclosed_by": enclosing(car, others), "nearest": nearest(car, others)}
            known = {"quality": car.quality, "source_ids": car.source_ids}
            on_the_right = model in right or car.sides == ("RHD",)
            driver = driver_and_mirrors(car, on_the_right, allowance, setting)
            rows.append(row | sizes | about | known | driver)
        return table.join(pd.DataFrame(rows, index=table.index))

    @property
    def models(self) -> pd.DataFrame:
        """The chosen models of `shown`."""
        return self.shown[self.shown["programme"]].drop(columns="programme")

    @property
    def rows(self) -> list[Any]:
        """The cars shown, values by attribute."""
        return list(self.shown.itertuples())

    def limit(self, constraint_id: str) -> float:
        """The number of one limit of the table."""
        return limit_value(self.table("constraints"), constraint_id)

    @property
    def legal_width_mm(self) -> float:
        """Widest vehicle that the legal reference admits in the scenario's street."""
        return legal_width_mm(self.sizes.street_mm / 1000)

    @property
    def _followed(self) -> dict[str, float]:
        """What the scenario says of that which limits follow; of pallets it says nothing."""
        return {
            "carriageway_m": self.sizes.street_mm / 1000,
            "parking_space_length_mm": float(self.sizes.stall_length_mm),
            "parking_space_width_mm": float(self.sizes.stall_width_mm),
        }

    @worked_out
    def margins(self) -> pd.DataFrame:
        """Every car against every limit of the table; see `margin_table`."""
        computed = {"aisle_width": self.aisle, "corner_cut_base": self.corner_cut}
        tolerance = self.parameter("tolerance_mm")
        return margin_table(
            self.cars, self.table("constraints"), self._followed, computed, tolerance
        )

    @worked_out
    def widths(self) -> pd.DataFrame:
        """Every car against every limit on width, mirrors out or not; see `width_margins`."""
        return width_margins(
            self.cars,
            self.table("constraints"),
            self._followed,
            self.parameter("mirror_allowance_mm"),
            self.parameter("tolerance_mm"),
        )

    @worked_out
    def bands(self) -> pd.DataFrame:
        """The width bands of the region's roads; see `road_bands`."""
        return road_bands(self.roads, self.region)

    @property
    def region(self) -> str:
        """The place whose roads are used: the reader's own where there is one."""
        return str(self.parameter("own_place").get("name") or self.parameter("region"))

    @worked_out
    def roads(self) -> pd.DataFrame:
        """The table of road widths and the reader's own place."""
        table, place = self.table("road_widths"), self.parameter("own_place")
        return pd.concat([table, own_rows.own_roads(place)], ignore_index=True) if place else table

    @worked_out
    def usable(self) -> dict[str, Access]:
        """What each car can use of the region's roads and of obligatory stalls, by vehicle_id."""
        large = LargeStalls(*map(self.limit, _LARGE_STALLS))
        needs, sizes, tolerance = self.needs, self.sizes, self.parameter("tolerance_mm")
        bands = self.bands.to_dict("list")
        return {
            car.vehicle_id: access(
                {name: needs[name][car.vehicle_id] for name in DECIDING},
                tuple(car.missing(("length_mm", "width_mm"))),
                bands,
                sizes,
                large,
                tolerance,
            )
            for car in self.cars
        }

    @worked_out
    def regions(self) -> pd.DataFrame:
        """What the first car shown can use of the roads of every region; see `by_region`."""
        needs = {name: need[self.rows[0].vehicle_id] for name, need in self.needs.items()}
        return by_region(needs, self.roads, self.parameter("street_edge_m"))

    def room_sources(self, vehicle_ids: Iterable[str]) -> tuple[str, ...]:
        """What the room for these cars rests on: their sizes, the region's roads, large stalls."""
        roads, limits = self.roads, self.table("constraints")
        stalls = limits.loc[limits["constraint_id"].isin(_LARGE_STALLS), "source_ids"]
        cars = (source for key in vehicle_ids for source in self.car[key].source_ids)
        return source_tuple(
            [*cars, *roads.loc[roads["scope"] == self.region, "source_ids"], *stalls]
        )

    def room_beside(self, vehicle_id: str, reference_id: str) -> float:
        """Part of the buyers of a segment with room for a car, 0 to 1; see `access.room_beside`.

        reference_id: the segment's car, for which its buyers have room as the base scenario has it.
        """
        street, usable = self.questions[STREET_ALONE], self.usable[vehicle_id]
        need = street.needs[vehicle_id]
        passes = isinstance(need, Need) and need.value <= street.available_mm
        return room_beside(usable, self.base.usable[reference_id], passes)
