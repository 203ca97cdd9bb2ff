"""Related articles: what an article says of others, and the rows behind its links."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from crawler.items import Article, RelatedArticle
from crawler.similarity.sentences import folded_words
from crawler.store.articles.urls import addresses, article_at
from crawler.urls import canonical_or_none

_MIN_PROSE = 12
"""Words of a paragraph that may be an article's; shorter ones are captions and sub-headings."""


def write_related(db: Database, article_id: int, related: list[RelatedArticle]) -> None:
    """Write all that an article says of others, in place of what it said before. The same again is no change, and
    writes nothing."""
    rows = []
    for position, other in enumerate(related):
        url = canonical_or_none(other.url)
        target_id = article_at(db, url, article_id)
        rows.append((article_id, position, other.kind, other.title, url, other.text, target_id, other.paragraph_index))
    columns = "article_id, position, kind, title, url, text, target_id, paragraph_index"
    sql = f"SELECT {columns} FROM related_articles WHERE article_id = ? ORDER BY position"
    if db.execute(sql, [article_id]).fetchall() == rows:
        return
    db.execute("DELETE FROM related_articles WHERE article_id = ?", [article_id])
    db.conn.executemany(f"INSERT INTO related_articles ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def read_related(db: Database, article_id: int) -> list[RelatedArticle]:
    """What an article says of others, in order."""
    rows = db.query(
        """SELECT kind, position, title, url, text, paragraph_index FROM related_articles WHERE article_id = ?
           ORDER BY position""",
        [article_id],
    )
    return [RelatedArticle(**row) for row in rows]


def point_to(db: Database, article_id: int, article: Article) -> None:
    """Earlier articles that named this one before it was stored now point to its row."""
    for url in {article.url, *(url for url, _ in addresses(article))}:
        db.execute(
            "UPDATE related_articles SET target_id = ? WHERE url = ? AND target_id IS NULL AND article_id != ?",
            [article_id, url, article_id],
        )


def find_paragraph_indexes(paragraphs: list[str], related: list[RelatedArticle]) -> list[RelatedArticle]:
    """The related articles, each with its paragraph index in a body as the extraction gave it."""
    known: dict[tuple[str, ...], int] = {}
    if any(other.after for other in related):
        for at, paragraph in enumerate(paragraphs, 1):
            known.setdefault(folded_words(paragraph), at)
    return [
        replace(other, paragraph_index=known.get(folded_words(other.after))) if other.after else other
        for other in related
    ]


def shifted(related: list[RelatedArticle], kept: list[bool]) -> list[RelatedArticle]:
    """The related articles with their places in a body that has only the `kept` paragraphs."""
    return [
        replace(other, paragraph_index=sum(kept[: other.paragraph_index]))
        if other.paragraph_index is not None
        else other
        for other in related
    ]


def is_embedding_suspected(db: Database, article_id: int, paragraphs: list[str], related: list[RelatedArticle]) -> bool:
    """Whether what follows a pointer in the text may be the other article's: that one is not stored, and two
    paragraphs of prose or more follow."""
    prose = [len(folded_words(paragraph)) >= _MIN_PROSE for paragraph in paragraphs]
    return any(
        other.kind == "inline"
        and other.paragraph_index is not None
        and sum(prose[other.paragraph_index :]) >= 2
        and article_at(db, canonical_or_none(other.url), article_id) is None
        for other in related
    )
