"""Related articles: those that an article's page links to or contains, and the rows behind its links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from crawler.items import Article, RelatedArticle
from crawler.similarity.parsed import parsed_text
from crawler.store.articles.urls import ArticleUrls, page_urls
from crawler.store.database import Database
from crawler.urls import canonical_or_none

_MIN_PROSE_WORDS = 12
"""Words of a paragraph that may belong to an article; shorter ones are captions and sub-headings. Chosen by hand; no
measurement."""

_MIN_PROSE_PARAGRAPHS = 2
"""Paragraphs behind a pointer that may be the other article's; one is more likely the host's own."""

_COLUMNS = "kind, title, url, text, paragraph_index"


class RelatedArticles:
    """The table `related_articles`. All methods run inside the caller's transaction."""

    def __init__(self, db: Database, urls: ArticleUrls) -> None:
        self._db = db
        self._urls = urls

    def replace(self, article_id: int, related: list[RelatedArticle]) -> None:
        """Save the related articles of an article in place of the earlier ones. If they are the same, nothing is
        written: it is not a change that an export reports."""
        urls = [canonical_or_none(other.url) for other in related]
        targets = self._urls.find_articles([url for url in urls if url is not None], article_id)
        rows = [
            (
                article_id,
                position,
                url and targets.get(url),
                each.kind,
                each.title,
                url,
                each.text,
                each.paragraph_index,
            )
            for position, (url, each) in enumerate(zip(urls, related, strict=True))
        ]
        columns = f"article_id, position, target_id, {_COLUMNS}"
        before = self._db.execute(
            f"SELECT {columns} FROM related_articles WHERE article_id = ? ORDER BY position", [article_id]
        )
        if before.fetchall() == rows:
            return
        self._db.execute("DELETE FROM related_articles WHERE article_id = ?", [article_id])
        self._db.conn.executemany(f"INSERT INTO related_articles ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def read(self, article_id: int) -> list[RelatedArticle]:
        """The related articles of an article, in order."""
        rows = self._db.query(
            f"SELECT position, {_COLUMNS} FROM related_articles WHERE article_id = ? ORDER BY position", [article_id]
        )
        return [RelatedArticle(**row) for row in rows]

    def link_to(self, article_id: int, article: Article) -> None:
        """Link earlier articles that pointed to this one before it was stored to its row."""
        for url in {article.url, *(url for url, _ in page_urls(article))}:
            self._db.execute(
                "UPDATE related_articles SET target_id = ? WHERE url = ? AND target_id IS NULL AND article_id != ?",
                [article_id, url, article_id],
            )

    def is_embedding_suspected(self, article_id: int, paragraphs: list[str], related: list[RelatedArticle]) -> bool:
        """Whether the text behind a pointer may be the other article's: that one is not stored, and paragraphs of
        prose follow."""
        pointers = [each for each in related if each.kind == "inline" and each.paragraph_index is not None]
        if not pointers:
            return False
        text = parsed_text("\n".join(paragraphs))
        return any(
            _has_prose(text.count_words(each.paragraph_index or 0))
            and self._urls.find_article(canonical_or_none(each.url), article_id) is None
            for each in pointers
        )


def _has_prose(counts: Iterator[int]) -> bool:
    """Whether enough paragraphs, given their numbers of words, are prose."""
    prose = (count for count in counts if count >= _MIN_PROSE_WORDS)
    return len(list(islice(prose, _MIN_PROSE_PARAGRAPHS))) == _MIN_PROSE_PARAGRAPHS


def with_shifted_index(related: list[RelatedArticle], kept: list[bool]) -> list[RelatedArticle]:
    """The related articles with their paragraph indexes in a body that has only the `kept` paragraphs."""
    return [
        replace(other, paragraph_index=sum(kept[: other.paragraph_index]))
        if other.paragraph_index is not None
        else other
        for other in related
    ]
