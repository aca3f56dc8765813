"""What notebook 03 finds: the sentences and results that notebook, brief and explore share."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers.fit.access import Share, roads_known_until
from helpers.fit.cars import SOURCED
from helpers.fit.limits import NO, NOT_COMPUTED, USABLE, WITH_CARE
from helpers.fit.part import FitPart
from helpers.fit.space import (
    DOOR,
    GETTING_OUT,
    STALL_LENGTH,
    STALL_WIDTH,
    STREET_ALONE,
    STREET_MEETING,
    WHEEL_STOP,
)
from helpers.quantities import ASSUMPTION, Provenance, Quantity
from helpers.results import Result, result, word
from helpers.show import numbers

SYMBOLS = {USABLE: "✓", WITH_CARE: "△", NO: "✗", NOT_COMPUTED: "?"}
"""A sign for each verdict, so that colour never stands alone."""
SHORT = {
    STALL_LENGTH: "is longer than the stall",
    STALL_WIDTH: "is wider than the stall with its mirrors folded",
    GETTING_OUT: "leaves no room to get out",
    STREET_ALONE: "is too wide for the street",
    WHEEL_STOP: "stands over the line at the wheel stop",
    DOOR: "opens its door less than wanted",
    STREET_MEETING: "waits for an oncoming car",
}
"""What a car does that lacks room in a size."""
_SAYS = {USABLE: "is usable", WITH_CARE: "is usable with care", NO: "cannot be used"}
_STALL, _STREET, _TURN = ("std_ord_l", "std_ord_w"), ("rso_dv_small_width",), ("bsa42",)
PALLET = ("mech_newer_l", "mech_newer_w", "mech_newer_h")


def models_that_fit(fit: FitPart) -> Result:
    """The chosen models that are usable without care in the stall and street of the scenario."""
    models = fit.models
    sized, unsized = models[models["basis"] == SOURCED], models[models["basis"] != SOURCED]
    usable, careful, no = (
        sized.loc[sized["verdict"] == verdict, "title"] for verdict in (USABLE, WITH_CARE, NO)
    )
    without = (
        f"; without a sourced size, so without a verdict: {joined(unsized['title'])}"
        if len(unsized)
        else ""
    )
    counted = _counted(
        "models_that_fit",
        len(usable),
        "estimate",
        [*_cars(models), *_sources(fit, _STALL + _STREET)],
        f"{some(len(usable), len(sized))} models {verb(len(usable), 'are')} usable without care in "
        f"{room_text(fit)}; with care: {joined(careful)}; not at all: {joined(no)}{without} "
        "(clearances and doors are assumed).",
    )
    return counted.model_copy(update={"text": f"{len(usable)} of {len(sized)} models"})


def beside_cars_on_sale(fit: FitPart) -> str:
    """How many of the cars on sale in Japan are usable without care, and how many wait."""
    sold = {car.vehicle_id for car in fit.cars if car.on_sale}
    words = fit.every_verdict[fit.every_verdict["vehicle_id"].isin(sold)]
    usable = int((words["verdict"] == USABLE).sum())
    places = fit.places[fit.places["vehicle_id"].isin(sold)]
    waiting = places[(places["place"] == STREET_MEETING) & (places["margin_mm"] < 0)]
    return (
        f"Of the {len(words)} cars of the table that are on sale in Japan, {usable or 'none'} "
        f"{verb(usable, 'are')} usable without care there, and {len(waiting) or 'none'} "
        f"{verb(len(waiting), 'wait')} for an oncoming car."
    )


def no_larger(fit: FitPart) -> Result:
    """The chosen models that are no larger than a car already on sale."""
    models = fit.models
    enclosed = models.loc[models["enclosed_by"] != "", "title"]
    return _counted(
        "models_no_larger_than_a_car_on_sale",
        len(enclosed),
        _by_size(models),
        _cars(models),
        f"{some(len(enclosed), len(models))} models {verb(len(enclosed), 'are')} no longer and no "
        f"wider than a car already on sale in Japan{_after_colon(enclosed)}.",
    )


def legal_width(fit: FitPart) -> Result:
    """The legal reference width of the scenario's street."""
    models, width, sizes = fit.models, fit.legal_width_mm, fit.sizes
    over = int((models["width_mm"] > width).sum())
    return result(
        "legal_width_mm",
        _quantity(width, "mm", "derived", _sources(fit, ("vro5_2",))),
        f"The legal reference width of a {sizes.street_width_m:g} m street with "
        f"{sizes.street_edge_m:g} m of edge, two-way, is {numbers.plain(width)} mm; "
        f"{over or 'none'} of {len(models)} models {verb(over, 'are')} wider. "
        "Nothing shows it enforced against private cars.",
    )


