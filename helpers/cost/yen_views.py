"""How the yen claim is shown: sticker and units over the exchange rate, what a weaker yen does to
each side, the verdict card.
"""

from collections.abc import Iterable

import pandas as pd
from matplotlib.figure import Figure

from helpers.cost.case import CostCase
from helpers.cost.yen import yen_curve
from helpers.show import numbers, style

CLAIM_ID = "A3-13"
ON_RECORD = ("E085", "E086")  # what carmakers did and said when the yen was strong or fell
EVIDENCE = ("S84", "AUTOEVO12", "BBC-TOY12", "S85", "S86", "S96", "NBER-W32910", "BLOOM-YEN22")
SOURCE = (
    "walk as above; pass-through and elasticity are assumptions beside a customs-data study "
    "(NBER 32910); own calculations."
)


def rates_around(case: CostCase) -> list[float]:
    """Exchange rates for a curve: 90 to 200 yen per dollar, further where the scenario lies
    outside.
    """
    low, high = min(90.0, 0.9 * case.landed.jpy_per_usd), max(200.0, 1.05 * case.landed.jpy_per_usd)
    return [low + (high - low) * step / 55 for step in range(56)]


def sign_sentence(case: CostCase) -> str:
    """What a yen weaker by a tenth does to the leading car, and what that says of the claim."""
    sign, title = case.sign, case.leading.car.title
    moved = (
        f"a yen weaker by {numbers.plain(sign.weaker_percent)} % raises the yen cost of a "
        f"US-built {title} by {numbers.percent(sign.cost_percent)}"
    )
    if sign.verdict == "supported":
        return (
            f"On these assumptions {moved} and still sells {numbers.percent(sign.units_percent)} "
            "more of them."
        )
    if sign.units_percent < 0:
        return (
            f"A weak yen does not help: {moved}, its sticker by "
            f"{numbers.percent(sign.asked_percent)}, and sells "
            f"{numbers.percent(-sign.units_percent)} fewer."
        )
    if sign.unrecovered_jpy > 0:
        return (
            f"A weak yen does not help: {moved}, sells no more of them, and costs the maker "
            f"{_yen(sign.unrecovered_jpy)} a car."
        )
    return (
        f"On these assumptions {moved}, which changes neither the sales of it nor what the maker "
        "gets."
    )


def instead_sentence(case: CostCase, costs: pd.DataFrame) -> str:
    """What is true instead: the maker's operating profit gains, set beside the loss on programme
    cars.
    """
    per_yen = float(costs.set_index("item")["value"]["toyota_profit_per_yen_weaker"])
    yen = case.landed.jpy_per_usd * case.sign.weaker_percent / 100
    loss = case.premium_inputs.programme_units * case.sign.unrecovered_jpy
    return (
        "What a weak yen does raise is Toyota's operating profit as a whole: it put the gain at "
        f"{numbers.jpy(per_yen)} a year for each yen in 2022, so about "
        f"{numbers.jpy(per_yen * yen)} for {numbers.plain(yen)} yen, against {numbers.jpy(loss)} "
        f"lost on {numbers.units(case.premium_inputs.programme_units, 'programme cars')}. It can "
        "pay for the programme; it does not make the cars competitive."
    )


