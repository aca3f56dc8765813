"""The one form of a result, which leaves itself in the executed notebook that shows it."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from helpers.quantities import ASSUMPTION, Provenance, Quality, Quantity

MIME = "application/vnd.reverse-imports.result+json"


class Result(BaseModel):
    """One named number or word with all that is needed to quote it.

    subject: what the result is about where a name serves several, such as a model; else empty.
    text: the number as a reader reads it. known_until: last day for which the number is known, ISO,
    or empty.
    low, high: bounds of the interval, `interval` says which (such as "80 %").
    quality: "official", "reported" or "derived" where it rests on sourced values alone, by the
    weakest of them; "estimate" where somebody estimated it or a model that takes assumptions
    computed it; "unverified" where the number itself, or what it rests on directly such as a
    dimension, is assumed or has no source.
    sentence: one plain sentence with the number, for a reader who sees nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    subject: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    value: int | float | str
    text: str = ""
    unit: str
    quality: Quality
    source_ids: tuple[str, ...] = Field(min_length=1)
    sentence: str = Field(min_length=1)
    low: float | None = None
    high: float | None = None
    interval: str = ""
    known_until: str = ""

    @model_validator(mode="after")
    def _interval_is_whole(self) -> "Result":
        if (self.low is None) != (self.high is None) or (self.low is not None) != bool(
            self.interval
        ):
            raise ValueError("low, high and interval come together")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("low is above high")
        return self

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        named = f"{self.name}, {self.subject}" if self.subject else self.name
        return {
            MIME: self.model_dump(mode="json"),
            "text/plain": f"{named} = {self.value} {self.unit}".rstrip() + f" · {self.sentence}",
        }


def result(name: str, quantity: Quantity, sentence: str, subject: str = "") -> Result:
    """A quantity as the result of that name, one of `NAMES`. Raises ValueError for an unknown
    name.
    """
    shown = quantity.median() if isinstance(quantity.value, np.ndarray) else quantity
    low, high = shown.interval or (None, None)
    return Result(
        name=_listed(name),
        subject=subject,
        value=_rounded(_plain(shown.value)),
        text=shown.text,
        unit=shown.unit,
        sentence=sentence,
        quality=shown.quality,
        source_ids=shown.source_ids or (ASSUMPTION,),
        known_until=shown.known_until,
        low=_rounded(_plain(low)),
        high=_rounded(_plain(high)),
        interval=shown.interval_label if shown.interval else "",
    )


def word(
    name: str, value: str, sentence: str, rests_on: Quantity | Provenance, subject: str = ""
) -> Result:
    """A result that is a word, such as a verdict, and what it rests on. Raises ValueError for an
    unknown name.
    """
    return Result(
        name=_listed(name),
        subject=subject,
        value=value,
        text=value,
        unit="",
        sentence=sentence,
        quality=rests_on.quality,
        source_ids=rests_on.source_ids,
        known_until=rests_on.known_until,
    )


def _listed(name: str) -> str:
    if name not in NAMES:
        raise ValueError(f"result name {name} is not listed in helpers/results.py")
    return name


def _plain(number: Any) -> Any:
    return number.item() if hasattr(number, "item") else number


def _rounded(value: Any) -> Any:
    """Twelve significant digits: more are noise that differs between machines."""
    return float(f"{value:.12g}") if isinstance(value, float) and math.isfinite(value) else value


def collect(notebook: Mapping[str, Any]) -> list[Result]:
    """The results of an executed notebook, in order. Raises ValueError when one name comes
    twice.
    """
    outputs = [
        output
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
    ]
    bundles = [output.get("data", {}).get(MIME) for output in outputs]
    results = [
        Result.model_validate(json.loads(bundle) if isinstance(bundle, str) else bundle)
        for bundle in bundles
        if bundle
    ]
    names = [(result.name, result.subject) for result in results]
    if len(set(names)) < len(names):
        raise ValueError(
            "recorded more than once: "
            f"{sorted({' '.join(name).strip() for name in names if names.count(name) > 1})}"
        )
    return results


