"""rasid settings --get NAME: Scrapy's command."""

from __future__ import annotations

import argparse

from scrapy.commands.settings import Command as ScrapySettings
from scrapy.exceptions import UsageError

from crawler.cli.base import DescribedCommand, check_options
from crawler.cli.check_settings import check_settings

_OPTIONS = ("get", "getbool", "getint", "getfloat", "getlist")


class Command(DescribedCommand, ScrapySettings):
    """Ends with 2 for a value that is not of the type that was asked for."""

    usage = "[options]"
    summary = "Print the value of a setting"
    description = "Print the value of a setting of Rasid or Scrapy, from all places where it may be set."

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        check_options(args)
        given = {option: name for option in _OPTIONS if (name := getattr(opts, option))}
        if args or len(given) != 1:
            raise UsageError("give one option, like --get NEWS_DB", print_help=False)
        check_settings(self.settings)
        try:
            super().run(args, opts)
        except ValueError:
            [(option, name)] = given.items()
            raise UsageError(f"--{option} {name}: the value is {self.settings[name]!r}", print_help=False) from None
