"""How the programme's cost and the duty it may protect are shown: bars, a contour of break-even probabilities, sentences."""

import math

import pandas as pd
from matplotlib.figure import Figure

from helpers.models.cost_case import CostCase
from helpers.models.premium import Premium
from helpers.show import numbers, style


def break_even_text(share: float) -> str:
    """A break-even probability in words that stay true at both ends."""
    if math.isinf(share):
        return "no probability"
    return f"{numbers.percent(100 * share)}" if share < 0.1 else f"{numbers.percent(100 * share, 0)}"


def capped_percent(share: float) -> float:
    """A break-even probability in percent for a record: 100 stands for certainty and for whatever even certainty does not pay."""
    return 100 * min(share, 1.0)


def premium_sentence(premium: Premium, maker: str = "Toyota") -> str:
    """The insurance sentence: what must be true for the programme to pay for itself by protecting the duty."""
    cost = numbers.usd(premium.cost_yearly_usd_mn * 1e6)
    if premium.cost_yearly_usd_mn <= 0:
        return "The programme pays for itself, so it needs to protect nothing."
    if premium.maker.difference_usd_mn <= 0:
        return f"There is no duty advantage left to protect, so {cost} a year buys no protection at any probability."
    saving = numbers.usd(premium.maker.difference_usd_mn * 1e6)
    if premium.maker_break_even > 1:
        return f"At {cost} a year against {saving} of duty on {maker}'s cars the programme costs more than keeping the duty for certain would save."
    return (
        f"The programme costs about {cost} a year and pays for itself as insurance if it makes {maker}'s lower duty, worth {saving} a year, "
        f"at least {break_even_text(premium.maker_break_even)} likelier to last."
    )


def free_rider_sentence(premium: Premium, maker: str = "Toyota") -> str:
    """What all makers together would need, against the maker alone."""
    if premium.industry.difference_usd_mn <= 0 or premium.cost_yearly_usd_mn <= 0:
        return "There is nothing that makers could share."
    return (
        f"All makers gain if the duty stays low: weighed against the duty on every car from Japan the break-even is "
        f"{break_even_text(premium.industry_break_even)}, against {break_even_text(premium.maker_break_even)} for {maker} alone."
    )


def cost_and_saving(premium: Premium, source: str, maker: str = "Toyota") -> tuple[Figure, str, pd.DataFrame]:
    """Bars from zero: yearly cost of the programme, duty difference of the maker, the part the maker bears, all makers' difference."""
    data = pd.DataFrame(
        {
            "item": ["programme cost", f"duty difference, {maker}", f"  of it borne by {maker}", "duty difference, all makers"],
            "usd_mn_a_year": [
                premium.cost_yearly_usd_mn,
                premium.maker.difference_usd_mn,
                premium.maker.exporter_part_usd_mn,
                premium.industry.difference_usd_mn,
            ],
        }
    )
    if premium.maker.difference_usd_mn > 0:
        title = f"The duty difference on {maker}'s cars is {_times(premium.maker.difference_usd_mn / premium.cost_yearly_usd_mn)} what the programme costs"
    else:
        title = "There is no duty difference for the programme to protect"
    fig, axis = style.canvas(title, "USD million a year", source, height_in=2.2)
    colours = [style.US_TO_JAPAN, style.JAPAN_TO_US, style.ACCENTS[3], style.LIGHT]
    values = data["usd_mn_a_year"]
    axis.barh(range(len(data)), values, color=colours, height=0.66)
    for place, value in enumerate(values):
        axis.text(max(value, 0), place, f" {numbers.plain(value)}", va="center", size=9)
    axis.set_yticks(range(len(data)), data["item"])
    axis.invert_yaxis()
    axis.axvline(0, color=style.INK, linewidth=0.8)
    axis.grid(axis="x")
    axis.spines["left"].set_visible(False)
    axis.tick_params(axis="y", length=0)
    alt = (
        f"Bar chart in USD million a year: programme cost {numbers.plain(values[0])}, duty difference on {maker}'s cars {numbers.plain(values[1])}, "
        f"of it borne by {maker} {numbers.plain(values[2])}, duty difference on all cars from Japan {numbers.plain(values[3])}."
    )
    return fig, alt, data


def _times(ratio: float) -> str:
    return f"{ratio:.0f} times" if ratio >= 10 else f"{ratio:.1f} times"


SOURCE_LINE = "US Census import values, industry export counts, Federal Register; programme cost is an assumption. Own calculation."


def results(case: CostCase) -> list[dict[str, object]]:
    """The recorded results of the premium: keyword arguments of `results.record`."""
    found = case.premium
    ids = ["OPP-JP", "JAMA25", "FR17908", "PROC10908", "TOY-500K"]

    def one(name: str, value: float, unit: str, sentence: str) -> dict[str, object]:
        return {"name": name, "value": value, "unit": unit, "quality": "estimate", "source_ids": ids, "sentence": sentence}

    return [
        one("programme_cost_usd_mn", found.cost_yearly_usd_mn, "USD million a year", premium_sentence(found)),
        one("break_even_probability_percent", capped_percent(found.maker_break_even), "%", premium_sentence(found)),
        one("industry_break_even_probability_percent", capped_percent(found.industry_break_even), "%", free_rider_sentence(found)),
    ]


def checks(case: CostCase) -> pd.DataFrame:
    """Checks: what must hold, computed, expected, whether it does."""
    rows = [(f"steps of the {walk.car.title} add up to its sticker, JPY", sum(step.jpy for step in walk.steps), walk.sticker_jpy) for walk in case.shown]
    stake = case.premium.maker
    rows.append(
        ("maker's and buyer's parts add up to the duty difference, USD m", stake.exporter_part_usd_mn + stake.buyer_part_usd_mn, stake.difference_usd_mn)
    )
    frame = pd.DataFrame(rows, columns=["Check", "Computed", "Expected"])
    return frame.assign(Holds=[math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) for _, a, b in rows])
