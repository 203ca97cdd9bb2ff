"""Export of many generated articles to each format: rows a second, memory, and whether the files are read back equal.

    python -m bench.export [--articles 100000] [--folder /tmp/bench]

Each export runs in a process of its own, once with a tenth of the articles and once with all: memory must not grow
between the two. The files are then read with openpyxl (Excel), pandas (CSV, JSON Lines, Parquet) and sqlite-utils
(SQLite) and compared with the store, row by row. Needs openpyxl, pyarrow and pandas.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from sqlite_utils import Database

from bench.generated import fill
from crawler.export import ARTICLE_COLUMNS
from crawler.store import ArticleFilter, Store

SUFFIXES = ("xlsx", "csv", "jsonl", "parquet", "db")
COLUMNS = list(ARTICLE_COLUMNS)
_CHUNK = 2_000


def main() -> None:
    """Run the bench and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="keep the files here")
    parser.add_argument("--compare", type=Path, nargs=2, metavar=("DATABASE", "FILE"), help="compare alone")
    options = parser.parse_args()
    if options.compare:
        print(compare(*options.compare))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        databases = {count: folder / f"{count}.db" for count in (options.articles // 10, options.articles)}
        for count, path in databases.items():
            if not path.exists():
                fill(path, count)
        print(f"{'format':<10}{'rows':>8}{'rows/s':>10}{'MB':>8}{'peak MB':>9}   read back")
        for suffix in SUFFIXES:
            for count, path in databases.items():
                target = folder / f"export-{count}.{suffix}"
                seconds, peak = run(path, target)
                note = compared(path, target) if count == options.articles else ""
                size = target.stat().st_size / 1e6
                print(f"{suffix:<10}{count:>8}{count / seconds:>10.0f}{size:>8.0f}{peak:>9.0f}   {note}", flush=True)


def run(database: Path, target: Path) -> tuple[float, float]:
    """Export in a process of its own: its wall seconds, its peak memory in MB. Raises RuntimeError if it fails."""
    words = ["export", str(target), "--with-duplicates", "--timezone", "UTC", "-s", f"NEWS_DB={database}"]
    words += ["--plain"] if target.suffix == ".csv" else []
    started = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    command = [sys.executable, "-m", "scrapy", *words]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"scrapy {' '.join(words)} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def compared(database: Path, target: Path) -> str:
    """The result of `compare`, in a process of its own: a child's peak memory is never below what its parent holds."""
    command = [sys.executable, "-m", "bench.export", "--compare", str(database), str(target)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def compare(database: Path, target: Path) -> str:
    """Compare each row of the file with the store."""
    readers = {".csv": csv_rows, ".jsonl": json_rows, ".parquet": parquet_rows, ".db": sqlite_rows, ".xlsx": excel_rows}
    read = readers[target.suffix]
    with Store(database) as store:
        rows = store.exports.newest_articles if target.suffix == ".xlsx" else store.exports.articles
        expected = rows(ArticleFilter(with_duplicates=True))
        count = 0
        for row, found in zip(expected, read(target), strict=True):
            columns = {name: row[name] for name in COLUMNS}
            if columns != found:
                wrong = next(name for name in COLUMNS if columns[name] != found.get(name))
                return f"row {count}: {wrong} is {found.get(wrong)!r}, not {columns[wrong]!r}"
            count += 1
    return f"{count} rows equal"


def excel_rows(path: Path) -> Iterator[dict[str, Any]]:
    """As openpyxl reads it."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    header, *_ = workbook["Articles"].iter_rows(max_row=1, values_only=True)
    names = [str(title).partition(" (")[0] for title in header]
    for cells in workbook["Articles"].iter_rows(min_row=2, values_only=True):
        row: dict[str, Any] = dict(zip(names, cells, strict=True))
        for name, column in ARTICLE_COLUMNS.items():
            value = row[name]
            if column.kind == "list":
                row[name] = str(value).split("; ") if value else []
            elif column.kind == "boolean" and value is not None:
                row[name] = int(bool(value))
            elif isinstance(value, datetime):
                row[name] = value.strftime("%Y-%m-%dT%H:%M:%SZ")
        yield row


def csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    """As pandas reads it, with the cells restored as in docs/export.md."""
    import pandas

    for chunk in pandas.read_csv(path, chunksize=_CHUNK, dtype=str, keep_default_na=False):
        for row in chunk.to_dict("records"):
            yield {name: _from_cell(name, row[name]) for name in COLUMNS}


def _from_cell(name: str, cell: str) -> Any:
    kind = ARTICLE_COLUMNS[name].kind
    text = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], cell)
    if kind == "list":
        return text.split("; ") if text else []
    if kind in ("integer", "boolean") and text:
        return int(text)
    return text or None


def json_rows(path: Path) -> Iterator[dict[str, Any]]:
    """As pandas reads it."""
    import pandas

    for chunk in pandas.read_json(path, lines=True, chunksize=_CHUNK, dtype=False):
        yield from (_without_nan(row) for row in chunk.to_dict("records"))


def parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """As pandas reads it, a row group at a time; timestamps written as the store writes them."""
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    for number in range(file.num_row_groups):
        for row in file.read_row_group(number).to_pandas().to_dict("records"):
            row = _without_nan(row)
            for name, column in ARTICLE_COLUMNS.items():
                if column.kind == "list":
                    row[name] = list(row[name])
                elif column.kind == "time" and row[name] is not None:
                    row[name] = row[name].strftime("%Y-%m-%dT%H:%M:%SZ")
            yield row


def sqlite_rows(path: Path) -> Iterator[dict[str, Any]]:
    """As sqlite-utils reads it."""
    with closing(Database(path)) as db:
        for row in db.table("articles").rows:
            yield row | {name: json.loads(row[name]) for name in ("authors", "tags")}


def _without_nan(row: dict[str, Any]) -> dict[str, Any]:
    """pandas has NaN or NaT for a missing value."""
    import pandas

    return {
        name: None if pandas.api.types.is_scalar(value) and pandas.isna(value) else value for name, value in row.items()
    }


if __name__ == "__main__":
    main()
