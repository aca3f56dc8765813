"""The brief on one page: five headlines with interval, quality and range over scenarios, the
verdict strip, what would change them.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.brief.headlines import Brief, Held, Numbers, same_question
from helpers.claims import findings as claims_findings
from helpers.claims.sentences import HELD, OFF
from helpers.claims.summary import by_article
from helpers.cost import premium_views, sticker_views, yen_views
from helpers.cost.timeline import Timeline
from helpers.fit import findings as fit_findings
from helpers.fit.limits import FITS
from helpers.quantities import Quantity
from helpers.results import Result
from helpers.show import numbers, style
from helpers.trade import findings as trade_findings
from helpers.volume import findings as volume_findings

Picture = tuple[Figure, str, pd.DataFrame]
Record = dict[str, Any]
SOURCE = "notebooks 01 to 04 of this suite, which name the source of each number; own calculations."
STRIP_SOURCE = (
    "the claim audit of this suite (notebook 05); verdicts are computed from dated facts."
)
# Groups of the verdict strip: name, labels, colour, sign. The sign stands in the bar, so that
# colour is never alone.
_GROUPS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("supported or mostly", HELD, style.GOOD, "✓"),
    ("mixed or off", OFF, style.CAUTION, "△"),
    ("contradicted", ("contradicted",), style.BAD, "✗"),
    ("no support", ("unsupported",), "#CC79A7", "–"),
    (
        "forecast",
        ("forecast_met", "forecast_partly_met", "forecast_pending", "forecast_missed"),
        "#56B4E9",
        "→",
    ),
    ("opinion or beyond checking", ("opinion", "unverifiable"), style.LIGHT, "?"),
)


@dataclass(frozen=True)
class Row:
    """One headline: the record of the notebook it comes from, and how to read and write its number.

    unit: of the axis. of: the number in `Numbers`, on the axis of the picture. text: that number in
    words. interval: the 80 % interval on the same axis, for the share of the gap the range of
    values per car, None where there is none. note: an interval in words, with what it is an
    interval of where that is not the number itself.
    """

    label: str
    unit: str
    notebook: str
    record: Record
    of: Callable[[Numbers], float]
    text: Callable[[float], str]
    interval: tuple[float, float] | None
    note: str


def results(brief: Brief, headlines: Sequence[Row], held: tuple[Held, ...]) -> list[Record]:
    """The recorded results: the headlines as their notebooks record them, what stands beside them,
    and how robust they are.
    """
    true = sum(len(one.holds_in) for one in held)
    cases = true + sum(len(one.fails_in) for one in held)
    robust = {
        "name": "headlines_hold_percent",
        "value": 100 * true / cases,
        "unit": "%",
        "quality": "estimate",
        "source_ids": ("ASSUMPTION",),
        "sentence": (
            f"Over all scenarios the headline statements are true in {true} of {cases} cases."
        ),
        "interval": None,
    }
    return [*(row.record for row in headlines), *beside(brief), robust]


def beside(brief: Brief) -> list[Record]:
    """What stands beside the headlines, as its notebooks record it: cars that close the share asked
    for, the middle volume, a weaker yen, the verdicts.
    """
    closing = as_record(trade_findings.closing_net(brief.effect, brief.effect.units_to_close_net))
    (weaker,) = (
        one
        for one in yen_views.results(brief.cost)
        if one["name"] == "weak_yen_units_change_percent"
    )
    audit = claims_findings.results(brief.audit, [], [])
    chosen = (
        "claims_contradicted",
        "claims_supported",
        "claims_mostly_supported",
        "contradicted_by_article",
        "facts_that_count",
    )
    kept = {"name", "value", "unit", "quality", "source_ids", "sentence"}
    counted = [one.model_dump(include=kept) for one in audit if one.name in chosen]
    return [closing, _volume_middle(brief), weaker, *counted]


def rows(brief: Brief) -> tuple[Row, ...]:
    """The five headlines in their order."""
    effect, pool, cost = brief.effect, brief.volume.pool, brief.cost
    of_gap = trade_findings.share_of_gap(effect, brief.trade)
    stickers = sticker_views.leading_result(cost)
    low, high = (float(value) for value in pool.quantiles([0.1, 0.9]))
    least, most = (effect.gross / brief.trade.gap_value).to("%").interval or (0.0, 0.0)
    share = (float(least), float(most))
    spread = cost.premium_intervals.maker_break_even
    break_even = next(
        one
        for one in premium_views.results(cost)
        if one["name"] == "break_even_probability_percent"
    )
    paying = (100 * spread[0], 100 * min(1.0, spread[1])) if math.isfinite(spread[0]) else None
    cheapest, dearest = (bound / 1e6 for bound in cost.sticker_interval_jpy)
    return (
        Row(
            "Share of the car gap",
            "%",
            "01",
            as_record(of_gap),
            lambda one: one.share_of_gap_percent,
            numbers.percent,
            share,
            f"{numbers.span(*share, 2)} % (range of values per car)",
        ),
        Row(
            f"Chance of {numbers.units(brief.volume.threshold, 'cars')} a year",
            "%",
            "02",
            _volume_chance(brief),
            lambda one: one.probability_percent,
            lambda value: numbers.probability(value / 100),
            None,
            f"volume {numbers.span(low, high)} cars (80 %)",
        ),
        Row(
            "Models that fit stall and street",
            "%",
            "03",
            _fit(brief),
            lambda one: 100 * one.fitting / one.sized if one.sized else 0.0,
            lambda value: numbers.percent(value, 0),
            None,
            "–",
        ),
        Row(
            f"Price of a {cost.leading.car.title}",
            "¥ m",
            "04",
            stickers,
            lambda one: one.sticker_jpy / 1e6,
            lambda value: numbers.jpy(value * 1e6),
            (cheapest, dearest),
            f"¥{numbers.span(cheapest, dearest)} m (80 %)",
        ),
        Row(
            "Extra certainty needed",
            "points",
            "04",
            break_even,
            lambda one: min(one.break_even_percent, 100.0),
            _points,
            paying,
            f"{numbers.span(*paying, 2)} points (80 %)" if paying else "–",
        ),
    )


def _points(value: float) -> str:
    return (
        "more than 100 points"
        if value >= 100
        else f"{numbers.plain(value, 1 if value < 10 else 0)} points"
    )


def as_record(found: Result) -> Record:
    """A result as the keywords that `results.record` takes."""
    names = ("name", "value", "unit", "quality", "source_ids", "sentence")
    low, high, label = found.low, found.high, found.interval
    return {name: getattr(found, name) for name in names} | {
        "interval": (low, high, label) if label else None
    }


def _estimate(
    brief: Brief,
    name: str,
    value: float,
    unit: str,
    sentence: str,
    interval: tuple[float, float, str] | None = None,
) -> Record:
    cited = list(brief.volume.provenance.source_ids)
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "quality": "estimate",
        "source_ids": cited,
        "sentence": sentence,
        "interval": interval,
    }


def _volume_chance(brief: Brief) -> Record:
    sentence = volume_findings.chance(
        Quantity(brief.numbers.probability_percent, "%"), brief.volume.threshold
    ).sentence
    return _estimate(
        brief, "volume_probability_percent", brief.numbers.probability_percent, "%", sentence
    )


def _volume_middle(brief: Brief) -> Record:
    low, middle, high = (float(value) for value in brief.volume.pool.quantiles([0.1, 0.5, 0.9]))
    return _estimate(
        brief,
        "volume_p50_units",
        middle,
        "vehicles a year",
        volume_findings.middle(brief.volume.median).sentence,
        (low, high, "80 %"),
    )


def _fit(brief: Brief) -> Record:
    """The count of models that fit."""
    return as_record(fit_findings.models_that_fit(brief.fit))


def _fit_text(one: Numbers) -> str:
    return f"{one.fitting} of {one.sized}"


def answer(brief: Brief, headlines: Sequence[Row]) -> tuple[str, str, str]:
    """The answer in three sentences: what the cars change and whether they come, whether they fit
    and what they cost, what they could be worth.
    """
    own, cost = brief.numbers, brief.cost
    of_gap = headlines[0].record["sentence"].rstrip(".")
    ratio = numbers.plain(own.sticker_jpy / own.rival_jpy, 2)
    asked = brief.volume.threshold
    many = (
        "that many"
        if asked == brief.effect.units.value
        else f"{numbers.units(asked, 'US-built cars')} a year"
    )
    chance = (
        f"{many} are {volume_findings.likelihood(brief.volume.probability)}: we compute "
        f"{numbers.probability(brief.volume.probability)}, on stated assumptions"
    )
    return (
        f"{of_gap}, and {chance}.",
        f"{_fit_text(own)} models fit {fit_findings.room_text(brief.fit)}, "
        f"and a {cost.leading.car.title} would cost about "
        f"{numbers.jpy(own.sticker_jpy)}, {ratio} times a {cost.lead_rival.name}, on assumed "
        "margins.",
        f"{premium_views.premium_sentence(cost.premium).rstrip('.')}{_order(cost.timeline)}.",
    )


def _order(found: Timeline) -> str:
    """What the order of events says of the plan as the cause of the cut; nothing where the plan was
    a stated aim before it.
    """
    if found.plan_came_first:
        return ""
    if found.first_named_on > found.agreed_on:
        return "; it was confirmed after the cut, so it cannot have earned it"
    return (
        "; the plan became a stated aim only after the cut, and whether the idea, public before "
        "it, helped is unknown"
    )


def headline_table(
    brief: Brief, headlines: Sequence[Row], others: Mapping[str, Numbers]
) -> pd.DataFrame:
    """One row a headline: number, interval, source quality, range over the scenarios, notebook."""
    found = []
    for row in headlines:
        values = [row.of(one) for one in others.values()]
        fit = row.notebook == "03"
        text = _fit_text(brief.numbers) if fit else row.text(row.of(brief.numbers))
        ends = (
            [pick(others.values(), key=lambda one: (row.of(one), one.sized)) for pick in (min, max)]
            if fit
            else []
        )
        wide = (
            numbers.between(*(_fit_text(one) for one in ends))
            if fit
            else _between(_plainly(row.text(min(values))), _plainly(row.text(max(values))))
        )
        found.append((row.label, text, row.note, row.record["quality"], wide, row.notebook))
    return pd.DataFrame(
        found, columns=["Headline", "This run", "Interval", "Quality", "All scenarios", "Notebook"]
    )


def _plainly(text: str) -> str:
    """A number in words without its second form in brackets."""
    return text.split(" (")[0]


def _between(low: str, high: str) -> str:
    """Two numbers in words, a unit that both end in written once."""
    number, _, unit = low.rpartition(" ")
    first = number if number and high.endswith(f" {unit}") else low
    return low if low == high else f"{first} to {high}"


def statement_text(held: Held, brief: Brief) -> str:
    """The statement of a headline in words."""
    statement, own = held.statement, brief.numbers
    bound = numbers.plain(statement.bound) if math.isfinite(statement.bound) else ""
    if statement.name == "share_of_gap":
        return (
            f"The cars are worth less than {bound} % of the gap"
            if bound
            else "The cars are worth more than the gap"
        )
    if statement.name == "probability":
        return f"Reaching the volume is {statement.word}"
    if statement.name == "fit":
        return {"most": "Most models fit", "half or fewer": "Half of the models fit, or fewer"}.get(
            statement.word, "No model has sourced sizes"
        )
    if statement.name == "sticker":
        return (
            f"A {brief.cost.leading.car.title} is {statement.word} than a "
            f"{brief.cost.lead_rival.name}"
        )
    if statement.word == "worth it":
        return (
            f"Less than {bound} points pay for the programme"
            if own.break_even_percent < 100
            else "Certainty just pays for the programme"
        )
    return {"never": "Not even certainty pays for the programme"}.get(
        statement.word, "There is no duty advantage to protect"
    )


def robustness_table(brief: Brief, held: tuple[Held, ...]) -> pd.DataFrame:
    """Each headline statement, in how many scenarios it is true, and in which it is not."""
    found = [
        (
            statement_text(one, brief),
            f"{len(one.holds_in)}\u00a0of\u00a0{len(one.holds_in) + len(one.fails_in)}",
            _not_in(one),
        )
        for one in held
    ]
    return pd.DataFrame(found, columns=["Statement", "True in", "Not in"])


def _not_in(held: Held) -> str:
    """The scenarios in which a statement fails, named by the shorter of the two lists."""
    if len(held.fails_in) > len(held.holds_in):
        return f"all but {', '.join(held.holds_in)}" if held.holds_in else "all"
    return ", ".join(held.fails_in) or "none"


def picture(brief: Brief, headlines: Sequence[Row], others: Mapping[str, Numbers]) -> Picture:
    """Five strips from zero, one a headline: other scenarios as circles, this run as a diamond on
    its interval.
    """
    own = brief.numbers
    title = (
        f"{numbers.units(brief.effect.units.value, 'US-built cars')} a year are worth "
        f"{numbers.percent(own.share_of_gap_percent)} of the car gap; a volume of "
        f"{numbers.plain(brief.volume.threshold)} is "
        f"{volume_findings.likelihood(brief.volume.probability)}"
    )
    fig, axes = style.canvas(
        title,
        "Diamond: this run; bar: 80 % interval, for the share the range of values per car; "
        "circles: other scenarios. Every axis starts at zero",
        SOURCE,
        rows=len(headlines),
        height_in=3.5,
    )
    data = []
    for axis, row in zip(axes, headlines, strict=True):
        values = {name: row.of(one) for name, one in others.items()}
        value = row.of(own)
        data += [(row.label, name, one) for name, one in [("this run", value), *values.items()]]
        top = max([value, *values.values(), *(row.interval or ())]) or 1.0
        if row.interval:
            axis.plot(
                row.interval,
                [0, 0],
                color=style.US_TO_JAPAN,
                linewidth=6,
                alpha=0.35,
                solid_capstyle="butt",
            )
        axis.plot(
            list(values.values()),
            [0] * len(values),
            "o",
            color="white",
            markeredgecolor=style.INK,
            markersize=6,
            clip_on=False,
        )
        axis.plot(value, 0, "D", color=style.US_TO_JAPAN, markersize=9, clip_on=False)
        axis.set(xlim=(0, 1.04 * top), ylim=(-1, 1), yticks=[])
        axis.set_title(f"{row.label}, {row.unit}", size=9, pad=4)
        axis.set_title(
            _fit_text(own) if row.notebook == "03" else row.text(value), size=10, loc="right", pad=4
        )
        axis.spines["left"].set_visible(False)
        axis.tick_params(labelsize=8)
        axis.xaxis.set_major_formatter(lambda tick, _: f"{tick:g}")
    said = "; ".join(
        f"{row.label} {_fit_text(own) if row.notebook == '03' else row.text(row.of(own))}"
        for row in headlines
    )
    alt = f"Five strips, one a headline, with this run and {len(others)} scenarios. {said}."
    return fig, alt, pd.DataFrame(data, columns=["headline", "scenario", "value"])


def verdict_strip(brief: Brief) -> Picture:
    """One bar an article, its claims by verdict, with sign and count in each part."""
    crossed = by_article(brief.audit)
    outlets = {
        row["article_id"]: row["outlet"]
        for row in brief.known.tables["articles"].to_dict("records")
    }
    counts = {
        name: [
            int(sum(row[label] for label in labels if label in row))
            for row in crossed.to_dict("records")
        ]
        for name, labels, _, _ in _GROUPS
    }
    most = max(range(len(crossed)), key=lambda place: counts["contradicted"][place])
    articles = [
        f"{row} {outlets.get(row, '').split(' (')[0].split(';')[0]}" for row in crossed["article"]
    ]
    wrong = sum(counts["contradicted"])
    title = (
        f"{counts['contradicted'][most]} of {wrong} contradicted claims stand in one article, "
        f"{outlets.get(crossed['article'][most], '')}"
        if wrong
        else ("No claim of the articles is contradicted")
    )
    day = brief.audit.inputs.as_of_date
    fig, axis = style.canvas(
        title,
        f"Claims by verdict, number of claims, forecasts as of {day}",
        STRIP_SOURCE,
        height_in=2.5,
    )
    left = [0] * len(crossed)
    for name, _, colour, sign in _GROUPS:
        axis.barh(
            range(len(crossed)),
            counts[name],
            left=left,
            color=colour,
            height=0.7,
            label=f"{sign} {name}",
        )
        for place, (start, count) in enumerate(zip(left, counts[name], strict=True)):
            if count > 1:
                ink = "white" if colour in (style.GOOD, style.BAD) else style.INK
                axis.text(
                    start + count / 2,
                    place,
                    f"{sign}{count}" if count > 2 else sign,
                    ha="center",
                    va="center",
                    size=7.5,
                    color=ink,
                )
        left = [start + count for start, count in zip(left, counts[name], strict=True)]
    axis.set_yticks(range(len(crossed)), articles, size=8.5)
    axis.invert_yaxis()
    axis.set_xlim(0, max(left) * 1.02)
    axis.spines["left"].set_visible(False)
    axis.tick_params(left=False)
    axis.legend(
        ncols=3,
        loc="upper center",
        bbox_to_anchor=(0.45, -0.12),
        fontsize=8,
        handlelength=1.0,
        columnspacing=1.2,
    )
    data = pd.DataFrame({"article": crossed["article"], **counts})
    said = ", ".join(f"{sum(counts[name])} {name}" for name, *_ in _GROUPS)
    return (
        fig,
        f"Stacked bars of the claims of {len(crossed)} articles by verdict: {said}. {title}.",
        data,
    )


def mind_table(brief: Brief) -> pd.DataFrame:
    """What would change the answers: what to watch, from which number on, where it is published."""
    cost, effect = brief.cost, brief.effect
    duty = cost.premium_inputs.us_duty_percent
    closing = (
        "no number"
        if effect.units_to_close_net is None
        else numbers.units(effect.units_to_close_net.value, "cars")
    )
    share = numbers.percent(effect.close_share.value, 0)
    rows = [
        (
            "US-built cars registered a year",
            f"{numbers.plain(brief.volume.threshold)} or more",
            "JAIA; Japan Customs",
        ),
        (
            f"Cars that close {share} of the gap, net of Japanese parts and backfill",
            closing,
            "Japan Customs",
        ),
        (
            f"Price of the {cost.leading.car.title}",
            f"below {numbers.jpy(cost.sticker_interval_jpy[0])}",
            "Toyota newsroom",
        ),
        (
            "Yen per dollar",
            f"below {numbers.plain(cost.matching_jpy_per_usd)}",
            "Federal Reserve G.5",
        ),
        ("US duty on Japanese cars", f"other than {numbers.percent(duty)}", "Federal Register"),
    ]
    return pd.DataFrame(rows, columns=["Watch", "Threshold", "Publisher"])


def ledger_table(brief: Brief, parameters: Mapping[str, object]) -> pd.DataFrame:
    """The registered forecast on the same question beside what this run says, each with the digest
    of its parameters.
    """
    row = same_question(brief)
    low, middle, high = (float(value) for value in brief.volume.pool.quantiles([0.1, 0.5, 0.9]))
    registered = (
        f"registered {row['made_on']}",
        row["threshold_units"],
        row["probability_percent"],
        row["p10_units"],
        row["p50_units"],
        row["p90_units"],
    )
    now = ("this run", brief.volume.threshold, brief.numbers.probability_percent, low, middle, high)
    found = [
        (*registered, row["resolves_on"], row["parameters_digest"]),
        (*now, "", _digest(parameters)),
    ]
    return pd.DataFrame(
        found,
        columns=[
            "Forecast",
            "Threshold",
            "Chance",
            "P10",
            "P50",
            "P90",
            "Scored from",
            "Digest of parameters",
        ],
    )


def _digest(content: Mapping[str, object]) -> str:
    """First 16 hexadecimal digits of the SHA-256 of a mapping as canonical JSON."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=list)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def checks(brief: Brief, others: Mapping[str, Numbers], same: str) -> pd.DataFrame:
    """What must hold: check, computed, expected, holds. `same`: title of the scenario that this run
    should equal, empty when none.
    """
    own = brief.numbers
    fitting = int((brief.fit.models["verdict"] == FITS).sum())
    walked = sum(step.jpy for step in brief.cost.leading.steps)
    found: list[tuple[str, float, float, bool]] = [
        (
            "Steps add to the sticker, JPY",
            walked,
            own.sticker_jpy,
            math.isclose(walked, own.sticker_jpy, rel_tol=1e-9),
        ),
        ("Models that fit, sourced and all", own.fitting, fitting, own.fitting <= fitting),
    ]
    if same:
        other = others[same]
        found.append(
            (
                "Chance equals the sweep's, %",
                own.probability_percent,
                other.probability_percent,
                math.isclose(own.probability_percent, other.probability_percent, rel_tol=1e-9),
            )
        )
    return pd.DataFrame(found, columns=["Check", "Computed", "Expected", "Holds"])
