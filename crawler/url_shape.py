"""The shape of a URL: what the URLs of a site's articles have in common, and those of its other pages."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_MAX_SEGMENTS = 8
_MAX_CHARS = 200
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:19|20)\d\d[-_]?[01]\d(?:[-_]?[0-3]\d)?")
_NUMBER = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
# Words of a headline in a URL. Chosen by hand: names of sections have one or two.
_MIN_SLUG_WORDS = 3
_SLUG_SEPARATOR = re.compile(r"[-_+ ]+")
# A long part without a hyphen is an id, or a headline in a script without spaces. Chosen by hand.
_LONG = 20


def url_shape(url: str) -> str:
    """The shape of a URL: `/news/2026/11/the-bridge-closes-today.html` has the shape `/news/Y/N/S.html`, and
    `/shop/net?id=7` has `/shop/w?id`. Names of folders are kept. Years (Y), dates (D), numbers (N), slugs (S) and other
    last parts (w) are not, nor is the host."""
    parts = urlsplit(url)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    kinds = [_kind(segment, is_last=n == len(segments)) for n, segment in enumerate(segments, 1)]
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    query = f"?{'&'.join(names)}" if names else ""
    return ("/" + "/".join(kinds[:_MAX_SEGMENTS]) + query)[:_MAX_CHARS]


def _kind(segment: str, *, is_last: bool) -> str:
    extension = _EXTENSION.search(segment) if is_last else None
    if extension is not None:
        segment = segment[: extension.start()]
    end = extension[0].lower() if extension is not None else ""
    if _YEAR.fullmatch(segment):
        return "Y" + end
    if _DATE.fullmatch(segment):
        return "D" + end
    if _NUMBER.fullmatch(segment):
        return "N" + end
    if len([word for word in _SLUG_SEPARATOR.split(segment) if word]) >= _MIN_SLUG_WORDS or len(segment) >= _LONG:
        return "S" + end
    return ("w" if is_last else segment.lower()) + end
