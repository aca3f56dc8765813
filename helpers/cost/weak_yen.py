"""What a weaker yen does to a US-built car in Japan: who pays the dearer sticker, and how many
fewer are sold.

A sticker set at one exchange rate is asked at another: of the change of the sticker that covers the
cost a part is passed through to the buyer, and the maker goes without the rest.
"""

from dataclasses import dataclass

from helpers.quantities import Quantities, Quantity

WEAKER_YEN_PERCENT = 10.0
"""Rise of the yen price of a dollar by which every "weaker yen" of the suite is tried: a round
step, not a forecast.
"""


LEAST_JPY = 0.5
"""A cost per car below this is none: prices are whole yen, and arithmetic leaves a rest."""


@dataclass(frozen=True)
class SignTest:
    """What a yen weaker by `weaker_percent` changes, from the rate of the scenario on.

    cost: of a US-built car in Japan; hedged_cost: the same with the Japanese parts paid in yen.
    asked: the sticker after pass-through. units: cars sold. buyer, maker: how the dearer sticker of
    a car is shared; unrecovered: the maker's part before dealer margin and tax.
    export_cost: a car built in Japan, in dollars. profit: a dollar earned in the US, in yen.
    """

    weaker_percent: float
    cost: Quantity
    hedged_cost: Quantity
    asked: Quantity
    units: Quantity
    buyer: Quantity
    maker: Quantity
    unrecovered: Quantity
    export_cost: Quantity
    profit: Quantity

    @property
    def verdict(self) -> str:
        """Verdict on "a weak yen makes US production more competitive" for cars brought to Japan:
        the sign of the change in units.

        supported when a weaker yen sells more of them, contradicted when it sells fewer or, units
        unchanged, costs the maker more.
        """
        if self.units.value > 0:
            return "supported"
        costs_more = self.unrecovered.value > LEAST_JPY
        return "contradicted" if self.units.value < 0 or costs_more else "no effect"


def asked_sticker(at_set: Quantity, cover: Quantity, pass_through: Quantity) -> Quantity:
    """The sticker asked of buyers, when it was `at_set` and `cover` would cover the cost now."""
    moved: Quantity = (cover / at_set) ** pass_through
    return at_set * moved


def landed_cost(sticker: Quantity, costs: Quantities) -> Quantity:
    """The part of a sticker before Japanese margin and consumption tax."""
    margin, tax = costs.japan_dealer_margin_percent, costs.consumption_tax_percent
    return sticker / (1 + margin) / (1 + tax)  # type: ignore[no-any-return]


def sign_test(
    before: Quantity, cover: Quantity, plant_price: Quantity, costs: Quantities, yen: Quantities
) -> SignTest:
    """The change from a sticker `before` to the one that covers the cost at the weaker yen.

    plant_price: what the maker ships the car at, USD per car.
    yen: pass-through, draws of the price elasticity, and share of Japanese parts.
    """
    weaker = Quantity(WEAKER_YEN_PERCENT, "%")
    asked = asked_sticker(before, cover, yen.yen_pass_through_percent)
    parts_jpy = plant_price * yen.japanese_parts_share_percent * costs.jpy_per_usd
    hedged = landed_cost(cover, costs) - parts_jpy * weaker
    return SignTest(
        weaker_percent=WEAKER_YEN_PERCENT,
        cost=change(before, cover),
        hedged_cost=change(landed_cost(before, costs), hedged),
        asked=change(before, asked),
        units=((asked / before) ** yen.price_elasticity - 1).to("%"),
        buyer=asked - before,
        maker=cover - asked,
        unrecovered=landed_cost(cover - asked, costs),
        export_cost=(1 / (1 + weaker) - 1).to("%"),
        profit=weaker,
    )


def change(before: Quantity, after: Quantity) -> Quantity:
    """By how many percent a number has changed."""
    return (after / before - 1).to("%")
