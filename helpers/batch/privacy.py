"""What a kernel is told of this machine, and what may be kept of a run: nothing private of the
machine that looks, in sources, outputs, pages and messages.
"""

import getpass
import html
import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

import nbformat

from helpers import PROJECT_ROOT
from helpers.batch import secret_forms
from helpers.batch.secret_forms import WRITTEN_OUT
from helpers.engine.cells import label, stable_bytes
from helpers.engine.journal import REPORT
from helpers.engine.outcome import Outcome
from helpers.engine.processes import FIXED
from helpers.environment import ALLOWED
from helpers.texts import passages_in, printable

EXECUTED, FAILED = ".ipynb", ".failed.ipynb"

SECRET_NAME = re.compile(
    r"TOKEN|SECRET|PASSW|CREDENTIAL|WEBHOOK|AUTH|(?:API|ACCESS|PRIVATE)KEY|_(?:PWD|PASS|PAT|DSN)\b"
    r"|(?:\b|_)KEY(?:\b|_)|(?:DATABASE|DB|POSTGRES|MONGO|REDIS|BROKER)\w*_UR[IL]\b",
    re.IGNORECASE,
)
HOME = "the home folder"
BEFORE, AFTER = rf"(?:(?<![\w.\-])|{WRITTEN_OUT})", r"(?![\w\-])"  # of a name that stands alone
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
COMMON_NAMES = {
    "root",
    "user",
    "admin",
    "runner",
    "jovyan",
    "ubuntu",
    "debian",
    "localhost",
    "home",
    "docker",
    "python",
    "notebook",
    "jupyter",
    "data",
    "text",
    "html",
    "json",
    "code",
    "name",
    "plain",
    "image",
    "source",
    "stream",
    "stdout",
    "stderr",
    "error",
    "cells",
    "outputs",
    "metadata",
}


