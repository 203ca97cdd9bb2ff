"""Stored articles: finding and reading one, and comparing it with a better extraction of its archived page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crawler.items import Article
from crawler.store.archive import ArchivedArticle
from crawler.store.articles.restore import HarmedArticle, HarmedArticles
from crawler.store.articles.revisions import Revisions
from crawler.store.articles.urls import ArticleUrls
from crawler.store.articles.write import ArticleWriter
from crawler.store.database import Database
from crawler.store.json_columns import json_list, json_object
from crawler.store.search.index import SearchIndex
from crawler.structure import body_markdown
from crawler.urls import canonical_or_none

FieldChanges = dict[str, tuple[Any, Any]]
"""Field → stored value, new value. `related` is a list of texts, the others are columns."""

JSON_COLUMNS = ("authors", "tags", "provenance")

# What the store knows of an article beside its text, and what follows from another column.
_NOT_EXTRACTED = frozenset({
    "id", "url", "page_url", "site", "first_seen", "last_seen", "duplicate_of", "story_id", "word_count", "fingerprint",
    "extractor", "confidence", "is_notice",
})  # fmt: skip


_DATES = 300
"""Articles of a site whose printed dates are read. Chosen by hand: on 19 of 31 days a numeric date shows its order."""


class Articles:
    """The table `articles`. A crawl stores articles with Store.record_outcomes."""

    def __init__(self, db: Database, *, boilerplate_pages: int = 0) -> None:
        self._db = db
        self._boilerplate_pages = boilerplate_pages

    def find(self, url: str) -> int | None:
        """The id of the article behind a URL: its own, one that led to it, or a variant of one of these."""
        with self._db.reading():
            return ArticleUrls(self._db).find_article(canonical_or_none(url))

    def printed_dates(self, site: str) -> list[str]:
        """The dates of a site's last articles as their pages print them, without those of channels."""
        sql = """SELECT published_raw FROM (
                     SELECT published_raw, published_from FROM articles WHERE site = ? ORDER BY first_seen DESC LIMIT ?)
                 WHERE published_raw IS NOT NULL AND published_from NOT LIKE 'channel:%'"""
        with self._db.reading():
            return [text for (text,) in self._db.execute(sql, [site, _DATES]).fetchall()]

    def detail(self, article_id: int) -> dict[str, Any] | None:
        """An article's columns, with `body_markdown`, `related` (its related articles), `story` (the other articles of
        its story, the first seen first, each with its similarity and lag), `aliases` (other URLs that lead to it) and
        `versions`."""
        with self._db.reading():
            rows = list(self._db.query("SELECT * FROM articles WHERE id = ?", [article_id]))
            if not rows:
                return None
            article = rows[0] | {name: json_list(rows[0][name]) for name in ("authors", "tags")}
            article["provenance"] = json_object(rows[0]["provenance"])
            return article | {
                "body_markdown": body_markdown(article["body"], article["structure"]),
                "related": self._related(article_id),
                "story": self._story(article),
                "aliases": self._aliases(article),
                "versions": Revisions(self._db).versions(article_id),
            }

    def compare_extraction(
        self, extractions: Sequence[tuple[ArchivedArticle, Article]], now: datetime
    ) -> list[FieldChanges | None]:
        """What new extractions of archived pages would change in the stored articles; None for a page whose record is
        no longer the current one, because a crawl has stored a newer version. Nothing is changed."""
        with self._db.writing():
            return [self._extract_again(*extraction, now, apply=False) for extraction in extractions]

    def update_extraction(
        self, extractions: Sequence[tuple[ArchivedArticle, Article]], now: datetime
    ) -> list[FieldChanges | None]:
        """Store new extractions of archived pages as revisions; what they changed, as compare_extraction."""
        with self._db.writing():
            changes = [self._extract_again(*extraction, now, apply=True) for extraction in extractions]
            SearchIndex(self._db).add_pending()
            return changes

    def restore(
        self,
        now: datetime,
        *,
        article_id: int | None = None,
        site: str | None = None,
        since: datetime | None = None,
        dry: bool = False,
    ) -> list[HarmedArticle]:
        """Put the texts of harmed articles back, all in one transaction, and report them; with `dry`, only report. See
        HarmedArticles.find for the selection."""
        if dry:
            with self._db.reading():
                return HarmedArticles(self._db, now).find(article_id=article_id, site=site, since=since)
        with self._db.writing():
            harmed = HarmedArticles(self._db, now).find(article_id=article_id, site=site, since=since)
            writer = ArticleWriter(self._db, now, boilerplate_pages=self._boilerplate_pages)
            for article in harmed:
                writer.restore(article)
            SearchIndex(self._db).add_pending()
            return harmed

    def _extract_again(
        self, archived: ArchivedArticle, article: Article, now: datetime, *, apply: bool
    ) -> FieldChanges | None:
        """The extraction takes the same way as an article of a crawl, so that the same is removed from its text; what
        is not to be applied is rolled back."""
        sql = "SELECT 1 FROM archive WHERE id = ? AND current = 1"
        if self._db.execute(sql, [archived.archive_id]).fetchone() is None:
            return None
        before = self._extracted_fields(archived.article_id)
        self._db.execute("SAVEPOINT extraction")
        try:
            writer = ArticleWriter(self._db, now, boilerplate_pages=self._boilerplate_pages)
            writer.update_extraction(article)
            after = self._extracted_fields(archived.article_id)
            changes = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
            if not (apply and changes):
                self._db.execute("ROLLBACK TO extraction")
            if apply:  # also without changes: the stored text is now that of this extractor
                self._db.execute(
                    "UPDATE articles SET extractor = ?, confidence = ? WHERE id = ?",
                    [article.extractor, article.confidence, archived.article_id],
                )
        except BaseException:
            self._db.execute("ROLLBACK TO extraction")
            raise
        finally:
            self._db.execute("RELEASE extraction")
        return changes

    def _extracted_fields(self, article_id: int) -> dict[str, Any]:
        [row] = self._db.execute_returning_dicts("SELECT * FROM articles WHERE id = ?", [article_id])
        related = self._db.execute(
            "SELECT kind, title, url, text FROM related_articles WHERE article_id = ? ORDER BY position", [article_id]
        ).fetchall()
        fields = {name: value for name, value in row.items() if name not in _NOT_EXTRACTED}
        return fields | {"related": [" ".join(str(part) for part in parts if part) for parts in related]}

    def _related(self, article_id: int) -> list[dict[str, Any]]:
        rows = self._db.query(
            """SELECT r.kind, r.title, r.url, r.text, r.paragraph_index, r.target_id, t.title AS target_title
               FROM related_articles AS r LEFT JOIN articles AS t ON t.id = r.target_id
               WHERE r.article_id = ? ORDER BY r.position""",
            [article_id],
        )
        return list(rows)

    def _story(self, article: dict[str, Any]) -> list[dict[str, Any]]:
        rows = self._db.query(
            """SELECT a.id, a.site, a.url, a.title, a.published, a.duplicate_of, e.similarity, e.lag,
                      s.first_id = a.id AS is_first_published
               FROM articles AS a LEFT JOIN story_edges AS e ON e.article_id = a.id
               LEFT JOIN stories AS s ON s.id = a.story_id WHERE a.story_id = ? AND a.id != ? ORDER BY a.id""",
            [article["story_id"], article["id"]],
        )
        return list(rows)

    def _aliases(self, article: dict[str, Any]) -> list[str]:
        rows = self._db.execute(
            "SELECT url FROM url_aliases WHERE article_id = ? AND url != ? ORDER BY url",
            [article["id"], article["url"]],
        )
        return [url for (url,) in rows]
