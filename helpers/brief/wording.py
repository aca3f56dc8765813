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
        "米国生産車の逆輸入は、中央値で年{median}台と推計した（80%区間は{low}〜{high}台、"
        "購入者の好みは仮定）。年{asked}台以上となる可能性は{likelihood}、確率は{chance}である"
        "（車種別の積み上げでは{counted}、過去の事例からは{precedents}）。",
    ),
    "share": (
        "{cars} cars a year{origin} are worth {share} of the {year} US-Japan car gap by gross "
        "value (value per car assumed).",
        "年{cars}台{origin}の総額は、{year}年の日米間の乗用車貿易における日本の黒字額の{share}に"
        "相当する（1台当たりの金額は仮定）。",
    ),
    "fit": (
        "Of {sized} models, {usable} can be used without care in a {length} × {width} m stall and "
        "a {street} m street, {careful} with care and {no} not at all.",
        "長さ{length}m、幅{width}mの駐車スペースと幅{street}mの道路では、{sized}車種のうち"
        "{usable}車種が無理なく使え、{careful}車種は注意すれば使え、{no}車種は使えない。",
    ),
    "fit_none": (
        "None of {sized} models can be used without care in a {length} × {width} m stall and a "
        "{street} m street; {careful} can with care, and {no} not at all.",
        "長さ{length}m、幅{width}mの駐車スペースと幅{street}mの道路では、{sized}車種のうち"
        "無理なく使えるものはなく、注意すれば使えるのが{careful}車種、使えないのが{no}車種である。",
    ),
    "price": (
        "A {model} would cost about {price} in Japan, {ratio} times a {rival}, on assumed margins "
        "and at {rate} yen per dollar.",
        "{model}の日本での価格は約{price}と推計した。{rival}の{ratio}倍に当たる"
        "（流通マージンは仮定、1ドル={rate}円で換算）。",
    ),
    "pays": (
        "The programme pays {maker} as insurance if it raises the chance that the lower US duty "
        "lasts by {points} percentage points or more, at an assumed {cost} a year.",
        "この計画によって米国の引き下げ後の関税が続く確率が{points}ポイント以上高まるなら、"
        "{maker}にとって保険として採算が合う（費用は年{cost}と仮定）。",
    ),
    "never_pays": (
        "At an assumed {cost} a year the programme does not pay {maker} as insurance, however "
        "certain it made the lower US duty.",
        "費用を年{cost}と仮定すると、米国の引き下げ後の関税が確実に続くとしても、"
        "この計画は{maker}にとって保険として採算が合わない。",
    ),
    "nothing_to_protect": (
        "There is no duty advantage that {maker} could protect by the programme.",
        "この計画によって{maker}が守れる関税上の利点はない。",
    ),
    "claims": (
        "{contradicted} of {claims} claims in {articles} articles are contradicted by the facts, "
        "{most} of them in {outlet}; {held} hold or mostly hold.",
        "記事{articles}本の記述{claims}件のうち{contradicted}件が事実と食い違い、そのうち{most}件は"
        "{outlet}の記事にある。{held}件は事実とおおむね一致する。",
    ),
    "claims_hold": (
        "None of {claims} claims in {articles} articles is contradicted by the facts; {held} hold "
        "or mostly hold.",
        "記事{articles}本の記述{claims}件に、事実と食い違うものはない。"
        "{held}件は事実とおおむね一致する。",
    ),
}

# What the brief does not know; the English stands in the Limits of the notebook.
LIMITS: tuple[tuple[str, str], ...] = (
    (
        "No price, delivery or sale of these cars in Japan is known. Costs, shares of buyers and "
        "tastes are assumed.",
        "これらの車の日本での価格、納車、販売は確認できていない。"
        "費用、購入者の割合、好みは仮定である。",
    ),
    (
        "The volume is one analyst's remark, read as a plan that nobody has stated.",
        "年間の台数はアナリスト1人の発言を計画とみなしたものであり、"
        "台数の計画を公表した者はいない。",
    ),
    (
        "Whether the programme caused any duty decision is not known.",
        "この計画が関税をめぐる決定につながったかどうかは分からない。",
    ),
)

WORDS: Mapping[str, str] = {
    "very unlikely": "極めて低く",
    "unlikely": "低く",
    "about as likely as not": "五分五分で",
    "likely": "高く",
    "very likely": "極めて高く",
    ", one analyst's estimate,": "（アナリスト1人の見積もり）",
    "": "",
}
HEADLINES = (
    "乗用車貿易の黒字額に対する割合",
    "年{asked}台以上となる確率",
    "無理なく使える車種",
    "{model}の日本での価格",
    "採算に必要な確率の上積み",
)
TITLE, ANSWERS_HEAD, NUMBERS_HEAD, LIMITS_HEAD = (
    "日本語の要約",
    "要点",
    "5つの数字",
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


def cars(value: float) -> Amount:
    """A number of cars without the noun: 20,000, 2万."""
    return Amount(value, lambda own: numbers.units(own, ""), _grouped)


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
