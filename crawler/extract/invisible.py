"""Invisible data in the text of a page: C2PA manifests and other runs of variation selectors. `clean` removes them."""

from __future__ import annotations

import re


def _as_selectors(data: bytes) -> bytes:
    """Bytes as C2PA writes them into text (C2PA 2.4, A.8), in UTF-8."""
    return "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in data).encode()


_C2PA = _as_selectors(b"C2PATXT\0")
# `crawler.text.INVISIBLE_RUN` in UTF-8, where single bytes show that a page has nothing of this.
_ONE = rb"[\xef\xf3](?:(?<=\xef)\xb8[\x80-\x8f]|(?<=\xf3)\xa0(?:[\x84-\x86][\x80-\xbf]|\x87[\x80-\xaf]))"
_RUN = re.compile(_ONE + rb"(?:" + _ONE + rb"){3,}")


def invisible_marks(text: str) -> str | None:
    """`c2pa` if a text has a C2PA manifest in it, `variation_selectors` if it has other invisible data; else None."""
    if text.isascii():
        return None
    data = text.encode("utf-8", "surrogatepass")
    if b"\xf3" not in data and (b"\xef" not in data or b"\xef\xb8" not in data):
        return None
    if _C2PA in data:
        return "c2pa"
    return "variation_selectors" if _RUN.search(data) else None
