"""All commands, ours and Scrapy's, and the list that `rasid --help` prints."""

from __future__ import annotations

import importlib
import pkgutil
import textwrap

from scrapy.commands import ScrapyCommand

from crawler.settings import COMMANDS_MODULE

GROUPS = {
    "Sites": ("add", "inspect", "template", "catalogue", "sites", "list", "rename-site", "freeze"),
    "Crawling": ("crawl", "due", "status", "health", "ledger", "schedule"),
    "Articles": ("export", "every", "exports", "search", "show", "browse", "release", "lake"),
    "Maintenance": ("extract", "reextract", "restore", "forget"),
    "Rasid itself": ("init", "identity", "demo", "docs", "version", "completion"),
}
"""Our commands in the order of the list."""

SCRAPYS = "Scrapy's own"

_WIDTH = 100
"""Columns of the list. Chosen by hand."""


def all_commands() -> dict[str, ScrapyCommand]:
    """Name → command. Ours replace Scrapy's of the same name."""
    commands: dict[str, ScrapyCommand] = {}
    for package in ("scrapy.commands", COMMANDS_MODULE):
        for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
            commands[info.name] = importlib.import_module(f"{package}.{info.name}").Command()
    return commands


def grouped() -> dict[str, list[str]]:
    """Group → the names of its commands, Scrapy's last."""
    names = all_commands().keys()
    groups = {title: [name for name in group if name in names] for title, group in GROUPS.items()}
    groups[SCRAPYS] = sorted(names - {name for group in groups.values() for name in group})
    return groups


def help_text(program: str) -> str:
    """What `rasid --help` prints."""
    commands = all_commands()
    width = max(map(len, commands)) + 2
    lines = ["Rasid watches news sites: it finds new articles, stores each once, and exports them.", ""]
    lines += [
        f"Usage: {program} [--home FOLDER] COMMAND [options]",
        f"       {program} COMMAND -h    the options of a command",
    ]
    for title, names in grouped().items():
        lines += ["", f"{title}:"]
        for name in names:
            text = textwrap.wrap(commands[name].short_desc(), _WIDTH - width - 2) or [""]
            lines += [f"  {name:<{width}}{text[0]}", *(" " * (width + 2) + line for line in text[1:])]
    return "\n".join(lines)
