"""What notebook 04 finds: the sentences and results that notebook, brief and explore share."""

from collections.abc import Hashable
from typing import Any

import pandas as pd

from helpers.cost.part import CostPart
from helpers.cost.timeline import Timeline
from helpers.data.picking import pick, source_tuple
from helpers.quantities import Quantity
from helpers.results import Result, result, word
from helpers.show import numbers
from helpers.uncertainty import medians

PLEDGE = {"flow": "jp_us_investment", "product": "pledge", "measure": "usd_mn"}


def answer(cost: CostPart) -> list[Result | str]:
    """The answer in brief."""
    return [
        sticker(cost, cost.leading),
        matching_rate(cost),
        weak_yen_units(cost),
        break_even(cost),
        order_of_events(cost.timeline),
    ]


def sticker(cost: CostPart, model: str) -> Result:
    """The price of a model in Japan, with its interval."""
    price, car = cost.estimate(model), cost.cars[model]
    low, high = map(numbers.jpy, price.ends)
    side = "right-hand drive" if car.right_hand_drive else "left-hand drive"
    return result(
        "sticker_jpy",
        price.to("JPY per car"),
        f"At {numbers.plain(cost.costs.jpy_per_usd.value, 2)} yen per dollar a US-built "
        f"{car.title} ({side}), listed at {numbers.usd(car.list_price.value)} in the US, would "
        f"cost about {numbers.jpy(price.value)} in Japan ({numbers.joint(low, high)}, 80 % "
        "interval), on assumed margins and handling costs.",
        subject=model,
    )


def stickers(cost: CostPart) -> list[Result]:
    """The prices of the leading model and of the quoted ones; the lowest and the highest."""
    prices = {model: cost.estimate(model) for model in cost.quoted}
    cheap, dear = (choose(prices, key=lambda model: prices[model].value) for choose in (min, max))
    return [
        *(sticker(cost, model) for model in dict.fromkeys((cost.leading, *prices))),
        *(
            result(
                name,
                prices[model],
                f"The {end} of the chosen cars with a reported list price is the "
                f"{cost.cars.title[model]}, at about {numbers.jpy(prices[model].value)} (margins "
                "and handling assumed).",
            )
            for name, end, model in (
                ("lowest_sticker_jpy", "cheapest", cheap),
                ("highest_sticker_jpy", "dearest", dear),
            )
        ),
    ]


def above_likeliest(cost: CostPart, model: str) -> str:
    """The middle of the draws beside the walk at the likeliest costs."""
    price, likeliest = cost.estimate(model), cost.sticker(model)
    above = Quantity(float(price.value) - float(likeliest.value), "JPY per car")
    side = "above" if above.value >= 0 else "below"
    return (
        f"The middle of the draws, {numbers.jpy(price.value)}, lies {_yen(abs(above))} {side} the "
        f"{numbers.jpy(float(likeliest.value))} of the walk at the likeliest costs."
    )


def slope(cost: CostPart, per_yen: Quantity) -> str:
    """What one more yen per dollar adds to the leading sticker, in the middle of the draws."""
    title, rival = cost.cars.title[cost.leading], cost.lead_rival
    gap = Quantity(float(cost.estimate(cost.leading).value - rival.price.value), "JPY per car")
    side = "above" if gap.value >= 0 else "below"
    return (
        f"Each yen by which a dollar gets dearer adds {_yen(per_yen.median())} to a {title}, which "
        f"stands {_yen(abs(gap))} {side} the {rival.name} (costs assumed)."
    )


def matching_rate(cost: CostPart) -> Result:
    """The leading sticker against the Japan-built rival with the newest price."""
    rival, title = cost.lead_rival, cost.cars.title[cost.leading]
    ratio = float(cost.estimate(cost.leading).value / rival.price.value)
    low, high = cost.matching_rate.interval or (0.0, 0.0)
    return result(
        "matching_rate_jpy_per_usd",
        cost.matching_rate,
        f"The computed sticker is {numbers.plain(ratio, 2)} times the "
        f"{numbers.jpy(rival.price.value)} of a {rival.name} (price of {rival.price.period[:4]}); "
        f"a {title} matches it only at {numbers.plain(cost.matching_rate.value)} yen per dollar or "
        f"a stronger yen ({numbers.span(low, high, 3)}, 80 % interval, on assumed costs).",
    )


