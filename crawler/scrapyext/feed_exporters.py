"""Scrapy's feed exporters (-o, -O, FEEDS) with the rows and columns of `rasid export` for articles. Items of any other
kind are written as Scrapy writes them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import IO, Any, Self

from itemadapter import ItemAdapter
from scrapy import exporters
from scrapy.crawler import Crawler

from crawler.export import ARTICLE_COLUMNS, plain_cell
from crawler.items import INTERNAL_FIELDS, Article
from crawler.scrapyext.spider_modules import is_plain
from crawler.store.times import to_text

logger = logging.getLogger(__name__)

# Columns that only the database has: the id, when the article was seen, what it is a copy of.
_NOT_IN_ITEM = ("id", "first_seen", "last_seen", "duplicate_of", "story_id")
ITEM_COLUMNS = [name for name in ARTICLE_COLUMNS if name not in _NOT_IN_ITEM]

_TIMES = ("published", "modified")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 (2.2) does not allow in a text."""


def article_row(article: Article) -> dict[str, Any]:
    """An article as a row: the ITEM_COLUMNS, then what `fields` may name as well. Times are text."""
    values = {name: value for name, value in _fields_of(article).items() if name not in _TIMES}
    values |= {name: to_text(getattr(article, name)) for name in _TIMES}
    values |= {"body": article.body, "body_markdown": article.body_markdown}
    values |= {"word_count": len(article.body.split()), "paywalled": int(article.paywalled)}
    page_url = article.page.url if article.page is not None else None
    values["page_url"] = page_url if page_url != article.url else None
    return {name: values[name] for name in [*ITEM_COLUMNS, *(name for name in values if name not in ITEM_COLUMNS)]}


def _fields_of(article: Article) -> dict[str, Any]:
    """The fields of an article, without those that the stages need."""
    values = {name: getattr(article, name) for name in article.__dataclass_fields__ if name not in INTERNAL_FIELDS}
    return values | {"related": [asdict(related) for related in article.related]}


class _ArticleRows(exporters.BaseItemExporter):
    """An exporter that writes an article as a row."""

    def get_serialized_fields(
        self, item: Any, default_value: Any = None, include_empty: bool | None = None
    ) -> Iterable[tuple[str, Any]]:
        """The fields of an item to write; of an article, the ITEM_COLUMNS if no `fields` are given."""
        if isinstance(item, Article):
            row = self.row(item)
            chosen = row if self.fields_to_export is not None else [name for name in ITEM_COLUMNS if name in row]
            item = {name: row[name] for name in chosen}
        return super().get_serialized_fields(item, default_value, include_empty)

    def row(self, article: Article) -> dict[str, Any]:
        """The columns of an article, with values that the format has."""
        return article_row(article)


class JsonItemExporter(_ArticleRows, exporters.JsonItemExporter):
    """A JSON array."""


class JsonLinesItemExporter(_ArticleRows, exporters.JsonLinesItemExporter):
    """One JSON object per line."""


class MarshalItemExporter(_ArticleRows, exporters.MarshalItemExporter):
    """Python's marshal: one dict after the other."""


class PickleItemExporter(_ArticleRows, exporters.PickleItemExporter):
    """Python's pickle: one dict after the other, with datetimes and booleans."""

    def row(self, article: Article) -> dict[str, Any]:
        """The columns of an article."""
        times = {name: getattr(article, name) for name in _TIMES}
        return article_row(article) | times | {"paywalled": article.paywalled}


class XmlItemExporter(_ArticleRows, exporters.XmlItemExporter):
    """XML; what an article does not have is left out."""

    def row(self, article: Article) -> dict[str, Any]:
        """The columns of an article."""
        return {name: _for_xml(value) for name, value in article_row(article).items() if value is not None}


def _for_xml(value: Any) -> Any:
    if isinstance(value, list):
        return [_for_xml(each) for each in value if each is not None]
    if isinstance(value, dict):
        return {name: _for_xml(each) for name, each in value.items() if each is not None}
    return _NOT_XML.sub("", value) if isinstance(value, str) else value


class CsvItemExporter(_ArticleRows, exporters.CsvItemExporter):
    """CSV; appending articles to a file (-o) does not repeat the header."""

    def __init__(self, file: IO[bytes], *, join_multivalued: str | None = None, **kwargs: Any) -> None:
        """`join_multivalued`: between the values of a list; of articles `; ` if it is None, as in `rasid export`."""
        self._is_empty = not file.seekable() or file.tell() == 0
        self._separator = join_multivalued
        self._expects_articles = True
        self._has_items = False
        self._has_warned = False
        super().__init__(file, join_multivalued="," if join_multivalued is None else join_multivalued, **kwargs)  # type: ignore[arg-type]  # it takes any file

    @classmethod
    def from_crawler(cls, crawler: Crawler, file: IO[bytes], **kwargs: Any) -> Self:
        """Called by Scrapy."""
        exporter = cls(file, **kwargs)
        exporter._expects_articles = not is_plain(crawler.spidercls)
        return exporter

    def export_item(self, item: Any) -> None:
        """Called by Scrapy for each item. The first one decides about the columns, if no `fields` are given."""
        if not self._has_items and isinstance(item, Article):
            self._use_article_columns()
        elif self.fields_to_export is ITEM_COLUMNS and not isinstance(item, Article) and not self._has_warned:
            self._has_warned = True
            logger.warning(
                "the CSV feed has the columns of articles: of other items, %s are left out; name the columns in "
                "`fields`, or choose the items with `item_classes`",
                [name for name in ItemAdapter(item).field_names() if name not in ITEM_COLUMNS],
            )
        self._has_items = True
        super().export_item(item)

    def row(self, article: Article) -> dict[str, Any]:
        """The columns of an article as text of one line."""
        row = article_row(article)
        if self._separator is not None:
            row |= {name: self._separator.join(row[name]) for name in ("authors", "tags", "paragraphs")}
        return {name: plain_cell(value) for name, value in row.items()}

    def finish_exporting(self) -> None:
        """Called by Scrapy. A crawl of a site without articles leaves the header."""
        if not self._has_items and self._expects_articles:
            self._use_article_columns()
            fields = self.fields_to_export
            assert fields is not None
            if self.include_headers_line:
                self.csv_writer.writerow(list(fields.values() if isinstance(fields, Mapping) else fields))
        super().finish_exporting()

    def _use_article_columns(self) -> None:
        if self.fields_to_export is None:
            self.fields_to_export = ITEM_COLUMNS
        self.include_headers_line = self.include_headers_line and self._is_empty
