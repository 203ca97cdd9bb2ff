"""dedupe: give each article the identity that the store compares it by.

The store decides inside its write transaction (crawler/store/articles/write.py) whether it has the page or the text
already, because two crawls may write to one database at the same time.
"""

from __future__ import annotations

from typing import Any

from crawler.items import Article
from crawler.similarity.parsed import parsed_text


class DedupePipeline:
    """Sets the fingerprint of an article's normalised text; its URL is the other part of its identity."""

    def process_item(self, item: Any) -> Any:
        """The item; an article with its fingerprint."""
        if isinstance(item, Article):
            item.fingerprint = parsed_text(item.body).fingerprint  # the store needs the parsed text again
        return item
