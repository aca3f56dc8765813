"""Tables of the import volume."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.periods import read_period
from helpers.quantities import ASSUMPTION, Floats
from helpers.show import Table
from helpers.volume import demand, findings
from helpers.volume.adoption import Adoption, combinations, enumerated_total, simulated_total
from helpers.volume.decision import Decision
from helpers.volume.demand import Offer, share_input
from helpers.volume.drivers import LABELS
from helpers.volume.forecasts import QUANTILE_COLUMNS
from helpers.volume.part import VolumePart
from helpers.volume.pooling import Pool
from helpers.volume.precedents import leave_one_out

CLASS_NAMES = {
    "us_maker_us_built": "US makers, US-built",
    "japanese_maker_us_built": "Japanese makers, US-built",
    "japanese_maker_other_origin": "Japanese makers, built elsewhere",
}
FACTOR_NAMES = {
    "segment_level": "size of the segments in a year",
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
_SCALE = (
    ("customs_vehicles_from_us", "2024", "cars from the United States, some used"),
    ("imports_japanese_brand", "2025", "reverse imports from all countries"),
    ("imports_foreign_brand", "2025", "imports of foreign brands"),
    ("market_standard_excl_kei", "2025", "market without kei cars"),
)


_MONEY = (
    "Net gain",
    "Perfect information",
    "Perfect information, normal approximation",
    "Value of a survey",
)
_WHOLE = {"P10": 0, "P50": 0, "P90": 0}


def named_volumes(estimates: pd.DataFrame) -> Table:
    """Who named which volume, when; the suite's own working assumptions left out. `estimates` is
    the table `import_estimates`.
    """
    rows = estimates[estimates["kind"] != "assumption"]
    shown = rows[["who", "stated_on", "scope", "units_per_year", "quality", "source_ids"]].copy()
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
    counts = pd.DataFrame(_SCALE, columns=["series", "period", "count"])
    counts = pd.concat([counts.iloc[:-1], named, counts.iloc[-1:]])
    counts = counts.merge(japan_market, on=["series", "period"], how="left", validate="1:1")
    return counts.set_index("series")[["count", "period", "units", "quality", "source_ids"]]


def scale(counts: pd.DataFrame, ratios: "pd.Series[float]") -> Table:
    """These counts and the threshold over each."""
    shown = counts.assign(ratio=ratios).reset_index(drop=True)
    shown = shown[["count", "period", "units", "ratio", "quality", "source_ids"]]
    shown.columns = pd.Index(["Count", "Period", "Cars", "Threshold over it", "Quality", "Sources"])
    caption = "The volume asked for against counts of the Japanese market"
    return Table("scale", caption, shown, decimals={"Threshold over it": 3})


def assumptions(volume: VolumePart) -> Table:
    """The uncertain inputs that this estimate uses, with the reason for each."""
    titles = {"all": "all", **{car.model: car.title for car in volume.offers}}
    table = volume.table("volume_assumptions")
    rows = table[table["model"].isin(titles)]
    used = ~rows["factor"].str.startswith(("ramp_year_", "adoption_", "survey_")) | (
        rows["factor"] == f"ramp_year_{volume.parameter('programme_year')}_percent"
    )
    shown = rows.loc[
        used, ["factor", "model", "unit", "low", "mode", "high", "distribution", "why", "quality"]
    ].copy()
    shown["factor"] = [FACTOR_NAMES.get(name, name.replace("_", " ")) for name in shown["factor"]]
    shown["model"] = shown["model"].map(titles)
    shown = shown.replace({"unit": _UNIT_NAMES, "distribution": _DISTRIBUTION_NAMES})
    shown.columns = pd.Index(
        ["Factor", "Model", "Unit", "Low", "Mode", "High", "Distribution", "Why", "Quality"]
    )
    caption = "Assumptions of the count, model by model"
    return Table("assumptions", caption, shown, decimals={"Low": 2, "Mode": 2, "High": 2})


def segments(volume: VolumePart) -> Table:
    """What each model's segment is counted from, the room for the car in it, and the price against
    the base price.
    """
    cars = {car.model: car for car in volume.offers}
    rows = volume.segments[volume.segments["model"].isin(cars)]
    own = [cars[model] for model in rows["model"]]
    shown = pd.DataFrame(
        {
            "Model": [car.title for car in own],
            "Counted": rows["series"].map(series_name).to_numpy(),
            "Period": rows["period"].to_numpy(),
            "Cars a year": rows["units_a_year"].to_numpy(),
            "Room": [100 * car.fit_share for car in own],
            "Price over base": [100 * (car.price_ratio - 1) for car in own],
            "Wheel": ["right" if car.right_hand_drive else "left" for car in own],
            "Why": rows["note"].to_numpy(),
            "Quality": rows["quality"].to_numpy(),
            "Sources": rows["source_ids"].to_numpy(),
        }
    )
    units = {"Room": "% of buyers", "Price over base": "%"}
    return Table("segments", "Segments, room and price of the models", shown, units)


def inputs(volume: VolumePart, spread: pd.DataFrame) -> Table:
    """The uncertain inputs by name; `spread` has a row an input and three columns of quantiles."""
    titles = LABELS | {share_input(car.model): f"share of the {car.title}" for car in volume.offers}
    shown = spread.set_axis(list(_WHOLE), axis=1)
    shown.insert(0, "Input", [titles[str(name)] for name in spread.index])
    shown.insert(
        1,
        "Unit",
        [
            "%" if str(name).endswith("percent") or str(name).startswith("share_") else "ratio"
            for name in spread.index
        ],
    )
    return Table("inputs", "Uncertain inputs as drawn", shown, decimals=dict.fromkeys(_WHOLE, 2))


def one_model(car: Offer, left: "pd.Series[float]") -> Table:
    """Mean cars a year left of a model's segment after each step."""
    shown = pd.DataFrame({"Step": left.index, "Cars a year": left.to_numpy()})
    segment = pd.DataFrame({"Step": ["segment"], "Cars a year": [car.segment_units]})
    caption = f"From the segment of the {car.title} to its buyers, mean over the draws"
    shown = pd.concat([segment, shown], ignore_index=True)
    return Table("one_model", caption, shown, decimals={"Cars a year": 0})


