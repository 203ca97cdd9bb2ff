"""Options whose value is a date."""

from __future__ import annotations

import sys
from datetime import datetime

from crawler.cli.base import print_error
from crawler.crawl.arguments import parse_moment


def parse_date_option(text: str | None, option: str) -> datetime | None:
    """The moment that an option's value means, in UTC; None without the option. On a terminal, words like `7 days` are
    followed by a message that says which moment that is. Raises ArgumentError."""
    if text is None:
        return None
    moment = parse_moment(text, option)
    if not text[:4].isdecimal() and sys.stderr.isatty():
        print_error(f"{option} {text}: {moment:%Y-%m-%d %H:%M} UTC")
    return moment
