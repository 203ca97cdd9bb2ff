"""scrapy schedule: the line for cron and the units for systemd that run `scrapy due`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, print_error
from crawler.schedule.crontab import Job, cron_line, with_job, without_job
from crawler.schedule.systemd import service, timer
from crawler.settings import PROJECT
from crawler.urls import absolute_url

# A run that has not ended by then is ended: whatever hangs, the next one goes on.
_MAX_SECONDS = 3 * 60 * 60


class Command(NewsCommand):
    """Touches nothing but the marked lines of the crontab, and these only when it is told to."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Print, install or remove the crontab line that runs `scrapy due`"

    def long_desc(self) -> str:
        return (
            "Without --install or --remove: print the crontab line, and a systemd service and timer that do the same. "
            "NEWS_ settings that are given by environment now are written into them."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--every", type=int, default=5, metavar="MINUTES", help="how often it runs (default: 5)")
        parser.add_argument("--ping", metavar="URL", help="a monitor's address: URL/start, then URL or URL/fail")
        parser.add_argument("--install", action="store_true", help="add the line to your crontab")
        parser.add_argument("--remove", action="store_true", help="take it out again")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print, install or remove."""
        if args or (opts.install and opts.remove):
            raise UsageError("takes --install or --remove, and no arguments", print_help=False)
        if opts.every < 1 or (60 % opts.every if opts.every < 60 else opts.every % 60 or 1440 % opts.every):
            raise UsageError(f"--every {opts.every}: write minutes that divide an hour, like 5, or hours that divide "
                             "a day, like 120", print_help=False)  # fmt: skip
        if opts.ping is not None and absolute_url(opts.ping, "") is None:
            raise UsageError(f"--ping {opts.ping}: write an http or https address", print_help=False)
        job = job_of(opts.every, opts.ping)
        if opts.install or opts.remove:
            self._change_crontab(job, install=opts.install)
        else:
            print(cron_line(job))
            print(f"\n{service(job)}\n{timer(job)}", end="")

    def _change_crontab(self, job: Job, *, install: bool) -> None:
        try:
            before = read_crontab()
            after = with_job(before, job) if install else without_job(before, job)
            if after == before:
                print("nothing to change: " + ("it is there already" if install else "it is not in your crontab"))
                return
            write_crontab(after)
        except (OSError, subprocess.CalledProcessError) as error:
            self.exitcode = 1
            said = getattr(error, "stderr", None) or b""
            print_error(f"crontab: {said.decode('utf-8', 'replace').strip() or error}; is cron installed?")
            return
        print(f"added: {cron_line(job)}" if install else "removed")


def job_of(every: int, ping: str | None) -> Job:
    """This checkout's job."""
    words = ["due", "-L", "ERROR", "--max-time", str(_MAX_SECONDS)]
    return Job(
        folder=str(PROJECT),
        python=os.path.abspath(sys.executable),  # not resolved: a link in bin/ is what makes a virtual environment
        every=every,
        environment={name: _anywhere(name, value) for name, value in os.environ.items() if name.startswith("NEWS_")},
        words=(*words, "--ping", ping) if ping else tuple(words),
    )


def _anywhere(name: str, value: str) -> str:
    """A setting as it must be written where the folder is another: cron and systemd begin in the project's."""
    return os.path.abspath(value) if name in ("NEWS_DB", "NEWS_SITES") else value


def read_crontab() -> str:
    """The user's crontab; empty if there is none. Raises OSError or CalledProcessError if that cannot be known."""
    answer = subprocess.run(["crontab", "-l"], capture_output=True, check=False)
    if answer.returncode and b"no crontab" not in answer.stderr.lower():
        raise subprocess.CalledProcessError(answer.returncode, answer.args, stderr=answer.stderr)
    return "" if answer.returncode else answer.stdout.decode("utf-8", "surrogateescape")


def write_crontab(text: str) -> None:
    """Replace the user's crontab."""
    subprocess.run(["crontab", "-"], input=text.encode("utf-8", "surrogateescape"), capture_output=True, check=True)
