"""rasid schedule: let cron or systemd run `due`, and show what is installed."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option, check_ping_url, print_error
from crawler.cli.named_exports import describe, shown
from crawler.cli.notify import SETTINGS, Message, notify
from crawler.cli.schedule_job import DEFAULT_MINUTES, choose_scheduler, crawl_plan, job_of
from crawler.cli.schedulers import Crontab, Scheduler, SchedulerError, SystemdTimer, every
from crawler.crawl.from_settings import interval_bounds
from crawler.exporting.exports_file import read_exports
from crawler.home import program
from crawler.profiles import read_profiles
from crawler.schedule.crontab import Job, cron_line
from crawler.schedule.launchd import agent, agent_name
from crawler.schedule.systemd import service, timer, unit_name


class Command(NewsCommand):
    """Changes only what belongs to this home, and only with --install or --remove."""

    summary = "Install or remove the job that runs `due`, or show when it runs"
    description = (
        "Without options, show what is installed and when it runs next. --install says what will be crawled and how "
        "often, and adds a line to your crontab, or with --systemd a timer. NEWS_ settings in the environment are "
        "written into it."
    )
    options = (
        Option("--install", action="store_true", help="add the job: to your crontab, or to systemd where there is "
               "no cron"),
        Option("--systemd", action="store_true", help="with --install: use systemd's units of your user"),
        Option("--remove", action="store_true", help="remove the job"),
        Option("--print", choices=("cron", "systemd", "launchd"), help="print the job for another way to install it"),
        Option("--every", type=int, default=DEFAULT_MINUTES, metavar="MINUTES",
               help=f"interval between two runs (default: {DEFAULT_MINUTES})"),
        Option("--test-notifications", action="store_true", help="send a test message to NEWS_NTFY and NEWS_WEBHOOK"),
        Option("--ping", metavar="URL", help="URL of a monitor: requests URL/start, then URL or URL/fail"),
    )  # fmt: skip

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show, print, install or remove."""
        if args or opts.install + opts.remove + bool(opts.print) + opts.test_notifications > 1:
            raise UsageError("takes one of --install, --remove, --print and --test-notifications, and no arguments",
                             print_help=False)  # fmt: skip
        if opts.every < 1 or (60 % opts.every if opts.every < 60 else opts.every % 60 or 1440 % opts.every):
            raise UsageError(f"--every {opts.every}: must be minutes that divide an hour, like 5, or hours that divide "
                             "a day, like 120", print_help=False)  # fmt: skip
        check_ping_url(opts.ping)
        job = job_of(self.home, opts.every, opts.ping)
        try:
            if opts.test_notifications:
                self._test_notifications()
            elif opts.print:
                print(_printed(job, opts.print), end="")
            elif opts.install:
                self._install(job, systemd=opts.systemd)
            elif opts.remove:
                removed = [scheduler.name for scheduler in _there(job) if scheduler.remove()]
                print(f"removed from {' and '.join(removed)}" if removed else "nothing to remove: it is not installed")
            else:
                self._show(job)
        except SchedulerError as error:
            self.exitcode = 1
            print_error(str(error))

    def _test_notifications(self) -> None:
        assert self.settings is not None
        names = [name for name in SETTINGS if self.settings[name]]
        if not names:
            raise UsageError(
                f"set {' or '.join(SETTINGS)} first, for example in {self.home.settings_file}", print_help=False
            )
        failures = notify(self.settings, Message(("a test message: nothing is wrong",), 0), again=True)
        for failure in failures:
            print_error(failure)
        self.exitcode = 1 if failures else 0
        print(f"sent to {len(names) - len(failures)} of {len(names)}")

    def _install(self, job: Job, *, systemd: bool) -> None:
        scheduler = choose_scheduler(job, systemd=systemd)
        print(f"{every(job.every)}, `{program()} due` runs with {scheduler.name}".capitalize())
        self._say_plan()
        for other in _there(job):
            if other.name != scheduler.name and other.remove():
                print(f"removed from {other.name}")
        done = scheduler.install()
        print("\n".join(done) if done else "nothing to change: it is already installed")

    def _show(self, job: Job) -> None:
        states = {scheduler.name: state for scheduler in _there(job) if (state := scheduler.state()) is not None}
        for name, (interval, moment) in states.items():
            following = f"; next {shown(moment)}" if moment is not None else ""
            print(f"{name} runs `{program()} due`: {interval}{following}")
        if not states:
            print(f"nothing is installed; `{program()} schedule --install` lets cron or systemd crawl")
        self._say_plan()

    def _say_plan(self) -> None:
        """Print what is crawled, and what is exported when."""
        assert self.settings is not None
        profiles, _ = read_profiles(self.sites_folder)
        least, most = (bound.total_seconds() / 60 for bound in interval_bounds(self.settings))
        print("\n".join(crawl_plan(profiles.values(), (least, most))))
        exports, problems = read_exports(self.home.exports)
        for name, export in exports.items():
            following = shown(export.times.next(clock.now()), export.times.zone)
            print(f"it exports {name}: {describe(export)}; next {following}")
        for problem in problems:
            print_error(problem)


def _there(job: Job) -> list[Scheduler]:
    """The schedulers of this system. A systemd that does not run may still have the units of an earlier time."""
    return [scheduler for scheduler in (Crontab(job), SystemdTimer(job)) if scheduler.is_there()]


def _printed(job: Job, form: str) -> str:
    """The job as text; a message or a comment says where it goes."""
    if form == "cron":
        return f"{cron_line(job)}\n"
    if form == "launchd":
        path = f"~/Library/LaunchAgents/{agent_name(job)}.plist"
        print_error(f"save it as {path}, then run: launchctl load {path}")
        return agent(job)
    folder, unit = "~/.config/systemd/user", unit_name(job)
    return (
        f"# {folder}/{unit}.service\n{service(job)}\n# {folder}/{unit}.timer\n{timer(job)}\n"
        f"# then: systemctl --user daemon-reload && systemctl --user enable --now {unit}.timer\n"
    )
