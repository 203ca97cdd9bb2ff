"""Invisible data in the text of a page: C2PA manifests and other runs of variation selectors. `clean` removes them."""

from __future__ import annotations

from crawler.text import INVISIBLE_RUN, may_have_run


def _as_selectors(data: bytes) -> str:
    """Bytes as C2PA writes them into text (C2PA 2.4, A.8)."""
    return "".join(chr(0xFE00 + byte) if byte < 16 else chr(0xE0100 + byte - 16) for byte in data)


_C2PA = _as_selectors(b"C2PATXT\0")


def invisible_marks(text: str) -> str | None:
    """`c2pa` if a text has a C2PA manifest in it, `variation_selectors` if it has other invisible data; else None."""
    if text.isascii() or not may_have_run(text):
        return None
    if _C2PA in text:
        return "c2pa"
    return "variation_selectors" if INVISIBLE_RUN.search(text) else None
