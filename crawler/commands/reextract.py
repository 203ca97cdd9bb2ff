"""scrapy reextract: the pages that are kept, through the present extractor."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import signal
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.misc import build_from_crawler, load_object

from crawler.archive import archive_folder
from crawler.cli.base import NewsCommand, check_sites, print_error
from crawler.crawl.arguments import parse_moment
from crawler.crawl.from_settings import open_store
from crawler.profile import read_profiles

if TYPE_CHECKING:
    from crawler.crawl.reextract import Check, Reextraction, Report

# The stages between extraction and store, as ITEM_PIPELINES has them.
_CHECKS = ("pipelines.validate.", "pipelines.dedupe.")


class Command(NewsCommand):
    """Ends with 1 if it was stopped before the last page."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Extract the kept pages again and store what the present extractor finds better"

    def long_desc(self) -> str:
        return (
            "Run the present extractor and profiles over the pages in the archive. With --dry-run only show what would "
            "change, field by field; without it, change the stored articles and keep what they were as revisions."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="NAME", help="only articles of this site")
        parser.add_argument("--since", metavar="DATE", help="only pages fetched at this moment or later")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Extract, and print what came of it."""
        assert self.settings is not None
        if args:
            raise UsageError("it takes options alone, as --site NAME", print_help=False)
        since = parse_moment(opts.since, "--since") if opts.since else None
        logging.basicConfig(level=logging.WARNING, format="%(message)s")
        report = asyncio.run(_reextract(self.settings, opts.site, since, apply=not opts.dry_run))
        if opts.json:
            print(json.dumps(report.as_json() | {"dry_run": opts.dry_run}, ensure_ascii=False))
        else:
            for line in readable(report, dry_run=opts.dry_run):
                print(line)
        if report.stopped:
            self.exitcode = 1
            print_error("stopped before the last page; run it again to go on")


async def _reextract(settings: Settings, site: str | None, since: datetime | None, *, apply: bool) -> Report:
    from crawler.archive.sites import SiteOfPage
    from crawler.crawl.reextract import Reextraction
    from crawler.extract.workers.pool import ExtractionPool

    folder = archive_folder(str(settings["NEWS_DB"]), str(settings["NEWS_ARCHIVE"]))
    if folder is None:
        raise UsageError("NEWS_ARCHIVE is empty; name the folder of the archive", print_help=False)
    profiles, problems = read_profiles(Path(str(settings["NEWS_SITES"])))
    for problem in problems.values():
        print_error(f"left out: {problem}")
    workers = settings.getint("NEWS_EXTRACT_WORKERS")
    with open_store(settings, create=False) as store:
        check_sites([site] if site else [], store, Path(str(settings["NEWS_SITES"])))
        pool = ExtractionPool(workers=workers, seconds=settings.getfloat("NEWS_EXTRACT_SECONDS"))
        reextraction = Reextraction(
            store,
            pool,
            SiteOfPage(profiles),
            list(_checks(settings)),
            folder,
            max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
            ahead=4 * workers,
            apply=apply,
        )
        with contextlib.closing(pool), _stopped_by_signals(reextraction):
            return await reextraction.run(site, since)


def _checks(settings: BaseSettings) -> Iterator[Check]:
    """What validate and dedupe do to an article; this package may not import them, the settings name them."""
    pipelines = settings.getdict("ITEM_PIPELINES")
    crawler = Crawler(Spider, Settings(settings.copy_to_dict()))
    for name in sorted(pipelines, key=lambda name: pipelines[name]):
        if name.startswith(_CHECKS):
            yield build_from_crawler(load_object(name), crawler).process_item


@contextlib.contextmanager
def _stopped_by_signals(reextraction: Reextraction) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM ends it after what is under way, the second one at once."""
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        loop.remove_signal_handler(number)
        reextraction.stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def readable(report: Report, *, dry_run: bool) -> Iterator[str]:
    """The report for people."""
    would = "would change" if dry_run else "changed"
    yield f"{report.articles} pages extracted again, {report.changed} articles {would}"
    for name, count in report.fields.most_common():
        yield f"  {name:<20}{count:>7}"
    others = {
        "unchanged": report.unchanged,
        "no article any more, left as they are": report.rejected,
        "failed, left as they are": report.failed,
        "crawled in the meantime": report.overtaken,
    }
    yield from (f"{count} {what}" for what, count in others.items() if count)
    if report.reasons:
        counts = (f"{count} {why.replace('_', ' ')}" for why, count in report.reasons.most_common())
        yield f"reasons: {', '.join(counts)}"
    for example in report.examples:
        yield ""
        yield f"{example.url}  {example.field}"
        yield from (f"  {line}" for line in example.diff)
