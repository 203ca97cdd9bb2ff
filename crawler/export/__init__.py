"""Export: rows of the store → CSV, JSON Lines."""

from crawler.export.columns import ARTICLE_COLUMNS, FURTHER_COLUMNS, RELATED_COLUMNS, ColumnError, chosen_columns
from crawler.export.files import ExportError, export_rows
from crawler.export.rows import CsvRows, JsonLinesRows

__all__ = [
    "ARTICLE_COLUMNS",
    "FURTHER_COLUMNS",
    "RELATED_COLUMNS",
    "ColumnError",
    "CsvRows",
    "ExportError",
    "JsonLinesRows",
    "chosen_columns",
    "export_rows",
]
