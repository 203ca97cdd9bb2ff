"""Text that a page holds only in the state of its scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from crawler.extract.body import Block, length_of, text_blocks
from crawler.structure import Role
from crawler.structure.roles import BULLET, NUMBER, PARAGRAPH, QUOTE, heading
from crawler.text import clean, words

# All numbers were chosen by hand; no measurement is recorded for any of them. Few pages of the corpora have their text
# in scripts alone, so a change shows in tests/pages/ (next_data_only, state_script_only) rather than in `make score`.
_MAX_VALUES = 50_000
"""A bound for time and memory, far above the state of any article."""

_MAX_DEPTH = 4
"""How deep the text of one block may be wrapped in objects."""

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
    best: list[Block] = []
    for value in values:
        for text in _texts(value):
            if length_of(text) > length_of(best):
                best = text
    own = words(title)
    best = [block for block in best if words(block.text) != own]
    return best if length_of(best) >= MIN_BODY else []


def _texts(value: Any) -> Iterator[list[Block]]:
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
            yield [block for member in value[:_MAX_VALUES] for block in _prose_of(member)]
        elif isinstance(value, str) and len(value) >= MIN_BODY:
            yield _paragraphs(value)


def _prose_of(member: Any, depth: int = _MAX_DEPTH) -> list[Block]:
    """The prose of one member of a list: a string, or an object with strings in it."""
    if isinstance(member, str):
        return _paragraphs(member)
    if isinstance(member, dict) and member.get("_type") == "block":
        return _portable_text(member)
    if isinstance(member, dict) and depth:
        return [
            block
            for key, own in member.items()
            if not _OTHER_KEYS.search(str(key))
            for block in _prose_of(own, depth - 1)
        ]
    return []


def _portable_text(block: dict[str, Any]) -> list[Block]:
    """The paragraph or heading of one block of Portable Text (portabletext.org), whatever its length."""
    children = block.get("children")
    spans = children[:_MAX_VALUES] if isinstance(children, list) else []
    texts = (span.get("text") for span in spans if isinstance(span, dict))
    text = clean("".join(text for text in texts if isinstance(text, str)))
    return [Block(text, "p", role=_portable_role(block))] if text else []


def _portable_role(block: dict[str, Any]) -> Role:
    style, item = block.get("style"), block.get("listItem")
    kind = {"bullet": BULLET, "number": NUMBER}.get(item) if isinstance(item, str) else None
    kind = QUOTE if style == "blockquote" else kind
    level = _HEADING_STYLE.fullmatch(style) if isinstance(style, str) else None
    return Role(((kind, object()),) if kind else (), heading(int(level[1])) if level else PARAGRAPH)


def _paragraphs(text: str) -> list[Block]:
    """The paragraphs of a string, if it is prose rather than a URL, code or a setting."""
    if len(text) < _MIN_TEXT or " " not in text[:_MIN_TEXT] or text.lstrip()[:1] in "{[":
        return []
    plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    return text_blocks(text, [line for raw in plain.split("\n") if (line := clean(raw))])
