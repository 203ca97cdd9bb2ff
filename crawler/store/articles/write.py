"""Articles: whether the store has one already, its new row, its revision, and what it says of others.

All of this runs inside the write transaction: two crawls may write at once, and each must see what the other did.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.items import Article, Outcome
from crawler.similarity.parsed import parsed_text
from crawler.store.articles.canonical import give_own_address, is_disproved
from crawler.store.articles.related import (
    find_paragraph_indexes,
    is_embedding_suspected,
    point_to,
    read_related,
    shifted,
    write_related,
)
from crawler.store.articles.revisions import KEPT, REVISED, RevisionKind, note_revision
from crawler.store.articles.urls import note_aliases, own_url, twins_of
from crawler.store.database import insert_row
from crawler.store.dedupe.body_update import text_columns
from crawler.store.dedupe.boilerplate import kept_paragraphs, learn
from crawler.store.dedupe.copies import place, place_again
from crawler.store.dedupe.embedded import Carrier, correct_carriers, cut_embedded
from crawler.store.dedupe.passages import sharing
from crawler.store.times import to_text


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an article."""

    outcome: Outcome
    id: int
    article: Article
    """As it is stored: without the texts of others and the site's own lines."""


def write_article(db: Database, article: Article, now: datetime, *, boilerplate_pages: int = 0) -> Written:
    """Store an article and find what it was to the store: new, updated, unchanged or duplicate.

    A text that another article has already is stored and marked (`duplicate_of`), never dropped. A page that leads to
    the article of another page, with the same text, adds no row and changes none. `boilerplate_pages`: on how many of
    its articles a line must stand to be the site's; 0 for never.
    """
    row = _stored(db, article)
    tidied, shared = _tidied(db, article, row, boilerplate_pages)
    if row is None:
        article_id = _insert(db, tidied, now)
        is_copy = _settle_text(db, article_id, tidied, now, boilerplate_pages, shared=shared)
        return Written("duplicate" if is_copy else "new", article_id, _as_stored(db, article_id, tidied))
    article_id = int(row["id"])
    if row["page_url"] != _page_url(article):
        if row["fingerprint"] == tidied.fingerprint:
            note_aliases(db, article_id, row["url"], article)
            point_to(db, article_id, article)
            return Written("duplicate", article_id, tidied)
        # Two texts under one canonical link: the link is wrong, the addresses are not.
        disproved = is_disproved(db, row, tidied)
        if disproved:
            give_own_address(db, row)
        if own_url(article) != article.url or (disproved and not _stored(db, article)):
            return write_article(db, replace(article, url=own_url(article)), now, boilerplate_pages=boilerplate_pages)
    changed = _update(db, row, tidied, "update", now)
    db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [to_text(now), article_id])
    if changed:
        _settle_text(db, article_id, tidied, now, boilerplate_pages)
    return Written("updated" if changed else "unchanged", article_id, _as_stored(db, article_id, tidied))


def improve_article(db: Database, article: Article, now: datetime, *, boilerplate_pages: int = 0) -> bool | None:
    """Give a stored article what a better extraction of the same page found, as a revision of kind `extraction`.

    The row is found by the page's address (`article.page`), else by `article.url`; its URL and the times it was seen
    stay. Whether a reader sees a change; None if the article is not stored.
    """
    found = list(db.query("SELECT * FROM articles WHERE page_url = ? ORDER BY id LIMIT 1", [_page_url(article)]))
    found = found or list(db.query("SELECT * FROM articles WHERE url = ?", [article.url]))
    if not found:
        return None
    row = found[0]
    tidied, _ = _tidied(db, replace(article, url=row["url"]), row, boilerplate_pages)
    changed = _update(db, row, tidied, "extraction", now)
    if changed:
        _settle_text(db, int(row["id"]), tidied, now, boilerplate_pages)
    return changed


def _stored(db: Database, article: Article) -> dict[str, Any] | None:
    """The row of an article: at its URL, where its page was found, or at a twin of its URL (/amp, m., another last
    slash) with the same text."""
    found = list(db.query("SELECT * FROM articles WHERE url = ?", [article.url]))
    if not found and own_url(article) != article.url:  # stored before its page claimed that URL, or in spite of it
        own = [own_url(article), _page_url(article)]
        found = list(db.query("SELECT * FROM articles WHERE url = ? AND page_url = ?", own))
    if found:
        return found[0]
    for twin in twins_of(db, article.url):
        same = list(db.query("SELECT * FROM articles WHERE id = ? AND fingerprint = ?", [twin, article.fingerprint]))
        if same:
            return same[0]
    return None


