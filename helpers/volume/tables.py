"""Tables of the import volume: what comes out, model by model, by precedents, and by both."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers import numbers
from helpers.show.table import Table, listed
from helpers.volume import demand, findings
from helpers.volume.decision import Decision
from helpers.volume.demand import Offer
from helpers.volume.input_tables import WHOLE
from helpers.volume.ledger import QUANTILE_COLUMNS
from helpers.volume.part import VolumePart
from helpers.volume.pooling import Pool
from helpers.volume.precedents import CLASS_NAMES

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
    decimals = {"Median": 0, "Effective draws": 0}
    return Table("first_months", caption, shown, percent, decimals, estimated=decimals)


def by_name(name: str, caption: str, values: Mapping[str, float], heads: tuple[str, str]) -> Table:
    """Numbers by what they belong to, in two columns."""
    return Table(name, caption, pd.DataFrame(values.items(), columns=heads))


def one_model(car: Offer, left: "pd.Series[float]") -> Table:
    """Mean cars a year left of a model's segment after each step."""
    shown = pd.DataFrame({"Step": left.index, "Cars a year": left.to_numpy()})
    segment = pd.DataFrame({"Step": ["segment"], "Cars a year": [car.segment_units]})
    caption = f"From the segment of the {car.title} to its buyers, mean over the draws"
    shown = pd.concat([segment, shown], ignore_index=True)
    decimals = {"Cars a year": 0}
    return Table("one_model", caption, shown, decimals=decimals, estimated=decimals)


def by_model(spread: pd.DataFrame) -> Table:
    """Counted cars by model; `spread` has a row a model and three columns of quantiles."""
    shown = spread.set_axis(list(WHOLE), axis=1)
    shown.insert(0, "Model", spread.index)
    caption = "Cars in the year looked at, model by model"
    return Table("by_model", caption, shown, decimals=WHOLE, estimated=WHOLE)


def walk(frame: pd.DataFrame) -> Table:
    """Mean cars left after each stage, a column a model; `frame` as `VolumePart.walk` gives it."""
    left = frame.set_index("title")[list(demand.STAGES)].T
    shown = left.assign(Together=left.sum(axis=1))
    shown.insert(0, "Step", [_STAGE_NAMES[stage] for stage in left.index])
    caption = "Mean cars a year left after each step"
    decimals = dict.fromkeys(shown.columns[1:], 0)
    shown = shown.reset_index(drop=True)
    return Table("walk", caption, shown, decimals=decimals, estimated=decimals)


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
    shown = pd.DataFrame(rows, columns=["Model", "Maker", *percent, *WHOLE])
    caption = "Which models come: the maker ships, the model is among its cars, and both"
    decimals = {**WHOLE, **dict.fromkeys(percent, 0)}
    return Table("coming", caption, shown, dict.fromkeys(percent, "%"), decimals, estimated=WHOLE)


def choices(volume: VolumePart) -> Table:
    """Probability and median under every other choice of method; first row: as chosen."""
    median = float(volume.pool.quantiles([0.5])[0])
    first = pd.DataFrame([("as chosen", "", volume.probability, median)], columns=_CHOICE_COLUMNS)
    shown = pd.concat([first, volume.choices], ignore_index=True)
    shown["probability"] *= 100
    shown.columns = pd.Index(["Choice about", "Choice", "Probability", "Median"])
    caption = "The answer under other choices of method, one at a time"
    units, decimals = {"Probability": "%", "Median": "cars a year"}, {"Probability": 1, "Median": 0}
    return Table("other_choices", caption, shown, units, decimals, estimated=("Median",))


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
            "Sources": listed(rows["source_ids"]),
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
    shown = by_year.set_axis(["Year", *WHOLE], axis=1)
    caption = "Cars in each full year of the programme and in calendar years, model by model"
    return Table("years", caption, shown, decimals=WHOLE, estimated=WHOLE)


def views(pool: Pool, **others: Pool) -> Table:
    """Quantiles and probability of both views and the pool; `others` by another rule."""
    asked, levels = pool.threshold, [0.1, 0.5, 0.9]
    pools = {"both together": pool} | {
        name.replace("_", " "): other for name, other in others.items()
    }
    rows = [
        ("model by model", *pool.inside.quantiles(levels), pool.inside.at_least(asked)),
        ("precedents", *pool.outside.quantiles(levels), pool.outside.at_least(asked)),
        *((name, *pooled.quantiles(levels), pooled.probability) for name, pooled in pools.items()),
    ]
    shown = pd.DataFrame(rows, columns=["View", *WHOLE, "Probability"])
    shown["Probability"] *= 100
    name = "other_views" if others else "views"
    caption = "Both views, and two rules of putting them together" if others else "Both views"
    decimals = {**WHOLE, "Probability": 1}
    return Table(name, caption, shown, {"Probability": "%"}, decimals, estimated=WHOLE)


def tooling(decisions: Sequence[Decision]) -> Table:
    """Tooling for right-hand drive, model by model."""
    rows = [
        (
            decision.title,
            float(decision.more_units.mean()),
            decision.break_even_units,
            decision.net_usd_mn,
            decision.perfect_usd_mn,
            decision.perfect_normal_usd_mn,
            decision.sample_usd_mn,
        )
        for decision in decisions
    ]
    return Table(
        "decisions",
        "Tooling for right-hand drive, model by model, over the horizon",
        pd.DataFrame(rows, columns=["Model", "Cars added", "Cars to break even", *_MONEY]),
        dict.fromkeys(_MONEY, "USD m"),
        {"Cars added": 0, "Cars to break even": 0, **dict.fromkeys(_MONEY, 2)},
        estimated=("Cars added", "Cars to break even"),
    )


def ledger(scores: pd.DataFrame) -> Table:
    """The forecasts on record with questions and scores, of `ledger.scored`."""
    columns = {
        "question": "Question",
        "made_on": "Made",
        "view": "View",
        "probability_percent": "Probability",
        "base_rate_percent": "Base rate",
        **dict(zip((QUANTILE_COLUMNS[rank] for rank in (1, 3, 5)), WHOLE, strict=True)),
        "resolves_on": "Settled from",
        "state": "State",
        "brier": "Brier",
        "base_brier": "Brier, base rate",
        "log_score": "Log score",
        "quantile_score": "Quantile score",
    }
    shown = scores[list(columns)].rename(columns=columns)
    shown["View"] = shown["View"].str.replace("_", " ")
    for column in ("Made", "Settled from"):
        shown[column] = shown[column].map(numbers.day)
    percent = dict.fromkeys(("Probability", "Base rate"), "%")
    shown = shown.dropna(axis=1, how="all")
    quantiles = [name for name in WHOLE if name in shown.columns]
    decimals = dict.fromkeys(quantiles, 0)
    caption = "Forecasts on record; quantiles in cars, of a price in yen"
    return Table("ledger", caption, shown, percent, decimals, estimated=quantiles)


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
    shown["From"] = shown["From"].map(numbers.day)
    return Table("questions", "Questions that can be settled", shown.reset_index(drop=True))


def second_methods(volume: VolumePart) -> Table:
    """What must hold for any input, and numbers by a second method."""
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
        volume.distribution.modes[demand.share_input(far.model)] / 100,
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