def over_list(cost: CostPart, ratio: Quantity) -> str:
    """How much dearer than in the US the cars become, and why. ratio: over list, by model."""
    ratios = [float(ratio[model]) for model in cost.quoted]
    low, high = (numbers.plain(end, 2) for end in (min(ratios), max(ratios)))
    spread = f"{numbers.between(low, high)} times"
    duty = cost.costs.japan_duty_percent
    cause = (
        "Japan charges no duty on it: the margins and the tax make it dear, not a tariff."
        if duty.value == 0
        else f"The Japanese duty of {duty.text} is a part of that."
    )
    return f"A car with a reported list price would cost {spread} that price in Japan. {cause}"


def freight_share(cost: CostPart, freight: Quantity, quay: Quantity) -> str:
    """What part of the value at the quay the way across the ocean is, for the leading model."""
    share = (freight / quay).to("%")[cost.leading]
    return (
        f"Freight is {numbers.percent(share.value)} of the value of a "
        f"{cost.cars.title[cost.leading]} at the Japanese quay."
    )


def goods_plate(cost: CostPart) -> list[Result]:
    """What a goods plate saves the owner of a pickup, and what it costs; none without a pickup."""
    plate = cost.goods_plate
    if plate is None:
        return []
    unsourced = ", whose displacement has no source," if _is_unverified(plate.tax_saving) else ""
    sentence = (
        f"With a goods plate a {cost.cars.title[plate.model]}{unsourced} would save "
        f"{numbers.jpy(plate.tax_saving.value)} of automobile tax a year; dearer tolls use that "
        f"up after about {numbers.plain(plate.even_trips.value)} trips as long as Tokyo to Kyoto, "
        f"and it is inspected {numbers.plain(plate.extra_inspections.value)} times more in "
        f"{cost.parameter('keeping_years')} years."
    )
    return [
        result("goods_plate_even_trips", plate.even_trips, sentence),
        result("goods_plate_extra_inspections", plate.extra_inspections, sentence),
    ]


def weak_yen_units(cost: CostPart) -> Result:
    """What a yen weaker by a tenth does to the leading car, and what that says of the claim."""
    sign, title = cost.sign, cost.cars.title[cost.leading]
    units = sign.units
    moved = (
        f"a yen weaker by {numbers.plain(sign.weaker_percent)} % raises the yen cost of a "
        f"US-built {title} by {numbers.percent(sign.cost.value)}"
    )
    low, high = (numbers.percent(abs(end)) for end in units.interval or (0.0, 0.0))
    if sign.verdict == "supported":
        sentence = (
            f"On these assumptions {moved} and still sells {numbers.percent(units.value)} "
            "more of them."
        )
    elif units.value < 0:
        share = numbers.percent(cost.yen.yen_pass_through_percent.value, 0)
        sentence = (
            f"A weak yen does not help: {moved}; with an assumed {share} of that in the sticker it "
            f"sells {numbers.percent(-units.value)} fewer ({high} to {low} over the assumed "
            "elasticities)."
        )
    elif sign.unrecovered.value > 0:
        sentence = (
            f"A weak yen does not help: {moved}, sells no more of them, and costs the maker "
            f"{_yen(sign.unrecovered)} a car."
        )
    else:
        sentence = (
            f"On these assumptions {moved}, which changes neither the sales of it nor what the "
            "maker gets."
        )
    return result("weak_yen_units_change_percent", sign.units, sentence)


def who_bears(cost: CostPart) -> str:
    """How buyer and maker share a sticker that a weaker yen makes dearer."""
    return (
        f"Of a dearer sticker the buyer pays {_yen(cost.sign.buyer)} and the maker goes without "
        f"{_yen(cost.sign.maker)}."
    )


