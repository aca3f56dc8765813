"""The answers of the brief in English and in Japanese: the same templates with the same
placeholders, side by side, filled with the same numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpers import numbers

LANGUAGES = ("en", "ja")

# Each pair says the same; a test holds that both name the same placeholders.
TEMPLATES: Mapping[str, tuple[str, str]] = {
    "volume": (
        "We compute a median of {median} US-built cars a year ({low}–{high}, 80 % interval), on "
        "assumed tastes; {asked} or more are {likelihood}, at {chance}: {counted} by counting "
        "models and {precedents} by precedents.",
        "米国生産車の対日輸入は年{median}台が中央値（80%区間は{low}〜{high}台、好みは仮定）。"
        "年{asked}台以上となる可能性は{likelihood}、確率{chance}と算出した"
        "（車種別の積み上げで{counted}、過去の事例で{precedents}）。",
    ),
    "share": (
        "{cars} cars a year{origin} are worth {share} of the {year} US-Japan car gap by gross "
        "value (value per car assumed).",
        "年{cars}台{origin}の輸入額は、{year}年の日米乗用車貿易の差額の{share}に当たる"
        "（総額、1台当たりの価額は仮定）。",
    ),
    "fit": (
        "Of {sized} models, {usable} can be used without care in a {stall} stall and a {street} m "
        "street, {careful} with care and {no} not at all.",
        "{stall}の駐車枠と幅{street}mの道路では、{sized}車種のうち{usable}車種が余裕をもって使え、"
        "{careful}車種は注意すれば使え、{no}車種は使えない。",
    ),
    "price": (
        "A {model} would cost about {price} in Japan, {ratio} times a {rival}, on assumed margins "
        "and at {rate} yen per dollar.",
        "{model}の国内価格は約{price}と推計され、{rival}の{ratio}倍に当たる"
        "（マージンは仮定、1ドル={rate}円で換算）。",
    ),
    "pays": (
        "The programme pays {maker} as insurance if it raises the chance that the lower US duty "
        "lasts by {points} percentage points or more, at an assumed {cost} a year.",
        "{maker}にとって、米国の低い関税が続く確率を{points}ポイント以上高めるなら、"
        "この計画は保険として見合う（費用は年{cost}と仮定）。",
    ),
    "never_pays": (
        "At an assumed {cost} a year the programme does not pay {maker} as insurance, however "
        "certain it made the lower US duty.",
        "費用を年{cost}と仮定すると、米国の低い関税が確実になっても、"
        "{maker}にとってこの計画は保険として見合わない。",
    ),
    "nothing_to_protect": (
        "There is no duty advantage that {maker} could protect by the programme.",
        "{maker}の計画が守るべき関税上の利点はない。",
    ),
    "claims": (
        "{contradicted} of {claims} claims in {articles} articles are contradicted by the facts, "
        "{most} of them in {outlet}; {held} hold or mostly hold.",
        "{articles}本の記事の{claims}件の記述のうち{contradicted}件は事実と食い違い、"
        "うち{most}件は{outlet}にある。{held}件は事実とおおむね合う。",
    ),
    "claims_hold": (
        "None of {claims} claims in {articles} articles is contradicted by the facts; {held} hold "
        "or mostly hold.",
        "{articles}本の記事の{claims}件の記述に、事実と食い違うものはない。"
        "{held}件は事実とおおむね合う。",
    ),
}

# What the brief does not know; the English stands in the Limits of the notebook.
LIMITS: tuple[tuple[str, str], ...] = (
    (
        "No price, delivery or sale of these cars in Japan is known. Costs, shares of buyers and "
        "tastes are assumed.",
        "国内での価格、納車、販売の実績は確認できない。費用、購入者の割合、好みは仮定である。",
    ),
    (
        "The volume is one analyst's remark, read as a plan that nobody has stated.",
        "年間台数は一人のアナリストの発言を計画とみなしたもので、公表した企業はない。",
    ),
    (
        "Whether the programme caused any duty decision is not known.",
        "この計画が関税の決定につながったかどうかは分からない。",
    ),
)

WORDS: Mapping[str, str] = {
    "very unlikely": "ごく低く",
    "unlikely": "低く",
    "about as likely as not": "五分五分で",
    "likely": "高く",
    "very likely": "ごく高く",
    ", one analyst's estimate,": "（一人のアナリストの見積もり）",
    "": "",
}
HEADLINES = (
    "車の貿易差額に占める割合",
    "台数に達する確率",
    "余裕をもって使える車種",
    "国内価格",
    "必要な確率の上積み",
)
TITLE, ANSWERS_HEAD, NUMBERS_HEAD, LIMITS_HEAD = (
    "日本語の要約",
    "答え",
    "五つの数字",
    "分かっていないこと",
)


@dataclass(frozen=True)
class Amount:
    """A number that each language writes in its own way, such as money."""

    value: float
    english: Callable[[float], str]
    japanese: Callable[[float], str]


Filling = Mapping[str, str | Amount]


def said(name: str, filling: Filling, language: str) -> str:
    """A template filled in a language, `en` or `ja`."""
    template = TEMPLATES[name][LANGUAGES.index(language)]
    return template.format(**{key: _in(language, value) for key, value in filling.items()})


def _in(language: str, value: str | Amount) -> str:
    if isinstance(value, Amount):
        return (value.english if language == "en" else value.japanese)(value.value)
    return value if language == "en" else WORDS.get(value, value).replace(" %", "%")


def yen(value: float) -> Amount:
    """Yen: ¥9.19 m, 919万円."""
    return Amount(value, numbers.jpy, lambda amount: f"{_grouped(amount)}円")


def dollars(value: float) -> Amount:
    """US dollars: $69.7 m, 6,970万ドル."""
    return Amount(value, numbers.usd, lambda amount: f"{_grouped(amount)}ドル")


def chance(probability: float) -> Amount:
    """A probability from 0 to 1: 13 % (about 1 in 8), 13%."""
    return Amount(probability, numbers.probability, japanese_chance)


def part_of_chance(probability: float) -> Amount:
    """A probability without its second form: 13 %, 13%."""
    return Amount(probability, lambda own: numbers.probability(own).split(" (")[0], japanese_chance)


def japanese_chance(probability: float) -> str:
    """A probability in Japanese, never 0 or 100 % for what may be otherwise."""
    if 0 < probability <= 0.005:
        return "1%未満"
    if 0.995 <= probability < 1:
        return "99%超"
    return f"{probability:.0%}"


def _grouped(value: float) -> str:
    """Three significant digits by ten thousands, as Japanese counts: 919万, 1兆4,000億."""
    rounded = round(numbers.significant(value))
    parts = []
    for scale, word in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        count, rounded = divmod(rounded, scale)
        parts.append(f"{count:,}{word}" if count else "")
    return "".join(parts) or "0"
