"""What a page asks of robots: X-Robots-Tag, meta robots, and the reservation of text and data mining (TDMRep)."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A page's head; what stands further down in its HTML is no declaration.
_HEAD_BYTES = 100_000
_META = re.compile(rb"<meta\s([^<>]{1,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_KNOWN = ("noindex", "nofollow", "noarchive", "nosnippet", "noai", "noimageai", "nocache")
RESTRICTIONS = (*_KNOWN, "tdm")
# "none" is short for these two.
_NONE = ("noindex", "nofollow")
_NAMES = ("robots", "rasid")


def restrictions(headers: Iterable[tuple[str, str]], body: bytes, *, reserved: bool = False) -> tuple[str, ...]:
    """The restrictions that a page declares for robots in general or for ours, sorted: `noarchive`, `noai`, `tdm` ...
    `headers`: names in any case, a name may come more than once. `reserved`: whether the host's tdmrep.json has a rule
    that reserves the page; a header overrides it, a meta element both."""
    found: set[str] = set()
    tdm = ["1" if reserved else "", "", ""]
    for name, value in headers:
        match name.lower():
            case "x-robots-tag":
                found |= _of_header(value)
            case "tdm-reservation":
                tdm[1] = value.strip()
    for meta in _META.finditer(body, 0, _HEAD_BYTES):
        said = {
            match[1].lower(): (match[2] or match[3] or match[4] or b"").decode("latin-1").strip().lower()
            for match in _ATTRIBUTE.finditer(meta[1])
        }
        name, content = said.get(b"name", ""), said.get(b"content", "")
        if name in _NAMES:
            found |= _directives(content)
        elif name == "tdm-reservation":
            tdm[2] = content
    if next((said for said in reversed(tdm) if said in ("0", "1")), "") == "1":
        found.add("tdm")
    return tuple(sorted(found))


def _of_header(value: str) -> set[str]:
    """`noindex, noarchive`, or with the name of the robot that is meant: `otherbot: noindex`."""
    robot, colon, rest = value.partition(":")
    if colon and re.fullmatch(r"[\w-]+", robot.strip()) and robot.strip().lower() != "unavailable_after":
        return _directives(rest) if robot.strip().lower() in _NAMES else set()
    return _directives(value)


def _directives(text: str) -> set[str]:
    words = {word.strip().lower() for word in text.split(",")}
    return {word for word in words if word in _KNOWN} | (set(_NONE) if "none" in words else set())
