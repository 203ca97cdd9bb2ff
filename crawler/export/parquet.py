"""Rows as Parquet: typed columns, zstd compression, row groups small enough to be skipped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.export.columns import Kind, column_kind
from crawler.export.staging import ExportError
from crawler.extras import extra_missing

if TYPE_CHECKING:
    import pyarrow

_GROUP_ROWS, _GROUP_CHARS = 4_096, 8_000_000
"""A row group, which is held in memory while it is written, ends at either limit. Chosen by hand; `python -m
bench.export` measures the memory."""


def parquet_schema(columns: Sequence[str]) -> pyarrow.Schema:
    """The schema of a table with these columns. pyarrow must be installed."""
    import pyarrow

    types: dict[Kind, Any] = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "time": pyarrow.timestamp("us", tz="UTC"),
        "list": pyarrow.list_(pyarrow.string()),
    }
    return pyarrow.schema([(name, types.get(column_kind(name), pyarrow.string())) for name in columns])


def parquet_value(column: str, value: Any) -> Any:
    """A value of a row as the schema has it."""
    convert = _CONVERT.get(column_kind(column))
    return value if convert is None or value is None else convert(value)


class ParquetRows:
    """Writes a Parquet file. Times are timestamps in UTC, lists are lists of strings, JSON is text."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Raises ExportError if pyarrow is not installed."""
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise ExportError(extra_missing("parquet", f"the package pyarrow ({error})")) from error
        self._schema = parquet_schema(columns)
        self._from_lists = pyarrow.Table.from_pydict
        self._convert = {name: _CONVERT.get(column_kind(name)) for name in columns}
        self._values: dict[str, list[Any]] = {name: [] for name in columns}
        self._rows = self._chars = 0
        self._out = pyarrow.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, row: Mapping[str, Any]) -> None:
        """Add one row. Keys that are not columns are ignored."""
        for name, convert in self._convert.items():
            value = row.get(name)
            if isinstance(value, str):
                self._chars += len(value)
            self._values[name].append(value if convert is None or value is None else convert(value))
        self._rows += 1
        if self._rows >= _GROUP_ROWS or self._chars >= _GROUP_CHARS:
            self._write_group()

    def close(self) -> None:
        """Write the remaining rows and the footer."""
        try:
            if self._rows:
                self._write_group()
        finally:
            self._out.close()

    def _write_group(self) -> None:
        self._out.write_table(self._from_lists(self._values, schema=self._schema), row_group_size=self._rows)
        self._values = {name: [] for name in self._values}
        self._rows = self._chars = 0


_CONVERT: dict[Kind, Callable[[Any], Any]] = {
    "boolean": bool,
    "time": datetime.fromisoformat,
    "json": lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True),
}
