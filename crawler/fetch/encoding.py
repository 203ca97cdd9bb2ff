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
# ... out of the first so many: the text of a heavy page begins far down.
_SEARCHED = 2_000_000
# A declared encoding is believed while fewer than one foreign letter in a hundred cannot be decoded: truncated pages
# and pasted snippets in another encoding are common, pages wholly in another one have far more. Counted against the
# letters beyond ASCII alone, for most of a page is markup.
_BROKEN_SHARE = 0.01
# What Python takes for a name of an encoding and no browser does; None: no name at all.
_NO_ENCODINGS = (None, "idna", "punycode", "unicode-escape", "raw-unicode-escape")
# Halves of UTF-16 letters, each written as if it were one: what Java and old databases make of an emoji in "UTF-8".
_SURROGATES = re.compile(rb"(?:\xed[\xa0-\xbf][\x80-\xbf])+")
_MARKUP = re.compile(rb"<[^<>]{0,2000}>")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of an HTML page. `content_type`: the header of that name, if there was one. Never raises."""
    marked, mark = read_bom(body)
    if marked is not None and mark is not None:
        return body[len(mark) :].decode(marked, "replace")
    declared = [http_content_type_encoding(content_type), html_body_declared_encoding(body)]
    codecs = [codec for codec in (resolve_encoding(name) for name in declared if name) if codec not in _NO_ENCODINGS]
    if not body.isascii():
        # Text in a single-byte encoding is never valid UTF-8 for long, while UTF-8 under a wrong label is common.
        with contextlib.suppress(UnicodeDecodeError):
            return body.decode("utf-8")
        with contextlib.suppress(UnicodeDecodeError):
            return _SURROGATES.sub(_joined, body).decode("utf-8")
    for codec in [*codecs, "utf-8"]:
        if codec.startswith(("utf-16", "utf-32")) and b"\0" not in body:
            continue  # the label lies: the markup alone would have zeros
        try:
            text = body.decode(codec, "replace")
        except (LookupError, ValueError):  # Python has codecs that are none of text, as "hex"
            continue
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        if text.count("\ufffd") <= _BROKEN_SHARE * foreign:
            return text
    return body.decode(_detect(body), "replace")


def _joined(halves: re.Match[bytes]) -> bytes:
    """UTF-8 of the letters whose halves these are; of a half alone a replacement character."""
    utf16 = halves[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return utf16.decode("utf-16-le", "replace").encode()


def _detect(body: bytes) -> str:
    # Markup and scripts say nothing of the encoding.
    written = b" ".join(piece for piece in _MARKUP.split(body[:_SEARCHED]) if not piece.isascii())
    best = from_bytes(written[:_SAMPLE], cp_isolation=["utf_8", *_DETECTED]).best()
    return best.encoding if best is not None else "utf-8"
