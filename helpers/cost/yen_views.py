"""The yen claim as the brief takes it."""

from helpers.cost.case import CostCase
from helpers.quantities import Quantity
from helpers.show import numbers


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
            "text": value if isinstance(value, str) else Quantity(value, unit).text,
        }

    return [
        one("asked_sticker_jpy", effect.asked_sticker_jpy, "JPY per car", asked),
        one("weak_yen_units_change_percent", sign.units_percent, "%", sign_sentence(case)),
        one("weak_yen_hedged_cost_change_percent", sign.hedged_cost_percent, "%", hedge),
        one(
            "weak_yen_unrecovered_jpy",
            sign.unrecovered_jpy,
            "JPY per car",
            f"A yen weaker by {numbers.plain(sign.weaker_percent)} % costs the maker "
            f"{_yen(sign.unrecovered_jpy)} a car, before dealer margin and tax.",
        ),
        one("yen_claim_verdict", sign.verdict, "verdict", sign_sentence(case)),
    ]


def _yen(value: float) -> str:
    """Small yen amounts to three significant digits."""
    return numbers.jpy(numbers.significant(value))
