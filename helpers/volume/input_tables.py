"""Tables of what the import volume rests on: named volumes, counts, assumptions, inputs."""

import pandas as pd

from helpers import numbers
from helpers.data.picking import source_tuple
from helpers.periods import read_period
from helpers.quantities import ASSUMPTION
from helpers.show.table import Table, listed
from helpers.volume import demand
from helpers.volume.choices import LABELS
from helpers.volume.demand import share_input
from helpers.volume.part import VolumePart
from helpers.volume.precedents import CLASS_NAMES

WHOLE = {"P10": 0, "P50": 0, "P90": 0}
FACTOR_NAMES = {
    "segment_level": "size of the segments in a year",
    "yen_level": "yen per dollar over the year against its rate",
    "price_level": "price asked against the price computed",
    "year_level": "chance of one year",
    "start_month": "start of sales",
    "comes_percent": "comes, if its maker ships",
    "measure_weight": "weight of a ratio among the precedents",
    "class_weight": "similarity of a class of precedents",
    "plan_reading": "plan over the reported volume",
    "month_noise_percent": "a month against a twelfth of its year",
    "other_passenger": "other imported passenger cars",
    "other_ordinary_cargo": "other imported ordinary cargo cars",
    "share_percent": "share of the segment",
    "price_elasticity": "price response",
    "lhd_demand_percent": "demand left with left-hand drive only",
    "fit_odds": "room for the car, odds against the share computed",
    "channel_percent": "buyers the sales network reaches",
    "ramp_year_1_percent": "first year against the second",
    "ramp_year_2_percent": "second year against itself",
    "ramp_year_3_percent": "third year against the second",
    "shipping_slots": "room on ships for one model, in reference cars (RT43)",
    "supply_units": "most that the plant can spare",
    "correlation_share_share": "shares move together",
    "correlation_share_fit": "shares and room move together",
    "correlation_channel_ramp": "sales network and year move together",
}
_AGGREGATES = {"imports_foreign_brand_price_4m_to_10m": "foreign-brand cars of ¥4 m to ¥10 m"}
_UNIT_NAMES = {"RT43 a year": "reference cars a year"}
_DISTRIBUTION_NAMES = {"pert": "PERT"}
# Counts the threshold is set against: series and period of japan_market, and what it is.
SCALE = (
    ("customs_vehicles_from_us", "2024", "cars from the United States, some used"),
    ("imports_japanese_brand", "2025", "reverse imports from all countries"),
    ("imports_foreign_brand", "2025", "imports of foreign brands"),
    ("market_standard_excl_kei", "2025", "market without kei cars"),
)


def named_volumes(estimates: pd.DataFrame) -> Table:
    """Who named which volume, when, of `import_estimates`; own assumptions left out."""
    rows = estimates[estimates["kind"] != "assumption"]
    shown = rows[["who", "stated_on", "scope", "units_per_year", "quality", "source_ids"]].copy()
    shown["stated_on"] = shown["stated_on"].map(numbers.day)
    shown["source_ids"] = listed(shown["source_ids"])
    shown.columns = pd.Index(["Who", "Stated", "Scope", "Cars a year", "Quality", "Sources"])
    return Table("named_volumes", "Who named which volume, and who named none", shown)


def series_name(series: str) -> str:
    """What a series of `japan_market` counts, as readers call it."""
    name = _AGGREGATES.get(series, series.partition("_")[2].title().replace("_", " "))
    return name.replace(" Monthly Average", ", monthly average").replace(" Series", " series")


def scale_counts(volume: VolumePart) -> pd.DataFrame:
    """Counts of the Japanese market that the threshold is set against, by series: columns count,
    period, units, quality, source_ids. A brand that a segment is counted from and the last year of
    a programme model are among them.
    """
    japan_market, segments = volume.table("japan_market"), volume.table("volume_segments")
    brands = segments.loc[segments["series"].str.startswith("brand_"), ["series", "period"]]
    sold = {f"model_{model}" for model in volume.table("programme_models")["model"]}
    whole = japan_market["period"].str.fullmatch(r"(FY)?\d{4}") & japan_market["series"].isin(sold)
    last = japan_market[whole].sort_values("period", key=lambda cells: cells.map(read_period))
    last = last.drop_duplicates("series", keep="last")[["series", "period"]]
    named = pd.concat([brands.drop_duplicates(), last])
    named["count"] = named["series"].map(series_name) + " in Japan"
    counts = pd.DataFrame(SCALE, columns=["series", "period", "count"])
    counts = pd.concat([counts.iloc[:-1], named, counts.iloc[-1:]])
    counts = counts.merge(japan_market, on=["series", "period"], how="left", validate="1:1")
    return counts.set_index("series")[["count", "period", "units", "quality", "source_ids"]]


def scale(counts: pd.DataFrame, ratios: "pd.Series[float]") -> Table:
    """These counts and the threshold over each."""
    sources = listed(counts["source_ids"])
    shown = counts.assign(ratio=ratios, source_ids=sources).reset_index(drop=True)
    shown = shown[["count", "period", "units", "ratio", "quality", "source_ids"]]
    shown.columns = pd.Index(["Count", "Period", "Cars", "Threshold over it", "Quality", "Sources"])
    caption = "The volume asked for against counts of the Japanese market"
    return Table("scale", caption, shown, decimals={"Threshold over it": 2})


