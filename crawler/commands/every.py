"""rasid every: write an export at regular times."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.article_filter import parse_confidence
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.named_exports import describe, list_exports, shown
from crawler.cli.schedule_job import choose_scheduler, crawl_plan, job_of
from crawler.cli.schedulers import Scheduler, SchedulerError, every
from crawler.cli.site_choice import choose_sites
from crawler.crawl.from_settings import interval_bounds, open_store
from crawler.exporting.exports_file import add_export, read_exports, remove_export
from crawler.exporting.named import NamedExport, hint, read_export
from crawler.exporting.request import What
from crawler.exporting.time_zone import local_zone
from crawler.home import absolute, program
from crawler.profiles import read_profiles
from crawler.schedule.crontab import Job
from crawler.schedule.export_times import PERIODS
from crawler.text import counted
from crawler.toml_file import TomlFileError
from crawler.usage import USES

_WORDS = {"morning": ("day", "07:00"), "noon": ("day", "12:00"), "evening": ("day", "19:00"), "night": ("day", "23:00")}
"""Words for a time of the day. Chosen by hand."""

_FIRST_SECONDS = 15 * 60
"""The first crawl ends after this time, and the schedule goes on with it: a person waits. Chosen by hand."""

_SUFFIXES = {"excel": ".xlsx", "csv": ".csv"}


class Command(NewsCommand):
    """Asks before it changes anything, unless --yes was given."""

    usage = "<morning | day | hour | monday ...> --excel FILE [options]"
    sends_requests = True
    summary = "Write an export at regular times: crawl when due, export, report what is wrong"
    description = (
        "Add a named export to exports.toml, and install the schedule that crawls the sites and writes the file at its "
        "times, also if the machine was off then. The first file is written at once."
    )
    options = (
        Option("--excel", metavar="FILE", help="write this Excel file (.xlsx)"),
        Option("--csv", metavar="FILE", help="write this CSV file"),
        Option("--file", metavar="FILE", help="write this file, in the format of its suffix. In all three, {date} "
               "stands for the day, so that each has its own file; also {year}, {month}, {day}, {hour}, {week}"),
        Option("--at", metavar="HH:MM", help="time of day (default: 07:00, or that of the word)"),
        Option("--timezone", metavar="ZONE", help="of --at and of the times in .xlsx files (default: this computer's)"),
        Option("--name", help="name of the export (default: that of the file)"),
        Option("--what", choices=get_args(What), default="articles", help="the rows (default: articles)"),
        Option("--site", action="append", default=[], metavar="NAME", help="only this site (repeatable)"),
        Option("--since", metavar="DATE", help="only articles since a date, counted each time, like '7 days'"),
        Option("--since-last", action="store_true", help="only what is new or changed since the last time"),
        Option("--language", metavar="CODE", help="only articles in this language, like ar"),
        Option("--min-confidence", metavar="N", help="only articles whose text is at least this sure: 0 to 1"),
        Option("--category", action="append", default=[], metavar="NAME", help="only this category (repeatable)"),
        Option("--usage", choices=USES, help="leave out what is reserved for this use: search, ai-train, tdm, or all"),
        Option("--query", metavar="WORDS", help="only articles that `search` finds for these words"),
        Option("--with-duplicates", action="store_true", help="include copies of other articles"),
        Option("--stories", action="store_true", help="one row per story: its first article"),
        Option("--columns", metavar="A,B,...", help="these columns in this order"),
        Option("--plain", action="store_true", help="CSV for programs"),
        Option("--no-schedule", action="store_true", help="install nothing: something else runs `due`, as in a "
               "container"),
        Option("--yes", action="store_true", help="do not ask"),
        Option("--list", action="store_true", help="list the exports, as the command `exports`"),
        Option("--remove", metavar="NAME", help="remove an export; its files stay"),
    )  # fmt: skip

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Add, list or remove."""
        if opts.list:
            assert self.settings is not None
            self.exitcode = list_exports(self.home, self.settings)
            return
        try:
            if opts.remove:
                self._remove(opts.remove)
            else:
                self._add(args, opts)
        except (TomlFileError, SchedulerError) as error:
            self.exitcode = 1
            print_error(str(error))

    def _remove(self, name: str) -> None:
        exports, _ = read_exports(self.home.exports)
        if name not in exports:
            known = f"the exports are {', '.join(exports)}{hint(name, list(exports))}" if exports else "there is none"
            raise UsageError(f"no export {name}; {known}", print_help=False)
        remove_export(self.home.exports, name)
        self._forget(name)
        print(f"removed {name}; its files stay. `{program()} schedule --remove` stops the crawls")

    def _add(self, args: list[str], opts: argparse.Namespace) -> None:
        name, values = self._values(args, opts)
        try:
            export = read_export(name, values, self.home.exports.name, self.home.folder)
        except TomlFileError as error:
            raise UsageError(str(error), print_help=False) from error
        if not Path(export.file).parent.is_dir():
            raise UsageError(
                f"{export.file}: the folder does not exist; create it, or correct the name", print_help=False
            )
        exports, problems = read_exports(self.home.exports)
        if problems:
            raise TomlFileError("\n".join(problems))
        job = job_of(self.home)
        scheduler, missing = (None, "") if opts.no_schedule else _scheduler(job)
        self._say_plan(export, name in exports, job, scheduler)
        if missing:
            print(f"nothing runs by itself: {missing}")
        if not opts.yes and not _confirm():
            self.exitcode = 1
            print_error("nothing was changed")
            return
        add_export(self.home.exports, name, values)
        self._forget(name)  # of an earlier export with this name
        self._write_first(export, job)
        # Last: a run of the schedule during the first crawl would write the file before it has ended.
        for line in scheduler.install() if scheduler is not None else []:
            print(line)
        if missing:
            self.exitcode = 1

    def _values(self, args: list[str], opts: argparse.Namespace) -> tuple[str, dict[str, Any]]:
        """The name of the export and the values of its table. Raises UsageError."""
        word = " ".join(args).lower()
        choices = (*_WORDS, *PERIODS)
        if word not in choices:
            problem = f"every {word}: unknown" if word else "say when"
            raise UsageError(f"{problem}; write one of {', '.join(choices)}{hint(word, choices)}", print_help=False)
        period, at = _WORDS.get(word, (word, "00:00" if word == "hour" else "07:00"))
        file = _file(opts)
        assert self.settings is not None
        sites = choose_sites(opts.site, None, self.sites_folder)
        values = {
            "file": file,
            "every": period,
            "at": opts.at or at,
            "timezone": opts.timezone or str(local_zone()),
            "what": opts.what if opts.what != "articles" else None,
            "sites": list(sites),
            "language": opts.language,
            "min_confidence": parse_confidence(opts.min_confidence, "--min-confidence"),
            "categories": opts.category,
            "query": opts.query,
            "usage": opts.usage,
            "since": opts.since,
            "since_last": opts.since_last,
            "with_duplicates": opts.with_duplicates,
            "stories": opts.stories,
            "columns": [column.strip() for column in opts.columns.split(",")] if opts.columns else [],
            "plain": opts.plain,
        }
        stem = re.sub(r"\{.*?\}", "", Path(file).stem).lower()
        name = opts.name or re.sub(r"[^a-z0-9]+", "-", stem).strip("-") or "export"
        return name, _used(values)

    def _say_plan(self, export: NamedExport, is_there: bool, job: Job, scheduler: Scheduler | None) -> None:
        assert self.settings is not None
        profiles, _ = read_profiles(self.sites_folder)
        least, most = (bound.total_seconds() / 60 for bound in interval_bounds(self.settings))
        print(f"{'replaces the export' if is_there else 'export'} {export.name}: {describe(export)}")
        if scheduler is not None:
            print(f"{scheduler.name} runs `{program()} due` {every(job.every)}")
        print("\n".join(crawl_plan(profiles.values(), (least, most))))
        print(f"now: it crawls for at most {_FIRST_SECONDS // 60} minutes, and writes the first file")

    def _write_first(self, export: NamedExport, job: Job) -> None:
        """Crawl what is due and write the file, as the schedule does it."""
        words = [*job.program, "due", "-L", "ERROR", "--max-time", str(_FIRST_SECONDS)]
        with _leaving_interrupts_to_the_child():
            result = subprocess.run(words, cwd=job.folder, env=os.environ | job.environment, check=False)
        assert self.settings is not None
        with open_store(self.settings) as store:
            state = store.scheduled_exports.states().get(export.name)
        if state is None or state.due is None:
            self.exitcode = result.returncode or 1
            print_error(f"the first file is not written yet; `{program()} due` tries again, and so does the schedule")
            return
        following = shown(export.times.next(clock.now()), export.times.zone)
        print(f"{counted(state.rows or 0, 'row')} in {state.file}; next {following}")

    def _forget(self, name: str) -> None:
        assert self.settings is not None
        if Path(str(self.settings["NEWS_DB"])).exists():
            with open_store(self.settings) as store:
                store.scheduled_exports.forget(name)