def panels(case: CostCase, other_rates: Iterable[float]) -> tuple[Figure, str, pd.DataFrame]:
    """Two panels over one exchange-rate axis: sticker, and units in percent of those at the sticker
    set.

    other_rates: rates of other scenarios, drawn as circles on this run's lines.
    """
    effect, car = case.leading_effect, case.leading.car.title
    curve = yen_curve(
        case.leading.car, case.landed, case.yen, case.set_jpy_per_usd, rates_around(case)
    )
    first, last = curve.iloc[0], curve.iloc[-1]
    falls = first["units_percent"] > last["units_percent"] + 0.05
    outcome = (
        "dearer in Japan and sells fewer of them"
        if falls
        else "dearer to bring to Japan and sells no more of them"
    )
    fig, axes = style.canvas(
        f"A weaker yen makes a US-built {car} {outcome}",
        "By yen per dollar, weaker to the right: sticker in ¥ m, and units in % of those at the "
        f"sticker set at {numbers.plain(case.set_jpy_per_usd, 2)}; circles are the rates of "
        "other scenarios",
        SOURCE,
        rows=2,
        height_in=5.0,
        sharex=True,
        height_ratios=(3, 2),
    )
    price, volume = axes
    dashed = (0, (5, 2))
    price.plot(curve["jpy_per_usd"], curve["cost_sticker_jpy"] / 1e6, color=style.US_TO_JAPAN)
    price.plot(
        curve["jpy_per_usd"], curve["asked_sticker_jpy"] / 1e6, color=style.INK, linestyle=dashed
    )
    volume.plot(curve["jpy_per_usd"], curve["units_percent"], color=style.INK, linestyle=dashed)
    within = {
        rate for rate in other_rates if first["jpy_per_usd"] <= rate <= last["jpy_per_usd"]
    } - {effect.jpy_per_usd}
    for dot in yen_curve(
        case.leading.car, case.landed, case.yen, case.set_jpy_per_usd, sorted(within)
    ).to_dict("records"):
        price.plot(
            dot["jpy_per_usd"],
            dot["asked_sticker_jpy"] / 1e6,
            "o",
            color="white",
            markeredgecolor=style.INK,
            markersize=5,
        )
        volume.plot(
            dot["jpy_per_usd"],
            dot["units_percent"],
            "o",
            color="white",
            markeredgecolor=style.INK,
            markersize=5,
        )
    spread = last["jpy_per_usd"] - first["jpy_per_usd"]
    for axis, value in (
        (price, effect.asked_sticker_jpy / 1e6),
        (volume, 100 * effect.units_factor),
    ):
        axis.plot(effect.jpy_per_usd, value, "D", color=style.INK, markersize=7)
        axis.grid(axis="y")
        axis.set_xlim(first["jpy_per_usd"], last["jpy_per_usd"] + 0.24 * spread)
        axis.set_ylim(bottom=0)
    top = price.get_ylim()[1]
    cost_end, asked_end = last["cost_sticker_jpy"] / 1e6, last["asked_sticker_jpy"] / 1e6
    gap = max(0.0, 0.09 * top - (cost_end - asked_end)) / 2
    for axis, height, words, ink in (
        (price, cost_end + gap, "covers the cost", style.US_TO_JAPAN),
        (price, asked_end - gap, "asked of buyers", style.INK),
        (volume, last["units_percent"], "units", style.INK),
    ):
        axis.annotate(
            words,
            (last["jpy_per_usd"], height),
            (5, 0),
            textcoords="offset points",
            color=ink,
            va="center",
            size=9,
        )
    price.text(
        effect.jpy_per_usd,
        effect.asked_sticker_jpy / 1e6 - 0.1 * top,
        f"this run, {numbers.plain(effect.jpy_per_usd, 2)}: "
        f"{numbers.jpy(effect.asked_sticker_jpy)}",
        size=9,
        ha="center",
        va="top",
    )
    price.set_ylabel("sticker, ¥ m")
    volume.set_ylabel("units, %")
    volume.set_xlabel("yen per dollar")
    units = [numbers.percent(end["units_percent"], 0) for end in (first, last)]
    alt = (
        f"Two line charts over {first['jpy_per_usd']:.0f} to {last['jpy_per_usd']:.0f} yen per "
        f"dollar for a US-built {car}: the sticker that covers its cost rises from "
        f"{numbers.jpy(first['cost_sticker_jpy'])} to {numbers.jpy(last['cost_sticker_jpy'])}; "
        f"units go from {units[0]} to {units[1]}. At {numbers.plain(effect.jpy_per_usd, 2)} "
        f"{numbers.jpy(effect.asked_sticker_jpy)} is asked."
    )
    return fig, alt, curve


