"""Requests to sites that have no profile yet: as polite as a crawl, with a limit for each site."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.settings import BaseSettings, Settings

from crawler.fetch.failures import FailureReason, RobotsUnreachable, reason_of
from crawler.fetch.resolver import is_public
from crawler.fetch.response import headers_of
from crawler.fetch.robots_txt import RobotsTxt
from crawler.fetch.user_agent import set_user_agent
from crawler.profile import SiteProfile
from crawler.urls import netloc_of, origin_of

MAX_REQUESTS = 25
"""Requests to one site, robots.txt, redirects and retries included."""

MAX_SECONDS = 900.0
"""After this time no more requests are sent to a site. Chosen by hand: 15 requests at the longest Crawl-delay that is
respected."""

_TIMEOUT = 20
"""Seconds that a response may take, if the settings allow no less. Chosen by hand."""

_PARALLEL_SITES = 8
"""Sites that are looked at at the same time. Chosen by hand."""

REFUSALS = (401, 402, 403, 429, 451)
"""Status codes with which servers refuse a visitor, not a page."""

BUDGET_SPENT = "budget_spent"
"""The code of a failure: nothing more may be requested of the site."""

_BUDGET = "budget"


class BudgetSpent(IgnoreRequest):
    """The site has had all requests that it may get."""


class ProbeFailed(Exception):
    """A URL that sent no document; `reason` says why, and `response` has what came with an error status."""

    def __init__(self, reason: FailureReason, response: ProbeResponse | None = None) -> None:
        super().__init__(f"{reason.code.replace('_', ' ')} {reason.detail}".strip())
        self.reason = reason
        self.response = response


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbeResponse:
    """A document of the site."""

    url: str
    """After redirects."""

    status: int
    body: bytes
    headers: dict[str, str]
    """Names in lower case."""

    is_private: bool
    """Whether the server has a private address."""


@dataclass(slots=True)
class Budget:
    """What may still be requested of a site."""

    requests: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> int:
        """Requests that may still be sent."""
        return MAX_REQUESTS - self.requests if time.monotonic() - self.started < MAX_SECONDS else 0


class Prober:
    """Fetches the documents of one site, each once."""

    def __init__(self, spider: ProbeSpider, *, report: Callable[[int], None]) -> None:
        """`report` is called with the number of requests after each one."""
        self.budget = Budget()
        self._spider = spider
        self._report = report
        self._known: dict[str, ProbeResponse | ProbeFailed] = {}

    def allow_private(self, url: str) -> None:
        """Allow the origin of a URL that the user named to have a private address."""
        self._spider.allowed_origins.add(origin_of(url))

    def robots(self, url: str) -> RobotsTxt | None:
        """The robots.txt of a URL's host, if something was requested there."""
        return self._spider.robots.get(netloc_of(url))

    async def get(self, url: str) -> ProbeResponse:
        """The document at a URL. Raises ProbeFailed; its reason is BUDGET_SPENT if nothing more may be requested."""
        if url not in self._known:
            try:
                response = await self._fetch(url)
                self._known[url] = self._known[response.url] = response
            except ProbeFailed as failed:
                self._known[url] = failed
            self._report(self.budget.requests)
        result = self._known[url]
        if isinstance(result, ProbeFailed):
            raise result
        return result

    async def _fetch(self, url: str) -> ProbeResponse:
        engine = self._spider.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(Request(url, meta={_BUDGET: self.budget}))
        except BudgetSpent:
            raise ProbeFailed(FailureReason(BUDGET_SPENT, False)) from None
        except Exception as error:  # whatever Scrapy raises for a request that fails
            self.budget.requests += isinstance(error, RobotsUnreachable)
            raise ProbeFailed(reason_of(error)) from error
        address = getattr(response, "ip_address", None)
        found = ProbeResponse(
            url=response.url,
            status=response.status,
            body=response.body,
            headers=headers_of(response),
            is_private=address is not None and not is_public(str(address)),
        )
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            code = f"http_{response.status}"
            raise ProbeFailed(FailureReason(code, response.status >= HTTPStatus.INTERNAL_SERVER_ERROR), found)
        return found


class BudgetMiddleware:
    """Downloader middleware: counts each request of a site, redirects and retries included, and refuses those beyond
    its budget."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        middleware = cls()
        crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    def process_request(self, request: Request) -> None:
        """Raises BudgetSpent."""
        budget = request.meta.get(_BUDGET)
        if isinstance(budget, Budget):
            if budget.left <= 0:
                raise BudgetSpent(f"{MAX_REQUESTS} requests were sent")
            budget.requests += 1

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Signal: count robots.txt, which the middleware of robots.txt requests, for the site that needs it."""
        budget = request.meta.get(_BUDGET)
        if isinstance(budget, Budget):
            budget.requests += 1


class ProbeSpider(scrapy.Spider):
    """Runs one task for each site; the tasks request what they need through a Prober."""

    name = "onboard"

    def __init__(
        self, tasks: list[Callable[[ProbeSpider], Awaitable[None]]], inspected: SiteProfile | None = None
    ) -> None:
        """`inspected`: the profile whose headers, cookies and proxy the requests have."""
        super().__init__()
        self.inspected = inspected
        self.allowed_origins: set[str] = set()
        """Origins that may have a private address: those that the user named."""

        self.robots: dict[str, RobotsTxt] = {}
        """Host → its robots.txt."""

        self._tasks = tasks

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Tell sites who requests, and count the requests of each site."""
        timeout = min(settings.getfloat("DOWNLOAD_TIMEOUT"), _TIMEOUT)
        own = {
            "ITEM_PIPELINES_BASE": {},
            "ITEM_PIPELINES": {},
            "LOG_ENABLED": False,
            "RETRY_TIMES": 1,
            "DOWNLOAD_TIMEOUT": timeout,
        }
        settings.setdict(own, priority="spider")
        set_user_agent(settings)
        middlewares = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), BudgetMiddleware: 900}  # below all that may refuse
        settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        """Run the tasks, some at a time. Nothing is scheduled: they call the downloader themselves."""
        places = asyncio.Semaphore(_PARALLEL_SITES)

        async def run(task: Callable[[ProbeSpider], Awaitable[None]]) -> None:
            async with places:
                await task(self)

        await asyncio.gather(*(run(task) for task in self._tasks))
        for request in list[Request]():
            yield request

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Signal: keep the rules, which list the sitemaps as well."""
        self.robots[netloc_of(request.url)] = robotparser.robots_txt


def run_probes(
    tasks: list[Callable[[ProbeSpider], Awaitable[None]]], settings: Settings, inspected: SiteProfile | None = None
) -> None:
    """Run tasks that request through the spider they are given. `inspected`: the profile of the site, if
    there is one. It runs its own event loop, which a process can do once."""
    process = AsyncCrawlerProcess(settings.copy())
    process.crawl(ProbeSpider, tasks, inspected)
    process.start()
