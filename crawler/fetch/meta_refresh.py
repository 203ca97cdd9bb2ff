"""Redirects by `<meta http-equiv="refresh">`, without decoding the pages that have none."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

_SEARCHED = 4 * 4096
"""Bytes: Scrapy looks at 4,096 characters, and a character has four bytes at most."""


class DeclaredMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Scrapy's, for pages whose start has the word `refresh`.

    Scrapy decodes every page as a whole for this, and the response keeps the text: of a page with an emoji four bytes a
    character, while the page waits for its extraction and its batch.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Called by Scrapy."""
        start = response.body[:_SEARCHED].replace(b"\0", b"").lower()  # NUL: UTF-16
        return super().process_response(request, response) if b"refresh" in start else response
