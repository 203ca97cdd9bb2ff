"""One sheet of an Excel workbook: cells by the kind of their column, within Excel's limits.

The limits are those of Microsoft's "Excel specifications and limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from crawler.export.columns import Columns, Kind
from crawler.export.rows import cell_text
from crawler.text import direction
from crawler.urls import iri

MAX_ROWS = 1_048_576
"""Rows of a sheet, the header among them."""

MAX_CELL = 32_767
"""Characters of a cell, in UTF-16."""

MAX_LINKS = 65_530
"""Links of a sheet."""

_MAX_LINK = 2_079
"""Characters of a link; XlsxWriter leaves out a longer one together with its text."""

_FIRST_YEAR = 1900
"""Excel has no dates before it: they are text."""

_MAX_INTEGER = 10**15
"""Excel calculates with 15 digits: longer numbers are text."""

_ROW_HEIGHT = 60
"""Points: four lines of a wrapped text. Chosen by hand: with its full height, an article fills the screen."""

_WIDTHS: dict[Kind, int] = {"integer": 10, "number": 10, "boolean": 10, "time": 17, "url": 45}
_WIDTH, _WIDTH_BY_NAME = 18, {"title": 45, "subtitle": 45, "body": 90, "text": 90}
"""Of columns, in characters. Chosen by hand."""

_CONTINUED = " […]"
_NOT_IN_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\N{REPLACEMENT CHARACTER}")


class LongText(NamedTuple):
    """What of a text did not fit into its cell."""

    sheet: str
    row: int
    """As Excel counts: the header is row 1."""

    column: str
    rest: list[str]


class Formats:
    """The formats of the cells. A workbook has one object of each, however many cells use it."""

    def __init__(self, workbook: Any) -> None:
        top = {"valign": "top"}
        self.header = workbook.add_format({**top, "bold": True, "bg_color": "#DDE6EE", "bottom": 1, "text_wrap": True})
        self.plain = workbook.add_format(top)
        # LibreOffice takes the direction of a text without a reading order from elsewhere: full stops at the wrong end.
        self.text = {
            name: workbook.add_format({**top, "text_wrap": True, "reading_order": order})
            for name, order in (("ltr", 1), ("rtl", 2))
        }
        # From left to right in sheets of the other direction as well; not wrapped, since a URL has no words.
        url = {**top, "reading_order": 1, "align": "left"}
        self.url = workbook.add_format(url)
        self.link = workbook.add_format({**url, "font_color": "#0563C1", "underline": 1})
        self.time = workbook.add_format({**top, "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.day = workbook.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"})


class Sheet:
    """Writes rows from the top to the bottom, below a header that stays in view."""

    def __init__(self, worksheet: Worksheet, title: str, columns: Columns, formats: Formats, zone: tzinfo) -> None:
        """`zone`: of the cells with a time."""
        self.title = title
        self._sheet, self._columns, self._formats, self._zone = worksheet, columns, formats, zone
        self._row, self._links = 0, 0
        # One column with links: with more, the links of the first rows would use up what a sheet can have.
        self._linked = next((name for name in ("url", *columns) if name in columns and columns[name].kind == "url"), "")
        self._sheet.set_default_row(_ROW_HEIGHT)
        self._sheet.set_row(0, _ROW_HEIGHT / 2)
        self._sheet.freeze_panes(1, 0)
        for place, (name, column) in enumerate(columns.items()):
            width = _WIDTH_BY_NAME.get(name, _WIDTHS.get(column.kind, _WIDTH))
            self._sheet.set_column(place, place, width, formats.plain)
            self._sheet.write_string(0, place, self._header(name), formats.header)

    @property
    def is_full(self) -> bool:
        """Whether the sheet has as many rows as Excel allows."""
        return self._row + 1 >= MAX_ROWS

    def write(self, row: Mapping[str, Any]) -> list[LongText]:
        """Write one row and return its texts that go on elsewhere. Keys that are not columns are ignored."""
        self._row += 1
        long = []
        for place, (name, column) in enumerate(self._columns.items()):
            value = row.get(name)
            if value is not None and (rest := self._write_cell(place, name, column.kind, value, row)):
                long.append(LongText(self.title, self._row + 1, name, rest))
        return long

    def finish(self, *, right_to_left: bool) -> None:
        """Set what is known at the end: the direction, and the range that can be filtered."""
        if self._columns:
            self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        if right_to_left:
            self._sheet.right_to_left()

    def _header(self, name: str) -> str:
        return f"{name} ({self._zone})" if self._columns[name].kind == "time" else name

    def _write_cell(self, place: int, name: str, kind: Kind, value: Any, row: Mapping[str, Any]) -> list[str]:
        """Write a cell and return the parts of the text that do not fit into it."""
        if kind == "time":
            is_day = name == "published" and row.get("published_precision") == "day"
            return self._write_time(place, str(value), is_day=is_day or len(str(value)) == len("2031-03-04"))
        if kind == "boolean":
            self._sheet.write_boolean(self._row, place, bool(value), self._formats.plain)
            return []
        if isinstance(value, int | float) and abs(value) < _MAX_INTEGER:
            self._sheet.write_number(self._row, place, value, self._formats.plain)
            return []
        text = cell_text(value)
        if kind == "url":
            return self._write_url(place, name, text)
        return self._write_text(place, text)

    def _write_time(self, place: int, text: str, *, is_day: bool) -> list[str]:
        moment = datetime.fromisoformat(text)
        if not is_day:  # a day is stored as midnight UTC, and would be another day elsewhere
            moment = moment.astimezone(self._zone)
        if moment.year < _FIRST_YEAR:
            return self._write_text(place, moment.date().isoformat() if is_day else text)
        style = self._formats.day if is_day else self._formats.time
        self._sheet.write_datetime(self._row, place, moment.replace(tzinfo=None), style)
        return []

    def _write_url(self, place: int, name: str, url: str) -> list[str]:
        is_link = url.startswith(("http://", "https://")) and len(url) <= _MAX_LINK
        if name != self._linked or not is_link or self._links >= MAX_LINKS:
            return self._write_text(place, iri(url), self._formats.url)
        self._links += 1
        self._sheet.write_url(self._row, place, url, self._formats.link, iri(url))
        return []

    def _write_text(self, place: int, text: str, style: Any = None) -> list[str]:
        first, *rest = _parts(text.translate(_NOT_IN_XML))
        # XlsxWriter takes such a text for its own markup, and writes it as it is.
        shown = f"{first} " if first.startswith("<r>") and first.endswith("</r>") else first
        self._sheet.write_string(self._row, place, shown, style or self._formats.text[direction(text)])
        return rest


def _parts(text: str) -> list[str]:
    """The text in parts that fit into a cell. The first ends with a mark if it is not the only one."""
    if len(text) * 2 <= MAX_CELL or len(text.encode("utf-16-le")) // 2 <= MAX_CELL:
        return [text]
    room, start, size = MAX_CELL - len(_CONTINUED), 0, 0
    parts: list[str] = []
    for place, letter in enumerate(text):
        units = 2 if letter > "\uffff" else 1
        if size + units > room:
            parts.append(text[start:place])
            start, size = place, 0
        size += units
    return [parts[0] + _CONTINUED, *parts[1:], text[start:]]
