"""What is found and hidden in outputs: wherever in a text it stands, and nothing that only looks alike."""

import pytest

from helpers.batch.privacy import Private
from helpers.batch.warm import WarmEngine
from tests.batch.small_notebooks import outcome

QUOTED = "pass\"word\\with'all & <more>"
PRIVATE = Private("/home/astrid", "astrid", "workhorse-7", ("hunter2-hunter2", QUOTED, "postgres://astrid:pw-123@db"))
HOME, USER, HOST, SECRET = "the home folder", "the user name", "the host name", "the value of a secret environment variable"
TOKEN = "ghp_" + "a1B2" * 9
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"

PLACES = ["{}", "first\n{}", "first\n{}\nlast", "a\t{}", "a\r{}", "\x1b[31m{}\x1b[0m", "\x1b[m{}", "\x1b[1;32m'{}'", "({})", "x={},y"]
WRITTEN = ["['a\\n{}\\n']", '"a\\t{}"', "'\\x1b[31m{}\\x1b[0m'"]


@pytest.mark.parametrize("place", PLACES + WRITTEN)
@pytest.mark.parametrize(
    ("value", "what"), [("/home/astrid/data.csv", HOME), ("astrid", USER), ("workhorse-7", HOST), ("hunter2-hunter2", SECRET), (TOKEN, "an access token")]
)
def test_a_private_value_is_found_and_hidden_wherever_it_stands(place: str, value: str, what: str) -> None:
    text = place.format(value)
    assert PRIVATE.found_in([{"data": {"text/plain": text}}]) == what
    assert PRIVATE.found_in(PRIVATE.hidden(text)) == ""
    assert value.split("/data")[0] not in PRIVATE.hidden(text)


@pytest.mark.parametrize("text", ["key_hunter2-hunter2", "hunter2-hunter2_old", "xhunter2-hunter2x", "hunter2\x1b[31m-hunter2"])
def test_a_secret_is_found_and_hidden_inside_a_word(text: str) -> None:
    assert PRIVATE.found_in(text) == SECRET
    assert PRIVATE.hidden(text).replace("[secret]", "") in ("key_", "_old", "xx", "")


@pytest.mark.parametrize(
    "form", [QUOTED, repr(QUOTED), repr([QUOTED]), "pass\\\"word\\\\with'all & <more>", "<td>pass&quot;word\\with&#x27;all &amp; &lt;more&gt;</td>"]
)
def test_a_secret_with_quotes_is_found_and_hidden_in_every_form(form: str) -> None:
    assert PRIVATE.found_in({"text/html": form}) == SECRET
    assert "word" not in PRIVATE.hidden(form)


def test_a_secret_that_holds_a_name_is_hidden_whole() -> None:
    assert PRIVATE.hidden("at postgres://astrid:pw-123@db now") == "at [secret] now"


def test_a_private_key_is_hidden_to_its_end() -> None:
    assert PRIVATE.hidden(f"before\n{KEY}\nafter") == "before\n[secret]\nafter"
    assert PRIVATE.hidden(KEY[:40]) == "[secret]"


def test_keys_and_nested_values_are_searched_and_hidden() -> None:
    content = [{"metadata": {"/home/astrid/x": 1}}, {"data": {"application/json": {"a": [1.5, None, {"b": "see\nastrid"}]}}}]
    assert [PRIVATE.found_in(one) for one in content] == [HOME, USER]
    assert PRIVATE.hidden_in(content) == [{"metadata": {"[home]/x": 1}}, {"data": {"application/json": {"a": [1.5, None, {"b": "see\n[user]"}]}}}]


@pytest.mark.parametrize(
    "text",
    ["https://example.org/home/astrid-museum", "astride", "m-astrid", "castrid", "task-" + "1234567890" * 4, "\x1b[31mred\x1b[0m", "a\\nb", "workhorse-70"],
)
def test_what_only_looks_alike_stays_as_it_is(text: str) -> None:
    assert PRIVATE.found_in(text) == ""
    assert PRIVATE.hidden(text) == text


def test_numbers_and_styles_of_drawings_are_no_names() -> None:
    outputs = [{"data": {"image/svg+xml": "<path d='M 10.5 20.25 L 30 40' style='mask-image: none'/>\n" * 80, "text/plain": "¥ 1 – 2"}} for _ in range(50)]
    assert PRIVATE.found_in(outputs) == ""


def test_words_of_every_notebook_are_no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "data")
    assert Private.of_this_machine().user == ""


def test_a_secret_too_long_for_a_file_name_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "x1" * 1_000)
    assert "x1" * 1_000 in Private.of_this_machine().secrets


def test_a_home_at_the_root_is_no_private_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")
    assert Private.of_this_machine().home == ""


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("print('first'); print('/home/' + 'astrid/data.csv')", HOME),
        ("print('\\x1b[32m' + 'workhorse' + '-7')", HOST),
        ("print('key_' + '-'.join(['hunter2'] * 2))", SECRET),
        ("print([chr(10).join(['a', 'astr' + 'id'])])", USER),
    ],
)
def test_a_run_whose_output_is_private_keeps_nothing_of_it(warm: WarmEngine, source: str, what: str) -> None:
    found = outcome(warm, source, private=PRIVATE)
    assert (found.state, found.message) == ("failed", f"cell 3 (step-0): the output holds {what}; nothing was kept")
    assert not any(word in found.files[".failed.ipynb"].decode() for word in ("/home/astrid", "workhorse-7", "hunter2-hunter2", "astrid"))


def test_secrets_of_an_error_are_not_kept(warm: WarmEngine) -> None:
    found = outcome(warm, "raise ValueError('bad token' + chr(10) + '-'.join(['hunter2'] * 2))", private=PRIVATE)
    assert (found.state, found.message) == ("failed", "cell 3 (step-0): ValueError: bad token")
    kept = found.files[".failed.ipynb"].decode()
    assert "bad token" in kept
    assert "hunter2-hunter2" not in kept
