"""React's flight format: the rows that server components are streamed in, put together again into values.

A page carries the stream in pieces, `self.__next_f.push([1,"…"])` or `(self.__FLIGHT_DATA||=[]).push("…")`. A row is
`<hex id>:<JSON>`, or `<hex id>:T<hex length>,<text>` without a line break behind it; values refer to other rows by
"$<hex id>", "$L<hex id>" or "$@<hex id>".
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

_PIECE = re.compile(r"(?:__next_f|__FLIGHT_DATA)\b[^\"]{0,60}?\.push\(\s*(?=[\[\"])")
_ROW = re.compile(rb"\s*([0-9a-f]+):([A-Zb-z]?)", re.ASCII)
_LENGTH = re.compile(rb"([0-9a-f]+),", re.ASCII)
_REFERENCE = re.compile(r"\$[L@]?([0-9a-f]+)", re.ASCII)
_ROOT = "0"
_TEXT_ROW = b"T"
_BINARY_ROWS = frozenset(b"AOoUSsLlGgMmV")
_TEXT, _BASE64 = 1, 3
"""The first member of a piece: what the second one is. Others start the stream."""

# Bounds for time and memory, chosen by hand; no page of the corpora reaches any of them.
_MAX_CHARS = 5_000_000
_MAX_ROWS = 20_000
_MAX_DEPTH = 150
"""How deep a value may be, rows that it refers to included."""

_MAX_TEXT_USES = 4
"""A row is put in the place of the first reference to it, a row of text of the first few: a short stream in which each
row names the next one twice would else give values without end."""

_ELEMENT_MEMBERS = 4
"""An element is `["$", type, key, properties]`, in development with more members."""


def is_flight(script: str) -> bool:
    """Whether a script adds a piece to a stream. Only its beginning is looked at."""
    return _PIECE.search(script[:200]) is not None


def flight_values(scripts: Iterable[str]) -> list[Any]:
    """The values of a stream, given the scripts in the order of the page: objects, lists and texts.

    References are replaced by their rows: the root is the first member, rows that it does not reach are the others. An
    element is an object with its properties and its tag as `type`; a component of the site's own has the type "".
    Malformed rows are left out.
    """
    rows = _rows("".join(_pieces(scripts)).encode("utf-8", "replace"))
    stream = _Stream(rows)
    first = [_ROOT] if _ROOT in rows else []
    values = [stream.value_of(row) for row in [*first, *rows] if not stream.uses[row]]
    return [value for value in values if value is not None]


def _pieces(scripts: Iterable[str]) -> Iterator[str]:
    """The text of the pieces that are strings, up to a total length."""
    left = _MAX_CHARS
    decoder = json.JSONDecoder(strict=False)
    for script in scripts:
        for match in _PIECE.finditer(script):
            try:
                piece = decoder.raw_decode(script, match.end())[0]
            except (ValueError, RecursionError):
                continue
            text = _piece_text(piece)
            if len(text) > left:
                return
            left -= len(text)
            yield text


def _piece_text(piece: Any) -> str:
    if isinstance(piece, str):
        return piece
    if not isinstance(piece, list) or len(piece) < 2 or not isinstance(piece[1], str):
        return ""
    if piece[0] == _TEXT:
        return piece[1]
    if piece[0] == _BASE64:
        try:
            return base64.b64decode(piece[1]).decode("utf-8", "replace")
        except (ValueError, binascii.Error):
            return ""
    return ""


def _rows(stream: bytes) -> dict[str, Any]:
    """The rows that hold a value, by their id: JSON, parsed, or text."""
    rows: dict[str, Any] = {}
    at = 0
    while at < len(stream) and len(rows) < _MAX_ROWS:
        head = _ROW.match(stream, at)
        if head is None:
            at = _line_end(stream, at)
            continue
        name, kind = head[1].decode("ascii"), head[2]
        length = _LENGTH.match(stream, head.end()) if kind == _TEXT_ROW or (kind and kind[0] in _BINARY_ROWS) else None
        if length is not None:  # the length is in bytes; no line break follows
            at = length.end() + int(length[1], 16)
            if kind == _TEXT_ROW:
                rows[name] = stream[length.end() : at].decode("utf-8", "replace")
            continue
        at = _line_end(stream, head.end())
        if not kind:
            try:
                rows[name] = json.loads(stream[head.end() : at])
            except (ValueError, RecursionError):
                continue
    return rows


def _line_end(stream: bytes, at: int) -> int:
    end = stream.find(b"\n", at)
    return len(stream) if end < 0 else end + 1


class _Stream:
    """The rows of one stream while references are replaced."""

    def __init__(self, rows: dict[str, Any]) -> None:
        self.rows = rows
        self.uses: Counter[str] = Counter()

    def value_of(self, row: str, depth: int = 0) -> Any:
        """The value of a row at its next use; None if it was used often enough."""
        value = self.rows.get(row)
        self.uses[row] += 1
        is_text = isinstance(value, str)
        if self.uses[row] > (_MAX_TEXT_USES if is_text else 1):
            return None
        return value if is_text else self._resolved(value, depth)

    def _resolved(self, value: Any, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            return None
        if isinstance(value, str):
            return self._string(value, depth)
        if isinstance(value, dict):
            return {key: self._resolved(own, depth + 1) for key, own in value.items()}
        if isinstance(value, list):
            if len(value) >= _ELEMENT_MEMBERS and value[0] == "$" and isinstance(value[3], dict):
                tag = value[1] if isinstance(value[1], str) and not value[1].startswith("$") else ""
                return {"type": tag} | {k: self._resolved(own, depth + 1) for k, own in value[3].items()}
            return [self._resolved(own, depth + 1) for own in value]
        return value

    def _string(self, value: str, depth: int) -> Any:
        """A string, or the row that it refers to, or None if it stands for something other than data."""
        if not value.startswith("$") or value == "$":
            return value
        if value.startswith("$$"):
            return value[1:]
        if value.startswith("$D"):
            return value[2:]
        reference = _REFERENCE.fullmatch(value)
        if reference is None or reference[1] not in self.rows:
            return None
        return self.value_of(reference[1], depth + 1)
