"""Where the measurements go: one marked section each in benchmarks/README.md."""

from pathlib import Path

README = Path(__file__).parent / "README.md"


def store(name: str, section: str) -> None:
    """Put a Markdown section in place of the one of that name, or at the end."""
    text = README.read_text(encoding="utf-8") if README.exists() else "# Measured speed\n"
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    block = f"{start}\n{section}\n{end}"
    before, mark, rest = text.partition(start)
    text = f"{before}{block}{rest.partition(end)[2]}" if mark else f"{text.rstrip()}\n\n{block}\n"
    README.write_text(text, encoding="utf-8")
