"""Export: rows of the store → CSV, JSON Lines, Parquet, SQLite."""

from crawler.export.columns import (
    ARTICLE_COLUMNS,
    EDGE_COLUMNS,
    FURTHER_COLUMNS,
    RELATED_COLUMNS,
    STORY_COLUMNS,
    TABLES,
    ColumnError,
    parse_columns,
)
from crawler.export.files import export_rows
from crawler.export.rows import CsvRows, JsonLinesRows, plain_cell
from crawler.export.staging import ExportError, FormatError, check_folder

__all__ = [
    "ARTICLE_COLUMNS",
    "EDGE_COLUMNS",
    "FURTHER_COLUMNS",
    "RELATED_COLUMNS",
    "STORY_COLUMNS",
    "TABLES",
    "ColumnError",
    "CsvRows",
    "ExportError",
    "FormatError",
    "JsonLinesRows",
    "check_folder",
    "export_rows",
    "parse_columns",
    "plain_cell",
]
