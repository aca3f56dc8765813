"""How a claim comes by the number it is judged by."""

import math
import re

PRINTED, ADDED, READ = "printed", "added", "read"
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def how_stated(text: str, number: float) -> str:
    """PRINTED when the number stands in the text, ADDED when several numbers in it add to it, READ
    when words stand for it.
    """
    found = [float(match.replace(",", "")) for match in _NUMBER.findall(text)]
    if any(math.isclose(one, number) for one in found):
        return PRINTED
    return ADDED if len(found) > 1 and math.isclose(sum(found), number) else READ
