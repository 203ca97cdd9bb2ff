"""dedupe: what an article is compared by.

Whether the store has a page or a text already is decided inside the store's write transaction
(crawler/store/articles/write.py), because two crawls may write to one database at the same time.
"""

from __future__ import annotations

from crawler.items import Article
from crawler.text import fingerprint


class DedupePipeline:
    """Gives each article the fingerprint of its normalised text; its URL is its identity already."""

    def process_item(self, item: Article) -> Article:
        """The item with its fingerprint."""
        item.fingerprint = fingerprint(item.body)
        return item
