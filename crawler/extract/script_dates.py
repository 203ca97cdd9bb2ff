"""The date of publication in a page's scripts: state of an application, data for analytics."""

from __future__ import annotations

import re

from crawler.extract.page import ParsedPage

# In front of each name its first letter, in both cases, as one set: so the search skips to such letters. A pattern that
# ignores the case as a whole takes five times as long.
_NAMES = (
    r"[adfpADFP](?i:(?<=p)(?:ublished_?(?:at|on|date|time)?|ublish_?(?:date|time)|ublication_?date(?:_?time)?|ub_?date|"
    r"ost_?date)|(?<=d)(?:ate_?published|isplay_?date)|(?<=a)rticle_?date|(?<=f)irst_?published(?:_?at)?)"
)
_QUOTE = r"""(?:\\?["']|(?i:&quot;))"""
_DATED = re.compile(rf"{_NAMES}{_QUOTE}?\s*[:=,]\s*{_QUOTE}([^\"'\\&<>]{{8,40}}){_QUOTE}")
_MAX_DATES = 100
"""A page with more is a list."""


def script_dates(page: ParsedPage) -> list[str]:
    """The values of variables and members with the name of a date of publication, wherever in the markup, in order."""
    found = [match[1] for match, _ in zip(_DATED.finditer(page.html), range(_MAX_DATES + 1), strict=False)]
    return found if len(found) <= _MAX_DATES else []
