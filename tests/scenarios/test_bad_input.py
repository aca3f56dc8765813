"""Bad scenario files, values and names: each is refused with one line that says where, what and
what to write instead.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.scenarios import (
    Scenario,
    check_values,
    from_parameters,
    load_scenario,
    parameters,
    parse_text,
    read_scenario_file,
)
from helpers.texts import printable

HEAD = "name: mine\ntitle: Mine\nstory: A story.\n"
LINE = 5  # of the first parameter

# A parameter line of a file → the message after "line 5, ".
PARAMETER_LINES = {
    # Numbers as people, spreadsheets and other languages write them
    "programme_units: 20,000": (
        'parameter programme_units: "20,000" is not a whole number; write 20000'
    ),
    "programme_units: '20,000'": (
        'parameter programme_units: "20,000" is not a whole number; write 20000'
    ),
    "programme_units: 20.000": "parameter programme_units: 20.0 is not a whole number; write 20",
    "programme_units: 20 000": (
        'parameter programme_units: "20 000" is not a whole number; write 20000'
    ),
    "programme_units: 20'000": (
        'parameter programme_units: "20\'000" is not a whole number; write 20000'
    ),
    "programme_units: 20_000": (
        'parameter programme_units: "20_000" is not a whole number; write 20000'
    ),
    "programme_units: 20\u00a0000": "is not a whole number; write 20000",
    "programme_units: '20000'": (
        'parameter programme_units: "20000" is not a whole number; write 20000'
    ),
    "programme_units: 20000.0": (
        "parameter programme_units: 20000.0 is not a whole number; write 20000"
    ),
    "programme_units: 20000.5": (
        "parameter programme_units: 20000.5 is not a whole number; write 1 to 500000 (vehicles "
        "a year)"
    ),
    "programme_units: 2e4": 'parameter programme_units: "2e4" is not a whole number; write 20000',
    "programme_units: 20k": (
        'parameter programme_units: "20k" is not a whole number; write 1 to 500000 (vehicles a '
        "year)"
    ),
    "programme_units: 2\u4e07": "is not a whole number; write 1 to 500000 (vehicles a year)",
    "programme_units: \uff12\uff10\uff10\uff10\uff10": "is not a whole number; write 20000",
    "programme_units: \u0662\u0660\u0660\u0660\u0660": (
        "is not a whole number; write 1 to 500000 (vehicles a year)"
    ),
    "programme_units: 007": 'parameter programme_units: "007" is not a whole number; write 7',
    "programme_units: 0x4E20": (
        'parameter programme_units: "0x4E20" is not a whole number; write 1 to 500000'
    ),
    "programme_units: 0b101": "is not a whole number; write 1 to 500000",
    "programme_units: 0o17": "is not a whole number; write 1 to 500000",
    "programme_units: 12:30:45": (
        'parameter programme_units: "12:30:45" is not a whole number; write 1 to 500000'
    ),
    "programme_units: about 20000": "is not a whole number; write 1 to 500000",
    "programme_units: 20000 cars": "is not a whole number; write 1 to 500000",
    "programme_units: true": (
        "parameter programme_units: true is not a whole number; write 1 to 500000"
    ),
    "programme_units: ''": 'parameter programme_units: "" is not a whole number; write 1 to 500000',
    "programme_units:": (
        "parameter programme_units: there is no value; leave the line out to keep the base value"
    ),
    "programme_units: ~": "parameter programme_units: there is no value; leave the line out",
    "programme_units: null": "parameter programme_units: there is no value; leave the line out",
    "programme_units: -5": (
        "parameter programme_units: -5 is out of range; write 1 to 500000 (vehicles a year)"
    ),
    "programme_units: 0": (
        "parameter programme_units: 0 is out of range; write 1 to 500000 (vehicles a year)"
    ),
    "programme_units: 500001": (
        "parameter programme_units: 500001 is out of range; write 1 to 500000 (vehicles a year)"
    ),
    "programme_units: 999999999999999999": "is out of range; write 1 to 500000 (vehicles a year)",
    "programme_units: 1" + "0" * 25: "is not a whole number; write 1 to 500000 (vehicles a year)",
    "programme_units: 1" + "0" * 5000: "is not a whole number; write 1 to 500000 (vehicles a year)",
    "programme_units: \u221220000": "is not a whole number; write 1 to 500000",
    "programme_units: (20000)": "is not a whole number; write 1 to 500000",
    "programme_units: [20000]": (
        "parameter programme_units: [20000] is not a whole number; write 1 to 500000"
    ),
    "programme_units: {low: 1}": "is not a whole number; write 1 to 500000",
    "jpy_per_usd: 149,57": 'parameter jpy_per_usd: "149,57" is not a number; write 149.57',
    "jpy_per_usd: '149.57'": 'parameter jpy_per_usd: "149.57" is not a number; write 149.57',
    "jpy_per_usd: 1.5e2": 'parameter jpy_per_usd: "1.5e2" is not a number; write 150',
    "jpy_per_usd: 1E2": 'parameter jpy_per_usd: "1E2" is not a number; write 100',
    "jpy_per_usd: 150.": 'parameter jpy_per_usd: "150." is not a number; write 150',
    "jpy_per_usd: 0150.5": 'parameter jpy_per_usd: "0150.5" is not a number; write 150.5',
    "jpy_per_usd: \u00a5150": "is not a number; write 150",
    "jpy_per_usd: 150 JPY": 'parameter jpy_per_usd: "150 JPY" is not a number; write 150',
    "jpy_per_usd: $1": 'parameter jpy_per_usd: "$1" is not a number; write 50 to 400 (JPY per USD)',
    "jpy_per_usd: \uff11\uff15\uff10.5": "is not a number; write 150.5",
    "jpy_per_usd: .nan": (
        'parameter jpy_per_usd: ".nan" is not a number; write 50 to 400 (JPY per USD)'
    ),
    "jpy_per_usd: nan": (
        'parameter jpy_per_usd: "nan" is not a number; write 50 to 400 (JPY per USD)'
    ),
    "jpy_per_usd: NaN": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: .inf": (
        'parameter jpy_per_usd: ".inf" is not a number; write 50 to 400 (JPY per USD)'
    ),
    "jpy_per_usd: -.inf": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: Infinity": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: 1.0e+999": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: 1e400": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: NA": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: 49.99": (
        "parameter jpy_per_usd: 49.99 is out of range; write 50 to 400 (JPY per USD)"
    ),
    "jpy_per_usd: 0": "parameter jpy_per_usd: 0 is out of range; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: -150.0": (
        "parameter jpy_per_usd: -150.0 is out of range; write 50 to 400 (JPY per USD)"
    ),
    "jpy_per_usd: 0.0067": (
        "parameter jpy_per_usd: 0.0067 is out of range; write 50 to 400 (JPY per USD)"
    ),
    "jpy_per_usd: yes": (
        'parameter jpy_per_usd: "yes" is not a number; write 50 to 400 (JPY per USD)'
    ),
    "jpy_per_usd: false": (
        "parameter jpy_per_usd: false is not a number; write 50 to 400 (JPY per USD)"
    ),
    "jpy_per_usd: 2025-09-16": (
        'parameter jpy_per_usd: "2025-09-16" is not a number; write 50 to 400 (JPY per USD)'
    ),
    "jpy_per_usd: 150 + 25": "is not a number; write 50 to 400 (JPY per USD)",
    "jpy_per_usd: =150": "is not a number; write 50 to 400 (JPY per USD)",
    "us_duty_percent: 15%": 'parameter us_duty_percent: "15%" is not a number; write 15',
    "us_duty_percent: 15 %": 'parameter us_duty_percent: "15 %" is not a number; write 15',
    "us_duty_percent: 27,5": 'parameter us_duty_percent: "27,5" is not a number; write 27.5',
    "us_duty_percent: 27,5 %": 'parameter us_duty_percent: "27,5 %" is not a number; write 27.5',
    "us_duty_percent: .5": 'parameter us_duty_percent: ".5" is not a number; write 0.5',
    "us_duty_percent: 201": "parameter us_duty_percent: 201 is out of range; write 0 to 200 (%)",
    "unit_value_usd: $40,000": 'parameter unit_value_usd: "$40,000" is not a number; write 40000',
    "unit_value_usd: 40,000.50": (
        'parameter unit_value_usd: "40,000.50" is not a number; write 40000.5'
    ),
    "unit_value_usd: USD 40000": (
        'parameter unit_value_usd: "USD 40000" is not a number; write 40000'
    ),
    "unit_value_usd: 40000\u20ac": "is not a number; write 40000",
    "price_elasticity: \u22122.5": "is not a number; write -2.5",
    "price_elasticity: \u20132.5": "is not a number; write -2.5",
    "price_elasticity: (2.5)": 'parameter price_elasticity: "(2.5)" is not a number; write -2.5',
    "price_elasticity: 2.5": "parameter price_elasticity: 2.5 is out of range; write -10 to 0",
    "trade_year: '2024'": 'parameter trade_year: "2024" is not a whole number; write 2024',
    "trade_year: 24": "parameter trade_year: 24 is out of range; write 2022 to 2025 (year)",
    "trade_year: 2024-01-01": (
        'parameter trade_year: "2024-01-01" is not a whole number; write 2022 to 2025 (year)'
    ),
    "draws: 1e6": 'parameter draws: "1e6" is not a whole number; write 1000000',
    "seed: -1": "parameter seed: -1 is out of range; write 0 to 2147483647",
    # Truth values
    "count_unverified: yes": 'parameter count_unverified: "yes" is not true or false; write true',
    "count_unverified: NO": 'parameter count_unverified: "NO" is not true or false; write false',
    "count_unverified: on": 'parameter count_unverified: "on" is not true or false; write true',
    "count_unverified: 'true'": (
        'parameter count_unverified: "true" is not true or false; write true'
    ),
    "count_unverified: True": 'parameter count_unverified: "True" is not true or false; write true',
    "count_unverified: 1": "parameter count_unverified: 1 is not true or false; write true",
    "count_unverified: 0": "parameter count_unverified: 0 is not true or false; write false",
    "count_unverified: maybe": (
        'parameter count_unverified: "maybe" is not true or false; write true or false'
    ),
    "count_unverified: [true]": (
        "parameter count_unverified: [true] is not true or false; write true or false"
    ),
    # Dates
    "tariff_date: 2025/09/16": "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16",
    "tariff_date: 2025-9-16": "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16",
    "tariff_date: 2025.09.16": "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16",
    "tariff_date: 2025\u5e749\u670816\u65e5": (
        "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16"
    ),
    "tariff_date: 2025-09-16 00:00:00": (
        "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16"
    ),
    "tariff_date: 2025-09-16T00:00:00Z": (
        "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16"
    ),
    "tariff_date: 20250916": "parameter tariff_date: 20250916 is not text; write YYYY-MM-DD",
    "tariff_date: '20250916'": "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16",
    "tariff_date: 16.09.2025": "a date is written YYYY-MM-DD, such as 2025-09-16; write YYYY-MM-DD",
    "tariff_date: 09/16/2025": "a date is written YYYY-MM-DD, such as 2025-09-16; write YYYY-MM-DD",
    "tariff_date: 16 September 2025": (
        "a date is written YYYY-MM-DD, such as 2025-09-16; write YYYY-MM-DD"
    ),
    "tariff_date: 2025-02-30": "day is out of range for month; write",
    "tariff_date: 2025-13-01": "month must be in 1..12; write YYYY-MM-DD",
    "tariff_date: \uff12\uff10\uff12\uff15-09-16": (
        "a date is written YYYY-MM-DD, such as 2025-09-16; write 2025-09-16"
    ),
    "tariff_date: today": "a date is written YYYY-MM-DD, such as 2025-09-16; write YYYY-MM-DD",
    "tariff_date: 2025": "parameter tariff_date: 2025 is not text; write YYYY-MM-DD",
    "tariff_date: ''": "a date is written YYYY-MM-DD, such as 2025-09-16; write YYYY-MM-DD",
    # Choices and lists
    "flow_basis: Official": "'Official' is not a choice; did you mean official?",
    "flow_basis: reported": "'reported' is not a choice; did you mean as_reported?",
    "flow_basis: 'official '": "'official ' is not a choice; did you mean official?",
    "flow_basis: 1": "parameter flow_basis: 1 is not text; write official, as_reported",
    "flow_basis: [official]": "is not text; write official, as_reported",
    "region: Setagaya": "'Setagaya' is not a choice; did you mean Setagaya ward, Tokyo?",
    "makers: Toyota": 'parameter makers: "Toyota" is not a list of names; write [Toyota]',
    "makers: Toyota, Honda": (
        'parameter makers: "Toyota, Honda" is not a list of names; write [Toyota, Honda]'
    ),
    "makers: Toyota; Honda": (
        'parameter makers: "Toyota; Honda" is not a list of names; write [Toyota, Honda]'
    ),
    "makers: [toyota]": "'toyota' is not a choice; did you mean Toyota?",
    "makers: [Toyota, Toyota]": "each entry may stand once",
    "makers: [Toyta]": "'Toyta' is not a choice; did you mean Toyota?",
    "makers: [Tesla]": "'Tesla' is not a choice; write Toyota, Honda, Nissan, Subaru",
    "makers: [1]": (
        "parameter makers: 1 is not a list of names; write Toyota, Honda, Nissan, Subaru"
    ),
    "makers: [null]": "parameter makers: there is no value; leave the line out",
    "makers: [[Toyota]]": (
        'parameter makers: ["Toyota"] is not a list of names; write Toyota, Honda, Nissan, Subaru'
    ),
    "makers: {Toyota: 1}": "is not a list of names; write Toyota, Honda, Nissan, Subaru",
    "makers: 3": "parameter makers: 3 is not a list of names; write Toyota, Honda, Nissan, Subaru",
    "makers:": "parameter makers: there is no value; leave the line out",
    "makers: [\uff34oyota]": "is not a choice",
    "models: [Camry]": "'Camry' is not a choice; did you mean camry?",
    # Names
    "programme_unit: 20000": (
        "parameter programme_unit: there is no such parameter; did you mean programme_units?"
    ),
    "Programme_Units: 20000": (
        "parameter Programme_Units: there is no such parameter; did you mean programme_units?"
    ),
    "programme units: 20000": (
        "parameter programme units: there is no such parameter; did you mean programme_units?"
    ),
    "volumee: 3": "parameter volumee: there is no such parameter; see: reverse-imports parameters",
    "print: 3": "parameter print: there is no such parameter",
    "__builtins__: 3": (
        "parameter __builtins__: there is no such parameter; see: reverse-imports parameters"
    ),
    "class: 3": "parameter class: there is no such parameter",
    "5: 3": "parameter 5: there is no such parameter; see: reverse-imports parameters",
    "'': 3": "parameter : there is no such parameter",
    "\"x = 1\\nimport os; os.system('id')\": 3": (
        "parameter x = 1\\nimport os; os.system('id'): there is no such parameter"
    ),
    '"jpy_per_usd = 1\\nprint(1) #": 3': (
        "parameter jpy_per_usd = 1\\nprint(1) #: there is no such parameter; did you mean "
        "jpy_per_usd?"
    ),
    '"\\e[31mred": 3': "parameter \\x1b[31mred: there is no such parameter",
    '"\\u202eevil": 3': "parameter \\u202eevil: there is no such parameter",
    '"jpy_per_usd\\u200b": 150.0': (
        "parameter jpy_per_usd\\u200b: there is no such parameter; did you mean jpy_per_usd?"
    ),
    '"\uff4apy_per_usd": 150.0': "there is no such parameter; did you mean jpy_per_usd?",
    f"{'x' * 300}: 1": f"parameter {'x' * 60}…: there is no such parameter",
    # What YAML itself can do
    "jpy_per_usd: !!python/object/apply:os.system ['id']": (
        "the tag tag:yaml.org,2002:python/object/apply:os.system is not allowed; write the "
        "plain value"
    ),
    "jpy_per_usd: !!float 150": (
        "the tag tag:yaml.org,2002:float is not allowed; write the plain value"
    ),
    "jpy_per_usd: !!binary aGk=": (
        "the tag tag:yaml.org,2002:binary is not allowed; write the plain value"
    ),
    "makers: !!omap [Toyota: 1]": (
        "the tag tag:yaml.org,2002:omap is not allowed; write the plain value"
    ),
    "makers: !!pairs [Toyota: 1]": (
        "the tag tag:yaml.org,2002:pairs is not allowed; write the plain value"
    ),
    "makers: !!set {Toyota}": "the tag tag:yaml.org,2002:set is not allowed; write the plain value",
    "jpy_per_usd: !mine 150": "the tag !mine is not allowed; write the plain value",
    "jpy_per_usd: &rate 150.0": (
        "anchors and aliases (& and *) are not allowed; write the value out"
    ),
    "jpy_per_usd: *rate": "anchors and aliases (& and *) are not allowed; write the value out",
    "<<: {jpy_per_usd: 150.0}": "parameter <<: there is no such parameter",
    "jpy_per_usd: 150.0\n  jpy_per_usd: 160.0": (
        "line 6: 'jpy_per_usd' stands twice; keep one of the two"
    ),
    "? [a, b]\n  : 1": "a key is not a plain name",
    "makers: [[[[[Toyota]]]]]": (
        "the file is nested too deep or too large; a scenario is a flat list of parameters"
    ),
}

# A whole file → the message, after the file's name.
FILES: dict[str | bytes, str] = {
    "": "the file is empty; write the keys name, title, story, parameters",
    "# only a comment\n": "the file is empty; write the keys name, title, story, parameters",
    "---\n": "a scenario file is a mapping; write the keys name, title, story, parameters",
    "just text": "a scenario file is a mapping; write the keys name, title, story, parameters",
    "- name: mine": "a scenario file is a mapping; write the keys name, title, story, parameters",
    "5": "a scenario file is a mapping; write the keys name, title, story, parameters",
    "parameters: {}": "the key 'name' is missing; write name: some text",
    "name: mine\ntitle: Mine\nparameters: {}": "the key 'story' is missing; write story: some text",
    HEAD: (
        "'parameters' is not a mapping of names to values; write parameters: {} when nothing "
        "differs"
    ),
    HEAD + "parameters: []": (
        "'parameters' is not a mapping of names to values; write parameters: {} when nothing "
        "differs"
    ),
    HEAD + "parameters: 5": (
        "'parameters' is not a mapping of names to values; write parameters: {} when nothing "
        "differs"
    ),
    HEAD + "parameter: {}": (
        "line 4: unknown key 'parameter'; write one of name, title, story, parameters"
    ),
    HEAD + "parameters: {}\nauthor: me": (
        "line 5: unknown key 'author'; write one of name, title, story, parameters"
    ),
    "name: 5\ntitle: Mine\nstory: x\nparameters: {}": "line 1: 'name' is not a text",
    "name: mine\ntitle: ''\nstory: x\nparameters: {}": "line 2: 'title' is not a text",
    "name: mine\ntitle: [a]\nstory: x\nparameters: {}": "line 2: 'title' is not a text",
    "name: other\ntitle: Mine\nstory: x\nparameters: {}": (
        "line 1: the name 'other' differs from the file name; write name: mine"
    ),
    "name: Mine\ntitle: Mine\nstory: x\nparameters: {}": (
        "line 1: 'Mine' is not a scenario name; write small letters, digits and _, at most 60"
    ),
    "name: ../mine\ntitle: Mine\nstory: x\nparameters: {}": (
        "line 1: '../mine' is not a scenario name; write small letters, digits and _"
    ),
    "name: 'mine\n\n  x'\ntitle: Mine\nstory: x\nparameters: {}": (
        "line 1: 'mine\\nx' is not a scenario name; write small letters, digits and _"
    ),
    "name: {x}\ntitle: Mine\nstory: x\nparameters: {}": "line 1: 'name' is not a text",
    HEAD + "parameters:\n\tjpy_per_usd: 150.0": (
        "line 5: this is not YAML: found character '\\t' that cannot start any token"
    ),
    HEAD + "parameters: {jpy_per_usd: 150.0": "this is not YAML: expected ',' or '}'",
    HEAD + "parameters: 'open": "this is not YAML: found unexpected end of stream",
    HEAD + "parameters:\n  jpy_per_usd 150.0\n  seed: 1": "this is not YAML",
    HEAD + "parameters:\n  jpy_per_usd: 150.0\n seed: 1": "this is not YAML",
    HEAD + "parameters: {}\n---\nname: second": (
        "a second document starts here; write one scenario per file"
    ),
    HEAD + "parameters: {}\n\x00": "this is not YAML: unacceptable character",
    HEAD.encode("utf-16"): "byte 0 is not UTF-8; save the file as UTF-8",
    "name: mine\ntitle: M\xfcller".encode(
        "latin-1"
    ): "byte 19 is not UTF-8; save the file as UTF-8",
    HEAD + "parameters:\n" + "  seed: 1\n" * 1_000: "nested too deep or too large",
    "["
    * 2_000: "the file is nested too deep or too large; a scenario is a flat list of parameters",
    "a: &a [x]\n"
    + "".join(
        f"b{n}: &b{n} [*a, *a]\n" for n in range(20)
    ): "anchors and aliases (& and *) are not allowed",
    "x" * 70_000: "the file has 70,000 bytes; keep it under 65,536",
}


def refused(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_scenario_file(path)
    told = [str(fault) for fault in caught.value.faults]
    assert all("\n" not in one and one.isprintable() for one in told)
    return told


@pytest.mark.parametrize("line", PARAMETER_LINES, ids=lambda line: printable(line)[:40])
def test_a_bad_parameter_line_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"{HEAD}parameters:\n  {line}\n", encoding="utf-8")
    told = refused(path)
    assert len(told) == 1
    assert PARAMETER_LINES[line] in told[0]
    assert f"mine.yaml line {LINE}" in told[0] or "line 6" in told[0]


@pytest.mark.parametrize("content", FILES, ids=lambda content: repr(content[:30]))
def test_a_bad_file_is_refused(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = refused(path)
    assert any(FILES[content] in one for one in told)
    assert all("mine.yaml" in one for one in told)


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len(PARAMETER_LINES) + len(FILES) >= 150


def test_every_fault_of_a_file_comes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "name: Other\ntitle: ''\nparameters:\n  jpy_per_usd: 20,5\n  makerz: [Toyota]\n  seed: "
        "1.5\nmore: 1\n"
    )
    told = refused(path)
    assert len(told) == 7
    for words in (
        "'story' is missing",
        "line 2: 'title'",
        "'Other' is not",
        "line 4, parameter jpy_per_usd",
        "line 5, parameter makerz",
        "line 6, parameter seed",
        "line 7: unknown key 'more'",
    ):
        assert any(words in one for one in told), words


@pytest.mark.parametrize("prefix", ["\ufeff", "# a comment\n\n", "---\n"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_harmless_forms_of_a_file_are_read(tmp_path: Path, prefix: str, ending: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(
        (prefix + HEAD + "parameters:\n  jpy_per_usd: 150\n  makers: [Toyota, Honda]\n")
        .replace("\n", ending)
        .encode()
    )
    found = read_scenario_file(path)
    assert (
        found.scenario.jpy_per_usd,
        type(found.scenario.jpy_per_usd),
        found.scenario.makers,
    ) == (150.0, float, ("Toyota", "Honda"))


_NO_SCENARIO = r"there is no such scenario; (write one of |did you mean base\?$)"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Base",
        "base ",
        "../base",
        "base.yaml",
        "a/b",
        "~",
        "{x}",
        "nothing",
        "x\ny",
        "\x1b[31m",
        "ｂase",
        "con",
    ],
)
def test_a_scenario_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InputError, match=_NO_SCENARIO) as caught:
        load_scenario(name)
    assert str(caught.value.faults[0]).isprintable()


ON_THE_COMMAND_LINE = """
jpy_per_usd=1e2 → write 100
jpy_per_usd=\uff12\uff10\uff10 → write 200
jpy_per_usd=nan → write 50 to 400
jpy_per_usd= → write 50 to 400
jpy_per_usd=150 jpy → write 50 to 400
jpy_per_usd=1_50 → write 150
programme_units=20,000 → write 20000
programme_units=0123 → write 123
programme_units=5.0 → write 5
count_unverified=FALSE → write false
count_unverified=1 → write true
tariff_date=2025/9/16 → write 2025-09-16
flow_basis= → write official, as_reported
makers=Toyota,Tesla → write Toyota, Honda
jpy_per_use=1 → did you mean jpy_per_usd?
"""


@pytest.mark.parametrize("line", ON_THE_COMMAND_LINE.strip().splitlines())
def test_a_value_on_the_command_line_obeys_the_same_rules(line: str) -> None:
    setting, _, instead = line.partition(" → ")
    name, _, text = setting.partition("=")
    with pytest.raises(InputError) as caught:
        check_values({name: parse_text(name, text)}, "-p")
    (fault,) = caught.value.faults
    assert instead in str(fault)
    assert str(fault).startswith(f"-p, parameter {name}: ")


OF_ANOTHER_TYPE: dict[str, list[Any]] = {
    "programme_units": [np.int64(5), True, 5.0, "5", 10**5_000, None, b"5", [5], {5: 5}],
    "jpy_per_usd": [
        np.float32(150),
        float("nan"),
        float("inf"),
        pd.NA,
        pd.Timestamp("2025-01-01"),
        150j,
        "150",
        True,
        Path("150"),
    ],
    "count_unverified": [np.bool_(True), "False", 1, 0.0, None, []],
    "makers": [
        {"Toyota"},
        {"Toyota": 1},
        iter(["Toyota"]),
        ["Toyota", None],
        "Toyota",
        [["Toyota"]],
        [b"Toyota"],
    ],
    "tariff_date": [pd.Timestamp("2025-09-16"), 20250916, np.datetime64("2025-09-16")],
    "flow_basis": [b"official", Path("official"), ["official"], None],
}


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, place) for name, values in OF_ANOTHER_TYPE.items() for place in range(len(values))],
)
def test_a_value_of_another_type_is_refused(name: str, place: int) -> None:
    with pytest.raises(InputError) as caught:
        check_values({name: OF_ANOTHER_TYPE[name][place]}, "parameters")
    assert all(str(fault).isprintable() for fault in caught.value.faults)


def test_injected_names_are_checked_in_the_notebook() -> None:
    cell = "# Parameters\njpy_per_use = 175\n"
    with pytest.raises(InputError, match="did you mean jpy_per_usd"):
        from_parameters({"jpy_per_usd": 149.57, "jpy_per_use": 175, "In": ["", cell]})


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
single_values = st.none() | st.booleans() | st.integers() | st.floats() | texts
plain_values = st.recursive(
    single_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([one.name for one in parameters()]) | texts, plain_values)
@settings(max_examples=600, deadline=None)
@example("programme_units", 10**4_400)
@example("makers", "\U00018cd6")
def test_any_value_is_taken_as_it_is_or_refused(name: str, value: Any) -> None:
    scenario, told = outcome(lambda: check_values({name: value}, "parameters"))
    assert all(one.isprintable() for one in told)
    assert bool(told) == (scenario is None)
    if scenario is not None:
        kept = getattr(scenario, name)
        assert kept == (tuple(value) if isinstance(value, list) else value)
        assert type(kept) in (int, float, str, bool, tuple, dict)


def outcome(work: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What the work gives, or the faults it tells; nothing else may leave it."""
    try:
        return work(), []
    except InputError as error:
        return None, [str(fault) for fault in error.faults]


