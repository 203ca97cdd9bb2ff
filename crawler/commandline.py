"""What our commands share: one sentence on stderr and the right exit code instead of a traceback."""

from __future__ import annotations

import argparse
import os
import sys
from abc import abstractmethod
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler import settings as defaults
from crawler.arguments import ArgumentError
from crawler.export import ColumnError, ExportError
from crawler.fetch.restrictions import OBEYABLE
from crawler.store import ExportStateError, QueryError, StoreError

UNHEALTHY = 3  # finished, but a site is not what it was
LOCKED = 75  # EX_TEMPFAIL of sysexits.h: nothing is wrong, try again later


class NewsCommand(ScrapyCommand):
    """A command that crawls nothing. `work` may raise what its messages explain; exit codes as in docs/usage.md."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        check_settings(self.settings)
        try:
            self.work(args, opts)
        except (ArgumentError, ColumnError, QueryError, ExportStateError) as error:
            raise UsageError(str(error), print_help=False) from error
        except (StoreError, ExportError) as error:
            self.exitcode = 1
            complain(str(error))
        except BrokenPipeError:  # the reader of our output had enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """The command itself."""


def complain(message: str) -> None:
    """Tell a problem on stderr, as one line."""
    print(message, file=sys.stderr)


def check_settings(settings: BaseSettings) -> None:
    """Raise UsageError for a setting of ours whose value is not of its kind, wherever it was given."""
    for name in dir(defaults):
        if not name.startswith("NEWS_"):
            continue
        try:
            value = settings[name]
            kind = _KINDS.get(name)
            if kind is not None and not _LEAST.get(name, 0) <= kind(value) <= _MOST:  # "nan" is neither
                raise ValueError
        except (TypeError, ValueError):
            what = "a whole number" if kind is int else "a number"
            least = _LEAST.get(name, 0)
            raise UsageError(f"{name}={value!r} must be {what}, {least} or more", print_help=False) from None
    _check_lists(settings)


def _check_lists(settings: BaseSettings) -> None:
    ages = str(settings["NEWS_LOOK_AGAIN_HOURS"])
    try:
        if not all(0 < float(age) <= _MOST for age in ages.replace(",", " ").split()):
            raise ValueError
    except ValueError:
        raise UsageError(
            f"NEWS_LOOK_AGAIN_HOURS={ages!r} must be numbers of hours with spaces between", print_help=False
        ) from None
    # One that is misspelt would be obeyed by nobody, and nobody would notice.
    unknown = sorted(set(str(settings["NEWS_OBEY"]).replace(",", " ").split()).difference(OBEYABLE))
    if unknown:
        raise UsageError(f"NEWS_OBEY names {unknown[0]!r}, which is none of {', '.join(OBEYABLE)}", print_help=False)


_MOST = 1e9  # hours of it are more than time has
# Settings of which 0 would be nothing to work with.
_LEAST = {"NEWS_BATCH_SIZE": 1, "NEWS_EXTRACT_WORKERS": 1, "NEWS_MAX_ATTEMPTS": 1, "NEWS_MAX_CHANNEL_PAGES": 1}
# A value from the environment replaces the default of the same name, so that the default's own type cannot tell.
_KINDS: dict[str, type[int] | type[float]] = {
    "NEWS_DB_TIMEOUT": float,
    "NEWS_CLOCK_HOURS": float,
    "NEWS_BATCH_SIZE": int,
    "NEWS_BATCH_SECONDS": float,
    "NEWS_EXTRACT_WORKERS": int,
    "NEWS_EXTRACT_SECONDS": float,
    "NEWS_MAX_ATTEMPTS": int,
    "NEWS_RETRY_MINUTES": float,
    "NEWS_SITEMAP_HOURS": float,
    "NEWS_MIN_INTERVAL": float,
    "NEWS_MAX_INTERVAL": float,
    "NEWS_ROBOTS_HOURS": float,
    "NEWS_WAIT_SECONDS": float,
    "NEWS_MAX_RETRY_AFTER_HOURS": float,
    "NEWS_MAX_CRAWL_DELAY": float,
    "NEWS_STOP_SECONDS": float,
    "NEWS_MAX_CHANNEL_PAGES": int,
    "NEWS_MIN_BODY_CHARS": int,
    "NEWS_FUTURE_HOURS": float,
    "NEWS_BOILERPLATE_PAGES": int,
    "NEWS_ARCHIVE_FILE_MB": float,
    "NEWS_ARCHIVE_MB": float,
    "NEWS_ARCHIVE_DAYS": float,
}
