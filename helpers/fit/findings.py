"""The results of vehicle fit: each headline with value, unit, quality, sources and sentence, from
one answer.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers.fit.answer import FitAnswer
from helpers.fit.cars import SOURCED
from helpers.fit.limits import FAILS, FITS, NOT_COMPUTED, TIGHT
from helpers.fit.places import STALL_LENGTH, STALL_WIDTH, STREET_ALONE, STREET_MEETING
from helpers.fit.sentences import joined, signed, size_text, verb
from helpers.show import numbers

_STALL, _STREET, _TURN = ("std_ord_l", "std_ord_w"), ("rso_dv_small_width",), ("bsa42",)
_PALLET = ("mech_newer_l", "mech_newer_w", "mech_newer_h")


def headlines(
    answer: FitAnswer, constraints: pd.DataFrame, roads: pd.DataFrame
) -> list[dict[str, Any]]:
    """Arguments of `results.record`, one for each result: counts over the models first, then each
    model.
    """
    models = answer.models
    sized, unsized = models[models["basis"] == SOURCED], models[models["basis"] != SOURCED]
    fits, tight, fails = (sized[sized["verdict"] == word] for word in (FITS, TIGHT, FAILS))
    without = (
        f"; without a sourced size, so without a verdict: {joined(unsized['title'])}"
        if len(unsized)
        else ""
    )
    enclosed = models[models["enclosed_by"] != ""]
    settled = models[models["corner"] == FITS]
    reversing = models[models["aisle"] == FITS]
    on_pallet = _on_pallet(answer)
    over_legal = models[models["width_mm"] > answer.legal_width_mm]
    inputs, total = answer.inputs, len(models)
    place = (
        f"a {size_text(inputs.stall_length_mm, inputs.stall_width_mm)} stall and a "
        f"{inputs.street_width_m:g} m street"
    )
    cars = [source for ids in models["source_ids"] for source in ids]
    by_size = "reported" if _sourced(models) else "unverified"
    rule = _sources(constraints, ("vro5_2",))
    wide: list[Any] = models[models["mirrors_mm"].notna()].to_dict("records")
    lines = [
        _line(
            "models_that_fit",
            len(fits),
            "models",
            "estimate",
            [*cars, *_sources(constraints, _STALL + _STREET)],
            f"{len(fits)} of {len(sized)} models {verb(len(fits), 'fit')} {place}; "
            f"tight: {joined(tight['title'])}; does not fit: {joined(fails['title'])}{without} "
            "(clearances are assumed).",
        ),
        _line(
            "models_no_larger_than_a_car_on_sale",
            len(enclosed),
            "models",
            by_size,
            cars,
            f"{len(enclosed)} of {total} models {verb(len(enclosed), 'are')} no longer and no "
            f"wider than a car already on sale in Japan: {joined(enclosed['title'])}.",
        ),
        _line(
            "legal_width_mm",
            answer.legal_width_mm,
            "mm",
            "derived",
            rule,
            f"The legal reference width of a {inputs.street_width_m:g} m street without "
            f"sidewalk, two-way, is {numbers.plain(answer.legal_width_mm)} mm; {len(over_legal)} "
            f"of {total} models {verb(len(over_legal), 'are')} wider. "
            "Nothing shows it enforced against private cars.",
        ),
        _line(
            "models_on_low_roof_pallet",
            len(on_pallet),
            "models",
            by_size,
            [*cars, *_sources(constraints, _PALLET)],
            f"{len(on_pallet)} of {total} models {verb(len(on_pallet), 'fit')} a low-roof pallet "
            f"by length, width and height: {joined(on_pallet['title'])}.",
        ),
        _line(
            "models_rounding_the_corner",
            len(settled),
            "models",
            "unverified",
            [*_sources(constraints, _TURN), "ASSUMPTION"],
            f"{len(settled)} of {total} models {verb(len(settled), 'round')} a "
            f"{inputs.corner_lane_width_m:g} m corner in one move, "
            "whatever their unsourced dimensions are within "
            f"{inputs.unsourced_band_percent:g} %; {_failing(models, 'corner')}.",
        ),
        _line(
            "models_reversing_in_one_move",
            len(reversing),
            "models",
            "unverified",
            [*_sources(constraints, _STALL), "ASSUMPTION"],
            f"{len(reversing)} of {total} models {verb(len(reversing), 'reverse')} into the stall "
            f"from an assumed {inputs.aisle_width_m:g} m aisle in one move; "
            f"{_failing(models, 'aisle')}.",
        ),
    ]
    if wide:
        widest, worst = (
            max(wide, key=lambda row: row["mirrors_mm"]),
            max(wide, key=lambda row: row["shift_mm"]),
        )
        side = "right" if worst["right_hand_drive"] else "left"
        lines += [
            _line(
                "width_over_mirrors_mm",
                widest["mirrors_mm"],
                "mm",
                "unverified",
                [*widest["source_ids"], "ASSUMPTION"],
                f"The widest model, {widest['title']}, is about "
                f"{numbers.plain(widest['mirrors_mm'])} mm over the mirrors (allowance assumed).",
            ),
            _line(
                "sight_shift_mm",
                worst["shift_mm"],
                "mm",
                "unverified",
                [*worst["source_ids"], "ASSUMPTION"],
                f"To see {answer.setting.sight_distance_m:g} m past the car ahead, the driver of "
                f"the {worst['title']} with the wheel on the {side} moves "
                f"{numbers.plain(worst['shift_mm'])} mm to the right (setting assumed).",
            ),
        ]
    lines += [
        _shared(answer, "lowest", min, constraints, roads),
        _shared(answer, "highest", max, constraints, roads),
    ]
    for row in models.to_dict("records"):
        lines += _of_model(answer, row, constraints)
    return lines


def _shared(
    answer: FitAnswer, word: str, choose: Any, constraints: pd.DataFrame, roads: pd.DataFrame
) -> dict[str, Any]:
    """The share of streets and bays of the model that can use least or most of them."""
    rows: list[Any] = answer.models.to_dict("records")
    row = choose(rows, key=lambda one: answer.fit.shares[one["vehicle_id"]].together.mid)
    share = answer.fit.shares[row["vehicle_id"]].together
    where = [
        source
        for ids in roads.loc[roads["scope"] == answer.inputs.region, "source_ids"]
        for source in str(ids).split(";")
    ]
    sources = [
        *row["source_ids"],
        *where,
        *_sources(constraints, ("std_ord_large_share",)),
        "ASSUMPTION",
    ]
    span = numbers.between(*(numbers.percent(100 * end, 0) for end in (share.low, share.high)))
    sentence = (
        f"Of the models the {row['title']} can use the {word} share of the streets and bays of "
        f"{answer.inputs.region} together, {span} "
    )
    sentence += "(Fréchet bounds; clearances, aisle and turning radius are assumed)."
    band = (100 * share.low, 100 * share.high, "Fréchet bounds")
    return _line(
        f"{word}_usable_share_percent", 100 * share.mid, "%", "unverified", sources, sentence, band
    )


def _of_model(
    answer: FitAnswer, row: dict[Any, Any], constraints: pd.DataFrame
) -> list[dict[str, Any]]:
    """The results of one model. A result whose dimensions are missing is left out; the table of
    gaps says so.
    """
    inputs, own = answer.inputs, list(row["source_ids"])
    lines = []
    if row["verdict"] != NOT_COMPUTED:
        sourced = row["basis"] == SOURCED
        told = f"{verdict_text(row)}; {corner_text(row, inputs.corner_lane_width_m)}"
        sentence = (
            f"{row['title']}: {told}."
            if sourced
            else f"{row['title']}: no verdict, its size has no source; at the size assumed: {told}."
        )
        sources = [*own, *_sources(constraints, _STALL + _STREET)]
        word, quality = (row["verdict"], "estimate") if sourced else (NOT_COMPUTED, "unverified")
        lines.append(_line(f"fit_verdict_{row['model']}", word, "", quality, sources, sentence))
    if not math.isnan(row["corner_m"]):
        band = (
            row["corner_low_m"],
            row["corner_high_m"],
            f"unsourced dimensions ±{inputs.unsourced_band_percent:g} %",
        )
        ends = numbers.between(*(f"{end:.2f}" for end in band[:2]))
        span = f"{ends} m over the band of dimensions without a source"
        sentence = (
            f"The narrowest square corner of the {row['title']} is {row['corner_m']:.3f} m "
            f"({span})."
        )
        lines.append(
            _line(
                f"corner_width_m_{row['model']}",
                row["corner_m"],
                "m",
                "unverified",
                [*own, "ASSUMPTION"],
                sentence,
                band,
            )
        )
    return lines


def verdict_text(row: Any) -> str:
    """The verdict of a model in words, with what it hangs on. row: one row of
    `FitAnswer.models`.
    """
    margin = f"{numbers.plain(abs(row['margin_mm']))} mm"
    reasons = {
        (STALL_LENGTH, FAILS): f"{margin} longer than the stall",
        (STALL_WIDTH, FAILS): f"{margin} wider than the stall",
        (STREET_ALONE, FAILS): "too wide for the street",
        (STREET_MEETING, TIGHT): "cannot meet a small car in the street with the clearance wanted"
        if row["margin_mm"] < 0
        else f"{margin} to spare in meeting",
        (STALL_LENGTH, TIGHT): f"{signed(row['margin_mm'])} mm in the length of the stall",
        (STALL_WIDTH, TIGHT): f"{signed(row['margin_mm'])} mm in the width of the stall",
    }
    reason = reasons.get((row["because"], row["verdict"]), f"at least {margin} to spare")
    return f"{row['verdict']}, {reason}"


def corner_text(row: Any, lane_m: float) -> str:
    """Whether a model passes the scenario's corner in one move, and whether the unsourced
    dimensions leave that open.
    """
    words = {
        FITS: (
            f"it rounds a {lane_m:g} m corner in one move whatever the unsourced radius within "
            "its band"
        ),
        FAILS: (
            f"it does not round a {lane_m:g} m corner in one move, whatever the unsourced radius "
            "within its band"
        ),
        TIGHT: f"whether it rounds a {lane_m:g} m corner in one move hangs on its unsourced radius",
        NOT_COMPUTED: "its corner is not computed",
    }
    return words[row["corner"]]


def answers(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """The answer in brief: sentences of the `headlines` that matter most, none of them
    unverified.
    """
    chosen = (
        "models_no_larger_than_a_car_on_sale",
        "models_that_fit",
        "models_on_low_roof_pallet",
        "legal_width_mm",
    )
    sentences = {
        line["name"]: line["sentence"] for line in lines if line["quality"] != "unverified"
    }
    return [sentences[name] for name in chosen if name in sentences]


def _line(
    name: str,
    value: Any,
    unit: str,
    quality: str,
    source_ids: Iterable[str],
    sentence: str,
    interval: Any = None,
) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "quality": quality,
        "source_ids": list(dict.fromkeys(source_ids)),
        "sentence": sentence,
        "interval": interval,
    }


def source_ids(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """Sources of the `headlines`, in the order of their first use."""
    return list(dict.fromkeys(source for line in lines for source in line["source_ids"]))


def _sources(constraints: pd.DataFrame, ids: tuple[str, ...]) -> list[str]:
    rows = constraints[constraints["constraint_id"].isin(ids)]
    return [source for text in rows["source_ids"] for source in str(text).split(";")]


def _sourced(models: pd.DataFrame) -> bool:
    return bool((models["basis"] == SOURCED).all())


def _on_pallet(answer: FitAnswer) -> pd.DataFrame:
    own = answer.fit.margins[answer.fit.margins["constraint_id"].isin(_PALLET)]
    fitting = own.groupby("vehicle_id")["verdict"].apply(
        lambda words: words.isin([FITS, TIGHT]).all()
    )
    return answer.models[[bool(fitting.get(key, False)) for key in answer.models["vehicle_id"]]]


def _failing(models: pd.DataFrame, column: str) -> str:
    failing, open_ones = (
        models.loc[models[column] == FAILS, "title"],
        models.loc[models[column] == TIGHT, "title"],
    )
    parts = (
        [f"{joined(failing)} {'needs' if len(failing) == 1 else 'need'} more moves"]
        if len(failing)
        else []
    )
    parts += [f"for {joined(open_ones)} it stays open"] if len(open_ones) else []
    return "; ".join(parts) or "none needs more moves"
