"""Which articles to read: a filter, and the SQL conditions that it means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from crawler.store.database import Database
from crawler.store.schema.views import day_of
from crawler.store.search.index import SearchIndex, match_expression
from crawler.store.search.query import index_words
from crawler.store.times import to_text
from crawler.text import fold
from crawler.usage import Use

USE_COLUMNS: dict[Use, str] = {"search": "search", "ai-train": "ai_train", "tdm": "tdm", "all": "all_uses"}
"""Use → the column of the table `rights` with its decision."""


@dataclass(frozen=True, slots=True)
class ChangeRange:
    """Ranges of change numbers: after the first of a pair, up to and including the second. None: not considered."""

    articles: tuple[int, int]
    related: tuple[int, int] | None = None
    """Of the related articles."""

    edges: tuple[int, int] | None = None
    """Of the story edges."""

    def by_table(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Each range with the table of its numbers."""
        yield "article_changes", self.articles
        for table, numbers in (("related_changes", self.related), ("edge_changes", self.edges)):
            if numbers is not None:
                yield table, numbers


FOUND = """SELECT d.article_id FROM articles_fts JOIN search_docs AS d ON d.doc_id = articles_fts.rowid
    WHERE articles_fts MATCH ?"""

STATES = {
    "alone": "{a}.story_id NOT IN (SELECT id FROM stories)",
    "shared": "{a}.story_id IN (SELECT id FROM stories)",
    "first": "{a}.id IN (SELECT first_id FROM stories)",
    "copy": "{a}.duplicate_of IS NOT NULL",
    "changed": "{a}.id IN (SELECT article_id FROM revisions WHERE kind = 'update')",
    "gone": "{a}.id IN (SELECT id FROM articles WHERE gone IS NOT NULL)",
}
"""What may be chosen of an article and its story: no other article has its text, several have it, it is the one of
these that was published first, it copies an earlier one, its site changed it, its site no longer shows it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleFilter:
    """Which articles to read; None or empty means no restriction."""

    sites: tuple[str, ...] = ()
    since: datetime | None = None
    """Published (otherwise first seen) at this moment or later."""

    until: datetime | None = None
    """Published (otherwise first seen) before this moment."""

    language: str | None = None
    categories: tuple[str, ...] = ()
    """One of these, in any spelling that folds to the same."""

    min_confidence: float | None = None
    """At least this sure. Articles without a figure, which a spider of one's own read, meet it."""

    query: str | None = None
    """What `rasid search` would find."""

    author: str | None = None
    """A name among the authors, or a part of one in whole words, in any spelling that folds to the same."""

    state: str | None = None
    """One of STATES."""

    ids: tuple[int, ...] = ()
    with_duplicates: bool = False
    only_stories: bool = False
    """Of each story only the first article that meets the other conditions, even if it copies one that does not."""

    usage: Use | None = None
    """Not reserved for this use by any of its pages, at their last fetch."""

    changes: ChangeRange | None = None
    """Stored or changed in this range."""

    def as_text(self) -> str:
        """The conditions as JSON, without `changes`: equal for two filters that choose the same."""
        conditions = asdict(replace(self, changes=None))
        used = {key: value for key, value in conditions.items() if value not in (None, (), False)}
        times = {key: to_text(value) for key, value in used.items() if isinstance(value, datetime)}
        return json.dumps(used | times, ensure_ascii=False, sort_keys=True)


class ArticleQuery:
    """A filter as conditions on the table `articles AS a`, with their values. Raises QueryError."""

    def __init__(self, db: Database, article_filter: ArticleFilter) -> None:
        self._db = db
        self.where, self.values = self._conditions(article_filter)
        if article_filter.only_stories:
            # Without `changes`: the first article of a story is the same, whether it has changed or another has.
            earlier, values = self._conditions(replace(article_filter, changes=None), "earlier")
            self.where += f""" AND NOT EXISTS (SELECT 1 FROM articles AS earlier
                WHERE earlier.story_id = a.story_id AND earlier.id < a.id AND {earlier})"""
            self.values += values
        elif not article_filter.with_duplicates:
            # The plus keeps SQLite from using the index of this column, which excludes only the copies.
            self.where += " AND +a.duplicate_of IS NULL"

    def _conditions(self, article_filter: ArticleFilter, a: str = "a") -> tuple[str, list[Any]]:
        """The conditions on single articles, whose table has the alias `a`."""
        clauses = [f"NOT +{a}.is_notice"]
        values: list[Any] = []
        columns: tuple[tuple[str, tuple[Any, ...]], ...] = (
            ("id", article_filter.ids),
            ("site", article_filter.sites),
            ("language", (article_filter.language,) if article_filter.language is not None else ()),
            ("category", self._spellings(article_filter.categories)),
        )
        for column, texts in columns:
            if texts or (column == "category" and article_filter.categories):
                clauses.append(f"{a}.{column} IN ({', '.join('?' * len(texts))})")
                values += texts
        for moment, comparison in ((article_filter.since, ">="), (article_filter.until, "<")):
            if moment is not None:
                # The first condition follows from the second, and there is an index for it.
                clauses.append(f"{day_of(a)} {comparison.rstrip('=')}= ?")
                clauses.append(f"coalesce({a}.published, {a}.first_seen) {comparison} ?")
                text = str(to_text(moment))
                values += [text[: len("2026-01-31")], text]
        if article_filter.min_confidence is not None:
            clauses.append(f"coalesce({a}.confidence, 1) >= ?")
            values.append(article_filter.min_confidence)
        if article_filter.state is not None:
            clauses.append(STATES[article_filter.state].format(a=a))
        if (expression := search_expression(self._db, article_filter)) is not None:
            clauses.append(f"{a}.id IN ({FOUND})")
            values.append(expression)
        if article_filter.usage is not None:
            clauses.append(f"""NOT EXISTS (SELECT 1 FROM pages AS rp
                JOIN page_rights AS pr ON pr.page_id = rp.id AND pr.is_current JOIN rights AS r ON r.id = pr.rights_id
                WHERE rp.article_id = {a}.id AND r.{USE_COLUMNS[article_filter.usage]} = 'reserved')""")
        if article_filter.changes is not None:
            changed = []
            for table, numbers in article_filter.changes.by_table():
                changed.append(f"SELECT article_id FROM {table} WHERE change > ? AND change <= ?")
                values += numbers
            clauses.append(f"{a}.id IN ({' UNION '.join(changed)})")
        return " AND ".join(clauses), values

    def _spellings(self, categories: tuple[str, ...]) -> tuple[str, ...]:
        """The stored categories that fold to the same as these names."""
        if not categories:
            return ()
        folded = {fold(name).strip() for name in categories}
        stored = self._db.execute("SELECT DISTINCT category FROM articles WHERE category IS NOT NULL")
        return tuple(name for (name,) in stored if fold(name).strip() in folded)


def search_expression(db: Database, article_filter: ArticleFilter) -> str | None:
    """The conditions of a filter that the search index decides, as one FTS5 expression; None if there are none. An
    author without letters is nobody's name. Raises QueryError."""
    parts = []
    if article_filter.query is not None:
        parts.append(match_expression(SearchIndex(db).query_terms(article_filter.query)))
    if article_filter.author is not None:
        parts.append(f'authors : "{" ".join(index_words(article_filter.author))}"')
    return " AND ".join(parts) or None
