"""A response as it came, for the archive: Scrapy undoes the content encoding and drops the header that named it."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawler.items import Candidate, Capture

CONTENT_ENCODING = "content_encoding"
"""Key of a request's meta: what its response's header of that name said."""


class ContentEncodingMiddleware:
    """Downloader middleware below Scrapy's decompression: remembers how a body was encoded."""

    def process_response(self, request: Request, response: Response) -> Response:
        """The response, unchanged."""
        request.meta[CONTENT_ENCODING] = response.headers.getlist("Content-Encoding")
        return response


def capture(response: Response, candidate: Candidate | None = None) -> Capture:
    """What the archive keeps of a response. The headers say what its body is now; what they said before stands under
    X-Archive-Orig- names, as other archives have it."""
    was_encoded = response.meta.get(CONTENT_ENCODING) or []
    headers = [
        (name, value)
        for name, values in response.headers.items()
        for value in values
        if name not in (b"Content-Length", b"Content-Encoding", b"Transfer-Encoding")
    ]
    still = response.headers.getlist("Content-Encoding")
    headers += [(b"Content-Encoding", value) for value in still]
    if was_encoded and was_encoded != still:
        headers += [(b"X-Archive-Orig-Content-Encoding", value) for value in was_encoded]
    headers.append((b"Content-Length", str(len(response.body)).encode("ascii")))
    return Capture(
        headers=headers,
        body=response.body,
        protocol=response.protocol or "HTTP/1.1",
        address=str(response.ip_address) if response.ip_address else None,
        candidate=candidate,
    )