def assumptions(volume: VolumePart) -> Table:
    """The uncertain inputs that this estimate uses, with the reason for each."""
    titles = {"all": "all", **{car.model: car.title for car in volume.offers}}
    titles |= {maker.lower(): maker for maker in volume.distribution.makers}
    titles |= {name: name for name in volume.weights.measure} | CLASS_NAMES
    table = volume.table("volume_assumptions")
    rows = table[table["model"].isin(titles)]
    used = ~rows["factor"].str.startswith(("adoption_", "survey_"))
    shown = rows.loc[
        used, ["factor", "model", "unit", "low", "mode", "high", "distribution", "why", "quality"]
    ].copy()
    shown["factor"] = [FACTOR_NAMES.get(name, name.replace("_", " ")) for name in shown["factor"]]
    shown["model"] = shown["model"].map(titles)
    shown = shown.replace({"unit": _UNIT_NAMES, "distribution": _DISTRIBUTION_NAMES})
    shown.columns = pd.Index(
        ["Factor", "Of", "Unit", "Low", "Mode", "High", "Distribution", "Why", "Quality"]
    )
    caption = "Assumptions of both views"
    return Table("assumptions", caption, shown, decimals={"Low": 2, "Mode": 2, "High": 2})


def segments(volume: VolumePart) -> Table:
    """What each model's segment is counted from, room in it, price against the base."""
    cars = {car.model: car for car in volume.offers}
    rows = volume.segments[volume.segments["model"].isin(cars)]
    offers = [cars[model] for model in rows["model"]]
    shown = pd.DataFrame(
        {
            "Model": [car.title for car in offers],
            "Counted": (
                rows["series"].map(series_name) + ", " + rows["period"].map(numbers.day)
            ).to_numpy(),
            "Cars a year": rows["units_a_year"].to_numpy(),
            "Room": [100 * car.fit_share for car in offers],
            "Price over base": [100 * (car.price_ratio - 1) for car in offers],
            "Wheel": ["right" if car.right_hand_drive else "left" for car in offers],
            "Why": rows["note"].to_numpy(),
            "Quality": rows["quality"].to_numpy(),
            "Sources": listed(rows["source_ids"]).to_numpy(),
        }
    )
    units = {"Room": "% of buyers", "Price over base": "%"}
    return Table(
        "segments",
        "Segments, room and price of the models",
        shown,
        units,
        {"Cars a year": 0, "Room": 0},
        estimated=("Cars a year",),
    )


def inputs(volume: VolumePart, spread: pd.DataFrame) -> Table:
    """The uncertain inputs by name; `spread` has a row an input and three columns of quantiles.
    What decides a chance, and is no quantity, is left out.
    """
    titles = _input_names(volume)
    spread = spread[[name in titles for name in spread.index]]
    shown = spread.set_axis(list(WHOLE), axis=1)
    shown.insert(0, "Input", [titles[str(name)] for name in spread.index])
    shown.insert(
        1,
        "Unit",
        [_input_unit(str(name)) for name in spread.index],
    )
    return Table("inputs", "Uncertain inputs as drawn", shown, decimals=dict.fromkeys(WHOLE, 2))


def _input_names(volume: VolumePart) -> dict[str, str]:
    """Names of the inputs that are quantities."""
    inputs = volume.distribution
    names = {name: LABELS[name] for name in inputs.tables if name in LABELS}
    names |= {share_input(car.model): f"share of the {car.title}" for car in volume.offers}
    names |= {f"start_{maker}": f"start of sales of {maker}" for maker in inputs.makers}
    ordinals = ("first", "second", "third")
    return names | {
        f"ramp_year_{year}_percent": f"{ordinals[year - 1]} year against the second"
        for year in demand.YEARS
    }


def _input_unit(name: str) -> str:
    if name.endswith("percent") or name.startswith("share_"):
        return "%"
    return "months after January 2026" if name.startswith("start_") else "ratio"


def updated(volume: VolumePart, frame: pd.DataFrame) -> Table:
    """Inputs before and after the observed months, of `updating.before_and_after`."""
    titles = _input_names(volume)
    columns = ["Input", *WHOLE, *(f"{name}, after" for name in WHOLE)]
    shown = frame.assign(input=[titles[name] for name in frame["input"]]).set_axis(columns, axis=1)
    shown.insert(1, "Unit", [_input_unit(name) for name in frame["input"]])
    decimals = dict.fromkeys(columns[1:], 2)
    return Table(
        "updated", "Inputs of the count before and after those months", shown, {}, decimals
    )


def source_ids(volume: VolumePart) -> list[str]:
    """Ids of every source of a table or figure, the estimate's first, assumptions last."""
    estimates, drivers = volume.table("import_estimates"), volume.table("adoption")
    cells = [
        *volume.provenance.source_ids,
        *estimates.loc[estimates["kind"] != "assumption", "source_ids"],
        *scale_counts(volume)["source_ids"],
        *volume.precedents["source_ids"],
        *drivers.loc[drivers["maker"].isin(volume.adoption.makers), "source_ids"],
    ]
    return [*(source for source in source_tuple(cells) if source != ASSUMPTION), ASSUMPTION]
