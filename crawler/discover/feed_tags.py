"""The tags of a malformed feed, balanced: tags that are missing or stray cost at most the entry that they are in.

Recovery of the parser closes all open elements at a stray end tag. In a feed that is the end of the feed.
"""

from __future__ import annotations

import re
from collections import Counter

from crawler.text import word_set

_HOLDERS = word_set("rss rdf feed channel")
_ENTRIES = word_set("item entry")
# Elements that contain only text.
_FIELDS = word_set("""
title link guid id creator category subject origlink language generator description summary name email
pubdate date published issued created updated modified
""")
# Elements that hold texts, titles and links together, which are not the entry's own.
_GROUPS = word_set("author source image textinput content encoded thumbnail group player")
_VOCABULARY = _HOLDERS | _ENTRIES | _FIELDS | _GROUPS
_TAG = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)((?:[\w.-]+:)?([\w.-]+))[^<>]*?(/?)>", re.DOTALL)


def balanced(text: str) -> str:
    """The document with only the elements of feeds, each of which ends: HTML that was inserted without being escaped is
    removed, a stray end tag as well. An entry ends all before it, and so does a field with other fields."""
    return _TAG.sub(_Balance().replaced, text)


class _Balance:
    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        """Name as written, and local name in lower case, of the elements that are open."""

        self._names: Counter[str] = Counter()
        """How many of them have each name, so that a stray end tag needs no search."""

    def replaced(self, tag: re.Match[str]) -> str:
        """What a tag becomes."""
        is_end, written, name, is_empty = tag.groups()
        if written is None:  # CDATA
            return tag[0]
        name = name.lower()
        if name not in _VOCABULARY:
            return ""
        if is_end:
            return self._end(written)
        ends = self._ends_before(name)
        if not is_empty:
            self._open.append((written, name))
            self._names[written.lower()] += 1
        return ends + tag[0]

    def _end(self, written: str) -> str:
        if not self._names[written.lower()]:
            return ""
        position = len(self._open) - 1
        while self._open[position][0].lower() != written.lower():
            position -= 1
        return self._close(position)

    def _ends_before(self, name: str) -> str:
        """The end tags that are missing before an element."""
        position = len(self._open)
        if name in _ENTRIES:
            while position and self._open[position - 1][1] not in _HOLDERS:
                position -= 1
        elif position and self._open[position - 1][1] in _FIELDS:
            position -= 1
        return self._close(position)

    def _close(self, position: int) -> str:
        closed = [written for written, _ in self._open[position:]]
        self._names.subtract(written.lower() for written in closed)
        ends = "".join(f"</{written}>" for written in reversed(closed))
        del self._open[position:]
        return ends
