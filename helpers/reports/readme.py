"""The first screen of the README: its picture and its three numbers, taken from the stored
brief.
"""

import json
import re
from pathlib import Path

from helpers import PROJECT_ROOT
from helpers.errors import refusal
from helpers.results import collect
from helpers.show.drawing import MIME

PICTURE = Path("notebooks") / "brief.svg"
PICTURE_NAME = "headlines_picture"
HEADLINES = ("programme_share_of_gap_percent", "volume_probability_percent", "models_that_fit")
START, END = "<!-- brief:start -->", "<!-- brief:end -->"


def changed_files(root: Path = PROJECT_ROOT) -> dict[Path, str]:
    """Files of the README's first screen that differ from the stored brief: path → what should
    stand there.

    Raises `InputError` when the README does not mark its block.
    """
    brief = json.loads((root / "notebooks" / "00_brief.ipynb").read_text(encoding="utf-8"))
    readme = (root / "README.md").read_text(encoding="utf-8")
    bundles = [
        output["data"]
        for cell in brief["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    (figure,) = [bundle for bundle in bundles if bundle[MIME]["name"] == PICTURE_NAME]
    results = {result.name: result for result in collect(brief)}
    lines = [f"- {results[name].sentence} ({results[name].quality})" for name in HEADLINES]
    block = "\n".join([START, f"![{figure[MIME]['alt']}]({PICTURE.as_posix()})", "", *lines, END])
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end) or START in rest or END in after:
        raise refusal(
            "README.md",
            f"the block of the brief is not marked once by {START} and {END}",
            "put both marks back, each on a line",
        )
    wanted = {
        root / "README.md": before + block + after,
        root / PICTURE: _standalone(figure["image/svg+xml"]),
    }
    return {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def _standalone(svg: str | list[str]) -> str:
    """The drawing as a file of its own, with a size, for places that show it as an image."""
    text = svg if isinstance(svg, str) else "".join(svg)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    if box is None:
        raise ValueError("the brief's picture has no viewBox")
    return text.replace("<svg ", f'<svg width="{box[1]}pt" height="{box[2]}pt" ', 1) + "\n"
