"""scrapy export FILE: stored articles as CSV, JSON Lines, Parquet or SQLite."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scrapy.exceptions import UsageError

from crawler import clock
from crawler.cli.article_filter import FILTERS, check_not_empty, parse_filter
from crawler.cli.base import NewsCommand, Option, print_error, update_search_index
from crawler.cli.site_choice import choose_sites
from crawler.crawl.from_settings import open_store
from crawler.export import EDGE_COLUMNS, RELATED_COLUMNS, check_folder, export_rows, parse_columns
from crawler.export.dictionary import export_dictionary
from crawler.export.sqlite import SUFFIXES, export_database
from crawler.store import ArticleFilter, Store, StoreError
from crawler.text import counted


class Command(NewsCommand):
    """Writes to the database only what `--since-last` needs to remember."""

    usage = "[options] <file.csv | file.jsonl | file.parquet | file.db | ->"
    summary = "Export stored articles to CSV, JSON Lines, Parquet or SQLite"
    description = (
        "Write stored articles to a file, in the format of its suffix (.csv, .jsonl, .parquet, .db), or as CSV to "
        "standard output (-). An existing file is replaced only when the new one is complete."
    )
    options = (
        *FILTERS,
        Option("--columns", metavar="A,B,...", help="these columns in this order; docs/export.md lists them"),
        Option("--since-last", metavar="NAME", help="only what is new or changed since the last export of this name"),
        Option(
            "--excel", action="store_true", help="begin CSV files with the byte order mark that Excel needs for UTF-8"
        ),
        Option("--related", metavar="FILE", help="write the related articles of the exported articles to FILE"),
        Option("--story-edges", metavar="FILE", help="write which article is a copy of which to FILE"),
        Option("--dictionary", metavar="FILE", help="write a description of the columns to FILE (.md or .json)"),
    )

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the files and print their numbers of rows."""
        columns = parse_columns(opts.columns)
        for file in (*args, opts.related, opts.story_edges, opts.dictionary):
            if file and file != "-":
                check_folder(Path(file))
        if opts.dictionary:
            export_dictionary(opts.dictionary, columns)
        if not args and opts.dictionary:
            return
        if len(args) != 1:
            raise UsageError("give one file, like articles.csv, or - for standard output", print_help=False)
        assert self.settings is not None
        article_filter = parse_filter(opts)
        with open_store(self.settings, create=False) as store:
            article_filter = replace(article_filter, sites=choose_sites(opts.site, store, self.sites_folder))
            if opts.since_last is not None and store.is_read_only:
                raise StoreError(
                    f"{store.path} is read-only, and --since-last writes to it what was exported; run it as a user who "
                    "can write to it and its folder"
                )
            if opts.query is not None:
                update_search_index(store)
            with store.exports.snapshot():
                check_not_empty(store, article_filter, opts)
                changes = None
                if opts.since_last is not None:
                    parts = {"with_related": opts.related, "with_edges": opts.story_edges}
                    included = {name: bool(file) or _is_database(args[0]) for name, file in parts.items()}
                    changes = store.exports.changes_since(opts.since_last, article_filter, **included)
                count = _write(store, replace(article_filter, changes=changes), columns, args[0], opts)
            if changes is not None:
                # Last: if the process is killed before, the next export repeats these rows and misses none.
                store.exports.record_export(opts.since_last, article_filter, changes, count, clock.now())


def _write(
    store: Store, article_filter: ArticleFilter, columns: Sequence[str], target: str, opts: argparse.Namespace
) -> int:
    """Write all files and return the number of articles."""
    with_copies = replace(article_filter, with_duplicates=True, only_stories=False)
    with_stories = with_copies  # an SQLite file contains every story that its other tables refer to
    if article_filter.changes is not None:
        # An article is exported again with its changed list, which may be empty now; an edge is a row of its own.
        with_copies = replace(with_copies, changes=replace(article_filter.changes, related=None))
        article_filter = replace(article_filter, changes=replace(article_filter.changes, edges=None))
    if _is_database(target):
        if opts.excel:
            raise UsageError("--excel is only for .csv files", print_help=False)
        count = export_database(
            Path(target),
            columns,
            articles=store.exports.articles(article_filter),
            related=store.exports.related_articles(article_filter),
            stories=store.exports.stories(with_stories),
            story_edges=store.exports.story_edges(with_copies),
        )
    else:
        count = export_rows(store.exports.articles(article_filter), columns, target, excel=opts.excel)
    if target != "-":
        print(f"{counted(count, 'article')} in {target}")
    if opts.related:
        related = export_rows(
            store.exports.related_articles(article_filter), list(RELATED_COLUMNS), opts.related, excel=opts.excel
        )
        print_error(f"{counted(related, 'related article')} in {opts.related}")
    if opts.story_edges:
        edges = export_rows(
            store.exports.story_edges(with_copies), list(EDGE_COLUMNS), opts.story_edges, excel=opts.excel
        )
        print_error(f"{counted(edges, 'story edge')} in {opts.story_edges}")
    return count


def _is_database(target: str) -> bool:
    """Whether the file contains the related articles and story edges as well."""
    return Path(target).suffix.lower() in SUFFIXES
