"""The car trade in sentences and results, which notebook, brief and explore share."""

from dataclasses import replace

from helpers import results
from helpers.quantities import Quantity
from helpers.results import Result, result
from helpers.scenarios import Scenario
from helpers.show import numbers
from helpers.trade import duty_findings
from helpers.trade.effect import Effect
from helpers.trade.flows import CarTrade
from helpers.trade.history import TwoYears
from helpers.trade.mirror import LADDER_YEAR, Mirror
from helpers.trade.part import TradePart
from helpers.trade.words import away, middle, published, share_text, usd

NO_SOLUTION = "no number of cars"


def answer(trade: TradePart) -> list[Result | str]:
    """The answer in brief."""
    flows, effect = trade.flows, trade.effect
    return [
        units_ratio(flows, flows.units_ratio),
        share_of_deficit(flows, flows.share_of_goods_deficit),
        duty_findings.index_month(trade),
        duty_findings.bearer(trade.now),
        doubling(effect, flows),
        negligible(effect, flows),
        closing_net(effect, effect.units_to_close_net),
    ]


def publishers(flows: CarTrade) -> str:
    """The source line of a figure that rests on the car trade, with the basis of the scenario."""
    japan = f"{flows.outlet} (figures from Japan, as printed)" if flows.outlet else "JAMA"
    return (
        f"{japan}, Japan Ministry of Finance, US Commerce, as relayed by the press; US Census "
        "Bureau; own calculations."
    )


def units_ratio(flows: CarTrade, ratio: Quantity) -> Result:
    """How many vehicles come one way for one the other way."""
    period = flows.us_units.period
    stands_in = "" if period == str(flows.year) else f" (figure of {period})"
    return result(
        "units_ratio",
        ratio,
        f"In {flows.year} Japan ships {numbers.units(flows.japan_units.value)} to the United "
        f"States and takes {_cars_to_japan(flows)}{stands_in}: {numbers.plain(ratio.value)} to "
        "one.",
    )


def _cars_to_japan(flows: CarTrade) -> str:
    return f"{numbers.units(flows.us_units.value, 'US-built cars')} (used ones included)"


def gap_units(flows: CarTrade, gap: Quantity) -> Result:
    """The gap in vehicles."""
    return result(
        "gap_units",
        gap,
        f"In {flows.year} Japan ships {numbers.units(gap.value)} more to the United States than "
        "it takes.",
    )


def gap_value(flows: CarTrade, gap: Quantity) -> Result:
    """The gap in money."""
    return result("gap_value_usd_mn", gap, f"The car gap of {flows.year} is {gap.text}.")


def cover(share: Quantity) -> Result:
    """US exports against US imports."""
    sentence = f"US car exports to Japan cover {share.text} of US car imports from Japan."
    return result("cover_percent", share, sentence)


def two_way_trade(index: Quantity) -> Result:
    """The index of two-way trade."""
    sentence = (
        f"The Grubel-Lloyd index of two-way trade is {index.value:.3f}; 0 is one way only, 1 is "
        "balance."
    )
    return result("grubel_lloyd", index, sentence)


def share_of_deficit(flows: CarTrade, share: Quantity) -> Result:
    """The car gap against the whole goods deficit, with its publication."""
    deficit = flows.goods_deficit
    return result(
        "car_share_of_deficit_percent",
        share,
        f"The car gap of {flows.gap_value.text} is {share.text} of the US goods deficit with "
        f"Japan, {deficit.text} in {deficit.period} ({published(flows.publication)}).",
    )


def gap(flows: CarTrade) -> tuple[Result, ...]:
    """The gap in units and value with its measures."""
    return (
        gap_units(flows, flows.gap_units),
        units_ratio(flows, flows.units_ratio),
        gap_value(flows, flows.gap_value),
        cover(flows.cover),
        two_way_trade(flows.grubel_lloyd),
        share_of_deficit(flows, flows.share_of_goods_deficit),
    )


def price_cut(years: TwoYears) -> tuple[Result, ...]:
    """Units against value in two years."""
    units, value = years.units.change, years.value_jpy.change
    sentence = (
        f"From {years.units.before.period} to {years.units.after.period} the export value in yen "
        f"{numbers.moved(value.value)} and the number of vehicles {numbers.moved(units.value)}, so "
        f"the value per vehicle {numbers.direction(years.unit_value_jpy.change.value)}."
    )
    return (
        result("units_change_2025_percent", units, sentence),
        result("value_change_2025_percent", value, sentence),
    )


