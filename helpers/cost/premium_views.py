"""How the programme's cost and the duty it may protect are shown: bars, a contour of break-even
probabilities, the timeline, sentences.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from helpers.cost.case import CostCase, capped_percent
from helpers.cost.premium import Premium
from helpers.cost.timeline import Timeline
from helpers.show import numbers, style

Picture = tuple[Figure, str, pd.DataFrame]
MAKER = "Toyota"
SOURCE = (
    "US Commerce import values, JAMA exports and Toyota's exports, as relayed by the press; "
    "Federal Register; the programme's cost is an assumption; own calculations."
)
SOURCE_IDS = (
    "OPP-JP",
    "JAMA25",
    "FR17908",
    "PROC10908",
    "CRS-IF10971",
    "TOY-500K",
    "TOY-281K",
    "S121",
)
RUN, RUN_ALL = f"this run, {MAKER}", "this run, all makers"
_LEVELS = (1, 2, 5, 10, 20, 50, 100)


def points(share: float) -> str:
    """A break-even probability as percentage points."""
    percent = 100 * share
    if percent > 100:
        return "more than 100 percentage points"
    return f"{numbers.plain(percent, 1 if percent < 10 else 0)} percentage points"


def premium_sentence(found: Premium) -> str:
    """The insurance sentence: what must be true for the programme to pay for itself by protecting
    the duty.
    """
    cost, saving = (
        numbers.usd(value * 1e6)
        for value in (found.cost_yearly_usd_mn, found.maker.difference_usd_mn)
    )
    if found.cost_yearly_usd_mn <= 0:
        return "The programme pays for itself on these assumptions, so it needs to protect nothing."
    if found.maker.difference_usd_mn <= 0:
        return (
            f"There is no duty advantage to protect, so the programme's {cost} a year pays at no "
            "probability."
        )
    if found.maker_break_even > 1:
        return (
            f"The programme's {cost} a year is more than the {saving} of duty {MAKER} would save "
            "with certainty, so it does not pay as insurance."
        )
    return (
        f"At an assumed {cost} a year the programme pays as insurance if it raises the chance "
        f"that {MAKER}'s lower duty lasts, worth {saving} a year, by "
        f"{points(found.maker_break_even)} or more."
    )


def free_rider_sentence(found: Premium) -> str:
    """What all makers together would need, against the maker alone."""
    if found.cost_yearly_usd_mn <= 0:
        return (
            "The programme costs nothing on balance, so there is no bill that makers could share."
        )
    if found.industry.difference_usd_mn <= 0:
        return "There is nothing that the other makers could gain from it."
    if found.maker.difference_usd_mn > found.industry.difference_usd_mn:
        return (
            f"On these assumptions {MAKER} ships more cars than all makers together, so the two "
            "cannot be compared."
        )
    own = 100 * found.maker.difference_usd_mn / found.industry.difference_usd_mn
    return (
        f"The lower duty helps every maker: {MAKER}'s cars carry {numbers.percent(own, 0)} of "
        "the difference, so the industry as a whole would need "
        f"{points(found.industry_break_even)}, while {MAKER} paying alone needs "
        f"{points(found.maker_break_even)}."
    )


def absorption_sentence(case: CostCase) -> str:
    """Who bears a higher duty, and what that does to the break-even."""
    maker, share = case.premium.maker, case.premium_inputs.absorption_percent
    if maker.difference_usd_mn <= 0:
        return "With no duty difference nobody has anything to bear."
    return (
        f"With {numbers.percent(share, 0)} absorbed in the price, {MAKER} itself would bear "
        f"{numbers.usd(maker.exporter_part_usd_mn * 1e6)} of the difference and US buyers "
        f"{numbers.usd(maker.buyer_part_usd_mn * 1e6)}; a lower price also means less duty, "
        "which raises the break-even."
    )


def timeline_sentence(found: Timeline) -> str:
    """Whether the plan can have earned the cut: one not even named by then cannot, and of an idea
    floated before it is not known.
    """
    standing = {
        "": "had not been heard of",
        "rumour": "was a rumour",
        "considering": f"was only being considered (since {found.first_named_on})",
    }
    then = standing.get(found.standing_when_agreed, "was already a stated aim")
    if found.plan_came_first:
        return (
            f"When the cut was agreed on {found.agreed_on} the plan {then}: the order of events "
            "does not rule out that it helped to earn the cut."
        )
    later = (
        f"it became a stated aim on {found.aimed_on}"
        if found.aimed_on
        else "it has not become a stated aim since"
    )
    if found.first_named_on > found.agreed_on:
        earned = "A plan that came after the cut can protect it, but cannot have earned it."
    elif found.aimed_on:
        earned = (
            "The confirmed plan came after the cut, so it can protect it; whether the idea, "
            "floated before, helped to earn it is not known."
        )
    else:
        earned = "Whether the idea, floated before, helped to earn the cut is not known."
    return (
        f"The cut was agreed on {found.agreed_on} and in force from {found.in_force_on}; the "
        f"plan then {then}, and {later}. {earned}"
    )


def cost_and_saving(case: CostCase) -> Picture:
    """Bars from zero: yearly cost of the programme, duty difference of the maker, the part it
    bears, all makers' difference.

    The thin lines are 80 % intervals of the cost and of the maker's difference.
    """
    found, spread = case.premium, case.premium_intervals
    items = [
        "programme cost",
        f"duty difference, {MAKER}",
        f"of it borne by {MAKER}",
        "duty difference, all makers",
    ]
    values = [
        found.cost_yearly_usd_mn,
        found.maker.difference_usd_mn,
        found.maker.exporter_part_usd_mn,
        found.industry.difference_usd_mn,
    ]
    ends = [
        spread.cost_yearly_usd_mn,
        spread.maker_difference_usd_mn,
        (math.nan, math.nan),
        (math.nan, math.nan),
    ]
    data = pd.DataFrame(
        {
            "item": items,
            "usd_mn_a_year": values,
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
        }
    )
    if found.maker.difference_usd_mn <= 0:
        title = "There is no duty difference for the programme to protect"
    elif found.cost_yearly_usd_mn <= 0:
        title = (
            f"The programme costs nothing on balance, and {MAKER}'s duty difference is "
            f"{numbers.usd(values[1] * 1e6)} a year"
        )
    elif values[1] > values[0]:
        title = (
            f"The duty difference on {MAKER}'s cars is {_times(values[1] / values[0])} the "
            "programme's cost"
        )
    else:
        title = f"The programme costs more than the duty difference on {MAKER}'s cars"
    fig, axis = style.canvas(
        title,
        "USD million a year: duty if the agreement lapsed, less duty now. Thin lines are 80 % "
        "intervals",
        SOURCE,
        height_in=2.1,
    )
    axis.barh(
        range(len(data)),
        values,
        color=[style.US_TO_JAPAN, style.JAPAN_TO_US, style.ACCENTS[3], style.LIGHT],
        height=0.66,
    )
    for place, (value, (low, high)) in enumerate(zip(values, ends, strict=True)):
        if low < high:
            axis.plot([low, high], [place, place], color=style.INK, linewidth=1.4)
        label = numbers.plain(value)
        axis.annotate(
            label,
            (max(value, 0 if math.isnan(high) else high), place),
            (4, 0),
            textcoords="offset points",
            va="center",
            size=9,
        )
    axis.set_yticks(range(len(data)), items)
    axis.invert_yaxis()
    axis.set_xlim(min(0.0, *values) * 1.1, max(1.0, *values, ends[0][1], ends[1][1]) * 1.12)
    axis.axvline(0, color=style.INK, linewidth=0.8)
    axis.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    axis.grid(axis="x")
    axis.spines["left"].set_visible(False)
    axis.tick_params(left=False, bottom=False)
    alt = (
        f"Bar chart in USD million a year: programme cost {numbers.plain(values[0])}, duty "
        f"difference on {MAKER}'s cars {numbers.plain(values[1])}, of it borne by {MAKER} "
        f"{numbers.plain(values[2])}, duty difference on all cars from Japan "
        f"{numbers.plain(values[3])}."
    )
    return fig, alt, data


def _times(ratio: float) -> str:
    return f"{numbers.plain(ratio, 0 if ratio >= 10 else 1)} times"


def contour(case: CostCase, others: Mapping[str, Premium]) -> Picture:
    """Lines of equal break-even probability over cost and stake, both a year and logarithmic, with
    scenarios as numbered dots.

    others: the premium in other scenarios, by title. A scenario without cost or stake has no place
    on a logarithmic axis and is named below.
    """
    found, spread = case.premium, case.premium_intervals
    rows = [
        (title, one.cost_yearly_usd_mn, one.maker.difference_usd_mn)
        for title, one in others.items()
    ]
    rows += [
        (RUN, found.cost_yearly_usd_mn, found.maker.difference_usd_mn),
        (RUN_ALL, found.cost_yearly_usd_mn, found.industry.difference_usd_mn),
    ]
    data = pd.DataFrame(
        rows, columns=["scenario", "cost_usd_mn_a_year", "duty_difference_usd_mn_a_year"]
    )
    drawn = {title: (cost, saving) for title, cost, saving in rows if cost >= 1 and saving >= 1}
    missing = [title for title, _, _ in rows if title not in drawn]
    lead = points(found.maker_break_even) if math.isfinite(found.maker_break_even) else ""
    fig, axis = style.canvas(
        _contour_title(found),
        "Lines: least rise in the probability of keeping the duty that pays for the programme. "
        "Axes in USD million a year, logarithmic",
        SOURCE
        + (f" Not drawn, no cost or nothing to protect: {', '.join(missing)}." if missing else ""),
        height_in=4.3,
    )
    x_limits = _limits([cost for cost, _ in drawn.values()], 20, 600)
    y_limits = _limits([saving for _, saving in drawn.values()], 200, 8_000)
    axis.set(xscale="log", yscale="log", xlim=x_limits, ylim=y_limits)
    for level in _LEVELS:
        axis.plot(
            x_limits,
            [100 * x / level for x in x_limits],
            color=style.JAPAN_TO_US,
            linewidth=1.0,
            alpha=0.55,
        )
        _label_line(axis, level, x_limits, y_limits)
    places: dict[tuple[float, float], list[str]] = {}
    for name, place in drawn.items():
        if name not in (RUN, RUN_ALL):
            places.setdefault((round(place[0], 6), round(place[1], 6)), []).append(name)
    key = []
    ordered = sorted(places.items(), key=lambda item: item[0][0] / item[0][1])
    spots = _number_spots([place for place, _ in ordered], drawn.get(RUN), x_limits, y_limits)
    for number, ((place, names), spot) in enumerate(zip(ordered, spots, strict=True), 1):
        axis.plot(*place, "o", color="white", markeredgecolor=style.INK, markersize=6)
        axis.annotate(
            str(number), place, spot, textcoords="offset points", size=8, ha="center", va="center"
        )
        key.append(
            f"{number}  {names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        )
    axis.text(
        0.985,
        0.03,
        "\n".join(key),
        transform=axis.transAxes,
        size=8,
        ha="right",
        va="bottom",
        multialignment="left",
        linespacing=1.35,
        bbox={"facecolor": "white", "edgecolor": style.LIGHT, "pad": 4},
    )
    if RUN in drawn and spread.cost_yearly_usd_mn[0] > 0 and spread.maker_difference_usd_mn[0] > 0:
        axis.plot(
            spread.cost_yearly_usd_mn, [drawn[RUN][1]] * 2, color=style.US_TO_JAPAN, linewidth=1.2
        )
        axis.plot(
            [drawn[RUN][0]] * 2,
            spread.maker_difference_usd_mn,
            color=style.US_TO_JAPAN,
            linewidth=1.2,
        )
    for name, marker in ((RUN, "D"), (RUN_ALL, "s")):
        if name in drawn:
            axis.plot(*drawn[name], marker, color=style.US_TO_JAPAN, markersize=8)
            axis.annotate(
                name,
                drawn[name],
                (7, 9),
                textcoords="offset points",
                size=9,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8},
            )
    for direction, limits, start in (
        (axis.xaxis, x_limits, "programme cost"),
        (axis.yaxis, y_limits, "duty difference"),
    ):
        ticks = [
            tick * 10**power
            for power in range(-2, 6)
            for tick in (1, 2, 5)
            if limits[0] <= tick * 10**power <= limits[1]
        ]
        direction.set_ticks(
            ticks, [numbers.plain(tick) if tick >= 1 else f"{tick:g}" for tick in ticks]
        )
        direction.set_minor_locator(NullLocator())
        direction.set_label_text(start)
    alt = (
        "Contour chart of the break-even probability over yearly programme cost and duty "
        f"difference, with {sum(map(len, places.values()))} scenarios as dots. This run: cost "
        f"{numbers.plain(found.cost_yearly_usd_mn)}, difference "
        f"{numbers.plain(found.maker.difference_usd_mn)} USD million"
        + (
            f", break-even {lead} for {MAKER} alone and {points(found.industry_break_even)} for "
            "all makers."
            if lead
            else ", nothing to protect."
        )
    )
    return fig, alt, data


def _number_spots(
    places: list[tuple[float, float]],
    run: tuple[float, float] | None,
    x_limits: tuple[float, float],
    y_limits: tuple[float, float],
) -> list[tuple[float, float]]:
    """Where the number of each dot stands beside it, in points, so that numbers of neighbours and
    the name of the run stay apart.
    """

    def in_points(place: tuple[float, float]) -> tuple[float, float]:
        shares = [
            math.log(value / limits[0]) / math.log(limits[1] / limits[0])
            for value, limits in zip(place, (x_limits, y_limits), strict=True)
        ]
        return 430 * shares[0], 290 * shares[1]

    taken = [(*in_points(place), 5.0) for place in places]
    if run is not None:
        x, y = in_points(run)
        taken += [(x + step, y + 13, 8.0) for step in range(8, 96, 8)]
    spots = []
    for place in places:
        x, y = in_points(place)
        ring = [
            (reach * math.cos(turn * math.pi / 4), reach * math.sin(turn * math.pi / 4))
            for reach in (11, 17, 24, 32)
            for turn in (5, 7, 6, 4, 3, 0, 2, 1)
        ]
        free = [
            (dx, dy)
            for dx, dy in ring
            if all(
                abs(x + dx - tx) > size + 3 or abs(y + dy - ty) > size + 3 for tx, ty, size in taken
            )
        ]
        spots.append((free or ring)[0])
        taken.append((x + spots[-1][0], y + spots[-1][1], 5.0))
    return spots


def _contour_title(found: Premium) -> str:
    if found.cost_yearly_usd_mn <= 0:
        return "The programme costs nothing on balance, so it needs to protect nothing"
    if found.maker.difference_usd_mn <= 0:
        return "There is nothing to protect, so no probability makes the programme pay"
    if found.maker_break_even > 1:
        return f"For {MAKER} alone not even certainty of the lower duty pays for the programme"
    return (
        f"{MAKER} alone needs {points(found.maker_break_even)} more certainty, all makers "
        f"together {points(found.industry_break_even)}"
    )


def _limits(values: list[float], low: float, high: float) -> tuple[float, float]:
    return min([low, *(0.7 * value for value in values)]), max(
        [high, *(1.4 * value for value in values)]
    )


def _label_line(
    axis: Any, level: float, x_limits: tuple[float, float], y_limits: tuple[float, float]
) -> None:
    """The level's name where its line leaves the frame, at the top or at the right."""
    at_top = (y_limits[1] * level / 100, y_limits[1])
    at_right = (x_limits[1], 100 * x_limits[1] / level)
    if x_limits[0] < at_top[0] < x_limits[1]:
        axis.annotate(
            f"{level} %",
            at_top,
            (0, 2),
            textcoords="offset points",
            size=8,
            color=style.JAPAN_TO_US,
            ha="center",
            va="bottom",
        )
    elif y_limits[0] < at_right[1] < y_limits[1]:
        axis.annotate(
            f"{level} %",
            at_right,
            (4, 0),
            textcoords="offset points",
            size=8,
            color=style.JAPAN_TO_US,
            ha="left",
            va="center",
        )


