"""rasid docs: the documentation, in the terminal."""

from __future__ import annotations

import argparse
import os
import sys

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand
from crawler.home import PROJECT
from crawler.text import close_words


class Command(NewsCommand):
    """Prints Markdown as it is if the output is not a terminal."""

    needs_home = False
    usage = "[page]"
    summary = "Read the documentation in the terminal"
    description = "Show a page of the documentation, like settings or profiles; without a page, the list of the pages."

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Show the page."""
        folder = PROJECT / "docs"
        pages = {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.rglob("*.md"))}
        if len(args) > 1:
            raise UsageError("takes one page", print_help=False)
        name = args[0] if args else "index"
        if name not in pages:
            near = close_words(name, pages)
            hint = f"did you mean {' or '.join(near)}?" if near else f"the pages are {', '.join(pages)}"
            raise UsageError(f"no page {name}; {hint}", print_help=False)
        text = pages[name].read_text("utf-8")
        if not sys.stdout.isatty():
            print(text, end="")
            return
        from rich.console import Console
        from rich.markdown import Markdown

        console = Console(width=min(Console().width, 100))
        os.environ.setdefault("LESS", "-R")  # colours
        with console.pager(styles=True):
            console.print(Markdown(text))
