"""Cells of Datasette's tables: text in its own direction, truncated; ids of articles link to their pages."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup, escape

from crawler.urls import readable_url

_MAX_CHARS, _MAX_URL_CHARS = 240, 80
"""Longer texts and URLs are truncated; the article page has the whole text. Chosen by hand."""

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ARTICLE_NUMBERS = frozenset({"article_id", "target_id", "duplicate_of", "story_id", "copy_of", "first_id"})
_WITH_OWN_ID = frozenset({"articles", "v_articles", None})
"""Tables whose `id` is the id of an article. None is a query, where `id` always is, by our convention."""

_LISTS = frozenset({"authors", "tags"})


def cell(value: Any, column: str, table: str | None) -> Markup | None:
    """The HTML of a cell, or None for Datasette's default."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        is_article = column in _ARTICLE_NUMBERS or (column == "id" and table in _WITH_OWN_ID)
        return Markup('<a href="/-/article/{}">{}</a>').format(value, value) if is_article else None
    if not isinstance(value, str):
        return None
    text = _joined(value) if column in _LISTS else value
    if not text:
        return Markup("&nbsp;")
    if text.startswith(("http://", "https://")) and not any(c.isspace() for c in text):
        shown = truncate(readable_url(text), _MAX_URL_CHARS)
        return Markup('<a href="{}" rel="noopener noreferrer nofollow"><bdi>{}</bdi></a>').format(text, shown)
    if not _RIGHT_TO_LEFT.search(text) and len(text) <= _MAX_CHARS:
        return None if text == value else escape(text)
    return Markup('<span class="text" dir="auto">{}</span>').format(truncate(text))


def truncate(text: str, length: int = _MAX_CHARS) -> str:
    """Truncate a long text at a word boundary."""
    return text if len(text) <= length else (text[:length].rsplit(None, 1) or [""])[0] + " …"


def _joined(text: str) -> str:
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return ", ".join(map(str, parts)) if isinstance(parts, list) else text
