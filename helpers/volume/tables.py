"""Tables of the import volume."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.periods import read_period
from helpers.quantities import ASSUMPTION
from helpers.show import Table
from helpers.volume import demand, findings
from helpers.volume.choices import LABELS
from helpers.volume.decision import Decision
from helpers.volume.demand import Offer, share_input
from helpers.volume.ledger import QUANTILE_COLUMNS
from helpers.volume.part import VolumePart
from helpers.volume.pooling import Pool

CLASS_NAMES = {
    "us_maker_us_built": "US makers, US-built",
    "japanese_maker_us_built": "Japanese makers, US-built",
    "japanese_maker_other_origin": "Japanese makers, built elsewhere",
}
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
_SCALE = (
    ("customs_vehicles_from_us", "2024", "cars from the United States, some used"),
    ("imports_japanese_brand", "2025", "reverse imports from all countries"),
    ("imports_foreign_brand", "2025", "imports of foreign brands"),
    ("market_standard_excl_kei", "2025", "market without kei cars"),
)


_CHOICE_COLUMNS = ["about", "choice", "probability", "median"]
_STAGE_NAMES = dict(
    zip(
        demand.STAGES,
        (
            "cars of the segment",
            "would take it at the base price",
            "with this wheel",
            "with room for it",
            "at this price",
            "reached by the network",
            "in this year and its months",
            "as far as supply goes",
            "where the model comes at all",
        ),
        strict=True,
    )
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
    titles |= {maker.lower(): maker for maker in volume.market.makers}
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
    """What each model's segment is counted from, the room for the car in it, and the price against
    the base price.
    """
    cars = {car.model: car for car in volume.offers}
    rows = volume.segments[volume.segments["model"].isin(cars)]
    own = [cars[model] for model in rows["model"]]
    shown = pd.DataFrame(
        {
            "Model": [car.title for car in own],
            "Counted": (rows["series"].map(series_name) + ", " + rows["period"]).to_numpy(),
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
    """The uncertain inputs by name; `spread` has a row an input and three columns of quantiles.
    What decides a chance, and is no quantity, is left out.
    """
    titles = _input_names(volume)
    spread = spread[[name in titles for name in spread.index]]
    shown = spread.set_axis(list(_WHOLE), axis=1)
    shown.insert(0, "Input", [titles[str(name)] for name in spread.index])
    shown.insert(
        1,
        "Unit",
        [_input_unit(str(name)) for name in spread.index],
    )
    return Table("inputs", "Uncertain inputs as drawn", shown, decimals=dict.fromkeys(_WHOLE, 2))


def _input_names(volume: VolumePart) -> dict[str, str]:
    """Names of the inputs that are quantities."""
    market = volume.market
    names = {name: LABELS[name] for name in market.tables if name in LABELS}
    names |= {share_input(car.model): f"share of the {car.title}" for car in volume.offers}
    names |= {f"start_{maker}": f"start of sales of {maker}" for maker in market.makers}
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
    """Inputs before and after the observed months; `frame` as
    `updating.before_and_after` has it.
    """
    titles = _input_names(volume)
    columns = ["Input", *_WHOLE, *(f"{name}, after" for name in _WHOLE)]
    shown = frame.assign(input=[titles[name] for name in frame["input"]]).set_axis(columns, axis=1)
    shown.insert(1, "Unit", [_input_unit(name) for name in frame["input"]])
    decimals = dict.fromkeys(columns[1:], 2)
    return Table(
        "updated", "Inputs of the count before and after those months", shown, {}, decimals
    )


def first_months(tried: pd.DataFrame) -> Table:
    """What a first month of so many US-built cars of all makers would make of the answer."""
    shown = tried.set_axis(
        ["Cars in the month", "Probability", "Median", "Precedents weigh", "Effective draws"],
        axis=1,
    )
    shown["Probability"] *= 100
    shown["Precedents weigh"] *= 100
    percent = dict.fromkeys(("Probability", "Precedents weigh"), "%")
    caption = "What a first month of US-built cars would say"
    return Table("first_months", caption, shown, percent, {"Median": 0, "Effective draws": 0})


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


def walk(frame: pd.DataFrame) -> Table:
    """Mean cars left after each stage, a column a model; `frame` as `VolumePart.walk` gives it."""
    left = frame.set_index("title")[list(demand.STAGES)].T
    shown = left.assign(Together=left.sum(axis=1))
    shown.insert(0, "Step", [_STAGE_NAMES[stage] for stage in left.index])
    caption = "Mean cars a year left after each step"
    decimals = dict.fromkeys(shown.columns[1:], 0)
    return Table("walk", caption, shown.reset_index(drop=True), decimals=decimals)


def coming(volume: VolumePart, units: pd.DataFrame) -> Table:
    """Probability that each model comes, by maker and trade pressure, and its counted cars if it
    does. units: a column a model, by its title.
    """
    adoption = volume.adoption
    place = {maker: rank for rank, maker in enumerate(adoption.makers)}
    rows = []
    for car, drawn in zip(volume.offers, volume.coming, strict=True):
        rank, named = place[car.maker], adoption.models[car.model]
        chances = (adoption.overall[rank], adoption.under_high[rank], adoption.under_low[rank])
        low, middle, high = np.quantile(units[car.title], [0.1, 0.5, 0.9])
        rows.append(
            (
                car.title,
                car.maker,
                *(100 * chance for chance in (*chances, named, float(drawn.mean()))),
                *(low, middle, high),
            )
        )
    percent = ["Maker ships", "High pressure", "Low pressure", "Model named", "Comes"]
    shown = pd.DataFrame(rows, columns=["Model", "Maker", *percent, *_WHOLE])
    caption = "Which models come: the maker ships, the model is among its cars, and both"
    decimals = {**_WHOLE, **dict.fromkeys(percent, 0)}
    return Table("coming", caption, shown, dict.fromkeys(percent, "%"), decimals)


def choices(volume: VolumePart) -> Table:
    """Probability and median under every other choice of method, one at a time; first row: as
    chosen.
    """
    median = float(volume.pool.quantiles([0.5])[0])
    first = pd.DataFrame([("as chosen", "", volume.probability, median)], columns=_CHOICE_COLUMNS)
    shown = pd.concat([first, volume.choices], ignore_index=True)
    shown["probability"] *= 100
    shown.columns = pd.Index(["Choice about", "Choice", "Probability", "Median"])
    caption = "The answer under other choices of method, one at a time"
    decimals = {"Probability": 1, "Median": 0}
    return Table(
        "other_choices", caption, shown, {"Probability": "%", "Median": "cars a year"}, decimals
    )


def ratios(rows: pd.DataFrame) -> Table:
    """The precedents with what each counts for; `rows` as `precedents.usable` gives them."""
    shown = pd.DataFrame(
        {
            "Programme": rows["program"],
            "Class": rows["reference_class"].map(CLASS_NAMES),
            "Counted": rows["actual_measure"],
            "Over plan": rows["attainment_ratio"],
            "Weight": rows["weight"],
            "Note": rows["why_not"],
            "Sources": rows["source_ids"],
        }
    )
    caption = "What each precedent counts for"
    return Table("ratios", caption, shown, decimals={"Over plan": 2, "Weight": 2})


def tested(back_test: pd.DataFrame) -> Table:
    """Each precedent predicted from the others; `back_test` as the part gives it."""
    shown = pd.DataFrame(
        {
            "Left out": back_test["program"],
            "Its ratio": back_test["attainment_ratio"],
            **{level.upper(): back_test[level] for level in ("p10", "p50", "p90")},
            "In the interval": np.where(back_test["inside"], "yes", "no"),
            "CRPS": back_test["crps"],
        }
    )
    decimals = dict.fromkeys(("Its ratio", "P10", "P50", "P90", "CRPS"), 2)
    return Table("tested", "Each precedent predicted from the others", shown, {}, decimals)


def years(by_year: pd.DataFrame) -> Table:
    """The count by year of the programme and by calendar year; `by_year` as the part gives it."""
    shown = by_year.set_axis(["Year", *_WHOLE], axis=1)
    caption = "Cars in each full year of the programme and in calendar years, model by model"
    return Table("years", caption, shown, decimals=_WHOLE)


def views(pool: Pool, **others: Pool) -> Table:
    """Quantiles and probability of both views and of the pool; `others` by another rule, under
    their names.
    """
    asked, levels = pool.threshold, [0.1, 0.5, 0.9]
    pools = {"both together": pool} | {name.replace("_", " "): own for name, own in others.items()}
    rows = [
        ("model by model", *pool.inside.quantiles(levels), pool.inside.at_least(asked)),
        ("precedents", *pool.outside.quantiles(levels), pool.outside.at_least(asked)),
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
    """The forecasts on record with their questions and scores; `scores` as `ledger.scored` gives
    them.
    """
    columns = {
        "question": "Question",
        "made_on": "Made",
        "view": "View",
        "probability_percent": "Probability",
        "base_rate_percent": "Base rate",
        **dict(zip((QUANTILE_COLUMNS[rank] for rank in (1, 3, 5)), _WHOLE, strict=True)),
        "resolves_on": "Settled from",
        "state": "State",
        "brier": "Brier",
        "base_brier": "Brier, base rate",
        "log_score": "Log score",
        "quantile_score": "Quantile score",
    }
    shown = scores[list(columns)].rename(columns=columns)
    shown["View"] = shown["View"].str.replace("_", " ")
    percent = dict.fromkeys(("Probability", "Base rate"), "%")
    return Table("ledger", "Forecasts on record", shown.dropna(axis=1, how="all"), percent, _WHOLE)


def questions(asked: pd.DataFrame) -> Table:
    """What is asked and how it is settled."""
    columns = {
        "question": "Question",
        "settled_by": "Settled by",
        "fallback": "Else by",
        "ambiguous": "Void if",
        "resolves_on": "From",
        "base_rate_why": "Base rate from",
    }
    shown = asked.loc[asked["state"] != "void", list(columns)].rename(columns=columns)
    return Table("questions", "Questions that can be settled", shown.reset_index(drop=True))


def second_methods(volume: VolumePart) -> Table:
    """What must hold for any input, and numbers by a second method: check, computed, expected,
    holds.
    """
    total = volume.few.units.sum(axis=0)
    mean, stepped = float(total.mean()), float(volume.walk[demand.STAGES[-1]].sum())
    median, quantiles = volume.errors["p50"], volume.prior.quantiles()
    chance = volume.errors["pooled_probability"]
    exact = _exact_chance(volume)
    effects = float(volume.variance_shares["shapley"].sum())
    reached = float(volume.prior.distribution(quantiles[3]))
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
            "The threshold by precedents, drawn and by Student's distribution",
            numbers.percent(100 * volume.prior.outside.at_least(volume.threshold), 2),
            numbers.percent(100 * exact, 2),
            abs(volume.prior.outside.at_least(volume.threshold) - exact)
            <= 8 * chance.standard_error + 2e-3,
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


def _exact_chance(volume: VolumePart) -> float:
    """P(threshold or more) by the precedents, given the plan of each draw, by Student's t."""
    planned = volume.few.planned
    ratios = np.where(planned > 0, volume.threshold / np.where(planned > 0, planned, 1.0), np.inf)
    asked, times = np.unique(ratios.round(9), return_counts=True)
    below = volume.outside.distribution(asked.astype(float))
    return float(np.average(1 - below, weights=times))


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
