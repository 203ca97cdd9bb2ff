"""The URLs of articles: every URL under which an article was found leads to it.

A canonical link may be wrong: some sites give one article's URL as the canonical one of all. Which of these articles
is stored first must make no difference, so a canonical link that turns out wrong is reverted: each of the two articles
gets the URL at which it was found. See docs/decisions.md#the-canonical-link-is-trusted-while-the-texts-agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crawler.items import Article
from crawler.similarity.parsed import parsed_text
from crawler.similarity.similarity import compare, is_copy
from crawler.store.database import Database
from crawler.urls import canonical_or_none, canonical_url, variant_key

_MAX_VARIANTS = 10
"""Articles at variants of one URL that are compared with a new one; more are a site whose URLs differ in a query."""


_BATCH = 500
"""URLs of one statement; SQLite takes at least 999 values."""


class KnownUrl(NamedTuple):
    """A URL under which an article was found."""

    article_id: int
    is_confirmed: bool
    """Whether it was requested and led to the article. Otherwise a page with another URL only gave it as the canonical
    one, and the two are not variants of one URL."""

    last_seen: str
    is_gone: bool
    """Whether the article has gone from where it was found; then it may have moved to this URL."""


def found_url(article: Article) -> str:
    """The canonical URL at which the article's page was found, after redirects."""
    page = article.page
    return canonical_url(page.final_url or page.url) if page else article.url


def page_urls(article: Article) -> Iterator[tuple[str, str]]:
    """The canonical URLs of an article's page, each with its kind; without the article's own URL."""
    page = article.page
    if page is None:
        return
    for kind, urls in ("page", [page.url]), ("redirect", page.redirects), ("final", [page.final_url]):
        for url in urls:
            canonical = canonical_or_none(url)
            if canonical is not None and canonical != article.url:
                yield canonical, kind


class ArticleUrls:
    """The table `url_aliases`. All methods that write run inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, article_id: int, url: str, article: Article) -> None:
        """Save the URLs that led to an article whose own URL is `url`. A URL leads to what it led to last."""
        rows = dict(page_urls(article))
        if article.url != url:  # a variant of it, or the canonical link of another page
            rows[article.url] = "final" if found_url(article) == article.url else "canonical"
        rows[url] = "own" if found_url(article) == url or url in rows else "canonical"
        self._db.conn.executemany(
            """INSERT INTO url_aliases (url, article_id, kind, variant_key) VALUES (?, ?, ?, ?)
               ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, kind = excluded.kind
               WHERE (article_id != excluded.article_id AND kind NOT IN ('own', 'canonical'))
                   OR (article_id = excluded.article_id AND kind = 'canonical')""",
            [(alias, article_id, kind, variant_key(alias)) for alias, kind in rows.items()],
        )

    def get(self, site: str, url: str) -> KnownUrl | None:
        """The stored article of a site that this very URL is known to lead to."""
        row = self._db.execute(
            """SELECT article_id, kind, page_url, last_seen, gone
               FROM url_aliases JOIN articles AS a ON a.id = article_id WHERE url_aliases.url = ? AND site = ?""",
            [url, site],
        ).fetchone()
        if row is None:
            return None
        article_id, kind, page_url, last_seen, gone = row
        is_confirmed = kind != "canonical" or variant_key(page_url) == variant_key(url)
        return KnownUrl(article_id, is_confirmed, last_seen, gone is not None)

    def find_article(self, url: str | None, other_than: int | None = None) -> int | None:
        """The stored article behind a canonical URL: by its own, by one that led to it, or by a variant of either."""
        return self.find_articles([url], other_than).get(url) if url is not None else None

    def find_articles(self, urls: Iterable[str], other_than: int | None = None) -> dict[str, int]:
        """The stored articles behind canonical URLs, as `find_article`; with one query for all of them, and one for
        those that are not known as they are."""
        wanted = list(dict.fromkeys(urls))
        found = dict(self._rows("SELECT url, article_id FROM url_aliases WHERE url IN ({})", wanted))
        keys: dict[str, list[str]] = {}
        for url in wanted:
            if url not in found:
                keys.setdefault(variant_key(url), []).append(url)
        sql = """SELECT variant_key, min(article_id) FROM url_aliases WHERE variant_key IN ({})
                 GROUP BY variant_key HAVING count(DISTINCT article_id) = 1"""
        found.update((url, article_id) for key, article_id in self._rows(sql, list(keys)) for url in keys[key])
        return {url: article_id for url, article_id in found.items() if article_id != other_than}

    def find_variants(self, url: str) -> list[int]:
        """Stored articles with a URL that is a variant of this one."""
        rows = self._db.execute(
            f"SELECT DISTINCT article_id FROM url_aliases WHERE variant_key = ? LIMIT {_MAX_VARIANTS}",
            [variant_key(url)],
        )
        return [article_id for (article_id,) in rows]

    def is_canonical_wrong(self, row: dict[str, Any], article: Article) -> bool:
        """Whether an article with the same URL shows that the canonical link of the stored one is wrong: no request
        has found the stored one at that URL, and the texts are different."""
        known = self.get(row["site"], row["url"])
        if known is None or known.is_confirmed or known.article_id != row["id"]:
            return False
        stored, other = parsed_text(row["body"]), parsed_text(article.body)
        return not is_copy(stored, other, compare(stored, other))

    def revert_canonical(self, row: dict[str, Any]) -> None:
        """Give a stored article the URL at which it was found, in place of its canonical link."""
        article_id, claimed = row["id"], row["url"]
        final = self._db.execute(
            "SELECT final_url FROM pages WHERE site = ? AND url = ?", [row["site"], row["page_url"]]
        ).fetchone()
        own = (canonical_or_none(final[0]) if final else None) or row["page_url"]
        if self._db.execute("SELECT 1 FROM articles WHERE url = ?", [own]).fetchone():
            return  # another article has that one; a wrong URL is better than none
        self._db.execute("DELETE FROM url_aliases WHERE url = ?", [claimed])
        self._db.execute("UPDATE articles SET url = ? WHERE id = ?", [own, article_id])
        self._db.execute(
            """INSERT INTO url_aliases (url, article_id, kind, variant_key) VALUES (?, ?, 'own', ?)
               ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, kind = 'own'""",
            [own, article_id, variant_key(own)],
        )
        # What was known of the canonical link was known of another article.
        self._db.execute(
            "UPDATE related_articles SET target_id = NULL WHERE url = ? AND target_id = ?", [claimed, article_id]
        )
        self._db.execute(
            """UPDATE pages SET state = 'pending', article_id = NULL, recheck_at = NULL, fetched = NULL
               WHERE url = ? AND article_id = ? AND outcome IS NULL""",
            [claimed, article_id],
        )

    def _rows(self, sql: str, values: list[str]) -> Iterator[tuple[str, int]]:
        for start in range(0, len(values), _BATCH):
            batch = values[start : start + _BATCH]
            yield from self._db.conn.execute(sql.format(", ".join("?" * len(batch))), batch).fetchall()
