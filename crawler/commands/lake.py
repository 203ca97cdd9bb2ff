"""rasid lake DIR: stored articles as Parquet files by site and month, brought up to date."""

from __future__ import annotations

import argparse
import hashlib

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.terminal import Progress
from crawler.crawl.exit_code import LOCKED
from crawler.crawl.from_settings import open_store
from crawler.crawl.lock import SiteLock
from crawler.text import counted


class Command(NewsCommand):
    """Ends with 1 if the lake cannot be written or is damaged, 75 if another process updates it."""

    usage = "<folder | s3://bucket/prefix>"
    summary = "Write stored articles to Parquet files by site and month, and keep these up to date"
    description = (
        "Write the stored articles, their related articles and the story edges to Parquet files in folders of a site "
        "and a month (lake/articles/site=bbc_arabic/month=2026-11/articles.parquet), in a folder or an object store. "
        "The next run writes only the files whose articles are new or have changed. DuckDB, pandas and Spark read the "
        "files as one table."
    )
    options = (
        Option("--verify", action="store_true", help="read each file, compare it with the manifest, and write nothing"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Update or verify the lake."""
        if len(args) != 1:
            raise UsageError("give a folder, or the URL of an object store, like s3://bucket/lake", print_help=False)
        from crawler.lake.target import LakeTarget
        from crawler.lake.update import update_lake
        from crawler.lake.verify import find_problems

        target = LakeTarget(args[0])
        if opts.verify:
            problems = find_problems(target)
            if problems:
                self.exitcode = 1
                print_error("\n".join(problems))
            else:
                print(f"{args[0]}: all files contain what the manifest says")
            return
        assert self.settings is not None
        with open_store(self.settings, create=False) as store:
            # The lock of a site whose name no site can have.
            lock = SiteLock(store.path, f"lake.{hashlib.sha256(target.location.encode()).hexdigest()[:16]}")
            if not lock.acquire():
                self.exitcode = LOCKED
                print_error(f"{args[0]} is being updated by another process; nothing was changed")
                return
            try:
                with Progress("lake", "files") as progress:
                    update = update_lake(store, target, clock.now(), progress.track)
            finally:
                lock.release()
        articles, files = counted(update.articles, "new or changed article"), counted(update.files, "file")
        print(f"{articles}, {files} written in {args[0]}")
