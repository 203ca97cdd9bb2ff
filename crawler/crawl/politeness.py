"""What hosts demand of a crawl: applied to each request, stored between runs, and shared with other processes."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Self, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler import clock
from crawler.crawl.context import context_of
from crawler.crawl.from_settings import make_throttle
from crawler.crawl.shutdown import Shutdown
from crawler.crawl.store_thread import StoreThread
from crawler.fetch.failures import HostAsksToWait
from crawler.fetch.response import header
from crawler.fetch.throttle import Throttle
from crawler.store import Store, StoreError
from crawler.urls import netloc_of

T = TypeVar("T")

logger = logging.getLogger(__name__)

_TOO_MANY_REQUESTS = 429
# Responses that may have a Retry-After which is about the whole host (RFC 6585, 4; RFC 9110, 15.6.4).
_MAY_RETRY_AFTER = (_TOO_MANY_REQUESTS, 503)


class Politeness:
    """Extension; the download handler and the spider call it."""

    def __init__(
        self,
        throttle: Throttle,
        store_thread: StoreThread | None,
        *,
        site: str,
        distance: float,
        distances: Mapping[str, float],
        max_wait: float,
        user_agent: str,
    ) -> None:
        """`store_thread`: None for a crawl that records nothing. `distance`: seconds between our requests to a host.
        `distances`: those of hosts that have others, by the names of their download slots.
        `max_wait`: the longest back-off that is waited for, in seconds. `user_agent`: whose Crawl-delay holds."""
        self._store_thread = store_thread
        self._throttle = throttle
        self._site = site
        self._distance = distance
        self._distances = distances
        self._max_wait = max_wait
        self._user_agent = user_agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Called by Scrapy."""
        settings, context = crawler.settings, context_of(crawler)
        politeness = cls(
            context.throttle if context is not None else make_throttle(settings),
            context.store_thread if context is not None else None,
            site=crawler.spider.name if crawler.spider is not None else "",
            distance=settings.getfloat("DOWNLOAD_DELAY"),
            distances={
                name: float(slot["delay"])
                for name, slot in settings.getdict("DOWNLOAD_SLOTS").items()
                if "delay" in slot
            },
            max_wait=settings.getfloat("NEWS_WAIT_SECONDS"),
            user_agent=str(settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]),
        )
        crawler.signals.connect(politeness.robots_parsed, signals.robots_parsed)
        return politeness

    async def wait_for_slot(self, host: str, shutdown: Shutdown) -> None:
        """Return when a request to a host may be sent. Raises HostAsksToWait, CrawlStopped,
        StoreError."""
        await self.load_host_state(host)
        # The others wait here: a slot that was reserved must not be overtaken while the store is slow.
        async with self._throttle.lock(host):
            while True:
                if self.must_wait_long(host):
                    until = clock.now() + timedelta(seconds=self._throttle.backoff(host))
                    raise HostAsksToWait(f"{host} demands no request until {until:%Y-%m-%d %H:%M:%S} UTC", until)
                distance = self._distances.get(urlsplit(f"//{host}").hostname or "", self._distance)
                await shutdown.sleep(self._throttle.reserve_slot(host, spider=self._site, distance=distance))
                # Meanwhile a response may have demanded a wait, and another process may have sent a request.
                if not self._throttle.backoff(host) and await self._reserve_in_store(host):
                    return

    async def handle_response(self, host: str, response: Response) -> None:
        """Do what a response demands of later requests."""
        if response.status not in _MAY_RETRY_AFTER:
            self._throttle.record_success(host)
            return
        now = clock.now()
        seconds = self._throttle.handle_retry_after(host, header(response, "Retry-After"), now)
        if seconds is None:
            if response.status == _TOO_MANY_REQUESTS:
                self._throttle.back_off(host)
            return
        logger.info("%s sent Retry-After: no request for %.0f seconds", host, seconds)
        not_before = now + timedelta(seconds=seconds)
        with contextlib.suppress(StoreError):  # it ends the crawl, and this response can still be used
            await self._in_store(lambda store: store.hosts.record_retry_after(host, not_before))

    async def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Signal: keep the distance that robots.txt demands."""
        host = netloc_of(request.url)
        with contextlib.suppress(StoreError):
            # A cached robots.txt is parsed before the first request, and does not contain when the last one was.
            await self.load_host_state(host)
        self._throttle.set_crawl_delay(host, robotparser.crawl_delay(self._user_agent) or 0.0)

    async def load_host_state(self, host: str) -> None:
        """Read what a host demanded in earlier runs, if that is not known yet. Raises StoreError."""
        if self._throttle.is_loaded(host):
            return
        state = await self._in_store(lambda store: store.hosts.get(host))
        if state is not None:
            self._throttle.load_host_state(
                host,
                clock.now(),
                crawl_delay=state.crawl_delay,
                last_request=state.last_request,
                not_before=state.not_before,
            )

    def must_wait_long(self, host: str) -> bool:
        """Whether a host demands a wait that is longer than this crawl waits."""
        return self._throttle.backoff(host) > self._max_wait

    async def _reserve_in_store(self, host: str) -> bool:
        """Whether no other process has just sent a request to a host with a Crawl-delay. If so, ours is recorded."""
        delay = self._throttle.crawl_delay(host)
        if not delay:
            return True
        recorded = self._throttle.recorded(host)
        slot = await self._in_store(lambda store: store.hosts.reserve_slot(host, clock.now(), delay, recorded))
        if slot is None:
            return True
        if slot.is_ours:
            self._throttle.set_recorded(host, slot.last_request)
            self._throttle.record_request(host)  # the store may have taken a while
        else:
            self._throttle.record_request(host, (clock.now() - slot.last_request).total_seconds())
        return slot.is_ours

    async def _in_store(self, function: Callable[[Store], T]) -> T | None:
        """What a function of the store returns; None if the crawl records nothing. Raises StoreError."""
        thread = self._store_thread
        return await thread.call(function, thread.store) if thread is not None else None


def politeness_of(crawler: Crawler) -> Politeness:
    """The politeness of a crawl. Raises RuntimeError if the extension is switched off."""
    politeness = crawler.get_extension(Politeness)
    if politeness is None:
        raise RuntimeError("the extension crawler.crawl.politeness.Politeness is switched off; downloads need it")
    return politeness
