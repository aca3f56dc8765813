"""The leading sticker as the brief takes it."""

from collections.abc import Sequence

from helpers.cost.case import CostCase
from helpers.cost.price_walk import PriceWalk
from helpers.show import numbers


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