def timeline_table(found: Timeline) -> pd.DataFrame:
    """The events of the cut and of the plan in time."""
    return found.rows.drop(columns="event_id").rename(
        columns={"date": "Day", "actor": "Who", "event": "What happened", "status": "Standing"}
    )


def results(case: CostCase) -> list[dict[str, object]]:
    """The recorded results of the premium: keyword arguments of `results.record`."""
    found = case.premium
    low, high = case.premium_intervals.maker_break_even
    interval = (capped_percent(low), capped_percent(high), "80 %") if math.isfinite(low) else None

    def one(
        name: str,
        value: float,
        unit: str,
        sentence: str,
        interval: tuple[float, float, str] | None = None,
    ) -> dict[str, object]:
        return {
            "name": name,
            "value": value,
            "unit": unit,
            "quality": "estimate",
            "source_ids": SOURCE_IDS,
            "sentence": sentence,
            "interval": interval,
        }

    return [
        one(
            "programme_cost_usd_mn",
            found.cost_yearly_usd_mn,
            "USD million a year",
            "One-off cost spread over the horizon, yearly cost and cost not recovered add to "
            f"{numbers.usd(found.cost_yearly_usd_mn * 1e6)} a year, assumed.",
        ),
        one(
            "programme_cost_per_car_usd",
            found.cost_per_car_usd,
            "USD a car",
            f"That is {numbers.usd(found.cost_per_car_usd)} for each of "
            f"{numbers.units(case.premium_inputs.programme_units, 'cars')}.",
        ),
        one(
            "duty_difference_usd_mn",
            found.maker.difference_usd_mn,
            "USD million a year",
            absorption_sentence(case),
        ),
        one(
            "break_even_probability_percent",
            capped_percent(found.maker_break_even),
            "points",
            premium_sentence(found),
            interval,
        ),
        one(
            "industry_break_even_probability_percent",
            capped_percent(found.industry_break_even),
            "points",
            free_rider_sentence(found),
        ),
    ]


