"""Callbacks of a site's spider on a page of one's own choice: `parse`, and the contracts of `check`.

They get what a crawl has, with a store in a temporary folder: the database is not opened, and nothing is archived.
"""

from __future__ import annotations

import inspect
import json
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from scrapy import Request
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.crawl.context import RunContext
from crawler.crawl.progress import Progress
from crawler.crawl.store_thread import StoreThread
from crawler.fetch.response import headers_of
from crawler.items import Article, Candidate, ChannelKind, Page, candidate_from_json
from crawler.profile import Channel, SiteProfile
from crawler.store import PendingPage
from crawler.urls import canonical_url

if TYPE_CHECKING:
    from crawler.crawl.channels import Discovery


class SiteSpider(Protocol):
    """The methods of a site's spider that are called here; they may be a subclass's."""

    name: str
    profile: SiteProfile
    context: RunContext | None
    discovery: Discovery

    def begin(self) -> None:
        """Make what the callbacks use."""

    async def channel_request(self, channel: Channel) -> Request:
        """The request for a channel's document."""

    def parse_channel(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """Enqueue what a document lists; yields the requests for those that it leads to."""

    def parse_robots(self, response: Response, channel: Channel) -> AsyncIterator[Request]:
        """The requests for the sitemaps of robots.txt."""

    def page_request(self, pending: PendingPage) -> Request:
        """The request for a page."""

    def parse_article(
        self, response: Response, *, page: Page, candidate: Candidate
    ) -> AsyncIterator[Article | Request]:
        """The article of a page."""


# jsonfeed.org, version 1.1: the value of `version`, which is the first key of nearly all.
_JSON_FEED = b"jsonfeed.org/version/"
_JSON_HEAD = 1000
"""Bytes in which that is looked for. Chosen by hand."""

# The two forms of the address of WordPress' API.
_WORDPRESS = re.compile(r"/wp-json/|[?&]rest_route=")


@contextmanager
def trial_context(settings: BaseSettings) -> Iterator[RunContext]:
    """A context for trials. Changes the settings, which are those of a process that tries and does nothing else."""
    with tempfile.TemporaryDirectory(prefix="rasid-") as folder:
        unrecorded = {"NEWS_DB": str(Path(folder) / "news.db"), "NEWS_ARCHIVE": "", "NEWS_RESULT_FILE": ""}
        settings.setdict(unrecorded, priority="cmdline")
        with (
            StoreThread.from_settings(settings) as thread,
            RunContext.from_settings(settings, thread, Progress("", is_shown=False)) as context,
        ):
            context.is_trial = True
            yield context


def pending_page(spider: SiteSpider, url: str, fields_of_channel: Mapping[str, Any] | None = None) -> PendingPage:
    """A page as the store would hand it to a crawl. `fields_of_channel`: what a channel says of it, the fields of a
    Candidate as in JSON. Raises ValueError for what is no URL or no such field."""
    if unknown := set(fields_of_channel or {}) - {field.name for field in fields(Candidate)}:
        raise ValueError(f"a candidate has no {', '.join(sorted(unknown))}")
    candidate = {"channel": "section", "channel_url": spider.profile.home, **(fields_of_channel or {}), "url": url}
    return PendingPage(canonical_url(url), candidate_from_json(json.dumps(candidate)))


def declared_arguments(callback: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the arguments that a callback has: a site's own callback need not have those of ours."""
    declared = inspect.signature(callback).parameters
    takes_all = any(each.kind is each.VAR_KEYWORD for each in declared.values())
    return {name: value for name, value in arguments.items() if takes_all or name in declared}


class Trial:
    """One URL and its site's spider: which request is made of it, and what its response is."""

    def __init__(self, spider: SiteSpider) -> None:
        """`spider`: one that has begun."""
        self._spider = spider
        self._shown: set[str] = set()
        """Pages whose candidates were yielded."""

    async def request(self, url: str) -> Request:
        """The request for a URL, with the callback of a crawl: as a channel if the profile has it, else as a page, of
        which the response shows what it is."""
        spider = self._spider
        channels = [*spider.profile.channels(), Channel("sitemap", spider.profile.robots_url)]
        channel = next((channel for channel in channels if channel.url == url), None)
        if channel is not None:
            return self.followed(await spider.channel_request(channel))
        request = spider.page_request(pending_page(spider, url))
        return request.replace(callback=self.parse_page) if request.callback == spider.parse_article else request

    async def channel_request(self, url: str) -> Request:
        """The request for a URL that is a channel, whatever it looks like."""
        kinds = {channel.url: channel.kind for channel in self._spider.profile.channels()}
        return self.followed(await self._spider.channel_request(Channel(kinds.get(url, "section"), url)))

    async def parse_page(
        self, response: Response, page: Page, candidate: Candidate
    ) -> AsyncIterator[Article | Candidate | Request]:
        """Callback: what a crawl makes of a response, by what it is: a document that lists articles, or a page."""
        channel = self._channel_of(response)
        if channel is not None:
            self._spider.discovery.begin(channel)
            async for found in self.parse_channel(response, channel):
                yield found
            return
        async for item in self._spider.parse_article(response, page=page, candidate=candidate):
            yield item

    async def parse_channel(self, response: Response, channel: Channel) -> AsyncIterator[Candidate | Request]:
        """Callback: the documents that a channel leads to, then each candidate and the request for its page."""
        spider = self._spider
        is_robots = channel.url == spider.profile.robots_url
        async for found in self.read_channel(
            spider.parse_robots if is_robots else spider.parse_channel, response, channel=channel
        ):
            yield found

    async def read_channel(
        self, callback: Callable[..., AsyncIterator[Request]], response: Response, **arguments: Any
    ) -> AsyncIterator[Candidate | Request]:
        """The same with a callback that enqueues what a channel lists."""
        async for request in callback(response, **arguments):
            yield self.followed(request)
        for pending in await self._new_pages():
            yield pending.candidate
            yield self._spider.page_request(pending)

    def followed(self, request: Request) -> Request:
        """The request, with the callback here if it is for a channel's document."""
        if request.callback in (self._spider.parse_channel, self._spider.parse_robots):
            request.callback = self.parse_channel
        return request

    async def _new_pages(self) -> list[PendingPage]:
        context = self._spider.context
        assert context is not None
        thread = context.store_thread
        pages = [page async for page in thread.iterate(thread.store.pages.pending, self._spider.name)]
        new = [page for page in pages if page.url not in self._shown]
        self._shown.update(page.url for page in new)
        return new

    def _channel_of(self, response: Response) -> Channel | None:
        """What a response lists articles as; None for a page."""
        from crawler.discover import ChannelProblem  # heavy, and the modules of commands import this one
        from crawler.discover.document import open_document

        profile = self._spider.profile
        try:
            shape = open_document(response.body, headers_of(response), profile.language).shape
        except ChannelProblem:
            return None
        if shape == "html":
            return None if profile.is_article_url(response.url) else Channel("section", response.url)
        if shape == "json":  # unless it is one of these, the page of a site whose articles are JSON
            is_feed = _JSON_FEED in response.body[:_JSON_HEAD]
            kind: ChannelKind = "wordpress" if _WORDPRESS.search(response.url) else "feed"
            return Channel(kind, response.url) if is_feed or kind == "wordpress" else None
        return None if shape == "text" else Channel(shape, response.url)
