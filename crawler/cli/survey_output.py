"""What `add` and `inspect` show while they look at sites, and of what they found."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from crawler.colours import Colour, is_terminal, paint
from crawler.text import counted
from crawler.urls import readable_url

_SHOWN = 50
"""Characters of an address that are shown."""

_COLOURS: dict[str, Colour] = {"  + ": "green", "  - ": "yellow", "  ! ": "red", "Note:": "yellow"}
_HEADINGS = ("Channels", "Articles", "What does not hold")


def show_progress(address: str, requests: int) -> None:
    """Show the number of requests for an address; an empty address clears the line. Nothing without a terminal."""
    if is_terminal(sys.stderr):
        shown = f"{readable_url(address)[:_SHOWN]}: {counted(requests, 'request')} ..."
        text = shown if address.isprintable() and address else ""
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def print_lines(lines: Iterable[str]) -> None:
    """Print the lines of a report, on a terminal with colours for what is used, left out or wrong."""
    for line in lines:
        colour = next((colour for start, colour in _COLOURS.items() if line.startswith(start)), None)
        colour = "bold" if line in _HEADINGS else colour
        sys.stdout.write((paint(line, colour) if colour is not None else line) + "\n")
