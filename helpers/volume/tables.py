"""Tables and recorded results of the import volume."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.inputs import Floats
from helpers.show import numbers
from helpers.uncertainty import Estimated
from helpers.volume import demand
from helpers.volume import findings as words
from helpers.volume.adoption import (
    Adoption,
    combinations,
    enumerated_total,
    simulated_total,
    weighted_quantiles,
)
from helpers.volume.drive_side import Decision
from helpers.volume.estimate import Evidence, ImportVolume
from helpers.volume.forecast_scores import QUANTILE_COLUMNS
from helpers.volume.pooling import geometric_mean_of_odds
from helpers.volume.precedents import leave_one_out, outside_view

Record = dict[str, Any]
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
SERIES_NAMES = {
    "model_crown_series": "Toyota Crown series",
    "model_harrier": "Toyota Harrier",
    "model_land_cruiser_series": "Toyota Land Cruiser series",
    "model_hilux_monthly_average": "Toyota Hilux, monthly average",
    "imports_foreign_brand_price_4m_to_10m": "foreign-brand cars of ¥4 m to ¥10 m",
    "brand_jeep": "Jeep",
}
DECISION_MONEY = (
    "Net gain",
    "Perfect information",
    "Perfect information, normal approximation",
    "Value of a survey",
)
_UNIT_NAMES = {"RT43 a year": "reference cars a year"}
_DISTRIBUTION_NAMES = {"pert": "PERT"}
# Counts the threshold is set against: series and period of japan_market, and what it is.
_SCALE = (
    ("customs_vehicles_from_us", "2024", "cars from the United States, some used"),
    ("imports_japanese_brand", "2025", "reverse imports from all countries"),
    ("imports_foreign_brand", "2025", "imports of foreign brands"),
    ("brand_jeep", "2024", "Jeep, US-built with right-hand drive"),
    ("model_camry", "FY2022", "Camry, last full year in Japan"),
    ("market_standard_excl_kei", "2025", "market without kei cars"),
)


def named_volumes(estimates: pd.DataFrame) -> pd.DataFrame:
    """Who named which volume, when; the suite's own working assumptions left out. `estimates` is
    the table `import_estimates`.
    """
    rows = estimates[estimates["kind"] != "assumption"]
    shown = rows[["who", "stated_on", "scope", "units_per_year", "quality", "source_ids"]].copy()
    shown.columns = pd.Index(["Who", "Stated", "Scope", "Cars a year", "Quality", "Sources"])
    return shown


def scale_checks(japan_market: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The threshold over counts of the Japanese market: columns key, count, period, units,
    threshold_ratio, quality, source_ids.
    """
    rows = []
    for series, period, label in _SCALE:
        row = japan_market[
            (japan_market["series"] == series) & (japan_market["period"] == period)
        ].to_dict("records")[0]
        rows.append(
            (
                series,
                label,
                period,
                row["units"],
                threshold / row["units"],
                row["quality"],
                row["source_ids"],
            )
        )
    return pd.DataFrame(
        rows,
        columns=["key", "count", "period", "units", "threshold_ratio", "quality", "source_ids"],
    )


def scale(checks: pd.DataFrame) -> pd.DataFrame:
    """The same with headers."""
    shown = checks.drop(columns="key")
    shown.columns = pd.Index(["Count", "Period", "Cars", "Threshold over it", "Quality", "Sources"])
    return shown


