"""rasid init: make a folder a home, for profiles, database, archive and settings."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, print_error
from crawler.home import Home, HomeError, absolute, create_home, program, user_home


class Command(NewsCommand):
    """Changes nothing in a folder that is a home already."""

    needs_home = False
    usage = "[folder]"
    summary = "Create a home: the folder of your sites, articles and settings"
    description = (
        "Create a home in a folder: sites/ for the profiles, settings.toml for settings. The first crawl adds the "
        "database and the archive. Without a folder, it is created in the platform's folder for your data, where every "
        "command finds it; with one, commands find it in the folder and below it, or with --home."
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Create it, and print where it is."""
        if len(args) > 1:
            raise UsageError("takes one folder", print_help=False)
        home = Home(absolute(args[0])) if args else user_home()
        if home.exists:
            print(f"{home.folder} is a home already")
            return
        try:
            create_home(home.folder)
        except HomeError as error:
            self.exitcode = 1
            print_error(str(error))
            return
        print(f"created {home.folder}")
        where = "" if home == user_home() else f"cd {shown(home.folder)} && "
        print(f"add a site to it: {where}{program()} add URL")


def shown(folder: Path) -> str:
    """The folder relative to the current one if it is below it."""
    return str(folder.relative_to(Path.cwd())) if folder.is_relative_to(Path.cwd()) else str(folder)
