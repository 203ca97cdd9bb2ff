"""Dictionaries of RFC 9651, 3.2: `train-ai=n, search=y;why="rank"`."""

from __future__ import annotations

import re

_KEY = r"[a-z*][a-z0-9_.*-]*+"
_TOKEN = r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*+"
_BARE_ITEM = (
    r"(?:-?(?:\d{1,12}\.\d{1,3}|\d{1,15})(?![\d.])"  # a decimal or an integer
    r'|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*+"'  # a string
    rf"|{_TOKEN}"
    r"|:[A-Za-z0-9+/=]*+:"  # a byte sequence
    r"|\?[01]"  # a boolean
    r"|@-?\d{1,15}(?![\d.])"  # a date
    r'|%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*+")'  # a display string
)
_PARAMETERS = rf"(?:;\x20*+{_KEY}(?:={_BARE_ITEM})?+)*+"
_INNER_LIST = rf"\(\x20*+(?:{_BARE_ITEM}{_PARAMETERS}(?:\x20++|(?=\))))*+\)"
_MEMBER = re.compile(rf"({_KEY})(?:=({_INNER_LIST}|{_BARE_ITEM}))?+{_PARAMETERS}", re.ASCII)
_COMMA = re.compile(r"[ \t]*+,[ \t]*+")
_IS_TOKEN = re.compile(_TOKEN)


def parse_dictionary(text: str) -> dict[str, str | None]:
    """Key → its value if that is a Token, None for every other type; of a key that occurs more than once, the last
    (RFC 9651, 4.2.2). Parameters are read over. Raises ValueError for what is not a Dictionary."""
    text = text.strip(" ")
    members: dict[str, str | None] = {}
    at = 0
    while at < len(text):
        member = _MEMBER.match(text, at)
        if member is None:
            raise ValueError(f"not a dictionary of RFC 9651 at character {at + 1}")
        key, value = member.groups()
        members.pop(key, None)
        members[key] = value if value is not None and _IS_TOKEN.fullmatch(value) else None
        at = member.end()
        if at == len(text):
            break
        comma = _COMMA.match(text, at)
        if comma is None or comma.end() == len(text):
            raise ValueError(f"not a dictionary of RFC 9651 at character {at + 1}")
        at = comma.end()
    return members
