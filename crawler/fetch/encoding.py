"""Bytes → text: by what is declared, if the bytes agree with it, then by detection."""

from __future__ import annotations

import contextlib
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

# What pages that declare nothing, or the wrong thing, are written in. The Arabic ones first among the single-byte
# tables: nearly any bytes decode in nearly any of them, so the detector must choose by how the text looks.
_DETECTED = ["cp1256", "iso8859_6", "cp1252", "cp1251", "cp1254", "shift_jis", "euc_kr", "gb18030", "big5"]
# Detection looks at so many bytes; charset-normalizer needs about 1 ms for each kilobyte.
_SAMPLE = 30_000
# A declared encoding is believed while fewer than one character in a hundred cannot be decoded: truncated pages and
# pasted snippets in another encoding are common, pages wholly in another one have far more.
_BROKEN_SHARE = 0.01
_MARKUP = re.compile(rb"<[^<>]{0,2000}>")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of an HTML page. `content_type`: the header of that name, if there was one. Never raises."""
    bom, after = read_bom(body)
    if bom is not None and after is not None:
        return after.decode(bom, "replace")
    declared = [http_content_type_encoding(content_type), html_body_declared_encoding(body)]
    codecs = [codec for codec in (resolve_encoding(name) for name in declared if name) if codec is not None]
    if not body.isascii():
        # Text in a single-byte encoding is never valid UTF-8 for long, while UTF-8 under a wrong label is common.
        with contextlib.suppress(UnicodeDecodeError):
            return body.decode("utf-8")
    for codec in [*codecs, "utf-8"]:
        text = body.decode(codec, "replace")
        if text.count("\ufffd") <= _BROKEN_SHARE * len(text):
            return text
    return body.decode(_detect(body), "replace")


def _detect(body: bytes) -> str:
    written = b" ".join(_MARKUP.sub(b" ", body[: 10 * _SAMPLE]).split())[
        :_SAMPLE
    ]  # markup says nothing of the encoding
    best = from_bytes(written, cp_isolation=["utf_8", *_DETECTED]).best()
    return best.encoding if best is not None else "utf-8"
