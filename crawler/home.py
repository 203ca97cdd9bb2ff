"""The home: the folder with the profiles, the database, the archive and the settings of one user of Rasid.

In a checkout, the checkout is the home.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

PROJECT = Path(__file__).resolve().parent.parent
"""The folder of the code: a checkout, or a folder of the installed package."""

VARIABLE = "RASID_HOME"
"""The environment variable that names the home. The option --home sets it."""

_TEMPLATE = """\
# Settings of Rasid. docs/settings.md lists those that begin with NEWS_; settings of Scrapy work as well.
# The environment (NEWS_CONTACT=...) and -s NEWS_CONTACT=... take precedence over this file.

# Who runs this crawler: a mail address or the URL of a page, so that a site can write to you instead of blocking you.
# NEWS_CONTACT = "mailto:you@example.org"
"""


class HomeError(Exception):
    """A home that cannot be used or created, in one sentence."""


@dataclass(frozen=True, slots=True)
class Home:
    """The paths in a home. They need not exist."""

    folder: Path
    """Absolute."""

    @property
    def sites(self) -> Path:
        """Folder of the site profiles."""
        return self.folder / "sites"

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "news.db"

    @property
    def archive(self) -> Path:
        """Folder of the archived pages."""
        return self.folder / "archive"

    @property
    def exports(self) -> Path:
        """The file of the named exports."""
        return self.folder / "exports.toml"

    @property
    def spiders(self) -> Path:
        """Folder of the spiders of single sites."""
        return self.folder / "spiders"

    @property
    def settings_file(self) -> Path:
        """The user's settings."""
        return self.folder / "settings.toml"

    @property
    def settings_module(self) -> Path:
        """Further settings, in Python."""
        return self.folder / "settings_local.py"

    @property
    def is_checkout(self) -> bool:
        """Whether it is a checkout of this project: another Scrapy project may be called `crawler` as well."""
        files = (self.folder / "scrapy.cfg", self.folder / "crawler" / "home.py")
        return all(map(os.path.isfile, files))  # unlike Path.is_file, false for a folder that we may not read

    @property
    def exists(self) -> bool:
        """Whether the folder is a home. A `settings.toml` alone is not enough: other programs have one as well."""
        return self.is_checkout or (os.path.isfile(self.settings_file) and os.path.isdir(self.sites))


def user_home() -> Home:
    """The home in the platform's folder for the user's data, whether it exists or not."""
    return Home(Path(platformdirs.user_data_path("rasid", appauthor=False)))


def find_home(start: Path | None = None, explicit: str | None = None) -> Home | None:
    """The home to work in: `explicit` (of --home), else that of RASID_HOME, else the folder `start` (by default the
    current one) or the nearest one above it that is a home, else the checkout of this code, else the user's. None if
    there is none. Raises HomeError if a folder is named that is not a home, or the nearest one belongs to another user:
    its settings would run code, and in a folder like /tmp everybody can make one."""
    if named := explicit or os.environ.get(VARIABLE):
        home = Home(absolute(named))
        if not home.exists:
            raise HomeError(f"{home.folder} is not a home of Rasid; create it with `{program()} init {named}`")
        return home
    for folder in _folders_upwards(start):
        if Home(folder).exists:
            if folder != PROJECT and folder.stat().st_uid not in (os.geteuid(), 0):
                raise HomeError(f"{folder} is a home of another user; to use it, name it: --home {folder}")
            return Home(folder)
    return next((home for home in (Home(PROJECT), user_home()) if home.exists), None)


def _folders_upwards(start: Path | None) -> list[Path]:
    try:
        folder = absolute(start or ".")
    except FileNotFoundError:  # the current folder was deleted
        return []
    return [folder, *folder.parents]


def absolute(path: str | Path) -> Path:
    """The path without `~`, `..` and relative parts. Links are kept."""
    return Path(os.path.abspath(Path(path).expanduser()))


def create_home(folder: Path) -> Home:
    """Make a folder a home, with an empty `sites/` and a `settings.toml` that sets nothing. What it already contains
    stays. Raises HomeError."""
    home = Home(absolute(folder))
    try:
        home.sites.mkdir(parents=True, exist_ok=True)
        if not home.settings_file.exists():
            home.settings_file.write_text(_TEMPLATE, "utf-8")
    except OSError as error:
        raise HomeError(f"cannot create a home in {home.folder}: {error.strerror}") from error
    return home


def no_home() -> str:
    """The sentence for a command that needs a home where there is none."""
    name = program()
    return (
        f"there is no home for sites and articles yet; create one with `{name} init` (in {user_home().folder}) or "
        f"`{name} init FOLDER`, or name one with --home FOLDER or {VARIABLE}"
    )


def unattended_command(home: Home) -> tuple[Path, list[str]]:
    """What cron or systemd, which have no environment and another current folder, call for this home: the folder to
    start in, and the beginning of the command line."""
    python = os.path.abspath(sys.executable)  # not resolved: the link in bin/ is the virtual environment's
    if home.folder == PROJECT:
        return PROJECT, [python, "-m", "scrapy"]
    script = Path(python).with_name("rasid")
    if script.exists() and not Home(PROJECT).is_checkout:  # that of a checkout's environment may be of another one
        return home.folder, [str(script), "--home", str(home.folder)]
    return PROJECT, [python, "-m", "rasid", "--home", str(home.folder)]


def program() -> str:
    """The name of the program that the user called, for messages like `rasid sites`: `rasid`, else `scrapy`."""
    script = Path(sys.argv[0])
    name = script.parent.name if script.stem == "__main__" else script.stem  # python -m rasid: .../rasid/__main__.py
    return "rasid" if name == "rasid" else "scrapy"


def docs_page(name: str) -> str:
    """Where the user reads a page of the documentation, like "settings"."""
    return f"docs/{name}.md" if _is_in_checkout() else f"`{program()} docs {name}`"


@cache
def _is_in_checkout() -> bool:
    """Whether the code is that of a checkout. Asked for each profile that is read."""
    return Home(PROJECT).is_checkout
