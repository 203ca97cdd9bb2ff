"""rasid parse URL: Scrapy's command, with the callbacks of the site that owns the URL."""

from __future__ import annotations

import argparse
import re
import warnings
from collections.abc import AsyncIterator
from dataclasses import fields, is_dataclass
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.commands.parse import Command as ScrapyParse
from scrapy.exceptions import ScrapyDeprecationWarning, UsageError
from twisted.python.failure import Failure

from crawler.cli.at_prompt import (
    allow_typed,
    check_arguments,
    prepare_settings,
    problem_of_failure,
    spider_for,
    typed_url,
    with_start,
)
from crawler.cli.base import DescribedCommand, check_options, print_error
from crawler.cli.check_settings import check_home
from crawler.cli.plain_crawl import log_failure_of
from crawler.crawl.trial import SiteSpider, Trial, declared_arguments, trial_context
from crawler.home import program
from crawler.items import INTERNAL_FIELDS, Article, Candidate
from crawler.scrapyext.feeds import FEED_ERRORS
from crawler.scrapyext.spider_modules import is_site_spider
from crawler.store import StoreError

_NO_ARTICLE = re.compile(r"(?:fetch|extract|validate|store|run)/(dropped|blocked|priced|failed)/(\w+)")
_CHANNEL_CALLBACKS = ("parse_channel", "parse_robots", "list_articles")
_NOT_SHOWN = (*INTERNAL_FIELDS, "fingerprint")
"""Of an article: the response, and what the store compares it by."""


class Command(DescribedCommand, ScrapyParse):
    """Ends with 0, with 1 if there was no response, and with 2 for wrong usage."""

    usage = "[options] <url>"
    summary = "Parse a URL with the spider that owns it, and print articles, candidates and requests"
    description = (
        "Fetch a URL as the spider that owns it would, and print what its callback returns: of a page the article with "
        "its related articles, of a feed, sitemap or section page the candidates. Nothing is stored, also with "
        "--pipelines."
    )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, before it makes the crawler process."""
        super().process_options(args, opts)
        assert self.settings is not None
        for option in ("meta", "cbkwargs"):
            if not isinstance(getattr(opts, option) or {}, dict):
                raise UsageError(f"--{option}: must be a JSON object, like '{{\"page\": 2}}'", print_help=False)
        prepare_settings(self.settings)
        # Scrapy hands items to pipelines and feeds itself if they are returned to it, which it does for -o only.
        opts.output = opts.output or opts.overwrite_output or opts.pipelines
        opts.pipelines = False

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        assert self.crawler_process is not None
        check_options(args)
        check_home(self.settings)
        url = typed_url(args[0] if len(args) == 1 else "")
        spider = spider_for(self.crawler_process.spider_loader, url, opts.spider)
        if spider is None:
            raise UsageError(
                f"no spider owns {url}; `{program()} add {url}` adds its site, and --spider names a spider",
                print_help=False,
            )
        if is_site_spider(spider) and not url.startswith(("http://", "https://")):
            raise UsageError(
                f"{url}: the spider of a site takes http and https URLs; `{program()} extract FILE --site "
                f"{spider.name}` extracts a file",
                print_help=False,
            )
        if opts.callback and not callable(getattr(spider, opts.callback, None)):
            raise UsageError(f"-c {opts.callback}: {spider.name} has no method of this name", print_help=False)
        if opts.rules and not getattr(spider, "rules", None):
            raise UsageError(f"-r: {spider.name} has no rules; those are a CrawlSpider's", print_help=False)
        allow_typed(url)
        # Of Scrapy's own callback around the spider's.
        warnings.filterwarnings("ignore", ".*returned a Deferred", ScrapyDeprecationWarning)
        if opts.depth > 0:
            self.set_spidercls(url, opts)
            try:
                self.start_parsing(url, opts)
            except StoreError as error:  # the temporary one: the disk is full
                self.exitcode = 1
                print_error(str(error))
            self.print_results(opts)

    def set_spidercls(self, url: str, opts: argparse.Namespace) -> None:
        """Put the URL in the place of what the spider starts with."""
        assert self.crawler_process is not None
        command, spider = self, spider_for(self.crawler_process.spider_loader, url, opts.spider)
        assert spider is not None

        async def start(self: Spider) -> AsyncIterator[Request]:
            request = (
                await command._site_request(self, url, opts)
                if is_site_spider(type(self))
                else Request(url, dont_filter=True)
            )
            request.errback = command.failed
            yield command.prepare_request(self, request, opts)

        self.spidercls = with_start(spider, start)

    def start_parsing(self, url: str, opts: argparse.Namespace) -> None:
        """Run the spider. Raises UsageError for an argument that it does not take."""
        assert self.settings is not None
        assert self.crawler_process is not None
        assert self.spidercls is not None
        is_site, arguments = is_site_spider(self.spidercls), dict[str, Any](opts.spargs)
        if is_site:
            check_arguments(self.spidercls, opts.spargs)
        with trial_context(self.settings) as context:  # a plain spider may yield articles, too
            self.pcrawler = self.crawler_process.create_crawler(self.spidercls)
            given = {"context": context} if is_site else {}
            log_failure_of(self.crawler_process.crawl(self.pcrawler, **arguments, **given))
            self.crawler_process.start()
        stats = self.pcrawler.stats.get_stats() if self.pcrawler.stats is not None else {}
        if self.crawler_process.bootstrap_failed or stats.get("run/errors") or stats.get(FEED_ERRORS):
            self.exitcode = 1
        if self.first_response is None and not self.exitcode:
            self.exitcode = 1
            print_error(f"{url}: no response; a middleware or the spider's `start` left the request out")
        for key, count in stats.items():
            if match := _NO_ARTICLE.fullmatch(key):
                print_error(f"no article: {match[1]}, {match[2]}" + (f" ({count} pages)" if count > 1 else ""))

    async def _site_request(self, spider: Spider, url: str, opts: argparse.Namespace) -> Request:
        """The request that a site's spider makes, with its own callback or that of -c."""
        site_spider = cast(SiteSpider, spider)
        site_spider.begin()
        trial = Trial(site_spider)
        if opts.callback in _CHANNEL_CALLBACKS:
            return await trial.channel_request(url)
        request = await trial.request(url)
        if opts.callback == "read_article":  # the callback that calls it
            opts.callback = "parse_article"
        if opts.callback or opts.rules:
            callback = getattr(spider, opts.callback or "parse")
            request = request.replace(callback=None, cb_kwargs=declared_arguments(callback, request.cb_kwargs))
        return request

    def failed(self, failure: Failure) -> None:
        """Report that no response was received."""
        self.exitcode = 1
        print_error(problem_of_failure(failure))

    def print_results(self, opts: argparse.Namespace) -> None:
        """Print as Scrapy does; of our items only the fields that are known."""
        for level, items in self.items.items():
            self.items[level] = [_shown(item) for item in items]
        super().print_results(opts)


def _shown(item: Any) -> Any:
    """The fields of an Article or a Candidate that are known, without the response; another item unchanged."""
    return _value(item) if isinstance(item, Article | Candidate) else item


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(each) for each in value]
    return {name: _value(getattr(value, name)) for name in _known_fields(value)} if is_dataclass(value) else value


def _known_fields(item: Any) -> list[str]:
    names = (field.name for field in fields(item))
    return [name for name in names if name not in _NOT_SHOWN and getattr(item, name) not in (None, [], {}, False)]