def on_pallet(fit: FitPart) -> Result:
    """The chosen models that fit a low-roof pallet."""
    models = fit.models
    margins = fit.margins[fit.margins["constraint_id"].isin(PALLET)]
    fitting = margins.groupby("vehicle_id")["verdict"].apply(
        lambda verdicts: verdicts.isin([USABLE, WITH_CARE]).all()
    )
    titles = models.loc[[bool(fitting.get(key, False)) for key in models["vehicle_id"]], "title"]
    return _counted(
        "models_on_low_roof_pallet",
        len(titles),
        _by_size(models),
        [*_cars(models), *_sources(fit, PALLET)],
        f"{some(len(titles), len(models))} models {verb(len(titles), 'fit')} a low-roof pallet "
        f"by length, width and height{_after_colon(titles)}.",
    )


def turning(fit: FitPart) -> list[Result]:
    """The chosen models that round the corner, and reverse into the stall, in one move."""
    models, total = fit.models, len(fit.models)
    settled, reversing = (int((models[column] == USABLE).sum()) for column in ("corner", "aisle"))
    return [
        _counted(
            "models_rounding_the_corner",
            settled,
            "unverified",
            [*_sources(fit, _TURN), ASSUMPTION],
            f"{some(settled, total)} models {verb(settled, 'round')} a "
            f"{fit.parameter('corner_lane_width_m'):g} m corner in one move, "
            "whatever their unsourced dimensions are within "
            f"{fit.parameter('unsourced_band_percent'):g} %; {_failing(models, 'corner')}.",
        ),
        _counted(
            "models_reversing_in_one_move",
            reversing,
            "unverified",
            [*_sources(fit, _STALL), ASSUMPTION],
            f"{some(reversing, total)} models {verb(reversing, 'reverse')} into the stall "
            f"from an assumed {fit.parameter('aisle_width_m'):g} m aisle in one move; "
            f"{_failing(models, 'aisle')}.",
        ),
    ]


def driver(fit: FitPart) -> list[Result]:
    """Width over the mirrors of the widest model, and sight of the worst placed driver."""
    known = [row for row in fit.rows if pd.notna(row.mirrors_mm)]
    if not known:
        return []
    widest: Any = max(known, key=lambda row: row.mirrors_mm)
    worst: Any = max(known, key=lambda row: row.shift_mm)
    side = "right" if worst.right_hand_drive else "left"
    return [
        result(
            "width_over_mirrors_mm",
            _quantity(widest.mirrors_mm, "mm", "unverified", [*widest.source_ids, ASSUMPTION]),
            f"The widest model, {widest.title}, is about "
            f"{numbers.plain(widest.mirrors_mm)} mm over the mirrors (allowance assumed).",
        ),
        result(
            "sight_shift_mm",
            _quantity(worst.shift_mm, "mm", "unverified", [*worst.source_ids, ASSUMPTION]),
            f"To see {fit.parameter('sight_distance_m'):g} m past the car ahead, the driver of "
            f"the {worst.title} with the wheel on the {side} moves "
            f"{numbers.plain(worst.shift_mm)} mm to the right (setting assumed).",
        ),
    ]


