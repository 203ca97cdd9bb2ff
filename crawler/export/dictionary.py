"""The data dictionary: what every column holds, as a Markdown table or as Frictionless schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.export.columns import TABLES, Column, Kind, described
from crawler.export.staging import FormatError, staged_file

_FRICTIONLESS: dict[Kind, str] = {
    "integer": "integer",
    "number": "number",
    "boolean": "integer",  # 0 and 1, as the files have it
    "time": "datetime",
    "list": "array",
    "json": "object",
}


def export_dictionary(target: str, columns: Sequence[str]) -> None:
    """Write the dictionary of articles with these columns and of the other tables. Raises ExportError."""
    suffix = Path(target).suffix.lower()
    tables: Mapping[str, Mapping[str, Column]] = {**TABLES, "articles": described(columns)}
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
    """A table of columns, their types and meanings."""
    rows = (f"| `{name}` | {column.kind} | {column.meaning} |" for name, column in columns.items())
    return "| column | type | what it holds |\n|---|---|---|\n" + "\n".join(rows)


def table_schema(columns: Mapping[str, Column], *, is_csv: bool = False) -> dict[str, Any]:
    """A Frictionless table schema. In CSV, where a cell is text, lists and JSON are strings."""
    fields = []
    for name, column in columns.items():
        kind = _FRICTIONLESS.get(column.kind, "string")
        if is_csv and kind in ("array", "object"):
            kind = "string"
        fields.append({"name": name, "type": kind, "description": column.meaning})
    return {"fields": fields, "missingValues": [""]}