def _tidied(db: Database, article: Article, row: dict[str, Any] | None, boilerplate_pages: int) -> tuple[Article, Any]:
    """The article without the site's own lines and without the texts of others, and what shares its sentences."""
    paragraphs, related = article.paragraphs, find_paragraph_indexes(article.paragraphs, article.related)
    if boilerplate_pages:
        kept = kept_paragraphs(db, article.site, paragraphs)
        paragraphs = [text for text, is_kept in zip(paragraphs, kept, strict=True) if is_kept]
        related = shifted(related, kept)
    own_id = int(row["id"]) if row else None
    known = () if own_id is None else (own_id,)
    shared = sharing(db, parsed_text("\n".join(paragraphs)).sentences, without=known)
    cut = cut_embedded(db, Carrier(own_id, article.site, to_text(article.published)), paragraphs, related, shared)
    if cut.is_changed:
        shared = sharing(db, parsed_text("\n".join(cut.paragraphs)).sentences, without=known)
    article = replace(article, paragraphs=cut.paragraphs, related=cut.related)
    article.fingerprint = str(text_columns(cut.paragraphs)["fingerprint"])
    return article, shared


def _insert(db: Database, article: Article, now: datetime) -> int:
    seen = {"first_seen": to_text(now), "last_seen": to_text(now)}
    article_id = insert_row(db, "articles", _row(article) | seen)
    note_aliases(db, article_id, article.url, article)
    _write_links(db, article_id, article)
    return article_id


def _update(db: Database, before: dict[str, Any], article: Article, kind: RevisionKind, now: datetime) -> bool:
    """Bring a row up to date. Whether a reader sees a change: then there is a revision."""
    article_id = int(before["id"])
    row = _row(article) | {"url": before["url"]}
    changed = [key for key in REVISED if before[key] != row[key]]
    if changed:
        note_revision(db, article_id, kind, {key: before[key] for key in KEPT if before[key] != row[key]}, now)
    if kind == "extraction":
        row["page_url"] = before["page_url"]
    db.table("articles").update(article_id, row)
    note_aliases(db, article_id, before["url"], article)
    _write_links(db, article_id, article)
    return bool(changed)


def _write_links(db: Database, article_id: int, article: Article) -> None:
    write_related(db, article_id, article.related)
    point_to(db, article_id, article)
    suspected = is_embedding_suspected(db, article_id, article.paragraphs, article.related)
    db.execute("UPDATE articles SET embedded_suspected = ? WHERE id = ?", [int(suspected), article_id])


def _settle_text(
    db: Database,
    article_id: int,
    article: Article,
    now: datetime,
    boilerplate_pages: int,
    *,
    shared: Any = None,
) -> bool:
    """Let the store learn a text that is new to it. Whether it is a copy of another article's."""
    is_new = shared is not None
    if shared is None:
        shared = sharing(db, parsed_text(article.body).sentences, without=(article_id,))
    correct_carriers(db, article_id, shared, now)
    is_copy = place(db, article_id, shared) if is_new else place_again(db, article_id)
    learn(db, article_id, article.site, article.paragraphs, at_least=boilerplate_pages, now=now)
    return is_copy


def _as_stored(db: Database, article_id: int, article: Article) -> Article:
    """The article with the text that its row has in the end."""
    body = db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()[0]
    if body != article.body:
        article = replace(article, paragraphs=body.split("\n"), related=read_related(db, article_id))
    return article


def _page_url(article: Article) -> str:
    return article.page.url if article.page else article.url


def _row(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "page_url": _page_url(article),
        "site": article.site,
        "title": article.title or "",
        "subtitle": article.subtitle,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "source": article.source,
        "category": article.category,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "language": article.language,
        "published": to_text(article.published),
        "published_raw": article.published_raw,
        "published_from": article.published_from,
        "published_precision": article.published_precision,
        "modified": to_text(article.modified),
        "image_url": article.image_url,
        "paywalled": int(article.paywalled),
        "provenance": json.dumps(article.provenance, ensure_ascii=False, sort_keys=True),
        "extractor": article.extractor,
        **text_columns(article.paragraphs),
    }
