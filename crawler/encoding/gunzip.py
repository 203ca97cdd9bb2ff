"""Gzip that strangers made: read as far as it goes, up to a size."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

GZIP_MAGIC = b"\x1f\x8b"

# Members of one body. One is usual; sites that append to a sitemap make a few. Chosen by hand.
_MAX_MEMBERS = 20
# Bytes that are decompressed at a time: damage costs no more than these. Deflate packs at most 1 : 1032, so one step
# yields at most 1 MB.
_CHUNK = 1024


@dataclass(frozen=True, slots=True)
class Gunzipped:
    """What could be decompressed."""

    data: bytes
    """At most 1 MB more than the limit; then the rest was not read."""

    problem: Literal["cut_off", "damaged"] | None = None


def gunzip(body: bytes, max_bytes: int) -> Gunzipped:
    """Decompress a body that begins as gzip does; another one is returned as it is."""
    if not body.startswith(GZIP_MAGIC):
        return Gunzipped(body)
    parts: list[bytes] = []
    size = 0
    try:
        for part in _inflate(body):
            parts.append(part)
            size += len(part)
            if size > max_bytes:
                break
    except EOFError:
        return Gunzipped(b"".join(parts), "cut_off")
    except zlib.error:
        return Gunzipped(b"".join(parts), "damaged")
    return Gunzipped(b"".join(parts))


def _inflate(body: bytes) -> Iterator[bytes]:
    """The data of the members, piece by piece. What follows the last member and is not gzip is padding."""
    position = 0
    for _ in range(_MAX_MEMBERS):
        stream = zlib.decompressobj(wbits=31)
        while not stream.eof:
            chunk = body[position : position + _CHUNK]
            if not chunk:
                raise EOFError
            yield stream.decompress(chunk)
            position += len(chunk) - len(stream.unused_data)
        if not body.startswith(GZIP_MAGIC, position):
            return
