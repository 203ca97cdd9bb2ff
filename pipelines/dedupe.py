"""dedupe: give each article the identity that the store compares it by.

The store decides inside its write transaction (crawler/store/articles/write.py) whether it has the page or the text
already, because two crawls may write to one database at the same time.
"""

from __future__ import annotations

from typing import Any

from crawler.items import Article
from crawler.similarity.identity import identify


class DedupePipeline:
    """Sets the identity of an article's text and its fingerprint; its URL is the other part of its identity."""

    def process_item(self, item: Any) -> Any:
        """The item. An article mostly comes with its identity from a worker process; one of a spider of one's own, or
        one whose text a pipeline has changed, gets it here."""
        if isinstance(item, Article):
            identify(item)
            item.fingerprint = item.identity.fingerprint if item.identity else None
        return item
