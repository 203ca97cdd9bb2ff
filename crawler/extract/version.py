"""What decides what is taken out of a page, by name and version."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent.parent


@cache
def extractor() -> str:
    """This program and the library that it reads bodies with, as `rasid 0.1.0, trafilatura 2.0.0`."""
    # Not importlib.metadata for our own: the program is run from its folder and need not be installed.
    try:
        own = tomllib.loads((_PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    except OSError:  # taken out of its folder: no reason to extract nothing
        own = "unknown"
    return f"rasid {own}, trafilatura {version('trafilatura')}"
