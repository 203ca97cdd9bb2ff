"""Rows as text: CSV and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

# Spreadsheets evaluate cells that begin with one of these (OWASP, "CSV Injection"); a leading apostrophe prevents it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LIST_SEPARATOR = "; "


class CsvRows:
    """CSV by RFC 4180: CRLF, quotes where needed, one header. A row is always one line: a line break inside a cell is
    written as the two characters `\\n`, a backslash as `\\\\`."""

    def __init__(self, out: TextIO, columns: Sequence[str], *, header: bool = True) -> None:
        """`out`: a text file opened with newline=""."""
        self._columns = columns
        self._writer = csv.writer(out)
        if header:
            self._writer.writerow(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row. Keys that are not columns are ignored."""
        self._writer.writerow([csv_cell(row.get(column)) for column in self._columns])


class JsonLinesRows:
    """One JSON object per line. Letters are not escaped; None is null."""

    def __init__(self, out: TextIO, columns: Sequence[str]) -> None:
        self._columns = columns
        self._out = out

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row. Keys that are not columns are ignored."""
        self._out.write(json.dumps({c: row.get(c) for c in self._columns}, ensure_ascii=False) + "\n")


def csv_cell(value: Any) -> str | int | float:
    """Convert a value to a CSV cell on one line: None is empty, lists are joined by semicolons, formulas are
    defused."""
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
