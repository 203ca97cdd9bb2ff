"""Elements by what they are called: templates tell in class and id what they are for."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter

from lxml.etree import XPath
from lxml.html import HtmlElement

_NAMED = XPath("//*[@class or @id]")


def name_pattern(alternatives: str) -> re.Pattern[str]:
    """A pattern for whole words of a name: `share|tags?` finds `post-tags` and `share_bar`, not `stage`.

    It begins with a set of characters, so that the search skips from mark to mark: four times as fast as with a
    choice between the beginning of the text and a mark. Names are searched in lower case.
    """
    return re.compile(rf"[-_ \n](?:{alternatives})(?=[-_ \n])")


def class_and_id(element: HtmlElement) -> str:
    """An element's class and id in one string; empty if it has neither."""
    name, identity = element.get("class"), element.get("id")
    return f"{name or ''} {identity or ''}" if name or identity else ""


class ClassNames:
    """The elements of a tree that have a class or an id, as they are now: steps that look for a name share one walk."""

    def __init__(self, tree: HtmlElement) -> None:
        """`tree`: its document's element."""
        by_name: dict[str, list[tuple[int, HtmlElement]]] = {}
        for order, element in enumerate(_NAMED(tree)):
            if name := class_and_id(element):
                by_name.setdefault(name, []).append((order, element))
        self._gone: set[HtmlElement] = set()
        self._elements = list(by_name.values())
        written = [" ".join(name.lower().split()) for name in by_name]
        self._text = "\n" + "\n".join(written) + "\n"
        self._starts: list[int] = []
        start = 1
        for name in written:
            self._starts.append(start)
            start += len(name) + 1

    def matching(self, pattern: re.Pattern[str]) -> list[HtmlElement]:
        """The elements whose class or id the pattern (in lower case) is found in, in document order."""
        hits = {bisect_right(self._starts, match.start() + 1) - 1 for match in pattern.finditer(self._text)}
        found = sorted((pair for hit in hits for pair in self._elements[hit]), key=itemgetter(0))
        return [element for _, element in found if element not in self._gone]

    def discard(self, elements: set[HtmlElement]) -> None:
        """Find these no more: they were cut out of the tree."""
        self._gone |= elements
