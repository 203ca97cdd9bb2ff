"""export FILE: stored articles as Excel, CSV, JSON Lines, Parquet or SQLite."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from typing import get_args

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.article_filter import FILTERS, check_not_empty, parse_filter
from crawler.cli.base import NewsCommand, Option, print_error, update_search_index
from crawler.cli.reserved import print_tdm_note, reserved_lines
from crawler.cli.site_choice import choose_sites
from crawler.cli.terminal import Progress
from crawler.crawl.arguments import ArgumentError
from crawler.crawl.from_settings import open_store
from crawler.export import check_folder, parse_columns
from crawler.export.dictionary import export_dictionary
from crawler.exporting.request import (
    ExportRequest,
    What,
    check_request,
    check_since_last,
    has_edges,
    has_related,
    write_files,
)
from crawler.exporting.time_zone import ZoneError, local_zone, parse_zone
from crawler.home import docs_page
from crawler.profiles import read_profiles
from crawler.store import Store, StoreError
from crawler.text import counted


class Command(NewsCommand):
    """Writes to the database only what `--since-last` needs to remember."""

    usage = "[options] <file.xlsx | file.csv | file.jsonl | file.parquet | file.db | file.rss | ->"
    summary = "Export stored articles to Excel, CSV, JSON Lines, Parquet or SQLite"
    description = (
        "Write stored articles to a file, in the format of its suffix (.xlsx, .csv, .jsonl, .parquet, .db, or "
        "the feeds .rss, .atom and .json), or as CSV to standard output (-). An existing file is replaced only when "
        "the new one is complete."
    )
    options = (
        *FILTERS,
        Option("--what", choices=get_args(What), default="articles", help="the rows: articles (default), related "
               "articles, or stories"),
        Option("--columns", metavar="A,B,...", help=f"these columns in this order; {docs_page('export')} lists them"),
        Option("--since-last", metavar="NAME", help="only what is new or changed since the last export of this name"),
        Option("--plain", action="store_true", help="CSV for programs: one line a row, times as in ISO 8601, no byte "
               "order mark"),
        Option("--timezone", metavar="ZONE", help="of the times in .xlsx files, like Asia/Damascus; the default is "
               "that of this computer"),
        Option("--related", metavar="FILE", help="write the related articles of the exported articles to FILE"),
        Option("--story-edges", metavar="FILE", help="write which article is a copy of which to FILE"),
        Option("--opml", metavar="FILE", help="write the feeds of the sites to FILE (.opml), for a feed reader"),
        Option("--dictionary", metavar="FILE", help="write a description of the columns to FILE (.md or .json)"),
    )  # fmt: skip

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files and print their numbers of rows."""
        columns = parse_columns(opts.columns)
        for file in (*args, opts.related, opts.story_edges, opts.dictionary, opts.opml):
            if file and file != "-":
                check_folder(Path(file))
        if opts.dictionary:
            export_dictionary(opts.dictionary, columns)
        if opts.opml:
            self._export_opml(opts.opml, opts.site)
        if not args and (opts.dictionary or opts.opml):
            return
        if len(args) != 1:
            raise UsageError("give one file, like articles.csv, or - for standard output", print_help=False)
        request = ExportRequest(
            target=args[0],
            what=opts.what,
            article_filter=parse_filter(opts),
            columns=columns if opts.columns is not None else None,
            plain=opts.plain,
            zone=_zone(opts.timezone),
            related=opts.related,
            story_edges=opts.story_edges,
            sites=read_profiles(self.sites_folder)[0],
        )
        check_request(request)
        if opts.since_last is not None:
            check_since_last(request)
        assert self.settings is not None
        with open_store(self.settings, create=False) as store:
            sites = choose_sites(opts.site, store, self.sites_folder)
            request = replace(request, article_filter=replace(request.article_filter, sites=sites))
            if opts.since_last is not None and store.is_read_only:
                raise StoreError(
                    f"{store.path} is read-only, and --since-last writes to it what was exported; run it as a user who "
                    "can write to it and its folder"
                )
            if opts.query is not None:
                update_search_index(store)
            _export(store, request, opts)
            print_tdm_note(opts.usage, self.settings)

    def _export_opml(self, target: str, names: list[str]) -> None:
        """Write the feeds of the sites, or of some. Sites with another channel alone are named."""
        from crawler.export.opml import OpmlFeed, export_opml

        profiles, _ = read_profiles(self.sites_folder)
        chosen = [
            profiles[name] for name in choose_sites(names, None, self.sites_folder) or profiles if name in profiles
        ]
        feeds = [
            OpmlFeed(profile.title, url, profile.url, profile.language) for profile in chosen for url in profile.feeds
        ]
        export_opml(target, feeds, clock.now())
        print(f"{counted(len(feeds), 'feed')} in {target}")
        if without := [profile.name for profile in chosen if not profile.feeds]:
            print_error(f"without a feed, and not in the list: {', '.join(without)}")


def _zone(name: str | None) -> tzinfo:
    try:
        return parse_zone(name) if name is not None else local_zone()
    except ZoneError as error:
        raise ArgumentError(f"--timezone {name}: {error}") from error


def _export(store: Store, request: ExportRequest, opts: argparse.Namespace) -> None:
    article_filter, changes = request.article_filter, None
    with store.exports.snapshot():
        check_not_empty(store, article_filter, opts)
        reserved = reserved_lines(store, article_filter)
        if opts.since_last is not None:
            changes = store.exports.changes_since(
                opts.since_last, article_filter, with_related=has_related(request), with_edges=has_edges(request)
            )
            request = replace(request, article_filter=replace(article_filter, changes=changes))
        with Progress("export", "rows") as progress:
            to_terminal = request.target == "-" and sys.stdout.isatty()
            first, *others = write_files(store, request, iter if to_terminal else progress.track)
    if request.target != "-":
        print(first)
    for line in (*map(str, others), *reserved):
        print_error(line)
    if changes is not None:
        # Last: if the process is killed before, the next export repeats these rows and misses none.
        store.exports.record_export(opts.since_last, article_filter, changes, first.rows, clock.now())