def assumptions(known: Evidence, found: ImportVolume) -> pd.DataFrame:
    """The uncertain inputs that this estimate uses, with the reason for each."""
    titles = {"all": "all", **{car.model: car.title for car in found.simulation.cars}}
    rows = known.assumptions[known.assumptions["model"].isin(titles)]
    used = ~rows["factor"].str.startswith(("ramp_year_", "adoption_", "survey_")) | (
        rows["factor"] == f"ramp_year_{found.inputs.programme_year}_percent"
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
    return shown


def segments(known: Evidence, found: ImportVolume) -> pd.DataFrame:
    """What each model's segment is counted from, the room for the car in it, and the price against
    the base price.
    """
    cars = {car.model: car for car in found.simulation.cars}
    rows = known.segments[known.segments["model"].isin(cars)]
    own = [cars[model] for model in rows["model"]]
    return pd.DataFrame(
        {
            "Model": [car.title for car in own],
            "Counted": [SERIES_NAMES.get(name, name.replace("_", " ")) for name in rows["series"]],
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


def by_maker(adoption: Adoption, units: Mapping[str, Floats]) -> pd.DataFrame:
    """Each maker's probability of shipping, overall and by trade pressure, and its simulated cars
    if it ships.
    """
    rows = []
    for place, maker in enumerate(adoption.makers):
        low, middle, high = np.quantile(units[maker], [0.1, 0.5, 0.9])
        chances = [
            100 * part[place]
            for part in (adoption.overall, adoption.under_high, adoption.under_low)
        ]
        rows.append((maker, *chances, low, middle, high))
    columns = ["Maker", "Ships", "Ships, high pressure", "Ships, low pressure", "P10", "P50", "P90"]
    return pd.DataFrame(rows, columns=columns)


def dropped_precedents(known: Evidence, found: ImportVolume) -> pd.DataFrame:
    """Median ratio and probability by the precedents when each is left out in turn; first row: none
    left out.
    """
    ratio = found.threshold / found.pool.plan_units if found.pool.plan_units else float("inf")
    view = outside_view(known.precedents)
    whole = pd.DataFrame(
        [("none", np.nan, float(view.quantiles([0.5])[0]), view.probability_of_reaching(ratio))]
    )
    left = leave_one_out(known.precedents, ratio)
    whole.columns = left.columns
    shown = pd.concat([whole, left], ignore_index=True)
    shown["probability"] *= 100
    shown.columns = pd.Index(["Left out", "Its ratio", "Median ratio", "Probability"])
    return shown


def years(frame: pd.DataFrame) -> pd.DataFrame:
    """The volume by year of the programme with headers; `frame` as `volume_drivers.by_year` gives
    it.
    """
    return frame.rename(
        columns={"year": "Year of the programme", "p10": "P10", "p50": "P50", "p90": "P90"}
    )


def views(found: ImportVolume) -> pd.DataFrame:
    """Quantiles and probability of both views, their mixture and the other rule of pooling."""
    pool, asked = found.pool, found.threshold
    inside, outside = pool.inside_probability(asked), pool.outside_probability(asked)
    rows = [
        ("model by model", *pool.inside_quantiles([0.1, 0.5, 0.9]), 100 * inside),
        ("precedents", *pool.outside_quantiles([0.1, 0.5, 0.9]), 100 * outside),
        ("both, mixed", *pool.quantiles([0.1, 0.5, 0.9]), 100 * found.probability),
    ]
    other_rule = geometric_mean_of_odds(
        pool.inside_probability_within_draws(asked), outside, pool.outside_share
    )
    rows.append(
        (
            "both, geometric mean of odds (no draw counts as half a one)",
            np.nan,
            np.nan,
            np.nan,
            100 * other_rule,
        )
    )
    return pd.DataFrame(rows, columns=["View", "P10", "P50", "P90", "Probability"])


def decisions(found: Sequence[Decision]) -> pd.DataFrame:
    """Tooling for right-hand drive, model by model."""
    rows = [
        (
            one.title,
            float(one.more_units.mean()),
            one.break_even_units,
            one.net_usd_mn,
            one.perfect_usd_mn,
            one.perfect_normal_usd_mn,
            one.sample_usd_mn,
        )
        for one in found
    ]
    return pd.DataFrame(
        rows, columns=["Model", "Cars added", "Cars to break even", *DECISION_MONEY]
    )


def ledger(scores: pd.DataFrame) -> pd.DataFrame:
    """The ledger of forecasts as readers need it."""
    middle = [QUANTILE_COLUMNS[place] for place in (1, 3, 5)]
    shown = scores[
        [
            "made_on",
            "question",
            "view",
            *middle,
            "threshold_units",
            "probability_percent",
            "state",
            "crps_units",
            "log_score",
        ]
    ].copy()
    shown["view"] = shown["view"].str.replace("_", " ")
    shown.columns = pd.Index(
        [
            "Made",
            "Question",
            "View",
            "P10",
            "P50",
            "P90",
            "Threshold",
            "Probability",
            "State",
            "CRPS",
            "Log score",
        ]
    )
    return shown


def checks(
    found: ImportVolume,
    errors: Mapping[str, Estimated],
    adoption: Adoption,
    units: Mapping[str, Floats],
    shares: pd.DataFrame,
) -> pd.DataFrame:
    """Checks in words: check, computed, expected, holds."""
    mean, stepped = (
        float(found.simulation.total.mean()),
        float(found.walk()[demand.STEPS[-1]].sum()),
    )
    quantiles = found.pool.quantiles()
    middles = {maker: float(values.mean()) for maker, values in units.items()}
    values, weights = enumerated_total(adoption, middles)
    drawn = simulated_total(adoption, middles, 20_000, found.inputs.seed)
    drawn_error = float(drawn.std() / np.sqrt(len(drawn)))
    exact = float((values * weights).sum())
    effects = float(shares["shapley"].sum())
    reached = float(found.pool.distribution(quantiles[3]))
    chances = float(combinations(adoption)["probability"].sum())
    certain = found.simulation.total.std() == 0
    far = max(found.simulation.cars, key=lambda car: abs(np.log(car.price_ratio)))
    elasticity, share = (
        found.terms.price_elasticity,
        found.market.modes[demand.share_input(far.model)] / 100,
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
            words.spread(quantiles),
            "rising",
            bool((np.diff(quantiles) >= 0).all()),
        ),
        (
            "Half of the pooled distribution lies below its median",
            numbers.percent(100 * reached, 2),
            "50 %",
            abs(reached - 0.5) < 1e-3 + 1 / found.inputs.draws,
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
            numbers.percent(100 * errors["p50"].standard_error / max(errors["p50"].value, 1), 2),
            "under 1 %",
            errors["p50"].standard_error <= 0.01 * max(errors["p50"].value, 1),
        ),
    ]
    return pd.DataFrame(rows, columns=["Check", "Computed", "Expected", "Holds"])


def sources(known: Evidence, found: ImportVolume) -> list[str]:
    """Source ids the estimate rests on, assumptions last."""
    models = {car.model for car in found.simulation.cars}
    cells = [
        *known.segments.loc[known.segments["model"].isin(models), "source_ids"],
        *known.precedents.loc[known.precedents["used"], "source_ids"],
    ]
    return list(
        dict.fromkeys([*(part for cell in cells for part in cell.split(";")), "ASSUMPTION"])
    )


def all_sources(
    known: Evidence,
    found: ImportVolume,
    named: pd.DataFrame,
    japan_market: pd.DataFrame,
    drivers: pd.DataFrame,
) -> list[str]:
    """Ids of every source that a table or figure of the notebook names, those of the estimate
    first, assumptions last.

    named, japan_market, drivers: the tables `import_estimates`, `japan_market` and `adoption`.
    """
    makers = {car.maker for car in found.simulation.cars}
    shown = [
        *named_volumes(named)["Sources"],
        *scale_checks(japan_market, found.threshold)["source_ids"],
        *known.precedents["source_ids"],
        *drivers.loc[drivers["maker"].isin(makers), "source_ids"],
    ]
    every = [*sources(known, found)[:-1], *(part for cell in shown for part in cell.split(";"))]
    return [*(one for one in dict.fromkeys(every) if one != "ASSUMPTION"), "ASSUMPTION"]


def results(
    known: Evidence,
    found: ImportVolume,
    shares: pd.DataFrame,
    adoption: Adoption,
    units: Mapping[str, Floats],
    decided: Sequence[Decision],
    weaker_yen_percent: float,
) -> list[Record]:
    """What the notebook records: keyword arguments of `results.record`, all estimates on stated
    assumptions.
    """
    pool, year, cited = found.pool, "vehicles a year", sources(known, found)
    inside, outside = (
        pool.inside_probability(found.threshold),
        pool.outside_probability(found.threshold),
    )
    values, weights = enumerated_total(adoption, units)
    low, middle, high = (
        float(value) for value in weighted_quantiles(values, weights, [0.1, 0.5, 0.9])
    )
    added = float(sum(one.more_units.mean() for one in decided))
    asked = words.cars(found.threshold)
    inside_sentence = (
        f"Model by model, on assumed shares, {asked} or more "
        f"{words.simulated(inside, found.inputs.draws)}."
    )
    outside_sentence = (
        f"By the precedents, {asked} or more have a probability of "
        f"{numbers.probability(outside)} if {words.cars(pool.plan_units)} were a plan."
    )

    def one(
        name: str,
        value: float | str,
        unit: str,
        sentence: str,
        span: tuple[float, float] | None = None,
    ) -> Record:
        interval = (*span, "80 %") if span else None
        return {
            "name": name,
            "value": value,
            "unit": unit,
            "quality": "estimate",
            "source_ids": cited,
            "sentence": sentence,
            "interval": interval,
        }

    def ends(quantiles: Floats) -> tuple[float, float]:
        return float(quantiles[0]), float(quantiles[2])

    all_three = [
        pool.quantiles([0.1, 0.5, 0.9]),
        pool.inside_quantiles([0.1, 0.5, 0.9]),
        pool.outside_quantiles([0.1, 0.5, 0.9]),
    ]
    return [
        one(
            "volume_p50_units",
            float(all_three[0][1]),
            year,
            words.interval(found),
            ends(all_three[0]),
        ),
        one(
            "volume_probability_percent",
            100 * found.probability,
            "%",
            f"{words.headline(found)}, {words.ASSUMED}.",
        ),
        one(
            "volume_inside_p50_units",
            float(all_three[1][1]),
            year,
            words.model_by_model(found),
            ends(all_three[1]),
        ),
        one("volume_inside_probability_percent", 100 * inside, "%", inside_sentence),
        one(
            "volume_outside_p50_units",
            float(all_three[2][1]),
            year,
            words.by_precedents(found),
            ends(all_three[2]),
        ),
        one("volume_outside_probability_percent", 100 * outside, "%", outside_sentence),
        one(
            "volume_largest_driver",
            str(shares["driver"].iloc[0]),
            "group of inputs",
            words.largest_driver(shares),
        ),
        one(
            "volume_weak_yen_change_percent",
            weaker_yen_percent,
            "%",
            words.weaker_yen(weaker_yen_percent),
        ),
        one(
            "volume_adoption_p50_units",
            middle,
            year,
            words.followers(adoption, units, found.threshold),
            (low, high),
        ),
        one("rhd_added_units", added, year, words.decision(decided)),
        one(
            "rhd_perfect_information_usd_mn",
            float(sum(item.perfect_usd_mn for item in decided)),
            "USD million",
            words.decision(decided),
        ),
        one(
            "rhd_net_gain_usd_mn",
            float(sum(max(item.net_usd_mn, 0.0) for item in decided)),
            "USD million",
            words.decision(decided),
        ),
    ]
