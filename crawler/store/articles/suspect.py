"""Suspect texts: what a page shows when it has stopped being its article. They replace no stored text.

A maintenance notice, a bot check, a login form, a soft 404 or the home page may come with status 200 and in any
language. So the rule looks at no words: a new text is compared with the stored one, and with what the other pages of
the site show. It may be a real change in spite of all that, so a text that only this page shows, and that the page
shows again hours later, is accepted. See docs/decisions.md#a-page-that-stops-being-an-article-replaces-nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from crawler.items import Article
from crawler.similarity.overlap import overlap, overlap_of_longer
from crawler.similarity.parsed import parsed_text
from crawler.store.database import Database
from crawler.store.times import to_text

SUSPECT_TEXT = "suspect_text"
"""Reason of the outcome `blocked`."""

# The shares were measured on the labelled pairs of bench/pairs.py and on 3,000 random pairs of each corpus, see
# docs/decisions.md#a-page-that-stops-being-an-article-replaces-nothing.
NO_OVERLAP = 0.1
"""Two texts with a smaller overlap have nothing to do with each other."""

KEPT_OVERLAP = 0.4
"""A text with at least this overlap is another version of the stored one, whatever else has changed."""

_SAME = 0.5
"""Two suspect texts with at least this overlap are one notice, with another time or reference number in it."""

_CONFIRMED_AFTER = timedelta(hours=6)
"""Time after which a page must show the text again; longer than most maintenance. Chosen by hand."""

BARE_CONFIRMED_AFTER = timedelta(days=3)
"""The same for a text without date and authors, which is likelier a notice. Retries of a page reach over five days.
Chosen by hand."""

LONGEST_GAP = timedelta(hours=36)
"""Time between two requests that counts as time for which a text was shown, at most. The longest wait of a retry is a
day, and a quarter of it; a clock that is 400 days ahead for one run must not confirm a notice."""

_COMPARED = 10
"""Suspect texts of other pages, the newest, and stored articles that are compared with a text. Chosen by hand."""


def is_doubtful(stored: dict[str, Any], article: Article) -> bool:
    """Whether a new text may not be the stored article's, by the two alone. `stored`: the row of `articles`."""
    share = shared_text(stored, article)
    if share >= KEPT_OVERLAP or (is_bare(stored) and not is_bare_article(article)):
        return False  # the stored one was a notice, if one of them is
    return share < NO_OVERLAP or has_lost_head(stored, article)


def shared_text(stored: dict[str, Any], article: Article) -> float:
    """The overlap of a new text with the stored one. A home page without date and authors has a teaser of each article,
    which may be half of it or all: then the longer text counts."""
    compare = overlap_of_longer if has_lost_head(stored, article) else overlap
    return compare(stored["body"], article.body)


def has_lost_head(stored: dict[str, Any], article: Article) -> bool:
    """Whether the page said when and by whom the article was written, and says neither now."""
    return not is_bare(stored) and is_bare_article(article)


def is_bare_article(article: Article) -> bool:
    """Whether the page gives neither a date nor authors. Those of its channel were saved earlier and do not count."""
    return not (article.published and _is_from_page(article.published_from)) and not (
        article.authors and _is_from_page(article.provenance.get("authors"))
    )


def is_bare(row: dict[str, Any]) -> bool:
    """The same for a row of `articles`, or for a version of it, which has no `provenance`."""
    return not (row["published"] and _is_from_page(row["published_from"])) and not (
        row["authors"] != "[]" and _is_from_page(json.loads(row.get("provenance", "{}")).get("authors"))
    )


def not_counted(seen: datetime, now: datetime) -> timedelta:
    """What does not count of the time since a text was seen last."""
    return max(now - seen - LONGEST_GAP, timedelta())


def _is_from_page(signal: str | None) -> bool:
    return (signal or "").partition(":")[0] not in ("channel", "url")


class SuspectTexts:
    """The table `suspect_texts`. All methods run inside the caller's transaction."""

    def __init__(self, db: Database, now: datetime) -> None:
        self._db = db
        self._now = now

    def is_suspect(
        self, stored: dict[str, Any], article: Article, shared: Counter[int], *, is_notice: bool = False
    ) -> bool:
        """Whether a text must not replace the stored one now. If so, it is remembered, so that it can be accepted when
        the page shows it again. `shared`: the articles that share its sentences. `is_notice`: whether it is known that
        other pages of the site show it."""
        article_id = int(stored["id"])
        share = shared_text(stored, article)
        is_shown = share < KEPT_OVERLAP and (
            is_notice or self.is_shown_elsewhere(article_id, article.site, article.body, shared)
        )
        if not is_shown and not is_doubtful(stored, article):
            self.forget(article_id)
            return False
        since = self._seen_since(article_id, article.body)
        needed = BARE_CONFIRMED_AFTER if is_bare_article(article) else _CONFIRMED_AFTER
        if not is_shown and self._now - since >= needed:
            self.forget(article_id)
            return False
        self._remember(article_id, article, since)
        return True

    def forget(self, article_id: int) -> None:
        """The page shows its article again, or a text that was accepted."""
        self._db.execute("DELETE FROM suspect_texts WHERE article_id = ?", [article_id])

    def is_shown_elsewhere(self, article_id: int, site: str, body: str, shared: Counter[int]) -> bool:
        """Whether other pages of the site show the same text. `shared`: the articles that share its sentences."""
        likely = [other for other, _ in shared.most_common(_COMPARED)]
        bodies = self._db.execute(
            f"""SELECT body FROM articles WHERE site = ? AND id != ?
                AND (fingerprint = ? OR id IN ({", ".join("?" * len(likely))})) LIMIT {_COMPARED}""",
            [site, article_id, parsed_text(body).identity.fingerprint, *likely],
        ).fetchall()
        bodies += self._db.execute(
            f"""SELECT s.body FROM suspect_texts AS s JOIN articles AS a ON a.id = s.article_id
                WHERE a.site = ? AND a.id != ? ORDER BY s.seen DESC LIMIT {_COMPARED}""",
            [site, article_id],
        ).fetchall()
        return any(overlap(other, body) >= _SAME for (other,) in bodies)

    def _seen_since(self, article_id: int, body: str) -> datetime:
        row = self._db.execute(
            "SELECT body, since, seen FROM suspect_texts WHERE article_id = ?", [article_id]
        ).fetchone()
        if row is None or overlap(row[0], body) < _SAME:
            return self._now
        return datetime.fromisoformat(row[1]) + not_counted(datetime.fromisoformat(row[2]), self._now)

    def _remember(self, article_id: int, article: Article, since: datetime) -> None:
        self._db.execute(
            """INSERT INTO suspect_texts (article_id, title, body, since, seen) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (article_id) DO UPDATE
               SET title = excluded.title, body = excluded.body, since = excluded.since, seen = excluded.seen""",
            [article_id, article.title or "", article.body, to_text(since), to_text(self._now)],
        )