def weak_yen(cost: CostPart) -> list[Result]:
    """The results on the yen claim."""
    sign, units = cost.sign, weak_yen_units(cost)
    at_set = cost.set_sticker(cost.leading, **cost.draws).median()
    asked = cost.asked_estimate(cost.leading)
    rate, set_rate = (part.costs.jpy_per_usd.value for part in (cost, cost.base))
    share, parts = cost.yen.yen_pass_through_percent, cost.yen.japanese_parts_share_percent
    passed = (
        f"A sticker set at {numbers.jpy(at_set.value)} at {numbers.plain(set_rate, 2)} yen per "
        f"dollar would be {numbers.jpy(asked.value)} at {numbers.plain(rate, 2)}, with "
        f"{numbers.percent(share.value, 0)} passed through (assumed)."
    )
    if rate == set_rate:
        passed = (
            f"At the exchange rate at which stickers are set, {numbers.plain(rate, 2)}, the asked "
            f"price is the one that covers the cost, {numbers.jpy(asked.value)} (costs assumed)."
        )
    return [
        result("asked_sticker_jpy", asked, passed),
        units,
        result(
            "weak_yen_hedged_cost_change_percent",
            sign.hedged_cost,
            f"With an assumed {numbers.percent(parts.value, 0)} of the content paid in yen, a yen "
            f"weaker by {numbers.plain(sign.weaker_percent)} % still raises the cost by "
            f"{numbers.percent(sign.hedged_cost.value)}.",
        ),
        result(
            "weak_yen_unrecovered_jpy",
            sign.unrecovered,
            f"A yen weaker by {numbers.plain(sign.weaker_percent)} % costs the maker "
            f"{_yen(sign.unrecovered)} a car, before dealer margin and tax.",
        ),
        word("yen_claim_verdict", sign.verdict, units.sentence, sign.units),
    ]


def yen_claim(cost: CostPart) -> dict[Hashable, Any]:
    """The printed claim on the sign of what the exchange rate does: its row of `claims`."""
    claims = cost.table("claims")
    rows = claims[(claims["claim_type"] == "causal") & (claims["subject"] == "USD/JPY")]
    return dict(rows.iloc[0].items())


def on_record(cost: CostPart) -> pd.DataFrame:
    """What carmakers and others did and said that refutes the claim: rows of `evidence`."""
    links, facts = cost.table("claim_evidence"), cost.table("evidence")
    refuting = links[
        (links["claim_id"] == yen_claim(cost)["claim_id"]) & (links["stance"] == "refutes")
    ]
    told = facts["metric"].str.startswith("context.")
    return facts[told & facts["evidence_id"].isin(refuting["evidence_id"])].astype(str)


def instead(cost: CostPart) -> str:
    """What is true instead: the maker's profit gains, beside the loss on programme cars."""
    told = cost.table("costs").set_index("item").loc[f"{cost.maker.lower()}_profit_per_yen_weaker"]
    per_yen, sources = float(str(told["value"])), cost.table("sources").set_index("source_id")
    year = sources["published"][str(told["source_ids"]).split(";")[0]][:4]
    yen = float(cost.costs.jpy_per_usd.value) * cost.sign.weaker_percent / 100
    programme = cost.terms.programme_units
    loss = float((programme * cost.sign.unrecovered).value)
    return (
        f"What a weak yen does raise is {cost.maker}'s operating profit as a whole: it put the "
        f"gain at {numbers.jpy(per_yen)} a year for each yen in {year}, so about "
        f"{numbers.jpy(per_yen * yen)} for {numbers.plain(yen)} yen, against {numbers.jpy(loss)} "
        f"lost on {numbers.units(programme.value, 'programme cars')}. It can pay for the "
        "programme; it does not make the cars competitive."
    )


def points(rise: Quantity, decimals: int | None = None) -> str:
    """A break-even probability as percentage points, said to be more than all where it is."""
    if rise.value >= 100:
        return "more than 100 percentage points"
    places = (1 if rise.value < 10 else 0) if decimals is None else decimals
    return f"{numbers.plain(rise.value, places)} percentage points"


def with_range(rise: Quantity) -> str:
    """The same with its 80 % interval."""
    return f"{points(rise)} ({numbers.span(*rise.ends, 2)}, 80 % interval)"


