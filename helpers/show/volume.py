"""The import volume in words, curves and dots."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.models import demand
from helpers.models.volume import Evidence, ImportVolume
from helpers.show import numbers, style

Picture = tuple[Figure, str, pd.DataFrame]
SOURCE = "precedents and segment counts of the data package; shares, drive-side and channel effects are assumptions; own calculations."
CLASS_NAMES = {
    "us_maker_us_built": "US makers, US-built",
    "japanese_maker_us_built": "Japanese makers, US-built",
    "japanese_maker_other_origin": "Japanese makers, built elsewhere",
}
_WORDS = ((0.05, "very unlikely"), (0.33, "unlikely"), (0.67, "about as likely as not"), (0.95, "likely"), (1.01, "very likely"))


def likelihood(probability: float) -> str:
    """A probability in words: very unlikely below 5 %, unlikely below 33, about as likely as not below 67, likely below 95."""
    return next(word for limit, word in _WORDS if probability < limit)


def headline(found: ImportVolume) -> str:
    """The finding in one sentence that changes its words with the numbers."""
    return (
        f"{numbers.units(found.threshold, 'US-built cars')} a year are {likelihood(found.probability)}: "
        f"we compute a probability of {numbers.probability(found.probability)}"
    )


def interval_sentence(found: ImportVolume) -> str:
    """The middle of the distribution with its 80 % interval."""
    low, middle, high = found.pool.quantiles([0.1, 0.5, 0.9])
    return f"We compute a median of {numbers.units(middle, 'cars')} a year, with {numbers.span(low, high)} as the 80 % interval."


def disagreement_sentence(found: ImportVolume) -> str:
    """What each of the two views says about the threshold."""
    inside, outside = found.pool.inside_probability(found.threshold), found.pool.outside_probability(found.threshold)
    inside_p50, outside_p50 = found.pool.inside_quantiles([0.5])[0], found.pool.outside_quantiles([0.5])[0]
    return (
        f"The two views differ: counting model by model gives a median of {numbers.units(inside_p50, 'cars')} and a probability of "
        f"{simulated(inside, found.inputs.draws)}; the precedents, with {numbers.units(found.inputs.programme_units, 'cars')} read as a plan, give "
        f"{numbers.units(outside_p50, 'cars')} and {numbers.probability(outside)}."
    )


def simulated(probability: float, draws: int) -> str:
    """A simulated probability; one that no draw reached is bounded, not called zero."""
    return f"less than 1 in {numbers.plain(draws)}" if probability == 0 else numbers.probability(probability)


def curve(found: ImportVolume) -> Picture:
    """Cumulative distribution of both views and their pool, with the threshold marked. Returns figure, alt text, data."""
    pool, threshold = found.pool, found.threshold
    right = max(1.6 * threshold, 1.1 * float(pool.quantiles([0.9])[0]))
    at = np.linspace(0, right, 161)
    data = pd.DataFrame({
        "units": at, "model_by_model": 100 * pool.inside_distribution(at), "precedents": 100 * pool.outside_distribution(at),
        "both": 100 * pool.distribution(at),
    })  # fmt: skip
    fig, axis = style.canvas(headline(found), "Probability of at most so many cars in the year looked at, %", SOURCE)
    looks = (("precedents", style.ACCENTS[1], "--", 1.6), ("model_by_model", style.ACCENTS[2], "-.", 1.6), ("both", style.INK, "-", 2.6))
    for name, colour, line, width in looks:
        axis.plot(data["units"], data[name], color=colour, linestyle=line, linewidth=width)
        where = int(np.abs(data[name] - {"precedents": 30, "model_by_model": 70, "both": 50}[name]).argmin())
        axis.annotate(name.replace("_", " "), (at[where], data[name][where]), (6, -3), textcoords="offset points", color=colour, size=9, weight="bold")
    axis.axvline(threshold, color=style.US_TO_JAPAN, linewidth=1.2)
    below = 100 * (1 - found.probability)
    axis.plot([threshold, threshold], [below, 100], color=style.US_TO_JAPAN, linewidth=5, alpha=0.35, solid_capstyle="butt")
    axis.annotate(
        f"{numbers.units(threshold, '')}\n{numbers.probability(found.probability)}\nat or above", (threshold, max(4, below - 42)), (6, 0),
        textcoords="offset points", color=style.US_TO_JAPAN, size=9, va="bottom",
    )  # fmt: skip
    axis.set(xlim=(0, right), ylim=(0, 101), xlabel="cars a year", ylabel="%")
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    axis.grid(axis="y")
    alt = (
        f"Cumulative curves of cars a year by the model-by-model estimate, by the precedents and by both together. "
        f"{numbers.units(threshold, 'cars')} or more: {numbers.probability(found.probability)}. "
        f"Median {numbers.units(float(pool.quantiles([0.5])[0]), 'cars')}."
    )
    return fig, alt, data


def dumbbells(rows: pd.DataFrame) -> Picture:
    """Plan and actual of each precedent by class; those that do not count are hollow. `rows` as `precedents.usable` gives them."""
    counted = rows[rows["used"]]
    us_built = counted[counted["origin_country"] == "USA"]
    missed = int((us_built["attainment_ratio"] < 1).sum())
    title = f"{missed} of {len(us_built)} US-built programmes with a known plan sold less than planned"
    fig, axis = style.canvas(title, "Cars planned and sold in the period compared, logarithmic scale; hollow: not counted", SOURCE, height_in=4.4)
    place, ticks = 0.0, []
    for name, label in CLASS_NAMES.items():
        axis.text(0.0, place, label, transform=axis.get_yaxis_transform(), size=9, weight="bold", va="center")
        place += 1
        for row in rows[rows["reference_class"] == name].to_dict("records"):
            colour = style.US_TO_JAPAN if row["attainment_ratio"] < 1 else style.JAPAN_TO_US
            face = colour if row["used"] else "white"
            axis.plot([row["target_period_units"], row["actual_period_units"]], [place, place], color=colour, linewidth=1.6, alpha=0.6)
            axis.plot(row["target_period_units"], place, marker="|", color=style.INK, markersize=11, markeredgewidth=2)
            axis.plot(row["actual_period_units"], place, marker="o", color=colour, markerfacecolor=face, markersize=7)
            note = f"× {row['attainment_ratio']:.2f}" + (f" ({row['why_not']})" if row["why_not"] else "")
            axis.annotate(note, (max(row["target_period_units"], row["actual_period_units"]), place), (9, 0), textcoords="offset points", size=8.5, va="center")
            ticks.append((place, row["program"]))
            place += 1
    axis.set_yticks([tick for tick, _ in ticks], [label for _, label in ticks], size=8.5)
    axis.tick_params(axis="y", length=0)
    axis.set_xscale("log")
    axis.set(ylim=(place - 0.4, -0.6), xlim=(500, 400_000), xlabel="cars; bar: plan, dot: actual")
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    axis.grid(axis="x")
    data = rows[["program", "reference_class", "target_period_units", "actual_period_units", "attainment_ratio", "actual_measure", "used", "why_not"]]
    alt = f"Dumbbell chart of plan against actual of {len(rows)} programmes on a logarithmic scale. {title}; {len(counted)} ratios count."
    return fig, alt, data.reset_index(drop=True)


def results(found: ImportVolume) -> list[dict[str, object]]:
    """The recorded results: keyword arguments of `results.record`."""
    pool, draws = found.pool, found.inputs.draws
    low, middle, high = (float(value) for value in pool.quantiles([0.1, 0.5, 0.9]))
    inside, outside = pool.inside_probability(found.threshold), pool.outside_probability(found.threshold)
    inside_low, inside_p50, inside_high = (float(value) for value in pool.inside_quantiles([0.1, 0.5, 0.9]))
    outside_low, outside_p50, outside_high = (float(value) for value in pool.outside_quantiles([0.1, 0.5, 0.9]))
    asked = numbers.units(found.threshold, "cars")
    assumed = ("ASSUMPTION",)

    def one(name: str, value: float, unit: str, sentence: str, interval: tuple[float, float, str] | None = None) -> dict[str, object]:
        return {"name": name, "value": value, "unit": unit, "quality": "estimate", "source_ids": assumed, "sentence": sentence, "interval": interval}

    cars = "vehicles a year"
    return [
        one("volume_p50_units", middle, cars, interval_sentence(found), (low, high, "80 %")),
        one("volume_probability_percent", 100 * found.probability, "%", headline(found) + ", on assumed shares and weights."),
        one(
            "volume_inside_p50_units",
            inside_p50,
            cars,
            f"Model by model, on assumed shares, the median is {numbers.units(inside_p50, 'cars')}.",
            (inside_low, inside_high, "80 %"),
        ),
        one("volume_inside_probability_percent", 100 * inside, "%", f"Model by model, {asked} or more have a probability of {simulated(inside, draws)}."),
        one(
            "volume_outside_p50_units",
            outside_p50,
            cars,
            f"By the precedents the median is {numbers.units(outside_p50, 'cars')}.",
            (outside_low, outside_high, "80 %"),
        ),
        one(
            "volume_outside_probability_percent",
            100 * outside,
            "%",
            f"By the precedents, {asked} or more have a probability of {numbers.probability(outside)}.",
        ),
    ]


def assumptions(known: Evidence, found: ImportVolume) -> pd.DataFrame:
    """The assumption rows that this estimate uses."""
    models = {"all", *(car.model for car in found.simulation.cars)}
    rows = known.assumptions[known.assumptions["model"].isin(models)]
    shown = rows[["factor", "model", "unit", "low", "mode", "high", "distribution", "quality"]].copy()
    shown.columns = pd.Index(["Factor", "Model", "Unit", "Low", "Mode", "High", "Distribution", "Quality"])
    return shown


def walk(found: ImportVolume) -> pd.DataFrame:
    """Mean units left after each step, per model, with a row of totals."""
    frame = found.walk().drop(columns="model").rename(columns={"title": "Model"})
    total = frame.sum(numeric_only=True)
    total["Model"] = "All models"
    return pd.concat([frame, total.to_frame().T], ignore_index=True).infer_objects().round(0)


def checks(found: ImportVolume) -> pd.DataFrame:
    """Checks in words: check, computed, expected, holds."""
    mean, stepped = float(found.simulation.total.mean()), float(found.walk()[demand.STEPS[-1]].sum())
    quantiles = found.pool.quantiles()
    rows = [
        ("Steps end at the simulated mean", f"{stepped:.3f}", f"{mean:.3f}", abs(stepped - mean) < 1e-6 * max(mean, 1)),
        ("Quantiles rise", ", ".join(f"{value:.0f}" for value in quantiles), "rising", bool((np.diff(quantiles) >= 0).all())),
    ]
    return pd.DataFrame(rows, columns=["Check", "Computed", "Expected", "Holds"])
