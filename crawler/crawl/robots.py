"""robots.txt: cached between runs, and requested at most once a run for each host.

While a server does not send it, nothing may be requested (docs/decisions.md#the-robotstxt-middleware-is-our-own).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler, load_object

from crawler import clock
from crawler.crawl.context import context_of
from crawler.fetch.failures import CrawlStopped, ForbiddenByRobots, ForbiddenSite, RobotsUnreachable, reason_of
from crawler.fetch.robots_request import beginning_only, robots_request
from crawler.fetch.robots_txt import RobotsTxt
from crawler.rights.robots_lines import MAX_BYTES
from crawler.store import StoreError
from crawler.store.hosts import HostFile

logger = logging.getLogger(__name__)

# RFC 9309, 2.3.1.4 gives 30 days as an example of a "reasonably long period of time" after which a robots.txt that the
# server does not send may be taken for a missing one. We are stricter: the cached copy is used until then, and
# after that nothing may be requested.
_STALE_AFTER = timedelta(days=30)


class RobotsMiddleware:
    """Downloader middleware in place of Scrapy's, which requests robots.txt in every run and treats an error as
    permission. It has the same settings (ROBOTSTXT_OBEY, ROBOTSTXT_USER_AGENT, ROBOTSTXT_PARSER), request meta
    (`dont_obey_robotstxt`), signal (`robots_parsed`) and stats (`robotstxt/...`)."""

    def __init__(
        self,
        crawler: Crawler,
        parser_class: type[RobotParser],
        *,
        max_age: timedelta,
        user_agent: str | None,
        default_agent: str,
    ) -> None:
        """`max_age`: an older robots.txt is requested again. `user_agent`: whose rules apply; None for the User-Agent
        of the request."""
        self._crawler = crawler
        self._parser_class = parser_class
        self._max_age = max_age
        self._user_agent = user_agent
        self._default_agent = default_agent
        self._rules: dict[str, asyncio.Future[RobotParser]] = {}
        """The rules of each host. A task ends with a result or an exception, so that no request waits forever."""

        self._schemes: dict[str, str] = {}
        """By which scheme the robots.txt of each host was requested."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(
            crawler,
            load_object(settings["ROBOTSTXT_PARSER"]),
            max_age=timedelta(hours=settings.getfloat("NEWS_ROBOTS_HOURS")),
            user_agent=settings["ROBOTSTXT_USER_AGENT"],
            default_agent=str(settings["USER_AGENT"]),
        )

    async def process_request(self, request: Request) -> None:
        """Raises ForbiddenByRobots, ForbiddenSite, RobotsUnreachable, CrawlStopped."""
        parts = urlsplit(request.url)
        if request.meta.get("dont_obey_robotstxt") or parts.scheme not in ("http", "https"):
            return
        if self._must_load(parts.scheme, parts.netloc):
            task = asyncio.ensure_future(self._load(request, parts.netloc))
            self._rules[parts.netloc], self._schemes[parts.netloc] = task, parts.scheme
        rules = await asyncio.shield(self._rules[parts.netloc])
        agent = self._user_agent or request.headers.get("User-Agent") or self._default_agent
        if not rules.allowed(request.url, agent):
            logger.debug("robots.txt forbids %s", request.url)
            self._crawler.stats.inc_value("robotstxt/forbidden")
            is_site_allowed = rules.allowed(f"{parts.scheme}://{parts.netloc}/", agent)
            raise (ForbiddenByRobots if is_site_allowed else ForbiddenSite)("Forbidden by robots.txt")

    def _must_load(self, scheme: str, host: str) -> bool:
        """Whether the rules of a host are not known: a server that does not answer by https may do so by http."""
        task = self._rules.get(host)
        if task is None:
            return True
        has_failed = task.done() and (task.cancelled() or task.exception() is not None)
        return has_failed and self._schemes[host] != scheme

    async def _load(self, request: Request, host: str) -> RobotParser:
        """The rules of a host: the cached ones if they are not too old, else those that the server sends now."""
        try:
            robots = await self._cached(host)
            if robots is None or not timedelta() <= clock.now() - robots.fetched < self._max_age:
                robots = await self._current(request, host, robots)
        except StoreError as error:
            raise CrawlStopped(f"{request.url} was not requested: the database failed") from error
        rules: RobotParser = build_from_crawler(self._parser_class, self._crawler, robots.body)
        await self._crawler.signals.send_catch_log_async(signals.robots_parsed, robotparser=rules, request=request)
        return rules

    async def _current(self, request: Request, host: str, cached: HostFile | None) -> HostFile:
        """The robots.txt that the server sends now. If it sends none, the cached one. Raises RobotsUnreachable if there
        is none, or it is too old."""
        try:
            robots = await self._fetch(request, host)
        except RobotsUnreachable:
            if cached is None or clock.now() - cached.fetched >= _STALE_AFTER:
                raise
            return cached
        if (context := context_of(self._crawler)) is not None:
            await context.store_thread.call(context.store_thread.store.hosts.record_robots, host, robots)
        return robots

    async def _fetch(self, request: Request, host: str) -> HostFile:
        """Request robots.txt. Raises RobotsUnreachable."""
        stats = self._crawler.stats
        origin = f"{urlsplit(request.url).scheme}://{host}"
        stats.inc_value("robotstxt/request_count")
        try:
            with beginning_only(self._crawler, origin):
                response: Response = await self._crawler.engine.download_async(robots_request(origin, request))
        except Exception as error:  # whatever Scrapy raises for a request that fails
            if reason_of(error).code == "redirect_loop":  # RFC 9309, 2.3.1.2: as if there were none
                return HostFile(body=b"", status=HTTPStatus.FOUND, fetched=clock.now())
            if not isinstance(error, IgnoreRequest):  # those: a back-off, a private address, a stopped crawl
                stats.inc_value(f"robotstxt/exception_count/{type(error)}")
            raise RobotsUnreachable(f"robots.txt: {error or type(error).__name__}", cause=error) from error
        stats.inc_value("robotstxt/response_count")
        stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        # RFC 9309, 2.3.1.4: after a server error, everything is forbidden. 429 ("later") is not a permission either.
        if response.status >= 500 or response.status == 429:
            raise RobotsUnreachable(f"robots.txt: HTTP {response.status}", response.status)
        # RFC 9309, 2.3.1.3: a host that has no robots.txt allows everything.
        body = response.body[:MAX_BYTES] if response.status < 300 else b""
        return HostFile(body=body, status=response.status, fetched=clock.now())

    async def _cached(self, host: str) -> HostFile | None:
        if (context := context_of(self._crawler)) is None:
            return None
        return await context.store_thread.call(context.store_thread.store.hosts.robots, host)


class RobotsTxtParser(RobotParser):
    """RobotsTxt behind the interface of Scrapy's robots.txt parsers (setting ROBOTSTXT_PARSER)."""

    def __init__(self, robots_txt: RobotsTxt) -> None:
        self.robots_txt = robots_txt

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> Self:
        """Called by the middleware. Relative sitemaps are left out: this call has no URL."""
        return cls(RobotsTxt.parse(robotstxt_body, ""))

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Whether the user agent may request the URL."""
        return self.robots_txt.allows(_text(url), _text(user_agent))

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """Seconds between two requests."""
        return self.robots_txt.crawl_delay(_text(user_agent))


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