# Result name → what it is. Stable: other programs read results by these names.
NAMES: dict[str, str] = {
    # 00 Brief; its other results carry the names of the notebooks they come from
    "headlines_hold_percent": (
        "share of headline statements and scenarios in which the statement stays true"
    ),
    # 01 Trade imbalance
    "gap_units": "vehicles from Japan to the US less cars from the US to Japan",
    "units_ratio": "vehicles from Japan for one car from the US",
    "gap_value_usd_mn": "value of the car trade gap",
    "cover_percent": "US car exports to Japan as percent of US car imports from Japan",
    "grubel_lloyd": "index of two-way trade in cars, 0 one way only, 1 balanced",
    "car_share_of_deficit_percent": "car trade gap as percent of the US goods deficit with Japan",
    "units_change_2025_percent": "change of vehicles shipped from Japan to the US, 2024 to 2025",
    "value_change_2025_percent": "change of their export value in yen, 2024 to 2025",
    "mirror_unexplained_percent": (
        "US customs value of 2024 against Japan's exports after every step of the ladder"
    ),
    "mirror_cif_unexplained_percent": (
        "US CIF value of 2024 against customs value plus the assumed freight and insurance"
    ),
    "duty_on_date_percent": "US duty on a Japanese passenger car on the day asked for",
    "duty_collected_percent": (
        "duty collected on vehicles and parts from Japan as percent of customs value"
    ),
    "full_absorption_cut_percent": (
        "change of the export price that keeps the landed price, baseline duty to duty now"
    ),
    "full_absorption_cut_counterfactual_percent": "the same to the duty that would apply otherwise",
    "measured_absorption_percent": (
        "part of full absorption that the export-price index shows for June 2025"
    ),
    "export_price_latest_percent": (
        "change of the export price of cars to North America on the year before, newest month"
    ),
    "declared_unit_value_percent": (
        "change of declared dollars per vehicle on the year before, April to September 2025"
    ),
    "duty_absorbed_percent": (
        "part of the change of duty that exporters in Japan absorb, by the model of the US car "
        "market, in logarithms"
    ),
    "landed_price_change_percent": (
        "change of the landed price of a Japanese car under the duty now, by the same model"
    ),
    "japan_quantity_percent": (
        "change of US imports of Japanese cars if only Japan pays the duty now"
    ),
    "japan_quantity_counterfactual_percent": (
        "change of US imports of Japanese cars if only Japan paid the other duty"
    ),
    "duty_revenue_usd_mn": "yearly duty on cars from Japan with price and demand responding",
    "duty_saving_static_usd_mn": (
        "yearly duty saved by the duty now against the one otherwise, nothing responding"
    ),
    "duty_saving_usd_mn": "the same with price and demand responding",
    "us_buyers_usd_mn": "yearly gain of US buyers of all cars under the duty now, negative: loss",
    "us_makers_usd_mn": "the same of makers of US-built cars",
    "us_treasury_usd_mn": "the same of the US Treasury",
    "us_net_usd_mn": "the same of the United States as a whole",
    "japan_exporters_usd_mn": "the same of exporters in Japan",
    "programme_share_of_japan_units_percent": (
        "programme as percent of vehicles from Japan to the US"
    ),
    "programme_flow_multiple": (
        "flow of US-built cars to Japan with the programme, times the flow without"
    ),
    "programme_value_usd_mn": "yearly gross value of the programme",
    "programme_value_jpy_bn": "the same in yen at the exchange rate of the scenario",
    "programme_share_of_flow_percent": (
        "gross value of the programme as percent of the value of cars from Japan"
    ),
    "programme_share_of_gap_percent": (
        "gross value of the programme as percent of the car trade gap"
    ),
    "programme_share_of_deficit_percent": (
        "gross value of the programme as percent of the US goods deficit with Japan"
    ),
    "units_to_be_visible": (
        "cars a year at which the gross value reaches the share of the goods deficit called "
        "negligible"
    ),
    "programme_us_value_added_usd_mn": "yearly value added in the US by the programme",
    "programme_share_of_value_added_percent": (
        "the same as percent of the gap in what each side adds itself"
    ),
    "programme_net_usd_mn": (
        "yearly change of the car trade gap net of Japanese parts and backfill, positive when "
        "it shrinks"
    ),
    "programme_net_low_usd_mn": "the same at the unfavourable end of every assumed range",
    "likely_share_of_gap_percent": (
        "gross value of the cars as percent of the car gap, at the pooled distribution of volumes"
    ),
    "likely_share_of_deficit_percent": "the same as percent of the US goods deficit with Japan",
    "likely_net_usd_mn": "change of the gap net of parts and backfill, at the same distribution",
    "units_to_close_gross": "cars a year that close the share of the gap asked for, by gross value",
    "units_to_close_net": (
        "cars a year that close that share net of Japanese parts and backfill, or that no "
        "number of cars does"
    ),
    # 02 Import volume
    "volume_p50_units": (
        "US-built cars sold in Japan in the year looked at, median of both views, with 80 % "
        "interval"
    ),
    "volume_probability_percent": (
        "probability that the threshold volume is reached, both views mixed, with its range over "
        "choices of method"
    ),
    "volume_inside_p50_units": "the median by the model-by-model estimate alone",
    "volume_inside_probability_percent": (
        "probability of the threshold by the model-by-model estimate alone"
    ),
    "volume_outside_p50_units": (
        "the median by the precedents alone, the reported volume read as a plan"
    ),
    "volume_outside_probability_percent": "probability of the threshold by the precedents alone",
    "volume_largest_driver": (
        "group of inputs that carries most of the spread of the model-by-model estimate"
    ),
    "volume_if_all_come_p50_units": "the model-by-model median if every chosen model comes",
    "volume_weak_yen_change_percent": (
        "change of the model-by-model median when the yen weakens by ten percent"
    ),
    "rhd_added_units": (
        "cars a year that right-hand drive adds, all chosen models without it together"
    ),
    "rhd_perfect_information_usd_mn": (
        "worth of knowing the demand exactly before tooling for right-hand drive"
    ),
    "rhd_net_gain_usd_mn": "expected gain of tooling the models for which it pays",
    # 03 Vehicle fit
    "models_that_fit": (
        "chosen models usable without care in the stall and the street of the scenario"
    ),
    "models_no_larger_than_a_car_on_sale": (
        "chosen models no longer and no wider than some car on sale in Japan"
    ),
    "legal_width_mm": (
        "widest vehicle that the legal reference admits in the street of the scenario, two-way"
    ),
    "models_on_low_roof_pallet": (
        "chosen models that fit a low-roof pallet by length, width and height"
    ),
    "models_rounding_the_corner": (
        "chosen models that round the corner of the scenario in one move over the whole band of "
        "unsourced dimensions"
    ),
    "models_reversing_in_one_move": (
        "chosen models that reverse into the stall from the aisle of the scenario in one move, "
        "over the whole band"
    ),
    "width_over_mirrors_mm": "width over the mirrors of the widest chosen model",
    "sight_shift_mm": (
        "how far the driver of the worst placed chosen model moves to the right to see past the "
        "car ahead"
    ),
    "road_share_alone_percent": (
        "share of the region's road length that a chosen model can drive alone, bounds by the bands"
    ),
    "road_share_meeting_percent": (
        "share of the region's road length wide enough for a chosen model to meet a small car"
    ),
    "stall_share_percent": (
        "share of the stalls of new large buildings that a chosen model can stand in, at least"
    ),
    "fit_verdict": (
        "one word for a chosen model in the stall and street of the scenario: usable, with care, "
        "no; not computed where its size has no source"
    ),
    "flip_distance_mm": (
        "by how much all sizes of stall and street must change for another word on a chosen model; "
        "positive: more room for a better word, negative: less for a worse one, the nearer of both"
    ),
    "corner_width_m": (
        "narrowest square corner that a chosen model rounds in one move, with the band of "
        "unsourced dimensions"
    ),
    # 04 Landed cost
    "sticker_jpy": (
        "Japanese sticker of a US-built car that covers its cost, by model: the leading one and "
        "the chosen ones with a sourced list price"
    ),
    "lowest_sticker_jpy": "lowest sticker among the chosen models with a sourced list price",
    "highest_sticker_jpy": "highest sticker among the chosen models with a sourced list price",
    "weak_yen_units_change_percent": (
        "change of the leading model's units when the yen weakens by ten percent"
    ),
    "asked_sticker_jpy": (
        "sticker of the leading model after the assumed pass-through of the exchange rate"
    ),
    "matching_rate_jpy_per_usd": (
        "exchange rate at which the leading model costs what the Japan-built rival with the newest "
        "price costs"
    ),
    "goods_plate_even_trips": (
        "example trips a year whose dearer toll uses up what a goods plate saves in tax"
    ),
    "goods_plate_extra_inspections": (
        "inspections more with a goods plate over the years the car is kept"
    ),
    "weak_yen_hedged_cost_change_percent": (
        "change of the leading model's yen cost for a yen weaker by ten percent, Japanese parts "
        "paid in yen"
    ),
    "weak_yen_unrecovered_jpy": (
        "cost per car that the maker does not get back when the yen weakens by ten percent"
    ),
    "yen_claim_verdict": (
        "verdict on the claim that a weak yen makes US production more competitive"
    ),
    "programme_cost_usd_mn": "yearly cost of the programme, one-off cost spread over the horizon",
    "programme_cost_per_car_usd": "the same per programme car",
    "duty_difference_usd_mn": (
        "duty that the low rate saves on the maker's cars in a year, quantities responding"
    ),
    "maker_stake_usd_mn": "what the maker would lose in a year by the other duty",
    "likely_cost_per_car_usd": (
        "the same cost per car at the pooled distribution of volumes, all makers that ship"
    ),
    "likely_break_even_probability_percent": (
        "least rise in probability at that distribution, the maker's part"
    ),
    "break_even_probability_percent": (
        "least rise in the probability of keeping the low duty that pays for the maker's part of "
        "the programme, against the maker's stake"
    ),
    "industry_break_even_probability_percent": (
        "the same for the whole programme, against the stake of all exporters"
    ),
    # 05 Claim audit
    "claims_contradicted": "claims of the articles that evidence contradicts",
    "claims_supported": "claims that are supported",
    "claims_mostly_supported": (
        "claims whose core holds while the wording does not, or that rest on too few origins"
    ),
    "forecasts_settled": (
        "forecasts that are met, partly met or missed on the day of today's verdicts"
    ),
    "contradicted_by_article": "contradicted claims by article, in words",
    "facts_that_count": "facts that count under the settings of the audit",
    "verdicts_changed_later": (
        "claims whose verdict differs between publication and the day of today's verdicts"
    ),
    "contradictions_shown": (
        "noted contradictions between or within the articles that the verdicts show"
    ),
    "claims_that_flip": "claims whose label changes under at least one other setting",
    "audit_share_of_flow_percent": (
        "programme cars as a share of the vehicles traded between both countries"
    ),
    "audit_share_of_deficit_percent": (
        "value of the programme cars as a share of the US goods deficit with Japan"
    ),
    "exports_overstated_percent": "how far the stated vehicle exports to the US lie above the fact",
    "exports_beyond_tolerance_percent": (
        "points by which that number lies beyond the plain tolerance"
    ),
    "exports_value_beyond_tolerance_percent": (
        "points by which the stated value of these exports lies beyond the tolerance for "
        "definitions, negative inside it"
    ),
    "plural_origins_missing": "independent origins missing behind plurals such as analysts",
    "refuting_origins_missing": (
        "refuting origins missing for a contradiction where some refute and some hold in part"
    ),
}

