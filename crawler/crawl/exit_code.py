"""How a crawl ended, as the exit code of the process that ran it. 1 is a failure of the crawler, 2 wrong usage."""

from __future__ import annotations

UNHEALTHY = 3
"""Finished, but a site is unhealthy."""

LOCKED = 75
"""EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later."""
