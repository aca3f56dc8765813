"""`Scenario`: every parameter of every notebook, declared once."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)

from helpers.data import DATA, own_rows
from helpers.scenarios import tables
from helpers.scenarios.assumptions import ENDS, Value, assumptions
from helpers.scenarios.tables import base_rate
from helpers.texts import nearest, read_day

NOTEBOOKS = (
    "00_brief",
    "01_trade_imbalance",
    "02_import_volume",
    "03_vehicle_fit",
    "04_landed_cost",
    "05_claim_audit",
)
T = TypeVar("T")


def _checked_date(text: str) -> str:
    read_day(text)
    return text


def _tuple_of_text(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _without_repeats(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) != len(value):
        raise ValueError("each entry may stand once")
    return value


def _cars(value: Any) -> Any:
    """Rows of one's own, checked as the table of vehicles is."""
    if not isinstance(value, list | tuple) or not all(type(row) is dict for row in value):
        raise ValueError("is no list of rows; write [{vehicle_id: my_car, length_mm: 4500}]")
    own_rows.own_cars(value, DATA)
    return tuple(value)


def _place(value: Any) -> Any:
    """Road widths of one's own place, checked."""
    if type(value) is not dict:
        raise ValueError("is no place; write {name: , width_basis: , bands: []}")
    own_rows.own_roads(value)
    return value


IsoDate = Annotated[str, AfterValidator(_checked_date)]
Names = Annotated[
    tuple[str, ...], BeforeValidator(_tuple_of_text), AfterValidator(_without_repeats)
]
Cars = Annotated[tuple[dict[str, Any], ...], BeforeValidator(_cars)]
Place = Annotated[dict[str, Any], BeforeValidator(_place)]


def _parameter(
    default: Any,
    unit: str,
    meaning: str,
    why: str,
    notebooks: str,
    ge: float | None = None,
    le: float | None = None,
    choices: tuple[str, ...] | Callable[[], tuple[str, ...]] = (),
) -> Any:
    """Declare a parameter. `notebooks` are the two-digit numbers, space separated, of the notebooks
    that take it. A default or choices that the tables give are functions, asked when needed.
    """
    numbers = notebooks.split()
    extra: Any = {
        "unit": unit,
        "why": why,
        "choices": choices if callable(choices) else lambda: choices,
        "notebooks": [name for name in NOTEBOOKS if name[:2] in numbers],
    }
    given: Any = {"default_factory": default} if callable(default) else {"default": default}
    return Field(**given, ge=ge, le=le, description=meaning, json_schema_extra=extra)


