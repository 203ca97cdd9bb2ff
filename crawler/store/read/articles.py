"""Reading what is stored, a row at a time, for the exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.store.search.index import match_expression, query_terms
from crawler.store.times import to_text
from crawler.text import fold

_JSON_COLUMNS = ("authors", "tags", "provenance")


@dataclass(frozen=True, slots=True)
class Changes:
    """A stretch of the change numbers: after the first of a pair, up to and with the second. None does not matter."""

    articles: tuple[int, int]
    related: tuple[int, int] | None = None
    """Of what articles say of others."""

    edges: tuple[int, int] | None = None
    """Of what articles copy."""

    def stretches(self) -> Iterator[tuple[str, tuple[int, int]]]:
        """Each with the table that has its numbers."""
        yield "article_changes", self.articles
        for table, stretch in (("related_changes", self.related), ("edge_changes", self.edges)):
            if stretch is not None:
                yield table, stretch


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleFilter:
    """Which articles to read; None or nothing means no restriction."""

    sites: tuple[str, ...] = ()
    since: datetime | None = None
    """Published (else first seen) at this moment or later."""

    until: datetime | None = None
    """Published (else first seen) before this moment."""

    language: str | None = None
    categories: tuple[str, ...] = ()
    """One of these, in any spelling that folds to the same."""

    query: str | None = None
    """What `scrapy search` would find."""

    with_duplicates: bool = False
    only_stories: bool = False
    """Of each story only the first article that the other conditions leave, be it a copy of one that they do not."""

    changes: Changes | None = None
    """Stored or changed since then."""

    def as_text(self) -> str:
        """The conditions as JSON, without `changes`: the same for two filters that choose alike."""
        given = asdict(replace(self, changes=None))
        said = {key: value for key, value in given.items() if value not in (None, (), False)}
        times = {key: to_text(value) for key, value in said.items() if isinstance(value, datetime)}
        return json.dumps(said | times, ensure_ascii=False, sort_keys=True)


def articles(db: Database, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
    """Articles in the order they were stored: the columns of the table, with `duplicate_of` as the URL of the first
    copy, lists as lists and times as text. Streams: memory does not grow with the table. Raises QueryError."""
    where, values = conditions(db, wanted)
    sql = f"""SELECT a.*, first.url AS copied_url FROM articles AS a
              LEFT JOIN articles AS first ON first.id = a.duplicate_of WHERE {where} ORDER BY a.id"""
    for row in db.query(sql, values):
        yield row | {key: json.loads(row[key]) for key in _JSON_COLUMNS} | {"duplicate_of": row["copied_url"]}


def related_articles(db: Database, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
    """What these articles say of others, in order. `article_url` is the article, `target_url` the other, if stored."""
    where, values = conditions(db, wanted)
    yield from db.query(
        f"""SELECT r.article_id, a.url AS article_url, r.position, r.kind, r.title, r.url, r.text,
                   target.url AS target_url, r.paragraph_index FROM related_articles AS r
            JOIN articles AS a ON a.id = r.article_id LEFT JOIN articles AS target ON target.id = r.target_id
            WHERE {where} ORDER BY r.article_id, r.position""",
        values,
    )


def stories(db: Database, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
    """The stories of these articles, by number: who had it first, how many tell it on how many sites, and when."""
    where, values = conditions(db, wanted)
    yield from db.query(
        f"""SELECT told.*, first.title, first.url AS first_url, first.site AS first_site,
                   publisher.url AS publisher_url, publisher.site AS publisher_site
            FROM (SELECT a.story_id, count(*) AS articles, count(DISTINCT a.site) AS sites,
                         min(a.published) AS first_published, max(a.published) AS last_published
                  FROM articles AS a WHERE {where} GROUP BY a.story_id) AS told
            JOIN articles AS first ON first.id = told.story_id
            LEFT JOIN stories AS s ON s.id = told.story_id
            JOIN articles AS publisher ON publisher.id = coalesce(s.first_id, told.story_id) ORDER BY told.story_id""",
        values,
    )


def story_edges(db: Database, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
    """One row for each of these articles that copies another: which, how near, and how much later."""
    where, values = conditions(db, wanted)
    yield from db.query(
        f"""SELECT a.url, a.site, other.url AS copy_of_url, other.site AS copy_of_site, a.story_id, e.similarity,
                   e.shared_sentences, a.published, other.published AS copy_of_published, e.lag AS lag_seconds
            FROM articles AS a JOIN story_edges AS e ON e.article_id = a.id
            JOIN articles AS other ON other.id = e.copy_of WHERE {where} ORDER BY a.id""",
        values,
    )


def fate(db: Database, url: str) -> str:
    """Why an article is not among those chosen: `deleted`, `copy` or `filtered`."""
    found = db.execute("SELECT duplicate_of FROM articles WHERE url = ?", [url]).fetchone()
    if found is None:
        return "deleted"
    return "copy" if found[0] is not None else "filtered"


def conditions(db: Database, wanted: ArticleFilter) -> tuple[str, list[Any]]:
    """Conditions on the table `articles AS a`, and their values. Raises QueryError."""
    clauses, values = _alone(db, wanted)
    if wanted.only_stories:
        earlier, again = _alone(db, replace(wanted, changes=None), "earlier")
        clauses += f""" AND NOT EXISTS (SELECT 1 FROM articles AS earlier
            WHERE earlier.story_id = a.story_id AND earlier.id < a.id AND {earlier})"""
        values = values + again
    elif not wanted.with_duplicates:
        clauses += " AND a.duplicate_of IS NULL"
    return clauses, values


def _alone(db: Database, wanted: ArticleFilter, a: str = "a") -> tuple[str, list[Any]]:
    """The conditions that look at one article alone, whose table is called `a`."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    if wanted.sites:
        clauses.append(f"{a}.site IN ({', '.join('?' * len(wanted.sites))})")
        values += wanted.sites
    for moment, comparison in ((wanted.since, ">="), (wanted.until, "<")):
        if moment is not None:
            clauses.append(f"coalesce({a}.published, {a}.first_seen) {comparison} ?")
            values.append(to_text(moment))
    if wanted.language is not None:
        clauses.append(f"{a}.language = ?")
        values.append(wanted.language)
    if wanted.categories:
        spellings = _categories_like(db, wanted.categories)
        clauses.append(f"{a}.category IN ({', '.join('?' * len(spellings))})")
        values += spellings
    if wanted.query is not None:
        clauses.append(f"""{a}.id IN (SELECT d.article_id FROM articles_fts
            JOIN search_docs AS d ON d.doc_id = articles_fts.rowid WHERE articles_fts MATCH ?)""")
        values.append(match_expression(query_terms(db, wanted.query)))
    if wanted.changes is not None:
        changed = []
        for table, stretch in wanted.changes.stretches():
            changed.append(f"SELECT article_id FROM {table} WHERE change > ? AND change <= ?")
            values += stretch
        clauses.append(f"{a}.id IN ({' UNION '.join(changed)})")
    return " AND ".join(clauses), values


def _categories_like(db: Database, names: tuple[str, ...]) -> list[str]:
    """The stored categories that fold to the same as these names."""
    folded = {fold(name).strip() for name in names}
    stored = (name for (name,) in db.execute("SELECT DISTINCT category FROM articles WHERE category IS NOT NULL"))
    return [name for name in stored if fold(name).strip() in folded]