@given(
    st.binary(max_size=300)
    | texts.map(str.encode)
    | st.builds(
        lambda name, value: f"{HEAD}parameters:\n  {name}: {value}\n".encode(), texts, texts
    )
)
@settings(max_examples=600, deadline=None)
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "mine.yaml"
    path.write_bytes(content)
    found, told = outcome(lambda: read_scenario_file(path))
    assert all(one.isprintable() for one in told)
    assert found is None or (found.name == "mine" and told == [])


@given(texts)
@settings(max_examples=300, deadline=None)
def test_a_text_on_the_command_line_never_changes_its_number(text: str) -> None:
    value = parse_text("jpy_per_usd", text)
    if isinstance(value, float):
        assert text.isascii()
        assert float(text) == value
    else:
        assert value == text


def test_no_value_of_a_scenario_can_run_code_in_a_notebook(tmp_path: Path) -> None:
    """The two ways in that papermill leaves open: a name that holds a line break, a value of a type
    it pastes as text.
    """
    mark = tmp_path / "ran"
    for content in (
        f"\"x = 1\\nopen({str(mark)!r}, 'w')\": 1",
        f"jpy_per_usd: !!omap [{{open({str(mark)!r}, 'w'): 1}}]",
    ):
        path = tmp_path / "mine.yaml"
        path.write_text(f"{HEAD}parameters:\n  {content}\n")
        refused(path)
    assert not mark.exists()
    assert Scenario().differing() == {}


def test_the_command_tells_faults_in_lines_and_ends_with_two(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"{HEAD}parameters:\n  jpy_per_usd: 20,5\n  nothing: 1\n")
    command = [
        sys.executable,
        "-c",
        "from helpers.cli import main; main()",
        "run",
        "--scenario-file",
        str(tmp_path / "mine.yaml"),
        "--output",
        str(tmp_path / "out"),
    ]
    ended = subprocess.run(
        command, capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert 'mine.yaml line 5, parameter jpy_per_usd: "20,5" is not a number; write' in ended.stderr
    assert "line 6, parameter nothing: there is no such parameter" in ended.stderr
    assert not (tmp_path / "out").exists()
