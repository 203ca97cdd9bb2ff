"""What `rasid crawl` checks before a crawl, for crawls that something else started: a script with CrawlerProcess."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import NamedTuple

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.reactor import is_reactor_installed

from crawler.crawl.exit_code import LOCKED
from crawler.crawl.from_settings import check_clock
from crawler.crawl.lock import SiteLock
from crawler.crawl.owner import renamed_site
from crawler.crawl.store_thread import StoreThread
from crawler.fetch.resolver import PublicOnlyResolver
from crawler.profile import SiteProfile
from crawler.render import why_not

logger = logging.getLogger(__name__)


class Refusal(NamedTuple):
    """Why a crawl is not begun."""

    reason: str
    """The finish reason of the crawl, one word."""

    message: str
    exit_code: int = 1


class Admission:
    """Decides on one crawl, and holds the lock of its site until the crawl has ended."""

    def __init__(self, crawler: Crawler, spider: Spider, thread: StoreThread) -> None:
        self._crawler = crawler
        self._settings = crawler.settings
        self._site = spider.name
        profile = getattr(spider, "profile", None)
        self._profile = profile if isinstance(profile, SiteProfile) else None
        self._thread = thread
        self._lock = SiteLock(thread.store.path, spider.name)

    async def refusal(self) -> Refusal | None:
        """Why the crawl must not begin; None if it may, and its site is then locked. Raises StoreError."""
        self._guard_names()
        thread = self._thread
        if correction := await thread.call(check_clock, thread.store, self._settings):
            logger.warning("%s", correction)
        if not self._lock.acquire():
            message = f"{self._site} is being crawled by another process; nothing to do"
            return Refusal("locked", message, LOCKED)
        profile = self._profile
        if profile is None:
            return None
        if profile.render and (problem := why_not(str(self._settings["NEWS_CHROMIUM"]))):
            return Refusal("not_rendered", f"{self._site} has `render` in its profile: {problem}")
        names = {path.stem for path in Path(str(self._settings["NEWS_SITES"])).glob("*.toml")}
        if problem := await thread.call(renamed_site, profile, names, thread.store):
            return Refusal("renamed", problem)
        return None

    def release(self) -> None:
        """The crawl has ended."""
        self._lock.release()

    def _guard_names(self) -> None:
        """Install the resolver that refuses private addresses where nothing has: CrawlerProcess installs it, a
        CrawlerRunner does not."""
        if not is_reactor_installed():
            return
        from twisted.internet import reactor

        resolver = load_object(self._settings["TWISTED_DNS_RESOLVER"])
        installed = getattr(reactor, "nameResolver", None)
        if issubclass(resolver, PublicOnlyResolver) and not isinstance(installed, PublicOnlyResolver):
            build_from_crawler(resolver, self._crawler, reactor=reactor).install_on_reactor()
