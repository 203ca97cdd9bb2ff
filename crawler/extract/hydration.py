"""Text that a page holds only in the state of its scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from crawler.extract.body import Block, text_blocks
from crawler.structure import Role
from crawler.structure.roles import BULLET, NUMBER, PARAGRAPH, QUOTE, heading
from crawler.text import clean, words

# All numbers were chosen by hand; no measurement is recorded for any of them. Few pages of the corpora have their text
# in scripts alone, so a change shows in tests/pages/ (next_data_only, state_script_only) rather than in `make score`.
_MAX_VALUES = 50_000
"""A bound for time and memory, far above the state of any article."""

_MAX_DEPTH = 4
"""How deep the text of one block may be wrapped in objects."""

_MAX_SOURCES = 1_000
"""Strings of one text whose markup is read."""

_MIN_TEXT = 60
"""Characters: shorter strings are titles, labels and settings."""

MIN_BODY = 250
"""Characters: a shorter text is not a body, whether the page shows it or a script holds it. See
docs/decisions.md#text-from-script-state-is-used-only-where-the-page-shows-none."""

_BREAK = re.compile(r"<(?:/p|br|/div|/h\d|/li|/blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_HEADING_STYLE = re.compile("h([1-6])")
# Keys of values that are not the text of the article: other articles, pictures, the site's own texts.
_OTHER_KEYS = re.compile(
    r"related|recommend|latest|trending|popular|teaser|menu|footer|header|navigation|comment|caption|credit|author|bio|"
    r"seo|meta|description|config|translation|i18n|message|label|advert|newsletter|legal|consent|cookie|query|url|src",
    re.IGNORECASE,
)


def state_blocks(values: list[Any], title: str) -> list[Block]:
    """The blocks of the longest text in the values of a page's scripts; empty if it is too short for a body.

    The strings of one list, including those in objects below it, are one text. Values of keys like `related` do not
    belong to the article.
    """
    best: list[_Line] = []
    for value in values:
        for text in _texts(value):
            if _length(text) > _length(best):
                best = text
    own = words(title)
    best = [line for line in best if words(line.text) != own]
    return list(_blocks(best)) if _length(best) >= MIN_BODY else []


class _Line(NamedTuple):
    text: str
    source: Any
    """The string, which may be HTML, or the block of Portable Text."""


def _length(lines: list[_Line]) -> int:
    return sum(len(line.text) for line in lines)


def _blocks(lines: list[_Line]) -> Iterator[Block]:
    """The lines with their roles. Only of the text that is taken: to parse the HTML of all would take seconds."""
    for number, (_, group) in enumerate(groupby(lines, lambda line: id(line.source))):
        own = list(group)
        source = own[0].source
        if isinstance(source, dict):
            yield Block(own[0].text, "p", role=_portable_role(source))
        else:
            yield from text_blocks(source if number < _MAX_SOURCES else "", [line.text for line in own])


def _texts(value: Any) -> Iterator[list[_Line]]:
    """The texts in a value: a string of several paragraphs, or the prose in the members of a list."""
    waiting = [value]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [own for key, own in value.items() if not _OTHER_KEYS.search(str(key))]
        elif isinstance(value, list):
            waiting += value
            yield [line for member in value[:_MAX_VALUES] for line in _prose_of(member)]
        elif isinstance(value, str) and len(value) >= MIN_BODY:
            yield _paragraphs(value)


def _prose_of(member: Any, depth: int = _MAX_DEPTH) -> list[_Line]:
    """The prose of one member of a list: a string, or an object with strings in it."""
    if isinstance(member, str):
        return _paragraphs(member)
    if isinstance(member, dict) and member.get("_type") == "block":
        return _portable_text(member)
    if isinstance(member, dict) and depth:
        return [
            line
            for key, own in member.items()
            if not _OTHER_KEYS.search(str(key))
            for line in _prose_of(own, depth - 1)
        ]
    return []


def _portable_text(block: dict[str, Any]) -> list[_Line]:
    """The paragraph or heading of one block of Portable Text (portabletext.org), whatever its length."""
    children = block.get("children")
    spans = children[:_MAX_VALUES] if isinstance(children, list) else []
    texts = (span.get("text") for span in spans if isinstance(span, dict))
    text = clean("".join(text for text in texts if isinstance(text, str)))
    return [_Line(text, block)] if text else []


def _portable_role(block: dict[str, Any]) -> Role:
    style, item = block.get("style"), block.get("listItem")
    kind = {"bullet": BULLET, "number": NUMBER}.get(item) if isinstance(item, str) else None
    kind = QUOTE if style == "blockquote" else kind
    level = _HEADING_STYLE.fullmatch(style) if isinstance(style, str) else None
    return Role(((kind, object()),) if kind else (), heading(int(level[1])) if level else PARAGRAPH)


def _paragraphs(text: str) -> list[_Line]:
    """The paragraphs of a string, if it is prose rather than a URL, code or a setting."""
    if len(text) < _MIN_TEXT or " " not in text[:_MIN_TEXT] or text.lstrip()[:1] in "{[":
        return []
    plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return [_Line(line, text) for raw in plain.split("\n") if (line := clean(raw))]
