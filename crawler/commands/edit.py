"""rasid edit NAME: the profile of a site, and its own spider, in the user's editor."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand
from crawler.cli.editor import edit_files
from crawler.cli.site_choice import choose_site
from crawler.scrapyext.spider_loader import ProfileSpiderLoader

_LOADER = "crawler.scrapyext."
"""Modules of the classes that the loader makes."""

_GENERIC = "spiders.news"
"""Module of the spider of sites without one of their own."""


class Command(NewsCommand):
    """Ends with the exit code of the editor. Files that cannot be read or imported are opened: to be mended."""

    usage = "<spider>"
    summary = "Edit the profile of a site, and its own spider"
    description = (
        "Open the profile of a site, its own spider if it has one, or a plain spider, with the program that EDITOR "
        "names (the environment, or the setting)."
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Open the files."""
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("give the name of one site or spider", print_help=False)
        loader = ProfileSpiderLoader.from_settings(self.settings)
        name = args[0] if loader.has(args[0]) else choose_site(args[0], loader.profiles, loader.problems)
        both = (self._module(loader, name), self.sites_folder / f"{name}.toml")
        if not (files := [path for path in both if path is not None and path.exists()]):
            raise UsageError(loader.spider_problems.get(name, f"{name} has no file"), print_help=False)
        self.exitcode = edit_files(self.settings, files)

    def _module(self, loader: ProfileSpiderLoader, name: str) -> Path | None:
        """The module of a spider's own class."""
        by_name = self.home.spiders / f"{name}.py"
        try:
            spider = loader.load(name)
        except KeyError:  # the profile or the module is broken
            return by_name
        own = next(cls for cls in spider.__mro__ if not cls.__module__.startswith(_LOADER))
        file = sys.modules[own.__module__].__file__
        return Path(file) if file and own.__module__ != _GENERIC else None
