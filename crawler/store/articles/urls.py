"""Addresses: every form under which an article was met leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlite_utils import Database

from crawler.items import Article
from crawler.urls import canonical_or_none, canonical_url, variant_key


def own_url(article: Article) -> str:
    """Where the article's page was found in the end."""
    page = article.page
    return canonical_url(page.final_url or page.url) if page else article.url


def addresses(article: Article) -> Iterator[tuple[str, str]]:
    """The canonical addresses of an article's page, each with its kind; not the article's own URL."""
    page = article.page
    if page is None:
        return
    for kind, urls in ("page", [page.url]), ("redirect", page.redirects), ("final", [page.final_url]):
        for url in urls:
            canonical = canonical_or_none(url)
            if canonical is not None and canonical != article.url:
                yield canonical, kind


def note_aliases(db: Database, article_id: int, url: str, article: Article) -> None:
    """Remember the addresses that led to an article whose own URL is `url`. An address leads to what it led to last."""
    rows = dict(addresses(article))
    if article.url != url:  # a twin of it, or another page's word for it
        rows[article.url] = "final" if own_url(article) == article.url else "canonical"
    rows[url] = "own" if own_url(article) == url or url in rows else "canonical"
    db.conn.executemany(
        """INSERT INTO url_aliases (url, article_id, kind, variant_key) VALUES (?, ?, ?, ?)
           ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, kind = excluded.kind
           WHERE (article_id != excluded.article_id AND kind NOT IN ('own', 'canonical'))
               OR (article_id = excluded.article_id AND kind = 'canonical')""",
        [(alias, article_id, kind, variant_key(alias)) for alias, kind in rows.items()],
    )


class Known(NamedTuple):
    """An address under which an article was met."""

    article_id: int
    is_confirmed: bool
    """Whether it was asked and led to the article; else a page of another address only said that it is the article's,
    and the two are no forms of one address."""

    last_seen: str
    is_gone: bool
    """Whether the article has gone from where it was found; then it may have moved to this address."""


def known_address(db: Database, site: str, url: str) -> Known | None:
    """The stored article of a site that this very address is known to lead to."""
    found = db.execute(
        """SELECT article_id, kind, page_url, last_seen, gone FROM url_aliases JOIN articles AS a ON a.id = article_id
           WHERE url_aliases.url = ? AND site = ?""",
        [url, site],
    ).fetchone()
    if found is None:
        return None
    article_id, kind, page_url, last_seen, gone = found
    is_confirmed = kind != "canonical" or variant_key(page_url) == variant_key(url)
    return Known(article_id, is_confirmed, last_seen, gone is not None)


def article_at(db: Database, url: str | None, other_than: int | None = None) -> int | None:
    """The stored article behind a canonical URL: by its own, by one that led to it, or else by a twin of either."""
    if url is None:
        return None
    found = db.execute("SELECT article_id FROM url_aliases WHERE url = ?", [url]).fetchone()
    if found is None:
        found = db.execute(
            "SELECT min(article_id) FROM url_aliases WHERE variant_key = ? HAVING count(DISTINCT article_id) = 1",
            [variant_key(url)],
        ).fetchone()
    return int(found[0]) if found and found[0] != other_than else None


def twins_of(db: Database, url: str) -> list[int]:
    """Stored articles whose address differs from this one only in its form."""
    rows = db.execute("SELECT DISTINCT article_id FROM url_aliases WHERE variant_key = ? LIMIT 10", [variant_key(url)])
    return [article_id for (article_id,) in rows]