def by_model(spread: pd.DataFrame) -> Table:
    """Counted cars by model; `spread` has a row a model and three columns of quantiles."""
    shown = spread.set_axis(list(_WHOLE), axis=1)
    shown.insert(0, "Model", spread.index)
    return Table("by_model", "Cars in the year looked at, model by model", shown, decimals=_WHOLE)


def makers(adoption: Adoption, units: Mapping[str, Floats]) -> Table:
    """Each maker's probability of shipping, overall and by trade pressure, and its simulated cars
    if it ships.
    """
    shown = pd.DataFrame(
        {
            "Maker": adoption.makers,
            "Ships": 100 * np.array(adoption.overall),
            "Ships, high pressure": 100 * np.array(adoption.under_high),
            "Ships, low pressure": 100 * np.array(adoption.under_low),
        }
    )
    for level in (10, 50, 90):
        shown[f"P{level}"] = [np.quantile(units[maker], level / 100) for maker in adoption.makers]
    caption = "Probability that each maker ships, and its cars if it does"
    percent = {name: "%" for name in shown.columns if name.startswith("Ships")}
    return Table("makers", caption, shown, percent, _WHOLE)


def dropped(volume: VolumePart) -> Table:
    """Median ratio and probability by the precedents when each is left out in turn; first row: none
    left out.
    """
    ratio = volume.threshold / volume.plan_units if volume.plan_units else float("inf")
    view = volume.outside
    left = leave_one_out(volume.precedents, ratio)
    whole = ("none", np.nan, float(view.quantiles([0.5])[0]), view.probability_of_reaching(ratio))
    shown = pd.concat([pd.DataFrame([whole], columns=left.columns), left], ignore_index=True)
    shown["probability"] *= 100
    shown.columns = pd.Index(["Left out", "Its ratio", "Median ratio", "Probability"])
    return Table(
        "dropped",
        "The precedents with each left out in turn",
        shown,
        {"Probability": "%"},
        {"Its ratio": 2, "Median ratio": 2},
    )


def years(by_year: pd.DataFrame) -> Table:
    """The count by year of the programme; `by_year` as the part gives it."""
    shown = by_year.set_axis(["Year of the programme", *_WHOLE], axis=1)
    return Table("years", "Cars in each full year, model by model", shown, decimals=_WHOLE)


def views(pool: Pool, **others: Pool) -> Table:
    """Quantiles and probability of both views and of the pool; `others` by another rule, under
    their names.
    """
    asked, levels = pool.threshold, [0.1, 0.5, 0.9]
    pools = {"both together": pool} | {name.replace("_", " "): own for name, own in others.items()}
    rows = [
        ("model by model", *pool.inside_quantiles(levels), pool.inside_probability(asked)),
        ("precedents", *pool.outside_quantiles(levels), pool.outside_probability(asked)),
        *((name, *own.quantiles(levels), own.probability) for name, own in pools.items()),
    ]
    shown = pd.DataFrame(rows, columns=["View", *_WHOLE, "Probability"])
    shown["Probability"] *= 100
    name = "other_views" if others else "views"
    caption = "Both views, and two rules of putting them together" if others else "Both views"
    return Table(name, caption, shown, {"Probability": "%"}, {**_WHOLE, "Probability": 2})


def tooling(decisions: Sequence[Decision]) -> Table:
    """Tooling for right-hand drive, model by model."""
    rows = [
        (
            own.title,
            float(own.more_units.mean()),
            own.break_even_units,
            own.net_usd_mn,
            own.perfect_usd_mn,
            own.perfect_normal_usd_mn,
            own.sample_usd_mn,
        )
        for own in decisions
    ]
    return Table(
        "decisions",
        "Tooling for right-hand drive, model by model, over the horizon",
        pd.DataFrame(rows, columns=["Model", "Cars added", "Cars to break even", *_MONEY]),
        dict.fromkeys(_MONEY, "USD m"),
        {"Cars added": 0, "Cars to break even": 0, **dict.fromkeys(_MONEY, 2)},
    )


