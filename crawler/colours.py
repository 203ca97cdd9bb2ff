"""Whether a person reads a stream, and colours for them."""

from __future__ import annotations

import os
import sys
from typing import Literal, TextIO

Colour = Literal["red", "yellow", "green", "bold"]

_CODES: dict[Colour, str] = {"red": "31", "yellow": "33", "green": "32", "bold": "1"}


def is_terminal(stream: TextIO) -> bool:
    """Whether a person reads the stream, on a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, colour: Colour, stream: TextIO | None = None) -> str:
    """Colour a text for a stream, by default standard output, if it is a terminal and NO_COLOR is not set."""
    has_colours = is_terminal(stream or sys.stdout) and not os.environ.get("NO_COLOR")
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if has_colours else text
