"""What the commands share: declared help and options, error messages on one line, and exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.cli.check_settings import NoHomeError, check_home, check_identity, check_settings
from crawler.crawl.arguments import ArgumentError
from crawler.export import ColumnError, ExportError, FormatError
from crawler.home import Home, HomeError, create_home, no_home, program, user_home
from crawler.profile import SiteProfile
from crawler.store import ExportStateError, QueryError, Store, StoreError
from crawler.urls import absolute_url

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Option:
    """An option of a command: the arguments of argparse's `add_argument`."""

    def __init__(self, *flags: str, **arguments: Any) -> None:
        self.flags = flags
        self.arguments = arguments


class DescribedCommand(ScrapyCommand):
    """A command whose help and options are class attributes."""

    usage: ClassVar[str] = "[options]"
    """What follows the name of the command."""

    summary: ClassVar[str]
    """One line for the list of commands."""

    description: ClassVar[str | None] = None
    """The beginning of the command's own help; the summary if it is None."""

    options: ClassVar[tuple[Option, ...]] = ()

    def syntax(self) -> str:
        return self.usage

    def short_desc(self) -> str:
        return self.summary

    def long_desc(self) -> str:
        return self.description or self.summary

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.prog = program()  # with `python -m scrapy` it is __main__.py

        def error(message: str) -> NoReturn:
            parser.exit(2, f"{parser.prog}: error: {message}\n")

        vars(parser)["error"] = error  # one sentence, without the usage
        for option in self.options:
            parser.add_argument(*option.flags, **option.arguments)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy. Raises UsageError for an option that would end in a traceback later."""
        if opts.loglevel:
            opts.loglevel = opts.loglevel.upper()
            if opts.loglevel not in _LOG_LEVELS:
                raise UsageError(f"-L {opts.loglevel}: must be one of {', '.join(_LOG_LEVELS)}", print_help=False)
        for option in ("logfile", "pidfile", "profile"):
            file = getattr(opts, option)
            if file and not _can_be_written(Path(file)):
                raise UsageError(f"--{option} {file}: cannot be written", print_help=False)
        super().process_options(args, opts)


def _can_be_written(path: Path) -> bool:
    return not path.is_dir() and os.access(path if path.exists() else path.absolute().parent, os.W_OK)


class NewsCommand(DescribedCommand):
    """A command without a Scrapy crawler process. `work` may raise the exceptions that `run` turns into messages."""

    requires_project = True
    requires_crawler_process = False
    needs_home: ClassVar[bool] = True
    """Whether the command requires a home, and otherwise ends with an error."""

    creates_home: ClassVar[bool] = False
    """Whether the command makes the user's home where there is none."""
    sends_requests: ClassVar[bool] = False
    """Whether the command sends requests to sites, which may have to be signed."""

    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        check_options(args)
        if self.creates_home and not getattr(opts, "dry_run", False):
            ensure_home(self.settings)
        elif self.needs_home and not self.creates_home:
            check_home(self.settings)
        check_settings(self.settings)
        if self.sends_requests:
            check_identity(self.settings)
        try:
            self.work(args, opts)
        except (ArgumentError, ColumnError, FormatError, QueryError, ExportStateError) as error:
            raise UsageError(str(error), print_help=False) from error
        except (StoreError, ExportError) as error:
            self.exitcode = 1
            print_error(str(error))
        except BrokenPipeError:  # the reader of our output has ended, like `head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do the command's work."""

    @property
    def home(self) -> Home:
        """The home. Raises UsageError if there is none, as where only NEWS_SITES and NEWS_DB are set."""
        assert self.settings is not None
        if not self.settings["NEWS_HOME"]:
            raise UsageError(no_home(), print_help=False)
        return Home(Path(str(self.settings["NEWS_HOME"])))

    @property
    def sites_folder(self) -> Path:
        """The folder of the site profiles."""
        assert self.settings is not None
        return Path(str(self.settings["NEWS_SITES"]))


def ensure_home(settings: BaseSettings) -> None:
    """Create the user's home if none exists and none is named; the settings already have its paths. Raises
    UsageError."""
    try:
        check_home(settings)
    except NoHomeError:
        try:
            home = create_home(user_home().folder)
        except HomeError as error:
            raise UsageError(str(error), print_help=False) from error
        print_error(f"created {home.folder}, the home for sites and articles")


def profiles_missing(folder: Path, profiles: Mapping[str, SiteProfile], *, enabled: bool = False) -> str | None:
    """What is wrong if a folder has no profile, or with `enabled` none that is enabled: otherwise a folder that was
    renamed would look like sites without news."""
    if not folder.is_dir():
        return f"{folder} does not exist; NEWS_SITES must name the folder of the site profiles"
    if not profiles:
        return f"no profiles in {folder}; add a site with `{program()} add URL`"
    if enabled and not any(profile.enabled for profile in profiles.values()):
        return f"no profile in {folder} is enabled; set enabled = true in one"
    return None


def print_error(message: str) -> None:
    """Print a message to stderr."""
    print(message, file=sys.stderr)


def check_options(args: list[str]) -> None:
    """Raise UsageError for an unknown option: Scrapy passes it on like an argument."""
    for arg in args:
        if arg.startswith("-") and arg != "-":
            raise UsageError(f"unknown option {arg}; use -h for the list", print_help=False)


def update_search_index(store: Store) -> int:
    """Add the articles that other tools wrote to the search index; their number. A read-only database is searched as
    it is, with a message if articles are missing in its index."""
    if not store.is_read_only:
        return store.search.index_pending()
    if store.search.has_pending():
        print_error(
            f"{store.path} is read-only: articles that are missing in its search index are not found; run "
            f"`{program()} search` as a user who can write to it"
        )
    return 0


def check_ping_url(url: str | None) -> None:
    """Raise UsageError for a --ping that is not a URL."""
    if url is not None and absolute_url(url, "") is None:
        raise UsageError(f"--ping {url}: must be an http or https URL", print_help=False)
