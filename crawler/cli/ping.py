"""Tell a monitor that a run began, went well or failed; it is the monitor's part to notice that nothing came.

The addresses are those of healthchecks.io and what imitates it: URL/start, URL, URL/fail.
"""

from __future__ import annotations

import logging
from http.client import HTTPException
from typing import Literal
from urllib.parse import urlsplit, urlunsplit
from urllib.request import Request, urlopen

logger = logging.getLogger(__name__)

_SECONDS = 10.0
_MAX_TEXT = 10_000


def ping(url: str, event: Literal["start", "success", "fail"], text: str = "") -> bool:
    """Send an event, with what there is to say of it; whether it arrived. Never raises: a monitor that is away is no
    reason to fail."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/") + ("" if event == "success" else f"/{event}")
    request = Request(
        urlunsplit(parts._replace(path=path)), data=text[:_MAX_TEXT].encode(), headers={"User-Agent": "Rasid"}
    )
    try:
        with urlopen(request, timeout=_SECONDS):
            return True
    except (OSError, HTTPException, ValueError) as error:
        logger.warning("cannot ping %s: %s", request.full_url, error)
        return False
