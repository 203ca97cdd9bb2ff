"""What a site repeats, learnt over time: lines on many of its articles are cut out of new ones and of stored ones."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from crawler.similarity.parsed import parsed_text
from crawler.similarity.repeated_lines import is_at_edge, kept_lines, pages_needed
from crawler.store.articles.related import read_related, shifted, write_related
from crawler.store.dedupe.body_update import rewrite_body
from crawler.store.times import to_text


def kept_paragraphs(db: Database, site: str, paragraphs: list[str]) -> list[bool]:
    """For each paragraph whether it is the article's, not a line that is known to be the site's."""
    text = parsed_text("\n".join(paragraphs))
    marks = [mark for mark in text.line_hashes if mark is not None]
    known: set[int] = set()
    for at in range(0, len(marks), 500):  # SQLite takes 999 values in a statement at least
        some = marks[at : at + 500]
        rows = db.execute(
            f"SELECT hash FROM boilerplate WHERE site = ? AND hash IN ({', '.join('?' * len(some))})", [site, *some]
        )
        known.update(mark for (mark,) in rows)
    return kept_lines(paragraphs, known)


def learn(db: Database, article_id: int, site: str, paragraphs: list[str], *, at_least: int, now: datetime) -> None:
    """Learn which lines of an article that is being stored are the site's, and put it and the earlier ones right.

    `at_least`: articles on which a line must stand; 0 learns nothing. Copies of one story count once: they have added
    nothing to the memory.
    """
    if not at_least:
        return
    marks = parsed_text("\n".join(paragraphs)).line_hashes
    lines = {mark: line for mark, line in zip(marks, paragraphs, strict=True) if mark is not None}
    site_articles: int | None = None
    learnt: set[int] = set()
    carriers: dict[int, None] = {}
    for mark in _frequent(db, list(lines), at_least):
        places = _places(db, site, mark)
        if len(places) < at_least:
            continue
        if site_articles is None:
            site_articles = db.execute("SELECT count(*) FROM articles WHERE site = ?", [site]).fetchone()[0]
        weight = sum(2 if is_at_edge(position, count) else 1 for position, count in places.values())
        if weight >= 2 * pages_needed(site_articles, at_least):
            learnt.add(mark)
            carriers |= dict.fromkeys(places)
            db.execute(
                "INSERT OR IGNORE INTO boilerplate (site, hash, line, articles, learned) VALUES (?, ?, ?, ?, ?)",
                [site, mark, lines[mark], len(places), to_text(now)],
            )
    for carrier_id in carriers:
        _correct(db, carrier_id, learnt, now, is_new=carrier_id == article_id)


def _frequent(db: Database, marks: list[int], at_least: int) -> list[int]:
    """The lines that so many articles of any site have."""
    found: list[int] = []
    for at in range(0, len(marks), 500):
        some = marks[at : at + 500]
        rows = db.execute(
            f"""SELECT hash FROM passages WHERE hash IN ({", ".join("?" * len(some))})
                GROUP BY hash HAVING count(*) >= ?""",
            [*some, at_least],
        )
        found += [mark for (mark,) in rows]
    return found


def _places(db: Database, site: str, mark: int) -> dict[int, tuple[int, int]]:
    """The articles of a site that have a line → where it stands, and how many paragraphs the article has."""
    rows = db.execute(
        """SELECT a.id, p.position, length(a.body) - length(replace(a.body, char(10), '')) + 1
           FROM passages AS p JOIN articles AS a ON a.id = p.article_id
           WHERE p.hash = ? AND a.site = ? ORDER BY a.id""",
        [mark, site],
    )
    return {article_id: (position, count) for article_id, position, count in rows}


def _correct(db: Database, article_id: int, learnt: set[int], now: datetime, *, is_new: bool) -> None:
    paragraphs = db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()[0].split("\n")
    kept = kept_lines(paragraphs, learnt)
    if not all(kept):
        write_related(db, article_id, shifted(read_related(db, article_id), kept))
        own = [text for text, is_kept in zip(paragraphs, kept, strict=True) if is_kept]
        rewrite_body(db, article_id, own, None if is_new else "boilerplate", now)
