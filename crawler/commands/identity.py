"""rasid identity init | show | rotate: the keys with which requests are signed."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option
from crawler.crawl.arguments import ArgumentError
from crawler.fetch.signatures import identity_path

if TYPE_CHECKING:
    from crawler.identity.keys import Identity

_ACTIONS = ("init", "show", "rotate")
_OVERLAP_HOURS = 24
"""Verifiers may keep a directory for a day."""

_MOST_HOURS = 24 * 365


class Command(NewsCommand):
    """Ends with 1 if the key file is missing or cannot be used."""

    usage = "[options] <init | show | rotate>"
    summary = "Make, show or replace the keys with which requests are signed (Web Bot Auth)"
    description = (
        "With an identity, sites can verify who is crawling them. `init` makes a key pair, and the file with the "
        "public key, which you serve under --agent. `rotate` adds a new key, which signs after --overlap; publish the "
        "new file before that. Requests are signed once NEWS_IDENTITY names the key file."
    )
    options = (
        Option("--agent", metavar="URL", help="origin under which you serve the public keys, like "
               "https://bot.example.org (for init)"),
        Option("--file", metavar="FILE", help="the key file; the default is that of NEWS_IDENTITY, else "
               "identity/keys.json in the home"),
        Option("--overlap", metavar="HOURS", default=str(_OVERLAP_HOURS), help="hours after which the new key signs, "
               "and after which the old one then expires (default: 24; after a theft 0: the old key is removed)"),
    )  # fmt: skip

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do it, and say what is to be done next."""
        from crawler.identity.keys import IdentityError

        if len(args) != 1 or args[0] not in _ACTIONS:
            raise UsageError(f"give one of {', '.join(_ACTIONS)}", print_help=False)
        try:
            self._work(args[0], opts)
        except IdentityError as error:
            raise UsageError(str(error), print_help=False) from error

    def _work(self, action: str, opts: argparse.Namespace) -> None:
        from crawler.identity.keys import make_identity, read_identity, rotate, write_identity

        path, overlap, now = self._file(opts.file), _overlap(opts.overlap), clock.now()
        if action != "init":
            identity = read_identity(path)
        elif opts.agent is None:
            raise UsageError("--agent is missing: give the origin that serves your public keys", print_help=False)
        elif path.exists():
            raise UsageError(f"{path} exists; `rasid identity rotate` replaces its key", print_help=False)
        else:
            identity = make_identity(opts.agent, now)
        if action == "rotate":
            identity = rotate(identity, now, overlap)
        if action != "show":
            self._print_next(write_identity(path, identity, now), identity)
        self._print_keys(path, identity)

    def _file(self, name: str | None) -> Path:
        assert self.settings is not None
        path = Path(name).expanduser() if name else identity_path(self.settings)
        return path or self.home.folder / "identity" / "keys.json"

    def _print_next(self, directory: Path, identity: Identity) -> None:
        from crawler.identity.keys import DIRECTORY_PATH, DIRECTORY_TYPE

        print(f"serve {directory}")
        print(f"   as {identity.agent}{DIRECTORY_PATH} ({DIRECTORY_TYPE})")
        assert self.settings is not None
        if not self.settings["NEWS_IDENTITY"]:
            print('then set NEWS_IDENTITY = "identity/keys.json" in settings.toml, and requests are signed')

    def _print_keys(self, path: Path, identity: Identity) -> None:
        now = clock.now()
        print(f"agent   {identity.agent}\nfile    {path}")
        signing = identity.key_at(now)
        for key in identity.keys:
            is_expired = key.expires is not None and key.expires <= now
            state = "signs later" if key.not_before > now else "expired" if is_expired else "valid"
            until = f" to {key.expires:%Y-%m-%d %H:%M}" if key.expires else ""
            now_text = ", signs now" if key is signing else ""
            print(f"key     {key.kid}  from {key.not_before:%Y-%m-%d %H:%M}{until} UTC  {state}{now_text}")


def _overlap(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if not 0 <= hours <= _MOST_HOURS:
        raise ArgumentError(f"--overlap {text}: must be a number of hours, from 0 to {_MOST_HOURS}")
    return timedelta(hours=hours)