def sign_table(case: CostCase, costs: pd.DataFrame) -> pd.DataFrame:
    """What a weaker yen changes, for both directions of trade and for profits, and which side it
    helps.
    """
    sign, values = case.sign, costs.set_index("item")["value"]
    share = case.yen.japanese_parts_share_percent
    studied = [
        (float(values[name]), words)
        for name, words in (
            ("yen_pass_through_foreign_invoiced", "invoiced in dollars"),
            ("yen_pass_through_yen_invoiced", "invoiced in yen"),
        )
    ]
    full = case.leading.dollar_share_percent / 100
    rows: list[tuple[str, float, str]] = [
        ("US-built car in Japan: its cost in yen", sign.cost_percent, "against US-built cars"),
        (
            f"the same with {numbers.percent(share, 0)} Japanese parts paid in yen",
            sign.hedged_cost_percent,
            "against, a little less",
        ),
        (
            f"its sticker, {numbers.percent(case.yen.yen_pass_through_percent, 0)} passed through",
            sign.asked_percent,
            "against, for the buyer",
        ),
        *[
            (
                f"its sticker, {numbers.percent(part, 0)} passed through ({words}, measured)",
                100 * ((1 + full * sign.weaker_percent / 100) ** (part / 100) - 1),
                "against, for the buyer",
            )
            for part, words in studied
        ],
        (
            "its units sold",
            sign.units_percent,
            "against US-built cars" if sign.units_percent < 0 else "neither",
        ),
        (
            "Japan-built car in the US: its cost in dollars",
            sign.export_cost_usd_percent,
            "for Japan-built cars",
        ),
        ("a dollar of US profit, in yen", sign.profit_jpy_percent, "for the maker's accounts"),
    ]
    return pd.DataFrame(rows, columns=["What", "Change", "Works"])


def verdict_card(
    case: CostCase, claims: pd.DataFrame, facts: pd.DataFrame, costs: pd.DataFrame
) -> pd.DataFrame:
    """The claim as printed, the computed verdict, what is wrong with it, what is on record, and
    what is true instead. facts: `evidence`.
    """
    claim = claims.set_index("claim_id").loc[CLAIM_ID]
    recorded = facts[facts["evidence_id"].isin(ON_RECORD)].astype(str).to_dict("records")
    return pd.DataFrame(
        [
            ("Claim", f"{claim['claim']} (claim {CLAIM_ID})"),
            ("Verdict", case.sign.verdict),
            ("Why", sign_sentence(case)),
            (
                "Who bears it",
                f"Of a dearer sticker the buyer pays {_yen(case.sign.buyer_jpy)} and the maker "
                f"goes without {_yen(case.sign.maker_jpy)}.",
            ),
            *(
                (
                    f"On record, {row['period']}",
                    f"{row['statement']} ({', '.join(row['source_id'].split(';'))})",
                )
                for row in recorded
            ),
            ("True instead", instead_sentence(case, costs)),
        ],
        columns=["Part", "Text"],
    )


def results(case: CostCase) -> list[dict[str, object]]:
    """The recorded results of the yen claim: keyword arguments of `results.record`."""
    sign, effect = case.sign, case.leading_effect
    ids = [*case.leading.car.source_ids, "NBER-W32910"]
    asked = (
        f"A sticker set at {numbers.jpy(effect.set_sticker_jpy)} at "
        f"{numbers.plain(case.set_jpy_per_usd, 2)} yen per dollar would be "
        f"{numbers.jpy(effect.asked_sticker_jpy)} at {numbers.plain(effect.jpy_per_usd, 2)}, "
        f"with {numbers.percent(case.yen.yen_pass_through_percent, 0)} passed through."
    )
    hedge = (
        f"With {numbers.percent(case.yen.japanese_parts_share_percent, 0)} of the content paid "
        f"in yen, a yen weaker by {numbers.plain(sign.weaker_percent)} % still raises the cost "
        f"by {numbers.percent(sign.hedged_cost_percent)}."
    )

    def one(name: str, value: float | str, unit: str, sentence: str) -> dict[str, object]:
        return {
            "name": name,
            "value": value,
            "unit": unit,
            "quality": "estimate",
            "source_ids": ids,
            "sentence": sentence,
        }

    return [
        one("asked_sticker_jpy", effect.asked_sticker_jpy, "JPY", asked),
        one("weak_yen_units_change_percent", sign.units_percent, "%", sign_sentence(case)),
        one("weak_yen_hedged_cost_change_percent", sign.hedged_cost_percent, "%", hedge),
        one(
            "weak_yen_unrecovered_jpy",
            sign.unrecovered_jpy,
            "JPY a car",
            f"A yen weaker by {numbers.plain(sign.weaker_percent)} % costs the maker "
            f"{_yen(sign.unrecovered_jpy)} a car, before dealer margin and tax.",
        ),
        one("yen_claim_verdict", sign.verdict, "verdict", sign_sentence(case)),
    ]


def _yen(value: float) -> str:
    """Small yen amounts to three significant digits."""
    return numbers.jpy(numbers.significant(value))