def ledger(scores: pd.DataFrame) -> Table:
    """The ledger of forecasts as readers need it; `scores` as `forecasts.scored` gives it."""
    columns = {
        "made_on": "Made",
        "question": "Question",
        "view": "View",
        **dict(zip((QUANTILE_COLUMNS[rank] for rank in (1, 3, 5)), _WHOLE, strict=True)),
        "threshold_units": "Threshold",
        "probability_percent": "Probability",
        "state": "State",
        "crps_units": "CRPS",
        "log_score": "Log score",
    }
    shown = scores[list(columns)].rename(columns=columns)
    shown["View"] = shown["View"].str.replace("_", " ")
    return Table("ledger", "Ledger of forecasts", shown, {"Probability": "%"}, _WHOLE)


def second_methods(volume: VolumePart) -> Table:
    """What must hold for any input, and numbers by a second method: check, computed, expected,
    holds.
    """
    adoption, total = volume.adoption, volume.units.sum(axis=0)
    mean, stepped = float(total.mean()), float(volume.walk[demand.STAGES[-1]].sum())
    median = volume.errors["p50"]
    quantiles = volume.pool.quantiles()
    middles = {maker: float(cars.mean()) for maker, cars in volume.units_by_maker.items()}
    values, weights = enumerated_total(adoption, middles)
    drawn = simulated_total(adoption, middles, 20_000, volume.parameter("seed"))
    drawn_error = float(drawn.std() / np.sqrt(len(drawn)))
    exact = float((values * weights).sum())
    effects = float(volume.variance_shares["shapley"].sum())
    reached = float(volume.pool.distribution(quantiles[3]))
    chances = float(combinations(adoption)["probability"].sum())
    certain = total.std() == 0
    far = max(volume.offers, key=lambda car: abs(np.log(car.price_ratio)))
    elasticity, share = (
        volume.terms.price_elasticity,
        volume.market.modes[demand.share_input(far.model)] / 100,
    )
    constant, logit = (
        far.price_ratio**elasticity,
        demand.logit_response(share, elasticity, far.price_ratio),
    )
    rows = [
        (
            "Steps of the walk end at the simulated mean",
            numbers.plain(stepped, 1),
            numbers.plain(mean, 1),
            abs(stepped - mean) < 1e-6 * max(mean, 1),
        ),
        (
            "Quantiles rise",
            findings.spread(quantiles),
            "rising",
            bool((np.diff(quantiles) >= 0).all()),
        ),
        (
            "Half of the pooled distribution lies below its median",
            numbers.percent(100 * reached, 2),
            "50 %",
            abs(reached - 0.5) < 1e-3 + 1 / volume.parameter("draws"),
        ),
        (
            "Probabilities of all sets of makers add up",
            f"{chances:.6f}",
            "1",
            abs(chances - 1) < 1e-9,
        ),
        (
            "Expected total, enumerated and simulated",
            f"{numbers.plain(exact, 1)} and {numbers.plain(float(drawn.mean()), 1)}",
            f"within 4 standard errors of {drawn_error:.2f}",
            abs(exact - float(drawn.mean())) <= 4 * drawn_error + 1e-9 * exact,
        ),
        (
            "Shapley effects add to the whole spread",
            numbers.percent(effects, 2),
            "100 %",
            certain or abs(effects - 100) < 1e-6,
        ),
        (
            f"Two price responses agree within a tenth, {far.title} at "
            f"{numbers.plain(far.price_ratio, 3)} times its base price",
            f"{constant:.3f} constant elasticity",
            f"{logit:.3f} logit",
            abs(constant / logit - 1) <= 0.1,
        ),
        (
            "Monte Carlo error of the median is below 1 %",
            numbers.percent(100 * median.standard_error / max(median.value, 1), 2),
            "under 1 %",
            median.standard_error <= 0.01 * max(median.value, 1),
        ),
    ]
    shown = pd.DataFrame(rows, columns=["Check", "Computed", "Expected", "Holds"])
    return Table("second_methods", "What must hold for any input", shown)


def source_ids(volume: VolumePart) -> list[str]:
    """Ids of every source that a table or figure of the notebook names, those of the estimate
    first, assumptions last.
    """
    estimates, drivers = volume.table("import_estimates"), volume.table("adoption")
    cells = [
        *volume.provenance.source_ids,
        *estimates.loc[estimates["kind"] != "assumption", "source_ids"],
        *scale_counts(volume)["source_ids"],
        *volume.precedents["source_ids"],
        *drivers.loc[drivers["maker"].isin(volume.adoption.makers), "source_ids"],
    ]
    named = dict.fromkeys(source for cell in cells for source in cell.split(";"))
    return [*(source for source in named if source != ASSUMPTION), ASSUMPTION]
