"""Report the start, success or failure of a run to a monitor, which raises an alarm if it hears nothing.

The URLs are those of healthchecks.io and compatible monitors: URL/start, URL, URL/fail.
"""

from __future__ import annotations

import logging
from http.client import HTTPException
from typing import Literal
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

logger = logging.getLogger(__name__)

_TIMEOUT = 10.0
"""Seconds. Chosen by hand."""

_MAX_CHARS = 10_000
"""Characters of the text that are sent, at most. Chosen by hand."""


def ping(url: str, event: Literal["start", "success", "fail"], text: str = "") -> bool:
    """Send an event with a text, and return whether it arrived. Never raises: an unreachable monitor must not make the
    run fail."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") + ("" if event == "success" else f"/{event}")
    request = Request(
        urlunsplit(parts._replace(path=path)), data=text[:_MAX_CHARS].encode(), headers={"User-Agent": "Rasid"}
    )
    try:
        with urlopen(request, timeout=_TIMEOUT):
            return True
    except (OSError, HTTPException, ValueError) as error:
        logger.warning("cannot ping %s: %s", request.full_url, error)
        return False
