# mypy: disable-error-code="misc, untyped-decorator, no-any-return"
# fundus is not installed where the types are checked.
"""fundus, with one parser for all sites: every paragraph of the page, title and date of the metadata."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from fundus import Crawler, Sitemap
from fundus.parser import ArticleBody, BaseParser, ParserProxy, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_author_parsing,
    generic_date_parsing,
)
from fundus.publishers.base_objects import Publisher, PublisherGroup
from lxml.cssselect import CSSSelector


class AnyParser(ParserProxy):
    """What most parsers of fundus read, without the selectors of a site."""

    class V1(BaseParser):
        """Valid at any time."""

        _paragraphs = CSSSelector("p")

        @attribute
        def body(self) -> ArticleBody | None:
            """All paragraphs."""
            return extract_article_body_with_selector(self.precomputed.doc, paragraph_selector=self._paragraphs)

        @attribute
        def title(self) -> str | None:
            """Of the metadata."""
            return self.precomputed.meta.get("og:title") or self.precomputed.ld.bf_search("headline")

        @attribute
        def publishing_date(self) -> datetime.datetime | None:
            """Of the linked data or the metadata."""
            found = self.precomputed.ld.bf_search("datePublished")
            return generic_date_parsing(found or self.precomputed.meta.get("article:published_time"))

        @attribute
        def authors(self) -> list[str]:
            """Of the linked data."""
            return generic_author_parsing(self.precomputed.ld.bf_search("author"))


def main(source: str, target: str) -> None:
    """Crawl all sites."""
    sites = json.loads(Path(source).read_text("utf-8"))["sites"]
    made = {
        site["host"].split(".")[0]: Publisher(
            name=site["host"], domain=site["home"], parser=AnyParser, sources=[Sitemap(site["sitemap"])]
        )
        for site in sites
    }
    group = PublisherGroup("Served", (), made)
    with Path(target).open("w", encoding="utf-8") as file:
        for article in Crawler(group, delay=0.0).crawl(only_complete=False):
            row = {"title": article.title, "text": str(article.body or "")}
            file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