def checks(case: CostCase) -> pd.DataFrame:
    """What must hold of walks and premium: check, computed, expected, whether it holds."""
    stake, found, anchor = case.premium.maker, case.premium, case.anchor
    years = case.premium_inputs.horizon_years
    rate = 1 + case.premium_inputs.discount_rate_percent / 100
    spread = sum(found.cost_yearly_usd_mn / rate**year for year in range(1, years + 1))
    close = [
        *(
            (
                f"steps of the {walk.car.title} add up to its sticker, JPY",
                sum(step.jpy for step in walk.steps),
                walk.sticker_jpy,
            )
            for walk in case.shown
        ),
        (
            "parts borne by maker and buyers add up to the duty difference, USD m",
            stake.exporter_part_usd_mn + stake.buyer_part_usd_mn,
            stake.difference_usd_mn,
        ),
        (
            "even yearly cost has the programme's present value, USD m",
            spread,
            found.cost_present_usd_mn,
        ),
    ]
    rows: list[tuple[str, float, float, bool]] = [
        (*row, math.isclose(row[1], row[2], rel_tol=1e-9, abs_tol=1e-6)) for row in close
    ]
    words = (
        f"duty on {MAKER}'s cars from Japan in the year to March 2026 is below its own estimate "
        "of all tariffs, USD m"
    )
    rows.append((words, anchor.duty_usd_mn, anchor.reported_usd_mn, anchor.ratio > 1))
    return pd.DataFrame(rows, columns=["Check", "Computed", "Expected", "Holds"])


def anchor_sentence(case: CostCase) -> str:
    """Why the maker's own figure is larger than the duty computed here."""
    anchor = case.anchor
    return (
        f"{MAKER} itself expected {numbers.jpy(anchor.reported.value * 1e9)} of tariff cost in "
        f"that year, {_times(anchor.ratio)} the duty computed here at a mean rate of "
        f"{numbers.percent(anchor.mean_duty_percent)}: its figure also holds parts, cars from "
        "Mexico and Canada and help for suppliers."
    )
