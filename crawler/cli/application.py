"""The command `rasid`: Scrapy's command line with our settings and a home, from any folder."""

from __future__ import annotations

import difflib
import os
import sys

from scrapy.exceptions import UsageError

from crawler.home import VARIABLE, absolute, program

_SETTINGS_VARIABLE = "SCRAPY_SETTINGS_MODULE"


def run(argv: list[str]) -> int:
    """Run `rasid` with the words of the command line, and return the exit code or leave with SystemExit."""
    try:
        words = _take_home(argv[1:])
        # With it, Scrapy reads no scrapy.cfg: the current folder may be that of another project.
        os.environ[_SETTINGS_VARIABLE] = "crawler.settings"
        return _run_command(argv[0], words)
    except UsageError as error:
        sys.stderr.write(f"{program()}: error: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130  # as shells do


def _take_home(words: list[str]) -> list[str]:
    """The words without --home, whose folder is given to this process and those that it starts."""
    rest: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, folder = word.partition("=")
        if word == "--":
            return [*rest, word, *waiting]
        if name != "--home":
            rest.append(word)
            continue
        folder = folder if equals else waiting.pop(0) if waiting else ""
        if not folder or folder.startswith("-"):
            raise UsageError("--home: give the folder of the home, like --home ~/news")
        os.environ[VARIABLE] = str(absolute(folder))
    return rest


def _run_command(script: str, words: list[str]) -> int:
    # Scrapy and the settings are loaded here, because they read the environment.
    from crawler.cli.command_list import all_commands, help_text

    words = _as_command(words)
    if words == ["--help"]:
        sys.stdout.write(help_text(program()) + "\n")
        return 0
    name = next((word for word in words if not word.startswith("-")), None)
    if name is None:
        raise UsageError(f"{words[0]} needs a command; `{program()} --help` lists the commands")
    commands = all_commands()
    if name not in commands:
        near = difflib.get_close_matches(name, commands, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"unknown command {name}; {hint}`{program()} --help` lists the commands")
    _check(name, words)
    return _execute(script, words)


def _as_command(words: list[str]) -> list[str]:
    """`--version` and `help` as Scrapy's command line has them; ["--help"] for the list of the commands."""
    if words in ([], ["-h"], ["--help"], ["help"]):
        return ["--help"]
    if words[0] in ("--version", "-V"):
        return ["version", *words[1:]]
    return [*words[1:2], "-h"] if words[0] == "help" else words


def _check(name: str, words: list[str]) -> None:
    """Raise UsageError where Scrapy's own commands for a project would go on without a home; ours check it
    themselves."""
    from scrapy.utils.project import get_project_settings

    from crawler.cli.base import DescribedCommand
    from crawler.cli.check_settings import check_home, check_settings
    from crawler.cli.command_list import all_commands

    command = all_commands()[name]
    if not isinstance(command, DescribedCommand) and not {"-h", "--help"} & set(words):
        settings = get_project_settings()
        if command.requires_project:
            check_home(settings)
        check_settings(settings)


def _execute(script: str, words: list[str]) -> int:
    from scrapy.cmdline import execute

    from crawler.scrapyext.private import name_program

    name_program(program())
    execute([script, *words])
    return 0
