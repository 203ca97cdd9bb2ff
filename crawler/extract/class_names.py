"""Elements by class and id: templates say in them what an element is for."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter

from lxml.html import HtmlElement

MAX_READ_ELEMENTS = 3
"""Elements with one class name or itemprop that are read for a field, in the order of the page. Chosen by hand, no
measurement recorded; `make score` shows a change in `date_day`, `authors` and `topics_r`."""


def name_pattern(alternatives: str) -> re.Pattern[str]:
    """A pattern for whole words of a class or id: `share|tags?` finds `post-tags` and `share_bar`, not `stage`.

    It begins with a set of characters, so that the search skips from separator to separator. This is four times as
    fast as a choice between the beginning of the text and a separator. The searched text is in lower case.
    """
    return re.compile(rf"[-_ \n](?:{alternatives})(?=[-_ \n])")


def class_and_id(element: HtmlElement) -> str:
    """An element's class and id in one string; empty if it has neither."""
    name, identity = element.get("class"), element.get("id")
    return f"{name or ''} {identity or ''}" if name or identity else ""


class ClassNames:
    """The elements of a tree that have a class or an id when this object is made. All steps share one walk."""

    def __init__(self, tree: HtmlElement) -> None:
        by_name: dict[str, list[tuple[int, HtmlElement]]] = {}
        for order, element in enumerate(tree.iter("*")):
            name, identity = element.get("class"), element.get("id")
            if name or identity:  # class_and_id without the call
                name = f"{name or ''} {identity or ''}"
                if name in by_name:
                    by_name[name].append((order, element))
                else:
                    by_name[name] = [(order, element)]
        self._removed: set[HtmlElement] = set()
        self._elements = list(by_name.values())
        lines = [" ".join(name.lower().split()) for name in by_name]
        self._text = "\n" + "\n".join(lines) + "\n"
        self._starts: list[int] = []
        start = 1
        for line in lines:
            self._starts.append(start)
            start += len(line) + 1

    def matching(self, pattern: re.Pattern[str]) -> list[HtmlElement]:
        """The elements whose class or id matches a pattern (in lower case), in document order."""
        hits = {bisect_right(self._starts, match.start() + 1) - 1 for match in pattern.finditer(self._text)}
        elements = sorted((pair for hit in hits for pair in self._elements[hit]), key=itemgetter(0))
        return [element for _, element in elements if element not in self._removed]

    def mention(self, parts: tuple[str, ...]) -> bool:
        """Whether any class or id contains one of these texts (in lower case): much faster than a pattern."""
        return any(part in self._text for part in parts)

    def discard(self, elements: set[HtmlElement]) -> None:
        """Leave these out from now on: they were removed from the tree."""
        self._removed |= elements
