"""Boilerplate: lines on many articles of a site are learned over time, and removed from new and stored articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crawler.similarity.parsed import parsed_text
from crawler.similarity.repeated_lines import articles_missing, is_boilerplate, kept_lines, line_weight
from crawler.store.articles.related import RelatedArticles, with_shifted_index
from crawler.store.database import Database
from crawler.store.dedupe.body_update import BodyUpdate
from crawler.store.times import to_text

_BATCH = 500
"""Hashes of one statement; SQLite takes at least 999 values."""


class Boilerplate:
    """The table `boilerplate`. All methods run inside the caller's transaction."""

    def __init__(
        self, db: Database, now: datetime, related: RelatedArticles, bodies: BodyUpdate, *, min_articles: int
    ) -> None:
        """`min_articles`: articles of a site on which a line must be; 0 learns and removes nothing."""
        self._db = db
        self._now = now
        self._related = related
        self._bodies = bodies
        self._min_articles = min_articles

    def kept_paragraphs(self, site: str, paragraphs: list[str]) -> list[bool]:
        """For each paragraph whether it belongs to the article and is not a known line of the site."""
        if not self._min_articles:
            return [True] * len(paragraphs)
        lines = parsed_text("\n".join(paragraphs)).identity.line_hashes
        hashes = [hash_ for hash_ in lines if hash_ is not None]
        known: set[int] = set()
        for batch in _batches(hashes):
            rows = self._db.execute(
                f"SELECT hash FROM boilerplate WHERE site = ? AND hash IN ({', '.join('?' * len(batch))})",
                [site, *batch],
            )
            known.update(hash_ for (hash_,) in rows)
        return kept_lines(paragraphs, lines, known)

    def learn(self, article_id: int, site: str, paragraphs: list[str]) -> None:
        """Learn which lines of an article that is being stored are the site's, and remove them from it and from the
        earlier articles. Copies of one story count once: they have added no passages."""
        if not self._min_articles:
            return
        hashes = parsed_text("\n".join(paragraphs)).identity.line_hashes
        lines = {hash_: line for hash_, line in zip(hashes, paragraphs, strict=True) if hash_ is not None}
        site_articles: int | None = None
        learned: set[int] = set()
        to_correct: dict[int, None] = {}
        for hash_, count in self._frequent(site, list(lines)):
            positions = self._positions(site, hash_)
            if site_articles is None:
                sql = "SELECT coalesce((SELECT articles FROM site_counts WHERE site = ?), 0)"  # notices do not count
                site_articles = int(self._db.execute(sql, [site]).fetchone()[0])
            weight = sum(line_weight(position, articles) for position, articles in positions.values())
            missing = self._min_articles - len(positions)
            if missing <= 0 and is_boilerplate(weight, site_articles, self._min_articles):
                learned.add(hash_)
                to_correct |= dict.fromkeys(positions)
                self._insert(site, hash_, lines[hash_], len(positions))
            else:
                more = max(missing, articles_missing(weight, site_articles, self._min_articles))
                self._db.execute("INSERT OR REPLACE INTO line_checks VALUES (?, ?, ?)", [site, hash_, count + more])
        for other_id in to_correct:
            self._correct(other_id, learned, is_new=other_id == article_id)

    def _frequent(self, site: str, hashes: list[int]) -> list[tuple[int, int]]:
        """The lines that may have become boilerplate of a site, with the number of articles of any site that have them:
        at least the minimal one, and as many as were missing when the line was last judged. To judge a line is to read
        all articles that have it."""
        frequent: list[tuple[int, int]] = []
        for batch in _batches(hashes):
            frequent += self._db.execute(
                f"""SELECT hash, count(*) AS holders FROM passages AS p WHERE hash IN ({", ".join("?" * len(batch))})
                    GROUP BY hash HAVING holders >= max(?, coalesce(
                        (SELECT articles FROM line_checks AS c WHERE c.site = ? AND c.hash = p.hash), 0))""",
                [*batch, self._min_articles, site],
            ).fetchall()
        return frequent

    def _positions(self, site: str, hash_: int) -> dict[int, tuple[int, int]]:
        """The articles of a site that have a line → its position, and the number of paragraphs of the article."""
        rows = self._db.execute(
            """SELECT a.id, p.position, length(a.body) - length(replace(a.body, char(10), '')) + 1
               FROM passages AS p JOIN articles AS a ON a.id = p.article_id
               WHERE p.hash = ? AND a.site = ? ORDER BY a.id""",
            [hash_, site],
        )
        return {article_id: (position, count) for article_id, position, count in rows}

    def _insert(self, site: str, hash_: int, line: str, articles: int) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO boilerplate (site, hash, line, articles, learned) VALUES (?, ?, ?, ?, ?)",
            [site, hash_, line, articles, to_text(self._now)],
        )

    def _correct(self, article_id: int, learned: set[int], *, is_new: bool) -> None:
        body = self._db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()[0]
        paragraphs = body.split("\n")
        kept = kept_lines(paragraphs, parsed_text(body).identity.line_hashes, learned)
        if not all(kept):
            self._related.replace(article_id, with_shifted_index(self._related.read(article_id), kept))
            own = [text for text, is_kept in zip(paragraphs, kept, strict=True) if is_kept]
            self._bodies.replace(article_id, own, None if is_new else "boilerplate")


def _batches(hashes: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(hashes), _BATCH):
        yield hashes[start : start + _BATCH]
