"""Bodies that a template splits: several containers of one make, with advertisements and boxes between them."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.text import words

_MIN_PARAGRAPH = 80
_OTHER_VOICES = re.compile(
    r"comment|reply|review|teaser|card|promo|related|author|bio|newsletter|caption", re.IGNORECASE
)


def split_containers(tree: HtmlElement, read: str) -> list[list[HtmlElement]]:
    """Groups of containers that belong together, of which a reading of the page has some and misses others."""
    groups: dict[tuple[str, str], list[HtmlElement]] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        name = (parent.get("class") or "").strip() if parent is not None else ""
        if parent is None or not name or not _is_prose(paragraph):
            continue
        members = groups.setdefault((str(parent.tag), name), [])
        if not members or members[-1] is not parent:
            members.append(parent)
    several = [members for (_, name), members in groups.items() if _may_belong_together(name, members)]
    if not several:
        return []
    known = " ".join(words(read))
    return [members for members in several if _is_split(members, known)]


def merge_containers(containers: list[HtmlElement]) -> None:
    """Move what the later containers hold to the end of the first."""
    first = containers[0]
    for container in containers[1:]:
        for child in list(container):
            first.append(child)


def _may_belong_together(name: str, members: list[HtmlElement]) -> bool:
    """Whether containers of one make stand in one article and are no comments or cards."""
    if not 2 <= len(set(members)) == len(members) or _OTHER_VOICES.search(name):
        return False
    if len({_article_of(member) for member in members}) > 1:
        return False
    return not any(_OTHER_VOICES.search(_names_above(member)) for member in members)


def _is_split(members: list[HtmlElement], known: str) -> bool:
    """Whether a reading has the beginning of some of the containers and not of others."""
    has = [_is_read(member, known) for member in members]
    return any(has) and not all(has)


def _is_read(container: HtmlElement, known: str) -> bool:
    """Whether a reading has the container's first long paragraph; its beginning will do."""
    for paragraph in container.iterchildren("p"):
        if _is_prose(paragraph):
            return " ".join(words(str(paragraph.text_content()))[:8]) in known
    return True


def _article_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("article"), None)


def _names_above(element: HtmlElement) -> str:
    return " ".join(
        f"{a.get('class') or ''} {a.get('id') or ''}" for a in list(element.iterancestors())[:3] if a.tag != "body"
    )


def _is_prose(paragraph: HtmlElement) -> bool:
    length = len(paragraph.text_content())
    return length >= _MIN_PARAGRAPH and sum(len(link.text_content()) for link in paragraph.iter("a")) < length * 0.5
