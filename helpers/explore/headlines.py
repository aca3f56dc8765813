"""The headline numbers of the panel, read from the parts of a study."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from helpers import numbers
from helpers.quantities import Quantity
from helpers.study import Study


@dataclass(frozen=True)
class Headline:
    """One line of the panel.

    name: its result name. label, noun: how the table and a sentence call it; they may name the
    {threshold}, the leading {car} and its {maker}. notebook: where it is worked out in full. value:
    the number of a study. text: a number in words.
    """

    name: str
    label: str
    noun: str
    notebook: str
    value: Callable[[Study], Quantity]
    text: Callable[[float], str]


@dataclass(frozen=True)
class Answers:
    """The headline numbers of a study, each read once."""

    study: Study

    @cached_property
    def numbers(self) -> dict[str, float]:
        """Result name to number. Raises InputError where the study cannot be worked out."""
        return {own.name: float(own.value(self.study).value) for own in HEADLINES}

    @cached_property
    def volume_interval(self) -> tuple[float, float]:
        """80 % interval of the cars a year."""
        return self.study.volume.median.interval or (0.0, 0.0)

    def named(self, text: str) -> str:
        """A label or noun with the names that the study gives."""
        cost = self.study.cost
        return text.format(
            threshold=numbers.units(self.study.volume.threshold, "cars"),
            car=cost.cars.title[cost.leading],
            maker=cost.maker,
        )


def _usd_mn(value: float) -> str:
    return numbers.usd(value * 1e6)


def _cars(value: float) -> str:
    return numbers.units(value, "cars")


def _chance(value: float) -> str:
    return numbers.percent(value, 1) if 0.5 < value < 99.5 else numbers.probability(value / 100)


def _points(value: float) -> str:
    return "not even certainty pays" if value >= 100 else f"{numbers.plain(value, 1)} points"


HEADLINES = (
    Headline(
        "programme_value_usd_mn",
        "Value of the cars, a year",
        "the value of the cars",
        "01",
        lambda study: study.trade.effect.gross.to("USD million"),
        _usd_mn,
    ),
    Headline(
        "programme_net_usd_mn",
        "Car trade gap shrinks by",
        "what the gap shrinks by",
        "01",
        lambda study: study.trade.effect.net.to("USD million"),
        _usd_mn,
    ),
    Headline(
        "programme_share_of_deficit_percent",
        "Value in the US goods deficit with Japan",
        "the share of the goods deficit",
        "01",
        lambda study: study.trade.effect.share_of_deficit.to("%"),
        lambda value: numbers.percent(value, 2),
    ),
    Headline(
        "volume_p50_units",
        "Cars a year, median",
        "the median of cars a year",
        "02",
        lambda study: study.volume.median,
        _cars,
    ),
    Headline(
        "volume_probability_percent",
        "Chance of {threshold} or more",
        "the chance of the volume asked for",
        "02",
        lambda study: Quantity(100 * study.volume.probability, "%"),
        _chance,
    ),
    Headline(
        "models_that_fit",
        "Models usable without care",
        "the number of models usable without care",
        "03",
        lambda study: Quantity(study.fit.counts[0], "models"),
        numbers.plain,
    ),
    Headline(
        "sticker_jpy",
        "{car}, price covering its cost",
        "the {car}'s cost-covering price",
        "04",
        lambda study: study.cost.estimate(study.cost.leading),
        numbers.jpy,
    ),
    Headline(
        "asked_sticker_jpy",
        "{car}, price asked",
        "the price asked for a {car}",
        "04",
        lambda study: study.cost.asked_estimate(study.cost.leading),
        numbers.jpy,
    ),
    Headline(
        "programme_cost_usd_mn",
        "Cost of the programme, a year",
        "the programme's cost",
        "04",
        lambda study: study.cost.premium.cost,
        _usd_mn,
    ),
    Headline(
        "duty_difference_usd_mn",
        "{maker}'s duty difference, a year",
        "{maker}'s duty difference",
        "04",
        lambda study: study.cost.premium.maker.difference,
        _usd_mn,
    ),
    Headline(
        "break_even_probability_percent",
        "Certainty it must add to pay",
        "the certainty that must be added",
        "04",
        lambda study: study.cost.break_even,
        _points,
    ),
)
