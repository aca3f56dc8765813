"""The headlines of the volume once more, from the tables by plain numpy, sharing no code with the
suite: other random numbers, other formulas for the distributions, Student's t drawn directly.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers import PROJECT_ROOT
from helpers.study import Study

MARKET = PROJECT_ROOT / "data" / "market"
DRAWS = 400_000
MAKERS = {
    "camry": "Toyota",
    "highlander": "Toyota",
    "tundra": "Toyota",
    "integra_type_s": "Honda",
    "passport": "Honda",
    "murano": "Nissan",
}


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(MARKET / f"{name}.csv", keep_default_na=True)


def pert(random: Any, row: Any, size: int) -> Any:
    """PERT by its beta distribution."""
    low, mode, high = row["low"], row["mode"], row["high"]
    first, second = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    return low + (high - low) * random.beta(first, second, size)


def lognormal(random: Any, row: Any, size: int) -> Any:
    middle = np.sqrt(row["low"] * row["high"])
    return middle * np.exp(random.standard_normal(size) * np.log(row["high"] / middle) / 1.6448536)


def ranked_like(values: Any, scores: Any) -> Any:
    """The values in the order of the scores, which hands on their correlation."""
    return np.sort(values)[np.argsort(np.argsort(scores))]


def simulated() -> tuple[Any, Any]:
    """Counted and sold cars, one a draw: the base scenario, in which nothing moves the price."""
    random, rows = np.random.default_rng(99), read("volume_assumptions")
    known: Any = {(row["model"], row["factor"]): row for row in rows.to_dict("records")}
    models = list(MAKERS)
    # tastes move together by 0.5, and with the room by 0.3
    size = len(models) + 1
    matrix = np.full((size, size), 0.5)
    matrix[-1, :] = matrix[:, -1] = 0.3
    np.fill_diagonal(matrix, 1.0)
    tied = random.multivariate_normal(np.zeros(size), matrix, DRAWS).T
    share = {
        model: ranked_like(pert(random, known[model, "share_percent"], DRAWS), tied[place])
        for place, model in enumerate(models)
    }
    odds = ranked_like(pert(random, known["all", "fit_odds"], DRAWS), tied[-1])
    pair = random.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], DRAWS).T
    network, ramp = (
        ranked_like(pert(random, known["all", name], DRAWS), own) / 100
        for name, own in zip(("channel_percent", "ramp_year_2_percent"), pair, strict=True)
    )
    segment, year, yen, asked = (
        lognormal(random, known["all", name], DRAWS)
        for name in ("segment_level", "year_level", "yen_level", "price_level")
    )
    elasticity = pert(random, known["all", "price_elasticity"], DRAWS)
    left = pert(random, known["all", "lhd_demand_percent"], DRAWS) / 100
    price = (asked * yen**0.75) ** elasticity
    comes = coming(random, known)
    base = Study.of().volume
    counted, planned = np.zeros(DRAWS), np.zeros(DRAWS)
    for model in models:
        offer = base.every_offer[model]  # segment, room and cap have tests of their own
        room = offer.fit_share * odds / (1 - offer.fit_share + offer.fit_share * odds)
        wanted = offer.segment_units * segment * share[model] / 100 * room * price
        wanted = wanted * (1 if model == "highlander" else left) * network * ramp * year
        counted += np.minimum(offer.cap_units, wanted) * comes[model]
        planned += 20_000 / 6 * comes[model] * ramp
    return counted, planned * ratios(random, known)


def coming(random: Any, known: Any) -> dict[str, Any]:
    """Whether each model comes: makers by the logistic of their scores, in two states of trade
    pressure whose log-odds are apart; models by their own chance.
    """
    scores = read("adoption")
    high = random.random(DRAWS) < 0.6
    apart = known["all", "adoption_pressure_shift"]["mode"]
    ships = {}
    for maker in ("Toyota", "Honda", "Nissan"):
        own = scores[scores["maker"] == maker].set_index("driver")["score"]
        weights = {name: known["all", f"adoption_weight_{name}"]["mode"] for name in own.index}
        middle = known["all", "adoption_intercept"]["mode"] + sum(
            weights[name] * own[name] for name in own.index
        )
        wanted = 1 / (1 + np.exp(-middle))
        steps = np.linspace(middle - apart, middle, 200_001)
        means = 0.6 / (1 + np.exp(-steps - apart)) + 0.4 / (1 + np.exp(-steps))
        low = steps[np.abs(means - wanted).argmin()]
        chance = 1 / (1 + np.exp(-np.where(high, low + apart, low)))
        ships[maker] = random.random(DRAWS) < chance
    return {
        model: ships[maker] & (random.random(DRAWS) < known[model, "comes_percent"]["mode"] / 100)
        for model, maker in MAKERS.items()
    }


def ratios(random: Any, known: Any) -> Any:
    """Sold over planned: a class by its weight, then Student's t around its mean."""
    past = read("precedents").dropna(subset=["attainment_ratio"])
    late = past["target_period"].str[:4].astype(int) - past["first_year"] + 1 > 3
    past = past[~late].assign(
        weight=[known[own, "measure_weight"]["mode"] for own in past[~late]["actual_measure"]]
    )
    past = past[past["weight"] > 0].assign(log=lambda rows: np.log(rows["attainment_ratio"]))
    classes = [rows for _, rows in past.groupby("reference_class")]
    weights = np.array([rows["weight"].sum() for rows in classes])
    means = np.array([np.average(rows["log"], weights=rows["weight"]) for rows in classes])
    squares = sum(
        (rows["weight"] * (rows["log"] - mean) ** 2).sum()
        for rows, mean in zip(classes, means, strict=True)
    )
    freedom = weights.sum() - len(classes)
    own = random.choice(len(classes), DRAWS, p=weights / weights.sum())
    scale = np.sqrt(squares / freedom) * np.sqrt(1 + 1 / weights)
    return np.exp(means[own] + scale[own] * random.standard_t(freedom, DRAWS))


def test_every_headline_is_reproduced_to_monte_carlo_error() -> None:
    counted, sold = simulated()
    volume = Study.of().volume
    headlines, errors = volume.headlines, volume.errors
    mixed = np.concatenate([counted, sold])
    for name, draws in (("inside", counted), ("outside", sold)):
        assert headlines[f"volume_{name}_p50_units"] == pytest.approx(np.median(draws), rel=0.012)
        chance = 100 * (draws >= 20_000).mean()
        assert headlines[f"volume_{name}_probability_percent"] == pytest.approx(chance, abs=0.5)
    spread = 4 * 100 * errors["pooled_probability"].standard_error + 0.15
    chance = 100 * (mixed >= 20_000).mean()
    assert headlines["volume_probability_percent"] == pytest.approx(chance, abs=spread)
    for level in (5, 10, 25, 50, 75, 90, 95):
        own = headlines[f"volume_p{level:02}_units"]
        assert own == pytest.approx(np.quantile(mixed, level / 100), rel=0.03), level
    assert errors["mean"].value == pytest.approx(counted.mean(), rel=0.008)
