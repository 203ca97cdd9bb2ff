"""`scrapy crawl -o` and `-O`: the rows and columns of `scrapy export`, through Scrapy's own feed storage."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.extensions.feedexport import FileFeedStorage
from scrapy.extensions.postprocessing import GzipPlugin, PostProcessingManager

from crawler import settings
from crawler.export import ARTICLE_COLUMNS, export_rows
from crawler.items import Article, RelatedArticle
from crawler.scrapyext.feed_exporters import ITEM_COLUMNS, CsvItemExporter, JsonLinesItemExporter
from crawler.store import ArticleFilter, Store
from tests.made_up import HOME, an_article, put

Exporter = type[CsvItemExporter] | type[JsonLinesItemExporter]


def feed(exporter: Exporter, path: Path, *articles: Article, overwrite: bool) -> None:
    """As Scrapy does for -O (overwrite) and -o."""
    storage = FileFeedStorage(str(path), feed_options={"overwrite": overwrite})
    file = storage.open(Spider("example"))
    export = exporter(file, encoding="utf-8")  # type: ignore[arg-type]  # Scrapy hands over what a storage opens
    export.start_exporting()
    for article in articles:
        export.export_item(article)
    export.finish_exporting()
    storage.store(file)


def an_exported_article() -> Article:
    return an_article(
        "a",
        "=سطر\nسطر «آخر», \\",
        authors=["سلمى", "Omar"],
        tags=["x"],
        published=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        published_precision="second",
        paywalled=True,
        related=[RelatedArticle(kind="block", position=0, title="Other")],
    )


def test_the_columns_are_those_of_the_export_without_what_only_the_database_knows() -> None:
    unknown = ("id", "first_seen", "last_seen", "duplicate_of", "story_id")
    assert [name for name in ARTICLE_COLUMNS if name not in unknown] == ITEM_COLUMNS


@pytest.mark.parametrize(("exporter", "suffix"), [(CsvItemExporter, ".csv"), (JsonLinesItemExporter, ".jsonl")])
def test_a_crawl_writes_the_same_rows_as_the_export_of_what_it_stored(
    tmp_path: Path, exporter: Exporter, suffix: str
) -> None:
    article = an_exported_article()
    crawled, exported = tmp_path / f"crawled{suffix}", tmp_path / f"exported{suffix}"
    feed(exporter, crawled, article, overwrite=True)
    with Store(tmp_path / "news.db") as store:
        put(store, article)
        export_rows(store.exports.articles(ArticleFilter()), ITEM_COLUMNS, str(exported), plain=True)
    assert crawled.read_bytes() == exported.read_bytes()


def test_appending_does_not_repeat_the_header_and_overwriting_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    for number in range(3):
        feed(CsvItemExporter, path, an_article(str(number)), overwrite=False)
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["url"] for row in csv.DictReader(file)] == [HOME + "0", HOME + "1", HOME + "2"]
    feed(CsvItemExporter, path, an_article("new"), overwrite=True)
    assert len(path.read_bytes().splitlines()) == 2
    assert path.read_bytes().startswith(b"url,site,")


def test_json_lines_can_be_appended(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    for number in range(2):
        feed(JsonLinesItemExporter, path, an_article(str(number), "سطر\nسطر"), overwrite=False)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["url"] for row in rows] == [HOME + "0", HOME + "1"]
    assert [row["body"] for row in rows] == ["سطر\nسطر"] * 2


def test_a_crawl_without_articles_leaves_the_header(tmp_path: Path) -> None:
    feed(CsvItemExporter, tmp_path / "articles.csv", overwrite=True)
    assert (tmp_path / "articles.csv").read_text().splitlines() == [",".join(ITEM_COLUMNS)]


def test_a_feed_can_be_compressed(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv.gz"
    with path.open("wb") as raw:
        file = PostProcessingManager([GzipPlugin], raw, {})
        export = CsvItemExporter(file)  # type: ignore[arg-type]  # Scrapy hands it over like this
        export.start_exporting()
        export.export_item(an_article("a"))
        export.finish_exporting()
        file.close()
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("url,site,")


def test_a_csv_feed_has_the_columns_of_its_first_item_and_says_what_it_leaves_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "mixed.csv"
    with path.open("wb") as file:
        export = CsvItemExporter(file, join_multivalued="|")
        export.start_exporting()
        export.export_item(an_article("a", authors=["Ada", "Omar"]))
        for number in range(2):
            export.export_item({"title": f"No article {number}", "price": 3})
        export.finish_exporting()
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["title"] for row in rows][1:] == ["No article 0", "No article 1"]
    assert rows[0]["authors"] == "Ada|Omar"
    (message,) = caplog.messages
    assert "of other items, ['price'] are left out" in message


def test_fields_may_name_what_the_columns_do_not_have(tmp_path: Path) -> None:
    path = tmp_path / "fields.jsonl"
    with path.open("wb") as file:
        export = JsonLinesItemExporter(file, fields_to_export={"url": "link", "related": "related", "id": "id"})  # type: ignore[arg-type]
        export.export_item(an_exported_article())
    (item,) = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert (list(item), item["related"][0]["title"]) == (["link", "related"], "Other")


def test_every_format_that_scrapy_offers_for_the_two_is_ours() -> None:
    assert settings.FEED_EXPORTERS_BASE["csv"] == f"{CsvItemExporter.__module__}.{CsvItemExporter.__qualname__}"
    for name in ("jsonl", "jsonlines", "jl"):
        assert (
            settings.FEED_EXPORTERS_BASE[name]
            == f"{JsonLinesItemExporter.__module__}.{JsonLinesItemExporter.__qualname__}"
        )
