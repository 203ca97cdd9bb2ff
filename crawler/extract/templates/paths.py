"""Paths of elements: tags, classes and ids from the root down, without what differs from page to page."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.text import word_set

_DIGITS = re.compile(r"\d+")
_STATE = re.compile(
    r"(?:is|has|js|wp|post|page|item|id|tag|category|author|status|type|format|lazy)[-_]|"
    r"(?:active|current|open|first|last|odd|even|lazy\w*|loaded|visible|hidden|sticky)$",
    re.IGNORECASE,
)
"""Class names that say in which state an element is, or which article it shows, and not what it is for."""

_OWN_IDS = word_set("article h1 h2 h3 h4 h5 h6 p li span a figure blockquote td tr strong em img")
"""Elements whose ids are mostly made of the article's own words, as those of headings for a table of contents."""

_MAX_STEP = 150
"""Characters of a step: some frameworks give an element a hundred class names. Chosen by hand."""

_MAX_PATH = 6000
"""Characters of a path: elements that are deeper have the path of the last one within. Chosen by hand, a bound for the
memory; real paths have a few hundred."""


def step_of(element: HtmlElement) -> str:
    """One element: its tag, the id of a container if it names no article, and its class names, sorted."""
    return _step(str(element.tag), element.get("class") or "", element.get("id") or "")


def path_of(element: HtmlElement) -> str:
    """The steps from the root to an element, with spaces between them; a step contains none."""
    steps = [step_of(element), *map(step_of, element.iterancestors())]
    return " ".join(reversed(steps))


class Paths(dict[HtmlElement, str]):
    """Element → path, for the elements of one tree whose path was looked up, and their ancestors."""

    def __missing__(self, element: HtmlElement) -> str:
        parent = element.getparent()
        if parent is None:
            path = step_of(element)
        else:
            above = self[parent]
            path = f"{above} {step_of(element)}" if len(above) < _MAX_PATH else above
        self[element] = path
        return path


def is_below(path: str, top: str) -> bool:
    """Whether a path leads to something inside of `top`."""
    return path.startswith(top) and path[len(top) : len(top) + 1] == " "


def prefixes(path: str) -> list[str]:
    """The paths of all ancestors, the root's first, and the path itself."""
    steps = path.split(" ")
    return [" ".join(steps[: length + 1]) for length in range(len(steps))]


@lru_cache(maxsize=4096)
def _step(tag: str, names: str, identity: str) -> str:
    step = tag
    if identity and tag not in _OWN_IDS and not any(char.isdigit() for char in identity):
        step += "#" + "_".join(identity.split())
    classes = sorted({_DIGITS.sub("0", name) for name in names.split() if not _STATE.match(name)})
    return (step + "".join(f".{name}" for name in classes))[:_MAX_STEP]
