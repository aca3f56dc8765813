"""Data, models, pictures, runs and reports behind the reverse-imports notebooks."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = PROJECT_ROOT / "docs" / "glossary.md"
"""Pages quote it, so it travels with the code."""

try:
    __version__ = version("reverse-imports")
except PackageNotFoundError:  # the source tree without an install
    __version__ = "0+unknown"
