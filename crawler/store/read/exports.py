"""Exports: rows of articles, related articles and stories, and what each named export contains already."""

from __future__ import annotations

import contextlib
import json
from array import array
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from crawler.store.articles.articles import JSON_COLUMNS
from crawler.store.database import Database
from crawler.store.read.articles import ArticleFilter, ArticleQuery, ChangeRange
from crawler.store.times import to_text
from crawler.structure import body_markdown

_ARTICLES = """SELECT a.*, first.url AS copied_url FROM articles AS a
    LEFT JOIN articles AS first ON first.id = a.duplicate_of"""
# A day without a time is stored as midnight UTC.
_PUBLISHED = "CASE WHEN {0}.published_precision = 'day' THEN substr({0}.published, 1, 10) ELSE {0}.published END"
_CHUNK = 200
"""Articles that are read at a time in another order than that of their numbers. Chosen by hand."""


class ExportStateError(ValueError):
    """A `--since-last` that would leave articles out; the message says what to write instead."""


class ChangedArticle(NamedTuple):
    """An article that was stored or changed."""

    id: int
    site: str
    month: str
    """Of its publication, otherwise of its first fetch: 2026-11."""

    is_notice: bool
    """Whether it is in no export."""


class Exports:
    """Reads what exports contain, row by row: memory does not grow with the tables. The table `exports`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def articles(self, article_filter: ArticleFilter) -> Iterator[dict[str, Any]]:
        """Articles in the order in which they were stored: the columns of the table, with `duplicate_of` as the URL of
        the first article with the text, lists as lists and times as text. Raises QueryError."""
        yield from map(_article_row, self._query(f"{_ARTICLES} WHERE {{where}} ORDER BY a.id", article_filter))

    def newest_articles(self, article_filter: ArticleFilter, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """The same articles, the newest first, at most `limit`. Keeps the numbers of all of them in memory (8 bytes
        each): sorting the rows themselves would copy their texts. Raises QueryError."""
        with self._db.reading():
            chosen = ArticleQuery(self._db, article_filter)
            numbers = array("q")
            for (number,) in self._db.execute(
                f"SELECT a.id FROM articles AS a WHERE {chosen.where} "
                "ORDER BY coalesce(a.published, a.first_seen) DESC, a.id DESC LIMIT ?",
                [*chosen.values, -1 if limit is None else limit],
            ):
                numbers.append(number)
            for start in range(0, len(numbers), _CHUNK):
                some = numbers[start : start + _CHUNK].tolist()
                found = {row["id"]: row for row in self._db.query(_articles_where(some), some)}
                yield from (_article_row(found[number]) for number in some)

    def related_articles(self, article_filter: ArticleFilter) -> Iterator[dict[str, Any]]:
        """The related articles of these articles, in order. `article_url` is the article, `target_url` the other one,
        if it is stored."""
        return self._query(
            """SELECT r.article_id, a.url AS article_url, r.position, r.kind, r.title, r.url, r.text,
                      target.url AS target_url, r.paragraph_index FROM related_articles AS r
               JOIN articles AS a ON a.id = r.article_id LEFT JOIN articles AS target ON target.id = r.target_id
               WHERE {where} ORDER BY r.article_id, r.position""",
            article_filter,
        )

    def stories(self, article_filter: ArticleFilter) -> Iterator[dict[str, Any]]:
        """The stories of these articles, by number: who published it first, the number of articles and sites, and the
        times."""
        return self._query(
            f"""SELECT story.*, first.title, first.url AS first_url, first.site AS first_site,
                      publisher.url AS publisher_url, publisher.site AS publisher_site
               FROM (SELECT a.story_id, count(*) AS articles, count(DISTINCT a.site) AS sites,
                            min({_PUBLISHED.format("a")}) AS first_published,
                            max({_PUBLISHED.format("a")}) AS last_published
                     FROM articles AS a WHERE {{where}} GROUP BY a.story_id) AS story
               JOIN articles AS first ON first.id = story.story_id
               LEFT JOIN stories AS s ON s.id = story.story_id
               JOIN articles AS publisher ON publisher.id = coalesce(s.first_id, story.story_id)
               ORDER BY story.story_id""",
            article_filter,
        )

    def story_edges(self, article_filter: ArticleFilter) -> Iterator[dict[str, Any]]:
        """One row for each of these articles that copies another: which, how similar, and how much later."""
        return self._query(
            f"""SELECT a.id AS article_id, a.url, a.site, other.url AS copy_of_url,
                      other.site AS copy_of_site, a.story_id, e.similarity, e.shared_sentences,
                      {_PUBLISHED.format("a")} AS published, {_PUBLISHED.format("other")} AS copy_of_published,
                      e.lag AS lag_seconds
               FROM articles AS a JOIN story_edges AS e ON e.article_id = a.id
               JOIN articles AS other ON other.id = e.copy_of WHERE {{where}} ORDER BY a.id""",
            article_filter,
        )

    def removal_reason(self, url: str) -> str:
        """Why an article is not among those that a filter chose: `deleted`, `notice`, `copy` or `filtered`."""
        with self._db.reading():
            row = self._db.execute("SELECT duplicate_of, is_notice FROM articles WHERE url = ?", [url]).fetchone()
        if row is None:
            return "deleted"
        if row[1]:
            return "notice"
        return "copy" if row[0] is not None else "filtered"

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see one moment, whatever crawls write meanwhile. Nothing may be written inside."""
        with self._db.reading():
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.rollback()

    def newest_changes(self) -> tuple[int, int, int]:
        """The numbers of the last changes of an article, of related articles and of story edges; 0 if there is none."""
        with self._db.reading():
            articles, related, edges = (
                int(self._db.execute(f"SELECT coalesce(max(change), 0) FROM {table}").fetchone()[0])
                for table in ("article_changes", "related_changes", "edge_changes")
            )
        return articles, related, edges

    def changed_articles(self, changes: ChangeRange) -> Iterator[ChangedArticle]:
        """The articles that were stored or changed in a range, by id."""
        ranges = list(changes.by_table())
        changed = " UNION ".join(
            f"SELECT article_id FROM {table} WHERE change > ? AND change <= ?" for table, _ in ranges
        )
        with self._db.reading():
            for row in self._db.execute(
                f"""SELECT id, site, substr(coalesce(published, first_seen), 1, 7), is_notice FROM articles
                    WHERE id IN ({changed}) ORDER BY id""",
                [number for _, numbers in ranges for number in numbers],
            ):
                yield ChangedArticle(*row)

    def changes_since(
        self, name: str, article_filter: ArticleFilter, *, with_related: bool = False, with_edges: bool = False
    ) -> ChangeRange:
        """What the next export of this name is to contain.

        `with_related`: also articles of which only the related articles have changed since the last export of that name
        that included these. `with_edges`: the same for story edges. Raises ExportStateError if the last export had
        other filters: it did not contain what they left out, and neither would this one.
        """
        with self._db.reading():
            newest = self.newest_changes()
            last = self._db.execute(
                "SELECT filters, change, related_change, edge_change FROM exports WHERE name = ?", [name]
            ).fetchone()
        filters, *before = last or (article_filter.as_text(), 0, 0, 0)
        if filters != article_filter.as_text():
            raise ExportStateError(
                f"--since-last {name}: the last export of that name had other filters ({filters}); "
                "use them again, or another name"
            )
        articles, related, edges = zip(before, newest, strict=True)
        return ChangeRange(articles, related if with_related else None, edges if with_edges else None)

    def record_export(
        self, name: str, article_filter: ArticleFilter, changes: ChangeRange, rows: int, now: datetime
    ) -> None:
        """Save that everything up to these changes is exported, after the files of the export are in their places."""
        last = [numbers[1] if numbers else 0 for numbers in (changes.articles, changes.related, changes.edges)]
        with self._db.writing():
            self._db.execute(
                """INSERT INTO exports (name, change, related_change, edge_change, filters, rows, exported)
                   VALUES (?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (name) DO UPDATE SET change = max(change, excluded.change),
                       related_change = max(related_change, excluded.related_change),
                       edge_change = max(edge_change, excluded.edge_change), filters = excluded.filters,
                       rows = excluded.rows, exported = excluded.exported""",
                [name, *last, article_filter.as_text(), rows, to_text(now)],
            )

    def _query(self, sql: str, article_filter: ArticleFilter) -> Iterator[dict[str, Any]]:
        with self._db.reading():
            chosen = ArticleQuery(self._db, article_filter)
            # The numbers first, by whatever index serves the conditions, then the rows in the order of the numbers:
            # an index on the rows themselves would have to sort them, with their texts.
            where = f"a.id IN (SELECT a.id FROM articles AS a WHERE {chosen.where})"
            yield from self._db.query(sql.format(where=where), chosen.values)


def _articles_where(numbers: list[int]) -> str:
    return f"{_ARTICLES} WHERE a.id IN ({', '.join('?' * len(numbers))})"


def _article_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table as a row of the exports, which has no notices."""
    del row["is_notice"]
    markdown = body_markdown(row["body"], row["structure"])
    lists = {key: json.loads(row[key]) for key in JSON_COLUMNS}
    return row | lists | {"duplicate_of": row["copied_url"], "body_markdown": markdown}
