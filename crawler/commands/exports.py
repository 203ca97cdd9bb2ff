"""rasid exports: the exports that the schedule writes."""

from __future__ import annotations

import argparse

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand
from crawler.cli.named_exports import list_exports


class Command(NewsCommand):
    """Ends with 1 if an export is broken or could not be written."""

    summary = "List the exports that the schedule writes: what, where to, when"
    description = (
        "List the exports of exports.toml, with the time that each was written last and is written next. The command "
        "`every` adds one, `every --remove NAME` removes one."
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print two lines for each."""
        if args:
            raise UsageError("takes no arguments", print_help=False)
        assert self.settings is not None
        self.exitcode = list_exports(self.home, self.settings)
