"""robots.txt: kept between runs, and taken for a prohibition while a server cannot give it (RFC 9309, 2.3.1)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from crawler import clock
from crawler.crawl.run import CrawlRun
from crawler.fetch.failures import RobotsUnreachable
from crawler.store.hosts import HostFile

logger = logging.getLogger(__name__)

# RFC 9309, 2.3.1.4: for so long an old copy may stand in for a robots.txt that cannot be had.
_STALE = timedelta(days=30)


class CachedRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, which asks for robots.txt in every run and takes an error for permission."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._max_age = timedelta(hours=crawler.settings.getfloat("NEWS_ROBOTS_HOURS"))
        self._unreachable: dict[str, RobotsUnreachable] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host: kept ones that are young enough, else as they are now. Raises
        RobotsUnreachable if there are none."""
        url = request.url
        netloc = url.split("/", 3)[2]
        if netloc not in self._parsers:
            self._parsers[netloc] = Deferred()
            kept = self._kept(netloc)
            if kept is None or not timedelta() <= clock.now() - kept.fetched < self._max_age:
                kept = await self._fetched(request, netloc) or self._stale(kept)
            await self._learn(kept, netloc, request)
        rules = await super().robot_parser(request)
        if netloc in self._unreachable:
            raise self._unreachable[netloc]
        return rules

    async def _fetched(self, request: Request, netloc: str) -> HostFile | None:
        """robots.txt as it is now; None, with the reason noted, if the server cannot give it."""
        wanted = Request(
            f"{request.url.split(':', 1)[0]}://{netloc}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
            callback=NO_CALLBACK,
        )
        try:
            response: Response = await self.crawler.engine.download_async(wanted)
        except IgnoreRequest as error:  # the host asks to wait, is private, or the crawl was stopped
            self._unreachable[netloc] = RobotsUnreachable(f"robots.txt: {error}", cause=error)
            return None
        except Exception as error:  # whatever Scrapy raises for a request that fails
            self._unreachable[netloc] = RobotsUnreachable(f"robots.txt: {error or type(error).__name__}", cause=error)
            return None
        if response.status >= 500 or response.status == 429:
            self._unreachable[netloc] = RobotsUnreachable(f"robots.txt: HTTP {response.status}", response.status)
            return None
        body = response.body if response.status < 300 else b""
        robots = HostFile(body=body, status=response.status, fetched=clock.now())
        run = self.crawler.get_extension(CrawlRun)
        if run is not None:
            run.store.hosts.keep_robots(netloc, robots)
        return robots

    def _stale(self, kept: HostFile | None) -> HostFile | None:
        return kept if kept is not None and clock.now() - kept.fetched < _STALE else None

    def _kept(self, netloc: str) -> HostFile | None:
        run = self.crawler.get_extension(CrawlRun)
        return run.store.hosts.robots(netloc) if run is not None else None

    async def _learn(self, robots: HostFile | None, netloc: str, request: Request) -> None:
        """Give the rules to whoever waits for them."""
        waiting: Any = self._parsers[netloc]
        if robots is None:
            self._parsers[netloc] = None
            waiting.callback(None)
            return
        self._unreachable.pop(netloc, None)
        await self._parse_robots(Response(request.url, body=robots.body, status=robots.status), netloc, request)
