"""scrapy schedule: the crontab line and the systemd units that run `scrapy due`."""

from __future__ import annotations

import argparse
import os
import subprocess

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, Option, check_ping_url, print_error
from crawler.home import Home, unattended_command
from crawler.schedule.crontab import Job, cron_line, with_job, without_job
from crawler.schedule.systemd import service, timer

_MAX_SECONDS = 3 * 60 * 60
"""A run is stopped after this time: if something hangs, the next run continues. Chosen by hand."""


class Command(NewsCommand):
    """Changes only the marked lines of the crontab, and only with --install or --remove."""

    summary = "Print, install or remove the crontab line that runs `due`"
    description = (
        "Without --install or --remove, print the crontab line and a systemd service and timer that do the same. "
        "NEWS_ settings in the environment are written into them."
    )
    options = (
        Option("--every", type=int, default=5, metavar="MINUTES", help="interval between two runs (default: 5)"),
        Option("--ping", metavar="URL", help="URL of a monitor: requests URL/start, then URL or URL/fail"),
        Option("--install", action="store_true", help="add the line to your crontab"),
        Option("--remove", action="store_true", help="remove the line from your crontab"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print, install or remove."""
        if args or (opts.install and opts.remove):
            raise UsageError("takes --install or --remove, and no arguments", print_help=False)
        if opts.every < 1 or (60 % opts.every if opts.every < 60 else opts.every % 60 or 1440 % opts.every):
            raise UsageError(f"--every {opts.every}: must be minutes that divide an hour, like 5, or hours that divide "
                             "a day, like 120", print_help=False)  # fmt: skip
        check_ping_url(opts.ping)
        job = job_of(self.home, opts.every, opts.ping)
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
                print("nothing to change: the line is " + ("already installed" if install else "not in your crontab"))
                return
            write_crontab(after)
        except (OSError, subprocess.CalledProcessError) as error:
            self.exitcode = 1
            output = getattr(error, "stderr", None) or b""
            print_error(f"crontab: {output.decode('utf-8', 'replace').strip() or error}; is cron installed?")
            return
        print(f"added: {cron_line(job)}" if install else "removed")


def job_of(home: Home, every: int, ping: str | None) -> Job:
    """The job that runs `due` in the home."""
    words = ["due", "-L", "ERROR", "--max-time", str(_MAX_SECONDS)]
    folder, program = unattended_command(home)
    return Job(
        folder=str(folder),
        program=tuple(program),
        every=every,
        environment={name: _absolute(name, value) for name, value in os.environ.items() if name.startswith("NEWS_")},
        words=(*words, "--ping", ping) if ping else tuple(words),
    )


def _absolute(name: str, value: str) -> str:
    """The value of a setting with its path made absolute: cron and systemd start in the project's folder."""
    return os.path.abspath(value) if name in ("NEWS_DB", "NEWS_SITES") else value


def read_crontab() -> str:
    """Read the user's crontab; empty if there is none. Raises OSError or CalledProcessError."""
    result = subprocess.run(["crontab", "-l"], capture_output=True, check=False)
    if result.returncode and b"no crontab" not in result.stderr.lower():
        raise subprocess.CalledProcessError(result.returncode, result.args, stderr=result.stderr)
    return "" if result.returncode else result.stdout.decode("utf-8", "surrogateescape")


def write_crontab(text: str) -> None:
    """Replace the user's crontab."""
    subprocess.run(["crontab", "-"], input=text.encode("utf-8", "surrogateescape"), capture_output=True, check=True)
