"""The headline numbers of the panel, read from the parts of a study."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from helpers import numbers
from helpers.quantities import Quantity
from helpers.study import Study


@dataclass(frozen=True)
class Headline:
    """One line of the panel.

    name: its result name. label, noun: how the table and a sentence call it; they may name the
    {threshold}, the {car} shown and the {maker} whose cost is weighed. notebook, heading: of the
    step that works it out. value: the number of a study, for the car shown. text: a number in
    words. change: a difference in words, without its sign; as `text` where none is given. of_maker:
    whether it is the maker's own and says nothing where the maker takes no part.
    """

    name: str
    label: str
    noun: str
    notebook: str
    heading: str
    value: Callable[[Study, str], Quantity]
    text: Callable[[float], str]
    change: Callable[[float], str] | None = None
    of_maker: bool = False

    @property
    def step(self) -> str:
        """The step as JupyterLab opens it from beside the notebooks."""
        return f"{self.notebook}.ipynb#{self.heading.replace(' ', '-')}"

    def difference(self, before: float | None, now: float | None) -> str:
        """By how much the number differs, in its own unit; empty where it reads the same."""
        if before is None or now is None or self.text(before) == self.text(now):
            return ""
        size = (self.change or self.text)(abs(now - before))
        return f"{'+' if now > before else '−'}{size}"


@dataclass(frozen=True)
class Answers:
    """The headline numbers of a study, each read once. title: what the setting is called."""

    study: Study
    title: str = "Now"
    _known: dict[str, dict[str, float | None]] = field(default_factory=dict, compare=False)

    @cached_property
    def car(self) -> str:
        """The model whose price is shown: the leading one where it is sold, else the first that is,
        of those with the wheel on the right if there are any.
        """
        sold = [car.model for car in self.study.volume.chosen]
        right = [car for car in sold if car in self.study.scenario.right_hand_drive_models]
        leading = self.study.cost.leading
        return leading if leading in sold else (right or sold)[0]

    @property
    def numbers(self) -> dict[str, float | None]:
        """Result name to number. Raises InputError where the study cannot be worked out."""
        return self.numbers_of(self.car)

    def numbers_of(self, car: str) -> dict[str, float | None]:
        """The same with the price of that model; None where a number says nothing."""
        if car not in self._known:
            takes_part = self.study.cost.maker in self.study.scenario.makers
            self._known[car] = {
                headline.name: float(headline.value(self.study, car).value)
                if takes_part or not headline.of_maker
                else None
                for headline in HEADLINES
            }
        return self._known[car]

    @cached_property
    def volume_interval(self) -> tuple[float, float]:
        """80 % interval of the cars a year."""
        return self.study.volume.median.interval or (0.0, 0.0)

    def named(self, text: str) -> str:
        """A label or noun with the names that the study gives."""
        cost = self.study.cost
        return text.format(
            threshold=numbers.units(self.study.volume.threshold, "cars"),
            car=cost.cars.title[self.car],
            maker=cost.maker,
        )


def text_of(headline: Headline, value: float | None) -> str:
    """The number in words, or that it says nothing."""
    return "does not apply" if value is None else headline.text(value)


def _usd_mn(value: float) -> str:
    return numbers.usd(value * 1e6)


def _cars(value: float) -> str:
    return numbers.units(value, "")


def _chance(value: float) -> str:
    return numbers.percent(value, 1) if 0.5 < value < 99.5 else numbers.probability(value / 100)


def _certainty(value: float) -> str:
    return "not even certainty pays" if value >= 100 else _points(value)


def _yen(value: float) -> str:
    return numbers.jpy(numbers.significant(value))


def _points(value: float) -> str:
    return f"{numbers.plain(value, 1)} points"


# One headline a few lines, as a table.
# fmt: off
HEADLINES = (
    Headline("programme_value_usd_mn", "Value of the cars, a year", "the value of the cars",
        "01_trade_imbalance", "One car",
        lambda study, _: study.trade.effect.gross.to("USD million"), _usd_mn),
    Headline("programme_net_usd_mn", "Car trade gap shrinks by", "what the gap shrinks by",
        "01_trade_imbalance", "One car",
        lambda study, _: study.trade.effect.net.to("USD million"), _usd_mn),
    Headline("programme_share_of_deficit_percent", "Value in the US goods deficit",
        "the share of the US goods deficit with Japan",
        "01_trade_imbalance", "Four lenses on the same cars",
        lambda study, _: study.trade.effect.share_of_deficit.to("%"),
        lambda value: numbers.percent(value, 2),
        lambda value: f"{numbers.plain(value, 2)} points"),
    Headline("volume_p50_units", "Cars a year, median", "the median of cars a year",
        "02_import_volume", "One distribution", lambda study, _: study.volume.median, _cars),
    Headline("volume_probability_percent", "Chance of {threshold} or more",
        "the chance of the volume asked for", "02_import_volume", "One distribution",
        lambda study, _: Quantity(100 * study.volume.probability, "%"), _chance, _points),
    Headline("models_that_fit", "Models usable without care",
        "the number of models usable without care", "03_vehicle_fit", "What is to spare",
        lambda study, _: Quantity(study.fit.counts[0], "models"), numbers.plain),
    Headline("sticker_jpy", "{car}, cost-covering price", "the {car}'s cost-covering price",
        "04_landed_cost", "How sure is such a price?",
        lambda study, car: study.cost.estimate(car), numbers.jpy, _yen),
    Headline("asked_sticker_jpy", "{car}, price asked", "the price asked for a {car}",
        "04_landed_cost", "The price asked today",
        lambda study, car: study.cost.asked_estimate(car), numbers.jpy, _yen),
    Headline("programme_cost_usd_mn", "Cost of the programme, a year", "the programme's cost",
        "04_landed_cost", "The cost a year", lambda study, _: study.cost.premium.cost, _usd_mn),
    Headline("duty_difference_usd_mn", "{maker}'s duty difference", "{maker}'s duty difference",
        "04_landed_cost", "The stake",
        lambda study, _: study.cost.premium.maker.difference, _usd_mn, of_maker=True),
    Headline("break_even_probability_percent", "Certainty it must add to pay",
        "the certainty that must be added", "04_landed_cost", "The break-even",
        lambda study, _: study.cost.break_even, _certainty, _points, of_maker=True),
)
# fmt: on
