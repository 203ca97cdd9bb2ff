"""Rows as text: CSV that any reader takes, and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

# A spreadsheet runs a cell that begins so (OWASP, "CSV Injection"); a leading apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LIST_SEPARATOR = "; "


class CsvRows:
    """RFC 4180: CRLF, quotes where needed, the header once. A row is one line whatever its cells hold: a line break
    inside a cell is written as the two characters `\\n`, and a backslash as `\\\\`."""

    def __init__(self, out: TextIO, columns: Sequence[str], *, header: bool = True) -> None:
        """`out`: a text file opened with newline=""."""
        self._columns = columns
        self._writer = csv.writer(out)
        if header:
            self._writer.writerow(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row; keys that are no columns are left out."""
        self._writer.writerow([csv_cell(row.get(column)) for column in self._columns])


class JsonLinesRows:
    """One JSON object a line, letters as they are, None as null."""

    def __init__(self, out: TextIO, columns: Sequence[str]) -> None:
        self._columns = columns
        self._out = out

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row; keys that are no columns are left out."""
        self._out.write(json.dumps({c: row.get(c) for c in self._columns}, ensure_ascii=False) + "\n")


def csv_cell(value: Any) -> str | int | float:
    """A value as a CSV cell: None empty, lists joined by semicolons, one line, formulas defused."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        value = _LIST_SEPARATOR.join(map(str, value))
    elif isinstance(value, dict):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = str(value)
    if text.startswith(_FORMULA_STARTS):
        text = "'" + text
    return text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
