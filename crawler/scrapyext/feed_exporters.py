"""`rasid crawl SITE -O FILE`: Scrapy's feed exports with the rows and columns of `rasid export`."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import IO, Any

from scrapy.exporters import BaseItemExporter

from crawler.export import ARTICLE_COLUMNS, CsvRows, JsonLinesRows
from crawler.items import Article
from crawler.store.times import to_text

# Columns that only the database has: the id, when the article was seen, what it is a copy of.
_NOT_IN_ITEM = ("id", "first_seen", "last_seen", "duplicate_of", "story_id")
ITEM_COLUMNS = [name for name in ARTICLE_COLUMNS if name not in _NOT_IN_ITEM]


def article_row(article: Article) -> dict[str, Any]:
    """An article as a row of the exports, with times as text."""
    row = {name: value for name, value in asdict(article).items() if name in ITEM_COLUMNS}
    for name in ("published", "modified"):
        row[name] = to_text(row[name])
    return row | {"body": article.body, "word_count": len(article.body.split()), "paywalled": int(article.paywalled)}


class _TextExporter(BaseItemExporter):
    def __init__(self, file: IO[bytes], **kwargs: Any) -> None:
        super().__init__(dont_fail=True, **kwargs)
        self._out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._is_empty = not file.seekable() or file.tell() == 0

    def finish_exporting(self) -> None:
        self._out.detach()  # Scrapy closes its file itself


class CsvItemExporter(_TextExporter):
    """CSV; appending to a file (-o) does not repeat the header."""

    def start_exporting(self) -> None:
        """Called by Scrapy."""
        self._rows = CsvRows(self._out, ITEM_COLUMNS, plain=True, header=self._is_empty)

    def export_item(self, item: Article) -> None:
        """Called by Scrapy for each stored article."""
        self._rows.write(article_row(item))


class JsonLinesItemExporter(_TextExporter):
    """One JSON object per line."""

    def start_exporting(self) -> None:
        """Called by Scrapy."""
        self._rows = JsonLinesRows(self._out, ITEM_COLUMNS)

    def export_item(self, item: Article) -> None:
        """Called by Scrapy for each stored article."""
        self._rows.write(article_row(item))
