"""Tables and colours for the terminal."""

from __future__ import annotations

import os
import sys
import unicodedata

_COLOURS = {"red": "31", "yellow": "33", "green": "32"}


def paint(text: str, colour: str) -> str:
    """Colour a text if standard output is a terminal with colours and NO_COLOR is not set."""
    has_colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if has_colours else text


def format_table(rows: list[tuple[str, ...]]) -> str:
    """Align rows in columns. On a terminal, a combining mark has no width and a wide letter has twice the width."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
