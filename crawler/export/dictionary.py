"""The data dictionary: a description of every column, as Markdown tables or as Frictionless schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.export.columns import TABLES, Column, Kind, describe_columns
from crawler.export.staging import FormatError, staged_file

_FRICTIONLESS: dict[Kind, str] = {
    "integer": "integer",
    "number": "number",
    "boolean": "integer",  # 0 and 1, as in the files
    "time": "datetime",
    "list": "array",
    "json": "object",
}
_IN_FORMAT: dict[tuple[str | None, Kind], str] = {
    ("csv", "list"): "string",
    ("csv", "json"): "string",
    ("parquet", "json"): "string",
    ("parquet", "boolean"): "boolean",
}


def export_dictionary(target: str, columns: Sequence[str]) -> None:
    """Write the dictionary: the articles with these columns, and the other tables. Raises ExportError."""
    suffix = Path(target).suffix.lower()
    tables: Mapping[str, Mapping[str, Column]] = {**TABLES, "articles": describe_columns(columns)}
    if suffix == ".md":
        text = "\n\n".join(f"## {name}\n\n{as_markdown(columns)}" for name, columns in tables.items())
    elif suffix == ".json":
        schemas = {name: table_schema(columns) for name, columns in tables.items()}
        text = json.dumps(schemas, ensure_ascii=False, indent=2)
    else:
        raise FormatError(f"{target}: the name of a data dictionary must end in .md or .json")
    with staged_file(Path(target)) as part:
        part.write_text(text + "\n", "utf-8")


def as_markdown(columns: Mapping[str, Column]) -> str:
    """The columns with their types and descriptions, as a Markdown table."""
    rows = (f"| `{name}` | {column.kind} | {column.description} |" for name, column in columns.items())
    return "| column | type | description |\n|---|---|---|\n" + "\n".join(rows)


def table_schema(columns: Mapping[str, Column], file_format: str | None = None) -> dict[str, Any]:
    """The columns as a Frictionless table schema, of a file with this format: in CSV files, lists and JSON are strings;
    in Parquet files, booleans are booleans and JSON is a string."""
    fields = []
    for name, column in columns.items():
        kind = _IN_FORMAT.get((file_format, column.kind)) or _FRICTIONLESS.get(column.kind, "string")
        fields.append({"name": name, "type": kind, "description": column.description})
    return {"fields": fields, "missingValues": [""]}
