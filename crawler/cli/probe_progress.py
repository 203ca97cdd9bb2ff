"""A line on a terminal while sites are looked at."""

from __future__ import annotations

import sys

from crawler.urls import readable_url

_SHOWN = 50
"""Characters of an address that are shown."""


def show_progress(address: str, requests: int) -> None:
    """Show the number of requests for an address; an empty address clears the line. Nothing without a terminal."""
    if sys.stderr.isatty():
        text = f"{readable_url(address)[:_SHOWN]}: {requests} requests ..." if address else ""
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
