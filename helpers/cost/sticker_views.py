"""How stickers are shown: price walks on one yen axis, stickers beside cars already on sale, what
keeping them costs.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.cost import keeping, ranges
from helpers.cost.case import CostCase
from helpers.cost.price_walk import PriceWalk
from helpers.scenarios import parameters
from helpers.show import numbers, style

Picture = tuple[Figure, str, pd.DataFrame]
SOURCE = (
    "list prices from makers and press, freight from a carrier's report; margins, insurance and "
    "handling are assumptions; own calculations."
)
RIVAL_SOURCE = (
    "stickers as above; prices of cars on sale from the Japanese press, each of its own year; "
    "own calculations."
)
PRICE_UNITS = {
    "US list price": "USD",
    "Value at the quay": "USD",
    "Landed cost": "JPY",
    "Sticker": "JPY",
    "Over list price": "ratio",
}
KEEPING_UNITS = {
    "Automobile tax": "JPY a year",
    "Weight tax": "JPY a year",
    "Example toll": "JPY",
    "Length": "mm",
    "Width": "mm",
}

# Steps of a walk that share a bar: small ones would not be seen on their own.
_BARS = (
    ("US list price", ("list_price",)),
    ("US dealer margin", ("us_dealer_margin",)),
    ("freight, insurance", ("freight", "insurance")),
    ("Japanese duty", ("duty",)),
    ("work on the car", ("modification", "drive_side", "certification")),
    ("inland, preparation", ("inland",)),
    ("Japanese margin", ("japan_dealer_margin",)),
    ("consumption tax", ("consumption_tax",)),
)


def sticker_sentence(case: CostCase) -> str:
    """The leading sticker in one sentence, with its interval."""
    walk, (low, high) = case.leading, case.sticker_interval_jpy
    side = "right-hand drive" if walk.right_hand_drive else "left-hand drive"
    return (
        f"At {numbers.plain(walk.jpy_per_usd, 2)} yen per dollar a US-built {walk.car.title} "
        f"({side}), listed at {numbers.usd(walk.car.list_price_usd)} in the US, would cost about "
        f"{numbers.jpy(walk.sticker_jpy)} in Japan ({numbers.span(low / 1e6, high / 1e6)} "
        "million, 80 % interval), on assumed margins and handling costs."
    )


def rival_sentence(case: CostCase) -> str:
    """The leading sticker against the Japan-built car with the newest price that it would be
    compared with.
    """
    rival, title = case.lead_rival, case.leading.car.title
    ratio = case.leading.sticker_jpy / rival.price_jpy
    compared = (
        f"{numbers.plain(ratio, 2)} times the {numbers.jpy(rival.price_jpy)} of a {rival.name} "
        f"(price of {rival.as_of[:4]})"
    )
    return (
        f"That is {compared}; a {title} matches it only at "
        f"{numbers.plain(case.matching_jpy_per_usd)} yen per dollar or stronger."
    )


def waterfall_data(walks: Sequence[PriceWalk]) -> pd.DataFrame:
    """One row a bar: model, bar, from_jpy, to_jpy. The last bar of each model is its sticker, from
    0.
    """
    rows = []
    for walk in walks:
        level = 0.0
        for label, names in _BARS:
            change = sum(walk.step_jpy(name) for name in names)
            rows.append((walk.car.title, label, level, level + change))
            level += change
        rows.append((walk.car.title, "sticker", 0.0, walk.sticker_jpy))
    return pd.DataFrame(rows, columns=["model", "bar", "from_jpy", "to_jpy"])


def waterfalls(walks: Sequence[PriceWalk]) -> Picture:
    """Small multiples, one a car, on one yen axis from 0. Returns the figure, its alt text and the
    plotted data.
    """
    data = waterfall_data(walks)
    counted, basis = _counted(walks)
    cheap, dear = (choose(counted, key=lambda walk: walk.sticker_jpy) for choose in (min, max))
    ratios = [walk.sticker_jpy / walk.step_jpy("list_price") for walk in counted]
    low, high = (f"{value:.2f}" for value in (min(ratios), max(ratios)))
    spread = f"{numbers.between(low, high)} times"
    columns = min(3, len(walks))
    rows = math.ceil(len(walks) / columns)
    fig, axes = style.canvas(
        f"In Japan {'the cars' if len(walks) > 1 else f'a {dear.car.title}'} would cost {spread} "
        f"the US list price{basis}",
        "From US list price, without sales tax, to Japanese sticker, with consumption tax, ¥ m, at "
        f"{numbers.plain(walks[0].jpy_per_usd, 2)} yen per dollar; light bars take off",
        SOURCE,
        rows=rows,
        columns=columns,
        height_in=0.35 + 2.15 * rows,
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    labels = [*[label for label, _ in _BARS], "sticker"]
    for axis, walk in zip(axes.flat, walks, strict=False):
        bars = data[data["model"] == walk.car.title]
        start, change = (
            bars["from_jpy"].to_numpy() / 1e6,
            (bars["to_jpy"] - bars["from_jpy"]).to_numpy() / 1e6,
        )
        colours = [style.LIGHT if one < 0 else style.NEUTRAL for one in change[:-1]] + [
            style.US_TO_JAPAN
        ]
        axis.barh(range(len(bars)), change, left=start, height=0.72, color=colours)
        end = (walk.sticker_jpy / 1e6, len(labels) - 1)
        axis.annotate(
            numbers.jpy(walk.sticker_jpy),
            end,
            (3, 0),
            textcoords="offset points",
            va="center",
            size=8,
            weight="bold",
        )
        marks = (["right-hand drive"] if walk.right_hand_drive else []) + (
            [] if walk.car.price_is_sourced else ["list price assumed"]
        )
        gap = "\n" if len(marks) > 1 else " "
        axis.set_title(walk.car.title + (f"{gap}({', '.join(marks)})" if marks else ""), size=8.5)
        axis.tick_params(axis="x", bottom=False, labelsize=8)
        axis.tick_params(axis="y", left=False, labelsize=7.5)
        axis.grid(axis="x")
        axis.spines["left"].set_visible(False)
    axes.flat[0].set_yticks(range(len(labels)), labels)
    axes.flat[0].invert_yaxis()
    axes.flat[0].set_xlim(0, max(walk.sticker_jpy for walk in walks) / 1e6 * 1.45)
    for axis in axes.flat[len(walks) :]:
        axis.set_visible(False)
    alt = (
        f"Small multiples of waterfall bars for {len(walks)} cars, from US list price to "
        f"Japanese sticker in yen. The stickers run from {numbers.jpy(cheap.sticker_jpy)} to "
        f"{numbers.jpy(dear.sticker_jpy)} ({dear.car.title}), {spread} the US list price{basis}."
    )
    return fig, alt, data


def beside_rivals(case: CostCase) -> Picture:
    """Each sticker with its 80 % interval, and below it the prices of the cars it would be compared
    with.
    """
    rows: list[tuple[str, str, float, float, float, str]] = []
    for walk in case.shown:
        low, high = case.sticker_interval_of(walk.car)
        rows.append(
            (
                walk.car.title,
                walk.car.title + ("" if walk.car.price_is_sourced else " (list price assumed)"),
                walk.sticker_jpy,
                low,
                high,
                "",
            )
        )
        rows += [
            (walk.car.title, one.name, one.price_jpy, math.nan, math.nan, one.as_of)
            for one in case.rivals_of(walk.car.model)
        ]
    data = pd.DataFrame(
        rows, columns=["set_against", "car", "price_jpy", "low_jpy", "high_jpy", "as_of"]
    )
    able = [walk for walk in case.shown if case.rivals_of(walk.car.model)]
    counted, basis = _counted(able)
    compared = [
        (one.price_jpy, walk.sticker_jpy)
        for walk in counted
        for one in case.rivals_of(walk.car.model)
    ]
    dearer = sum(price < own for price, own in compared)
    first = (counted or case.shown)[0]
    prices = sum(len(case.rivals_of(walk.car.model)) for walk in able)
    title = (
        f"In {dearer} of {len(compared)} comparisons the US-built car would be dearer than the "
        f"car already on sale{basis}"
        if compared
        else "No price of a comparable car on sale was found for the chosen models"
    )
    fig, axis = style.canvas(
        title,
        "Price in Japan with consumption tax, ¥ m; bars are 80 % intervals of the computed sticker",
        RIVAL_SOURCE,
        height_in=0.6 + 0.27 * len(rows),
    )
    places: list[float] = []
    place = -0.4
    for _, _, price, low, high, as_of in rows:
        place += 1.0 if as_of else 1.4
        places.append(place)
        ink = style.INK if as_of else style.US_TO_JAPAN
        if not as_of:
            axis.plot(
                [low / 1e6, high / 1e6],
                [place, place],
                color=ink,
                linewidth=4,
                alpha=0.35,
                solid_capstyle="butt",
            )
        axis.plot(
            price / 1e6,
            place,
            "o" if as_of else "D",
            color="white" if as_of else ink,
            markeredgecolor=ink,
            markersize=6.5,
        )
        label = numbers.jpy(price) + (f", {as_of[:4]}" if as_of else "")
        end = (price if as_of else max(high, price)) / 1e6
        axis.annotate(
            label,
            (end, place),
            (7, 0),
            textcoords="offset points",
            va="center",
            size=8,
            weight="normal" if as_of else "bold",
        )
    axis.set_yticks(places, [name for _, name, _, _, _, _ in rows], size=8)
    for label, row in zip(axis.get_yticklabels(), rows, strict=True):
        label.set(color="#444444" if row[-1] else style.INK, weight="normal" if row[-1] else "bold")
    axis.set_ylim(place + 0.8, 0)
    top = float(data[["price_jpy", "high_jpy"]].max().max()) / 1e6
    axis.set_xlim(0, top * 1.24)
    axis.grid(axis="x")
    axis.tick_params(left=False, bottom=False)
    axis.spines["left"].set_visible(False)
    alt = (
        f"Dot plot of computed stickers of {len(case.shown)} US-built cars with 80 % intervals, "
        f"and of {prices} prices of cars on sale in Japan. The {first.car.title} stands at "
        f"{numbers.jpy(first.sticker_jpy)}; in {dearer} of {len(compared)} comparisons the "
        f"US-built car is the dearer one{basis}."
    )
    return fig, alt, data


def _counted(walks: Sequence[PriceWalk]) -> tuple[Sequence[PriceWalk], str]:
    """The walks that a headline may rest on, and what to say of them: those with a reported list
    price, or all of them if there is none.
    """
    sourced = [walk for walk in walks if walk.car.price_is_sourced]
    if len(sourced) == len(walks):
        return walks, ""
    return (
        (sourced, " (cars with a reported list price)")
        if sourced
        else (walks, " (list prices assumed)")
    )


def price_table(walks: Sequence[PriceWalk]) -> pd.DataFrame:
    """One row a car: list price, value at the quay, landed cost, sticker, and how the list price is
    known.
    """
    return pd.DataFrame(
        [
            {
                "Model": walk.car.title,
                "US list price": walk.car.list_price_usd,
                "Value at the quay": walk.cif_usd,
                "Landed cost": walk.landed_cost_jpy,
                "Sticker": walk.sticker_jpy,
                "Over list price": walk.sticker_jpy / walk.step_jpy("list_price"),
                "List price is": "reported" if walk.car.price_is_sourced else "assumed",
            }
            for walk in walks
        ]
    )


def ranges_table(case: CostCase) -> pd.DataFrame:
    """The assumptions behind the intervals: the scenario's value, the range around it, and how it
    is known.
    """
    inputs = {**vars(case.landed), **vars(case.premium_inputs)}
    rows, declared = [], {one.name: one for one in parameters()}
    for row in case.ranges.to_dict("records"):
        name = str(row["parameter"])
        value, one = float(inputs[name]), declared[name]
        most = 100.0 if row["unit"] == "percent" else math.inf
        low, _, high = ranges.moved_range(
            value, float(row["low"]), float(row["mode"]), float(row["high"]), most
        )
        rows.append(
            (
                one.meaning[0].upper() + one.meaning[1:],
                one.unit,
                value,
                low,
                high,
                row["quality"],
                str(row["source_ids"]).replace(";", ", "),
            )
        )
    return pd.DataFrame(
        rows, columns=["Assumption", "Unit", "Value", "Low", "High", "Quality", "Sources"]
    )


def keeping_table(
    case: CostCase,
    vehicles: pd.DataFrame,
    programme_models: pd.DataFrame,
    rates: keeping.KeepingRates,
    years: int,
) -> pd.DataFrame:
    """The shown cars and the cars they would be compared with: size, taxes a year and inspections,
    each with the plate it would carry.

    The Tundra stands with both plates, because which one it gets is not settled.
    """
    rows = {str(row["vehicle_id"]): row for row in vehicles.to_dict("records")}
    trims = {
        str(row["model"]): str(row["vehicle_id"]) for row in programme_models.to_dict("records")
    }
    listed = {trims[walk.car.model]: walk.car.title for walk in case.shown}
    listed |= {
        one.vehicle_id: one.name
        for one in case.rivals
        if any(walk.car.model in one.rival_of for walk in case.shown)
    }
    found = []
    for vehicle_id, name in listed.items():
        row = rows[vehicle_id]
        for plate in keeping.PLATES if row["body_style"] == "pickup" else keeping.PLATES[:1]:
            cost = keeping.keeping_cost(
                rates, float(row["displacement_cc"]), float(row["curb_weight_kg"]), plate, years
            )
            found.append(_keeping_row(name, row, cost))
    return pd.DataFrame(found)


def _keeping_row(
    name: str, row: Mapping[Hashable, object], cost: keeping.KeepingCost
) -> dict[str, object]:
    return {
        "Car": name,
        "Plate": cost.plate,
        "Length": row["length_mm"],
        "Width": row["width_mm"],
        "Automobile tax": cost.automobile_tax_jpy,
        "Weight tax": math.nan if cost.weight_tax_jpy is None else cost.weight_tax_jpy,
        "Inspections": cost.inspections,
        "Example toll": cost.toll_jpy,
        "Weight has a source": "no" if "curb_weight_kg" in str(row["unverified_fields"]) else "yes",
    }


def goods_plate_sentence(found: keeping.GoodsPlateCase, years: int) -> str:
    """The goods-plate case of the Tundra in one sentence."""
    return (
        f"With a goods plate a Tundra would save {numbers.jpy(found.tax_saving_jpy)} of "
        "automobile tax a year; dearer tolls use that up after about "
        f"{numbers.plain(found.even_trips)} trips as long as Tokyo to Kyoto, and it is inspected "
        f"{numbers.plain(found.extra_inspections)} times more in {years} years."
    )


def source_ids(walks: Sequence[PriceWalk]) -> list[str]:
    """Sources of the cars, the freight rate, the duty, the cost of certification and the
    consumption tax.
    """
    return [
        *dict.fromkeys(source for walk in walks for source in walk.car.source_ids),
        "V74",
        "V75",
        "V16",
        "GULF17",
        "AVALARA-CT19",
    ]


def all_source_ids(case: CostCase, recorded: Iterable[Mapping[str, Any]]) -> list[str]:
    """Ids of every source behind the walks, the cars they are set against, the ranges of the
    assumptions and the recorded results, each once.
    """
    named = [source for one in case.rivals for source in one.source_ids]
    named += [source for cell in case.ranges["source_ids"] for source in str(cell).split(";")]
    named += [source for record in recorded for source in record["source_ids"]]
    return list(dict.fromkeys([*source_ids(case.shown), *named]))


def leading_result(case: CostCase) -> dict[str, object]:
    """The leading sticker as it is recorded: keyword arguments of `results.record`."""
    return {
        "name": "highlander_sticker_jpy",
        "value": case.leading.sticker_jpy,
        "unit": "JPY",
        "quality": "estimate",
        "source_ids": source_ids((case.leading,)),
        "sentence": sticker_sentence(case),
        "interval": (*case.sticker_interval_jpy, "80 %"),
    }


def results(case: CostCase, goods: keeping.GoodsPlateCase, years: int) -> list[dict[str, object]]:
    """The recorded results of the walks: keyword arguments of `results.record`."""
    ends: list[dict[str, object]] = [
        {
            "name": name,
            "value": walk.sticker_jpy,
            "unit": "JPY",
            "quality": "estimate",
            "source_ids": source_ids((walk,)),
            "sentence": (
                f"The {word} of the chosen cars with a reported list price is the "
                f"{walk.car.title}, at about {numbers.jpy(walk.sticker_jpy)} (margins and "
                "handling assumed)."
            ),
        }
        for name, word, walk in (
            (
                "lowest_sticker_jpy",
                "cheapest",
                min(case.sourced, key=lambda walk: walk.sticker_jpy),
            ),
            (
                "highest_sticker_jpy",
                "dearest",
                max(case.sourced, key=lambda walk: walk.sticker_jpy),
            ),
        )
    ]
    return [
        leading_result(case),
        *ends,
        {
            "name": "matching_rate_jpy_per_usd",
            "value": case.matching_jpy_per_usd,
            "unit": "JPY per USD",
            "quality": "estimate",
            "source_ids": [*source_ids((case.leading,)), *case.lead_rival.source_ids],
            "sentence": rival_sentence(case).replace("That is", "The computed sticker is"),
        },
        {
            "name": "goods_plate_even_trips",
            "value": goods.even_trips,
            "unit": "trips a year",
            "quality": "estimate",
            "source_ids": ["SOUMU-CAR19", "F83", "F84", "F87"],
            "sentence": goods_plate_sentence(goods, years),
        },
        {
            "name": "goods_plate_extra_inspections",
            "value": goods.extra_inspections,
            "unit": "inspections",
            "quality": "reported",
            "source_ids": ["F84", "F85", "NARUI-TAX"],
            "sentence": goods_plate_sentence(goods, years),
        },
    ]
