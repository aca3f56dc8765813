"""Official downloads from their publishers: over TLS, of limited size and time, from the named host
alone.
"""

import urllib.error
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from helpers import __version__
from helpers.data.downloads import LARGEST_DOWNLOAD_BYTES, refuse

FEEDS: Mapping[str, tuple[str, ...]] = {
    "fred": ("https://fred.stlouisfed.org/graph/fredgraph.csv?id=DEXJPUS",),
    "census": (
        "https://api.census.gov/data/timeseries/intltrade/imports/hs?get=CTY_CODE,GEN_VAL_MO,"
        "GEN_QY1_MO,UNIT_QY1&I_COMMODITY=8703&CTY_CODE=5880&time=from+2025-01",
        "https://api.census.gov/data/timeseries/intltrade/exports/hs?get=CTY_CODE,ALL_VAL_MO,"
        "QTY_1_MO,UNIT_QY1&E_COMMODITY=8703&CTY_CODE=5880&time=from+2025-01",
    ),
}
"""What needs no key, by publisher. Japan's files have another address in each release, and the
code of the Bank of Japan's series is not published with it: these are downloaded by hand.
"""
SECONDS = 30
_LOCAL = ("127.0.0.1", "localhost")


class _SameHost(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, request: Any, file: Any, code: Any, message: Any, headers: Any,
                         address: str) -> Any:  # fmt: skip
        if urlsplit(address)[:2] != urlsplit(request.full_url)[:2]:
            file.close()
            what = f"leads elsewhere, to {urlsplit(address).netloc}"
            refuse(request.full_url, what, "download it in a browser")
        return super().redirect_request(request, file, code, message, headers, address)


def download(address: str, seconds: float = SECONDS, limit: int = LARGEST_DOWNLOAD_BYTES) -> bytes:
    """The content behind an address. Raises InputError with one fault where none can be had."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        refuse(address, "is no address over TLS", "write https://")
    agent = {"User-Agent": f"reverse-imports/{__version__}"}
    request = urllib.request.Request(address, headers=agent)
    opener = urllib.request.build_opener(_SameHost)
    try:
        with opener.open(request, timeout=seconds) as answer:
            content: bytes = answer.read(limit + 1)
    except urllib.error.HTTPError as error:
        error.close()
        refuse(address, f"answers {error.code}", "download it in a browser")
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        refuse(address, f"cannot be reached: {reason}", "try again, or download it in a browser")
    if len(content) > limit:
        refuse(address, f"has more than {limit:,} bytes", "download it in a browser")
    return content
