"""Bodies that a template splits into several containers, of one class or side by side, with boxes between them."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id
from crawler.extract.prose import SAME_START_WORDS, prose_chars
from crawler.text import words

_OTHER_VOICES = re.compile(
    r"comment|reply|review|teaser|card|promo|related|author|bio|newsletter|caption", re.IGNORECASE
)
# Chosen by hand; no measurement is recorded. `make score` shows a change in the body figures of all corpora.
_NAMED_LEVELS = 3
"""How many ancestors' names can mark a container as a comment or a card."""

# Measured: docs/decisions.md#a-body-may-be-split-into-siblings-of-different-names.
_MIN_PARAGRAPHS = 3
"""How many paragraphs of prose a sibling must have, so that it is a part of the text whatever its class is."""

_COLUMN_TAGS = ("div", "section", "article", "main")


def split_containers(tree: HtmlElement, text: str) -> list[list[HtmlElement]]:
    """Groups of containers that belong together. The extracted text has some containers of each and lacks others."""
    groups: dict[tuple[str, str], list[HtmlElement]] = {}
    families: dict[HtmlElement, dict[HtmlElement, int]] = {}
    for paragraph in tree.iter("p"):
        parent = paragraph.getparent()
        if parent is None or not prose_chars(paragraph):
            continue
        if (family := parent.getparent()) is not None:
            children = families.setdefault(family, {})
            children[parent] = children.get(parent, 0) + 1
        if name := (parent.get("class") or "").strip():
            members = groups.setdefault((str(parent.tag), name), [])
            if not members or members[-1] is not parent:
                members.append(parent)
    several = [members for (_, name), members in groups.items() if _may_belong_together(name, members)]
    several += [columns for children in families.values() if (columns := _columns(children))]
    if not several:
        return []
    extracted = " ".join(words(text))
    return [members for members in several if _is_split(members, extracted)]


def merge_containers(containers: list[HtmlElement]) -> None:
    """Move the children of the later containers to the end of the first."""
    first = containers[0]
    for container in containers[1:]:
        for child in list(container):
            first.append(child)


def _may_belong_together(name: str, members: list[HtmlElement]) -> bool:
    """Whether containers of one class stand in one article and are neither comments nor cards."""
    if not 2 <= len(set(members)) == len(members) or _OTHER_VOICES.search(name):
        return False
    if len({_article_of(member) for member in members}) > 1:
        return False
    return not any(_OTHER_VOICES.search(_names_above(member)) for member in members)


def _columns(children: dict[HtmlElement, int]) -> list[HtmlElement]:
    """Those of the children of one container, with the number of their paragraphs, that are columns of prose with
    different classes. None is named as another text, and none after the first has a headline."""
    columns = [child for child, paragraphs in children.items() if paragraphs >= _MIN_PARAGRAPHS and _is_column(child)]
    if len({column.get("class") for column in columns}) < 2:
        return []
    return [] if any(next(column.iter("h1"), None) is not None for column in columns[1:]) else columns


def _is_column(container: HtmlElement) -> bool:
    if container.tag not in _COLUMN_TAGS or _OTHER_VOICES.search(
        f"{class_and_id(container)} {_names_above(container)}"
    ):
        return False
    return not any(heading.find(".//a") is not None for heading in container.iter("h1", "h2", "h3"))


def _is_split(members: list[HtmlElement], extracted: str) -> bool:
    """Whether the extracted text has the beginning of some of the containers and lacks others."""
    has = [_is_extracted(member, extracted) for member in members]
    return any(has) and not all(has)


def _is_extracted(container: HtmlElement, extracted: str) -> bool:
    """Whether the extracted text has the beginning of the container's first paragraph of prose."""
    for paragraph in container.iterchildren("p"):
        if prose_chars(paragraph):
            return " ".join(words(str(paragraph.text_content()))[:SAME_START_WORDS]) in extracted
    return True


def _article_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("article"), None)


def _names_above(element: HtmlElement) -> str:
    above = list(element.iterancestors())[:_NAMED_LEVELS]
    return " ".join(class_and_id(ancestor) for ancestor in above if ancestor.tag != "body")
