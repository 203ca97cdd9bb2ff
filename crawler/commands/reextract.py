"""rasid reextract: extract the archived pages again with the present extractor."""

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

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.archive import archive_folder
from crawler.cli.article_filter import parse_confidence
from crawler.cli.base import NewsCommand, Option, print_error
from crawler.cli.date_option import parse_date_option
from crawler.cli.site_choice import choose_sites
from crawler.cli.terminal import Progress, shown_url
from crawler.crawl.checks import SiteChecks
from crawler.crawl.from_settings import open_store
from crawler.home import docs_page
from crawler.profiles import read_profiles
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from crawler.text import counted

if TYPE_CHECKING:
    from crawler.crawl.reextract import Reextraction, Report


class Command(NewsCommand):
    """Ends with 1 if it is stopped before the last page."""

    summary = "Extract the archived pages again and store better results"
    description = (
        "Run the present extractor and profiles over the pages in the archive, those of the least sure articles "
        "first. With --dry-run, print what would "
        "change, field by field. Without it, update the stored articles and keep their earlier versions as "
        "revisions."
    )
    options = (
        Option("--site", metavar="NAME", help="only articles of this site"),
        Option("--since", metavar="DATE", help="only pages fetched at this time or later"),
        Option("--below", metavar="N", help="only articles with a confidence below this: 0 to 1"),
        Option("--doubtful", action="store_true", help="only articles fetched since a redesign that `health` reports"),
        Option("--dry-run", action="store_true", help="change nothing"),
        Option("--json", action="store_true", help="print the report as one JSON object"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Extract, and print the report."""
        assert self.settings is not None
        if args:
            raise UsageError(
                "takes no arguments; choose articles with --site NAME, --since DATE, --below N or --doubtful",
                print_help=False,
            )
        since = parse_date_option(opts.since, "--since")
        below = parse_confidence(opts.below, "--below")
        logging.basicConfig(level=logging.WARNING, format="%(message)s")
        report = asyncio.run(_reextract(self.settings, opts.site, since, below, opts))
        if opts.json:
            print(json.dumps(report.as_json() | {"dry_run": opts.dry_run}, ensure_ascii=False))
        else:
            for line in format_report(report, dry_run=opts.dry_run):
                print(line)
        if report.stopped:
            self.exitcode = 1
            print_error("stopped before the last page; run the command again to continue")


async def _reextract(
    settings: Settings, site: str | None, since: datetime | None, below: float | None, opts: argparse.Namespace
) -> Report:
    from crawler.archive.site_of_page import SiteOfPage
    from crawler.crawl.reextract import Reextraction
    from crawler.extract.workers.pool import ExtractionPool

    folder = archive_folder(str(settings["NEWS_DB"]), str(settings["NEWS_ARCHIVE"]))
    if folder is None:
        raise UsageError("NEWS_ARCHIVE is empty; set it to the folder of the archive", print_help=False)
    profiles, problems = read_profiles(Path(str(settings["NEWS_SITES"])))
    for name, problem in problems.items():  # its pages are not extracted
        if site in (None, name):
            print_error(f"skipped: {problem}")
    excluded = ProfileSpiderLoader.from_settings(settings).with_own_reading()
    for name in sorted(excluded):
        if site in (None, name):
            print_error(f"skipped: {name}: the class of its spider reads its articles, see {docs_page('spiders')}")
    workers = settings.getint("NEWS_EXTRACT_WORKERS")
    with open_store(settings, create=False) as store:
        chosen = choose_sites([site] if site else [], store, Path(str(settings["NEWS_SITES"])))
        progress = Progress("reextract", "pages")
        pool = ExtractionPool(workers=workers, seconds=settings.getfloat("NEWS_EXTRACT_SECONDS"))
        reextraction = Reextraction(
            store,
            pool,
            SiteOfPage(profiles),
            SiteChecks(settings),
            folder,
            max_bytes=settings.getint("DOWNLOAD_MAXSIZE"),
            ahead=4 * workers,
            apply=not opts.dry_run,
            page_done=progress.advance,
            excluded=excluded,
        )
        with contextlib.closing(pool), _stopped_by_signals(reextraction), progress:
            run = reextraction.run_doubtful if opts.doubtful else reextraction.run
            return await run(next(iter(chosen), None), since, below)


@contextlib.contextmanager
def _stopped_by_signals(reextraction: Reextraction) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM stops after the pages in progress, the second one at once."""
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


def format_report(report: Report, *, dry_run: bool) -> Iterator[str]:
    """The lines of the report."""
    changed = "would change" if dry_run else "changed"
    yield f"{counted(report.articles, 'page')} extracted again, {counted(report.changed, 'article')} {changed}"
    for name, count in report.fields.most_common():
        yield f"  {name:<20}{count:>7}"
    others = {
        "unchanged": report.unchanged,
        "rejected and left unchanged": report.rejected,
        "failed and left unchanged": report.failed,
        "crawled in the meantime": report.overtaken,
    }
    yield from (f"{count} {what}" for what, count in others.items() if count)
    if report.reasons:
        counts = (f"{count} {reason.replace('_', ' ')}" for reason, count in report.reasons.most_common())
        yield f"reasons: {', '.join(counts)}"
    for example in report.examples:
        yield ""
        yield f"{shown_url(example.url)}  {example.field}"
        yield from (f"  {line}" for line in example.diff)
