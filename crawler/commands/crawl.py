"""rasid crawl SITE: Scrapy's own command, with exit codes that cron can act on."""

from __future__ import annotations

import argparse

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from crawler.cli.base import DescribedCommand, check_options, print_error
from crawler.cli.check_settings import check_home, check_identity, check_settings, ineffective_settings
from crawler.cli.plain_crawl import crawl_plain, log_failure_of
from crawler.cli.site_choice import choose_site
from crawler.crawl.arguments import ARGUMENT_HELP, ArchiveArguments, ArgumentError, CrawlArguments
from crawler.crawl.context import RunContext
from crawler.crawl.exit_code import LOCKED
from crawler.crawl.from_settings import check_clock
from crawler.crawl.lock import SiteLock
from crawler.crawl.owner import renamed_site
from crawler.crawl.progress import Progress
from crawler.crawl.run import run_of
from crawler.crawl.store_thread import StoreThread
from crawler.home import program
from crawler.profile import ProfileError
from crawler.render import why_not
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.scrapyext.spider_modules import is_plain
from crawler.site_names import as_url
from crawler.store import StoreError


class Command(DescribedCommand, ScrapyCrawl):
    """Ends with 0 (all well), 1 (the crawler failed), 2 (wrong usage), 3 (no channel could be used) or 75 (another
    process crawls the site)."""

    usage = "[options] <site or spider>"
    summary = "Crawl a site: store its new articles in the database"
    description = (
        f"Find the new articles of a site and store them, or run another spider. Arguments (-a) of sites: "
        f"{ARGUMENT_HELP}"
    )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        assert self.crawler_process is not None
        check_options(args)
        if len(args) != 1:
            raise UsageError(f"give the name of one site or spider; `{program()} list` lists them", print_help=False)
        check_home(self.settings)
        check_settings(self.settings)
        check_identity(self.settings)
        for sentence in ineffective_settings(self.settings):
            print_error(sentence)
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, ProfileSpiderLoader)
        site = args[0]
        try:
            if not loader.has(site):
                for problem in loader.module_problems.values():  # it may be the spider that is meant
                    print_error(problem)
                site = choose_site(site, loader.profiles, {*loader.problems, *loader.spiders})
            if site in loader.spiders and is_plain(loader.load(site)):
                self.exitcode = crawl_plain(self.crawler_process, loader.load(site), opts.spargs)
                return
            spider = self._spider(loader, site, opts.spargs)
            self._check_browser(loader, site)
            self._crawl(site, spider, opts.spargs)
        except (ArgumentError, ProfileError) as error:
            raise UsageError(str(error), print_help=False) from error
        except KeyError as error:
            self.exitcode = 1
            print_error(error.args[0])
        except StoreError as error:
            self.exitcode = 1
            print_error(str(error))

    @staticmethod
    def _spider(loader: ProfileSpiderLoader, name: str, raw_arguments: dict[str, str]) -> type[Spider]:
        """The spider of a site. Raises KeyError, and ArgumentError or ProfileError for arguments that it does not
        take."""
        spider = loader.load(name)
        arguments = getattr(spider, "arguments_class", CrawlArguments).parse(raw_arguments)
        if isinstance(arguments, CrawlArguments) and arguments.url:
            loader.profiles[name].at(arguments.url)
        if isinstance(arguments, ArchiveArguments):
            for site in arguments.sites:
                # A host may be that of a site without a profile.
                if site not in loader.profiles and as_url(site) is None:
                    choose_site(site, loader.profiles)
        return spider

    def _check_browser(self, loader: ProfileSpiderLoader, site: str) -> None:
        """Raises UsageError for a site whose pages must be rendered and cannot be."""
        assert self.settings is not None
        profile = loader.profiles.get(site)
        if profile is not None and profile.render and (problem := why_not(str(self.settings["NEWS_CHROMIUM"]))):
            raise UsageError(f"{site} has `render` in its profile: {problem}", print_help=False)

    def _crawl(self, site: str, spider: type[Spider], raw_arguments: dict[str, str]) -> None:
        """Crawl the site, unless another process does. Raises StoreError, also for a store that failed while the crawl
        was being stopped."""
        assert self.settings is not None
        assert self.crawler_process is not None
        with StoreThread.from_settings(self.settings) as thread:
            if correction := thread.call_blocking(check_clock, thread.store, self.settings):
                print_error(correction)
            if not SiteLock(thread.store.path, site).acquire():
                self.exitcode = LOCKED
                print_error(f"{site} is being crawled by another process; nothing to do")
                return
            loader = self.crawler_process.spider_loader
            assert isinstance(loader, ProfileSpiderLoader)
            if problem := self._owner_problem(loader, site, raw_arguments, thread):
                self.exitcode = 1
                print_error(problem)
                return
            crawler = self.crawler_process.create_crawler(spider)
            with RunContext.from_settings(self.settings, thread, Progress(site)) as context:
                context.raw_arguments = raw_arguments
                log_failure_of(self.crawler_process.crawl(crawler, context=context, **raw_arguments))
                self.crawler_process.start()
            self._judge(site, crawler)
            thread.drain()

    @staticmethod
    def _owner_problem(
        loader: ProfileSpiderLoader, site: str, raw_arguments: dict[str, str], thread: StoreThread
    ) -> str | None:
        if site not in loader.profiles or "url" in raw_arguments:  # a test server may serve many sites
            return None
        names = loader.profiles.keys() | loader.problems.keys()
        return thread.call_blocking(renamed_site, loader.profiles[site], names, thread.store)

    def _judge(self, site: str, crawler: Crawler) -> None:
        """Set the exit code from how the crawl ended."""
        assert self.crawler_process is not None
        if self.crawler_process.bootstrap_failed:
            self.exitcode = 1
            return
        run = run_of(crawler)
        self.exitcode = run.exit_code
        if run.is_unreachable:
            print_error(f"{site}: no response from any channel; is the network down, or the site?")
        elif run.is_unusable and run.discovery is not None:
            advice = f"`{program()} inspect {site} --fix` looks for others"
            print_error(f"{site}: no channel could be used ({run.discovery.first_problem}); {advice}")
