"""Tables of notebook 04."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.cost.findings import instead, on_record, points, yen_claim
from helpers.cost.keeping import PLATES, inspections
from helpers.cost.part import CostPart
from helpers.cost.timeline import actors
from helpers.cost.weak_yen import change, landed_cost
from helpers.periods import read_period
from helpers.quantities import Quantity
from helpers.show import numbers
from helpers.show.table import Table, listed
from helpers.trade.tables import assumed


def assumptions(cost: CostPart) -> Table:
    """The assumptions behind the intervals, and the range around each."""
    given = vars(cost.costs) | vars(cost.terms)
    return assumed(
        "assumptions",
        "Assumptions behind the intervals, and the range around each",
        cost.table("cost_ranges"),
        {name: float(quantity.value) for name, quantity in given.items()},
        decimals=1,
    )


def stickers(cost: CostPart) -> Table:
    """One row a model: list price, landed cost, sticker, and how the list price is known."""
    sticker, prices = cost.sticker(), cost.cars.list_price
    landed, ratio = landed_cost(sticker, cost.costs), cost.over_list
    rows = [
        {
            "Model": cost.cars.title[model],
            "US list price": prices[model].value,
            "Landed cost": landed[model].value,
            "Sticker": sticker[model].value,
            "Over list price": ratio[model].value,
            "List price is": "assumed" if prices[model].quality == "unverified" else "reported",
        }
        for model in cost.shown
    ]
    units = {"US list price": "USD", "Landed cost": "JPY", "Sticker": "JPY"}
    return Table(
        "stickers",
        "From US list price to Japanese sticker",
        pd.DataFrame(rows),
        units | {"Over list price": "ratio"},
        {"Over list price": 2},
        estimated=("Landed cost", "Sticker"),
    )


def keeping(cost: CostPart) -> Table:
    """The models shown and the cars they would be compared with: size, taxes a year, inspections
    and toll. A pickup stands with both plates, because which one it gets is not settled.
    """
    kept, rates, years = cost.keeping, cost.keeping_rates, cost.parameter("keeping_years")
    rows = []
    for car in kept.length_mm.index:
        tax, weight = kept.automobile_tax[car], kept.weight_tax[car]
        for plate in PLATES if kept.body_style[car] == "pickup" else PLATES[:1]:
            passenger = plate == "passenger"
            rows.append(
                {
                    "Car": car,
                    "Plate": plate,
                    "Length": kept.length_mm[car],
                    "Width": kept.width_mm[car],
                    "Automobile tax": (tax if passenger else rates.goods_tax).value,
                    "Weight tax": weight.value if passenger else math.nan,
                    "Inspections": int(inspections(rates, plate, years).value),
                    "Example toll": rates.toll[plate].value,
                    "Weight has a source": "no" if weight.quality == "unverified" else "yes",
                }
            )
    yearly = dict.fromkeys(("Automobile tax", "Weight tax"), "JPY a year")
    return Table(
        "keeping",
        "Size, yearly taxes, and inspections over the years the car is kept",
        pd.DataFrame(rows),
        yearly | {"Example toll": "JPY", "Length": "mm", "Width": "mm"},
    )


def weaker_yen(cost: CostPart) -> Table:
    """What a weaker yen changes, for both directions of trade and for profits."""
    sign, values = cost.sign, cost.table("costs").set_index("item")["value"]
    before = cost.sticker(cost.leading)
    cover = before * (1 + sign.cost)
    parts, share = (
        numbers.percent(quantity.value, 0)
        for quantity in (cost.yen.japanese_parts_share_percent, cost.yen.yen_pass_through_percent)
    )
    measured = [
        (change(before, before * (cover / before) ** Quantity(float(values[item]), "%")), how, item)
        for item, how in (
            ("yen_pass_through_foreign_invoiced", "invoiced in a foreign currency"),
            ("yen_pass_through_yen_invoiced", "invoiced in yen"),
        )
    ]
    fewer = "against US-built cars" if sign.units.value < 0 else "neither"
    rows: list[tuple[str, Quantity, str]] = [
        ("US-built car in Japan: its cost in yen", sign.cost, "against US-built cars"),
        (
            f"the same with {parts} Japanese parts paid in yen",
            sign.hedged_cost,
            "against, a little less",
        ),
        (f"its sticker, {share} passed through", sign.asked, "against, for the buyer"),
        *(
            (
                f"{numbers.percent(values[item], 0)} of it, as border prices of all goods moved "
                f"when {how} (measured; no car, no sticker)",
                moved,
                "against, for the buyer",
            )
            for moved, how, item in measured
        ),
        ("its units sold, at the middle of the assumed elasticities", sign.units, fewer),
        (
            "Japan-built car in the US: its cost in dollars",
            sign.export_cost,
            "for Japan-built cars",
        ),
        ("a dollar of US profit, in yen", sign.profit, "for the maker's accounts"),
    ]
    frame = pd.DataFrame(
        [(what, float(moved.value), works) for what, moved, works in rows],
        columns=["What", "Change", "Works"],
    )
    caption = f"What a yen weaker by {sign.weaker_percent:.0f} % changes"
    return Table("weaker_yen", caption, frame, {"Change": "%"}, {"Change": 1})


def yen_verdict(cost: CostPart) -> Table:
    """The claim, its verdict, what is wrong with it, what is on record, what is true."""
    claim, sign, told = yen_claim(cost), cost.sign, on_record(cost)
    moved = (
        f"With a yen weaker by {numbers.plain(sign.weaker_percent)} % the number of cars sold "
        f"{numbers.moved(sign.units.value)}, and "
        f"{numbers.jpy(numbers.significant(sign.unrecovered.value))} more a car is not "
        "recovered"
    )
    rows = [
        ("Claim", claim["claim"], ""),
        ("Verdict", sign.verdict, ""),
        ("Why", moved, ""),
        *(
            (f"On record, {numbers.day(row['period'])}", row["statement"], row["source_id"])
            for row in told.assign(source_id=listed(told["source_id"])).to_dict("records")
        ),
        ("True instead", instead(cost), ""),
    ]
    frame = pd.DataFrame(rows, columns=["Part", "Text", "Sources"])
    return Table("yen_verdict", "Verdict on the yen claim", frame)


def break_even(cost: CostPart, others: Mapping[str, CostPart]) -> Table:
    """The maker's cost and stake a year and what it needs, in this run and in other scenarios, by
    title; scenarios with the same numbers share a row.
    """
    titles: dict[tuple[str, ...], list[str]] = {}
    for title, other in {"This run": cost, **others}.items():
        premium = other.premium
        money = (
            numbers.usd(float(amount.value) * 1e6)
            for amount in (premium.maker_cost, premium.maker.loss)
        )
        need = points(premium.break_even) if premium.maker.loss.value > 0 else "nothing to protect"
        titles.setdefault((*money, need), []).append(title)
    rows = [("; ".join(named), *texts) for texts, named in titles.items()]
    heads = ["Scenario", "Cost a year", "At stake a year", "Needed for it to pay"]
    caption = (
        f"{cost.maker}'s part of the programme, and the rise in probability that it must bring"
    )
    return Table("break_even", caption, pd.DataFrame(rows, columns=heads))


def timeline(cost: CostPart) -> Table:
    """The events of the cut, of what else was agreed, and of the plan, in time."""
    rows = cost.timeline.rows
    heads = ["Day", "Part", "Who", "What happened", "Standing", "Sources"]
    spread = {
        "date": rows["date"].map(numbers.day),
        "actor": actors(rows),
        "source_ids": listed(rows["source_ids"]),
    }
    frame = rows.assign(**spread).set_axis(heads, axis=1)
    caption = f"The cut of the US duty, what else was agreed, and {cost.maker}'s plan, in time"
    return Table("timeline", caption, frame)


def identities(cost: CostPart) -> Table:
    """What must hold of cost and stake: check, computed, expected, whether it holds."""
    premium, now = cost.premium_of(cost.terms.programme_units), cost.trade.now
    tariffs = cost.tariff_cost
    rate, years = 1 + cost.terms.discount_rate_percent, int(cost.terms.horizon_years.value)
    spread = sum(np.mean(premium.cost.value) / float(rate) ** year for year in range(1, years + 1))
    close = [
        (
            "parts borne by exporter and buyer add up to the additional duty on a car, USD",
            np.mean((now.exporter + now.buyer).value),
            np.mean(now.treasury.value),
        ),
        (
            "even yearly cost has the programme's present value, USD m",
            spread,
            np.mean(premium.present_value.value),
        ),
    ]
    rows: list[tuple[str, float, float, bool]] = [
        (*row, math.isclose(row[1], row[2], rel_tol=1e-9, abs_tol=1e-6)) for row in close
    ]
    what = (
        f"duty on {cost.maker}'s cars from Japan in the year to "
        f"{read_period(tariffs.reported.period).last:%B %Y} is below its own estimate of all "
        "tariffs, USD m"
    )
    rows.append((what, tariffs.duty.value, tariffs.reported_usd.value, tariffs.ratio > 1))
    return Table(
        "identities",
        "What must hold of the programme's cost and stake",
        pd.DataFrame(rows, columns=["Check", "Computed", "Expected", "Holds"]),
        decimals={"Computed": 2, "Expected": 2},
    )
