"""Notices: texts that a site shows at many addresses in the place of its articles. None of them is an article.

A login form, a soft 404 or the home page may be what a page shows when it is requested for the first time. There is no
stored text to compare it with, and the rule looks at no words: what tells is whether the page has what an article has
(the channel's title, a date, authors), and which other pages of the site show the same text. See
docs/decisions.md#one-text-on-many-addresses-of-a-site-is-a-notice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.items import Article, candidate_from_json
from crawler.similarity.overlap import (
    are_related_titles,
    is_same_notice,
    overlap_of_longer,
    share_of_title,
)
from crawler.similarity.parsed import parsed_text
from crawler.similarity.similarity import MIN_WORDS
from crawler.store.articles.shown_pages import (
    MANY_PAGES,
    ShownPage,
    are_different,
    has_other_title,
    is_shown_by_many,
    page_url,
    useful_title,
)
from crawler.store.articles.suspect import BARE_CONFIRMED_AFTER, SUSPECT_TEXT, is_bare, is_bare_article, not_counted
from crawler.store.database import Database
from crawler.store.times import from_text, to_text

_SAME = 0.7
"""Share of the longer text's word trigrams that a page must have in common with a notice; figures do not count, so
times and reference numbers may differ. An article that contains the notice has less. Chosen by hand."""

# Pages with unrelated titles that must show a text, from the clearest to the least clear case. Chosen by hand; no
# article of the real sites in docs/decisions.md is a notice by them.
_BARE_PAGES = 2
"""Their own title is not the channel's, and they have no date and no authors."""

_DATED_PAGES = 3
"""Their own title is not the channel's."""

_MIN_IN_TEXT = 0.5
"""Share of the words of the channel's title that the text of an article has. Chosen by hand."""

_USUAL, _MIN_USUAL = 10, 3
"""The newest articles of the site, and the fewest that say whether its pages usually have a date or authors: at most
one in five has neither."""

_COMPARED = 20
"""Notices of a site, the newest, and stored articles that a text is compared with."""

_MARKED = 500
"""Stored articles that one page may turn into notices: a bound for the transaction."""

