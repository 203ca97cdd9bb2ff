"""What our commands share: one sentence on stderr and the right exit code instead of a traceback."""

from __future__ import annotations

import argparse
import os
import sys
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.cli.check_settings import check_settings
from crawler.crawl.arguments import ArgumentError
from crawler.export import ColumnError, ExportError, FormatError
from crawler.profile import read_profiles
from crawler.store import ExportStateError, QueryError, Store, StoreError

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
        check_options(args)
        check_settings(self.settings)
        try:
            self.work(args, opts)
        except (ArgumentError, ColumnError, FormatError, QueryError, ExportStateError) as error:
            raise UsageError(str(error), print_help=False) from error
        except (StoreError, ExportError) as error:
            self.exitcode = 1
            print_error(str(error))
        except BrokenPipeError:  # the reader of our output had enough, as `head` has
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """The command itself."""


def check_sites(names: Iterable[str], store: Store, sites: Path) -> None:
    """Raise UsageError for a site that has neither a profile in the folder `sites` nor anything in the store: a
    misspelt name would else be one without articles."""
    wanted = set(names)
    if wanted:
        profiles, problems = read_profiles(sites)
        for name in sorted(wanted - profiles.keys() - problems.keys() - store.site_summaries().keys()):
            raise UsageError(f"there is no site {name}; `scrapy sites` lists those there are", print_help=False)


def print_error(message: str) -> None:
    """Tell a problem on stderr, as one line."""
    print(message, file=sys.stderr)


def check_options(args: list[str]) -> None:
    """Raise UsageError for an option that the command does not have: Scrapy hands it on as if it were an argument."""
    for arg in args:
        if arg.startswith("-") and arg != "-":
            raise UsageError(f"there is no option {arg}; -h lists those there are", print_help=False)
