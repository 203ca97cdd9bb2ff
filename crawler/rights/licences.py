"""Licences that a page links to: rel=license (HTML, RFC 4946), and `license` and `usageInfo` of schema.org."""

from __future__ import annotations

import re

from crawler.usage import Effects, Signal, shortened

_CREATIVE_COMMONS = re.compile(
    r"(?:https?:)?//(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z0-9-]+)(?=/|$)", re.IGNORECASE
)
# Licences without a limit to some purposes or users. The others (nc, nd) depend on what you do with the texts.
_OPEN = frozenset({"by", "by-sa", "zero", "mark"})
_ALLOWED: Effects = {"search": "allowed", "ai-train": "allowed", "tdm": "allowed"}


def licence_link(place: str, url: str) -> Signal:
    """A link to a licence of the page. Of Creative Commons, CC0, the public domain mark, BY and BY-SA allow each use,
    on their conditions; every other licence must be read by a person."""
    match = _CREATIVE_COMMONS.match(url.strip())
    is_open = match is not None and match[2].lower() in _OPEN
    return Signal(
        kind="licence",
        place=place,
        text=shortened(url.strip()),
        effects=_ALLOWED if is_open else {},
        problem=None if is_open or not url.strip() else "no effect: a person must read it",
    )


def described_licence(place: str, url: str) -> Signal:
    """A licence in linked data. It may be that of a picture, and so has no effect."""
    return Signal(kind="licence", place=place, text=shortened(url.strip()), problem="no effect: a person must read it")
