"""rasid demo: crawl the bundled newsroom, on this machine alone."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from scrapy.exceptions import UsageError

from crawler.cli.base import NewsCommand, Option
from crawler.home import PROJECT, Home


class Command(NewsCommand):
    """Runs demo/run.py in a process of its own: it serves the sites and starts the crawls."""

    needs_home = False
    usage = "[options] [folder]"
    summary = "Crawl a small newsroom on this machine, to see what Rasid does"
    description = (
        "Serve three small sites with invented articles on this machine, crawl them, and export the articles as CSV. "
        "The folder, by default rasid-demo in the current one, becomes a home that other commands can read."
    )
    options = (
        Option("--port", type=int, default=27600, help="port of the first site (default: 27600); the others follow it"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run it."""
        if len(args) > 1:
            raise UsageError("takes one folder", print_help=False)
        folder = args[0] if args else str(PROJECT / "build" / "demo") if Home(PROJECT).is_checkout else "rasid-demo"
        words = ["--build", os.path.abspath(folder), "--port", str(opts.port)]
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        try:
            result = subprocess.run([sys.executable, "-m", "demo.run", *words], env=environment, check=False)
        except KeyboardInterrupt:  # the demo has it as well, and has ended
            self.exitcode = 130
            return
        self.exitcode = result.returncode
