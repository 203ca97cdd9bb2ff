"""The narrow interface behind which the database stands. Nothing outside crawler/store/ knows tables or SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from crawler.items import Article, Candidate, ChannelKind, PageResult
from crawler.store import archive, articles, frontier, query, reextract, runs
from crawler.store.database import open_database, store_errors, transaction
from crawler.store.frontier import Advertised, PendingPage
from crawler.store.query import ArticleFilter
from crawler.store.times import to_text


class Store:
    """One open database. Every method that writes is one transaction; all raise StoreError if the file fails them."""

    def __init__(self, path: Path | str, *, timeout: float = 30.0, max_attempts: int = 5, create: bool = True) -> None:
        """`timeout`: seconds to wait for another writer. `max_attempts`: requests for a page whose failures pass."""
        self.path = Path(path)
        self.max_attempts = max_attempts
        self.keep: archive.Keep | None = None
        """Called in the transaction for each page whose article is accepted, to keep it; see crawler/store/archive."""

        self._db = open_database(self.path, timeout=timeout, create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin_run(self, site: str, arguments: dict[str, str], now: datetime) -> int:
        """Open the record of a run; its id."""
        with store_errors(self.path), transaction(self._db):
            return runs.begin_run(self._db, site, arguments, now)

    def end_run(self, run_id: int, counts: dict[str, Any], ended: str, now: datetime) -> None:
        """Close the record of a run; `counts` has columns of the table `runs`."""
        with store_errors(self.path), transaction(self._db):
            runs.end_run(self._db, run_id, counts, ended, now)

    def advertise(
        self,
        site: str,
        kind: ChannelKind,
        url: str,
        candidates: Sequence[Candidate],
        now: datetime,
        *,
        status: int | None,
        problem: str | None = None,
        again: bool = False,
    ) -> Advertised:
        """Note a channel's answer and the pages it named; how many of them are new, pending and done. With `again`,
        finished ones become pending once more."""
        with store_errors(self.path), transaction(self._db):
            found = frontier.advertise(self._db, site, candidates, now, again=again)
            row = {
                "site": site,
                "url": url,
                "kind": kind,
                "checked": to_text(now),
                "status": status,
                "problem": problem,
            }
            frontier.note_channel(self._db, row | {"candidates": len(candidates), "new": found.new})
            return found

    def pending(self, site: str) -> Iterator[PendingPage]:
        """The pages of a site still to be fetched, newest first, as of now; read one by one."""
        with store_errors(self.path):
            ids = frontier.pending_ids(self._db, site)
        for page_id in ids:
            with store_errors(self.path):
                page = frontier.pending_page(self._db, page_id)
            if page is not None:
                yield page

    def settle(self, results: Sequence[PageResult], now: datetime, *, run_id: int | None = None) -> None:
        """Write how pages ended, an article together with its page's outcome, set each result's outcome, and count them
        in the run's record."""
        with store_errors(self.path), transaction(self._db):
            for result in results:
                article_id = None
                if result.article is not None:
                    result.outcome, article_id = articles.write_article(self._db, result.article, now)
                archive.note_record(self._db, result, article_id, now, self.keep)
                frontier.settle_page(self._db, result, article_id, max_attempts=self.max_attempts)
            if run_id is not None and results:
                runs.count_outcomes(self._db, run_id, Counter(str(result.outcome) for result in results))

    def articles(self, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
        """Stored articles, see crawler.store.query.articles."""
        with store_errors(self.path):
            yield from query.articles(self._db, wanted)

    def related_articles(self, wanted: ArticleFilter) -> Iterator[dict[str, Any]]:
        """What stored articles say of others, see crawler.store.query.related_articles."""
        with store_errors(self.path):
            yield from query.related_articles(self._db, wanted)

    def site_summaries(self) -> dict[str, dict[str, Any]]:
        """For each site ever crawled: `articles` and `last_crawl`."""
        with store_errors(self.path):
            return runs.site_summaries(self._db)

    def archive_end(self, file: str) -> int | None:
        """Where the last record of an archive file ends that an article has; None if there is none."""
        with store_errors(self.path):
            return archive.committed_end(self._db, file)

    def forget_archive_file(self, file: str) -> None:
        """No article points into this file any more."""
        with store_errors(self.path), transaction(self._db):
            archive.forget_file(self._db, file)

    def is_fetched(self, urls: Sequence[str], at: datetime) -> bool:
        """Whether a page with one of these URLs was fetched at that moment or later, and not in vain."""
        with store_errors(self.path):
            return archive.is_known(self._db, list(urls), at)

    def kept_articles(self, site: str | None = None, since: datetime | None = None) -> Iterator[archive.KeptArticle]:
        """Articles whose page is kept, see crawler.store.archive.kept_articles."""
        with store_errors(self.path):
            yield from archive.kept_articles(self._db, site, since)

    def reextract(
        self, found: Sequence[tuple[archive.KeptArticle, Article]], now: datetime, *, apply: bool
    ) -> list[reextract.Changes | None]:
        """Compare stored articles with new extractions of their pages, and with `apply` store these; see
        crawler.store.reextract.reextract."""
        with store_errors(self.path), transaction(self._db):
            return [reextract.reextract(self._db, kept, article, now, apply=apply) for kept, article in found]
