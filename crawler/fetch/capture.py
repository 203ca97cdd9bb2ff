"""A response as it was received, for the archive. Scrapy decompresses the body and removes its Content-Encoding."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawler.items import Candidate, Capture

CONTENT_ENCODING = "content_encoding"
"""Key of a request's meta: the Content-Encoding headers of its response."""


class ContentEncodingMiddleware:
    """Downloader middleware below Scrapy's decompression: keeps the encoding of the body."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, unchanged."""
        request.meta[CONTENT_ENCODING] = response.headers.getlist("Content-Encoding")
        return response


def capture(response: Response, candidate: Candidate | None = None) -> Capture:
    """What the archive stores of a response. The headers describe the decompressed body; the original ones have the
    prefix X-Archive-Orig-, as in other archives."""
    original = response.meta.get(CONTENT_ENCODING) or []
    headers = [
        (name, value)
        for name, values in response.headers.items()
        for value in values
        if name not in (b"Content-Length", b"Content-Encoding", b"Transfer-Encoding")
    ]
    current = response.headers.getlist("Content-Encoding")
    headers += [(b"Content-Encoding", value) for value in current]
    if original and original != current:
        headers += [(b"X-Archive-Orig-Content-Encoding", value) for value in original]
    headers.append((b"Content-Length", str(len(response.body)).encode("ascii")))
    return Capture(
        headers=headers,
        body=response.body,
        protocol=response.protocol or "HTTP/1.1",
        address=str(response.ip_address) if response.ip_address else None,
        candidate=candidate,
    )
