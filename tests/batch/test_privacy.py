"""What is found and hidden in outputs: wherever in a text it stands, and nothing that only looks
alike.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.batch import Plan
from helpers.batch.cluster import request_text
from helpers.batch.executor import execute
from helpers.batch.planning import works
from helpers.batch.privacy import Private
from helpers.engine.outcome import Engine, Job
from helpers.engine.warm import WarmEngine
from tests.batch.small_notebooks import LIMITS, notebook, outcome_of

QUOTED = "pass\"word\\with'all & <more>"
PRIVATE = Private(
    "/home/astrid",
    "astrid",
    "workhorse-7",
    ("hunter2-hunter2", QUOTED, "postgres://astrid:pw-123@db"),
)
HOME, USER, HOST, SECRET = (
    "the home folder",
    "the user name",
    "the host name",
    "the value of a secret environment variable",
)
MARKER = "marker-" + "0123456789abcdef"[::-1]
TOKEN = "ghp_" + "kT4vX9bQ2mZ7rW1cN6yL3pH8sD5fG0jA2uEi"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"

PLACES = [
    "{}",
    "first\n{}",
    "first\n{}\nlast",
    "a\t{}",
    "a\r{}",
    "\x1b[31m{}\x1b[0m",
    "\x1b[m{}",
    "\x1b[1;32m'{}'",
    "({})",
    "x={},y",
]
WRITTEN = ["['a\\n{}\\n']", '"a\\t{}"', "'\\x1b[31m{}\\x1b[0m'"]


@pytest.mark.parametrize("place", PLACES + WRITTEN)
@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("/home/astrid/data.csv", HOME),
        ("astrid", USER),
        ("workhorse-7", HOST),
        ("hunter2-hunter2", SECRET),
        (TOKEN, "a secret (github-pat)"),
    ],
)
def test_a_private_value_is_found_and_hidden_wherever_it_stands(
    place: str, value: str, what: str
) -> None:
    text = place.format(value)
    assert PRIVATE.found_in([{"data": {"text/plain": text}}]) == what
    assert PRIVATE.found_in(PRIVATE.hidden(text)) == ""
    assert value.split("/data")[0] not in PRIVATE.hidden(text)


@pytest.mark.parametrize(
    "text",
    ["key_hunter2-hunter2", "hunter2-hunter2_old", "xhunter2-hunter2x", "hunter2\x1b[31m-hunter2"],
)
def test_a_secret_is_found_and_hidden_inside_a_word(text: str) -> None:
    assert PRIVATE.found_in(text) == SECRET
    assert PRIVATE.hidden(text).replace("[secret]", "") in ("key_", "_old", "xx", "")


@pytest.mark.parametrize(
    "form",
    [
        QUOTED,
        repr(QUOTED),
        repr([QUOTED]),
        "pass\\\"word\\\\with'all & <more>",
        "<td>pass&quot;word\\with&#x27;all &amp; &lt;more&gt;</td>",
        "https://a.org/pass%22word%5Cwith%27all%20%26%20%3Cmore%3E/x",
        "https://a.org/?key=pass%22word%5Cwith%27all+%26+%3Cmore%3E",
    ],
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
    content = [
        {"metadata": {"/home/astrid/x": 1}},
        {"data": {"application/json": {"a": [1.5, None, {"b": "see\nastrid"}]}}},
    ]
    assert [PRIVATE.found_in(part) for part in content] == [HOME, USER]
    assert PRIVATE.hidden_in(content) == [
        {"metadata": {"[home]/x": 1}},
        {"data": {"application/json": {"a": [1.5, None, {"b": "see\n[user]"}]}}},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/home/astrid-museum",
        "astride",
        "m-astrid",
        "castrid",
        "task-" + "1234567890" * 4,
        "\x1b[31mred\x1b[0m",
        "a\\nb",
        "workhorse-70",
    ],
)
def test_what_only_looks_alike_stays_as_it_is(text: str) -> None:
    assert PRIVATE.found_in(text) == ""
    assert PRIVATE.hidden(text) == text


def test_numbers_and_styles_of_drawings_are_no_names() -> None:
    outputs = [
        {
            "data": {
                "image/svg+xml": "<path d='M 10.5 20.25 L 30 40' style='mask-image: none'/>\n" * 80,
                "text/plain": "¥ 1 – 2",
            }
        }
        for _ in range(50)
    ]
    assert PRIVATE.found_in(outputs) == ""


def test_words_of_every_notebook_are_no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "data")
    assert Private.of_this_machine().user == ""


def test_a_secret_too_long_for_a_file_name_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "x1" * 1_000)
    assert "x1" * 1_000 in Private.of_this_machine().secrets


def test_a_secret_that_is_no_text_is_one_too() -> None:
    private = Private(secrets=(os.fsdecode(b"caf\xe9-hunter2"),))
    assert private.found_in("https://a.org/caf%E9-hunter2/x") == SECRET
    assert private.found_in("hunter2") == ""


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
def test_a_run_whose_output_is_private_keeps_nothing_of_it(
    warm: WarmEngine, source: str, what: str
) -> None:
    outcome = outcome_of(warm, source, private=PRIVATE)
    assert (outcome.state, outcome.message) == (
        "failed",
        f"cell 3 (step-0): the output holds {what}; nothing was kept",
    )
    assert not any(
        word in outcome.files[".failed.ipynb"].decode()
        for word in ("/home/astrid", "workhorse-7", "hunter2-hunter2", "astrid")
    )


def test_secrets_of_an_error_are_not_kept(warm: WarmEngine) -> None:
    outcome = outcome_of(
        warm, "raise ValueError('bad token' + chr(10) + '-'.join(['hunter2'] * 2))", private=PRIVATE
    )
    assert (outcome.state, outcome.message) == ("failed", "cell 3 (step-0): ValueError: bad token")
    kept = outcome.files[".failed.ipynb"].decode()
    assert "bad token" in kept
    assert "hunter2-hunter2" not in kept


@pytest.mark.parametrize(
    "name",
    [
        "DATABASE_URL",
        "DB_PWD",
        "OPENAI_KEY",
        "SSH_KEY",
        "SENTRY_DSN",
        "SLACK_WEBHOOK",
        "MY_API_KEY",
        "GITHUB_PAT",
    ],
)
def test_a_variable_with_a_telling_name_is_secret(name: str) -> None:
    assert Private.of_this_machine({name: MARKER}).secrets == (MARKER,)


@pytest.mark.parametrize(
    "name", ["PWD_COUNT", "KEYBOARD_LAYOUT", "MONKEYS", "PATH_INFO", "HOMEPAGE_URL", "PASSENGERS"]
)
def test_a_variable_whose_name_only_looks_alike_is_not(name: str) -> None:
    assert Private.of_this_machine({name: MARKER}).secrets == ()


@pytest.mark.parametrize(
    ("cell", "where"),
    [
        (
            nbformat.v4.new_code_cell(f"token = '{TOKEN}'", id="signs-in"),
            "cell 3 (signs-in): the source holds a secret (github-pat)",
        ),
        (
            nbformat.v4.new_markdown_cell("Write\nhunter2-hunter2.", id="tells"),
            f"markdown (tells): the text holds {SECRET}",
        ),
        (
            nbformat.v4.new_raw_cell(TOKEN, id="kept-raw"),
            "raw (kept-raw): the text holds a secret (github-pat)",
        ),
        (
            nbformat.v4.new_code_cell("1", id="labelled", metadata={"x": TOKEN}),
            "cell 3 (labelled): the source holds a secret (github-pat)",
        ),
    ],
)
@pytest.mark.parametrize("last", ["1", "1 / 0"], ids=["done", "failed"])
def test_what_an_author_wrote_is_scanned_as_outputs_are(
    warm: WarmEngine, cell: Any, where: str, last: str
) -> None:
    book = notebook()
    book.cells += [cell, nbformat.v4.new_code_cell(last, id="last")]
    outcome = execute(warm, Job("small", json.dumps(book), {}, {}), LIMITS, PRIVATE)
    assert outcome.state == "failed"
    assert outcome.message == f"{where}; nothing was kept" or (
        last == "1 / 0" and "ZeroDivisionError" in outcome.message
    )
    assert list(outcome.files) == [".failed.ipynb"]
    assert not any(
        secret in outcome.files[".failed.ipynb"].decode() for secret in (TOKEN, "hunter2-hunter2")
    )


def test_a_page_is_scanned(warm: WarmEngine) -> None:
    context = {
        "notebook": "small",
        "scenario": "base",
        "scenario_title": "Base",
        "story": f"By {PRIVATE.secrets[0]}.",
        "version": "0",
        "data_date": "",
    }
    job = Job("small", json.dumps(notebook("1")), {}, {"base": {**context, "parameter_hash": "0"}})
    outcome = execute(warm, job, LIMITS, PRIVATE)
    assert (outcome.state, outcome.message, list(outcome.files)) == (
        "failed",
        f"the page holds {SECRET}; nothing was kept",
        [".failed.ipynb"],
    )


def test_names_count_in_what_a_run_makes_and_not_in_what_an_author_writes(warm: WarmEngine) -> None:
    assert outcome_of(warm, "astrid = 1  # on workhorse-7", private=PRIVATE).state == "done"


READS_ALL = f"""
from pathlib import Path
marker = {MARKER[::-1]!r}[::-1]
readable = [path for path in Path('..').rglob('*') if path.is_file()]
print(any(path.name == 'job.json' for path in readable), [path.name for path in readable if marker \
in path.read_text(errors='replace')])
"""


def test_no_file_that_a_run_can_read_holds_a_secret(either: Engine) -> None:
    outcome = outcome_of(either, READS_ALL, private=Private(secrets=(MARKER,)))
    assert (outcome.state, outcome.message) == ("done", "")
    assert (
        nbformat.reads(outcome.files[".ipynb"].decode(), as_version=4).cells[-1].outputs[0].text
        == "True []\n"
    )


HOLD = """
import sys, time
from pathlib import Path
Path({flag!r}).touch()
time.sleep(60)
"""


def test_a_killed_batch_leaves_no_secret_in_a_file(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    flag, temporary = tmp_path / "runs", tmp_path / "temporary"
    temporary.mkdir()
    book = make("held", HOLD.format(flag=str(flag)))
    command = ["reverse-imports", "run", str(book), "--no-html", "--output", str(tmp_path / "out")]
    environment = {**os.environ, "TMPDIR": str(temporary), "MY_API_KEY": MARKER}
    code = f"import sys; from helpers.cli import main; sys.argv = {command!r}; main()"
    batch = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not flag.exists() and batch.poll() is None:
        time.sleep(0.05)
    batch.kill()
    batch.wait()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "job.json" for path in left)
    assert [path for path in left if MARKER.encode() in path.read_bytes()] == []


def test_no_request_to_a_cluster_holds_a_secret(
    make: Callable[..., Path], planned: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_API_KEY", MARKER)
    plan = planned([make("small", "1")])
    assert MARKER in plan.private.secrets
    assert MARKER not in repr(plan)
    requests = [request_text(work, plan.options) for work in works(plan.runs)]
    assert len(requests) == 1
    assert not any(MARKER in text or MARKER[::-1] in text for text in requests)
