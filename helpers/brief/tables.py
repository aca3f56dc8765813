"""Tables of the brief."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from helpers.brief import findings
from helpers.brief.findings import Headline
from helpers.brief.part import BriefPart, HeadlineNumbers
from helpers.brief.robustness import Held
from helpers.cost.timeline import actors
from helpers.periods import last_day
from helpers.show import Table, numbers
from helpers.trade.duty import duty_on, last_known
from helpers.trade.words import rate_text

EVENTS_SHOWN = 5


def headlines(brief: BriefPart, others: Mapping[str, HeadlineNumbers]) -> Table:
    """One row a headline: number, interval, quality, range over the scenarios, notebook."""
    rows = [
        (
            headline.label,
            headline.text(brief.headlines),
            headline.note,
            headline.result.quality,
            _range(headline, list(others.values())),
            headline.notebook,
        )
        for headline in findings.headlines(brief)
    ]
    columns = ["Headline", "This run", "Interval", "Quality", "All scenarios", "Notebook"]
    caption = "The five headlines, and how far they move over all scenarios"
    return Table("headlines", caption, pd.DataFrame(rows, columns=columns))


def _range(headline: Headline, others: Sequence[HeadlineNumbers]) -> str:
    """From the lowest to the highest, a unit that both end in written once."""
    ends = (choose(others, key=lambda own: (headline.of(own), own.sized)) for choose in (min, max))
    low, high = (headline.text(own).split(" (")[0] for own in ends)
    return numbers.joint(low, high)


def then_and_now(brief: BriefPart) -> Table:
    """Rate, duty and goods deficit when the plan became an aim and as last known."""
    then = brief.cost.timeline.aimed_on or brief.cost.timeline.agreed_on
    rates = brief.table("fx_usdjpy_monthly").set_index("period")["jpy_per_usd"]
    balance = brief.table("goods_trade_monthly").set_index("month")["balance_usd_mn"]
    schedule = brief.table("tariffs")
    duties = duty_on(schedule, then, "passenger_car"), last_known(schedule, "passenger_car")
    rows = [
        (
            "Yen per dollar, average of the month",
            *_both(rates, then, 1, lambda rate: numbers.plain(rate, 2)),
        ),
        (
            "US duty on a Japanese car",
            *(rate_text(duty.total_percent) for duty in duties),
            numbers.day(duties[1].day),
        ),
        (
            "US goods deficit with Japan, twelve months",
            *_both(-balance, then, 12, lambda deficit: numbers.usd(1e6 * deficit)),
        ),
    ]
    columns = ["Number", numbers.day(then), "As last known", "Known until"]
    caption = "Then and now: since the plan became a stated aim"
    frame = pd.DataFrame(rows, columns=columns)
    return Table("then_and_now", caption, frame)


def _both(
    months: pd.Series, then: str, count: int, text: Callable[[float], str]
) -> tuple[str, str, str]:
    """The sum of so many months to a day and of the newest as many, and their last day."""
    until = months[months.index <= then[:7]].tail(count), months.tail(count)
    first, now = (float(own.sum()) for own in until)
    return text(first), text(now), numbers.day(last_day(str(months.index[-1])))


def since(brief: BriefPart) -> Table:
    """What happened since the plan became a stated aim, the newest first."""
    then = brief.cost.timeline.aimed_on or brief.cost.timeline.agreed_on
    events = brief.table("events")
    later = events[(events["date"] > then) & events["status"].isin(["announced", "happened"])]
    later = later.sort_values("date", ascending=False, kind="stable").head(EVENTS_SHOWN)
    frame = pd.DataFrame(
        {
            "Day": later["date"].map(numbers.day).to_numpy(),
            "Who": actors(later).to_numpy(),
            "What": later["event"].to_numpy(),
            "Quality": later["quality"].to_numpy(),
        }
    )
    return Table("since", "What happened since, the newest first", frame)


def robustness(brief: BriefPart, held: Sequence[Held]) -> Table:
    """Each headline statement, in how many scenarios it is true, and in which it is not."""
    rows = [
        (
            findings.statement(own, brief),
            f"{len(own.holds_in)}\u00a0of\u00a0{own.cases}",
            _not_in(own),
        )
        for own in held
    ]
    caption = "Each headline as a statement that a scenario can make false"
    return Table("robust", caption, pd.DataFrame(rows, columns=["Statement", "True in", "Not in"]))


def _not_in(held: Held) -> str:
    """The scenarios in which a statement fails, named by the shorter of the two lists."""
    if len(held.fails_in) > len(held.holds_in):
        return f"all but {', '.join(held.holds_in)}" if held.holds_in else "all"
    return ", ".join(held.fails_in) or "none"


def contradicted(brief: BriefPart) -> Table:
    """Each claim that the facts contradict, by outlet, and what the facts say."""
    rows = [
        (
            own.claim.outlet,
            own.claim.text,
            (own.then if own.then.label == own.headline else own.now).explanation,
        )
        for own in brief.claims.audit.verdicts
        if own.headline == "contradicted"
    ]
    frame = pd.DataFrame(rows, columns=["Article", "What it says", "What the facts say"])
    facts = frame["What the facts say"]
    frame["What the facts say"] = facts.mask(facts.duplicated(), "the same, see above")
    return Table("contradicted", "Claims that the facts contradict", frame)


def watch(brief: BriefPart) -> Table:
    """What would change the answers: what to watch, from which number on, where it is published."""
    cost, effect = brief.cost, brief.trade.effect
    net, price = effect.units_to_close_net, cost.estimate(cost.leading)
    lowest = price.interval[0] if price.interval else price.value
    share = numbers.percent(brief.parameter("close_share_percent"), 0)
    rows = [
        (
            "US-built cars registered a year",
            f"{numbers.plain(brief.volume.threshold)} or more",
            "JAIA, Japan Customs",
        ),
        (
            f"Cars that close {share} of the gap, net of Japanese parts and backfill",
            "no number" if net is None else numbers.units(net.value, "cars"),
            "Japan Customs",
        ),
        (
            f"Price of the {cost.cars.title[cost.leading]}",
            f"below {numbers.jpy(lowest)}",
            f"{cost.maker} newsroom",
        ),
        (
            "Yen per dollar",
            f"below {numbers.plain(cost.matching_rate.value)}",
            "Federal Reserve G.5",
        ),
        (
            "US duty on Japanese cars",
            f"other than {rate_text(brief.parameter('us_duty_percent'))}",
            "Federal Register",
        ),
    ]
    caption = "What to watch, and the number from which an answer above would change"
    return Table("mind", caption, pd.DataFrame(rows, columns=["Watch", "Threshold", "Publisher"]))


def forecast(brief: BriefPart) -> Table:
    """The registered forecast on the same question beside what this run says."""
    row, volume = brief.registered, brief.volume
    low, high = volume.median.interval or (0.0, 0.0)
    columns = ["threshold_units", "probability_percent", "p10_units", "p50_units", "p90_units"]
    made_on, resolves_on = (numbers.day(row[name]) for name in ("made_on", "resolves_on"))
    registered = (f"registered {made_on}", *(row[column] for column in columns))
    chance = 100 * volume.probability
    now = ("this run", volume.threshold, chance, low, volume.median.value, high)
    frame = pd.DataFrame(
        [(*registered, resolves_on), (*now, "")],
        columns=["Forecast", "Threshold", "Chance", "P10", "P50", "P90", "Scored from"],
    )
    quantiles = dict.fromkeys(("P10", "P50", "P90"), 0)
    return Table(
        "ledger",
        "The registered forecast beside this run",
        frame,
        units={"Chance": "%", **dict.fromkeys(("Threshold", "P10", "P50", "P90"), "cars a year")},
        decimals=quantiles | {"Chance": 0},
        estimated=quantiles,
    )


def verdicts(models: pd.DataFrame) -> Table:
    """One word for each model; `models` are rows of `FitPart.verdicts`."""
    shown = models[["title", "verdict"]].set_axis(["Model", "Verdict"], axis=1)
    return Table("fit_verdicts", "Each model of sourced size in the stall and the street", shown)
