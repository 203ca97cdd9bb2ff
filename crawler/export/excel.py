"""Rows as an Excel workbook (.xlsx): a sheet for each table, and nothing left out.

The sheet `About` of each workbook has the rules for what Excel cannot hold (RULES). Rows are streamed: memory holds one
row of each sheet, and the links of a sheet, of which there are at most 65,530.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from crawler.export.columns import Column, Columns
from crawler.export.excel_sheet import MAX_CELL, MAX_LINKS, MAX_ROWS, Formats, LongText, Sheet
from crawler.export.staging import ExportError, scratch_folder, staged_file
from crawler.text import direction

RULES = (
    "Times are in the time zone that the header of their column names. A date without a time of day is as printed.",
    "A URL shows the letters of its language; its link has the encoded form. "
    f"Excel allows {MAX_LINKS:,} links in a sheet: the URLs after them are text.",
    f"A text of more than {MAX_CELL:,} characters, which Excel allows in a cell, goes on in the sheet “Long texts”.",
    f"Excel allows {MAX_ROWS:,} rows in a sheet: further rows are in further sheets.",
    "A cell that begins with =, +, - or @ is text, not a formula.",
)
_LONG = "Long texts"
_LONG_COLUMNS = {
    "sheet": Column("string", "sheet of the cell that the text begins in"),
    "row": Column("integer", "row of this cell"),
    "column": Column("string", "column of this cell"),
    "part": Column("integer", "number of the part, from 2: the cell has the first part"),
    "text": Column("string", "this part; joined without a space, the parts are the whole text"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """What one sheet shows: rows with the columns of a table of the exports."""

    title: str
    """Name of the sheet."""

    columns: Columns
    rows: Iterable[Mapping[str, Any]]


def export_workbook(target: Path, tables: Sequence[Table], zone: tzinfo) -> list[int]:
    """Write a workbook, which appears when it is complete; return the number of rows of each table.

    `zone`: the time zone of the cells with a time. The sheets run from right to left if most headlines of the first
    table do. Raises ExportError.
    """
    with staged_file(target) as part, scratch_folder(target) as scratch, _workbook(target, part, scratch) as workbook:
        writer = _Writer(workbook, zone)
        counts = [writer.write(table) for table in tables]
        writer.finish(tables)
    return counts


@contextmanager
def _workbook(target: Path, part: Path, scratch: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook, complete when the block ends. XlsxWriter's own temporary files are in `scratch`."""
    workbook = xlsxwriter.Workbook(str(part), {"constant_memory": True, "tmpdir": str(scratch)})
    workbook.use_zip64()
    try:
        yield workbook
        workbook.close()
    except XlsxWriterException as error:  # a full disk, for example
        raise ExportError(f"{target}: cannot be written ({error})") from error
    finally:
        for worksheet in workbook.worksheets():
            if not worksheet.row_data_fh.closed:
                worksheet.row_data_fh.close()


class _Writer:
    """Distributes the rows over the sheets of a workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook, zone: tzinfo) -> None:
        self._workbook = workbook
        self._formats = Formats(workbook)
        self._zone = zone
        self._sheets: list[Sheet] = []
        self._long: Sheet | None = None
        self._right, self._left = 0, 0

    def write(self, table: Table) -> int:
        """Write the rows of a table and return their number."""
        is_first, count, number = not self._sheets, 0, 1
        sheet = self._add_sheet(table.title, table.columns)
        for row in table.rows:
            if sheet.is_full:
                number += 1
                sheet = self._add_sheet(f"{table.title} {number}", table.columns)
            for long in sheet.write(row):
                self._write_long(long)
            if is_first and (title := row.get("title")):
                self._right += direction(title) == "rtl"
                self._left += direction(title) == "ltr"
            count += 1
        return count

    def finish(self, tables: Sequence[Table]) -> None:
        """Add the sheet with the rules and the meaning of the columns, and set the direction of the others."""
        for sheet in self._sheets:
            sheet.finish(right_to_left=self._right > self._left)
        about = self._workbook.add_worksheet("About")
        about.set_column(0, 1, 22)
        about.set_column(2, 2, 100)
        lines: list[tuple[str, ...]] = [*((rule,) for rule in RULES), (), ("sheet", "column", "meaning")]
        lines += [(table.title, name, column.description) for table in tables for name, column in table.columns.items()]
        for number, line in enumerate(lines):
            for place, text in enumerate(line):
                about.write_string(number, place, text, self._formats.header if line[0] == "sheet" else None)

    def _write_long(self, long: LongText) -> None:
        for part, text in enumerate(long.rest, start=2):
            if self._long is None or self._long.is_full:
                number = sum(sheet.title.startswith(_LONG) for sheet in self._sheets) + 1
                self._long = self._add_sheet(_LONG if number == 1 else f"{_LONG} {number}", _LONG_COLUMNS)
            values = {"sheet": long.sheet, "row": long.row, "column": long.column, "part": part, "text": text}
            self._long.write(values)

    def _add_sheet(self, title: str, columns: Columns) -> Sheet:
        sheet = Sheet(self._workbook.add_worksheet(title), title, columns, self._formats, self._zone)
        self._sheets.append(sheet)
        return sheet