def access(fit: FitPart) -> list[Result]:
    """What of roads and of obligatory stalls each chosen model can use."""
    region = fit.region
    roads = fit.roads
    sources = _listed(roads.loc[roads["scope"] == region, "source_ids"])
    known = roads_known_until(roads, region)
    kinds = (
        (
            "road_share_alone_percent",
            "alone",
            f"of the road length of {region} is wide enough for it alone",
            sources,
            known,
        ),
        (
            "road_share_meeting_percent",
            "meeting",
            f"of the road length of {region} is wide enough for it to meet a small car",
            sources,
            known,
        ),
        (
            "stall_share_percent",
            "stalls",
            "of the stalls of new large buildings hold it",
            _sources(fit, ("std_ord_large_share",)),
            "",
        ),
    )
    return [
        _share(row, getattr(fit.usable[row["vehicle_id"]], part), name, what, source_ids, until)
        for name, part, what, source_ids, until in kinds
        for row in fit.shown.to_dict("records")
    ]


def _share(
    row: Any, share: Share, name: str, what: str, source_ids: list[str], known_until: str
) -> Result:
    low, middle, high = share.percents
    likely = numbers.percent(middle, 0)
    span = numbers.between(numbers.percent(low, 0), numbers.percent(high, 0))
    told = likely if span == likely else f"{likely} ({span})"
    sources = [*row["source_ids"], *source_ids, ASSUMPTION]
    road = name.startswith("road")
    label = "bounds by the bands" if road else "bounds by the rule"
    least = "" if road or likely == numbers.percent(100, 0) else "at least "
    return result(
        name,
        _quantity(middle, "%", "estimate", sources, (low, high), label, known_until),
        f"{row['title']}: {least}{told} {what}.",
        subject=row["model"],
    )


def verdicts(fit: FitPart) -> list[Result]:
    """The verdict on each chosen model that has a length and a width."""
    return [
        _verdict(fit, row) for row in fit.shown.to_dict("records") if row["verdict"] != NOT_COMPUTED
    ]


def _verdict(fit: FitPart, row: Any) -> Result:
    sourced = row["basis"] == SOURCED
    told = f"{verdict_text(fit, row)}; {corner_text(row, fit.parameter('corner_lane_width_m'))}"
    return word(
        "fit_verdict",
        row["verdict"] if sourced else NOT_COMPUTED,
        f"The {row['title']} {told}."
        if sourced
        else f"{row['title']}: no verdict, its size has no source; at the size assumed: {told}.",
        Provenance(
            quality="estimate" if sourced else "unverified",
            source_ids=tuple(dict.fromkeys([*row["source_ids"], *_sources(fit, _STALL + _STREET)])),
        ),
        row["model"],
    )


def flips(fit: FitPart) -> list[Result]:
    """How far the verdict on each model with a sourced size is from another word."""
    return [_flip(row) for row in fit.shown.to_dict("records") if row["basis"] == SOURCED]


def _flip(row: Any) -> Result:
    ends = [end for end in (row["better_mm"], -row["worse_mm"]) if pd.notna(end)]
    return result(
        "flip_distance_mm",
        _quantity(min(ends, key=abs), "mm", "estimate", [*row["source_ids"], ASSUMPTION]),
        f"{row['title']}, {row['verdict']}: {flip_text(row)}.",
        subject=row["model"],
    )


def corners(fit: FitPart) -> list[Result]:
    """The narrowest square corner of each chosen model whose dimensions are known."""
    known = fit.shown[fit.shown["corner_m"].notna()]
    return [_corner(fit, row) for row in known.to_dict("records")]


def _corner(fit: FitPart, row: Any) -> Result:
    ends = row["corner_low_m"], row["corner_high_m"]
    span = numbers.between(*(f"{end:.2f}" for end in ends))
    label = f"unsourced dimensions ±{fit.parameter('unsourced_band_percent'):g} %"
    sources = [*row["source_ids"], ASSUMPTION]
    return result(
        "corner_width_m",
        _quantity(row["corner_m"], "m", "unverified", sources, ends, label),
        f"The narrowest square corner of the {row['title']} is {row['corner_m']:.2f} m "
        f"({span} m over the band of dimensions without a source).",
        subject=row["model"],
    )


def shortest(models: pd.DataFrame, margins: pd.DataFrame) -> str:
    """Which models lack room, and which has least. margins: mm, a row a model, a column a size."""
    lacking = joined(models["title"][(margins < 0).any(axis=1)])
    stacked: Any = margins.stack()
    (model, size), spare = stacked.idxmin(), stacked.min()
    left = f"is {numbers.plain(-spare)} mm short" if spare < 0 else f"has {spare:,.0f} mm left"
    least = f"the {models['title'][model]} is worst off, by {size}, where it {left}"
    return f"Room is lacking for {lacking}; {least}."


