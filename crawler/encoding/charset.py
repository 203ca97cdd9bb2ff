"""Bytes → text, for pages and for channels: UTF-8 if the bytes are UTF-8, then what is declared, then detection."""

from __future__ import annotations

import contextlib
import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from crawler.encoding.labels import teach_labels
from crawler.encoding.scripts import SCRIPTS

# Encodings of documents that declare none, or the wrong one. Nearly any bytes can be decoded in nearly any of the
# single-byte ones, so the detector compares how the text looks.
_DETECTED = ["cp1256", "iso8859_6", "cp1252", "cp1251", "cp1254", "shift_jis", "euc_kr", "gb18030", "big5"]
# Bytes of text that the detection reads; charset-normalizer needs about 1 ms for each kilobyte.
_SAMPLE = 30_000
# Bytes of the document in which the sample is searched: the text of a heavy page begins far down.
_SEARCHED = 2_000_000
# Share of the letters beyond ASCII that may be undecodable in a declared encoding. Truncated pages and pasted snippets
# in another encoding are common and have fewer; documents in another encoding have far more. Chosen by hand.
_BROKEN_SHARE = 0.01
# Share of the bytes beyond ASCII that may be broken in UTF-8, whatever is declared. Text in another encoding is hardly
# ever valid UTF-8, and a cut letter breaks few bytes. Chosen by hand.
_BROKEN_UTF8_SHARE = 0.1
# What Python takes for the name of an encoding and no browser does; None: not a name at all.
_NO_ENCODINGS = (None, "idna", "punycode", "unicode-escape", "raw-unicode-escape")
# Halves of UTF-16 letters, each written as if it were one: what Java and old databases make of an emoji in "UTF-8".
_SURROGATES = re.compile(rb"(?:\xed[\xa0-\xbf][\x80-\xbf])+")
_MARKUP = re.compile(rb"<(?!!\[CDATA\[)[^<>]{0,2000}>")
_HIGH_BYTES = bytes(range(0x80, 0x100))
# UTF-16 without a byte order mark: every feed, sitemap and page begins with an ASCII character.
_UTF16_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_LATIN = "cp1252"
# <html lang>, for sites whose language is not known. Bytes in which it is searched: chosen by hand.
_LANGUAGE = re.compile(rb"<html\b[^<>]*\slang\s*=\s*[\"']?([a-z]{2})\b", re.IGNORECASE)
_HEAD = 4096

teach_labels()  # before any document is decoded: w3lib remembers the labels that it did not find


def decode(body: bytes, content_type: str | None = None, language: str | None = None) -> str:
    """The text of an HTML or XML document. `content_type`: the header, if there was one. `language`: the site's, if it
    is known (ISO 639-1); it decides between encodings that fit the bytes alike. Never raises."""
    codec, mark = read_bom(body)
    if codec is not None and mark is not None:
        body = body[len(mark) :]
        if codec != "utf-8":
            return body.decode(codec, "replace")
    for start, utf16 in _UTF16_STARTS:
        if body.startswith(start):
            return body.decode(utf16, "replace")
    text = None if body.isascii() else _as_utf8(body)
    if text is None:
        text = _as_declared(body, content_type, language)
    if text is None:
        text = body.decode(_of_languages(body, language, _declared_language(body)) or _detect(body), "replace")
    return text


def _as_utf8(body: bytes) -> str | None:
    """The text of a document that is UTF-8 but for a few broken letters; None for another one."""
    with contextlib.suppress(UnicodeDecodeError):
        return body.decode("utf-8")
    body = _SURROGATES.sub(_joined, body)
    with contextlib.suppress(UnicodeDecodeError):
        return body.decode("utf-8")
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    intact = len(body) - len(body.translate(None, _HIGH_BYTES)) - broken
    return text if broken <= _BROKEN_UTF8_SHARE * intact else None


def _joined(halves: re.Match[bytes]) -> bytes:
    """UTF-8 of the letters whose halves these are; of a half alone a replacement character."""
    utf16 = halves[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return utf16.decode("utf-16-le", "replace").encode()


def _as_declared(body: bytes, content_type: str | None, language: str | None) -> str | None:
    """The text in the encoding that the header or the document declares (in this order: RFC 7303, 8.1), if the bytes
    agree with it."""
    names = (http_content_type_encoding(content_type), html_body_declared_encoding(body))
    for codec in [resolve_encoding(name) for name in names if name] + ["utf-8"]:
        if codec in _NO_ENCODINGS:
            continue
        if codec == _LATIN and language in SCRIPTS and codec not in SCRIPTS[language].codecs:
            continue  # servers that were never configured declare Latin-1, which fits any bytes
        if codec.startswith(("utf-16", "utf-32")) and b"\0" not in body:
            continue  # the label is wrong: the markup alone would have zeros
        try:
            text = body.decode(codec, "replace")
        except (LookupError, ValueError):  # Python has codecs that are not of text, as "hex"
            continue
        beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
        if text.count("\ufffd") <= _BROKEN_SHARE * beyond_ascii:
            return text
    return None


def _of_languages(body: bytes, *languages: str | None) -> str | None:
    """The encoding of the languages' scripts in which most letters beyond ASCII look like their text. The detector
    needs more text for that than a title has."""
    sample = _sample(body)
    fits: dict[str, int] = {}
    for script in (SCRIPTS[language] for language in languages if language in SCRIPTS):
        for codec in script.codecs:
            if (fit := script.fit(sample.decode(codec, "replace"))) is not None:
                fits[codec] = max(fit, fits.get(codec, fit))
    return max(fits, key=lambda codec: fits[codec], default=None)


def _declared_language(body: bytes) -> str | None:
    match = _LANGUAGE.search(body, 0, _HEAD)
    return match[1].decode().lower() if match else None


def _detect(body: bytes) -> str:
    best = from_bytes(_sample(body), cp_isolation=["utf_8", *_DETECTED]).best()
    return best.encoding if best is not None else "utf-8"


def _sample(body: bytes) -> bytes:
    """Text beyond ASCII: markup and scripts do not show the encoding."""
    return b" ".join(piece for piece in _MARKUP.split(body[:_SEARCHED]) if not piece.isascii())[:_SAMPLE]
