"""The data files of a release, and their description as a Frictionless Data Package."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.export.columns import Column
from crawler.export.dictionary import table_schema
from crawler.export.files import row_writer
from crawler.export.staging import ExportError

FORMATS = ("csv", "jsonl", "parquet")
SUMS, PACKAGE, CARD = "SHA256SUMS", "datapackage.json", "README.md"
_KEYS = {"articles": "url", "changes": "url", "removed": "url"}
_MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "parquet": "application/vnd.apache.parquet"}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file that was written."""

    table: str
    format: str
    path: str
    rows: int
    bytes: int
    sha256: str
    columns: Mapping[str, Column]


def parse_formats(text: str | None) -> tuple[str, ...]:
    """The formats of `--format`; if it is None, all formats whose packages are installed. Raises ExportError."""
    if text is None:
        return FORMATS if importlib.util.find_spec("pyarrow") else FORMATS[:2]
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise ExportError(f"--format {text}: must be one or more of {','.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in names)


def write_table(
    folder: Path, table: str, columns: Mapping[str, Column], rows: Iterable[Mapping[str, Any]], formats: Sequence[str]
) -> list[DataFile]:
    """Write rows in each format, in one pass."""
    count = 0
    paths = {name: folder / f"{table}.{name}" for name in formats}
    with contextlib.ExitStack() as open_files:
        writers = [
            open_files.enter_context(row_writer(path, f".{name}", list(columns), plain=True))
            for name, path in paths.items()
        ]
        for row in rows:
            count += 1
            for writer in writers:
                writer.write(row)
    return [
        DataFile(table, name, path.name, count, path.stat().st_size, sha256(path), columns)
        for name, path in paths.items()
    ]


def resources(files: Sequence[DataFile]) -> list[dict[str, Any]]:
    """The data files of a release as resources of its data package."""
    tables = {file.table for file in files}
    return [_resource(file, tables) for file in files]


def _resource(file: DataFile, tables: Set[str]) -> dict[str, Any]:
    schema = table_schema(file.columns, file.format)
    if file.table in _KEYS:
        schema["primaryKey"] = [_KEYS[file.table]]
    if file.table == "related_articles":
        articles = next(table for table in ("changes", "articles") if table in tables)
        reference = {"resource": _name(articles, file.format), "fields": [_KEYS[articles]]}
        schema["foreignKeys"] = [{"fields": ["article_url"], "reference": reference}]
    description: dict[str, Any] = {
        "name": _name(file.table, file.format),
        "path": file.path,
        "format": file.format,
        "mediatype": _MEDIA_TYPES[file.format],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }
    # docs/decisions.md#frictionless-reads-parquet-files-as-files
    if file.format == "parquet" or (file.format == "jsonl" and file.rows == 0):
        description["type"] = "file"
    else:
        description["rows"] = file.rows
    return description | ({"encoding": "utf-8"} if file.format != "parquet" else {})


def _name(table: str, file_format: str) -> str:
    return table.replace("_", "-") + ("" if file_format == "csv" else f"-{file_format}")


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write indented JSON. The same data gives the same bytes."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over all other files, in the format of `sha256sum -c`."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    (folder / SUMS).write_text("".join(f"{sha256(folder / name)}  {name}\n" for name in names), "utf-8")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
