"""The channels of a site: which are requested, and what their documents list."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from http import HTTPStatus
from json import JSONDecodeError
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl.arguments import CrawlArguments
from crawler.crawl.awaiting import is_set_in_time
from crawler.crawl.channels import Discovery
from crawler.crawl.rendering import RENDER
from crawler.discover import (
    ChannelProblem,
    ChannelResult,
    ChildDocument,
    Entry,
    discover,
    discover_entries,
    request_url,
)
from crawler.fetch.failures import FailureReason, FetchFailed, failure_reason
from crawler.fetch.response import headers_of, validators_of
from crawler.fetch.robots_txt import RobotsTxt
from crawler.profile import Channel, SiteProfile
from crawler.store import EnqueueResult
from spiders.extracting import STOPPED, ExtractingSpider

logger = logging.getLogger(__name__)

# WordPress answers with this status for a page of posts that does not exist any more: X-WP-TotalPages of the page
# before was too high. The body distinguishes it from other errors.
WORDPRESS_BAD_REQUEST = HTTPStatus.BAD_REQUEST
NO_SUCH_PAGE = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
"""What a site answers that is asked for the page after the last one of a feed or section."""

_DROPPED = (
    "the request was dropped before it was sent: by a spider middleware, as those of DEPTH_LIMIT and URLLENGTH_LIMIT, "
    "or by DUPEFILTER_CLASS"
)


class DiscoveringSpider(ExtractingSpider):
    """A spider that reads the channels of a profile."""

    profile: SiteProfile
    arguments: CrawlArguments
    discovery: Discovery

    is_failing = False
    """Whether no channel could be used at the last poll."""

    @property
    def allowed_codes(self) -> list[int]:
        """Status codes of errors whose responses are read all the same: HTTPERROR_ALLOWED_CODES, HTTPERROR_ALLOW_ALL.
        Scrapy does not look at these settings for a request that has its own list."""
        settings = self.crawler.settings
        if settings.getbool("HTTPERROR_ALLOW_ALL"):
            return list(range(HTTPStatus.BAD_REQUEST, 600))
        codes = map(int, settings.getlist("HTTPERROR_ALLOWED_CODES"))
        return [code for code in codes if code >= HTTPStatus.BAD_REQUEST]

    async def first_channels(self) -> list[Channel]:
        """The profile's channels, or robots.txt with its sitemaps if the profile has none."""
        channels = await self.discovery.first_channels()
        if not self.profile.channels():
            return [Channel("sitemap", self.profile.robots_url)]
        if not self.profile.channels(self.arguments.channel):
            logger.warning("%s has no channel of kind %s", self.name, self.arguments.channel)
        return channels

    async def documents_finished(self) -> None:
        """Wait until no document is outstanding. No response comes for a request that was dropped before it was sent,
        as by a spider middleware: its channel fails."""
        while not await is_set_in_time(self.discovery.finished, self.crawler):
            for channel in self.discovery.outstanding():
                async with self.discovery.finishing(channel):
                    await self._record_failure(channel, _DROPPED, None)

    async def channel_request(self, channel: Channel) -> Request:
        """The request for a channel's document; a conditional one if the document was read before."""
        self.discovery.begin(channel)
        state = await self.discovery.state(channel)
        is_rendered = self.profile.renders_channel(channel.kind)
        is_wordpress = channel.kind == "wordpress"
        return Request(
            request_url(channel),
            callback=self.parse_robots if channel.url == self.profile.robots_url else self.parse_channel,
            errback=self.channel_failed,
            cb_kwargs={"channel": channel},
            headers={} if is_rendered else state.validators.headers,
            meta={
                **({RENDER: "list"} if is_rendered else {}),
                "handle_httpstatus_list": [
                    HTTPStatus.NOT_MODIFIED,
                    *([WORDPRESS_BAD_REQUEST] if is_wordpress else []),
                    *self.allowed_codes,
                ],
                # A site that was down at the last poll is tried once: a dead host must not hold a place of `rasid due`
                # for three time limits. One that is up again is polled as usual next time.
                **({"max_retry_times": 0} if self.is_failing else {}),
            },
            priority=10,
        )

    async def parse_robots(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """Request the sitemaps that robots.txt lists."""
        async with self.discovery.finishing(channel):
            sitemaps = [self.profile.here(url) for url in RobotsTxt.parse(response.body, response.url).sitemaps]
            if not sitemaps:
                problem = "robots.txt lists no sitemap; add a channel to the profile"
                self.discovery.record_failure(channel, problem=problem)
                self._report_problem(channel, problem)
            documents = [ChildDocument(channel=Channel("sitemap", url)) for url in sitemaps]
            for document in await self.discovery.in_turn(documents, channel):
                if await self.discovery.should_request(document, channel, EnqueueResult(0, 0, frozenset())):
                    yield await self.channel_request(document.channel)

    async def parse_channel(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """Commit what a channel lists before any of it is requested, then request the documents that it leads to."""
        async with self.discovery.finishing(channel):
            if await self.discovery.record_if_unchanged(channel, response.status, response.body):
                return
            try:
                result = await self.read_channel(response, channel)
            except FetchFailed as error:  # a further request for the document
                await self._record_reason(channel, error.reason)
                return
            except ChannelProblem as problem:
                if self.discovery.is_further_page(channel):  # as a page with an error in place of a 404
                    self.discovery.record_end(channel, is_last=True)
                else:
                    await self._record_failure(channel, str(problem), response.status)
                return
            for reason, number in result.skipped.items():
                self.recorder.stats.skip(reason, number)
            enqueued = await self._enqueue(response, channel, result)
            self.discovery.record_read(channel, validators_of(response), result, enqueued)
            for document in await self.discovery.in_turn(result.children, channel):
                if await self.discovery.should_request(document, channel, enqueued):
                    yield await self.channel_request(document.channel)

    async def read_channel(self, response: Response, channel: Channel) -> ChannelResult:
        """What a channel's document lists. Raises ChannelProblem for one that cannot be used."""
        headers, since = headers_of(response), self.arguments.since
        try:
            listed: Any = self.list_articles(response)
            is_async = hasattr(listed, "__aiter__")  # it may be an asynchronous generator, with requests of its own
            items = [item async for item in listed] if is_async else None if listed is None else list(listed)
        except JSONDecodeError as error:
            raise ChannelProblem(f"The document is not valid JSON: {error}") from error
        if items is None:
            return discover(channel, response.body, self.profile, url=response.url, headers=headers, since=since)
        further = [
            ChildDocument(channel=Channel(channel.kind, item.url), is_next=True)
            for item in items
            if isinstance(item, Request)
        ]
        entries = [
            item if isinstance(item, Entry) else Entry(link=item) for item in items if not isinstance(item, Request)
        ]
        return discover_entries(channel, entries, further, self.profile, url=response.url, since=since)

    def list_articles(self, response: Response) -> Iterable[str | Entry | Request] | None:
        """Override it for channels that only the site's own code can read: the articles of a document, as URLs or as
        entries with title and date, and a request for the document that follows it. None: it is read as what the
        profile calls it. Of such a request only the URL counts: `channel_request` makes the one that is sent."""
        return None

    async def _enqueue(self, response: Response, channel: Channel, result: ChannelResult) -> EnqueueResult:
        """Commit what a document lists, and report what is wrong with it."""
        origin = self.discovery.origin(channel)
        if self.discovery.is_further_page(channel):  # the last one may list nothing
            return await self.recorder.enqueue_further(origin, result.candidates, again=self.arguments.force)
        for text in result.problems:
            self._report_problem(channel, text)
        return await self.recorder.enqueue(
            channel,
            result.candidates,
            order=result.order,
            status=response.status,
            problem="; ".join(result.problems) or None,
            again=self.arguments.force,
            is_conditional=_is_conditional(response),
            completion=self.discovery.completion(validators_of(response), result),
            foreign_hosts=result.hosts_to_add() if channel.kind != "section" else None,
            listed_by=origin,
        )

    async def channel_failed(self, failure: Failure) -> None:
        """A channel's document was not sent; the other channels go on."""
        channel: Channel = failure.request.cb_kwargs["channel"]  # type: ignore[attr-defined]
        async with self.discovery.finishing(channel):
            await self._record_reason(channel, failure_reason(failure))

    async def _record_reason(self, channel: Channel, reason: FailureReason) -> None:
        if reason.code == STOPPED:
            self.discovery.record_stopped(channel)
        elif self.discovery.is_further_page(channel) and not reason.is_transient:
            # Whatever the reason, such as robots.txt: the page cannot be read, and that is not a problem of the feed.
            self.discovery.record_end(channel, is_last=reason.status in NO_SUCH_PAGE)
        else:
            problem = f"{reason.code} {reason.detail}".rstrip()
            await self._record_failure(channel, problem, reason.status, reason)

    async def _record_failure(
        self, channel: Channel, problem: str, status: int | None, reason: FailureReason | None = None
    ) -> None:
        self.discovery.record_failure(channel, reason, problem)
        self._report_problem(channel, problem)
        if not self.discovery.is_further_page(channel):
            await self.recorder.enqueue(channel, [], status=status, problem=problem)

    def _report_problem(self, channel: Channel, problem: str) -> None:
        logger.warning("channel %s: %s", channel.url, problem)
        self.recorder.stats.count("discover/channel_problems")


def _is_conditional(response: Response) -> bool:
    """Whether the request of a response had validators."""
    return response.request is not None and any(
        name in response.request.headers for name in ("If-None-Match", "If-Modified-Since")
    )
