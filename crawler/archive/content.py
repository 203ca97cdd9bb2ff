"""Decode the body of an archived HTTP response: transfer encoding and content encodings."""

from __future__ import annotations

import io
import re
import sys
import zlib
from collections.abc import Callable

import brotli
from warcio.bufferedreaders import ChunkedDataReader

from crawler.encoding.gunzip import gunzip

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # like Scrapy, which depends on both

_ZSTD_FRAME = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")  # the second is one that has no data
# Bytes at the start of a body in which markup is expected. Chosen by hand.
_FIRST_BYTES = 1024


class ContentError(ValueError):
    """A body that cannot be decoded."""


class TooLargeError(ContentError):
    """A body that is larger than allowed."""


def decode_body(body: bytes, headers: list[tuple[str, str]], max_bytes: int) -> bytes:
    """Decode a body. Many archives contain decoded bodies under headers that declare an encoding: such a body is
    returned as it is. Raises ContentError."""
    if "chunked" in _values(headers, "transfer-encoding"):
        body = bytes(ChunkedDataReader(io.BytesIO(body)).read())
    unknown = None
    for encoding in reversed(_values(headers, "content-encoding")):
        if encoding in ("identity", "none", "utf-8"):
            continue
        if encoding not in _DECODERS:
            unknown = encoding
            continue
        body = _DECODERS[encoding](body, max_bytes)
        if len(body) > max_bytes:
            break
    if len(body) > max_bytes:
        raise TooLargeError(f"more than {max_bytes} bytes")
    if unknown is not None and b"<" not in body[:_FIRST_BYTES]:  # else it is none, as amz-1.0, or was decoded before
        raise ContentError(f"unknown content encoding {unknown!r}")
    return body


def find_header(headers: list[tuple[str, str]], name: str) -> str | None:
    """The value of the first header with this name, in lower case."""
    return next((value for key, value in headers if key.lower() == name), None)


def _values(headers: list[tuple[str, str]], name: str) -> list[str]:
    listed = ",".join(value for key, value in headers if key.lower() == name)
    return [value for part in listed.split(",") if (value := part.strip().lower())]


def _ungzip(body: bytes, max_bytes: int) -> bytes:
    """Decodes a truncated body as far as possible: archives and servers truncate long bodies."""
    result = gunzip(body, max_bytes)
    if result.problem == "damaged":
        raise ContentError("the gzip data is damaged")
    return result.data


def _deflate(body: bytes, max_bytes: int) -> bytes:
    for wbits in (15, -15):  # with a zlib header, as the standard requires, and without, as some servers send it
        try:
            return zlib.decompressobj(wbits).decompress(body, max_bytes + 1)
        except zlib.error:
            continue
    return body


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    decoder, decoded, pending = brotli.Decompressor(), b"", body
    try:
        while len(decoded) <= max_bytes and not decoder.is_finished():
            piece = decoder.process(pending, output_buffer_limit=max_bytes + 1 - len(decoded))
            pending = b""
            decoded += piece
            if not piece and decoder.can_accept_more_data():
                break
    except brotli.error:
        return decoded or body  # brotli has no magic number, so the body may not be encoded at all
    return decoded


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    if not _ZSTD_FRAME.match(body):
        return body
    decoded = b""
    try:
        # A body may have several frames (RFC 8878, 3.1). What follows the last one is padding, as with gzip.
        while len(decoded) <= max_bytes and _ZSTD_FRAME.match(body):
            decoder = zstd.ZstdDecompressor()
            decoded += decoder.decompress(body, max_bytes + 1 - len(decoded))
            body = decoder.unused_data
    except zstd.ZstdError as error:
        raise ContentError(str(error)) from error
    return decoded


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _ungzip,
    "x-gzip": _ungzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