@contextlib.contextmanager
def _leaving_interrupts_to_the_child() -> Iterator[None]:
    """Ctrl-C reaches both: the crawl stops cleanly and writes the file, and this process is to wait for that."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _scheduler(job: Job) -> tuple[Scheduler | None, str]:
    """The scheduler to use; None and the reason if there is none."""
    try:
        return choose_scheduler(job), ""
    except SchedulerError as error:
        return None, str(error)


def _file(opts: argparse.Namespace) -> str:
    """The file of the options, absolute. Raises UsageError."""
    given = {option: getattr(opts, option) for option in ("excel", "csv", "file") if getattr(opts, option)}
    if len(given) != 1:
        raise UsageError("give one file: --excel news.xlsx, --csv news.csv or --file news.jsonl", print_help=False)
    [(option, file)] = given.items()
    suffix = _SUFFIXES.get(option, "")
    if suffix and not Path(file).suffix:
        file += suffix
    if suffix and Path(file).suffix.lower() != suffix:
        raise UsageError(f"--{option} {file}: the name must end in {suffix}", print_help=False)
    return str(absolute(file))


def _used(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those that say nothing."""
    return {key: value for key, value in values.items() if value not in (None, False, [])}


def _confirm() -> bool:
    """Ask on the terminal. Raises UsageError where nobody can answer."""
    if not sys.stdin.isatty():
        raise UsageError("nobody can answer here; add --yes", print_help=False)
    return input("Do this? [Y/n] ").strip().lower() in ("", "y", "yes")