def break_even(cost: CostPart) -> Result:
    """The insurance: what must be true for the programme to pay by protecting the duty."""
    premium, maker = cost.premium, cost.maker
    yearly, loss = (_usd(amount) for amount in (premium.maker_cost, premium.maker.loss))
    if premium.maker_cost.value <= 0:
        sentence = (
            f"The programme costs {maker} nothing on these assumptions, so it needs to protect "
            "nothing."
        )
    elif premium.maker.loss.value <= 0:
        sentence = (
            f"There is no duty advantage to protect, so {maker}'s {yearly} a year pays at no "
            "probability."
        )
    elif premium.break_even.value >= 100:
        sentence = (
            f"{maker}'s part of the programme, {yearly} a year, is more than the {loss} that the "
            "lower duty is worth to it with certainty, so it does not pay as insurance."
        )
    else:
        sentence = (
            f"At an assumed {yearly} a year {maker}'s part of the programme pays as insurance if "
            f"it raises the chance that the lower duty lasts, worth {loss} a year to {maker}, by "
            f"{with_range(premium.break_even)} or more."
        )
    return result("break_even_probability_percent", premium.break_even, sentence)


def free_rider(cost: CostPart) -> str:
    """What all makers together would need, against one of them alone."""
    premium, maker = cost.premium, cost.maker
    if premium.cost.value <= 0:
        return (
            "The programme costs nothing on balance, so there is no bill that makers could share."
        )
    if premium.industry.loss.value <= 0:
        return "There is nothing that the other makers could gain from it."
    share = numbers.percent(cost.maker_share.value, 0)
    return (
        f"{maker} builds {share} of the models and carries that part of the cost; all makers "
        f"together, for the whole programme of {_usd(premium.cost)} a year (assumed), would need "
        f"{with_range(premium.industry_break_even)}, because the lower duty helps every exporter."
    )


def stake(cost: CostPart) -> str:
    """What turns on the duty for the maker."""
    stake = cost.premium.maker
    if stake.loss.value <= 0:
        return "With no higher duty to fear nobody has anything to lose."
    return (
        f"At the assumed elasticities the other duty would cost {cost.maker} {stake.loss.text} a "
        f"year in lower prices and cars not sold; the duty on the cars left would be "
        f"{stake.difference.text} higher."
    )


def premium(cost: CostPart) -> list[Result]:
    """The results on the programme as an insurance."""
    premium, programme = cost.premium, cost.terms.programme_units
    low, high = (numbers.usd(1e6 * end) for end in premium.cost.ends)
    return [
        result(
            "programme_cost_usd_mn",
            premium.cost,
            "One-off cost spread over the horizon, yearly cost and cost not recovered add to "
            f"{_usd(premium.cost)} a year ({numbers.joint(low, high)}, 80 % interval), assumed.",
        ),
        result(
            "programme_cost_per_car_usd",
            premium.cost_per_car,
            f"That is {_per_car(premium.cost_per_car)} for each of "
            f"{numbers.units(programme.value, 'cars')} (assumed).",
        ),
        result("duty_difference_usd_mn", premium.maker.difference, stake(cost)),
        result("maker_stake_usd_mn", premium.maker.loss, stake(cost)),
        break_even(cost),
        result(
            "industry_break_even_probability_percent",
            premium.industry_break_even,
            free_rider(cost),
        ),
    ]


def likely(cost: CostPart, units: Quantity) -> list[Result]:
    """The programme's cost at our own distribution of volumes: draws of the cars of all makers."""
    premium, count = medians(cost.premium_of(units)), units.median()
    return [
        result(
            "likely_cost_per_car_usd",
            premium.cost_per_car,
            f"At our own distribution of volumes, {count.text} a year of all makers, the programme "
            f"costs {_per_car(premium.cost_per_car)} (assumed).",
        ),
        result(
            "likely_break_even_probability_percent",
            premium.break_even,
            f"At that distribution {cost.maker}'s part pays from {with_range(premium.break_even)} "
            "on, at the assumed cost.",
        ),
    ]


