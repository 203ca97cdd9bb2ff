"""The date of publication in a page's scripts: state of an application, data for analytics."""

from __future__ import annotations

import re

from crawler.extract.page import ParsedPage

_NAMES = (
    r"date_?published|published_?(?:at|on|date|time)?|publish_?(?:date|time)|publication_?date(?:_?time)?|pub_?date|"
    r"article_?date|first_?published(?:_?at)?|post_?date|display_?date"
)
_QUOTE = r"""(?:\\?["']|&quot;)"""
_DATED = re.compile(rf"(?:{_NAMES}){_QUOTE}?\s*[:=,]\s*{_QUOTE}([^\"'\\&<>]{{8,40}}){_QUOTE}", re.IGNORECASE)
_MAX_DATES = 100
"""A page with more is a list."""


def script_dates(page: ParsedPage) -> list[str]:
    """The values of variables and members with the name of a date of publication, wherever in the markup, in order."""
    found = [match[1] for match, _ in zip(_DATED.finditer(page.html), range(_MAX_DATES + 1), strict=False)]
    return found if len(found) <= _MAX_DATES else []
