"""Which pages of a run are set aside, because pages with such URLs were hardly ever articles.

docs/decisions.md#pages-of-an-unlikely-shape-are-set-aside has the rule and its reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from crawler.crawl.store_thread import StoreThread
from crawler.profile import SiteProfile
from crawler.store import PendingPage
from crawler.store.set_aside import KnownShape

_TRIALS = 3
"""Pages of an unlikely shape that a run requests before it sets others aside. Chosen by hand; no measurement."""

_UNKNOWN_PAGES = 20
"""After this number of pages of a shape of which no article is known, the crawl waits for their outcomes before it
requests more pages. Chosen by hand; no measurement."""


@dataclass(kw_only=True, slots=True)
class UnlikelyPages:
    """The pages of one run that nobody says are articles."""

    thread: StoreThread
    profile: SiteProfile
    wait_for_outcomes: Callable[[], Awaitable[None]]
    """Wait until all pages that were requested have their outcome."""

    _tried_again: frozenset[str] = frozenset()
    """Pages that had been set aside and are tried in this run."""

    _unknown: Counter[str] = field(default_factory=Counter)
    """Shape of URLs of which no article is known → pages of this run that have it."""

    _tried: Counter[str] = field(default_factory=Counter)
    """Shape of URLs whose pages are hardly ever articles → pages of this run that have it."""

    async def begin(self, now: datetime) -> None:
        """Before the pages that are due: make those pending that were set aside and are to be tried."""
        set_aside = self.thread.store.set_aside
        if self.profile.article_url is None:
            self._tried_again = await self.thread.call(set_aside.release_some, self.profile.name, now)
        else:
            await self.thread.call(set_aside.release_all, self.profile.name)

    def known_shape(self, page: PendingPage) -> KnownShape | None:
        """What is known of the shape of a page's URL; None if the page is not set aside whatever is known. Called in
        the store's thread, in the same call that reads the page: a call of its own cost as much as the query."""
        if self.profile.article_url is not None or page.is_recheck or page.is_retry:
            return None
        if page.candidate.is_listed_as_article or page.url in self._tried_again:
            return None
        return self.thread.store.set_aside.shape(self.profile.name, page.url)

    async def set_aside(self, page: PendingPage, known: KnownShape | None) -> bool:
        """Set a page aside if nothing says that it is an article, and pages with such URLs hardly ever are; whether it
        was. A few of each shape are requested in each run all the same. `known`: what `known_shape` returned."""
        if known is None:
            return False
        store, site = self.thread.store, self.profile.name
        if not known.articles and not known.is_unlikely:
            self._unknown[known.shape] += 1
            if self._unknown[known.shape] % _UNKNOWN_PAGES == 0:
                await self.wait_for_outcomes()
                known = await self.thread.call(store.set_aside.shape, site, page.url)
        if not known.is_unlikely:
            return False
        self._tried[known.shape] += 1
        if self._tried[known.shape] <= _TRIALS:
            return False
        await self.thread.call(store.set_aside.add, site, page.url)
        return True
