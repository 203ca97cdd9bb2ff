"""What the stages need of a Scrapy response: its headers as text, and its validators."""

from __future__ import annotations

import hashlib

from scrapy.http import Response

from crawler.items import Validators

# Characters of an ETag or Last-Modified; longer ones are ignored, as each request would repeat them. Chosen by hand.
_MAX_VALIDATOR = 400


def header(response: Response, name: str) -> str:
    """A header's first value as text; empty if it is missing."""
    return (response.headers.get(name) or b"").decode("latin-1")


def headers_of(response: Response) -> dict[str, str]:
    """All headers, names in lower case."""
    return {name.decode("latin-1").lower(): value[0].decode("latin-1") for name, value in response.headers.items()}


def all_headers(response: Response) -> list[tuple[str, str]]:
    """All headers, with every value of those that came more than once."""
    return [(name.decode("latin-1"), v.decode("latin-1")) for name, values in response.headers.items() for v in values]


def redirects_of(response: Response) -> list[str]:
    """The URLs that redirected to the response's, in order. What was requested between two requests for one URL is not
    among them: a wall is not a URL of the page."""
    path: list[str] = []
    for url in (*response.meta.get("redirect_urls", []), response.url):
        if url in path:
            del path[path.index(url) :]
        path.append(url)
    return path[:-1]


def validators_of(response: Response) -> Validators:
    """For conditional requests of the same document (RFC 9110, 13)."""
    return Validators(
        etag=_usable(header(response, "ETag")),
        last_modified=_usable(header(response, "Last-Modified")),
        body_hash=body_hash(response.body),
    )


def body_hash(body: bytes) -> str:
    """The same for the same body."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _usable(value: str) -> str | None:
    value = value.strip()
    return value if 0 < len(value) <= _MAX_VALIDATOR and value.isprintable() and value.isascii() else None
