"""Completion of the command line in bash, zsh and fish: commands, options, names of sites and files."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.settings import Settings

from crawler.cli.command_list import all_commands

SHELLS = ("bash", "zsh", "fish")

_PREAMBLE = {
    "bash": '_rasid_sites() { compgen -W "$(rasid list 2>/dev/null)" -- "$1"; }',
    "zsh": '_rasid_sites() { compadd -- ${(f)"$(rasid list 2>/dev/null)"}; }',
    "fish": "function _rasid_sites; rasid list 2>/dev/null; end",
}
_SITES = {"bash": "_rasid_sites", "zsh": "_rasid_sites", "fish": "(_rasid_sites)"}
_TAKE_A_SITE = ("crawl", "inspect")
_TAKE_A_FILE = ("export", "extract", "browse", "release", "init", "demo")


class _Parser(argparse.ArgumentParser):
    """Marks the options whose values are names of sites."""

    def add_argument(self, *flags: Any, **arguments: Any) -> argparse.Action:
        action = super().add_argument(*flags, **arguments)
        if "--site" in flags:
            _complete(action, _SITES)
        return action


def completion_script(shell: str, settings: Settings) -> str:
    """The script for a shell of SHELLS."""
    import shtab

    parser = _Parser(prog="rasid")
    _complete(parser.add_argument("--home", metavar="FOLDER", help="the home to work in"), shtab.DIR)
    commands = parser.add_subparsers(dest="command")
    for name, command in all_commands().items():
        command.settings = settings
        sub = commands.add_parser(name, help=command.short_desc(), conflict_handler="resolve")
        command.add_options(sub)
        if name in (*_TAKE_A_SITE, *_TAKE_A_FILE):
            _complete(sub.add_argument("argument", nargs="?"), _SITES if name in _TAKE_A_SITE else shtab.FILE)
    return str(shtab.complete(parser, shell, preamble=_PREAMBLE[shell]))


def _complete(action: argparse.Action, how: object) -> None:
    vars(action)["complete"] = how  # where shtab looks for it
