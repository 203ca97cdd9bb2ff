"""scrapy due: crawl every enabled site whose time has come. The command for cron."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import UNHEALTHY, NewsCommand, print_error
from crawler.cli.ping import ping
from crawler.crawl.due import DueProcess, Round, due_sites
from crawler.crawl.from_settings import check_clock, open_store
from crawler.health import new_findings
from crawler.profile import SiteProfile
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.store import Store
from crawler.urls import absolute_url


class Command(NewsCommand):
    """Ends with 0 (all well), 1 (something of ours failed), 2 (wrong usage) or 3 (a site is unhealthy)."""

    default_settings = {}  # noqa: RUF012  (Scrapy's own type): unlike the other commands, this one logs

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl every enabled site that is due, several at once"

    def long_desc(self) -> str:
        return (
            "Look at each enabled site whose time has come. A site's interval follows the hours at which it publishes, "
            "between the min_interval and max_interval of its profile. Meant for cron; see scrapy schedule."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--sites", metavar="A,B,...", help="only these sites, also those that are not enabled")
        parser.add_argument("--max-time", type=_seconds, metavar="SECONDS", help="stop cleanly after so long")
        parser.add_argument("--ping", metavar="URL", help="a monitor's address: URL/start, then URL or URL/fail")
        parser.add_argument("--jobs", type=_jobs, default=8, metavar="N", help="sites at once (default: 8)")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl what is due."""
        if args:
            raise UsageError("takes no arguments; name sites with --sites A,B", print_help=False)
        if opts.ping is not None and absolute_url(opts.ping, "") is None:
            raise UsageError(f"--ping {opts.ping}: write an http or https address", print_help=False)
        self._said: list[str] = []
        if opts.ping:
            ping(opts.ping, "start")
        try:
            self._crawl_due(opts)
        except BaseException as error:
            self._said.append(f"{type(error).__name__}: {error}")
            self.exitcode = self.exitcode or 1
            raise
        finally:
            if opts.ping:
                ping(opts.ping, "fail" if self.exitcode else "success", "\n".join(self._said))

    def _complain(self, problem: str) -> None:
        """Tell a problem on stderr, and to the monitor."""
        self._said.append(problem)
        print_error(problem)

    def _crawl_due(self, opts: argparse.Namespace) -> None:
        assert self.settings is not None
        loader = ProfileSpiderLoader.from_settings(self.settings)
        profiles = self._chosen(loader, opts.sites)
        for problem in loader.problems.values():
            self._complain(f"left out: {problem}")
        with open_store(self.settings) as store:
            check_clock(store, self.settings)
            sites = due_sites(profiles, store, self.settings)
            if sites:
                round_id = store.history.begin_round(clock.now())
                round_ = self._crawl(store, sites, opts, round_id)
                self._judge(round_, alone=len(profiles) == 1)
            self.exitcode = self.exitcode or (1 if loader.problems else 0)
            self._check_health(store, profiles.values())
            if sites:
                said = "\n".join(self._said)
                store.history.end_round(round_id, clock.now(), exit_code=self.exitcode, said=said)

    def _judge(self, round_: Round, *, alone: bool) -> None:
        """What the round says of ourselves."""
        if round_.broken is not None:
            raise round_.broken
        if round_.crashed:
            self.exitcode = 1
            self._said += [f"{site}: something of ours failed; see the log" for site in round_.crashed]
        # One site of many may be away; that is for its backoff, and when it lasts for the health check.
        if sorted(round_.crawled) == sorted(round_.unreachable) and len(round_.crawled) > (not alone):
            self._complain(f"none of {', '.join(round_.crawled)} gave any answer; is the network down?")
            self.exitcode = 1

    def _check_health(self, store: Store, profiles: Iterable[SiteProfile]) -> None:
        """Say what is wrong with the sites: what is new, and once a day what still is."""
        found, told = new_findings(store, profiles, clock.now())
        for finding in told:
            print_error(finding.line())
        self._said += [finding.line() for finding in found]
        if found and not self.exitcode:
            self.exitcode = UNHEALTHY

    def _crawl(self, store: Store, sites: list[str], opts: argparse.Namespace, round_id: int) -> Round:
        from crawler.extract.workers.pool import ExtractionPool

        assert self.settings is not None
        extraction = ExtractionPool(
            workers=self.settings.getint("NEWS_EXTRACT_WORKERS"),
            seconds=self.settings.getfloat("NEWS_EXTRACT_SECONDS"),
        )
        process = DueProcess(self.settings, store, jobs=opts.jobs, max_time=opts.max_time, round_id=round_id)
        try:
            return process.crawl_all(sites, extraction)
        finally:
            extraction.close()

    @staticmethod
    def _chosen(loader: ProfileSpiderLoader, names: str | None) -> dict[str, SiteProfile]:
        if names is None:
            return {name: profile for name, profile in loader.profiles.items() if profile.enabled}
        wanted = [name.strip() for name in names.split(",") if name.strip()]
        unknown = [name for name in wanted if name not in loader.profiles and name not in loader.problems]
        if unknown or not wanted:
            raise UsageError(
                f"--sites {names}: there is no {', '.join(unknown) or 'name in it'}; `scrapy list` names the sites",
                print_help=False,
            )
        return {name: loader.profiles[name] for name in wanted if name in loader.profiles}


def _seconds(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < (value := float(text)) < float("inf"):
            return value
    raise argparse.ArgumentTypeError(f"{text!r} must be a number of seconds, above 0")


def _jobs(text: str) -> int:
    with contextlib.suppress(ValueError):
        if 0 < (value := int(text)) <= 100:
            return value
    raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from 1 to 100")
