"""What a kernel is told of this machine, and what an output may say of it."""

import getpass
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers import PROJECT_ROOT

ALLOWED = (
    "PATH", "HOME", "USERPROFILE", "LANG", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH",
    "VIRTUAL_ENV", "CONDA_PREFIX", "XDG_CACHE_HOME", "MPLCONFIGDIR", "SSL_CERT_FILE",
)  # fmt: skip
FIXED = {
    "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "TZ": "UTC", "LC_ALL": "C.UTF-8", "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}  # fmt: skip
SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|AUTH", re.IGNORECASE)
SECRET_LOOKING = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an access key of a cloud": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "an access token": r"\b(?:gh[pousr]_\w{36,}|github_pat_\w{50,}|glpat-[\w-]{20,}|xox[abpr]-[\w-]{10,}|sk-[\w-]{32,}|hf_[A-Za-z0-9]{30,})\b",
    "a signed web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
}
COMMON_NAMES = {"root", "user", "admin", "runner", "jovyan", "ubuntu", "debian", "localhost", "home", "docker", "python", "notebook", "jupyter"}


def kernel_environment(keep: tuple[str, ...] = ()) -> dict[str, str]:
    """The environment of a kernel: an allow-list of this process's variables and fixed values that make outputs repeat.

    keep: further names to pass on. The kernel imports the very helpers that this process runs.
    """
    allowed = {name: os.environ[name] for name in (*ALLOWED, *keep) if name in os.environ}
    search = os.pathsep.join(filter(None, [os.fspath(PROJECT_ROOT), os.environ.get("PYTHONPATH")]))
    return allowed | FIXED | {"PYTHONPATH": search}


@dataclass(frozen=True)
class Private:
    """Values of this machine that must not reach an output."""

    home: str = ""
    user: str = ""
    host: str = ""
    secrets: tuple[str, ...] = ()

    @classmethod
    def of_this_machine(cls, environment: Mapping[str, str] | None = None) -> "Private":
        """Home folder, user, host, and the values of variables whose name tells of a secret. Names that anybody may have
        (such as root) and short values are left out: they would stop honest outputs."""
        variables = os.environ if environment is None else environment
        secrets = {value for name, value in variables.items() if SECRET_NAME.search(name) and len(value) >= 8 and not Path(value).exists()}
        return cls(home=str(Path.home()), user=_telling(_user()), host=_telling(socket.gethostname()), secrets=tuple(sorted(secrets)))

    def found_in(self, text: str) -> str:
        """What private thing the text holds, in words, or an empty string."""
        named = {"the home folder": self.home, "the user name": self.user, "the host name": self.host}
        for words, value in named.items():
            if value and re.search(rf"(?<![\w.\-]){re.escape(value)}(?![\w\-])", text):
                return words
        if any(secret in text for secret in self.secrets):
            return "the value of a secret environment variable"
        return next((words for words, pattern in SECRET_LOOKING.items() if re.search(pattern, text)), "")

    def hidden(self, text: str) -> str:
        """The text with every private value replaced by a word for it."""
        for word, value in (("[home]", self.home), ("[user]", self.user), ("[host]", self.host), *(("[secret]", secret) for secret in self.secrets)):
            text = re.sub(rf"(?<![\w.\-]){re.escape(value)}(?![\w\-])", word, text) if value else text
        for pattern in SECRET_LOOKING.values():
            text = re.sub(pattern, "[secret]", text)
        return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry for the user id, as in some containers
        return ""


def _telling(name: str) -> str:
    return name if len(name) >= 4 and name.lower() not in COMMON_NAMES else ""