def mirror(ladder: Mirror) -> tuple[Result, ...]:
    """What the two sides' statistics leave unexplained."""
    sentence = (
        f"US imports of {LADDER_YEAR} at customs value stand {away(ladder.unexplained)} Japan's "
        f"exports after every step; with freight and insurance they stand "
        f"{away(ladder.unexplained_cif)} customs value plus the assumed margin."
    )
    return (
        result("mirror_unexplained_percent", ladder.unexplained, sentence),
        result("mirror_cif_unexplained_percent", ladder.unexplained_cif, sentence),
    )


def doubling(effect: Effect, flows: CarTrade) -> Result:
    """What the programme does to the flow of US-built cars to Japan."""
    verb = (
        "more than double"
        if effect.more_than_doubles
        else f"raise by {numbers.percent(effect.share_of_us_units.value, 0)}"
    )
    return result(
        "programme_flow_multiple",
        effect.flow_multiple,
        f"{cars(effect)} a year would {verb} the flow of {_cars_to_japan(flows)} to Japan, to "
        f"{effect.flow_multiple.value:.1f} times.",
    )


def negligible(effect: Effect, flows: CarTrade) -> Result:
    """What the programme does to the goods deficit."""
    verdict, word = (
        ("below", "negligible") if effect.negligible else ("not below", "more than negligible")
    )
    return result(
        "programme_share_of_deficit_percent",
        effect.share_of_deficit,
        f"At an assumed {numbers.usd(effect.unit_value.value)} a car {cars(effect)} are "
        f"{effect.share_of_deficit.text} of the goods deficit of {flows.goods_deficit.period}, "
        f"{verdict} the {share_text(effect.negligible_share)} mark: {word} for the deficit.",
    )


def share_of_flow(effect: Effect, flows: CarTrade) -> Result:
    """The value of the programme against the value that flows from Japan."""
    return result(
        "programme_share_of_flow_percent",
        effect.share_of_flow,
        f"{cars(effect)} at an assumed {numbers.usd(effect.unit_value.value)} are worth "
        f"{usd(effect.gross)}, {effect.share_of_flow.text} of the "
        f"{flows.japan_value.text} that flow from Japan.",
    )


def share_of_gap(effect: Effect, flows: CarTrade) -> Result:
    """The value of the programme against the car gap."""
    analyst = effect.units.value == Scenario().programme_units
    origin = ", one analyst's estimate," if analyst else ""
    return result(
        "programme_share_of_gap_percent",
        effect.share_of_gap,
        f"{cars(effect)} a year{origin} are {effect.share_of_gap.text} of the {flows.year} "
        "US-Japan car gap by gross value (value per car assumed).",
    )


def net_change(effect: Effect, net: Quantity) -> Result:
    """What the gap shrinks by, net of Japanese parts and backfill."""
    sentence = (
        f"{cars(effect)} a year {gap_change(net)} net of Japanese parts and backfill (assumed)."
    )
    return result("programme_net_usd_mn", net.to(effect.net.unit), sentence)


def closing_net(effect: Effect, units: Quantity | None) -> Result:
    """How many cars close the share of the gap asked for, net of Japanese parts and backfill."""
    counted = "net of Japanese parts and backfill (assumed)"
    return _closing("units_to_close_net", effect, units, counted)


def closing_gross(effect: Effect, units: Quantity | None) -> Result:
    """How many cars close that share by their whole value."""
    counted = "counting the whole value of a car (assumed)"
    return _closing("units_to_close_gross", effect, units, counted)


def _closing(name: str, effect: Effect, units: Quantity | None, counted: str) -> Result:
    share = share_text(effect.close_share)
    if units is None:
        sentence = (
            f"No number of cars closes {share} of the car gap {counted}: each car adds as much "
            "from Japan as it takes off."
        )
        return results.word(name, NO_SOLUTION, sentence, effect.net)
    times = units.value / effect.units.value
    return result(
        name,
        units,
        f"Closing {share} of the car gap takes {numbers.units(units.value, 'cars')} a year "
        f"{counted}, {times:.1f} times the programme.",
    )


