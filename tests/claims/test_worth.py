"""Which sentences are worth checking, what they state, and what on record is near to them."""

import pytest

from helpers.claims.worth import Entry, near, reasons, sentences, stated_numbers, unit_of


def test_sentences_end_where_they_end() -> None:
    english = (
        "Toyota Motor Corp. said on Dec. 19 that it will ship U.S.-built cars. The rate is 27.5%."
    )
    assert sentences(english, "en") == [english[:70].strip(), "The rate is 27.5%."]
    japanese = "「右ハンドルではない。だが売れる」と社長は述べた。2024年の関税は27.5％だった。"
    assert sentences(japanese, "ja") == [
        "「右ハンドルではない。だが売れる」と社長は述べた。",
        "2024年の関税は27.5％だった。",
    ]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Japan shipped 1.37 million vehicles to the United States.", "number"),
        ("The duty rose on April 3 after long talks.", "date"),
        ("Its fleet is the largest in the country today.", "comparison"),
        ("Honda was the first maker to do so.", "first"),
        ("The company plans to sell the truck in Japan.", "forecast"),
        ("The duty fell because of the trade agreement.", "cause"),
        ("日本は米国へ百三十七万台を輸出した。", "number"),
        ("関税は昨年の四月に上がったと伝えられた。", "date"),
        ("米国は日本より大きな市場を持っている。", "comparison"),
        ("日本の会社がこれを行うのは初めてである。", "first"),
        ("同社はこの車を日本で販売する方針である。", "forecast"),
    ],
)
def test_a_sentence_worth_checking_says_why(sentence: str, reason: str) -> None:
    assert reason in reasons(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "What comes next",
        "Twenty thousand cars",
        "How many cars will come in 2026?",
        "Cars are a matter of taste and habit.",
        "車は好みの問題である。",
    ],
)
def test_a_sentence_that_states_nothing_gives_no_reason(sentence: str) -> None:
    assert reasons(sentence) == ()


@pytest.mark.parametrize(
    ("sentence", "numbers", "unit"),
    [
        ("It shipped 1.37 million vehicles in 2024.", [1_370_000], "units"),
        ("A rate of 27.5 percent from 3 April 2025.", [27.5], "percent"),
        ("The gap is $63 billion.", [63e9], "USD"),
        ("2024年に137万台を輸出した。", [1_370_000], "units"),
        ("米国からは約1万6000台が届いた。", [16_000], "units"),
        ("It began in 2026, in Ohio.", [], ""),
        ("４月３日から２７．５％となった。", [27.5], "percent"),
        ("In 2025 nothing changed.", [], ""),
        ("It was a badge of honour in the 1980s.", [], ""),
    ],
)
def test_a_stated_number_is_read(sentence: str, numbers: list[float], unit: str) -> None:
    assert stated_numbers(sentence) == pytest.approx(numbers)
    assert unit_of(sentence) == unit


def test_what_shares_words_or_the_number_is_near() -> None:
    entries = [
        Entry("vehicles", "Japan exported about 1.37 million vehicles to the US", 1_370_000),
        Entry("deficit", "The US goods deficit with Japan", 68.5e9),
        Entry("rain", "It rains in Nagoya"),
    ]
    english = near("Vehicles exported to the US from Japan reached a record.", entries)
    assert [one.entry.name for one in english] == ["vehicles"]
    (japanese,) = near("日本は137万台を輸出した。", entries)
    assert (japanese.entry.name, japanese.same_number) == ("vehicles", True)
    assert near("Nothing of the kind.", []) == []


def test_a_small_number_is_the_same_only_when_it_is_equal() -> None:
    rounds = [Entry("talks", "Six rounds of talks in Washington", 6, "rounds")]
    assert near("The truck is 5.9 metres long.", rounds) == []
    (equal,) = near("He came for the 6th time, on trip 6.", rounds)
    assert equal.same_number
