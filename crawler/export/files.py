"""Export files with one table: CSV, JSON Lines, Parquet. Files with several tables (SQLite) are in sqlite.py."""

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
    """Writes rows one by one. Keys that are not columns are ignored."""

    def write(self, row: Mapping[str, Any], /) -> None:
        """Write one row."""


def export_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], target: str, *, plain: bool = False) -> int:
    """Write rows to a file, in the format of its suffix, or as CSV to standard output for `-`; return their number.

    An existing file is replaced only when the new one is complete. A CSV file is for spreadsheets, or `plain` for
    programs, as on standard output. Raises ExportError and its subclass FormatError.
    """
    suffix = ".csv" if target == "-" else Path(target).suffix.lower()
    if suffix not in FORMATS:
        raise FormatError(f"{target}: the name must end in {_join_or(FORMATS)}, or be - for CSV to standard output")
    if target == "-":
        with open(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="") as out:
            return _write_all(rows, CsvRows(out, columns, plain=True))
    with staged_file(Path(target)) as part, row_writer(part, suffix, columns, plain=plain) as writer:
        return _write_all(rows, writer)


@contextlib.contextmanager
def row_writer(path: Path, suffix: str, columns: Sequence[str], *, plain: bool) -> Iterator[RowWriter]:
    """A writer for a file in one of the FORMATS. The file is complete when the block ends. Raises ExportError if the
    format needs a package that is not installed. `plain`: of CSV, the form for programs."""
    if suffix == ".parquet":
        from crawler.export.parquet import ParquetRows

        with contextlib.closing(ParquetRows(path, columns)) as writer:
            yield writer
        return
    is_csv = suffix == ".csv"
    # Excel reads UTF-8 only behind a byte order mark.
    encoding = "utf-8-sig" if is_csv and not plain else "utf-8"
    out: TextIO
    with open(path, "w", encoding=encoding, newline="") as out:
        yield CsvRows(out, columns, plain=plain) if is_csv else JsonLinesRows(out, columns)


def _write_all(rows: Iterable[Mapping[str, Any]], writer: RowWriter) -> int:
    count = 0
    for row in rows:
        writer.write(row)
        count += 1
    return count


def _join_or(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
