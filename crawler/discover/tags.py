"""The tags of a malformed feed or sitemap, balanced: one that is missing or stray costs at most its own entry.

Recovery of the parser closes all open elements at a stray end tag. That is the end of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from crawler.text import word_set


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The elements of a kind of document, by their local names in lower case."""

    holders: frozenset[str]
    entries: frozenset[str]
    fields: frozenset[str]
    """They contain only text."""

    groups: frozenset[str] | None
    """They hold texts, titles and links together, which are not the entry's own. None: all others; else the tags of all
    others are removed: HTML that was inserted without being escaped."""


FEED = Vocabulary(
    holders=word_set("rss rdf feed channel"),
    entries=word_set("item entry"),
    fields=word_set("""
        title link guid id creator category subject origlink language generator description summary name email
        pubdate date published issued created updated modified
    """),
    groups=word_set("author source image textinput content encoded thumbnail group player"),
)
SITEMAP = Vocabulary(
    holders=word_set("urlset sitemapindex"),
    entries=word_set("url sitemap"),
    fields=word_set("loc lastmod changefreq priority name language title publication_date"),
    groups=None,
)
_TAG = re.compile(
    r"<!(?:\[CDATA\[.*?(?:\]\]>|\Z)|--.*?(?:-->|\Z))|<(/?)((?:[\w.-]+:)?([\w.-]+))[^<>]*?(/?)>", re.DOTALL
)


def is_unbalanced(text: str) -> bool:
    """Whether a document has not as many end tags as start tags. Fast, for sitemaps are large; CDATA may mislead it."""
    ends = text.count("</")
    starts = text.count("<") - ends - text.count("<!") - text.count("<?")
    return starts != ends + text.count("/>")


def balanced(text: str, vocabulary: Vocabulary) -> str:
    """The document with elements that all end, and without stray end tags. An entry ends all before it, and so does a
    field with an element in it."""
    return _TAG.sub(_Balance(vocabulary).replaced, text)


class _Balance:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._open: list[tuple[str, str]] = []
        """Name as written, and local name in lower case, of the elements that are open."""

        self._names: Counter[str] = Counter()
        """How many of them have each name, so that a stray end tag needs no search."""

    def replaced(self, tag: re.Match[str]) -> str:
        """What a tag becomes."""
        is_end, written, name, is_empty = tag.groups()
        if written is None:  # CDATA, or a comment
            return tag[0]
        name = name.lower()
        if not self._is_known(name):
            return ""
        if is_end:
            return self._end(written)
        ends = self._ends_before(name)
        if not is_empty:
            self._open.append((written, name))
            self._names[written.lower()] += 1
        return ends + tag[0]

    def _is_known(self, name: str) -> bool:
        known = self._vocabulary
        return (
            known.groups is None
            or name in known.fields
            or name in known.entries
            or name in known.groups
            or name in known.holders
        )

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
        if name in self._vocabulary.entries:
            while position and self._open[position - 1][1] not in self._vocabulary.holders:
                position -= 1
        elif position and self._open[position - 1][1] in self._vocabulary.fields:
            position -= 1
        return self._close(position)

    def _close(self, position: int) -> str:
        closed = [written for written, _ in self._open[position:]]
        self._names.subtract(written.lower() for written in closed)
        ends = "".join(f"</{written}>" for written in reversed(closed))
        del self._open[position:]
        return ends
