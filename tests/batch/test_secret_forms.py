"""Keys, tokens and passwords in the forms of many services are found and hidden; what only looks
like chance, such as pictures and hashes, is not.
"""

import base64
import hashlib
import json
import random
import re
import string
import uuid
from pathlib import Path

import pytest

from helpers import PROJECT_ROOT
from helpers.batch import secret_forms
from helpers.batch.privacy import Private

PRIVATE = Private()
CHANCE = random.Random(5)
LETTERS = string.ascii_letters + string.digits


def drawn(count: int, letters: str = LETTERS) -> str:
    """So many characters by chance: no secret stands in this file."""
    return "".join(CHANCE.choices(letters, k=count))


SMALL, HEX = string.ascii_lowercase + string.digits, "0123456789abcdef"
WORDS = {  # a service → a secret in its form, in one word
    "amazon": "AKIA" + drawn(16, string.ascii_uppercase + "234567"),
    "anthropic": f"sk-ant-api03-{drawn(93)}AA",
    "github": f"ghp_{drawn(36)}",
    "github, fine-grained": f"github_pat_{drawn(82)}",
    "gitlab": f"glpat-{drawn(20)}",
    "google": f"AIza{drawn(35)}",
    "grafana": f"glsa_{drawn(32)}_{drawn(8, HEX)}",
    "hugging face": f"hf_{drawn(34, string.ascii_letters)}",
    "npm": f"npm_{drawn(36, SMALL)}",
    "openai": f"sk-{drawn(20)}T3BlbkFJ{drawn(20)}",
    "another with sk-": f"sk-or-v1-{drawn(64, HEX)}",
    "pypi": f"pypi-AgEIcHlwaS5vcmc{drawn(80)}",
    "sendgrid": f"SG.{drawn(22)}.{drawn(43)}",
    "shopify": f"shpat_{drawn(32, HEX)}",
    "slack": f"xoxb-{drawn(11, string.digits)}-{drawn(12, string.digits)}-{drawn(24)}",
    "stripe": f"sk_live_{drawn(24)}",
    "twilio": f"SK{drawn(32, HEX)}",
    "vault": f"hvs.{drawn(95)}",
    "web token": f"eyJ{drawn(30)}.eyJ{drawn(40)}.{drawn(43)}",
    "database": f"postgres://admin:{drawn(12)}@db.example.com/prod",
}
SECRET_PARTS = {"database": re.search(r"admin:(\w+)@", WORDS["database"])[1]}  # where not the end
LINES = {  # the same in several words
    "adafruit": f"adafruit_api_key = '{drawn(32, SMALL)}'",
    "aws": f"aws_secret_access_key = {drawn(40)}",
    "aws, exported": f"export AWS_SECRET_ACCESS_KEY='{drawn(40)}'",
    "dropbox": f'dropbox_token: "{drawn(15, SMALL)}"',
    "pgp": "-----BEGIN PGP PRIVATE " + f"KEY BLOCK-----\n{drawn(70)}\n",
    "ssh": "-----BEGIN OPENSSH PRIVATE " + f"KEY-----\n{drawn(70)}\n",
}
PLACES = ["{}", "({})", "<td>{}</td>", "'{}'", "['a\\n{}\\n']", "x={},y", "first\n{}\nlast"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("service", WORDS)
def test_a_secret_is_found_and_hidden_wherever_it_stands(service: str, place: str) -> None:
    text = place.format(WORDS[service])
    assert PRIVATE.found_in(text) != ""
    assert SECRET_PARTS.get(service, WORDS[service][-12:-2]) not in PRIVATE.hidden(text)
    assert PRIVATE.found_in(PRIVATE.hidden(text)) == ""


@pytest.mark.parametrize("service", LINES)
def test_a_secret_is_found_and_hidden_beside_its_name(service: str) -> None:
    assert PRIVATE.found_in(LINES[service]) != ""
    assert LINES[service][-10:-2] not in PRIVATE.hidden(LINES[service])


@pytest.mark.parametrize(
    "text",
    [
        base64.encodebytes(CHANCE.randbytes(100_000)).decode(),
        "\n".join(hashlib.sha256(bytes([n])).hexdigest() for n in range(256)),
        " ".join(str(uuid.UUID(int=CHANCE.getrandbits(128))) for _ in range(256)),
        "\n".join(f"sha512-{drawn(86)}==" for _ in range(64)),
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx sk_live_XXXXXXXXXXXXXXXXXXXXXXXX",
        "https://user:$PASSWORD@example.org postgres://{user}:{password}@host/name",
    ],
    ids=["picture", "sha256", "uuid", "sha512", "placeholders", "a template of an address"],
)
def test_what_only_looks_like_chance_is_no_secret(text: str) -> None:
    assert PRIVATE.found_in(text) == ""
    assert PRIVATE.hidden(text) == text


@pytest.mark.parametrize(
    "path", sorted((PROJECT_ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_our_own_notebooks_hold_none(path: Path) -> None:
    assert PRIVATE.found_in(json.loads(path.read_text(encoding="utf-8"))) == ""


def test_every_rule_that_is_taken_is_a_pattern_of_python_and_most_are_taken() -> None:
    forms = secret_forms.known()
    assert all(re.compile(pattern) for form in forms for pattern in (form.pattern, *form.spared))
    listed = secret_forms.GITLEAKS.read_text("utf-8").count("[[rules]]")
    assert len(forms) - len(secret_forms.OWN) > 0.9 * listed


@pytest.mark.timeout(20)
def test_no_form_takes_long_on_a_hostile_text() -> None:
    """A pattern that tries all ways would not end."""
    for form in secret_forms.known():
        for filler in ("a", "-", "= ", form.marks[0]):
            form.is_in(form.marks[0] + filler * 4_000)
            form.is_in((form.marks[0] + filler * 50) * 40)