LONGEST_LABEL = 24

# Result name → the head of its column where headlines stand side by side: the results of the brief
# and the first of each notebook.
LABELS: dict[str, str] = {
    "headlines_hold_percent": "Statements that hold",
    "gap_units": "Car trade gap",
    "units_ratio": "Cars out for each back",
    "gap_value_usd_mn": "Car trade gap in value",
    "programme_share_of_gap_percent": "Share of the car gap",
    "units_to_close_net": "Cars to close the gap",
    "volume_p50_units": "Median volume",
    "volume_probability_percent": "Chance of the volume",
    "volume_if_all_come_p50_units": "Median if all come",
    "models_that_fit": "Usable without care",
    "models_no_larger_than_a_car_on_sale": "No larger than one sold",
    "legal_width_mm": "Legal width",
    "sticker_jpy": "Price in Japan",
    "weak_yen_units_change_percent": "Sales if the yen weakens",
    "break_even_probability_percent": "Extra certainty needed",
    "likely_break_even_probability_percent": "Certainty, likely size",
    "likely_cost_per_car_usd": "Cost a car, likely size",
    "claims_contradicted": "Claims contradicted",
    "claims_supported": "Claims supported",
    "claims_mostly_supported": "Claims mostly supported",
    "facts_that_count": "Facts that count",
}
