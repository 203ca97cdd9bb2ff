"""Rows as text: CSV and JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TextIO

from crawler.export.columns import Kind, column_kind
from crawler.urls import iri

# Spreadsheets evaluate cells that begin with one of these (OWASP, "CSV Injection"); a leading apostrophe prevents it.
# OWASP names the full-width ones as well: in East Asian locales, some spreadsheets take them for the others.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LIST_SEPARATOR = "; "
_DAY_CHARS = len("2031-03-04")


class CsvRows:
    """CSV by RFC 4180: CRLF, quotes where needed, one header.

    For spreadsheets, line breaks are real, inside quotes, and times are as spreadsheets and pandas read them. `plain`,
    for programs: a row is always one line: a line break inside a cell is written as the two characters `\\n`, a
    backslash as `\\\\`; times are ISO 8601 as in the database, URLs percent-encoded.
    """

    def __init__(self, out: TextIO, columns: Sequence[str], *, plain: bool, header: bool = True) -> None:
        """`out`: a text file opened with newline=""."""
        self._plain = plain
        self._columns = [(name, column_kind(name)) for name in columns]
        self._writer = csv.writer(out)
        if header:
            self._writer.writerow(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row. Keys that are not columns are ignored."""
        row = with_published_day(row)
        if self._plain:
            cells = [plain_cell(row.get(name)) for name, _ in self._columns]
        else:
            cells = [spreadsheet_cell(row.get(name), kind) for name, kind in self._columns]
        self._writer.writerow(cells)


class JsonLinesRows:
    """One JSON object per line. Letters are not escaped; None is null."""

    def __init__(self, out: TextIO, columns: Sequence[str]) -> None:
        self._columns = columns
        self._out = out

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row. Keys that are not columns are ignored."""
        row = with_published_day(row)
        self._out.write(json.dumps({c: row.get(c) for c in self._columns}, ensure_ascii=False) + "\n")


def with_published_day(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row of an article. If the page gives only the day, `published` is it, without the midnight that is stored."""
    if row.get("published_precision") != "day" or not row["published"]:
        return row
    return {**row, "published": row["published"][:_DAY_CHARS]}


def cell_text(value: Any) -> str:
    """A value that is not a number as the text of a cell: lists of texts are joined by semicolons, objects are JSON."""
    if isinstance(value, list) and not any(isinstance(each, dict) for each in value):
        return _LIST_SEPARATOR.join(map(str, value))
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else str(value)


def plain_cell(value: Any) -> str | int | float:
    """A cell of CSV for programs, on one line: None is empty, formulas are defused."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = _defused(cell_text(value))
    return text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def spreadsheet_cell(value: Any, kind: Kind) -> str | int | float:
    """A cell of CSV for spreadsheets: None is empty, formulas are defused."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    if kind == "time":
        return _spreadsheet_time(str(value))
    text = _defused(iri(value) if kind == "url" else cell_text(value))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _spreadsheet_time(text: str) -> str:
    """A time in the form that spreadsheets take for one: without `T` and zone. It stays in UTC. A day stays a day."""
    if len(text) == _DAY_CHARS:
        return text
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _defused(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