def meeting_share(fit: FitPart, share_percent: pd.Series) -> str:
    """On which share of the roads the models meet a small car. share_percent: by model."""
    low, high = (numbers.percent(end, 0) for end in (share_percent.min(), share_percent.max()))
    return (
        f"If the roads of a band are spread evenly over its widths, {numbers.between(low, high)} "
        f"of the road length in {fit.region} is wide enough."
    )


def widest_corner(models: pd.DataFrame, corner_m: pd.Series) -> str:
    """Which model needs the widest corner, and which the narrowest. corner_m: by model."""
    by_corner: Any = models["title"].loc[corner_m.dropna().sort_values().index]
    narrowest, widest = by_corner.iloc[0], by_corner.iloc[-1]
    return (
        f"The {widest} needs lanes {corner_m.max():.2f} m wide, the {narrowest} lanes of "
        f"{corner_m.min():.2f} m; both numbers rest on radii without a source."
    )


def drive_side(difference_mm: pd.Series) -> str:
    """What the drive side changes for the driver. difference_mm: by model."""
    low, high = (numbers.plain(end) for end in (difference_mm.min(), difference_mm.max()))
    return (
        f"With the wheel on the left a driver must move {numbers.between(low, high)} mm further to "
        "the right to see as far as with the wheel on the right."
    )


def with_another_method(fit: FitPart, other: FitPart) -> str:
    """What another space required makes of the models."""
    before, after = (
        [int((part.models["verdict"] == verdict).sum()) for verdict in (USABLE, WITH_CARE)]
        for part in (fit, other)
    )
    no = other.models.loc[other.models["verdict"] == NO, "title"]
    return (
        f"By this method {after[0]} of {len(other.models)} models {verb(after[0], 'are')} usable "
        f"and {after[1]} with care, where it was {before[0]} and {before[1]}; not usable then: "
        f"{joined(no)}."
    )


def answer(fit: FitPart) -> list[Result]:
    """The answer in brief: what matters most, none of it unverified."""
    lines = (models_that_fit(fit), no_larger(fit), on_pallet(fit), legal_width(fit))
    return [line for line in lines if line.quality != "unverified"]


def all_results(fit: FitPart) -> list[Result]:
    """Every result of the notebook: counts over the models first, then each model."""
    return [
        models_that_fit(fit),
        no_larger(fit),
        legal_width(fit),
        on_pallet(fit),
        *turning(fit),
        *driver(fit),
        *access(fit),
        *verdicts(fit),
        *flips(fit),
        *corners(fit),
    ]


def source_ids(fit: FitPart) -> list[str]:
    """Sources of all results, in the order of their first use."""
    return list(dict.fromkeys(key for line in all_results(fit) for key in line.source_ids))


def verdict_text(fit: FitPart, row: Any) -> str:
    """The verdict of a model in words, what it lacks and what would change it."""
    places = fit.places
    deciding = places[(places["vehicle_id"] == row["vehicle_id"]) & places["decides"]]
    lacking = deciding[deciding["margin_mm"] < 0].sort_values("margin_mm")
    reasons = [
        f"{SHORT[place]} ({numbers.plain(-margin)} mm short)"
        for place, margin in zip(lacking["place"], lacking["margin_mm"], strict=True)
    ]
    if not reasons:
        reasons = [f"{numbers.plain(row['margin_mm'])} mm to spare in the {row['because']}"]
    return (
        f"{_SAYS[row['verdict']]}: {'it ' * bool(len(lacking))}{joined(reasons)}; {flip_text(row)}"
    )


def flip_text(row: Any) -> str:
    """What would change a verdict. row: one row of `FitPart.models`."""
    more, less = row["better_mm"], row["worse_mm"]
    better = "usable" if row["verdict"] == WITH_CARE else "usable with care"
    worse = "usable with care" if row["verdict"] == USABLE else "unusable"
    parts = []
    if pd.notna(more):
        parts.append(f"{numbers.plain(more)} mm more ({row['better_at']}) would make it {better}")
    if pd.notna(less):
        parts.append(f"{numbers.plain(less)} mm less ({row['worse_at']}) would make it {worse}")
    return ", ".join(parts)


