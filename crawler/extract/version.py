"""What decides how a page is extracted, by name and version."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from crawler import __version__


@cache
def extractor() -> str:
    """This program and the library that finds the bodies, as `rasid 0.2.0, trafilatura 2.0.0`."""
    return f"rasid {__version__}, trafilatura {version('trafilatura')}"