class Scenario(BaseModel):
    """A full set of assumptions. Frozen; refuses unknown names, types, values out of range."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    # One parameter a few lines, as a table.
    # fmt: off

    # The programme and the trade it is set against
    programme_units: int = _parameter(20_000, "vehicles a year",
        "US-built cars brought to Japan in a year",
        "BENZ25: one analyst's remark, the only volume anyone has named", "00 01 02 04 05", 1,
        500_000)
    unit_value_usd: float = _parameter(40_000.0, "USD per car", "customs value of one US-built car",
        "assumption between the derived 29,168 and 65,563 (MOFFY24-YOMI); no declared value of "
        "these models exists", "00 01 05", 1_000, 300_000)
    trade_year: int = _parameter(tables.newest_two_way_year, "year",
        "calendar year of the trade flows",
        "newest year in the table with both directions in units and value", "00 01 04", 2022,
        tables.newest_flow_year())
    flow_basis: str = _parameter("official", "",
        "official: customs and industry counts; as_reported: the figures the articles print",
        "official figures come first", "00 01 04", choices=("official", "as_reported"))
    goods_deficit_vintage: str = _parameter(tables.newest_vintage, "",
        "publication of the US goods deficit that is used",
        "CENSUS-C5880: newest revision in the table", "01", choices=tables.vintages)
    close_share_percent: float = _parameter(10.0, "%", "share of the car trade gap to be closed",
        "assumption: a round share, to be changed by the reader", "00 01", 0.1, 100)
    japanese_parts_share_percent: float = _parameter(15.0, "%",
        "Japanese parts in the value of a US-built car",
        "assumption: content labels lump the US and Canada and give no Japanese share", "00 01 04",
        0, 100)
    backfill_share_percent: float = _parameter(0.0, "%",
        "exported cars replaced in the US by cars built in Japan",
        "assumption: spare US capacity is not sourced", "00 01", 0, 100)
    us_share_of_other_content_percent: float = _parameter(65.0, "%",
        "US part of the content that is not Japanese",
        "assumption: a 2018 label put 45 % of one such car outside the US and Canada; 15 of "
        "it Japanese leaves 55 of 85", "01", 0, 100)
    japan_domestic_content_percent: float = _parameter(80.0, "%",
        "Japanese part of the value of a car from Japan",
        "assumption: most of it; no figure for these cars was found", "01", 0, 100)
    parts_share_range_points: float = _parameter(10.0, "percentage points",
        "range of the Japanese parts share, each way",
        "assumption: a span of 5 to 25 % around the base share", "01", 0, 100)
    backfill_high_percent: float = _parameter(25.0, "%",
        "highest backfill in the range of the net effect",
        "assumption: one exported car in four replaced from Japan", "01", 0, 100)
    negligible_percent: float = _parameter(2.0, "%",
        "share of the goods deficit below which an effect is called negligible",
        "assumption: the bound the claim audit uses for the word", "01", 0, 100)

    # Tariffs
    tariff_date: IsoDate = _parameter("2025-12-19", "date",
        "day on which the tariff schedule is read", "S01: day of the first announcement",
        "01")
    baseline_duty_percent: float = _parameter(2.5, "%",
        "US duty on a Japanese car before April 2025", "CRS-IF10971: MFN rate", "00 01 04", 0, 100)
    us_duty_percent: float = _parameter(15.0, "%",
        "US duty on a Japanese car now, everything included",
        "FR17908: all-in rate since 2025-09-16", "00 01 04", 0, 200)
    counterfactual_duty_percent: float = _parameter(27.5, "%",
        "US duty on a Japanese car if the 2025 agreement lapsed",
        "PROC10908: 25 on top of the MFN rate of 2.5", "00 01 04", 0, 200)
    us_built_share_percent: float = _parameter(50.0, "%",
        "US-built cars in what US buyers spend on new cars",
        "WH-FS25: half of the 16 million bought in 2024, by number; taken as a share of value",
        "00 01 04", 5, 95)
    japan_supply_elasticity: float = _parameter(0.35, "",
        "supply of cars from Japan to the US: % quantity per % price",
        "assumption: makers then absorb about nine tenths of a duty, as the export-price index "
        "showed in 2025 (BOJ-CBT25); in 2018 prices of all goods did not fall (FGKK20)",
        "00 01 04", 0, 100)
    other_supply_elasticity: float = _parameter(5.0, "",
        "supply of US-built cars and of other countries' cars: % quantity per % price",
        "assumption: between the 2 and 10 of a worked example (MW-PE25)", "00 01 04", 0.1, 100)
    armington_elasticity: float = _parameter(4.0, "",
        "substitution between cars imported from different countries",
        "USTR-CALC: 4 chosen there; 2 in the long run and 3 to 4 in the studies it names",
        "00 01 04", 1.01, 20)
    home_substitution_elasticity: float = _parameter(2.5, "",
        "substitution between US-built and imported cars",
        "assumption: above half of that between countries, many makers build on both sides",
        "00 01 04", 1.01, 20)
    market_demand_elasticity: float = _parameter(-1.0, "",
        "total US car demand: % quantity per % price",
        "assumption, range -1.5 to -0.4; the review of it (V78) was not read in full", "00 01 04",
        -5, 0)
    cif_fob_margin_percent: float = _parameter(6.0, "%",
        "freight and insurance between FOB and CIF value",
        "assumption: all-goods average; no figure for cars", "01", 0, 30)

    # Exchange rate
    jpy_per_usd: float = _parameter(base_rate, "JPY per USD", "exchange rate of the scenario",
        "FX-FED: mean of the newest twelve months in the table", "00 01 02 04", 50, 400)

    # Volume
    makers: Names = _parameter(tables.announced_makers, "", "makers that take part",
        "S01, S68, S69: those that announced models", "00 02 04", choices=tables.makers)
    models: Names = _parameter(tables.announced_models, "", "models that are sold",
        "S01, S68, S69: the models that the makers named; S126, the one known sale notice, names "
        "two of three", "00 02 03 04", choices=tables.models)
    cars: Names = _parameter((), "",
        "further cars of the table, shown beside the models, by vehicle_id",
        "assumption: none unless named", "03", choices=tables.vehicles)
    own_cars: Cars = _parameter((), "",
        "cars of one's own, rows as helpers.fit.own.read_cars gives them",
        "assumption: none unless given", "03")
    right_hand_drive_models: Names = _parameter(tables.right_hand_drive_models, "",
        "models offered with right-hand drive",
        "F13: those that the US plant builds with it already", "00 02 03 04",
        choices=tables.models)
    lhd_demand_percent: float = _parameter(55.0, "%",
        "demand left when only left-hand drive is offered",
        "assumption: midpoint of 30 to 80; no measured effect exists", "00 02", 0, 100)
    price_elasticity: float = _parameter(-2.75, "", "demand for one model: % quantity per % price",
        "assumption: midpoint of -4 to -1.5; none measured for Japan", "00 02 04", -10, 0)
    yen_pass_through_percent: float = _parameter(75.0, "%",
        "part of a change in yen cost that reaches the sticker",
        "NBER-W32910: 75 % for imports not invoiced in yen, all goods; none for cars", "00 02 04",
        0, 100)
    months_on_sale: float = _parameter(12.0, "months", "months on sale in the year looked at",
        "assumption: a full year; 2026 itself is a part year", "00 02", 0.5, 12)
    programme_year: int = _parameter(2, "year", "year of the programme, 1 is the launch year",
        "assumption: after the launch, before fading", "00 02", 1, 3)
    sale_year: str = _parameter("programme", "",
        "period looked at: a programme year, or a calendar year with each maker's months",
        "assumption: the reported volume names no calendar year", "00 02",
        choices=("programme", "2026", "2027", "2028", "2029"))
    share_level_percent: float = _parameter(100.0, "%",
        "all shares of the segments against those of the table",
        "assumption: the shares of the table; they carry most of the spread", "00 02", 0, 300)
    threshold_units: int = _parameter(20_000, "vehicles a year",
        "volume whose probability is asked for", "BENZ25: the reported 20,000", "00 02", 1, 500_000)
    top_down_weight_percent: float = _parameter(50.0, "%",
        "weight of the precedents against the model-by-model estimate",
        "assumption: no evidence favours either", "00 02", 0, 100)
    trade_pressure_percent: float = _parameter(60.0, "%",
        "probability that US trade pressure on the makers stays high",
        "assumption: the duty on cars stands, its future is open", "02", 0, 100)
    rhd_tooling_usd_mn: float = _parameter(10.0, "USD million per model",
        "one-off cost of building a model with right-hand drive",
        "assumption: order of magnitude, 5 to 50; no published figure", "02", 0, 1_000)
    unit_margin_usd: float = _parameter(3_000.0, "USD per car",
        "what one more car earns before such one-off costs",
        "assumption: not published for single models", "02", 0, 50_000)
    draws: int = _parameter(16_384, "draws", "points of the simulation",
        "power of two, as Sobol points want; standard error is shown", "00 02", 256, 4_194_304)
    seed: int = _parameter(20_261_121, "", "seed of the simulation",
        "assumption: any number serves; fixed so that a rerun gives the same bytes", "00 02", 0,
        2**31 - 1)

    # Vehicle fit
    tolerance_mm: int = _parameter(50, "mm", "margin up to which a car is used with care",
        "assumption: about the 40 mm type-approval tolerance (F64)", "00 03", 0, 500)
    clearance_mm: int = _parameter(100, "mm",
        "free space wanted beside a moving car, beyond its mirrors",
        "assumption: at walking pace; with a mirror of 125 mm it comes to about the 250 mm beside "
        "the body of engineering yardsticks", "00 02 03", 0, 1_000)
    street_width_m: float = _parameter(5.0, "m", "surface width of the street",
        "assumption: inside the 4 to 6 m band that holds most residential streets (F100)",
        "00 02 03", 2, 20)
    street_edge_m: float = _parameter(1.0, "m",
        "part of the surface that gutters and poles take, both sides together",
        "F80: what the Vehicle Restriction Order takes off a street without sidewalk or marked "
        "shoulder", "00 02 03", 0, 5)
    corner_lane_width_m: float = _parameter(4.0, "m",
        "clear width of both arms of a right-angle corner",
        "F96: narrowest road a plot must front on", "03", 2, 20)
    aisle_width_m: float = _parameter(5.5, "m", "aisle in front of a parking stall",
        "assumption: figure quoted for two-way aisles, text of the order not seen", "03", 2, 20)
    stall_length_mm: int = _parameter(5_000, "mm", "length of the parking stall",
        "F65: standard parking ordinance", "00 02 03", 3_000, 15_000)
    stall_width_mm: int = _parameter(2_300, "mm", "width of the parking stall",
        "F65: standard parking ordinance", "00 02 03", 1_500, 5_000)
    turn_radius_change_percent: float = _parameter(0.0, "%",
        "change of every turning radius, to test unsourced radii", "assumption: none unless tested",
        "03", -20, 20)
    unsourced_band_percent: float = _parameter(5.0, "%",
        "band around every dimension of a car that has no source",
        "assumption: about the spread of the radii and tracks that have one", "03", 0, 20)
    neighbour_width_mm: int = _parameter(1_850, "mm", "width of the cars parked on either side",
        "assumption: about the width of a larger car sold in Japan", "00 02 03", 1_000, 2_500)
    mirror_allowance_mm: int = _parameter(250, "mm",
        "what both mirrors together add to the body's width",
        "assumption: 200 to 300; over the mirrors one car is published, 325 mm (F47)",
        "00 02 03", 0, 600)
    folded_mirrors_mm: int = _parameter(80, "mm",
        "what both mirrors together add to the body's width when folded",
        "assumption: between 0 and what they add when out; not found", "00 02 03", 0, 400)
    wheel_stop_gap_mm: int = _parameter(100, "mm",
        "length left behind a car that stands at the wheel stop",
        "assumption: stops stand so that long tails clear the wall", "00 03", 0, 2_000)
    door_room_mm: int = _parameter(550, "mm",
        "room wanted beside the car to open a door and get out",
        "assumption: middle of the 500 to 600 of design practice, one side", "00 03", 0, 1_500)
    least_door_room_mm: int = _parameter(400, "mm", "room without which nobody gets out",
        "assumption: a person of 250 mm through a door half open", "00 02 03", 0, 1_500)
    own_place: Place = _parameter({}, "",
        "a place of one's own instead of region, as helpers.fit.own.read_place gives it",
        "assumption: none unless given", "02 03")
    region: str = _parameter(lambda: next(iter(tables.regions()), ""), "",
        "place whose road widths are used", "F100: a dense ward with published bands",
        "00 02 03", choices=tables.regions)
    sight_distance_m: float = _parameter(100.0, "m",
        "distance a driver wants to see past the car ahead",
        "assumption: overtaking on a minor road", "03", 20, 500)
    lead_gap_m: float = _parameter(12.0, "m", "gap from the driver's eye to the car ahead",
        "assumption: close following in town", "03", 3, 19)
    lead_width_mm: int = _parameter(1_700, "mm", "width of the car ahead",
        "F95: small design car; 2300 stands for a lorry", "03", 1_000, 2_600)
    edge_distance_mm: int = _parameter(550, "mm", "road's left edge to the left side of both cars",
        "assumption: not found", "03", 0, 2_000)
    eye_offset_mm: int = _parameter(400, "mm", "driver's eye to the near side of the body",
        "assumption: not found", "03", 200, 700)
    oncoming_edge_mm: int = _parameter(4_200, "mm",
        "road's left edge to the near side of the oncoming car",
        "assumption: a car keeping to the far side of a road of two 3 m lanes", "03", 2_800, 10_000)

    # Landed cost and the political premium
    us_dealer_margin_percent: float = _parameter(8.0, "%",
        "US dealer margin taken off the list price",
        "assumption: likely value of 4 to 14; not found", "00 02 04", 0, 40)
    freight_usd_per_m3: float = _parameter(65.4, "USD per m3", "ocean freight",
        "V74: Wallenius Wilhelmsen average, third quarter of 2025", "00 02 04", 0, 500)
    insurance_percent: float = _parameter(0.5, "%", "cargo insurance on ex-works price and freight",
        "assumption: not found", "00 02 04", 0, 5)
    certification_cost_jpy_mn: float = _parameter(10.0, "JPY million per model",
        "one-off certification and modification work", "V16: tens of millions of yen, low reading",
        "00 02 04", 0, 5_000)
    certification_units: int = _parameter(3_000, "vehicles per model",
        "cars of one model that its certification work is spread over",
        "assumption: about 1,000 a year over three years", "00 02 04", 1, 1_000_000)
    modification_usd: float = _parameter(500.0, "USD per car", "changes to lamps, mirrors, labels",
        "assumption: not found", "00 02 04", 0, 30_000)
    rhd_conversion_usd: float = _parameter(1_500.0, "USD per car",
        "extra cost of right-hand drive at the plant",
        "assumption; conversion after sale costs far more (V77)", "00 02 04", 0, 50_000)
    inland_usd: float = _parameter(900.0, "USD per car", "inland legs, ports and preparation",
        "assumption: not found", "00 02 04", 0, 10_000)
    japan_dealer_margin_percent: float = _parameter(14.0, "%",
        "Japanese importer and dealer margin on cost", "assumption: midpoint of 8 to 20",
        "00 02 04", 0, 60)
    consumption_tax_percent: float = _parameter(10.0, "%", "Japanese consumption tax",
        "AVALARA-CT19: standard rate since October 2019", "00 02 04", 0, 40)
    japan_duty_percent: float = _parameter(0.0, "%", "Japanese duty on a US-built car",
        "GULF17: zero", "00 02 04", 0, 100)
    programme_fixed_cost_usd_mn: float = _parameter(150.0, "USD million",
        "one-off cost of the programme", "assumption: 50 to 400", "00 04", 0, 5_000)
    programme_annual_cost_usd_mn: float = _parameter(60.0, "USD million a year",
        "yearly cost of the programme beyond what buyers pay", "assumption: 0 to 200", "00 04", 0,
        5_000)
    horizon_years: int = _parameter(3, "years",
        "years the programme and the agreement are weighed over",
        "assumption: to the end of the presidential term", "00 02 04", 1, 20)
    discount_rate_percent: float = _parameter(8.0, "%", "discount rate",
        "assumption: usual hurdle rate of the industry", "00 04", 0, 50)
    keeping_years: int = _parameter(10, "years", "years a car is kept",
        "assumption: a round number, for counting inspections", "04", 1, 30)
    maker_export_units: int = _parameter(500_000, "vehicles a year",
        "cars that the leading maker ships from Japan to the US",
        "TOY-500K: rounded; 281,000 to 530,000 are also printed", "00 04", 1, 5_000_000)

    # Claim audit
    as_of_date: IsoDate = _parameter("2026-11-21", "date", "day of today's verdicts",
        "assumption: end of the search for evidence", "00 05")
    verdict_basis: str = _parameter("headline", "",
        "date of the verdict shown; headline: publication, forecasts today",
        "a report is judged by what could be known", "00 05",
        choices=("headline", "publication", "today"))
    plain_tolerance_percent: float = _parameter(2.5, "%",
        "deviation up to which a plain number is supported",
        "assumption: usual rounding of press figures", "00 05", 0, 50)
    definition_tolerance_percent: float = _parameter(5.0, "%", "the same where definitions differ",
        "assumption: FOB and CIF differ by about that", "00 05", 0, 50)
    contradiction_percent: float = _parameter(50.0, "%",
        "deviation beyond which a number is contradicted", "assumption", "00 05", 1, 1_000)
    bound_ratio: float = _parameter(1_000.0, "", "times a bound must be missed to be contradicted",
        "the bounds are the auditor's choice, so missing one is not enough", "00 05", 1, 1_000)
    lowest_source_tier: int = _parameter(5, "tier", "weakest source tier that counts, 1 is best",
        "assumption: all graded sources", "00 05", 1, 5)
    minimum_origins: int = _parameter(1, "origins",
        "independent origins that every fact under a verdict needs",
        "assumption: one source is enough, and is named", "00 05", 1, 10)
    count_unverified: bool = _parameter(False, "", "whether evidence without a source counts",
        "unverified values never reach a verdict by default", "05")
    plural_origins: int = _parameter(2, "origins",
        "independent origins that a plural such as 'analysts' needs",
        "assumption: the smallest plural", "00 05", 1, 10)
    partial_ratio: float = _parameter(3.0, "",
        "refuting against partial origins that make a claim contradicted", "assumption", "00 05",
        0.1, 100)

    # fmt: on

    @field_validator("*")
    @classmethod
    def _is_a_choice(cls, value: Any, info: ValidationInfo) -> Any:
        extra: Any = cls.model_fields[str(info.field_name)].json_schema_extra
        for entry in value if isinstance(value, tuple) else (value,):
            choices = extra["choices"]()
            if choices and entry not in choices:
                near = nearest(str(entry), choices)
                raise ValueError(
                    f"'{entry}' is not a choice" + (f"; did you mean {near}?" if near else "")
                )
        return value

    _rows: tuple[tuple[str, Value], ...] = PrivateAttr(default=())

    def of(self, inputs: type[T]) -> T:
        """The part of the scenario that a model asks for: a dataclass of parameter names."""
        return inputs(**{field.name: getattr(self, field.name) for field in fields(inputs)})  # type: ignore[arg-type]

    @property
    def rows(self) -> tuple[tuple[str, Value], ...]:
        """Rows of assumption tables that the scenario sets: name and value."""
        return self._rows

    def with_rows(self, rows: Mapping[str, Value]) -> "Scenario":
        """The same with these rows of assumption tables set, checked before."""
        other = self.model_copy()
        other._rows = tuple(sorted(rows.items()))
        return other

    def value(self, name: str) -> Any:
        """The value of a parameter or of a row that is set, as a file or notebook writes it."""
        if name in type(self).model_fields:
            return getattr(self, name)
        value = dict(self._rows)[name]
        return dict(zip(ENDS, value, strict=True)) if isinstance(value, tuple) else value

    def differing(self) -> dict[str, tuple[Any, Any]]:
        """Parameters and rows that differ from the base scenario: name → (value, base value)."""
        base = _base()
        return {
            name: (getattr(self, name), getattr(base, name))
            for name in type(self).model_fields
            if getattr(self, name) != getattr(base, name)
        } | {name: (self.value(name), assumptions()[name].likely) for name, _ in self._rows}


@cache
def _base() -> Scenario:
    return Scenario()