_FORGOTTEN_AFTER = timedelta(days=30)
"""Since a notice was last seen. Chosen by hand."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """That a page shows a notice, or what may be one."""

    notice_id: int
    marked: tuple[int, ...] = ()
    """Stored articles that are the same notice."""


class Notices:
    """The tables `notices` and `notice_pages`. All methods run inside the caller's transaction."""

    def __init__(self, db: Database, now: datetime) -> None:
        self._db = db
        self._now = now

    def judge(self, article: Article, own: Article, shared: Counter[int]) -> Verdict | None:
        """Whether a page without a stored article shows a notice, or what may be one; None: it shows an article. `own`:
        the article as it would be stored. `shared`: the articles that share its sentences."""
        matching = self._matching(article.site, article.body)
        if known := next((notice_id for notice_id, is_known in matching if is_known), None):
            return Verdict(self.show(article, known))
        held = list(self._held(article, [notice_id for notice_id, _ in matching]))
        stories = self._stories(own, shared)
        is_bare_page = is_bare_article(article)
        if not held and not stories and not is_bare_page:
            return None
        title = self._channel_title(article)
        is_another = has_other_title(article, title)
        is_doubtful = is_another or (title is None and is_bare_page and self._has_usual_heads(article.site))
        page = ShownPage(page_url(article), title or article.title, title is not None, is_doubtful)
        if not held and not is_doubtful and not self._may_be_shown_by_many(page, own, stories):
            return None
        others = [*held, *self._stored(own, shared)]
        if is_shown_by_many(page, others, own, needed=_BARE_PAGES if is_bare_page else _DATED_PAGES):
            notice_id = self.show(article)
            self._db.execute("UPDATE notices SET is_known = 1 WHERE id = ?", [notice_id])
            return Verdict(notice_id, tuple(other.article_id for other in others if other.article_id is not None))
        is_single = is_bare_page and is_another and all(other.is_doubtful for other in others)
        if is_single and not self._may_be_retitled(article, title):
            notice_id = self.show(article)
            if self._now - self._shown_since(article) < BARE_CONFIRMED_AFTER:
                return Verdict(notice_id)
        return None

    def find(self, article: Article) -> int | None:
        """The known notice of the site that a page shows; None if there is none."""
        matching = self._matching(article.site, article.body)
        return next((notice_id for notice_id, is_known in matching if is_known), None)

    def show(self, article: Article, notice_id: int | None = None) -> int:
        """Remember that a page shows a text which is not its article, or may not be: this one of the site's notices,
        the one that is alike, or a new one; its number."""
        now = to_text(self._now)
        if notice_id is None:
            notice_id = next((each for each, _ in self._matching(article.site, article.body)), None)
        if notice_id is None:
            self._db.execute(
                "DELETE FROM notices WHERE site = ? AND last_seen < ?",
                [article.site, to_text(self._now - _FORGOTTEN_AFTER)],
            )
            row = {"site": article.site, "body": article.body, "first_seen": now, "last_seen": now}
            notice_id = self._db.insert("notices", row)
        self._skip_gap(notice_id)
        self._db.execute("UPDATE notices SET last_seen = ? WHERE id = ?", [now, notice_id])
        self._add_page(article.site, page_url(article), notice_id)
        return notice_id

    def mark(self, article_ids: Sequence[int], notice_id: int) -> None:
        """Stored articles turned out to be a notice: they are no longer exported, and their pages are due again."""
        for article_id in article_ids:
            self._db.execute("UPDATE articles SET is_notice = 1 WHERE id = ?", [article_id])
            pages = self._db.execute(
                """UPDATE pages SET outcome = 'blocked', reason = ?, recheck_at = ?,
                       etag = NULL, last_modified = NULL, body_hash = NULL
                   WHERE article_id = ? AND state = 'done' RETURNING site, url""",
                [SUSPECT_TEXT, to_text(self._now), article_id],
            ).fetchall()
            for site, url in pages:
                self._add_page(site, url, notice_id)

    def forget_page(self, article: Article) -> None:
        """The page shows its article. A text that only this page showed was no notice."""
        key = [article.site, page_url(article)]
        row = self._db.execute("SELECT notice_id FROM notice_pages WHERE site = ? AND url = ?", key).fetchone()
        if row is not None:
            self._db.execute("DELETE FROM notice_pages WHERE site = ? AND url = ?", key)
            self._db.execute(
                """DELETE FROM notices WHERE id = ? AND NOT is_known
                   AND NOT EXISTS (SELECT 1 FROM notice_pages WHERE notice_id = notices.id)""",
                [row[0]],
            )

    def _matching(self, site: str, body: str) -> list[tuple[int, bool]]:
        """The notices of a site that are alike to a text, each with whether it is known to be one."""
        rows = self._db.execute(
            f"SELECT id, is_known, body FROM notices WHERE site = ? ORDER BY last_seen DESC LIMIT {_COMPARED}", [site]
        )
        return [
            (notice_id, bool(is_known))
            for notice_id, is_known, notice in rows.fetchall()
            if is_same_notice(notice, body, _SAME)
        ]

    def _held(self, article: Article, notice_ids: list[int]) -> Iterator[ShownPage]:
        """The other pages that show one of these notices."""
        if notice_ids:
            rows = self._db.execute(
                f"""SELECT n.url, p.candidate FROM notice_pages AS n LEFT JOIN pages AS p USING (site, url)
                    WHERE n.notice_id IN ({", ".join("?" * len(notice_ids))}) AND n.url != ? LIMIT {_COMPARED}""",
                [*notice_ids, page_url(article)],
            ).fetchall()
            for url, candidate in rows:
                title = useful_title(candidate_from_json(candidate).title) if candidate else None
                yield ShownPage(url, title, title is not None, is_doubtful=True)

    def _likely(self, own: Article, shared: Counter[int]) -> list[int]:
        """The stored articles that share at least half of an article's sentences."""
        needed = parsed_text(own.body).sentence_count / 2
        return [other for other, count in shared.most_common(_COMPARED) if count >= needed]

    def _stories(self, own: Article, shared: Counter[int]) -> list[int]:
        """The stories that may have the text of an article."""
        likely = self._likely(own, shared)
        rows = self._db.execute(
            f"""SELECT story_id FROM articles WHERE id IN ({", ".join("?" * len(likely))}) AND NOT is_notice
                UNION SELECT * FROM (
                    SELECT story_id FROM articles WHERE fingerprint = ? AND NOT is_notice LIMIT {_COMPARED})""",
            [*likely, own.fingerprint],
        )
        return [story_id for (story_id,) in rows.fetchall()]

    def _may_be_shown_by_many(self, page: ShownPage, own: Article, stories: Sequence[int]) -> bool:
        """Whether a text may be a notice although its page has what an article has. Then so many pages of the site show
        it under other titles that their texts are worth a comparison. `stories`: those that may have the text."""
        if len(own.body.split()) < MIN_WORDS:
            return False
        rows = self._db.execute(
            f"""SELECT a.page_url, a.title, p.candidate
                FROM articles AS a LEFT JOIN pages AS p ON p.site = a.site AND p.url = a.page_url
                WHERE a.story_id IN ({", ".join("?" * len(stories))}) AND a.site = ? AND a.page_url != ?
                    AND NOT a.is_notice LIMIT {_MARKED}""",
            [*stories, own.site, page.url],
        ).fetchall()
        if len(rows) < MANY_PAGES - 1:
            return False
        titles = (
            (url, (useful_title(candidate_from_json(candidate).title) if candidate else None) or title)
            for url, title, candidate in rows
        )
        others = (ShownPage(url, title, False, False) for url, title in titles)
        return sum(are_different(other, page) for other in others) >= MANY_PAGES - 1 or len(rows) == _MARKED

    def _stored(self, own: Article, shared: Counter[int]) -> Iterator[ShownPage]:
        """The other pages of the site whose stored articles have the same text."""
        likely = self._likely(own, shared)
        stories = {
            story_id
            for (story_id,) in self._db.execute(
                f"SELECT story_id FROM articles WHERE fingerprint = ? AND NOT is_notice LIMIT {_COMPARED}",
                [own.fingerprint],
            ).fetchall()
        }
        for story_id, body in self._db.execute(
            f"SELECT story_id, body FROM articles WHERE id IN ({', '.join(map(str, likely))}) AND NOT is_notice"
        ).fetchall():
            if story_id not in stories and is_same_notice(body, own.body, _SAME):
                stories.add(story_id)
        if stories:
            rows = self._db.query(
                f"""SELECT * FROM articles WHERE story_id IN ({", ".join(map(str, sorted(stories)))})
                    AND site = ? AND page_url != ? AND NOT is_notice LIMIT {_MARKED}""",
                [own.site, page_url(own)],
            )
            yield from [
                self._stored_page(row, own) for row in list(rows) if is_same_notice(row["body"], own.body, _SAME)
            ]

    def _stored_page(self, row: dict[str, Any], own: Article) -> ShownPage:
        candidate = self._db.execute(
            "SELECT candidate FROM pages WHERE site = ? AND url = ?", [row["site"], row["page_url"]]
        ).fetchone()
        title = useful_title(candidate_from_json(candidate[0]).title) if candidate else None
        is_own = not json.loads(row["provenance"]).get("title", "").startswith("channel")
        is_missing = title is not None and not (is_own and are_related_titles(title, row["title"]))
        is_doubtful = is_missing or (is_bare(row) and title is None and self._has_usual_heads(row["site"]))
        has_same_figures = overlap_of_longer(row["body"], own.body) >= _SAME
        return ShownPage(
            row["page_url"], title or row["title"], title is not None, is_doubtful, has_same_figures, row["id"]
        )

    def _channel_title(self, article: Article) -> str | None:
        """The title that the channel gives a page; None if it has none that can be missed on the page."""
        page = article.page
        row = self._db.execute(
            "SELECT candidate FROM pages WHERE site = ? AND url = ?", [article.site, page_url(article)]
        ).fetchone()
        if row is not None:
            return useful_title(candidate_from_json(row[0]).title)
        candidate = page.capture.candidate if page and page.capture else None
        return useful_title(candidate.title) if candidate else None

    def _may_be_retitled(self, article: Article, title: str | None) -> bool:
        """Whether the text has the words of the channel's title. The home page has them in a teaser, so this says
        nothing on a site whose articles usually have a date or authors."""
        if title is None or share_of_title(title, article.body) < _MIN_IN_TEXT:
            return False
        return not self._has_usual_heads(article.site)

    def _has_usual_heads(self, site: str) -> bool:
        """Whether the site's articles usually have a date or authors."""
        rows = list(
            self._db.query(
                f"""SELECT published, published_from, authors, provenance FROM articles
                    WHERE site = ? AND NOT is_notice ORDER BY first_seen DESC LIMIT {_USUAL}""",
                [site],
            )
        )
        return len(rows) >= _MIN_USUAL and sum(map(is_bare, rows)) * 5 <= len(rows)

    def _shown_since(self, article: Article) -> datetime:
        row = self._db.execute(
            "SELECT since FROM notice_pages WHERE site = ? AND url = ?", [article.site, page_url(article)]
        ).fetchone()
        return (from_text(row[0]) if row else None) or self._now

    def _skip_gap(self, notice_id: int) -> None:
        """A long time without requests does not count in full as time for which the pages showed the notice."""
        (seen,) = self._db.execute("SELECT last_seen FROM notices WHERE id = ?", [notice_id]).fetchone()
        gap = not_counted(datetime.fromisoformat(seen), self._now)
        if gap:
            self._db.execute(
                """UPDATE notice_pages SET since = strftime('%Y-%m-%dT%H:%M:%SZ', since, ? || ' seconds')
                   WHERE notice_id = ?""",
                [int(gap.total_seconds()), notice_id],
            )

    def _add_page(self, site: str, url: str, notice_id: int) -> None:
        self._db.execute(
            """INSERT INTO notice_pages (site, url, notice_id, since) VALUES (?, ?, ?, ?)
               ON CONFLICT (site, url) DO UPDATE SET notice_id = excluded.notice_id, since = excluded.since
               WHERE notice_id != excluded.notice_id""",
            [site, url, notice_id, to_text(self._now)],
        )
