"""Contracts for the callbacks of a site's own spider: setting SPIDER_CONTRACTS, command `check`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any, cast, get_args

from scrapy import Request, Spider
from scrapy.contracts import Contract
from scrapy.contracts.default import ScrapesContract
from scrapy.exceptions import ContractFail
from scrapy.http import Response

from crawler.crawl.trial import SiteSpider, Trial, declared_arguments, pending_page
from crawler.items import Article, Candidate, ChannelKind
from crawler.profile import Channel
from crawler.scrapyext.spider_modules import is_site_spider


class _SiteContract(Contract):
    """A contract that makes the sample request as a crawl does. It takes over what the lines above it say."""

    def __init__(self, method: Callable[..., Any], *args: Any) -> None:
        super().__init__(method, *args)
        spider: Spider = method.__self__  # type: ignore[attr-defined]
        if not is_site_spider(type(spider)):
            raise ValueError(f"@{self.name}: {spider.name} is not the spider of a site with a profile")
        self.method = method
        self.spider = cast(SiteSpider, spider)

    def url(self, arguments: dict[str, Any]) -> str:
        """The URL of the sample request. Raises ValueError."""
        if "url" not in arguments:
            raise ValueError(f"@{self.name}: write @url above it")
        return str(arguments["url"])


class ArticleContract(_SiteContract):
    """`@article`: the callback gets the page and the candidate of an article, as `parse_article` does; the output of
    `read_article` is that of `parse_article`, which calls it. A JSON object is what the channel says of the article:
    `@article {"title": "From the feed"}`.
    """

    name = "article"

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """Called by Scrapy. Raises ValueError."""
        fields_of_channel = json.loads(" ".join(self.args).strip() or "{}")
        request = self.spider.page_request(pending_page(self.spider, self.url(args), fields_of_channel))
        is_reader = self.method.__name__ == "read_article"
        given = request.cb_kwargs if is_reader else declared_arguments(self.method, request.cb_kwargs)
        return {
            **args,
            "callback": self.spider.parse_article if is_reader else args["callback"],
            "url": request.url,
            "cb_kwargs": given | (args.get("cb_kwargs") or {}),
            "meta": request.meta | (args.get("meta") or {}),
            "headers": {**request.headers, **(args.get("headers") or {})},
        }


class ChannelContract(_SiteContract):
    """`@channel KIND`: the callback gets a channel, as `parse_channel` does, which calls `list_articles`. The output
    is the candidates, as items, and the requests for their pages and for further documents.
    """

    name = "channel"

    def adjust_request_args(self, args: dict[str, Any]) -> dict[str, Any]:
        """Called by Scrapy. Raises ValueError."""
        kind = next((kind for kind in get_args(ChannelKind) if [kind] == list(self.args)), None)
        if kind is None:
            raise ValueError(f"@channel {' '.join(self.args)}: must be one of {', '.join(get_args(ChannelKind))}")
        channel = Channel(kind, self.url(args))
        trial = Trial(self.spider)
        method = self.spider.parse_channel if self.method.__name__ == "list_articles" else self.method

        async def read(response: Response, **arguments: Any) -> AsyncIterator[Candidate | Request]:
            self.spider.discovery.begin(channel)
            async for found in trial.read_channel(method, response, **arguments):
                yield found

        read.__name__, vars(read)["__self__"] = self.method.__name__, self.spider
        return {**args, "callback": read, "cb_kwargs": {"channel": channel} | (args.get("cb_kwargs") or {})}


class FilledFields(ScrapesContract):
    """`@scrapes FIELD ...`, as Scrapy's, but of an Article each field must have a value: it has all fields, and None or
    an empty list where the value is unknown.
    """

    def post_process(self, output: list[Any]) -> None:
        """Called by Scrapy. Raises ContractFail."""
        super().post_process(output)
        for item in output:
            empty = [name for name in self.args if isinstance(item, Article) and not getattr(item, name)]
            if empty:
                raise ContractFail(f"Empty fields: {', '.join(empty)}")
