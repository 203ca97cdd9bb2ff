"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.discover.document import Document, json_text, read_json
from crawler.discover.next_page import add_next_page
from crawler.discover.result import ChannelProblem, ChannelResult, DocumentContext, Entry


def json_feed_entries(document: Document, context: DocumentContext, result: ChannelResult) -> Iterator[Entry]:
    """The items of a JSON Feed. Raises ChannelProblem for any other JSON."""
    data = read_json(document.text)
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(data.get("version")):
        raise ChannelProblem("The document is JSON but not a JSON Feed.")
    for item in items:
        link = _link(item) if isinstance(item, dict) else None
        if link is None:
            result.skip("invalid_url")
        else:
            yield Entry(
                link=link,
                is_trusted=True,
                title=json_text(item.get("title")),
                published=json_text(item.get("date_published")),
                modified=json_text(item.get("date_modified")),
                authors=_authors(item) or _authors(data),
                categories=[tag for tag in _list(item.get("tags")) if isinstance(tag, str)],
                language=json_text(item.get("language")) or json_text(data.get("language")),
            )
    if following := json_text(data.get("next_url")):
        add_next_page(following, context.url, context, result)


def _link(item: dict[str, Any]) -> str | None:
    identity = json_text(item.get("id")) or ""
    return json_text(item.get("url")) or (identity if re.match(r"https?://", identity) else None)


def _authors(item: dict[str, Any]) -> list[str]:
    """Version 1.1 has a list of authors, version 1.0 one author."""
    authors = [*_list(item.get("authors")), item.get("author")]
    return [name for author in authors if isinstance(author, dict) and (name := json_text(author.get("name")))]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