def kernel_environment(
    keep: tuple[str, ...] = (), variables: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment of a kernel: an allow-list of some variables, this process's unless told, and
    fixed values that make outputs repeat.

    keep: further names to pass on. The kernel imports the very helpers that this process runs.
    """
    allowed = {name: variables[name] for name in (*ALLOWED, *keep) if name in variables}
    search = os.pathsep.join(filter(None, [os.fspath(PROJECT_ROOT), os.environ.get("PYTHONPATH")]))
    return allowed | FIXED | {"PYTHONPATH": search}


@dataclass(frozen=True)
class Private:
    """Values of this machine that must not reach an output."""

    home: str = ""
    user: str = ""
    host: str = ""
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of_this_machine(cls, environment: Mapping[str, str] | None = None) -> "Private":
        """Home folder, user, host, and the values of variables whose name tells of a secret. Names
        that anybody may have (such as root) and short values are left out: they would stop honest
        outputs.
        """
        variables = os.environ if environment is None else environment
        secrets = {
            value
            for name, value in variables.items()
            if SECRET_NAME.search(name) and len(value) >= 8 and not _is_path(value)
        }
        return cls(
            home=_home(),
            user=_telling(_user()),
            host=_telling(socket.gethostname()),
            secrets=tuple(sorted(secrets)),
        )

    def found_in(self, content: Any, names: bool = True) -> str:
        """What private thing the strings of some nested lists and mappings hold, in words, or an
        empty string.

        names: whether the names of user and host count; in what an author wrote they are words like
        any other.
        """
        text = ANSI.sub("", "\n".join(strings(content)))
        named = (rule for rule in self._names if names or rule.what == HOME)
        return (
            next((rule.what for rule in self._values if rule.is_in(text)), "")
            or secret_forms.found_in(text)
            or next((rule.what for rule in named if rule.is_in(text)), "")
        )

    def hidden(self, text: str) -> str:
        """The text with every private value replaced by a word for it, and then without colours.
        Secrets go first: one may hold a name, and would no longer be recognised without it.
        """
        plain = hidden = ANSI.sub("", text)
        for rule in self._values:
            hidden = rule.hidden_in(hidden)
        hidden = secret_forms.hidden(hidden)
        for rule in self._names:
            hidden = rule.hidden_in(hidden)
        return text if hidden == plain else hidden

    def hidden_in(self, content: Any) -> Any:
        """Nested lists and mappings with every string hidden."""
        if isinstance(content, str):
            return self.hidden(content)
        if isinstance(content, Mapping):
            return {self.hidden(key): self.hidden_in(value) for key, value in content.items()}
        return (
            [self.hidden_in(value) for value in content]
            if isinstance(content, list | tuple)
            else content
        )

    @cached_property
    def _values(self) -> list["Rule"]:
        """Longest first: one may hold another."""
        values = {form for secret in self.secrets for form in forms(secret)}
        what = "the value of a secret environment variable"
        return [
            Rule(value, re.escape(value), what, secret_forms.HIDDEN)
            for value in sorted(values, key=len, reverse=True)
        ]

    @cached_property
    def _names(self) -> list["Rule"]:
        named = [
            (self.home, HOME, "[home]"),
            (self.user, "the user name", "[user]"),
            (self.host, "the host name", "[host]"),
        ]
        return [
            Rule(name, f"{BEFORE}{re.escape(name)}{AFTER}", what, instead)
            for value, what, instead in named
            for name in forms(value)
            if name
        ]


class Rule(NamedTuple):
    """How a private value is recognised. value: in one of its forms; a text without it holds no
    match, which is quick to tell. what: what it is; instead: what to put in its place.
    """

    value: str
    pattern: str
    what: str
    instead: str

    def is_in(self, text: str) -> bool:
        """Whether the text holds the value."""
        return self.value in text and bool(re.search(self.pattern, text))

    def hidden_in(self, text: str) -> str:
        """The text without the value."""
        return re.sub(self.pattern, self.instead, text) if self.value in text else text


def strings(content: Any) -> Iterator[str]:
    """Every string of some nested lists and mappings, keys included."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield key
            yield from strings(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from strings(value)


def forms(value: str) -> list[str]:
    """The value as it is, and as it stands inside quotes, in HTML, and in an address."""
    quoted = [repr(value)[1:-1], json.dumps(value)[1:-1], html.escape(value)]
    # a variable may hold bytes that are no text, which Python keeps as surrogates
    in_address = [way(value, errors="surrogateescape") for way in (quote, quote_plus)]
    return list(dict.fromkeys([value, *quoted, *in_address]))


def scanned(outcome: Outcome, private: Private) -> Outcome:
    """The outcome as it may be kept: a done run that holds something private has failed, and of a
    run that is not done everything private is hidden. Its message, notes, results and headings are
    fit to be shown; the whole texts stay in the notebook. Call in the process whose environment the
    private values are.
    """
    fault = next(_faults(outcome, private), "") if outcome.state == "done" else ""
    if fault:
        left = {FAILED: outcome.files[EXECUTED]}
        outcome = Outcome(
            "failed",
            f"{fault}; nothing was kept",
            outcome.seconds,
            left,
            notes=outcome.notes,
            log=outcome.log,
        )
    files = outcome.files
    if outcome.state != "done":
        files = {name: _hidden_notebook(content, private) for name, content in files.items()}
    message, *notes = (
        printable(private.hidden(text)) for text in (outcome.message, *outcome.notes)
    )
    told = {"results": passages_in(outcome.results), "headings": passages_in(outcome.headings)}
    log = "\n".join(printable(private.hidden(line)) for line in outcome.log.splitlines())
    return replace(outcome, message=message, notes=notes, files=files, log=log, **told)


def _faults(outcome: Outcome, private: Private) -> Iterator[str]:
    """What of a done run is private, in words."""
    notebook = nbformat.v4.reads_json(outcome.files[EXECUTED].decode())
    for index, cell in enumerate(notebook.cells):
        written = {key: value for key, value in cell.items() if key != "outputs"}
        if kind := private.found_in(cell.get("outputs", [])):
            yield f"{label(notebook, index)}: the output holds {kind}"
        if kind := private.found_in(written, names=False):
            is_code = cell.cell_type == "code"
            where = (
                label(notebook, index)
                if is_code
                else f"{cell.cell_type} ({cell.get('id', 'no id')})"
            )
            yield f"{where}: the {'source' if is_code else 'text'} holds {kind}"
    made: dict[str, Any] = {
        "page": [
            content.decode() for name, content in outcome.files.items() if name.endswith(REPORT)
        ]
    }
    made |= {"metadata": notebook.metadata, "record": [outcome.results, outcome.headings]}
    for name, content in made.items():
        if kind := private.found_in(content, names=False):
            yield f"the {name} holds {kind}"


def _hidden_notebook(content: bytes, private: Private) -> bytes:
    """A notebook with everything private hidden."""
    hidden: Any = private.hidden_in(nbformat.v4.reads_json(content.decode()))
    return stable_bytes(hidden)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry for the user id, as in some containers
        return ""


def _home() -> str:
    """The home folder, empty for a user who has none."""
    try:
        home = Path.home()
    except RuntimeError:
        return ""
    return str(home) if home.name else ""


def _is_path(value: str) -> bool:
    try:
        return Path(value).exists()
    except OSError:  # too long for the name of a file
        return False


def _telling(name: str) -> str:
    return name if len(name) >= 4 and name.lower() not in COMMON_NAMES else ""
