"""Reading what is stored, a row at a time, for the exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.store.times import to_text

_JSON_COLUMNS = ("authors", "tags", "provenance")


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleFilter:
    """Which articles to read; None means no restriction."""

    sites: tuple[str, ...] = ()
    since: datetime | None = None
    """Published (else first seen) at this moment or later."""

    until: datetime | None = None
    """Published (else first seen) before this moment."""

    language: str | None = None
    with_duplicates: bool = False


def articles(db: Database, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
    """Articles in the order they were stored: the columns of the table, with `duplicate_of` as the URL of the first
    copy, lists as lists and times as text. Streams: memory does not grow with the table."""
    where, values = _where(wanted)
    sql = f"""SELECT a.*, first.url AS copied_url FROM articles AS a
              LEFT JOIN articles AS first ON first.id = a.duplicate_of WHERE {where} ORDER BY a.id"""
    for row in db.query(sql, values):
        yield row | {key: json.loads(row[key]) for key in _JSON_COLUMNS} | {"duplicate_of": row["copied_url"]}


def related_articles(db: Database, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
    """What these articles say of others, in order. `article_url` is the article, `target_url` the other, if stored."""
    where, values = _where(wanted)
    yield from db.query(
        f"""SELECT r.article_id, a.url AS article_url, r.position, r.kind, r.title, r.url, r.text,
                   target.url AS target_url FROM related_articles AS r
            JOIN articles AS a ON a.id = r.article_id LEFT JOIN articles AS target ON target.id = r.target_id
            WHERE {where} ORDER BY r.article_id, r.position""",
        values,
    )


def _where(wanted: ArticleFilter) -> tuple[str, list[Any]]:
    """Conditions on the table `articles AS a`, and their values."""
    clauses: list[str] = ["1"]
    values: list[Any] = []
    if wanted.sites:
        clauses.append(f"a.site IN ({', '.join('?' * len(wanted.sites))})")
        values += wanted.sites
    for moment, comparison in ((wanted.since, ">="), (wanted.until, "<")):
        if moment is not None:
            clauses.append(f"coalesce(a.published, a.first_seen) {comparison} ?")
            values.append(to_text(moment))
    if wanted.language is not None:
        clauses.append("a.language = ?")
        values.append(wanted.language)
    if not wanted.with_duplicates:
        clauses.append("a.duplicate_of IS NULL")
    return " AND ".join(clauses), values