def effect(effect: Effect, flows: CarTrade) -> tuple[Result, ...]:
    """The programme through four lenses, and the cars that close the share asked for."""
    size = cars(effect)
    low = effect.net.interval[0] if effect.net.interval else effect.net.value
    worst = replace(effect.net, value=low, interval=None)
    rate = effect.gross_jpy.value * 1e9 / (effect.gross.value * 1e6)
    return (
        result(
            "programme_share_of_japan_units_percent",
            effect.share_of_japan_units,
            f"{size} a year are {effect.share_of_japan_units.text} of the vehicles Japan ships to "
            "the United States.",
        ),
        doubling(effect, flows),
        result("programme_value_usd_mn", effect.gross, share_of_flow(effect, flows).sentence),
        result(
            "programme_value_jpy_bn",
            effect.gross_jpy,
            f"At ¥{rate:.2f} per dollar, the rate of the scenario, {size} are worth "
            f"{effect.gross_jpy.text}.",
        ),
        share_of_flow(effect, flows),
        share_of_gap(effect, flows),
        negligible(effect, flows),
        result(
            "units_to_be_visible",
            effect.units_to_be_visible,
            f"{numbers.units(effect.units_to_be_visible.value, 'cars')} a year reach the assumed "
            f"mark of {effect.negligible_share.text} of the goods deficit.",
        ),
        result(
            "programme_us_value_added_usd_mn",
            effect.us_value_added,
            f"{size} a year hold {usd(effect.us_value_added)} of US value added (assumed value and "
            "content).",
        ),
        result(
            "programme_share_of_value_added_percent",
            effect.share_of_value_added_gap,
            f"The US value added in {size} a year is {effect.share_of_value_added_gap.text} of the "
            f"gap in what each side adds itself, {effect.value_added_gap.text} (content assumed).",
        ),
        net_change(effect, effect.net),
        result(
            "programme_net_low_usd_mn",
            worst,
            f"At the unfavourable end of every assumed range {size} {gap_change(worst)}.",
        ),
        closing_gross(effect, effect.units_to_close_gross),
        closing_net(effect, effect.units_to_close_net),
    )


def likely_share(effect: Effect, flows: CarTrade) -> Result:
    """The programme at the size of our own distribution, against the car gap."""
    units = middle(effect.units)
    return result(
        "likely_share_of_gap_percent",
        effect.share_of_gap,
        f"At our own distribution of volumes, {units.text} a year of all makers, the cars are "
        f"{middle(effect.share_of_gap).text} of the {flows.year} US-Japan car gap by gross value "
        "(value per car assumed).",
    )


def likely(effect: Effect, flows: CarTrade) -> tuple[Result, ...]:
    """The programme at the size of our own distribution."""
    deficit, net = middle(effect.share_of_deficit), middle(effect.net)
    return (
        likely_share(effect, flows),
        result(
            "likely_share_of_deficit_percent",
            effect.share_of_deficit,
            f"At our own distribution of volumes the cars are {deficit.text} of the goods deficit "
            f"of {flows.goods_deficit.period} (value per car assumed).",
        ),
        result(
            "likely_net_usd_mn",
            effect.net,
            f"At our own distribution of volumes the gap shrinks by {net.text} net of Japanese "
            "parts and backfill (assumed).",
        ),
    )


def beside_a_month(trade: TradePart, effect: Effect) -> str:
    """The programme of a year beside the usual move of the goods deficit in a month."""
    moved = trade.goods_months.deficit.value.diff().abs().iloc[-12:]
    first, last = (numbers.day(month) for month in (moved.index[0], moved.index[-1]))
    middle_move, largest = (numbers.usd(amount * 1e6) for amount in (moved.median(), moved.max()))
    return (
        f"From one month to the next the goods deficit moves by {middle_move} in the middle and by "
        f"{largest} at most ({first} to {last}); the programme is worth {usd(effect.gross)} in a "
        "whole year (value per car assumed)."
    )


def beside_oil(trade: TradePart, effect: Effect) -> str:
    """A month of more oil beside a year of the programme, as far as published."""
    months = trade.goods_months
    rise = months.exports.value.diff(12)
    more = Quantity(abs(rise.iloc[-1]), "USD million")
    times, side = float(more.value / effect.gross.value), "more" if rise.iloc[-1] >= 0 else "less"
    crude = months.crude
    return (
        f"In {numbers.day(rise.index[-1])} the United States sell Japan {usd(more)} {side} of all "
        f"goods than a year before, {numbers.plain(times, 1)} times what the programme brings in a "
        "whole year (value per car assumed). How much of that is oil was not found; reported is "
        f"that Japan bought {numbers.plain(crude.value, 1)} times as much US crude oil in "
        f"{numbers.day(crude.period)} as a year before."
    )


def everything(trade: TradePart) -> tuple[Result, ...]:
    """Every result of the trade notebook."""
    return (
        *gap(trade.flows),
        *price_cut(trade.years),
        *mirror(trade.mirror),
        duty_findings.duty(trade.duty),
        duty_findings.collected(trade, (trade.collected.share * trade.collected.schedule).to("%")),
        *duty_findings.absorption(trade),
        *duty_findings.incidence(trade),
        *effect(trade.effect, trade.flows),
    )


def cars(effect: Effect) -> str:
    """The programme in words: 20,000 cars."""
    return numbers.units(effect.units.value, "cars")


def gap_change(less: Quantity) -> str:
    """What the gap does: shrinks by $680 m, or grows."""
    amount = less.to("USD").value
    return f"{'shrink' if amount >= 0 else 'widen'} the gap by {numbers.usd(abs(amount))}"
