"""rasid due: crawl every enabled site that is due. The command for cron."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option, check_ping_url, print_error, profiles_missing
from crawler.cli.check_settings import ineffective_settings
from crawler.cli.named_exports import prepare_request
from crawler.cli.notify import Message, notify
from crawler.cli.ping import ping
from crawler.cli.shown_finding import shown_finding
from crawler.cli.site_choice import choose_site
from crawler.crawl.context import RunContext
from crawler.crawl.due import DueProcess, SchedulerRun, due_sites
from crawler.crawl.exit_code import UNHEALTHY
from crawler.crawl.from_settings import check_clock, interval_bounds
from crawler.crawl.owner import renamed_site
from crawler.crawl.progress import Progress
from crawler.crawl.store_thread import StoreThread
from crawler.exporting.due import write_due
from crawler.exporting.exports_file import read_exports
from crawler.health import new_findings
from crawler.home import Home, program
from crawler.profile import SiteProfile
from crawler.render import why_not
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.store import Store

# A bound against typing errors; the default of --jobs is 8. Both chosen by hand; no measurement.
_MAX_JOBS = 100


def _seconds(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < (value := float(text)) < float("inf"):
            return value
    raise argparse.ArgumentTypeError(f"{text!r} must be a number of seconds above 0")


def _jobs(text: str) -> int:
    with contextlib.suppress(ValueError):
        if 0 < (value := int(text)) <= _MAX_JOBS:
            return value
    raise argparse.ArgumentTypeError(f"{text!r} must be a whole number from 1 to {_MAX_JOBS}")


class Command(NewsCommand):
    """Ends with 0 (all well), 1 (the crawler failed), 2 (wrong usage) or 3 (a site is unhealthy)."""

    default_settings = {}  # noqa: RUF012  (Scrapy's own type): unlike the other commands, this one logs

    sends_requests = True
    summary = "Crawl every enabled site that is due, several at a time"
    description = (
        "Poll each enabled site that is due. A site's interval follows the hours at which it publishes, between the "
        "min_interval and max_interval of its profile. Meant for cron; see the command `schedule`."
    )
    options = (
        Option("--sites", metavar="A,B,...", help="only these sites, enabled or not"),
        Option("--max-time", type=_seconds, metavar="SECONDS", help="stop cleanly after this time"),
        Option("--ping", metavar="URL", help="URL of a monitor: requests URL/start, then URL or URL/fail"),
        Option("--jobs", type=_jobs, default=8, metavar="N", help="sites at a time (default: 8)"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl what is due."""
        if args:
            raise UsageError("takes no arguments; name sites with --sites A,B", print_help=False)
        assert self.settings is not None
        monitor = opts.ping or self.settings["NEWS_PING"] or None
        check_ping_url(monitor)
        self._messages: list[str] = []
        self._printed: list[str] = []
        self._is_network_down = False
        self._others_crawl = False
        if monitor:
            ping(monitor, "start")
        try:
            self._crawl_due(opts)
        except BaseException as error:
            self._messages.append(f"{type(error).__name__}: {error}")
            self._printed.append(self._messages[-1])
            self.exitcode = self.exitcode or 1
            raise
        finally:
            if monitor:
                ping(monitor, "fail" if self.exitcode else "success", "\n".join(self._messages))
            for failure in notify(self.settings, Message(tuple(self._printed), self.exitcode)):
                print_error(failure)

    def _report(self, problem: str) -> None:
        """Report a problem on stderr, to the monitor, and to those who are notified."""
        self._messages.append(problem)
        self._printed.append(problem)
        print_error(problem)

    def _crawl_due(self, opts: argparse.Namespace) -> None:
        assert self.settings is not None
        for sentence in ineffective_settings(self.settings):
            print_error(sentence)
        loader = ProfileSpiderLoader.from_settings(self.settings)
        for problem in loader.problems.values():
            self._report(f"skipped: {problem}")
        missing = profiles_missing(loader.folder, loader.profiles, enabled=opts.sites is None)
        if missing is not None and not loader.problems:
            self.exitcode = 1
            self._report(missing)
            return
        profiles = self._chosen(loader, opts.sites)
        with StoreThread.from_settings(self.settings) as thread:
            store, call = thread.store, thread.call_blocking
            if correction := call(check_clock, store, self.settings):
                self._report(correction)
            sites = call(due_sites, profiles, store, interval_bounds(self.settings)[1])
            sites = self._without_unrendered(call(self._without_renamed, sites, loader, store), loader)
            scheduler_run_id = call(store.runs.begin_scheduler_run, clock.now()) if sites else None
            if scheduler_run_id is not None:
                self._judge(self._crawl(sites, opts, thread, scheduler_run_id), alone=len(profiles) == 1)
            self.exitcode = self.exitcode or (1 if loader.problems else 0)
            call(self._write_exports, store, loader)
            call(self._check_health, store, profiles.values())
            if scheduler_run_id is not None:
                message, code = "\n".join(self._messages), self.exitcode
                call(store.runs.finish_scheduler_run, scheduler_run_id, clock.now(), exit_code=code, message=message)

    def _without_renamed(self, sites: list[str], loader: ProfileSpiderLoader, store: Store) -> list[str]:
        names = loader.profiles.keys() | loader.problems.keys()
        problems = {site: renamed_site(loader.profiles[site], names, store) for site in sites}
        for problem in filter(None, problems.values()):
            self._report(problem)
            self.exitcode = 1
        return [site for site, problem in problems.items() if problem is None]

    def _without_unrendered(self, sites: list[str], loader: ProfileSpiderLoader) -> list[str]:
        """Leave out the sites whose pages must be rendered if they cannot be, and report them in one sentence."""
        assert self.settings is not None
        rendered = [site for site in sites if loader.profiles[site].render]
        problem = why_not(str(self.settings["NEWS_CHROMIUM"])) if rendered else None
        if problem is None:
            return sites
        self._report(f"skipped: {', '.join(rendered)} (`render` in the profile): {problem}")
        self.exitcode = 2
        return [site for site in sites if site not in rendered]

    def _crawl(
        self, sites: list[str], opts: argparse.Namespace, thread: StoreThread, scheduler_run_id: int
    ) -> SchedulerRun:
        """Crawl the sites. Raises StoreError, also for a store that failed while the process was being stopped."""
        assert self.settings is not None
        with RunContext.from_settings(self.settings, thread, Progress("due", len(sites))) as context:
            context.scheduler_run_id, context.is_one_of_many = scheduler_run_id, True
            process = DueProcess(self.settings, context, jobs=opts.jobs, max_time=opts.max_time)
            result = process.crawl_all(sites)
        thread.drain()
        return result

    def _judge(self, result: SchedulerRun, *, alone: bool) -> None:
        """Set the exit code from how the sites ended."""
        self._others_crawl = bool(result.locked)
        if result.crashed:
            self.exitcode = 1
            self._messages += [f"{site}: the crawler itself had an error; see the log" for site in result.crashed]
        # One site of many may be down; its backoff handles that, and the health check if it lasts.
        requested = [site for site in result.crawled if site not in result.not_requested]
        if sorted(requested) == sorted(result.unreachable) and len(requested) > (not alone):
            self._is_network_down = True
            self._report(f"no response from any of {', '.join(requested)}; is the network down?")
            self.exitcode = 1

    def _write_exports(self, store: Store, loader: ProfileSpiderLoader) -> None:
        """Write the named exports that are due, after the crawl so that they have what it found."""
        assert self.settings is not None
        folder = str(self.settings["NEWS_HOME"])
        if not folder:
            return
        exports, problems = read_exports(Home(Path(folder)).exports)
        for problem in problems:
            self._report(problem)
        prepare = partial(prepare_request, store, loader.profiles, loader.problems.keys())
        for outcome in write_due(store, exports, prepare, others_crawl=self._others_crawl):
            if outcome.problem is not None:
                self.exitcode = self.exitcode or 1
                (self._report if outcome.is_news else self._messages.append)(f"{outcome.name}: {outcome.problem}")
        self.exitcode = self.exitcode or (1 if problems else 0)

    def _check_health(self, store: Store, profiles: Iterable[SiteProfile]) -> None:
        """Report what is wrong with the sites: new findings at once, the others once a day."""
        findings, new = new_findings(store, profiles, clock.now())
        if self._is_network_down:  # reported in one sentence
            findings, new = ([f for f in part if f.rule != "unreachable"] for part in (findings, new))
        for finding in new:
            self._printed.append(finding.line())
            print_error(shown_finding(finding, sys.stderr))
        self._messages += [finding.line() for finding in findings]
        if findings and not self.exitcode:
            self.exitcode = UNHEALTHY

    @staticmethod
    def _chosen(loader: ProfileSpiderLoader, names: str | None) -> dict[str, SiteProfile]:
        if names is None:
            return {name: profile for name, profile in loader.profiles.items() if profile.enabled}
        given = [name.strip() for name in names.split(",") if name.strip()]
        if not given:
            raise UsageError(f"--sites {names}: no name in it; `{program()} list` lists the sites", print_help=False)
        chosen = [choose_site(name, loader.profiles, loader.problems) for name in given]
        return {name: loader.profiles[name] for name in chosen if name in loader.profiles}
