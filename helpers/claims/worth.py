"""Sentences of an article: where they end, which are worth checking and why, and what on record is
near to them.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sentencex
from rapidfuzz import fuzz, process, utils

NEAR_PERCENT = 55.0
MOST_NEAR = 3
SAME_NUMBER = 0.025
# Small numbers come up in many sentences: below this, the same number is exactly the same.
SMALL_NUMBER = 100
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SMALL_WORDS = re.compile(
    r"\b(?:a|an|and|are|as|at|be|been|by|for|from|had|has|have|he|her|his|in|into|is|it|its|may|more"
    r"|new|no|not|of|on|or|our|out|said|says|she|than|that|the|their|them|they|this|to|was|we|were"
    r"|which|while|who|will|with|would|years?|you)\b"
)
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "bn": 1e9,
    "trn": 1e12,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "億": 1e8,
    "兆": 1e12,
}
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.,])[$¥€£]?([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)\s?-?"
    r"(hundred|thousand|million|billion|trillion|bn|trn|m|百|千|万|億|兆)?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_MYRIADS = re.compile(r"([0-9]+)万([0-9]{1,4})(?![0-9,.])")
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_WORD_NUMBERS = (
    "two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?"
    "|half|third|quarter|percent|per cent|double|twice|triple"
)
_REASONS: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(
        rf"[0-9]|\b({_WORD_NUMBERS})\b|[一二三四五六七八九十百千万億兆]+(?:台|円|人|社|車種|割|倍|％|%|件|回)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        rf"\b(?:19|20)[0-9]{{2}}\b|\b(?:{_MONTHS})\b\.?\s[0-9]|\b[0-9]{{1,2}}\s(?:{_MONTHS})\b"
        r"|\b(?:yesterday|last (?:week|month|year)|this (?:week|month|year)|decades?)\b"
        r"|[0-9]+年|[0-9]+月|[0-9]+日|昨年|今年|来年|先月|今月",
        re.IGNORECASE,
    ),
    "comparison": re.compile(
        r"\b(?:more|less|fewer|larger|bigger|smaller|higher|lower|faster|cheaper|wider|longer|most"
        r"|least|biggest|largest|highest|lowest|exceed\w*|outsell\w*|than|compared|versus|double"
        r"|twice|half|vast|massive|negligible|tiny|surplus|deficit|imbalance)\b"
        r"|より|最も|最大|最小|最高|最低|上回|下回|以上|以下|倍|黒字|赤字",
        re.IGNORECASE,
    ),
    "first": re.compile(
        r"\b(?:first|only|never|ever|unprecedented|precedent|pioneer\w*|sole|last|since)\b"
        r"|初めて|初の|史上|唯一|かつてな|以来",
        re.IGNORECASE,
    ),
    "forecast": re.compile(
        r"\b(?:will|would|could|may|might|plans?|planned|planning|aims?|expects?|expected|intends?"
        r"|forecasts?|likely|going to|by 20[0-9]{2}|soon|considering|considers?|target\w*)\b"
        r"|予定|見込|計画|方針|だろう|検討|目指|目標|可能性|見通し",
        re.IGNORECASE,
    ),
    "statement of someone": re.compile(
        r"[“\"「『]|\b(?:said|says|told|according to|announced|confirmed|stated|called|reported)\b"
        r"|述べ|語っ|話し|発表|によると|明らかに",
        re.IGNORECASE,
    ),
    "cause": re.compile(
        r"\b(?:because|due to|driven by|leads? to|caus\w+|result\w* (?:in|from)|in response to"
        r"|in order to|so that|therefore)\b|ため|によって|影響|原因|理由",
        re.IGNORECASE,
    ),
}
_KINDS = {
    "forecast": "forecast",
    "number": "numeric",
    "comparison": "comparative",
    "first": "comparative",
    "cause": "causal",
    "statement of someone": "attribution",
}


_UNITS = {"percent": "percent", "units": "units", "years": "years", "stores": "stores"} | {
    "jobs": "jobs",
    "USD": "USD",
    "dollars": "USD",
    "JPY": "JPY",
    "yen": "JPY",
}
_UNIT = re.compile(
    r"(?P<USD>\$\s?[0-9])|(?P<JPY>¥\s?[0-9])|[0-9](?:[0-9,.]|\s|million|thousand|billion|[万億兆千百])*"
    r"(?:(?P<percent>%|percent|per cent|割)|(?P<units>vehicles|cars|units|台)|(?P<years>years|年間)"
    r"|(?P<stores>stores|dealers|outlets|店)|(?P<jobs>jobs|人)|(?P<dollars>dollars|ドル)|(?P<yen>yen|円))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """Something on record that a sentence may speak of: its id, its words, and its number with the
    unit, which may stand for many (`scale`: a billion in USD bn).
    """

    name: str
    words: str
    value: float | None = None
    unit: str = ""
    scale: float = 1.0

    @property
    def number(self) -> float | None:
        """The number in single units."""
        return None if self.value is None else self.value * self.scale


@dataclass(frozen=True)
class Near:
    """An entry near to a sentence: by its words, in percent, or by the same number."""

    entry: Entry
    percent: float
    same_number: bool


def sentences(paragraph: str, language: str) -> list[str]:
    """The sentences of a paragraph. A Japanese one may begin with a digit."""
    parts = sentencex.segment(language, paragraph)
    if language == "ja":
        parts = [
            piece for part in parts for piece in re.split(r"(?<=[。！？])(?=[0-9０-９])", part)
        ]
    return [part.strip() for part in parts if part.strip()]


def reasons(sentence: str) -> tuple[str, ...]:
    """Why a sentence may be worth checking; nothing for one that states nothing of the kind, for a
    question, and for a heading of few words.
    """
    plain = unicodedata.normalize("NFKC", sentence)
    few = len(plain) < 12 if _WIDE.search(plain) else len(plain.split()) < 4
    if few or plain.endswith("?"):
        return ()
    grounds = tuple(reason for reason, pattern in _REASONS.items() if pattern.search(plain))
    return () if grounds == ("statement of someone",) and len(plain) < 40 else grounds


def kind(grounds: Sequence[str]) -> str:
    """The kind of claim that a sentence with these reasons most likely makes."""
    return next((_KINDS[reason] for reason in _KINDS if reason in grounds), "factual")


def stated_numbers(sentence: str) -> list[float]:
    """The numbers a sentence prints, with million, 万 and the like; no years, no days."""
    plain = unicodedata.normalize("NFKC", sentence)
    plain = re.sub(rf"\b(?:{_MONTHS})\b\.?\s[0-9]{{1,2}}\b", " ", plain, flags=re.IGNORECASE)
    plain = re.sub(rf"\b[0-9]{{1,2}}\s(?:{_MONTHS})\b", " ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"[0-9]+年|[0-9]+月|[0-9]+日", " ", plain)
    plain = _MYRIADS.sub(lambda match: str(int(match[1]) * 10_000 + int(match[2])), plain)
    numbers = []
    for digits, scale in _NUMBER.findall(plain):
        value = float(digits.replace(",", "")) * _SCALES.get(scale.lower(), 1)
        if scale or not (1900 <= value <= 2100 and "," not in digits):
            numbers.append(value)
    return list(dict.fromkeys(numbers))


def unit_of(sentence: str) -> str:
    """The unit that follows the first number of a sentence, where it is a common one."""
    plain = unicodedata.normalize("NFKC", sentence)
    match = _UNIT.search(plain)
    return next((unit for name, unit in _UNITS.items() if match[name]), "") if match else ""


def near(sentence: str, entries: Sequence[Entry]) -> list[Near]:
    """The entries nearest to a sentence, nearest first, at most three.

    Words count by how many they share, whatever their order; the same number lifts an entry by as
    much as a half.
    """
    numbers = stated_numbers(sentence)
    scores = process.cdist(
        [sentence],
        [entry.words for entry in entries],
        scorer=fuzz.token_set_ratio,
        processor=_telling_words,
    )
    nearest = []
    for entry, percent in zip(entries, scores[0].tolist() if len(entries) else [], strict=True):
        same = entry.number is not None and any(_same(entry.number, number) for number in numbers)
        if percent >= NEAR_PERCENT or same:
            nearest.append(Near(entry, percent, same))
    nearest.sort(key=lambda match: -(match.percent + 50 * match.same_number))
    return nearest[:MOST_NEAR]


def passage_about(words: str, paragraph: str, language: str) -> tuple[str, str, str]:
    """The sentence of a paragraph that is nearest to some words, with the one before and the one
    after; the whole paragraph as that sentence where none is near, as across two languages.
    """
    parts = sentences(paragraph, language)
    scores = [fuzz.token_set_ratio(words, part, processor=_telling_words) for part in parts]
    best = max(range(len(parts)), key=scores.__getitem__, default=0)
    if not parts or scores[best] < NEAR_PERCENT / 2:
        return "", paragraph, ""
    return "".join(parts[best - 1 : best]), parts[best], "".join(parts[best + 1 : best + 2])


def _telling_words(text: str) -> str:
    return " ".join(_SMALL_WORDS.sub(" ", utils.default_process(text)).split())


def _same(left: float, right: float) -> bool:
    if abs(left) < SMALL_NUMBER:
        return abs(left) >= 2 and left == right
    return abs(left - right) <= SAME_NUMBER * abs(left)