def order_of_events(events: Timeline) -> str:
    """Whether the plan can have earned the cut: not if unnamed by then; else not known."""
    standing = {
        "": "had not been heard of",
        "rumour": "was a rumour",
        "considering": f"was only being considered (since {numbers.day(events.first_named_on)})",
    }
    agreed = numbers.day(events.agreed_on)
    then = standing.get(events.standing_when_agreed, "was already a stated aim")
    if events.plan_came_first:
        return (
            f"When the cut was agreed on {agreed} the plan {then}: the order of events "
            "does not rule out that it helped to earn the cut."
        )
    later = (
        f"it became a stated aim on {numbers.day(events.aimed_on)}"
        if events.aimed_on
        else "it has not become a stated aim since"
    )
    if events.first_named_on > events.agreed_on:
        earned = "A plan that came after the cut can protect it, but cannot have earned it."
    elif events.aimed_on:
        earned = (
            "The confirmed plan came after the cut, so it can protect it; whether the idea, "
            "floated before, helped to earn it is not known."
        )
    else:
        earned = "Whether the idea, floated before, helped to earn the cut is not known."
    return (
        f"The cut was agreed on {agreed} and in force from {numbers.day(events.in_force_on)}; the "
        f"plan then {then}, and {later}. {earned}"
    )


def other_terms(cost: CostPart) -> str:
    """What else can have bought the cut, and how large the programme is beside it."""
    pledge = pick(cost.table("trade_flows"), "USD million", "investment pledge", **PLEDGE)
    terms, gross = len(cost.timeline.other_terms), cost.trade.effect.gross
    share = float(gross.value / pledge.value) * 100
    return (
        f"The same agreement holds {numbers.spelled(terms)} other commitments, one of them to "
        f"invest {pledge.text} in the United States. A year of the programme, "
        f"{numbers.usd(gross.to('USD').value)} at the assumed value of a car, is "
        f"{numbers.percent(share, 2)} of that one: which of them bought the cut the order of "
        "events cannot say."
    )


def tariff_cost(cost: CostPart) -> str:
    """Why the maker's own figure is larger than the duty computed here."""
    tariff_cost = cost.tariff_cost
    times = numbers.plain(tariff_cost.ratio, 0 if tariff_cost.ratio >= 10 else 1)
    reported = numbers.jpy(tariff_cost.reported.to("JPY").value)
    return (
        f"{cost.maker} itself expected {reported} of tariff cost in that year, {times} times the "
        f"duty computed here at a mean rate of {numbers.percent(tariff_cost.mean_duty.value)}: its "
        "figure also holds parts, cars from Mexico and Canada and help for suppliers."
    )


def results(cost: CostPart) -> list[Result]:
    """All that the notebook leaves behind, the headline first."""
    return [
        *stickers(cost),
        matching_rate(cost),
        *goods_plate(cost),
        *weak_yen(cost),
        *premium(cost),
    ]


def source_ids(cost: CostPart) -> list[str]:
    """Every source behind the results, the prices, the ranges and the verdict card, each once."""
    columns = (
        cost.table("cost_ranges")["source_ids"],
        cost.timeline.rows["source_ids"],
        on_record(cost)["source_id"],
    )
    named = [source for finding in results(cost) for source in finding.source_ids]
    named += [source for model in cost.shown for source in cost.sticker(model).source_ids]
    named += [source for rival in cost.rivals for source in rival.price.source_ids]
    named += source_tuple(cell for column in columns for cell in column)
    tariffs = cost.tariff_cost
    return list(dict.fromkeys([*named, *tariffs.duty.source_ids, *tariffs.reported.source_ids]))


def _is_unverified(number: Quantity) -> bool:
    return number.quality == "unverified"


def _usd(amount: Quantity) -> str:
    plain = amount.to("USD per car" if "car" in amount.unit else "USD")
    return numbers.usd(float(plain.value))


def _per_car(amount: Quantity) -> str:
    """Dollars a car to the two digits that assumed costs carry, with any interval."""
    middle, *ends = (
        numbers.usd(numbers.significant(float(value), 2))
        for value in (amount.value, *(amount.interval or ()))
    )
    return f"{middle} a car" + (f" ({numbers.between(*ends)})" if ends else "")


def _yen(amount: Quantity) -> str:
    """Small yen amounts to three significant digits."""
    return numbers.jpy(numbers.significant(float(amount.value)))
