"""Pages that are set aside: nobody says that they are articles, and pages with URLs of their shape never were.

docs/decisions.md#pages-of-an-unlikely-shape-are-set-aside has the rule and its reasons.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.items import PageResult
from crawler.store.database import Database
from crawler.store.times import from_text, to_text
from crawler.url_shape import url_shape

_MIN_OTHERS = 10
"""Pages of a shape that were no articles, at least, before the shape is unlikely. Chosen by hand; no measurement."""

_UNLIKELY_SHARE = 0.02
"""Share of a shape's pages that are articles, below which it is unlikely. Chosen by hand; no measurement."""

_OTHER_REASONS = ("not_news", "list_page")
"""Reasons by which a page is certainly no article. The others may be those of an outage or of a redesign."""

_MAX_SHAPES = 1000
"""Shapes that are remembered of a site; a site with more has names in its folders, and nothing is learnt of them."""

_TRY_AGAIN = timedelta(days=1)
_MIN_TRIALS, _MAX_TRIALS, _TRIAL_SHARE = 10, 200, 0.05
"""How often pages that were set aside are tried, and how many: a share of them, at least and at most. Chosen by hand;
no measurement."""


class KnownShape(NamedTuple):
    """A shape of URLs, and what a site's pages of this shape were."""

    shape: str
    articles: int
    others: int

    @property
    def is_unlikely(self) -> bool:
        """Whether pages of this shape are hardly ever articles."""
        return self.others >= _MIN_OTHERS and self.articles < (self.articles + self.others) * _UNLIKELY_SHARE


class SetAside:
    """The table `url_shapes`, and the pages in the state `set_aside`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def shape(self, site: str, url: str) -> KnownShape:
        """The shape of a URL, and what the site's pages of this shape were so far."""
        with self._db.reading():
            return self._known(site, url_shape(url))

    def add(self, site: str, url: str) -> None:
        """Set a pending page aside: it is not requested until it is tried, or is released."""
        with self._db.writing():
            self._db.execute(
                "UPDATE pages SET state = 'set_aside' WHERE site = ? AND url = ? AND state = 'pending'", [site, url]
            )

    def release_some(self, site: str, now: datetime) -> frozenset[str]:
        """Once a day, make some of the pages pending that were set aside: the newest, and those that have waited
        longest. Their URLs."""
        with self._db.reading():
            count = self._count(site)
            row = self._db.execute("SELECT set_aside_tried FROM sites WHERE site = ?", [site]).fetchone()
        tried = from_text(row[0]) if row else None
        if not count or (tried is not None and timedelta() <= now - tried < _TRY_AGAIN):
            return frozenset()
        half = min(max(int(count * _TRIAL_SHARE), _MIN_TRIALS), _MAX_TRIALS) // 2
        with self._db.writing():
            rows = self._db.execute(
                """UPDATE pages SET state = 'pending' WHERE id IN (
                       SELECT id FROM (SELECT id FROM pages WHERE site = :site AND state = 'set_aside'
                                       ORDER BY published DESC, id DESC LIMIT :half)
                       UNION SELECT id FROM (SELECT id FROM pages WHERE site = :site AND state = 'set_aside'
                                             ORDER BY discovered, id LIMIT :half))
                   RETURNING url""",
                {"site": site, "half": half},
            ).fetchall()
            self._db.execute(
                """INSERT INTO sites (site, set_aside_tried) VALUES (:site, :now)
                   ON CONFLICT (site) DO UPDATE SET set_aside_tried = :now""",
                {"site": site, "now": to_text(now)},
            )
        return frozenset(url for (url,) in rows)

    def release_all(self, site: str) -> int:
        """Make all pages pending that were set aside, as after `article_url` was added to the profile; their number."""
        with self._db.reading():
            if not self._count(site):
                return 0
        with self._db.writing():
            return self._db.execute(
                "UPDATE pages SET state = 'pending' WHERE site = ? AND state = 'set_aside'", [site]
            ).rowcount

    def learn(self, result: PageResult, *, is_stored: bool) -> None:
        """Count a page's outcome for its shape. If that makes the shape likely, its pages become pending again."""
        if not is_stored and result.reason not in _OTHER_REASONS:
            return
        site, shape = result.page.site, url_shape(result.page.url)
        with self._db.writing():
            known = self._known(site, shape)
            if self._add(site, shape, articles=int(is_stored), others=int(not is_stored)):
                return
            if is_stored and known.is_unlikely and not known._replace(articles=known.articles + 1).is_unlikely:
                self._release_shape(site, shape)

    def _add(self, site: str, shape: str, *, articles: int, others: int) -> bool:
        """Whether the shape is new."""
        changed = self._db.execute(
            "UPDATE url_shapes SET articles = articles + ?, others = others + ? WHERE site = ? AND shape = ?",
            [articles, others, site, shape],
        ).rowcount
        if changed:
            return False
        known = self._db.execute("SELECT count(*) FROM url_shapes WHERE site = ?", [site]).fetchone()[0]
        if known < _MAX_SHAPES:
            row = {"site": site, "shape": shape, "articles": articles, "others": others}
            self._db.upsert("url_shapes", ("site", "shape"), row)
        return True

    def _release_shape(self, site: str, shape: str) -> None:
        rows = self._db.execute("SELECT id, url FROM pages WHERE site = ? AND state = 'set_aside'", [site]).fetchall()
        for page_id, url in rows:
            if url_shape(url) == shape:
                self._db.execute("UPDATE pages SET state = 'pending' WHERE id = ?", [page_id])

    def _known(self, site: str, shape: str) -> KnownShape:
        row = self._db.execute(
            "SELECT articles, others FROM url_shapes WHERE site = ? AND shape = ?", [site, shape]
        ).fetchone()
        return KnownShape(shape, *(row or (0, 0)))

    def _count(self, site: str) -> int:
        row = self._db.execute("SELECT count(*) FROM pages WHERE site = ? AND state = 'set_aside'", [site]).fetchone()
        return int(row[0])
