"""rasid shell: Scrapy's console, with the extraction at hand."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy import Request, Spider
from scrapy.commands.shell import Command as ScrapyShell
from scrapy.exceptions import UsageError
from scrapy.http import Response, TextResponse
from scrapy.utils.url import guess_scheme

from crawler import clock
from crawler.cli.at_prompt import checked_url, prepare_settings, spider_for
from crawler.cli.base import DescribedCommand, check_options, print_error
from crawler.cli.shell import NewsShell, NotFetched
from crawler.fetch.response import header
from crawler.items import Article
from crawler.profile import SiteProfile
from crawler.scrapyext.private import use_shell


class Command(DescribedCommand, ScrapyShell):
    """Ends with 1 if -c was given and the URL gave no response. It records nothing: the spider gets no context."""

    _spider: type[Spider] | None = None

    usage = "[url|file]"
    summary = "Scrapy's console, with `article = extract(response)` at hand"
    description = (
        "Interactive console for the given URL or file (./file.html, or its full path). It has what Scrapy's has, and "
        "extract(response), which gives the Article of a page with the profile of the site that owns its URL; "
        "`article` is that of the response."
    )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, before it makes the crawler process."""
        super().process_options(args, opts)
        assert self.settings is not None
        prepare_settings(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.crawler_process is not None
        check_options(args)
        if len(args) > 1:
            raise UsageError("give one URL or file, or none", print_help=False)
        if args or opts.spider:
            url = checked_url(guess_scheme(args[0])) if args else ""
            self._spider = spider_for(self.crawler_process.spider_loader, url, opts.spider)
        use_shell(NewsShell)
        try:
            super().run(args, opts)
        except NotFetched as error:
            self.exitcode = 1
            print_error(str(error))

    def update_vars(self, vars: dict[str, Any]) -> None:
        """Called by Scrapy for each response: add what is ours to the names of the console."""
        response = vars.get("response")
        vars["extract"] = self.extract
        vars["article"] = self.extract(response) if isinstance(response, TextResponse) else None

    def extract(self, response: Response) -> Article:
        """The article of a page, as a crawl would extract it, but without what a channel says about it."""
        from crawler.encoding.charset import decode
        from crawler.extract import extract

        profile = self._profile(response.url)
        content_type = header(response, "Content-Type") or None
        text = decode(response.body, content_type, profile.language if profile is not None else None)
        return extract(text, response.url, profile, fetched=clock.now())

    def _profile(self, url: str) -> SiteProfile | None:
        """That of --spider, else that of the site that owns the URL."""
        assert self.crawler_process is not None
        loader, spider = self.crawler_process.spider_loader, self._spider
        if not hasattr(spider, "profile") and len(names := loader.find_by_request(Request(url))) == 1:
            spider = loader.load(names[0])
        return getattr(spider, "profile", None)
