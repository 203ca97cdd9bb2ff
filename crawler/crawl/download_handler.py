"""The last place before the network: no request goes out before its host's time, none after the crawl was stopped."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from datetime import datetime, timedelta

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings

from crawler import clock
from crawler.crawl.context import context_of
from crawler.crawl.store_thread import StoreThread
from crawler.fetch.failures import CrawlStopped, HostAsksToWait
from crawler.fetch.onsite import PrivateAddress
from crawler.fetch.resolver import REFUSED_HOSTS
from crawler.fetch.response import header
from crawler.fetch.throttle import Pace, retry_after
from crawler.store import Store, StoreError
from crawler.urls import host_of, netloc_of

logger = logging.getLogger(__name__)

# One for the whole process: a host does not care which of our spiders asks.
PACE = Pace()
# Of hosts that want a distance, the moment of our last request as the store has it: another one is another process's.
_NOTED: dict[str, datetime] = {}
_ASKS_TO_WAIT = (429, 503)
_WATCH_SECONDS = 0.2


class PoliteDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, with Retry-After, Crawl-delay and a quick end."""

    lazy = False  # it listens to robots_parsed from the start

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._max_wait = settings.getfloat("NEWS_WAIT_SECONDS")
        self._max_retry_after = settings.getfloat("NEWS_MAX_RETRY_AFTER_HOURS") * 3600
        self._max_crawl_delay = settings.getfloat("NEWS_MAX_CRAWL_DELAY")
        self._grace = settings.getfloat("NEWS_STOP_SECONDS")
        self._agent = str(settings["ROBOTSTXT_USER_AGENT"])
        # Scrapy keeps this distance between the requests of one spider; two spiders may have sites on one host.
        self._distance = settings.getfloat("DOWNLOAD_DELAY")
        self._who = crawler.spider.name if crawler.spider is not None else ""
        self._stopped = asyncio.Event()
        """Set when nothing new may be asked."""

        self._given_up = asyncio.Event()
        """Set when what is under way is not waited for any longer."""

        self._watch: asyncio.Task[None] | None = None
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)

    async def download_request(self, request: Request) -> Response:
        """The response. Raises HostAsksToWait, CrawlStopped, PrivateAddress, and what Scrapy's handler raises."""
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._watch_for_the_end())
        host = netloc_of(request.url)
        try:
            await self._recall(host)
            await self._turn(host)
        except StoreError as error:
            raise CrawlStopped(f"{request.url} was not requested: the store failed") from error
        try:
            response = await self._download(request)
        except CannotResolveHostError as error:
            if host_of(request.url) in REFUSED_HOSTS:
                raise PrivateAddress(
                    f"{host} leads to a private address; allow_private = true would allow it"
                ) from error
            raise
        await self._listen(host, response)
        return response

    async def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Signal: keep the distance that a robots.txt asks for."""
        host = netloc_of(request.url)
        await self._recall(
            host
        )  # a kept robots.txt speaks before the first request, and knows not when the last one was
        PACE.set_delay(host, min(max(0.0, robotparser.crawl_delay(self._agent) or 0.0), self._max_crawl_delay))

    async def close(self) -> None:
        """Called by Scrapy."""
        if self._watch is not None:
            self._watch.cancel()
        await super().close()

    @property
    def _thread(self) -> StoreThread | None:
        context = context_of(self._crawler)
        return context.store_thread if context is not None else None

    async def _recall(self, host: str) -> None:
        if self._thread is not None and not PACE.knows(host):
            await self._thread.call(recall, host, self._thread.store, self._crawler.settings)

    async def _turn(self, host: str) -> None:
        """Return when the host may be asked."""
        while True:
            held = PACE.held(host)
            if held > self._max_wait:
                until = clock.now() + timedelta(seconds=held)
                raise HostAsksToWait(f"{host} asks to wait until {until:%Y-%m-%d %H:%M:%S} UTC", until)
            await self._sleep(PACE.take_turn(host, who=self._who, distance=self._distance), host)
            # Another answer may have asked for a pause meanwhile, and another process may have asked the host.
            if not PACE.held(host) and await self._is_our_turn(host):
                return

    async def _is_our_turn(self, host: str) -> bool:
        """Whether no other process has just asked a host that wants a distance; if so, that is noted for the others."""
        delay, thread = PACE.delay(host), self._thread
        if not delay or thread is None:
            return True
        now = clock.now()
        turn = await thread.call(thread.store.hosts.reserve_slot, host, now, delay, _NOTED.get(host))
        if not turn.is_ours:
            PACE.set_delay(host, delay, asked=time.monotonic() - (now - turn.last_request).total_seconds())
            return False
        _NOTED[host] = turn.last_request
        return True

    async def _sleep(self, seconds: float, host: str) -> None:
        if seconds > 0 and not self._stopped.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), seconds)
        if self._stopped.is_set():
            raise CrawlStopped(f"{host} was not asked: the crawl was stopped")

    async def _download(self, request: Request) -> Response:
        download = asyncio.ensure_future(super().download_request(request))
        given_up = asyncio.ensure_future(self._given_up.wait())
        try:
            await asyncio.wait({download, given_up}, return_when=asyncio.FIRST_COMPLETED)
            if not download.done():
                raise CrawlStopped(f"{request.url} had not answered when the crawl was stopped")
            return download.result()
        finally:
            given_up.cancel()
            download.cancel()

    async def _listen(self, host: str, response: Response) -> None:
        """Do what an answer says about asking again."""
        if response.status not in _ASKS_TO_WAIT:
            PACE.accepted(host)
            return
        now = clock.now()
        seconds = retry_after(header(response, "Retry-After"), now, at_most=self._max_retry_after)
        if seconds is None:
            if response.status == 429:
                PACE.refused(host)
            return
        PACE.hold(host, seconds)
        logger.info("%s asks to wait %.0f s", host, seconds)
        if self._thread is not None:
            with contextlib.suppress(StoreError):  # CrawlRun ends the crawl
                await self._thread.call(
                    self._thread.store.hosts.record_retry_after, host, now + timedelta(seconds=seconds)
                )

    async def _watch_for_the_end(self) -> None:
        """Scrapy waits for all that is queued and under way; with a delay of a minute that would take for ever."""
        while self._crawler.crawling:
            await asyncio.sleep(_WATCH_SECONDS)
        self._stopped.set()
        downloader = self._crawler.engine.downloader
        for slot in downloader.slots.values():
            slot.delay = slot.jitter = 0.0
            if slot.latercall is not None:
                slot.latercall.cancel()
                slot.latercall = None
            downloader._process_queue(slot)
        await asyncio.sleep(self._grace)
        self._given_up.set()


def recall(host: str, store: Store, settings: BaseSettings) -> None:
    """Let PACE know what a host asked for in earlier runs, before anything is decided by it. Raises StoreError."""
    if PACE.knows(host):
        return
    known, now = store.hosts.get(host), clock.now()
    max_delay = settings.getfloat("NEWS_MAX_CRAWL_DELAY")
    asked = None
    if known.last_request is not None:
        ago = (now - known.last_request).total_seconds()
        asked = time.monotonic() - ago if abs(ago) <= max_delay else None
    PACE.set_delay(host, min(known.crawl_delay, max_delay), asked=asked)
    if known.not_before is not None:
        seconds = (known.not_before - now).total_seconds()
        if 0 < seconds <= settings.getfloat("NEWS_MAX_RETRY_AFTER_HOURS") * 3600 + 1:  # else by a wrong clock
            PACE.hold(host, seconds)
