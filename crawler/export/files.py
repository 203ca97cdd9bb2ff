"""Export files, by their suffix: CSV, JSON Lines, Parquet. SQLite, which holds several tables, is in database.py."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

from crawler.export.rows import CsvRows, JsonLinesRows
from crawler.export.staging import FormatError, staged_file

FORMATS = (".csv", ".jsonl", ".parquet")


class RowWriter(Protocol):
    """Takes rows one by one; keys that are no columns are left out."""

    def write(self, row: Mapping[str, Any], /) -> None:
        """Write one row."""


def export_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], target: str, *, excel: bool = False) -> int:
    """Write rows to a file, by its suffix, or as CSV to standard output for `-`; how many there were.

    The file is whole or is not there: an earlier one of that name stays as it was until the new one is complete.
    `excel` begins a CSV with the byte-order mark that Excel needs to read UTF-8. Raises ExportError,
    FormatError among them.
    """
    suffix = ".csv" if target == "-" else Path(target).suffix.lower()
    if suffix not in FORMATS:
        allowed = f"{_either(FORMATS)}, for articles also in .db, or be - for CSV to standard output"
        raise FormatError(f"{target}: the name must end in {allowed}")
    if excel and suffix != ".csv":
        raise FormatError("--excel goes with .csv files alone")
    if target == "-":
        with open(os.dup(sys.stdout.fileno()), "w", encoding=_encoding(excel), newline="") as out:
            return _write_all(rows, CsvRows(out, columns))
    with staged_file(Path(target)) as part, row_writer(part, suffix, columns, excel=excel) as writer:
        return _write_all(rows, writer)


@contextlib.contextmanager
def row_writer(path: Path, suffix: str, columns: Sequence[str], *, excel: bool = False) -> Iterator[RowWriter]:
    """What writes rows to a file in one of the FORMATS; the file is complete when the block ends. Raises ExportError
    if a format needs a package that is not there."""
    if suffix == ".parquet":
        from crawler.export.parquet import ParquetRows

        with contextlib.closing(ParquetRows(path, columns)) as writer:
            yield writer
        return
    out: TextIO
    with open(path, "w", encoding=_encoding(excel), newline="") as out:
        yield CsvRows(out, columns) if suffix == ".csv" else JsonLinesRows(out, columns)


def _write_all(rows: Iterable[Mapping[str, Any]], writer: RowWriter) -> int:
    count = 0
    for row in rows:
        writer.write(row)
        count += 1
    return count


def _encoding(excel: bool) -> str:
    return "utf-8-sig" if excel else "utf-8"


def _either(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