def corner_text(row: Any, lane_m: float) -> str:
    """Whether a model passes the corner in one move, or unsourced dimensions leave it open."""
    corner, whatever = (
        f"a {lane_m:g} m corner in one move",
        "whatever its unsourced radius is within",
    )
    return {
        USABLE: f"it rounds {corner}, {whatever} its band",
        NO: f"it does not round {corner}, {whatever} its band",
        WITH_CARE: f"whether it rounds {corner} hangs on its unsourced radius",
        NOT_COMPUTED: "its corner is not computed",
    }[row["corner"]]


def noun(fit: FitPart) -> str:
    """What the cars shown are called."""
    return "models" if fit.shown["programme"].all() else "cars"


def joined(names: Iterable[str]) -> str:
    """A, B and C."""
    listed = list(names)
    if len(listed) < 2:
        return listed[0] if listed else "none"
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def some(count: int, total: int) -> str:
    """So many of all, at the beginning of a sentence: 2 of 6, None of 6."""
    return f"{count or 'None'} of {total}"


def _after_colon(names: Iterable[str]) -> str:
    """The names after a colon; nothing where there is none."""
    listed = list(names)
    return f": {joined(listed)}" if listed else ""


def verb(count: int, plural: str) -> str:
    """The verb of that many models: none and 1 of 6 models fits, 2 of 6 models fit."""
    return plural if count > 1 else "is" if plural == "are" else f"{plural}s"


def named(names: list[str]) -> str:
    """Up to three names, else how many there are."""
    return joined(names) if len(names) <= 3 else str(len(names))


def size_text(length_mm: float, width_mm: float) -> str:
    """5.0 × 2.3 m."""
    return f"{metres(length_mm)} × {metres(width_mm)} m"


def metres(value_mm: float) -> str:
    """A length in metres with one decimal or more: 5.0."""
    text = f"{value_mm / 1000:.3f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def signed(value: float) -> str:
    """+85, −933, 0."""
    return f"+{numbers.plain(value)}" if value >= 0.5 else numbers.plain(value)


def room_text(fit: FitPart) -> str:
    """The stall and the street of the scenario."""
    sizes = fit.sizes
    stall = size_text(sizes.stall_length_mm, sizes.stall_width_mm)
    edge = f" with {sizes.street_edge_m:g} m of edge" if sizes.street_edge_m else ""
    return f"a {stall} stall and a {sizes.street_width_m:g} m street{edge}"


def _counted(
    name: str, count: int, quality: str, source_ids: Iterable[str], sentence: str
) -> Result:
    return result(name, _quantity(count, "models", quality, source_ids), sentence)


def _quantity(
    value: float,
    unit: str,
    quality: str,
    source_ids: Iterable[str],
    interval: tuple[float, float] | None = None,
    label: str = "80 %",
    known_until: str = "",
) -> Quantity:
    provenance = Provenance("", quality, tuple(dict.fromkeys(source_ids)), known_until)
    return Quantity(value, unit, provenance, interval, label)


def _cars(models: pd.DataFrame) -> list[str]:
    return [key for ids in models["source_ids"] for key in ids]


def _by_size(models: pd.DataFrame) -> str:
    return "reported" if (models["basis"] == SOURCED).all() else "unverified"


def _sources(fit: FitPart, ids: tuple[str, ...]) -> list[str]:
    limits = fit.table("constraints")
    return _listed(limits.loc[limits["constraint_id"].isin(ids), "source_ids"])


def _listed(cells: Iterable[str]) -> list[str]:
    return [key for cell in cells for key in str(cell).split(";")]


def _failing(models: pd.DataFrame, column: str) -> str:
    failing, unsettled = (
        models.loc[models[column] == verdict, "title"] for verdict in (NO, WITH_CARE)
    )
    needs = "needs" if len(failing) == 1 else "need"
    parts = [f"{joined(failing)} {needs} more moves"] if len(failing) else []
    parts += [f"for {joined(unsettled)} it stays open"] if len(unsettled) else []
    return "; ".join(parts) or "none needs more moves"
