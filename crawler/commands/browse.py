"""rasid browse: the database in Datasette, with pages that support right-to-left text."""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler.archive import archive_folder
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.extras import extra_missing
from crawler.fetch.user_agent import set_user_agent
from crawler.profiles.effective import SETTING_OF


class Command(NewsCommand):
    """Serves until it is interrupted."""

    usage = "[options] [database]"
    summary = "Open the database in the browser: charts, search, articles"
    description = (
        "Serve the database on this machine, read-only, with Datasette. The default is the database of NEWS_DB."
    )
    options = (
        Option(
            "--host",
            default="127.0.0.1",
            help="address to listen on; any other than the default serves the database to its network",
        ),
        Option("--port", type=int, default=8001, help="port to listen on (default: 8001); 0 for any free port"),
        Option(
            "--local-names",
            action="store_true",
            help="respond only to requests for localhost or 127.0.0.1, whatever --host is: for a container whose port "
            "is published to this machine alone",
        ),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve it."""
        assert self.settings is not None
        if len(args) > 1:
            raise UsageError("takes one database", print_help=False)
        if importlib.util.find_spec("datasette") is None:
            self.exitcode = 1
            print_error(extra_missing("browse", "Datasette"))
            return
        from crawler.browse.serve import serve
        from crawler.browse.surroundings import Surroundings

        database = Path(args[0] if args else str(self.settings["NEWS_DB"]))
        timeout = self.settings.getfloat("NEWS_DB_TIMEOUT")
        set_user_agent(self.settings)
        around = Surroundings(
            sites=self.sites_folder,
            archive=archive_folder(str(database), str(self.settings["NEWS_ARCHIVE"])),
            page_bytes=self.settings.getint("DOWNLOAD_MAXSIZE"),
            settings={name: str(self.settings[name]) for name in SETTING_OF.values()},
        )
        serve(database, opts.host, opts.port, local_names=opts.local_names, timeout=timeout, around=around)
