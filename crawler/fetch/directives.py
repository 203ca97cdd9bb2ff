"""Robots directives of a page: X-Robots-Tag, meta robots, and the reservation of text and data mining (TDMRep)."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Bytes at the start of a page that are searched for meta elements. Chosen by hand: the heads of pages are shorter.
_HEAD_BYTES = 100_000
_META = re.compile(rb"<meta\s([^<>]{1,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_ROBOTS_DIRECTIVES = ("noindex", "nofollow", "noarchive", "nosnippet", "noai", "noimageai", "nocache")
DIRECTIVES = (*_ROBOTS_DIRECTIVES, "tdm")
# "none" is short for these two.
_NONE = ("noindex", "nofollow")
# Whom a directive is for: all robots, or ours.
_ROBOT_NAMES = ("robots", "rasid")


def directives(headers: Iterable[tuple[str, str]], body: bytes, *, reserved: bool = False) -> tuple[str, ...]:
    """The directives of a page for all robots or for ours, sorted: `noarchive`, `noai`, `tdm` ... `headers`: names in
    any case; a name may occur more than once. `reserved`: whether a rule in the host's tdmrep.json reserves the page; a
    header overrides it, and a meta element overrides both."""
    values: set[str] = set()
    reservations = ["1" if reserved else "", "", ""]  # of the file, the header, the meta element
    for name, value in headers:
        match name.lower():
            case "x-robots-tag":
                values |= _in_header(value)
            case "tdm-reservation":
                reservations[1] = value.strip()
    for meta in _META.finditer(body, 0, _HEAD_BYTES):
        attributes = {
            match[1].lower(): (match[2] or match[3] or match[4] or b"").decode("latin-1").strip().lower()
            for match in _ATTRIBUTE.finditer(meta[1])
        }
        name, content = attributes.get(b"name", ""), attributes.get(b"content", "")
        if name in _ROBOT_NAMES:
            values |= _in_list(content)
        elif name == "tdm-reservation":
            reservations[2] = content
    if next((value for value in reversed(reservations) if value in ("0", "1")), "") == "1":
        values.add("tdm")
    return tuple(sorted(values))


def _in_header(value: str) -> set[str]:
    """`noindex, noarchive`, or the same behind the name of a robot: `otherbot: noindex`."""
    robot, colon, rest = value.partition(":")
    if colon and re.fullmatch(r"[\w-]+", robot.strip()) and robot.strip().lower() != "unavailable_after":
        return _in_list(rest) if robot.strip().lower() in _ROBOT_NAMES else set()
    return _in_list(value)


def _in_list(text: str) -> set[str]:
    words = {word.strip().lower() for word in text.split(",")}
    return {word for word in words if word in _ROBOTS_DIRECTIVES} | (set(_NONE) if "none" in words else set())
